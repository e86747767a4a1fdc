from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from clearslate.errors import InputError, UsageError
from clearslate.filing.given import OPTIONS, Asked
from clearslate.filing.layouts import example_layout

ADDRESSES = "person_id,name,address_1\nP1,Dorothy Gale,1 Yellow Brick Road\n"


def test_nothing_said_is_nothing_given() -> None:
    asked = Asked()
    asked.check("defender", (), ())
    assert asked.options == ()
    given = asked.read()
    assert (given.layout, given.addresses, given.form, given.fields, given.relief) == (None, None, None, None, None)
    assert (given.language, given.files) == ("en", {})
    assert set(given.texts()) == {"en", "es"}


def test_every_file_that_is_given_is_named_with_its_digest(tmp_path: Path) -> None:
    layout, addresses, text = tmp_path / "layout.toml", tmp_path / "where.csv", tmp_path / "mine.toml"
    layout.write_text(example_layout(), "utf-8")
    addresses.write_text(ADDRESSES, "utf-8")
    own = Path(__file__).parents[3] / "core/clearslate/filing/data/letters/en.toml"
    text.write_text(own.read_text("utf-8").replace('subject = "', 'subject = "Oz: '), "utf-8")
    given = Asked(layout=layout, addresses=addresses, text=(text,), language="es", relief="x").read()
    assert given.layout is not None
    assert given.layout.name == "layout.toml"
    assert given.addresses is not None
    assert list(given.addresses) == ["P1"]
    assert given.texts()["en"].subject.startswith("Oz: ")
    assert {name: one["sha256"] for name, one in given.files.items()} == {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in (("layout", layout), ("addresses", addresses), ("text_1", text))
    }


@pytest.mark.parametrize("name", ["ca_cr_180", "ca_cr_180.toml"])
def test_a_mapping_that_comes_along_is_found_by_its_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = Asked(fields=name).read()
    fields = given.fields
    assert fields is not None
    assert given.files["fields"]["name"] == "ca_cr_180.toml"
    assert len(given.files["fields"]["sha256"]) == 64
    assert Asked(fields=name).paths == [Path(name)]
    assert (fields.name, fields.file.form) == ("ca_cr_180.toml", "CR-180")
    (tmp_path / "ca_cr_180.toml").write_text("form = 1", "utf-8")
    if name.endswith(".toml"):
        with pytest.raises(UsageError, match=r"form mapping \[ca_cr_180\.toml\]"):
            Asked(fields=name).read()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (Asked(layout=Path("nowhere.toml")), UsageError),
        (Asked(addresses=Path("nowhere.csv")), InputError),
        (Asked(text=(Path("nowhere.toml"),)), UsageError),
        (Asked(form=Path("nowhere.pdf")), InputError),
        (Asked(fields="nowhere.toml"), UsageError),
    ],
)
def test_a_file_that_is_not_there_is_named(asked: Asked, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"\[nowhere\.(toml|csv|pdf)\]"):
        asked.read()


def test_every_option_says_what_it_takes() -> None:
    for name in OPTIONS:
        with pytest.raises(UsageError, match=rf"packet \[x\] needs --{name} [A-Z]"):
            Asked().check("x", (name,), (name,))
