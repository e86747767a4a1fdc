"""The value of a fact as a person reads it."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from typing import Any

from clearslate.model import Answer, Count, PartialDate, SentencePart, Statute

ANSWERS: Mapping[Answer, str] = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "not known"}


def said(value: Any) -> str:
    """A fact's value as a person reads it."""
    if isinstance(value, Answer):
        return ANSWERS[value]
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, PartialDate | str | int | float):
        return str(value)
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, Statute):
        return value.raw.strip()
    if isinstance(value, SentencePart):
        return _sentence_part(value)
    if isinstance(value, Count):
        return f"{value.offense.strip() or 'no statute'} of {said(value.disposed)}"
    if isinstance(value, Iterable):
        return "; ".join(said(item) for item in value) or "none"
    return str(value)


def _sentence_part(part: SentencePart) -> str:
    kind = part.kind or "(kind not printed)"
    if part.takes_no_time:
        return kind
    if part.length is None or (part.unit is None and part.length != 0):
        return f"{kind} of unknown length"
    unit = part.unit or "day"
    return f"{part.length:,} {unit if part.length == 1 else unit + 's'} {kind}"
