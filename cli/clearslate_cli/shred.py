"""``clearslate shred``: a person, or the vault, made unreadable for good."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from clearslate.errors import UsageError
from clearslate_cli import page
from clearslate_cli.changing import changing
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import AnchorOption, AskPassphrase, KeyFileOption, PassphraseFile, UseKeyring, Way


def shred(
    folder: Annotated[
        str | None, typer.Argument(metavar="DIR", help="The vault's folder; else [vault] of clearslate.toml.")
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="ID", help="Shred the person with this person_id.")
    ] = None,
    vault: Annotated[bool, typer.Option("--vault", help="Shred the whole vault.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the id again.")] = False,
    key_file: KeyFileOption = None,
    passphrase_file: PassphraseFile = None,
    passphrase: AskPassphrase = False,
    keyring: UseKeyring = False,
    anchor: AnchorOption = None,
) -> Reply:
    """Make a person, or the whole vault, unreadable for good: the keys go, and what they sealed with them.

    The id is asked for again. Unlike in other commands, the vault's folder is named without an
    option: --vault says what to shred.
    """
    if vault == (person is not None):
        raise UsageError("say one of --person ID and --vault; the vault's folder is named without an option, last")
    way = Way(folder, key_file, passphrase_file, passphrase, keyring, anchor)
    if person is not None:
        if not yes:
            confirm("Type the person_id again to shred this person", person, "person_id")
        return _shred_person(way, person)
    return _shred_vault(way, ask=not yes)


def confirm(what: str, wanted: str, name: str) -> None:
    """Raise UsageError unless somebody at the terminal types the id."""
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask whether you are sure; say --yes")
    print(f"{what}: ", end="", file=sys.stderr, flush=True)  # noqa: T201 - a question, not an answer
    if sys.stdin.readline().strip() != wanted.strip():
        raise UsageError(f"that is not the same {name}; nothing was shredded")


def _shred_person(way: Way, subject: str) -> Reply:
    from clearslate.assess.forgetting import runs_without
    from clearslate.vault.audit import Event
    from clearslate.vault.finding import by_subject
    from clearslate.vault.shredding import shred_person

    rows = decisions = left = 0
    with changing(way, Event.PERSON_SHREDDED, "the person is shredded") as (opened, operation):
        persons = by_subject(opened.store, subject)
        if not persons:
            raise UsageError("no person of the vault has this person_id; determinations.csv has it for each decision")
        for number in persons:
            gone = shred_person(opened.store, number, runs_without(opened.store, number))
            rows, decisions, left = rows + gone.rows, decisions + gone.decisions, gone.rows_left
        operation.counts.update(persons=len(persons), rows=rows, decisions=decisions)
    parts = [
        page.wrapped(
            f"The person is shredded: {page.counted(rows, 'row')}, and the decisions of "
            f"{page.counted(decisions, 'run')}. Nobody can read them here again, with no key."
        ),
        page.wrapped(
            "Not touched: backups and copies of the vault from before, and everything that was exported. They hold "
            "the person still. Make a new backup and delete the older ones; the exports are files like others."
        ),
    ]
    if left:
        parts.append(
            page.wrapped(
                f"{page.counted(left, 'rejected row')} in the vault {'names' if left == 1 else 'name'} nobody who "
                "could be made out, and may hold anything, this person included."
            )
        )
    return Reply("\n\n".join(parts), made="the person is shredded")


def _shred_vault(way: Way, *, ask: bool) -> Reply:
    from clearslate.vault.audit import Event
    from clearslate_cli.new_key import forget

    with changing(way, Event.VAULT_SHREDDED, "the vault is shredded") as (opened, operation):
        if ask:
            confirm(f"Type the vault's id, {opened.id}, to shred all of it", opened.id, "id")
        operation.counts["keys"] = len(opened.store.slots)
        kinds = [(slot.number, slot.told["kind"]) for slot in opened.store.slots]
        folder, id = opened.folder, opened.id
        # The log must say so before there is no key to write it with.
        opened.settle(operation)
        opened.destroy()
        for number, kind in kinds:
            if kind == "keyring":
                forget(id, number)
    return Reply(_left(folder, {kind for _, kind in kinds}), made="the vault is shredded")


def _left(folder: Path, kinds: set[str]) -> str:
    parts = [
        page.wrapped(f"The vault [{folder}] is shredded: its keys and its records are gone, and nothing opens it."),
        page.wrapped(
            "What is left in the folder: audit.log and head.json, which name nobody whose record was kept. Keep them "
            "as long as your office has to; nobody can check or continue them now. Then delete the folder."
        ),
    ]
    if "file" in kinds:
        parts.append(page.wrapped("The key file opens only backups from before. Delete it with the last of these."))
    parts.append(
        page.wrapped("Backups and copies of the vault open still, with their keys, and exports are as they were.")
    )
    return "\n\n".join(parts)
