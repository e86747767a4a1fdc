"""``clearslate track verify``: a later file of the state against what the court granted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate_cli import catalog, page, process
from clearslate_cli.changing import changing
from clearslate_cli.clock import today
from clearslate_cli.exits import DONE, REJECTED
from clearslate_cli.options import AsJson, Format, Identity, MappingFile
from clearslate_cli.reply import Reply
from clearslate_cli.tracked import RunNumber, Strict, clocks_of_run, noted_by, past_day, reform_of, written
from clearslate_cli.vaulted import Way, on_vault

if TYPE_CHECKING:
    from clearslate.ingest.reader import Reading, RecordReader
    from clearslate.track.history import Origin
    from clearslate.vault.store import Store


@on_vault
def verify(
    files: Annotated[list[str], typer.Argument(metavar="NEWFILE...", help="The later file, or its parts.")],
    run: RunNumber = None,
    format: Format = None,
    mapping: MappingFile = None,
    identity: Identity = None,
    holds: Annotated[
        list[str] | None,
        typer.Option("--holds", metavar="COUNTY", help="The file is known to have every record of this county."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day that the file is of; today if not said.")
    ] = None,
    list_file: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE.csv", help="Write what is not seen cleared here, charge by charge."),
    ] = None,
    strict: Strict = False,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Compare a later file of the state with what the court granted, and list what is still visible.

    A charge counts as cleared where its person is in the file and the charge is not, or is shown as what it was made.
    That somebody is not in the file proves nothing, unless --holds says that the file has the whole county.
    """
    from clearslate.track.case import chosen_run, told_of
    from clearslate.track.later import compare
    from clearslate.track.sheet import CASES
    from clearslate.track.sighting import note
    from clearslate.vault.audit import Event
    from clearslate_cli import track_page as shown
    from clearslate_cli.sources import opened as laid_open

    day, paths = past_day(on, "--on"), [Path(file) for file in files]
    process.lighten()
    with (
        changing(way, Event.TRACK_VERIFIED, "what was seen is noted") as (opened, operation),
        laid_open(paths, identity) as sources,
        written(list_file, (*CASES, *shown.WHY)) as sheet,
    ):
        number = chosen_run(opened.store, run)
        told = told_of(opened.store, number)
        reform, kept_reader = reform_of(told), _kept_reader(told)
        named = format is not None or mapping is not None
        reader = catalog.find_reader(catalog.registry(), format, mapping) if named else kept_reader
        new = reader.open(sources)
        found = compare(
            opened.store, number, _kept(opened.store, told, kept_reader), new, reform.about.reliefs, holds or ()
        )
        noted = note(opened.store, number, found, day, _origin(new), noted_by(opened, today()))
        if sheet is not None:
            sheet.write(shown.unseen(noted.seen, clocks_of_run(told)[0], today()))
        operation.counts.update(run=number, charges=len(noted.seen), **shown.seen_counts(noted))
        opened.settle(operation)
    left = any(not one.finding.is_cleared for one in noted.seen)
    unheld = any(not held.is_believed for held in found.held.values())
    text = page.as_json(shown.verified_told(found, noted)) if as_json else shown.verified(found, noted, number)
    code = REJECTED if strict and (left or unheld) else DONE
    return Reply(text, shown.verified_notes(found, new, list_file), code, "what was seen is noted")


def _kept_reader(told: Mapping[str, Any]) -> RecordReader:
    """The reader that a run was read with."""
    from clearslate.ingest.reader import MappingFile
    from clearslate.ingest.table.mapping import parse_mapping

    known, mapping = catalog.registry(), told.get("mapping")
    name = told["manifest"]["reader"]
    if mapping is None:
        return known.reader(name)
    return known.table(name, parse_mapping(MappingFile(mapping["name"], mapping["text"])), reform_of(told))


def _kept(store: Store, told: Mapping[str, Any], reader: RecordReader) -> Reading:
    """The vault's files of a run."""
    from clearslate.ingest.kept import Records, kept_sources

    return reader.open([source for source in kept_sources(Records(store)) if source.number in told["sources"]])


def _origin(reading: Reading) -> Origin:
    import hashlib

    from clearslate.track.history import Origin

    digests = [file.sha256 for file in reading.inputs]
    digest = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    return Origin("; ".join(file.name for file in reading.inputs), 0, digest)
