"""Pools of a data set made from a spreadsheet: all results of one measure and one contrast."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from evidence.frames import each_once
from evidence.importing.placed import Placed
from evidence.importing.texts import filled
from evidence.model.schema import vocabularies

MOST = 12  # pools that are named at first
INTERVAL = ("estimate", "ci_low", "ci_high", "ci_level")
APART = ("question", "population", "comparator")
LEAST = 2  # studies with an interval that make a pool
TABLES = ("pools", "pool_criteria")
NOTE = (
    "All results of this measure in the spreadsheet, one per study. Split the pool where outcomes "
    "differ."
)


def first_pools(placed: Placed) -> dict[str, list[list[str]]]:
    """Rows of the tables of pools: for each measure those results that are of one question, one
    population, one contrast and, for differences, one scale; the largest pools first.

    Parameters
    ----------
    placed : Placed

    Returns
    -------
    dict of str to list of list of str
        Rows of ``pools`` and ``pool_criteria``; empty when no two studies can be pooled.
    """
    if not {"measure", *INTERVAL} <= set(placed.findings):
        return {}
    words = {word["value"]: word for word in vocabularies()["measure"]}
    pools: list[list[str]] = []
    criteria: list[list[str]] = []
    for conditions, word in _alike(_whole(placed), words)[:MOST]:
        name = _id_of(conditions.values(), [row[0] for row in pools])
        named = [value.replace("_", " ") for column, value in conditions.items()][1:]
        title = ", ".join([f"All results as {word['label']}", *named])
        headline = str(_one(placed.findings, "outcome_domain") and not pools).lower()
        pools.append([name, title, conditions["measure"], headline, NOTE])
        criteria += [
            [f"{name}:{place}", name, column, value]
            for place, (column, value) in enumerate(conditions.items(), start=1)
        ]
    if pools:
        return {"pools": sorted(pools), "pool_criteria": sorted(criteria)}
    return {}


def _id_of(values: Iterable[str], taken: Collection[str]) -> str:
    """An id of the measure and of what is apart, each once."""
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(["all", *values]).casefold()).strip("_")
    return each_once([*taken, name], "{}_{}")[-1]


def _whole(placed: Placed) -> pd.DataFrame:
    """Results with an interval, with what their studies say of question and contrast."""
    findings = placed.findings
    told = [name for name in APART if name in placed.studies and name not in findings]
    studies = placed.studies[["study_id", *told]]
    there = np.all([filled(findings[name]) for name in (*INTERVAL, "measure")], axis=0)
    return findings[there].merge(studies, on="study_id", how="left")


def _alike(
    whole: pd.DataFrame, words: Mapping[str, Mapping]
) -> list[tuple[dict[str, str], Mapping]]:
    """Conditions under which two studies or more can be pooled, with the word of the measure."""
    found = []
    for measure, rows in whole.groupby("measure", sort=True):
        word = words.get(str(measure), {})
        if "null" not in word:
            continue
        scales = ("outcome_scale",) * (word.get("from_arms") == "difference")
        apart = [name for name in (*APART, *scales) if not _one(rows, name)]
        for values, part in rows.groupby(["measure", *apart], sort=True):
            studies = part["study_id"].nunique()
            if studies >= LEAST and "" not in values:
                conditions = dict(zip(("measure", *apart), map(str, values), strict=True))
                found.append((studies, conditions, word))
    return [(conditions, word) for _, conditions, word in sorted(found, key=lambda one: -one[0])]


def _one(table: pd.DataFrame, name: str) -> bool:
    return name not in table or table[name].nunique() <= 1
