"""A project with a vault, from the first command to the last."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from clearslate.vault.audit import Event

POSIX = os.name == "posix"
WORDS = "seven invented otters in a row"
ANSWERS = Path(__file__).parents[2] / "examples" / "court_answers.csv"
OFFICE = Path(__file__).parents[2] / "examples" / "office.toml"
NOBODY = ("--name", "nobody", "--born", "1980-01-01")


# Making a project


def test_a_project_is_made_with_its_key_elsewhere_and_closed_to_others(empty_project: Any) -> None:
    loose = {"preexec_fn": lambda: os.umask(0)} if POSIX else {}
    text = empty_project.told("init", **loose)
    (key,) = (empty_project.folder / "home").rglob("*.key")
    assert str(key) in text
    assert "loses" in text or "lost" in text
    assert "clearslate ingest FILE" in text
    (anchor,) = [line for line in text.splitlines() if line.startswith("clearslate-anchor-1 ")]
    assert empty_project.told("anchor", "--anchor", anchor) != f"{anchor}\n"
    assert empty_project.events() == [("init", "done"), ("anchor", "begun"), ("anchor", "done")]
    if POSIX:
        assert empty_project.modes(empty_project.vault) == {("folder", "0o700"), ("file", "0o600")}
        assert empty_project.modes(key.parent) == {("folder", "0o700"), ("file", "0o600")}


def test_a_project_in_a_new_folder_is_entered_and_used(empty_project: Any) -> None:
    text = empty_project.told("init", "Oz County", "--key-file", "../oz.key")
    assert "cd Oz County" in text
    settings = (empty_project.project / "Oz County" / "clearslate.toml").read_text("utf-8")
    assert 'folder = "vault"' in settings
    assert json.dumps(str(empty_project.folder / "oz.key")) in settings.replace("project/../", "")


def test_settings_that_were_there_stay_as_they_were(empty_project: Any) -> None:
    before = '# ours\n[run]\nreform = "ca_prop64"'
    (empty_project.project / "clearslate.toml").write_text(before, "utf-8")
    empty_project.told("init")
    after = (empty_project.project / "clearslate.toml").read_text("utf-8")
    assert after.startswith(f"{before}\n")
    assert empty_project.json("keys", "list")[0]["in_use"]


@pytest.mark.parametrize(
    ("there", "arguments", "code", "words"),
    [
        ({"clearslate.toml": '[vault]\nfolder = "x"\n'}, [], 2, ["[vault]", "already"]),
        ({"clearslate.toml": "vault = \n"}, [], 2, ["not TOML"]),
        ({"vault/mine.txt": "mine"}, [], 6, ["vault]", "not empty"]),
        ({"afile": "mine"}, ["afile"], 6, ["[afile]"]),
        ({}, ["nowhere/deeper"], 6, ["nowhere"]),
        ({}, ["--key-file", "own.key"], 2, ["own.key", "--key-inside"]),
        ({}, ["--key-file", "vault/own.key"], 2, ["own.key", "--key-inside"]),
        ({}, ["--key-file", "x.key", "--keyring"], 2, ["--key-file", "--keyring"]),
        ({"../there.key": "mine"}, ["--key-file", "../there.key"], 6, ["there.key", "never overwritten"]),
        ({"short.txt": "short\n"}, ["--passphrase-file", "short.txt"], 11, ["too short"]),
        ({}, ["--passphrase-file", "missing.txt"], 11, ["[missing.txt]"]),
        ({}, ["--passphrase"], 11, ["no terminal"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_a_project_that_cannot_be_made_leaves_nothing(
    empty_project: Any, error_of: Any, there: dict[str, str], arguments: list[str], code: int, words: list[str]
) -> None:
    for name, text in there.items():
        (empty_project.project / name).parent.mkdir(exist_ok=True)
        (empty_project.project / name).write_text(text, "utf-8")
        (empty_project.project / name).chmod(0o600)
    before = sorted(empty_project.folder.rglob("*")), empty_project.files()
    done = empty_project.command("init", *arguments)
    line = error_of(done)
    assert (done.code, done.out) == (code, ""), line
    assert all(word in line for word in words), line
    assert (sorted(empty_project.folder.rglob("*")), empty_project.files()) == before


def test_a_key_beside_its_vault_is_allowed_with_a_warning(empty_project: Any) -> None:
    done = empty_project.command("init", "--key-file", "own.key", "--key-inside")
    assert done.code == 0
    assert "note: the key" in done.err
    assert empty_project.command("keys", "list").code == 0


def test_a_vault_that_opens_with_a_passphrase_and_keeps_to_approved_algorithms(empty_project: Any) -> None:
    empty_project.words(f"{WORDS}\n")
    empty_project.told("init", "--passphrase-file", "../words", "--fips")
    text = empty_project.told("keys", "list", "--passphrase-file", "../words")
    assert "PBKDF2" in text
    assert "approved algorithms" in empty_project.told("verify", "--passphrase-file", "../words")
    empty_project.words("other invented words\n")
    assert empty_project.command("keys", "list", "--passphrase-file", "../words").code == 11
    assert empty_project.piped(f"{WORDS}\n", "keys", "list", "--passphrase-file", "-").returncode == 0


# Checking


def test_a_sound_vault_is_said_to_be_sound_and_how_far_that_goes(project: Any) -> None:
    text = project.told("verify")
    for word in ("The vault holds together", "Persons", "OpenSSL", "--anchor", "clearslate-anchor-1 "):
        assert word in text
    told = project.json("verify")
    assert (told["persons"], told["sources"], told["runs"], told["keys"]) == (4, 1, 2, 1)
    assert told["anchored"] is False


def test_an_older_copy_is_refused_where_an_anchor_is_at_hand(project: Any, error_of: Any) -> None:
    shutil.copytree(project.vault, project.folder / "older")
    line = project.told("anchor")
    assert re.fullmatch(r"clearslate-anchor-1 [0-9a-f]{32} [0-9]+ [0-9a-f]{64}\n", line)
    (project.folder / "anchor.txt").write_text(line, "utf-8")
    text = project.told("verify", "--anchor", "../anchor.txt")
    assert "not older than the anchor" in text
    assert "no older copy" in project.told("audit", "verify", "--anchor", line.strip())
    shutil.rmtree(project.vault)
    shutil.copytree(project.folder / "older", project.vault)
    assert project.command("audit", "verify").code == 0
    for command in (["verify"], ["audit", "verify"], ["lookup", *NOBODY]):
        done = project.command(*command, "--anchor", "../anchor.txt")
        assert done.code == 10
        assert "older than the anchor" in error_of(done)


def test_the_anchor_is_of_the_log_with_its_own_entries(project: Any) -> None:
    line = project.told("anchor").split()
    last = json.loads((project.vault / "audit.log").read_text("ascii").splitlines()[-1])
    assert line[2:] == [str(last["n"]), last["mac"]]
    assert (last["event"], last["outcome"]) == ("anchor", "done")


def test_the_audit_log_is_shown_in_a_page_and_for_machines(project: Any) -> None:
    text = project.told("audit", "show", "--last", "3")
    assert "The last 3 of " in text
    everything = project.json("audit", "show", "--last", "1000")
    assert [line["n"] for line in everything] == list(range(1, len(everything) + 1))
    assert everything[0]["event"] == "init"
    assert "OpenSSL" in everything[0]["program"]
    text = project.told("audit", "verify")
    assert "The audit log holds together" in text
    assert "cannot be told without an" in text


# Keys


def test_a_second_key_opens_until_it_is_dropped(project: Any, error_of: Any) -> None:
    text = project.told("keys", "add", "--new-key-file", "../safe/second.key", "--label", "attorney")
    assert "Key 2" in text
    second = ("--key-file", "../safe/second.key")
    listed = project.json("keys", "list", *second)
    assert [(one["number"], one["label"], one["in_use"]) for one in listed] == [
        (1, "key file", False),
        (2, "attorney", True),
    ]
    done = project.command("keys", "drop", "2", *second)
    assert (done.code, "in use" in error_of(done)) == (2, True)
    project.told("keys", "drop", "2")
    assert project.command("keys", "list", *second).code == 11
    done = project.command("keys", "drop", "1")
    assert (done.code, "only key" in error_of(done)) == (11, True)
    assert project.command("keys", "drop", "9").code == 11


def test_a_key_that_cannot_be_added_is_not_left_lying_about(project: Any, error_of: Any) -> None:
    before = project.files()
    for arguments, code in (
        (["--new-key-file", "own.key"], 2),
        (["--new-key-file", str(project.key)], 6),
        ([], 2),
        (["--new-passphrase", "--new-keyring"], 2),
        (["--new-passphrase"], 11),
        (["--new-key-file", "../fresh/new.key", "--key-file", "../people"], 11),
    ):
        done = project.command("keys", "add", *arguments)
        assert done.code == code, error_of(done)
    changed = {name for name, data in project.files().items() if before.get(name) != data}
    assert changed <= {"project/vault/audit.log", "project/vault/head.json"}
    assert not (project.folder / "fresh").exists()


def test_a_rotation_puts_a_new_key_in_place_of_the_old_one(project: Any) -> None:
    old = project.key.read_bytes()
    before = project.json("lookup", *project.facts)
    anchor = project.told("anchor").strip()
    text = project.told("keys", "rotate", "--keep-old", "../safe/old.key")
    assert str(project.key) in text
    assert (project.folder / "safe" / "old.key").read_bytes() == old != project.key.read_bytes()
    assert {path.name for path in project.key.parent.iterdir()} == {"old.key", "project.key"}
    if POSIX:
        assert project.modes(project.key.parent) == {("folder", "0o700"), ("file", "0o600")}
    assert project.command("keys", "list", "--key-file", "../safe/old.key").code == 11
    assert project.json("lookup", *project.facts) == before
    assert "not older" in project.told("verify", "--anchor", anchor)


def test_a_rotation_drops_other_keys_only_where_that_is_said(project: Any, error_of: Any) -> None:
    project.words(f"{WORDS}\n")
    project.told("keys", "add", "--new-passphrase-file", "../words", "--label", "chief's words")
    done = project.command("keys", "rotate")
    assert done.code == 2
    assert "[2 (chief's words)]" in error_of(done)
    assert "--drop-others" in error_of(done)
    assert "chief's words" in project.told("keys", "rotate", "--drop-others")
    assert [one["kind"] for one in project.json("keys", "list")] == ["file"]


def test_a_passphrase_is_rotated_to_a_new_one(project: Any, error_of: Any) -> None:
    for name in ("words", "newer"):
        project.words(f"{WORDS} {name}\n", name)
    project.told("keys", "add", "--new-passphrase-file", "../words")
    way = ("--passphrase-file", "../words")
    done = project.command("keys", "rotate", *way, "--drop-others", "--keep-old", "../x")
    assert (done.code, "--keep-old" in error_of(done)) == (2, True)
    project.told("keys", "rotate", *way, "--drop-others", "--new-passphrase-file", "../newer")
    assert project.command("keys", "list", *way).code == 11
    assert project.command("keys", "list").code == 11
    assert project.command("keys", "list", "--passphrase-file", "../newer").code == 0


def test_a_key_that_a_rotation_left_beside_takes_its_name_with_the_next(project: Any, error_of: Any) -> None:
    left = project.key.with_name(f"{project.key.name}.new")
    project.told("keys", "add", "--new-key-file", str(left))
    # As after a cut between the vault's rename and the key's: only the newer key opens.
    project.told("keys", "drop", "1", "--key-file", str(left))
    assert project.json("keys", "list")[0]["number"] == 2
    project.told("keys", "rotate")
    assert not left.exists()
    assert project.json("keys", "list")[0]["number"] == 3
    # One that opens nothing is not removed, because nobody knows what else it opens.
    other = project.folder / "other"
    other.mkdir()
    assert project.command("init", str(other), "--key-file", str(left)).code == 0
    done = project.command("keys", "rotate")
    assert done.code == 11
    assert "in the way" in error_of(done)
    assert left.is_file()


# Shredding


def test_a_shredded_person_is_gone_and_what_still_holds_the_person_is_said(project: Any, error_of: Any) -> None:
    facts = project.facts
    text = project.told("shred", "--person", "111", "--yes")
    assert "4 rows, and the decisions of 2 runs" in text
    assert "backups" in text
    assert "exported" in text
    assert re.search(r"2 rejected rows in the vault\s+name nobody", text)
    assert project.told("lookup", *facts).startswith("No record")
    assert project.json("lookup", "--name", "Bo Vornwick", "--born", "1970-02-03")[0]["decisions"]
    assert project.json("verify")["persons"] == 3
    done = project.command("shred", "--person", "111", "--yes")
    assert done.code == 2
    assert "111" not in error_of(done)


def test_shredding_asks_first_and_a_script_has_to_say_that_it_is_sure(project: Any, error_of: Any) -> None:
    for arguments in (["--person", "111"], ["--vault"]):
        done = project.command("shred", *arguments)
        assert (done.code, "--yes" in error_of(done)) == (2, True)
    for arguments in ([], ["--person", "111", "--vault"]):
        assert project.command("shred", *arguments, "--yes").code == 2
    assert project.json("verify")["persons"] == 4
    if POSIX:
        with project.on_terminal("shred", "--person", "111") as (process, say):
            assert "person_id again" in say("")
            say("112\n")
            assert process.wait(60) == 2
        with project.on_terminal("shred", "--person", "111") as (process, say):
            say("")
            say("111\n")
            assert process.wait(60) == 0
        assert project.json("verify")["persons"] == 3


def test_a_shredded_vault_leaves_its_log_and_opens_with_nothing(project: Any, error_of: Any) -> None:
    text = project.told("shred", "--vault", "--yes")
    assert {path.name for path in project.vault.iterdir()} == {"audit.log", "head.json", "lock"}
    assert project.events()[-2:] == [("shred vault", "begun"), ("shred vault", "done")]
    for word in ("audit.log", "key file", "Backups"):
        assert word in text
    done = project.command("lookup", *project.facts)
    assert done.code == 10
    error_of(done)


# Backups


def test_a_backup_gives_the_same_vault_again(project: Any) -> None:
    text = project.told("backup", "--output", "../backup")
    assert "verify --backup" in text
    if POSIX:
        assert project.modes(project.folder / "backup") == {("folder", "0o700"), ("file", "0o600")}
    before = project.files()
    assert "is of this vault" in project.told("verify", "--backup", "../backup")
    assert "Nothing was kept" in project.told("restore", "../backup", "--verify")
    assert {name: data for name, data in project.files().items() if name.startswith("backup/")} == {
        name: data for name, data in before.items() if name.startswith("backup/")
    }
    assert sorted(path.name for path in project.folder.iterdir()) == ["backup", "project", "safe"]
    project.told("shred", "--person", "111", "--yes")
    text = project.told("restore", "../backup", "--output", "../restored", "--verify")
    assert "backup still" in text
    facts = project.facts
    assert len(project.json("lookup", *facts, "--vault", "../restored")[0]["decisions"]) == 2
    assert project.json("lookup", *facts) == []
    log = (project.folder / "restored" / "audit.log").read_text("ascii").splitlines()
    assert [json.loads(line)["event"] for line in log].count("restore") == 2
    told = project.json("verify", "--backup", "../backup")["backup"]
    assert (told["same_vault"], told["of_this_log"]) == (True, True)
    assert (told["entries_behind"], told["generations_behind"]) == (8, 1)


def test_a_backup_that_is_none_or_was_altered_is_refused(project: Any, error_of: Any) -> None:
    project.told("backup", "--output", "../backup")
    records = project.folder / "backup" / "records.db"
    data = bytearray(records.read_bytes())
    data[len(data) // 2] ^= 1
    records.write_bytes(data)
    for arguments, code in (
        (["restore", "../backup", "--verify"], 10),
        (["restore", "../backup", "--output", "../restored"], 10),
        (["verify", "--backup", "../backup"], 10),
        (["restore", "../safe", "--output", "../restored"], 10),
        (["restore", "../nowhere", "--verify"], 10),
        (["restore", "../backup"], 2),
        (["restore", "../backup", "--output", "../backup/inside"], 2),
        (["restore", "../backup", "--output", "../safe"], 6),
        (["backup", "--output", "../safe"], 6),
        (["backup", "--output", "vault/inside"], 2),
        (["backup", "--output", "../nowhere/deep"], 6),
    ):
        done = project.command(*arguments)
        assert done.code == code, (arguments, error_of(done))
        assert error_of(done)
    assert sorted(path.name for path in project.folder.iterdir()) == ["backup", "project", "safe"]


def test_a_backup_of_another_key_is_said_to_be_so(project: Any, error_of: Any) -> None:
    project.told("backup", "--output", "../backup")
    project.told("keys", "rotate", "--keep-old", "../safe/old.key")
    done = project.command("verify", "--backup", "../backup")
    assert done.code == 11
    assert "[../backup]" in error_of(done)
    assert project.command("restore", "../backup", "--verify", "--key-file", "../safe/old.key").code == 0


# The audit log has every command

COMMANDS: dict[Event, list[str]] = {
    Event.INGEST: ["ingest", "{people}"],
    Event.RUN: ["run", "--reform", "ca_prop64", "--quiet"],
    Event.RUNS_LISTED: ["runs"],
    Event.EXPLAIN: ["explain", "--reform", "ca_prop64", "--row", "2"],
    Event.POLICIES_COMPARED: ["policies", "diff", "statute", "bear", "--reform", "ca_prop64", "--records"],
    Event.DOCTOR: ["doctor", "--format", "ca_doj"],
    Event.EXPORT: ["export", "--run", "1", "--output", "../out"],
    Event.FILED: ["file", "1", "--packet", "agency_notices", "--office", "{office}", "--output", "../packet"],
    Event.DECISIONS_EXPORTED: ["decisions", "export", "--outcome", "eligible", "--output", "../decisions.csv"],
    Event.DECISIONS_IMPORTED: ["decisions", "import", "../decisions.csv"],
    Event.TRACK_MARKED: ["track", "mark", "1", "--state", "filed", "--all-granted"],
    Event.TRACK_IMPORTED: ["track", "import", "{answers}", "--report", "../left-over.csv", "--on", "2026-11-20"],
    Event.TRACK_STATUS: ["track", "status"],
    Event.TRACK_EXPORTED: ["track", "export", "--open", "--output", "../open.csv"],
    Event.TRACK_VERIFIED: ["track", "verify", "{people}"],
    Event.LOOKUP: ["lookup", *NOBODY],
    Event.VERIFY: ["verify"],
    Event.KEYS_LISTED: ["keys", "list"],
    Event.KEY_ADDED: ["keys", "add", "--new-key-file", "../safe/second.key"],
    Event.KEY_DROPPED: ["keys", "drop", "2"],
    Event.KEYS_ROTATED: ["keys", "rotate"],
    Event.BACKED_UP: ["backup", "--output", "../backup"],
    Event.AUDIT_SHOWN: ["audit", "show"],
    Event.AUDIT_VERIFIED: ["audit", "verify"],
    Event.ANCHORED: ["anchor"],
    Event.PERSON_SHREDDED: ["shred", "--person", "111", "--yes"],
    Event.VAULT_SHREDDED: ["shred", "--vault", "--yes"],
}
"""For each event a command line that writes it, in an order in which all succeed."""

ELSEWHERE = {
    Event.INIT: "test_a_project_is_made_with_its_key_elsewhere_and_closed_to_others",
    Event.RESTORED: "test_a_backup_gives_the_same_vault_again",
}
"""Events that are the first of a vault's own, or of another vault."""


def test_every_command_is_in_the_log_before_and_after(project: Any, made_project: Any) -> None:
    assert {*COMMANDS, *ELSEWHERE} == set(Event)
    assert all(name in globals() for name in ELSEWHERE.values())
    for event, arguments in COMMANDS.items():
        before = len(project.events())
        given = {"people": made_project.folder / "people.dat", "answers": ANSWERS, "office": OFFICE}
        done = project.command(*(part.format(**given) for part in arguments))
        assert done.code == 0, done.err
        assert project.events()[before:] == [(event.value, "begun"), (event.value, "done")]


def test_every_command_that_fails_is_in_the_log(project: Any) -> None:
    assert project.command("shred", "--person", "nobody", "--yes").code == 2
    assert project.events()[-2:] == [("shred person", "begun"), ("shred person", "failed")]
