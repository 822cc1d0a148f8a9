"""The bibliography against the tables, and the same paper entered twice."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from evidence.dataset.bibliography import parse_bibliography
from evidence.dataset.loading import shown_path
from evidence.dataset.reader import short
from evidence.errors import Fault

if TYPE_CHECKING:
    from evidence.dataset.checks.run import Checked

COMPARED = ("year", "doi", "pmid", "pmcid")
NEARLY_THE_SAME = 90  # percent of likeness of two titles with their words in alphabetical order


def check_references(checked: Checked) -> list[Fault]:
    """Faults of the bibliography, and disagreements between it and the tables."""
    path = checked.dictionary.bibliography
    shown = shown_path(path)
    bibliography = parse_bibliography(path, shown)
    entries = bibliography.entries.set_index("key")
    faults = list(bibliography.faults)
    if faults and entries.empty:
        return faults
    papers = _papers(checked)
    strangers = entries.index.difference(papers["id"])
    for key in strangers:
        names = " or ".join(checked.texts[name].path for name in _tables(checked))
        faults.append(Fault(shown, bibliography.lines[key], "", f"entry {key!r} has no row", f"an id of {names}", "bibliography", key))
    for name in _tables(checked):
        text = checked.texts[name]
        key = text.cells[text.table.key]
        faults += text.faults(
            ~key.isin(list(bibliography.lines)).to_numpy(dtype=bool),
            text.table.key,
            lambda i: f"{short(key.iloc[i])} has no entry in {shown}",
            "an entry with this key",
            "bibliography",
        )
        for column in COMPARED:
            theirs = key.map(entries[column]).fillna("")
            ours = text.cells[column]
            differ = key.isin(entries.index) & (ours != theirs)
            faults += text.faults(
                differ.to_numpy(dtype=bool),
                column,
                lambda i: f"{short(ours.iloc[i])} here, {short(theirs.iloc[i])} in {shown}",
                "the same in both",
                "bibliography",
            )
        ours, theirs = text.cells["title"].map(plain), key.map(entries["title"]).fillna("").map(plain)
        differ = key.isin(entries.index) & (ours != theirs)
        faults += text.faults(differ.to_numpy(dtype=bool), "title", f"differs from the title in {shown}", "the same title in both", "bibliography")
    return faults + _duplicates(checked, papers, entries)


def plain(title: str) -> str:
    """A title without capitals, accents, marks and spaces between words: what stays when it is typed anew."""
    letters = unicodedata.normalize("NFKD", title).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split())


def _tables(checked: Checked) -> list[str]:
    return [name for name in checked.dictionary.settings.get("bibliography_tables", ["studies"]) if name in checked.texts]


def _papers(checked: Checked) -> pd.DataFrame:
    """Rows of all tables that have an entry in the bibliography, under each other."""
    parts = []
    for name in _tables(checked):
        cells = checked.texts[name].cells
        part = cells[["title", "year", "doi", "pmid", "pmcid"]].assign(id=cells[checked.texts[name].table.key], table=name, row=range(len(cells)))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _duplicates(checked: Checked, papers: pd.DataFrame, entries: pd.DataFrame) -> list[Fault]:
    """The same paper in two rows: by number, by title, or by a title in nearly the same words and the same first author."""
    faults = []

    def report(second: pd.DataFrame, column: str, first: pd.Series, what: str) -> None:
        for (table, row), other in zip(second[["table", "row"]].itertuples(index=False), first, strict=True):
            text = checked.texts[table]
            faults.extend(text.faults([i == row for i in range(len(text.cells))], column, f"{what} {other!r}", "each paper once", "duplicate"))

    for column in ("doi", "pmid", "pmcid"):
        filled = papers[papers[column] != ""]
        key = filled[column].str.lower()
        again = key.duplicated()
        report(filled[again], column, key[again].map(filled.groupby(key)["id"].first()), "is also the number of")
    words = papers["title"].map(plain)
    again = words.duplicated() & (words != "")
    report(papers[again], "title", words[again].map(papers.groupby(words)["id"].first()), "is also the title of")
    author = papers["id"].map(entries["author"]).fillna("").str.split(",").str[0].str.casefold()
    for second, first in _nearly_the_same(words[~again], author[~again]):
        report(papers.loc[[second]], "title", papers.loc[[first], "id"], "is nearly the title of")
    return faults


def _nearly_the_same(titles: pd.Series, authors: pd.Series) -> list[tuple[int, int]]:
    """Pairs of rows whose titles have nearly the same words; only rows of one first author are compared, so that time grows with the rows."""
    from rapidfuzz import fuzz, process

    pairs = []
    for _, group in titles[authors != ""].groupby(authors):
        if len(group) > 1:
            likeness = process.cdist(group.to_list(), group.to_list(), scorer=fuzz.token_sort_ratio)
            for second, first in zip(*((likeness >= NEARLY_THE_SAME).nonzero()), strict=True):
                if first < second:
                    pairs.append((group.index[second], group.index[first]))
    return pairs
