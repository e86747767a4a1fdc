from pathlib import Path

from clearslate.testing.conformance import check_reform
from clearslate_il_cannabis.plugin import IL_CANNABIS


def test_the_reform_keeps_every_promise_that_every_reform_makes() -> None:
    check_reform(IL_CANNABIS, Path(__file__).parent / "cases", examples=4)
