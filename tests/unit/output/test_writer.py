from __future__ import annotations

from clearslate.output.builtin import BUILT_IN
from clearslate.output.writer import Writer


def test_the_built_in_writers_keep_the_same_contract_as_a_plugins() -> None:
    assert all(isinstance(writer, Writer) for writer in BUILT_IN)
    assert [writer.id for writer in BUILT_IN] == ["determinations", "routes", "annotated", "rejected", "impact"]
    assert all(writer.title for writer in BUILT_IN)
