"""``clearslate policies diff``: what changed between two policies, and how many decisions change with it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import OutputError, UsageError
from clearslate_cli import catalog, page, process, signals
from clearslate_cli.options import AsJson, AsOf, County, Facts, Format, Identity, Inputs, Parameters, ReformId
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, on_vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clearslate.assess.difference import Compared, Pair
    from clearslate.ingest.reader import Reading
    from clearslate.policy.difference import Difference
    from clearslate.policy.load import PolicySource
    from clearslate.policy.reform import Reform
    from clearslate_cli.job import Job
    from clearslate_cli.settings import RunTable

COLUMNS = (
    *("source_file", "source_row"),
    *("old_outcome", "old_relief", "old_refer_to", "old_rule"),
    *("new_outcome", "new_relief", "new_refer_to", "new_rule"),
)


@on_vault
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A policy: its id, a dated version, or a FILE.toml.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The policy to compare with it.")],
    reform: ReformId = None,
    parameters: Parameters = None,
    inputs: Inputs = None,
    records: Annotated[
        bool, typer.Option("--records", help="Compare decisions on the vault, or on the files of clearslate.toml.")
    ] = False,
    county: County = None,
    as_of: AsOf = None,
    format: Format = None,
    facts: Facts = None,
    list_file: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="Write each charge that is decided otherwise into this CSV file."),
    ] = None,
    identity: Identity = None,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Compare two policies of a reform, rule by rule.

    With records (--input FILE, or --records for the project's own) it counts how many decisions change, and from what
    to what. A and B may be two versions of one policy, such as statute and statute-2027-01-01.
    """
    from clearslate.policy.difference import difference
    from clearslate_cli import policies_diff_page as shown
    from clearslate_cli.settings import read_parameters, read_settings

    settings = read_settings(
        reform=reform, county=county, as_of=as_of, format=format, input=inputs, facts=facts, identity=identity
    )
    owner = catalog.find_reform(catalog.registry(), settings.reform)
    sources = _source(owner, before), _source(owner, after)
    found = difference(owner, *sources, read_parameters(parameters or ()))
    names = before, after
    if not (inputs or records):
        for option, said in (("--list", list_file), ("--facts", facts), ("--county", county), ("--as-of", as_of)):
            if said is not None:
                raise UsageError(f"{option} is for comparing decisions; say --input FILE, or --records")
        return Reply(page.as_json(shown.described(found)) if as_json else shown.text(found, names))
    job = _job(owner, settings, found, sources[0])
    totals, county, notes = _compare(job, way, found, list_file)
    told = shown.Decisions(totals, job.as_of, county, "charge" if found.after.decides_charges else "conviction")
    if as_json:
        return Reply(page.as_json({**shown.described(found), "decisions": shown.counted(told)}), notes)
    made = "" if list_file is None else f"the list is in [{list_file}]"
    return Reply(f"{shown.text(found, names)}\n\n{shown.decisions(told, names)}", notes, made=made)


def _source(reform: Reform, name: str) -> PolicySource:
    """A policy by the very name of its file, so that a dated version can be compared with the one before it."""
    known = reform.policies()
    return known[name] if name in known else reform.find(name)


def _job(owner: Reform, settings: RunTable, found: Difference, source: PolicySource) -> Job:
    from clearslate.assess.answers import read_answers
    from clearslate_cli.clock import today
    from clearslate_cli.job import Job

    known = catalog.registry()
    now = today()
    as_of = settings.as_of if settings.as_of is not None else now
    notes = (f"the day [{as_of}] is yet to come; ages and years are counted as of it",) if as_of > now else ()
    return Job(
        settings=settings,
        registry=known,
        reform=owner,
        policy=found.before,
        reader=catalog.reader_for(known, owner, settings.format, settings.mapping),
        source=source,
        as_of=as_of,
        answers=None if settings.facts is None else read_answers(Path(settings.facts), owner.about.facts),
        notes=notes,
    )


def _compare(job: Job, way: Way, found: Difference, list_file: Path | None) -> tuple[Compared, str | None, Any]:
    """Decide every charge under both policies; the counts, the county and what to say beside them."""
    from clearslate.assess.difference import Compared, compared
    from clearslate.assess.put import put
    from clearslate.vault.audit import Event
    from clearslate_cli.sources import read

    policies = found.before, found.after
    totals = Compared()
    process.lighten()
    with _listed(list_file) as write, read(job, way, Event.POLICIES_COMPARED) as (reading, counts, _):
        county = _county(job, found, reading)
        answers = job.answers
        puts = tuple(None if answers is None else put(answers, reading, policy, job.as_of) for policy in policies)
        for _, pairs in compared(reading, policies, job.as_of, county, totals, (puts[0], puts[1])):
            write(reading, [pair for pair in pairs if pair.changed])
        counts["compared"] = totals.charges
        rejected = len(reading.rejects)
    notes = job.notes
    if rejected:
        notes += (f"{page.counted(rejected, 'row was', 'rows were')} rejected and decided nothing under either policy",)
    return totals, county, notes


def _county(job: Job, found: Difference, reading: Reading) -> str | None:
    """The county to compare: the one asked for, or that of a policy which speaks for one, as the records spell it."""
    from clearslate.assess.county import county_key
    from clearslate.assess.run import chosen_county

    own = {county_key(policy.county): policy for policy in (found.before, found.after) if policy.county is not None}
    if job.settings.county is None and len(own) > 1:
        raise UsageError("the two policies speak for different counties; say --county NAME")
    policy = next(iter(own.values()), found.before)
    return chosen_county(job.settings.county, policy, reading)


@contextlib.contextmanager
def _listed(path: Path | None) -> Iterator[Callable[[Reading, list[Pair]], None]]:
    """What writes pairs into the file, which appears whole or not at all; without a file, what does nothing."""
    from tempfile import TemporaryDirectory

    if path is None:
        yield lambda _reading, _pairs: None
        return
    if path.exists():
        raise OutputError(f"file [{path.name}] is there already; remove it or name another --list")
    signals.unwind()
    try:
        with TemporaryDirectory(prefix=f".{path.name}.partial-", dir=path.parent) as staging:
            partial = Path(staging, path.name)
            with partial.open("xb") as file:
                from clearslate.output.lines import encoded, header_line, line

                partial.chmod(0o600)
                file.write(header_line(COLUMNS))
                yield lambda reading, pairs: _write(file, encoded("".join(line(_cells(reading, p)) for p in pairs)))
            partial.rename(path)
    except OSError as error:
        raise OutputError(f"file [{path.name}] cannot be written; check folder and disk") from error


def _write(file: Any, data: bytes) -> None:
    file.write(data)


def _cells(reading: Reading, pair: Pair) -> list[str]:
    place = pair.count.place
    cells = [reading.inputs[place.file].name, str(place.row)]
    for side in pair.ruled:
        cells += [side.outcome, "; ".join(side.reliefs), side.refer_to or "", side.rule or ""]
    return cells
