"""``clearslate audit`` and ``clearslate anchor``: who did what in the vault, and its head."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from clearslate.errors import UsageError
from clearslate_cli import page
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, at_work, on_vault, vault_settings

LAST = 30

app = typer.Typer(help="Show and verify the audit log.", rich_markup_mode=None, no_args_is_help=False)


@app.callback(invoke_without_command=True)
def audit(context: typer.Context) -> Reply | None:
    """Show and verify the audit log: who did what in the vault, and when."""
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=2)
    return None


@app.command("show")
@on_vault
def show(
    last: Annotated[int, typer.Option("--last", metavar="N", help="The last N lines.")] = LAST,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Show the last lines of the audit log; all of it is checked before any is shown."""
    from clearslate.vault.audit import Event

    if last < 1:
        raise UsageError(f"--last takes a number from 1; [{last}] was given")
    with at_work(way, Event.AUDIT_SHOWN) as (opened, operation):
        lines = deque((dict(line.told) for line in opened.lines()), maxlen=last)
        every = lines[-1]["n"]
        operation.counts["lines"] = len(lines)
    if as_json:
        return Reply(page.as_json(list(lines)))
    return Reply(table(list(lines), every))


def table(lines: Sequence[Mapping[str, Any]], every: int) -> str:
    """The lines as a table, oldest first."""
    rows = [
        (
            str(line["n"]),
            f"{line['at'][:10]} {line['at'][11:19]}",
            line["who"],
            line["event"],
            line["outcome"],
            ", ".join((*([line["error"]] if line["error"] else []), *_counts(line["counts"]))),
        )
        for line in lines
    ]
    made = page.table(("N", "At (UTC)", "Who", "Event", "Outcome", "Counts, error"), rows, right=(0,), fixed=(0, 1))
    if len(lines) == every:
        return made
    return f"{made}\n\nThe last {len(lines):,} of {every:,} lines; --last {every} shows all."


def _counts(counts: Mapping[str, int]) -> list[str]:
    return [f"{name.replace('_', ' ')} {number:,}" for name, number in counts.items()]


@app.command("verify")
@on_vault
def verify(
    *,
    way: Way,
) -> Reply:
    """Check that no line of the audit log was changed, cut, put in or moved."""
    from clearslate.vault.audit import Event

    anchored = way.anchor is not None or "anchor" in vault_settings()
    with at_work(way, Event.AUDIT_VERIFIED) as (opened, operation):
        count, first, last = 0, "", ""
        for line in opened.lines():
            count, first, last = count + 1, first or line.told["at"], line.told["at"]
        operation.counts["lines"] = count
    said = (
        f"The audit log holds together: {page.counted(count, 'line')}, from {first[:10]} to {last[:10]}, each linked "
        "to the one before."
    )
    of_age = (
        "It has the entry of the anchor that was given, so it is no older copy."
        if anchored
        else "Whether log and vault together are an older copy cannot be told without an anchor: give it with --anchor."
    )
    return Reply(f"{page.wrapped(said)}\n{page.wrapped(of_age)}")


@on_vault
def anchor(
    *,
    way: Way,
) -> Reply:
    """Print the head of the vault as one line, to be kept elsewhere.

    Whoever has the line can tell later, with --anchor, that no older copy was put in the vault's
    place.
    """
    from clearslate.vault.audit import Event

    with at_work(way, Event.ANCHORED) as (opened, done):
        # The entry that ends this command is in what is printed.
        opened.settle(done)
        line = str(opened.anchor())
    return Reply(line)
