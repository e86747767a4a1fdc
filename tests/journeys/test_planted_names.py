"""What is read stands sealed on the disk and nowhere else: facts that were planted are looked for wherever a command
may have left them, in several spellings and in what is compressed.

On Linux every write to any file is read as well, those to files without a name included, and commands are killed and
run out of room at given calls, with the shim of ``tests/vault/cut``.
"""

from __future__ import annotations

import importlib.util
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest

HERE = Path(__file__).parent
LINUX = sys.platform.startswith("linux")
RUN = ("run", "--reform", "ca_prop64", "--as-of", "2020-07-01")
NAME, BORN, CASE = "ZYXQUELLWORT,IMOGENA", "19610317", "QX83917264"


def _planted() -> Any:
    spec = importlib.util.spec_from_file_location("planted", HERE / "planted.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["planted"] = module
    spec.loader.exec_module(module)
    return module


planted = _planted()


@pytest.fixture(scope="module")
def source(doj: Any) -> bytes:
    """A file with the planted facts, in rows that count and in a row that is rejected."""
    rows = [
        row | {"COMMENT_TEXT": f"SEE {name}"}
        for subject, (name, born, case) in planted.PEOPLE.items()
        for row in doj.conviction(subject, PRI_NAME=name, PRI_DOB=born, OFN=case)
    ]
    return f"{doj.text(rows)}83917264,QUINCEHOLLOWAY,19770611\r\n".encode()


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path | None]:
    """What a watched command loads."""
    hooks = tmp_path_factory.mktemp("hooks")
    (hooks / "sitecustomize.py").write_text(planted.HOOK, "utf-8")
    build = runpy.run_path(str(HERE.parent / "vault/cut/build.py"))["built"]
    return hooks, build(hooks) if LINUX else None


@pytest.fixture
def world(tmp_path: Path, tools: tuple[Path, Path | None]) -> Any:
    return planted.World(tmp_path, *tools)


@pytest.fixture(scope="module")
def again(
    tmp_path_factory: pytest.TempPathFactory, tools: tuple[Path, Path | None], source: bytes
) -> Callable[[], Any]:
    """Gives a project whose vault has the file, and which has the file no longer: the same one each time, as it was."""
    world = planted.World(tmp_path_factory.mktemp("again"), *tools)
    (world.project / "doj.dat").write_bytes(source)
    assert world.command("init", "--key-file", str(world.key)).code == 0
    assert world.command("ingest", "doj.dat").code == 0
    (world.project / "doj.dat").unlink()
    kept = shutil.copytree(world.root, world.root.with_name("kept"))

    def laid() -> Any:
        shutil.rmtree(world.root)
        shutil.copytree(kept, world.root)
        return world

    return laid


@pytest.fixture
def filled(again: Callable[[], Any]) -> Any:
    return again()


def shared_places() -> set[Path]:
    """The files that are in places of the whole system now."""
    return {path for place in (Path("/dev/shm"), Path("/var/tmp")) if place.is_dir() for path in place.rglob("*")}


# The search itself


@pytest.mark.parametrize("spelling", ["utf-8", "utf-16-le", "utf-16-be"])
def test_the_search_finds_a_name_in_any_spelling(spelling: str) -> None:
    import base64
    import zlib

    text = f"seen: {NAME.title()}".encode(spelling)
    for data in (text, text[::-1], zlib.compress(b"x" * 9 + text), planted.zstd.compress(text)):
        assert planted.found_in(b"\0\1" + data)
    assert planted.found_in(text.hex().encode())
    assert planted.found_in(text.hex().upper().encode())
    if spelling == "utf-8":
        for before in ("", "a", "ab"):
            assert planted.found_in(base64.b64encode(f"{before}{BORN} and more".encode()))
            assert planted.found_in(base64.b64encode(f"{before}{BORN}".encode()))
    assert planted.found_in(b"nobody is named here") is None


def test_the_search_finds_a_file_by_what_it_holds_and_by_its_name(tmp_path: Path) -> None:
    for name, text in (("a", f"born {BORN}"), (f"{CASE}.txt", "nothing"), ("b", "nothing")):
        (tmp_path / name).write_text(text, "utf-8")
    assert holding(tmp_path) == {"a", f"{CASE}.txt"}


def holding(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in planted.holding(root)}


# From the first command to the last


def test_a_project_leaves_no_planted_fact_on_the_disk_or_in_what_it_says(world: Any, source: bytes) -> None:
    before = shared_places()
    (world.project / "doj.dat").write_bytes(source)
    (world.root / "key/other.key").write_text("no key", "utf-8")
    quiet = [
        (0, ("init", "--key-file", str(world.key))),
        (0, ("ingest", "doj.dat")),
        (0, ("ingest", "doj.dat")),
        (0, RUN),
        (1, (*RUN, "--strict")),
        (0, ("runs",)),
        (0, ("doctor",)),
        (1, ("doctor", "doj.dat", "--strict")),
        (0, ("verify",)),
        (0, ("audit", "show")),
        (0, ("audit", "verify")),
        (0, ("anchor",)),
        (0, ("keys", "list")),
        (0, ("keys", "add", "--new-key-file", str(world.root / "key/second.key"))),
        (0, ("keys", "rotate", "--drop-others")),
        (0, ("backup", "--output", "../copy")),
        # What fails.
        (11, ("verify", "--key-file", str(world.root / "key/other.key"))),
        (11, ("ingest", "doj.dat", "--key-file", str(world.root / "key/second.key"))),
        (3, ("ingest", "missing.dat")),
        (3, ("ingest", "clearslate.toml")),
        (6, ("backup", "--output", "../copy")),
        (2, ("lookup", "--name", NAME)),
        (2, ("lookup", NAME)),
        (2, ("explain", "--reform", "ca_prop64", "--as-of", "2020-07-01", "--person", "nobody")),
        (8, (*RUN, "--county", "OZ")),
        (2, ("shred", "--person", "nobody", "--yes")),
    ]
    for code, arguments in quiet:
        done = world.command(*arguments, log=True)
        assert done.code == code, (arguments, done)
        assert planted.found_in(f"{done.out}{done.err}".encode()) is None, arguments
        assert "Traceback" not in done.err
    for arguments in (
        ("lookup", "--name", NAME, "--born", "1961-03-17"),
        ("lookup", "--facts", "-"),
        ("explain", "--reform", "ca_prop64", "--as-of", "2020-07-01", "--person", "83917264"),
    ):
        done = world.command(*arguments, log=True, text=f"name = {NAME}\ncase = {CASE}\n")
        assert done.code == 0, done
        assert planted.found_in(done.err.encode()) is None
    assert planted.found_in(done.out.encode())
    done = world.command("shred", "--person", "83917265", "--yes", log=True)
    assert (done.code, planted.found_in(done.out.encode())) == (0, None), done
    (world.project / "doj.dat").unlink()
    assert world.log.stat().st_size > 0
    assert holding(world.root) == set()
    assert {
        path for path in shared_places() - before if path.is_file() and planted.found_in(path.read_bytes())
    } == set()


@pytest.mark.parametrize("arguments", [RUN, ("export",)])
def test_what_was_asked_for_is_the_only_plaintext(filled: Any, arguments: tuple[str, ...]) -> None:
    assert filled.command(*RUN).code == 0
    done = filled.command(*arguments, "--output", "out", log=True)
    assert done.code == 0, done
    assert planted.found_in(f"{done.out}{done.err}".encode()) is None
    found = holding(filled.root)
    assert "project/out/determinations.csv" in found
    assert {name for name in found if not name.startswith("project/out/")} == set()


def test_a_run_on_files_leaves_plaintext_in_its_output_alone(world: Any, source: bytes) -> None:
    (world.project / "doj.dat").write_bytes(source)
    assert world.command(*RUN, "--input", "doj.dat", "--output", "out", log=True).code == 0
    (world.project / "doj.dat").unlink()
    assert {name for name in holding(world.root) if not name.startswith("project/out/")} == set()


def sealed(world: Any, source: bytes) -> str:
    """The file as an age file, with the identity that opens it."""
    identity = pyrage.x25519.Identity.generate()
    (world.project / "doj.dat.age").write_bytes(pyrage.encrypt(source, [identity.to_public()]))
    (world.root / "key/age.txt").write_text(str(identity), "utf-8")
    (world.root / "key/age.txt").chmod(0o600)
    return str(world.root / "key/age.txt")


def test_an_age_file_is_read_without_plaintext_on_the_disk(world: Any, source: bytes) -> None:
    identity = sealed(world, source)
    assert world.command("init", "--key-file", str(world.key)).code == 0
    assert world.command("ingest", "doj.dat.age", "--identity", identity, log=True).code == 0
    assert world.command("doctor", "doj.dat.age", "--identity", identity, log=True).code == 0
    assert holding(world.root) == set()
    done = world.command(*RUN, "--input", "doj.dat.age", "--identity", identity, "--output", "out", log=True)
    assert done.code == 0, done
    assert {name for name in holding(world.root) if not name.startswith("project/out/")} == set()


# What fails inside


FAULTS = {
    "the reader": ("clearslate.assess.plan:_by_person", ("ingest", "doj.dat")),
    "the records": ("clearslate.vault.records:Record.packed", ("ingest", "doj.dat")),
    "the policy": ("clearslate.policy.policy:Policy.decide", RUN),
    "the writer": ("clearslate.output.determinations:cells", (*RUN, "--output", "out")),
    "the ledger": ("clearslate.output.ledger:Ledger.check", (*RUN, "--output", "out")),
    "the vault": ("clearslate.vault.store:Store.get", ("lookup", "--name", NAME, "--born", "1961-03-17")),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_inside_is_told_in_one_line_that_names_nobody(filled: Any, source: bytes, what: str) -> None:
    fault, arguments = FAULTS[what]
    (filled.project / "doj.dat").write_bytes(source + b"\r\n")
    done = filled.command(*arguments, log=True, fault=fault)
    (filled.project / "doj.dat").unlink()
    assert done.code != 0
    assert len(done.err.splitlines()) == 1, done.err
    assert planted.found_in(f"{done.out}{done.err}".encode()) is None
    assert holding(filled.root) == set()


def test_a_process_that_opened_a_vault_leaves_no_core_and_closes_its_memory(filled: Any) -> None:
    script = """
import sys
from clearslate_cli import entry
sys.argv = ["clearslate", "verify"]
code = entry.run()
core = dumpable = 0
if sys.platform != "win32":
    import resource
    core = sum(resource.getrlimit(resource.RLIMIT_CORE))
if sys.platform.startswith("linux"):
    import ctypes
    dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
print(code, core, dumpable)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=filled.project,
        env=filled.environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["0 0 0"], done


# Killed, and out of room


if LINUX:

    def cuts(calls: int) -> Iterator[int]:
        """Some calls of an operation, the last one among them."""
        yield from sorted({max(1, calls * part // 4) for part in (1, 2, 3, 4)})

    CUT: dict[str, tuple[str, ...]] = {
        "an ingest": ("ingest", "doj.dat"),
        "a run on files": (*RUN, "--input", "doj.dat", "--output", "out"),
        "a run on the vault": (*RUN, "--output", "out"),
        "a rotation": ("keys", "rotate"),
    }

    @pytest.fixture
    def ready(again: Callable[[], Any], source: bytes) -> Callable[[], Any]:
        """The same project, with a file that is new to it."""

        def laid() -> Any:
            world = again()
            (world.project / "doj.dat").write_bytes(source + b"\r\n")
            return world

        return laid

    @pytest.mark.parametrize("what", CUT)
    def test_a_killed_command_leaves_plaintext_in_its_unfinished_output_alone(
        ready: Callable[[], Any], what: str
    ) -> None:
        calls = ready().watched(*CUT[what]).calls
        for at in cuts(calls):
            world = ready()
            assert planted.killed(world.watched(*CUT[what], mode=planted.KILL, at=at))
            (world.project / "doj.dat").unlink()
            left = holding(world.root)
            assert {name for name in left if not name.startswith(("project/out/", "project/.out.partial-"))} == set()

    @pytest.mark.parametrize("what", CUT)
    def test_a_command_that_runs_out_of_room_leaves_no_plaintext(ready: Callable[[], Any], what: str) -> None:
        calls = ready().watched(*CUT[what]).calls
        for at in cuts(calls):
            world = ready()
            done = world.watched(*CUT[what], mode=planted.FULL, at=at)
            assert planted.found_in(f"{done.out}{done.err}".encode()) is None
            if done.code:
                assert all(line.startswith("clearslate: ") for line in done.err.splitlines()), done.err
                (world.project / "doj.dat").unlink()
                assert holding(world.root) == set()

    @pytest.mark.parametrize("what", CUT)
    def test_no_write_to_any_file_but_the_output_holds_a_planted_fact(ready: Callable[[], Any], what: str) -> None:
        world = ready()
        done = world.watched(*CUT[what], folder="")
        assert done.code == 0, done
        assert done.calls > 10
        # The vault that dies with the command is a file without a name, in the folder for such.
        assert any(name.startswith(str(world.root / "tmp")) for name in done.files) == ("--input" in CUT[what])
        outputs = {name for name in done.planted if "/.out.partial-" in name}
        assert done.planted == outputs
        assert bool(outputs) == ("--output" in CUT[what])

    def test_no_write_to_any_file_holds_a_planted_fact_of_an_age_file(world: Any, source: bytes) -> None:
        identity = sealed(world, source)
        assert world.command("init", "--key-file", str(world.key)).code == 0
        done = world.watched("ingest", "doj.dat.age", "--identity", identity, folder="")
        assert (done.code, done.planted) == (0, frozenset()), done
        assert any(name.startswith(str(world.root / "tmp")) for name in done.files)
