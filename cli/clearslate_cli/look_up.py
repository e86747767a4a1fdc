"""``clearslate lookup``: what was decided of somebody, for whoever knows two facts."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import UsageError
from clearslate_cli import page
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, at_work, on_vault

if TYPE_CHECKING:
    from clearslate.track.history import Standing
    from clearslate.vault.finding import Facts
    from clearslate.vault.store import Store

FACTS = ("name", "born", "identifier", "case")
DECIDED = "decided"

_ASKED = {
    "name": "Name, family name and all given names",
    "born": "Birth date (YYYY-MM-DD)",
    "identifier": "Identifier of the source, such as the CII number",
    "case": "Case number",
}
_TOLD = ("statute", "county", "case_number", "convicted_on", "grade", "outcome", "relief", "refer_to", "rule", "reason")
_NUMBERS = {2: "both", 3: "all three", 4: "all four"}


@dataclass(frozen=True, slots=True)
class Found:
    """What the vault says of one person: the run that decided last, and its decisions; no run where none did.

    ``later`` are runs after it that decided nothing of this person. ``standings`` are what became of each decision,
    None or missing where nothing was noted.
    """

    run: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    decisions: tuple[Mapping[str, str], ...] = ()
    later: tuple[int, ...] = ()
    standings: tuple[Standing | None, ...] = ()

    @property
    def decided(self) -> Iterator[tuple[Mapping[str, str], Standing | None]]:
        """Each decision with what became of it."""
        return zip(
            self.decisions, (*self.standings, *[None] * (len(self.decisions) - len(self.standings))), strict=True
        )

    @property
    def by_outcome(self) -> dict[str, int]:
        """How many decisions have each outcome, in the order of their first."""
        counts: dict[str, int] = {}
        for one in self.decisions:
            counts[one["outcome"]] = counts.get(one["outcome"], 0) + 1
        return counts


@on_vault
def lookup(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The full name; letter case and order do not matter.")
    ] = None,
    born: Annotated[str | None, typer.Option("--born", metavar="YYYY-MM-DD", help="The birth date.")] = None,
    identifier: Annotated[
        str | None, typer.Option("--identifier", metavar="TEXT", help="An identifier of the source.")
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="TEXT", help="A court's case number.")] = None,
    facts: Annotated[
        str | None,
        typer.Option("--facts", metavar="FILE", help="A file of lines such as `name = NAME`; - is stdin."),
    ] = None,
    run: Annotated[str | None, typer.Option("--run", metavar="N", help="Ask this run, not the latest.")] = None,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Tell what was decided of a person: two facts in, the decisions and their state out.

    Without an option the facts are asked for. An option can be read later in the shell's history,
    and meanwhile in the list of processes; what is typed or given with --facts cannot.
    """
    from clearslate.vault.audit import Event
    from clearslate.vault.finding import find

    if context.args:
        # Not repeated in the message: it may be a name.
        raise UsageError("lookup takes its facts as options; say --name, --born, --identifier, --case or --facts FILE")
    if facts == way.passphrase_file == "-":
        raise UsageError("standard input has either the facts or the passphrase; put one of them in a file")
    wanted = _run_number(run)
    said = {"name": name, "born": born, "identifier": identifier, "case": case}
    about = plain(_said(said, facts))
    with at_work(way, Event.LOOKUP) as (opened, operation):
        operation.counts["facts"] = len(about.given)
        asked = runs_asked(opened.store, wanted)
        found = [of_person(opened.store, person, asked, wanted) for person in find(opened.store, about)]
        operation.counts["found"] = len(found)
        operation.counts["decisions"] = sum(len(one.decisions) for one in found)
    if as_json:
        return Reply(page.as_json([described(one) for one in found]))
    return Reply(text(found, len(about.given), wanted))


def _run_number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < len(text) < 10 or int(text) < 1:
        raise UsageError("--run takes the number of a run, from 1; the run itself says it")
    return int(text)


def _said(options: Mapping[str, str | None], file: str | None) -> dict[str, str]:
    """The facts as they were said, in options, in a file, or on the terminal."""
    said = {name: text for name, text in options.items() if text is not None}
    if file is not None:
        if said:
            raise UsageError("say the facts as options or in --facts, not in both")
        return read_facts(_text(file))
    if not said:
        if not sys.stdin.isatty():
            raise UsageError("no fact was named; say two of --name, --born, --identifier and --case, or --facts FILE")
        return {name: text for name in FACTS if (text := _ask(_ASKED[name]))}
    return said


def _text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"file of facts [{file}] cannot be read; check that it is a text file in UTF-8") from error


def _ask(what: str) -> str:
    print(f"{what}: ", end="", file=sys.stderr, flush=True)  # noqa: T201 - a question, not an answer
    return sys.stdin.readline().strip()


def read_facts(text: str) -> dict[str, str]:
    """The facts in lines such as ``name = NAME``. Raises UsageError, which names lines and never what they say."""
    said: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        name = name.strip().lower()
        if not equals or name not in FACTS:
            raise UsageError(f"line [{number}] of the facts is none; write one of {', '.join(FACTS)}, =, and the fact")
        if name in said:
            raise UsageError(f"line [{number}] of the facts gives [{name}] a second time; give it once")
        said[name] = value.strip()
    return said


def plain(said: Mapping[str, str]) -> Facts:
    """The facts in their plain forms. Raises UsageError for one that says nothing, and for fewer than two."""
    from clearslate.ingest.plain import plain_name, plain_number
    from clearslate.vault.finding import Facts

    forms = {"name": plain_name, "born": _day, "identifier": plain_number, "case": plain_number}
    made = {name: forms[name](text) for name, text in said.items() if text.strip()}
    for name, text in made.items():
        if not text:
            raise UsageError(f"[{name}] has no letter and no digit; write it as the record has it")
    if len(made) < 2:
        raise UsageError("two facts are needed: say two of --name, --born, --identifier and --case")
    return Facts(**made)


def _day(text: str) -> str:
    try:
        day = dt.date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        day = ""
    if day != text.strip():
        raise UsageError("a birth date is written YYYY-MM-DD, such as 1961-03-17")
    return day


def runs_asked(store: Store, wanted: int | None) -> list[int]:
    """The runs to ask: all, or the one that is wanted. Raises UsageError where it is not there."""
    from clearslate.vault.runs import runs

    known = runs(store)
    if wanted is None:
        return known
    if wanted not in known:
        listed = f"known: {', '.join(str(run) for run in known[-10:])}" if known else "no run is kept yet"
        raise UsageError(f"the vault has no run [{wanted}]; {listed}")
    return [wanted]


def of_person(store: Store, person: int, asked: Sequence[int], wanted: int | None = None) -> Found:
    """What the latest of some runs that decided anything of a person decided, and what became of it.

    Where no run is ``wanted``, what was noted of other runs of the same law counts too.
    """
    from clearslate.track.case import last_known
    from clearslate.vault.runs import read_decisions, read_run

    for at, run in reversed(list(enumerate(asked))):
        decided = read_decisions(store, run, person)
        if decided:
            told = read_run(store, run)
            columns = told.get("columns", ())
            every = [dict(zip(columns, one["cells"], strict=False)) for one in decided]
            decisions = tuple({name: str(cells.get(name, "")) for name in _TOLD} for cells in every)
            others = () if wanted is not None else [one for one in asked if one != run and _same_law(store, one, told)]
            known = last_known(store, person, run, others)
            standings = tuple(known.get(_key(cells)) for cells in every)
            return Found(run, told, decisions, tuple(asked[at + 1 :]), standings)
    return Found()


def _key(cells: Mapping[str, str]) -> tuple[str, int]:
    row = cells.get("source_row", "")
    return cells.get("source_file", ""), int(row) if row.isdigit() else 0


def _same_law(store: Store, run: int, told: Mapping[str, Any]) -> bool:
    """Whether a run is of the same reform as another."""
    from clearslate.vault.runs import read_run

    laws = [one.get("manifest", {}).get("reform") for one in (read_run(store, run), told)]
    return _id(laws[0]) == _id(laws[1])


def described(found: Found) -> dict[str, Any]:
    """What was found, for machines."""
    if found.run is None:
        return {"run": None, "by_outcome": {}, "decisions": []}
    manifest = found.told.get("manifest", {})
    return {
        "run": {
            "number": found.run,
            "at": found.told.get("at"),
            "reform": _id(manifest.get("reform")),
            "policy": _id(manifest.get("policy")),
            "county": manifest.get("county"),
            "as_of": manifest.get("as_of"),
        },
        "later_runs_without_a_decision": list(found.later),
        "by_outcome": found.by_outcome,
        "decisions": [{**_standing_told(now), **one} for one, now in found.decided],
    }


def _standing_told(now: Standing | None) -> dict[str, Any]:
    if now is None:
        return {"state": DECIDED, "since": None, "contradictory": False}
    since = None if now.since is None else now.since.isoformat()
    return {"state": now.state.value, "since": since, "contradictory": bool(now.contradictions)}


def _id(one: Any) -> str | None:
    return one.get("id") if isinstance(one, Mapping) else one


def text(found: list[Found], facts: int, wanted: int | None = None) -> str:
    """What was found, for the one who asked."""
    fits = _NUMBERS[facts]
    if not found:
        return page.wrapped(
            f"No record in this vault fits {fits} facts. Write the name as the record has it, family name and all "
            "given names (Smith, Mary Ann); letter case, accents and the order of the names do not matter, a missing "
            "or short name does. A record of another source, or of another county's file, is not here."
        )
    if len(found) == 1:
        parts = [f"1 record fits {fits} facts."]
    else:
        parts = [
            page.wrapped(
                f"{len(found)} records fit {fits} facts. They are listed one by one, because nothing says that they "
                "are of one person."
            )
        ]
    for number, one in enumerate(found, 1):
        if len(found) > 1:
            parts.append(f"RECORD {number}")
        parts += _record(one, wanted)
    standings = [now for one in found for _, now in one.decided]
    if None in standings:
        parts.append(
            page.wrapped(
                'The state "decided" is what the office\'s policy says. Whether a motion was filed or a court has '
                "signed an order does not stand in this vault; the court knows."
            )
        )
    if any(now is not None for now in standings):
        parts.append(
            page.wrapped(
                "The other states are what the office noted: of what it filed, of the court's answers, and of later "
                "files of the state. What a record shows today, only the court and the state know."
            )
        )
    return "\n\n".join(parts)


def _record(found: Found, wanted: int | None) -> Iterator[str]:
    if found.run is None:
        which = "no run decided a conviction" if wanted is None else f"run {wanted} decided no conviction"
        yield f"The record is here; {which} of it."
        return
    about = described(found)["run"]
    said = [
        about["reform"],
        f"policy {about['policy']}" if about["policy"] else None,
        f"convictions of {about['county']} alone" if about["county"] else None,
        f"as of {about['as_of']}" if about["as_of"] else None,
    ]
    made = f", made {when(about['at'])}" if about["at"] else ""
    yield page.wrapped(f"Run {found.run}{made}: {', '.join(part for part in said if part) or 'no manifest'}.")
    if found.later:
        numbers = ", ".join(str(run) for run in found.later)
        later = "A later run has" if len(found.later) == 1 else "Later runs have"
        yield page.wrapped(f"{later} decided no conviction of this record: {numbers}.")
    counts = ", ".join(f"{number} {outcome}" for outcome, number in found.by_outcome.items())
    yield f"{page.counted(len(found.decisions), 'conviction')} decided: {counts}."
    for number, (one, now) in enumerate(found.decided, 1):
        yield _decision(number, one, now)


def when(at: object) -> str:
    """A time of the audit log or of a run, to the minute."""
    text = str(at)
    return f"{text[:10]} {text[11:16]} UTC" if text[10:11] == "T" else text


def _decision(number: int, one: Mapping[str, str], now: Standing | None) -> str:
    heading = ", ".join(
        (
            one["statute"] or "statute not readable",
            one["grade"] or "grade not known",
            f"convicted on {one['convicted_on']}" if one["convicted_on"] else "day of conviction not known",
            one["county"] or "county not known",
            f"case {one['case_number']}" if one["case_number"] else "no case number",
        )
    )
    outcome = one["outcome"]
    if one["relief"]:
        outcome += f": {one['relief']}"
    if one["refer_to"]:
        outcome += f" to {one['refer_to']}"
    rows = [
        ("outcome", outcome),
        ("why", one["reason"]),
        ("rule", one["rule"] or "none; facts are missing"),
        ("state", DECIDED if now is None else _state(now)),
    ]
    lines = [page.wrapped(f"{number}. {heading}", "", "   ")]
    lines += [page.wrapped(f"{name:<9} {what}", "   ", " " * 13) for name, what in rows if what]
    return "\n".join(lines)


def _state(now: Standing) -> str:
    """The last state that is known, since when, and what it means."""
    from clearslate.track.state import MEANINGS

    since = "" if now.since is None else f" since {now.since.isoformat()}"
    said = f"{now.state.title}{since}: {MEANINGS[now.state]}"
    return (
        f"{said}; but the answers contradict one another, and the office has to settle it"
        if now.contradictions
        else said
    )
