"""The options that several commands share, spelled once."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
ReformId = Annotated[str | None, typer.Option("--reform", metavar="ID", help="The reform; see `clearslate reforms`.")]
PolicyName = Annotated[
    str | None,
    typer.Option("--policy", metavar="ID|FILE.toml", help="The policy to decide by; the reform's default if not said."),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A parameter: number, true/false, or a list with commas."),
]
County = Annotated[
    str | None,
    typer.Option("--county", metavar="NAME", help="Decide this county's convictions only; case does not matter."),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="The day to decide as of; today if not said.")
]
Format = Annotated[
    str | None, typer.Option("--format", metavar="ID", help="The source format; see `clearslate formats`.")
]
Inputs = Annotated[
    list[str] | None, typer.Option("--input", metavar="FILE", help="A source file; give as many as there are.")
]
MoreInputs = Annotated[list[str] | None, typer.Argument(metavar="FILE", help="Further source files.")]
MappingFile = Annotated[
    str | None,
    typer.Option("--mapping", metavar="FILE.toml", help="What the columns of a table are; see docs/table.md."),
]
Facts = Annotated[
    str | None,
    typer.Option(
        "--facts", metavar="FACTS.csv", help="What a person says of facts that no record states; see docs/facts.md."
    ),
]
Identity = Annotated[
    str | None,
    typer.Option("--identity", metavar="FILE", help="Your age identity file, for input that is encrypted with age."),
]
