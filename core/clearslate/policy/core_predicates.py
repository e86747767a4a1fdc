"""The core's predicates: questions that any jurisdiction's policy asks of a count and its person."""

from __future__ import annotations

from clearslate.policy.predicate import Predicate
from clearslate.policy.predicates.dates import (
    ArrestedOnOrAfter,
    CommittedBefore,
    DecidedAfter,
    DisposedBefore,
    DisposedYearsAgo,
)
from clearslate.policy.predicates.history import (
    ConvictionsAtLeast,
    ConvictionWithin,
    EarlierOfSameSection,
    LaterConviction,
    OnlyConvictionsOf,
)
from clearslate.policy.predicates.people import AgePast, AgeReached, Deceased
from clearslate.policy.predicates.record import (
    AlreadyRelieved,
    ClassIn,
    CountyStated,
    DispositionIn,
    EndedAs,
    Flagged,
    GradeIn,
    SharesIdentifier,
    StatuteReadable,
)
from clearslate.policy.predicates.sentences import EverySentenceEnded, SentenceEnded
from clearslate.policy.predicates.statutes import NumberUnderOtherCode, SameCaseHas, StatuteIn, StatuteMarked
from clearslate.policy.predicates.supplied import FactAtMost, FactIs

CORE_PREDICATES: tuple[type[Predicate], ...] = (
    AgePast,
    AgeReached,
    AlreadyRelieved,
    ArrestedOnOrAfter,
    ClassIn,
    CommittedBefore,
    ConvictionWithin,
    ConvictionsAtLeast,
    CountyStated,
    Deceased,
    DecidedAfter,
    DisposedBefore,
    DisposedYearsAgo,
    DispositionIn,
    EarlierOfSameSection,
    EndedAs,
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

__all__ = [
    "CORE_PREDICATES",
    "AgePast",
    "AgeReached",
    "AlreadyRelieved",
    "ArrestedOnOrAfter",
    "ClassIn",
    "CommittedBefore",
    "ConvictionWithin",
    "ConvictionsAtLeast",
    "CountyStated",
    "Deceased",
    "DecidedAfter",
    "DisposedBefore",
    "DisposedYearsAgo",
    "DispositionIn",
    "EarlierOfSameSection",
    "EndedAs",
    "EverySentenceEnded",
    "FactAtMost",
    "FactIs",
    "Flagged",
    "GradeIn",
    "LaterConviction",
    "NumberUnderOtherCode",
    "OnlyConvictionsOf",
    "SameCaseHas",
    "SentenceEnded",
    "SharesIdentifier",
    "StatuteIn",
    "StatuteMarked",
    "StatuteReadable",
]
