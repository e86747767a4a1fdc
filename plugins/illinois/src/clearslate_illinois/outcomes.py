"""The words of Cook County's records for how a charge ended, cell by cell: the whole vocabulary that is known."""

from __future__ import annotations

import enum
from functools import lru_cache
from types import MappingProxyType

from clearslate.model import Disposition


class Ending(enum.StrEnum):
    """How a charge ended. The value is the word of ``Count.ended``, which policies use.

    Supervision and qualified probation (720 ILCS 550/10, 570/410 and the like) are a conviction only where they ended
    unsatisfactorily: 20 ILCS 2630/5.2(a)(1)(C). Without a word on how they ended, nobody knows.
    """

    NOT_CHARGED = "not_charged"
    NO_PROBABLE_CAUSE = "no_probable_cause"
    ACQUITTED = "acquitted"
    INSANITY = "insanity"
    DISMISSED = "dismissed"
    STRICKEN = "stricken"
    SUPERVISION = "supervision"
    SUPERVISION_COMPLETED = "supervision_completed"
    SUPERVISION_FAILED = "supervision_failed"
    QUALIFIED_PROBATION = "qualified_probation"
    QUALIFIED_PROBATION_COMPLETED = "qualified_probation_completed"
    QUALIFIED_PROBATION_FAILED = "qualified_probation_failed"
    PROBATION = "probation"
    CONDITIONAL_DISCHARGE = "conditional_discharge"
    IMPRISONMENT = "imprisonment"
    FINE = "fine"
    OTHER_SENTENCE = "other_sentence"
    VACATED = "vacated"
    PARDONED = "pardoned"
    CIVIL_VIOLATION = "civil_violation"
    PENDING = "pending"
    NOT_FINAL = "not_final"
    UNSENTENCED = "unsentenced"
    ABATED = "abated"
    INCONSISTENT = "inconsistent"
    UNCLEAR = "unclear"

    @property
    def disposition(self) -> Disposition:
        """Whether it is a conviction, is none, or is not known to be either."""
        return DISPOSITIONS[self]


DISPOSITIONS = MappingProxyType(
    dict.fromkeys(
        (
            Ending.NOT_CHARGED,
            Ending.NO_PROBABLE_CAUSE,
            Ending.ACQUITTED,
            Ending.INSANITY,
            Ending.DISMISSED,
            Ending.STRICKEN,
            Ending.SUPERVISION_COMPLETED,
            Ending.QUALIFIED_PROBATION_COMPLETED,
            Ending.VACATED,
            Ending.CIVIL_VIOLATION,
            Ending.ABATED,
        ),
        Disposition.NOT_CONVICTED,
    )
    | dict.fromkeys(
        (
            Ending.SUPERVISION_FAILED,
            Ending.QUALIFIED_PROBATION_FAILED,
            Ending.PROBATION,
            Ending.CONDITIONAL_DISCHARGE,
            Ending.IMPRISONMENT,
            Ending.FINE,
            Ending.OTHER_SENTENCE,
            Ending.PARDONED,
        ),
        Disposition.CONVICTED,
    )
    | dict.fromkeys(
        (
            Ending.SUPERVISION,
            Ending.QUALIFIED_PROBATION,
            Ending.NOT_FINAL,
            Ending.UNSENTENCED,
            Ending.INCONSISTENT,
            Ending.UNCLEAR,
        ),
        Disposition.UNKNOWN,
    )
    | {Ending.PENDING: Disposition.PENDING}
)
"""What each ending is for the model."""


@lru_cache(maxsize=1 << 14)
def plain(cell: str) -> str:
    """A cell for comparison: lower case, spaces collapsed, square brackets around it taken off."""
    return " ".join(cell.removeprefix("[").removesuffix("]").casefold().split())


GUILTY = frozenset(
    [
        "plea of guilty",
        "finding guilty",
        "verdict guilty",
        "finding guilty - lesser included",
        "plea of guilty - amended charge",
        "plea of guilty - lesser included",
        "verdict guilty - lesser included",
        "finding guilty - amended charge",
        "verdict guilty - amended charge",
        "finding guilty but mentally ill",
        "plea of guilty but mentally ill",
        "verdict guilty but mentally ill",
    ]
)

AMENDED = frozenset(value for value in GUILTY if value.endswith(("- lesser included", "- amended charge")))
"""Dispositions that are of another charge than the one that was filed."""

NOT_GUILTY = MappingProxyType(
    {
        "nolle prosecution": Ending.DISMISSED,
        "nolle on remand": Ending.DISMISSED,
        "nolle pros - aonic": Ending.DISMISSED,
        "case dismissed": Ending.DISMISSED,
        "charge rejected": Ending.NOT_CHARGED,
        "charge vacated": Ending.VACATED,
        "charge reversed": Ending.VACATED,
        "fng": Ending.ACQUITTED,
        "verdict-not guilty": Ending.ACQUITTED,
        "fng reason insanity": Ending.INSANITY,
        "fnpc": Ending.NO_PROBABLE_CAUSE,
        "sol": Ending.STRICKEN,
        "death suggested-cause abated": Ending.ABATED,
        "superseded by indictment": Ending.NOT_FINAL,
        "bfw": Ending.NOT_FINAL,
        "mistrial declared": Ending.NOT_FINAL,
        "transferred - misd crt": Ending.NOT_FINAL,
        "wowi": Ending.NOT_FINAL,
        "finding not not guilty": Ending.UNCLEAR,
        "withdrawn": Ending.UNCLEAR,
        "sexually dangerous person": Ending.UNCLEAR,
        "hold pending interlocutory": Ending.UNCLEAR,
        "solw": Ending.UNCLEAR,
        "tran-fai": Ending.UNCLEAR,
    }
)

DISPOSITION_VALUES = GUILTY | frozenset(NOT_GUILTY)
"""The values of CHARGE_DISPOSITION, in plain form."""

# Reasons that say more of a charge than that it was dropped.
REASONS = MappingProxyType(
    {
        "re-indictment": Ending.NOT_FINAL,
        "indictment": Ending.NOT_FINAL,
        "sent to gj": Ending.NOT_FINAL,
        "bond forfeiture": Ending.NOT_FINAL,
        "transfered to misdemeanor court": Ending.NOT_FINAL,
        "transferred to misdemeanor court": Ending.NOT_FINAL,
        # The charge went on as a misdemeanor, whose outcome is in no felony file.
        "pg to misdemeanor": Ending.NOT_FINAL,
        "misdemeanor amount": Ending.NOT_FINAL,
        "adjudicated minor": Ending.UNCLEAR,
        "warrant quashed/recalled": Ending.UNCLEAR,
        "judgement & conviction vacated": Ending.VACATED,
        "judgment & conviction vacated": Ending.VACATED,
    }
)
PLAIN_REASONS = frozenset(
    [
        "",
        "pg to other count/s",
        "proceeding on other count/s",
        "proceeding on other case/s",
        "nolle - aonic",
        "motion to quash arrest & suppress evidence/sustained",
        "ddpp graduate",
        "dgs graduation",
        "deferred prosecution program completed",
        "drug court graduate",
        "no lab",
        "negative lab",
    ]
)
# Words with which a reason that is in no table may say that the charge lives on.
OPEN_WORDS = frozenset(
    {"INDICTMENT", "INDICTED", "REINDICTED", "GJ", "GRAND", "JURY", "TRANSFER", "TRANSFERED", "TRANSFERRED"}
    | {"MISDEMEANOR", "MISD", "MINOR", "JUVENILE", "WARRANT", "BOND", "FORFEITURE", "VACATED", "REMAND", "REMANDED"}
    | {"REINSTATE", "REINSTATED", "SUPERSEDED", "CONSOLIDATED"}
)


class Kind(enum.Enum):
    """What one sentencing row orders."""

    SUPERVISION = "supervision"
    QUALIFIED = "qualified probation"
    IMPRISONMENT = "imprisonment"
    PROBATION = "probation"
    CONDITIONAL_DISCHARGE = "conditional discharge"
    FINE = "fine"
    OTHER = "other"
    SATISFACTORILY = "terminated satisfactorily"
    UNSATISFACTORILY = "terminated unsatisfactorily"
    INSTANTER = "terminated at once"
    UNKNOWN = "unknown"


_ENDED = {
    "probation terminated unsatisfactorily": Kind.UNSATISFACTORILY,
    "probation terminated satisfactorily": Kind.SATISFACTORILY,
    "probation terminated instanter": Kind.INSTANTER,
}

TYPES = MappingProxyType(
    {
        "prison": Kind.IMPRISONMENT,
        "jail": Kind.IMPRISONMENT,
        "cook county boot camp": Kind.IMPRISONMENT,
        "probation": Kind.PROBATION,
        "conditional discharge": Kind.CONDITIONAL_DISCHARGE,
        "supervision": Kind.SUPERVISION,
        "2nd chance probation": Kind.QUALIFIED,
        "conversion": Kind.OTHER,
        "inpatient mental health services": Kind.OTHER,
        "conditional release": Kind.OTHER,
        "death": Kind.OTHER,
        "vocational rehabilitation impact center(vric)": Kind.OTHER,
        **_ENDED,
    }
)
COMMITMENTS = MappingProxyType(
    {
        "illinois department of corrections": Kind.IMPRISONMENT,
        "cook county department of corrections": Kind.IMPRISONMENT,
        "cook county boot camp": Kind.IMPRISONMENT,
        "periodic imprisonment": Kind.IMPRISONMENT,
        "home confinement": Kind.IMPRISONMENT,
        "natural life": Kind.IMPRISONMENT,
        "probation": Kind.PROBATION,
        "intensive probation services": Kind.PROBATION,
        "mental health probation": Kind.PROBATION,
        "intensive drug probation services": Kind.PROBATION,
        "drug court probation": Kind.PROBATION,
        "sex offender probation": Kind.PROBATION,
        "gang probation": Kind.PROBATION,
        "veteran's court probation": Kind.PROBATION,
        "conditional discharge": Kind.CONDITIONAL_DISCHARGE,
        "710/410 probation": Kind.QUALIFIED,
        "2nd chance probation": Kind.QUALIFIED,
        "tasc": Kind.QUALIFIED,
        "tasc probation": Kind.QUALIFIED,
        "court supervision": Kind.SUPERVISION,
        "supervision": Kind.SUPERVISION,
        "drug school": Kind.OTHER,
        "conditional release": Kind.OTHER,
        "death": Kind.OTHER,
        **_ENDED,
    }
)
TYPE_VALUES = frozenset(TYPES)
"""The values of SENTENCE_TYPE, in plain form."""
COMMITMENT_VALUES = frozenset(COMMITMENTS)
"""The values of COMMITMENT_TYPE that are known, in plain form; the export has some more."""
PHASE_VALUES = frozenset(
    [
        "original sentencing",
        "probation violation sentencing",
        "amended/corrected sentencing",
        "resentenced",
        "remanded sentencing",
        "summary charge info",
    ]
)
"""The values of SENTENCE_PHASE, in plain form."""

VIOLATION = "probation violation sentencing"
WITHHELD = frozenset({Kind.SUPERVISION, Kind.QUALIFIED})
TERMINATED = frozenset({Kind.SATISFACTORILY, Kind.UNSATISFACTORILY, Kind.INSTANTER})
CLERK = MappingProxyType(
    {
        "def sentenced to probation": Kind.PROBATION,
        "prob and other disc conds": Kind.PROBATION,
        "def sent conditional discharge": Kind.CONDITIONAL_DISCHARGE,
        "cond disch and other disc cond": Kind.CONDITIONAL_DISCHARGE,
        "sent/crt supv/spec conds": Kind.SUPERVISION,
        "sent/crt supv-soc serv-spc cnd": Kind.SUPERVISION,
        "supervision - social serv dept": Kind.SUPERVISION,
        "def sentenced illinois doc": Kind.IMPRISONMENT,
        "def sentenced to cook cnty doc": Kind.IMPRISONMENT,
        "def sent ccdoc, periodic imp": Kind.IMPRISONMENT,
        "sentenced ccdoc boot camp": Kind.IMPRISONMENT,
        "eligible impact prog-boot camp": Kind.IMPRISONMENT,
        # What comes with a sentence, whichever it is.
        "credit defendant for time serv": Kind.OTHER,
        "sentenced to community service": Kind.OTHER,
        "def sent to pay restitution": Kind.OTHER,
    }
)
CLERK_VALUES = frozenset(CLERK)
"""The values of chrgdisp that are known, in plain form; the extract has more."""
