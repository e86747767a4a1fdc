"""``clearslate file``: what leaves the office, made of a run that the vault keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearslate.errors import OutputError, UsageError
from clearslate_cli.file_packet import Job, listed, made
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, on_vault

OFFICE, LAYOUT = "office.toml", "court_update.toml"
"""The names of the examples, where none is said."""


@on_vault
def file(
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help="The number of the run; with --init-office the file to make.")
    ] = None,
    packet: Annotated[
        str | None, typer.Option("--packet", metavar="NAME", help="What to make; without it the packets are listed.")
    ] = None,
    office: Annotated[
        Path | None, typer.Option("--office", metavar="FILE.toml", help=f"Who files, and where; {OFFICE} if not said.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="The folder to make; all files appear together.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day on the papers; today if not said.")
    ] = None,
    relief: Annotated[
        str | None, typer.Option("--relief", metavar="ID", help="What is granted this relief, and nothing else.")
    ] = None,
    layout: Annotated[
        Path | None, typer.Option("--layout", metavar="FILE.toml", help="How the court's system takes an update.")
    ] = None,
    addresses: Annotated[
        Path | None, typer.Option("--addresses", metavar="FILE.csv", help="Where people live, for letters.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="The language of letters where a person asks for none; en."),
    ] = None,
    text: Annotated[
        list[Path] | None, typer.Option("--text", metavar="FILE.toml", help="Your own text of a letter, by language.")
    ] = None,
    form: Annotated[
        Path | None, typer.Option("--form", metavar="FILE.pdf", help="The official form to fill, as you got it.")
    ] = None,
    fields: Annotated[
        str | None, typer.Option("--fields", metavar="FILE.toml", help="Which field of the form holds what.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="RECIPIENT",
            help="Encrypt every file to this age or SSH public key, or a file of them; give as many as there are.",
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a folder that is not empty; it is renamed aside.")
    ] = False,
    init_office: Annotated[
        bool, typer.Option("--init-office", help=f"Write an example of the office file, {OFFICE}, and do nothing else.")
    ] = False,
    init_layout: Annotated[
        bool, typer.Option("--init-layout", help=f"Write an example of a layout, {LAYOUT}, and do nothing else.")
    ] = False,
    as_json: AsJson = False,
    plain: Annotated[bool, typer.Option("--plain", help="Show no progress bar.")] = False,
    *,
    way: Way,
) -> Reply:
    """Make what leaves the office of a run: motions, updates, notices, lists, letters, forms.

    The run is decided once more and compared with what is kept; where anything differs, nothing is written. Court
    orders are those that [clearslate track] knows. Each packet has a packet.json, which says what it is, of which run,
    and names every file.
    """
    if init_office or init_layout:
        if init_office and init_layout:
            raise UsageError("say one of --init-office and --init-layout")
        return _example(Path(run or (LAYOUT if init_layout else OFFICE)), layout=init_layout)
    if run is None or not (run.isascii() and run.isdigit()):
        given = "no run was named" if run is None else f"RUN is the number of a run; [{run}] was given"
        raise UsageError(f"{given}; say clearslate file RUN --packet NAME --output DIR; see: clearslate runs")
    if packet is None:
        return listed(int(run), way, as_json=as_json)
    if output is None:
        raise UsageError("no output folder was named; say --output DIR")
    from clearslate.filing.given import Asked

    job = Job(
        run=int(run),
        packet=packet,
        office=office or Path(OFFICE),
        output=output,
        on=on,
        asked=Asked(layout, addresses, language, tuple(text or ()), form, fields, relief),
        to=tuple(to or ()),
        overwrite=overwrite,
        as_json=as_json,
        plain=plain,
    )
    return made(job, way)


def _example(path: Path, *, layout: bool) -> Reply:
    """Write an example beside whatever else is there. Raises OutputError where the file is there already."""
    from clearslate.filing.layouts import example_layout
    from clearslate.filing.office import example_office
    from clearslate.vault.files import write_new

    said = example_layout() if layout else example_office()
    try:
        write_new(path, said.encode("utf-8"))
    except FileExistsError as error:
        raise OutputError(f"[{path}] is there already; name another file, or remove it") from error
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(f"[{path}] cannot be written: {reason}; check the folder and the disk") from error
    what = "how a court's system takes an update" if layout else "who files, before which court, and who is served"
    return Reply(
        f"{path} says {what}, with a comment on each key.\nReplace all of it: it is of the invented state of Oz."
    )
