"""What the columns of a table may be, guessed from their names, and what words of the law mean in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from clearslate.ingest.table.words import plain

_BETWEEN = re.compile(r"[^a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_WHOLE = MappingProxyType(
    {
        "no": "number", "num": "number", "nbr": "number", "desc": "description", "descr": "description",
        "dt": "date", "def": "defendant", "deft": "defendant", "disp": "disposition", "off": "offense",
        "chg": "charge", "cnt": "count", "cnty": "county",
    }
)  # fmt: skip

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person.id": (
            "person id", "subject id", "defendant id", "offender id", "individual id", "party id", "name id",
            "client id", "def id", "person number", "defendant number", "subject number", "person key", "pid", "id",
        ),
        "person.identifier": (
            "sid", "state id", "state identification number", "state number", "cii", "cii number", "ir number", "ir no",
            "fbi number", "fbi no", "sbi", "identifier",
        ),
        "person.name": (
            "name", "defendant name", "person name", "full name", "subject name", "defendant", "offender name",
            "offender",
        ),
        "person.name.last": ("last name", "surname", "family name", "lname", "last", "defendant last name"),
        "person.name.first": ("first name", "given name", "fname", "first", "forename", "defendant first name"),
        "person.name.middle": ("middle name", "mname", "middle", "defendant middle name"),
        "person.born": ("dob", "date of birth", "birth date", "birthdate", "born", "defendant dob", "birthday"),
        "person.sex": ("sex", "gender"),
        "person.race": ("race", "ethnicity", "race ethnicity", "race descr", "race description"),
        "person.deceased": ("deceased", "is deceased", "dead", "death"),
        "charge.key": (
            "charge id", "charge number", "charge no", "count number", "count no", "count id", "charge seq",
            "charge sequence", "count", "charge key", "sequence", "seq",
        ),
        "charge.case_number": (
            "case number", "case no", "case id", "case", "docket", "docket number", "court case number", "cause number",
            "court number", "case num",
        ),
        "charge.statute": (
            "statute", "statute code", "charge code", "offense code", "section", "violation", "statute number",
            "charge statute", "code section", "offense statute", "law", "violation code", "citation", "chapter",
        ),
        "charge.offense": (
            "offense", "offense description", "charge description", "charge", "description", "offense descr", "crime",
            "offense title", "charge offense title",
        ),
        "charge.grade": (
            "grade", "level", "severity", "charge level", "offense level", "felony misdemeanor", "charge type",
            "offense grade", "degree", "charge grade", "offense type", "toc",
        ),
        "charge.class": ("class", "charge class", "offense class", "class code"),
        "charge.committed": (
            "offense date", "date of offense", "incident date", "violation date", "committed", "committed date",
            "crime date", "incident begin date",
        ),
        "charge.arrested": ("arrest date", "date of arrest", "arrested", "booking date", "arrest"),
        "charge.disposed": (
            "disposition date", "date of disposition", "conviction date", "date of conviction", "disposed",
            "disposed date", "sentence date", "judgment date", "date disposed", "convicted on", "disp date",
        ),
        "charge.disposition": (
            "disposition", "charge disposition", "verdict", "outcome", "disp", "disposition description", "result",
            "finding", "disposition code",
        ),
        "charge.county": ("county", "county name", "court county", "venue"),
        "charge.agency": ("court", "agency", "court name", "courthouse", "arresting agency"),
        "charge.sentence": (
            "sentence days", "sentence months", "sentence years", "sentence length", "jail days", "days", "months",
            "sentence", "term", "probation months", "prison years",
        ),
    }
)  # fmt: skip
"""Names that columns have, in small letters, by the key of the mapping; those that say most stand first."""

GRADES: Mapping[str, str] = MappingProxyType(
    {
        "f": "felony", "fel": "felony", "felony": "felony",
        "m": "misdemeanor", "mis": "misdemeanor", "misd": "misdemeanor", "misdemeanor": "misdemeanor",
        "misdemeanour": "misdemeanor",
        "i": "infraction", "inf": "infraction", "infraction": "infraction",
    }
)  # fmt: skip

DISPOSITIONS: Mapping[str, str] = MappingProxyType(
    {
        "convicted": "convicted", "conviction": "convicted", "guilty": "convicted", "found guilty": "convicted",
        "plea of guilty": "convicted", "pled guilty": "convicted", "guilty plea": "convicted",
        "plead guilty": "convicted", "verdict guilty": "convicted", "finding guilty": "convicted",
        "nolo contendere": "convicted", "no contest": "convicted", "plea of no contest": "convicted",
        "acquitted": "not convicted", "acquittal": "not convicted", "not guilty": "not convicted",
        "found not guilty": "not convicted", "verdict not guilty": "not convicted",
        "finding not guilty": "not convicted", "dismissed": "not convicted", "dismissal": "not convicted",
        "case dismissed": "not convicted", "charge dismissed": "not convicted", "nolle prosequi": "not convicted",
        "nolle pros": "not convicted", "nolle": "not convicted", "nol pros": "not convicted",
        "nolle prosecution": "not convicted", "not convicted": "not convicted", "rejected": "not convicted",
        "declined": "not convicted",
        "pending": "pending", "open": "pending", "active": "pending",
    }
)  # fmt: skip
"""Words for how a charge ended that mean one thing. Others, such as those for a deferred judgment, need a lawyer."""

_LAW_WORDS = """
    a abated accepted acquittal acquitted active adjudicated adjudication after agreement amended and arrest bail bench
    by case charge class closed completed condition conditional contendere contest convicted conviction count court
    date death default deferred defendant degree denied dismissal dismissed disposed disposition diversion drug entered
    expunged failure felony filed final fine finding first for found fta granted guilty held improper in inf infraction
    informal insanity insufficient judgment jury lack leave level m merged mis misd misdemeanor mistrial n nol nolle
    nolo not of offense on open or order ordered over paid papers pardoned pending plea plead pleaded pled possession
    prejudice prior probable probation program pros prosecution prosequi reason reduced refile rejected released remand
    remanded removed reopened restitution result reversed revoked satisfied sealed second sentence sentenced served set
    sol stet stricken struck supervision supervised suspended terminated third time to transfer transferred treatment
    trial under unsupervised vacated verdict violation waived warrant with withdrawn withheld without
"""
LAW_WORDS = frozenset(_LAW_WORDS.split())
"""Words that a proposal may show: no one of them is a name."""


def plain_name(name: str) -> str:
    """A column's name in small letters and whole words: ``CaseNumber``, ``CASE_NUMBER`` and ``Case No.`` are alike."""
    parts = _BETWEEN.sub(" ", _HUMP.sub(" ", name).lower()).split()
    return " ".join(_WHOLE.get(part, part) for part in parts)


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """For each key of the mapping, the column whose name fits it best; a column serves for one key."""
    words = {column: plain_name(column) for column in columns}
    # A name may stand in the table as it is shortened.
    fits: list[tuple[int, int, str, str]] = []
    for place, (key, names) in enumerate(NAMES.items()):
        for rank, name in enumerate(names):
            fits += [(rank, place, key, column) for column, own in words.items() if own == plain_name(name)]
    found: dict[str, str] = {}
    for _, _, key, column in sorted(fits):
        if key not in found and column not in found.values():
            found[key] = column
    return found


def may_be_shown(word: str) -> bool:
    """Whether a cell holds nothing but words of the law, single letters and short numbers, and so no name."""
    parts = re.findall(r"[a-z]+|[0-9]+", plain(word))
    return bool(parts) and all(
        part in LAW_WORDS or (len(part) == 1 and part.isalpha()) or (part.isdigit() and len(part) <= 2)
        for part in parts
    )
