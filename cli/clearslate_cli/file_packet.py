"""A packet made in the vault of a project: the run found, decided once more, written, and entered in the audit log."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clearslate.errors import UsageError
from clearslate_cli import file_page, page, process
from clearslate_cli.exits import DONE
from clearslate_cli.reply import Reply
from clearslate_cli.tracked import day_of, reform_of
from clearslate_cli.vaulted import Way, at_work

if TYPE_CHECKING:
    from clearslate.assess.packing import PackRequest
    from clearslate.assess.run import RunRequest
    from clearslate.filing.given import Asked
    from clearslate.filing.office import Office
    from clearslate.vault.store import Store


@dataclass(frozen=True, slots=True, repr=False)
class Job:
    """What to make, of which run, into which folder."""

    run: int
    packet: str
    office: Path
    output: Path
    on: str | None
    asked: Asked
    to: Sequence[str]
    overwrite: bool
    as_json: bool
    plain: bool


def listed(run: int, way: Way, *, as_json: bool) -> Reply:
    """The packets that can be made of a run."""
    from clearslate.assess.packing import packets_of
    from clearslate.track.case import told_of
    from clearslate.vault.audit import Event

    with at_work(way, Event.FILED) as (opened, operation):
        known = packets_of(reform_of(told_of(opened.store, run)))
        operation.counts.update(run=run, listed=len(known))
    return Reply(file_page.listed(run, known, as_json=as_json))


def made(job: Job, way: Way) -> Reply:
    """Make a packet and say what is in it."""
    from clearslate.assess.packing import pack, write_about
    from clearslate.filing.office import read_office
    from clearslate.filing.pages import PagedAgeDisk, PagedDisk
    from clearslate.output.age import read_recipients
    from clearslate.output.staging import Staging, own_leftovers
    from clearslate.vault.audit import Event
    from clearslate_cli.ended import told_of_output
    from clearslate_cli.progress import bar

    day = day_of(job.on, "--on")
    if not job.office.exists():
        raise UsageError(
            f"there is no office file [{job.office}]; name it with --office FILE.toml, or write an example: clearslate "
            "file --init-office"
        )
    office = read_office(job.office)
    recipients = read_recipients(job.to) if job.to else None
    process.lighten()
    with contextlib.ExitStack() as stack:
        stack.enter_context(told_of_output(job.output, lambda: own_leftovers(job.output)))
        progress = stack.enter_context(bar(wanted=not job.plain))

        def begun(files: int) -> None:
            if progress is not None:
                progress("write", files, 0)

        disk = PagedDisk(begun) if recipients is None else PagedAgeDisk(recipients, begun)
        opened, operation = stack.enter_context(at_work(way, Event.FILED))

        def settle(counts: Mapping[str, int]) -> None:
            # Written down as done only once the packet stands in its staging folder.
            operation.counts.update(counts)

        request = _request(job, office, day, opened.store, settle)
        # Which packet: an id of ours or of the reform, which was found by now.
        operation.counts.update({"run": job.run, f"packet {job.packet}": 1})
        inputs = [job.office, *job.asked.paths]
        staging = stack.enter_context(Staging(job.output, inputs=inputs, overwrite=job.overwrite, disk=disk))
        folder = staging.open()
        packed = pack(request, folder, progress)
        write_about(packed, folder, disk.pages, encrypted=bool(job.to))
        counts = {"taken": sum(packed.taken.values()), "files": len(folder.files), "recipients": len(job.to)}
        operation.counts.update(counts)
        opened.settle(operation)
        names = staging.files
        replaced = staging.release()
    told = file_page.Told(job.run, job.packet, str(job.output), names, replaced, len(job.to))
    text = page.as_json(file_page.described(packed, told)) if job.as_json else file_page.text(packed, told)
    notes = () if job.to else ("the files are plaintext; keep them on an encrypted disk and delete them when done",)
    return Reply(text, notes, DONE, f"the packet is in [{job.output}]")


def _request(job: Job, office: Office, day: dt.date, store: Store, settle: file_page.Settle) -> PackRequest:
    from clearslate.assess.packing import PackRequest, check_asked
    from clearslate.filing.given import digest
    from clearslate.policy.load import base_name
    from clearslate.track.case import told_of
    from clearslate_cli.kept_run import kept_again

    told = told_of(store, job.run)
    again = kept_again(store, job.run, settle)
    request = PackRequest(
        store=store,
        run=job.run,
        again=again,
        manifest=told["manifest"],
        packet=job.packet,
        office=office,
        office_file=(base_name(str(job.office)), digest(job.office)),
        asked=job.asked,
        policy_page=_policy_page(again, told),
        made_on=day,
    )
    check_asked(request)
    return request


def _policy_page(again: RunRequest, told: Mapping[str, object]) -> str:
    """The policy in words, as wide as where there is no terminal, so that it is the same everywhere."""
    from clearslate.policy.load import PolicySource
    from clearslate_cli import policy_page

    file = again.reform.read_policy(PolicySource(str(told["policy_name"]), str(told["policy_text"])))
    with contextlib.redirect_stdout(io.StringIO()):
        return policy_page.text(again.reform, file, again.policy)
