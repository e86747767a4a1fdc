"""``clearslate backup`` and ``clearslate restore``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import KeyRefusedError, OutputError, UsageError
from clearslate_cli import page, signals
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import (
    AskPassphrase,
    KeyFileOption,
    PassphraseFile,
    UseKeyring,
    Way,
    actor,
    at_work,
    on_vault,
    secrets,
)

if TYPE_CHECKING:
    from clearslate.vault.audit import Line
    from clearslate.vault.secrets import Secret
    from clearslate.vault.vault import Vault

AGAIN = (
    "A person who was shredded in the vault after the backup was made is in the backup still. "
    "Shred that person again in what is restored from it."
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup of which every byte was checked: of which vault, how far, and how many sealed pieces."""

    vault: str
    messages: int
    generation: int
    last: Line


@on_vault
def backup(
    output: Annotated[str, typer.Option("--output", metavar="DIR", help="The new folder for the backup.")],
    *,
    way: Way,
) -> Reply:
    """Copy the vault to a new folder, as sealed as it is."""
    from clearslate.vault.audit import Event
    from clearslate.vault.backup import back_up
    from clearslate_cli.ended import told_of_output
    from clearslate_cli.new_key import lies_in

    target = Path(output)
    if lies_in(target, way.path):
        raise UsageError(f"[{target}] would lie in the vault itself; name a folder on another disk")
    with (
        _told(target),
        told_of_output(target, lambda: ()),
        at_work(way, Event.BACKED_UP) as (opened, operation),
    ):
        operation.counts["bytes"] = size = back_up(opened, target)
    rows = [("backup", str(target)), ("size", f"{size:,} bytes"), ("vault", opened.id)]
    parts = [
        page.table(("", ""), rows, fixed=(0,)),
        page.wrapped(
            "It is sealed as the vault is, and opens with the keys that open the vault now: keep a copy of the key, "
            "and not beside it. After [clearslate keys rotate] it opens with the old key alone."
        ),
        page.wrapped(
            "A person who is shredded in the vault from now on stays in this backup. Delete it when its time is over."
        ),
        f"To check it: clearslate verify --backup {target}",
    ]
    return Reply("\n\n".join(parts), unfinished(target), made=f"the backup is in [{target}]")


def unfinished(target: Path) -> tuple[str, ...]:
    """What copies that were cut off left beside a folder, in a note."""
    from clearslate.vault import files

    left = files.unfinished(target)
    if not left:
        return ()
    what = ", ".join(left)
    return (f"a copy that was cut off left [{what}] beside it, sealed, with all that the vault held; delete it",)


@contextlib.contextmanager
def _told(target: Path) -> Iterator[None]:
    """Where the entry that ends the command fails, say that the backup is there all the same."""
    was_there = _filled(target)
    try:
        yield
    except BaseException:
        if not was_there and _filled(target) and not signals.interrupted():
            from clearslate_cli.reply import complain

            complain(f"the backup is in [{target}], and the vault's log does not say so", "note")
        raise


def _filled(target: Path) -> bool:
    with contextlib.suppress(OSError):
        return target.is_dir() and any(target.iterdir())
    return False


def restore(
    source: Annotated[str, typer.Argument(metavar="BACKUP", help="The folder of the backup.")],
    output: Annotated[str | None, typer.Option("--output", metavar="DIR", help="The new folder for the vault.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check every byte; so is every restore. Alone: check and keep nothing.")
    ] = False,
    key_file: KeyFileOption = None,
    passphrase_file: PassphraseFile = None,
    passphrase: AskPassphrase = False,
    keyring: UseKeyring = False,
) -> Reply:
    """Make a vault from a backup, once every byte of it was checked; the backup stays as it is."""
    from clearslate.vault.backup import restore as restored
    from clearslate_cli import process
    from clearslate_cli.ended import told_of_output

    if output is None and not verify:
        raise UsageError("say --output DIR for the new vault, or --verify to check the backup and keep nothing")
    tries = secrets(Way(None, key_file, passphrase_file, passphrase, keyring))
    process.close_memory()
    if output is None:
        signals.unwind()
        copy = checked(Path(source), tries)
        rows = [("backup", source), ("vault", copy.vault), *_rows(copy.messages)]
        rows.append(("last entry", f"{copy.last.number}, {copy.last.told['at']}"))
        said = "The backup holds together and opens with this key. Nothing was kept, and the backup is as it was."
        return Reply("\n\n".join((page.table(("", ""), rows, fixed=(0,)), page.wrapped(said))))
    target = Path(output)
    if lies_in_backup(target, Path(source)):
        raise UsageError(f"[{target}] would lie in the backup itself; name another folder")
    with told_of_output(target, lambda: ()):
        count = with_one_of(tries, lambda secret: restored(Path(source), target, secret, actor()))
    rows = [("backup", source), ("vault", str(target)), *_rows(count)]
    parts = [
        page.table(("", ""), rows, fixed=(0,)),
        page.wrapped(AGAIN),
        page.wrapped(
            f"To work in it: --vault {target}, or folder = in [vault] of clearslate.toml. An anchor of later than the "
            "backup does not fit it any more; print a new one: clearslate anchor"
        ),
    ]
    return Reply("\n\n".join(parts), unfinished(target), made=f"the vault is in [{target}]")


def _rows(messages: int) -> list[tuple[str, str]]:
    return [("checked", page.counted(messages, "sealed piece"))]


def lies_in_backup(target: Path, source: Path) -> bool:
    """Whether a new folder would be in the backup."""
    from clearslate_cli.new_key import lies_in

    return lies_in(target, source)


def with_one_of(tries: Sequence[Secret], work: Any) -> Any:
    """What ``work`` gives with the first key that opens. Raises what the last one raises."""
    for secret in tries[:-1]:
        with contextlib.suppress(KeyRefusedError):
            return work(secret)
    return work(tries[-1])


def checked(source: Path, tries: Sequence[Secret]) -> Checked:
    """Check a backup in a copy, for opening writes to the log. Raises what restoring raises."""
    from tempfile import TemporaryDirectory

    from clearslate.vault.backup import restore as restored
    from clearslate.vault.vault import LOG, Vault

    beside = source.resolve().parent
    if not os.access(beside, os.W_OK):
        # As on a medium that is write-protected.
        beside = Path.cwd()
    with contextlib.ExitStack() as stack:
        try:
            building = stack.enter_context(TemporaryDirectory(prefix=".clearslate-check-", dir=beside))
        except OSError as error:
            raise OutputError(
                f"the backup cannot be copied to [{beside}] to check it; check folder and disk"
            ) from error
        copy = Path(building, "vault")
        messages = with_one_of(tries, lambda secret: restored(source, copy, secret, actor()))
        lines = (source / LOG).read_bytes().count(b"\n")
        with with_one_of(tries, lambda secret: Vault.open(copy, secret, actor())) as opened:
            own = [line for line in opened.lines() if line.number <= lines]
            return Checked(opened.id, messages, opened.store.generation, own[-1])


def compared(vault: Vault, copy: Checked) -> dict[str, Any]:
    """How a backup stands to the vault."""
    same = copy.vault == vault.id
    found = same and any(line.number == copy.last.number and line.mac == copy.last.mac for line in vault.lines())
    return {
        "vault": copy.vault,
        "messages": copy.messages,
        "same_vault": same,
        "of_this_log": found,
        "entries_behind": vault.head.entries - copy.last.number if found else None,
        "generations_behind": vault.store.generation - copy.generation if found else None,
    }
