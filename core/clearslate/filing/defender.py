"""The public defender's package: every determination with its reasons and the exhibits, encrypted to their keys."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pyrage

from clearslate.errors import LedgerError, OutputError, UsageError
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import MEANINGS, Setting, Subject, squeezed
from clearslate.filing.office import Office
from clearslate.output.age import SUFFIX, Recipient, read_recipients
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder, OutputFile
from clearslate.output.wording import missing_facts
from clearslate.policy.determination import Determination
from clearslate.policy.policy import Policy
from clearslate.policy.word import REOPENED

FILE = f"public_defender.zip{SUFFIX}"
"""One file for their key: a ZIP of the tables, in an age file."""

DETERMINATIONS = "determinations.csv"
_PIECE = 500
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)

_WHO = (
    "row", "source_file", "source_row", "person_id", "identifier", "name", "other_names", "birth_date", "county",
    "court_printed", "case_number", "count", "offense", "statute", "grade", "convicted_on",
)  # fmt: skip
_EXHIBIT = (
    "row", "courthouse", "court_printed", "case_number", "name", "identifier", "birth_date", "statute", "convicted_on",
)  # fmt: skip
_WHAT = (
    "outcome", "relief", "refer_to", "rule", "reason", "citations", "missing_facts", "flags",
    "standing", "attorney_word", "attorney_ground", "attorney", "attorney_on",
)  # fmt: skip
COLUMNS: tuple[str, ...] = (*_WHO, *_WHAT)
"""The columns of the table of determinations; ground and attorney are those of objections, see `_spoken`."""

EXHIBITS: Mapping[str, tuple[Standing, ...]] = {
    "exhibit_a_granted.csv": (Standing.GRANTED,),
    "exhibit_b_objected.csv": (Standing.OBJECTED,),
    "not_granted.csv": (Standing.OPEN, Standing.REFUSED, Standing.REFERRED),
}
"""The other tables, by where their entries stand: all together they are every entry."""


class Packed(NamedTuple):
    """What was written: how many entries in all, and how many of each table."""

    entries: int
    tables: Mapping[str, int]


def check_recipients(office: Office) -> Sequence[Recipient]:
    """The keys that the package is encrypted to. Raises UsageError where the office file has none."""
    keys = office.public_defender.recipients
    if not keys:
        raise UsageError(
            "the office file has no key under [public_defender] recipients, so nobody could open the package; ask the "
            "public defender's office for its public key (age1… or ssh-…)"
        )
    return read_recipients(keys)


def defender_package(packet: Packet, setting: Setting, folder: Folder) -> Packed:
    """Write the package in one encrypted file; nothing of it is ever on the disk in the clear.

    The file is another one each time, as every encryption is; what is in it is not. Raises UsageError where the office
    file has no key of the public defender, LedgerError where a table does not add up.
    """
    recipients = check_recipients(packet.office)
    tables = {name: sum(entry.standing in taken for entry in packet.entries) for name, taken in EXHIBITS.items()}
    if sum(tables.values()) != len(packet.entries):
        raise LedgerError("the exhibits do not add up to the entries of the run; report it")
    parts: dict[str, Iterable[bytes]] = {
        "README.txt": [_readme(packet, tables)],
        DETERMINATIONS: _rows(COLUMNS, packet.entries, setting, partial(_determined, packet.policy)),
    }
    for name, taken in EXHIBITS.items():
        chosen = [entry for entry in packet.entries if entry.standing in taken]
        parts[name] = _rows((*_EXHIBIT, "relief", "relief_title"), chosen, setting, _exhibited)
    file = folder.create(FILE)
    _encrypt(_zipped(parts), file, recipients)
    file.close()
    return Packed(len(packet.entries), {DETERMINATIONS: len(packet.entries), **tables})


def _readme(packet: Packet, tables: Mapping[str, int]) -> bytes:
    said = [
        f"{packet.reform.title}: what the prosecutor decided, for {packet.office.public_defender.name}.",
        "",
        f"From {packet.office.attorney.agency}, {packet.made_on.isoformat()}. Policy: {packet.policy.title}.",
        f"Decided as of {packet.as_of.isoformat()}. SHA-256 of the run: {packet.digest}.",
        "",
        f"{DETERMINATIONS}: all {len(packet.entries)} entries, with rule, reason and citations.",
        *(f"{name}: {rows} entries." for name, rows in tables.items()),
        "",
        "Confidential: criminal history information.",
        "",
    ]
    return encoded("\r\n".join(said))


Row = Callable[[Subject], list[str]]


def _rows(columns: Sequence[str], entries: Sequence[Entry], setting: Setting, row: Row) -> Iterator[bytes]:
    """A table in pieces."""
    yield header_line(columns)
    subjects = [Subject(entry, place, setting) for place, entry in enumerate(entries, 1)]
    for start in range(0, len(subjects), _PIECE):
        yield encoded("".join([line(row(subject)) for subject in subjects[start : start + _PIECE]]))


def _determined(policy: Policy, subject: Subject) -> list[str]:
    entry = subject.entry
    got = entry.decided.determination
    return [
        *_texts(subject, _WHO),
        entry.outcome.value,
        "; ".join(entry.reliefs),
        got.decision.refer_to or "",
        got.rule,
        _reason(got),
        "; ".join(got.citations),
        "; ".join(missing_facts(got.missing, policy.fact_words, {}, ())),
        "; ".join(got.flags),
        entry.standing.value,
        *_spoken(got),
    ]


def _spoken(got: Determination) -> list[str]:
    """The attorney's words; why a prosecutor settles or overrules is work product, and only an objection says why."""
    objections = [word for word in got.words if word.kind == "object"]
    return [
        "; ".join([word.kind for word in got.words]),
        "; ".join([word.ground for word in objections]),
        "; ".join([word.said_by for word in objections]),
        "; ".join([word.said_on.isoformat() for word in got.words]),
    ]


def _reason(got: Determination) -> str:
    """The reason; where a word that is no objection stands in it, the policy's own instead."""
    if got.own is None or not (REOPENED in got.flags or any(word.kind != "object" for word in got.words)):
        return got.reason
    own = got.own
    decided = f"The policy had decided: {own.decision}, by rule {own.rule}."
    return f"Not by the policy alone, but by an attorney. {decided} {own.reason}"


def _exhibited(subject: Subject) -> list[str]:
    titles = {relief.id: squeezed(relief.title) for relief in subject.setting.reform.reliefs}
    reliefs = subject.entry.reliefs
    return [
        *_texts(subject, _EXHIBIT),
        "; ".join(reliefs),
        "; ".join([titles.get(relief, relief) for relief in reliefs]),
    ]


def _texts(subject: Subject, meanings: Iterable[str]) -> list[str]:
    return [str(MEANINGS[meaning].of(subject)) for meaning in meanings]


class _Buffer(io.RawIOBase):
    """Takes what a ZIP writes, until it is asked for; it cannot go back, so that a ZIP is written in one pass."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        """It takes bytes."""
        return True

    def write(self, data: Any) -> int:
        """Take them."""
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        data = bytes(self._held)
        self._held.clear()
        return data


def _zipped(parts: Mapping[str, Iterable[bytes]]) -> Iterator[bytes]:
    """A ZIP of the parts in pieces: the same bytes every time."""
    buffer = _Buffer()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, pieces in parts.items():
            member = zipfile.ZipInfo(name, _FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            # By the system it was made on, ZIP files differ.
            member.create_system, member.external_attr = 3, 0o600 << 16
            with archive.open(member, "w", force_zip64=True) as opened:
                for piece in pieces:
                    opened.write(piece)
                    yield buffer.taken()
    yield buffer.taken()


class _Pulled:
    """Pieces as a file to read from; remembers what went wrong, which the encryption would make a text of."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self.failed: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, none at the end."""
        try:
            while not self._held:
                piece = next(self._pieces, None)
                if piece is None:
                    return b""
                self._held = piece
        except BaseException as error:
            self.failed = error
            raise
        size = len(self._held) if size < 0 else size
        data, self._held = self._held[:size], self._held[size:]
        return data


class _Sink:
    """An output file as one that is written; remembers what went wrong."""

    def __init__(self, file: OutputFile) -> None:
        self._file = file
        self.failed: BaseException | None = None

    def write(self, data: bytes) -> int:
        """Write all of ``data``."""
        if self.failed is not None:
            raise self.failed
        try:
            self._file.write(bytes(data))
        except BaseException as error:
            self.failed = error
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing: no byte is held here."""


def _encrypt(pieces: Iterator[bytes], file: OutputFile, recipients: Sequence[Recipient]) -> None:
    source, sink = _Pulled(pieces), _Sink(file)
    try:
        pyrage.encrypt_io(source, sink, list(recipients))
    except BaseException as error:
        # Whatever comes out of the encryption is a text of what came up in here.
        failed = source.failed or sink.failed
        if failed is not None:
            raise failed from None
        raise OutputError(f"[{file.name}] could not be encrypted; check the public defender's keys") from error
    if sink.failed is not None:
        raise sink.failed
