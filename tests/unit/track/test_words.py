from __future__ import annotations

from pathlib import Path

import pytest

from clearslate.errors import UsageError
from clearslate.ingest.plain import plain_name
from clearslate.track.words import STATES, Words, read_words


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("GRANTED", "granted"),
        ("case_not_found", "case not found"),
        ("Not Found", "case not found"),
        ("SEALED", "sealed"),
    ],
)
def test_our_own_words_are_known_in_any_letters(said: str, answer: str) -> None:
    assert Words().known()[plain_name(said)] == answer


def test_every_answer_is_its_own_word_and_leads_to_a_state() -> None:
    assert all(Words().known()[answer] == answer for answer in STATES)


def test_a_file_adds_the_courts_own_words_and_headings(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[answers]\n"Relief ordered" = "granted"\n\n[columns]\n"Case #" = "case_number"\n', "utf-8")
    words = read_words(path)
    assert words.known()["relief ordered"] == "granted"
    assert words.headings() == {"case": "case_number"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[answers]\nyes = "grantd"\n', "answers.yes"),
        ("[answer]\n", "unknown key [answer]; did you mean [answers]?"),
        ('[columns]\n"Case" = "case"\n', "columns.Case"),
        ('[answers]\n"ok" = "granted"\n"OK" = "denied"\n', "is two answers"),
        ('[columns]\n"No" = "case_number"\n"no" = "judge"\n', "is two columns"),
        ('[answers]\n"--" = "granted"\n', "has no letters"),
        ("answers = \n", "not TOML"),
    ],
)
def test_a_file_of_words_with_a_mistake_is_refused_by_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "words.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError) as caught:
        read_words(path)
    assert "[words.toml]" in str(caught.value)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"file of words \[none.toml\]"):
        read_words(tmp_path / "none.toml")
