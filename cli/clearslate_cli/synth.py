"""Invented records in a source format, with the key of what was planted in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from clearslate.errors import OutputError, UsageError
from clearslate_cli import catalog, page, signals
from clearslate_cli.reply import Reply


def synth(
    format: Annotated[str, typer.Argument(metavar="FORMAT", help="The source format, such as ca_doj.")],
    people: Annotated[int, typer.Option("--people", metavar="N", help="How many persons.")],
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same seed gives the same file.")],
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The file to write; it must not exist.")],
    county: Annotated[
        str | None, typer.Option("--county", metavar="NAME", help="The county most convictions are of.")
    ] = None,
    no_damage: Annotated[bool, typer.Option("--no-damage", help="Leave out damaged and odd rows.")] = False,
) -> Reply:
    """Write a realistic file of invented people.

    FILE.key.csv beside it holds the facts that were planted."""
    from tempfile import TemporaryDirectory

    reader: Any = catalog.find_reader(catalog.registry(), format)
    if not hasattr(reader, "synthesize"):
        raise UsageError(f"format [{reader.id}] cannot be synthesized; its plugin makes no invented records")
    if people < 1:
        raise UsageError(f"--people takes a number from 1; [{people}] was given")
    key = output.with_name(f"{output.name}.key.csv")
    for file in (output, key):
        if file.exists():
            raise OutputError(f"file [{file.name}] is there already; remove it or name another --output")
    wanted: dict[str, Any] = {} if county is None else {"county": county}
    signals.unwind()
    try:
        # In a folder of its own first, so that a full disk or Ctrl-C leaves no file that looks finished.
        with TemporaryDirectory(prefix=f".{output.name}.partial-", dir=output.parent) as staging:
            made = Path(staging, output.name)
            reader.synthesize(made, people=people, seed=seed, damage=not no_damage, **wanted)
            # The key, and the other files of a format that comes in several.
            beside = sorted(file.name for file in Path(staging).iterdir() if file != made)
            for name in beside:
                if output.with_name(name).exists():
                    raise OutputError(f"file [{name}] is there already; remove it or name another --output")
            for name in beside:
                made.with_name(name).rename(output.with_name(name))
            made.rename(output)
    except OSError as error:
        raise OutputError(f"file [{output.name}] cannot be written; check folder and disk") from error
    rows = [("people", f"{people:,}"), ("file", str(output))]
    rows += [("key" if name == key.name else "file", str(output.with_name(name))) for name in reversed(beside)]
    return Reply(page.table(("", ""), rows, fixed=(0,)), made=f"the file is in [{output}]")
