"""A process that works in a vault, and may be killed: FOLDER FIRST COUNT POINT AT PATIENCE."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from pathlib import Path
from typing import Any

from clearslate.errors import VaultBusyError
from clearslate.vault import files
from clearslate.vault.audit import Actor, Event
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile
from clearslate.vault.vault import Vault

SECRET = KeyFile("00" * 8, bytes(range(32)))
ACTOR = Actor("worker", "bench", "clearslate 0", lambda: dt.datetime(2024, 3, 1, tzinfo=dt.UTC))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_append(part: float) -> Any:
    real = files.append

    def append(path: Path, data: bytes, at: int) -> None:
        real(path, data[: int(len(data) * part)], at)
        die()

    return append


def work(folder: Path, number: int, point: str, patience: float) -> None:
    """Put a run into the vault; die at the point named."""
    with Vault.open(folder, SECRET, ACTOR, patience=patience) as vault:
        with vault.operation(Event.RUN) as operation:
            with vault.store.step() as step:
                step.put(Kind.RUN, number, b"%d" % number)
                step.put(Kind.PERSON, number, b"%d" % number)
                if point == "step":
                    die()
            if point == "commit":
                die()
            if point in ("head", "log"):
                files.append = dying_append(0 if point == "head" else 0.5)
            operation.counts["runs"] = 1
        if point == "end":
            die()


def main(folder: str, first: str, count: str, point: str, at: str, patience: str) -> int:
    for i in range(int(count)):
        while True:
            try:
                work(Path(folder), int(first) + i, point if i == int(at) else "none", float(patience))
                break
            except VaultBusyError as error:
                if not float(patience):
                    sys.stdout.write("busy\n")
                    return error.exit_code
        sys.stdout.write(f"{int(first) + i}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
