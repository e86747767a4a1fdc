"""Dates as California courts print them."""

from __future__ import annotations

import datetime as dt

from clearslate.model import PartialDate

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: dt.date) -> str:
    """``January 2, 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_day(day: dt.date) -> str:
    """``01/02/2026``."""
    return f"{day.month:02d}/{day.day:02d}/{day.year:04d}"


def short_date(when: PartialDate | None, unknown: str) -> str:
    """``01/02/2026``, as far as the date is known: ``01/2026``, ``2026``."""
    if when is None:
        return unknown
    parts = (when.month, when.day)
    return "/".join([*(f"{part:02d}" for part in parts if part is not None), f"{when.year:04d}"])
