"""Words of the trade, each with what it means: they show when the pointer rests on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from evidence.model.evidence import Evidence

if TYPE_CHECKING:
    from markupsafe import Markup

TABLE, TERM = "glossary", "term"
MEANINGS = ("meaning", "explanation", "definition", "plain")  # the column that explains a term


def glossary(ev: Evidence) -> dict[str, str]:
    """What each term means; empty when the data set has no such table."""
    if TABLE not in ev.tables or TERM not in ev.tables[TABLE]:
        return {}
    rows = ev.tables[TABLE]
    column = next((name for name in MEANINGS if name in rows), None)
    if column is None:
        return {}
    pairs = rows[[TERM, column]].dropna().astype("str")
    said = dict(pairs.itertuples(index=False, name=None))
    # What the whole page is about would be marked in every sentence.
    topic = str(ev.dictionary.settings.get("topic", "")).lower().split()
    return {term: meaning for term, meaning in said.items() if term.lower() not in topic}


def glossed(text: str, terms: Mapping[str, str]) -> Markup:
    """A text as HTML in which the first use of each term says what it means.

    >>> print(glossed("The OR, or odds ratio, <1", {"OR": "Odds ratio."}))
    The <abbr title="Odds ratio." tabindex="0">OR</abbr>, or odds ratio, &lt;1
    """
    from markupsafe import Markup, escape

    if not terms:
        return escape(text)
    # Short terms are abbreviations and keep their capitals; longer ones may begin a sentence.
    folded = {term if term.isupper() else term.lower(): said for term, said in terms.items()}
    longest = sorted(terms, key=len, reverse=True)
    parts = [re.escape(term) if term.isupper() else f"(?i:{re.escape(term)})" for term in longest]
    pattern = re.compile(rf"(?<!\w)({'|'.join(parts)})(?!\w)")
    used: set[str] = set()
    pieces, end = [], 0
    for match in pattern.finditer(text):
        word = match[0] if match[0] in folded else match[0].lower()
        if word in used or word not in folded:
            continue
        used.add(word)
        pieces += [
            escape(text[end : match.start()]),
            Markup('<abbr title="{}" tabindex="0">{}</abbr>').format(folded[word], match[0]),
        ]
        end = match.end()
    return Markup("").join([*pieces, escape(text[end:])])
