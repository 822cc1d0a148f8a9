"""Subsets of a data set, with an account of every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import one_of
from evidence.frames import is_true
from evidence.model.columns import CONTRAST, Asked
from evidence.model.contrasts import contrasts
from evidence.model.evidence import COUNTED, Evidence, Step

OVERLAPS = {"possible": "possible overlaps too", "certain": "certain overlaps only"}


@dataclass(frozen=True)
class ColumnCondition:
    """A condition on a column.

    Attributes
    ----------
    said : str
        In words.
    asked : Asked
        The column.
    wanted, without : list
        A cell meets it that holds one of the wanted values and none of those in ``without``. With
        values in ``without`` alone, a cell without them meets it, an empty one too.
    filled : bool
        Any value at all will do.
    empty : bool
        An empty cell will do.
    """

    said: str
    asked: Asked
    wanted: list[Any]
    without: list[Any] = field(default_factory=list)
    filled: bool = False
    empty: bool = False

    def met(self, cells: pd.Series) -> pd.Series:
        """Which cells meet it."""
        delimiter = self.asked.field.delimiter
        return meets(cells, self.wanted, self.without, delimiter, self.filled, self.empty)


def chosen(
    ev: Evidence,
    conditions: Sequence[ColumnCondition],
    *,
    years: tuple[int | None, int | None],
    min_sample_size: int | None,
    overlap: str,
    cited_by_article: bool,
    counted: bool | None,
    retracted: bool | None,
) -> Evidence:
    """The part of a data set that meets all conditions, with an account of every step."""
    studies, findings = ev.studies, ev.findings
    tables = dict(ev.tables)
    steps: list[Step] = []

    def keep(what: str, rows: pd.Series, values: pd.Series | None = None, column: str = "") -> None:
        nonlocal studies
        rows = is_true(rows.reindex(studies.index))
        unknown = 0
        if values is not None:
            unknown = int(values.reindex(studies.index)[~rows].isna().sum())
        steps.append(Step(what, int(rows.sum()), int((~rows).sum()), unknown, column))
        studies = studies[rows]

    # Of a study that compares in several ways, only what compares as asked for is looked at.
    for condition in conditions:
        if condition.asked.field.name == CONTRAST and not condition.asked.table:
            of_findings = contrasts(ev).astype("str").reindex(findings.index)
            findings = findings[condition.met(of_findings)]
    for condition in conditions:
        cells = condition.asked.cells(ev)
        if condition.asked.table == "findings":
            findings = findings[condition.met(cells.reindex(findings.index))]
            there = studies["study_id"].isin(findings["study_id"])
            keep(condition.said, there, column=condition.asked.field.name)
        else:
            keep(condition.said, condition.met(cells), cells)
    if counted is not None:
        is_counted = is_true(studies["counted"])
        keep(COUNTED if counted else "set aside", is_counted == counted)
    if retracted is not None:
        told = studies["study_id"].isin(ev.retracted)
        keep("retracted" if retracted else "not retracted", told == retracted)
    if retracted is False:
        tables = without_reviews(tables, ev.retracted)
    first, last = years
    if first is not None:
        keep(f"from {first}", studies["year"] >= first, studies["year"])
    if last is not None:
        keep(f"to {last}", studies["year"] <= last, studies["year"])
    if min_sample_size is not None:
        large = studies["sample_size"] >= min_sample_size
        keep(f"at least {min_sample_size:,} took part", large, studies["sample_size"])
    if cited_by_article:
        keep("sources of the article", studies["article_reference"].notna())
    if overlap:
        standing = studies["study_id"].isin(one_a_cohort(studies, overlap))
        keep(f"one report per cohort, {OVERLAPS[overlap]}", standing)
    return ev.with_tables(_rows_that_belong(tables, studies, findings), steps)


def without_reviews(tables: dict[str, pd.DataFrame], reviews: list[str]) -> dict[str, pd.DataFrame]:
    """The tables without some reviews and all that they say."""
    return {
        name: frame[~frame["review_id"].isin(reviews)] if "review_id" in frame else frame
        for name, frame in tables.items()
    }


def cohort_key(studies: pd.DataFrame, overlap: str) -> pd.Series:
    """Name of the unit that a study counts under: its cohort, or the study itself when it has none.

    ``overlap="certain"`` leaves reports apart whose overlap is only possible.
    """
    one_of("overlap", overlap, OVERLAPS)
    shared = studies["cohort"].notna()
    if overlap == "certain":
        shared &= is_true(studies["cohort_overlap"].eq("certain"))
    return studies["study_id"].where(~shared, "cohort:" + studies["cohort"].astype("str"))


def one_a_cohort(studies: pd.DataFrame, overlap: str) -> list[str]:
    """The study that stands for each cohort: the one with the lowest :func:`cohort_rank`."""
    ranked = studies.assign(
        unit=cohort_key(studies, overlap), rank=cohort_rank(studies)
    ).sort_values("rank", kind="stable")
    return ranked.drop_duplicates("unit")["study_id"].tolist()


def cohort_rank(studies: pd.DataFrame) -> pd.Series:
    """Place of each study in the order in which reports stand for their cohort: those that are
    counted before those set aside; of these its representative, else the largest known sample, else
    the latest, else the first id. The order of two studies does not hang on which others are there.
    """
    ranked = studies.assign(
        votes=is_true(studies["counted"]),
        first=is_true(studies["cohort_representative"]),
        size=studies["sample_size"].fillna(-1),
    ).sort_values(
        ["votes", "first", "size", "year", "study_id"],
        ascending=[False, False, False, False, True],
        kind="stable",
    )
    return pd.Series(np.arange(len(ranked)), index=ranked.index).reindex(studies.index)


def meets(
    cells: pd.Series,
    wanted: list[Any],
    without: list[Any],
    delimiter: str,
    filled: bool,
    empty: bool,
) -> pd.Series:
    """Which cells meet what :class:`ColumnCondition` says."""
    out = holds_any(cells, without, delimiter)
    if without and not (wanted or filled or empty):
        return ~out
    met = holds_any(cells, wanted, delimiter)
    if filled:
        met |= cells.notna()
    if empty:
        met |= cells.isna()
    return met & ~out


def holds_any(cells: pd.Series, wanted: list[Any], delimiter: str) -> pd.Series:
    """Which cells hold one of the wanted values: as the cell, or among the values of a list."""
    if not delimiter or not wanted:
        return cells.isin(wanted)
    return cells.str.split(delimiter, regex=False).explode().isin(wanted).groupby(level=0).any()


def _rows_that_belong(
    tables: dict[str, pd.DataFrame], studies: pd.DataFrame, findings: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """All tables, cut down to the rows that hang on the selected studies and findings."""
    findings = findings[findings["study_id"].isin(studies["study_id"])]
    tables = tables | {"studies": studies, "findings": findings}
    for name, key, kept in (
        ("arms", "finding_id", findings["finding_id"]),
        ("readings", "study_id", studies["study_id"]),
    ):
        if name in tables:
            tables[name] = tables[name][tables[name][key].isin(kept)]
    if "readings" in tables:
        readings = tables["readings"]
        tables["readings"] = readings[
            readings["finding_id"].isna() | readings["finding_id"].isin(findings["finding_id"])
        ]
    if "cohorts" in tables:
        tables["cohorts"] = tables["cohorts"][
            tables["cohorts"]["cohort_id"].isin(studies["cohort"])
        ]
    return {name: frame.set_axis(np.arange(len(frame))) for name, frame in tables.items()}
