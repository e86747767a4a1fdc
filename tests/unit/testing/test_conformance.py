"""The suite passes a sound reform, and tells the author of a broken one what to do."""

import itertools
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clearslate.errors import ConformanceError
from clearslate.model import Answer, Person
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known
from clearslate.policy.reform import PolicyReform
from clearslate.testing.blanks import blankings, is_consistent
from clearslate.testing.cases import LawCase, load_cases, read_cases
from clearslate.testing.conformance import check_reform
from clearslate.testing.factories import make_count, make_cycle, make_event, make_person, make_registration
from clearslate.testing.oz import CASES, OZ, read_statute
from clearslate.testing.strategies import persons, pool_of

FEW = 10


def broken(reform: PolicyReform, cases: Iterable[LawCase] | Path, *, examples: int = FEW) -> str:
    with pytest.raises(ConformanceError) as caught:
        check_reform(reform, cases, examples=examples)
    return str(caught.value)


def test_oz_keeps_every_promise() -> None:
    check_reform(OZ, CASES, examples=25)


def test_the_suite_says_the_same_thing_every_time() -> None:
    reform, cases = reform_with(RaceDecides)
    assert broken(reform, cases) == broken(reform, cases)


# A reform with one predicate of its own -----------------------------------------------------------


class Wrong(Predicate):
    """A predicate of a careless author."""

    name = "careless"

    def words(self) -> str:
        return "the author was careless"


class RaceDecides(Wrong):
    def ask(self, matter: Matter) -> Finding:
        return known(matter.person.race == "GREEN", Fact("grade"))


class NameDecides(Wrong):
    def ask(self, matter: Matter) -> Finding:
        return known(matter.person.names == ("ZYXQUELL,ORLA",), Fact("grade"))


class UnknownDateIsOld(Wrong):
    def ask(self, matter: Matter) -> Finding:
        disposed = matter.count.disposed
        return known(disposed is None or disposed.year < 2005, Fact("disposed"))


class UnknownBirthIsOld(Wrong):
    def ask(self, matter: Matter) -> Finding:
        born = matter.person.birth_date
        return known(born is None or born.year < 1950, Fact("birth_date"))


class MissingRowsAreNothing(Wrong):
    def ask(self, matter: Matter) -> Finding:
        return known(len(matter.person.convictions) == 1, Fact("other_convictions"))


class UnknownGradeIsMinor(Wrong):
    def ask(self, matter: Matter) -> Finding:
        return known(matter.count.grade is None, Fact("grade"))


class UnreadableIsNoBar(Wrong):
    def ask(self, matter: Matter) -> Finding:
        statutes = [count.statute for count in matter.person.counts if count is not matter.count]
        return known(not any(s is not None and s.section.number == "7" for s in statutes), Fact("other_convictions"))


class FirstRowDecides(Wrong):
    def ask(self, matter: Matter) -> Finding:
        return known(matter.person.counts[0] is matter.count, Fact("grade"))


class Raises(Wrong):
    def ask(self, matter: Matter) -> Finding:
        return known(matter.count.disposed.year < 2000, Fact("disposed"))  # type: ignore[union-attr]


class NotPlainAtAll(Wrong):
    of_plain_count = True

    def ask(self, matter: Matter) -> Finding:
        born = matter.person.birth_date
        return finding(Answer.of(None if born is None else born.latest.year < 1960), Fact("birth_date", born))


class Counts(Wrong):
    def ask(self, matter: Matter) -> Finding:
        return known(next(_TURNS) % 2 == 0, Fact("grade"))


_TURNS = itertools.count()


class SaysTheName(Wrong):
    def ask(self, matter: Matter) -> Finding:
        return Finding(Answer.UNKNOWN, (), (Fact("grade"),))


POLICY = """
reform = "oz_moonshine"
id = "statute"
title = "A careless policy"
summary = "A policy whose predicate breaks a promise."
in_force = 2016-07-01
reviewed_on = 2026-09-01
source = "ZZ Acts 2016 c. 1"

[[scope]]
cite = "ZZ Acts 2016 c. 1 s 2"
test = { is = "statute_readable" }

[[rules]]
id = "careless"
then = "eligible"
relief = "dismiss_and_seal"
because = "The author was careless."
when = [{ cite = "ZZ Acts 2016 c. 1 s 4", test = { is = "careless" } }]

[[rules]]
id = "otherwise"
then = "ineligible"
because = "Nothing else applies."
cite = "ZZ Acts 2016 c. 1 s 9"
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def reform_of(policy: str = POLICY, predicates: tuple[type[Predicate], ...] = (), opening: str = "") -> PolicyReform:
    folder = Path("made")
    (folder / "policies").mkdir(parents=True, exist_ok=True)
    about = OZ._source.text.split("[[flags]]")[0] + opening
    (folder / "reform.toml").write_text(about, encoding="utf-8")
    (folder / "policies" / "statute.toml").write_text(policy, encoding="utf-8")
    return PolicyReform(folder, read_statute=read_statute, predicates=predicates)


def reform_with(predicate: type[Predicate]) -> tuple[PolicyReform, list[LawCase]]:
    return reform_of(predicates=(predicate,)), [case_of("otherwise")]


def case_of(rule: str, outcome: str = "ineligible", **entries: str) -> LawCase:
    text = f"""
[[case]]
id = "C{entries.get("id", "1")}"
name = "{entries.get("name", "A case that the author wrote")}"
source = "{entries.get("source", "ZZ Acts 2016 c. 1 s 4")}"
as_of = 2019-07-01
expect = {{ outcome = "{outcome}", {entries.get("relief", "")} rule = "{rule}" }}
[[case.person.counts]]
decide = true
statute = "100 ZZ"
arrested = "2009-01-01"
disposed = "2010-01-01"
grade = "{entries.get("grade", "felony")}"
"""
    return read_cases("made.toml", textwrap.dedent(text))[0]


@pytest.mark.parametrize("predicate", [RaceDecides, NameDecides])
def test_a_predicate_that_looks_at_who_the_person_is_is_found(predicate: type[Predicate]) -> None:
    assert "with another sex, race or name" in broken(*reform_with(predicate))


@pytest.mark.parametrize(
    "predicate",
    [UnknownDateIsOld, UnknownBirthIsOld, MissingRowsAreNothing, UnknownGradeIsMinor, UnreadableIsNoBar],
)
def test_a_predicate_that_takes_unknown_for_yes_is_found(predicate: type[Predicate]) -> None:
    message = broken(*reform_with(predicate), examples=30)
    assert "becomes eligible: dismiss_and_seal by rule [careless] with" in message
    assert "a predicate takes unknown for yes or no" in message


def test_blanking_a_law_case_alone_finds_it_and_names_the_fact() -> None:
    reform, cases = reform_with(UnknownDateIsOld)
    message = broken(reform, cases)
    assert "case [C1] under policy [statute]: ineligible by rule [otherwise] becomes" in message
    assert "with disposition date blank of count 1" in message


def test_a_predicate_that_depends_on_the_order_of_rows_is_found() -> None:
    assert "with its rows in another order" in broken(*reform_with(FirstRowDecides))


def test_a_predicate_that_raises_is_found_by_the_error_it_raises() -> None:
    assert "deciding a record raises AttributeError" in broken(*reform_with(Raises))


def test_a_predicate_that_wrongly_says_it_is_of_the_plain_count_is_found() -> None:
    assert "a predicate of_plain_count looks at more than it may" in broken(*reform_with(NotPlainAtAll))


def test_a_predicate_that_remembers_is_found() -> None:
    assert "otherwise the second time" in broken(*reform_with(Counts))


def test_a_generated_record_that_breaks_a_promise_is_told_in_words() -> None:
    message = broken(*reform_with(RaceDecides))
    assert "count 1:" in message
    assert "rule [careless] (eligible: dismiss_and_seal):" in message
    assert "<Person>" not in message


# Cases that do not show the law ----------------------------------------------------------------------

GRADES = POLICY.replace('{ is = "careless" }', '{ is = "grade_in", grades = ["misdemeanor"] }')
DISMISSED = {"outcome": "eligible", "relief": 'relief = "dismiss_and_seal",', "grade": "misdemeanor", "id": "2"}


def test_a_reform_whose_cases_reach_everything_passes() -> None:
    check_reform(reform_of(GRADES), [case_of("otherwise"), case_of("careless", **DISMISSED)], examples=FEW)


def test_a_rule_that_no_case_reaches_is_named() -> None:
    message = broken(reform_of(GRADES), [case_of("otherwise")])
    assert "rule [careless] of policy [statute] decides no law case; add one, or remove the rule" in message
    assert "rule [otherwise] of policy [statute] decides" not in message


def test_a_rule_that_only_could_apply_is_not_reached() -> None:
    policy = GRADES.replace('{ is = "grade_in", grades = ["misdemeanor"] }', '{ is = "sentence_ended" }')
    message = broken(reform_of(policy), [case_of("careless", outcome="review")])
    assert "rule [careless] of policy [statute] decides no law case" in message
    assert "rule [otherwise] of policy [statute] decides" not in message, "the walk ended at it"


def test_a_rule_that_a_parameter_switches_on_needs_a_case_that_sets_it() -> None:
    switch = '[parameters.on]\ntitle = "Whether it is on"\ndefault = false\n\n[[scope]]'
    policy = GRADES.replace("[[scope]]", switch, 1).replace(
        'because = "The author', 'only_if = "$on"\nbecause = "The author'
    )
    message = broken(reform_of(policy), [case_of("otherwise")])
    assert "add one (a case that sets on)" in message


def test_an_opening_rule_and_a_flag_need_a_case_too() -> None:
    opening = """
[[rules]]
id = "dead"
then = "review"
because = "The person has died."
when = [{ cite = "ZZ Acts 2016 c. 1 s 7", test = { is = "deceased" } }]
[[flags]]
id = "OLD"
cite = "ZZ Acts 2016 c. 1 s 7"
test = { is = "deceased" }
"""
    message = broken(reform_of(GRADES, opening=opening), [case_of("otherwise"), case_of("careless", **DISMISSED)])
    assert "rule [dead] of the reform is reached by no law case" in message
    assert "flag [OLD] of the reform is reached by no law case" in message


def test_a_case_that_comes_out_otherwise_is_listed_with_its_walk() -> None:
    message = broken(reform_of(GRADES), [case_of("careless", **DISMISSED), case_of("careless", id="3")])
    assert "case [C3] of [made.toml]" in message
    assert "expected ineligible by rule [careless], got ineligible by rule [otherwise]" in message


def test_a_reform_without_cases_is_refused() -> None:
    assert "there are no law cases" in broken(reform_of(GRADES), [])


@pytest.mark.parametrize("cite", ["todo", "TBD", "?", "s.", "cite", "n/a ", "—", "Law"])
def test_a_citation_that_nobody_could_look_up_is_named(cite: str) -> None:
    message = broken(reform_of(GRADES.replace("ZZ Acts 2016 c. 1 s 9", cite)), [case_of("otherwise")])
    assert f"rule [otherwise] cites [{cite.strip()}]; name the law or document" in message


def test_a_case_needs_a_citation_and_a_sentence_for_a_name() -> None:
    message = broken(reform_of(GRADES), [case_of("otherwise", source="todo", name="Case one")])
    assert "case [C1] cites [todo]" in message
    assert "case [C1] is named [Case one]; name it by a sentence of law" in message


# Files that do not fit ------------------------------------------------------------------------------


def test_a_policy_that_does_not_compile_is_all_that_is_said() -> None:
    message = broken(reform_of(GRADES.replace("grade_in", "grade_inn")), [case_of("otherwise")])
    assert message.count("\n- ") == 1
    assert "did you mean [grade_in]?" in message


def test_a_policy_under_another_id_than_its_file_is_named() -> None:
    message = broken(reform_of(GRADES.replace('id = "statute"', 'id = "statutes"')), [case_of("otherwise")])
    assert "policy file [statute.toml] says reform [oz_moonshine] and id [statutes]" in message


def test_a_reform_that_passes_over_unknown_names_is_found() -> None:
    class Lax(PolicyReform):
        def find(self, name):
            return super().find("statute")

        def bind(self, source, settings=None):
            return super().bind(super().find("statute"))

    reform = reform_of(GRADES)
    reform.__class__ = Lax
    message = broken(reform, [case_of("otherwise")])
    for what in ("gives a policy for the id", "takes a parameter", "an unknown key", "an unknown predicate"):
        assert what in message


# The records it tries -----------------------------------------------------------------------------------

POOL = pool_of(OZ, load_cases(CASES))


KINDS = {
    "many counts": lambda p: len(p.counts) > 3,
    "an unreadable statute": lambda p: any(c.statute is None for c in p.counts),
    "an attempt": lambda p: any(c.statute is not None and c.statute.attempt for c in p.counts),
    "a partial date": lambda p: any(c.disposed is not None and not c.disposed.exact for c in p.counts),
    "no disposition": lambda p: any(c.disposition.value == "unknown" for c in p.counts),
    "relief": lambda p: any(c.relieved for c in p.counts),
    "an unreadable charge": lambda p: any(None in c.cycle.charged for c in p.counts),
    "no birth date": lambda p: p.birth_date is None,
    "rejected rows": lambda p: bool(p.missing_rows),
    "a registration": lambda p: bool(p.registrations),
    "a shared identifier": lambda p: p.shares_identifier,
    "a fact": lambda p: any("jars" in c.facts for c in p.counts),
    "a contradiction": lambda p: not is_consistent(p) and not p.shares_identifier,
}


def drawn(people: st.SearchStrategy[Person], examples: int) -> list[Person]:
    seen: list[Person] = []
    run = settings(max_examples=examples, database=None, derandomize=True, deadline=None, phases=[Phase.generate])
    run(given(people)(lambda person: seen.append(person)))()
    return seen


def test_arbitrary_records_hold_every_kind_of_doubt() -> None:
    seen = drawn(persons(POOL), 150)
    assert {kind for kind, holds in KINDS.items() if any(holds(person) for person in seen)} == set(KINDS)


def test_the_pool_knows_the_reforms_statutes_and_the_days_on_which_answers_change() -> None:
    assert {str(statute) for statute in POOL.statutes} >= {"ZZ 100", "ZZ 101", "YY 100", "attempt: ZZ 100", "YY 7"}
    assert {day.isoformat() for day in POOL.days} >= {"2016-06-30", "2016-07-01", "2016-07-02", "2019-07-01"}
    assert set(POOL.facts) == {"jars", "in_market"}
    assert "AMOUNT_BLANK" in POOL.flags


@pytest.mark.parametrize("unknown", [True, False])
def test_consistent_records_never_contradict_themselves(unknown: bool) -> None:
    for person in drawn(persons(POOL, consistent=True, unknown=unknown), 40):
        assert is_consistent(person)
        if not unknown:
            assert person.birth_date is not None
            assert all(c.disposed and c.grade and c.statute and c.sentence for c in person.counts)


def test_every_fact_of_a_record_is_blanked_and_every_row_lost_in_turn() -> None:
    event = make_event(make_cycle("1", charged=["ZZ 100", "ZZ 101", "YY 7"]))
    person = make_person(
        make_count("ZZ 100", event=event, sentence=["30 day JAIL", "FINE"], facts={"jars": 4}),
        make_count("ZZ 101", event=event),
        registrations=[make_registration()],
        deceased=True,
    )
    decided = person.counts[1]
    seen = list(blankings(person, decided))
    words = {one.words for one in seen}
    assert words >= {
        "birth date 1980-01", "birth date 1980", "birth date blank", "arrest of cycle [1] blank",
        "the row of the death rejected", "row of registration 1 rejected", "statute of registration 1 blank",
        "county of event [1/1] blank", "charged row 3 of cycle [1] blank", "charged row 3 of cycle [1] rejected",
        "statute blank of count 1", "grade blank of count 2", "disposition date 2010 of count 2",
        "length of sentence part 1 blank of count 1", "unit of sentence part 1 blank of count 1",
        "kind of sentence part 2 blank of count 1", "row of sentence part 1 of count 1 rejected",
        "sentence blank of count 2", "fact [jars] blank of count 1", "disposition of count 1 blank",
        "row of count 1 rejected",
    }  # fmt: skip
    assert len(words) == len(seen)
    for one in seen:
        assert one.decided.key == decided.key
        assert any(count is one.decided for count in one.person.counts)
        assert one.person != person
        assert one.decided.is_conviction
        assert ("rejected" in one.words) is (len(one.person.missing_rows) == 1)
