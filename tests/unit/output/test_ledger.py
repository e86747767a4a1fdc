from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.errors import LedgerError
from clearslate.output.ledger import Ledger

some = st.integers(0, 10**6)


def ledger(used: int, repeated: int, rejected: int, outcomes: dict[str, int], other: int, statute: int) -> Ledger:
    decided = sum(outcomes.values())
    return Ledger(
        rows_read=used + repeated + rejected,
        rows_repeated=repeated,
        rows_rejected=rejected,
        people=7,
        people_in_blocks=7,
        charges=decided + other + statute,
        decided=decided,
        out_of_scope_statute=statute,
        other_county=other,
        undisposed=1,
        by_outcome=outcomes,
        annotated_written=used + repeated,
        condensed_written=used + repeated,
        rejected_written=rejected,
        determinations_written=decided,
        by_route={"paper": outcomes, "court": outcomes},
        routes_written=2 * decided,
        facts_given=5,
        facts_used=3,
        facts_unused=2,
        facts_written=5,
    )


ledgers = st.builds(ledger, some, some, some, st.dictionaries(st.sampled_from("abcd"), some), some, some)


@given(ledgers)
def test_counts_that_add_up_pass(sound: Ledger) -> None:
    sound.check()
    assert sound.rows_read == sound.rows_used + sound.rows_repeated + sound.rows_rejected


_NO_NUMBERS = ("by_outcome", "by_route", "rows_repeated", "undisposed", "noun")
NUMBERS = [f.name for f in dataclasses.fields(Ledger) if f.name not in _NO_NUMBERS]


@given(ledgers, st.sampled_from(NUMBERS), st.sampled_from([-1, 1]))
def test_one_row_or_conviction_more_or_less_anywhere_is_noticed(sound: Ledger, name: str, by: int) -> None:
    with pytest.raises(LedgerError, match="do not add up"):
        dataclasses.replace(sound, **{name: getattr(sound, name) + by}).check()


def test_more_repeated_rows_than_were_written_are_noticed() -> None:
    with pytest.raises(LedgerError, match="rows_used"):
        dataclasses.replace(ledger(0, 2, 0, {}, 0, 0), rows_repeated=3).check()


def test_the_message_names_the_sum() -> None:
    broken = dataclasses.replace(ledger(3, 0, 1, {}, 0, 0), rows_read=9)
    with pytest.raises(LedgerError, match=r"rows read = used \+ repeated \+ rejected: \[9\] is not \[4\]"):
        broken.check()
