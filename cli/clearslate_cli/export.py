"""``clearslate export`` and ``clearslate runs``: what the vault keeps of runs, as files and as a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from clearslate_cli import page, process
from clearslate_cli.exits import DONE
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, at_work, on_vault


@on_vault
def runs(
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """List the runs that the vault keeps."""
    from clearslate.vault import runs as kept
    from clearslate.vault.audit import Event

    with at_work(way, Event.RUNS_LISTED) as (opened, operation):
        found = [(number, kept.read_run(opened.store, number)) for number in kept.runs(opened.store)]
        operation.counts["runs"] = len(found)
    if as_json:
        return Reply(page.as_json([{"run": number, "at": told["at"], **told["manifest"]} for number, told in found]))
    rows = [
        (
            str(number),
            str(told["at"])[:16].replace("T", " "),
            f"{told['manifest']['reform']['id']} {told['manifest']['policy']['id']}",
            told["manifest"]["county"] or "every county",
            told["manifest"]["as_of"],
            f"{_decided(told['manifest']['ledger']):,}",
        )
        for number, told in found
    ]
    table = page.table(("Run", "When (UTC)", "Law and policy", "County", "As of", "Decided"), rows, right=(0, 5))
    return Reply(table if rows else "The vault keeps no run.")


def _decided(ledger: Mapping[str, Any]) -> int:
    """How many convictions, or charges, a run decided."""
    return int(ledger["charges_decided"] if "charges_decided" in ledger else ledger["convictions_decided"])


@on_vault
def export(
    output: Annotated[str, typer.Option("--output", metavar="DIR", help="The folder to make.")],
    run: Annotated[int | None, typer.Option("--run", metavar="N", help="The run; the last one if not said.")] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="RECIPIENT",
            help="Encrypt to this age or SSH public key, or a file of them; give as many as there are.",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a folder that is not empty.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Show no progress bar.")] = False,
    *,
    way: Way,
) -> Reply:
    """Write the files of a run that the vault keeps.

    Every decision is compared with the one that is kept; where one differs, nothing is written. With --to every file
    is encrypted with age to the court or the public defender, and this office cannot open it.
    """
    from clearslate.output.age import AgeDisk, read_recipients
    from clearslate.output.staging import own_leftovers
    from clearslate.vault.audit import Event
    from clearslate_cli.ended import told_of_output
    from clearslate_cli.kept_run import chosen, kept_again
    from clearslate_cli.progress import bar
    from clearslate_cli.run import run_request

    disk = AgeDisk(read_recipients(to)) if to else None
    folder = Path(output)
    process.lighten()
    with told_of_output(folder, lambda: own_leftovers(folder)), bar(wanted=not plain) as progress:
        with at_work(way, Event.EXPORT) as (opened, operation):

            def settle(counts: Mapping[str, int]) -> None:
                operation.counts.update(counts, recipients=len(to or ()))
                opened.settle(operation)

            number = chosen(opened.store, run)
            operation.counts["run"] = number
            request = replace(kept_again(opened.store, number, settle), output=folder, overwrite=overwrite)
            summary = run_request(request, progress, disk)
        rows = [
            ("run", f"{number}"),
            ("decided", f"{summary.decided:,}"),
            ("files", ", ".join(summary.files)),
            ("folder", output),
        ]
        if to:
            rows.append(("encrypted to", page.counted(len(to), "recipient")))
        notes = () if to else ("the files are plaintext; keep them on an encrypted disk and delete them when done",)
        return Reply(page.table(("", ""), rows, fixed=(0,)), notes, DONE, f"the files are in [{output}]")
