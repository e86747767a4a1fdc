"""Everything that can be wrong with a vault or its key: one line, the exit code of its class, and no secret."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

POSIX = os.name == "posix"
LINUX = sys.platform.startswith("linux")
WORDS = "seven invented otters in a row"


def newer_format(project: Any) -> None:
    with closing(sqlite3.connect(project.vault / "records.db")) as connection:
        connection.execute("PRAGMA user_version = 2")


def open_key(project: Any) -> None:
    project.key.chmod(0o644)


def other_key(project: Any) -> None:
    project.key.unlink()
    assert project.command("init", "../other", "--key-file", str(project.key)).code == 0


def flipped(name: str) -> Callable[[Any], None]:
    def flip(project: Any) -> None:
        path = project.vault / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    return flip


def cut_log(project: Any) -> None:
    path = project.vault / "audit.log"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))


def settings(text: str) -> Callable[[Any], None]:
    return lambda project: (project.project / "clearslate.toml").write_text(text, "utf-8") and None


WRONG: dict[str, tuple[Callable[[Any], object], list[str], int, list[str]]] = {
    "no folder": (lambda p: shutil.rmtree(p.vault), [], 10, ["[vault]", "clearslate init"]),
    "no vault": (lambda p: None, ["--vault", "../safe"], 10, ["[../safe]", "no vault"]),
    "another database": (lambda p: (p.vault / "records.db").write_bytes(b"x" * 4096), [], 10, ["records.db"]),
    "a newer format": (newer_format, [], 10, ["format [2]", "newer clearslate"]),
    "no head": (lambda p: (p.vault / "head.json").unlink(), [], 10, ["head.json", "backup"]),
    "an altered head": (flipped("head.json"), [], 10, []),
    "no key file": (lambda p: p.key.unlink(), [], 11, ["project.key", "does not exist"]),
    "another key": (other_key, [], 11, ["does not open this vault"]),
    "no key in the file": (lambda p: p.key.write_bytes(b"x"), [], 11, ["project.key", "no key file"]),
    "a log that was cut": (cut_log, [], 13, ["audit.log"]),
    "two ways": (lambda p: None, ["--key-file", "x", "--keyring"], 2, ["--key-file", "--keyring"]),
    "no way": (settings('[vault]\nfolder = "vault"\n'), [], 2, ["--key-file"]),
    "no project": (lambda p: (p.project / "clearslate.toml").unlink(), [], 2, ["--vault", "clearslate init"]),
    "a misspelt key": (settings('[vault]\nfoldr = "vault"\n'), [], 2, ["vault.foldr", "did you mean [folder]?"]),
    "no anchor": (lambda p: None, ["--anchor", "nowhere"], 2, ["[nowhere]"]),
    "a cut anchor": (lambda p: None, ["--anchor", "clearslate-anchor-1 00"], 2, ["whole line"]),
} | ({"a key that others may read": (open_key, [], 11, ["chmod 600"])} if POSIX else {})


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_one_line_with_the_exit_code_of_its_class(project: Any, error_of: Any, what: str) -> None:
    spoil, arguments, code, words = WRONG[what]
    spoil(project)
    for command in (["lookup", *project.facts], ["verify"], ["keys", "list"]):
        done = project.command(*command, *arguments)
        line = error_of(done)
        assert (done.code, done.out) == (code, ""), line
        assert all(word in line for word in words), line
        assert [word for word in project.personal if word in line] == []


def test_a_flipped_bit_of_the_records_is_found(project: Any, error_of: Any) -> None:
    flipped("records.db")(project)
    done = project.command("verify")
    assert done.code == 10
    error_of(done)


def test_who_comes_second_is_told_to_wait(project: Any, error_of: Any) -> None:
    with FileLock(project.vault / "lock"):
        done = project.command("verify")
    assert done.code == 12
    assert "another process" in error_of(done)


def test_a_secret_is_never_in_the_arguments_or_the_environment_of_the_process(project: Any) -> None:
    project.words(f"{WORDS}\n")
    project.told("keys", "add", "--new-passphrase-file", "../words")
    if not LINUX:
        return
    secret = project.key.read_text("ascii").split()[2]
    with (
        FileLock(project.vault / "lock") as lock,
        project.on_terminal("keys", "list", "--passphrase") as (process, say),
    ):
        assert "Passphrase: " in say("")
        shown = say(f"{WORDS}\n")
        # It has the passphrase now, and waits for the vault.
        for name in ("cmdline", "environ"):
            seen = readable(Path(f"/proc/{process.pid}/{name}"))
            assert WORDS.encode() not in seen
            assert secret.encode() not in seen
        lock.release(force=True)
        assert process.wait(60) == 0
        assert WORDS not in shown


def readable(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except PermissionError:
        # A process whose memory is closed shows its environment to nobody but the superuser.
        return b""
