"""Do what a page of the documentation tells the reader to do: write its files, run its commands, compare what is shown.

``python tools/tutorial.py docs/tutorial.md FOLDER`` does it in a folder; with ``--write-only`` it writes the files, and
runs of the commands only those that write a new project. A page says it in these forms, and everything
else in it is prose:

- a paragraph ``File `path`:`` before a block of code: the file has this text;
- a paragraph ``Add to `path`:`` before one: the text is put behind what the file has;
- a block ``console``: a line that begins with ``$ `` is run, the lines below it are shown by it, in this order; a line
  ``…`` stands for any others.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(
    r"(?:^(?P<verb>File|Add to) `(?P<path>[^`\n]+)`:\n\n)?^```(?P<kind>[a-z]*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
MORE = "…"


class Write(NamedTuple):
    """A file to write, or to add to."""

    path: str
    text: str
    adds: bool


class Command(NamedTuple):
    """A command to run, and the lines that it shows."""

    line: str
    shown: tuple[str, ...]


class Done(NamedTuple):
    """A command that has ended."""

    code: int
    out: str


Run = Callable[[Sequence[str], Path], Done]


def steps(markdown: str) -> Iterator[Write | Command]:
    """What a page tells the reader to do, in its order."""
    for block in _BLOCK.finditer(markdown):
        if block["path"]:
            yield Write(block["path"], block["text"], block["verb"] == "Add to")
        elif block["kind"] == "console":
            yield from _commands(block["text"])


def _commands(text: str) -> Iterator[Command]:
    line: str | None = None
    shown: list[str] = []
    for printed in text.splitlines():
        if printed.startswith("$ "):
            if line is not None:
                yield Command(line, tuple(shown))
            line, shown = printed.removeprefix("$ "), []
        elif line is not None:
            shown.append(printed)
    if line is not None:
        yield Command(line, tuple(shown))


def write(step: Write, folder: Path) -> None:
    """Write a file of the page, or add to it."""
    file = folder.joinpath(*step.path.split("/"))
    if step.adds:
        file.write_text(file.read_text("utf-8") + step.text, encoding="utf-8", newline="\n")
        return
    if not file.parent.is_dir():
        raise SystemExit(f"the page writes [{step.path}], and nothing made its folder")
    file.write_text(step.text, encoding="utf-8", newline="\n")


def missing(shown: Sequence[str], out: str) -> list[str]:
    """The lines that a command should have shown and did not, or not in this order."""
    lines = iter([line.rstrip() for line in out.splitlines()])
    return [line for line in shown if line.strip() not in ("", MORE) and line.rstrip() not in lines]


def follow(page: Path, folder: Path, run: Run, said: Callable[[str], None] = lambda _: None) -> list[str]:
    """Do every step of a page in a folder; give what did not come out as the page says, a line each.

    ``cd`` changes the folder for the commands after it, as it does in a terminal.
    """
    wrong: list[str] = []
    here = folder
    for step in steps(page.read_text("utf-8")):
        if isinstance(step, Write):
            write(step, folder)
            continue
        words = shlex.split(step.line)
        said(f"$ {step.line}")
        if words[0] == "cd":
            here = Path(os.path.normpath(here / words[1]))
            continue
        done = run(words, here)
        said(done.out.rstrip())
        if done.code:
            wrong.append(f"[{step.line}] ended with exit code {done.code}:\n{done.out}")
            break
        wrong += [f"[{step.line}] did not show [{line}]" for line in missing(step.shown, done.out)]
    return wrong


def write_all(page: Path, folder: Path, new: Callable[[Sequence[str]], None]) -> None:
    """Write every file of a page, over the projects that ``new`` writes where the page has them made."""
    for step in steps(page.read_text("utf-8")):
        if isinstance(step, Write):
            write(step, folder)
        elif step.line.startswith("clearslate new "):
            new(shlex.split(step.line)[1:])


def command(words: Sequence[str], here: Path, *, python: str, environment: Mapping[str, str]) -> Done:
    """Run a command of a page with this Python, which stands for ``python`` and, as a module, for ``clearslate``."""
    spelled = {"python": [python], "clearslate": [python, "-m", "clearslate_cli"]}
    if words[0] == "cat":
        return Done(0, "".join((here / name).read_text("utf-8") for name in words[1:]))
    if words[0] not in spelled:
        raise SystemExit(f"the page runs [{words[0]}], which is no command that a reader has on every system")
    done = subprocess.run(
        [*spelled[words[0]], *words[1:]],
        cwd=here,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Done(done.returncode, done.stdout)


def main(arguments: Sequence[str]) -> int:
    """Follow a page in a folder, with this Python."""
    page, folder = (Path(name) for name in arguments if not name.startswith("--"))
    folder.mkdir(parents=True, exist_ok=True)
    if "--write-only" in arguments:
        python = [sys.executable, "-m", "clearslate_cli"]
        write_all(page, folder, lambda words: print(subprocess.check_output([*python, *words], cwd=folder, text=True)))
        return 0

    def run(words: Sequence[str], here: Path) -> Done:
        return command(words, here, python=sys.executable, environment=os.environ)

    wrong = follow(page, folder, run, print)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
