"""A law case as the plain values of its TOML file, and the types of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from clearslate.model import PartialDate, SentencePart

SCALARS = frozenset({bool, int, float, str})


def plain(entry: BaseModel) -> dict[str, Any]:
    """The values that the entry's TOML table holds, by key in the schema's order, without those left at the default."""
    made: dict[str, Any] = {}
    for name, key, default in _defaults(type(entry)):
        value = getattr(entry, name)
        if value != default:
            made[key] = _plain(value)
    return made


@cache
def _defaults(model: type[BaseModel]) -> list[tuple[str, str, Any]]:
    """The fields of a table with their keys and defaults; what is required has one that nothing equals."""
    return [
        (name, key_of(name, field), object() if field.is_required() else field.get_default(call_default_factory=True))
        for name, field in model.model_fields.items()
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, SentencePart):
        return spelled(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def spelled(part: SentencePart) -> str:
    """A sentence part as a case writes it, such as ``180 day JAIL``."""
    if part.takes_no_time:
        return "FINE"
    if part.length is None:
        return f"? {part.kind}"
    return " ".join(word for word in (str(part.length), part.unit, part.kind) if word)


def bare(kind: Any) -> Any:
    """A type without ``Annotated`` and without ``| None``."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        rest = [arg for arg in get_args(kind) if arg is not type(None)]
        return bare(rest[0]) if len(rest) == 1 else kind
    return kind


def key_of(name: str, field: FieldInfo) -> str:
    """What the field is called in a file."""
    return field.alias or name


def is_model(kind: Any) -> bool:
    """Whether the type is a table with keys of its own."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def is_scalar(kind: Any) -> bool:
    """Whether the type is several of true or false, a number and text."""
    return get_origin(kind) in (Union, UnionType) and {bare(arg) for arg in get_args(kind)} <= SCALARS


def inside(kind: Any) -> Any:
    """The type of what a list or a table of any keys holds; None for every other type."""
    return bare(get_args(kind)[-1]) if get_origin(kind) in (list, dict) else None
