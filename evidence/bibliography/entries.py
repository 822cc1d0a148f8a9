"""Read a BibTeX file: its entries as plain text, and what the parser keeps to itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

import pandas as pd

from evidence.bibliography.bibtex.blocks import entries_of, line_of, split
from evidence.bibliography.bibtex.lint import faults_of_blocks, faults_of_keys
from evidence.bibliography.bibtex.names import first_name
from evidence.bibliography.bibtex.table import (
    COLUMNS,
    inherit,
    left_over,
    raw_columns,
    table_columns,
    text_columns,
)
from evidence.bibliography.bibtex.values import strings_of
from evidence.errors import DataError, Fault
from evidence.files import UnreadableFile, read_text
from evidence.progress import paused

if TYPE_CHECKING:
    from bibtexparser.library import Library

__all__ = [
    "COLUMNS",
    "Bibliography",
    "parse_bibliography",
    "parse_text",
    "read_bibliography",
    "short_names",
    "short_title",
]


@dataclass(frozen=True)
class Bibliography:
    """A parsed bibliography: one row per entry.

    Attributes
    ----------
    entries : DataFrame
        As :func:`read_bibliography` returns it.
    lines : dict of str to int
        Line on which each entry begins, counted from 1; entries that could not be read too, where
        they have a key.
    faults : list of Fault
        What is wrong, in the order of the lines.
    others : dict of str to list of str
        Fields that no column takes, such as abstracts, and the keys of the entries that have them.
    """

    entries: pd.DataFrame
    lines: dict[str, int]
    faults: list[Fault]
    others: dict[str, list[str]] = field(default_factory=dict)


def read_bibliography(path: Path) -> pd.DataFrame:
    """Entries of a BibTeX file, names and titles in plain Unicode.

    Columns ``key, entry_type, author, title, container, year, volume, number, pages, doi, pmid,
    pmcid, note, date, editor, publisher, url``, all of them text. ``container`` is the journal,
    school, institution or site; ``author`` and ``editor`` are lists of names in the form that
    :mod:`evidence.bibliography.bibtex.names` describes; ``date`` is given where more than the year
    is known. A field that the entry lacks is missing.
    """
    parsed = parse_bibliography(path, str(path))
    if parsed.faults:
        raise DataError("The bibliography cannot be read:", parsed.faults)
    return parsed.entries


def short_names(entries: pd.DataFrame) -> pd.Series:
    """Names for tables and charts: first author and year, "et al." when there are more; without an
    author the first words of the title.

    >>> entries = pd.DataFrame(
    ...     {
    ...         "key": ["a2001"],
    ...         "author": ["Å, B. and C, D."],
    ...         "title": ["On it"],
    ...         "year": ["2001"],
    ...     }
    ... )
    >>> short_names(entries)["a2001"]
    'Å et al. 2001'
    """
    authors = entries["author"].fillna("").astype("str")
    first, more = authors.str.split(",", n=1).str[0], authors.str.contains(" and ", regex=False)
    unusual = authors.str.contains("{", regex=False) | ~authors.str.contains(",", regex=False)
    for place in map(int, unusual.to_numpy().nonzero()[0]):
        name, number = first_name(authors.iloc[place])
        title = entries["title"].iloc[place] if "title" in entries else None
        first.iloc[place] = name or short_title(title)
        more.iloc[place] = bool(number > 1)
    dated = first.where(~more, first + " et al.") + " " + entries["year"].fillna("n.d.")
    names = dated.str.strip().reset_index(drop=True)
    lettered = (names + _letters(names, entries["key"])).to_numpy()
    return pd.Series(lettered, index=pd.Index(entries["key"], name="key"))


def _letters(names: pd.Series, keys: pd.Series) -> pd.Series:
    """A letter for each name that several entries have, in the order of the keys; none where there
    are not enough letters.
    """
    by_key = names.iloc[keys.astype("str").argsort(kind="stable").to_numpy()]
    place = by_key.groupby(by_key).cumcount().sort_index()
    times = names.groupby(names).transform("size")
    lettered = times.between(2, len(ascii_lowercase)) & (names != "")
    return place.map(dict(enumerate(ascii_lowercase))).where(lettered, "")


def short_title(title: object) -> str:
    """The first three words of a title, with dots where there are more; empty when there is none.

    >>> short_title("Effects of pulmonary rehabilitation"), short_title(None)
    ('Effects of pulmonary…', '')
    """
    words = title.split() if isinstance(title, str) else []
    if len(words) > 3:
        return " ".join(words[:3]).rstrip(".,:;") + "\u2026"
    return " ".join(words)


def parse_bibliography(path: Path, shown: str) -> Bibliography:
    """Parse a BibTeX file; what the parser could not read, or swallowed without a word, becomes
    faults.
    """
    try:
        text = read_text(path)
    except UnreadableFile as error:
        return _nothing(Fault(shown, error.line, "", error.what, error.allowed))
    return parse_text(text, shown)


def parse_text(text: str, shown: str) -> Bibliography:
    """Parse BibTeX; see :func:`parse_bibliography`.

    >>> parse_text("@misc{a, title = {Caf{\\\\'e}}}", "a.bib").entries["title"].to_list()
    ['Café']
    """
    with paused():
        return _parsed(text, shown)


def _parsed(text: str, shown: str) -> Bibliography:
    library = split(text)
    entries = entries_of(library)
    strings, faults = strings_of(library, shown)
    raw, mixed = raw_columns(entries)
    texts, wrong_values = text_columns(raw, entries, strings, shown)
    inherit(texts, entries)
    columns, wrong_names = table_columns(texts, entries, shown)
    faults += [
        *faults_of_blocks(text, library, shown),
        *faults_of_keys(library, entries, mixed, shown),
        *wrong_values,
        *wrong_names,
    ]
    lines = {entry.key: line_of(entry) for entry in reversed(entries)}
    others = {name: [entries[row].key for row in rows] for name, rows in left_over(texts).items()}
    return Bibliography(
        pd.DataFrame(columns, columns=COLUMNS).astype("str"),
        _unread(library) | lines,
        sorted(faults),
        others,
    )


def _nothing(fault: Fault) -> Bibliography:
    return Bibliography(pd.DataFrame(columns=COLUMNS, dtype="str"), {}, [fault])


def _unread(library: Library) -> dict[str, int]:
    """Keys and lines of blocks that could not be read."""
    keys = [
        (re.match(r"@\w+\s*[{(]\s*([^\s,{}=\"]+)", block.raw or ""), block)
        for block in library.failed_blocks
    ]
    return {key[1]: line_of(block) for key, block in keys if key}
