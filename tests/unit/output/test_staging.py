from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import OutputError
from clearslate.output.disk import Disk, OpenFolder
from clearslate.output.staging import Staging, own_leftovers

POSIX = os.name == "posix"
OLD = {"old.csv": b"the older results\n", "run.json": b'{"format": 1}'}
KEPT = {f"out/{name}": data for name, data in OLD.items()}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill(output: Path, files: dict[str, bytes] = OLD) -> None:
    output.mkdir()
    for name, data in files.items():
        (output / name).write_bytes(data)


def write_and_release(output: Path, **options: Any) -> Path | None:
    with Staging(output, **options) as staging:
        folder = staging.open()
        for name in ("one.csv", "two.csv"):
            file = folder.create(name)
            file.write(b"a,b\n")
            file.write(b"1,2\n", 1)
        return staging.release()


NEW = {"one.csv": b"a,b\n1,2\n", "two.csv": b"a,b\n1,2\n"}


def release_a_run(output: Path) -> Path | None:
    """The same, with the manifest that every run has."""
    with Staging(output, overwrite=True) as staging:
        staging.open().create("run.json").write(b'{"format": 1}')
        return staging.release()


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_nothing_has_the_outputs_name_before_the_release(tmp_path: Path) -> None:
    with Staging(tmp_path / "out") as staging:
        staging.open().create("one.csv").write(b"x")
        assert [entry.name for entry in tmp_path.iterdir()] == [f".out.partial-{os.getpid()}"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_knows_its_size_rows_and_digest(tmp_path: Path) -> None:
    with Staging(tmp_path / "out") as staging:
        file = staging.open().create("one.csv")
        for _ in range(3):
            file.write(b"1,2\n" * 1000, 1000)
        assert (file.size, file.rows) == (12000, 3000)
        assert file.sha256 == hashlib.sha256(b"1,2\n" * 3000).hexdigest()


if POSIX:

    def test_only_the_owner_can_read_whatever_the_umask(tmp_path: Path, umask: int) -> None:
        write_and_release(tmp_path / "out")
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}

    def test_an_empty_folder_open_to_all_is_taken_and_closed_to_others(tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out").chmod(0o777)
        write_and_release(tmp_path / "out")
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700

    def test_a_staging_folder_swapped_for_a_link_redirects_nothing(tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        with Staging(tmp_path / "out") as staging:
            folder = staging.open()
            hidden = next(tmp_path.glob(".out.partial-*"))
            hidden.rename(tmp_path / "moved")
            hidden.symlink_to(elsewhere)
            folder.create("one.csv").write(b"a secret\n")
            hidden.unlink()
            (tmp_path / "moved").rename(hidden)
        assert list(elsewhere.iterdir()) == []

    def test_an_output_that_is_a_link_is_refused(tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "out").symlink_to(tmp_path / "real")
        with pytest.raises(OutputError, match=r"\[out\] is a link"):
            Staging(tmp_path / "out", overwrite=True)


def test_an_output_that_is_not_empty_is_refused_and_stays(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    with pytest.raises(OutputError, match=r"\[out\] is not empty.*--overwrite"):
        Staging(tmp_path / "out")
    assert tree(tmp_path) == KEPT


def test_overwrite_moves_the_older_results_aside_and_never_loses_one(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    assert release_a_run(tmp_path / "out") == tmp_path / "out.previous"
    assert write_and_release(tmp_path / "out", overwrite=True) == tmp_path / "out.previous-2"
    assert tree(tmp_path / "out.previous") == OLD
    assert tree(tmp_path / "out.previous-2") == {"run.json": b'{"format": 1}'}
    assert tree(tmp_path / "out") == NEW


def test_results_that_appear_during_the_run_are_not_replaced(tmp_path: Path) -> None:
    with Staging(tmp_path / "out") as staging:
        staging.open().create("one.csv")
        fill(tmp_path / "out")
        with pytest.raises(OutputError, match="not empty"):
            staging.release()
    assert tree(tmp_path) == KEPT


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(OutputError, match=r"\[out\] is a file"):
        Staging(tmp_path / "out", overwrite=True)


def test_an_output_without_a_parent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="parent folder does not exist"):
        Staging(tmp_path / "no" / "out")


def test_an_output_that_holds_an_input_is_refused_before_it_is_moved_aside(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    with pytest.raises(OutputError, match=r"\[old.csv\] are in one another"):
        Staging(tmp_path / "out", inputs=[tmp_path / "out" / "old.csv"], overwrite=True)
    with pytest.raises(OutputError, match="in one another"):
        Staging(tmp_path / "out", inputs=[tmp_path / "out"])


def test_the_root_of_a_disk_is_refused() -> None:
    with pytest.raises(OutputError, match="root"):
        Staging(Path(Path.cwd().anchor))


@pytest.mark.parametrize(
    "name",
    ["../x.csv", "/x.csv", "a/b.csv", "a\\b.csv", "C:x", ".hidden", "NUL", "con.csv", "x.", "", "a\0b", "x" * 120],
)
def test_a_writer_cannot_leave_the_folder_or_name_a_device(tmp_path: Path, name: str) -> None:
    with Staging(tmp_path / "out") as staging, pytest.raises(OutputError, match="name of an output file"):
        staging.open().create(name)


def test_a_partial_folder_of_a_run_that_was_cut_off_is_told_of_and_left(tmp_path: Path) -> None:
    dead = tmp_path / f".out.partial-{os.getpid()}"
    dead.mkdir()
    with Staging(tmp_path / "out") as staging:
        staging.open().create("one.csv")
        assert staging.leftovers == (dead.name,)
        staging.release()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [dead.name, "out"]


class Failing(Disk):
    """Fails the n-th write, sync, close or rename, after doing half of a write; counts them."""

    def __init__(self, nth: int, number: int = errno.EIO) -> None:
        self.nth = nth
        self.number = number
        self.done = 0

    def _next(self) -> bool:
        self.done += 1
        return self.done == self.nth

    def _fail(self) -> None:
        raise OSError(self.number, os.strerror(self.number), "/a/path")

    def write(self, handle: int, data: bytes) -> None:
        if self._next():
            super().write(handle, data[: len(data) // 2])
            self._fail()
        super().write(handle, data)

    def sync(self, handle: int) -> None:
        if self._next():
            self._fail()
        super().sync(handle)

    def close(self, handle: int) -> None:
        super().close(handle)
        if self._next():
            self._fail()

    def create(self, folder: OpenFolder, name: str) -> int:
        if self._next():
            self._fail()
        return super().create(folder, name)

    def make_folder(self, parent: OpenFolder, name: str) -> None:
        if self._next():
            self._fail()
        super().make_folder(parent, name)

    def tighten(self, folder: OpenFolder) -> None:
        if self._next():
            self._fail()
        super().tighten(folder)

    def sync_folder(self, folder: OpenFolder) -> None:
        if self._next():
            self._fail()
        super().sync_folder(folder)

    def rename(self, parent: OpenFolder, old: str, new: str) -> None:
        if self._next():
            self._fail()
        super().rename(parent, old, new)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("state", ["absent", "empty", "full"])
def test_whatever_operation_fails_nothing_looks_finished_and_the_older_results_stand(
    tmp_path: Path, state: str, number: int
) -> None:
    output = tmp_path / "out"
    nth, disk = 0, Failing(0)
    while True:
        nth += 1
        disk = Failing(nth, number)
        if state == "full" and not output.exists():
            fill(output)
        elif state == "empty":
            output.mkdir(exist_ok=True)
        try:
            write_and_release(output, overwrite=True, disk=disk)
        except OutputError as error:
            failed = error
        else:
            break
        assert failed.exit_code == 6
        assert "\n" not in str(failed)
        assert "/a/path" not in str(failed)
        assert ("disk is full" in str(failed)) == (number == errno.ENOSPC)
        assert tree(tmp_path) == (KEPT if state == "full" else {})
        assert {entry.name for entry in tmp_path.iterdir()} <= {"out"}
    assert tree(output) == NEW
    # Every operation of a whole run failed once before the run that passed.
    assert nth == disk.done + 1 > 14


def test_an_interrupt_between_the_two_renames_puts_the_older_results_back(tmp_path: Path) -> None:
    class Interrupted(Disk):
        def rename(self, parent: OpenFolder, old: str, new: str) -> None:
            super().rename(parent, old, new)
            if new == "out.previous":
                raise KeyboardInterrupt

    fill(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        write_and_release(tmp_path / "out", overwrite=True, disk=Interrupted())
    assert tree(tmp_path) == KEPT


def test_older_results_that_cannot_be_put_back_are_named(tmp_path: Path) -> None:
    class Broken(Disk):
        def rename(self, parent: OpenFolder, old: str, new: str) -> None:
            if old != "out":
                raise OSError(errno.EIO, "broken")
            super().rename(parent, old, new)

    fill(tmp_path / "out")
    with pytest.raises(OutputError, match=r"stand in \[out.previous\]"):
        write_and_release(tmp_path / "out", overwrite=True, disk=Broken())
    assert tree(tmp_path / "out.previous") == OLD


def test_a_short_write_is_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:2]))
    write_and_release(tmp_path / "out")
    monkeypatch.undo()
    assert tree(tmp_path / "out") == NEW


@pytest.mark.parametrize(
    "manifest", [None, b"", b"not json", b"[]", b"{}", b'{"format": 2}', b'{"format": true}', b'{"format": "1"}']
)
def test_a_folder_that_is_no_run_is_never_replaced(tmp_path: Path, manifest: bytes | None) -> None:
    files = {"notes.txt": b"a year of work\n"} | ({} if manifest is None else {"run.json": manifest})
    fill(tmp_path / "out", files)
    with pytest.raises(OutputError, match=r"\[out\] holds something that is not the output of a run"):
        Staging(tmp_path / "out", overwrite=True)
    assert tree(tmp_path / "out") == files


def test_a_packet_is_replaced_as_a_run_is(tmp_path: Path) -> None:
    fill(tmp_path / "out", {"packet.json": b'{"format": 1}', "motion.pdf": b"x"})
    with pytest.raises(OutputError, match=r"\[out\] is not empty"):
        Staging(tmp_path / "out")
    write_and_release(tmp_path / "out", overwrite=True)
    assert tree(tmp_path / "out") == NEW
    assert "motion.pdf" in tree(tmp_path / "out.previous")


@pytest.mark.parametrize("output", [".", "..", "../../here/inner"])
def test_the_current_folder_and_those_that_hold_it_are_refused(
    tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "here" / "inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    with pytest.raises(OutputError, match="is the current folder, or holds it"):
        Staging(Path(output), overwrite=True)
    assert inner.is_dir()


@pytest.mark.parametrize("step", ["close", "remove_tree", "close_folder"])
def test_an_interrupt_of_the_cleaning_up_leaves_nothing_behind(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Disk):
        """Interrupted at its first try of the step, in the midst of it."""

        left = 1

        def _interrupt(self, name: str) -> None:
            if name == step and self.left:
                self.left = 0
                raise KeyboardInterrupt

        def remove_tree(self, parent: OpenFolder, name: str) -> None:
            (parent.path / name / "one.csv").unlink(missing_ok=True)
            self._interrupt("remove_tree")
            super().remove_tree(parent, name)

        def close_folder(self, folder: OpenFolder) -> None:
            super().close_folder(folder)
            self._interrupt("close_folder")

    disk = Interrupted()
    real = os.close
    monkeypatch.setattr(os, "close", lambda handle: (real(handle), disk._interrupt("close"))[0])
    staging = Staging(tmp_path / "out", disk=disk)
    folder = staging.open()
    folder.create("one.csv").write(b"x")
    folder.create("two.csv").write(b"x")
    with pytest.raises(KeyboardInterrupt):
        staging.abandon()
    assert disk.left == 0
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_removed_is_named(tmp_path: Path) -> None:
    class Stuck(Disk):
        def remove_tree(self, parent: OpenFolder, name: str) -> None:
            raise OSError(errno.EACCES, "denied")

    name = f".out.partial-{os.getpid()}"
    staging = Staging(tmp_path / "out", disk=Stuck())
    staging.open()
    assert own_leftovers(tmp_path / "out") == (name,)
    with pytest.raises(OutputError, match=rf"\[{name}\] could not be removed"):
        staging.abandon()
    assert own_leftovers(tmp_path / "out") == (name,)
    (tmp_path / name).rmdir()
    assert own_leftovers(tmp_path / "out") == ()
