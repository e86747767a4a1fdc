"""The projects that ``clearslate new`` writes: whole plugins of an invented state, for a developer to fill with law.

A template is a file whose name ends in ``.tmpl``. In its text ``<<word>>`` stands for one of the project's words; in
its path a folder ``package`` stands for the package's name, and ``dot_`` for a leading dot.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

Kind = Literal["reform", "reader"]

SUFFIX = ".tmpl"
LONGEST = 40

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_WORD = re.compile(r"<<([a-z]+)>>")


@dataclass(frozen=True, slots=True)
class Names:
    """The spellings of a new plugin's name, such as ``wk_lanterns``, and the readers that a reform names.

    ``suppliers`` are the distributions that those readers come from, clearslate itself or others.
    """

    name: str
    readers: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()

    @property
    def jurisdiction(self) -> str:
        """What stands before the first underscore."""
        return self.name.partition("_")[0]

    @property
    def distribution(self) -> str:
        """The name that pip knows."""
        return f"clearslate-{self.name.replace('_', '-')}"

    @property
    def package(self) -> str:
        """The name that Python imports."""
        return f"clearslate_{self.name}"

    @property
    def words(self) -> Mapping[str, str]:
        """What stands for each word of a template."""
        return {
            "name": self.name,
            "constant": self.name.upper(),
            "distribution": self.distribution,
            "package": self.package,
            "reader": "".join(self.readers[:1]),
            "readers": _listed(self.readers),
            "dependencies": _listed(("clearslate", *self.suppliers)),
        }


def name_problem(name: str) -> str | None:
    """What is wrong with the name of a new plugin, in a clause; None where it will do."""
    if not _NAME.fullmatch(name):
        return (
            "is lower-case letters, digits and underscores, the jurisdiction before the first underscore,"
            " such as tx_deferred"
        )
    if len(name.partition("_")[0]) < 2:
        return "begins with a jurisdiction of two letters or more, such as tx in tx_deferred"
    if len(name) > LONGEST:
        return f"has at most {LONGEST} characters"
    if any(keyword.iskeyword(part) for part in (name, f"clearslate_{name}")):
        return "is a word of Python's own"
    return None


def project(kind: Kind, names: Names) -> dict[str, str]:
    """The text of every file of a new project, by its path in the project's folder with slashes."""
    root = resources.files(__name__).joinpath(kind)
    return {
        _path(path, names): _filled(template.read_text("utf-8"), names.words)
        for path, template in sorted(_templates(root))
    }


def write(files: Mapping[str, str], folder: Path) -> None:
    """Write a project's files into a folder that is there and empty."""
    for path, text in files.items():
        file = folder.joinpath(*path.split("/"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def _templates(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _templates(entry, f"{above}{entry.name}/")
        elif entry.name.endswith(SUFFIX):
            yield f"{above}{entry.name}", entry


def _path(path: str, names: Names) -> str:
    parts = [names.package if part == "package" else part for part in path.removesuffix(SUFFIX).split("/")]
    return "/".join(f".{part.removeprefix('dot_')}" if part.startswith("dot_") else part for part in parts)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in dict.fromkeys(words))


def _filled(text: str, words: Mapping[str, str]) -> str:
    return _WORD.sub(lambda match: words[match[1]], text)
