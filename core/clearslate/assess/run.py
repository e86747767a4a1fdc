"""The whole run: survey, decide, write, add up, release; or nothing at all."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from clearslate.assess.at_rest import laid_to_rest
from clearslate.assess.county import find_county
from clearslate.assess.decide import Decided, Tally, decisions
from clearslate.assess.keeping import Keeper, Kept
from clearslate.assess.progress import Progress, bytes_read
from clearslate.errors import ClearslateError, PluginError
from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.reader import Block, Reading, RecordReader
from clearslate.ingest.source import Source
from clearslate.output import annotated, determinations, rejected
from clearslate.output.builtin import BUILT_IN
from clearslate.output.disk import Disk
from clearslate.output.ledger import Ledger
from clearslate.output.manifest import FILE as MANIFEST
from clearslate.output.manifest import json_bytes, manifest
from clearslate.output.nowhere import nowhere
from clearslate.output.staging import Folder, Staging
from clearslate.output.writer import OpenWriter, RunContext, Writer
from clearslate.policy.determination import Outcome
from clearslate.policy.policy import Policy
from clearslate.policy.reform import Reform
from clearslate.vault.store import Store


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to run on what, into which folder; ``output`` None writes no file, which only a run that is kept may.

    ``inputs`` are files; ``kept`` stands for the vault, whose sources are read in their place. ``county`` None lets a
    county's own policy speak for its county and any other for every county. ``writers`` are a plugin's, after the
    built-in ones; ``suppliers`` are the versions of the distributions that supplied reform, reader and writers, for
    the manifest.
    """

    reform: Reform
    policy: Policy
    reader: RecordReader
    inputs: tuple[Path | Source, ...]
    output: Path | None
    as_of: dt.date
    county: str | None = None
    overwrite: bool = False
    writers: tuple[Writer, ...] = ()
    suppliers: Mapping[str, str] = field(default_factory=dict)
    kept: Kept | None = None

    @property
    def sources(self) -> tuple[Path | Source, ...]:
        """What is read."""
        return self.inputs if self.kept is None else tuple(self.kept.sources)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did, in counts and file names; nothing in it is personal.

    ``by_relief`` and ``referred_to`` split the eligible and the referred. ``replaced`` is where an
    older output was moved to; ``leftovers`` are partial folders of runs that were cut off, beside
    the output, which hold personal data and should be deleted. ``number`` is that of a run that is kept.
    """

    reform: str
    policy: str
    policy_title: str
    county: str | None
    as_of: dt.date
    rows_read: int
    rows_used: int
    rows_repeated: int
    rows_rejected: int
    people: int
    people_with_conviction_in_scope: int
    convictions: int
    decided: int
    out_of_scope_statute: int
    other_county: int
    undisposed: int
    by_outcome: Mapping[str, int]
    by_relief: Mapping[str, int]
    referred_to: Mapping[str, int]
    output: Path | None
    files: tuple[str, ...]
    replaced: Path | None
    leftovers: tuple[str, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    number: int | None = None


def run(request: RunRequest, progress: Progress | None = None, *, disk: Disk | None = None) -> RunSummary:
    """Decide every conviction of the inputs and release all files together.

    What is read from files is sealed first, in a vault whose key is held in memory alone and which vanishes with the
    run. Raises InputError, CountyError, OutputError, LedgerError or PluginError; the output folder is then as it was,
    and nothing is left beside it. An interrupt does the same.
    """
    with contextlib.ExitStack() as stack:
        staging = None
        if request.output is not None:
            paths = [file for file in request.inputs if isinstance(file, Path)]
            staging = stack.enter_context(Staging(request.output, inputs=paths, overwrite=request.overwrite, disk=disk))
        reading = request.reader.open(request.sources, bytes_read(request.sources, progress))
        county = chosen_county(request.county, request.policy, reading)
        folder = staging.open() if staging is not None else nowhere(stack.enter_context(ThreadPoolExecutor(1)))
        if request.kept is None and isinstance(reading, DelimitedReading):
            store = stack.enter_context(contextlib.closing(Store.temporary()))
            reading = laid_to_rest(reading, store, progress)
        context = RunContext(request.reform, request.policy, request.reader, reading, request.as_of, county)
        tally = Tally()
        with _kept(request, context) as keeper:
            _write(request, context, folder, tally, keeper, progress)
            ledger = _ledger(reading, tally, folder)
            ledger.check()
            made = manifest(context, ledger, list(folder.files.values()), request.suppliers)
            last = folder.create(MANIFEST)
            last.write(json_bytes(made))
            last.close()
            if keeper is not None:
                keeper.close(made)
        number = None if keeper is None else keeper.number
        summary = _summary(request, context, ledger, tally, staging, made, number)
        if request.kept is not None:
            request.kept.settle({"rows": ledger.rows_read, "persons": ledger.people, "decided": ledger.decided})
        # The last thing that can fail: whoever is told of a failure finds no new output.
        replaced = None if staging is None else staging.release()
    return summary if replaced is None else replace(summary, replaced=replaced)


@contextlib.contextmanager
def _kept(request: RunRequest, context: RunContext) -> Iterator[Keeper | None]:
    """What keeps the run in its vault, all of it or nothing; None where it is not to be kept."""
    if request.kept is None or not request.kept.keeps:
        yield None
        return
    with request.kept.store.step() as step:
        yield Keeper(request.kept, step, context)


def chosen_county(county: str | None, policy: Policy, reading: Reading) -> str | None:
    """The county to decide for as the file spells it, None for every county; raises CountyError."""
    wanted = county if county is not None else policy.county
    return None if wanted is None else find_county(wanted, reading.counties)


def _write(
    request: RunRequest,
    context: RunContext,
    folder: Folder,
    tally: Tally,
    keeper: Keeper | None,
    progress: Progress | None,
) -> None:
    opened: list[OpenWriter] = [writer.open(context, folder) for writer in BUILT_IN]
    opened += [_Guarded(writer, context, folder) for writer in request.writers]
    people = context.reading.people
    keeps = keeper is not None
    decided_in = decisions(
        context.reading, request.policy, request.as_of, context.county, tally, trace=keeps, brief=keeps
    )
    for block, decided in decided_in:
        for writer in opened:
            writer.block(block, decided)
        if keeper is not None:
            keeper.block(block, decided)
        if progress is not None:
            progress("decide", tally.people, people)
    for writer in opened:
        writer.close()
    for file in folder.files.values():
        file.close()


class _Guarded:
    """A plugin's writer, whose failure is one line that names it and shows nothing of the data."""

    def __init__(self, writer: Writer, context: RunContext, folder: Folder) -> None:
        self._id = writer.id
        with self._named():
            self._writer = writer.open(context, folder)

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except ClearslateError:
            raise
        except Exception as error:
            raise PluginError(
                f"writer [{self._id}] failed with [{type(error).__name__}]; nothing was released; "
                "run without its plugin, or report it to its authors"
            ) from error

    def block(self, block: Block, decided: Sequence[Decided]) -> None:
        with self._named():
            self._writer.block(block, decided)

    def close(self) -> None:
        with self._named():
            self._writer.close()


def _ledger(reading: Reading, tally: Tally, folder: Folder) -> Ledger:
    files = folder.files
    return Ledger(
        rows_read=reading.rows_read,
        rows_repeated=reading.rows_repeated,
        rows_rejected=len(reading.rejects),
        people=reading.people,
        people_in_blocks=tally.people,
        convictions=tally.convictions,
        decided=tally.decided.total(),
        out_of_scope_statute=tally.out_of_scope_statute,
        other_county=tally.other_county,
        undisposed=tally.undisposed,
        by_outcome={outcome.value: tally.by_outcome().get(outcome.value, 0) for outcome in Outcome},
        annotated_written=files[annotated.ALL].rows,
        condensed_written=files[annotated.CONDENSED].rows,
        rejected_written=files[rejected.FILE].rows,
        determinations_written=files[determinations.FILE].rows,
    )


def _summary(
    request: RunRequest,
    context: RunContext,
    ledger: Ledger,
    tally: Tally,
    staging: Staging | None,
    made: Mapping[str, Any],
    number: int | None,
) -> RunSummary:
    policy = request.policy
    by_relief = dict.fromkeys(policy.reliefs, 0)
    referred: Counter[str] = Counter()
    for decision, count in tally.decided.items():
        if decision.relief is not None:
            by_relief[decision.relief] += count
        if decision.refer_to is not None:
            referred[decision.refer_to] += count
    return RunSummary(
        reform=policy.reform,
        policy=policy.id,
        policy_title=policy.title,
        county=context.county,
        as_of=request.as_of,
        rows_read=ledger.rows_read,
        rows_used=ledger.rows_used,
        rows_repeated=ledger.rows_repeated,
        rows_rejected=ledger.rows_rejected,
        people=ledger.people,
        people_with_conviction_in_scope=tally.people_decided,
        convictions=ledger.convictions,
        decided=ledger.decided,
        out_of_scope_statute=ledger.out_of_scope_statute,
        other_county=ledger.other_county,
        undisposed=ledger.undisposed,
        by_outcome=ledger.by_outcome,
        by_relief=by_relief,
        referred_to=dict(sorted(referred.items())),
        output=None if staging is None else staging.output,
        files=() if staging is None else tuple(sorted(staging.files)),
        replaced=None,
        leftovers=() if staging is None else staging.leftovers,
        manifest=made,
        number=number,
    )
