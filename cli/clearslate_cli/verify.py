"""``clearslate verify``: every record and every chain link checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import KeyRefusedError, UsageError
from clearslate_cli import page, signals
from clearslate_cli.options import AsJson
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, at_work, on_vault, read_passphrase, secrets, vault_settings

if TYPE_CHECKING:
    from clearslate.vault.secrets import Secret
    from clearslate.vault.vault import Vault
    from clearslate_cli.backup import Checked

_KINDS = (
    ("persons", "Persons", "PERSON"),
    ("sources", "Source files", "SOURCE"),
    ("remainders", "  with text that is nobody's", "REMAINDER"),
    ("runs", "Runs", "RUN"),
    ("decided", "  persons decided, in all runs", "DECISIONS"),
    ("tracked", "  persons tracked, in all runs", "TRACKING"),
    ("spoken", "  persons of whom an attorney spoke", "WORDS"),
    ("buckets", "Look-up buckets", "BUCKET"),
    ("books", "The vault's own books", "RING"),
)


@on_vault
def verify(
    backup: Annotated[
        str | None, typer.Option("--backup", metavar="DIR", help="Check this backup of the vault too.")
    ] = None,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Check the whole vault: open every record, follow every link of the audit log."""
    from clearslate.vault.audit import Event
    from clearslate_cli.backup import compared

    anchored = way.anchor is not None or "anchor" in vault_settings()
    other: dict[str, Any] | None = None
    if backup is not None and way.passphrase_file == "-":
        raise UsageError("standard input gives one passphrase, and the backup is opened too; name a file")
    signals.unwind()
    with at_work(way, Event.VERIFY) as (opened, operation):
        tries = () if backup is None else _backup_keys(way, opened)
        operation.counts["messages"] = opened.check()
        told = counted(opened)
        if backup is not None:
            copy = _checked(Path(backup), tries)
            operation.counts["backup_messages"] = copy.messages
            other = compared(opened, copy)
        # Of the log with the entry that says it was checked.
        opened.settle(operation)
        told |= {"entries": opened.head.entries, "generation": opened.store.generation, "anchor": str(opened.anchor())}
    told |= {"anchored": anchored, "backup": other}
    return Reply(page.as_json(told) if as_json else text(told))


def _backup_keys(way: Way, vault: Vault) -> tuple[Secret, ...]:
    from clearslate.vault.secrets import Passphrase

    kind = next(slot.told["kind"] for slot in vault.store.slots if slot.number == vault.slot)
    if kind != Passphrase.kind or way.passphrase_file is not None:
        return secrets(way)
    return (Passphrase(read_passphrase(None, "Passphrase of the backup: ")),)


def _checked(backup: Path, tries: tuple[Secret, ...]) -> Checked:
    from clearslate_cli.backup import checked

    try:
        return checked(backup, tries)
    except KeyRefusedError as error:
        raise KeyRefusedError(
            f"the vault holds together, but its key does not open the backup [{backup}]; one of before a rotation "
            "opens with the old key: clearslate restore BACKUP --verify --key-file FILE"
        ) from error


def counted(vault: Vault) -> dict[str, Any]:
    """What the vault holds, by kind, and with what it is sealed."""
    from cryptography.hazmat.backends.openssl import backend

    from clearslate.vault.sealing import Kind

    numbers = {id: len(vault.store.numbers(Kind[kind])) for id, _, kind in _KINDS}
    numbers["books"] += len(vault.store.numbers(Kind.LEDGER))
    return {
        "vault": vault.id,
        **numbers,
        "messages": sum(numbers.values()),
        "keys": len(vault.store.slots),
        "fips": vault.fips,
        "openssl": backend.openssl_version_text(),
    }


def text(told: dict[str, Any]) -> str:
    """What was checked, in words."""
    rows = [(title, f"{told[id]:,}") for id, title, _ in _KINDS]
    rows += [
        ("Sealed pieces, each opened", f"{told['messages']:,}"),
        ("Lines of the audit log, each checked", f"{told['entries']:,}"),
        ("Keys that open it", f"{told['keys']:,}"),
    ]
    fips = "approved algorithms alone (--fips)" if told["fips"] else "not kept to FIPS algorithms"
    parts = [
        "The vault holds together: nothing is altered, nothing is missing.",
        page.table(("", ""), rows, right=(1,)),
        f"Vault         {told['vault']}\nCryptography  {told['openssl']}, {fips}",
    ]
    if told["backup"] is not None:
        parts.append(_of_backup(told["backup"]))
    if told["anchored"]:
        parts.append("It is not older than the anchor that was given.")
    else:
        parts.append(
            page.wrapped(
                "Whether the whole folder is an older copy cannot be told from inside. Give a line that [clearslate "
                "anchor] printed earlier, with --anchor, to find out."
            )
        )
    parts.append(f"The head, to keep elsewhere:\n{told['anchor']}")
    return "\n\n".join(parts)


def _of_backup(told: dict[str, Any]) -> str:
    if not told["same_vault"]:
        return page.wrapped("The backup holds together, but it is of another vault.")
    if not told["of_this_log"]:
        return page.wrapped(
            "The backup holds together, but went another way than this vault: its last entries are not in this "
            "vault's log. It may be of a vault that was restored and worked on."
        )
    behind = told["entries_behind"]
    changed = (
        "no change of the records"
        if not told["generations_behind"]
        else (page.counted(told["generations_behind"], "change") + " of the records")
    )
    return page.wrapped(
        f"The backup holds together, is of this vault, and opens with this key. The vault has "
        f"{page.counted(behind, 'entry', 'entries')} and {changed} more."
    )
