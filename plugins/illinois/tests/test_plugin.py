"""What the plugin supplies."""

from __future__ import annotations

from clearslate.ingest.examine import Examiner
from clearslate.ingest.reader import RecordReader
from clearslate_illinois import plugin


def test_the_plugin_gives_both_readers() -> None:
    readers = list(plugin.clearslate_readers())
    assert [reader.id for reader in readers] == ["il_ccsao", "il_clerk"]
    for reader in readers:
        assert isinstance(reader, RecordReader)
        assert isinstance(reader, Examiner)
        assert set(reader.condensed) <= set(reader.columns)
