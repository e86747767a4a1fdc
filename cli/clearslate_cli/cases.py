"""Law cases as spreadsheets, for lawyers who write no TOML; and whether the cases hold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from clearslate.errors import OutputError, PolicyError, UsageError
from clearslate_cli import catalog, page, signals
from clearslate_cli.exits import DONE, REJECTED
from clearslate_cli.options import AsJson, ReformId
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from clearslate.testing.cases import CaseEntry, LawCase

app = typer.Typer(help="Edit law cases as a spreadsheet; see which hold.", rich_markup_mode=None)

Sources = Annotated[list[Path], typer.Argument(metavar="DIR|FILE", help="Case files (.toml), or folders of them.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there already.")]


@app.callback(invoke_without_command=True)
def cases(context: typer.Context) -> Reply | None:
    """Edit law cases as a spreadsheet, and see which of them hold."""
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=2)
    return None


@app.command("export")
def export(
    sources: Sources,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The .csv or .xlsx file to write.")],
    overwrite: Overwrite = False,
) -> Reply:
    """Write law cases into a spreadsheet.

    Nothing of a case is lost. Comments of the case files are not in the sheet; an import over the same files keeps
    them.
    """
    from clearslate.testing import sheets

    if output.suffix.lower() not in sheets.SUFFIXES:
        raise UsageError(f"--output takes a .csv or .xlsx file; [{output.name}] was given")
    if output.exists() and not overwrite:
        raise OutputError(f"file [{output.name}] is there already; say --overwrite, or name another --output")
    found = sheets.load(sources)
    data = sheets.to_bytes(found, output.suffix.lower())
    _write({output: data})
    files = sheets.by_file(found)
    rows = [("cases", f"{len(found):,}"), ("case files", f"{len(files):,}"), ("sheet", str(output))]
    return Reply(page.table(("", ""), rows, fixed=(0,)), _left_behind(sources), made=f"the sheet is in [{output}]")


def _left_behind(sources: Sequence[Path]) -> tuple[str, ...]:
    """A note for each case file with comments, which no sheet holds."""
    from clearslate.testing.sheets.merging import comment_lines

    notes = []
    for source in sources:
        files = sorted(source.glob("*.toml")) if source.is_dir() else [source]
        for file in files:
            number = len(comment_lines(file.read_text("utf-8"))) if file.suffix.lower() == ".toml" else 0
            if number:
                notes.append(
                    f"[{file.name}] has {page.counted(number, 'comment')}, which the sheet has not; import it over the "
                    "same file to keep those of cases that do not change"
                )
    return tuple(notes)


class _Change(NamedTuple):
    """What an import does to one case file; ``data`` None leaves it as it is."""

    path: Path
    cases: int
    new: int
    changed: int
    gone: int
    exists: bool
    data: bytes | None
    lost: tuple[int, ...]

    @property
    def said(self) -> str:
        """What is done, in words."""
        if self.data is None:
            return "as it was"
        if not self.exists:
            return "new"
        counts = ((self.new, "new"), (self.changed, "changed"), (self.gone, "gone"))
        return ", ".join(f"{number:,} {word}" for number, word in counts if number) or "in another order"


@app.command("import")
def import_(
    sheet: Annotated[Path, typer.Argument(metavar="FILE", help="The .csv or .xlsx file.")],
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR|FILE.toml", help="The folder of the case files, or the only file.")
    ],
    overwrite: Overwrite = False,
) -> Reply:
    """Write case files from a spreadsheet.

    A case that did not change keeps its text to the letter, with its comments; a file in which none changed is left
    alone.
    """
    from clearslate.testing import sheets

    if sheet.suffix.lower() not in sheets.SUFFIXES:
        raise UsageError(f"a sheet's name ends in .csv or .xlsx; [{sheet.name}] was given")
    files = sheets.by_file(sheets.read_sheet(sheet))
    targets = _targets(files, output)
    changes = [_change(path, [case.entry for case in files[name]]) for name, path in targets.items()]
    notes = _beside(output, files) if output.suffix.lower() != ".toml" else ()
    if not overwrite:
        _refuse(changes)
    _write({change.path: change.data for change in changes if change.data is not None})
    rows = [(change.path.name, f"{change.cases:,}", change.said) for change in changes]
    notes += tuple(
        f"[{change.path.name}]: the comments that stood in {_lines(change.lost)} are gone with the text that changed"
        for change in changes
        if change.lost
    )
    table = page.table(("Case file", "Cases", "What was done"), rows, right=(1,))
    return Reply(table, notes, made=f"the case files are in [{output}]")


def _targets(files: Mapping[str, Any], output: Path) -> dict[str, Path]:
    """Where each case file goes."""
    if output.suffix.lower() != ".toml":
        if output.exists() and not output.is_dir():
            raise UsageError(f"--output takes a folder or a .toml file; [{output.name}] was given")
        return {name: output / name for name in files}
    if len(files) > 1:
        names = ", ".join(files)
        raise UsageError(f"the sheet has several case files: {names}; name a folder as --output")
    return dict.fromkeys(files, output)


def _change(path: Path, entries: list[CaseEntry]) -> _Change:
    from clearslate.testing.cases import read_cases
    from clearslate.testing.sheets.merging import merged
    from clearslate.testing.sheets.toml import file_text

    if not path.exists():
        return _Change(path, len(entries), len(entries), 0, 0, False, file_text(entries).encode(), ())
    try:
        raw = path.read_bytes()
        old = raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"case file [{path.name}] cannot be read; move it elsewhere") from error
    made = merged(path.name, old, entries)
    try:
        were = {case.id: case.entry for case in read_cases(path.name, old)}
    except PolicyError:
        were = {}
    are = {entry.id: entry for entry in entries}
    text = made.text.replace("\n", "\r\n") if "\r\n" in old else made.text
    return _Change(
        path=path,
        cases=len(entries),
        new=len(set(are) - set(were)),
        changed=sum(was != are[id] for id, was in were.items() if id in are),
        gone=len(set(were) - set(are)),
        exists=True,
        data=None if text == old else text.encode(),
        lost=made.lost,
    )


def _refuse(changes: Iterable[_Change]) -> None:
    """Raise OutputError where a file that is there would change."""
    for change in changes:
        if change.exists and change.data is not None:
            lost = f", and the comments in {_lines(change.lost)} would be lost" if change.lost else ""
            raise OutputError(
                f"case file [{change.path.name}] is there already: {change.said}{lost}; say --overwrite, or name "
                "another --output"
            )


def _beside(folder: Path, files: Mapping[str, Sequence[LawCase]]) -> tuple[str, ...]:
    """A note for each case file of the folder that the sheet lacks; raise PolicyError where it has one of its ids."""
    from clearslate.testing.sheets import load

    others = sorted(path for path in folder.glob("*.toml") if path.name not in files) if folder.is_dir() else []
    mine = {case.id for cases in files.values() for case in cases}
    for case in load(others):
        if case.id in mine:
            raise PolicyError(
                f"case id [{case.id}] stands in [{case.file}] too, which the sheet lacks; give one another"
            )
    return tuple(f"[{path.name}] of the folder is not in the sheet and stays as it is" for path in others)


def _lines(numbers: Sequence[int]) -> str:
    return f"line{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"


def _write(files: Mapping[Path, bytes]) -> None:
    """Write every file whole: beside its place first, so that none is ever half written."""
    from tempfile import TemporaryDirectory

    signals.unwind()
    for folder in {path.parent for path in files}:
        here = {path: data for path, data in files.items() if path.parent == folder}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(prefix=".clearslate.partial-", dir=folder) as staging:
                made = {path: Path(staging, path.name) for path in here}
                for path, data in here.items():
                    made[path].write_bytes(data)
                    if path.exists():
                        made[path].chmod(path.stat().st_mode & 0o777)
                for path, partial in made.items():
                    os.replace(partial, path)  # noqa: PTH105 - says what it does
        except OSError as error:
            raise OutputError(f"folder [{folder.name}] cannot be written; check folder and disk") from error


@app.command("run")
def run(
    sources: Annotated[
        list[Path], typer.Argument(metavar="DIR|FILE", help="Case files (.toml), folders of them, or sheets.")
    ],
    reform: ReformId = None,
    as_json: AsJson = False,
) -> Reply:
    """See which law cases hold under a reform.

    Each case that does not is shown with the rules as they were walked. The exit code is 1 where one does not.
    """
    from clearslate.testing import sheets
    from clearslate_cli.settings import read_settings

    owner = catalog.find_reform(catalog.registry(), read_settings(reform=reform).reform)
    found = sheets.load(sources)
    sheets.check_ids(found)
    wrong = {case.id: said for case in found if (said := _failure(owner, case)) is not None}
    code = REJECTED if wrong else DONE
    if as_json:
        told = [
            {
                "id": case.id,
                "file": case.file,
                "name": case.name,
                "holds": case.id not in wrong,
                "said": wrong.get(case.id),
            }
            for case in found
        ]
        return Reply(page.as_json(told), code=code)
    total = f"{page.counted(len(found), 'law case')}: {len(found) - len(wrong):,} hold, {len(wrong):,} do not."
    return Reply("\n\n".join([*(_folded(said) for said in wrong.values()), total]), code=code)


def _failure(reform: Any, case: LawCase) -> str | None:
    from clearslate.testing.cases import check_case

    try:
        check_case(reform, case)
    except (AssertionError, PolicyError) as error:
        return str(error)
    return None


def _folded(text: str) -> str:
    lines = []
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        lines.append(page.wrapped(line.strip(), indent, f"{indent}  "))
    return "\n".join(lines)
