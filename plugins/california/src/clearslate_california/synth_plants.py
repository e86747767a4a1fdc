"""What is planted in invented records, so that an answer key can say what a run must find."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from clearslate_california.synth_people import Case, Chance, Charge, Individual, Step, convicted, stamp


class Plant(NamedTuple):
    """A kind of planted fact; ``put`` changes a person, given the one before, and says where.

    ``breaks`` says that a row is written so that it cannot be used or needs a careful look.
    """

    name: str
    put: Callable[[Chance, Individual, Individual | None], str]
    breaks: bool = False


def _cells(**cells: str) -> Callable[[Chance, Individual, Individual | None], str]:
    def put(chance: Chance, person: Individual, before: Individual | None) -> str:
        person.marijuana.charges[0].cells.update(cells)
        return ", ".join(cells)

    return put


def _offense(text: str, toc: str = "F", comment: str = "") -> Callable[[Chance, Individual, Individual | None], str]:
    def put(chance: Chance, person: Individual, before: Individual | None) -> str:
        charge = person.marijuana.charges[0]
        charge.offense, charge.toc, charge.comment = text, toc, comment
        charge.grade = "MISDEMEANOR" if toc == "M" else "FELONY"
        return text

    return put


def _later(text: str) -> Callable[[Chance, Individual, Individual | None], str]:
    def put(chance: Chance, person: Individual, before: Individual | None) -> str:
        case = person.marijuana
        _felony(case.charges[0])
        case.later = [Step(text, 0, (case.disposed or case.arrested) + 900)]
        return text

    return put


def _felony(charge: Charge) -> None:
    charge.offense, charge.toc, charge.grade = "11359 HS-POSSESS MARIJUANA FOR SALE", "F", "FELONY"


def _another(offense: str, days: int, *, copies: int = 1) -> Callable[[Chance, Individual, Individual | None], str]:
    def put(chance: Chance, person: Individual, before: Individual | None) -> str:
        case = person.marijuana
        _felony(case.charges[0])
        for copy in range(1, copies + 1):
            arrested = case.arrested + days * copy
            person.cases.append(
                Case(case.county, arrested, arrested + 40, [convicted(chance, offense, "F")], f"Z{copy}{case.number}")
            )
        return f"{offense}, {abs(days)} days {'before' if days < 0 else 'after'}"

    return put


def _same_case(offense: str) -> Callable[[Chance, Individual, Individual | None], str]:
    def put(chance: Chance, person: Individual, before: Individual | None) -> str:
        _felony(person.marijuana.charges[0])
        person.marijuana.charges.append(convicted(chance, offense, "F"))
        return offense

    return put


def _registered(chance: Chance, person: Individual, before: Individual | None) -> str:
    _felony(person.marijuana.charges[0])
    person.registered.append((person.marijuana.arrested - 400, "290 PC-REGISTRATION OF SEX OFFENDER"))
    return "no registrable conviction on file"


def _partial(pattern: str) -> Callable[[Chance, Individual, Individual | None], str]:
    def put(chance: Chance, person: Individual, before: Individual | None) -> str:
        day = stamp(person.marijuana.disposed or person.marijuana.arrested)
        text = day[: len(pattern.rstrip("0"))] + "0" * (8 - len(pattern.rstrip("0")))
        person.marijuana.charges[0].cells.update({"STP_EVENT_DATE": text, "DISP_DATE": text})
        return text

    return put


def _interleaved(chance: Chance, person: Individual, before: Individual | None) -> str:
    case = person.marijuana
    case.charges[0].parts = [("JAIL", "180", "D"), ("PROBATION", "3", "Y")]
    case.charges.append(Charge("11377(A) HS-POSSESS CONTROLLED SUBSTANCE", "F", "CONVICTED-PROB/JAIL", "FELONY"))
    case.charges[-1].parts = [("JAIL", "010", "D"), ("PROBATION", "1", "Y")]
    case.interleaved = True
    return "180 D and 3 Y belong to the first count"


def _two_births(chance: Chance, person: Individual, before: Individual | None) -> str:
    person.died = (person.marijuana.disposed or person.marijuana.arrested) + 5000
    person.last_cells["PRI_DOB"] = stamp(person.birth + 400)
    return "PRI_DOB differs in the last row"


def _two_names(chance: Chance, person: Individual, before: Individual | None) -> str:
    person.died = (person.marijuana.disposed or person.marijuana.arrested) + 5000
    person.last_cells["PRI_NAME"] = "QUORQUOR,ALIAS"
    return "PRI_NAME differs in the last row"


def _shared(chance: Chance, person: Individual, before: Individual | None) -> str:
    if before is None:
        return "no person before"
    person.cii = before.cii
    return "with the person before"


def _person_cell(column: str, cell: str) -> Callable[[Chance, Individual, Individual | None], str]:
    def put(chance: Chance, person: Individual, before: Individual | None) -> str:
        person.cells[column] = cell
        return column

    return put


def _deceased(chance: Chance, person: Individual, before: Individual | None) -> str:
    person.died = (person.marijuana.disposed or person.marijuana.arrested) + 3000
    return "DECEASED row"


def _elsewhere(chance: Chance, person: Individual, before: Individual | None) -> str:
    person.marijuana.county = "MARIPOSA" if person.marijuana.county != "MARIPOSA" else "MODOC"
    return person.marijuana.county


def _after_reform(chance: Chance, person: Individual, before: Individual | None) -> str:
    person.marijuana.arrested, person.marijuana.disposed = 736500, 736560
    return stamp(736560)


def _across_reform(chance: Chance, person: Individual, before: Individual | None) -> str:
    person.marijuana.arrested, person.marijuana.disposed = 736250, 736400
    return f"{stamp(736250)} to {stamp(736400)}"


def _old_number(chance: Chance, person: Individual, before: Individual | None) -> str:
    case = person.marijuana
    case.arrested, case.disposed = 719650, 719690
    person.birth = min(person.birth, case.arrested - 365 * 24)
    return _offense("11530 HS-POSSESS MARIJUANA")(chance, person, before)


def _no_sentence(chance: Chance, person: Individual, before: Individual | None) -> str:
    person.marijuana.charges[0].parts = []
    return "no sentence cells"


def _fields(number: int) -> Callable[[Chance, Individual, Individual | None], str]:
    def put(chance: Chance, person: Individual, before: Individual | None) -> str:
        person.marijuana.charges[0].fields = number
        return f"{number} fields"

    return put


PLANTS: tuple[Plant, ...] = (
    Plant("blank date", _cells(STP_EVENT_DATE="", DISP_DATE="")),
    Plant("year only", _partial("YYYY0000")),
    Plant("year and month only", _partial("YYYYMM00")),
    Plant("unreadable date", _cells(STP_EVENT_DATE="1/1/2015", DISP_DATE="1/1/2015")),
    Plant("superstrike before", _another("187(A) PC-MURDER", -1200)),
    Plant("superstrike after", _another("187 PC-MURDER:SECOND DEGREE", 1200)),
    Plant("superstrike in the same case", _same_case("187(A) PC-MURDER")),
    Plant("attempted murder before", _another("664/187(A) PC-ATTEMPTED MURDER", -1500)),
    Plant("registrable conviction before", _another("243.4(A) PC-SEXUAL BATTERY", -900)),
    Plant("registration only", _registered),
    Plant("two priors", _another("11359 HS-POSSESS MARIJUANA FOR SALE", -700, copies=2)),
    Plant("attempt", _offense("664/11359 HS-ATT POSSESS MARIJUANA FOR SALE")),
    Plant("wrong code", _offense("11357(A)PC-POSSESS CONCENTRATED CANNABIS")),
    Plant("no code", _offense("11360(B) SELL/FURNISH/ETC MARIJUANA/HASH")),
    Plant("conspiracy", _offense("182(A)(1)/11360(A) PC-CONSPIRACY:SELL MARIJUANA")),
    Plant("old number", _old_number),
    Plant("synthetic", _offense("11357.5(B) HS-SELL/ETC SYNTHETIC CANNABINOID", "M")),
    Plant("look-alike", _offense("211360.5 VC-VEHICLE INFRACTION", "M")),
    Plant("comment charge", _offense("SEE COMMENT FOR CHARGE", comment="CHRG 11359 HS-POSS FOR SALE")),
    Plant("unreadable offense", _offense("ILLEGIBLE ENTRY")),
    Plant("dismissed under 1203.4", _later("CONV SET ASIDE & DISM PER 1203.4 PC")),
    Plant("vacated", _later("CONVICTION VACATED PER 1473.7 PC")),
    Plant("already relieved", _later("DISMISSED/SEALED PER 11361.8 HS")),
    Plant("reduced", _later("REDUCED TO MISD PER 17(B) PC")),
    Plant("interleaved sentence parts", _interleaved),
    Plant("no sentence", _no_sentence),
    Plant("two birth dates", _two_births),
    Plant("no birth date", _person_cell("PRI_DOB", "        ")),
    Plant("birth year only", _person_cell("PRI_DOB", "19700000")),
    Plant("two names", _two_names),
    Plant("shared CII", _shared),
    Plant("grade from OFFENSE_TOC", _cells(CONV_STAT_DESCR="      ", OFFENSE_TOC="F")),
    Plant("no grade", _cells(CONV_STAT_DESCR="      ", OFFENSE_TOC=" ")),
    Plant("no disposition", _cells(DISP_DESCR="      ")),
    Plant("no county", _cells(STP_ORI_CNTY_NAME="   ")),
    Plant("other county", _elsewhere),
    Plant("deceased", _deceased),
    Plant("after the reform", _after_reform),
    Plant("across the reform", _across_reform),
    Plant("formula name", _person_cell("PRI_NAME", '=HYPERLINK("http://oz.invalid","ZYXQUELL,ORLA")')),
    Plant("Latin-1 byte", _person_cell("PRI_NAME", "ZYXQUÉLL,ORLA"), breaks=True),
    Plant("quoted newline", _cells(COMMENT_TEXT="ENTERED BY HAND\nSEE FILE"), breaks=True),
    Plant("short CNT_ORDER", _cells(CNT_ORDER="101002"), breaks=True),
    Plant("94 fields", _fields(94), breaks=True),
    Plant("trailing comma", _fields(96), breaks=True),
    Plant("nobody's row", _cells(SUBJECT_ID="  ", CII_NUMBER="NULL"), breaks=True),
)
