"""``clearslate track``: each granted charge followed until the state's record shows it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import UsageError
from clearslate_cli import page, track_verify
from clearslate_cli.changing import changing
from clearslate_cli.clock import today
from clearslate_cli.exits import DONE, REJECTED
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply
from clearslate_cli.tracked import (
    AsOfDay,
    On,
    RunNumber,
    Strict,
    clocks_of_run,
    day_of,
    noted_by,
    past_day,
    reform_of,
    short,
    state_named,
    written,
)
from clearslate_cli.vaulted import Way, at_work, on_vault

if TYPE_CHECKING:
    from clearslate.track.book import Account, Mark
    from clearslate.track.case import Case
    from clearslate.vault.vault import Vault

app = typer.Typer(
    help="Follow each granted charge until the state's record shows it.", rich_markup_mode=None, no_args_is_help=False
)


@app.callback(invoke_without_command=True)
def track(context: typer.Context) -> Reply | None:
    """Follow each granted charge until the state's record shows it: filed, signed, posted, reported, seen cleared."""
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=2)
    return None


@app.command("mark")
@on_vault
def mark(
    run: Annotated[int, typer.Argument(metavar="RUN", help="The number of the run.")],
    state: Annotated[str, typer.Option("--state", metavar="STATE", help="What became of the cases, such as filed.")],
    packet: Annotated[
        str | None, typer.Option("--packet", metavar="NAME", help="The packet that they were filed with.")
    ] = None,
    on: On = None,
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case", metavar="NUMBER", help="Every granted charge under this case number; several may be said."
        ),
    ] = None,
    all_granted: Annotated[
        bool, typer.Option("--all-granted", help="Every charge that the run granted and that may come to this state.")
    ] = False,
    list_file: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE.csv", help="The cases of a table: source_row, or case_number and more."),
    ] = None,
    judge: Annotated[str | None, typer.Option("--judge", metavar="NAME", help="Who signed.")] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="A note, kept sealed with the case.")
    ] = None,
    settle: Annotated[
        bool, typer.Option("--settle", help="Say with it what holds where answers contradict; needs a --note.")
    ] = False,
    strict: Strict = False,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Note what the office itself did with cases of a run, or knows of them.

    A case that it would contradict stays as it is. Where answers of the court contradict one another, --settle says
    which holds.
    """
    from clearslate.track.book import Mark
    from clearslate.vault.audit import Event
    from clearslate_cli import track_page as shown

    what = state_named(state)
    if sum((bool(case), all_granted, list_file is not None)) != 1:
        raise UsageError("say which cases: one of --case NUMBER, --all-granted and --list FILE.csv")
    if settle and (all_granted or not (note or "").strip()):
        raise UsageError("--settle is for cases that are named with --case or --list, and takes its reason with --note")
    told = Mark(what, past_day(on, "--on"), short(packet), short(judge), short(note), settle)
    with changing(way, Event.TRACK_MARKED, "the cases are marked") as (opened, operation):
        account = _marked(opened, run, told, case or (), list_file)
        operation.counts.update(run=run, **account.counts(), **shown.moved(account))
    text = page.as_json(shown.account_told(account)) if as_json else shown.marked(account, what)
    return Reply(text, (), REJECTED if strict and not account.is_whole else DONE, "the cases are marked")


def _marked(opened: Vault, run: int, what: Mark, numbers: Sequence[str], list_file: Path | None) -> Account:
    from clearslate.track.answers import Answered, Asked, Problem, Row, read_list
    from clearslate.track.book import Account, Book, enter, granted
    from clearslate.track.case import told_of
    from clearslate.track.docket import Docket

    told = told_of(opened.store, run)
    account, book, by = Account(), Book(opened.store, run), noted_by(opened, today())
    chosen: Iterable[Case]
    if not numbers and list_file is None:
        chosen = granted(opened.store, run)
    else:
        rows: Sequence[Row]
        if list_file is not None:
            rows = read_list(list_file, today()).rows
        else:
            rows = [(n, Answered(n, Asked(number), what.state)) for n, number in enumerate(numbers, 1)]
        asked = [said.asked for _, said in rows if isinstance(said, Answered)]
        docket = Docket(opened.store, run, asked, reform_of(told).read_statute)
        found: dict[Any, Case] = {}
        for row, said in rows:
            cases = said if isinstance(said, Problem) else docket.all(said.asked)
            if isinstance(cases, Problem):
                account.rows += 1
                account.leave(row, cases)
            else:
                found |= {case.key: case for case in cases}
        chosen = found.values()
    enter(account, book, chosen, what, by)
    account.check()
    book.write()
    return account


@app.command("import")
@on_vault
def take_in(
    answers: Annotated[Path, typer.Argument(metavar="ANSWERS.csv", help="The court's answers, a row for each.")],
    run: RunNumber = None,
    words: Annotated[
        Path | None,
        typer.Option("--words", metavar="FILE.toml", help="The court's own words for answers and columns."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="The day on which the answers came; today if not said."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.csv", help="Where to list rows that are left over, by number."),
    ] = None,
    strict: Strict = False,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Take in the court's answers: granted, denied, case not found, count mismatch, sealed.

    A row that is about no case, about several, or that cannot be read is left over and listed by its number; the rest
    goes on. What contradicts an earlier answer is kept beside it for a person to settle. The same file again changes
    nothing.
    """
    from clearslate.track.answers import read_answers
    from clearslate.track.book import take_in as enter
    from clearslate.track.case import chosen_run, told_of
    from clearslate.track.sheet import REPORT, sheet
    from clearslate.track.words import read_words
    from clearslate.vault.audit import Event
    from clearslate_cli import track_page as shown

    table = read_answers(answers, read_words(words), today())
    day = past_day(on, "--on")
    listed = report if report is not None else answers.with_name(f"{answers.stem}-left-over.csv")
    with changing(way, Event.TRACK_IMPORTED, "the answers are taken in") as (opened, operation):
        number = chosen_run(opened.store, run)
        reform = reform_of(told_of(opened.store, number))
        with contextlib.ExitStack() as stack:

            def settle(account: Account) -> None:
                operation.counts.update(run=number, **account.counts(), **shown.moved(account))
                if account.left_over:
                    writing = stack.enter_context(sheet(listed, REPORT, replaces=True))
                    writing.write((str(one.row), *one[1:]) for one in account.left_over)

            account = enter(opened.store, number, table, reform.read_statute, noted_by(opened, day), settle)
    text = page.as_json(shown.account_told(account)) if as_json else shown.taken_in(account, number)
    notes = shown.ignored(table.ignored)
    if account.left_over:
        left = page.counted(len(account.left_over), "row was", "rows were")
        notes += (f"{left} left over; [{listed}] lists them by number, with what to do",)
    return Reply(text, notes, REJECTED if strict and not account.is_whole else DONE, "the answers are taken in")


@app.command("status")
@on_vault
def status(
    run: Annotated[
        int | None, typer.Option("--run", metavar="N", help="The run; every one that is tracked, if not said.")
    ] = None,
    as_of: AsOfDay = None,
    list_file: Annotated[
        Path | None, typer.Option("--list", metavar="FILE.csv", help="Write every granted charge with its state here.")
    ] = None,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Tell what is open, and which days that the law gives have run out.

    Numbers alone; who it is about stands in the file of --list.
    """
    from clearslate.track.case import cases, chosen_run, told_of
    from clearslate.track.sheet import CASES, case_rows
    from clearslate.track.summary import summary
    from clearslate.vault import runs as kept
    from clearslate.vault.audit import Event
    from clearslate.vault.beside import TRACKED
    from clearslate_cli import track_page as shown

    day = day_of(as_of, "--as-of")
    with written(list_file, CASES) as sheet, at_work(way, Event.TRACK_STATUS) as (opened, operation):
        store = opened.store
        numbers = TRACKED.runs(store) if run is None else [chosen_run(store, run)]
        numbers = numbers or kept.runs(store)[-1:] or [chosen_run(store, None)]
        parts = []
        for number in numbers:
            told = told_of(store, number)
            clocks, notes = clocks_of_run(told)
            parts.append((told, clocks, notes, summary(number, cases(store, number), clocks, day)))
            if sheet is not None:
                every = [case for of_person in cases(store, number) for case in of_person if case.is_granted]
                sheet.write(case_rows(every, clocks, day, (), only_open=False))
        operation.counts.update(runs=len(parts), charges=sum(one.charges for *_, one in parts))
        opened.settle(operation)
    said = tuple(dict.fromkeys(note for *_, notes, _ in parts for note in notes))
    if as_json:
        return Reply(page.as_json([shown.status_told(told, clocks, one) for told, clocks, _, one in parts]), said)
    return Reply("\n\n".join(shown.status(told, clocks, one) for told, clocks, _, one in parts), said)


@app.command("export")
@on_vault
def export(
    output: Annotated[Path, typer.Option("--output", metavar="FILE.csv", help="The file to make.")],
    only_open: Annotated[bool, typer.Option("--open", help="What is still open, and nothing else.")] = False,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="STATE", help="Charges in this state alone; several may be said."),
    ] = None,
    run: RunNumber = None,
    as_of: AsOfDay = None,
    *,
    way: Way,
) -> Reply:
    """Write granted charges with their states as a table; with --open those of which something is left to be done.

    The last columns stand empty for the court: filled, the table can be taken in with [clearslate track import].
    """
    from clearslate.track.case import cases, chosen_run, told_of
    from clearslate.track.sheet import CASES, TO_FILL, case_rows
    from clearslate.vault.audit import Event

    day, states = day_of(as_of, "--as-of"), [state_named(one) for one in state or ()]
    with written(output, (*CASES, *TO_FILL)) as sheet, at_work(way, Event.TRACK_EXPORTED) as (opened, operation):
        assert sheet is not None
        number = chosen_run(opened.store, run)
        clocks, notes = clocks_of_run(told_of(opened.store, number))
        every = [case for of_person in cases(opened.store, number) for case in of_person if case.is_granted]
        blank = ("",) * len(TO_FILL)
        sheet.write((*cells, *blank) for cells in case_rows(every, clocks, day, states, only_open=only_open))
        operation.counts.update(run=number, charges=sheet.rows)
        opened.settle(operation)
    notes += ("the file is plaintext; keep it on an encrypted disk and delete it when done",)
    text = f"{page.counted(sheet.rows, 'charge')} of run {number} in [{output}]"
    return Reply(text, notes, made=f"the list is in [{output}]")


app.command("verify")(track_verify.verify)
