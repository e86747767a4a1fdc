from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearslate.errors import LedgerError
from clearslate.registry import load
from clearslate.track.answers import Answered, Asked, Problem, Table
from clearslate.track.book import Account, By, Mark, granted, mark, take_in
from clearslate.track.case import cases, last_known
from clearslate.track.history import standing
from clearslate.track.state import State
from clearslate.vault.beside import TRACKED

S = State

READ = load().reform("ca_prop64").read_statute
DAY = dt.date(2026, 3, 20)
BY = By("tester", "2026-03-20T00:00:00.00Z", DAY)
NUMBERS = ("OZ-1", "OZ-2", "OZ-3", "OZ-4", "OZ-9")


def march(day: int) -> dt.date:
    return dt.date(2026, 3, day)


def table(*said: tuple[str, S, int | None] | Problem, name: str = "a.csv") -> Table:
    rows = []
    for row, one in enumerate(said, 1):
        if isinstance(one, Problem):
            rows.append((row, one))
        else:
            number, state, day = one
            rows.append((row, Answered(row, Asked(number), state, None if day is None else march(day))))
    return Table(name, name[0] * 64, (), rows)


def states(store: Any) -> dict[str, tuple[S, int]]:
    found = {}
    for of_person in cases(store, 1):
        for case in of_person:
            now = standing(case.steps)
            found[case.cells["case_number"]] = (now.state, len(now.contradictions))
    return found


@pytest.fixture
def store(kept: Any) -> Any:
    kept.add(1, 1).add(2, 2, case_number="OZ-2").add(3, 3, case_number="OZ-3")
    return kept.add(4, 4, case_number="OZ-4", outcome="review").done()


def enter(store: Any, *said: Any, **more: Any) -> Account:
    return take_in(store, 1, table(*said, **more), READ, BY)


def test_answers_are_entered_and_what_is_left_over_is_counted_by_row(store: Any) -> None:
    account = enter(
        store,
        ("OZ-1", S.SIGNED, 3),
        ("oz 1", S.SIGNED, 3),
        ("OZ-2", S.DENIED, None),
        ("OZ-1", S.DENIED, 9),
        ("OZ-9", S.SIGNED, 3),
        ("OZ-4", S.SIGNED, 3),
        Problem("answer", "is none"),
    )
    assert (account.rows, account.applied, account.repeated) == (7, 2, 1)
    assert (account.not_matched, account.contradictory) == (3, 1)
    assert account.states == Counter({S.SIGNED: 1, S.DENIED: 1})
    assert [(one.row, one.outcome, one.problem) for one in account.left_over] == [
        (4, "contradictory", "denied after signed"),
        (5, "not matched", "unknown case"),
        (6, "not matched", "not granted"),
        (7, "not matched", "answer"),
    ]
    assert not account.is_whole
    assert states(store) == {
        "OZ-1": (S.SIGNED, 1),
        "OZ-2": (S.DENIED, 0),
        "OZ-3": (S.DECIDED, 0),
        "OZ-4": (S.DECIDED, 0),
    }


def test_the_same_file_again_changes_nothing(store: Any) -> None:
    said = (("OZ-1", S.SIGNED, 3), ("OZ-2", S.GRANTED, None))
    assert enter(store, *said).applied == 2
    generation = store.generation
    account = enter(store, *said)
    assert (account.applied, account.repeated, account.is_whole) == (0, 2, True)
    assert store.generation == generation


def test_nothing_is_kept_where_what_comes_before_it_fails(store: Any) -> None:
    def fails(_: Account) -> None:
        raise OSError

    before = store.generation
    with pytest.raises(OSError):  # noqa: PT011 - the one that is raised above
        take_in(store, 1, table(("OZ-1", S.SIGNED, 3)), READ, BY, fails)
    assert store.generation == before
    assert TRACKED.runs(store) == []


def test_an_answer_is_kept_with_where_it_stands_and_who_took_it_in(store: Any) -> None:
    enter(store, ("OZ-2", S.SIGNED, 3))
    assert TRACKED.read(store, 1, 2) == {
        ("oz.dat", 2): [
            {
                "state": "signed",
                "on": "2026-03-03",
                "noted": "2026-03-20",
                "at": BY.at,
                "who": "tester",
                "source": ["a.csv", 1, "a" * 64],
            }
        ]
    }


def test_what_the_office_did_is_marked_where_it_may_be(store: Any) -> None:
    enter(store, ("OZ-1", S.SIGNED, 3), ("OZ-2", S.DENIED, 4))
    account = mark(store, 1, granted(store, 1), Mark(S.REPORTED, march(8)), BY)
    assert (account.rows, account.applied, account.contradictory) == (3, 1, 2)
    assert account.problems == Counter({"reported after denied": 1, "reported after decided": 1})
    # What may not be marked is not noted either.
    assert states(store) == {
        "OZ-1": (S.REPORTED, 0),
        "OZ-2": (S.DENIED, 0),
        "OZ-3": (S.DECIDED, 0),
        "OZ-4": (S.DECIDED, 0),
    }
    again = mark(store, 1, granted(store, 1), Mark(S.REPORTED, march(8)), BY)
    assert (again.applied, again.repeated) == (0, 1)


def test_a_person_settles_a_contradiction(store: Any) -> None:
    enter(store, ("OZ-1", S.SIGNED, 3), ("OZ-1", S.DENIED, 5))
    chosen = [case for case in granted(store, 1) if case.key[1] == 1]
    mark(store, 1, chosen, Mark(S.SIGNED, march(3), note="the minutes say so", settles=True), BY)
    assert states(store)["OZ-1"] == (S.SIGNED, 0)
    assert len(TRACKED.read(store, 1, 1)["oz.dat", 1]) == 3
    assert enter(store, ("OZ-1", S.SIGNED, 3), ("OZ-1", S.DENIED, 5)).repeated == 2


def test_what_was_noted_of_other_charges_of_a_person_stays(kept: Any) -> None:
    kept.add(1, 1).add(1, 2, case_number="OZ-2").done()
    enter(kept.store, ("OZ-1", S.SIGNED, 3))
    enter(kept.store, ("OZ-2", S.DENIED, 3))
    assert {key[1] for key in TRACKED.read(kept.store, 1, 1)} == {1, 2}


def test_the_last_state_of_a_charge_is_found_in_its_run_or_in_another(kept: Any) -> None:
    kept.add(1, 1).add(1, 2, case_number="OZ-2").done()
    kept.done(run=2)
    enter(kept.store, ("OZ-1", S.SIGNED, 3), ("OZ-2", S.DENIED, 3))
    take_in(kept.store, 2, table(("OZ-1", S.GRANTED, None)), READ, BY)
    found = last_known(kept.store, 1, 2, [1])
    assert {key[1]: now.state for key, now in found.items()} == {1: S.GRANTED, 2: S.DENIED}
    assert {key[1] for key in last_known(kept.store, 1, 2, [])} == {1}


def test_an_account_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(LedgerError, match="do not add up"):
        Account(rows=2, applied=1).check()


_SAID = st.one_of(
    st.just(Problem("answer", "is none")),
    st.tuples(
        st.sampled_from(NUMBERS),
        st.sampled_from([S.SIGNED, S.GRANTED, S.DENIED, S.SEALED, S.CASE_NOT_FOUND, S.COUNT_MISMATCH]),
        st.none() | st.integers(1, 4),
    ).filter(lambda one: (one[1] is S.SIGNED) == (one[2] is not None) or one[1] not in (S.SIGNED, S.GRANTED)),
)


@given(st.lists(st.lists(_SAID, max_size=5), min_size=1, max_size=3), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_taken_in_in_any_order_and_again_give_the_same_states(
    files: Sequence[Sequence[Any]], random: Any
) -> None:
    from tests.unit.track.conftest import Kept

    def made(order: Sequence[int], times: int) -> tuple[Any, Any]:
        kept = Kept().add(1, 1).add(2, 2, case_number="OZ-2").add(3, 3, case_number="OZ-3")
        store = kept.add(4, 4, case_number="OZ-4", outcome="review").done()
        mark(store, 1, granted(store, 1), Mark(S.FILED, march(1)), By("tester", "2026-03-01T00:00:00.00Z", march(1)))
        for number in [*order] * times:
            account = enter(store, *files[number], name=f"{number}.csv")
            parts = account.applied + account.repeated + account.not_matched + account.contradictory
            assert account.rows == len(files[number]) == parts
        found = states(store), store.generation
        store.close()
        return found

    straight, generation = made(range(len(files)), 1)
    order = list(range(len(files)))
    random.shuffle(order)
    assert made(order, 1)[0] == straight
    again, later = made(range(len(files)), 2)
    assert (again, later) == (straight, generation)
