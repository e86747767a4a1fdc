"""Three-valued answers: what a record says, denies, or leaves open."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Answer(enum.Enum):
    """Yes, no or unknown. ``bool(answer)`` raises, so that unknown is never taken for no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("an Answer is not a truth value; compare it with Answer.YES or Answer.NO")

    def __invert__(self) -> Answer:
        if self is Answer.UNKNOWN:
            return self
        return Answer.NO if self is Answer.YES else Answer.YES

    @classmethod
    def of(cls, value: bool | None) -> Answer:
        """Give the answer for True, False, or None for unknown."""
        if value is None:
            return cls.UNKNOWN
        return cls.YES if value else cls.NO


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes if one is yes, no if all are no, else unknown."""
    seen_unknown = False
    for answer in answers:
        if answer is Answer.YES:
            return Answer.YES
        seen_unknown = seen_unknown or answer is Answer.UNKNOWN
    return Answer.UNKNOWN if seen_unknown else Answer.NO


def all_of(answers: Iterable[Answer]) -> Answer:
    """No if one is no, yes if all are yes, else unknown."""
    seen_unknown = False
    for answer in answers:
        if answer is Answer.NO:
            return Answer.NO
        seen_unknown = seen_unknown or answer is Answer.UNKNOWN
    return Answer.UNKNOWN if seen_unknown else Answer.YES
