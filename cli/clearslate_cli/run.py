"""``clearslate run``: the main job."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import UsageError
from clearslate_cli import page, process, signals
from clearslate_cli.exits import DONE, REJECTED
from clearslate_cli.options import (
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
from clearslate_cli.vaulted import Way, at_work, on_vault

if TYPE_CHECKING:
    from clearslate.assess.keeping import Kept
    from clearslate.assess.run import RunRequest, RunSummary
    from clearslate.ingest.source import Source
    from clearslate.output.disk import Disk
    from clearslate_cli.job import Job
    from clearslate_cli.progress import Told


@on_vault
def run(
    reform: ReformId = None,
    policy: PolicyName = None,
    parameters: Parameters = None,
    county: County = None,
    as_of: AsOf = None,
    format: Format = None,
    mapping: MappingFile = None,
    inputs: Inputs = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            metavar="DIR",
            help="The folder to make; all files appear together. On a vault it may be left out.",
        ),
    ] = None,
    facts: Facts = None,
    identity: Identity = None,
    overwrite: Annotated[
        bool | None,
        typer.Option("--overwrite/--no-overwrite", help="Replace a folder that is not empty; it is renamed aside."),
    ] = None,
    strict: Annotated[
        bool | None, typer.Option("--strict/--no-strict", help="Exit with 1 when rows were rejected or answers unused.")
    ] = None,
    as_json: Annotated[bool | None, typer.Option("--json/--no-json", help="Print the summary as JSON.")] = None,
    plain: Annotated[bool | None, typer.Option("--plain/--no-plain", help="Show no progress bar.")] = None,
    quiet: Annotated[bool | None, typer.Option("--quiet/--no-quiet", help="Print no summary and no bar.")] = None,
    more: MoreInputs = None,
    *,
    way: Way,
) -> Reply:
    """Decide every conviction and write the output folder.

    In a project the vault is read and the decisions are kept in it; with --input the files are read, through a vault
    whose key is held in memory alone and dies with the command. Every option can stand in clearslate.toml in the
    working folder, in a table [run] (as_of for --as-of; --set as a table); the command line wins.
    """
    from clearslate.output.staging import own_leftovers
    from clearslate_cli.ended import told_of_output
    from clearslate_cli.job import joined, read_job
    from clearslate_cli.progress import bar
    from clearslate_cli.sources import opened, reads_the_vault

    job = read_job(
        parameters=parameters,
        reform=reform,
        policy=policy,
        county=county,
        as_of=as_of,
        format=format,
        mapping=mapping,
        input=joined(inputs, more),
        output=output,
        facts=facts,
        identity=identity,
        overwrite=overwrite,
        strict=strict,
        json=as_json,
        plain=plain,
        quiet=quiet,
    )
    settings = job.settings
    in_vault = reads_the_vault(job, way)
    if settings.output is None and not in_vault:
        raise UsageError("no output folder was named; say --output DIR, or output = in clearslate.toml")
    folder = None if settings.output is None else Path(settings.output)
    process.lighten()
    with contextlib.ExitStack() as stack:
        if folder is None:
            signals.unwind()
        else:
            stack.enter_context(told_of_output(folder, lambda: own_leftovers(folder)))
        progress = stack.enter_context(bar(wanted=not (settings.plain or settings.quiet)))
        if in_vault:
            summary = _on_vault(job, way, folder, progress)
        else:
            sources = stack.enter_context(opened(job.files, settings.identity, progress))
            summary = run_request(_request(job, tuple(sources), folder), progress)
        text = ""
        if not settings.quiet:
            text = page.as_json(described(summary)) if settings.as_json else table(job, summary, settings.output)
        left_over = summary.rows_rejected or summary.facts_unused
        code = REJECTED if settings.strict and left_over else DONE
        return Reply(text, job.notes + notes(summary, settings.output), code, _made(summary, settings.output))


def _made(summary: RunSummary, output: str | None) -> str:
    kept = "" if summary.number is None else f"run {summary.number} is kept in the vault"
    return kept if output is None else f"the results are in [{output}]" + (f", and {kept}" if kept else "")


def run_request(request: RunRequest, progress: Told | None, disk: Disk | None = None) -> RunSummary:
    """Run it; see ``clearslate.assess.run``, which is slow to load."""
    from clearslate.assess.run import run

    return run(request, progress, disk=disk)


def _request(job: Job, sources: tuple[Path | Source, ...], output: Path | None, kept: Kept | None = None) -> RunRequest:
    from clearslate.assess.run import RunRequest

    return RunRequest(
        reform=job.reform,
        policy=job.policy,
        reader=job.reader,
        inputs=sources,
        output=output,
        as_of=job.as_of,
        county=job.settings.county,
        overwrite=job.settings.overwrite,
        writers=tuple(job.registry.writers.values()),
        suppliers=job.suppliers,
        kept=kept,
        answers=job.answers,
    )


def _on_vault(job: Job, way: Way, output: Path | None, progress: Told | None) -> RunSummary:
    from clearslate.assess.keeping import Kept
    from clearslate.assess.words import in_force
    from clearslate.vault.audit import Event
    from clearslate_cli.sources import kept

    with at_work(way, Event.RUN) as (vault, operation):

        def settle(counts: Mapping[str, int]) -> None:
            operation.counts.update(counts)
            vault.settle(operation)

        sources = kept(vault.store, job.reader.id)
        about = {
            "at": vault.stamp(),
            "policy_name": job.source.name,
            "policy_text": job.source.text,
            "settings": dict(job.settings.parameters),
            "sources": [source.number for source in sources],
        }
        if job.answers is not None:
            about["facts"] = {"name": job.answers.name, "text": job.answers.text, "sha256": job.answers.sha256}
        words = in_force(vault.store, job.policy.reform, job.policy.id, sources)
        request = _request(job, (), output, Kept(vault.store, sources, about, settle))
        return run_request(replace(request, words=words), progress)


def notes(summary: RunSummary, output: str | None) -> tuple[str, ...]:
    """What the user should see even where nobody reads standard output; ``output`` as the user named it."""
    said = []
    if summary.rows_rejected:
        place = "[clearslate doctor] lists" if output is None else f"see [{Path(output) / 'rejected.csv'}] for"
        said.append(
            f"{page.counted(summary.rows_rejected, 'row was', 'rows were')} rejected and decided nothing; "
            f"{place} place and reason"
        )
    if summary.facts_unused:
        place = "[clearslate export] writes it" if output is None else str(Path(output) / "facts.csv")
        said.append(
            f"{page.counted(summary.facts_unused, 'answer was', 'answers were')} about no charge that was decided and "
            f"changed nothing; see [{place}] for why"
        )
    if summary.words.get("reopened"):
        said.append(
            f"{page.counted(summary.words['reopened'], 'word of an attorney does', 'words of attorneys do')} not hold "
            "any more, because the facts changed: review them again; they have the flag ATTORNEY_WORD_REOPENED"
        )
    if summary.words.get("unused"):
        said.append(
            f"{page.counted(summary.words['unused'], 'word of an attorney is', 'words of attorneys are')} about no "
            "charge that was decided, and changed nothing"
        )
    if summary.undisposed:
        said.append(
            f"{page.counted(summary.undisposed, 'count', 'counts')} that this law may concern "
            f"{'has' if summary.undisposed == 1 else 'have'} no disposition that can be read and may be "
            "convictions; none was decided; [clearslate doctor] lists the rows"
        )
    if summary.leftovers:
        said.append(
            f"a run that was cut off left [{', '.join(summary.leftovers)}] beside the output, "
            "with personal data in it; delete it"
        )
    return tuple(said)


def described(summary: RunSummary) -> dict[str, Any]:
    """The manifest with where the files are and how the outcomes split."""
    return {
        "output": None if summary.output is None else str(summary.output),
        "run": summary.number,
        "files": list(summary.files),
        "replaced": None if summary.replaced is None else str(summary.replaced),
        "by_outcome": dict(summary.by_outcome),
        "by_relief": dict(summary.by_relief),
        **({"by_route": {k: dict(v) for k, v in summary.by_route.items()}} if summary.by_route else {}),
        "referred_to": dict(summary.referred_to),
        "people_with_conviction_in_scope": summary.people_with_conviction_in_scope,
    } | dict(summary.manifest)


def table(job: Job, summary: RunSummary, output: str | None) -> str:
    """The summary in a few lines; ``output`` is the folder as the user named it."""
    from clearslate_cli.policy_page import shown

    county = summary.county or "every county"
    parameters = ", ".join(f"{name} = {shown(value)}" for name, value in job.policy.parameters.items())
    heading = [
        page.wrapped(f"{summary.reform}: {job.reform.about.title}"),
        page.wrapped(f"Policy {summary.policy}: {summary.policy_title}", "", "  "),
        *([page.wrapped(f"Set to {parameters}", "  ", "    ")] if parameters else []),
        page.wrapped(f"As of {summary.as_of.isoformat()}, {county}"),
    ]
    in_scope = summary.people_with_conviction_in_scope
    rows: list[tuple[str, int]] = [
        ("Rows read", summary.rows_read),
        ("  used", summary.rows_used),
        ("  repeated from another file", summary.rows_repeated),
        ("  rejected", summary.rows_rejected),
        ("People", summary.people),
        (f"  with a {'charge' if summary.decides_charges else 'conviction'} in scope", in_scope),
        ("Charges" if summary.decides_charges else "Convictions", summary.charges),
        ("  not under this law", summary.out_of_scope_statute),
    ]
    if summary.county is not None:
        rows.append(("  of other counties", summary.other_county))
    rows.append(("  decided", summary.decided))
    titles = {relief.id: relief.title for relief in job.reform.about.reliefs}
    for outcome, number in summary.by_outcome.items():
        rows.append((f"    {outcome}", number))
        if outcome == "eligible" and not summary.by_route:
            rows += [(f"      {_short(titles[name])}", n) for name, n in reversed(list(summary.by_relief.items())) if n]
        if outcome == "refer":
            rows += [(f"      to {name}", n) for name, n in summary.referred_to.items()]
    if summary.undisposed:
        rows.append(("Counts without a disposition", summary.undisposed))
    parts = ["\n".join(heading), page.table(("", ""), [(a, f"{n:,}") for a, n in rows], right=(1,))]
    if summary.by_route:
        lines = [
            (
                _short(titles[route], 36),
                *(f"{outcomes[name]:,}" for name in ("eligible", "review", "refer", "ineligible")),
            )
            for route, outcomes in summary.by_route.items()
        ]
        parts.append(page.table(("Route", "eligible", "review", "refer", "ineligible"), lines, right=(1, 2, 3, 4)))
    if summary.facts_used or summary.facts_unused:
        parts.append(f"Answers of a person: {summary.facts_used:,} used, {summary.facts_unused:,} not used")
    if any(summary.words.values()):
        said = summary.words
        parts.append(
            page.wrapped(
                f"Words of attorneys: {said['settled']:,} settled, {said['overruled']:,} overruled, "
                f"{said['objected']:,} objected to, {said['reopened']:,} open again, {said['unused']:,} not used"
            )
        )
    if output is not None:
        parts.append(f"Files in {output}\n{page.wrapped(', '.join(summary.files), '  ')}")
    if summary.number is not None:
        more = "" if output is not None else f"; its files: clearslate export --run {summary.number} --output DIR"
        parts.append(page.wrapped(f"Run {summary.number} is kept in the vault{more}"))
    if summary.replaced is not None:
        parts.append(f"The older output is now {summary.replaced.name}, beside it")
    return "\n\n".join(parts)


def _short(title: str, most: int = 56) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rstrip()}…"
