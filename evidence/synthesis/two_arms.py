"""Ratios of two arms and correlations, with their standard errors; arrays in, arrays out.

Formulas of the Cochrane Handbook, version 6, chapter 6. Ratios are on the logarithmic scale. What
cannot be worked out is missing.
"""

from __future__ import annotations

import numpy as np

Pair = tuple[np.ndarray, np.ndarray]


def log_risk_ratio(
    events1: np.ndarray, n1: np.ndarray, events2: np.ndarray, n2: np.ndarray
) -> Pair:
    """Logarithm of the risk ratio and its standard error (Cochrane Handbook 6.4.1.1; 10.4.3).

    A half is added to each cell of a table with an empty one; a table without events, or with
    events alone, says nothing of the ratio.

    Examples
    --------
    >>> estimate, error = log_risk_ratio(4, 123, 11, 139)
    >>> round(float(np.exp(estimate)), 3), round(float(error), 3)
    (0.411, 0.571)
    """
    a, b, c, d = _table(events1, n1, events2, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.log(a / (a + b)) - np.log(c / (c + d))
        error = np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    return estimate, error


def log_odds_ratio(
    events1: np.ndarray, n1: np.ndarray, events2: np.ndarray, n2: np.ndarray
) -> Pair:
    """Logarithm of the odds ratio and its standard error, empty cells as in
    :func:`log_risk_ratio`.

    Examples
    --------
    >>> estimate, error = log_odds_ratio(4, 123, 11, 139)
    >>> round(float(np.exp(estimate)), 3), round(float(error), 3)
    (0.391, 0.598)
    """
    a, b, c, d = _table(events1, n1, events2, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.log(a) + np.log(d) - np.log(b) - np.log(c)
        error = np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return estimate, error


def log_rate_ratio(
    events1: np.ndarray, time1: np.ndarray, events2: np.ndarray, time2: np.ndarray
) -> Pair:
    """Logarithm of the ratio of two rates and its standard error (Cochrane Handbook 6.7.1); a half
    is added to both numbers of events where one is zero.

    Examples
    --------
    >>> estimate, error = log_rate_ratio(18, 1000, 36, 1000)
    >>> round(float(np.exp(estimate)), 3), round(float(error), 3)
    (0.5, 0.289)
    """
    e1, t1, e2, t2 = _floats(events1, time1, events2, time2)
    wrong = (e1 < 0) | (e2 < 0) | (t1 <= 0) | (t2 <= 0) | ((e1 == 0) & (e2 == 0))
    half = np.where((e1 == 0) | (e2 == 0), 0.5, 0.0)
    e1, e2 = np.where(wrong, np.nan, e1 + half), np.where(wrong, np.nan, e2 + half)
    return np.log(e1 / t1) - np.log(e2 / t2), np.sqrt(1 / e1 + 1 / e2)


def fisher_z(correlation: np.ndarray, n: np.ndarray) -> Pair:
    """Fisher's z of a correlation and its standard error, 1/√(n - 3).

    Examples
    --------
    >>> z, error = fisher_z(0.5, 28)
    >>> round(float(z), 3), float(error)
    (0.549, 0.2)
    """
    r, n = _floats(correlation, n)
    known = (np.abs(r) < 1) & (n > 3)
    return np.arctanh(np.where(known, r, np.nan)), 1 / np.sqrt(np.where(known, n - 3, np.nan))


def _floats(*values: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(np.asarray(value, dtype=float) for value in values)


def _table(
    events1: np.ndarray, n1: np.ndarray, events2: np.ndarray, n2: np.ndarray
) -> tuple[np.ndarray, ...]:
    a, n1, c, n2 = _floats(events1, n1, events2, n2)
    b, d = n1 - a, n2 - c
    wrong = (a < 0) | (b < 0) | (c < 0) | (d < 0) | (n1 <= 0) | (n2 <= 0)
    silent = ((a == 0) & (c == 0)) | ((b == 0) & (d == 0))
    empty = (a == 0) | (b == 0) | (c == 0) | (d == 0)
    half = np.where(wrong | silent, np.nan, np.where(empty, 0.5, 0.0))
    return a + half, b + half, c + half, d + half
