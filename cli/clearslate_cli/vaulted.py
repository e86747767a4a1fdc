"""The vault that a command works in: which one, opened with which key, and who is at work."""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import KeyRefusedError, UsageError, did_you_mean
from clearslate_cli import clock
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    from clearslate.vault.audit import Actor, Event
    from clearslate.vault.secrets import Secret
    from clearslate.vault.vault import Operation, Vault

SETTINGS = "clearslate.toml"
_KNOWN = {"folder": str, "key_file": str, "keyring": bool, "passphrase": bool, "anchor": str, "identity": str}

VaultFolder = Annotated[
    str | None, typer.Option("--vault", metavar="DIR", help="The vault's folder; else [vault] of clearslate.toml.")
]
KeyFileOption = Annotated[
    str | None, typer.Option("--key-file", metavar="FILE", help="The key file; else [vault] of clearslate.toml.")
]
PassphraseFile = Annotated[
    str | None,
    typer.Option("--passphrase-file", metavar="FILE", help="Open with the passphrase in this file; - is stdin."),
]
AskPassphrase = Annotated[bool, typer.Option("--passphrase", help="Open with a passphrase, asked on the terminal.")]
UseKeyring = Annotated[bool, typer.Option("--keyring", help="Open with the key in the system's key store.")]
AnchorOption = Annotated[
    str | None,
    typer.Option("--anchor", metavar="TEXT|FILE", help="Refuse a vault that is older than this anchor."),
]


@dataclass(frozen=True, slots=True)
class Way:
    """Which vault to open, and how. What is not said stands in the settings file."""

    folder: str | None = None
    key_file: str | None = None
    passphrase_file: str | None = None
    passphrase: bool = False
    keyring: bool = False
    anchor: str | None = None

    @property
    def found(self) -> bool:
        """Whether a vault is named, here or in the settings file."""
        return self.folder is not None or "folder" in vault_settings()

    @property
    def path(self) -> Path:
        """The vault's folder. Raises UsageError where none is named."""
        folder = self.folder if self.folder is not None else vault_settings().get("folder")
        if folder is None:
            raise UsageError(
                f"no vault was named: there is no [vault] in a {SETTINGS} here; go to the project's folder, say "
                "--vault DIR, or make a project: clearslate init"
            )
        return Path(folder)


_OPTIONS: tuple[tuple[str, Any, Any], ...] = (
    ("folder", VaultFolder, None),
    ("key_file", KeyFileOption, None),
    ("passphrase_file", PassphraseFile, None),
    ("passphrase", AskPassphrase, False),
    ("keyring", UseKeyring, False),
    ("anchor", AnchorOption, None),
)
"""The fields of a Way, each with its option and what it is where nobody says it."""


def on_vault(command: Callable[..., Reply]) -> Callable[..., Reply]:
    """Give a command the options that say which vault and which key; they reach it as its argument ``way``."""
    own = inspect.signature(command, eval_str=True)
    parameters = [parameter for parameter in own.parameters.values() if parameter.name != "way"]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, annotation, default in _OPTIONS
    ]

    @functools.wraps(command)
    def spelled(**said: Any) -> Reply:
        way = Way(**{name: said.pop(name) for name, _, _ in _OPTIONS})
        return command(**said, way=way)

    # What typer reads the options from.
    spelled.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    spelled.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return spelled


def vault_settings() -> dict[str, Any]:
    """The table [vault] of the settings file, empty where there is none. Raises UsageError."""
    file = Path(SETTINGS)
    if not file.is_file():
        return {}
    import tomllib

    try:
        table = tomllib.loads(file.read_bytes().decode("utf-8-sig")).get("vault", {})
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"settings file [{SETTINGS}] is not TOML: {error}; correct that line") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"settings file [{SETTINGS}] cannot be read; check that it is a text file of yours") from error
    if not isinstance(table, dict):
        raise UsageError(f"settings file [{SETTINGS}]: [vault] is a table")
    for name, value in table.items():
        wanted = _KNOWN.get(name)
        if wanted is None:
            raise UsageError(f"settings file [{SETTINGS}]: unknown key [vault.{name}]{did_you_mean(name, _KNOWN)}")
        if type(value) is not wanted:
            raise UsageError(
                f"settings file [{SETTINGS}]: key [vault.{name}] takes {'text' if wanted is str else 'true or false'}"
            )
    return dict(table)


def actor() -> Actor:
    """Who is at work, on which machine, with which program."""
    import platform

    from cryptography.hazmat.backends.openssl import backend

    from clearslate import __version__
    from clearslate.vault.audit import Actor

    return Actor(_who(), platform.node(), f"clearslate {__version__}, {backend.openssl_version_text()}", clock.moment)


def _who() -> str:
    # The account that the system knows, not what a variable of the environment says.
    with contextlib.suppress(ImportError, KeyError, OSError):
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    with contextlib.suppress(OSError):
        return os.getlogin()
    return "unknown"


def read_passphrase(file: str | None, prompt: str = "Passphrase: ", *, twice: bool = False) -> str:
    """The passphrase in the first line of a file, of standard input (``-``), or asked on the terminal."""
    if file == "-":
        text = sys.stdin.readline()
    elif file is not None:
        try:
            with Path(file).open(encoding="utf-8") as stream:
                status = os.fstat(stream.fileno())
                text = stream.readline()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyRefusedError(f"passphrase file [{file}] cannot be read; check the path") from error
        if os.name == "posix" and stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) & 0o077:
            raise KeyRefusedError(f"passphrase file [{file}] lies open to others; close it first: chmod 600 {file}")
    else:
        text = _asked(prompt)
        if twice and _asked("The same again: ") != text:
            raise KeyRefusedError("the two passphrases differ; nothing was done, run the command again")
    text = text.rstrip("\r\n")
    if not text:
        raise KeyRefusedError("no passphrase was given; give one on the terminal, or with --passphrase-file")
    return text


def _asked(prompt: str) -> str:
    import getpass
    import warnings

    if not sys.stdin.isatty():
        raise KeyRefusedError(
            "there is no terminal to ask for the passphrase; say --passphrase-file FILE, or - for stdin"
        )
    with warnings.catch_warnings():
        # Where the terminal cannot hide what is typed, nothing is asked.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt, sys.stderr)
        except (getpass.GetPassWarning, EOFError) as error:
            raise KeyRefusedError("the passphrase could not be asked in secret; use --passphrase-file") from error


def secrets(way: Way) -> tuple[Secret, ...]:
    """What may open the vault, in the order to try. Raises KeyRefusedError or UsageError."""
    from clearslate.vault.secrets import Keyring, Passphrase
    from clearslate.vault.vault import unlocked_file

    said = [way.key_file is not None, way.passphrase_file is not None or way.passphrase, way.keyring]
    if sum(said) > 1:
        raise UsageError("say one of --key-file, --passphrase, --passphrase-file and --keyring")
    settings = vault_settings() if not any(said) else {}
    if way.key_file is not None or "key_file" in settings:
        return unlocked_file(Path(way.key_file or settings["key_file"]))
    if said[1] or settings.get("passphrase"):
        return (Passphrase(read_passphrase(way.passphrase_file)),)
    if way.keyring or settings.get("keyring"):
        return (Keyring(),)
    raise UsageError("no key was named; say --key-file FILE, --passphrase or --keyring")


def open_vault(way: Way) -> Vault:
    """Open the vault. Raises what opening raises, and one error for every key that is wrong."""
    from clearslate.vault.anchor import Anchor
    from clearslate.vault.vault import Vault
    from clearslate_cli import process

    process.close_memory()
    text = way.anchor if way.anchor is not None else vault_settings().get("anchor")
    anchor = None if text is None else Anchor.read(_text_or_file(text))
    folder, tries = way.path, secrets(way)
    for place, secret in enumerate(tries, 1):
        try:
            return Vault.open(folder, secret, actor(), anchor=anchor)
        except KeyRefusedError:
            if place == len(tries):
                raise
    raise AssertionError("there is a key to try")


def _text_or_file(text: str) -> str:
    if text.startswith("clearslate-anchor-"):
        return text
    try:
        return Path(text).read_text("utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"anchor file [{text}] cannot be read; name the file, or give the anchor's line") from error


@contextlib.contextmanager
def at_work(way: Way, event: Event) -> Iterator[tuple[Vault, Operation]]:
    """The vault opened for one operation, which is written down before and after."""
    with open_vault(way) as vault, vault.operation(event) as operation:
        yield vault, operation


def settle_key_file(way: Way, vault: Vault) -> Path | None:
    """The key file that opened the vault, under its own name; None where another kind of key did.

    A rotation that was cut off may have left the file beside. Raises KeyRefusedError where one there opens nothing.
    """
    from clearslate.vault.files import sync_folder
    from clearslate.vault.secrets import KeyFile
    from clearslate.vault.vault import newer

    told = next(slot.told for slot in vault.store.slots if slot.number == vault.slot)
    if told["kind"] != KeyFile.kind:
        return None
    path = Path(way.key_file or vault_settings()["key_file"])
    new = newer(path)
    if not os.path.lexists(new):
        return path
    if KeyFile.read(new).id != told["key"]:
        raise KeyRefusedError(
            f"key file [{new}] is in the way and does not open this vault; a rotation that was cut off may have left "
            "it: move it elsewhere"
        )
    try:
        new.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise KeyRefusedError(f"key file [{new}] cannot be renamed to [{path.name}]; do it by hand") from error
    return path
