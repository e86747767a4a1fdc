"""What the law of cannabis asks of one conviction, in words: amount, class, how it ended, what else was charged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from clearslate.filing.entry import Entry
from clearslate.model import Answer
from clearslate.policy.facts import Finding
from clearslate.policy.matter import History, Matter
from clearslate.policy.word import OBJECTED, OVERRULED, REOPENED, SETTLED
from clearslate_il_cannabis.amount import CIVIL, CLASSES, GRAMS, Reading, number_of, readings_of
from clearslate_il_cannabis.factors import NOT_KNOWN
from clearslate_illinois.filing.record import NOT_IN_RECORD, sentence, short_date
from clearslate_illinois.outcomes import Ending
from clearslate_illinois.predicates import OtherConvictionInCase, ViolentAssociation

Kind = Literal["Misdemeanor", "Class 4 Felony"]
"""What the Supreme Court's form asks of a conviction."""

FLAG_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "SENTENCE_NOT_COMPLETE": "the sentence is not complete",
        "PRB_VIOLENCE_READING_DIFFERS": "a violent crime was charged with it and led to no conviction",
        "PRB_STATES_ATTORNEY_NOTICE": "Class 4: the Board tells the State's Attorney of it before a pardon",
        "NOT_REPORTED_TO_ISP": "Class C: not reported to the State Police, who may not have it",
        "CHARGE_AMENDED": "the charge was amended",
        "CHARGE_KEY_BLANK": "the record does not tell its charges apart surely",
        "CASE_UNKNOWN": "the record does not say the case",
        "DATE_CONFLICT": "dates in the record differ",
        "DATE_IMPLAUSIBLE": "a date in the record cannot be",
        "DATE_UNREADABLE": "a date in the record cannot be read",
        "SENTENCE_ESTIMATED": "the sentence is of several parts, added up",
        "OFFENSE_TEXT_DISAGREES": "the words and the section of the offense disagree",
    }
)
"""What is noticed of a conviction, in words; a flag that is not here is printed as it is."""

OF_PARDON = frozenset({"PRB_STATES_ATTORNEY_NOTICE", "NOT_REPORTED_TO_ISP"})
"""Flags that a court need not see."""

OF_ATTORNEY = frozenset({SETTLED, OVERRULED, OBJECTED, REOPENED})
"""Flags of an attorney's word, which may be on another route; the rule says where it is on this one."""

_ENDINGS: Mapping[str, str] = MappingProxyType(
    {ending.value: ending.value.replace("_", " ") for ending in Ending}
    | {
        Ending.SUPERVISION_FAILED.value: "supervision, terminated unsatisfactorily",
        Ending.QUALIFIED_PROBATION_FAILED.value: "qualified probation, terminated unsatisfactorily",
        Ending.OTHER_SENTENCE.value: "other sentence",
    }
)
_LIFTED = MappingProxyType({"A": "Class A misdemeanor", "B": "Class B misdemeanor", "C": "Class C misdemeanor"})
_CANNABIS = ["720 ILCS 550/4", "720 ILCS 550/5"]
_OTHERS = OtherConvictionInCase(statutes=_CANNABIS)
_VIOLENT_CONVICTION, _VIOLENT_CHARGE = ViolentAssociation(what="conviction"), ViolentAssociation(what="any")


def amount(entry: Entry) -> str:
    """The grams, or what the record leaves possible, and on what that rests."""
    count = entry.decided.count
    stated = number_of(count.facts.get(GRAMS))
    if stated is not None:
        by = count.said_by.get(GRAMS)
        return f"{stated:g} grams, {'as the record states' if by is None else f'as {by} states'}"
    found = readings_of(count)
    if not found:
        return NOT_KNOWN
    least, most = min(one.over for one in found), _most(found)
    if most is None:
        words = f"over {least:g} grams" if least else ""
    else:
        words = f"over {least:g} to {most:g} grams" if least else f"up to {most:g} grams"
    return f"{words}, by {_basis(found)}" if words else NOT_KNOWN


def _most(found: tuple[Reading, ...]) -> float | None:
    tops = [one.most for one in found]
    known = [top for top in tops if top is not None]
    return max(known) if len(known) == len(tops) else None


def _basis(found: tuple[Reading, ...]) -> str:
    texts = list(dict.fromkeys(one.tier.citation for one in found))
    return texts[0] if len(texts) == 1 else "what section, class and date leave possible"


def classes(entry: Entry) -> frozenset[str]:
    """The classes that the conviction can be of, an attempt a class lower than the offense; none where not known."""
    count = entry.decided.count
    found = readings_of(count)
    if found:
        return frozenset(one.offense_class for one in found)
    return frozenset(one for one in CLASSES if one == count.offense_class)


def class_words(entry: Entry) -> str:
    """The class and the grade."""
    return " or ".join(_class(one) for one in sorted(classes(entry))) or NOT_KNOWN


def _class(one: str) -> str:
    if one == CIVIL:
        return "civil law violation"
    return _LIFTED.get(one, f"Class {one} felony")


def kind(entry: Entry) -> Kind | None:
    """What the form asks: misdemeanor or Class 4 felony; None where it may be either, or is neither."""
    found = classes(entry)
    if not found:
        return None
    if found <= frozenset(_LIFTED):
        return "Misdemeanor"
    return "Class 4 Felony" if found == {"4"} else None


def ended(entry: Entry) -> str:
    """How the charge ended."""
    count = entry.decided.count
    word = None if count.ended is None else _ENDINGS.get(count.ended, count.ended)
    return count.disposition.value if word is None else f"{count.disposition.value}: {word}"


def sentenced(entry: Entry) -> str:
    """The sentence as the record states it."""
    return sentence(entry.decided.count.sentence)


def sentence_end(entry: Entry) -> str:
    """The last day of the stated sentence, its parts one after the other."""
    count = entry.decided.count
    ends = count.sentence_ends
    if not count.sentence:
        return NOT_IN_RECORD
    if ends.latest is None:
        return NOT_KNOWN
    words = f"{ends.latest:%m/%d}/{ends.latest.year:04d}"
    return words if ends.earliest == ends.latest else f"{words} at the latest"


def convicted(entry: Entry) -> str:
    """The day of the conviction."""
    return short_date(entry.decided.count.disposed)


class CoCharges(NamedTuple):
    """What else the case and the arrest hold: another conviction in the case, violent crimes of the arrest."""

    other_conviction: Finding
    violent_conviction: Finding
    violent_charge: Finding

    @property
    def is_clear(self) -> bool:
        """Whether nothing of the kind is there, and nothing is open."""
        return all(one.answer is Answer.NO for one in self)

    @property
    def words(self) -> str:
        """The check in words."""
        if self.is_clear:
            return "no other conviction in the case; no violent crime in the arrest or case"
        case = {
            Answer.NO: "no other conviction in the case",
            Answer.YES: f"another conviction in the case{_named(self.other_conviction)}",
            Answer.UNKNOWN: f"{NOT_KNOWN} whether the case has another conviction",
        }[self.other_conviction.answer]
        return f"{case}; {self._violence()}"

    def _violence(self) -> str:
        if self.violent_conviction.answer is Answer.YES:
            return f"a conviction of a violent crime with it{_named(self.violent_conviction)}"
        if self.violent_charge.answer is Answer.NO:
            return "no violent crime in the arrest or case"
        if self.violent_charge.answer is Answer.YES and self.violent_conviction.answer is Answer.NO:
            return f"a violent crime charged with it, no conviction of one{_named(self.violent_charge)}"
        return f"{NOT_KNOWN} whether the arrest or case has a violent crime"


def _named(found: Finding) -> str:
    cited = list(dict.fromkeys(str(fact.value) for fact in found.used if fact.value is not None))
    return f" ({', '.join(cited)})" if cited else ""


def co_charges(entry: Entry, as_of: dt.date) -> CoCharges:
    """The check for what excludes a case, or is weighed with it."""
    matter = Matter(History(entry.decided.person), entry.decided.count, as_of)
    return CoCharges(_OTHERS.ask(matter), _VIOLENT_CONVICTION.ask(matter), _VIOLENT_CHARGE.ask(matter))


def flags(entry: Entry) -> tuple[str, ...]:
    """The ids of what was noticed, the policy's before the reader's, each once."""
    decided = entry.decided
    return tuple(dict.fromkeys([*decided.determination.flags, *decided.count.flags, *decided.person.flags]))


def noticed(entry: Entry, *, pardon: bool = False) -> str:
    """What was noticed, in words; blank for nothing. What matters to the pardon alone is said where asked for."""
    hidden = OF_ATTORNEY if pardon else OF_ATTORNEY | OF_PARDON
    said = [FLAG_WORDS.get(flag, flag) for flag in flags(entry) if flag not in hidden]
    if entry.decided.person.deceased:
        said.append("the record says that the person has died")
    return "; ".join(said)
