"""Helvetica, the type that forms are filled in: how wide a text is in it, and how a text is broken into lines."""

from __future__ import annotations

LEADING = 1.156
"""From line to line, in sizes of the type."""

# Widths of Helvetica in thousandths of the type's size, for what Windows-1252 can write.
_WIDTHS = {
    sign: width
    for width, signs in {
        191: "'",
        222: "ijl‚‘’",
        260: "|¦",
        278: " !,./:;I[\\]ft·ÌÍÎÏìíîï\u00a0",
        333: "()-`r„ˆ‹“”˜›¡¨¯²³´¸¹\u00ad",
        334: "{}",
        350: "•",
        355: '"',
        365: "º",
        370: "ª",
        389: "*",
        400: "°",
        469: "^",
        500: "Jcksvxyzšžçýÿ",
        537: "¶",
        556: "#$0123456789?L_abdeghnopqu€ƒ†‡–¢£¤¥§«µ»àáâãäåèéêëðñòóôõöùúûüþ",
        584: "+<=>~¬±×÷",
        611: "FTZŽ¿ßø",
        667: "&ABEKPSVXYŠŸÀÁÂÃÄÅÈÉÊËÝÞ",
        722: "CDHNRUwÇÐÑÙÚÛÜ",
        737: "©®",
        778: "GOQÒÓÔÕÖØ",
        833: "Mm",
        834: "¼½¾",
        889: "%æ",
        944: "Wœ",
        1000: "…‰Œ—™Æ",
        1015: "@",
    }.items()
    for sign in signs
}


def writes(text: str) -> bool:
    """Whether it has every character of a text."""
    return all(sign in _WIDTHS for sign in text)


def width(text: str) -> int:
    """How wide a text is, in thousandths of the type's size."""
    return sum(_WIDTHS[sign] for sign in text)


def wrapped(text: str, most: float) -> tuple[str, ...]:
    """The text in lines of at most that width; a word that is wider is broken, and nothing is lost."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined) <= most:
            line = joined
            continue
        if line:
            lines.append(line)
        line = ""
        for sign in word:
            if line and width(line + sign) > most:
                lines.append(line)
                line = ""
            line += sign
    return (*lines, line)
