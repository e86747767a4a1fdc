from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import UsageError
from clearslate.ingest.table.mapping import check_facts, read_mapping
from clearslate.testing.oz import OZ

EXAMPLE = Path(__file__).parents[4] / "examples" / "table" / "oz_roll.toml"


def test_the_example_is_a_mapping() -> None:
    mapping = read_mapping(EXAMPLE)
    assert (mapping.id, mapping.file.name, mapping.table.delimiter) == ("oz_roll", "oz_roll.toml", "semicolon")
    assert len(mapping.file.sha256) == 64


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "ID"', 'idd = "ID"', ["unknown key [person.idd]", "did you mean [id]?"]),
        ('id = "ID"', "", ["key [person.id] is missing"]),
        ('id = "ID"', 'id = "IDS"', ["key [person.id]", "no column [IDS]", "did you mean [ID]?"]),
        ('identifier = "SID"', 'identifier = "ID"', ["key [person.identifier]", "the column of person.id"]),
        ('statute = "STATUTE"', 'statute = ["STATUTE", "STAT"]', ["key [charge.statute]", "no column [STAT]"]),
        ('statute = "STATUTE"', 'statute = { value = "100 ZZ" }', ["key [charge.statute]", "no value"]),
        ('grade = "GRADE"', 'grade = ["GRADE", "CHARGE"]', ["key [charge.grade]", "one column"]),
        (
            'grade = "GRADE"',
            'grade = { columns = ["GRADE"], value = "felony" }',
            ["key [charge.grade]", "one of the two"],
        ),
        (
            'statute = "STATUTE"',
            'statute = { columns = ["STATUTE"], may_be_blank = ["JARS"] }',
            ["key [charge.statute]", "may_be_blank names [JARS]"],
        ),
        ('county = "COUNTY"', 'county = { value = "" }', ["key [charge.county"]),
        ('length = "DAYS"', 'length = "DAY"', ["key [charge.sentence.length]", "did you mean [DAYS]?"]),
        ('kind = "number"', 'kind = "amount"', ["key [facts.jars.kind]"]),
        ('column = "JARS"', 'column = "JAR"', ["key [facts.jars.column]", "did you mean [JARS]?"]),
        ('formats = ["%m/%d/%Y", ', 'formats = ["%d/%m/%Y", "%m/%d/%Y", ', ["key [dates.formats]", "[dates.columns]"]),
        ('formats = ["%m/%d/%Y", ', 'formats = ["%m/%d/%y", ', ["key [dates.formats]", "pivot"]),
        ("[dates]", "[date]", ["unknown key [date]", "did you mean [dates]?"]),
        ('F = "felony"', 'F = "felon"', ["key [values.grade.F]", "'felony'"]),
        ('M = "misdemeanor"', 'f = "misdemeanor"', ["key [values.grade]", "[f] stands twice"]),
        ("[values.grade]", "[values.relieved]", ["key [values.relieved.F]"]),
        ("[values.grade]", '[values.deceased]\nY = "yes"\n[values.grade]', ["[values.deceased]", "no deceased column"]),
        ('sex = "SEX"', 'sex = ["SEX"]', ["key [person.sex]"]),
        ('county = "COUNTY"', 'county = "COUNTY"\nrelieved = "SEX"', ["key [charge.relieved]", "[values.relieved]"]),
        ("[values.grade]", "[dates.columns]\nSEX = ['%Y']\n[values.grade]", ["[SEX] is the column of no date"]),
    ],
    ids=lambda value: None if isinstance(value, list) else "".join(c for c in value if c.isalnum())[:24],
)
def test_a_mistake_is_told_with_file_and_key(roll: Any, old: str, new: str, words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        roll.mapping(instead={old: new})
    message = str(caught.value)
    assert message.startswith("mapping file [oz.toml]: ")
    assert "\n" not in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("top", "words"),
    [
        ({"columns": "['ID']"}, "key [columns]"),
        ({"columns": "['ID', 'id ']"}, "stands twice"),
        ({"id": '"Oz Roll"'}, "key [id]"),
        ({"delimiter": '";"'}, "key [delimiter]"),
        ({"encoding": '"latin-9"'}, "key [encoding]"),
        ({"header_row": "0"}, "key [header_row]"),
        ({"header_row": "true"}, "key [header_row]"),
        ({"sheet": '" "'}, "key [sheet]"),
        ({"shet": '"a"'}, "did you mean [sheet]?"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_a_mistake_at_the_top_is_told_too(roll: Any, top: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        roll.mapping(**top)
    assert words in str(caught.value)


def test_dates_without_a_form_are_refused(roll: Any) -> None:
    start, _, rest = roll.body.partition("[dates]")
    roll.body = start + "[values.grade]" + rest.partition("[values.grade]")[2]
    with pytest.raises(UsageError, match=r"key \[person.born\]: \[DOB\] holds dates; say how they are written"):
        roll.mapping()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id = ", "is not TOML"),
        (b"\xff\xfe", "cannot be read"),
        (b"#" * (1 << 20) + b"##", "too large"),
        (None, "cannot be read"),
    ],
    ids=["no TOML", "no text", "large", "missing"],
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "oz.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=words) as caught:
        read_mapping(path)
    assert "[oz.toml]" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_facts_are_those_of_the_reform_and_of_its_kind(roll: Any) -> None:
    check_facts(roll.mapping(), OZ.about, {})
    with pytest.raises(UsageError, match=r"key \[facts.jars.kind\]: reform \[oz_moonshine\] takes \[number\]"):
        check_facts(roll.mapping(instead={'kind = "number"': 'kind = "yes_no"'}), OZ.about, {})
    odd = roll.mapping(instead={"[facts.jars]": "[facts.jar]"})
    with pytest.raises(UsageError, match=r"asks for no such fact; did you mean \[jars\]\?"):
        check_facts(odd, OZ.about, {})
    # Another reform may take it: one mapping serves several.
    other = OZ.about.model_copy(update={"facts": {"jar": OZ.about.facts["jars"]}})
    check_facts(odd, OZ.about, {"oz_other": other})
