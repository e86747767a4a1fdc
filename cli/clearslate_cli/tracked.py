"""What the commands that follow cases share: options, days, the run's reform and its clocks."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import UsageError, did_you_mean
from clearslate_cli import catalog
from clearslate_cli.clock import today
from clearslate_cli.vaulted import actor

if TYPE_CHECKING:
    from clearslate.policy.reform import Reform
    from clearslate.track.book import By
    from clearslate.track.clocks import Clock
    from clearslate.track.sheet import Sheet
    from clearslate.track.state import State
    from clearslate.vault.vault import Vault

RunNumber = Annotated[
    int | None, typer.Option("--run", metavar="N", help="The run; the only one that is tracked, if not said.")
]
On = Annotated[
    str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day on which it was so; today if not said.")
]
AsOfDay = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="The day to tell it as of; today if not said.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 when something was left over.")]


def state_named(text: str) -> State:
    """The state that the user named. Raises UsageError."""
    from clearslate.track.state import State

    known = {state.value: state for state in State}
    wanted = text.strip().lower().replace(" ", "_").replace("-", "_")
    if wanted not in known or known[wanted] is State.DECIDED:
        names = [name for name in known if name != State.DECIDED.value]
        raise UsageError(f"no state [{text}]{did_you_mean(wanted, names)}")
    return known[wanted]


def day_of(text: str | None, option: str) -> dt.date:
    """The day that an option says, or today. Raises UsageError."""
    from clearslate_cli.settings import read_day

    if text is None:
        return today()
    try:
        return read_day(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def past_day(text: str | None, option: str) -> dt.date:
    """The day that an option says, which is not yet to come, or today. Raises UsageError."""
    day = day_of(text, option)
    if day > today():
        raise UsageError(f"{option}: the day [{day.isoformat()}] is yet to come; nothing is noted ahead")
    return day


def short(said: str | None) -> str:
    """A text of the user's in one line that is not too long."""
    return " ".join((said or "").split())[:500]


def noted_by(opened: Vault, day: dt.date) -> By:
    """Who notes something, now, as learned on a day."""
    from clearslate.track.book import By

    return By(actor().who, opened.stamp(), day)


def reform_of(told: Mapping[str, Any]) -> Reform:
    """The reform of a run. Raises UsageError where it is not installed."""
    return catalog.registry().reform(told["manifest"]["reform"]["id"])


def clocks_of_run(told: Mapping[str, Any]) -> tuple[Sequence[Clock], tuple[str, ...]]:
    """The clocks of a run's reform, and a note where there are none."""
    from clearslate.track.clocks import clocks_of

    id = told["manifest"]["reform"]["id"]
    reform = catalog.registry().reforms.get(id)
    if reform is None:
        return (), (f"reform [{id}] is not installed; no day that its law gives is counted",)
    clocks = clocks_of(reform)
    return clocks, () if clocks else (f"reform [{id}] says of no days that its law gives; none is counted",)


@contextlib.contextmanager
def written(path: Path | None, columns: Sequence[str]) -> Iterator[Sheet | None]:
    """A sheet that appears when the block is done; None where none is wanted."""
    from clearslate.track.sheet import sheet
    from clearslate_cli.ended import told_of_output

    if path is None:
        yield None
        return
    with told_of_output(path, lambda: ()), sheet(path, columns) as writing:
        yield writing
