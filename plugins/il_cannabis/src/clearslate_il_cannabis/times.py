"""Questions about time that this law asks: since the arrest, since the disposition, since a sentence."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from clearslate.model import Answer, Span, span_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, supplied
from clearslate.policy.predicates.arguments import Years, disposed, over_others
from clearslate.policy.predicates.sentences import SentenceEnded

SENTENCE_FACT = "sentence_complete"


class ArrestedYearsAgo(Predicate):
    """Whether so many calendar years have passed since the arrest; on the anniversary they have."""

    name = "arrested_years_ago"
    years: Years

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return matter.count.arrest_span.plus_years(self.years).on_or_before(matter.as_of)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the arrest, which is never later than the disposition."""
        count = matter.count
        return finding(self.answer(matter), Fact("arrested", count.cycle.arrested, count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"{_years(self.years)} or more passed since the arrest"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"less than {_years(self.years)} passed since the arrest"


class OffenseStatedBefore(Predicate):
    """Whether the offense is dated before the day, by its own date and no other."""

    name = "offense_stated_before"
    day: dt.date

    def ask(self, matter: Matter) -> Finding:
        """Answer from the offense's own date; unknown where it is blank or too vague."""
        count = matter.count
        fact = Fact("committed", count.committed, count.place)
        return finding(span_of(count.committed).before(self.day), fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the record dates the offense before {self.day}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the record dates the offense on or after {self.day}"


class DisposedDaysAgo(Predicate):
    """Whether more than so many days have passed since the disposition."""

    name = "disposed_days_ago"
    days: Annotated[int, Field(ge=1, le=3660)]

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return matter.count.disposed_span.before(matter.as_of - dt.timedelta(days=self.days))

    def ask(self, matter: Matter) -> Finding:
        """Answer from the disposition's date, which is never earlier than the arrest."""
        return finding(self.answer(matter), disposed(matter.count))

    def words(self) -> str:
        """The condition in plain English."""
        return f"more than {self.days} days passed since the disposition"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"at most {self.days} days passed since the disposition"


class SentenceComplete(Predicate):
    """Whether every part of the sentence that is not about money is complete.

    What a person answers decides. Without an answer it is complete once the stated end is past by ``margin_years``
    more, and unknown before that, because supervision after custody stands in no record and a term may end early; a
    fine takes no time.
    """

    name = "sentence_complete"
    margin_years: Years = 0
    _by_record: SentenceEnded = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Make what answers from the record once."""
        object.__setattr__(self, "_by_record", SentenceEnded(margin_years=self.margin_years))

    def by_record(self, matter: Matter) -> Answer:
        """Whether the record's own terms have run."""
        return self._by_record.answer(matter)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the person's answer, else from the sentence and the disposition's date."""
        said = supplied(matter, SENTENCE_FACT)
        if isinstance(said.value, bool):
            return finding(Answer.of(said.value), said)
        found = self._by_record.ask(matter)
        if found.answer is Answer.YES:
            return found
        return finding(Answer.UNKNOWN, said, *(fact for fact in found.lacked if fact.value is None))

    def fact_names(self) -> tuple[str, ...]:
        """The fact that it asks for."""
        return (SENTENCE_FACT,)

    def words(self) -> str:
        """The condition in plain English."""
        return "the sentence is complete, money aside"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the sentence is not complete, money aside"


class YearsSinceSentence(Predicate):
    """Whether so many calendar years have passed since the sentence ended; on the anniversary they have.

    ``of`` is ``this`` for the sentence of this charge, or ``every`` for those of all the person's convictions.
    """

    name = "years_since_sentence"
    years: Years
    of: Literal["this", "every"]

    def _waited(self, ends: Span, matter: Matter) -> Answer:
        return ends.plus_years(self.years).on_or_before(matter.as_of)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the sentences; a rejected row of the person may hold a further part."""
        count = matter.count
        if self.of == "every":
            waiting = over_others(
                matter,
                ((other, ~self._waited(other.conviction.sentence_ends, matter)) for other in matter.history.others),
                "sentence",
            )
            return waiting._replace(answer=~waiting.answer)
        answer = self._waited(count.sentence_ends, matter)
        if answer is Answer.YES and matter.history.has_gaps:
            return finding(Answer.UNKNOWN, *(Fact("sentence", None, place) for place in matter.person.missing_rows))
        return finding(answer, Fact("sentence", count.sentence_ends.latest, count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"{_years(self.years)} or more passed since {self._whose()} ended"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"less than {_years(self.years)} passed since {self._whose()} ended"

    def _whose(self) -> str:
        return "the sentence" if self.of == "this" else "the person's last sentence"


def _years(years: int) -> str:
    return "a year" if years == 1 else f"{years} years"
