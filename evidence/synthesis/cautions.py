"""Reasons to be careful, each with how many studies it touches, counted from the tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evidence.arguments import one_of
from evidence.errors import UsageError
from evidence.frames import frame_rows, is_true
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.tables.conditions import Condition, field_of, meets, parse_criteria

COLUMNS = [
    *("caution_id", "caution", "explanation", "outcome_domain", "touched", "studies"),
    *("share", "study_ids", "criteria", "source"),
]


def cautions(
    ev: Evidence, question: str, population: str = "", outcome_domain: str | None = None
) -> pd.DataFrame:
    """Why an answer may mislead, and how many of the studies counted in it each reason touches.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``cautions``; a selection counts among the studies that it keeps.
    question : str
    population : str, optional
        By default all populations for which the question has cautions.
    outcome_domain : str, optional
        Leaves out cautions about other outcomes.

    Returns
    -------
    DataFrame
        In the order of the table: ``caution_id, caution, explanation, outcome_domain``;
        ``touched``, counted studies that meet the conditions, missing for a general reason (a
        report shares a cohort only with another of these studies);
        ``studies``, counted studies of the question and population; ``share``; ``study_ids``, a
        tuple; ``criteria, source``.

    Raises
    ------
    UsageError
        For an unknown word, a missing table or a condition that names no column.

    Examples
    --------
    >>> import evidence
    >>> found = evidence.cautions(evidence.load(), "risk", "human")
    >>> bool((found["touched"].dropna() <= found["studies"].max()).all())
    True
    """
    rows = needed(ev, "cautions", "there are no reasons to be careful to show")
    fields = ev.dictionary.tables["cautions"].by_name
    one_of("question", question, fields["question"].values)
    rows = rows[rows["question"] == question]
    if population:
        one_of("population", population, fields["population"].values)
        rows = rows[rows["population"] == population]
    if outcome_domain is not None:
        one_of("outcome_domain", outcome_domain, fields["outcome_domain"].values)
        fits = rows["outcome_domain"].isna() | (rows["outcome_domain"] == outcome_domain)
        rows = rows[fits]
    main = main_rows(ev)
    lines = []
    for row in frame_rows(rows):
        here = (main["question"] == row["question"]) & (main["population"] == row["population"])
        lines.append(_line(ev, main[here], row))
    table = pd.DataFrame(lines, columns=COLUMNS)
    types = {"touched": "Int64", "studies": "Int64", "share": "float64"}
    return table.astype(types).reset_index(drop=True)


def main_rows(ev: Evidence) -> pd.DataFrame:
    """Counted studies with the columns of their main finding; index: study.

    A column that both have is the finding's where it is filled, else the study's.
    """
    studies = ev.counted_studies
    studies = studies.drop_duplicates("study_id").set_index("study_id", drop=False)
    findings = ev.findings[is_true(ev.findings["is_primary"])]
    findings = findings.drop_duplicates("study_id").set_index("study_id")
    findings = findings.reindex(studies.index)
    both = [str(column) for column in findings if column in studies]
    of_both = {
        column: findings[column].astype("object").where(findings[column].notna(), studies[column])
        for column in both
    }
    return pd.concat([studies.drop(columns=both), findings.drop(columns=both)], axis=1).assign(
        **of_both
    )


def _without_lone_reports(main: pd.DataFrame) -> pd.DataFrame:
    """The same, where a report overlaps with none that is not here."""
    if "cohort_overlap" not in main:
        return main
    shared = main["cohort"].notna() & main["cohort"].duplicated(keep=False)
    return main.assign(cohort_overlap=main["cohort_overlap"].where(shared))


def touched(ev: Evidence, main: pd.DataFrame, criteria: str) -> list[str]:
    """Ids of the studies in ``main`` that meet all conditions of a cell."""
    conditions = parse_criteria(criteria)
    main = _without_lone_reports(main)
    kept = pd.Series(True, index=main.index)
    for one in [one for one in conditions if not one.table]:
        kept &= meets(_cells(main, one), one, field_of(ev.dictionary, one))
    for name in dict.fromkeys(one.table for one in conditions if one.table):
        rows = needed(ev, name, f"{criteria} cannot be counted")
        here = pd.Series(True, index=rows.index)
        for one in [one for one in conditions if one.table == name]:
            here &= meets(_cells(rows, one), one, field_of(ev.dictionary, one))
        kept &= main.index.isin(rows.loc[here, "study_id"])
    return [str(key) for key in main.index[kept]]


def _cells(table: pd.DataFrame, condition: Condition) -> pd.Series:
    if condition.column not in table:
        raise UsageError(f"{condition}: there is no such column of studies")
    return table[condition.column]


def _line(ev: Evidence, main: pd.DataFrame, row: dict[str, Any]) -> dict[str, Any]:
    line = {name: row.get(name) for name in COLUMNS if name in row}
    line["studies"] = len(main)
    if pd.isna(row["criteria"]):
        return line | {"touched": pd.NA, "study_ids": ()}
    ids = touched(ev, main, row["criteria"])
    share = len(ids) / len(main) if len(main) else float("nan")
    return line | {"touched": len(ids), "share": share, "study_ids": tuple(ids)}
