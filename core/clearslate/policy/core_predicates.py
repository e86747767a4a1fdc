"""The core's predicates: questions that any jurisdiction's policy asks of a count and its person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr

from clearslate.model import Answer, Count, Section, Span, Statute, all_of, any_of, span_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter, Other
from clearslate.policy.predicate import Predicate, finding, known

Years = Annotated[int, Field(ge=0, le=150)]
Citation = Annotated[str, AfterValidator(lambda text: str(Section.from_citation(text)) and text)]
Citations = Annotated[list[Citation], Field(min_length=1)]
OnTheDay = Literal["within", "outside"]


def _listed(items: Iterable[str]) -> str:
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _disposed(count: Count) -> Fact:
    return Fact("disposed", count.disposed, count.place)


# Statute --------------------------------------------------------------------------------


class _OfStatutes(Predicate):
    """What the predicates share that take a list of sections."""

    statutes: Citations
    _sections: tuple[Section, ...] = PrivateAttr(default=())

    def model_post_init(self, _context: object) -> None:
        object.__setattr__(self, "_sections", tuple(Section.from_citation(text) for text in self.statutes))

    def _covers(self, sections: Iterable[Section]) -> bool:
        return any(section.within(listed) for section in sections for listed in self._sections)


class StatuteIn(_OfStatutes):
    """Whether the offence is one of the sections, or a subdivision of one.

    ``attempts`` says whether an attempt is the completed offence (``included``), is not
    (``excluded``) or is all that is asked for (``only``); ``conspiracies`` the same. ``stacked``
    looks at the sections stacked on the offence too. Unknown where the statute cannot be read.
    """

    name = "statute_in"
    attempts: Literal["included", "excluded", "only"] = "included"
    conspiracies: Literal["included", "excluded", "only"] = "included"
    stacked: bool = False

    def _holds(self, statute: Statute) -> bool:
        for mode, is_so in ((self.attempts, statute.attempt), (self.conspiracies, statute.conspiracy)):
            if mode == ("excluded" if is_so else "only"):
                return False
        return self._covers(statute.sections if self.stacked else (statute.section,))

    def ask(self, matter: Matter) -> Finding:
        """Answer from the parsed statute."""
        statute, fact = matter.count.statute, Fact("statute", matter.count.statute, matter.count.place)
        return finding(Answer.UNKNOWN, fact) if statute is None else known(self._holds(statute), fact)

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is None or self._holds(statute)

    def words(self) -> str:
        """The condition in plain English."""
        how = {
            ("only", "included"): "an attempt of ",
            ("included", "only"): "a conspiracy to commit ",
        }.get((self.attempts, self.conspiracies), "")
        also = ", also where stacked on another section" if self.stacked else ""
        return f"the offence is {how}{_listed(self.statutes)}{also}"


class NumberUnderOtherCode(_OfStatutes):
    """Whether the record prints the number of one of the sections under another code's letters."""

    name = "number_under_other_code"

    def _holds(self, statute: Statute) -> bool:
        return any(
            section.number == listed.number and section.code is not None and section.code != listed.code
            for section in statute.sections
            for listed in self._sections
        )

    def ask(self, matter: Matter) -> Finding:
        """Answer from the parsed statute."""
        statute, fact = matter.count.statute, Fact("statute", matter.count.statute, matter.count.place)
        return finding(Answer.UNKNOWN, fact) if statute is None else known(self._holds(statute), fact)

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is None or self._holds(statute)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the number of {_listed(self.statutes)} stands under another code"


class StatuteMarked(Predicate):
    """Whether the grammar put one of the marks on the statute (such as an old number)."""

    name = "statute_marked"
    marks: Annotated[list[str], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the parsed statute's marks."""
        statute, fact = matter.count.statute, Fact("statute", matter.count.statute, matter.count.place)
        if statute is None:
            return finding(Answer.UNKNOWN, fact)
        return known(not set(self.marks).isdisjoint(statute.marks), fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the statute as printed is marked {_listed(self.marks)}"


class SameCaseHas(_OfStatutes):
    """Whether another row of the same arrest cycle, or another count of the same case, is one of the sections.

    ``where`` is ``cycle`` (any row of the arrest, dismissed ones included) or ``case``
    (convictions of the same court event). Unknown where a row could be one and cannot be read.
    """

    name = "charged_together_with"
    where: Literal["cycle", "case"] = "cycle"

    def _answer(self, matter: Matter) -> Answer:
        count = matter.count
        if self.where == "cycle":
            answers = [
                Answer.UNKNOWN if statute is None else Answer.of(self._covers(statute.sections))
                for statute in count.cycle.charged
            ]
        else:
            answers = [
                all_of((other.exists, _covered(self._covers, other.conviction.statute)))
                for other in matter.other_convictions()
                if other.conviction.event.key == count.event.key
            ]
        if matter.history.has_gaps:
            answers.append(Answer.UNKNOWN)
        return any_of(answers)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the other rows of the cycle or the case."""
        return finding(self._answer(matter), Fact(self.where, self.statutes, matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the same {'arrest' if self.where == 'cycle' else 'case'} also has {_listed(self.statutes)}"


def _covered(covers: object, statute: Statute | None) -> Answer:
    if statute is None:
        return Answer.UNKNOWN
    assert callable(covers)
    return Answer.of(covers(statute.sections))


# Grade, county and what the record says of itself ----------------------------------------


class GradeIn(Predicate):
    """Whether the conviction is of one of the grades; unknown where the record does not say."""

    name = "grade_in"
    grades: Annotated[list[Literal["felony", "misdemeanor", "infraction"]], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the grade of conviction."""
        grade = matter.count.grade
        fact = Fact("grade", grade, matter.count.place)
        return finding(Answer.UNKNOWN if grade is None else Answer.of(grade.value in self.grades), fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the conviction is a {_listed(self.grades)}"


class CountyStated(Predicate):
    """Whether the record names the county; always known."""

    name = "county_stated"

    def ask(self, matter: Matter) -> Finding:
        """Answer from the event's county."""
        county = matter.count.event.county
        return known(county is not None, Fact("county", county, matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return "the record names the county"


class StatuteReadable(Predicate):
    """Whether the statute could be read; always known."""

    name = "statute_readable"

    def ask(self, matter: Matter) -> Finding:
        """Answer from whether there is a parsed statute."""
        statute = matter.count.statute
        return known(statute is not None, Fact("statute", statute, matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return "the statute can be read"


class SharesIdentifier(Predicate):
    """Whether the person's state identifier also stands under another person; always known."""

    name = "shares_identifier"

    def ask(self, matter: Matter) -> Finding:
        """Answer from what the reader found over all files."""
        return known(matter.person.shares_identifier, Fact("identity", matter.person.shares_identifier))

    def words(self) -> str:
        """The condition in plain English."""
        return "the person's state identifier also stands under another person"


class Flagged(Predicate):
    """Whether the reader put one of the flags on the count or the person; always known."""

    name = "flagged"
    flags: Annotated[list[str], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the flags."""
        flags = {*matter.count.flags, *matter.person.flags}
        return known(not flags.isdisjoint(self.flags), Fact("flags", tuple(sorted(flags)), matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the record is flagged {_listed(self.flags)}"


class AlreadyRelieved(Predicate):
    """Whether the record says that the conviction already had one of the kinds of relief; always known."""

    name = "already_relieved"
    kinds: Annotated[list[Literal["same_law", "vacated", "dismissed_after_probation", "reduced"]], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from later events on the same count."""
        found = tuple(relief.name.lower() for relief in matter.count.relieved)
        return known(not set(self.kinds).isdisjoint(found), Fact("relieved", found, matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the conviction was already {_listed(kind.replace('_', ' ') for kind in self.kinds)}"


# Dates of the count ------------------------------------------------------------------------


class ArrestedOnOrAfter(Predicate):
    """Whether the arrest was on the day or later; an arrest is never later than its disposition."""

    name = "arrested_on_or_after"
    day: dt.date

    def ask(self, matter: Matter) -> Finding:
        """Answer from the cycle's date, bounded by the disposition."""
        count = matter.count
        return finding(~count.arrest_span.before(self.day), Fact("arrested", count.cycle.arrested, count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the arrest was on or after {self.day}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the arrest was before {self.day}"


class DisposedBefore(Predicate):
    """Whether the disposition was before the day; a disposition is never earlier than its arrest."""

    name = "disposed_before"
    day: dt.date

    def ask(self, matter: Matter) -> Finding:
        """Answer from the disposition's date, bounded by the arrest."""
        return finding(matter.count.disposed_span.before(self.day), _disposed(matter.count))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the disposition was before {self.day}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the disposition was on or after {self.day}"


def _years_ago(span: Span, years: int, as_of: dt.date, on_the_day: OnTheDay) -> Answer:
    """Whether ``years`` calendar years have passed; on the anniversary itself only if ``outside``."""
    end = span.plus_years(years)
    return end.on_or_before(as_of) if on_the_day == "outside" else end.before(as_of)


class DisposedYearsAgo(Predicate):
    """Whether this conviction is that many calendar years old.

    ``on_the_day`` says whether the anniversary itself is still ``within`` the years or ``outside``.
    """

    name = "disposed_years_ago"
    years: Years
    on_the_day: OnTheDay

    def ask(self, matter: Matter) -> Finding:
        """Answer from the disposition's date."""
        count = matter.count
        return finding(_years_ago(count.disposed_span, self.years, matter.as_of, self.on_the_day), _disposed(count))

    def words(self) -> str:
        """The condition in plain English."""
        return f"this conviction is {'more than ' * (self.on_the_day == 'within')}{self.years} years old" + (
            " or more" if self.on_the_day == "outside" else ""
        )


# The person's other convictions ------------------------------------------------------------


def _gaps(matter: Matter) -> tuple[Fact, ...]:
    return tuple(Fact("other_convictions", None, place) for place in matter.person.missing_rows)


def _over_others(matter: Matter, answers: Iterable[tuple[Other, Answer]]) -> Finding:
    """Whether any other conviction holds, naming those that do or could."""
    yes: list[Fact] = []
    unknown: list[Fact] = []
    for other, answer in answers:
        held = all_of((other.exists, answer))
        if held is Answer.YES:
            yes.append(Fact("other_convictions", other.conviction.statute, other.conviction.place))
        elif held is Answer.UNKNOWN:
            unknown.append(Fact("other_convictions", None, other.conviction.place))
    if yes:
        return Finding(Answer.YES, tuple(yes))
    unknown += _gaps(matter)
    if unknown:
        return Finding(Answer.UNKNOWN, (), tuple(unknown))
    return Finding(Answer.NO, (Fact("other_convictions", 0),))


class ConvictionWithin(Predicate):
    """Whether the person has a conviction, this one included, in the last so many calendar years.

    ``on_the_day`` says whether a conviction exactly that many years ago is ``within`` or ``outside``.
    """

    name = "conviction_within"
    years: Years
    on_the_day: OnTheDay

    def ask(self, matter: Matter) -> Finding:
        """Answer from every conviction on record, any county; made once per person."""
        key = (self.name, self.years, self.on_the_day, matter.as_of)
        return matter.history.once(
            key,
            lambda: _over_others(
                matter,
                (
                    (other, ~_years_ago(other.conviction.disposed_span, self.years, matter.as_of, self.on_the_day))
                    for other in matter.history.others
                ),
            ),
        )

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person has a conviction in the past {self.years} years"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person has no conviction in the past {self.years} years"


class LaterConviction(Predicate):
    """Whether the person has a conviction on a later day than this one."""

    name = "has_later_conviction"

    def ask(self, matter: Matter) -> Finding:
        """Answer from every other conviction on record."""
        mine = matter.count.disposed_span
        return _over_others(
            matter, ((other, mine.precedes(other.conviction.disposed_span)) for other in matter.other_convictions())
        )

    def words(self) -> str:
        """The condition in plain English."""
        return "the person has a later conviction"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the person has no later conviction"


class ConvictionsAtLeast(Predicate):
    """Whether the person has at least so many convictions on record, every county and offence counted."""

    name = "convictions_at_least"
    number: Annotated[int, Field(ge=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the number of conviction counts; rows that cannot be read leave it open."""
        return matter.history.once((self.name, self.number), lambda: self._count(matter))

    def _count(self, matter: Matter) -> Finding:
        others = matter.history.others
        certain = sum(other.exists is Answer.YES for other in others)
        if certain >= self.number:
            return known(True, Fact("other_convictions", certain))
        open_facts = tuple(
            Fact("other_convictions", None, other.conviction.place)
            for other in others
            if other.exists is Answer.UNKNOWN
        )
        if matter.history.has_gaps or certain + len(open_facts) >= self.number:
            return Finding(Answer.UNKNOWN, (), open_facts + _gaps(matter))
        return known(False, Fact("other_convictions", certain))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person has {self.number} or more convictions on record"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person has fewer than {self.number} convictions on record"


class OnlyConvictionsOf(_OfStatutes):
    """Whether every conviction of the person is of one of the sections."""

    name = "only_convictions_of"

    def ask(self, matter: Matter) -> Finding:
        """Answer from every conviction on record."""
        return matter.history.once((self.name, *self.statutes), lambda: self._all(matter))

    def _all(self, matter: Matter) -> Finding:
        others = _over_others(
            matter, ((other, ~_covered(self._covers, other.conviction.statute)) for other in matter.history.others)
        )
        return Finding(~others.answer, others.used, others.lacked)

    def words(self) -> str:
        """The condition in plain English."""
        return f"every conviction on record is of {_listed(self.statutes)}"


class EarlierOfSameSection(Predicate):
    """Whether the person has at least so many convictions of the same section dated earlier.

    Subdivisions, attempts and counties are not told apart; two counts of one case are two.
    """

    name = "earlier_convictions_of_same_section"
    at_least: Annotated[int, Field(ge=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the section and date of every other conviction."""
        count = matter.count
        if count.statute is None:
            return finding(Answer.UNKNOWN, Fact("statute", None, count.place))
        section = count.statute.section.bare
        mine = count.disposed_span
        yes: list[Fact] = []
        unknown: list[Fact] = []
        for other in matter.other_convictions():
            statute = other.conviction.statute
            same = Answer.UNKNOWN if statute is None else Answer.of(statute.section.bare == section)
            if same is Answer.NO:
                continue
            held = all_of((other.exists, same, other.conviction.disposed_span.precedes(mine)))
            if held is Answer.YES:
                yes.append(Fact("other_convictions", statute, other.conviction.place))
            elif held is Answer.UNKNOWN:
                unknown.append(Fact("other_convictions", None, other.conviction.place))
        if len(yes) >= self.at_least:
            return Finding(Answer.YES, tuple(yes))
        if matter.history.has_gaps or len(yes) + len(unknown) >= self.at_least:
            return Finding(Answer.UNKNOWN, (), tuple(unknown) + _gaps(matter))
        return Finding(Answer.NO, tuple(yes) or (Fact("other_convictions", 0),))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person has {self.at_least} or more earlier convictions of the same section"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person has fewer than {self.at_least} earlier convictions of the same section"


# Sentence -----------------------------------------------------------------------------------


class SentenceEnded(Predicate):
    """Whether the sentence of this count ended before the day of decision.

    The stated end must be past by ``margin_years`` more to be a yes; between the stated end and
    the margin it is unknown, because supervision after custody does not stand in the record.
    """

    name = "sentence_ended"
    margin_years: Years = 0

    def ask(self, matter: Matter) -> Finding:
        """Answer from the sentence parts and the disposition's date."""
        count = matter.count
        answer = _ended(count, matter.as_of, self.margin_years)
        return finding(answer, Fact("sentence", count.sentence_ends.latest, count.place))

    def words(self) -> str:
        """The condition in plain English."""
        margin = f" at least {self.margin_years} years ago" if self.margin_years else ""
        return f"the sentence ended{margin}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the sentence has not ended"


def _ended(count: Count, as_of: dt.date, margin_years: int) -> Answer:
    ends = count.sentence_ends
    if ends.before(as_of) is not Answer.YES:
        return ends.before(as_of)
    # The stated end is past. Whether supervision still runs is known only after the margin.
    return Answer.YES if ends.plus_years(margin_years).before(as_of) is Answer.YES else Answer.UNKNOWN


class EverySentenceEnded(Predicate):
    """Whether the sentences of all the person's convictions have ended.

    ``on_the_day`` says whether one that ends on the day of decision has ended (``outside``).
    """

    name = "every_sentence_ended"
    on_the_day: OnTheDay

    def ask(self, matter: Matter) -> Finding:
        """Answer from every conviction on record."""
        return matter.history.once((self.name, matter.as_of, self.on_the_day), lambda: self._all(matter))

    def _all(self, matter: Matter) -> Finding:
        def runs(count: Count) -> Answer:
            ends = count.sentence_ends
            return ~(ends.on_or_before(matter.as_of) if self.on_the_day == "outside" else ends.before(matter.as_of))

        running = _over_others(matter, ((other, runs(other.conviction)) for other in matter.history.others))
        lacked = tuple(Fact("sentence", None, fact.place) for fact in running.lacked)
        return Finding(~running.answer, running.used, lacked)

    def words(self) -> str:
        """The condition in plain English."""
        return "the sentence of every conviction on record has ended"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the sentence of a conviction on record still runs"


# The person ----------------------------------------------------------------------------------


class AgeReached(Predicate):
    """Whether the person has reached an age: on the day of decision, of the arrest or of the disposition."""

    name = "age_reached"
    years: Years
    on: Literal["decision", "arrest", "disposition"]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the birth date; a birthday counts as reached on that day."""
        return _age(matter, self.years, self.on, exactly_counts=True)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person was {self.years} or older at the {self.on}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person was under {self.years} at the {self.on}"


class AgePast(Predicate):
    """Whether the person's birthday of that age has passed; on the birthday itself it has not."""

    name = "age_past"
    years: Years
    on: Literal["decision", "arrest", "disposition"]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the birth date."""
        return _age(matter, self.years, self.on, exactly_counts=False)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person's birthday of {self.years} had passed at the {self.on}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person was {self.years} or younger at the {self.on}, the birthday itself included"


def _age(matter: Matter, years: int, on: str, *, exactly_counts: bool) -> Finding:
    count, birth = matter.count, span_of(matter.person.birth_date)
    facts = [Fact("birth_date", matter.person.birth_date, count.place)]
    if on == "decision":
        when = Span(matter.as_of, matter.as_of)
    elif on == "arrest":
        when = count.arrest_span
        facts.append(Fact("arrested", count.cycle.arrested, count.place))
    else:
        when = count.disposed_span
        facts.append(_disposed(count))
    reached = birth.plus_years(years)
    answer = ~when.precedes(reached) if exactly_counts else reached.precedes(when)
    if answer is not Answer.UNKNOWN:
        return Finding(answer, tuple(facts))
    return Finding(answer, (), tuple(fact for fact in facts if fact.value is None or not fact.value.exact))


class Deceased(Predicate):
    """Whether the record says that the person has died; always known."""

    name = "deceased"

    def ask(self, matter: Matter) -> Finding:
        """Answer from a death notice on the record."""
        return known(matter.person.deceased, Fact("deceased", matter.person.deceased))

    def words(self) -> str:
        """The condition in plain English."""
        return "the record says that the person has died"


# Facts that a source or a person supplies ----------------------------------------------------


class FactAtMost(Predicate):
    """Whether a number that the reform names (grams, plants, dollars …) is at most so much."""

    name = "fact_at_most"
    fact: str
    most: float

    def ask(self, matter: Matter) -> Finding:
        """Answer from the fact's value; a value that is no number is unknown."""
        value = matter.count.facts.get(self.fact)
        fact = Fact(self.fact, value, matter.count.place)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return finding(Answer.UNKNOWN, fact)
        return known(value <= self.most, fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"{self.fact.replace('_', ' ')} is at most {self.most:g}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"{self.fact.replace('_', ' ')} is more than {self.most:g}"


class FactIs(Predicate):
    """Whether a yes-or-no fact that the reform names is so."""

    name = "fact_is_so"
    fact: str

    def ask(self, matter: Matter) -> Finding:
        """Answer from the fact's value; anything but true and false is unknown."""
        value = matter.count.facts.get(self.fact)
        fact = Fact(self.fact, value, matter.count.place)
        return finding(Answer.of(value) if isinstance(value, bool) else Answer.UNKNOWN, fact)

    def words(self) -> str:
        """The condition in plain English."""
        return self.fact.replace("_", " ")


CORE_PREDICATES: tuple[type[Predicate], ...] = (
    AgePast,
    AgeReached,
    AlreadyRelieved,
    ArrestedOnOrAfter,
    ConvictionWithin,
    ConvictionsAtLeast,
    CountyStated,
    Deceased,
    DisposedBefore,
    DisposedYearsAgo,
    EarlierOfSameSection,
    EverySentenceEnded,
    FactAtMost,
    FactIs,
    Flagged,
    GradeIn,
    LaterConviction,
    NumberUnderOtherCode,
    OnlyConvictionsOf,
    SameCaseHas,
    SentenceEnded,
    SharesIdentifier,
    StatuteIn,
    StatuteMarked,
    StatuteReadable,
)
