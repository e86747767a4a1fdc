"""What a command reads: files as they are, age files in a vault that dies with the command, or the project's vault."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clearslate.errors import UsageError
from clearslate_cli import process
from clearslate_cli.vaulted import at_work, vault_settings

if TYPE_CHECKING:
    from clearslate.ingest.kept import KeptSource
    from clearslate.ingest.reader import Reading
    from clearslate.ingest.source import Source
    from clearslate.vault.audit import Event
    from clearslate.vault.store import Store
    from clearslate_cli.job import Job
    from clearslate_cli.progress import Told
    from clearslate_cli.vaulted import Way


def reads_the_vault(job: Job, way: Way) -> bool:
    """Whether a command works in the vault: one is named, and no file is."""
    return way.found and not job.settings.inputs


@contextlib.contextmanager
def opened(files: Sequence[Path], identity: str | None, progress: Told | None = None) -> Iterator[list[Path | Source]]:
    """The files, those that are encrypted with age laid open for the time of the block."""
    from clearslate.ingest.age import is_age, read_identities
    from clearslate.ingest.spilled import laid_open
    from clearslate.vault.store import Store

    process.close_memory()
    closed = [file for file in files if is_age(file)]
    if not closed:
        yield list(files)
        return
    named = identity if identity is not None else vault_settings().get("identity")
    identities = [] if named is None else read_identities(Path(named))
    total, done = sum(file.stat().st_size for file in closed), 0

    def more(size: int) -> None:
        nonlocal done
        done = min(done + size, total)
        if progress is not None:
            progress("decrypt", done, total)

    with contextlib.closing(Store.temporary()) as store:
        yield laid_open(files, identities, store, more)


def kept(store: Store, format: str) -> list[KeptSource]:
    """The vault's files of a format, or all its tables. Raises UsageError where there is none."""
    from clearslate.ingest.kept import Records, kept_sources
    from clearslate.ingest.table.formats import FORMAT, is_table

    if format == FORMAT:
        found = [source for source in kept_sources(Records(store)) if is_table(source.format)]
    else:
        found = kept_sources(Records(store), format)
    if not found:
        raise UsageError(f"the vault has no file of format [{format}]; bring one in: clearslate ingest FILE")
    return found


def kept_formats(store: Store) -> list[str]:
    """The formats of the vault's files, each once."""
    from clearslate.ingest.kept import Records, kept_sources

    return sorted({source.format for source in kept_sources(Records(store))})


@contextlib.contextmanager
def read(job: Job, way: Way, event: Event) -> Iterator[tuple[Reading, dict[str, int], Store | None]]:
    """The survey of what a command reads, with a dict for what is written down of it, and the vault where it is one."""
    if reads_the_vault(job, way):
        with at_work(way, event) as (vault, operation):
            yield job.reader.open(kept(vault.store, job.reader.id)), operation.counts, vault.store
        return
    with opened(job.files, job.settings.identity) as files:
        yield job.reader.open(files, None), {}, None
