"""One decided charge as a document takes it up, with what an attorney said of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from clearslate.model import Record
from clearslate.output.decided import Decided
from clearslate.policy.determination import Outcome
from clearslate.policy.word import Word

__all__ = ["Entry", "Standing", "Word"]


class Standing(enum.Enum):
    """Where an entry goes."""

    GRANTED = "granted"
    OBJECTED = "objected"
    OPEN = "open"
    REFUSED = "refused"
    REFERRED = "referred"


class Entry(Record, frozen=True):
    """A decided charge, where it stands in the source, and what an attorney said of it.

    ``cells`` is the first source row of the charge by column, as printed. The determination has the attorney's words
    in it, so that a document says what the other outputs of the run say.
    """

    decided: Decided
    source_file: str
    cells: Mapping[str, str]

    @property
    def word(self) -> Word | None:
        """The attorney's word on the whole, where there are no routes; None where nobody had one."""
        return self.decided.determination.word_on(None)

    @property
    def outcome(self) -> Outcome:
        """What was decided, the attorney's word in it."""
        return self.decided.determination.decision.outcome

    @property
    def reliefs(self) -> tuple[str, ...]:
        """Every relief granted, least first."""
        return self.decided.determination.granted

    @property
    def standing(self) -> Standing:
        """Where it goes; what is objected to is no grant."""
        got = self.decided.determination
        objected = any(word.kind == "object" for word in got.words)
        if objected and got.decision.outcome is Outcome.REVIEW:
            return Standing.OBJECTED
        return _STANDINGS[got.decision.outcome]


_STANDINGS = {
    Outcome.ELIGIBLE: Standing.GRANTED,
    Outcome.REVIEW: Standing.OPEN,
    Outcome.INELIGIBLE: Standing.REFUSED,
    Outcome.REFER: Standing.REFERRED,
}
