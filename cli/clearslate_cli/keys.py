"""``clearslate keys``: what opens the vault."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import ClearslateError, OutputError, UsageError
from clearslate_cli import page
from clearslate_cli.changing import changing
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, at_work, on_vault, settle_key_file

if TYPE_CHECKING:
    from clearslate.vault.slots import Slot
    from clearslate.vault.vault import Vault
    from clearslate_cli.new_key import Wanted

NewPassphrase = Annotated[bool, typer.Option("--new-passphrase", help="A passphrase, asked on the terminal.")]
NewPassphraseFile = Annotated[
    str | None,
    typer.Option("--new-passphrase-file", metavar="FILE", help="The passphrase in this file; - is stdin."),
]
OLDER = (
    "Copies of the vault from before, backups too, open with the keys of their time. "
    "Make a new backup: clearslate backup --output DIR"
)
_KINDS = {"file": "key file", "passphrase": "passphrase", "keyring": "key store"}

app = typer.Typer(help="List, add, drop and rotate what opens the vault.", rich_markup_mode=None, no_args_is_help=False)


@app.callback(invoke_without_command=True)
def keys(context: typer.Context) -> Reply | None:
    """List, add, drop and rotate what opens the vault."""
    if context.invoked_subcommand is None:
        return Reply(context.get_help(), code=2)
    return None


@app.command("list")
@on_vault
def list_keys(
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """List the keys that open the vault."""
    from clearslate.vault.audit import Event

    with at_work(way, Event.KEYS_LISTED) as (opened, operation):
        listed = [described(slot, opened.slot) for slot in opened.store.slots]
        operation.counts["keys"] = len(listed)
    if as_json:
        return Reply(page.as_json(listed))
    rows = [
        (
            f"{one['number']}{' *' if one['in_use'] else ''}",
            _KINDS.get(one["kind"], one["kind"]),
            one["label"],
            one["made"][:10],
            one["cost"],
        )
        for one in listed
    ]
    made = page.table(("N", "Kind", "Label", "Made", "Stretched by"), rows, fixed=(0, 1, 3))
    return Reply(f"{made}\n\n* opened the vault just now")


def described(slot: Slot, in_use: int) -> dict[str, Any]:
    """A key slot, without what it seals."""
    told = slot.told
    cost = str(told.get("kdf", ""))
    if cost == "argon2id":
        cost = f"Argon2id, {told['memory'] // 1024} MiB, {told['iterations']} rounds, {told['lanes']} lanes"
    elif cost:
        cost = f"PBKDF2, {told['iterations']:,} rounds"
    return {
        "number": slot.number,
        "kind": told["kind"],
        "label": told["label"],
        "made": told["made"],
        "kdf": told.get("kdf"),
        "cost": cost,
        "in_use": slot.number == in_use,
    }


@app.command("add")
@on_vault
def add(
    new_key_file: Annotated[
        str | None, typer.Option("--new-key-file", metavar="FILE", help="A key file, which is made there.")
    ] = None,
    new_passphrase: NewPassphrase = False,
    new_passphrase_file: NewPassphraseFile = None,
    new_keyring: Annotated[bool, typer.Option("--new-keyring", help="A key in the system's key store.")] = False,
    label: Annotated[
        str | None, typer.Option("--label", metavar="TEXT", help="What the list shows; a thief can read it too.")
    ] = None,
    key_inside: Annotated[bool, typer.Option("--key-inside", help="Let the key file lie in the project.")] = False,
    *,
    way: Way,
) -> Reply:
    """Let one more key open the vault."""
    from clearslate.vault.audit import Event
    from clearslate_cli import new_key

    path = None if new_key_file is None else Path(new_key_file).absolute()
    wanted = new_key.Wanted(path, new_passphrase, new_passphrase_file, new_keyring)
    if wanted.said != 1:
        raise UsageError("say one of --new-key-file FILE, --new-passphrase, --new-passphrase-file and --new-keyring")
    _one_of_stdin(new_passphrase_file, way.passphrase_file)
    if path is not None:
        # The project's folder is the one that the vault's folder is in.
        new_key.apart(path, way.path.resolve().parent, inside=key_inside)
    reached: list[bool] = []
    with (
        changing(way, Event.KEY_ADDED, "the key was added") as (opened, operation),
        new_key.made(wanted, lambda: any(reached)) as secret,
    ):
        before = opened.store.generation
        try:
            number = opened.add_key(secret, label or _KINDS[secret.kind])
        finally:
            reached.append(opened.store.generation > before)
        operation.counts["keys"] = len(opened.store.slots)
    where = f" It is in [{path}]; keep it away from the vault." if path is not None else ""
    return Reply(page.wrapped(f"Key {number} opens the vault now, too.{where}"), made="the key was added")


@app.command("drop")
@on_vault
def drop(
    number: Annotated[int, typer.Argument(metavar="N", help="The key's number; see `clearslate keys list`.")],
    *,
    way: Way,
) -> Reply:
    """Let a key open the vault no longer; open it with another key to do so."""
    from clearslate.vault.audit import Event
    from clearslate_cli.new_key import forget

    with changing(way, Event.KEY_DROPPED, "the key was dropped") as (opened, operation):
        slots = {slot.number: slot.told["kind"] for slot in opened.store.slots}
        if number == opened.slot and len(slots) > 1:
            # So that somebody has, here and now, a key that still opens.
            raise UsageError(f"key [{number}] is the one in use; open the vault with another key to drop this one")
        opened.drop_key(number)
        if slots[number] == "keyring":
            forget(opened.id, number)
        operation.counts["keys"] = len(opened.store.slots)
    said = (
        f"Key {number} opens the vault no longer. Whoever has that key and an older copy of the vault can read the "
        "copy, and this vault with what the copy tells. If that is a danger, seal everything anew: clearslate keys "
        "rotate"
    )
    return Reply(page.wrapped(said), made="the key was dropped")


@app.command("rotate")
@on_vault
def rotate(
    new_passphrase_file: NewPassphraseFile = None,
    keep_old: Annotated[
        str | None,
        typer.Option("--keep-old", metavar="FILE", help="Keep the old key file as FILE, for backups from before."),
    ] = None,
    drop_others: Annotated[
        bool, typer.Option("--drop-others", help="Go on where other keys open the vault; none of them will.")
    ] = False,
    *,
    way: Way,
) -> Reply:
    """Seal everything anew under a new key of the same kind; no older key opens the vault after it.

    A new key file takes the place of the old one; a new passphrase is asked for. It takes as long
    as everything in the vault takes to be read and written, and as much room again.
    """
    from clearslate.vault.audit import Event
    from clearslate_cli import new_key

    _one_of_stdin(new_passphrase_file, way.passphrase_file)
    done = "the vault is sealed anew and opens with the new key alone"
    first: list[int] = []

    def is_rotated(vault: Vault) -> bool:
        return bool(first) and _has_slot(vault, first[0]) is False

    with changing(way, Event.KEYS_ROTATED, done, is_rotated) as (opened, operation):
        first.append(opened.slot)
        before = {slot.number: slot.told for slot in opened.store.slots}
        own = before[opened.slot]
        others = [f"{n} ({told['label']})" for n, told in before.items() if n != opened.slot]
        if others and not drop_others:
            raise UsageError(
                f"other keys open the vault and none would after this: [{', '.join(others)}]; say --drop-others, and "
                "add them again afterwards"
            )
        file = settle_key_file(way, opened)
        if keep_old is not None and file is None:
            raise UsageError("--keep-old is for a key file, and the vault was opened with another kind of key")
        if file is not None:
            _rotate_file(opened, file, None if keep_old is None else Path(keep_old), own["label"])
        else:
            asked = new_passphrase_file is None and own["kind"] == "passphrase"
            wanted = new_key.Wanted(None, asked, new_passphrase_file, own["kind"] == "keyring")
            _rotate(opened, wanted, own["label"])
        for number, told in before.items():
            if told["kind"] == "keyring":
                new_key.forget(opened.id, number)
        operation.counts.update(keys=1, keys_dropped=len(before))
    said = ["Everything in the vault is sealed under a new key, and nothing but that key opens it."]
    if file is not None:
        kept = f"; the old one is [{keep_old}]" if keep_old is not None else ", in place of the old one"
        said.append(f"The key is in [{file}]{kept}. A copy in a safe is of the old key: make a new one.")
    parts = [page.wrapped(" ".join(said)), page.wrapped(OLDER)]
    if others:
        parts.append(page.wrapped(f"Dropped: {', '.join(others)}. To add one again: clearslate keys add"))
    return Reply("\n\n".join(parts), made="the vault is sealed anew")


def _one_of_stdin(first: str | None, second: str | None) -> None:
    if first == second == "-":
        raise UsageError("standard input has one passphrase; put the other in a file")


def _rotate(vault: Vault, wanted: Wanted, label: str) -> None:
    from clearslate_cli import new_key

    before = vault.slot
    # Where it cannot be told whether the old key still opens the vault, the new one stays as well.
    with new_key.made(wanted, lambda: _has_slot(vault, before) is not True) as secret:
        vault.rotate(secret, label)


def _rotate_file(vault: Vault, file: Path, old: Path | None, label: str) -> None:
    """Rotate to a new key file: at every instant there is a file that opens the vault."""
    from clearslate.vault.secrets import KeyFile
    from clearslate.vault.vault import newer

    if old is not None and os.path.lexists(old):
        raise OutputError(f"file [{old}] is there already and is never overwritten; name another with --keep-old")
    if old is not None and (not old.parent.is_dir() or old.parent.stat().st_dev != file.parent.stat().st_dev):
        raise OutputError(f"file [{old}] has to stand on the disk of the key file; name another with --keep-old")
    before = vault.slot
    key = KeyFile.made()
    key.write(newer(file))
    try:
        vault.rotate(key, label)
    except BaseException:
        opens_with_old = _has_slot(vault, before)
        if opens_with_old:
            with contextlib.suppress(OSError):
                newer(file).unlink(missing_ok=True)
        elif opens_with_old is False:
            _take_place(file, old)
        # Where it cannot be told, both files stay, and whichever is right opens the vault.
        raise
    _take_place(file, old)


def _take_place(file: Path, old: Path | None) -> None:
    """Let the new key file take the place of the old one. Raises OutputError, which says where it is."""
    from clearslate.vault.files import sync_folder
    from clearslate.vault.vault import newer

    try:
        if old is not None:
            file.rename(old)
        newer(file).replace(file)
        sync_folder(file.parent)
    except OSError as error:
        raise OutputError(
            f"the vault is sealed anew, and the new key stays in [{newer(file)}]; rename it to [{file.name}]"
        ) from error


def _has_slot(vault: Vault, number: int) -> bool | None:
    """Whether the records on the disk have the slot, which a rotation drops; None where they cannot be read."""
    import sqlite3

    from clearslate.vault import database
    from clearslate.vault.vault import RECORDS

    with contextlib.suppress(ClearslateError, sqlite3.Error):
        connection = database.open_existing(vault.folder / RECORDS)
        try:
            return connection.execute("SELECT 1 FROM slot WHERE id = ?", (number,)).fetchone() is not None
        finally:
            connection.close()
    return None
