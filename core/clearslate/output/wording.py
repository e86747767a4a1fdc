"""Missing facts in plain words, with the source columns and rows where they would stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from clearslate.ingest.reader import InputFile
from clearslate.model import Place
from clearslate.policy.facts import Fact


def missing_facts(
    facts: Iterable[Fact],
    words: Mapping[str, str],
    cells: Mapping[str, str],
    inputs: Sequence[InputFile],
) -> tuple[str, ...]:
    """Each fact once, such as ``the date of the disposition (STP_EVENT_DATE, else DISP_DATE; row 17)``.

    ``words`` are the policy's ``fact_words``, ``cells`` the reader's. Nothing personal is in it.
    """
    places: dict[str, dict[Place, None]] = {}
    for fact in facts:
        rows = places.setdefault(fact.name, {})
        if fact.place is not None:
            rows[fact.place] = None
    spoken = []
    for name, found in places.items():
        where = [part for part in (cells.get(name), rows_in_words(found, inputs)) if part]
        detail = f" ({'; '.join(where)})" if where else ""
        spoken.append(words.get(name, name.replace("_", " ")) + detail)
    return tuple(spoken)


def rows_in_words(places: Iterable[Place], inputs: Sequence[InputFile]) -> str:
    """``row 17``, ``rows 17, 19``, and with several files ``row 17 of a.dat, rows 2, 3 of b.dat``."""
    by_file: dict[int, set[int]] = {}
    for place in places:
        by_file.setdefault(place.file, set()).add(place.row)
    parts = []
    for file in sorted(by_file):
        numbers = sorted(by_file[file])
        rows = f"row{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
        parts.append(f"{rows} of {inputs[file].name}" if len(inputs) > 1 else rows)
    return ", ".join(parts)
