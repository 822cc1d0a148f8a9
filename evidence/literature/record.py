"""What a service knows of one paper, in one form for all services."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from evidence.bibliography.markup import plain_text
from evidence.quoting import LATIN, one_line

# From harmless to serious, as the dictionary has them.
NOTICES = ("none", "correction", "expression_of_concern", "partial_retraction", "retraction")
RETRACTED = "retractedpublication"  # a kind, as :func:`plain_kind` writes it
# Publishers write it before the title; it is not part of the title.
IN_TITLE = re.compile(r"^\W*(?:(retracted|withdrawn)(?: article| paper)?)\s*[:\-–—\]]+\s*", re.I)


@dataclass(frozen=True)
class Notice:
    """Something published about a paper.

    Attributes
    ----------
    kind : str
        One of :data:`NOTICES`.
    said : str
        What the service calls it, and where it stands.
    link : str
        Address of the notice; empty when none is known.
    """

    kind: str
    said: str
    link: str = ""

    @property
    def rank(self) -> int:
        """The higher, the more serious."""
        return NOTICES.index(self.kind)


@dataclass(frozen=True)
class Author:
    """A person, or a group that has but a family name."""

    family: str
    given: str = ""


@dataclass(frozen=True)
class Record:
    """What a service knows; what it does not state is empty.

    Attributes
    ----------
    service : str
    doi, pmid, pmcid : str
        Numbers; the DOI in lower case.
    titles : tuple of str
        The title in every form that is stated (with and without subtitle, translated), plain text,
        the main one first.
    years : tuple of (str, int)
        Years with what they are the year of: ``issue`` (or print) and ``online``.
    journals : tuple of str
        Name of the journal or container in every form, the full one first.
    authors : tuple of Author
    volume, number, pages, abstract, kind : str
        ``kind`` is the type of a BibTeX entry.
    notices : tuple of Notice
    remark : str
        What else a reader must know, such as that the paper is itself a notice about another.
    """

    service: str
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    titles: tuple[str, ...] = ()
    years: tuple[tuple[str, int], ...] = ()
    journals: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    volume: str = ""
    number: str = ""
    pages: str = ""
    abstract: str = ""
    kind: str = "article"
    notices: tuple[Notice, ...] = ()
    remark: str = ""

    @property
    def title(self) -> str:
        """The main title; empty when none is stated."""
        return self.titles[0] if self.titles else ""

    @property
    def year(self) -> int | None:
        """Year of the issue, else online."""
        years = dict(self.years)
        return years.get("issue", years.get("online"))

    @property
    def most_serious(self) -> Notice:
        """The most serious notice."""
        return max(self.notices, key=lambda notice: notice.rank, default=Notice("none", ""))


def called_retracted(kinds: Iterable[str], notices: Iterable[Notice], service: str) -> list[Notice]:
    """The notice that the kind of a publication is, where no other tells of its retraction."""
    told = any(notice.kind == "retraction" for notice in notices)
    if told or RETRACTED not in map(plain_kind, kinds):
        return []
    return [Notice("retraction", f"{service} calls it a retracted publication")]


def plain_kind(kind: str) -> str:
    """The name of a kind without spaces and hyphens, in lower case."""
    return kind.replace(" ", "").replace("-", "").lower()


def cleaned(value: Any) -> Any:
    """A record whose every text is one line without hidden characters: it ends up in tables, files
    and on terminals.

    >>> cleaned(
    ...     Record("pubmed", titles=(f"A{chr(27)}[2J",), authors=(Author(f"B{chr(10)}C"),))
    ... ).authors
    (Author(family='B C', given=''),)
    """
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, tuple):
        return tuple(map(cleaned, value))
    if isinstance(value, (Record, Author, Notice)):
        return type(value)(
            **{field.name: cleaned(getattr(value, field.name)) for field in fields(value)}
        )
    return value


def titles_of(*texts: str | None) -> tuple[tuple[str, ...], tuple[Notice, ...]]:
    """Titles as plain text, and the notice that a publisher wrote before one.

    >>> titles_of("RETRACTED: A study.")
    (('A study.',), (Notice(kind='retraction', said='the title says "RETRACTED"', link=''),))
    """
    found, notices = [], []
    for text in map(plain_text, texts):
        said = IN_TITLE.match(text)
        if said:
            notices.append(Notice("retraction", f'the title says "{said[1]}"'))
            text = text[said.end() :]
        if text:
            found.append(text)
    return tuple(dict.fromkeys(found)), tuple(notices[:1])


def normal(text: str) -> str:
    """Text as it is compared: without capitals, accents and marks, Greek letters by name, "&" as
    "and".

    >>> normal("The β-catenin & Ångström: a re-evaluation.")
    'the beta catenin and angstrom a re evaluation'
    """
    letters = []
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    for letter in plain.translate(LATIN):
        if "\u0370" <= letter <= "\u03ff" and letter.isalpha():
            letters.append(f"{unicodedata.name(letter).split()[3].lower()}")
        elif letter.isalnum():
            letters.append(letter)
        elif not unicodedata.combining(letter):
            letters.append(" ")
    return " ".join("".join(letters).split())


def first_stated(records: list[Record], column: str) -> str:
    """What the first of some records that states it says; empty when none does."""
    return next((str(value) for one in records if (value := getattr(one, column))), "")
