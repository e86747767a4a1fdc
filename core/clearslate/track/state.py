"""The states of a case, and which may follow which."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class State(enum.Enum):
    """What has become of one decided charge."""

    DECIDED = "decided"
    FILED = "filed"
    GRANTED = "granted"
    SIGNED = "signed"
    SEALED = "sealed"
    POSTED = "posted"
    REPORTED = "reported"
    SEEN_CLEARED = "seen_cleared"
    VISIBLE_AGAIN = "visible_again"
    CASE_NOT_FOUND = "case_not_found"
    COUNT_MISMATCH = "count_mismatch"
    DENIED = "denied"

    @property
    def is_open(self) -> bool:
        """Whether there is something left to be done, or to be looked at."""
        return self not in (State.SEEN_CLEARED, State.DENIED)

    @property
    def title(self) -> str:
        """Its name in words."""
        return self.value.replace("_", " ")


MEANINGS: Mapping[State, str] = MappingProxyType(
    {
        State.DECIDED: "what the office's policy says; nothing more is known here",
        State.FILED: "the office has asked the court",
        State.GRANTED: "the court says yes; no day of an order is known",
        State.SIGNED: "the court has signed the order",
        State.SEALED: "the court says that the case is sealed",
        State.POSTED: "the court's own record shows it",
        State.REPORTED: "it was sent to the state's repository",
        State.SEEN_CLEARED: "a later file of the state shows it cleared",
        State.VISIBLE_AGAIN: "a still later file shows it as it was before",
        State.CASE_NOT_FOUND: "the court does not find the case",
        State.COUNT_MISMATCH: "the court finds the case, and other counts in it",
        State.DENIED: "the court says no",
    }
)
"""What each state means, in a clause."""


class Move(enum.Enum):
    """What a step does in a state that allows it.

    It ``GOES`` on to its own state; or it does so on a later day alone, because on one and the same day the two
    contradict each other; or the state ``STAYS``, which says as much already.
    """

    GOES = "goes on"
    GOES_LATER = "goes on, on a later day"
    STAYS = "stays"


_ANSWERED = (State.CASE_NOT_FOUND, State.COUNT_MISMATCH, State.DENIED)
_AFTER_FILING = (State.GRANTED, State.SIGNED, State.SEALED, State.POSTED, *_ANSWERED)


def _table() -> Mapping[State, Mapping[State, Move]]:
    goes: dict[State, tuple[State, ...]] = {
        State.DECIDED: (State.FILED, *_AFTER_FILING),
        State.FILED: (State.FILED, *_AFTER_FILING),
        State.GRANTED: (State.SIGNED, State.SEALED, State.POSTED, State.REPORTED, State.SEEN_CLEARED),
        State.SIGNED: (State.SEALED, State.POSTED, State.REPORTED, State.SEEN_CLEARED),
        State.SEALED: (State.POSTED, State.REPORTED, State.SEEN_CLEARED),
        State.POSTED: (State.REPORTED, State.SEEN_CLEARED),
        State.REPORTED: (State.SEEN_CLEARED,),
        State.SEEN_CLEARED: (State.VISIBLE_AGAIN,),
        State.VISIBLE_AGAIN: (State.REPORTED, State.SEEN_CLEARED),
        # A denial stands until the office asks again.
        **dict.fromkeys(_ANSWERED, (State.FILED,)),
    }
    later: dict[State, tuple[State, ...]] = {
        # What the court did not find, or not so, it may find when it is told better, whether or not it is filed again.
        State.CASE_NOT_FOUND: _AFTER_FILING,
        State.COUNT_MISMATCH: _AFTER_FILING,
    }
    stays: dict[State, tuple[State, ...]] = {
        State.GRANTED: (State.GRANTED,),
        State.SIGNED: (State.SIGNED, State.GRANTED),
        State.SEALED: (State.SEALED, State.SIGNED, State.GRANTED),
        State.POSTED: (State.POSTED, State.SEALED, State.GRANTED),
        State.REPORTED: (State.REPORTED, State.POSTED, State.SEALED, State.GRANTED),
        State.SEEN_CLEARED: (State.SEEN_CLEARED, State.REPORTED, State.POSTED, State.SEALED, State.GRANTED),
        State.VISIBLE_AGAIN: (State.VISIBLE_AGAIN, State.POSTED, State.SEALED, State.GRANTED),
        **{answer: (answer,) for answer in _ANSWERED},
    }
    return MappingProxyType(
        {
            state: MappingProxyType(
                {
                    **dict.fromkeys(goes.get(state, ()), Move.GOES),
                    **dict.fromkeys(later.get(state, ()), Move.GOES_LATER),
                    **dict.fromkeys(stays.get(state, ()), Move.STAYS),
                }
            )
            for state in State
        }
    )


TRANSITIONS: Mapping[State, Mapping[State, Move]] = _table()
"""What each state allows to be noted next; whatever is not here contradicts it."""

WAY = (
    State.DECIDED,
    State.FILED,
    State.GRANTED,
    State.SIGNED,
    State.SEALED,
    State.POSTED,
    State.REPORTED,
    State.SEEN_CLEARED,
)
"""The way that a case takes where all goes well. Each state stands for those before it, but for ``SEALED``."""

ON_ONE_DAY = (
    State.DECIDED,
    State.FILED,
    State.CASE_NOT_FOUND,
    State.COUNT_MISMATCH,
    State.DENIED,
    State.GRANTED,
    State.SIGNED,
    State.SEALED,
    State.POSTED,
    State.REPORTED,
    State.SEEN_CLEARED,
    State.VISIBLE_AGAIN,
)
"""The order of what happened on one day: what grants less comes first, and what then grants more contradicts it."""

COURTS = frozenset({State.GRANTED, State.SIGNED, State.SEALED, *_ANSWERED})
"""The states that an answer of the court leads to."""
