"""What a court calls its answers and its columns: our words, and those that an office adds in a TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from clearslate.errors import UsageError
from clearslate.filing.tomlfile import Line, parse, read_text
from clearslate.ingest.plain import plain_name
from clearslate.policy.load import base_name
from clearslate.policy.schema import Entry
from clearslate.track.state import State

KIND = "file of words"

Answer = Literal["granted", "denied", "case not found", "count mismatch", "sealed"]

STATES: Mapping[Answer, State] = MappingProxyType(
    {
        "granted": State.GRANTED,
        "denied": State.DENIED,
        "case not found": State.CASE_NOT_FOUND,
        "count mismatch": State.COUNT_MISMATCH,
        "sealed": State.SEALED,
    }
)
"""The court's answers, and the state that each leads to; a grant with the day of its order is signed."""

Column = Literal[
    "case_number",
    "answer",
    "order_date",
    "judge",
    "note",
    "person_id",
    "name",
    "born",
    "statute",
    "count",
    "county",
    "source_file",
    "source_row",
]

_WORDS: Mapping[Answer, tuple[str, ...]] = MappingProxyType(
    {
        "granted": ("granted", "grant", "approved", "signed", "so ordered"),
        "denied": ("denied", "deny", "refused"),
        "case not found": ("case not found", "not found", "no such case"),
        "count mismatch": ("count mismatch", "mismatch", "charge mismatch"),
        "sealed": ("sealed", "already sealed", "case sealed"),
    }
)


class Words(Entry):
    """A court's own words: for each one of its answers which of ours it is, for each of its headings which column."""

    answers: dict[Line, Answer] = Field(default_factory=dict)
    columns: dict[Line, Column] = Field(default_factory=dict)

    def known(self) -> Mapping[str, Answer]:
        """Every word for an answer in its plain form. Raises ValueError for one that is two answers."""
        found: dict[str, Answer] = {}
        for answer, words in _WORDS.items():
            found |= {plain_name(word): answer for word in words}
        own: dict[str, Answer] = {}
        for word, answer in self.answers.items():
            plain = plain_name(word)
            if not plain or own.setdefault(plain, answer) != answer:
                raise ValueError(f"word [{word}] has no letters, or is two answers; correct it")
        return found | own

    def headings(self) -> Mapping[str, str]:
        """The columns by the court's headings in their plain form. Raises ValueError for a heading that is two."""
        found: dict[str, str] = {}
        for heading, column in self.columns.items():
            if found.setdefault(plain_name(heading), column) != column:
                raise ValueError(f"heading [{heading}] is two columns; correct it")
        return found


def read_words(path: Path | None) -> Words:
    """The words of a file, or our own alone. Raises UsageError naming file and key."""
    if path is None:
        return Words()
    name = base_name(str(path))
    words = parse(Words, read_text(path, KIND), name, KIND)
    try:
        words.known()
        words.headings()
    except ValueError as error:
        raise UsageError(f"{KIND} [{name}]: {error}") from error
    return words
