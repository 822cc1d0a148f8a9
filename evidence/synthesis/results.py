"""Findings with what is known of their studies, and the rows that meet written conditions."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evidence.errors import UsageError
from evidence.frames import filled_from
from evidence.model.evidence import Evidence
from evidence.model.query import ANY_VALUE, NOT
from evidence.synthesis.once import once
from evidence.synthesis.result import Result


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Results(Result):
    """Result of :func:`results`: one row per finding, with the columns of its study."""

    drawn_by = "albatross"


@once
def results(ev: Evidence) -> Results:
    """Findings of all studies, each with the columns of its study.

    A column that both tables have (such as the comparator) is the finding's where it is filled,
    else the study's.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Results
        One row per finding, in the order of the findings, with the columns of both tables.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> len(evidence.results(ev)) == len(ev.findings)
    True
    """
    findings = ev.findings
    studies = (
        ev.studies.drop_duplicates("study_id")
        .set_index("study_id")
        .reindex(findings["study_id"])
        .set_axis(findings.index)
    )
    shared = [column for column in studies if column in findings]
    filled = {str(name): filled_from(findings[name], studies[name]) for name in shared}
    own: pd.DataFrame = findings.assign(**filled)
    table = pd.concat([own, studies.drop(columns=shared)], axis=1)
    return Results(ev, table, underlying=tuple(findings["study_id"].unique()))


def matching(table: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Which rows meet which conditions.

    Parameters
    ----------
    table : DataFrame
        Result of :func:`results`.
    criteria : DataFrame
        Columns ``column`` and ``value``, one condition a row. Values of one column are
        alternatives; ``*`` stands for any value at all, ``or_empty:VALUE`` for that value or none.
        ``not:VALUE`` rules a value out; several rule out each.

    Returns
    -------
    DataFrame of bool
        One column for each column of the conditions; a row meets them all where it is true
        throughout.

    Raises
    ------
    UsageError
        For a column that the table lacks.

    Examples
    --------
    >>> table = pd.DataFrame({"kind": ["a", "b", None]})
    >>> matching(table, pd.DataFrame({"column": ["kind"], "value": ["not:a"]}))["kind"].to_list()
    [False, True, True]
    """
    met = {}
    for column, values in criteria.groupby("column", sort=False)["value"]:
        if column not in table:
            raise UsageError(
                f"no column {column!r} in studies or findings; columns: {', '.join(table.columns)}"
            )
        met[column] = _meets(table[column].astype("str"), list(values))
    return pd.DataFrame(met, index=table.index).astype(bool)


def _meets(cells: pd.Series, wanted: list[str]) -> pd.Series:
    """Which cells are one of the wanted values, and none of those that are ruled out."""
    ruled_out = [value.removeprefix(NOT) for value in wanted if value.startswith(NOT)]
    or_empty = [
        value.removeprefix("or_empty:") for value in wanted if value.startswith("or_empty:")
    ]
    plain = [value for value in wanted if value != ANY_VALUE and ":" not in value] + or_empty
    if len(ruled_out) == len(wanted):
        return (~cells.isin(ruled_out)).fillna(True)
    met = cells.isin(plain)
    if ANY_VALUE in wanted:
        met |= cells.notna()
    if or_empty:
        met |= cells.isna()
    return met & ~cells.isin(ruled_out)
