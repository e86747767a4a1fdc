"""What is planted in invented exports: every spelling of a statute, every dirty date, every odd ending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from clearslate_illinois import synth_words as words
from clearslate_illinois.synth_people import Chance, Charge, Participant, Sentence, charge_of, stamp

Putting = Callable[[Chance, Participant, Participant | None], str]


class Plant(NamedTuple):
    """One planted fact: ``put`` changes a participant and says what it did. ``breaks``: a row of it is rejected.

    ``damage`` is what is done to the first printed row of the participant.
    """

    name: str
    put: Putting
    breaks: bool = False
    damage: Callable[[str], str] | None = None


def _first(person: Participant) -> Charge:
    return person.charges[0]


def _cannabis(chance: Chance, person: Participant, section: str = "4(d)", *, guilty: bool = True) -> Charge:
    """Make the first charge one of cannabis, as before 29 July 2016."""
    person.arrest = dt.date(2010, 1, 4) + dt.timedelta(days=chance.below(1000))
    person.disposed = person.arrest + dt.timedelta(days=120)
    person.incident, person.arrested = stamp(person.arrest, timed=False), stamp(person.arrest)
    offense = next(one for one in words.CANNABIS if one.section == section)
    old = _first(person)
    charge = charge_of(chance, 0, 0, offense, person.disposed, guilty=False)
    charge.charge_id, charge.version = old.charge_id, old.version
    for other in person.charges[1:]:
        other.disposed = stamp(person.disposed)
        for sentence in other.sentences:
            sentence.date = stamp(person.disposed)
    if guilty:
        charge.disposition, charge.reason = "Plea Of Guilty", ""
        charge.sentences = [_sentence("Probation", "Probation", person.disposed)]
    else:
        charge.disposition, charge.reason = "Nolle Prosecution", ""
    person.charges[0] = charge
    return charge


def _sentence(type_: str, commitment: str, day: dt.date, phase: str = "Original Sentencing") -> Sentence:
    return Sentence(phase, type_, commitment, "24", "Months", stamp(day))


def _spelled(chapter: str, act: str, section: str, title: str = "POSS CANNABIS", offense_class: str = "4") -> Putting:
    def put(chance: Chance, person: Participant, _: Participant | None) -> str:
        charge = _cannabis(chance, person)
        charge.title, charge.chapter, charge.act, charge.section = title, chapter, act, section
        charge.offense_class = offense_class
        return " ".join(filter(None, (chapter, act, section)))

    return put


def _dated(**fields: Callable[[Participant], str]) -> Putting:
    def put(chance: Chance, person: Participant, _: Participant | None) -> str:
        charge = _cannabis(chance, person)
        for name, made in fields.items():
            if name == "disposed":
                charge.disposed = made(person)
            elif name == "sentenced":
                charge.sentences[0].date = made(person)
            else:
                setattr(person, name, made(person))
        return ", ".join(fields)

    return put


def _sentenced(*rows: tuple[str, str, str, int]) -> Putting:
    """Sentencing rows of phase, type, commitment, and the months until each; the last is in force."""

    def put(chance: Chance, person: Participant, _: Participant | None) -> str:
        charge = _cannabis(chance, person, "5(c)")
        charge.sentences = [
            _sentence(type_, commitment, person.disposed + dt.timedelta(days=30 * months), phase)
            for phase, type_, commitment, months in rows
        ]
        for sentence in charge.sentences[:-1]:
            sentence.current = "false"
        return ", ".join(f"{type_}/{commitment}" for _, type_, commitment, _ in rows)

    return put


def _ended(disposition: str, reason: str, *, sentence: bool = False) -> Putting:
    def put(chance: Chance, person: Participant, _: Participant | None) -> str:
        charge = _cannabis(chance, person)
        charge.disposition, charge.reason = disposition, reason
        if not sentence:
            charge.sentences = []
        return ", ".join(filter(None, (disposition.strip(), reason)))

    return put


def _termed(term: str, unit: str) -> Putting:
    def put(chance: Chance, person: Participant, _: Participant | None) -> str:
        sentence = _cannabis(chance, person).sentences[0]
        sentence.term, sentence.unit = term, unit
        return f"{term} {unit}"

    return put


def _beside(title: str, disposition: str) -> Putting:
    """Another charge of the same arrest."""

    def put(chance: Chance, person: Participant, _: Participant | None) -> str:
        _cannabis(chance, person)
        offense = next(one for one in words.OTHERS if one.title == title)
        del person.charges[1:]
        number = (int(person.participant) - 175_000_000_001) // 101
        other = charge_of(chance, number, 1, offense, person.disposed, guilty=False)
        other.disposition, other.reason = disposition, ""
        if disposition == "Plea Of Guilty":
            other.sentences = [_sentence("Probation", "Probation", person.disposed)]
        person.charges.append(other)
        return f"{title}, {disposition}"

    return put


def _amended(chance: Chance, person: Participant, _: Participant | None) -> str:
    charge = _cannabis(chance, person)
    earlier = _copy(charge)
    earlier.section, earlier.offense_class, earlier.title = "5(d)", "3", "MFG/DEL CANNABIS/30-500 GRAMS"
    earlier.disposition, earlier.sentences = "Nolle Prosecution", []
    charge.version = str(int(charge.version) + 1)
    charge.disposition = "Plea of Guilty - Amended Charge"
    charge.earlier = [earlier]
    return "5(d) to 4(d)"


def _doubled(chance: Chance, person: Participant, _: Participant | None) -> str:
    charge = _cannabis(chance, person)
    other = _copy(charge)
    other.disposition, other.sentences = "Nolle Prosecution", []
    charge.earlier = [other]
    return "two dispositions of one version"


def _copy(charge: Charge) -> Charge:
    return Charge(
        charge.charge_id, charge.version, charge.title, charge.chapter, charge.act, charge.section,
        charge.offense_class, charge.aoic, charge.disposition, charge.reason, charge.disposed,
    )  # fmt: skip


def _codefendants(chance: Chance, person: Participant, before: Participant | None) -> str:
    if before is None:
        return "nobody before"
    person.case = before.case
    shared = [_copy(charge) for charge in before.charges]
    for charge in shared:
        charge.disposition, charge.reason = "Nolle Prosecution", ""
    person.charges = shared
    return before.participant


def _undisposed(chance: Chance, person: Participant, _: Participant | None) -> str:
    _cannabis(chance, person).is_disposed = False
    del person.charges[1:]
    return "a sentence without a row in the Dispositions export"


def _disagrees(chance: Chance, person: Participant, _: Participant | None) -> str:
    _cannabis(chance, person, "5(c)").title = "POSS.CANNABIS"
    return "POSS.CANNABIS with 5(c)"


def _plain(chance: Chance, person: Participant, _: Participant | None) -> str:
    _cannabis(chance, person)
    return "the first row"


def _shift(row: str) -> str:
    """Drop the class and put a blank behind the reason, so that the number of cells stays."""
    cells = row.split(",")
    if '"' in row:
        return row
    return ",".join([*cells[:13], *cells[14:17], "", *cells[17:]])


def _titled(row: str, title: str) -> str:
    """The row with a title printed as it is, quotes and all."""
    cells = row.split(",")
    return ",".join([*cells[:7], title, *cells[8:]])


def _year(name: str, year: int) -> Callable[[Participant], str]:
    def made(person: Participant) -> str:
        day = person.arrest if name == "arrest" else person.disposed
        return stamp(dt.date(year, day.month, min(day.day, 28)))

    return made


_ORIGINAL, _VIOLATION = "Original Sentencing", "Probation Violation Sentencing"
_710 = (_ORIGINAL, "Probation", "710/410 Probation", 0)

PLANTS: tuple[Plant, ...] = (
    Plant("modern_statute", _spelled("720", "550", "4(d)")),
    Plant("packed_statute", _spelled("720-550\\4(D)", "", "")),
    Plant("packed_with_slash", _spelled("720-550/4-D", "", "")),
    Plant("old_statute", _spelled("56.5-704-D", "", "")),
    Plant("old_statute_in_cells", _spelled("56.5", "-", "704-D")),
    Plant("old_chapter_38", _spelled("38", "-", "19-1(a)", "BURGLARY", "2")),
    Plant("abbreviated_statute", _spelled("AGG KID", "", "", "AGGRAVATED KIDNAPING", "X")),
    Plant("statute_in_title", _spelled("SAME AS DEFN #1", "", "", "ATT(MURDER)=720-5\\8-4(9-1(A)(1-3))", "X")),
    Plant("no_subsection", _spelled("720", "550", "4")),
    Plant("act_typed_wrongly", _spelled("720", "570", "4(D)")),
    Plant("school_grounds", _spelled("720", "550", "5.2(c)", "DEL CANNABIS/SCHOOL/10-30 GRAMS", "3")),
    Plant("casual_delivery", _spelled("720", "550", "6", "CASUAL DEL CAN/10-30 GRAM/1ST")),
    Plant("attempt_in_parentheses", _spelled("720", "5", "8-4(720-550/5(D))", "ATT MFG/DEL CANNABIS", "A")),
    Plant("attempt_packed", _spelled("720-5\\8-4(720-550\\4(E))", "", "", "ATT POSS CANNABIS", "A")),
    Plant("attempt_of_nothing", _spelled("720/550-8-4", "", "", "ATT CANNABIS", "A")),
    Plant("text_disagrees", _disagrees),
    Plant("amended", _amended),
    Plant("disposition_in_the_future", _dated(disposed=_year("disposed", 2914))),
    Plant("arrest_in_the_future", _dated(arrested=_year("arrest", 2029 + 900))),
    Plant("arrest_long_ago", _dated(arrested=_year("arrest", 1915))),
    Plant("incident_long_ago", _dated(incident=_year("arrest", 1883))),
    Plant("arrest_after_disposition", _dated(arrested=lambda p: stamp(p.disposed + dt.timedelta(days=200)))),
    Plant("incident_after_arrest", _dated(incident=lambda p: stamp(p.arrest + dt.timedelta(days=30), timed=False))),
    Plant("no_such_day", _dated(disposed=lambda _: "02/30/2011 12:00:00 AM")),
    Plant("sentence_before_arrest", _dated(sentenced=lambda p: stamp(p.arrest - dt.timedelta(days=306)))),
    Plant("sentence_in_the_future", _dated(sentenced=_year("disposed", 2921))),
    Plant("qualified_probation", _sentenced(_710)),
    Plant("qualified_violated", _sentenced(_710, (_VIOLATION, "Prison", "Illinois Department of Corrections", 9))),
    Plant("qualified_unsatisfactory", _sentenced(_710, ("Amended/Corrected Sentencing",
                                                         "Probation Terminated Unsatisfactorily", "", 12))),
    Plant("qualified_satisfactory", _sentenced(_710, ("Amended/Corrected Sentencing",
                                                      "Probation Terminated Satisfactorily", "", 24))),
    Plant("qualified_instanter", _sentenced(_710, ("Amended/Corrected Sentencing",
                                                   "Probation Terminated Instanter", "", 6))),
    Plant("second_chance", _sentenced((_ORIGINAL, "2nd Chance Probation", "Probation", 0))),
    Plant("supervision", _sentenced((_ORIGINAL, "Supervision", "Court Supervision", 0))),
    Plant("probation_violated", _sentenced((_ORIGINAL, "Probation", "Probation", 0),
                                           (_VIOLATION, "Jail", "Cook County Department of Corrections", 7))),
    Plant("resentenced", _sentenced((_ORIGINAL, "Prison", "Illinois Department of Corrections", 0),
                                    ("Resentenced", "Probation", "Probation", 10))),
    Plant("unsentenced", _ended("Plea Of Guilty", "")),
    Plant("nolle_sentenced", _ended("Nolle Prosecution", "", sentence=True)),
    Plant("conviction_vacated", _ended("Charge Vacated", "Judgement & Conviction Vacated")),
    *(Plant(f"ending_{number:02d}", _ended(*pair)) for number, pair in enumerate(words.ODD_ENDINGS, start=1)),
    Plant("term_with_words", _termed("18 months", "Months")),
    Plant("term_with_thousands", _termed("1,154.00", "Days")),
    Plant("term_garbled", _termed("2`", "Year(s)")),
    Plant("term_is_a_date", _termed("7122023", "Days")),
    Plant("unit_is_a_weight", _termed("30", "Grams")),
    Plant("unit_is_money", _termed("500", "Dollars")),
    Plant("violent_conviction_beside", _beside("ARMED ROBBERY", "Plea Of Guilty")),
    Plant("violent_charge_dropped", _beside("DOMESTIC BATTERY/PRIOR", "Nolle Prosecution")),
    Plant("theft_conviction_beside", _beside("THEFT", "Plea Of Guilty")),
    Plant("theft_dropped", _beside("THEFT", "Nolle Prosecution")),
    Plant("doubled_disposition", _doubled),
    Plant("codefendants", _codefendants),
    Plant("sentence_alone", _undisposed),
    Plant("shifted_cells", _plain, True, _shift),
    Plant("cell_too_many", _plain, True, lambda row: f"{row},"),
    Plant("cell_missing", _plain, True, lambda row: row.rpartition(",")[0]),
    Plant("quote_not_doubled", _plain, True, lambda row: _titled(row, "\"POSS RIFLE <16''/SHOTGUN <18\",F\"")),
    Plant("quote_not_closed", _plain, True, lambda row: _titled(row, "\"POSS CANNABIS")),
)  # fmt: skip
