"""Titles without the markup that publishers and reference managers leave in them."""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5

TAG = re.compile(r"""</?[A-Za-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
# An entity ends in a semicolon: "Law&order" holds none.
ENTITY = re.compile(r"&(?:#(?:\d{1,7}|[xX][\da-fA-F]{1,6})|[A-Za-z][A-Za-z\d]{1,31});")
# The same as LaTeX may have it.
ESCAPED = re.compile(rf"\\?({ENTITY.pattern})")
REST = re.compile(ENTITY.pattern.removeprefix("&"))
IN_WORDS = frozenset("'\u2019-\u2010\u2013& \xa0")


def plain_text(text: str | None) -> str:
    """Text without tags (JATS, HTML, MathML) and entities, in one line.

    >>> plain_text("H<sub>2</sub>O &amp; <jats:italic>sport</jats:italic>")
    'H2O & sport'
    """
    if not text:
        return ""
    without = TAG.sub("", text)
    return unicodedata.normalize("NFC", " ".join(html.unescape(html.unescape(without)).split()))


def without_markup(text: str) -> str:
    """A field of a reference manager without its tags, entities read once.

    >>> without_markup("CO<sub>2</sub> &amp; tea"), without_markup("p &lt;i&gt; q")
    ('CO2 & tea', 'p <i> q')
    >>> without_markup("p < 0.05 in food&degradation")
    'p < 0.05 in food&degradation'
    """
    return " ".join(ENTITY.sub(lambda entity: character(entity[0]), TAG.sub("", text)).split())


def with_letters(text: str) -> str:
    """The text of a file before it is taken apart, with the letters and marks of words for which
    entities stand: their semicolons would part names.

    Entities of marks that mean something to a format stay, and so does what is an entity twice.

    >>> with_letters("M&uuml;ller; O&#39;Neil"), with_letters("p &lt; q &amp;lt; r")
    ("Müller; O'Neil", 'p &lt; q &amp;lt; r')
    """
    return ESCAPED.sub(_letter, text) if "&" in text else text


def _letter(entity: re.Match[str]) -> str:
    said = character(entity[1])
    twice = said == "&" and REST.match(entity.string, entity.end())
    return said if (said.isalpha() or said in IN_WORDS) and not twice else entity[0]


def with_entities(text: str) -> str:
    """A text that :func:`without_markup` reads back as it is.

    >>> with_entities("p <i> q"), with_entities("p < q & r")
    ('p &lt;i&gt; q', 'p < q & r')
    """
    if ("<" not in text and "&" not in text) or without_markup(text) == text:
        return text
    return html.escape(text, quote=False)


def character(entity: str) -> str:
    """What an entity stands for; a name that HTML does not know stays."""
    return html.unescape(entity) if entity[1] == "#" else html5.get(entity[1:], entity)
