"""What the columns of a sheet of law cases hold, in words for whoever fills them in."""

from __future__ import annotations

from collections.abc import Sequence

from clearslate.testing.sheets import layout
from clearslate.testing.sheets.kinds import NOTHING
from clearslate.testing.sheets.layout import CASE, Column

WORDS = {
    "file": "the case file; blank: that of the row above",
    "row is": "what the row is of the case: see above",
    "id": "the case's id, which no other case has; on a further row the same, or blank",
    "name": "the sentence of law that the case shows",
    "source": "the citation",
    "story": "for a case that was once a fault: what went wrong",
    "policy": "the policy that decides; blank: the reform's default",
    "as_of": "the day of the decision",
    "set: ": "a parameter of the policy, as it is typed after --set",
    "person: birth_date": "blank: not known",
    "person: sex": "as the record says it",
    "person: race": "as the record says it",
    "person: deceased": "blank: no",
    "person: missing_rows": "how many rows of the person were rejected; blank: none",
    "person: shares_identifier": "whether the identifier stands under another person too; blank: no",
    "person: flags": "marks on the person's record",
    "decide": "yes on the one count that is decided",
    "statute": 'as the record prints it; two quotation marks, "", where the record prints none',
    "cycle": "a name for the arrest, the same on all that belong to it; blank: an arrest of its own",
    "event": "a name for the court event within the arrest; blank: one of its own",
    "arrested": "the day of the arrest; blank: not known",
    "disposed": "the day of the disposition; blank: not known",
    "grade": "blank: not known",
    "county": 'blank: OZ; two quotation marks, "", where the record prints none',
    "disposition": "blank: convicted",
    "committed": "the day of the offense; blank: not known",
    "class": "the class within the grade; blank: not known",
    "ended": "how the charge ended; blank: not known",
    "sentence": "the parts of the sentence; ? where the length is not known",
    "relieved": "the relief that the conviction had already",
    "flags": "marks on the count",
    "fact: ": "a fact of the reform's own; blank: not known",
    "registration: date": "the day of the registration; blank: not known",
    "route": "on a row that is a route: the relief that it leads to",
    "expect: outcome": "what the law says",
    "expect: relief": "the relief, of an eligible case",
    "expect: refer_to": "the office, of a case that is referred",
    "expect: rule": "the rule that says it",
    "expect: flags": "flags that the decision carries, among others",
    "expect: missing": "facts that it names as missing, among others",
    "expect: reliefs": f"of a case with routes: all that are granted, and no other; {NOTHING} for none",
}
"""Every column, and the beginning of every family of columns."""

HEADINGS = ("Column", "On a row that is", "What it holds", "What it takes")


def preface() -> list[str]:
    """The lines above the table of columns."""
    made = layout.layout()
    others = ", ".join(kind.name for kind in made.others)
    return [
        "Law cases. Each says of an invented person what the law decides, and by which rule.",
        "",
        f"A row that is a {CASE} holds the case and its first {made.first.name}. Most cases have no other row.",
        f"A row that is a {made.first.name} is a further count of the same person; so are rows that are: {others}.",
        "Further rows stand directly below their case. The order of cases and of counts is kept.",
        "A blank cell is a fact that the record does not say, not a no and not a zero.",
        "Several values in one cell are set apart by semicolons.",
        'A text in quotation marks is read with \\n for a line break, \\" for a mark; "" is a text that is empty.',
        "A parameter or a fact that has no column yet gets one: name it [set: NAME] or [fact: NAME].",
        "Write cells as text: 2001-05-31, 007 and 1E5 then stay what they are.",
        "",
    ]


def column_rows(header: Sequence[str]) -> list[list[str]]:
    """The table of columns, its headings first; of a family with the columns that the header has."""
    keys = {
        family: [label.removeprefix(family) for label in header if label.startswith(family)] or ["NAME"]
        for family in layout.families()
    }
    return [list(HEADINGS), *(_row(column) for column in layout.columns(keys))]


def _row(column: Column) -> list[str]:
    if not column.fields:
        takes = ", ".join(layout.layout().rows) if column.label == layout.ROW_IS else "text"
        return [column.label, "any", words_of(column.label), takes]
    takes = next(iter(column.fields.values())).kind.takes
    rows = "any" if column.label == layout.ID else ", ".join(column.fields)
    return [column.label, rows, words_of(column.label), takes]


def words_of(label: str) -> str:
    """What a column holds, in words."""
    family = next((one for one in layout.families() if label.startswith(one)), label)
    return WORDS[family]
