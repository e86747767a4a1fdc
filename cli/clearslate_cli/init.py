"""``clearslate init``: a project folder with a vault in it, and the key somewhere else."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearslate.errors import OutputError, UsageError
from clearslate_cli import page, signals, vaulted
from clearslate_cli.reply import Reply

if TYPE_CHECKING:
    from clearslate_cli.new_key import Wanted

FOLDER = "vault"

_HEADING = """\
# Settings of this project for clearslate. What is typed on the command line wins.

# [run]
# reform = "ca_prop64"
# policy = "statute"
# county = "Contra Costa"
"""
_TABLE = """
# Where the vault is, and what opens it. A path that is not absolute begins in the folder of this file.
[vault]
folder = {folder}
{opens}
# Refuse a vault that is older than this line of `clearslate anchor`, or than the line in this file:
# anchor = "FILE"
# The age identity that opens source files which come sealed:
# identity = "FILE"
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    project: Path
    key: Path | None
    anchor: str


def init(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The project's folder; made where it is not there.")] = (
        "."
    ),
    key_file: Annotated[
        str | None,
        typer.Option("--key-file", metavar="FILE", help="Where the new key goes; your settings folder if not said."),
    ] = None,
    key_inside: Annotated[bool, typer.Option("--key-inside", help="Let the key file lie in the project.")] = False,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="A passphrase instead of a key file, asked on the terminal.")
    ] = False,
    passphrase_file: Annotated[
        str | None,
        typer.Option("--passphrase-file", metavar="FILE", help="The passphrase in this file instead; - is stdin."),
    ] = None,
    keyring: Annotated[bool, typer.Option("--keyring", help="A key in the system's key store instead.")] = False,
    fips: Annotated[bool, typer.Option("--fips", help="Keep to algorithms that FIPS 140 approves.")] = False,
) -> Reply:
    """Make a project folder: clearslate.toml, an empty vault, and the key somewhere else."""
    from clearslate_cli.changing import was_interrupt
    from clearslate_cli.ended import Stopped
    from clearslate_cli.new_key import Wanted, apart, lies_in

    project = Path(folder)
    other = passphrase or passphrase_file is not None or keyring
    key = None if other and key_file is None else _key_path(key_file, project)
    wanted = Wanted(key, passphrase, passphrase_file, keyring)
    if wanted.said > 1:
        raise UsageError("say one of --key-file, --passphrase, --passphrase-file and --keyring")
    if key is not None:
        apart(key, project, inside=key_inside)
    try:
        signals.unwind()
        made = make(project, wanted, fips=fips)
    except BaseException as error:
        if not was_interrupt(error):
            raise
        raise Stopped("nothing was made, run the command again") from None
    notes: tuple[str, ...] = ()
    if key is not None and lies_in(key, project):
        notes = (f"the key [{key}] lies in the project; whoever copies the folder can read the vault",)
    return Reply(_said(made, wanted), notes, made=f"the project is made in [{project}]")


def make(project: Path, wanted: Wanted, *, fips: bool = False) -> Made:
    """Make folder, key, vault and settings file, or nothing of it. Raises UsageError, OutputError, KeyRefusedError."""
    from clearslate.vault import files
    from clearslate.vault.vault import Vault
    from clearslate_cli import new_key, process

    text = settings_text(project, wanted)
    process.close_memory()
    vault_folder = project / FOLDER
    if project.is_dir():
        files.building(vault_folder)
    actor = vaulted.actor()
    with contextlib.ExitStack() as undo:
        undo.enter_context(_folder(project))
        secret = undo.enter_context(new_key.made(wanted))
        label = {"file": "key file", "keyring": "key store"}.get(secret.kind, secret.kind)
        with _vault_folder(vault_folder):
            with Vault.create(vault_folder, secret, actor, label=label, fips=fips) as vault:
                anchor = str(vault.anchor())
            _write(project / vaulted.SETTINGS, text)
    return Made(project, wanted.file, anchor)


@contextlib.contextmanager
def _folder(project: Path) -> Iterator[None]:
    """The project's folder, gone again where the block fails and it was not there before."""
    new = not project.is_dir()
    if new:
        try:
            project.mkdir(mode=0o700)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise OutputError(f"folder [{project}] cannot be made: {reason}; name another") from error
    try:
        yield
    except BaseException:
        if new:
            with contextlib.suppress(OSError):
                project.rmdir()
        raise


@contextlib.contextmanager
def _vault_folder(folder: Path) -> Iterator[None]:
    # An empty folder of this name may have been there; it is one again.
    was_there = folder.is_dir()
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if was_there:
            with contextlib.suppress(OSError):
                folder.mkdir(mode=0o700)
        raise


def settings_text(project: Path, wanted: Wanted) -> bytes:
    """What the settings file is to hold: all that it holds, and the table [vault]. Raises UsageError."""
    file = project / vaulted.SETTINGS
    if wanted.file is not None:
        opens = f"key_file = {_toml(str(wanted.file))}"
    else:
        opens = "keyring = true" if wanted.keyring else "passphrase = true"
    table = _TABLE.format(folder=_toml(FOLDER), opens=opens)
    if not os.path.lexists(file):
        return f"{_HEADING}{table}".encode()
    try:
        before = file.read_bytes()
        told = tomllib.loads(before.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"settings file [{file}] is not TOML: {error}; correct that line") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"settings file [{file}] cannot be read; check that it is a text file of yours") from error
    if "vault" in told:
        raise UsageError(f"settings file [{file}] has a table [vault] already; name another folder")
    return before + (b"" if before.endswith(b"\n") or not before else b"\n") + table.encode()


def _key_path(said: str | None, project: Path) -> Path:
    """Where the new key goes, as an absolute path, for commands may run anywhere."""
    if said is not None:
        return Path(said).absolute()
    from clearslate.vault.sealing import random_bytes

    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in project.resolve().name).strip("-") or "vault"
    return Path(typer.get_app_dir("clearslate"), "keys", f"{name}-{random_bytes(4).hex()}.key").absolute()


def _toml(text: str) -> str:
    """Text as TOML spells it. Raises UsageError for a path that is no text."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError("the key file's path is no text that a settings file can hold; name another") from error
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _write(path: Path, text: bytes) -> None:
    """Put the settings file there, whole or not at all. Raises OutputError."""
    from clearslate.vault import files

    path = path.resolve()
    new = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        files.write_new(new, text)
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
        files.sync_folder(path.parent)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(f"settings file [{path.name}] cannot be written: {reason}; check folder and disk") from error
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)


def _said(made: Made, wanted: Wanted) -> str:
    rows = [("vault", f"{made.project / FOLDER}  (empty)"), ("settings", str(made.project / vaulted.SETTINGS))]
    if made.key is not None:
        rows.append(("key file", str(made.key)))
        keep = (
            "Whoever has the key file and the vault can read all of it, and without the key file nobody can: if it is "
            "lost, so is what the vault holds. Put a copy of it in a safe, and none beside the vault."
        )
    elif wanted.keyring:
        rows.append(("key", "in the key store of this system, for this account"))
        keep = (
            "If this account or this machine is lost, so is what the vault holds. Add a second key that you keep "
            "elsewhere: clearslate keys add --new-key-file FILE"
        )
    else:
        rows.append(("key", "the passphrase"))
        keep = (
            "Whoever forgets the passphrase loses what the vault holds: it stands nowhere. Add a second key that you "
            "keep in a safe: clearslate keys add --new-key-file FILE"
        )
    here = made.project.resolve() == Path.cwd()
    following = "clearslate ingest FILE" if here else f"cd {made.project}, then clearslate ingest FILE"
    parts = [
        "A project was made.",
        "\n".join(f"  {name:<9} {what}" for name, what in rows),
        page.wrapped(keep),
        page.wrapped("Keep this line outside the folder too. It shows later that no older copy was put in its place:"),
        made.anchor,
        f"Next: {following}",
    ]
    return "\n\n".join(parts)
