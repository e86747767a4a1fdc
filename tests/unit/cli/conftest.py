from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from clearslate import registry
from clearslate.testing.oz import OZ


@pytest.fixture
def oz(monkeypatch: pytest.MonkeyPatch) -> registry.Registry:
    """An installation that has Oz's reform and a reader of its rolls, and nothing else."""
    supplier = registry.Supplier("clearslate-oz", "1.0")
    reader = SimpleNamespace(id="oz_rolls", title="Rolls of Oz", columns=("A", "B"), condensed=("A",), cells={})
    known = registry.Registry(
        {OZ.about.id: registry.Supplied(OZ, supplier)},
        {"oz_rolls": registry.Supplied(reader, supplier)},  # type: ignore[dict-item]
        {},
    )
    monkeypatch.setattr(registry, "load", lambda: known)
    return known


KNOWN = {
    1: ("10", "ozma zyxquell", "1961-03-17", "a10", "oz1"),
    2: ("20", "bo vornwick", "1970-02-03", "a20", "oz2"),
}
"""The persons of the small vault, as they can be looked up: person_id, name, birth date, identifier, case."""


@pytest.fixture
def small_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the working folder, whose vault has two persons and a run that decided of the first."""
    from clearslate.vault import lookup, runs
    from clearslate.vault.records import Extent, Place, Record, packed_source
    from clearslate.vault.sealing import Kind
    from clearslate.vault.secrets import KeyFile
    from clearslate.vault.vault import Vault
    from clearslate_cli.vaulted import actor

    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    key = KeyFile.made()
    key.write(tmp_path / "safe" / "key")
    (tmp_path / "project" / "clearslate.toml").write_text(
        '[vault]\nfolder = "vault"\nkey_file = "../safe/key"\n', encoding="utf-8"
    )
    columns = ("statute", "case_number", "outcome", "relief", "person_id")
    cells = ("OZ 1", "OZ1", "eligible", "dismiss", "10")
    manifest = {"reform": {"id": "oz"}, "policy": {"id": "mild"}, "as_of": "2026-01-01", "county": None}
    with Vault.create(Path("vault"), key, actor()) as vault, vault.store.step() as step:
        told = []
        for number, (subject, name, born, identifier, case) in KNOWN.items():
            known = {"subject": subject, "names": [name], "births": [born], "identifiers": [identifier]}
            known["cases"] = [case]
            step.put(Kind.PERSON, number, Record([Extent(1, number * 4, 4)], b"row\n", known).packed())
            told += [(one, number) for one in lookup.findable(known)]
        places = [Place(0, 4, 1, 0, 1, 0), Place(4, 4, 1, 1, 1, 1), Place(8, 4, 1, 1, 1, 2)]
        step.put(Kind.SOURCE, 1, packed_source({"name": "rolls.csv"}, places))
        lookup.write(vault.store, step, told)
        about = {"at": "2026-01-02T03:04:05.00Z", "manifest": manifest, "columns": list(columns)}
        runs.write_run(step, 1, about)
        runs.write_decisions(step, 1, [(1, [{"cells": list(cells), "trace": []}])])
    return tmp_path
