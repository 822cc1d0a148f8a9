"""Which rows are of one study: those that agree in a name, unless what they say about their paper
differs.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evidence.checks.references import plain
from evidence.importing.naming import surname

# What tells one paper from another: rows that differ in one of these are never one study.
PAPER = ("doi", "pmid", "pmcid", "title", "who")


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
    blank = pd.Series("", index=index, dtype="str")
    column = lambda name: said.get(name, blank)
    # A name of a study without its year is that of its authors.
    names = column("study")
    undated = names.where(~names.str.contains(r"\d{2}", regex=True), "")
    authors = column("author").where(column("author") != "", undated)
    who = who_and_when(authors, column("year"))
    alone = who_and_when(column("author"), column("year"))
    parts = [column("study_id"), names, column("title"), column("doi"), alone]
    key = blank
    for number, part in enumerate(parts):
        if (part != "").any():
            own = (f"{number}|" + part.str.casefold()).where(part != "", "")
            key = key.where(key != "", own)
    given = column("study_id") != ""
    papers = {**{name: column(name) for name in PAPER[:-1]}, "who": who}
    return _parted(key, papers, given)


def who_and_when(author: pd.Series, year: pd.Series) -> pd.Series:
    """Family name of the first author and the year; empty where there is no author."""
    if not (author != "").any():
        return pd.Series("", index=author.index, dtype="str")
    names = {text: plain(surname(text)) or text for text in author.unique()}
    who = author.map(names).astype("str") + "|" + year
    return who.where(author != "", "")


def _parted(key: pd.Series, papers: Mapping[str, pd.Series], given: pd.Series) -> pd.Series:
    for name, values in papers.items():
        if not (values != "").any():
            continue
        if name == "who":  # an unknown year parts nothing
            values = values.where(~values.str.endswith("|"), "")
        if name == "title":
            values = values.map({text: plain(text) for text in values.unique()})
        different = conflicts(key, values) & (key != "") & ~given
        if different.any():
            filled = values[different].where(values[different] != "")
            by = filled.groupby(key[different])
            told = by.ffill().fillna(by.bfill()).fillna("")
            key = key.where(~different, key + f"|{name}|" + told.reindex(key.index, fill_value=""))
    return key


def conflicts(key: pd.Series, values: pd.Series) -> pd.Series:
    """Rows of a group in which two different values stand."""
    filled = values.where(values != "")
    return filled.groupby(key).transform("nunique") > 1
