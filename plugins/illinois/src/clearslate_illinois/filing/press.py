"""A press: typesets papers side by side, and gives them in the order in which they were asked for."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from clearslate.filing.documents import Document, Typesetter
from clearslate_illinois.filing.paper import Bundle, Paper

MOST_HANDS = 4


class Press:
    """Typesets with a few hands, each with a typesetter of its own; the bytes are the same however many there are.

    ``with`` lets the hands go. ``made_on`` is the day that the papers carry.
    """

    def __init__(self, made_on: dt.date, hands: int | None = None) -> None:
        self._made_on = made_on
        self._own = threading.local()
        self._pool = ThreadPoolExecutor(hands or min(MOST_HANDS, os.cpu_count() or 1), thread_name_prefix="press")

    def documents(self, papers: Sequence[tuple[str, Paper | Bundle]]) -> list[Document]:
        """The papers as PDF, each under the name that an error gives it. Raises OutputError."""
        return list(self._pool.map(self._set, papers))

    def _set(self, named: tuple[str, Paper | Bundle]) -> Document:
        if not hasattr(self._own, "typesetter"):
            self._own.typesetter = Typesetter(self._made_on)
        name, paper = named
        return paper.typeset(self._own.typesetter, name)

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
