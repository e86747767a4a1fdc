"""``clearslate explain``: why a conviction was decided as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from clearslate.errors import UsageError
from clearslate_cli import page, process
from clearslate_cli.options import (
    AsJson,
    AsOf,
    County,
    Facts,
    Format,
    Identity,
    Inputs,
    MappingFile,
    MoreInputs,
    Parameters,
    PolicyName,
    ReformId,
)
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, on_vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearslate.assess.words import Words
    from clearslate.ingest.reader import Reading
    from clearslate.model import Place
    from clearslate.output.decided import Decided
    from clearslate.policy.determination import Determination
    from clearslate.vault.store import Store
    from clearslate_cli.job import Job
    from clearslate_cli.trace import Case


@on_vault
def explain(
    reform: ReformId = None,
    policy: PolicyName = None,
    parameters: Parameters = None,
    county: County = None,
    as_of: AsOf = None,
    format: Format = None,
    mapping: MappingFile = None,
    inputs: Inputs = None,
    facts: Facts = None,
    row: Annotated[
        int | None, typer.Option("--row", metavar="N", help="A source row of the conviction, as in determinations.csv.")
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="NAME", help="The file of that row, where there are several.")
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="ID", help="All decided convictions of a person.")
    ] = None,
    identity: Identity = None,
    as_json: AsJson = False,
    more: MoreInputs = None,
    *,
    way: Way,
) -> Reply:
    """Explain why a conviction was decided as it was.

    Each rule is shown with the facts it used, where in the source they stand, the citations, what was
    missing, and what would change the decision. What the record says is printed to standard output,
    because you asked for it. In a project the vault is read, otherwise the files. The settings of clearslate.toml
    hold here too.
    """
    if (row is None) == (person is None):
        raise UsageError("say which conviction to explain: --row N, or --person ID, and not both")
    from clearslate.vault.audit import Event
    from clearslate_cli import trace
    from clearslate_cli.job import joined, read_job
    from clearslate_cli.sources import read

    job = read_job(
        parameters=parameters,
        reform=reform,
        policy=policy,
        county=county,
        as_of=as_of,
        format=format,
        mapping=mapping,
        input=joined(inputs, more),
        facts=facts,
        identity=identity,
    )
    process.lighten()
    with read(job, way, Event.EXPLAIN) as (reading, counts, store):
        decided = Decisions(job, reading, store)
        cases = _by_row(decided, row, file) if row is not None else _by_person(decided, str(person))
        counts["decided"] = len(cases)
    if as_json:
        return Reply(page.as_json([trace.described(case) for case in cases]), job.notes)
    rule = "=" * page.width()
    return Reply(f"\n\n{rule}\n\n".join(trace.explained(case) for case in cases), job.notes)


class Decisions(NamedTuple):
    """What is decided of what is read; ``store`` is the vault that it is read from, if it is one."""

    job: Job
    reading: Reading
    store: Store | None


def _by_row(asked: Decisions, row: int, file: str | None) -> list[Case]:
    job, reading, _ = asked
    names = [one.name for one in reading.inputs]
    if file is not None and file not in names:
        raise UsageError(f"--file [{file}] is not a source file of this run; known: {', '.join(names)}")
    wanted = [n for n, name in enumerate(names) if file in (None, name)]
    cases = _cases(asked, lambda one: any(p.row == row and p.file in wanted for p in _rows(one)))
    if len(cases) > 1:
        raise UsageError(f"several files have a row [{row}]; say --file NAME; known: {', '.join(names)}")
    if not cases:
        raise UsageError(_why_not(job, reading, row, wanted))
    return cases


def _rows(one: Decided) -> list[Place]:
    return [one.count.place, *one.count.rows]


def _why_not(job: Job, reading: Reading, row: int, wanted: list[int]) -> str:
    for reject in reading.rejects:
        if reject.place.row == row and reject.place.file in wanted:
            return f"row [{row}] was rejected: {reject.problem}: {reject.detail}; correct it in the source"
    if not any(1 <= row <= reading.inputs[n].rows for n in wanted):
        most = max(reading.inputs[n].rows for n in wanted)
        return f"there is no row [{row}]; rows are counted from 1, without a header, to {most}"
    if (repeated := _repeated(reading, row, wanted)) is not None:
        return repeated
    return (
        f"row [{row}] is of no conviction that policy [{job.policy.id}] decides: it is no conviction, "
        "or not in the policy's scope, or of another county"
    )


def _repeated(reading: Reading, row: int, wanted: list[int]) -> str | None:
    """Which row of an earlier file the row repeats, in words; None where it repeats none."""
    from clearslate.ingest.original import is_repeat, original

    for file in wanted:
        if not is_repeat(reading, file, row):
            continue
        said = f"row [{row}] of [{reading.inputs[file].name}] repeats"
        first = original(reading, file, row)
        if first is None:
            return f"{said} a row of an earlier file and is not used again; explain that row"
        name = reading.inputs[first.file].name
        return (
            f"{said} row [{first.row}] of [{name}] and is not used again; explain that: --row {first.row} --file {name}"
        )
    return None


def _by_person(asked: Decisions, person: str) -> list[Case]:
    job = asked.job
    cases = _cases(asked, lambda one: one.person.person_id == person)
    if not cases:
        raise UsageError(
            f"--person names nobody with a conviction that policy [{job.policy.id}] decides; "
            "it takes a person_id of determinations.csv"
        )
    return cases


def _cases(asked: Decisions, wanted: Callable[[Decided], bool]) -> list[Case]:
    from clearslate.assess.decide import decisions
    from clearslate.assess.put import put
    from clearslate.assess.run import chosen_county
    from clearslate.assess.words import Words, in_force
    from clearslate_cli.sources import kept
    from clearslate_cli.trace import Case

    job, reading, store = asked
    words = Words({})
    if store is not None:
        words = in_force(store, job.policy.reform, job.policy.id, kept(store, job.reader.id))
    county = chosen_county(job.settings.county, job.policy, reading)
    answered = None if job.answers is None else put(job.answers, reading, job.policy, job.as_of)
    return [
        Case(
            reform=job.reform,
            policy=job.policy,
            reader=job.reader,
            inputs=reading.inputs,
            as_of=job.as_of,
            supplier=str(job.supplier),
            person=one.person,
            count=one.count,
            determination=traced(job, one, words),
        )
        for _, decided in decisions(reading, job.policy, job.as_of, county, put=answered, words=words)
        for one in decided
        if wanted(one)
    ]


def traced(job: Job, one: Decided, words: Words) -> Determination:
    """The same determination with its trace, which a run leaves out for speed."""
    from clearslate.policy.matter import History, Matter

    again = job.policy.decide(Matter(History(one.person), one.count, job.as_of), trace=True)
    return one.determination if again is None else words.once_more(job.policy, one.count, again)
