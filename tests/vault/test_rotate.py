from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import AuditError, ClearslateError, KeyRefusedError, OutputError, VaultError
from clearslate.vault import files
from clearslate.vault.audit import Event
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile, Passphrase, wrong_key
from clearslate.vault.store import Step, Store
from clearslate.vault.vault import Vault, newer, unlocked_file

NEW = KeyFile("ab" * 8, bytes(range(100, 132)))
NEWER = KeyFile("cd" * 8, bytes(range(50, 82)))


class CutError(Exception):
    """The power is gone."""


def rotate(bench: Any, folder: Path, old: Any, new: Any) -> None:
    with bench.open(folder, old) as vault, vault.operation(Event.KEYS_ROTATED):
        vault.rotate(new, "new")


def refused(bench: Any, folder: Path, secret: Any) -> bool:
    with pytest.raises(KeyRefusedError) as caught:
        bench.open(folder, secret)
    return str(caught.value) == str(wrong_key())


def endings(vault: Vault) -> list[tuple[str, str]]:
    return [(line.told["event"], line.told["outcome"]) for line in vault.lines()]


def sound(bench: Any, vault: Vault) -> bool:
    return bool(vault.check() == len(bench.messages) + 1 and bench.contents(vault) == bench.messages)


def test_the_old_key_opens_before_a_rotation_and_never_after_it(bench: Any) -> None:
    folder = bench.copy()
    assert refused(bench, folder, NEW)
    rotate(bench, folder, bench.secret, NEW)
    assert refused(bench, folder, bench.secret)
    with bench.open(folder, NEW) as vault:
        assert sound(bench, vault)
        assert vault.slot == 2
    rotate(bench, folder, NEW, NEWER)
    assert refused(bench, folder, NEW)
    assert refused(bench, folder, bench.secret)
    with bench.open(folder, NEWER) as vault:
        assert sound(bench, vault)


def test_every_other_key_is_gone_after_a_rotation(bench: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault, vault.operation(Event.KEY_ADDED):
        vault.add_key(NEWER, "second")
    rotate(bench, folder, bench.secret, NEW)
    assert refused(bench, folder, bench.secret)
    assert refused(bench, folder, NEWER)
    with bench.open(folder, NEW) as vault:
        assert [slot.number for slot in vault.store.slots] == [3]


def test_nothing_sealed_or_derived_survives_a_rotation(bench: Any) -> None:
    folder = bench.copy()
    queries = (
        "SELECT sealed FROM body",
        "SELECT commitment FROM entry",
        "SELECT key FROM entry WHERE length(key) > 0",
        "SELECT mac FROM page",
        "SELECT salt FROM session",
        "SELECT body FROM slot",
    )
    before = {row for query in queries for row in bench.sql(folder, query)}
    rotate(bench, folder, bench.secret, NEW)
    after = {row for query in queries for row in bench.sql(folder, query)}
    assert len(after) == len(before)
    assert not before & after
    whole = (folder / "records.db").read_bytes()
    assert [piece for (piece,) in before if piece in whole] == []


def test_an_opened_vault_goes_on_working_after_its_rotation(bench: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        with vault.operation(Event.KEYS_ROTATED):
            vault.rotate(NEW, "new")
        with vault.operation(Event.RUN), vault.store.step() as step:
            step.put(Kind.RUN, 2, b"newer")
            step.put(Kind.PERSON, 50, b"another")
        with vault.operation(Event.KEY_ADDED):
            vault.add_key(bench.secret, "again")
        assert vault.check() == len(bench.messages) + 3
    with bench.open(folder) as vault:
        assert vault.store.get(Kind.RUN, 2) == b"newer"
        assert endings(vault)[-6:-4] == [("keys rotate", "begun"), ("keys rotate", "done")]


def test_lines_from_before_a_rotation_stay_provable(bench: Any) -> None:
    folder = bench.copy()
    old = (folder / "audit.log").read_bytes()
    rotate(bench, folder, bench.secret, NEW)
    rotate(bench, folder, NEW, NEWER)
    with bench.open(folder, NEWER) as vault:
        texts = [line.text + b"\n" for line in vault.lines()]
        assert b"".join(texts).startswith(old)
        assert endings(vault)[-4:] == [("keys rotate", "begun"), ("keys rotate", "done")] * 2
    altered = bytearray(old)
    altered[altered.index(b"tester")] ^= 1
    whole = (folder / "audit.log").read_bytes()
    (folder / "audit.log").write_bytes(bytes(altered) + whole[len(old) :])
    with bench.open(folder, NEWER) as vault, pytest.raises(AuditError, match=r"line \[1\]"):
        vault.check()


def test_records_from_before_a_rotation_are_refused_after_it(bench: Any) -> None:
    folder = bench.copy()
    old = (folder / "records.db").read_bytes()
    rotate(bench, folder, bench.secret, NEW)
    (folder / "records.db").write_bytes(old)
    assert refused(bench, folder, NEW)
    with pytest.raises(ClearslateError):
        bench.open(folder)


def test_a_rotation_refuses_a_passphrase_that_is_too_short_and_changes_nothing(bench: Any) -> None:
    folder = bench.copy()
    before = (folder / "records.db").read_bytes()
    with pytest.raises(KeyRefusedError, match="too short"):
        rotate(bench, folder, bench.secret, Passphrase("short"))
    assert (folder / "records.db").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["audit.log", "head.json", "lock", "records.db"]
    with bench.open(folder) as vault:
        assert sound(bench, vault)


# Cut off


def test_a_cut_between_the_rename_and_the_head_leaves_the_new_key_and_says_recovered(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bench.copy()
    enter = Vault._enter

    def cut_once_rotated(vault: Vault, *told: Any) -> None:
        if vault.slot == 2:
            raise CutError
        enter(vault, *told)

    monkeypatch.setattr(Vault, "_enter", cut_once_rotated)
    with pytest.raises(CutError):
        rotate(bench, folder, bench.secret, NEW)
    monkeypatch.undo()
    assert refused(bench, folder, bench.secret)
    for _ in range(2):
        with bench.open(folder, NEW) as vault:
            assert endings(vault)[-2:] == [("keys rotate", "begun"), ("keys rotate", "recovered")]
            assert sound(bench, vault)


def _cut(*_: Any) -> None:
    raise CutError


def cut_before(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    owner, name = {"copy": (Store, "copy_to"), "slots": (Step, "set_slots"), "rename": (Path, "replace")}[what]
    monkeypatch.setattr(owner, name, _cut)


@pytest.mark.parametrize("what", ["copy", "slots", "rename"])
def test_a_rotation_that_fails_before_the_rename_leaves_the_old_key_and_no_trace(
    bench: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    folder = bench.copy()
    before = (folder / "records.db").read_bytes()
    with bench.open(folder) as vault:
        cut_before(monkeypatch, what)
        with pytest.raises(CutError):
            vault.rotate(NEW, "new")
        monkeypatch.undo()
        assert (folder / "records.db").read_bytes() == before
        assert sorted(path.name for path in folder.iterdir()) == ["audit.log", "head.json", "lock", "records.db"]
        # The vault that is open goes on with the old key.
        with vault.operation(Event.RUN), vault.store.step() as step:
            step.put(Kind.RUN, 1, bench.messages[Kind.RUN, 1])
        assert sound(bench, vault)
    assert refused(bench, folder, NEW)


@pytest.mark.parametrize("what", ["sync", "open"])
def test_a_failure_right_after_the_rename_leaves_a_vault_that_the_new_key_opens(
    bench: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault, monkeypatch.context() as patch:
        rename = Path.replace

        def renamed(path: Path, name: Path) -> Path:
            made = rename(path, name)
            if name.name == "records.db":
                if what == "sync":
                    patch.setattr(files, "sync_folder", _failing(patch, files, "sync_folder"))
                else:
                    patch.setattr("clearslate.vault.vault.database.open_existing", _unreadable)
            return made

        patch.setattr(Path, "replace", renamed)
        with pytest.raises(AuditError if what == "sync" else OutputError), vault.operation(Event.KEYS_ROTATED):
            vault.rotate(NEW, "new")
    assert refused(bench, folder, bench.secret)
    with bench.open(folder, NEW) as vault:
        assert sound(bench, vault)
        assert endings(vault)[-1] == ("keys rotate", "recovered")
        assert (("keys rotate", "failed") in endings(vault)) == (what == "sync")


def _failing(patch: pytest.MonkeyPatch, owner: Any, name: str) -> Any:
    real = getattr(owner, name)

    def failing(*_: Any) -> None:
        patch.setattr(owner, name, real)
        raise OSError(errno.EIO, "Input/output error")

    return failing


def _unreadable(*_: Any) -> None:
    raise OutputError("the vault cannot be read")


def test_what_a_cut_rotation_left_is_removed_and_a_new_key_file_in_the_folder_is_not(bench: Any) -> None:
    folder = bench.copy()
    key = folder / "office.key"
    bench.secret.write(key)
    NEW.write(newer(key))
    shutil.copyfile(folder / "records.db", folder / "records.db.new")
    (folder / "records.db.new-journal").write_bytes(b"left")
    (folder / "head.json.new").write_bytes(b"left")
    bench.open(folder).close()
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["audit.log", "head.json", "lock", "office.key", "office.key.new", "records.db"]
    assert unlocked_file(key) == (bench.secret, NEW)


def test_a_rotation_after_a_cut_one_starts_anew(bench: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        (folder / "records.db.new").write_bytes(b"of a rotation that was cut off")
        with vault.operation(Event.KEYS_ROTATED):
            vault.rotate(NEW, "new")
    with bench.open(folder, NEW) as vault:
        assert sound(bench, vault)


def test_after_a_rotation_no_head_under_the_older_key_is_believed(bench: Any) -> None:
    folder = bench.copy()
    older = {name: (folder / name).read_bytes() for name in ("audit.log", "head.json")}
    new = KeyFile.made()
    with bench.open(folder) as vault, vault.operation(Event.KEYS_ROTATED):
        vault.rotate(new, "new")
    with bench.open(folder, new) as vault:
        assert vault.check() == len(bench.messages) + 1
    for name, data in older.items():
        (folder / name).write_bytes(data)
    with pytest.raises(VaultError):
        bench.open(folder, new)
