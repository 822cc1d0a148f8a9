"""The third lens, size of effect: the pools of a data set, each with what entered and what did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.pool import Pool, pool
from evidence.synthesis.poolable import Poolable, poolable

FEWEST = 3


@dataclass(frozen=True)
class SizePool:
    """One pool of the data set.

    Attributes
    ----------
    ev : Evidence
        The data set, or the selection of it.
    pool_id, title, note : str
        From the table of pools.
    poolable : Poolable
        What entered, and what did not and why.
    result : Pool or None
        None when fewer than three studies qualify: then they are shown as they stand.
    """

    ev: Evidence
    pool_id: str
    title: str
    note: str
    poolable: Poolable
    result: Pool | None

    @property
    def frame(self) -> pd.DataFrame:
        """The studies as :func:`forest_rows` gives them."""
        return forest_rows(self.ev, self)

    @property
    def retracted(self) -> tuple[str, ...]:
        """Ids of the retracted studies in the pool."""
        there = set(self.poolable.included["study_id"])
        return tuple(key for key in self.ev.retracted if key in there)

    def chart(self, **options: Any) -> Any:
        """The pool as a forest plot; options are those of :func:`evidence.charts.forest`."""
        import evidence

        return evidence.charts.forest(self, **options)

    @property
    def k(self) -> int:
        """How many studies qualify."""
        return len(self.poolable.included)

    @property
    def summary(self) -> dict[str, float]:
        """Pooled estimate and limits on the printed scale, with Hartung-Knapp limits guarded; empty
        when nothing was pooled.
        """
        if self.result is None:
            return {}
        names = (
            "estimate",
            "ci_low",
            "ci_high",
            "hk_guarded_ci_low",
            "hk_guarded_ci_high",
            "prediction_low",
            "prediction_high",
            "hk_prediction_low",
            "hk_prediction_high",
        )
        return (
            self.result.exp()
            if self.poolable.log
            else {name: getattr(self.result, name) for name in names}
        )

    @property
    def pooled_rows(self) -> pd.DataFrame:
        """The pooled result as a forest plot takes it: one row, none when nothing was pooled."""
        columns = ["label", "estimate", "ci_low", "ci_high", "prediction_low", "prediction_high"]
        s = self.summary
        if self.result is None:
            return pd.DataFrame(columns=columns)
        row = [
            s["estimate"],
            s["hk_guarded_ci_low"],
            s["hk_guarded_ci_high"],
            s["hk_prediction_low"],
            s["hk_prediction_high"],
        ]
        return pd.DataFrame(
            [[f"Pooled ({self.result.method}, Hartung-Knapp)", *row]], columns=columns
        )

    @property
    def verdict(self) -> str:
        """The result in plain words, which say no more than a pool can."""
        measure = self.poolable.measure
        if self.k == 0:
            return f"no study qualifies for a pooled {measure}"
        if self.result is None:
            noun = "study qualifies" if self.k == 1 else "studies qualify"
            return f"only {self.k} {noun} for a pooled {measure}; shown unpooled"
        s, r = self.summary, self.result
        spread = f"tau² {r.tau2:.2g}, I² {r.i2:.0f} %"
        predicted = (
            f"a further study may find anything from {s['hk_prediction_low']:.2g} to"
            f" {s['hk_prediction_high']:.2g}"
        )
        interval = (
            f"95 % interval {s['hk_guarded_ci_low']:.2f} to {s['hk_guarded_ci_high']:.2f}"
            " (Hartung-Knapp)"
        )
        return f"{measure} {s['estimate']:.2f}, {interval}, {self.k} studies, {spread}; {predicted}"


def size_pool(ev: Evidence, pool_id: str, method: str = "REML") -> SizePool:
    """One pool of the data set by its id.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``pools`` and ``pool_criteria``.
    pool_id : str
        Row of ``pools``.
    method : str, default "REML"
        As for :func:`evidence.pool`.

    Returns
    -------
    SizePool

    Raises
    ------
    UsageError
        When the data set has no such pool.

    Examples
    --------
    >>> import evidence
    >>> evidence.size_pool(evidence.load(), "or_activity").poolable.measure
    'OR'
    """
    row = needed(ev, "pools", "no sets of results are named that may be pooled").set_index(
        "pool_id"
    )
    if pool_id not in row.index:
        raise UsageError(f"no pool {pool_id!r}; pools: {', '.join(row.index)}")
    title, note, measure = (str(row.loc[pool_id, name]) for name in ("title", "note", "measure"))
    criteria = ev.pool_criteria
    rows = criteria[criteria["pool_id"] == pool_id]
    found = poolable(ev, measure, rows, one_per_cohort=True)
    return sized(ev, pool_id, title, note, found, method)


def sized(
    ev: Evidence, pool_id: str, title: str, note: str, found: Poolable, method: str = "REML"
) -> SizePool:
    """Pool what was found when three studies or more qualify."""
    result = (
        pool(found.included["estimate"], found.included["se"], method)
        if len(found.included) >= FEWEST
        else None
    )
    return SizePool(ev, pool_id, title, note, found, result)


def size_pools(ev: Evidence, method: str = "REML") -> list[SizePool]:
    """All pools of the data set, in the order of the table; none when it names none.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.
    method : str, default "REML"
        As for :func:`evidence.pool`.

    Returns
    -------
    list of SizePool

    Raises
    ------
    UsageError
        For an unknown method, or when a pool of the table would mix contrasts or scales.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> len(evidence.size_pools(ev)) == len(ev.pools)
    True
    """
    return (
        [size_pool(ev, pool_id, method) for pool_id in ev.pools["pool_id"]]
        if "pools" in ev.tables
        else []
    )


def size_table(pools: list[SizePool]) -> pd.DataFrame:
    """The pools in a table: one row each.

    Parameters
    ----------
    pools : list of SizePool
        Result of :func:`size_pools`, or some of them.

    Returns
    -------
    DataFrame
        ``pool_id, pool, measure, k``, pooled ``estimate, ci_low, ci_high`` (guarded Hartung-Knapp),
        ``prediction_low, prediction_high`` (Hartung-Knapp, t with k - 1), ``tau2, i2, q``, all
        missing where nothing was pooled, and ``verdict``.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.size_table(evidence.size_pools(evidence.load()))
    >>> bool((table["estimate"].notna() == (table["k"] >= 3)).all())
    True
    """
    rows = []
    for one in pools:
        s, r = one.summary, one.result
        rows.append(
            {
                "pool_id": one.pool_id,
                "pool": one.title,
                "measure": one.poolable.measure,
                "k": one.k,
                "estimate": s.get("estimate", np.nan),
                "ci_low": s.get("hk_guarded_ci_low", np.nan),
                "ci_high": s.get("hk_guarded_ci_high", np.nan),
                "prediction_low": s.get("hk_prediction_low", np.nan),
                "prediction_high": s.get("hk_prediction_high", np.nan),
                "tau2": r.tau2 if r else np.nan,
                "i2": r.i2 if r else np.nan,
                "q": r.q if r else np.nan,
                "verdict": one.verdict,
            }
        )
    return pd.DataFrame(rows)


def forest_rows(ev: Evidence, one: SizePool) -> pd.DataFrame:
    """The studies of a pool as a forest plot takes them: ``label, estimate, ci_low, ci_high, n,
    design`` on the printed scale.

    Intervals of 95 % stand as printed. Others, and those worked out from arm values, are those that
    the standard error gives; the label says which level was printed.

    Parameters
    ----------
    ev : Evidence
        The data set of the pool, for names and labels.
    one : SizePool
        See :func:`size_pool`.

    Returns
    -------
    DataFrame
        One row a study, in the order of the pool; ``n`` is the sample size, ``design`` its label.

    Raises
    ------
    DataError
        When the bibliography cannot be read.

    Notes
    -----
    estimate ± 1.96 standard errors on the scale of pooling: Cochrane Handbook 6.3.1.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> rows = evidence.forest_rows(ev, evidence.size_pool(ev, "or_activity"))
    >>> bool(rows["estimate"].between(rows["ci_low"], rows["ci_high"]).all())
    True
    """
    from scipy.special import ndtri

    table, z = one.poolable.included, ndtri(0.975)
    back = np.exp if one.poolable.log else lambda values: values
    printed = (table["ci_level"] == 95).fillna(False).astype(bool) & (table["origin"] == "interval")
    other = table["ci_level"].notna() & ~printed
    names = pd.Series(ev.names.reindex(table["study_id"]).to_numpy(), index=table.index)
    return pd.DataFrame(
        {
            "label": names.where(
                ~other, names + " (printed: " + table["ci_level"].astype("str") + " %)"
            ),
            "estimate": back(table["estimate"]),
            "ci_low": table["ci_low"].where(printed, back(table["estimate"] - z * table["se"])),
            "ci_high": table["ci_high"].where(printed, back(table["estimate"] + z * table["se"])),
            "n": table["sample_size"],
            "design": (
                table["design"]
                .map(lambda value: ev.dictionary.label("design", value))
                .astype("str")
            ),
        }
    )
