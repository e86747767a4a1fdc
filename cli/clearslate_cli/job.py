"""What to decide, by which law and policy, from which files: the settings made into the core's own things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearslate.assess.answers import Answers, read_answers
from clearslate.ingest.reader import RecordReader
from clearslate.policy.load import PolicySource
from clearslate.policy.policy import Policy
from clearslate.policy.reform import Reform
from clearslate.registry import Registry, Supplier
from clearslate_cli import catalog
from clearslate_cli.clock import today
from clearslate_cli.settings import RunTable, read_parameters, read_settings


@dataclass(frozen=True, slots=True, repr=False)
class Job:
    """A reform with its policy bound, the reader and the day; ``source`` is the policy as it was read.

    ``answers`` are what a person says of facts that no record states.
    """

    settings: RunTable
    registry: Registry
    reform: Reform
    policy: Policy
    reader: RecordReader
    source: PolicySource
    as_of: dt.date
    answers: Answers | None = None
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The source files; raises UsageError where none was named."""
        return tuple(self.settings.files)

    @property
    def supplier(self) -> Supplier:
        """Who supplies the reform."""
        return self.registry.supplier("reform", self.reform.about.id)

    @property
    def suppliers(self) -> Mapping[str, str]:
        """The versions of the distributions that supply the reform, the reader and the writers."""
        found = [self.supplier, self.registry.supplier("reader", self.reader.id)]
        found += [self.registry.supplier("writer", name) for name in self.registry.writers]
        return {supplier.distribution: supplier.version for supplier in found}


def joined(inputs: list[str] | None, more: list[str] | None) -> list[str] | None:
    """The source files after ``--input`` and those that follow it, or None where there is none of either."""
    return [*(inputs or ()), *(more or ())] or None


def read_job(*, parameters: list[str] | None, **said: Any) -> Job:
    """Make the job of what the command line and the settings file say; raise UsageError or PolicyError."""
    settings = read_settings(set=read_parameters(parameters) if parameters else None, **said)
    now = today()
    as_of = settings.as_of if settings.as_of is not None else now
    notes = settings.notes
    if as_of > now:
        notes += (f"the day [{as_of.isoformat()}] is yet to come; ages and years are counted as of it",)
    known = catalog.registry()
    reform = catalog.find_reform(known, settings.reform)
    source = reform.find(settings.policy if settings.policy is not None else reform.about.default_policy, as_of)
    policy = reform.bind(source, settings.parameters)
    # A county says from when it applies its own; asked of an earlier day, it is asked what it would have done.
    if policy.county is None and as_of < policy.in_force:
        notes += (
            f"policy [{policy.id}] is in force from [{policy.in_force.isoformat()}], after the day of decision "
            f"[{as_of.isoformat()}]; check --as-of",
        )
    return Job(
        settings=settings,
        registry=known,
        reform=reform,
        policy=policy,
        reader=catalog.reader_for(
            known, reform, settings.format, settings.mapping, [Path(name) for name in settings.inputs]
        ),
        source=source,
        as_of=as_of,
        answers=None if settings.facts is None else read_answers(Path(settings.facts), reform.about.facts),
        notes=notes,
    )
