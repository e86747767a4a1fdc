"""What is done to a small vault of invented persons, each thing from a folder that was made ready for it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from clearslate.assess import intake
from clearslate.assess.keeping import Kept
from clearslate.assess.run import RunRequest, run
from clearslate.errors import ClearslateError, KeyRefusedError, VaultError
from clearslate.ingest.kept import Records, kept_sources
from clearslate.registry import load
from clearslate.vault import files
from clearslate.vault.audit import Actor, Event
from clearslate.vault.backup import back_up, restore
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile
from clearslate.vault.shredding import shred_person
from clearslate.vault.vault import Operation, Vault, newer, unlocked_file

MOMENT = dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC)
ACTOR = Actor("tester", "bench", "clearslate 0", lambda: MOMENT)
OLD = KeyFile("0" * 16, bytes(range(32)))
SECOND = KeyFile("1" * 16, bytes(range(1, 33)))
NEW = KeyFile("2" * 16, bytes(range(2, 34)))
KEYS = {"old": OLD, "second": SECOND, "new": NEW}

PERSONS = {
    "70000001": ("ZYXQUELL,ORLA", "19610317"),
    "70000002": ("VORNWICK,BEM", "19620318"),
    "70000003": ("QUANDLE,IXA", "19630319"),
    "70000004": ("OZMARREN,TUL", "19640320"),
    "70000005": ("GRAXMIX,PELL", "19650321"),
    "70000006": ("WIBBERTH,JOQ", "19660322"),
}
FIRST, MORE = ("70000001", "70000002", "70000003"), ("70000001", "70000004", "70000005", "70000006")
STEP = 2
"""Persons that an ingest seals at a time here."""

_COURT = {
    "GENDER": "F",
    "RACE_DESCR": "OTHER",
    "CYC_DATE": "20100301",
    "STP_EVENT_DATE": "20100401",
    "STP_TYPE_DESCR": "COURT ACTION",
    "STP_ORI_DESCR": "CASC OZ",
    "STP_ORI_CNTY_NAME": "SACRAMENTO",
    "CNT_ORDER": "101002001000",
    "OFFENSE_DESCR": "11359 HS-POSSESS MARIJUANA FOR SALE",
    "OFFENSE_TOC": "F",
    "DISP_DESCR": "CONVICTED-JAIL",
    "CONV_STAT_DESCR": "FELONY",
    "SENT_ORDER": "1",
    "SENT_LOC_DESCR": "JAIL",
    "SENT_LENGTH": "180",
    "SENT_TIME_CODE": "D",
    "END_OF_REC": "#",
}


class ThrownError(Exception):
    """Ends an ingest between two of its steps."""


class Known:
    """The reader and the policy, loaded once."""

    def __init__(self) -> None:
        known = load()
        self.reader: Any = known.reader("ca_doj")
        self.reform: Any = known.reform("ca_prop64")
        self.policy: Any = self.reform.bind(self.reform.find("statute"))
        self.columns: list[str] = list(self.reader.columns) if hasattr(self.reader, "columns") else _columns()


def _columns() -> list[str]:
    from clearslate_california.columns import COLUMNS

    return list(COLUMNS)


KNOWN = Known()


def personal() -> list[str]:
    """What must be in no message."""
    return [text for subject, said in PERSONS.items() for text in (subject, *said, said[0].partition(",")[0])]


def write_rows(path: Path, subjects: tuple[str, ...], cycle: int) -> None:
    """A source file with one conviction of each person, and a row that is rejected."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(KNOWN.columns)
        for subject in subjects:
            name, born = PERSONS[subject]
            about = {"SUBJECT_ID": subject, "CII_NUMBER": f"A{subject}", "PRI_NAME": name, "PRI_DOB": born}
            cells = _COURT | about | {"CYC_ORDER": str(cycle), "OFN": f"OZ-{subject}-{cycle}"}
            table.writerow([cells.get(column, "") for column in KNOWN.columns])
        table.writerow(["no row at all"])


# What is done


def opened(root: Path, folder: str = "vault") -> Vault:
    """The vault, opened as the command line does it: with the key file, or the newer one beside it."""
    tries = unlocked_file(root / "key")
    for place, secret in enumerate(tries, 1):
        try:
            return Vault.open(root / folder, secret, ACTOR)
        except KeyRefusedError:
            if place == len(tries):
                raise
    raise AssertionError("there is a key to try")


def _ingest(root: Path, stop: int | None = None) -> None:
    def progress(step: str, done: int, _total: int) -> None:
        if step == "seal" and done == stop:
            raise ThrownError

    with opened(root) as vault, vault.operation(Event.INGEST) as operation:
        found = intake.ingest(vault.store, KNOWN.reader, [root / "b.dat"], at="t", program="p", progress=progress)
        operation.counts["persons"] = found.persons


def _run(root: Path, output: str | None = None) -> None:
    with opened(root) as vault, vault.operation(Event.RUN) as operation:

        def settle(counts: Any) -> None:
            operation.counts.update(counts)
            vault.settle(operation)

        sources = kept_sources(Records(vault.store), "ca_doj")
        request = RunRequest(
            KNOWN.reform,
            KNOWN.policy,
            KNOWN.reader,
            (),
            None if output is None else root / output,
            dt.date(2020, 1, 1),
            kept=Kept(vault.store, sources, {"at": "t", "sources": [source.number for source in sources]}, settle),
        )
        run(request)


def _with(event: Event, do: Callable[[Vault, Path, Operation], object]) -> Callable[[Path], None]:
    def act(root: Path) -> None:
        with opened(root) as vault, vault.operation(event) as operation:
            do(vault, root, operation)

    return act


def _shred_vault(vault: Vault, _: Path, operation: Operation) -> None:
    vault.settle(operation)
    vault.destroy()


def _rotated(root: Path) -> None:
    """What the command line does: the new key waits beside the old one until the vault is sealed with it."""
    beside = newer(root / "key")
    with files.as_output_error():
        beside.unlink(missing_ok=True)
    NEW.write(beside)
    _with(Event.KEYS_ROTATED, lambda vault, *_: vault.rotate(NEW, "key file"))(root)
    with files.as_output_error():
        beside.replace(root / "key")


class Scene(NamedTuple):
    """One operation. ``ready`` names the folder that it begins in; ``steps`` says that it may be found half done,
    and goes on; ``again`` that it can be done again where it had not been done."""

    act: Callable[[Path], None]
    event: Event
    ready: str = "filled"
    steps: bool = False
    again: bool = False


SCENES = {
    "init": Scene(lambda root: Vault.create(root / "vault", OLD, ACTOR).close(), Event.INIT, "nothing", again=True),
    "ingest": Scene(_ingest, Event.INGEST, steps=True, again=True),
    "ingest resumed": Scene(_ingest, Event.INGEST, "half ingested", steps=True, again=True),
    "run": Scene(_run, Event.RUN, again=True),
    "run with output": Scene(lambda root: _run(root, "out"), Event.RUN, again=True),
    "shred person": Scene(_with(Event.PERSON_SHREDDED, lambda v, *_: shred_person(v.store, 2)), Event.PERSON_SHREDDED),
    "shred vault": Scene(_with(Event.VAULT_SHREDDED, _shred_vault), Event.VAULT_SHREDDED),
    "keys add": Scene(_with(Event.KEY_ADDED, lambda v, *_: v.add_key(SECOND, "second")), Event.KEY_ADDED, again=True),
    "keys drop": Scene(_with(Event.KEY_DROPPED, lambda v, *_: v.drop_key(2)), Event.KEY_DROPPED, "two keys"),
    "keys rotate": Scene(_rotated, Event.KEYS_ROTATED, again=True),
    "backup": Scene(_with(Event.BACKED_UP, lambda v, root, _: back_up(v, root / "copy")), Event.BACKED_UP, again=True),
    "restore": Scene(
        lambda root: (restore(root / "vault", root / "copy", OLD, ACTOR), None)[1], Event.RESTORED, again=True
    ),
    "lookup": Scene(_with(Event.LOOKUP, lambda v, _, operation: operation.counts.update(facts=2)), Event.LOOKUP),
}


def _careless(root: Path) -> None:
    head = root / "vault/head.json"
    text = head.read_bytes()
    head.unlink()
    with head.open("xb", buffering=0) as file:
        file.write(text)
    opened(root).close()


CARELESS = Scene(_careless, Event.LOOKUP)
"""Removes a file before it writes it anew: what a search for faults must find."""


def make_ready(root: Path, name: str) -> None:
    """Fill an empty folder for the scenes that begin in it."""
    OLD.write(root / "key")
    write_rows(root / "a.dat", FIRST, 101)
    write_rows(root / "b.dat", MORE, 102)
    if name == "nothing":
        return
    with Vault.create(root / "vault", OLD, ACTOR) as vault, vault.operation(Event.INGEST):
        intake.ingest(vault.store, KNOWN.reader, [root / "a.dat"], at="t", program="p")
    _run(root)
    if name == "two keys":
        SCENES["keys add"].act(root)
    if name == "half ingested":
        try:
            _ingest(root, STEP)
        except ThrownError:
            return
        raise AssertionError("the ingest was not cut off")


# What is there afterwards


class Seen(NamedTuple):
    """The state of a folder, and the audit log of its vault as pairs of event and outcome."""

    state: dict[str, Any]
    log: list[tuple[str, str]]


def seen(root: Path) -> Seen:
    """Open all that is there with every key, check every byte, and read every message."""
    log: list[tuple[str, str]] = []
    state = {
        "vault": _vault(root, "vault", log),
        "copy": _vault(root, "copy", []),
        "out": _files(root / "out"),
        "key": (root / "key").is_file(),
    }
    return Seen(state, log)


def _vault(root: Path, name: str, log: list[tuple[str, str]]) -> Any:
    if not (root / name).exists():
        return None
    by = []
    for which, key in KEYS.items():
        try:
            Vault.open(root / name, key, ACTOR).close()
        except (KeyRefusedError, VaultError):
            continue
        by.append(which)
    if not by:
        return "closed"
    # A key that opens the vault stands in a file, as the command line looks for it.
    with opened(root, name) as vault:
        vault.check()
        log += [(line.told["event"], line.told["outcome"]) for line in vault.lines()]
        store = vault.store
        messages = {
            f"{kind.name} {number}": hashlib.sha256(data).hexdigest()
            for kind in Kind
            if kind is not Kind.RING
            for number, data in store.get_many(kind, store.numbers(kind))
        }
        slots = [(slot.number, slot.told["label"]) for slot in store.slots]
    return {"messages": messages, "slots": slots, "by": by}


def _files(folder: Path) -> Any:
    if not folder.exists():
        return None
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def hidden(root: Path) -> Iterator[str]:
    """Names of what was not finished."""
    yield from (path.name for path in root.iterdir() if ".partial-" in path.name)


def verdict(scene: Scene, before: Seen, after: Seen, now: Seen, done: bool) -> str | None:
    """What is wrong with what is there, None where it is as before or as after; ``between`` for a state to look at."""
    state = now.state
    odd = [part for part in state if state[part] not in (before.state[part], after.state[part])]
    if odd == ["vault"] and scene.steps and not done and isinstance(state["vault"], dict):
        return "between"
    if odd:
        return f"{odd} neither as before nor as after"
    if done and state != after.state:
        return "reported as done, and is not as after"
    if state["out"] is not None and state["vault"] != after.state["vault"]:
        return "output of a run that is not kept"
    if state["vault"] in (None, "closed"):
        return None
    if now.log[: len(before.log)] != before.log:
        return "lines of the audit log are lost"
    ends = {outcome for event, outcome in now.log[len(before.log) :] if event == scene.event.value}
    if scene.event is Event.RESTORED:
        return None
    if done and "done" not in ends:
        return "reported as done, and the audit log does not say so"
    if state["vault"] != before.state["vault"] and not ends & {"done", "recovered", "failed"}:
        return "changed, and the audit log does not say so"
    return None


def error_is_ours(error: BaseException) -> bool:
    """Whether an error is one of ours, in one line that names nobody."""
    said = str(error)
    return isinstance(error, ClearslateError) and "\n" not in said and not any(text in said for text in personal())
