"""Every core predicate answers yes, no and unknown, each for the reason that it should."""

import datetime as dt
from collections import defaultdict
from typing import Any, NamedTuple

import pytest

from clearslate.model import Answer, Place, Relief, Section, Statute
from clearslate.policy.core_predicates import CORE_PREDICATES
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate
from clearslate.testing.factories import make_count, make_cycle, make_event, make_matter, make_statute

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BY_NAME = {predicate.name: predicate for predicate in CORE_PREDICATES}


class Row(NamedTuple):
    answer: Answer
    name: str
    arguments: dict[str, Any]
    matter: Matter
    why: str


ROWS: list[Row] = []


def row(answer: Answer, name: str, why: str, matter: Matter, **arguments: Any) -> None:
    ROWS.append(Row(answer, name, arguments, matter, why))


def of(statute: Statute | str | None = "ZZ 100", *others: Any, **how: Any) -> Matter:
    """The matter of one count, with other counts after it; keywords of the person go to the person."""
    of_person = {"birth_date", "missing_rows", "shares_identifier", "deceased", "as_of", "registrations"}
    person = {key: value for key, value in how.items() if key in of_person}
    count = {key: value for key, value in how.items() if key not in of_person}
    person["flags"] = count.pop("person_flags", ())
    return make_matter(make_count(statute, **count), *others, **person)


ATTEMPT = make_statute("ZZ 100", attempt=True)
CONSPIRACY = make_statute("ZZ 100", conspiracy=True)
STACKED = make_statute("YY 7", stacked=["ZZ 100"])
NO_CODE = Statute(Section(None, "100"))

# statute_in ---------------------------------------------------------------------------------
IN = {"statutes": ["ZZ 100(b)", "ZZ 101"]}
row(YES, "statute_in", "the section itself", of("ZZ 101"), **IN)
row(YES, "statute_in", "a subdivision of a listed section", of("ZZ 101(a)(1)"), **IN)
row(YES, "statute_in", "the listed subdivision", of("ZZ 100(b)"), **IN)
row(NO, "statute_in", "another subdivision", of("ZZ 100(c)"), **IN)
row(NO, "statute_in", "the number in another code", of("YY 101"), **IN)
row(NO, "statute_in", "a longer number", of("ZZ 101.5"), **IN)
row(UNKNOWN, "statute_in", "a section without its subdivision", of("ZZ 100"), **IN)
row(NO, "statute_in", "a bare section where bare is no", of("ZZ 100"), bare="no", **IN)
row(UNKNOWN, "statute_in", "no code printed", of(NO_CODE), statutes=["ZZ 100"])
row(UNKNOWN, "statute_in", "no code printed, bare or not", of(NO_CODE), statutes=["ZZ 100"], bare="no")
row(NO, "statute_in", "no code printed under another number", of(NO_CODE), statutes=["ZZ 101"])
row(UNKNOWN, "statute_in", "unreadable", of(None), **IN)
row(YES, "statute_in", "an attempt, included", of(ATTEMPT), statutes=["ZZ 100"])
row(NO, "statute_in", "an attempt, excluded", of(ATTEMPT), statutes=["ZZ 100"], attempts="excluded")
row(YES, "statute_in", "an attempt, only", of(ATTEMPT), statutes=["ZZ 100"], attempts="only")
row(NO, "statute_in", "completed, attempts only", of("ZZ 100"), statutes=["ZZ 100"], attempts="only")
row(NO, "statute_in", "a conspiracy, excluded", of(CONSPIRACY), statutes=["ZZ 100"], conspiracies="excluded")
row(YES, "statute_in", "a conspiracy, only", of(CONSPIRACY), statutes=["ZZ 100"], conspiracies="only")
row(NO, "statute_in", "stacked, not looked at", of(STACKED), statutes=["ZZ 100"])
row(YES, "statute_in", "stacked, looked at", of(STACKED), statutes=["ZZ 100"], stacked=True)

# number_under_other_code, statute_marked, statute_readable -------------------------------------
row(YES, "number_under_other_code", "right number, wrong code", of("YY 100"), statutes=["ZZ 100"])
row(YES, "number_under_other_code", "stacked under a wrong code", of(make_statute("YY 7", stacked=["YY 100"])),
    statutes=["ZZ 100"])  # fmt: skip
row(NO, "number_under_other_code", "right number, right code", of("ZZ 100"), statutes=["ZZ 100"])
row(NO, "number_under_other_code", "another number", of("YY 1000"), statutes=["ZZ 100"])
row(UNKNOWN, "number_under_other_code", "unreadable", of(None), statutes=["ZZ 100"])
row(YES, "statute_marked", "marked", of(make_statute("ZZ 100", marks=("OLD_NUMBER",))), marks=["OLD_NUMBER"])
row(NO, "statute_marked", "marked otherwise", of(make_statute("ZZ 100", marks=("STACKED",))), marks=["OLD_NUMBER"])
row(UNKNOWN, "statute_marked", "unreadable", of(None), marks=["OLD_NUMBER"])
row(YES, "statute_readable", "readable", of("ZZ 100"))
row(NO, "statute_readable", "unreadable", of(None))

# charged_together_with --------------------------------------------------------------------------
TOGETHER = {"statutes": ["YY 7"]}


def charged(*statutes: Statute | str | None, **person: Any) -> Matter:
    event = make_event(make_cycle(charged=statutes))
    return make_matter(make_count("ZZ 100", event=event), **person)


def same_case(*others: tuple[str | None, str], **person: Any) -> Matter:
    event = make_event(make_cycle())
    counts = [make_count(statute, event=event, disposition=how) for statute, how in others]
    return make_matter(make_count("ZZ 100", event=event), *counts, **person)


row(YES, "charged_together_with", "a dismissed row of the arrest", charged("ZZ 100", "YY 7(a)"), **TOGETHER)
row(YES, "charged_together_with", "stacked on a row", charged(make_statute("YY 9", stacked=["YY 7"])), **TOGETHER)
row(NO, "charged_together_with", "other rows only", charged("ZZ 100", "YY 8"), **TOGETHER)
row(UNKNOWN, "charged_together_with", "an unreadable row", charged("ZZ 100", None), **TOGETHER)
row(UNKNOWN, "charged_together_with", "a rejected row", charged("ZZ 100", missing_rows=1), **TOGETHER)
row(NO, "charged_together_with", "the number in another code", charged("ZZ 7"), **TOGETHER)
row(UNKNOWN, "charged_together_with", "a conspiracy", charged(make_statute("YY 7", conspiracy=True)), **TOGETHER)
row(
    UNKNOWN,
    "charged_together_with",
    "an unclear code",
    charged(make_statute("YY 7", marks=("CODE_UNCLEAR",))),
    **TOGETHER,
)
row(NO, "charged_together_with", "a conspiracy of another", charged(make_statute("YY 8", conspiracy=True)), **TOGETHER)
row(YES, "charged_together_with", "found, whatever is missing", charged("YY 7", None, missing_rows=1), **TOGETHER)
CASE = {"where": "case", **TOGETHER}
row(YES, "charged_together_with", "a conviction of the case", same_case(("YY 7", "convicted")), **CASE)
row(NO, "charged_together_with", "an acquittal in the case", same_case(("YY 7", "not convicted")), **CASE)
row(UNKNOWN, "charged_together_with", "no disposition in the case", same_case(("YY 7", "unknown")), **CASE)
row(UNKNOWN, "charged_together_with", "unreadable in the case", same_case((None, "convicted")), **CASE)
row(NO, "charged_together_with", "a conviction of another case", of("ZZ 100", make_count("YY 7")), **CASE)

# grade, county, identity, flags, relief ----------------------------------------------------------
row(YES, "grade_in", "a felony", of(grade="felony"), grades=["felony"])
row(NO, "grade_in", "a misdemeanor", of(grade="misdemeanor"), grades=["felony", "infraction"])
row(UNKNOWN, "grade_in", "not said", of(grade=None), grades=["felony", "misdemeanor", "infraction"])
row(YES, "county_stated", "stated", of(county="OZ"))
row(NO, "county_stated", "blank", of(county=None))
row(YES, "shares_identifier", "shared", of(shares_identifier=True))
row(NO, "shares_identifier", "not shared", of())
row(YES, "flagged", "flag of the count", of(flags=["A"]), flags=["A", "B"])
row(YES, "flagged", "flag of the person", of(person_flags=("B",)), flags=["A", "B"])
row(NO, "flagged", "another flag", of(flags=["C"]), flags=["A", "B"])
KINDS = {"kinds": ["vacated", "same_law"]}
row(YES, "already_relieved", "vacated", of(relieved=[Relief.VACATED]), **KINDS)
row(YES, "already_relieved", "vacated, whatever is missing", of(relieved=[Relief.VACATED], missing_rows=1), **KINDS)
row(NO, "already_relieved", "relief of another kind", of(relieved=[Relief.REDUCED]), **KINDS)
row(UNKNOWN, "already_relieved", "a rejected row could say so", of(missing_rows=1), **KINDS)
row(UNKNOWN, "already_relieved", "a later step that does not say", of(relieved=[Relief.UNCLEAR]), **KINDS)
row(YES, "already_relieved", "vacated, and a later step that does not say",
    of(relieved=[Relief.VACATED, Relief.UNCLEAR]), **KINDS)  # fmt: skip

# Dates of the count ------------------------------------------------------------------------------
DAY = {"day": dt.date(2016, 11, 9)}
row(NO, "arrested_on_or_after", "the day before", of(arrested="2016-11-08", disposed="2017-01-01"), **DAY)
row(YES, "arrested_on_or_after", "on the day", of(arrested="2016-11-09", disposed="2017-01-01"), **DAY)
row(UNKNOWN, "arrested_on_or_after", "some day of the month", of(arrested="2016-11", disposed="2017"), **DAY)
row(UNKNOWN, "arrested_on_or_after", "no arrest date", of(arrested=None, disposed="2017-01-01"), **DAY)
row(NO, "arrested_on_or_after", "no arrest date, disposed before", of(arrested=None, disposed="2016-11-08"), **DAY)
row(NO, "arrested_on_or_after", "in 2016, disposed before", of(arrested="2016", disposed="2016-11-08"), **DAY)
row(YES, "disposed_before", "the day before", of(disposed="2016-11-08"), **DAY)
row(NO, "disposed_before", "on the day", of(disposed="2016-11-09"), **DAY)
row(UNKNOWN, "disposed_before", "some day of the year", of(arrested="2015", disposed="2016"), **DAY)
row(UNKNOWN, "disposed_before", "no date", of(disposed=None), **DAY)
row(NO, "disposed_before", "no date, arrested on the day", of(arrested="2016-11-09", disposed=None), **DAY)
AGO = {"years": 10, "on_the_day": "outside"}
AGO_WITHIN = {"years": 10, "on_the_day": "within"}
JULY = {"disposed": "2010-07-01"}
row(YES, "disposed_years_ago", "on the anniversary, outside", of(as_of="2020-07-01", **JULY), **AGO)
row(
    NO,
    "disposed_years_ago",
    "on the anniversary, within",
    of(as_of="2020-07-01", **JULY),
    years=10,
    on_the_day="within",
)
row(YES, "disposed_years_ago", "the day after, within", of(as_of="2020-07-02", **JULY), **AGO_WITHIN)
row(NO, "disposed_years_ago", "the day before", of(as_of="2020-06-30", **JULY), **AGO)
row(UNKNOWN, "disposed_years_ago", "some day of the year", of(as_of="2020-07-01", disposed="2010"), **AGO)
row(YES, "disposed_years_ago", "the year is over", of(as_of="2020-12-31", arrested="2009", disposed="2010"), **AGO)
row(UNKNOWN, "disposed_years_ago", "no date", of(arrested=None, disposed=None), **AGO)
row(NO, "disposed_years_ago", "no date, arrested lately", of(arrested="2019-01-01", disposed=None), **AGO)
row(NO, "disposed_years_ago", "29 February, on 28 February",
    of(as_of="2022-02-28", arrested="2012", disposed="2012-02-29"), **AGO)  # fmt: skip
row(YES, "disposed_years_ago", "29 February, on 1 March",
    of(as_of="2022-03-01", arrested="2012", disposed="2012-02-29"), **AGO)  # fmt: skip

# The person's other convictions --------------------------------------------------------------------
OLD = make_count("YY 7", arrested="1999-01-01", disposed="2000-01-01")
LATE = make_count("YY 7", arrested="2019-01-01", disposed="2019-06-01")
LATE_ACQUITTAL = make_count("YY 7", disposed="2019-06-01", disposition="not convicted")
LATE_UNKNOWN = make_count("YY 7", disposed="2019-06-01", disposition="unknown")
LATE_VACATED = make_count("YY 7", disposed="2019-06-01", relieved=[Relief.VACATED])
LATE_DISMISSED = make_count("YY 7", disposed="2019-06-01", relieved=[Relief.DISMISSED_AFTER_PROBATION])
UNDATED = make_count("YY 7", arrested=None, disposed=None)
WITHIN = {"years": 5, "on_the_day": "within"}
row(YES, "conviction_within", "another lately", of("ZZ 100", LATE), **WITHIN)
row(YES, "conviction_within", "this one lately", of(disposed="2019-06-01"), **WITHIN)
row(YES, "conviction_within", "on the anniversary, within", of(disposed="2015-01-01"), **WITHIN)
row(NO, "conviction_within", "on the anniversary, outside", of(disposed="2015-01-01"), years=5, on_the_day="outside")
row(NO, "conviction_within", "the day after the anniversary", of(disposed="2014-12-31"), **WITHIN)
row(NO, "conviction_within", "none lately", of("ZZ 100", OLD), **WITHIN)
row(NO, "conviction_within", "acquitted lately", of("ZZ 100", LATE_ACQUITTAL), **WITHIN)
row(UNKNOWN, "conviction_within", "no disposition lately", of("ZZ 100", LATE_UNKNOWN), **WITHIN)
row(UNKNOWN, "conviction_within", "vacated lately", of("ZZ 100", LATE_VACATED), **WITHIN)
row(YES, "conviction_within", "dismissed after probation lately", of("ZZ 100", LATE_DISMISSED), **WITHIN)
row(UNKNOWN, "conviction_within", "another without date", of("ZZ 100", UNDATED), **WITHIN)
row(UNKNOWN, "conviction_within", "a rejected row", of(missing_rows=1), **WITHIN)
row(YES, "conviction_within", "found, whatever is missing", of("ZZ 100", LATE, UNDATED, missing_rows=1), **WITHIN)
row(NO, "conviction_within", "no disposition, but long ago",
    of("ZZ 100", make_count("YY 7", disposed="2000", arrested="1999", disposition="unknown")), **WITHIN)  # fmt: skip

row(YES, "has_later_conviction", "one later", of("ZZ 100", LATE))
row(NO, "has_later_conviction", "all earlier", of("ZZ 100", OLD))
row(NO, "has_later_conviction", "one of the same day", of("ZZ 100", make_count("YY 7", disposed="2010-06-01")))
row(UNKNOWN, "has_later_conviction", "one without date", of("ZZ 100", UNDATED))
row(UNKNOWN, "has_later_conviction", "this one without date", of("ZZ 100", OLD, disposed=None, arrested=None))
row(YES, "has_later_conviction", "this one without date, the other's arrest after its year",
    of("ZZ 100", LATE, disposed="2018"))  # fmt: skip
row(UNKNOWN, "has_later_conviction", "both in one year",
    of("ZZ 100", make_count("YY 7", arrested="2009", disposed="2010")))  # fmt: skip
row(UNKNOWN, "has_later_conviction", "a rejected row", of(missing_rows=1))
row(UNKNOWN, "has_later_conviction", "one later without disposition", of("ZZ 100", LATE_UNKNOWN))

row(YES, "convictions_at_least", "two", of("ZZ 100", OLD), number=2)
row(NO, "convictions_at_least", "one", of("ZZ 100", LATE_ACQUITTAL), number=2)
row(UNKNOWN, "convictions_at_least", "one, and one without disposition", of("ZZ 100", LATE_UNKNOWN), number=2)
row(UNKNOWN, "convictions_at_least", "one, and one vacated", of("ZZ 100", LATE_VACATED), number=2)
row(NO, "convictions_at_least", "too few even with the unknown one", of("ZZ 100", LATE_UNKNOWN), number=3)
row(UNKNOWN, "convictions_at_least", "one, and a rejected row", of(missing_rows=1), number=2)
row(UNKNOWN, "convictions_at_least", "a rejected row may hold several", of(missing_rows=1), number=9)
row(YES, "convictions_at_least", "two, whatever is missing", of("ZZ 100", OLD, missing_rows=1), number=2)

ONLY = {"statutes": ["ZZ 100"]}
row(YES, "only_convictions_of", "all of the section", of("ZZ 100", make_count("ZZ 100(a)")), **ONLY)
row(NO, "only_convictions_of", "one of another", of("ZZ 100", OLD), **ONLY)
row(NO, "only_convictions_of", "this one of another", of("YY 7"), **ONLY)
row(NO, "only_convictions_of", "something stacked on it", of(make_statute("ZZ 100", stacked=["YY 7"])), **ONLY)
row(YES, "only_convictions_of", "an acquittal of another", of("ZZ 100", LATE_ACQUITTAL), **ONLY)
row(UNKNOWN, "only_convictions_of", "another without disposition", of("ZZ 100", LATE_UNKNOWN), **ONLY)
row(UNKNOWN, "only_convictions_of", "another unreadable", of("ZZ 100", make_count(None)), **ONLY)
row(UNKNOWN, "only_convictions_of", "a rejected row", of(missing_rows=1), **ONLY)
row(NO, "only_convictions_of", "one of another, whatever is missing", of("ZZ 100", OLD, missing_rows=1), **ONLY)

row(YES, "only_convictions_of", "an attempt", of("ZZ 100", make_count(ATTEMPT)), **ONLY)
row(UNKNOWN, "only_convictions_of", "the number in another code", of("ZZ 100", make_count("YY 100")), **ONLY)
DOUBTS = {
    "a conspiracy": make_statute("ZZ 100", conspiracy=True),
    "a code that may not be its own": make_statute("ZZ 100", marks=("CODE_UNCLEAR",)),
}
for doubt, doubtful in DOUBTS.items():
    row(UNKNOWN, "only_convictions_of", doubt, of("ZZ 100", make_count(doubtful)), **ONLY)
    row(NO, "only_convictions_of", f"{doubt} of another", of("YY 7", make_count(doubtful)), **ONLY)

SAME = {"at_least": 2}


def earlier(*disposed: str | None, **how: Any) -> Matter:
    others = [make_count("ZZ 100(b)", arrested="1990", disposed=day) for day in disposed]
    return of("ZZ 100(a)", *others, **how)


NAME = "earlier_convictions_of_same_section"
row(YES, NAME, "two earlier", earlier("2001", "2002"), **SAME)
row(NO, NAME, "one earlier", earlier("2001"), **SAME)
row(NO, NAME, "one earlier, one of the same day", earlier("2001", "2010-06-01"), **SAME)
row(NO, NAME, "one earlier, one later", earlier("2001", "2010-06-02"), **SAME)
row(UNKNOWN, NAME, "one earlier, one of the same year", earlier("2001", "2010"), **SAME)
row(UNKNOWN, NAME, "one earlier, one without date", earlier("2001", None), **SAME)
row(UNKNOWN, NAME, "two, this one without date", earlier("2001", "2002", disposed=None, arrested=None), **SAME)
row(UNKNOWN, NAME, "one earlier, and a rejected row", earlier("2001", missing_rows=1), **SAME)
row(YES, NAME, "two earlier, whatever is missing", earlier("2001", "2002", missing_rows=1), **SAME)
row(UNKNOWN, NAME, "this one unreadable", of(None), **SAME)
row(UNKNOWN, NAME, "one earlier unreadable", of("ZZ 100", make_count(None, disposed="2001")), at_least=1)
row(NO, NAME, "an unreadable one later", of("ZZ 100", make_count(None, disposed="2011")), at_least=1)
row(NO, NAME, "earlier of another number", of("ZZ 100", make_count("ZZ 101", disposed="2001")), at_least=1)
STACKED_PRIOR = Statute(Section("ZZ", "101"), stacked=(Section("ZZ", "100"),))
row(UNKNOWN, NAME, "earlier, stacked on another", of("ZZ 100", make_count(STACKED_PRIOR, disposed="2001")), at_least=1)
row(UNKNOWN, NAME, "earlier in another code", of("ZZ 100", make_count("YY 100", disposed="2001")), at_least=1)
for doubt in DOUBTS:
    row(UNKNOWN, NAME, f"earlier, {doubt}", of("ZZ 100", make_count(DOUBTS[doubt], disposed="2001")), at_least=1)
    row(UNKNOWN, NAME, f"this one {doubt}", of(DOUBTS[doubt], make_count("ZZ 100", disposed="2001")), at_least=1)
EARLIER_WITHOUT_CODE = make_count(NO_CODE, arrested="1999", disposed="2001")
row(UNKNOWN, NAME, "earlier without code", of("ZZ 100", EARLIER_WITHOUT_CODE), at_least=1)
row(YES, NAME, "an attempt counts", of("ZZ 100", make_count(ATTEMPT, arrested="1999", disposed="2001")), at_least=1)
EARLIER_CASE = make_event(make_cycle("7", arrested="2000-01-01"))
TWO_COUNTS = [make_count("ZZ 100", event=EARLIER_CASE, disposed="2001-01-01") for _ in range(2)]
row(YES, NAME, "two counts of one earlier case", of("ZZ 100", *TWO_COUNTS), **SAME)

# Sentences ---------------------------------------------------------------------------------------------
ENDED = {"disposed": "2010-06-01", "sentence": ["1 year JAIL"]}
row(YES, "sentence_ended", "the day after its end", of(as_of="2011-06-02", **ENDED))
row(NO, "sentence_ended", "the day of its end", of(as_of="2011-06-01", **ENDED))
row(YES, "sentence_ended", "past the margin", of(as_of="2016-06-02", **ENDED), margin_years=5)
row(UNKNOWN, "sentence_ended", "within the margin", of(as_of="2016-06-01", **ENDED), margin_years=5)
row(NO, "sentence_ended", "running, margin or not", of(as_of="2011-01-01", **ENDED), margin_years=5)
row(UNKNOWN, "sentence_ended", "a part of unknown length", of(sentence=["1 day JAIL", "? JAIL"]))
row(UNKNOWN, "sentence_ended", "no part stated", of(sentence=[]))
row(UNKNOWN, "sentence_ended", "no date", of(disposed=None))
row(UNKNOWN, "sentence_ended", "a rejected row may hold a further part", of(missing_rows=1))
row(NO, "sentence_ended", "running, whatever is missing", of(as_of="2010-06-02", missing_rows=1))
row(UNKNOWN, "sentence_ended", "some day of the year", of(disposed="2010", as_of="2010-08-01"))
row(YES, "sentence_ended", "a fine only", of(sentence=["FINE"], as_of="2010-06-02"))
EVERY = {"on_the_day": "outside"}
ONE_DAY = {"disposed": "2010-06-01", "sentence": ["1 day JAIL"]}
row(YES, "every_sentence_ended", "all past", of("ZZ 100", OLD), **EVERY)
row(NO, "every_sentence_ended", "another runs", of("ZZ 100", make_count("YY 7", sentence=["20 year PRISON"])), **EVERY)
row(YES, "every_sentence_ended", "ends today, outside", of(as_of="2010-06-02", **ONE_DAY), **EVERY)
row(NO, "every_sentence_ended", "ends today, within", of(as_of="2010-06-02", **ONE_DAY), on_the_day="within")
row(UNKNOWN, "every_sentence_ended", "another not stated", of("ZZ 100", make_count("YY 7", sentence=[])), **EVERY)
row(UNKNOWN, "every_sentence_ended", "a rejected row", of(missing_rows=1), **EVERY)
row(UNKNOWN, "every_sentence_ended", "one without disposition may run",
    of("ZZ 100", make_count("YY 7", sentence=["20 year PRISON"], disposition="unknown")), **EVERY)  # fmt: skip

# The person ------------------------------------------------------------------------------------------------
BORN = {"birth_date": "1980-06-15"}
AGE = {"years": 30, "on": "decision"}
row(NO, "age_reached", "the day before the birthday", of(as_of="2010-06-14", **BORN), **AGE)
row(YES, "age_reached", "on the birthday", of(as_of="2010-06-15", **BORN), **AGE)
row(NO, "age_past", "on the birthday", of(as_of="2010-06-15", **BORN), **AGE)
row(YES, "age_past", "the day after the birthday", of(as_of="2010-06-16", **BORN), **AGE)
LEAP = {"birth_date": "1980-02-29"}
row(NO, "age_reached", "29 February, on 28 February", of(as_of="2010-02-28", **LEAP), **AGE)
row(YES, "age_reached", "29 February, on 1 March", of(as_of="2010-03-01", **LEAP), **AGE)
for past in ("age_reached", "age_past"):
    row(UNKNOWN, past, "no birth date", of(birth_date=None), **AGE)
    row(UNKNOWN, past, "some day of the year", of(birth_date="1980", as_of="2010-06-15"), **AGE)
    row(YES, past, "the year is over", of(birth_date="1980", as_of="2011-01-01"), **AGE)
    row(NO, past, "the year has not begun", of(birth_date="1980", as_of="2009-12-31"), **AGE)
    row(YES, past, "at the arrest", of(arrested="2010-06-16", disposed="2011", **BORN), years=30, on="arrest")
    row(NO, past, "before, at the arrest", of(arrested="2010-06-14", disposed="2011", **BORN), years=30, on="arrest")
    row(UNKNOWN, past, "no arrest date", of(arrested=None, disposed="2011", **BORN), years=30, on="arrest")
    row(NO, past, "no arrest date, disposed before", of(arrested=None, disposed="2009", **BORN), years=30, on="arrest")
    row(YES, past, "at the disposition", of(disposed="2010-06-16", **BORN), years=30, on="disposition")
    row(YES, past, "no disposition date, arrested after", of(arrested="2011-01-01", disposed=None, **BORN),
        years=30, on="disposition")  # fmt: skip
row(YES, "deceased", "a death notice", of(deceased=True))
row(YES, "deceased", "a death notice, whatever is missing", of(deceased=True, missing_rows=1))
row(NO, "deceased", "none", of())
row(UNKNOWN, "deceased", "a rejected row could be one", of(missing_rows=1))

# Charges: class, disposition, ending, and the day of the offense ---------------------------------------------
row(YES, "class_in", "one of them", of(offense_class="4"), classes=["4", "A"])
row(NO, "class_in", "another", of(offense_class="3"), classes=["4", "A"])
row(UNKNOWN, "class_in", "not stated", of(), classes=["4", "A"])
row(YES, "disposition_in", "one of them", of(disposition="pending"), dispositions=["pending", "convicted"])
row(NO, "disposition_in", "another", of(disposition="not convicted"), dispositions=["pending", "convicted"])
row(UNKNOWN, "disposition_in", "not known", of(disposition="unknown"), dispositions=["convicted"])
row(YES, "disposition_in", "asked for", of(disposition="unknown"), dispositions=["unknown"])
row(YES, "ended_as", "one of them", of(ended="acquitted"), endings=["acquitted", "dismissed"])
row(NO, "ended_as", "another", of(ended="supervision"), endings=["acquitted"])
row(UNKNOWN, "ended_as", "not known", of(), endings=["acquitted"])
DAY = {"day": dt.date(2016, 7, 29)}
row(YES, "committed_before", "arrested the day before", of(arrested="2016-07-28", disposed="2017-01-01"), **DAY)
row(YES, "committed_before", "disposed before, no arrest", of(arrested=None, disposed="2016-07-28"), **DAY)
row(
    NO,
    "committed_before",
    "committed on the day",
    of(committed="2016-07-29", arrested="2016-07-29", disposed="2017"),
    **DAY,
)
row(NO, "committed_before", "committed after", of(committed="2017-03", arrested="2017-04-01", disposed="2018"), **DAY)
row(
    UNKNOWN,
    "committed_before",
    "before, arrested after",
    of(committed="2016-07-28", arrested="2016-08-01", disposed="2017"),
    **DAY,
)
row(UNKNOWN, "committed_before", "arrested after, no offense date", of(arrested="2016-07-29", disposed="2017"), **DAY)
row(
    UNKNOWN, "committed_before", "a part of a date", of(committed="2016", arrested="2016-08-01", disposed="2017"), **DAY
)
row(YES, "decided_after", "the day after", make_matter(make_count(), as_of="2016-07-30"), **DAY)
row(NO, "decided_after", "the day itself", make_matter(make_count(), as_of="2016-07-29"), **DAY)

# Facts supplied ----------------------------------------------------------------------------------------------
MOST = {"fact": "jars", "most": 6.0}
row(YES, "fact_at_most", "exactly", of(facts={"jars": 6}), **MOST)
row(NO, "fact_at_most", "more", of(facts={"jars": 6.01}), **MOST)
row(UNKNOWN, "fact_at_most", "not supplied", of(), **MOST)
for value in (None, "6", "", True, float("nan"), [6]):
    row(UNKNOWN, "fact_at_most", f"no number: {value!r}", of(facts={"jars": value}), **MOST)
row(YES, "fact_is_so", "true", of(facts={"sold": True}), fact="sold")
row(NO, "fact_is_so", "false", of(facts={"sold": False}), fact="sold")
for value in (None, 1, 0, "true", ""):
    row(UNKNOWN, "fact_is_so", f"neither: {value!r}", of(facts={"sold": value}), fact="sold")


@pytest.mark.parametrize("case", ROWS, ids=lambda case: f"{case.name}-{case.answer.value}-{case.why}".replace(" ", "_"))
def test_a_predicate_answers(case: Row) -> None:
    found = BY_NAME[case.name].model_validate(case.arguments).ask(case.matter)
    assert found.answer is case.answer
    if found.answer is UNKNOWN:
        assert found.lacked
        assert not found.used
    else:
        assert found.used
        assert not found.lacked
        assert all(fact.name for fact in found.used)


@pytest.mark.parametrize("predicate", CORE_PREDICATES, ids=lambda predicate: predicate.name)
def test_every_core_predicate_is_shown_to_answer_yes_no_and_unknown_or_says_that_it_is_always_known(
    predicate: type[Predicate],
) -> None:
    shown = defaultdict(set)
    for case in ROWS:
        shown[case.name].add(case.answer)
    always = "always known" in (predicate.__doc__ or "")
    assert shown[predicate.name] == ({YES, NO} if always else {YES, NO, UNKNOWN})


@pytest.mark.parametrize("case", ROWS, ids=lambda case: f"{case.name}-{case.why}".replace(" ", "_"))
def test_a_condition_and_its_denial_are_said_in_words(case: Row) -> None:
    asked = BY_NAME[case.name].model_validate(case.arguments)
    assert len(asked.words().split()) >= 1
    assert asked.words() != asked.denial()
    for text in (asked.words(), asked.denial()):
        assert "  " not in text
        assert not any(sign in text for sign in "[]{}$")


@pytest.mark.parametrize("case", ROWS, ids=lambda case: f"{case.name}-{case.why}".replace(" ", "_"))
def test_a_reader_never_skips_a_count_that_would_be_answered_other_than_no(case: Row) -> None:
    asked = BY_NAME[case.name].model_validate(case.arguments)
    if not asked.may_concern(case.matter.count.statute):
        assert case.answer is NO


def test_names_are_unique_and_every_predicate_says_what_it_asks() -> None:
    assert len(BY_NAME) == len(CORE_PREDICATES)
    for predicate in CORE_PREDICATES:
        assert predicate.__doc__, predicate.name
        assert predicate.__doc__.startswith("Whether"), predicate.name


def test_an_unknown_names_the_rows_that_could_settle_it() -> None:
    matter = of("ZZ 100", LATE_UNKNOWN, OLD, missing_rows=1)
    found = BY_NAME["conviction_within"].model_validate(WITHIN).ask(matter)
    assert [fact.place for fact in found.lacked] == [Place(0, 2, 3), Place(0, 1000, 1001)]
    assert {fact.value for fact in found.lacked} == {None}


def test_an_age_lacks_only_what_is_not_wholly_known() -> None:
    matter = of(birth_date="1980", arrested="2010-06-15", disposed="2011")
    found = BY_NAME["age_reached"].model_validate({"years": 30, "on": "arrest"}).ask(matter)
    assert [fact.name for fact in found.lacked] == ["birth_date"]
