"""See that what a new state starts from is sound: a copy of plugins/ca_prop64, and what ``clearslate new`` writes.

The copy is renamed, installed beside clearslate, tested and taken out again; both reforms load. The projects of
``clearslate new``, as they are written and as the tutorial makes them, pass their own rules, format and types; that
they install and pass their tests is a journey. It runs in an environment that has clearslate, hatchling, ruff, mypy and
the test tools.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "plugins" / "ca_prop64"
NEW = "zz_copied"
RENAMED = {
    "ca_prop64": NEW,
    "ca-prop64": NEW.replace("_", "-"),
    "CA_PROP64": NEW.upper(),
}
"""Every spelling of the reform's name in the template, and the copy's."""

DISTRIBUTION = f"clearslate-{NEW.replace('_', '-')}"
TEXT = (".py", ".toml", ".md", ".csv", ".txt", ".cfg", ".ini")

LOADED = f"""
from clearslate.registry import load
reforms = load().reforms
print(*sorted(reforms))
assert {{"ca_prop64", "{NEW}"}} <= set(reforms)
"""


def renamed(text: str) -> str:
    """Give the text with the new name wherever the old one stood."""
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return text


def copy(target: Path) -> None:
    """Copy the template under its new name, in file names and in texts."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "dist", "build", ".*")
    shutil.copytree(TEMPLATE, target, ignore=ignored)
    # The deepest first, so that a folder is renamed after all that it holds.
    for path in sorted(target.rglob("*"), key=lambda p: len(p.parts), reverse=True):
        if path.is_file() and path.suffix in TEXT:
            path.write_text(renamed(path.read_text("utf-8")), "utf-8", newline="\n")
        if renamed(path.name) != path.name:
            path.rename(path.with_name(renamed(path.name)))


def run(*arguments: str, cwd: Path, **more: str) -> None:
    """Run this Python with the arguments, and ``more`` in its environment; end this script where it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")} | more
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"python {' '.join(arguments[:3])} ended with exit code {done.returncode}")


def check_new(folder: Path) -> None:
    """See that the projects that a developer is given, or writes by the guide, are clean by their own settings."""
    run("-m", "clearslate_cli", "new", "reader", "zz_records", cwd=folder)
    run("-m", "clearslate_cli", "new", "reform", "zz_bells", cwd=folder)
    for page in ("tutorial.md", "how-we-read-an-amendment.md"):
        run(str(ROOT / "tools" / "tutorial.py"), "--write-only", str(ROOT / "docs" / page), str(folder), cwd=folder)
    projects = sorted(folder.glob("clearslate-*"))
    sources = os.pathsep.join(str(project / "src") for project in projects)
    for project in projects:
        run("-m", "ruff", "check", "--no-cache", ".", cwd=project)
        run("-m", "ruff", "format", "--no-cache", "--check", ".", cwd=project)
        run("-m", "mypy", cwd=project, MYPYPATH=sources)
    print(f"clean by their own rules, format and types: {', '.join(project.name for project in projects)}")


def main() -> None:
    """Do it all in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="clearslate-new-") as folder:
        check_new(Path(folder))
    with tempfile.TemporaryDirectory(prefix="clearslate-template-") as folder:
        project = Path(folder) / NEW
        copy(project)
        try:
            run("-m", "pip", "install", "--quiet", "--no-build-isolation", str(project), cwd=project)
            run("-m", "pip", "check", cwd=project)
            run("-c", LOADED, cwd=project)
            # The copy's tests, and nothing of this repository: its own folder is the root.
            run("-m", "pytest", "-q", "--rootdir", str(project), "-p", "no:cacheprovider", "tests", cwd=project)
        finally:
            run("-m", "pip", "uninstall", "--quiet", "--yes", DISTRIBUTION, cwd=project)
    print(f"the copy {DISTRIBUTION} loads beside ca_prop64 and passes its tests")


if __name__ == "__main__":
    main()
