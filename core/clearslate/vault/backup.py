"""Backups: the folder of a vault once more, as sealed as it is, checked before it is put back."""

from __future__ import annotations

from pathlib import Path

from clearslate.errors import OutputError, VaultError
from clearslate.vault import files
from clearslate.vault.audit import Actor, Event
from clearslate.vault.head import FILE as HEAD
from clearslate.vault.secrets import Secret
from clearslate.vault.vault import LOG, RECORDS, Vault

FILES = (RECORDS, LOG, HEAD)


def back_up(vault: Vault, target: Path) -> int:
    """Copy an open vault to a new folder, whole or not at all; give the bytes copied. Raises OutputError."""
    return _copied(vault.folder, target)


def restore(backup: Path, target: Path, secret: Secret, actor: Actor) -> int:
    """Copy a backup to a new folder and check every byte of it there; give how many messages it has.

    Raises what opening and checking raise; ``target`` is then not there.
    """
    building = files.building(target)
    try:
        _copy(backup, building)
        with Vault.open(building, secret, actor) as vault:
            count = vault.check()
            with vault.operation(Event.RESTORED) as operation:
                operation.counts["messages"] = count
        files.name_folder(building, target)
    except BaseException:
        files.remove_folder(building)
        raise
    return count


def _copied(folder: Path, target: Path) -> int:
    building = files.building(target)
    try:
        _copy(folder, building)
        files.name_folder(building, target)
    except BaseException:
        files.remove_folder(building)
        raise
    return sum((target / name).stat().st_size for name in FILES)


def _copy(folder: Path, building: Path) -> None:
    files.make_folder(building)
    for name in FILES:
        source = folder / name
        try:
            files.copy(source, building / name)
        except FileNotFoundError as error:
            raise VaultError(f"[{folder}] is no backup of a vault: [{name}] is missing; name another") from error
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise OutputError(f"[{name}] cannot be copied to [{building.parent}]: {reason}; check the disk") from error
    with files.as_output_error():
        files.sync_folder(building)
