"""Write the pages that are made from the code: command line, predicates, hooks, schema, policies, the README's picture.

``python docs/generate.py`` writes them; with ``--check`` it writes nothing and exits with 1 where one has drifted.
"""

from __future__ import annotations

import contextlib
import csv
import inspect
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from clearslate import hookspecs
from clearslate.ingest.examine import Examiner
from clearslate.ingest.reader import Block, Reading, RecordReader
from clearslate.output.writer import OpenWriter, RunContext, Writer
from clearslate.policy.core_predicates import CORE_PREDICATES
from clearslate.policy.predicate import Predicate
from clearslate.policy.reform import Reform
from clearslate.policy.schema import PolicyFile, ReformFile
from clearslate.registry import load
from clearslate.testing.cases import CaseFile
from clearslate_cli.exits import exit_codes
from clearslate_cli.main import app
from clearslate_cli.main import main as clearslate

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
NOTE = "<!-- Made by docs/generate.py from the code; change it there. -->\n\n"
SAMPLE = "examples/ca_doj_sample.dat"
PICTURED = ("run", "--reform", "ca_prop64", "--input", SAMPLE, "--output", "out", "--as-of", "2026-11-01")
EXCERPT = ("source_row", "statute", "grade", "convicted_on", "outcome", "relief", "rule")
WHY = ("outcome", "relief", "reason", "citations", "missing_facts", "flags")
PICTURE = re.compile(r"(?<=<!-- picture -->\n).*?(?=<!-- end of picture -->)", re.DOTALL)


def cell(text: str) -> str:
    """Give text that stands in one cell of a table."""
    return " ".join(text.replace("|", "\\|").split())


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Give a Markdown table."""
    lines = [f"| {' | '.join(headings)} |", f"| {' | '.join('---' for _ in headings)} |"]
    return "\n".join(lines + [f"| {' | '.join(cell(text) for text in row)} |" for row in rows])


def prose(thing: object) -> str:
    """Give a docstring as Markdown paragraphs."""
    return re.sub(r":[a-z]+:`", "`", inspect.cleandoc(getattr(thing, "__doc__", None) or "").replace("``", "`"))


# The command line ----------------------------------------------------------------------------------


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name, groups before what they hold."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{path} {name}")


def usage(path: str, command: Any) -> str:
    """The command's line of use."""
    parts = [path]
    parts += ["[OPTIONS]"] if any(p.param_type_name == "option" for p in command.params) else []
    parts += [metavar(p) for p in command.params if p.param_type_name == "argument"]
    parts += ["COMMAND …"] if getattr(command, "commands", None) else []
    return " ".join(parts)


def metavar(parameter: Any) -> str:
    """What stands for the parameter's value; nothing for a switch."""
    if getattr(parameter, "is_flag", False):
        return ""
    name = (parameter.metavar or parameter.type.name.upper()).rstrip(".").replace("|", " or ")
    several = f"{name} …" if getattr(parameter, "multiple", False) or parameter.nargs == -1 else name
    optional = parameter.param_type_name == "argument" and not parameter.required
    return f"[{several}]" if optional else several


def parameter_rows(command: Any) -> list[tuple[str, str]]:
    """The command's arguments and options, with what they are."""
    rows = []
    for parameter in command.params:
        spelled = [*parameter.opts, *parameter.secondary_opts] if parameter.param_type_name == "option" else []
        names = ", ".join(spelled)
        words = getattr(parameter, "help", None) or ""
        if parameter.required and parameter.param_type_name == "option":
            words = f"{words} Required."
        rows.append((f"`{' '.join(part for part in (names, metavar(parameter)) if part)}`", words.strip()))
    return rows


def command_line() -> str:
    """The page of the command line."""
    parts = [
        "# The command line",
        "`clearslate COMMAND --help` says the same in the terminal. [Exit codes](exit-codes.md) have their own page.",
    ]
    for path, command in commands(typer.main.get_command(app), "clearslate"):
        parts.append(f"## `{path}`")
        parts.append(inspect.cleandoc(command.help or "").split("\f")[0].replace("``", "`").strip())
        parts.append(f"```\n{usage(path, command)}\n```")
        rows = parameter_rows(command)
        if rows:
            parts.append(table(("argument or option", "what it is"), rows))
        inner = getattr(command, "commands", None)
        if inner:
            parts.append(table(("command", "what it does"), [(f"`{n}`", first_line(c)) for n, c in inner.items()]))
    parts += ["## Exit codes", table(("code", "meaning"), [(str(n), words) for n, words in exit_codes().items()])]
    return "\n\n".join(parts) + "\n"


def first_line(command: Any) -> str:
    """The first sentence of a command's help."""
    return inspect.cleandoc(command.help or "").splitlines()[0]


# Hooks ---------------------------------------------------------------------------------------------

GIVEN = {
    "What a hook gives": (Reform, RecordReader, Writer),
    "What these give in turn": (Reading, Block, OpenWriter),
    "What a writer is told": (RunContext,),
    "What a reader may be beside": (Examiner,),
}


def hooks() -> str:
    """The page of the hooks, and of the protocols of what they give."""
    specs = [(name, spec) for name, spec in vars(hookspecs).items() if name.startswith("clearslate_")]
    parts = [
        "# Hooks",
        "What a plugin implements: a module, named by an entry point of the group `clearslate`, with functions that "
        "are marked `hookimpl`. Each hook is called once a run and may be left out; a plugin has at least one. "
        "[Adding a reform](../plugins.md) shows them in use, [the tutorial](../tutorial.md) from the beginning.",
        "```python\nfrom clearslate.hookspecs import hookimpl\n```",
    ]
    for name, spec in specs:
        gives = str(inspect.signature(spec).return_annotation)
        parts += [f"## `{name}`", prose(spec), f"Gives `{gives}`."]
    for heading, protocols in GIVEN.items():
        parts.append(f"## {heading}")
        for protocol in protocols:
            rows = [(f"`{spelled}`", words) for spelled, words in members(protocol)]
            parts += [f"### `{protocol.__name__}`", prose(protocol), table(("member", "what it is"), rows)]
    return "\n\n".join(parts) + "\n"


def members(protocol: type) -> Iterator[tuple[str, str]]:
    """What a class has, as it is spelled, with what it is."""
    own = getattr(protocol, "__dataclass_fields__", {})
    for name, field in own.items():
        yield f"{name}: {field.type}", ""
    for name, member in vars(protocol).items():
        if name.startswith("_") or name in own:
            continue
        if isinstance(member, property):
            yield f"{name}: {inspect.signature(member.fget or prose).return_annotation}", prose(member)
        elif inspect.isfunction(member):
            signature = str(inspect.signature(member)).replace("(self, ", "(").replace("(self)", "()")
            yield f"{name}{signature.replace(chr(39), '')}", prose(member)


# The schema ----------------------------------------------------------------------------------------

FILES: dict[str, type[BaseModel]] = {
    "The reform: `reform.toml`": ReformFile,
    "A policy: `policies/*.toml`": PolicyFile,
    "Law cases: `tests/cases/*.toml`": CaseFile,
}


class KeySchema(GenerateJsonSchema):
    """The JSON schema of a file's keys; what is read by a function of ours is text."""

    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> dict[str, Any]:
        """Text, as far as the file is concerned."""
        return {"type": "string"}


def entries(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """The tables of a file as the file spells them, the file itself first."""
    yield path, model
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        kinds = getattr(annotation, "__args__", ()) or (annotation,)
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if inner is not None:
            origin = getattr(annotation, "__origin__", None)
            below = ".".join(filter(None, (path.strip("[]"), field.alias or name, "NAME" if origin is dict else "")))
            yield from entries(inner, f"[[{below}]]" if origin is list else f"[{below}]")


def schema() -> str:
    """The page of every key of a file that people write."""
    words = tomllib.loads((DOCS / "schema_words.toml").read_text("utf-8"))
    parts = [
        "# Keys",
        "Every key of the files that lawyers and developers write. A key that is not here is refused, with the file, "
        "the key and the nearest one that exists. [A county's own policy](../policy-files.md) explains a policy in "
        "order, [Predicates](../predicates.md) what a `test` may be; `clearslate new reform NAME` writes both files "
        "with each key in a comment.",
    ]
    seen: dict[str, set[str]] = {}
    for heading, model in FILES.items():
        parts.append(f"## {heading}")
        shown: dict[str, str] = {}
        for path, entry in entries(model):
            name = entry.__name__
            if name in shown:
                continue
            shown[name] = path
            keys = entry.model_json_schema(schema_generator=KeySchema, by_alias=True)
            seen[name] = set(keys.get("properties", {}))
            parts += [f"### `{path}`"] if path else []
            parts += [
                prose(entry),
                table(("key", "takes", "needed", "what it is"), key_rows(keys, words.get(name, {}))),
            ]
    wrong = {name for name in {*words, *seen} if set(words.get(name, ())) != seen.get(name, set())}
    if wrong:
        raise SystemExit(f"docs/schema_words.toml and the schema differ in {sorted(wrong)}")
    return "\n\n".join(parts) + "\n"


def key_rows(keys: Mapping[str, Any], words: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """The keys of a table: name, what it takes, whether it is needed, what it is."""
    rows = []
    for name, field in keys.get("properties", {}).items():
        needed = (
            "yes"
            if name in keys.get("required", ())
            else "no"
            if not field.get("default")
            else f"no: `{json_of(field)}`"
        )
        rows.append((f"`{name}`", takes(field), needed, words.get(name, "")))
    return rows


def json_of(field: Mapping[str, Any]) -> str:
    """The default of a key as the file would spell it."""
    return json.dumps(field["default"])


# Predicates ----------------------------------------------------------------------------------------


def takes(schema: Mapping[str, Any]) -> str:
    """What an argument takes, in words, from its JSON schema."""
    if "$ref" in schema:
        return "a table"
    if "const" in schema:
        return f'always `"{schema["const"]}"`'
    if "enum" in schema:
        return "one of " + ", ".join(f'`"{choice}"`' for choice in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(takes(choice) for choice in schema["anyOf"] if choice.get("type") != "null")
    kind = schema.get("type")
    if kind == "object":
        inner = schema.get("additionalProperties") or next(iter(schema.get("patternProperties", {}).values()), None)
        return f"a table of names, each {takes(inner)}" if isinstance(inner, dict) else "a table"
    if kind == "array":
        return f"a list, each {takes(schema.get('items', {}))}"
    if kind == "boolean":
        return "`true` or `false`"
    if kind == "integer":
        low, high = schema.get("minimum"), schema.get("maximum")
        bounds = f" from {low} to {high}" if high is not None else f", {low} or more" if low is not None else ""
        return f"a whole number{bounds}"
    if kind == "number":
        return "a number"
    if kind == "null":
        return "nothing"
    if schema.get("format") == "date":
        return "a day, `YYYY-MM-DD`"
    return {"^[a-z]": "a name", "^[A-Z]": "a name in capitals"}.get(schema.get("pattern", "")[:6], "text")


def argument_rows(predicate: type[Predicate]) -> list[tuple[str, str, str]]:
    """The predicate's arguments: name, what it takes, whether it is needed."""
    schema = predicate.model_json_schema()
    needed = schema.get("required", [])
    rows = []
    for name, field in schema.get("properties", {}).items():
        default = field.get("default")
        shown = {True: "true", False: "false"}.get(default, default) if isinstance(default, bool) else default
        quoted = f'"{shown}"' if isinstance(shown, str) and not isinstance(default, bool) else shown
        rows.append((f"`{name}`", takes(field), "yes" if name in needed else f"no: `{quoted}`"))
    return rows


def predicate_part(predicate: type[Predicate]) -> str:
    """The section of one predicate."""
    rows = argument_rows(predicate)
    parts = [f"### `{predicate.name}`", prose(predicate)]
    parts.append(table(("argument", "takes", "needed"), rows) if rows else "No arguments.")
    return "\n\n".join(parts)


def own_predicates(reform: Reform) -> list[type[Predicate]]:
    """The predicates that a reform adds to the core's."""
    known: Mapping[str, type[Predicate]] = getattr(reform, "predicates", {})
    return [known[name] for name in sorted(known) if known[name] not in CORE_PREDICATES]


def predicates(reforms: Mapping[str, Reform]) -> str:
    """The page of the predicates: the core's, and those that a reform adds."""
    parts = [
        "# Predicates",
        'What a policy may ask, as `test = { is = "name", … }`. Each is answered yes, no or unknown; a policy that '
        'wants the opposite says `want = "no"`. An argument may be a parameter, `"$name"`.',
        "## The core's",
    ]
    parts += [predicate_part(predicate) for predicate in sorted(CORE_PREDICATES, key=lambda p: p.name)]
    for id, reform in reforms.items():
        own = own_predicates(reform)
        if own:
            parts.append(f"## Added by `{id}`")
            parts += [predicate_part(predicate) for predicate in own]
    return "\n\n".join(parts) + "\n"


# Policies ------------------------------------------------------------------------------------------


def said(*arguments: str) -> str:
    """What a command of ours prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = clearslate(arguments)
    if code:
        raise SystemExit(f"clearslate {' '.join(arguments)} ended with exit code {code}")
    return printed.getvalue()


def switched_off(file: PolicyFile) -> str:
    """The rules that do not stand while their parameter has its default."""
    rows = []
    for rule in file.rules:
        name = (rule.only_if or "$")[1:]
        entry = file.parameters.get(name)
        if entry is not None and (not entry.default or entry.default == entry.off):
            because = re.sub(r"\{(\w+)\}", r"`\1`", rule.because)
            rows.append((f"`{rule.id}`", f"`{name}`", ": ".join(filter(None, (rule.then, rule.relief))), because))
    if not rows:
        return ""
    head = "\n## Rules that are off by default\n\nEach stands, in the file's order, once its parameter is on.\n\n"
    return head + table(("Rule", "Parameter", "Then", "Because"), rows) + "\n"


def policy_pages(reforms: Mapping[str, Reform]) -> Iterator[tuple[str, str]]:
    """A page for each policy, and one that lists them."""
    parts = ["# The policies"]
    for id, reform in reforms.items():
        about = reform.about
        parts.append(f"## `{id}`: {about.title}")
        parts.append(f"{about.jurisdiction}. {about.statute}.")
        parts.append(cell(about.summary))
        reliefs = [(f"`{r.id}`", r.title, r.effect) for r in about.reliefs]
        parts += ["Reliefs, from the least to the most:", table(("relief", "title", "effect"), reliefs)]
        rows = []
        for name, source in reform.policies().items():
            file = reform.read_policy(source)
            default = " (default)" if name == about.default_policy else ""
            rows.append((f"[`{name}`]({id}/{name}.md){default}", file.county or "any", file.title))
            text = said("policies", "show", name, "--reform", id, "--markdown")
            yield f"policies/{id}/{name}.md", text.rstrip("\n") + "\n" + switched_off(file)
        parts.append(table(("policy", "county", "title"), rows))
    yield "policies/index.md", "\n\n".join(parts) + "\n"


# The README's picture ------------------------------------------------------------------------------


def picture() -> str:
    """What the main command prints on the sample, and some of what it writes, as Markdown."""
    with tempfile.TemporaryDirectory(prefix="clearslate-docs-") as folder:
        work = Path(folder)
        (work / SAMPLE).parent.mkdir(parents=True)
        shutil.copyfile(ROOT / SAMPLE, work / SAMPLE)
        done = subprocess.run(
            [sys.executable, "-m", "clearslate_cli", *PICTURED],
            cwd=work,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=True,
        )
        with (work / "out" / "determinations.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    # The first row of each rule, in the order of the file, up to eight.
    chosen = sorted({row["rule"]: row for row in reversed(rows)}.values(), key=rows.index)[:8]
    excerpt = "\n".join(",".join(line) for line in [EXCERPT, *([row[name] for name in EXCERPT] for row in chosen)])
    certain = next(row for row in rows if row["outcome"] == "eligible" and row["missing_facts"])
    why = "\n".join(
        textwrap.fill(f"{name:<15}{certain[name]}", 80, subsequent_indent=" " * 15, break_on_hyphens=False)
        for name in WHY
    )
    command = textwrap.fill(f"$ clearslate {' '.join(PICTURED)}", 78, subsequent_indent="    ", break_on_hyphens=False)
    return (
        f"```\n{command.replace(chr(10), f' {chr(92)}{chr(10)}')}\n{done.stdout.rstrip()}\n```\n\n"
        f"Some rows of `out/determinations.csv`, not all columns:\n\n```\n{excerpt}\n```\n\n"
        f"And what it says of row {certain['source_row']}:\n\n```\n{why}\n```\n"
    )


# Writing and checking ------------------------------------------------------------------------------


def pages() -> dict[Path, str]:
    """Every generated file with the text that it should have."""
    reforms = load().reforms
    made = {
        "command-line.md": command_line(),
        "predicates.md": predicates(reforms),
        "reference/hooks.md": hooks(),
        "reference/schema.md": schema(),
        **dict(policy_pages(reforms)),
    }
    texts = {DOCS / name: NOTE + text for name, text in made.items()}
    readme = ROOT / "README.md"
    shown = picture()
    texts[readme] = PICTURE.sub(lambda _: shown, readme.read_text("utf-8"))
    return texts


def drifted(texts: Mapping[Path, str]) -> list[str]:
    """The files that differ from what they should be, and pages of policies that are no more."""
    wrong = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
    stale = [path for path in (DOCS / "policies").rglob("*.md") if path not in texts]
    return [path.relative_to(ROOT).as_posix() for path in [*wrong, *stale]]


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` say which have drifted."""
    texts = pages()
    if "--check" in arguments:
        wrong = drifted(texts)
        if wrong:
            print(f"drifted from the code: {', '.join(wrong)}; run tox -e regenerate", file=sys.stderr)
        return 1 if wrong else 0
    for stale in set((DOCS / "policies").rglob("*.md")) - set(texts):
        stale.unlink()
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
