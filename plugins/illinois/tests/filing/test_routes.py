from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pytest
from msgspec.structs import replace

from clearslate.errors import LedgerError
from clearslate.filing.entry import Entry, Standing, Word
from clearslate.output.decided import Decided
from clearslate.policy.determination import Decision, Determination, Outcome, RouteRuling
from clearslate.policy.word import reopened, with_word
from clearslate.testing.factories import make_count, make_person
from clearslate_illinois.filing.routes import OnRoute, check_whole, granted_on, is_by_hand, on_route, standings, taken

DAY = dt.date(2026, 1, 5)


def entry_of(outcomes: Mapping[str, str], word: Word | None = None, rule: str = "a_rule") -> Entry:
    routes = tuple(
        RouteRuling(
            route, Decision(Outcome(outcome), route if outcome == "eligible" else None), rule, "So.", (), (), (), ()
        )
        for route, outcome in outcomes.items()
    )
    person = make_person(make_count("ZZ 100"))
    got = Determination(Decision(Outcome.REVIEW), rule, "So.", (), (), (), (), (), routes)
    if word is not None:
        got = with_word(Whole(), got, word)  # type: ignore[arg-type]
    return Entry(Decided(person, person.counts[0], got), "rolls.csv", {})


class Whole:
    """A policy that makes a whole of its routes."""

    @staticmethod
    def of_routes(routes: Sequence[RouteRuling], flags: tuple[str, ...]) -> Determination:
        return Determination(Decision(Outcome.REVIEW), "a_rule", "So.", (), (), (), flags, (), tuple(routes))


def word(kind: str, outcome: str | None = None, relief: str | None = None, route: str | None = None) -> Word:
    said = None if outcome is None else Outcome(outcome)
    return Word(kind, said, relief, " Looked  up. ", "G. Quadling", DAY, route)  # type: ignore[arg-type]


def test_without_a_word_an_entry_goes_where_its_route_was_decided() -> None:
    entry = entry_of({"motion": "eligible", "pardon": "review", "police": "ineligible", "other": "refer"})
    found = {route: on_route(entry, route).standing for route in ("motion", "pardon", "police", "other", "no_such")}
    assert found == {
        "motion": Standing.GRANTED,
        "pardon": Standing.OPEN,
        "police": Standing.REFUSED,
        "other": Standing.REFERRED,
        "no_such": Standing.REFUSED,
    }
    assert on_route(entry, "motion") == OnRoute(Standing.GRANTED, "a_rule", "So.")


@pytest.mark.parametrize(
    ("said", "motion", "pardon"),
    [
        (word("object"), "objected", "open"),
        (word("object", route="motion"), "objected", "open"),
        (word("object", route="pardon"), "granted", "objected"),
        (word("settle", "eligible", "pardon", "pardon"), "granted", "granted"),
        (word("overrule", "ineligible", route="motion"), "refused", "open"),
        (word("overrule", "review", route="motion"), "open", "open"),
        (word("overrule", "refer", route="motion"), "referred", "open"),
    ],
)
def test_an_attorney_s_word_counts_on_the_route_that_it_is_about(said: Word, motion: str, pardon: str) -> None:
    entry = entry_of({"motion": "eligible", "pardon": "review"}, said)
    assert on_route(entry, "motion").standing.value == motion
    assert on_route(entry, "pardon").standing.value == pardon


def test_who_had_a_word_is_said_and_what_they_wrote_is_not() -> None:
    on = on_route(entry_of({"motion": "review"}, word("settle", "eligible", "motion", "motion")), "motion")
    assert (on.standing, on.rule, on.said_by) == (Standing.GRANTED, "attorney_settled", "G. Quadling")
    assert is_by_hand(on)
    assert "Looked" not in on.reason


def test_a_word_that_does_not_hold_any_more_leaves_the_route_open() -> None:
    entry = entry_of({"motion": "eligible"})
    said = word("settle", "eligible", "motion", "motion")
    again = reopened(Whole(), entry.decided.determination, said)  # type: ignore[arg-type]
    on = on_route(replace(entry, decided=replace(entry.decided, determination=again)), "motion")
    assert (on.standing, on.rule, on.said_by) == (Standing.OPEN, "attorney_word_reopened", None)
    assert "Looked" not in on.reason
    assert not is_by_hand(on)


def test_the_standings_hold_every_entry() -> None:
    entries = [entry_of({"motion": outcome}) for outcome in ("eligible", "eligible", "review", "ineligible", "refer")]
    entries.append(entry_of({"motion": "eligible"}, word("object")))
    assert standings(entries, "motion") == {"granted": 2, "objected": 1, "open": 1, "refused": 1, "referred": 1}
    assert granted_on(entries, "motion") == entries[:2]
    assert taken(2) == {"granted": 2, "objected": 0, "open": 0, "refused": 0, "referred": 0}


def test_a_packet_of_less_than_the_run_is_refused() -> None:
    class Some:
        manifest = {"ledger": {"charges_decided": 3}}  # noqa: RUF012
        entries = ()
        reform = type("About", (), {"decides": "charges"})

    with pytest.raises(LedgerError, match=r"decided \[3\] and \[0\] were read"):
        check_whole(Some())  # type: ignore[arg-type]
