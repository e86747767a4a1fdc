"""Read policy and reform files, and refuse what they may not say with file, key and a suggestion."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from clearslate.errors import PolicyError, did_you_mean
from clearslate.policy.schema import PolicyFile, ReformFile

FileT = TypeVar("FileT", PolicyFile, ReformFile)


class PolicySource(NamedTuple):
    """A policy file as read: its name for messages, and its text, of which the digest is taken."""

    name: str
    text: str


def parse(model: type[FileT], source: PolicySource) -> FileT:
    """Read TOML text by a closed schema; raise PolicyError naming file and key.

    What is read is shared with whoever reads the same text again, and is not to be changed.
    """
    file: FileT = _parsed(model, source)
    return file


@lru_cache(maxsize=64)
def _parsed(model: type[Any], source: PolicySource) -> Any:
    try:
        data = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"policy file [{source.name}] is not TOML: {error}; correct that line") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise PolicyError(f"policy file [{source.name}]: {explain(error, model, data)}") from error


def explain(error: ValidationError, model: type[BaseModel], data: Mapping[str, Any]) -> str:
    """Say in one line which key the first error is about, what is wrong and what was probably meant."""
    errors = error.errors(include_url=False)
    # A misspelled key is often a missing one too; the misspelling says more.
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    loc = tuple(part for part in first["loc"] if not (isinstance(part, str) and part.startswith("function-")))
    where = key_path(loc, data)
    if first["type"] == "extra_forbidden":
        fields = _fields_at(loc[:-1], model)
        return f"unknown key [{where}]{did_you_mean(str(loc[-1]), fields)}"
    if first["type"] == "missing":
        return f"key [{where}] is missing; add it"
    message = first["msg"].removeprefix("Value error, ")
    return f"key [{where}]: {message}" if where else message


def key_path(loc: tuple[int | str, ...], data: Any) -> str:
    """Spell a location as ``rules.crime_free.when.2.cite``: rules by id, other list entries from 1."""
    parts: list[str] = []
    here = data
    for part in loc:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            name = here.get("id") if isinstance(here, dict) else None
            parts.append(name if isinstance(name, str) else str(part + 1))
        else:
            here = here.get(part) if isinstance(here, dict) else None
            parts.append(part)
    return ".".join(parts)


def _fields_at(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    here: Any = model
    for part in loc:
        here = _inside(here, part)
    here = _unwrapped(here)
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []


def _inside(kind: Any, part: int | str) -> Any:
    """The type of a model's field, or of what a list or a table holds."""
    kind = _unwrapped(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return None if field is None else field.annotation
    inner = get_args(kind)
    return inner[-1] if inner else None


def _unwrapped(kind: Any) -> Any:
    """A type without ``Annotated`` and without ``| None``."""
    if get_origin(kind) is Annotated:
        return _unwrapped(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        rest = [arg for arg in get_args(kind) if arg is not type(None)]
        return _unwrapped(rest[0]) if len(rest) == 1 else kind
    return kind


def base_name(path: str) -> str:
    """The last part of a path of either system, for messages that must not show folders."""
    return PurePath(path.replace("\\", "/")).name
