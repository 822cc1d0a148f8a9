"""Titles without the markup that publishers and reference managers leave in them."""

from __future__ import annotations

import html
import re
import unicodedata

TAG = re.compile(r"""</?[A-Za-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")


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
    """
    return " ".join(html.unescape(TAG.sub("", text)).split())


def with_entities(text: str) -> str:
    """A text that :func:`without_markup` reads back as it is.

    >>> with_entities("p <i> q"), with_entities("p < q & r")
    ('p &lt;i&gt; q', 'p < q & r')
    """
    return text if without_markup(text) == text else html.escape(text, quote=False)
