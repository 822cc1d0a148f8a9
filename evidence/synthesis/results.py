"""Findings with what is known of their studies, and the rows that meet written conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.errors import UsageError
from evidence.frames import cell_texts, filled_from
from evidence.model.dictionary import Dictionary
from evidence.model.evidence import Evidence
from evidence.model.query import ANY_VALUE, NO_VALUE, NOT
from evidence.model.selection import meets
from evidence.synthesis.once import once
from evidence.synthesis.result import Result

OR_EMPTY = "or_empty:"


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


def matching(
    table: pd.DataFrame, criteria: pd.DataFrame, dictionary: Dictionary | None = None
) -> pd.DataFrame:
    """Which rows meet which conditions.

    Parameters
    ----------
    table : DataFrame
        Result of :func:`results`.
    criteria : DataFrame
        Columns ``column`` and ``value``, one condition a row. Values of one column are
        alternatives; ``*`` stands for any value at all, ``not:*`` for none, ``or_empty:VALUE`` for
        that value or none. ``not:VALUE`` rules a value out; several rule out each. Values are
        written as in the file.
    dictionary : Dictionary, optional
        Says which columns hold lists: a cell with several values has each of them.

    Returns
    -------
    DataFrame of bool
        One column for each column of the conditions; a row meets them all where it is true
        throughout.

    Raises
    ------
    UsageError
        For a column that the table lacks, and conditions in another form.

    Examples
    --------
    >>> table = pd.DataFrame({"kind": ["a", "b", None]})
    >>> matching(table, pd.DataFrame({"column": ["kind"], "value": ["not:a"]}))["kind"].to_list()
    [False, True, True]
    """
    refuse_no_conditions(criteria)
    met = {}
    for column, values in criteria.groupby("column", sort=False)["value"]:
        if column not in table:
            raise UsageError(
                f"no column {column!r} in studies or findings; columns: {', '.join(table.columns)}"
            )
        field = dictionary.field(str(column), "studies", "findings") if dictionary else None
        delimiter = field.delimiter if field else ""
        met[column] = _meets(cell_texts(table[column]), list(values), delimiter)
    return pd.DataFrame(met, index=table.index).astype(bool)


def refuse_no_conditions(criteria: Any) -> None:
    """Conditions are a table, which may have no rows."""
    if not isinstance(criteria, pd.DataFrame) or not {"column", "value"} <= set(criteria):
        raise UsageError("criteria: allowed: a DataFrame with the columns column and value")


def _meets(cells: pd.Series, wanted: list[str], delimiter: str) -> pd.Series:
    """Which cells have one of the wanted values, and none of those that are ruled out."""
    ruled_out = [
        value.removeprefix(NOT) for value in wanted if value.startswith(NOT) and value != NO_VALUE
    ]
    others = [value for value in wanted if value != ANY_VALUE and not value.startswith(NOT)]
    plain = [value.removeprefix(OR_EMPTY) for value in others]
    empty = NO_VALUE in wanted or any(value.startswith(OR_EMPTY) for value in others)
    return meets(cells, plain, ruled_out, delimiter, ANY_VALUE in wanted, empty)
