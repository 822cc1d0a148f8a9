"""Which review includes which study, as far as it could be read.

That no row says so does not mean that a review left a study out: only a list that is known to be
complete distinguishes the two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.frames import is_true
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.result import Result

INCLUDED, NOT_INCLUDED, UNKNOWN, IMPOSSIBLE = "included", "not_included", "unknown", "impossible"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CitationMatrix(Result):
    """Result of :func:`citation_matrix`: reviews by studies."""

    drawn_by = "citation_matrix"

    @property
    def named(self) -> pd.DataFrame:
        """The matrix with "Author et al. 2001" instead of ids on both sides."""
        names = self.ev.names.to_dict()
        return self.frame.rename(index=names, columns=names)


def citation_matrix(
    ev: Evidence, question: str | None = None, every: bool = False, named: bool = False
) -> CitationMatrix:
    """Which review includes which study, as far as is known.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``reviews`` and ``review_inclusions``.
    question : str, optional
        Only reviews of that question.
    every : bool, default False
        All reviews and all studies of the table, not only reviews with a readable inclusion and
        studies that one of them includes.
    named : bool, default False
        "Author et al. 2001" instead of ids on both sides.

    Returns
    -------
    CitationMatrix
        Index ``review``, columns ``study``, both by year and id; a study that our table lacks
        stands under its name as cited. In a selection: its studies, and the reviews that include
        one of them. Cells: ``included``; ``impossible`` (the review is older
        than the study); ``not_included`` (the review's list is complete and the study is not on
        it); ``unknown``. A list is complete when as many inclusions are known as the review says it
        has; a study of the same year is possible.

    Raises
    ------
    UsageError
        When the data set has no such tables, or the question is unknown.

    Examples
    --------
    >>> import evidence
    >>> matrix = citation_matrix(evidence.load(), question="treatment")
    >>> sorted(pd.unique(matrix.to_numpy().ravel()))
    ['impossible', 'included', 'not_included', 'unknown']
    """
    lists = inclusion_lists(ev, question)
    columns = lists.studies
    if ev.steps:
        columns = columns[columns["study"].isin(ev.studies["study_id"])]
    naming = lists.inclusions.loc[lists.inclusions["study"].isin(columns["study"]), "review_id"]
    rows = lists.reviews if every else lists.reviews[lists.reviews["review_id"].isin(naming)]
    if every:
        more = ev.studies[["study_id", "year"]].rename(columns={"study_id": "study"})
        columns = pd.concat(
            [columns, more[~more["study"].isin(columns["study"])]], ignore_index=True
        )
    rows, columns = rows.sort_values(["year", "review_id"]), columns.sort_values(["year", "study"])
    included = lists.table().reindex(
        index=rows["review_id"], columns=columns["study"], fill_value=False
    )
    there = included.to_numpy(dtype=bool)  # a frame without columns forgets its dtype
    impossible = older(rows["year"], columns["year"]) & ~there
    complete = rows["complete"].to_numpy()[:, None]
    cells = np.select([there, impossible, complete], [INCLUDED, IMPOSSIBLE, NOT_INCLUDED], UNKNOWN)
    matrix = pd.DataFrame(
        cells, index=included.index.rename("review"), columns=included.columns.rename("study")
    )
    result = CitationMatrix(ev, matrix, underlying=(*matrix.index, *matrix.columns))
    return result.with_frame(result.named) if named else result


def review_union(ev: Evidence, question: str | None = None) -> pd.DataFrame:
    """All studies that a review is known to include, and which of them our table lacks.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``reviews`` and ``review_inclusions``.
    question : str, optional
        Only reviews of that question.

    Returns
    -------
    DataFrame
        One row per study, those that our table lacks first, then by number of reviews: ``study_id``
        (missing when our table lacks it), ``cited_as``, ``in_table, counted`` (missing when it is
        not there), ``reviews`` (how many), ``which`` (their ids, separated by a semicolon) and
        ``probable`` (every match is only probable). A study that no readable list names may still
        be included somewhere.

    Raises
    ------
    UsageError
        When the data set has no such tables, or the question is unknown.

    Examples
    --------
    >>> import evidence
    >>> union = review_union(evidence.load())
    >>> bool((union["in_table"] == union["study_id"].notna()).all())
    True
    """
    inclusions = inclusion_lists(ev, question).inclusions.sort_values(["study", "review_id"])
    groups = inclusions.groupby("study", sort=True)
    table = groups.agg(
        study_id=("study_id", "first"),
        cited_as=("cited_as", "first"),
        reviews=("review_id", "nunique"),
        which=("review_id", lambda ids: "; ".join(dict.fromkeys(ids))),
        probable=("probable", "all"),
    ).reset_index()
    table.insert(3, "in_table", table["study_id"].notna())
    counted = ev.studies.set_index("study_id")["counted"]
    table.insert(4, "counted", table["study_id"].map(counted).astype("boolean"))
    return table.sort_values(
        ["in_table", "reviews", "study"], ascending=[True, False, True], ignore_index=True
    ).drop(columns="study")


@dataclass(frozen=True)
class Lists:
    """What is known of the lists of inclusions.

    Attributes
    ----------
    reviews : DataFrame
        ``review_id, year, n_studies, known`` (inclusions), ``missing`` (from the list; infinite
        where its length is not known), ``complete``.
    inclusions : DataFrame
        One row per review and study: ``review_id, cited_as, study_id`` (missing when our table
        lacks it), ``study`` (id, else as cited), ``probable``.
    studies : DataFrame
        ``study, year``; the year as cited where our table lacks the study, missing where none was
        printed.
    """

    reviews: pd.DataFrame
    inclusions: pd.DataFrame
    studies: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Reviews with a known inclusion against the studies that they include: bool."""
        return pd.crosstab(self.inclusions["review_id"], self.inclusions["study"]) > 0


def inclusion_lists(ev: Evidence, question: str | None = None) -> Lists:
    """The lists of inclusions of the reviews, of one question or of all.

    Raises
    ------
    UsageError
        When the data set has no reviews or inclusions, or the question is unknown.
    """
    for name in ("reviews", "review_inclusions"):
        needed(ev, name, "nothing is known about what reviews include")
    reviews = ev.reviews
    if question is not None and "question" not in reviews:
        raise UsageError(
            "the reviews of this data set have no column question; leave the question out"
        )
    if question is not None:
        asked = [str(value) for value in reviews["question"].dropna().unique()]
        if question not in asked:
            raise UsageError(f"question is {question!r}; allowed: {', '.join(sorted(asked))}")
        reviews = reviews[reviews["question"] == question]
    rows = ev.review_inclusions
    rows = rows[rows["review_id"].isin(reviews["review_id"])].sort_values("inclusion_id")
    known = reviews["review_id"].map(rows.groupby("review_id").size()).fillna(0).astype("int64")
    reviews = reviews.reindex(columns=["review_id", "year", "n_studies"])
    says = reviews["n_studies"].astype("Float64").to_numpy(dtype=float, na_value=np.inf)
    missing = np.maximum(
        0, says - known
    )  # infinite where the review does not say how many it includes
    reviews = reviews.assign(known=known, missing=missing, complete=missing == 0)
    # A study that a selection leaves out is still one of our table.
    ours = rows["study_id"].notna() if ev.steps else rows["study_id"].isin(ev.studies["study_id"])
    study_id = rows["study_id"].where(ours)
    # A name as cited never meets an id: ids have no capitals and no blanks.
    inclusions = rows[["review_id", "cited_as"]].assign(
        study_id=study_id,
        study=study_id.where(ours, rows["cited_as"]),
        probable=is_true(rows["match"] == "probable"),
    )
    inclusions = inclusions.sort_values("probable", kind="stable").drop_duplicates(
        ["review_id", "study"]
    )
    studies = inclusions.drop_duplicates("study")[["study", "study_id", "cited_as"]].reset_index(
        drop=True
    )
    printed = pd.to_numeric(
        studies["cited_as"].str.extract(r"\b((?:19|20)\d\d)[a-z]?$", expand=False), errors="coerce"
    )
    entries = ev.bibliography.drop_duplicates("key").set_index("key")["year"]
    years = (ev.studies.set_index("study_id")["year"], pd.to_numeric(entries, errors="coerce"))
    year = pd.Series(pd.NA, studies.index, dtype="Float64")
    for known in (*(studies["study_id"].map(one) for one in years), printed):
        year = year.fillna(known.astype("Float64"))
    return Lists(
        reviews.reset_index(drop=True),
        inclusions.reset_index(drop=True),
        studies[["study"]].assign(year=year),
    )


def older(reviews: pd.Series, studies: pd.Series) -> np.ndarray:
    """Where a review is older than a study, shape (reviews, studies); an unknown year rules nothing
    out.
    """
    written = reviews.astype("Float64").to_numpy(dtype=float, na_value=np.inf)
    published = studies.astype("Float64").to_numpy(dtype=float, na_value=-np.inf)
    return written[:, None] < published[None, :]
