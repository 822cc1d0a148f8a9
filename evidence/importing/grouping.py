"""Which rows are of one study: those that agree in a name, unless what they say about their paper
differs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from evidence.checks.references import all_plain
from evidence.coded import spread
from evidence.importing.naming import surname
from evidence.importing.texts import (
    alike,
    blank,
    changed,
    codes,
    either,
    factorized,
    filled,
    first_rows,
    texts,
)

# What tells one paper from another: rows that differ in one of these are never one study.
PAPER = ("doi", "pmid", "pmcid", "title", "who")

AROUND = str.maketrans("(),[]", "     ")
DATED = re.compile(r"\d{2}")


def group_keys(said: Mapping[str, pd.Series], index: pd.Index) -> pd.Series:
    """A number for the study of each row; 0 where the row names none.

    Parameters
    ----------
    said : mapping of str to Series
        Texts under ``study_id, study, title, doi, pmid, pmcid, author, year``, as far as they
        are known; ``author`` in the form of the bibliography.
    index : Index
        Of the rows.

    Returns
    -------
    Series of int
        Rows agree in the first of study id, name, title, DOI, author and year that is filled.
        Rows of one name whose DOI, PMID, PMCID, title, or first author and year differ are
        separated; an id of the study separates nothing further.

    Examples
    --------
    >>> rows = {"study": pd.Series(["A 2010"] * 3), "doi": pd.Series(["10.1/a", "10.1/b", ""])}
    >>> group_keys(rows, pd.RangeIndex(3)).nunique()
    2
    """
    none = blank(index)
    column = lambda name: said.get(name, none)
    # A name of a study without its year is that of its authors.
    names, authors, year = column("study"), column("author"), column("year")
    who = alone = who_and_when(authors, year)
    if not filled(authors).all():
        undated = changed(names, lambda name: "" if DATED.search(name) else name)
        who = who_and_when(either(authors, undated), year)
    parts = [column("study_id"), names, column("title"), column("doi"), alone]
    key = np.zeros(len(index), dtype="int64")
    for number, part in enumerate(parts):
        rows = filled(part) & (key == 0)
        if rows.any():
            small = alike(part, _plain_name if number == 1 else str.casefold)
            key[rows] = key.max() + 1 + small[rows]
    # An unknown year parts nothing.
    papers = {**{name: column(name) for name in PAPER[:-1]}, "who": who.where(filled(year), "")}
    return pd.Series(_parted(key, papers, filled(column("study_id"))), index=index)


def _plain_name(name: str) -> str:
    """A name of a study without the marks around its year.

    >>> _plain_name("Adams (2010)") == _plain_name("ADAMS, 2010")
    True
    """
    small = name.casefold()
    if "(" in small or "," in small or "[" in small:
        return " ".join(small.translate(AROUND).split())
    return small


def who_and_when(author: pd.Series, year: pd.Series) -> pd.Series:
    """Family name of the first author and the year; empty where there is no author."""
    there = filled(author)
    if not there.any():
        return blank(author.index)
    numbers, different = factorized(author)
    families = list(map(surname, different))
    small = zip(all_plain(families), different, strict=True)
    who = spread(numbers, [f"{family or text}|" for family, text in small])
    return texts(np.where(there, who + year.to_numpy(dtype=object), ""), author.index)


def with_year(who: pd.Series) -> pd.Series:
    """Authors and years, empty where the year is not known: that parts nothing."""
    return texts(["" if text[-1:] == "|" else text for text in who.to_list()], who.index)


def _parted(key: np.ndarray, papers: Mapping[str, pd.Series], given: np.ndarray) -> np.ndarray:
    """The keys of the rows, apart where they name different papers."""
    for name, values in papers.items():
        if not filled(values).any():
            continue
        if name == "title":
            numbers, different = factorized(values)
            values = texts(spread(numbers, all_plain(different)), values.index)
        rows = _differing(key, values) & (key > 0) & ~given
        if rows.any():
            apart = values[rows].where(filled(values[rows]))
            by = apart.groupby(key[rows])
            told = codes(by.ffill().fillna(by.bfill()).fillna(""))
            key[rows] = key.max() + 1 + codes(pd.Series(key[rows] * (told.max() + 1) + told))
    return key


def conflicts(key: pd.Series, values: pd.Series) -> pd.Series:
    """Rows of a group in which two different values stand."""
    return pd.Series(_differing(codes(key), values), index=key.index)


def _differing(groups: np.ndarray, values: pd.Series) -> np.ndarray:
    words, there = codes(values), filled(values)
    first = first_rows(groups, there)
    differ = there & (words != words[first[groups]])
    several = np.zeros(len(first), dtype=bool)
    several[groups[differ]] = True
    return several[groups]
