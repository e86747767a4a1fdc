"""``run.json``: what was run on what, with digests, so that anyone can check it or run it again.

It holds no clock, path, host, user or argument list: the same run gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from clearslate import __version__
from clearslate.ingest.reader import Mapped, RecordReader
from clearslate.output.ledger import Ledger
from clearslate.output.lines import encoded
from clearslate.output.staging import OutputFile
from clearslate.output.writer import RunContext

FILE = "run.json"
FORMAT = 1


def manifest(
    run: RunContext, ledger: Ledger, outputs: Iterable[OutputFile], suppliers: Mapping[str, str]
) -> dict[str, Any]:
    """The manifest; ``suppliers`` are versions by distribution, besides clearslate's own."""
    about, policy = run.reform.about, run.policy
    return {
        "format": FORMAT,
        "versions": {**suppliers, "clearslate": __version__},
        "reform": {"id": about.id, "title": about.title},
        "policy": {
            "id": policy.id,
            "title": policy.title,
            "sha256": policy.digest,
            "parameters": dict(policy.parameters),
        },
        "county": run.county,
        "as_of": run.as_of.isoformat(),
        "reader": run.reader.id,
        **_mapping(run.reader),
        "inputs": [
            {
                "name": file.name,
                "sha256": file.sha256,
                "size": file.size,
                "rows": file.rows,
                "has_header": file.has_header,
                "encoding": file.encoding,
                **({"file_sha256": file.file_sha256} if file.file_sha256 else {}),
            }
            for file in run.reading.inputs
        ],
        "outputs": [
            {"name": file.name, "sha256": file.sha256, "size": file.size, "rows": file.rows}
            for file in sorted(outputs, key=lambda file: file.name)
        ],
        "ledger": ledger.figures(),
    }


def _mapping(reader: RecordReader) -> dict[str, Any]:
    """The mapping file that a reader was set up by, if there is one."""
    if not isinstance(reader, Mapped):
        return {}
    return {"mapping": {"name": reader.mapping_file.name, "sha256": reader.mapping_file.sha256}}


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, two spaces and a final line end: the same bytes every time."""
    return encoded(json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False) + "\n")


def digest_of(manifest: Mapping[str, Any]) -> str:
    """The digest that a run goes by: the SHA-256 of its manifest as ``run.json`` has it."""
    return hashlib.sha256(json_bytes(manifest)).hexdigest()
