"""The policies of a reform: listed, shown as a lawyer reads them, and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import UsageError
from clearslate_cli import catalog, page, policy_page
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from clearslate.policy.reform import Reform

app = typer.Typer(help="List, show and check policies.", rich_markup_mode=None, no_args_is_help=False)


@app.callback(invoke_without_command=True)
def policies(context: typer.Context) -> Reply | None:
    """List, show and check policies."""
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=2)
    return None


@app.command("list")
def list_policies(
    reform: Annotated[str | None, typer.Option("--reform", metavar="ID", help="Only this reform's.")] = None,
    as_json: AsJson = False,
) -> Reply:
    """List the policies of one reform, or of all."""
    known = catalog.registry()
    chosen = list(known.reforms.values()) if reform is None else [known.reform(reform)]
    rows: list[dict[str, Any]] = []
    for one in chosen:
        standing = one.find(one.about.default_policy, _day(None))
        for name, source in one.policies().items():
            file = one.read_policy(source)
            rows.append(
                {
                    "reform": one.about.id,
                    "policy": name,
                    "title": file.title,
                    "county": file.county,
                    "default": source == standing,
                    "reviewed_on": file.reviewed_on.isoformat(),
                }
            )
    if as_json:
        return Reply(page.as_json(rows))
    parts = []
    for one in chosen:
        own = [row for row in rows if row["reform"] == one.about.id]
        cells = [(f"{r['policy']}{' (default)' * r['default']}", r["county"] or "any", r["title"]) for r in own]
        parts.append(f"{one.about.id}\n\n{page.table(('Policy', 'County', 'Title'), cells, fixed=(0,))}")
    return Reply("\n\n".join(parts))


@app.command("show")
def show(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="A policy's id, or a FILE.toml.")],
    reform: Annotated[str | None, typer.Option("--reform", metavar="ID", help="The reform it belongs to.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Show it with a parameter set.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="YYYY-MM-DD", help="Of dated versions, the one of this day; today if not said."
        ),
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write Markdown, as in the documentation.")] = False,
    as_json: AsJson = False,
) -> Reply:
    """Show a policy: its rules in order, in words, with what each decides and the citations."""
    from clearslate_cli.settings import read_parameters

    known = catalog.registry()
    owner = _owner(known.reforms.values(), policy) if reform is None else known.reform(reform)
    source = owner.find(policy, _day(as_of))
    file = owner.read_policy(source)
    bound = owner.bind(source, read_parameters(settings or ()))
    if as_json:
        return Reply(page.as_json(policy_page.described(owner, file, bound)))
    return Reply((policy_page.markdown if markdown else policy_page.text)(owner, file, bound))


@app.command("check")
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The policy file to check.")],
    reform: Annotated[str | None, typer.Option("--reform", metavar="ID", help="The reform it is for.")] = None,
) -> Reply:
    """Check a policy file: its keys, predicates, parameters and reliefs."""
    known = catalog.registry()
    if not file.lower().endswith(".toml"):
        raise UsageError(f"a policy file's name ends in .toml; [{_base(file)}] was given")
    # Any reform can open the file; whose it is, the file says.
    opener = known.reform(reform) if reform is not None else next(iter(known.reforms.values()), None)
    if opener is None:
        raise UsageError("no plugin with a reform is installed")
    source = opener.find(file)
    owner = opener if reform is not None else known.reforms.get(_reform_named(source.text), opener)
    read = owner.read_policy(source)
    rules = len(read.rules) + sum(len(route.rules) for route in read.routes)
    return Reply(
        f"[{source.name}] is a policy of reform [{read.reform}]: {page.counted(rules, 'rule')}, "
        f"{page.counted(len(read.parameters), 'parameter')}, no problem found."
    )


def _day(text: str | None) -> dt.date:
    from clearslate_cli.clock import today
    from clearslate_cli.settings import read_day

    if text is None:
        return today()
    try:
        return read_day(text)
    except ValueError as error:
        raise UsageError(f"--as-of: {error}") from error


def _base(name: str) -> str:
    from clearslate.policy.load import base_name

    return base_name(name)


def _reform_named(text: str) -> str:
    import tomllib

    try:
        named = tomllib.loads(text).get("reform")
    except tomllib.TOMLDecodeError:
        return ""
    return named if isinstance(named, str) else ""


def _owner(reforms: Any, policy: str) -> Reform:
    """The only reform with such a policy, or the only reform; raise UsageError otherwise."""
    known: Sequence[Reform] = list(reforms)
    having = [one for one in known if policy in one.policies()] or known
    if len(having) != 1:
        ids = ", ".join(one.about.id for one in having)
        raise UsageError(f"several reforms could have policy [{policy}]; say --reform ID; known: {ids}")
    return having[0]
