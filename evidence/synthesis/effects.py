"""From printed results to estimates with standard errors, on the scale on which they may be pooled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.errors import UsageError


def standard_error(
    low: np.ndarray, high: np.ndarray, level: np.ndarray | float = 95, log: bool = False
) -> np.ndarray:
    """Standard error from a confidence interval.

    Parameters
    ----------
    low, high : array-like
        Ends of the interval, on the printed scale.
    level : array-like, default 95
        Its confidence level in percent.
    log : bool, default False
        Whether the interval is that of a ratio: then the result is on the logarithmic scale.

    Returns
    -------
    ndarray
        (high - low) / (2 z), Cochrane Handbook 6.3.1.

    Raises
    ------
    UsageError
        When an interval runs backwards, or a ratio is not positive.

    Examples
    --------
    >>> round(float(standard_error(0.86, 1.04, level=99, log=True)), 4)
    0.0369
    """
    from scipy.special import ndtri

    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    if log and ((low <= 0) | (high <= 0)).any():
        raise UsageError("an interval of a ratio has an end that is not above zero")
    if (high < low).any():
        raise UsageError("an interval runs backwards; give the lower end first")
    if log:
        low, high = np.log(low), np.log(high)
    error: np.ndarray = (high - low) / (2 * ndtri(0.5 + np.asarray(level, dtype=float) / 200))
    return error


def mean_difference(
    n1: np.ndarray, m1: np.ndarray, sd1: np.ndarray, n2: np.ndarray, m2: np.ndarray, sd2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Difference of two means and its standard error, without assuming equal spread (Cochrane
    Handbook 6.5.1.1).

    Examples
    --------
    >>> difference, error = mean_difference(30, 32.8, 6.5, 30, 28.7, 7.5)
    >>> round(float(difference), 1), round(float(error), 3)
    (4.1, 1.812)
    """
    n1, m1, sd1, n2, m2, sd2 = (
        np.asarray(value, dtype=float) for value in (n1, m1, sd1, n2, m2, sd2)
    )
    return m1 - m2, np.sqrt(sd1**2 / n1 + sd2**2 / n2)


def hedges_g(
    n1: np.ndarray, m1: np.ndarray, sd1: np.ndarray, n2: np.ndarray, m2: np.ndarray, sd2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Standardised mean difference (Hedges' g) and its standard error.

    Exact small-sample correction by the gamma function (Hedges 1981, *Journal of Educational
    Statistics* 6:107-128); variance 1/n1 + 1/n2 + g²/(2(n1 + n2)), as in metafor's
    ``escalc(measure="SMD")``.

    Examples
    --------
    >>> g, error = hedges_g(30, 32.8, 6.5, 30, 28.7, 7.5)
    >>> round(float(g), 3), round(float(error), 3)
    (0.577, 0.264)
    """
    from scipy.special import gammaln

    n1, m1, sd1, n2, m2, sd2 = (
        np.asarray(value, dtype=float) for value in (n1, m1, sd1, n2, m2, sd2)
    )
    df = n1 + n2 - 2
    pooled = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df)
    correction = np.exp(gammaln(df / 2) - np.log(np.sqrt(df / 2)) - gammaln((df - 1) / 2))
    g = correction * (m1 - m2) / pooled
    return g, np.sqrt(1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2)))


def from_arms(arms: pd.DataFrame, standardised: bool) -> pd.DataFrame:
    """Estimates from arm values.

    Parameters
    ----------
    arms : DataFrame
        Columns ``finding_id, arm`` ("intervention" or "control"), ``n, mean, sd``, and ``ci_low,
        ci_high, ci_level`` of the means. A standard deviation that is not printed is worked out
        from that interval: √n (high - low) / (2 t), Cochrane Handbook 6.5.2.2.
    standardised : bool
        Hedges' g, else the difference of the means.

    Returns
    -------
    DataFrame
        Index: finding. Columns ``estimate, se``; only findings whose two arms have size, mean and
        standard deviation.
    """
    whole = (
        arms.assign(sd=arms["sd"].fillna(_sd_from_interval(arms)))
        .dropna(subset=["n", "mean", "sd"])
        .astype({"arm": "str"})
    )
    wide = whole.pivot(index="finding_id", columns="arm", values=["n", "mean", "sd"])
    order = [(value, arm) for arm in ("intervention", "control") for value in ("n", "mean", "sd")]
    wide = wide.reindex(columns=pd.MultiIndex.from_tuples(order)).astype(float).dropna()
    compute = hedges_g if standardised else mean_difference
    estimate, error = compute(*(wide[place].to_numpy() for place in order))
    return pd.DataFrame({"estimate": estimate, "se": error}, index=wide.index)


def _sd_from_interval(arms: pd.DataFrame) -> pd.Series:
    from scipy.special import stdtrit

    n, level = arms["n"].astype("float64"), arms["ci_level"].astype("float64")
    t = pd.Series(stdtrit(np.maximum(n - 1, 1), 0.5 + level / 200), index=arms.index)
    found: pd.Series = np.sqrt(n) * (arms["ci_high"] - arms["ci_low"]) / (2 * t)
    return found
