"""Build the sdist and the wheel from it, look inside, and run the wheel in a fresh virtual environment.

Exits with a line saying what is wrong at the first thing that is.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
import zipfile
from email.parser import Parser
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
OURS = frozenset(
    {
        "clearslate",
        "clearslate_cli",
        "clearslate_california",
        "clearslate_ca_prop47",
        "clearslate_ca_prop64",
        "clearslate_il_cannabis",
        "clearslate_illinois",
    }
)
PACKED = (".py", ".toml", ".typ", ".csv", ".tmpl", "py.typed")
"""What belongs in a wheel; any other kind of file there is a stray."""


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Give what a command prints; end this script with its output where it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{Path(str(command[0])).name} ended with exit code {done.returncode}")
    return done.stdout


def version() -> str:
    """Give the version that the source states."""
    text = (ROOT / "core/clearslate/__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    if found is None:
        raise SystemExit("core/clearslate/__init__.py states no __version__")
    return found[1]


def source_roots() -> dict[str, Path]:
    """Give each package of ours and the folder that holds it."""
    roots = [ROOT / "core", ROOT / "cli", *sorted((ROOT / "plugins").glob("*/src"))]
    return {package.name: package for root in roots for package in root.iterdir() if (package / "__init__.py").exists()}


def expected_files() -> set[str]:
    """Give what the wheel must hold, beside its metadata, from the source tree."""
    return {
        f"{name}/{file.relative_to(folder).as_posix()}"
        for name, folder in source_roots().items()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def check_wheel(wheel: Path) -> None:
    """Compare a wheel's content with the source tree and its metadata with the project's."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        metadata = Parser().parsestr(
            archive.read(next(n for n in names if n.endswith(".dist-info/METADATA"))).decode("utf-8")
        )
        entry_points = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode("utf-8")
    inside = {name for name in names if ".dist-info/" not in name}
    tops = {PurePosixPath(name).parts[0] for name in inside}
    if tops != OURS:
        raise SystemExit(f"the wheel installs {sorted(tops)}, and should install {sorted(OURS)}")
    expected = expected_files()
    if inside != expected:
        raise SystemExit(f"missing in the wheel: {sorted(expected - inside)}; strays: {sorted(inside - expected)}")
    strays = [name for name in inside if not name.endswith(PACKED)]
    if strays:
        raise SystemExit(f"no code, policy or table: {sorted(strays)}")
    untyped = [top for top in OURS if f"{top}/py.typed" not in inside]
    if untyped:
        raise SystemExit(f"no py.typed in {sorted(untyped)}")
    if metadata["Version"] != version() or metadata["Name"] != "clearslate":
        raise SystemExit(f"the wheel calls itself {metadata['Name']} {metadata['Version']}")
    if not metadata["License-File"] or "[clearslate]" not in entry_points:
        raise SystemExit("the wheel lacks its license file or the entry points of its plugins")


def check_sdist(sdist: Path) -> None:
    """See that a stranger can build, test and document from the sdist."""
    with tarfile.open(sdist) as archive:
        names = {PurePosixPath(*PurePosixPath(name).parts[1:]).as_posix() for name in archive.getnames()}
    wanted = ["pyproject.toml", "LICENSE", "README.md", "SECURITY.md", "tox.ini", "mkdocs.yml", ".ci/run"]
    missing = [name for name in wanted if name not in names]
    missing += [
        folder
        for folder in ("tests", "docs", "examples", "plugins")
        if not any(n.startswith(f"{folder}/") for n in names)
    ]
    if missing:
        raise SystemExit(f"the sdist lacks {missing}")
    strays = [n for n in names if {".git", ".tox", "__pycache__", "site", "dist"} & set(PurePosixPath(n).parts)]
    if strays:
        raise SystemExit(f"the sdist holds what it should not: {sorted(strays)[:5]}")


def check_plugin(folder: Path, output: Path) -> None:
    """See that a plugin's folder is a project of its own, which gives only its own package."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", output, folder)
    (wheel,) = output.glob(f"{project['name'].replace('-', '_')}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        tops = {PurePosixPath(n).parts[0] for n in archive.namelist() if ".dist-info/" not in n}
    if tops != {f"clearslate_{folder.name}"}:
        raise SystemExit(f"plugins/{folder.name} installs {sorted(tops)}")


def check_install(wheel: Path, scratch: Path) -> None:
    """Install the wheel into a fresh environment and ask it for its version and its reforms."""
    venv.create(scratch / "venv", with_pip=True)
    scripts = scratch / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", wheel, cwd=scratch)
    said = run(scripts / "clearslate", "--version", cwd=scratch)
    if version() not in said:
        raise SystemExit(f"clearslate --version says [{said.strip()}], not {version()}")
    reforms = run(scripts / "clearslate", "reforms", cwd=scratch)
    if "ca_prop64" not in reforms:
        raise SystemExit("the installed wheel does not list the reform ca_prop64")
    print(said.strip())


def main() -> None:
    """Check everything, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="clearslate-pkg-") as folder:
        scratch = Path(folder)
        # No option: the sdist, and then the wheel from that sdist.
        run(sys.executable, "-m", "build", "--no-isolation", "--outdir", scratch / "dist")
        (sdist,) = (scratch / "dist").glob("*.tar.gz")
        (wheel,) = (scratch / "dist").glob("*.whl")
        check_sdist(sdist)
        check_wheel(wheel)
        for plugin in sorted((ROOT / "plugins").iterdir()):
            if (plugin / "src").is_dir():
                check_plugin(plugin, scratch / plugin.name)
        check_install(wheel, scratch)
    print("the sdist, the wheel and each plugin's project hold what they should, and nothing else")


if __name__ == "__main__":
    main()
