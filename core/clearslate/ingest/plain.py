"""The plain forms of names and numbers, by which one person's are found however they are spelled."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHE = re.compile("['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07]")
_BETWEEN = re.compile(r"[\W_]+")


def _letters(text: str) -> str:
    """The text in the letters under its accents, letter case, ligatures and widths taken away."""
    if text.isascii():
        return text.lower()
    # Two rounds, for what is taken apart may have letter case, and lower case may have accents.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in folded.casefold() if not unicodedata.category(letter).startswith("M"))


def plain_name(text: str) -> str:
    """A name without accents and letter case, and with a single space for what stands between its words.

    An apostrophe stands within a word and is dropped: O'NEIL,MARY ANN and Oneil, Mary Ann are
    both "oneil mary ann". A hyphen stands between two words. The order of the words stays.
    """
    # Some apostrophes come apart into a space and an accent, and some letters into an apostrophe and another.
    letters = _APOSTROPHE.sub("", _letters(_APOSTROPHE.sub("", text)))
    return _BETWEEN.sub(" ", letters).strip()


def plain_number(text: str) -> str:
    """A number without letter case, leading zeros, and what is no letter or digit."""
    return _BETWEEN.sub("", _letters(text)).lstrip("0")
