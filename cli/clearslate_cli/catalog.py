"""The reforms and formats at hand, found by the ids that a user types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearslate.errors import UsageError
from clearslate_cli import page
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    from clearslate.ingest.reader import RecordReader
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


def find_reader(known: Registry, name: str | None) -> RecordReader:
    """The source format that the user named, or the only one there is; raise UsageError."""
    if name is None:
        if len(known.readers) == 1:
            return next(iter(known.readers.values()))
        raise UsageError(f"no format was named; say --format ID; known: {', '.join(known.readers)}")
    return known.reader(name)


def reader_for(known: Registry, reform: Reform, name: str | None) -> RecordReader:
    """The source format for a reform: the one named, or the reform's only one; raise UsageError."""
    about = reform.about
    if name is None and len(about.readers) > 1:
        choices = ", ".join(about.readers)
        raise UsageError(f"reform [{about.id}] reads several formats; say --format ID; known: {choices}")
    return known.reader_for(reform, name)


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
    found = list(known.readers.values())
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
    rows = [(r.id, r.title, str(len(r.columns)), str(known.supplier("reader", r.id))) for r in found]
    return Reply(page.table(("Format", "What it is", "Columns", "From"), rows, right=(2,), fixed=(0,)))
