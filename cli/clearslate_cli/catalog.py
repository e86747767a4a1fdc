"""The reforms and formats at hand, found by the ids that a user types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearslate.errors import InputError, UsageError
from clearslate_cli import page
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from clearslate.ingest.reader import RecordReader
    from clearslate.ingest.source import Source
    from clearslate.ingest.table.mapping import TableMapping
    from clearslate.policy.reform import Reform
    from clearslate.registry import Registry


def registry() -> Registry:
    """All that the installed plugins supply."""
    from clearslate.registry import load

    return load()


def find_reform(known: Registry, name: str | None) -> Reform:
    """The reform that the user named; raise UsageError listing the known ones."""
    if name is None:
        ids = ", ".join(known.reforms)
        raise UsageError(f"no reform was named; say --reform ID, or reform = in clearslate.toml; known: {ids}")
    return known.reform(name)


def find_reader(
    known: Registry, name: str | None, mapping: str | None = None, files: Sequence[Path | Source] = ()
) -> RecordReader:
    """The source format that the user named, or that of a mapping file, or that in which the files are.

    Raises UsageError where none was named and the files do not tell it.
    """
    from clearslate.ingest.table.formats import is_table

    if is_table(name or "") or (name is None and mapping is not None):
        return known.table(name, _mapping(mapping))
    if name is None:
        told = _told(known.readers.values(), files)
        if told is not None:
            return told
        raise UsageError(f"no format was named; say --format ID; known: {', '.join(known.readers)}, table")
    if mapping is not None:
        raise UsageError(f"format [{name}] takes no mapping; leave --mapping out, or say --format table")
    return known.reader(name)


def reader_for(
    known: Registry, reform: Reform, name: str | None, mapping: str | None = None, files: Sequence[Path | Source] = ()
) -> RecordReader:
    """The source format for a reform: the one named, or that of a mapping file, or its only one, or the files'.

    Raises UsageError where it has several, none was named and the files do not tell it.
    """
    about = reform.about
    if name is None and mapping is None and len(about.readers) > 1:
        told = _told([known.readers[id] for id in about.readers if id in known.readers], files)
        if told is not None:
            return told
        choices = ", ".join(about.readers)
        raise UsageError(f"reform [{about.id}] reads several formats; say --format ID; known: {choices}, table")
    return known.reader_for(reform, name, _mapping(mapping))


def _told(readers: Iterable[RecordReader], files: Sequence[Path | Source]) -> RecordReader | None:
    """The only one of the formats there is, or the only one that every file could be in; None where that fails."""
    from clearslate.ingest.recognize import recognized
    from clearslate.ingest.source import HEAD, sources

    found = {reader.id: reader for reader in readers}
    left = set(found)
    if len(found) > 1:
        for source in sources(files) if files else ():
            with source.open() as handle:
                left &= set(recognized(found.values(), source.read(handle, 0, min(HEAD, source.size))))
            if not left:
                raise InputError(
                    f"[{source.name}] is in no format that can be told from its columns; say --format ID; "
                    f"known: {', '.join(found)}, table"
                )
    return found[left.pop()] if len(left) == 1 else None


def _mapping(name: str | None) -> TableMapping | None:
    from pathlib import Path

    from clearslate.ingest.table.mapping import read_mapping

    return None if name is None else read_mapping(Path(name))


def reforms(as_json: AsJson = False) -> Reply:
    """List the reforms that can be run."""
    known = registry()
    found = [reform.about for reform in known.reforms.values()]
    if as_json:
        return Reply(
            page.as_json(
                [
                    {
                        "id": about.id,
                        "title": about.title,
                        "jurisdiction": about.jurisdiction,
                        "statute": about.statute,
                        "summary": about.summary,
                        "default_policy": about.default_policy,
                        "policies": sorted(known.reforms[about.id].policies()),
                        "formats": list(about.readers),
                        "reliefs": [relief.model_dump() for relief in about.reliefs],
                        "supplier": str(known.supplier("reform", about.id)),
                    }
                    for about in found
                ]
            )
        )
    parts = []
    for about in found:
        rows = [
            ("title", about.title),
            ("where", about.jurisdiction),
            ("statute", about.statute),
            ("about", about.summary),
            ("policies", ", ".join(sorted(known.reforms[about.id].policies()))),
            ("default", about.default_policy),
            ("formats", ", ".join(about.readers)),
            ("from", str(known.supplier("reform", about.id))),
        ]
        parts.append(f"{about.id}\n{page.table(('', ''), [(f'  {a}', b) for a, b in rows], fixed=(0,))}")
    return Reply("\n\n".join(parts) or "No plugin supplies a reform.")


def formats(as_json: AsJson = False) -> Reply:
    """List the source formats that can be read."""
    known = registry()
    found = [*known.readers.values(), known.table(None, None)]
    if as_json:
        return Reply(
            page.as_json(
                [
                    {
                        "id": reader.id,
                        "title": reader.title,
                        "columns": list(reader.columns),
                        "condensed": list(reader.condensed),
                        "supplier": str(known.supplier("reader", reader.id)),
                    }
                    for reader in found
                ]
            )
        )
    rows = [(r.id, r.title, str(len(r.columns) or "any"), str(known.supplier("reader", r.id))) for r in found]
    return Reply(page.table(("Format", "What it is", "Columns", "From"), rows, right=(2,), fixed=(0,)))
