"""The docket: the cases of a run that a table asks for, found by case number or row, and never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from clearslate.ingest.plain import plain_name, plain_number
from clearslate.model import Answer, Section, Statute
from clearslate.policy.reform import ReadStatute
from clearslate.track.answers import Asked, Problem
from clearslate.track.case import Case, cases
from clearslate.vault.beside import Key
from clearslate.vault.lookup import unordered
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

_ATTEMPT, _CONSPIRACY = "attempt: ", "conspiracy: "


class Docket:
    """The granted charges of a run that somebody asks for, each with its person.

    ``of`` are the rows of a table, whose case numbers and source rows are looked for.
    """

    def __init__(self, store: Store, run: int, of: Iterable[Asked], read_statute: ReadStatute) -> None:
        self._store = store
        self._read_statute = read_statute
        asked = list(of)
        numbers = {plain_number(one.case_number) for one in asked if one.case_number}
        rows = {one.source_row for one in asked if one.source_row}
        self._by_number: dict[str, list[Case]] = {}
        self._by_row: dict[Key, Case] = {}
        self.files: set[str] = set()
        for of_person in cases(store, run):
            for case in of_person:
                self.files.add(case.key[0])
                if case.key[1] in rows:
                    self._by_row[case.key] = case
                for number in {plain_number(number) for number in case.case_numbers} & numbers:
                    self._by_number.setdefault(number, []).append(case)
        self._known: dict[int, dict[str, Sequence[str]]] = {}

    def one(self, asked: Asked) -> Case | Problem:
        """The one charge that is asked for, or why it cannot be told."""
        found = self._found(asked)
        if isinstance(found, Problem):
            return found
        if len(found) > 1:
            return Problem(
                "several charges",
                f"{len(found)} granted charges have this case number; say statute, person_id or source_row",
            )
        return found[0]

    def all(self, asked: Asked) -> Sequence[Case] | Problem:
        """Every granted charge of the case that is asked for, all one person's, or why that cannot be told."""
        found = self._found(asked)
        if not isinstance(found, Problem) and len({case.person for case in found}) > 1:
            return Problem("several people", "several people have charges under this case number; say person_id")
        return found

    def _found(self, asked: Asked) -> Sequence[Case] | Problem:
        found = self._at_row(asked) if asked.source_row else self._in_case(asked.case_number)
        if isinstance(found, Problem):
            return found
        granted = [case for case in found if case.is_granted]
        if not granted:
            return Problem("not granted", "the run granted no charge of this case; check it, or decide again")
        kept: Sequence[Case] = granted
        checks: tuple[tuple[str, str, Callable[[Case], bool]], ...] = (
            ("county", asked.county, lambda case: _county(case.cells["county"]) == _county(asked.county)),
            ("person", asked.person_id, lambda case: _plain(case.cells["person_id"]) == _plain(asked.person_id)),
            ("person", asked.name, lambda case: self._named(case, asked.name)),
            ("person", asked.born, lambda case: asked.born in self._of(case.person).get("births", ())),
        )
        for name, said, fits in checks:
            kept = [case for case in kept if not said or fits(case)]
            if not kept:
                return Problem(name, f"no granted charge of this case is of the {name} that the row names; check both")
        return self._under(kept, asked.statute)

    def _at_row(self, asked: Asked) -> Sequence[Case] | Problem:
        file = asked.source_file or (next(iter(self.files)) if len(self.files) == 1 else "")
        if not file:
            return Problem("source file", "the run read several files; say source_file beside source_row")
        case = self._by_row.get((file, asked.source_row))
        if case is None:
            return Problem("source row", "no charge that the run decided stands at this row of this file")
        if asked.case_number and not _has(case, asked.case_number):
            return Problem("case number", "the charge at this source row has another case number; correct one of them")
        return [case]

    def _in_case(self, number: str) -> Sequence[Case] | Problem:
        plain = plain_number(number)
        found = self._by_number.get(plain, []) if plain else []
        if not found:
            return Problem("unknown case", "the run decided no charge with this case number")
        exact = [case for case in found if any(_plain(one) == _plain(number) for one in case.case_numbers)]
        printed = {_plain(one) for case in found for one in case.case_numbers if plain_number(one) == plain}
        if not exact and len(printed) > 1:
            return Problem("several cases", "several case numbers differ from this one only in signs; write it in full")
        return exact or found

    def _under(self, found: Sequence[Case], statute: str) -> Sequence[Case] | Problem:
        """The charges under a statute; where none is surely under it, those that may be."""
        if not statute:
            return found
        said = self._read_statute(statute)
        answers = [(case, _compared(case, statute, said)) for case in found]
        for wanted in (Answer.YES, Answer.UNKNOWN):
            kept = [case for case, answer in answers if answer is wanted]
            if kept:
                return kept
        return Problem("statute", "no granted charge of this case is under the statute that the row names; check both")

    def _named(self, case: Case, name: str) -> bool:
        wanted = unordered(plain_name(name))
        return bool(wanted) and wanted in {unordered(one) for one in self._of(case.person).get("names", ())}

    def _of(self, person: int) -> dict[str, Sequence[str]]:
        """What the person is known by."""
        if person not in self._known:
            self._known[person] = Record.read(self._store.get(Kind.PERSON, person)).known
        return self._known[person]


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _county(text: str) -> str:
    return plain_name(text).removesuffix(" county").replace(" ", "")


def _has(case: Case, number: str) -> bool:
    return plain_number(number) in {plain_number(one) for one in case.case_numbers}


def _compared(case: Case, text: str, said: Statute | None) -> Answer:
    """Whether a charge is under a statute: unknown where one of the two says less than the other."""
    if _plain(text) in (_plain(case.cells["statute"]), _plain(case.cells["offense"])):
        return Answer.YES
    kept = _printed(case.cells["statute"])
    if kept is None or said is None:
        return Answer.NO
    attempt, conspiracy, sections = kept
    if (attempt, conspiracy, len(sections)) != (said.attempt, said.conspiracy, len(said.sections)):
        return Answer.NO
    if sections == said.sections:
        return Answer.YES
    ways = [_either(one, other) for one, other in zip(sections, said.sections, strict=True)]
    return Answer.UNKNOWN if all(ways) else Answer.NO


def _either(one: Section, other: Section) -> bool:
    return Answer.NO not in (one.could_be_within(other), other.could_be_within(one))


def _printed(text: str) -> tuple[bool, bool, tuple[Section, ...]] | None:
    """A statute as ``determinations.csv`` prints it: attempt, conspiracy and sections; None for what is none."""
    attempt = text.startswith(_ATTEMPT)
    text = text.removeprefix(_ATTEMPT)
    conspiracy = text.startswith(_CONSPIRACY)
    try:
        sections = tuple(Section.from_citation(one) for one in text.removeprefix(_CONSPIRACY).split(" / "))
    except ValueError:
        return None
    return attempt, conspiracy, sections
