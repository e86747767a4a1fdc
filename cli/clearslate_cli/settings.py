"""The settings of a run: ``clearslate.toml`` in the working folder, and the command line over it."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from clearslate.errors import UsageError

FILE = "clearslate.toml"


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_day(value: Any) -> Any:
    return read_day(value) if isinstance(value, str) else value


def _as_typed(value: Any) -> Any:
    """Parameters as the command line would spell them, whatever type TOML gave them."""
    if not isinstance(value, Mapping):
        return value
    return {name: _spelled(setting) for name, setting in value.items()}


def _spelled(setting: Any) -> Any:
    if isinstance(setting, bool):
        return "true" if setting else "false"
    if isinstance(setting, int):
        return str(setting)
    if isinstance(setting, list):
        return ",".join(str(_spelled(item)) for item in setting)
    return setting


def read_day(text: str) -> dt.date:
    """Read ``YYYY-MM-DD`` and nothing else; raise ValueError saying so."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(f"a day is written YYYY-MM-DD, such as 2026-01-31; [{text}] was given")
    return day


class RunTable(BaseModel):
    """What ``run`` is asked to do; the fields are the options, and None is not said."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    reform: str | None = None
    policy: str | None = None
    parameters: Annotated[dict[str, str], BeforeValidator(_as_typed)] = Field(default_factory=dict, alias="set")
    county: str | None = None
    as_of: Annotated[dt.date | None, BeforeValidator(_as_day)] = None
    format: str | None = None
    mapping: str | None = None
    inputs: Annotated[list[str], BeforeValidator(_several)] = Field(default_factory=list, alias="input")
    output: str | None = None
    facts: str | None = None
    identity: str | None = None
    overwrite: bool = False
    strict: bool = False
    as_json: bool = Field(default=False, alias="json")
    plain: bool = False
    quiet: bool = False

    _notes: tuple[str, ...] = PrivateAttr(default=())

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how the settings were put together."""
        return self._notes

    @property
    def files(self) -> list[Path]:
        """The source files; raise UsageError where none was named."""
        if not self.inputs:
            raise UsageError(f"no source file was named; say --input FILE, or input = in {FILE}")
        return [Path(name) for name in self.inputs]


def _read_file() -> dict[str, Any]:
    """What the settings file says; an empty table where there is none. A mark at its begin is no part of it."""
    file = Path(FILE)
    if not os.path.lexists(file):
        return {}
    if not file.is_file():
        # A link that leads nowhere would otherwise be as good as no file.
        raise UsageError(f"settings file [{FILE}] is no file, or a link to none; put the file there or remove it")
    return tomllib.loads(file.read_bytes().decode("utf-8-sig"))


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(extra="forbid", strict=True)

    run: RunTable = Field(default_factory=RunTable)
    # Read by whoever opens the vault, and checked there: looking somebody up must not wait for pydantic.
    vault: dict[str, Any] = Field(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment is left out: a run must not depend on what nobody sees.
        return init_settings, InitSettingsSource(settings_cls, _read_file())


def read_settings(**said: Any) -> RunTable:
    """The run table with what the command line ``said`` over what the file says.

    A None in ``said`` was not said. Raises UsageError naming the file and the key.
    """
    over = {name: value for name, value in said.items() if value is not None}
    try:
        # The file by itself first, so that a mistake in it is found whatever the command line says.
        settings = _Settings()
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"settings file [{FILE}] is not TOML: {error}; correct that line") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"settings file [{FILE}] cannot be read; check that it is a text file of yours") from error
    except ValidationError as error:
        raise UsageError(f"settings file [{FILE}]: {_explained(error)}") from error
    if not over:
        return settings.run
    try:
        read = _Settings(run=over).run  # type: ignore[arg-type] # the sources are merged before they are checked
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        option = str(first["loc"][1]).replace("_", "-")
        raise UsageError(f"--{option}: {first['msg'].removeprefix('Value error, ')}") from error
    return _with_own_parameters(read, settings.run, over.get("set", {}))


def _with_own_parameters(read: RunTable, file: RunTable, typed: Mapping[str, str]) -> RunTable:
    """The table without the file's parameters where these are of another policy than the one typed."""
    same = file.reform in (None, read.reform) and (file.policy is None or _policy(file) == _policy(read))
    if same or not file.parameters:
        return read
    read = read.model_copy(update={"parameters": dict(typed)})
    read._notes = (
        f"[run.set] of [{FILE}] is for policy [{file.policy or 'of its reform'}] and is not applied; "
        "say --set NAME=VALUE for the policy named on the command line",
    )
    return read


def _policy(table: RunTable) -> str | None:
    """The policy's id, or where its file is."""
    name = table.policy
    return os.path.abspath(name) if name is not None and name.endswith(".toml") else name  # noqa: PTH100 (a link stays)


def read_parameters(settings: Iterable[str]) -> dict[str, str]:
    """Read each ``NAME=VALUE``; raise UsageError for one without a name or twice the same."""
    read: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals or not name:
            raise UsageError(f"--set takes NAME=VALUE; [{setting}] was given")
        if name in read:
            raise UsageError(f"--set gives [{name}] twice; give it once")
        read[name] = value.strip()
    return read


def _explained(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    loc = [str(part) for part in first["loc"]]
    key = ".".join(loc)
    if first["type"] == "extra_forbidden":
        return f"unknown key [{key}]{_meant(loc)}"
    message = first["msg"].removeprefix("Value error, ")
    return f"key [{key}]: {message[:1].lower()}{message[1:]}"


def _meant(loc: list[str]) -> str:
    """The key that was probably meant, in full; a key at the top may belong in the table."""
    fields = [field.alias or name for name, field in RunTable.model_fields.items()]
    near = difflib.get_close_matches(loc[-1].lower().replace("-", "_"), fields, n=1)
    if near:
        return f"; did you mean [run.{near[0]}]?"
    return f"; known: [run] with {', '.join(sorted(fields))}"
