"""``clearslate new``: the project of a new plugin, whole and working, for law and records to be put in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearslate.errors import OutputError, UsageError
from clearslate_cli import catalog, page, signals
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    from clearslate.registry import Registry
    from clearslate.testing.scaffold import Kind, Names

app = typer.Typer(help="Write the project of a new plugin.", rich_markup_mode=None, no_args_is_help=False)

Output = Annotated[
    str | None,
    typer.Option("--output", metavar="DIR", help="The folder to make; clearslate-NAME if not said."),
]


@app.callback(invoke_without_command=True)
def new(context: typer.Context) -> Reply | None:
    """Write the project of a new plugin."""
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=2)
    return None


@app.command("reform")
def reform(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The reform's id, its jurisdiction first: tx_deferred.")],
    output: Output = None,
    reader: Annotated[
        list[str] | None,
        typer.Option("--reader", metavar="ID", help="A source format that it decides; the jurisdiction's if not said."),
    ] = None,
    as_json: AsJson = False,
) -> Reply:
    """Write the project of a new reform: policy, cases, tests and settings, all of it working.

    The law in it is that of an invented state, with every key of the files explained in comments. What a lawyer and a
    developer must put in its place is marked TODO(lawyer) and TODO(developer); `clearslate check reform NAME` lists it.
    """
    from clearslate.testing.scaffold import Names

    known = catalog.registry()
    _check_name("reform", name, known)
    readers = tuple(dict.fromkeys(reader)) if reader else _readers(known, Names(name).jurisdiction)
    for id in readers:
        _check_identifier(id)
    suppliers = [known.supplier("reader", id).distribution for id in readers if id in known.readers]
    names = Names(name, readers, tuple(suppliers))
    folder, files = _write("reform", names, output)
    steps = [
        f"cd {folder}",
        "python -m pip install --editable . --group test",
        "python -m pytest",
        f"clearslate check reform {name}",
    ]
    missing = [id for id in readers if id not in known.readers]
    notes = tuple(
        f"no installed plugin reads [{id}] yet; clearslate new reader {id} writes one, and --mapping reads any table"
        for id in missing
    )
    return _reply(folder, files, steps, notes, as_json)


@app.command("reader")
def reader(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The format's id, its jurisdiction first: tx_courts.")],
    output: Output = None,
    as_json: AsJson = False,
) -> Reply:
    """Write the project of a new reader: columns, cells, persons, a sample of invented people and tests, all working.

    The format in it is invented. What a developer must put in its place is marked TODO(developer).
    """
    from clearslate.testing.scaffold import Names

    known = catalog.registry()
    _check_name("reader", name, known)
    folder, files = _write("reader", Names(name), output)
    steps = [
        f"cd {folder}",
        "python -m pip install --editable . --group test",
        "python -m pytest",
        f"clearslate check reader {name} --input sample/records.csv",
    ]
    return _reply(folder, files, steps, (), as_json)


def _check_name(kind: Kind, name: str, known: Registry) -> None:
    """Raise UsageError for a name that will not do, or that something installed has already."""
    from importlib import metadata
    from importlib.util import find_spec

    from clearslate.hookspecs import PROJECT
    from clearslate.testing.scaffold import Names, name_problem

    problem = name_problem(name)
    if problem is not None:
        raise UsageError(f"the name of a {kind} {problem}; [{name}] was given")
    for what, taken in (("reform", known.reforms), ("reader", known.readers), ("writer", known.writers)):
        if name in taken:
            raise UsageError(f"[{name}] is taken by an installed {what}; choose another name, or uninstall its plugin")
    names = Names(name)
    if name in metadata.entry_points(group=PROJECT).names:
        raise UsageError(f"[{name}] is taken by an installed plugin; choose another name, or uninstall it")
    if find_spec(names.package) is not None:
        raise UsageError(f"there is a package [{names.package}] already; choose another name, or uninstall it")


def _check_identifier(id: str) -> None:
    import re

    if not re.fullmatch(r"[a-z][a-z0-9_]*", id):
        raise UsageError(f"--reader takes the id of a source format, such as tx_courts; [{id}] was given")


def _readers(known: Registry, jurisdiction: str) -> tuple[str, ...]:
    """The installed formats of the jurisdiction, or else the one that it will have."""
    return tuple(id for id in known.readers if id.startswith(f"{jurisdiction}_")) or (f"{jurisdiction}_records",)


def _write(kind: Kind, names: Names, output: str | None) -> tuple[Path, list[str]]:
    """Write the project, all of it or nothing; give its folder and its files. Raises OutputError."""
    import os
    from tempfile import TemporaryDirectory

    from clearslate.testing.scaffold import project, write

    folder = Path(names.distribution if output is None else output)
    if os.path.lexists(folder):
        raise OutputError(f"folder [{folder}] is there already; remove it or name another --output")
    if not folder.parent.is_dir():
        raise OutputError(f"folder [{folder.parent}] does not exist; make it, or name another --output")
    files = project(kind, names)
    signals.unwind()
    try:
        # In a folder of its own first, so that a full disk or Ctrl-C leaves no project that looks whole.
        with TemporaryDirectory(prefix=f".{folder.name}.partial-", dir=folder.parent) as staging:
            made = Path(staging, "project")
            made.mkdir()
            write(files, made)
            made.rename(folder)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(f"folder [{folder}] cannot be written: {reason}; name another --output") from error
    return folder, list(files)


def _reply(folder: Path, files: list[str], steps: list[str], notes: tuple[str, ...], as_json: bool) -> Reply:
    made = f"the project is in [{folder}]"
    if as_json:
        return Reply(page.as_json({"folder": str(folder), "files": files, "next": steps}), notes, made=made)
    parts = [
        f"{folder}: {page.counted(len(files), 'file')}",
        "\n".join(f"  {file}" for file in files),
        "What comes next:",
        "\n".join(f"  {step}" for step in steps),
    ]
    return Reply("\n\n".join(parts), notes, made=made)
