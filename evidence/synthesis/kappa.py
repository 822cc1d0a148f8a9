"""Agreement beyond chance of two readings that put the same things into categories.

Cohen's kappa (Cohen 1960, *Educational and Psychological Measurement* 20:37-46) with the
large-sample interval of Fleiss, Cohen and Everitt (1969),
*Psychological Bulletin* 72:323-327, as statsmodels computes them (``docs/decisions/kappa.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np

from evidence.errors import UsageError


@dataclass(frozen=True)
class Kappa:
    """Result of :func:`kappa`.

    Attributes
    ----------
    n, agree : int
        Pairs, and pairs on the diagonal.
    share : float
        ``agree / n``.
    kappa, ci_low, ci_high : float
        Cohen's kappa with its 95 % interval, cut at -1 and 1. Kappa is ``nan`` where both readings
        use one and the same value throughout, and so is the interval where they agree throughout:
        there the large-sample error is 0 and says nothing.
    se : float
        Large-sample standard error; 0 where they agree throughout.
    """

    n: int
    agree: int
    share: float
    kappa: float = nan
    ci_low: float = nan
    ci_high: float = nan
    se: float = nan


def kappa(counts: Any) -> Kappa:
    """Cohen's kappa of a square table of counts.

    Parameters
    ----------
    counts : DataFrame or array-like, shape (c, c)
        First reading down, second across, in the same order of values.

    Returns
    -------
    Kappa

    Raises
    ------
    UsageError
        When the table is not square, holds something else than whole numbers from 0 up, or is
        empty.

    Examples
    --------
    >>> result = kappa([[15, 5], [10, 70]])  # (0.85 - 0.65) / (1 - 0.65)
    >>> round(result.kappa, 4), round(result.ci_low, 4), round(result.ci_high, 4)
    (0.5714, 0.3794, 0.7634)
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not table.size:
        raise UsageError(
            f"counts have the shape {table.shape}; allowed: a square table, the same values down"
            " and across"
        )
    if (
        not np.isfinite(table).all()
        or (table < 0).any()
        or (table % 1 != 0).any()
        or not table.sum()
    ):
        raise UsageError(
            "counts are negative, not whole, or all 0; allowed: whole numbers from 0 up, at least"
            " one pair"
        )
    n, agree = int(table.sum()), int(np.trace(table))
    used = (table.sum(axis=0) + table.sum(axis=1)) > 0
    if used.sum() == 1:
        return Kappa(n, agree, agree / n)
    from statsmodels.stats.inter_rater import cohens_kappa

    # Its z-value, which is not used, divides by 0 where one reader has one word throughout.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = cohens_kappa(table)
    if agree == n:
        return Kappa(n, agree, 1.0, 1.0, se=0.0)
    return Kappa(
        n,
        agree,
        agree / n,
        float(found.kappa),
        max(-1.0, float(found.kappa_low)),
        min(1.0, float(found.kappa_upp)),
        float(found.std_kappa),
    )


def weighted(found: list[Kappa]) -> Kappa:
    """Kappa over several tables: the mean of the kappas that exist, weighted by pairs.

    Barlow, Lai and Azen (1991), *Statistics in Medicine* 10:1465-1472. The interval takes the
    tables for independent.

    Parameters
    ----------
    found : list of Kappa
        At least one.

    Returns
    -------
    Kappa
    """
    n, agree = sum(one.n for one in found), sum(one.agree for one in found)
    exist = [one for one in found if not np.isnan(one.kappa)]
    total = sum(one.n for one in exist)
    if not total:
        return Kappa(n, agree, agree / n)
    mean = sum(one.n * one.kappa for one in exist) / total
    se = sqrt(sum((one.n * one.se) ** 2 for one in exist)) / total
    if se == 0:
        return Kappa(n, agree, agree / n, mean, se=0.0)
    from scipy.special import ndtri

    half = float(ndtri(0.975)) * se
    return Kappa(n, agree, agree / n, mean, max(-1.0, mean - half), min(1.0, mean + half), se)
