from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from clearslate import __version__
from clearslate.output.ledger import Ledger
from clearslate.output.manifest import json_bytes, manifest
from clearslate.output.staging import Staging
from clearslate.testing.memory import MemoryReader

EMPTY = Ledger(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {}, 0, 0, 0, 0)


def test_the_manifest_says_what_was_run_on_what_and_nothing_of_where_or_when(rolls: Any, tmp_path: Path) -> None:
    run = rolls.context(MemoryReader((), names=("a.dat", "b.dat")), policy="emerald_city")
    with Staging(tmp_path / "out") as staging:
        folder = staging.open()
        folder.create("b.csv").write(b"x\n", 1)
        folder.create("a.csv")
        made = manifest(run, EMPTY, folder.files.values(), {"clearslate-oz": "1.2"})
    assert set(made) == {
        "format",
        "versions",
        "reform",
        "policy",
        "county",
        "as_of",
        "reader",
        "inputs",
        "outputs",
        "ledger",
    }
    assert made["versions"] == {"clearslate": __version__, "clearslate-oz": "1.2"}
    assert made["policy"]["parameters"] == {
        "crime_free_years": 10,
        "age_threshold": 0,
        "markets_count": False,
        "grades": ["felony", "misdemeanor"],
    }
    assert len(made["policy"]["sha256"]) == 64
    assert made["as_of"] == "2020-01-01"
    assert [file["name"] for file in made["inputs"]] == ["a.dat", "b.dat"]
    assert [file["name"] for file in made["outputs"]] == ["a.csv", "b.csv"]


def test_json_is_sorted_and_ends_its_line() -> None:
    assert json_bytes({"b": "é", "a": 1}) == '{\n  "a": 1,\n  "b": "é"\n}\n'.encode()
    assert json.loads(json_bytes({"name": "\udcff.dat"})) == {"name": "\udcff.dat"}
