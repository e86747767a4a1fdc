"""Text laid out for a terminal of 80 columns, without colors, so that it reads the same everywhere."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

PIPED_WIDTH = 80
WIDEST = 100


def width() -> int:
    """The columns to fill: the terminal's own up to 100, and 80 where there is none."""
    if not sys.stdout.isatty():
        return PIPED_WIDTH
    return max(40, min(WIDEST, shutil.get_terminal_size((PIPED_WIDTH, 24)).columns))


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Iterable[int] = (),
    fixed: Iterable[int] = (),
    lines: bool = False,
) -> str:
    """A table as text; ``right`` columns are set to the right, ``fixed`` ones never wrap.

    ``lines`` parts the rows by an empty line, for cells of several lines.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rights, fixes = set(right), set(fixed)
    grid = Table(box=box.SIMPLE_HEAD if any(headings) else None, pad_edge=False, show_header=any(headings))
    grid.show_edge = False
    for place, heading in enumerate(headings):
        grid.add_column(
            Text(heading),
            justify="right" if place in rights else "left",
            no_wrap=place in fixes,
            overflow="fold",
        )
    made = list(rows)
    for place, row in enumerate(made):
        last = place == len(made) - 1
        cells = [f"{cell}\n" if lines and not last and column == 0 else cell for column, cell in enumerate(row)]
        grid.add_row(*(Text(cell) for cell in cells))
    sink = io.StringIO()
    console = Console(
        file=sink,
        width=width(),
        color_system=None,
        force_terminal=False,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )
    console.print(grid)
    return "\n".join(line.rstrip() for line in sink.getvalue().splitlines())


def wrapped(text: str, indent: str = "", hanging: str | None = None) -> str:
    """A paragraph folded to the page, each line after ``indent``, later ones after ``hanging``."""
    import textwrap

    return textwrap.fill(
        text,
        width(),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def as_json(value: Any) -> str:
    """The value as JSON for machines: two spaces, keys in the order given, every character as itself."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
