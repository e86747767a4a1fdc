from pathlib import Path

import pytest

from clearslate.testing.cases import LawCase, check_case, load_cases
from clearslate_il_cannabis.plugin import IL_CANNABIS

CASES = load_cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_law_case_is_decided_as_it_says(case: LawCase) -> None:
    check_case(IL_CANNABIS, case)
