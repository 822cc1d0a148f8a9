"""Words of the trade: each leads to the page that explains it, and its meaning shows when the
pointer rests on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape
from typing import TYPE_CHECKING

from evidence.frames import each_once, frame_rows, text_or_empty
from evidence.model.evidence import Evidence
from evidence.model.query import slug
from evidence.site.pages import Rendered, Site

if TYPE_CHECKING:
    from markupsafe import Markup

PAGE = "glossary.html"
PIECES = re.compile(r"(<[^>]*>)")
TAG = re.compile(r"</?([a-zA-Z0-9]+)")
# What already leads somewhere, and what stands outside of sentences.
PASSED = {
    "a",
    "button",
    "caption",
    "code",
    "h1",
    "h2",
    "h3",
    "h4",
    "label",
    "option",
    "pre",
    "script",
    "select",
    "style",
    "summary",
    "svg",
}


@dataclass(frozen=True)
class Term:
    """A word, its other forms, and what it means; ``key`` names it on the page of the glossary."""

    key: str
    word: str
    also: tuple[str, ...]
    meaning: str


@dataclass(frozen=True)
class Terms:
    """The words of a data set that are explained.

    Attributes
    ----------
    all : tuple of Term
        In the order of the alphabet.
    topic : str
        What the whole page is about: it would be marked in every sentence, and is not.
    """

    all: tuple[Term, ...] = ()
    topic: str = ""

    @cached_property
    def forms(self) -> dict[str, Term]:
        """Each form as it is looked up. Short capitals keep them; other forms may begin a sentence.

        Of the other forms, single plain words are left out: they mean too many things.
        """
        about = self.topic.lower().split()
        found: dict[str, Term] = {}
        for term in self.all:
            forms = [term.word, *(form for form in term.also if not re.fullmatch("[a-z]+", form))]
            if not {form.lower() for form in forms} & set(about):
                for form in forms:
                    found.setdefault(_folded(form), term)
        return found

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds any form, the longest first, in the plural too."""
        longest = sorted(self.forms, key=len, reverse=True)
        parts = [
            f"{re.escape(form)}s?" if form.isupper() else f"(?i:{re.escape(form)}s?)"
            for form in longest
        ]
        return re.compile(rf"(?<![\w-])({'|'.join(parts)})(?![\w-])")

    def get(self, said: str) -> Term | None:
        """The term that a matched text stands for."""
        plain = said.lower()
        for form in (said, said.removesuffix("s"), plain, plain.removesuffix("s")):
            if form in self.forms:
                return self.forms[form]
        return None


def _folded(form: str) -> str:
    return form if form.isupper() else form.lower()


def glossary(ev: Evidence) -> Terms:
    """What is explained; nothing when the data set has no such table."""
    if "glossary" not in ev.tables:
        return Terms()
    said = ev.tables["glossary"].dropna(subset=["term", "explanation"])
    keys = each_once([slug(term) for term in said["term"]], "{}-{}")
    found = [
        Term(key, row["term"], _also(row["also"]), row["explanation"])
        for key, row in zip(keys, frame_rows(said), strict=True)
    ]
    found.sort(key=lambda term: term.word.casefold())
    return Terms(tuple(found), str(ev.dictionary.settings.get("topic", "")))


def _also(cell: object) -> tuple[str, ...]:
    return tuple(form for form in text_or_empty(cell).split("; ") if form)


def ready(site: Site) -> bool:
    """Whether the data set explains words."""
    return bool(glossary(site.ev).all)


def render(site: Site) -> list[Rendered]:
    """The page of all words."""
    return [Rendered("glossary.html", PAGE, "Glossary", {"terms": glossary(site.ev).all})]


def glossed(text: str, terms: Terms, root: str = "") -> Markup:
    """A text as HTML in which the first use of each term leads to what it means.

    >>> terms = Terms((Term("or", "OR", ("odds ratio",), "Odds ratio."),))
    >>> print(glossed("The OR, or odds ratio, <1", terms))
    The <a class="term" href="glossary.html#or" title="Odds ratio.">OR</a>, or odds ratio, &lt;1
    """
    from markupsafe import Markup

    return Markup(_marked(text, terms, root, set()))


def explained(html: str, terms: Terms, root: str = "") -> Markup:
    """HTML in whose running text the first use of each term leads to what it means.

    >>> terms = Terms((Term("or", "OR", (), "Odds ratio."),))
    >>> print(explained("<h2>OR</h2><p>No OR.</p>", terms))
    <h2>OR</h2><p>No <a class="term" href="glossary.html#or" title="Odds ratio.">OR</a>.</p>
    """
    from markupsafe import Markup

    used: set[str] = set()
    passed = 0
    pieces = []
    for piece in PIECES.split(str(html)):
        if piece.startswith("<"):
            passed += _step(piece)
        elif not passed:
            piece = _marked(unescape(piece), terms, root, used)
        pieces.append(piece)
    return Markup("".join(pieces))


def _step(tag: str) -> int:
    """1 where a tag opens what is passed over, -1 where it closes it, else 0."""
    name = TAG.match(tag)
    if not name or name[1].lower() not in PASSED:
        return 0
    return -1 if tag.startswith("</") else 1


def _marked(text: str, terms: Terms, root: str, used: set[str]) -> str:
    if not terms.forms:
        return escape(text)
    pieces, end = [], 0
    for match in terms.pattern.finditer(text):
        term = terms.get(match[0])
        if term is None or term.key in used:
            continue
        used.add(term.key)
        pieces += [escape(text[end : match.start()]), _link(term, match[0], root)]
        end = match.end()
    return "".join([*pieces, escape(text[end:])])


def _link(term: Term, said: str, root: str) -> str:
    address = escape(f"{root}{PAGE}#{term.key}")
    return f'<a class="term" href="{address}" title="{escape(term.meaning)}">{escape(said)}</a>'
