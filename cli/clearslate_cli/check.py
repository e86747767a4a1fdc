"""``clearslate check``: the promises of a plugin, tried from the command line, and what it still lacks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import ClearslateError, ConformanceError, UsageError
from clearslate_cli import catalog, page
from clearslate_cli.exits import DONE, REJECTED
from clearslate_cli.options import AsJson, AsOf, Identity, MappingFile
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    import datetime as dt

    from clearslate.ingest.reader import RecordReader
    from clearslate.policy.reform import Reform
    from clearslate.registry import Kind, Registry
    from clearslate.testing.outstanding import Outstanding, Topic
    from clearslate.testing.reading import Tried

app = typer.Typer(help="Try the promises of a reform or a reader.", rich_markup_mode=None, no_args_is_help=False)

SHOWN = 12
"""How many things of a kind are listed, without --all."""

All = Annotated[bool, typer.Option("--all", help=f"List everything, not only the first {SHOWN} of a kind.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 when something is still to be supplied.")]


@app.callback(invoke_without_command=True)
def check(context: typer.Context) -> Reply | None:
    """Try the promises of a reform or a reader, and list what must still be supplied."""
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=2)
    return None


@app.command("reform")
def reform(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The reform; see `clearslate reforms`.")],
    cases: Annotated[
        str | None,
        typer.Option("--cases", metavar="DIR", help="Its law cases; tests/cases of its project if not said."),
    ] = None,
    examples: Annotated[
        int, typer.Option("--examples", metavar="N", help="How many invented records each promise is tried on.")
    ] = 50,
    as_of: AsOf = None,
    everything: All = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> Reply:
    """Try every promise on a reform, and list what a lawyer and a developer must each still supply.

    Exits with 9 where a promise is broken. It needs the extra testing: pip install "clearslate[testing]".
    """
    _check_extra()
    if examples < 1:
        raise UsageError(f"--examples takes a number from 1; [{examples}] was given")
    day = _day(as_of)
    from clearslate.testing.cases import load_cases
    from clearslate.testing.conformance import check_reform
    from clearslate.testing.outstanding import Outstanding, outstanding

    known = catalog.registry()
    one = known.reform(name)
    supplier = known.supplier("reform", name)
    package = _package(known, "reform", name)
    project = _project(known, "reform", name, package)
    folder = _cases_folder(name, cases, project)
    listed = load_cases(folder)
    broken: tuple[str, ...] = ()
    try:
        with _hypothesis_elsewhere():
            check_reform(one, listed, examples=examples)
    except ConformanceError as error:
        broken = _lines(error)
    own = [id for id in known.writers if known.supplier("writer", id).distribution == supplier.distribution]
    try:
        lacking = outstanding(
            one, listed, _texts(project or package), as_of=day, readers=list(known.readers), writers=own
        )
    except ClearslateError:
        # A policy that does not compile is among the promises broken.
        lacking = Outstanding((), ())
    code = ConformanceError.exit_code if broken else REJECTED if strict and lacking else DONE
    if as_json:
        value = {
            "reform": name,
            "title": one.about.title,
            "supplier": str(supplier),
            "cases": len(listed),
            "examples": examples,
            "kept": not broken,
            "broken": list(broken),
            **_described(lacking),
        }
        return Reply(page.as_json(value), code=code)
    tried = f"{page.counted(len(listed), 'law case')}, {examples} invented records for each promise"
    heading = _heading(name, one.about.title, f"from {supplier}; {tried}")
    return Reply("\n\n".join([heading, *_report(broken, lacking, everything)]), _note("reform", name, broken), code)


@app.command("reader")
def reader(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source format; see `clearslate formats`.")],
    inputs: Annotated[list[str], typer.Option("--input", metavar="FILE", help="A file that it reads; several may be.")],
    reforms: Annotated[
        list[str] | None,
        typer.Option("--reform", metavar="ID", help="A reform to decide by; all that read the format if not said."),
    ] = None,
    mapping: MappingFile = None,
    tries: Annotated[int, typer.Option("--tries", metavar="N", help="How many cells are blanked at most.")] = 300,
    as_of: AsOf = None,
    identity: Identity = None,
    everything: All = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> Reply:
    """Try every promise of a reader on a file: it adds up, says where its facts stand, and a blank grants nothing.

    Cells are blanked one by one, in memory, and decided anew by the reforms that read the format; none may grant more.
    Exits with 9 where a promise is broken.
    """
    if tries < 1:
        raise UsageError(f"--tries takes a number from 1; [{tries}] was given")
    day = _day(as_of)
    from clearslate.testing.reading import check_reader
    from clearslate_cli.sources import opened

    known = catalog.registry()
    one = catalog.find_reader(known, name, mapping)
    if reforms is not None:
        chosen = [known.reform(id) for id in dict.fromkeys(reforms)]
    else:
        # A table is read for any of them.
        chosen = [each for each in known.reforms.values() if mapping is not None or name in each.about.readers]
    broken: tuple[str, ...] = ()
    tried: Tried | None = None
    with opened([Path(file) for file in inputs], identity) as sources:
        try:
            tried = check_reader(one, sources, chosen, as_of=day, tries=tries)
        except ConformanceError as error:
            broken = _lines(error)
    lacking = _lacking(known, one, chosen, tried)
    code = ConformanceError.exit_code if broken else REJECTED if strict and lacking else DONE
    if as_json:
        value = {
            "reader": one.id,
            "title": one.title,
            "supplier": str(known.supplier("reader", one.id)),
            "kept": not broken,
            "broken": list(broken),
            "tried": None if tried is None else _figures(tried, chosen),
            **_described(lacking),
        }
        return Reply(page.as_json(value), code=code)
    parts = [_heading(one.id, one.title, f"from {known.supplier('reader', one.id)}")]
    if tried is not None:
        rows = [(f"  {what.replace('_', ' ')}", _spoken(value)) for what, value in _figures(tried, chosen).items()]
        parts.append(page.table(("", ""), rows, fixed=(0,)))
    return Reply("\n\n".join([*parts, *_report(broken, lacking, everything)]), _note("reader", one.id, broken), code)


# What is found -----------------------------------------------------------------------------------


def _check_extra() -> None:
    from importlib.util import find_spec

    if find_spec("hypothesis") is None:
        raise UsageError(
            'the check of a reform needs the extra testing; install it: python -m pip install "clearslate[testing]"'
        )


@contextlib.contextmanager
def _hypothesis_elsewhere() -> Iterator[None]:
    """Keep hypothesis from leaving a folder of its own in the working folder."""
    from tempfile import TemporaryDirectory

    from hypothesis.configuration import set_hypothesis_home_dir

    with TemporaryDirectory(prefix="clearslate-check-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def _day(text: str | None) -> dt.date:
    from clearslate_cli.clock import today
    from clearslate_cli.settings import read_day

    if text is None:
        return today()
    try:
        return read_day(text)
    except ValueError as error:
        raise UsageError(f"--as-of: {error}") from error


def _package(known: Registry, kind: Kind, name: str) -> Path | None:
    """The folder of the package whose plugin gives the object; None where no entry point leads to one."""
    import sys
    from importlib import metadata

    from clearslate.hookspecs import PROJECT

    distribution = known.supplier(kind, name).distribution
    for entry in metadata.entry_points(group=PROJECT):
        module = sys.modules.get(entry.module)
        gives = getattr(module, f"{PROJECT}_{kind}s", None)
        if gives is None or entry.dist is None or entry.dist.name != distribution:
            continue
        if name in [one.about.id if kind == "reform" else one.id for one in gives()]:
            top = sys.modules.get(entry.module.partition(".")[0])
            return None if top is None or top.__file__ is None else Path(top.__file__).parent
    return None


def _project(known: Registry, kind: Kind, name: str, package: Path | None) -> Path | None:
    """The project that a plugin is installed from, or the one of the working folder where that is the plugin's."""
    import tomllib

    from clearslate.hookspecs import PROJECT

    if package is not None and package.parent.name == "src" and (package.parents[1] / "pyproject.toml").is_file():
        return package.parents[1]
    try:
        project = tomllib.loads(Path("pyproject.toml").read_text("utf-8")).get("project", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    distribution = known.supplier(kind, name).distribution.lower()
    same = str(project.get("name", "")).lower().replace("_", "-") == distribution != PROJECT
    return Path() if same or name in project.get("entry-points", {}).get(PROJECT, {}) else None


def _cases_folder(name: str, said: str | None, project: Path | None) -> Path:
    if said is not None:
        if not Path(said).is_dir():
            raise UsageError(f"--cases: there is no folder [{said}]; name the folder of the law cases")
        return Path(said)
    folder = None if project is None else project / "tests" / "cases"
    if folder is None or not folder.is_dir():
        raise UsageError(f"no law cases of [{name}] were found; run this in its project's folder, or say --cases DIR")
    return folder


def _texts(folder: Path | None) -> dict[str, str]:
    """The files of the project, or of the installed package where there is none."""
    from clearslate.testing.outstanding import texts_of

    return {} if folder is None else texts_of(folder)


def _lacking(known: Registry, one: RecordReader, reforms: Sequence[Reform], tried: Tried | None) -> Outstanding:
    """What a developer must still supply for a reader."""
    from clearslate.ingest.examine import Examiner
    from clearslate.policy.facts import FACT_WORDS
    from clearslate.testing.outstanding import Outstanding, Topic, marks

    package = _package(known, "reader", one.id)
    texts = _texts(_project(known, "reader", one.id, package) or package)
    marked = [str(mark) for mark in marks(texts) if mark.role == "developer"]
    unstated = () if tried is None else tried.unstated
    more = [
        (not reforms, "no installed reform decides its records; name it in a reform's readers"),
        (tried is not None and tried.not_blanked, f"no cell was blanked: {tried.not_blanked if tried else ''}"),
        (not isinstance(one, Examiner), "it has no examine, so clearslate doctor cannot look at its files"),
        (not hasattr(one, "synthesize"), "it has no synthesize, so clearslate synth makes no invented file of it"),
    ]
    topics = (
        Topic("marks", "Places marked TODO(developer)", tuple(marked)),
        Topic("facts", "Facts that its cells name no column for", tuple(f"{f}: {FACT_WORDS[f]}" for f in unstated)),
        Topic("more", "What it cannot do yet", tuple(words for lacks, words in more if lacks)),
    )
    return Outstanding((), tuple(topic for topic in topics if topic.points))


# How it is said ------------------------------------------------------------------------------------


def _lines(error: ConformanceError) -> tuple[str, ...]:
    """The promises broken, each with the lines that explain it."""
    return tuple(str(error).split("\n- ")[1:])


def _note(kind: str, name: str, broken: Sequence[str]) -> tuple[str, ...]:
    if not broken:
        return ()
    return (f"{kind} [{name}] breaks {page.counted(len(broken), 'promise')}; each stands in the report",)


def _heading(name: str, title: str, more: str) -> str:
    return "\n".join((page.wrapped(f"{name}: {title}", "", "  "), page.wrapped(more, "  ")))


def _described(lacking: Outstanding) -> dict[str, Any]:
    return {
        role: [{"id": topic.id, "title": topic.title, "points": list(topic.points)} for topic in topics]
        for role, topics in (("lawyer", lacking.lawyer), ("developer", lacking.developer))
    }


def _figures(tried: Tried, chosen: Sequence[Reform]) -> dict[str, Any]:
    return {
        "rows_read": tried.rows_read,
        "rows_used": tried.rows_used,
        "rows_repeated": tried.rows_repeated,
        "rows_rejected": tried.rows_rejected,
        "people": tried.people,
        "convictions": tried.convictions,
        "cells_blanked": tried.blanked,
        "decided_by": [each.about.id for each in chosen],
    }


def _spoken(value: Any) -> str:
    return ", ".join(value) or "no reform" if isinstance(value, list) else f"{value:,}"


def _report(broken: Sequence[str], lacking: Outstanding, everything: bool) -> Iterator[str]:
    if broken:
        yield "PROMISES BROKEN"
        yield "\n".join(_problem(problem) for problem in broken)
    else:
        yield "EVERY PROMISE IS KEPT"
    for who, topics in (("A LAWYER", lacking.lawyer), ("A DEVELOPER", lacking.developer)):
        if topics:
            yield f"{who} MUST STILL SUPPLY OR LOOK AT"
            yield from (_topic(topic, everything) for topic in topics)


def _problem(problem: str) -> str:
    first, *rest = problem.splitlines()
    lines = [page.wrapped(first, "  - ", "    ")]
    lines += [page.wrapped(line.strip(), " " * (len(line) - len(line.lstrip()) + 2)) for line in rest if line.strip()]
    return "\n".join(lines)


def _topic(topic: Topic, everything: bool) -> str:
    shown = topic.points if everything else topic.points[:SHOWN]
    lines = [f"  {topic.title}: {len(topic.points):,}"]
    lines += [page.wrapped(point, "  - ", "    ") for point in shown]
    if len(shown) < len(topic.points):
        lines.append(f"    and {len(topic.points) - len(shown):,} more; --all lists them")
    return "\n".join(lines)
