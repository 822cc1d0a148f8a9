"""Which rows are of one study: those that agree in a name, unless what they say about their paper
differs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from evidence.checks.references import plain
from evidence.importing.naming import surname
from evidence.importing.texts import blank, changed, codes, first_rows

# What tells one paper from another: rows that differ in one of these are never one study.
PAPER = ("doi", "pmid", "pmcid", "title", "who")

AROUND = str.maketrans("(),[]", "     ")
DATED = re.compile(r"\d{2}")


def group_keys(said: Mapping[str, pd.Series], index: pd.Index) -> pd.Series:
    """A key for the study of each row; empty where the row names none.

    Parameters
    ----------
    said : mapping of str to Series
        Texts under ``study_id, study, title, doi, pmid, pmcid, author, year``, as far as they
        are known; ``author`` in the form of the bibliography.
    index : Index
        Of the rows.

    Returns
    -------
    Series of str
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
    names, authors = column("study"), column("author")
    who = alone = who_and_when(authors, column("year"))
    if (authors == "").any():
        undated = changed(names, lambda name: "" if DATED.search(name) else name)
        who = who_and_when(authors.where(authors != "", undated), column("year"))
    parts = [column("study_id"), names, column("title"), column("doi"), alone]
    key = none
    for number, part in enumerate(parts):
        if (part != "").any() and (key == "").any():
            small = changed(part, _plain_name if number == 1 else str.casefold)
            key = key.where((key != "") | (part == ""), f"{number}|" + small)
    given = column("study_id") != ""
    papers = {**{name: column(name) for name in PAPER[:-1]}, "who": who}
    return _parted(key, papers, given)


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
    if not (author != "").any():
        return blank(author.index)
    who = changed(author, lambda text: f"{plain(surname(text)) or text}|") + year
    return who.where(author != "", "")


def _parted(key: pd.Series, papers: Mapping[str, pd.Series], given: pd.Series) -> pd.Series:
    groups = codes(key)
    for name, values in papers.items():
        if not (values != "").any():
            continue
        if name == "who":  # an unknown year parts nothing
            values = values.where(~values.str.endswith("|"), "")
        if name == "title":
            values = changed(values, plain)
        different = _differing(groups, values) & (key != "") & ~given
        if different.any():
            filled = values[different].where(values[different] != "")
            by = filled.groupby(key[different])
            told = by.ffill().fillna(by.bfill()).fillna("")
            key = key.where(~different, key + f"|{name}|" + told.reindex(key.index, fill_value=""))
            groups = codes(key)
    return key


def conflicts(key: pd.Series, values: pd.Series) -> pd.Series:
    """Rows of a group in which two different values stand."""
    return pd.Series(_differing(codes(key), values), index=key.index)


def _differing(groups: np.ndarray, values: pd.Series) -> np.ndarray:
    words = codes(values)
    filled = (values != "").to_numpy(dtype=bool)
    first = first_rows(groups, filled)
    differ = filled & (words != words[first[groups]])
    several = np.zeros(len(first), dtype=bool)
    several[groups[differ]] = True
    return several[groups]
