"""Questions about sentences."""

from __future__ import annotations

import datetime as dt

from clearslate.model import Answer, Count, Span
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding
from clearslate.policy.predicates.arguments import (
    OnTheDay,
    Years,
    over_others,
)


class SentenceEnded(Predicate):
    """Whether the sentence of this count ended before the day of decision.

    The stated end must be past by ``margin_years`` more to be a yes; between the stated end and
    the margin it is unknown, because supervision after custody does not stand in the record (after a
    fine alone there is none). A rejected row of the person could hold a further part, so that a past
    end is unknown too.
    """

    name = "sentence_ended"
    margin_years: Years = 0

    def _stated(self, matter: Matter) -> Answer:
        count = matter.count
        fined_only = all(part.takes_no_time for part in count.sentence)
        return _ended(count.sentence_ends, matter.as_of, 0 if fined_only else self.margin_years)

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        stated = self._stated(matter)
        return Answer.UNKNOWN if stated is Answer.YES and matter.history.has_gaps else stated

    def ask(self, matter: Matter) -> Finding:
        """Answer from the sentence parts and the disposition's date."""
        count, answer = matter.count, self.answer(matter)
        if answer is Answer.UNKNOWN and self._stated(matter) is Answer.YES:
            return finding(answer, *(Fact("sentence", None, place) for place in matter.person.missing_rows))
        return finding(answer, Fact("sentence", count.sentence_ends.latest, count.place))

    def words(self) -> str:
        """The condition in plain English."""
        margin = f" at least {self.margin_years} years ago" if self.margin_years else ""
        return f"the sentence ended{margin}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the sentence has not ended"


def _ended(ends: Span, as_of: dt.date, margin_years: int) -> Answer:
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

        running = over_others(matter, ((other, runs(other.conviction)) for other in matter.history.others), "sentence")
        return Finding(~running.answer, running.used, running.lacked)

    def words(self) -> str:
        """The condition in plain English."""
        return "the sentence of every conviction on record has ended"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the sentence of a conviction on record still runs"
