"""The columns of the State's Attorney's exports, and of the one text that both are made into."""

from __future__ import annotations

from types import MappingProxyType

DISPOSITIONS = "DISPOSITIONS"
SENTENCING = "SENTENCING"

ROW_PROBLEM = "ROW_PROBLEM"
"""What is wrong with a row whose cells are not in their places; blank in all others."""
EXPORT = "EXPORT"
"""Which export a row came from."""
ROW_TEXT = "ROW_TEXT"
"""The line as it stood in the file, where ``ROW_PROBLEM`` says something."""

DISPOSITION_COLUMNS: tuple[str, ...] = (
    "CASE_ID",
    "CASE_PARTICIPANT_ID",
    "RECEIVED_DATE",
    "OFFENSE_CATEGORY",
    "PRIMARY_CHARGE_FLAG",
    "CHARGE_ID",
    "CHARGE_VERSION_ID",
    "DISPOSITION_CHARGED_OFFENSE_TITLE",
    "CHARGE_COUNT",
    "DISPOSITION_DATE",
    "DISPOSITION_CHARGED_CHAPTER",
    "DISPOSITION_CHARGED_ACT",
    "DISPOSITION_CHARGED_SECTION",
    "DISPOSITION_CHARGED_CLASS",
    "DISPOSITION_CHARGED_AOIC",
    "CHARGE_DISPOSITION",
    "CHARGE_DISPOSITION_REASON",
    "JUDGE",
    "DISPOSITION_COURT_NAME",
    "DISPOSITION_COURT_FACILITY",
    "AGE_AT_INCIDENT",
    "RACE",
    "GENDER",
    "INCIDENT_CITY",
    "INCIDENT_BEGIN_DATE",
    "INCIDENT_END_DATE",
    "LAW_ENFORCEMENT_AGENCY",
    "LAW_ENFORCEMENT_UNIT",
    "ARREST_DATE",
    "FELONY_REVIEW_DATE",
    "FELONY_REVIEW_RESULT",
    "ARRAIGNMENT_DATE",
    "UPDATED_OFFENSE_CATEGORY",
)
"""The Dispositions export: a row for each charge that was disposed of."""

_SENTENCE_COLUMNS = (
    "SENTENCE_JUDGE",
    "SENTENCE_COURT_NAME",
    "SENTENCE_COURT_FACILITY",
    "SENTENCE_PHASE",
    "SENTENCE_DATE",
    "SENTENCE_TYPE",
    "CURRENT_SENTENCE_FLAG",
    "COMMITMENT_TYPE",
    "COMMITMENT_TERM",
    "COMMITMENT_UNIT",
    "LENGTH_OF_CASE_IN_DAYS",
)

_AT = DISPOSITION_COLUMNS.index("JUDGE")
SENTENCING_COLUMNS: tuple[str, ...] = (
    *DISPOSITION_COLUMNS[:_AT],
    *_SENTENCE_COLUMNS,
    *DISPOSITION_COLUMNS[DISPOSITION_COLUMNS.index("AGE_AT_INCIDENT") :],
)
"""The Sentencing export: a row for each sentence event of a charge."""

COLUMNS: tuple[str, ...] = (ROW_PROBLEM, EXPORT, *DISPOSITION_COLUMNS, *_SENTENCE_COLUMNS, ROW_TEXT)
"""The text that both exports are made into."""

_CHARGED = "DISPOSITION_CHARGED_"
ALIASES = MappingProxyType(
    {
        "PRIMARY_CHARGE": "PRIMARY_CHARGE_FLAG",
        "DISPO_DATE": "DISPOSITION_DATE",
        "DISP_DATE": "DISPOSITION_DATE",
        "FR_DATE": "FELONY_REVIEW_DATE",
        "FR_RESULT": "FELONY_REVIEW_RESULT",
        "UPDATE_OFFENSE_CATEGORY": "UPDATED_OFFENSE_CATEGORY",
        "OFFENSE_TITLE": f"{_CHARGED}OFFENSE_TITLE",
        "CHARGE_OFFENSE_TITLE": f"{_CHARGED}OFFENSE_TITLE",
        "CHARGED_OFFENSE_TITLE": f"{_CHARGED}OFFENSE_TITLE",
        **{name: f"{_CHARGED}{name}" for name in ("CHAPTER", "ACT", "SECTION", "CLASS", "AOIC")},
        **{f"CHARGED_{name}": f"{_CHARGED}{name}" for name in ("CHAPTER", "ACT", "SECTION", "CLASS", "AOIC")},
        "CURRENT_SENTENCE": "CURRENT_SENTENCE_FLAG",
        "LENGTH_OF_CASE": "LENGTH_OF_CASE_IN_DAYS",
        "UNIT": "LAW_ENFORCEMENT_UNIT",
    }
)
"""How the portal's interface and earlier vintages name columns, beside the names themselves in small letters."""
OWN_ALIASES = MappingProxyType(
    {
        DISPOSITIONS: MappingProxyType(
            {"COURT_NAME": "DISPOSITION_COURT_NAME", "COURT_FACILITY": "DISPOSITION_COURT_FACILITY"}
        ),
        SENTENCING: MappingProxyType(
            {
                "COURT_NAME": "SENTENCE_COURT_NAME",
                "COURT_FACILITY": "SENTENCE_COURT_FACILITY",
                "JUDGE": "SENTENCE_JUDGE",
            }
        ),
    }
)
"""Names that each export uses for a column of its own."""

_BOTH = (
    "CASE_ID",
    "CASE_PARTICIPANT_ID",
    "CHARGE_ID",
    "CHARGE_VERSION_ID",
    f"{_CHARGED}CHAPTER",
    f"{_CHARGED}ACT",
    f"{_CHARGED}SECTION",
    f"{_CHARGED}CLASS",
    "CHARGE_DISPOSITION",
    "INCIDENT_BEGIN_DATE",
    "ARREST_DATE",
)
WANTED = MappingProxyType(
    {
        DISPOSITIONS: (*_BOTH, "DISPOSITION_DATE"),
        SENTENCING: (*_BOTH, "SENTENCE_PHASE", "SENTENCE_DATE", "SENTENCE_TYPE", "COMMITMENT_TYPE"),
    }
)
"""Columns without which an export cannot be read."""

TELLING = MappingProxyType(
    {
        "SENTENCE_TYPE": SENTENCING,
        "SENTENCE_PHASE": SENTENCING,
        "COMMITMENT_TYPE": SENTENCING,
        "DIVERSION_PROGRAM": "Diversion",
        "DIVERSION_RESULT": "Diversion",
        "PARTICIPANT_STATUS": "Intake",
        "FINDING_NO_PROBABLE_CAUSE": "Initiation",
        "BOND_TYPE_INITIAL": "Initiation",
        "EVENT_DATE": "Initiation",
        "CHARGE_DISPOSITION": DISPOSITIONS,
    }
)
"""Columns that tell which export a header is of, in the order in which they are asked for."""

NEEDED: tuple[str, ...] = (
    EXPORT,
    "CASE_ID",
    "CASE_PARTICIPANT_ID",
    "CHARGE_ID",
    "CHARGE_VERSION_ID",
    f"{_CHARGED}OFFENSE_TITLE",
    "DISPOSITION_DATE",
    f"{_CHARGED}CHAPTER",
    f"{_CHARGED}ACT",
    f"{_CHARGED}SECTION",
    f"{_CHARGED}CLASS",
    "CHARGE_DISPOSITION",
    "CHARGE_DISPOSITION_REASON",
    "RACE",
    "GENDER",
    "INCIDENT_BEGIN_DATE",
    "LAW_ENFORCEMENT_AGENCY",
    "ARREST_DATE",
    "SENTENCE_PHASE",
    "SENTENCE_DATE",
    "SENTENCE_TYPE",
    "CURRENT_SENTENCE_FLAG",
    "COMMITMENT_TYPE",
    "COMMITMENT_TERM",
    "COMMITMENT_UNIT",
)
"""What a person is made from; the rest is carried through unread."""

CONDENSED: tuple[str, ...] = (
    EXPORT,
    "CASE_ID",
    "CASE_PARTICIPANT_ID",
    "CHARGE_ID",
    f"{_CHARGED}OFFENSE_TITLE",
    "DISPOSITION_DATE",
    f"{_CHARGED}CHAPTER",
    f"{_CHARGED}ACT",
    f"{_CHARGED}SECTION",
    f"{_CHARGED}CLASS",
    "CHARGE_DISPOSITION",
    "CHARGE_DISPOSITION_REASON",
    "INCIDENT_BEGIN_DATE",
    "ARREST_DATE",
    "SENTENCE_PHASE",
    "SENTENCE_DATE",
    "SENTENCE_TYPE",
    "COMMITMENT_TYPE",
    "COMMITMENT_TERM",
    "COMMITMENT_UNIT",
)
"""What a reviewer at a prosecutor's office looks at."""

LOOKUP = MappingProxyType({"identifier": ("CASE_PARTICIPANT_ID",), "case": ("CASE_ID",)})
"""What a person is looked up by: the exports hold no names and no birth dates."""
