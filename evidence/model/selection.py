"""Subsets of a data set, with an account of every step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import is_number, one_of, whole
from evidence.errors import UsageError
from evidence.model.dictionary import ALLOWED, Dictionary, Field
from evidence.model.evidence import Evidence, Step

OVERLAPS = ("possible", "certain")


def select(
    ev: Evidence,
    *,
    min_sample_size: int | None,
    years: tuple[int | None, int | None] | None,
    one_per_cohort: bool,
    overlap: str,
    cited_by_article: bool,
    counted: bool | None,
    retracted: bool | None,
    columns: dict[str, Any],
) -> Evidence:
    """See :meth:`evidence.model.evidence.Evidence.select`."""
    studies, findings = ev.studies, ev.findings
    tables = dict(ev.tables)
    steps: list[Step] = []

    def keep(what: str, rows: pd.Series, values: pd.Series | None = None) -> None:
        nonlocal studies
        rows = rows.fillna(False).astype(bool)
        unknown = 0 if values is None else int(values[~rows].isna().sum())
        steps.append(Step(what, int(rows.sum()), int((~rows).sum()), unknown))
        studies = studies[rows]

    wanted_of_findings: dict[str, list[Any]] = {}
    for column, value in columns.items():
        field, of_findings = _field(ev.dictionary, column)
        wanted = _values(field, value)
        what = f"{column} = {', '.join(map(str, wanted))}"
        if of_findings:
            wanted_of_findings[column] = wanted
            findings = findings[holds_any(findings[column], field, wanted)]
            keep(what, studies["study_id"].isin(findings["study_id"]))
        else:
            keep(what, holds_any(studies[column], field, wanted), studies[column])
    if counted is not None:
        wanted = _values(ev.dictionary.tables["studies"].by_name["counted"], counted)
        names = {(True,): "counted", (False,): "set aside"}
        keep(names.get(tuple(wanted), "counted or not"), studies["counted"].isin(wanted))
    if retracted is not None:
        keep(
            "retracted" if retracted else "not retracted",
            studies["study_id"].isin(ev.retracted) == retracted,
        )
    if retracted is False:
        tables = without_reviews(tables, ev.retracted)
    if years is not None:
        first, last = _years(years)
        if first is not None:
            keep(f"from {first}", studies["year"] >= first, studies["year"])
        if last is not None:
            keep(f"to {last}", studies["year"] <= last, studies["year"])
    if min_sample_size is not None:
        min_sample_size = whole("min_sample_size", min_sample_size)
        keep(
            f"at least {min_sample_size} took part",
            studies["sample_size"] >= min_sample_size,
            studies["sample_size"],
        )
    if cited_by_article:
        _field(ev.dictionary, "article_reference")
        keep("cited by the article", studies["article_reference"].notna())
    if one_per_cohort:
        chosen = one_a_cohort(studies, overlap)
        keep(f"one report a cohort ({overlap} overlap)", studies["study_id"].isin(chosen))
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
        shared &= studies["cohort_overlap"].eq("certain").fillna(False).astype(bool)
    return studies["study_id"].where(~shared, "cohort:" + studies["cohort"].astype("str"))


def one_a_cohort(studies: pd.DataFrame, overlap: str) -> list[str]:
    """The study that stands for each cohort: the one with the lowest :func:`cohort_rank`."""
    ranked = studies.assign(
        unit=cohort_key(studies, overlap), rank=cohort_rank(studies)
    ).sort_values("rank", kind="stable")
    return ranked.drop_duplicates("unit")["study_id"].tolist()


def cohort_rank(studies: pd.DataFrame) -> pd.Series:
    """Place of each study in the order in which reports stand for their cohort: its representative,
    else the largest known sample, else the latest, else the first id. The order of two studies does
    not hang on which others are there."""
    ranked = studies.assign(
        first=studies["cohort_representative"].fillna(False).astype(bool),
        size=studies["sample_size"].fillna(-1),
    ).sort_values(
        ["first", "size", "year", "study_id"], ascending=[False, False, False, True], kind="stable"
    )
    return pd.Series(np.arange(len(ranked)), index=ranked.index).reindex(studies.index)


def holds_any(cells: pd.Series, field: Field, wanted: list[Any]) -> pd.Series:
    """Which cells hold one of the wanted values: as the cell, or among the values of a list."""
    if not field.delimiter:
        return cells.isin(wanted)
    return (
        cells.str.split(field.delimiter, regex=False).explode().isin(wanted).groupby(level=0).any()
    )


def _field(dictionary: Dictionary, column: str) -> tuple[Field, bool]:
    for table in ("studies", "findings"):
        if column in dictionary.tables[table]:
            return dictionary.tables[table].by_name[column], table == "findings"
    known = [*dictionary.tables["studies"].by_name, *dictionary.tables["findings"].by_name]
    close = difflib.get_close_matches(column, known, n=1)
    if close:
        hint = f"; did you mean {close[0]!r}?"
    else:
        hint = f"; columns: {', '.join(dict.fromkeys(known))}"
    raise UsageError(f"no column {column!r} in studies or findings{hint}")


def _values(field: Field, value: Any) -> list[Any]:
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        wanted = list(value)
    else:
        wanted = [value]
    if field.values:
        strange = [item for item in wanted if not isinstance(item, str) or item not in field.values]
        if strange:
            raise UsageError(
                f"{field.name} is never {strange[0]!r}; allowed: {', '.join(field.values)}"
            )
    return [_typed(field, item) for item in wanted]


def _typed(field: Field, item: Any) -> Any:
    """A value as the column holds it; it may have been typed as text."""
    if field.type in ("string", "list"):
        if isinstance(item, str):
            return item
    elif field.type == "boolean":
        if isinstance(item, (bool, np.bool_)):
            return bool(item)
        if isinstance(item, str) and item in ("true", "false"):
            return item == "true"
    else:
        try:
            number = _number(item)
        except ValueError:
            number = None
        if is_number(number):
            return number
    raise UsageError(f"{field.name} is {item!r}; allowed: {ALLOWED[field.type]}")


def _number(item: Any) -> Any:
    if not isinstance(item, str):
        return item
    return int(item) if item.isdecimal() else float(item)


def _years(years: Any) -> tuple[int | None, int | None]:
    if not isinstance(years, (tuple, list)) or len(years) != 2:
        raise UsageError(f"years is {years!r}; allowed: first and last year, such as (2000, None)")
    first, last = (None if year is None else whole("years", year) for year in years)
    return first, last


def parse_conditions(dictionary: Dictionary, conditions: list[str]) -> dict[str, Any]:
    """Conditions in the form ``column=value``, gathered by column."""
    columns: dict[str, Any] = {}
    for condition in conditions:
        column, mark, value = condition.partition("=")
        if not (mark and column and value):
            raise UsageError(f"condition {condition!r} has not the form COLUMN=VALUE")
        field, _ = _field(dictionary, column)
        if value != "*":
            _values(field, value.removeprefix("not:"))
        columns.setdefault(column, []).append(value)
    return columns


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
