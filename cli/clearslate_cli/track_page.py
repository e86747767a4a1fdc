"""What ``clearslate track`` prints: numbers and words, and nothing of a person."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearslate_cli import page

if TYPE_CHECKING:
    from clearslate.ingest.reader import Reading
    from clearslate.track.book import Account
    from clearslate.track.clocks import Clock
    from clearslate.track.later import Comparison, Seen
    from clearslate.track.sighting import Noted
    from clearslate.track.state import State
    from clearslate.track.summary import Summary

WHY = ("finding", "why")
"""The columns that a list of charges which are not seen cleared has beside those of cases."""

_HEADING = re.compile(r"[A-Za-z][A-Za-z0-9_ ]{0,30}")


# What was entered


def moved(account: Account) -> dict[str, int]:
    """How many cases came to each state, for the audit log."""
    return {f"now_{state.value}": number for state, number in account.states.items()}


def account_told(account: Account) -> dict[str, Any]:
    """The account, for machines."""
    return {
        **account.counts(),
        "problems": dict(sorted(account.problems.items())),
        "now": {state.value: number for state, number in account.states.items()},
    }


def marked(account: Account, state: State) -> str:
    """What a mark did, in words."""
    rows = [
        ("Named", f"{account.rows:,}"),
        ("  marked", f"{account.applied:,}"),
        ("  marked so before", f"{account.repeated:,}"),
        ("  that are no case, or several", f"{account.not_matched:,}"),
        ("  left as they are", f"{account.contradictory:,}"),
    ]
    parts = [page.table(("", ""), rows, right=(1,)), _problems(account)]
    if account.contradictory:
        parts.append(
            page.wrapped(
                f"Where {state.title} contradicts what is known of a case, nothing was noted. The table of "
                "docs/tracking.md says what may follow what; --settle with --note says what holds all the same."
            )
        )
    return "\n\n".join(part for part in parts if part)


def taken_in(account: Account, run: int) -> str:
    """What an import did, in words."""
    rows = [
        ("Rows", f"{account.rows:,}"),
        ("  applied", f"{account.applied:,}"),
        ("  known already", f"{account.repeated:,}"),
        ("  not matched", f"{account.not_matched:,}"),
        ("  contradictory", f"{account.contradictory:,}"),
    ]
    rows += [(f"Charges that are now {state.title}", f"{number:,}") for state, number in account.states.items()]
    parts = [f"The court's answers to run {run}", page.table(("", ""), rows, right=(1,)), _problems(account)]
    return "\n\n".join(part for part in parts if part)


def _problems(account: Account) -> str:
    rows = [(name, f"{number:,}") for name, number in sorted(account.problems.items())]
    return page.table(("Left over because of", "Rows"), rows, right=(1,)) if rows else ""


def ignored(headings: Sequence[str]) -> tuple[str, ...]:
    """A note on columns that were not read; what is no plain word is not repeated."""
    from clearslate.track.sheet import CASES

    named = [heading if _HEADING.fullmatch(heading) else "…" for heading in headings if heading not in CASES]
    return (f"columns that were not read: {', '.join(named)}; --words says what they are",) if named else ()


# What is open


def status(told: Mapping[str, Any], clocks: Sequence[Clock], found: Summary) -> str:
    """What is open of a run, in words."""
    from clearslate.track.clocks import Pace
    from clearslate.track.state import MEANINGS, State

    manifest = told["manifest"]
    heading = [
        page.wrapped(f"Run {found.run}: {manifest['reform']['id']}, policy {manifest['policy']['id']}"),
        f"As of {found.as_of.isoformat()}: {page.counted(found.charges, 'charge')} granted, of "
        f"{page.counted(found.people, 'person', 'people')}",
        f"{found.open:,} open, {found.closed:,} closed",
    ]
    rows = [
        (state.title, f"{found.states[state]:,}", f"{found.people_in[state]:,}", MEANINGS[state])
        for state in State
        if found.states[state]
    ]
    if found.contradictory:
        rows.append(
            ("contradictory", f"{found.contradictory:,}", "", "what is known does not fit; a person settles it")
        )
    parts = ["\n".join(heading)]
    if rows:
        parts.append(page.table(("State", "Charges", "People", "Which means"), rows, right=(1, 2), fixed=(0,)))
    if clocks:
        paces = (Pace.RUNNING, Pace.RUN_OUT, Pace.NO_DAY, Pace.DONE)
        lines = [
            (
                f"{clock.title}: {clock.days} days from {clock.start.title} to {clock.stop.title} ({clock.cite})",
                *(f"{found.clocks[clock.id][pace]:,}" for pace in paces),
            )
            for clock in clocks
        ]
        parts.append(page.table(("Clock", *(pace.value for pace in paces)), lines, right=(1, 2, 3, 4)))
    if found.counties:
        counties = [
            (name or "not known", f"{at.charges:,}", f"{at.open:,}", f"{at.contradictory:,}", f"{at.run_out:,}")
            for name, at in found.counties.items()
        ]
        headings = ("County", "Granted", "Open", "Contradictory", "Run out")
        parts.append(page.table(headings, counties, right=(1, 2, 3, 4)))
    return "\n\n".join(parts)


def status_told(told: Mapping[str, Any], clocks: Sequence[Clock], found: Summary) -> dict[str, Any]:
    """What is open of a run, for machines."""
    from clearslate.track.clocks import Pace
    from clearslate.track.state import State

    return {
        "run": found.run,
        "reform": told["manifest"]["reform"]["id"],
        "as_of": found.as_of.isoformat(),
        "charges": found.charges,
        "people": found.people,
        "open": found.open,
        "closed": found.closed,
        "contradictory": found.contradictory,
        "states": {state.value: found.states[state] for state in State},
        "clocks": [
            {
                "id": clock.id,
                "from": clock.start.value,
                "to": clock.stop.value,
                "days": clock.days,
                "cite": clock.cite,
                **{pace.value.replace(" ", "_"): found.clocks[clock.id][pace] for pace in Pace},
            }
            for clock in clocks
        ],
        "counties": [
            {
                "county": name or None,
                "charges": at.charges,
                "open": at.open,
                "contradictory": at.contradictory,
                "run_out": at.run_out,
            }
            for name, at in found.counties.items()
        ],
    }


# What a later file shows


def unseen(seen: Sequence[Seen], clocks: Sequence[Clock], as_of: dt.date) -> Iterator[tuple[str, ...]]:
    """The rows of charges that are not seen cleared, what is still visible first."""
    from clearslate.track.later import Finding
    from clearslate.track.sheet import case_rows

    for finding in (Finding.VISIBLE, Finding.CHANGED, Finding.UNKNOWN):
        for one in sorted((one for one in seen if one.finding is finding), key=lambda one: one.case.key):
            for cells in case_rows([one.case], clocks, as_of, (), only_open=False):
                yield *cells, finding.value, one.why


def seen_counts(noted: Noted) -> dict[str, int]:
    """The numbers, for the audit log."""
    found = {f"{finding.name.lower()}": number for finding, number in noted.by_finding().items()}
    return {**found, "newly_cleared": noted.newly, "visible_again": noted.again}


def verified_told(found: Comparison, noted: Noted) -> dict[str, Any]:
    """What a later file shows, for machines."""
    from clearslate.track.later import Finding

    counts = noted.by_finding()
    return {
        "compared": len(noted.seen),
        "findings": {finding.name.lower(): counts[finding] for finding in Finding},
        "why": {finding.name.lower(): reasons for finding, reasons in _reasons(noted).items()},
        "newly_cleared": noted.newly,
        "cleared_before": noted.before,
        "visible_again": noted.again,
        "holds": [
            {"county": name, "found": held.found, "people": held.people, "believed": held.is_believed}
            for name, held in found.held.items()
        ],
    }


def _reasons(noted: Noted) -> dict[Any, dict[str, int]]:
    reasons: dict[Any, dict[str, int]] = {}
    for one in noted.seen:
        of_finding = reasons.setdefault(one.finding, {})
        of_finding[one.why] = of_finding.get(one.why, 0) + 1
    return reasons


def verified(found: Comparison, noted: Noted, run: int) -> str:
    """What a later file shows, in words."""
    from clearslate.track.later import Finding

    counts, reasons = noted.by_finding(), _reasons(noted)
    if not noted.seen:
        return page.wrapped(
            f"The court has granted no charge of run {run}, as far as it is noted here: there is nothing to compare. "
            "Take its answers in first: clearslate track import"
        )
    rows: list[tuple[str, str]] = []
    for finding in Finding:
        if counts[finding]:
            rows.append((finding.value, f"{counts[finding]:,}"))
            rows += [(f"  {why}", f"{number:,}") for why, number in sorted(reasons[finding].items())]
    parts = [
        f"{page.counted(len(noted.seen), 'granted charge')} of run {run}, compared with the later file",
        page.table(("", "Charges"), rows, right=(1,)),
        page.wrapped(
            f"{noted.newly:,} seen cleared for the first time, {noted.before:,} seen so before, {noted.again:,} that "
            "had been seen cleared and can be seen again."
        ),
    ]
    for name, held in found.held.items():
        of = f"{held.found:,} of {held.people:,} people of {name} whom nothing was granted are in the file"
        if held.is_believed:
            parts.append(page.wrapped(f"{of}: who is not in it is taken to be cleared there."))
        else:
            parts.append(
                page.wrapped(f"{of}. It does not hold this county: that somebody is not in it was taken for nothing.")
            )
    return "\n\n".join(parts)


def verified_notes(found: Comparison, new: Reading, list_file: Path | None) -> tuple[str, ...]:
    """What the user should see even where nobody reads standard output."""
    notes = []
    if new.rejects:
        rows = page.counted(len(new.rejects), "row of the later file", "rows of the later file")
        notes.append(f"{rows} could not be read, and may be of anybody whom they do not name")
    if any(not held.people for held in found.held.values()):
        notes.append("a county that the file is said to hold has nobody to test that by; it rests on your word alone")
    if list_file is not None:
        notes.append(f"what is not seen cleared is listed in [{list_file}], which is plaintext; delete it when done")
    return tuple(notes)
