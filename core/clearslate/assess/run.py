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

from clearslate.assess.answers import Answers
from clearslate.assess.at_rest import laid_to_rest
from clearslate.assess.county import find_county
from clearslate.assess.decide import Decided, Tally, decisions
from clearslate.assess.keeping import Keeper, Kept
from clearslate.assess.progress import Progress, bytes_read
from clearslate.assess.put import FILE as FACTS
from clearslate.assess.put import Put, put, write_facts
from clearslate.assess.words import Words
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
from clearslate.output.routes import FILE as ROUTES
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
    the manifest. ``answers`` are what a person says where the records are silent, ``words`` what attorneys said of what
    was decided earlier.
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
    answers: Answers | None = None
    words: Words | None = None

    @property
    def sources(self) -> tuple[Path | Source, ...]:
        """What is read."""
        return self.inputs if self.kept is None else tuple(self.kept.sources)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did, in counts and file names; nothing in it is personal.

    ``charges`` are convictions unless the reform decides charges. ``by_relief`` and ``referred_to`` split the eligible
    and the referred; a charge with several reliefs counts for each of them, and ``by_route`` has each route's outcomes.
    ``facts_unused`` of the answers given were about no charge that was decided. ``words`` says what became of those of
    attorneys. ``replaced`` is where an
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
    charges: int
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
    by_route: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    decides_charges: bool = False
    facts_used: int = 0
    facts_unused: int = 0
    words: Mapping[str, int] = field(default_factory=dict)


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
        answered = None
        if request.answers is not None:
            answered = put(request.answers, reading, request.policy, request.as_of)
        with _kept(request, context) as keeper:
            _write(request, context, folder, tally, keeper, answered, progress)
            ledger = _ledger(context, tally, folder, answered)
            ledger.check()
            made = manifest(context, ledger, list(folder.files.values()), request.suppliers)
            if request.answers is not None:
                made["facts"] = {"name": request.answers.name, "sha256": request.answers.sha256}
            if request.words is not None and request.words.is_given:
                made["words"] = {**request.words.figures(), "sha256": request.words.digest()}
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
    answered: Put | None,
    progress: Progress | None,
) -> None:
    opened: list[OpenWriter] = [writer.open(context, folder) for writer in BUILT_IN]
    opened += [_Guarded(writer, context, folder) for writer in request.writers]
    people = context.reading.people
    keeps = keeper is not None
    decided_in = decisions(
        context.reading,
        request.policy,
        request.as_of,
        context.county,
        tally,
        put=answered,
        words=request.words,
        trace=keeps,
        brief=keeps,
    )
    for block, decided in decided_in:
        for writer in opened:
            writer.block(block, decided)
        if keeper is not None:
            keeper.block(block, decided, request.words)
        if progress is not None:
            progress("decide", tally.people, people)
    for writer in opened:
        writer.close()
    if answered is not None:
        write_facts(folder, answered, context.reading.inputs)
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


def _ledger(context: RunContext, tally: Tally, folder: Folder, answered: Put | None) -> Ledger:
    files, reading, policy = folder.files, context.reading, context.policy
    outcomes = [outcome.value for outcome in Outcome]
    return Ledger(
        rows_read=reading.rows_read,
        rows_repeated=reading.rows_repeated,
        rows_rejected=len(reading.rejects),
        people=reading.people,
        people_in_blocks=tally.people,
        charges=tally.charges,
        decided=tally.decided.total(),
        out_of_scope_statute=tally.out_of_scope_statute,
        other_county=tally.other_county,
        undisposed=tally.undisposed,
        by_outcome={outcome: tally.by_outcome().get(outcome, 0) for outcome in outcomes},
        annotated_written=files[annotated.ALL].rows,
        condensed_written=files[annotated.CONDENSED].rows,
        rejected_written=files[rejected.FILE].rows,
        determinations_written=files[determinations.FILE].rows,
        noun=context.noun,
        by_route={r.relief: {outcome: tally.routes[r.relief, outcome] for outcome in outcomes} for r in policy.routes},
        routes_written=files[ROUTES].rows if policy.routes else 0,
        facts_given=None if answered is None else len(answered.answers.given),
        facts_used=0 if answered is None else len(answered.used),
        facts_unused=0 if answered is None else len(answered.unused()),
        facts_written=0 if answered is None else files[FACTS].rows,
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
        if decision.relief is not None and not policy.routes:
            by_relief[decision.relief] += count
        if decision.refer_to is not None:
            referred[decision.refer_to] += count
    for (relief, outcome), count in tally.routes.items():
        if outcome == Outcome.ELIGIBLE.value:
            by_relief[relief] += count
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
        charges=ledger.charges,
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
        by_route=ledger.by_route,
        decides_charges=policy.decides_charges,
        facts_used=ledger.facts_used,
        facts_unused=ledger.facts_unused,
        words={} if request.words is None else request.words.figures(),
    )
