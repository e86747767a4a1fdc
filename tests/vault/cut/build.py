"""Builds the shim with the machine's C compiler, or the one of the package ``ziglang``."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")


def compiler() -> list[str]:
    """The command of a C compiler. Raises AssertionError where the machine has none."""
    for name in ("cc", "gcc", "clang"):
        found = shutil.which(name)
        if found is not None:
            return [found]
    if importlib.util.find_spec("ziglang") is not None:
        return [sys.executable, "-m", "ziglang", "cc"]
    raise AssertionError("no C compiler was found; install gcc or clang, or `pip install ziglang`, and run again")


def built(folder: Path) -> Path:
    """The shim, made in a folder."""
    target = folder / "shim.so"
    command = [*compiler(), "-shared", "-fPIC", "-O1", "-Wall", "-Werror", str(SOURCE), "-o", str(target)]
    done = subprocess.run([*command, "-ldl", "-lpthread"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return target
