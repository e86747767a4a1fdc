"""``clearslate decisions``: what a run decided goes to a reviewer as a table, and comes back with attorneys' words."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearslate.errors import UsageError, did_you_mean
from clearslate_cli import catalog, page
from clearslate_cli.changing import changing
from clearslate_cli.clock import today
from clearslate_cli.exits import DONE, REJECTED
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply
from clearslate_cli.tracked import Strict, written
from clearslate_cli.vaulted import Way, actor, at_work, on_vault

if TYPE_CHECKING:
    from clearslate.assess.word_table import Heard

app = typer.Typer(
    help="Give decisions to a reviewer, and take in what attorneys say of them.",
    rich_markup_mode=None,
    no_args_is_help=False,
)
REPORT = ("row", "problem", "what_to_do")


@app.callback(invoke_without_command=True)
def decisions(context: typer.Context) -> Reply | None:
    """Give decisions to a reviewer, and take in what attorneys say: settled, overruled, objected to."""
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=2)
    return None


@app.command("export")
@on_vault
def export(
    output: Annotated[Path, typer.Option("--output", metavar="FILE.csv", help="The file to make.")],
    run: Annotated[int | None, typer.Option("--run", metavar="N", help="The run; the last one if not said.")] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome", metavar="OUTCOME", help="Decisions of this outcome; several may be said; review if none is."
        ),
    ] = None,
    *,
    way: Way,
) -> Reply:
    """Write the decisions of a run as a table for a reviewer, a row for each charge, or route of a charge.

    The last columns are the reviewer's: word (settle, overrule, object or withdraw), new_outcome, new_relief, ground,
    said_by and said_on. Filled in, the table comes back with [clearslate decisions import].
    """
    from clearslate.assess.word_table import COLUMNS, rows
    from clearslate.policy.determination import Outcome
    from clearslate.vault.audit import Event
    from clearslate_cli.kept_run import chosen

    known = [one.value for one in Outcome]
    asked = [one.strip().lower() for one in outcome or ("review",)]
    for one in asked:
        if one not in known:
            raise UsageError(f"--outcome [{one}] is none{did_you_mean(one, known)}")
    with written(output, COLUMNS) as sheet, at_work(way, Event.DECISIONS_EXPORTED) as (opened, operation):
        assert sheet is not None
        number = chosen(opened.store, run)
        sheet.write(rows(opened.store, number, asked))
        operation.counts.update(run=number, rows=sheet.rows)
        opened.settle(operation)
    notes = ("the file is plaintext; keep it on an encrypted disk and delete it when done",)
    text = page.wrapped(
        f"{page.counted(sheet.rows, 'row')} of run {number} ({', '.join(asked)}) in [{output}]. Fill in the last "
        "columns and bring it back: clearslate decisions import FILE.csv"
    )
    return Reply(text, notes, made=f"the decisions are in [{output}]")


@app.command("import")
@on_vault
def take_in(
    table: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The table that was exported, filled in.")],
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.csv", help="Where to list rows that are left over, by number."),
    ] = None,
    strict: Strict = False,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Take in what attorneys say of decisions: settled, overruled, objected to, or taken back.

    A word decides from the next run on, in everything that run writes, for as long as the facts behind it stay the
    same; where they change the charge is for review again. A row that is no word is left over and listed by its
    number; the rest goes on. The same file again changes nothing.
    """
    from clearslate.assess.word_table import By, take_in
    from clearslate.ingest.sheet import read_sheet
    from clearslate.track.sheet import sheet
    from clearslate.vault.audit import Event

    given = read_sheet(table)
    listed = report if report is not None else table.with_name(f"{table.stem}-left-over.csv")
    with (
        changing(way, Event.DECISIONS_IMPORTED, "the words are taken in") as (opened, operation),
        contextlib.ExitStack() as stack,
    ):

        def settle(heard: Heard) -> None:
            operation.counts.update(heard.counts())
            if heard.left_over:
                writing = stack.enter_context(sheet(listed, REPORT, replaces=True))
                writing.write((str(one.row), *one[1:]) for one in heard.left_over)

        by = By(actor().who, opened.stamp(), today())
        heard = take_in(opened.store, given, lambda id: catalog.registry().reform(id).about, by, settle)
    notes: tuple[str, ...] = ()
    if heard.left_over:
        left = page.counted(len(heard.left_over), "row was", "rows were")
        notes = (f"{left} left over; [{listed}] lists them by number, with what to do",)
    text = page.as_json(heard.counts()) if as_json else _said(heard)
    return Reply(text, notes, REJECTED if strict and heard.left_over else DONE, "the words are taken in")


def _said(heard: Heard) -> str:
    rows = [
        ("Rows", f"{heard.rows:,}"),
        ("  without a word", f"{heard.blank:,}"),
        ("  settled", f"{heard.kinds['settle']:,}"),
        ("  overruled", f"{heard.kinds['overrule']:,}"),
        ("  objected to", f"{heard.kinds['object']:,}"),
        ("  taken back", f"{heard.kinds['withdraw']:,}"),
        ("  known already", f"{heard.repeated:,}"),
        ("  left over", f"{len(heard.left_over):,}"),
    ]
    parts = [page.table(("", ""), rows, right=(1,))]
    if heard.taken:
        parts.append(
            page.wrapped("They decide from the next run on; decide again with the same law and policy: clearslate run")
        )
    return "\n\n".join(parts)
