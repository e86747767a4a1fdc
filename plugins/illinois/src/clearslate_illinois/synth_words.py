"""The words of invented exports: offenses, outcomes and places, all of them of no real person."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Offense(NamedTuple):
    """What a charge is of: title, chapter, act, section, class and code, and how often of a thousand."""

    title: str
    chapter: str
    act: str
    section: str
    offense_class: str
    aoic: str
    weight: int
    since: dt.date = dt.date(1997, 8, 15)
    until: dt.date = dt.date.max


_NEW = dt.date(2016, 7, 29)

CANNABIS: tuple[Offense, ...] = (
    Offense("POSS CANNABIS/30-500 GRAMS", "720", "550", "4(d)", "4", "5010400", 40, until=_NEW),
    Offense("POSS CANNABIS/10-30 GRAMS/SUBQ", "720", "550", "4(c)", "4", "5010300", 12, until=_NEW),
    Offense("POSS CANNABIS/10-30 GRAMS", "720", "550", "4(c)", "A", "5010301", 6, until=_NEW),
    Offense("POSS CANNABIS/2.5-10 GRAMS", "720", "550", "4(b)", "B", "5010200", 5, until=_NEW),
    Offense("POSS CANNABIS/500-2000 GRAMS", "720", "550", "4(e)", "3", "5010500", 6),
    Offense("POSS CANNABIS/30-100 GRAMS", "720", "550", "4(c)", "A", "5010302", 6, since=_NEW),
    Offense("POSS CANNABIS/100-500 GRAMS", "720", "550", "4(d)", "4", "5010401", 14, since=_NEW),
    Offense("MFG/DEL CANNABIS/2.5-10 GRAMS", "720", "550", "5(b)", "A", "5020100", 5),
    Offense("MFG/DEL CANNABIS/10-30 GRAMS", "720", "550", "5(c)", "4", "5020200", 24),
    Offense("MFG/DEL CANNABIS/30-500 GRAMS", "720", "550", "5(d)", "3", "5020300", 20),
    Offense("[POSSESSION OF CANNABIS WITH INTENT TO DELIVER/DELIVERY OF CANNABIS]", "720", "550", "5(f)", "1",
            "0011439", 4),
)  # fmt: skip
"""Cannabis, whose subsections stood for other amounts before 29 July 2016."""

OTHERS: tuple[Offense, ...] = (
    Offense("POSSESSION OF A CONTROLLED SUBSTANCE", "720", "570", "402(c)", "4", "5101110", 190),
    Offense("MANU/DEL 1<15 GR COCAINE/ANLG", "720", "570", "401(c)(2)", "1", "5096200", 90),
    Offense("RETAIL THEFT/DISP MERCH/>$300", "720", "5", "16-25(a)(1)", "3", "1110000", 70),
    Offense("THEFT", "720", "5", "16-1(a)(1)", "3", "1025000", 40),
    Offense("BURGLARY", "720", "5", "19-1(a)", "2", "1110100", 60),
    Offense("RESIDENTIAL BURGLARY", "720", "5", "19-3(a)", "1", "1110300", 25),
    Offense("AGGRAVATED UNLAWFUL USE OF WEAPON", "720", "5", "24-1.6(a)(1)", "4", "1260000", 90),
    Offense("FELON POSS/USE WEAPON/FIREARM", "720", "5", "24-1.1(a)", "3", "1240000", 40),
    Offense("ROBBERY", "720", "5", "18-1(a)", "2", "1030000", 20),
    Offense("ARMED ROBBERY", "720", "5", "18-2(a)(2)", "X", "1031000", 25),
    Offense("AGG BATTERY/PEACE OFFICER", "720", "5", "12-3.05(d)(4)", "2", "1063000", 30),
    Offense("DOMESTIC BATTERY/PRIOR", "720", "5", "12-3.2(a)(1)", "4", "1068000", 30),
    Offense("DRIVING ON REVOKED LICENSE", "625", "5", "6-303(a)", "4", "6120000", 40),
    Offense("AGGRAVATED DUI", "625", "5", "11-501(a)(2)", "4", "6131000", 40),
    Offense("FORGERY", "720", "5", "17-3(a)(2)", "3", "1170000", 20),
    Offense("FIRST DEGREE MURDER", "720", "5", "9-1(a)(1)", "M", "0735000", 10),
    Offense("CRIMINAL TRESPASS TO LAND", "720", "5", "21-3(a)(2)", "B", "1210000", 8),
    Offense("BATTERY/MAKES PHYSICAL CONTACT", "720", "5", "12-3(a)(2)", "A", "1060000", 8),
)
"""Everything else."""

DROPPED = ((("Nolle Prosecution", ""), 560), (("Nolle Prosecution", "PG to Other Count/s"), 160),
           (("FNG", ""), 43), (("Nolle Prosecution", "No Lab"), 6), (("Nolle Prosecution", "Negative Lab"), 4),
           (("Case Dismissed", ""), 4), (("Verdict-Not Guilty", ""), 5), (("FNPC", ""), 2))  # fmt: skip
"""How charges that were dropped ended, with their reasons."""

ODD_ENDINGS: tuple[tuple[str, str], ...] = (
    ("Death Suggested-Cause Abated", ""), ("Finding Not Not Guilty", ""), ("Superseded by Indictment", ""), ("BFW", ""),
    ("FNG Reason Insanity", ""), ("Mistrial Declared", ""), ("SOL", ""), ("Transferred - Misd Crt", ""),
    ("Charge Vacated", ""), ("Nolle On Remand", ""), ("WOWI", ""), ("Withdrawn", ""), ("Charge Rejected", ""),
    ("Charge Reversed", ""), ("Nolle Pros - Aonic", ""), ("Sexually Dangerous Person", ""),
    ("Hold Pending Interlocutory", ""), ("SOLW", ""), ("TRAN-FAI", ""), ("Nolle Prosecution", "Re-Indictment"),
    ("Nolle Prosecution", "Adjudicated Minor"), ("nolle prosecution ", "Misdemeanor Amount"),
)  # fmt: skip

GUILTY = (("Plea Of Guilty", 880), ("Finding Guilty", 83), ("Verdict Guilty", 19), ("Plea of Guilty", 18))

SENTENCES: tuple[tuple[tuple[str, str, int, str], int], ...] = (
    (("Prison", "Illinois Department of Corrections", 6, "Year(s)"), 400),
    (("Probation", "Probation", 24, "Months"), 250),
    (("Probation", "Intensive Probation Services", 18, "Months"), 20),
    (("Probation", "Drug Court Probation", 4, "Year(s)"), 10),
    (("Jail", "Cook County Department of Corrections", 180, "Days"), 50),
    (("Conditional Discharge", "Conditional Discharge", 12, "Months"), 25),
    (("Cook County Boot Camp", "Cook County Boot Camp", 18, "Weeks"), 12),
)
"""Type, commitment, the longest term, its unit."""
WITHHELD: tuple[tuple[tuple[str, str, int, str], int], ...] = (
    (("Probation", "710/410 Probation", 24, "Months"), 70),
    (("2nd Chance Probation", "Probation", 24, "Months"), 20),
    (("2nd Chance Probation", "2nd Chance Probation", 24, "Months"), 10),
    (("Supervision", "Court Supervision", 12, "Months"), 40),
)

RACES = ("Black", "White", "White [Hispanic or Latino]", "Asian", "HISPANIC", "Unknown", "American Indian", "Biracial")
GENDERS = (("Male", 850), ("Female", 140), ("Male name, no gender given", 5), ("Unknown Gender", 5))
CITIES = ("Emerald City", "Munchkin Corners", "Gillikin Heights", "Quadling Park", "Winkie Grove")
AGENCIES = ("EMERALD CITY PD", "MUNCHKIN CORNERS PD", "GILLIKIN HEIGHTS PD", "OZ STATE POLICE")
JUDGES = ("Dorothea  Gale", "Tip  Ozma", "Nick  Chopper", "Scraps  Patch", "Jack  Pumpkinhead", "Billina  Hen")
COURTS = ("District 1 - Emerald City", "District 2 - Munchkin", "District 3 - Gillikin", "District 6 - Quadling")
FACILITIES = ("26TH Street", "Munchkin Courthouse", "Gillikin Courthouse", "Quadling Courthouse")
CATEGORIES = ("Narcotics", "UUW - Unlawful Use of Weapon", "Retail Theft", "Burglary", "DUI", "PROMIS Conversion")
