"""Titles without the markup that publishers and reference managers leave in them."""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5

TAG = re.compile(r"""</?[A-Za-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
# An entity ends in a semicolon: "Law&order" holds none.
ENTITY = re.compile(r"&(?:#(?:\d{1,7}|[xX][\da-fA-F]{1,6})|[A-Za-z][A-Za-z\d]{1,31});")


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
    return " ".join(ENTITY.sub(_character, TAG.sub("", text)).split())


def with_entities(text: str) -> str:
    """A text that :func:`without_markup` reads back as it is.

    >>> with_entities("p <i> q"), with_entities("p < q & r")
    ('p &lt;i&gt; q', 'p < q & r')
    """
    if ("<" not in text and "&" not in text) or without_markup(text) == text:
        return text
    return html.escape(text, quote=False)


def _character(entity: re.Match[str]) -> str:
    """What an entity stands for; a name that HTML does not know stays."""
    if entity[0][1] == "#":
        return html.unescape(entity[0])
    return html5.get(entity[0][1:], entity[0])
