"""What the California plugin supplies to clearslate."""

from __future__ import annotations

from collections.abc import Iterable

from clearslate.hookspecs import hookimpl
from clearslate.ingest.reader import RecordReader
from clearslate_california.doj import CA_DOJ


@hookimpl
def clearslate_readers() -> Iterable[RecordReader]:
    """Give the reader of the DOJ bulk file."""
    return [CA_DOJ]
