"""The one place of the project that reads a clock."""

from __future__ import annotations

import datetime as dt


def today() -> dt.date:
    """The office's calendar day, which ``--as-of`` defaults to."""
    return dt.date.today()  # noqa: DTZ011 - the local day is the one the office means


def moment() -> dt.datetime:
    """This moment, in UTC, for the audit log."""
    return dt.datetime.now(dt.UTC)
