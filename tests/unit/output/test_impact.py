from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.assess.decide import decide_block
from clearslate.errors import LedgerError
from clearslate.model import Answer, Relief
from clearslate.output.figures import Figures, Sum
from clearslate.output.impact import FREED_OF, Impact, Tallies, public_edition, standing
from clearslate.output.staging import Staging
from clearslate.policy.matter import History
from clearslate.testing.factories import make_count, make_person
from clearslate.testing.memory import MemoryBlock
from clearslate.testing.oz import OZ

AS_OF = dt.date(2020, 1, 1)
LEAVES = {entry.id: entry.leaves for entry in OZ.about.reliefs}
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def tallies(decided: Any) -> Tallies:
    made = Tallies(LEAVES, AS_OF)
    made.add(decided)
    return made


def report(decided: Any) -> dict[str, Any]:
    figures = tallies(decided).figures()
    figures.check()
    return figures.nested()


def left(person: Any, *remains: str | None) -> dict[int, str]:
    return {id(count): remain for count, remain in zip(person.counts, remains, strict=False) if remain}


def test_a_redesignated_conviction_is_no_felony_and_still_a_conviction() -> None:
    person = make_person(make_count(disposed="2019-06-01"))
    assert standing(History(person), AS_OF, {}) == (YES, YES, YES)
    assert standing(History(person), AS_OF, left(person, "misdemeanor")) == (NO, YES, YES)
    assert standing(History(person), AS_OF, left(person, "nothing")) == (NO, NO, NO)


def test_another_felony_keeps_the_person_a_felon() -> None:
    person = make_person(make_count(), make_count("ZZ 7"))
    assert standing(History(person), AS_OF, left(person, "nothing")).felony is YES


@pytest.mark.parametrize(
    "other",
    [
        make_count("ZZ 7", grade=None),
        make_count("ZZ 7", disposition="unknown"),
        make_count("ZZ 7", relieved=[Relief.REDUCED]),
        make_count("ZZ 7", relieved=[Relief.VACATED]),
    ],
)
def test_what_could_be_a_felony_leaves_it_open(other: Any) -> None:
    person = make_person(make_count(), other)
    assert standing(History(person), AS_OF, left(person, "nothing")).felony is UNKNOWN


def test_a_rejected_row_leaves_everything_open() -> None:
    person = make_person(make_count(), missing_rows=1)
    assert standing(History(person), AS_OF, left(person, "nothing")) == (UNKNOWN, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("disposed", "recent"),
    [("2013-01-02", YES), ("2013-01-01", NO), ("2012-12-31", NO), ("2013", UNKNOWN), ("2012", NO), (None, UNKNOWN)],
)
def test_seven_calendar_years_to_the_day_are_past(disposed: str | None, recent: Answer) -> None:
    person = make_person(make_count(disposed=disposed))
    assert standing(History(person), AS_OF, {}).recent is recent


def test_the_figures_of_a_small_run(rolls: Any) -> None:
    decided = rolls.decided(
        rolls.person(rolls.count("ZZ 100(a)", grade="felony"), race="GREEN", sex="F"),
        rolls.person(rolls.count("ZZ 101", grade="misdemeanor"), race="GREEN", sex="M"),
        rolls.person(rolls.count("ZZ 100", arrested="2018-01-01", disposed="2018-02-01"), race="BLUE"),
    )
    figures = report(decided)
    people, convictions = figures["people"], figures["convictions"]
    assert people["with_conviction_in_scope"] == 3
    assert people["with_relief"] == {"total": 2, "by_race": {"GREEN": 2}, "by_sex": {"F": 1, "M": 1}}
    assert people["with_ineligible"] == 1
    assert people["known_to_have_no_felony"] == {"before": 1, "after": 2, "freed": 1}
    assert people["known_to_have_no_conviction"] == {"before": 0, "after": 1, "freed": 1}
    assert people["known_to_have_no_conviction_in_last_7_years"] == {"before": 2, "after": 2, "freed": 0}
    assert convictions["in_scope"] == 3
    assert {section: entry["in_scope"] for section, entry in convictions["by_section"].items()} == {
        "ZZ 100": 2,
        "ZZ 101": 1,
    }
    assert convictions["by_grade"]["felony"]["by_outcome"]["eligible"] == 1
    assert convictions["by_effect"]["removed"]["total"] == 1
    assert convictions["by_effect"]["reduced"]["by_grade"]["felony"] == 1
    assert convictions["by_relief"]["redesignate_misdemeanor"]["total"] == 1


def test_review_and_referral_are_counted(rolls: Any) -> None:
    review = report(rolls.decided(rolls.person(rolls.count(None))))
    assert (review["people"]["with_review"], review["convictions"]["by_outcome"]["review"]) == (1, 1)
    assert review["convictions"]["by_section"]["unknown"]["in_scope"] == 1
    refer = report(
        rolls.decided(
            rolls.person(rolls.count("ZZ 100", disposed="2019-05-01", arrested="2015-01-01")), policy="emerald_city"
        )
    )
    assert refer["people"]["with_refer"] == 1
    assert refer["convictions"]["referred_to"] == {"city office": 1}


counts = st.builds(
    make_count,
    st.sampled_from(["ZZ 100", "ZZ 101", "ZZ 101(b)", "ZZ 7", None]),
    grade=st.sampled_from(["felony", "misdemeanor", "infraction", None]),
    arrested=st.sampled_from(["2010-05-01", "2018-05-01", None]),
    disposed=st.sampled_from(["2010-06-01", "2018-06-01", "2010", None]),
    disposition=st.sampled_from(["convicted", "convicted", "unknown"]),
    facts=st.sampled_from([None, {"jars": 4}]),
)


@given(
    st.lists(st.tuples(st.lists(counts, min_size=1, max_size=4), st.sampled_from(["GREEN", "BLUE", None])), max_size=5),
    st.sampled_from(["statute", "emerald_city"]),
)
def test_the_figures_of_any_run_tie_to_one_another(people: list[Any], policy: str) -> None:
    block = MemoryBlock.of(*(make_person(*some, person_id=str(n), race=race) for n, (some, race) in enumerate(people)))
    decided = decide_block(block, OZ.bind(OZ.find(policy)), AS_OF, None)
    figures = tallies(decided).figures()
    figures.check()
    nested = figures.nested()
    assert nested["convictions"]["in_scope"] == len(decided)
    assert nested["people"]["with_conviction_in_scope"] == len({id(one.person) for one in decided})
    for name in FREED_OF:
        assert nested["people"][f"known_to_have_no_{name}"]["freed"] >= 0


def test_figures_that_do_not_tie_are_an_error() -> None:
    broken = Figures({("all",): 3, ("a",): 2}, [Sum(("all",), (("a",),))])
    with pytest.raises(LedgerError, match=r"\[all\] is \[3\], its parts sum to \[2\]"):
        broken.check()
    with pytest.raises(LedgerError, match=r"\[a\] is \[-1\]"):
        Figures({("a",): -1}, []).check()


def test_the_offices_edition_shows_small_counts_and_the_public_one_does_not(rolls: Any, tmp_path: Path) -> None:
    people = [rolls.person(rolls.count("ZZ 100"), race="GREEN", sex="F") for _ in range(40)]
    people += [rolls.person(rolls.count("ZZ 101"), race="BLUE", sex="M") for _ in range(3)]
    people += [rolls.person(rolls.count("ZZ 101"), race="RED", sex="M") for _ in range(20)]
    decided = rolls.decided(*people)
    run = rolls.context()
    with Staging(tmp_path / "out") as staging:
        opened = Impact().open(run, staging.open())
        opened.block(MemoryBlock.of(*people), decided)
        opened.close()
        staging.release()
    office = json.loads((tmp_path / "out" / "impact.json").read_text("utf-8"))
    assert office["edition"] == "office"
    assert office["people"]["with_relief"]["by_race"] == {"BLUE": 3, "GREEN": 40, "RED": 20}
    public = public_edition(tallies(decided), run)
    assert public["edition"] == "public"
    assert public["people"]["with_relief"]["by_race"] == {"BLUE": None, "GREEN": 40, "RED": None}
    assert public["people"]["with_relief"]["by_sex"] == {"F": 40, "M": 23}
    assert public["people"]["with_conviction_in_scope"] == 63

    def numbers(value: Any) -> list[int]:
        if isinstance(value, dict):
            return [n for part in value.values() for n in numbers(part)]
        return [value] if isinstance(value, int) else []

    assert min(numbers({key: public[key] for key in ("people", "convictions")})) >= 10
