"""What disposition texts say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate_california.wording import Effect, Kind, Said, is_conviction, kind_of, wording


@pytest.mark.parametrize(
    ("text", "said", "effect"),
    [
        ("CONVICTED-PROB/JAIL", Said.CONVICTED, None),
        ("CONVICTED-MISD PER 17(B) PC", Said.CONVICTED, Effect.REDUCED_17B),
        ("CONVICTED-PROBATION REINSTATED", Said.CONVICTED, None),
        ("CONVICTEDX", Said.PERHAPS, None),
        ("FOUND GUILTY BY JURY", Said.PERHAPS, None),
        ("NOT GUILTY BY REASON OF INSANITY", Said.NOT_CONVICTED, None),
        ("ACQUITTED", Said.NOT_CONVICTED, None),
        ("DISPOSITION UNKNOWN", Said.PERHAPS, None),
        ("DISMISSED-SEE COMMENT", Said.DISMISSED, None),
        ("DISMISSED/FURTHERANCE OF JUSTICE", Said.DISMISSED, None),
        ("NULL", Said.NOTHING, None),
        ("-----", Said.NOTHING, None),
        ("CONV SET ASIDE & DISM PER 1203.4 PC", Said.LATER_STEP, Effect.AFTER_PROBATION),
        ("PLEA WITHDRAWN, DISM 1203.4(A)", Said.LATER_STEP, Effect.AFTER_PROBATION),
        ("PETITION 1203.4 PC DENIED", Said.LATER_STEP, None),
        ("11203.4 XX", Said.UNREAD, None),
        ("SET ASIDE AND VACATED", Said.LATER_STEP, Effect.VACATED),
        ("PLEA WITHDRAWN", Said.LATER_STEP, Effect.VACATED),
        ("DISMISSED 1385 PC", Said.LATER_STEP, Effect.VACATED),
        ("GRANTED PER 11361.8(B)", Said.LATER_STEP, Effect.SAME_LAW),
        ("GRANTED PER 11361.9 HS", Said.LATER_STEP, Effect.SAME_LAW),
        ("REDUCED TO MISDEMEANOR 17(B)(3) PC", Said.LATER_STEP, Effect.REDUCED_17B),
        ("REDUCED TO MISD PER 1170.18 PC", Said.LATER_STEP, Effect.REDUCED),
        ("REDUCED TO INFRACTION PER 17(B)", Said.LATER_STEP, Effect.PERHAPS_REDUCED),
        ("CHARGE REDUCED", Said.LATER_STEP, Effect.PERHAPS_REDUCED),
        ("PROBATION REVOKED", Said.LATER_STEP, Effect.SENTENCE),
        ("RESENTENCED", Said.LATER_STEP, Effect.SENTENCE),
        ("RECORD SEALED PER 851.8 PC", Said.LATER_STEP, Effect.UNCLEAR),
        ("PARDONED BY GOVERNOR", Said.LATER_STEP, Effect.UNCLEAR),
        ("REL/TOT OTHER JURIS/AUTH", Said.NOT_CONVICTED, None),
        ("PROS REJ-INSUFFICIENT EVIDENCE", Said.NOT_CONVICTED, None),
        ("DIVERTED-PC 1000", Said.NOT_CONVICTED, None),
        ("DEFERRED ENTRY OF JUDGMENT", Said.NOT_CONVICTED, None),
        ("NOLLE PROSEQUI", Said.NOT_CONVICTED, None),
        ("COMPLAINT NOT FILED", Said.NOT_CONVICTED, None),
        ("TRANSFERRED TO JUVENILE COURT", Said.NOT_CONVICTED, None),
        ("TRANSFERRED TO STATE PRISON", Said.UNREAD, None),
        ("C0NVICTED-PRISON", Said.UNREAD, None),
        ("ONVICTED-PRISON", Said.UNREAD, None),
        ("20000414", Said.UNREAD, None),
        ("FOO", Said.UNREAD, None),
    ],
)
def test_a_disposition_text_says_what_its_words_say(text: str, said: Said, effect: Effect | None) -> None:
    assert tuple(wording(text)) == (said, effect)


@pytest.mark.parametrize("text", ["UNCONVICTED", "NOT CONVICTED", "CONVICTEDX", "RECONVICTED"])
def test_convicted_is_a_word_of_its_own_and_the_first(text: str) -> None:
    assert not is_conviction(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("COURT ACTION", Kind.COURT),
        ("court  action", Kind.COURT),
        ("ARREST/DETAINED/CITED", Kind.ARREST),
        ("", Kind.UNKNOWN),
        ("NULL", Kind.UNKNOWN),
        ("DECEASED", Kind.DECEASED),
        ("REGISTRATION", Kind.REGISTRATION),
        ("CUSTODY", Kind.ELSEWHERE),
        ("COURT ACTIONS", Kind.OTHER),
    ],
)
def test_a_kind_of_step_is_one_of_the_table_or_none(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@given(st.text(max_size=40))
def test_only_what_begins_with_convicted_is_a_conviction(text: str) -> None:
    assert is_conviction(text) <= text.strip(" ()/&,.-").upper().startswith("CONVICTED") or not text.isascii()
