"""People and convictions: what a reader builds and a policy reads."""

from clearslate.model.answer import Answer, all_of, any_of
from clearslate.model.dates import PartialDate, Span, add_months, anniversary, span_of
from clearslate.model.person import Count, Cycle, Disposition, Event, Grade, Person, Registration, Relief
from clearslate.model.sentence import SentencePart, sentence_end
from clearslate.model.source import Place, Record
from clearslate.model.statute import Section, Statute

__all__ = [
    "Answer",
    "Count",
    "Cycle",
    "Disposition",
    "Event",
    "Grade",
    "PartialDate",
    "Person",
    "Place",
    "Record",
    "Registration",
    "Relief",
    "Section",
    "SentencePart",
    "Span",
    "Statute",
    "add_months",
    "all_of",
    "anniversary",
    "any_of",
    "sentence_end",
    "span_of",
]
