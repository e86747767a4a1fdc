"""What an office gives for a packet beside the office file: a layout, addresses, texts, a form with its mapping."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clearslate.errors import UsageError
from clearslate.filing.addresses import Address, read_addresses
from clearslate.filing.formmap import FormMapping, example_mappings, parse_form_mapping, read_form_mapping
from clearslate.filing.layouts import Layout, read_layout
from clearslate.filing.letters import LetterFile, letter_files
from clearslate.filing.pdfform import BlankForm, read_form
from clearslate.policy.load import base_name


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What the user said by option; None, or nothing, where nothing was said."""

    layout: Path | None = None
    addresses: Path | None = None
    language: str | None = None
    text: Sequence[Path] = ()
    form: Path | None = None
    fields: str | None = None
    relief: str | None = None

    @property
    def paths(self) -> list[Path]:
        """The files that were said, none of which an output may hold."""
        said = [self.layout, self.addresses, self.form, *self.text, None if self.fields is None else Path(self.fields)]
        return [path for path in said if path is not None]

    @property
    def options(self) -> tuple[str, ...]:
        """The options that were said."""
        return tuple(name for name in OPTIONS if getattr(self, name))

    def check(self, packet: str, takes: Collection[str], needs: Collection[str]) -> None:
        """Raise UsageError for an option that a packet does not take, and for one that it cannot do without."""
        for name in self.options:
            if name not in takes:
                known = ", ".join(f"--{one}" for one in OPTIONS if one in takes)
                raise UsageError(
                    f"packet [{packet}] takes no --{name}; {f'it takes {known}' if known else 'leave it out'}"
                )
        for name in OPTIONS:
            if name in needs and not getattr(self, name):
                raise UsageError(f"packet [{packet}] needs --{name} {OPTIONS[name]}")

    def read(self) -> Given:
        """Read the files. Raises UsageError or InputError naming the one that is wrong."""
        known = {"layout": self.layout, "addresses": self.addresses, "form": self.form}
        known |= {f"text_{place}": path for place, path in enumerate(self.text, 1)}
        files = {name: (base_name(str(path)), digest(path)) for name, path in known.items() if path is not None}
        mapping = None
        if self.fields is not None:
            mapping, sha256 = _mapping(self.fields)
            files["fields"] = (mapping.name, sha256)
        return Given(
            layout=None if self.layout is None else read_layout(self.layout),
            addresses=None if self.addresses is None else read_addresses(self.addresses),
            language=self.language or "en",
            texts=_texts(self.text),
            form=None if self.form is None else read_form(self.form),
            fields=mapping,
            relief=self.relief,
            files={name: {"name": file, "sha256": sha256} for name, (file, sha256) in files.items()},
        )


OPTIONS: Mapping[str, str] = {
    "relief": "ID",
    "layout": "FILE.toml; an example: clearslate file --init-layout",
    "addresses": "FILE.csv, with a row for each person; see docs/letters.md",
    "language": "CODE",
    "text": "FILE.toml",
    "form": "FILE.pdf, the form as the court publishes it",
    "fields": "FILE.toml, which field of the form holds what; see docs/filing-office.md",
}
"""The options of packets, each with what it takes."""


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """The same, read; ``files`` names each file with its SHA-256."""

    layout: Layout | None = None
    addresses: Mapping[str, Address] | None = None
    language: str = "en"
    texts: Callable[[], Mapping[str, LetterFile]] = letter_files
    form: BlankForm | None = None
    fields: FormMapping | None = None
    relief: str | None = None
    files: Mapping[str, Any] = field(default_factory=dict)


def _texts(own: Sequence[Path]) -> Callable[[], Mapping[str, LetterFile]]:
    """The texts of letters, which take a while to read where no letter is written."""
    if not own:
        return letter_files
    texts = letter_files(own)
    return lambda: texts


def _mapping(name: str) -> tuple[FormMapping, str]:
    """The mapping in a file, or one that comes with this package by its name, and its SHA-256."""
    own = example_mappings()
    stem = f"{name.removesuffix('.toml')}.toml"
    if stem in own and not Path(name).exists():
        return parse_form_mapping(own[stem], stem), hashlib.sha256(own[stem].encode()).hexdigest()
    return read_form_mapping(Path(name)), digest(Path(name))


def digest(path: Path) -> str:
    """The SHA-256 of a file, blank for one that cannot be read: whoever reads it next says so."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
