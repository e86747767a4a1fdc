"""A TOML file that the office writes: read, checked by its schema, refused with file and key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError

from clearslate.errors import UsageError
from clearslate.policy.load import base_name, explain

LARGEST = 4 << 20
"""Bytes above which a file is none that a person wrote."""

Model = TypeVar("Model", bound=BaseModel)


def _one_line(text: str) -> str:
    if any(ord(sign) < 32 or 127 <= ord(sign) < 160 or sign in "\u2028\u2029" for sign in text):
        raise ValueError("is one line of text; take out line breaks, tabs and signs that do not print")
    return text


def _email(text: str) -> str:
    name, at, host = text.partition("@")
    if not (name and at and "." in host) or "@" in host or any(sign.isspace() for sign in text):
        raise ValueError("is an e-mail address such as clerk@example.org")
    return text


Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True), AfterValidator(_one_line)]
"""One line of text that is not blank."""

Email = Annotated[Line, AfterValidator(_email)]
"""An e-mail address."""


def read_text(path: Path, kind: str) -> str:
    """The text of a file, with plain line ends. Raises UsageError, which names the ``kind`` of file."""
    name = base_name(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"{kind} [{name}] cannot be read; check the path, and that it is text in UTF-8") from error
    if len(data) > LARGEST:
        raise UsageError(f"{kind} [{name}] is too large to be one; name a file in TOML")
    return text.replace("\r\n", "\n")


def parse(model: type[Model], text: str, name: str, kind: str) -> Model:
    """Check TOML text by a closed schema. Raises UsageError naming file and key."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{kind} [{name}] is not TOML: {error}; correct that line") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise UsageError(f"{kind} [{name}]: {explain(error, model, data)}") from error
