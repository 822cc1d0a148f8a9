"""What the columns of one row, and the rows of one study, owe each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from evidence.errors import Fault
from evidence.frames import is_true
from evidence.model.schema import known_tables
from evidence.tables.reader import TextTable, short

if TYPE_CHECKING:
    from evidence.checks.run import Checked


class Companion(NamedTuple):
    """A column that belongs to something in its row.

    ``must`` says what it holds where that is there, and is empty where it may stay empty; with
    ``only`` it is filled nowhere else.
    """

    column: str
    of: str
    must: str = ""
    only: bool = False


OF_STUDIES = (
    Companion("cohort_overlap", "a cohort", "certain, possible", only=True),
    Companion("cohort_representative", "a cohort", only=True),
    Companion("sample_unit", "a sample size", "what the size counts"),
)
OF_EFFECTS = (
    Companion("measure", "an estimate", "what the estimate is"),
    Companion("estimate", "an interval", "the estimate, or no interval"),
    Companion("p_operator", "a p-value", "=, <, <=, >, >="),
    Companion("p_value", "an operator", "the p-value, or no operator"),
    Companion("ci_level", "an interval", "the confidence level in percent", only=True),
    Companion("estimate_origin", "an estimate", "where the estimate comes from", only=True),
)
EFFECT = {"estimate", "measure", "ci_low", "ci_high", "p_value", "p_operator"}


def check_rows(checked: Checked) -> list[Fault]:
    """Faults of rows that contradict themselves."""
    return [
        *_studies(checked),
        *_cohorts(checked),
        *_primary(checked),
        *_effects(checked),
        *_scopes(checked),
        *_ids(checked),
    ]


def _studies(checked: Checked) -> list[Fault]:
    text, studies = checked.texts["studies"], checked.frames["studies"]
    counted = is_true(studies["counted"])
    reason = studies["not_counted_because"].notna()
    there = {"a cohort": studies["cohort"].notna(), "a sample size": studies["sample_size"].notna()}
    return [
        *text.faults(
            counted & reason,
            "not_counted_because",
            "a counted study has a reason for being set aside",
            "empty, or counted = false",
            "row",
        ),
        *text.faults(
            ~counted & ~reason & studies["counted"].notna(),
            "not_counted_because",
            "a study is set aside without a reason",
            "a reason",
            "row",
        ),
        *_companions(text, studies, there, OF_STUDIES),
    ]


def _cohorts(checked: Checked) -> list[Fault]:
    text, studies = checked.texts["studies"], checked.frames["studies"]
    chosen = is_true(studies["cohort_representative"])
    twice = chosen & studies[chosen].duplicated("cohort", keep=False).reindex(
        studies.index, fill_value=False
    )
    # In a part of a data set, the other reports of a cohort may not have been selected.
    alone = (
        studies["cohort"].notna()
        & ~studies["cohort"].duplicated(keep=False)
        & (not checked.is_part)
    )
    return [
        *text.faults(
            twice,
            "cohort_representative",
            "a cohort has two representatives",
            "one true per cohort",
            "row",
        ),
        *text.faults(
            alone,
            "cohort",
            "is the only study of its cohort",
            "a cohort of at least two reports, or empty",
            "row",
        ),
    ]


def _primary(checked: Checked) -> list[Fault]:
    """Every study has one primary finding."""
    text = checked.texts["findings"]
    primary = is_true(checked.frames["findings"]["is_primary"])
    codes, different = text.coded("study_id")
    named = text.columns["study_id"] != ""
    number = np.bincount(codes, primary, len(different))[codes]
    first = ~pd.Series(codes).duplicated() & named
    return [
        *text.faults(
            primary & (number > 1) & named,
            "is_primary",
            "a study has two primary findings",
            "one true per study",
            "row",
        ),
        *text.faults(
            first & (number == 0),
            "is_primary",
            "a study has no primary finding",
            "one true per study",
            "row",
        ),
    ]


def _effects(checked: Checked) -> list[Fault]:
    """The columns of an effect come together."""
    faults = []
    for name, text in checked.texts.items():
        if not set(text.columns) >= EFFECT:
            continue
        frame = checked.frames[name]
        filled = frame[[*EFFECT]].notna()
        there = {
            "an estimate": filled["estimate"],
            "an interval": filled["ci_low"] | filled["ci_high"],
            "a p-value": filled["p_value"],
            "an operator": filled["p_operator"],
        }
        faults += _companions(text, frame, there, OF_EFFECTS)
        if "observed_direction" in frame:
            faults += _null(checked, name, filled["estimate"])
    return faults


def _companions(
    text: TextTable,
    frame: pd.DataFrame,
    there: Mapping[str, pd.Series],
    companions: Iterable[Companion],
) -> list[Fault]:
    """Columns that are empty although what they belong to is there, or the other way round."""
    faults = []
    for one in companions:
        if one.column not in text.columns:
            continue
        filled, other = frame[one.column].notna(), there[one.of]
        if one.must:
            what = f"is empty although there is {one.of}"
            faults += text.faults(other & ~filled, one.column, what, one.must, "row")
        if one.only:
            what = f"is filled although there is no {one.of.split(' ', 1)[1]}"
            faults += text.faults(filled & ~other, one.column, what, "empty", "row")
    return faults


def _null(checked: Checked, name: str, estimate: pd.Series) -> list[Fault]:
    """The word null stands where, and only where, the estimate is the null value."""
    text, frame = checked.texts[name], checked.frames[name]
    null = frame["measure"].map(null_values(checked, name)).astype(float)
    at_null = estimate & (frame["estimate"] == null)
    said = (frame["observed_direction"] == "null").fillna(False)
    return [
        *text.faults(
            said & ~at_null,
            "observed_direction",
            "is null, but the estimate is not the null value",
            "benefit, harm, mixed or not_reported",
            "row",
        ),
        *text.faults(
            at_null & frame["observed_direction"].isin(["benefit", "harm"]),
            "observed_direction",
            "points somewhere, but the estimate is the null value",
            "null",
            "row",
        ),
    ]


def null_values(checked: Checked, table: str) -> dict[str, float]:
    """Null value of each measure that has one."""
    return {
        c.value: float(c.extra["null"])
        for c in checked.dictionary.tables[table].by_name["measure"].categories
        if "null" in c.extra
    }


def _scopes(checked: Checked) -> list[Fault]:
    """A finding belongs to the study that its id, and every row that names both, says."""
    faults = []
    known = checked.frames["findings"]
    for name, text in checked.texts.items():
        if {"finding_id", "study_id"} <= set(text.columns) and name != "findings":
            findings = known.drop_duplicates("finding_id").set_index("finding_id")["study_id"]
            owner = text.cells["finding_id"].map(findings)
            wrong = owner.notna() & (owner != text.cells["study_id"])
            faults += text.faults(
                wrong,
                "study_id",
                lambda i: f"the finding belongs to {owner.iloc[i]}",
                "the study of the finding",
                "row",
            )
    return faults


def _ids(checked: Checked) -> list[Fault]:
    """An id begins with what it is made of, so that a mistyped key shows."""
    faults = []
    for table in known_tables().values():
        text = checked.texts.get(table.name)
        if not table.composed or text is None or {table.key, *table.composed} & text.missing:
            continue
        ids, stems = text.columns[table.key], text.columns[table.composed[0]]
        for column in table.composed[1:]:
            stems = stems + table.mark + text.columns[column]
        begins = stems + table.mark
        wrong = ~np.fromiter(map(str.startswith, ids.tolist(), begins.tolist()), bool, len(ids))
        for row in np.flatnonzero(wrong).tolist():
            wrong[row] = ids[row] != stems[row] and not ids[row].startswith(stems[row] + "_")
        faults += text.faults(
            wrong,
            table.key,
            lambda i: f"does not begin with {short(stems[i])}",
            f"{table.mark.join(table.composed)}{table.mark}...",
            "row",
        )
    return faults
