"""Law cases as TOML text, in the style of the files that people write."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from clearslate.testing.cases import CaseEntry, CaseFile, PersonEntry
from clearslate.testing.sheets.plain import bare, inside, is_model, plain

_WIDTH = 120
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def file_text(entries: Sequence[CaseEntry]) -> str:
    """A whole case file."""
    return "\n".join(case_text(entry) for entry in entries)


def case_text(entry: CaseEntry) -> str:
    """One case, from its ``[[case]]`` to the end of its last line."""
    (name,) = CaseFile.model_fields
    return "\n".join(_table(f"[[{name}]]", (name,), type(entry), plain(entry))) + "\n"


def _table(head: str, path: tuple[str, ...], model: Any, values: Mapping[str, Any]) -> list[str]:
    """A table with its own keys first, then the tables within it."""
    own: list[str] = []
    within: list[str] = []
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for key, value in values.items():
        kind, deeper = bare(fields[key].annotation), (*path, key)
        if is_model(kind):
            within += _table(f"[{'.'.join(deeper)}]", deeper, kind, value)
        elif is_model(inside(kind)) and isinstance(value, list) and _stands_apart(model, key):
            for one in value:
                within += _table(f"[[{'.'.join(deeper)}]]", deeper, inside(kind), one)
        else:
            line = f"{_key(key)} = {_value(value)}"
            if len(line) <= _WIDTH or not is_model(inside(kind)):
                own.append(line)
            elif isinstance(value, list):
                own += [f"{_key(key)} = [", *(f"    {_value(one)}," for one in value), "]"]
            else:
                within.append(f"[{'.'.join(deeper)}]")
                within += [f"{_key(name)} = {_value(one)}" for name, one in value.items()]
    # A table that holds only tables needs no line of its own, and an empty one does.
    return [*([head] if own or not within or head.startswith("[[") else []), *own, *within]


def _stands_apart(model: Any, key: str) -> bool:
    """Whether each entry of the list is a table with a head of its own: the counts of a person."""
    return model is PersonEntry and PersonEntry.model_fields[key].is_required()


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else quoted(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(_value(one) for one in value)}]"
    return repr(value)


def _text(text: str) -> str:
    lines = text.split("\n")
    if len(lines) == 1 or any(not line.isprintable() for line in lines):
        return quoted(text)
    escaped = "\n".join(line.replace("\\", "\\\\").replace('"""', '""\\"') for line in lines)
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    return f'"""\n{escaped}"""'


def quoted(text: str) -> str:
    """The text in quotes on one line, with what is no plain character spelled out."""
    return f'"{"".join(map(_character, text))}"'


def _character(one: str) -> str:
    if one in _SHORT:
        return _SHORT[one]
    if one.isprintable():
        return one
    return f"\\u{ord(one):04x}" if ord(one) < 0x10000 else f"\\U{ord(one):08x}"
