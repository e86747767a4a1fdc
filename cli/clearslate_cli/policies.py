"""The policies of a reform: listed, shown as a lawyer reads them, and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import UsageError
from clearslate_cli import catalog, page
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clearslate.policy.policy import Ground, Policy, Rule
    from clearslate.policy.reform import Reform
    from clearslate.policy.schema import ParameterEntry, ParameterValue, PolicyFile

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
        for name, source in one.policies().items():
            file = one.read_policy(source)
            rows.append(
                {
                    "reform": one.about.id,
                    "policy": name,
                    "title": file.title,
                    "county": file.county,
                    "default": name == one.about.default_policy,
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
    markdown: Annotated[bool, typer.Option("--markdown", help="Write Markdown, as in the documentation.")] = False,
    as_json: AsJson = False,
) -> Reply:
    """Show a policy: its rules in order, in words, with what each decides and the citations."""
    from clearslate_cli.settings import read_parameters

    known = catalog.registry()
    owner = _owner(known.reforms.values(), policy) if reform is None else known.reform(reform)
    source = owner.find(policy)
    file = owner.read_policy(source)
    bound = owner.bind(source, read_parameters(settings or ()))
    if as_json:
        return Reply(page.as_json(described(owner, file, bound)))
    return Reply(_markdown(owner, file, bound) if markdown else _text(owner, file, bound))


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
    return Reply(
        f"[{source.name}] is a policy of reform [{read.reform}]: {page.counted(len(read.rules), 'rule')}, "
        f"{page.counted(len(read.parameters), 'parameter')}, no problem found."
    )


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


def described(reform: Reform, file: PolicyFile, policy: Policy) -> dict[str, Any]:
    """The policy as plain values, rules in order."""
    return {
        "reform": reform.about.id,
        "policy": policy.id,
        "title": policy.title,
        "summary": file.summary,
        "county": policy.county,
        "in_force": file.in_force.isoformat(),
        "reviewed_on": file.reviewed_on.isoformat(),
        "source": file.source,
        "digest": policy.digest,
        "parameters": {
            name: {
                "title": entry.title,
                "value": policy.parameters[name],
                "default": entry.default,
                "takes": takes(entry),
            }
            for name, entry in policy.parameter_entries.items()
        },
        "scope": [{"when": ground.words, "cite": ground.cite} for ground in policy.scope],
        "rules": [
            {
                "id": rule.id,
                "of": "reform" if rule.opening else "policy",
                "when": [{"when": ground.words, "cite": ground.cite} for ground in rule.grounds],
                "outcome": rule.decision.outcome.value,
                "relief": rule.decision.relief,
                "refer_to": rule.decision.refer_to,
                "because": rule.because,
                "citations": list(rule.citations),
            }
            for rule in policy.rules
        ],
        "switched_off": [{"rule": rule, "parameter": name} for rule, name in _switched_off(reform, file, policy)],
        "flags": [{"id": flag.id, "when": flag.ground.words, "cite": flag.ground.cite} for flag in policy.flags],
    }


def takes(entry: ParameterEntry) -> str:
    """What a parameter may be set to, in words."""
    if isinstance(entry.default, bool):
        return "true or false"
    if isinstance(entry.default, list):
        return f"any of {', '.join(entry.choices or ())}"
    low, high = entry.minimum, entry.maximum
    if low is not None and high is not None:
        words = f"{low} to {high}"
    elif low is not None:
        words = f"{low} or more"
    elif high is not None:
        words = f"{high} or less"
    else:
        words = "a whole number"
    return words if entry.off is None else f"{words}; {entry.off} is off"


def spoken(value: ParameterValue) -> str:
    """A parameter's value as ``--set`` takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)


def shown(value: ParameterValue) -> str:
    """A parameter's value as a person reads it: an empty list is ``none``."""
    return spoken(value) or "none"


def _heading(reform: Reform, file: PolicyFile, policy: Policy) -> Iterator[tuple[str, str]]:
    yield "reform", f"{reform.about.id}: {reform.about.title}"
    yield "county", policy.county or "any"
    yield "in force", f"{file.in_force}, reviewed on {file.reviewed_on}"
    yield "source", file.source
    yield "digest", policy.digest


def _text(reform: Reform, file: PolicyFile, policy: Policy) -> str:
    parts = [
        page.wrapped(f"{policy.id}: {policy.title}"),
        page.wrapped(file.summary),
        page.table(("", ""), list(_heading(reform, file, policy)), fixed=(0,)),
    ]
    if policy.parameters:
        rows = [
            (name, shown(policy.parameters[name]), takes(entry), entry.title)
            for name, entry in policy.parameter_entries.items()
        ]
        parts += ["PARAMETERS", page.table(("Name", "Value", "Takes", "What it is"), rows, fixed=(0,))]
    parts += ["SCOPE: a count is in scope when any of these holds"]
    parts += ["\n".join(_condition(ground, "  - ") for ground in policy.scope)]
    parts += ["RULES: tried in this order; the first whose conditions all hold decides"]
    parts += [_rule_text(number, rule) for number, rule in enumerate(policy.rules, 1)]
    if off := _switched_off(reform, file, policy):
        parts += ["SWITCHED OFF: rules that stand only while their parameter is on"]
        parts += ["\n".join(page.wrapped(f"{rule} (parameter {name})", "  - ", "    ") for rule, name in off)]
    if policy.flags:
        parts += ["FLAGS: reported, never decided on"]
        parts += ["\n".join(f"  {flag.id}\n{_condition(flag.ground, '    - ')}" for flag in policy.flags)]
    return "\n\n".join(parts)


def _switched_off(reform: Reform, file: PolicyFile, policy: Policy) -> list[tuple[str, str]]:
    """The rules of the files that the parameters leave out, each with its parameter."""
    standing = {rule.id for rule in policy.rules}
    entries = [*reform.about.rules, *file.rules]
    return [(rule.id, (rule.only_if or "").lstrip("$")) for rule in entries if rule.id not in standing]


def _condition(ground: Ground, bullet: str) -> str:
    pad = " " * len(bullet)
    return f"{page.wrapped(ground.words, bullet, pad)}\n{page.wrapped(f'[{ground.cite}]', pad)}"


def _rule_text(number: int, rule: Rule) -> str:
    lines = [page.wrapped(f"{number:>2}. {rule.id} -> {rule.decision}", "", "      ")]
    if rule.opening:
        lines.append("    (the reform's own rule, before every policy)")
    lines.append(page.wrapped(rule.because, "    "))
    if rule.grounds:
        lines.append("    when" if len(rule.grounds) == 1 else "    when all of these hold")
        lines += [_condition(ground, "      - ") for ground in rule.grounds]
    else:
        lines.append("    in every other case")
    if rule.cite is not None:
        lines.append(page.wrapped(f"[{rule.cite}]", "    "))
    return "\n".join(lines)


def _markdown(reform: Reform, file: PolicyFile, policy: Policy) -> str:
    lines = [f"# {_cell(policy.title)}", "", _cell(file.summary), ""]
    lines += _grid(("", ""), [(name, value) for name, value in _heading(reform, file, policy)])
    if policy.parameters:
        lines += ["", "## Parameters", ""]
        lines += _grid(
            ("Parameter", "Value", "Takes", "What it is"),
            [
                (f"`{name}`", spoken(policy.parameters[name]) or "(none)", takes(entry), entry.title)
                for name, entry in policy.parameter_entries.items()
            ],
        )
    lines += ["", "## Scope", "", "A count is in scope when any of these holds.", ""]
    lines += _grid(("Condition", "Citation"), [(ground.words, ground.cite) for ground in policy.scope])
    lines += ["", "## Rules", "", "Tried in this order; the first whose conditions all hold decides.", ""]
    lines += _grid(
        ("", "Rule", "When all of these hold", "Then", "Because"),
        [
            (
                str(number),
                f"`{rule.id}`" + (" (of the reform)" if rule.opening else ""),
                "<br>".join(
                    [f"{_cell(g.words)} ({_cell(g.cite)})" for g in rule.grounds]
                    or [f"in every other case ({_cell(rule.cite or '')})"]
                ),
                str(rule.decision),
                rule.because,
            )
            for number, rule in enumerate(policy.rules, 1)
        ],
    )
    if off := _switched_off(reform, file, policy):
        lines += ["", "## Switched off", "", "Rules that stand only while their parameter is on.", ""]
        lines += _grid(("Rule", "Parameter"), [(f"`{rule}`", f"`{name}`") for rule, name in off])
    if policy.flags:
        lines += ["", "## Flags", "", "Reported, never decided on.", ""]
        lines += _grid(
            ("Flag", "When", "Citation"), [(f"`{f.id}`", f.ground.words, f.ground.cite) for f in policy.flags]
        )
    return "\n".join(lines)


def _grid(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    made = [f"| {' | '.join(headings)} |", f"|{' --- |' * len(headings)}"]
    return made + [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
