"""Cells as readings write them, beside the cells of the tables that they are about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.frames import cell_texts
from evidence.model.evidence import Evidence
from evidence.synthesis.votes import main_findings

NOT_SHOWN = "Not shown"
MAIN_FINDING = "primary_finding"  # its cells are ids of findings
OF_MAIN = ("primary_basis",)  # fields of a study that stand in its main finding


def kind_of(ev: Evidence, name: str) -> str:
    """ "number" or "category"."""
    field = ev.dictionary.field(name, "studies", "findings")
    if field is not None and field.type in ("integer", "number"):
        return "number"
    return "category"


def never_empty(ev: Evidence, name: str) -> bool:
    """Whether an empty cell is not an answer in a field."""
    field = ev.dictionary.field(name, "studies", "findings")
    return field is not None and field.required


def same(one: pd.Series, other: pd.Series, number: pd.Series) -> np.ndarray:
    """Whether two cells say the same, as numbers or as text; two empty ones do."""
    text = (one.fillna("") == other.fillna("")).to_numpy(dtype=bool)
    left, right = (pd.to_numeric(cells, errors="coerce") for cells in (one, other))
    return text | (number & (left == right)).fillna(False).to_numpy(dtype=bool)


def square(pairs: pd.DataFrame) -> pd.DataFrame:
    """Counts of two readings (``first`` down, ``second`` across), the same values both ways."""
    chosen = pairs[["first", "second"]].fillna(NOT_SHOWN)
    counts = pd.crosstab(chosen["first"], chosen["second"])
    values = sorted(set(counts.index) | set(counts.columns))
    return counts.reindex(index=values, columns=values, fill_value=0).astype("int64")


def held(ev: Evidence, cells: pd.DataFrame) -> pd.Series:
    """What the tables hold now in the cells that were read, as text.

    Parameters
    ----------
    ev : Evidence
    cells : DataFrame
        Columns ``study_id, finding_id, field``.

    Returns
    -------
    Series of str
        Missing where the cell is empty. The comparator of a finding that names none is its
        study's; a p-value carries its operator unless that is ``=``.
    """
    found = pd.Series(pd.NA, index=cells.index, dtype="str")
    of_finding = cells["finding_id"].notna()
    studies, findings = (
        ev.tables[name].drop_duplicates(key).set_index(key)
        for name, key in (("studies", "study_id"), ("findings", "finding_id"))
    )
    main = main_findings(ev).set_index("study_id")
    main = main.assign(**{MAIN_FINDING: main["finding_id"]})
    for field in cells["field"].astype("str").unique():
        mine = cells["field"].astype("str") == field
        table = main if field in (MAIN_FINDING, *OF_MAIN) else studies
        for source, key, rows in (
            (table, "study_id", mine & ~of_finding),
            (findings, "finding_id", mine & of_finding),
        ):
            if field in source and rows.any():
                values = _text(source, field).reindex(cells.loc[rows, key])
                found[rows] = values.to_numpy()
        if field in studies and field in findings:
            rows = mine & of_finding & found.isna()
            values = _text(studies, field).reindex(cells.loc[rows, "study_id"])
            found[rows] = values.to_numpy()
    return found


def _text(table: pd.DataFrame, field: str) -> pd.Series:
    """Cells as the readings write them."""
    text = cell_texts(table[field])
    if field == "p_value" and "p_operator" in table:
        return table["p_operator"].astype("str").fillna("").replace("=", "") + text
    return text
