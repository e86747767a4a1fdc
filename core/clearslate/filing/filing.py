"""What a filing is: a reform's way to make of a run what a court, a registry or another office takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from clearslate.filing.entry import Entry
from clearslate.output.staging import Folder
from clearslate.policy.policy import Policy
from clearslate.policy.schema import ReformFile

if TYPE_CHECKING:
    from clearslate.filing.meanings import CourtOrder
    from clearslate.filing.office import Office


@dataclass(frozen=True, slots=True, repr=False)
class Packet:
    """All that a filing may use of one run.

    ``entries`` are sorted by courthouse, case number, person and count. ``policy_page`` is the policy in words, as
    ``clearslate policies show`` prints it; ``manifest`` is the run's; ``digest`` is the SHA-256 of the manifest, by
    which the run is named in a declaration. ``made_on`` is the day on the documents. ``orders`` are those of the court
    by source file and row; where a law gives several reliefs to a charge, those on the ``reliefs`` of the filing.
    """

    entries: Sequence[Entry]
    office: Office
    reform: ReformFile
    policy: Policy
    policy_page: str
    manifest: Mapping[str, Any]
    digest: str
    as_of: dt.date
    made_on: dt.date
    orders: Mapping[tuple[str, int], CourtOrder] = field(default_factory=dict)


@runtime_checkable
class Filing(Protocol):
    """A packet that can be made of a run, supplied by a reform.

    It may have ``reliefs``, those that it asks for: where a law gives several to a charge, an order on it is of these.
    It may offer ``form_sheets(entries, setting)``, the sheets that an official form is filled for.
    """

    @property
    def id(self) -> str:
        """Its name in ``clearslate file --packet``, lower case with underscores."""

    @property
    def title(self) -> str:
        """What it writes, in a line."""

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        """Write its files; give how many entries of each standing it took up. Raises OutputError, InputError."""
