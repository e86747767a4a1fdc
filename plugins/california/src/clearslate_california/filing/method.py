"""Exhibit C: the policy in words, how many convictions each of its rules decided, and the record of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from clearslate.filing.checklist import Written
from clearslate.filing.documents import Typesetter, template
from clearslate.output.staging import Folder
from clearslate_california.filing.account import account_of
from clearslate_california.filing.contents import Contents
from clearslate_california.filing.dates import long_date
from clearslate_california.filing.paper import number

FILE = "05_exhibit_c.pdf"
_WORDS = {
    "settled": "settled",
    "overruled": "decided otherwise",
    "objected": "objected to",
    "reopened": "not used because facts changed",
    "unused": "about no conviction of this run",
}


def write_method(contents: Contents, typesetter: Typesetter, folder: Folder) -> Written:
    """Write Exhibit C. Raises OutputError."""
    source = template("clearslate_california.filing", "templates/plain.typ")
    made = typesetter.pdf(FILE, source, _data(contents))
    file = folder.create(FILE)
    file.write(made.data)
    file.close()
    return Written((FILE,), made.pages, frozenset(made.replaced))


def _data(contents: Contents) -> Mapping[str, Any]:
    packet = contents.packet
    return {
        "title": "EXHIBIT C: the policy in words, and the record of the run",
        "label": "EXHIBIT C",
        "footer": f"EXHIBIT C TO MOTION UNDER {contents.wording.section.upper()}",
        "heading": "EXHIBIT C: the policy in words, and the record of the run",
        "notes": [
            "The convictions were decided under the policy printed last. It is a table of rules, tried in order; the "
            "first whose conditions all hold decides. A rule whose name begins with attorney_ is a decision by hand, "
            "or one that is open again. This exhibit names nobody.",
            *_noted(contents),
        ],
        "tables": [_record(contents), _rules(contents)],
        "texts": [{"heading": f"The policy: {packet.policy.title}", "lines": packet.policy_page.splitlines()}],
    }


def _record(contents: Contents) -> Mapping[str, Any]:
    packet, manifest = contents.packet, contents.packet.manifest
    versions = manifest.get("versions", {})
    rows = [
        ["Program", f"clearslate {versions.get('clearslate', 'not stated')}"],
        *(["Supplied by", f"{name} {version}"] for name, version in versions.items() if name != "clearslate"),
        ["Law", f"{packet.reform.title} ({packet.reform.id})"],
        ["Policy", f"{packet.policy.id}, SHA-256 {packet.policy.digest}"],
        ["Decided as of", long_date(packet.as_of)],
        ["Record of the run", f"SHA-256 {packet.digest}"],
    ]
    rows += [
        [f"Parameter {name}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)]
        for name, value in packet.policy.parameters.items()
    ]
    if said := manifest.get("words"):
        each = ", ".join(f"{words} {number(said[name])}" for name, words in _WORDS.items() if said.get(name))
        rows.append(["Attorneys' decisions", f"{each or 'none'}; SHA-256 {said.get('sha256', 'not stated')}"])
    rows += [
        [f"Source file {place}", f"{file['name']}, {number(int(file['rows']))} rows, SHA-256 {file['sha256']}"]
        for place, file in enumerate(manifest.get("inputs", []), 1)
    ]
    rows += _accounted(contents)
    columns = [{"title": "What", "wide": False, "right": False}, {"title": "Which", "wide": True, "right": False}]
    return {"heading": "The record of the run", "columns": columns, "rows": rows, "total": None}


def _noted(contents: Contents) -> Iterator[str]:
    """What else was put to the policy, and which convictions are counted."""
    if account_of(contents.packet).answers is not None:
        yield (
            "The policy decided upon the record and upon answers that persons gave to what the record does not state; "
            "the table of answers is named below."
        )
    if contents.outside:
        yield (
            f"Counted below are the convictions of the County of {contents.packet.office.court.county} alone; "
            f"{number(len(contents.outside))} others that the run decided are not."
        )


def _accounted(contents: Contents) -> Iterator[list[str]]:
    """What the run was given beside the files, and what it left out."""
    account = account_of(contents.packet)
    if account.answers is not None:
        answers = account.answers
        said = f"{answers.name}, given {number(answers.given)}, used {number(answers.used)}, SHA-256 {answers.sha256}"
        yield ["Table of answers", said]
    if account.mapping is not None:
        yield ["Mapping of the columns", f"{account.mapping[0]}, SHA-256 {account.mapping[1]}"]
    yield ["County asked for", account.county or "every county"]
    yield ["Rows not read", number(account.rejected)]
    yield ["Rows that repeat another", number(account.repeated)]
    yield ["Counts without disposition", number(account.undisposed)]
    yield ["Convictions of other sections", f"{number(account.other_statute)}, not decided"]
    if account.county is not None:
        yield ["Convictions of other counties", f"{number(account.other_county)}, not decided"]
    if contents.outside:
        yield ["Decided, not of this county", f"{number(len(contents.outside))}, in no exhibit"]


def _rules(contents: Contents) -> Mapping[str, Any]:
    """How many convictions each rule decided."""
    counted = Counter(
        (entry.decided.determination.rule, str(entry.decided.determination.decision))
        for entry in contents.packet.entries
    )
    rows = [[rule, decision, number(count)] for (rule, decision), count in sorted(counted.items(), key=_most)]
    return {
        "heading": "Convictions by the rule that decided them",
        "columns": [
            {"title": "Rule", "wide": False, "right": False},
            {"title": "What it decided", "wide": True, "right": False},
            {"title": "Convictions", "wide": False, "right": True},
        ],
        "rows": rows,
        "total": ["Total", "", number(len(contents.packet.entries))],
    }


def _most(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    """The most first, then by name."""
    return -item[1], item[0]
