"""``clearslate ingest``: bring source files into the vault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate_cli import catalog, page, process, signals
from clearslate_cli.options import AsJson, Format, Identity, MappingFile
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, at_work, on_vault

if TYPE_CHECKING:
    from clearslate.assess.intake import Intake
    from clearslate.model import Place

CONFLICTS = {
    "two_births": "with two birth dates",
    "two_identifiers": "with two identifiers",
    "shared_identifier": "under an identifier that others have too",
}


@on_vault
def ingest(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="The source files; age files are decrypted.")],
    format: Format = None,
    mapping: MappingFile = None,
    identity: Identity = None,
    plain: Annotated[bool, typer.Option("--plain", help="Show no progress bar.")] = False,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Bring source files into the vault, every row sealed in the record of its person.

    A file that the vault has already changes nothing. An ingest that was cut off goes on where it was when it is run
    again. What was sealed is read back and compared with the files before the command says that it is done.
    """
    from clearslate import __version__
    from clearslate.assess.intake import ingest as take_in
    from clearslate.vault.audit import Event
    from clearslate_cli.progress import bar
    from clearslate_cli.sources import opened

    known = catalog.registry()
    process.lighten()
    signals.unwind()
    paths = [Path(file) for file in files]
    with (
        bar(wanted=not plain) as progress,
        at_work(way, Event.INGEST) as (opened_vault, operation),
        opened(paths, identity, progress) as sources,
    ):
        reader = catalog.find_reader(known, format, mapping, sources)
        found = take_in(
            opened_vault.store,
            reader,
            sources,
            at=opened_vault.stamp(),
            program=f"clearslate {__version__}",
            progress=progress,
        )
        operation.counts.update(
            files=len(found.added), known=len(found.already), rows=found.rows, rejected=found.rows_rejected
        )
    text = page.as_json(described(found)) if as_json else report(found)
    return Reply(text, notes(found), made="the vault has the files")


def notes(found: Intake) -> tuple[str, ...]:
    """What the user should see even where nobody reads standard output."""
    said = [f"[{name}] is in the vault already and changed nothing" for name in found.already]
    if found.rows_rejected:
        said.append(
            f"{page.counted(found.rows_rejected, 'row was', 'rows were')} rejected; they are kept, and decide "
            "nothing; [clearslate doctor] lists them"
        )
    if found.resumed_after:
        said.append(f"an ingest that was cut off after {page.counted(found.resumed_after, 'person', 'people')} went on")
    return tuple(said)


def report(found: Intake) -> str:
    """What was brought in, and what the files say that cannot all be so."""
    if not found.added:
        return "Nothing is new."
    rows: list[tuple[str, str]] = [
        ("Files brought in", ", ".join(found.added)),
        ("Rows read", f"{found.rows:,}"),
        ("  rejected", f"{found.rows_rejected:,}"),
        ("  repeated from another file", f"{found.rows_repeated:,}"),
        ("People in the vault", f"{found.persons:,}"),
        ("  new", f"{found.persons_new:,}"),
        ("  with more rows than before", f"{found.persons_more:,}"),
    ]
    if found.persons_moved:
        rows.append(("  whose rows were put together anew", f"{found.persons_moved:,}"))
    parts = [page.table(("", ""), rows, fixed=(0,))]
    odd = [
        (f"  {CONFLICTS[name]}", f"{conflict.persons:,}", rows_in_words(conflict.rows, found.names))
        for name, conflict in found.conflicts.items()
        if conflict.persons
    ]
    if odd:
        parts.append("In the vault, kept as they are, and nothing merged: people")
        parts.append(page.table(("", "People", "First rows"), odd, right=(1,)))
    parts.append(page.wrapped("Sealed, read back and compared: the vault gives the files byte for byte."))
    return "\n\n".join(parts)


def rows_in_words(places: Sequence[Place], names: Sequence[str]) -> str:
    """The rows, with their files where there are several."""
    if len(names) == 1:
        return ", ".join(str(place.row) for place in places)
    by_file: dict[str, list[str]] = {}
    for place in places:
        by_file.setdefault(names[place.file], []).append(str(place.row))
    return "; ".join(f"{', '.join(rows)} of {name}" for name, rows in by_file.items())


def described(found: Intake) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "added": list(found.added),
        "already": list(found.already),
        "rows": found.rows,
        "rows_rejected": found.rows_rejected,
        "rows_repeated": found.rows_repeated,
        "persons": found.persons,
        "persons_new": found.persons_new,
        "persons_more": found.persons_more,
        "persons_moved": found.persons_moved,
        "resumed_after": found.resumed_after,
        "conflicts": {
            name: {
                "persons": conflict.persons,
                "rows": [{"file": found.names[place.file], "row": place.row} for place in conflict.rows],
            }
            for name, conflict in found.conflicts.items()
        },
    }
