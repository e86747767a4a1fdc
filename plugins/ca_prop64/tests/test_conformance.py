from pathlib import Path

from clearslate.testing.conformance import check_reform
from clearslate_ca_prop64.plugin import CA_PROP64


def test_the_reform_keeps_every_promise_that_every_reform_makes() -> None:
    check_reform(CA_PROP64, Path(__file__).parent / "cases", examples=4)
