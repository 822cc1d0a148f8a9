"""The bibliography against the tables, and the same paper entered twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence.errors import Fault
from evidence.files import shown_path
from evidence.model.dictionary import PACKAGE
from evidence.tables.reader import TextTable, short

if TYPE_CHECKING:
    from evidence.checks.run import Checked

COMPARED = ("year", "doi", "pmid", "pmcid")
# setting: entries that stand for the whole table, such as the review from which all rows were taken
FOR_ALL = "entries_for_all"
NEARLY_THE_SAME = 90  # percent of likeness of two titles with their words in alphabetical order
# titles that are compared with all others of their author at a time, so that memory stays small
AT_ONCE = 1000


class _Letters(dict):
    """For ``str.translate``: letters, digits and ends of lines stay, accents go, all else becomes a
    space. A letter is looked up when it is first met.
    """

    def __missing__(self, code: int) -> int | str | None:
        letter = chr(code)
        if unicodedata.combining(letter):
            self[code] = None
        else:
            self[code] = code if letter.isalnum() else " "
        return self[code]


LETTERS = _Letters({ord("\n"): "\n"})


def check_references(checked: Checked) -> list[Fault]:
    """Faults of the bibliography, and disagreements between it and the tables."""
    bibliography = checked.bibliography
    entries = bibliography.entries.set_index("key")
    faults = list(bibliography.faults)
    if faults and entries.empty:
        return faults
    papers = _papers(checked)
    faults += _strangers(checked, papers, entries)
    for name in _tables(checked):
        faults += _entries_of_rows(checked, checked.texts[name], entries)
    return faults + _duplicates(checked, papers, entries)


def _for_all(checked: Checked) -> list[str]:
    """Keys of the entries that stand for the table as a whole."""
    return list(checked.dictionary.settings.get(FOR_ALL, []))


def _strangers(checked: Checked, papers: pd.DataFrame, entries: pd.DataFrame) -> list[Fault]:
    """Entries that no row needs, and settings that name an entry that is not there."""
    shown, for_all = shown_path(checked.dictionary.bibliography), _for_all(checked)
    settings = shown_path(checked.dictionary.folder / PACKAGE)
    missing = [key for key in for_all if key not in entries.index]
    names = " or ".join(checked.texts[name].path for name in _tables(checked))
    return [
        Fault(settings, 0, FOR_ALL, f"{key!r} has no entry in {shown}", "keys of the bibliography")
        for key in missing
    ] + [
        Fault(
            shown,
            checked.bibliography.lines[key],
            "",
            f"entry {key!r} has no row",
            f"an id of {names}",
            "bibliography",
            key,
        )
        for key in sorted(set(entries.index.to_list()).difference(papers["id"].to_list(), for_all))
    ]


def _entries_of_rows(checked: Checked, text: TextTable, entries: pd.DataFrame) -> list[Fault]:
    """Rows of a table without an entry, or that say something else than theirs."""
    shown, key = shown_path(checked.dictionary.bibliography), text.columns[text.table.key]
    place = entries.index.get_indexer(pd.Index(key))
    there = place >= 0
    known = there.copy()  # or an entry that could not be read
    known[~there] = [cell in checked.bibliography.lines for cell in key[~there].tolist()]
    # Where an entry stands for the table as a whole, a row needs none of its own.
    faults = text.faults(
        ~known & (not _for_all(checked)),
        text.table.key,
        lambda i: f"{short(key[i])} has no entry in {shown}",
        "an entry with this key",
        "bibliography",
    )
    for column in [name for name in (*COMPARED, "title") if name in text.columns]:
        ours = text.columns[column]
        read = entries[column].astype("str").fillna("").to_numpy(dtype=object)
        theirs = np.append(read, "")[place]
        differ = there & (ours != theirs)
        what: Callable[[int], str] | str = partial(_both, ours, theirs, shown)
        allowed = "the same in both"
        if column == "title":
            pairs = zip(ours[differ].tolist(), theirs[differ].tolist(), strict=True)
            differ[differ] = [plain(one) != plain(other) for one, other in pairs]
            what, allowed = f"differs from the title in {shown}", "the same title in both"
        faults += text.faults(differ, column, what, allowed, "bibliography")
    return faults


def _both(ours: np.ndarray, theirs: np.ndarray, shown: str, row: int) -> str:
    return f"{short(ours[row])} here, {short(theirs[row])} in {shown}"


def plain(title: str) -> str:
    """A title without capitals, accents, marks and spaces between words: what stays when it is
    typed again.
    """
    letters = title.lower() if title.isascii() else unicodedata.normalize("NFKD", title).casefold()
    return " ".join(letters.translate(LETTERS).split())


def all_plain(titles: Sequence[str]) -> list[str]:
    """Titles as :func:`plain` makes them, all of them together.

    >>> all_plain(["Tea, and sleep", "", "Größe"])
    ['tea and sleep', '', 'grosse']
    """
    return list(map(" ".join, _plain_words(titles)))


def _plain_words(titles: Sequence[str]) -> list[list[str]]:
    whole = "\n".join(titles)
    if whole.count("\n") >= max(len(titles), 1):
        return [plain(title).split() for title in titles]
    small = whole.lower() if whole.isascii() else unicodedata.normalize("NFKD", whole).casefold()
    return [line.split() for line in small.translate(LETTERS).split("\n")[: len(titles)]]


def _tables(checked: Checked) -> list[str]:
    return [
        name
        for name in checked.dictionary.settings.get("bibliography_tables", ["studies"])
        if name in checked.texts
    ]


def _papers(checked: Checked) -> pd.DataFrame:
    """Rows of all tables that have an entry in the bibliography, under each other."""
    parts = []
    for name in _tables(checked):
        cells = checked.texts[name].cells
        part = (
            cells.reindex(columns=["title", "year", "doi", "pmid", "pmcid"], fill_value="")
            .astype("str")
            .fillna("")
        )
        parts.append(
            part.assign(id=cells[checked.texts[name].table.key], table=name, row=range(len(cells)))
        )
    return pd.concat(parts, ignore_index=True)


def _duplicates(checked: Checked, papers: pd.DataFrame, entries: pd.DataFrame) -> list[Fault]:
    """The same paper in two rows: by number, by title, or by a title in nearly the same words and
    the same first author.
    """
    faults = []

    def report(second: pd.DataFrame, column: str, first: pd.Series, what: str) -> None:
        for table, row, other in zip(second["table"], second["row"], first, strict=True):
            faults.append(
                checked.texts[table].fault(
                    row, column, f"{what} {other!r}", "each paper once", "duplicate"
                )
            )

    for column in ("doi", "pmid", "pmcid"):
        filled = papers[papers[column].to_numpy(dtype=object) != ""]
        key = filled[column].str.lower()
        again = key.duplicated()
        if again.any():
            report(
                filled[again],
                column,
                key[again].map(filled.groupby(key)["id"].first()),
                "is also the number of",
            )
    if not (papers["title"] != "").any():
        return faults
    parts = _plain_words(papers["title"].to_list())
    words = pd.Series(list(map(" ".join, parts)), index=papers.index, dtype=object)
    again = words.duplicated() & (words != "")
    if again.any():
        report(
            papers[again],
            "title",
            words[again].map(papers.groupby(words)["id"].first()),
            "is also the title of",
        )
    names = dict(zip(entries.index.to_list(), entries["author"].fillna("").to_list(), strict=True))
    first = [names.get(key, "").partition(",")[0].casefold() for key in papers["id"].to_list()]
    author = pd.Series(first, index=papers.index, dtype="str")
    once = ~again & (words != "")
    in_order = pd.Series([" ".join(sorted(one)) for one in parts], index=papers.index, dtype=object)
    later, earlier = _nearly_the_same(in_order[once], author[once])
    report(papers.loc[later], "title", papers["id"].loc[earlier], "is nearly the title of")
    return faults


def _nearly_the_same(titles: pd.Series, authors: pd.Series) -> tuple[list[int], list[int]]:
    """Rows whose titles have nearly the same words as that of an earlier row, the words of each in
    alphabetical order; only rows of one first author are compared: time grows with the rows.
    """
    from rapidfuzz import fuzz, process

    later, earlier = [], []
    group = pd.factorize(authors.where(authors != ""))[0]
    rows = np.argsort(group, kind="stable")
    rows = rows[np.searchsorted(group[rows], 0) :]
    words = titles.to_numpy(dtype=object)
    for part in np.split(rows, np.flatnonzero(np.diff(group[rows])) + 1):
        for start in range(0, len(part) if len(part) > 1 else 0, AT_ONCE):
            some = part[start : start + AT_ONCE]
            likeness = process.cdist(
                words[some], words[part], scorer=fuzz.ratio, score_cutoff=NEARLY_THE_SAME
            )
            if np.count_nonzero(likeness) == len(some):
                continue  # each is like itself
            for one, other in zip(*np.nonzero(likeness), strict=True):
                if other < start + one:
                    later.append(titles.index[some[one]])
                    earlier.append(titles.index[part[other]])
    return later, earlier
