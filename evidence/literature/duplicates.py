"""The same paper again: by DOI, PubMed or PMC number, or by a nearly equal title of one first
author within a year.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from evidence.bibliography.bibtex.names import first_name
from evidence.bibliography.same_work import NUMBERS, other_works
from evidence.literature.record import Record, normal
from evidence.literature.refresh import entries
from evidence.model.evidence import Evidence

COLUMNS = ["id", "doi", "pmid", "pmcid", "words", "year", "family"]
LIKE = 90  # percent of likeness of two titles with their words in alphabetical order
LONG = 6  # words of a title that identifies a paper without its author


def of_entries(ev: Evidence) -> pd.DataFrame:
    """The papers of the tables, as they are compared."""
    table = entries(ev)
    return pd.DataFrame(
        {
            "id": table["id"],
            "doi": table["doi"].str.lower(),
            "pmid": table["pmid"],
            "pmcid": table["pmcid"],
            "words": table["title"].map(normal),
            "year": pd.to_numeric(table["year"], errors="coerce"),
            "family": table["author"].map(lambda names: _last(first_name(names)[0])),
        }
    ).reset_index(drop=True)


def of_records(records: list[Record]) -> pd.DataFrame:
    """Records of services, as they are compared; ``id`` is empty."""
    rows = [
        [
            "",
            one.doi,
            one.pmid,
            one.pmcid,
            normal(one.title),
            one.year,
            _last(one.authors[0].family) if one.authors else "",
        ]
        for one in records
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"year": "float64"})


def _last(family: str) -> str:
    """The last word of a family name, so that particles and double names do not part a person."""
    words = normal(family).split()
    return words[-1] if words else ""


def same_papers(papers: pd.DataFrame) -> np.ndarray:
    """Which rows are one paper.

    Empty cells and missing years are compared with nothing.

    For each row, the number of the first row that is the same paper: its own when there is none
    before it.

    >>> rows = [
    ...     ["a", "10.1/x", "", "", "running and swimming of fish", 2001, "abe"],
    ...     ["", "", "", "", "the swimming and running of fish", 2002, "abe"],
    ...     ["", "", "7", "", "running and swimming of fish", 2001, "bo"],
    ... ]
    >>> same_papers(pd.DataFrame(rows, columns=COLUMNS)).tolist()
    [0, 0, 2]
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(papers)
    pairs = [pair for found in (_by_number(papers), _by_title(papers)) for pair in found]
    one, other = np.array(pairs, dtype=int).reshape(-1, 2).T
    _, parts = connected_components(
        csr_matrix((np.ones(len(one)), (one, other)), shape=(n, n)), directed=False
    )
    first = pd.Series(np.arange(n)).groupby(parts).transform("min")
    return first.to_numpy()


def _by_number(papers: pd.DataFrame) -> Iterator[tuple[int, int]]:
    places = pd.Series(np.arange(len(papers)))
    for column in NUMBERS:
        filled = papers[column].to_numpy() != ""
        first = places[filled].groupby(papers[column].to_numpy()[filled]).transform("min")
        yield from ((int(a), int(b)) for a, b in zip(first, places[filled], strict=True) if a != b)


def _by_title(papers: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Only rows of one family name are compared with each other, so that the time grows with the
    rows; without a name, only equal long titles.
    """
    from rapidfuzz import fuzz, process

    titled = papers.reset_index(drop=True)
    titled = titled[titled["words"] != ""]
    for _, group in titled[titled["family"] != ""].groupby("family"):
        if len(group) > 1:
            like = (
                process.cdist(
                    group["words"].to_list(), group["words"].to_list(), scorer=fuzz.token_sort_ratio
                )
                >= LIKE
            )
            yield from _near(group, like)
    for _, group in titled[titled["words"].str.count(" ") >= LONG - 1].groupby("words"):
        if len(group) > 1 and (group["family"] == "").any():
            nameless = (group["family"] == "").to_numpy()
            yield from _near(group, nameless[:, None] | nameless[None, :])


def _near(group: pd.DataFrame, like: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs that are alike and appeared within a year; an unknown year parts nothing.

    Papers with different numbers need quite the same title (as a preprint has); another part, a
    correction and a reply are other works.
    """
    years = group["year"].to_numpy(dtype=float)
    apart = np.abs(years[:, None] - years[None, :]) > 1  # false where a year is missing
    words = group["words"].to_numpy()
    for column in NUMBERS:
        numbers = group[column].to_numpy()
        filled = numbers != ""
        differ = filled[:, None] & filled[None, :] & (numbers[:, None] != numbers[None, :])
        apart = apart | (differ & (words[:, None] != words[None, :]))
    for a, b in zip(*np.nonzero(np.triu(like & ~apart, 1)), strict=True):
        if not other_works(words[a], words[b]):
            yield int(group.index[a]), int(group.index[b])
