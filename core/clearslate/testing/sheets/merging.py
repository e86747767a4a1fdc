"""A case file brought up to date: cases that did not change keep their text, and the rest is written anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from clearslate.errors import PolicyError
from clearslate.testing.cases import CaseEntry, read_cases
from clearslate.testing.sheets.toml import case_text, file_text

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|(?P<comment>#[^\n]*)"
    r"|^(?P<case>[ \t]*\[\[[ \t]*case[ \t]*\]\])",
    re.DOTALL | re.MULTILINE,
)
"""Strings, so that nothing in them is taken for what it is not; comments; and the heads of cases."""


class Merged(NamedTuple):
    """The new text of a file, and the lines of the old one with a comment that the new one lacks."""

    text: str
    lost: tuple[int, ...]


class _Piece(NamedTuple):
    """One case of a file: the comments and empty lines before it, its own text, and where each begins."""

    lead: str
    body: str
    start: int
    body_start: int


def comment_lines(text: str) -> tuple[int, ...]:
    """The lines of TOML text that bear a comment."""
    return tuple(text.count("\n", 0, start) + 1 for start in _comments(text))


def merged(name: str, old: str, entries: Sequence[CaseEntry]) -> Merged:
    """The text of a case file with ``entries`` in place of its cases.

    Each case that is as it was keeps its text to the letter; the comments between cases stay before their case.
    """
    old = old.replace("\r\n", "\n")
    try:
        were = [case.entry for case in read_cases(name, old)]
    except PolicyError:
        return Merged(file_text(entries), comment_lines(old))
    if were == list(entries):
        return Merged(old, ())
    taken = _taken_apart(old)
    if taken is None or len(taken[1]) != len(were):
        return Merged(file_text(entries), comment_lines(old))
    head, pieces, tail = taken
    made, kept = _put_together(
        dict(zip((one.id for one in were), zip(were, pieces, strict=True), strict=True)), entries
    )
    text = head + "".join(made) + tail
    if [case.entry for case in read_cases(name, text)] != list(entries):
        # The file is written in a way that its pieces do not stand alone.
        return Merged(file_text(entries), comment_lines(old))
    kept += [(0, len(head)), (len(old) - len(tail), len(old))]
    lost = [at for at in _comments(old) if not any(start <= at < end for start, end in kept)]
    return Merged(text, tuple(old.count("\n", 0, at) + 1 for at in lost))


def _put_together(
    pieces: dict[str, tuple[CaseEntry, _Piece]], entries: Sequence[CaseEntry]
) -> tuple[list[str], list[tuple[int, int]]]:
    """The text of each case in the new order, and the stretches of the old text that are in it."""
    made: list[str] = []
    kept: list[tuple[int, int]] = []
    for entry in entries:
        was, piece = pieces.get(entry.id, (None, _Piece("", "", 0, 0)))
        lead = piece.lead if made else piece.lead.lstrip("\n")
        body = piece.body if was == entry else case_text(entry)
        made.append(("" if lead.startswith("\n") or not made else "\n") + lead + body)
        if was is not None:
            kept.append((piece.start, piece.body_start + (len(piece.body) if was == entry else 0)))
    return made, kept


def _comments(text: str) -> list[int]:
    return [match.start() for match in _TOKEN.finditer(text) if match["comment"] is not None]


def _taken_apart(text: str) -> tuple[str, list[_Piece], str] | None:
    """What stands before the first case, each case, and what stands after the last; None where there is no case."""
    starts = [match.start() for match in _TOKEN.finditer(text) if match["case"] is not None]
    if not starts:
        return None
    comments = set(_comments(text))
    ends = [_before_the_lead(text, at, comments) for at in [*starts[1:], len(text)]]
    if not text[ends[-1] :].strip():
        ends[-1] = len(text)
    leads = [starts[0], *ends[:-1]]
    pieces = []
    for lead, start, end in zip(leads, starts, ends, strict=True):
        body = text[start:end]
        pieces.append(_Piece(text[lead:start], body if body.endswith("\n") else f"{body}\n", lead, start))
    return text[: starts[0]], pieces, text[ends[-1] :]


def _before_the_lead(text: str, at: int, comments: set[int]) -> int:
    """Where the comments and empty lines begin that stand directly before a place at the start of a line."""
    while at:
        start = text.rfind("\n", 0, at - 1) + 1
        line = text[start:at]
        if line.strip() and start + len(line) - len(line.lstrip()) not in comments:
            break
        at = start
    return at
