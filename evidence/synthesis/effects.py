"""From printed results to estimates with standard errors, on the scale of pooling."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.frames import is_true


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


def standard_error_from_p(
    difference: np.ndarray, p_value: np.ndarray, df: np.ndarray | float = np.inf
) -> np.ndarray:
    """Standard error from an exact two-sided p-value.

    Parameters
    ----------
    difference : array-like
        Distance of the estimate from no difference; of ratios, on the logarithmic scale.
    p_value : array-like
        As printed with an equals sign; a bound is not an exact p-value.
    df : array-like, default infinite
        Degrees of freedom of the t-test that it comes from; infinite, or missing, for a normal
        test, which ratios have.

    Returns
    -------
    ndarray
        |difference| / t: Cochrane Handbook 6.5.2.3, and 6.3.2 for ratios. Missing where it
        does not exist: no difference, or a p-value of 0 or 1, which is rounded.

    Raises
    ------
    UsageError
        For a p-value outside 0 to 1.

    Examples
    --------
    >>> round(float(standard_error_from_p(0.4, 0.05)), 4)
    0.2041
    """
    from scipy.special import ndtri, stdtrit

    difference, p = np.abs(np.asarray(difference, dtype=float)), np.asarray(p_value, dtype=float)
    if ((p < 0) | (p > 1)).any():
        raise UsageError("a p-value is outside 0 to 1; allowed: numbers from 0 to 1")
    usable = (difference > 0) & (p > 0) & (p < 1)
    tail = np.where(usable, p / 2, 0.25)
    freedom = np.broadcast_to(np.asarray(df, dtype=float), tail.shape)
    by_t = np.isfinite(freedom) & (freedom >= 1)
    quantile = np.where(by_t, -stdtrit(np.where(by_t, freedom, 1.0), tail), -ndtri(tail))
    return np.where(usable, difference / quantile, np.nan)


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
    ``escalc(measure="SMD")``. Missing where it does not exist: with fewer than four individuals,
    whose correction would be zero, or without any spread.

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
    df = np.where(n1 + n2 >= 4, n1 + n2 - 2, np.nan)
    pooled = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df)
    pooled = np.where(pooled > 0, pooled, np.nan)
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

    Raises
    ------
    UsageError
        For an arm given twice in a finding, a size below 1 or a spread below 0.
    """
    _refuse_impossible(arms)
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


def _refuse_impossible(arms: pd.DataFrame) -> None:
    """A UsageError for arms that nobody can have had."""
    twice = arms[arms.duplicated(["finding_id", "arm"])]
    if len(twice):
        first = twice.iloc[0]
        raise UsageError(
            f"arms: finding {first['finding_id']!r} has the arm {first['arm']!r} twice; allowed:"
            " each arm once per finding"
        )
    for column, least in (("n", 1), ("sd", 0)):
        wrong = arms[is_true(arms[column] < least)]
        if len(wrong):
            first = wrong.iloc[0]
            raise UsageError(
                f"arms: {column} of finding {first['finding_id']!r} is {first[column]:g}; allowed:"
                f" {least} or more"
            )


def _sd_from_interval(arms: pd.DataFrame) -> pd.Series:
    from scipy.special import stdtrit

    n, level = arms["n"].astype("float64"), arms["ci_level"].astype("float64")
    t = pd.Series(stdtrit(np.maximum(n - 1, 1), 0.5 + level / 200), index=arms.index)
    found: pd.Series = np.sqrt(n) * (arms["ci_high"] - arms["ci_low"]) / (2 * t)
    return found
