"""A run that the vault keeps, asked for once more: with the law, the policy and the sources that it was decided on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from clearslate.errors import UsageError, VaultError
from clearslate_cli import catalog

if TYPE_CHECKING:
    from clearslate.assess.run import RunRequest
    from clearslate.vault.store import Store


def _nothing(_: Mapping[str, int]) -> None:
    """Settle nothing."""


def chosen(store: Store, asked: int | None) -> int:
    """The run that was asked for, or the last one. Raises UsageError where the vault keeps no such run."""
    from clearslate.vault import runs as kept

    known = kept.runs(store)
    if not known:
        raise UsageError("the vault keeps no run; decide first: clearslate run")
    if asked is not None and asked not in known:
        raise UsageError(f"the vault keeps no run [{asked}]; known: {', '.join(map(str, known))}")
    return known[-1] if asked is None else asked


def kept_again(store: Store, number: int, settle: Callable[[Mapping[str, int]], None] = _nothing) -> RunRequest:
    """What decides a kept run once more, into no folder, and stops where anything differs from what is kept.

    Raises VaultError where the run's law has changed since.
    """
    from clearslate.assess.again import SameAsKept
    from clearslate.assess.answers import answers_of
    from clearslate.assess.keeping import Kept
    from clearslate.assess.run import RunRequest
    from clearslate.assess.words import of_run
    from clearslate.ingest.kept import Records, kept_sources
    from clearslate.ingest.reader import MappingFile
    from clearslate.ingest.table.mapping import parse_mapping
    from clearslate.policy.load import PolicySource
    from clearslate.vault import runs as kept

    told = kept.read_run(store, number)
    manifest = told["manifest"]
    known = catalog.registry()
    reform = known.reform(manifest["reform"]["id"])
    policy = reform.bind(PolicySource(told["policy_name"], told["policy_text"]), told["settings"])
    if policy.digest != manifest["policy"]["sha256"]:
        raise VaultError(
            f"run [{number}] cannot be made again as it was decided: reform [{policy.reform}] has changed since; "
            "decide again: clearslate run"
        )
    facts = told.get("facts")
    answers = None if facts is None else answers_of(facts["name"], facts["text"], reform.about.facts, facts["sha256"])
    sources = [source for source in kept_sources(Records(store)) if source.number in told["sources"]]
    mapping = told.get("mapping")
    table = None if mapping is None else parse_mapping(MappingFile(mapping["name"], mapping["text"]))
    reader = known.reader(manifest["reader"]) if table is None else known.table(manifest["reader"], table, reform)
    suppliers = [known.supplier("reform", policy.reform), known.supplier("reader", reader.id)]
    suppliers += [known.supplier("writer", name) for name in known.writers]
    return RunRequest(
        reform=reform,
        policy=policy,
        reader=reader,
        inputs=(),
        output=None,
        as_of=dt.date.fromisoformat(manifest["as_of"]),
        county=manifest["county"],
        writers=(*known.writers.values(), SameAsKept(store, number, sources)),
        suppliers={supplier.distribution: supplier.version for supplier in suppliers},
        kept=Kept(store, sources, settle=settle, keeps=False),
        answers=answers,
        words=of_run(store, number) if "words" in manifest else None,
    )
