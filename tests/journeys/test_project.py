"""A file's whole way through a project: in, decided, explained, out again, plain or encrypted to somebody."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyrage
import pytest
from pyrage import x25519

SAMPLE = Path(__file__).parents[2] / "examples" / "ca_doj_sample.dat"
DECIDE = ("--reform", "ca_prop64", "--as-of", "2026-01-01")


@pytest.fixture
def office_project(empty_project: Any) -> Any:
    """A project with the sample brought in; the file itself is gone, as an office would have it."""
    empty_project.command("init", "--key-file", str(empty_project.key))
    sample = empty_project.project / "county.dat"
    shutil.copyfile(SAMPLE, sample)
    assert empty_project.command("ingest", "county.dat").code == 0
    sample.unlink()
    return empty_project


def read(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def identity(folder: Path) -> tuple[x25519.Identity, Path]:
    key = x25519.Identity.generate()
    path = folder / "identity.txt"
    path.write_text(f"{key}\n", encoding="ascii")
    path.chmod(0o600)
    return key, path


def test_what_a_run_in_the_vault_exports_is_what_a_run_on_the_file_writes(office_project: Any) -> None:
    project = office_project
    kept = project.command("run", *DECIDE)
    assert kept.code == 0
    assert "Run 1 is kept in the vault" in kept.out
    assert sorted(entry.name for entry in project.project.iterdir()) == ["clearslate.toml", "vault"]
    assert project.command("export", "--output", "exported").code == 0
    assert project.command("run", *DECIDE, "--output", "written").code == 0
    shutil.copyfile(SAMPLE, project.project / "county.dat")
    assert project.command("run", *DECIDE, "--input", "county.dat", "--output", "plain").code == 0
    assert read(project.project / "exported") == read(project.project / "plain") == read(project.project / "written")


def test_an_export_to_the_court_can_be_opened_by_the_court_alone(office_project: Any, tmp_path: Path) -> None:
    project = office_project
    court, _ = identity(tmp_path)
    defender = x25519.Identity.generate()
    project.command("run", *DECIDE)
    to = ("--to", str(court.to_public()), "--to", str(defender.to_public()))
    done = project.command("export", "--output", "sealed", *to)
    assert (done.code, done.err) == (0, "")
    project.command("export", "--output", "plain")
    plain = read(project.project / "plain")
    for key in (court, defender):
        sealed = read(project.project / "sealed")
        opened = {name.removesuffix(".age"): pyrage.decrypt(data, [key]) for name, data in sealed.items()}
        assert opened == plain
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed["run.json.age"], [x25519.Identity.generate()])


def test_a_file_that_came_encrypted_is_run_and_brought_in_like_any_other(empty_project: Any, tmp_path: Path) -> None:
    project = empty_project
    project.command("init", "--key-file", str(project.key))
    key, path = identity(tmp_path)
    shutil.copyfile(SAMPLE, project.project / "county.dat")
    (project.project / "sealed").mkdir()
    pyrage.encrypt_file(str(SAMPLE), str(project.project / "sealed" / "county.dat.age"), [key.to_public()])
    opened = ("--identity", str(path), "--input", "sealed/county.dat.age")
    assert project.command("run", *DECIDE, *opened, "--output", "of_sealed").code == 0
    assert project.command("run", *DECIDE, "--input", "county.dat", "--output", "of_plain").code == 0
    assert read(project.project / "of_sealed") == read(project.project / "of_plain")
    assert project.command("ingest", "sealed/county.dat.age", "--identity", str(path)).code == 0
    again = project.command("ingest", "county.dat")
    assert again.code == 0
    assert "[county.dat] is in the vault already and changed nothing" in again.err


def test_a_file_for_somebody_else_is_refused_with_what_to_give(
    empty_project: Any, tmp_path: Path, error_of: Any
) -> None:
    project = empty_project
    project.command("init", "--key-file", str(project.key))
    _, path = identity(tmp_path)
    other = x25519.Identity.generate()
    pyrage.encrypt_file(str(SAMPLE), str(project.project / "county.dat.age"), [other.to_public()])
    for arguments in (("ingest", "county.dat.age"), ("run", *DECIDE, "--output", "out", "--input", "county.dat.age")):
        refused = project.command(*arguments, "--identity", str(path))
        assert refused.code == 3
        assert "county.dat.age" in error_of(refused)
        missing = project.command(*arguments)
        assert missing.code == 3
        assert "--identity" in error_of(missing)
    assert not (project.project / "out").exists()


def test_a_decision_is_explained_from_the_vault_as_from_the_file(office_project: Any) -> None:
    project = office_project
    shutil.copyfile(SAMPLE, project.folder / "county.dat")
    where = ("--input", str(project.folder / "county.dat"))
    for what in (("--row", "35"), ("--person", "10000004")):
        from_vault = project.command("explain", *DECIDE, *what)
        assert from_vault.code == 0
        assert from_vault.out == project.command("explain", *DECIDE, *what, *where).out
    checked = project.command("doctor")
    assert checked.code == 0
    assert checked.out == project.command("doctor", str(project.folder / "county.dat")).out


def test_a_run_that_the_program_would_decide_otherwise_now_is_not_exported(office_project: Any, error_of: Any) -> None:
    project = office_project
    policy = project.project / "own.toml"
    shutil.copyfile(_policy("dismiss_all"), policy)
    assert project.command("run", *DECIDE, "--policy", "own.toml").code == 0
    # The policy file may go: the vault has it.
    policy.unlink()
    assert project.command("export", "--output", "out").code == 0
    for arguments, words in (
        (("export", "--output", "out2", "--run", "7"), "the vault keeps no run [7]; known: 1"),
        (("export", "--output", "out2", "--to", "nobody"), "recipient 1"),
    ):
        refused = project.command(*arguments)
        assert refused.code == 2
        assert words in error_of(refused)
    assert not (project.project / "out2").exists()


def _policy(name: str) -> Path:
    return Path(__file__).parents[2] / f"plugins/ca_prop64/src/clearslate_ca_prop64/policies/{name}.toml"


def test_runs_are_listed_with_what_was_asked(office_project: Any) -> None:
    project = office_project
    assert "The vault keeps no run." in project.told("runs")
    project.command("run", *DECIDE)
    project.command("run", *DECIDE, "--policy", "dismiss_all", "--county", "sacramento")
    first, second = project.json("runs")
    assert (first["run"], first["county"], first["policy"]["id"]) == (1, None, "statute")
    assert (second["run"], second["county"], second["policy"]["id"]) == (2, "SACRAMENTO", "dismiss_all")
    assert "SACRAMENTO" in project.told("runs")


def test_a_run_in_a_vault_without_a_file_says_what_to_do(empty_project: Any, error_of: Any) -> None:
    empty_project.command("init", "--key-file", str(empty_project.key))
    refused = empty_project.command("run", *DECIDE)
    assert refused.code == 2
    assert "bring one in: clearslate ingest FILE" in error_of(refused)


def test_a_run_whose_output_cannot_be_made_is_not_kept(office_project: Any, error_of: Any) -> None:
    project = office_project
    (project.project / "taken").write_text("something else", encoding="ascii")
    refused = project.command("run", *DECIDE, "--output", "taken")
    assert refused.code == 6
    assert "taken" in error_of(refused)
    assert "The vault keeps no run." in project.told("runs")
