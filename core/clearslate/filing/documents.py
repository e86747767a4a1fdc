"""Documents as PDF: a typst template filled with data, the same bytes every time.

Data is handed over as JSON and shown as text; nothing in it is ever read as markup. Only the fonts inside typst are
used, so that a document looks the same on every machine, and nothing is fetched.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

import pikepdf
import typst

from clearslate.errors import OutputError

Standard = Literal["a-2a", "a-2b", "ua-1"]

PUBLIC: tuple[Standard, ...] = ("a-2a", "ua-1")
"""To be kept and to be read by everyone: PDF/A with text and structure, and PDF/UA."""

VOLUME = 3000
"""How many rows a document takes before another volume begins; see ``benchmarks/packet.py`` for the memory."""

SAY = "say: "
"""How a template's ``panic`` begins where the rest is a message for the user, without anything personal in it."""

_PROBE = '#set text(font: "Libertinus Serif")\n#set document(title: "x")\n#for c in json("data.json") [#c\\ ]'
_PLAIN = re.compile(r"[ -~]*")
_SPACES = re.compile(r"[\t\n\r\v\f]+")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Typst drops what it remembers once ten compilations did not ask for it.
_UNTIL_FORGOTTEN = 11
_LARGE = 200_000
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A finished PDF; ``replaced`` names the characters that no font has, which the page shows as ``[U+…]``."""

    data: bytes
    pages: int
    replaced: tuple[str, ...]


def template(package: str, *files: str) -> str:
    """The text of a package's templates, one after the other."""
    return "\n".join(resources.files(package).joinpath(file).read_text("utf-8") for file in files)


def volumes(rows: int, size: int = VOLUME) -> tuple[range, ...]:
    """The rows of each volume of a long document, at least one volume."""
    return tuple([range(start, min(start + size, rows)) for start in range(0, max(rows, 1), size)])


class Typesetter:
    """Fills templates; ``made_on`` is the day that its documents carry as their creation date."""

    def __init__(self, made_on: dt.date) -> None:
        self._made = dt.datetime(made_on.year, made_on.month, made_on.day, tzinfo=dt.UTC)
        self._compiler = typst.Compiler(ignore_system_fonts=True)
        self._prelude = template("clearslate.filing", "templates/prelude.typ")
        self._letters = _Letters(self)

    def pdf(self, name: str, source: str, data: Mapping[str, Any], standards: Sequence[Standard] = PUBLIC) -> Document:
        """The document that a template makes of ``data``, which has at least a ``title``.

        A character that no font has, or that none shows, stands as ``[U+…]`` on the page; the template is given the
        list of them as ``replaced``. Raises OutputError, which names the document and says nothing of what is in it.
        """
        replaced: set[str] = set()
        shown = self._letters.shown(data, replaced)
        handed = json.dumps({**shown, "replaced": sorted(replaced)}, sort_keys=True)
        made, said = self._compile(f"{self._prelude}\n{source}", handed, standards)
        if len(handed) > _LARGE:
            self._forget()
        if made is None:
            raise OutputError(f"document [{name}] {said}")
        return _finished(made, tuple(sorted(replaced)))

    def _compile(self, source: str, handed: str, standards: Sequence[Standard]) -> tuple[bytes | None, str]:
        """The PDF, or None and what to say of it. Typst's own messages quote the text, and are never passed on."""
        # Two files that exist in memory only. As an input of the system the data would cost typst half its speed, as
        # nothing that it remembers would hold for the next document.
        files: Any = {"main.typ": source.encode(), "data.json": handed.encode()}
        try:
            made, warnings = self._compiler.compile_with_warnings(
                files,
                format="pdf",
                pdf_standards=list(standards),
                timestamp=self._made,
            )
        except typst.TypstError as error:
            said = str(error.message).removeprefix("panicked with: ").strip('"')
            if said.startswith(SAY):
                return None, said.removeprefix(SAY)
            return None, "could not be made from its template; report it, with the name of the document and the version"
        if warnings or not isinstance(made, bytes):
            return None, "came out of its template with a warning; report it, with the name of the document"
        return made, ""

    def has_all(self, clusters: Iterable[str]) -> bool:
        """Whether the fonts have every one of these."""
        made, _ = self._compile(_PROBE, json.dumps(list(clusters)), PUBLIC)
        return made is not None

    def _forget(self) -> None:
        """Let typst drop what it remembers of a large document, so that many of them need no more memory than one."""
        for number in range(_UNTIL_FORGOTTEN):
            self._compile(f"{number}", "", ())


def _finished(made: bytes, replaced: tuple[str, ...]) -> Document:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pages = len(pdf.pages)
        if len(made) <= _LARGE:
            return Document(made, pages, replaced)
        # Structure for readers with assistive tools is six times the text, until it is packed.
        packed = io.BytesIO()
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return Document(packed.getvalue(), pages, replaced)


class _Letters:
    """Which characters the fonts have, asked once for each."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter
        self._known: dict[str, bool] = {}
        # What papers have in common, such as a section sign in their titles, is looked through once.
        self._texts: dict[str, tuple[str, tuple[str, ...]]] = {}

    def shown(self, data: Mapping[str, Any], replaced: set[str]) -> dict[str, Any]:
        """The data with all text as it can be shown; adds what had to be replaced."""
        if len(self._texts) > _REMEMBERED:
            self._texts.clear()
        self._learn({cluster for text in _texts(data) if text not in self._texts for cluster in _clusters(text)})
        return {key: self._walk(value, replaced) for key, value in data.items()}

    def _walk(self, value: Any, replaced: set[str]) -> Any:
        if isinstance(value, str):
            return value if _PLAIN.fullmatch(value) else self._text(value, replaced)
        if isinstance(value, Mapping):
            return {key: self._walk(inner, replaced) for key, inner in value.items()}
        if isinstance(value, Sequence):
            return [self._walk(inner, replaced) for inner in value]
        return value

    def _text(self, text: str, replaced: set[str]) -> str:
        if text not in self._texts:
            self._texts[text] = self._spelled(text)
        shown, codes = self._texts[text]
        replaced.update(codes)
        return shown

    def _spelled(self, text: str) -> tuple[str, tuple[str, ...]]:
        parts: list[str] = []
        replaced: list[str] = []
        for cluster in _clusters(text):
            if self._known[cluster]:
                parts.append(cluster)
                continue
            codes = [f"U+{ord(letter):04X}" for letter in cluster]
            replaced += codes
            parts.append(f"[{' '.join(codes)}]")
        return "".join(parts), tuple(replaced)

    def _learn(self, clusters: set[str]) -> None:
        unknown = sorted(cluster for cluster in clusters if cluster not in self._known)
        seen = [cluster for cluster in unknown if not any(unicodedata.category(c) in _UNSEEN for c in cluster)]
        self._known.update(dict.fromkeys(unknown, False))
        self._ask(seen)

    def _ask(self, clusters: Sequence[str]) -> None:
        if not clusters:
            return
        if self._typesetter.has_all(clusters):
            self._known.update(dict.fromkeys(clusters, True))
        elif len(clusters) > 1:
            half = len(clusters) // 2
            self._ask(clusters[:half])
            self._ask(clusters[half:])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not _PLAIN.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)


def _clusters(text: str) -> list[str]:
    """The characters of a text, each with the marks upon it; a tab or a line's end is a space."""
    clusters: list[str] = []
    for letter in unicodedata.normalize("NFC", _SPACES.sub(" ", text)):
        if clusters and unicodedata.category(letter).startswith("M"):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters
