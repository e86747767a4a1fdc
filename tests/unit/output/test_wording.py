from __future__ import annotations

from clearslate.ingest.reader import InputFile
from clearslate.model import Place
from clearslate.output.wording import missing_facts
from clearslate.policy.facts import FACT_WORDS, Fact

ONE = [InputFile("a.dat", "", 0, 0, True, "utf-8")]
TWO = [*ONE, InputFile("b.dat", "", 0, 0, True, "utf-8")]
CELLS = {"disposed": "STP_EVENT_DATE, else DISP_DATE"}


def test_a_missing_fact_names_its_columns_and_row() -> None:
    facts = [Fact("disposed", None, Place(0, 17, 18))]
    assert missing_facts(facts, FACT_WORDS, CELLS, ONE) == (
        "the date of the disposition (STP_EVENT_DATE, else DISP_DATE; row 17)",
    )


def test_rows_of_one_fact_stand_together_and_say_their_file_where_there_are_two() -> None:
    facts = [
        Fact("other_convictions", None, Place(1, 3, 4)),
        Fact("other_convictions", None, Place(0, 9, 10)),
        Fact("other_convictions", None, Place(0, 5, 6)),
        Fact("identity"),
    ]
    assert missing_facts(facts, FACT_WORDS, CELLS, TWO) == (
        "the person's other convictions (rows 5, 9 of a.dat, row 3 of b.dat)",
        "whose record it is",
    )


def test_a_value_is_never_spoken() -> None:
    (words,) = missing_facts([Fact("birth_date", "Zyxquell", Place(0, 1, 2))], FACT_WORDS, {}, ONE)
    assert words == "the birth date (row 1)"
