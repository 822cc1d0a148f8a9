"""Pools of a data set made from a spreadsheet: all results of one measure, where that is legal."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evidence.importing.placed import Placed
from evidence.model.schema import vocabularies

LEAST = 2  # studies with an interval that make a pool
TABLES = ("pools", "pool_criteria")
NOTE = (
    "All results of this measure in the spreadsheet, one per study. Split the pool where outcomes "
    "or comparisons differ."
)


def first_pools(placed: Placed) -> dict[str, list[list[str]]]:
    """Rows of the tables of pools; none where different questions, contrasts or scales would be
    mixed, or fewer than two studies have an interval.

    Parameters
    ----------
    placed : Placed

    Returns
    -------
    dict of str to list of list of str
        Rows of ``pools`` and ``pool_criteria``; empty when there is no pool.
    """
    if not {"measure", "ci_low", "ci_high"} <= set(placed.findings) or _mixed(placed.studies):
        return {}
    words = {word["value"]: word for word in vocabularies()["measure"]}
    pools: list[list[str]] = []
    criteria: list[list[str]] = []
    whole = placed.findings[
        (placed.findings[["estimate", "ci_low", "ci_high", "ci_level"]] != "").all(axis=1)
    ]
    for measure, rows in whole.groupby("measure", sort=True):
        word = words.get(str(measure), {})
        if "null" not in word or rows["study_id"].nunique() < LEAST or _apart(rows, word):
            continue
        name = f"all_{str(measure).lower()}"
        headline = str(_one(placed.findings, "outcome_domain") and not pools).lower()
        pools.append([name, f"All results as {word['label']}", str(measure), headline, NOTE])
        criteria.append([f"{name}:1", name, "measure", str(measure)])
    if pools:
        return {"pools": pools, "pool_criteria": criteria}
    return {}


def _mixed(studies: pd.DataFrame) -> bool:
    return not all(_one(studies, name) for name in ("question", "population", "comparator"))


def _apart(rows: pd.DataFrame, word: Mapping) -> bool:
    """Whether results are of different contrasts, or differences on different scales."""
    scales = word.get("from_arms") == "difference" and not _one(rows, "outcome_scale")
    return scales or not _one(rows, "comparator")


def _one(table: pd.DataFrame, name: str) -> bool:
    return name not in table or table[name].nunique() <= 1
