"""Pools as text, CSV or JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from evidence.frames import frame_rows
from evidence.model.columns import asked_column
from evidence.model.evidence import Evidence
from evidence.model.query import Query
from evidence.synthesis.effect_sizes import SizePool, size_table, sized
from evidence.synthesis.poolable import Poolable, poolable
from evidence.tables.formulas import in_form

OWN = "own"  # the id of a pool by conditions of one's own, which stand in its title
ALL = "all studies"  # the title without conditions


def own_pool(
    ev: Evidence,
    measures: list[str] | None,
    query: Query,
    method: str = "REML",
    ci_level: int | None = None,
) -> SizePool:
    """A pool by conditions of one's own.

    Parameters
    ----------
    ev : Evidence
        The whole data set.
    measures : list of str
        One measure; none or several are refused.
    query : Query
        Conditions on columns of the results decide what is pooled, and what stays out by them is
        listed with its reason. All other conditions choose the studies before.
    method, ci_level
        As for :func:`evidence.pool` and :func:`evidence.poolable`.

    Raises
    ------
    UsageError
        For all that must not be pooled.
    """
    of_results = tuple(
        (name, values)
        for name, values in query.columns
        for asked in [asked_column(ev.dictionary, name)]
        if asked.table and not asked.field.delimiter
    )
    others = tuple(one for one in query.columns if one not in of_results)
    part = replace(query, columns=others, overlap="").part(ev)
    pairs = [(name, text) for name, _ in of_results for text in query.wanted(name)]
    criteria = pd.DataFrame(pairs, columns=["column", "value"], dtype="str")
    found = poolable(part, measures, criteria, bool(query.overlap), ci_level)
    title = "; ".join(query.said(ev.dictionary)) or ALL
    return sized(part, OWN, title, "Conditions of your own.", found, method)


def print_pools(ev: Evidence, pools: list[SizePool], form: str = "text") -> str:
    """Pools for a terminal or for another program; every format names what stayed out and why, CSV
    gives the table alone.

    In JSON as in CSV, estimates and intervals are on the scale on which papers print them. Results
    that are ratios have ``log_estimate`` and ``log_se`` beside them, which are what is pooled;
    others have ``se``. ``tau2`` and ``q`` of a pool are on the scale of pooling.
    """
    table = size_table(pools)
    return in_form(form, table, lambda: _as_json(ev, table, pools), lambda: _as_text(ev, pools))


def _as_json(ev: Evidence, table: pd.DataFrame, pools: list[SizePool]) -> dict[str, Any]:
    rows = json.loads(table.to_json(orient="records"))
    for row, one in zip(rows, pools, strict=True):
        row["note"] = one.note
        row["included"] = json.loads(_as_printed(one.poolable).to_json(orient="records"))
        row["excluded"] = json.loads(one.poolable.excluded.to_json(orient="records"))
    caution = ev.dictionary.settings.get("caution", "")
    return {"pools": rows, "chosen": _chosen(pools), "caution": caution}


def _as_text(ev: Evidence, pools: list[SizePool]) -> str:
    detailed, chosen = len(pools) == 1, _chosen(pools)
    parts = ["\n".join(_lines(ev, one, detailed)) for one in pools] or [
        "This data set names no pools."
    ]
    return "\n\n".join(
        [
            *([f"Selection: {chosen}."] if chosen and pools[0].pool_id != OWN else []),
            *parts,
            *(
                []
                if detailed
                else ["`evidence pool POOL` lists what stayed out of a pool, and why."]
            ),
        ]
    )


def _chosen(pools: list[SizePool]) -> str:
    """Of which selection the pools are. Conditions of one's own on results choose what is pooled,
    not studies, so that they stand in the title alone.
    """
    if not pools:
        return ""
    if pools[0].pool_id == OWN:
        return pools[0].title if pools[0].title != ALL else ""
    return pools[0].ev.chosen


def _as_printed(found: Poolable) -> pd.DataFrame:
    """What entered, with estimate and interval on one scale, and the logarithms beside them."""
    table = found.included
    if not found.log:
        return table
    logs = {"log_estimate": table["estimate"], "log_se": table["se"]}
    return table.drop(columns="se").assign(estimate=np.exp(table["estimate"]), **logs)


def _lines(ev: Evidence, one: SizePool, detailed: bool) -> list[str]:
    lines = [f"{one.title} [{one.pool_id}]", f"  {one.verdict}", f"  {one.note}"]
    if one.result is not None and one.result.note:
        lines.append(f"  {one.result.note}")
    for row in frame_rows(one.poolable.included):
        estimate = np.exp(row["estimate"]) if one.poolable.log else row["estimate"]
        interval = ""
        if not pd.isna(row["ci_low"]):
            interval = f" ({row['ci_low']:g} to {row['ci_high']:g}, {row['ci_level']} %)"
        lines.append(
            f"    {ev.names.get(row['study_id'], row['study_id'])}: {one.poolable.measure}"
            f" {estimate:.3g}{interval}; {row['outcome']}"
        )
    if detailed and len(one.poolable.excluded):
        lines.append(f"  Not included ({len(one.poolable.excluded)} studies):")
        lines += [
            f"    {ev.names.get(row.study_id, row.study_id)}: {row.reason}"
            for row in one.poolable.excluded.itertuples()
        ]
    return lines
