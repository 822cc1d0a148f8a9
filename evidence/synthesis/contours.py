"""Sample sizes at which an effect of a given size has a given p-value: the contours of an albatross
plot.

Harrison, Jones, Martin, Davies and Higgins (2017), *Research Synthesis Methods* 8:281-289, doi
10.1002/jrsm.1239. With z the standard normal quantile of the one-sided p-value and n the whole
sample, in two groups of equal size:

- standardised mean difference d: ``n = z² (8 + d²) / (2 d²)``
- odds ratio OR: ``n = z² (8 π² + 3 ln² OR) / (6 ln² OR)``, the same with ``d = ln OR · √3 / π``
- correlation r: ``n = z² / atanh² r + 3``

A contour tells how large an effect a p-value could come from. It is a rough reading, and not an
estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evidence.errors import UsageError

P_VALUES = np.geomspace(1e-12, 0.999, 240)


def n_of_smd(p_one_sided: ArrayLike, d: float) -> np.ndarray:
    """Sample size for a standardised mean difference.

    >>> round(float(n_of_smd(0.05, 0.25)), 1)
    174.5
    """
    return _z(p_one_sided) ** 2 * (8 + d**2) / (2 * d**2)


def n_of_odds_ratio(p_one_sided: ArrayLike, odds_ratio: float) -> np.ndarray:
    """Sample size for an odds ratio.

    >>> round(float(n_of_odds_ratio(0.05, 1.5)), 1)
    217.9
    """
    log = np.log(odds_ratio)
    size: np.ndarray = _z(p_one_sided) ** 2 * (8 * np.pi**2 + 3 * log**2) / (6 * log**2)
    return size


def n_of_correlation(p_one_sided: ArrayLike, r: float) -> np.ndarray:
    """Sample size for a correlation.

    >>> round(float(n_of_correlation(0.05, 0.3)), 1)
    31.2
    """
    size: np.ndarray = _z(p_one_sided) ** 2 / np.arctanh(r) ** 2 + 3
    return size


# Formula of each measure, effects drawn unless others are asked for, and the open range that an
# effect must lie in.
MEASURES: dict[
    str, tuple[Callable[[ArrayLike, float], np.ndarray], tuple[float, ...], tuple[float, float]]
] = {
    "SMD": (n_of_smd, (0.1, 0.25, 0.5, 1.0), (0, np.inf)),
    "OR": (n_of_odds_ratio, (1.1, 1.25, 1.5, 2.0, 4.0), (1, np.inf)),
    "r": (n_of_correlation, (0.1, 0.3, 0.5), (0, 1)),
}


def contours(
    measure: str = "SMD", effects: Sequence[float] | None = None, p_values: ArrayLike = P_VALUES
) -> pd.DataFrame:
    """Points of the contours.

    Parameters
    ----------
    measure : {"SMD", "OR", "r"}
        What the effects are.
    effects : sequence of float, optional
        Sizes of effect, without a sign: above 0, for odds ratios above 1. Default: small to large
        ones.
    p_values : array, optional
        Two-sided p-values.

    Returns
    -------
    DataFrame
        Columns ``measure, effect, p_value`` (two-sided) and ``n``; one row per point.

    Raises
    ------
    UsageError
        For an unknown measure, an effect outside its range, or p-values that are none.

    Examples
    --------
    >>> contours("SMD", [0.25], [0.1]).round(2).to_dict("records")
    [{'measure': 'SMD', 'effect': 0.25, 'p_value': 0.1, 'n': 174.51}]
    """
    if measure not in MEASURES:
        raise UsageError(f"measure is {measure!r}; allowed: {', '.join(MEASURES)}")
    formula, usual, (low, high) = MEASURES[measure]
    p = np.asarray(p_values, dtype=float)
    if not np.all((p > 0) & (p <= 1)):
        raise UsageError("p-values lie above 0 and up to 1")
    chosen = usual if effects is None else effects
    for effect in chosen:
        if not low < effect < high:
            raise UsageError(
                f"effect is {effect!r} ({measure}); allowed: above {low}"
                + (f" and below {high}" if np.isfinite(high) else "")
            )
    parts = [
        pd.DataFrame(
            {"measure": measure, "effect": float(effect), "p_value": p, "n": formula(p / 2, effect)}
        )
        for effect in chosen
    ]
    if parts:
        return pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns=["measure", "effect", "p_value", "n"])


def _z(p_one_sided: ArrayLike) -> np.ndarray:
    from scipy.special import ndtri

    z: np.ndarray = -ndtri(np.asarray(p_one_sided, dtype=float))
    return z
