"""Pooling: one estimate from several, with what is needed to judge whether it means anything.

The fits are PyMetaAnalysis's (``docs/decisions/pooling.md`` says why). Written here is what it
lacks: REML that stops where R's metafor stops, so that the numbers agree with it; the Hartung-Knapp
interval beside the ordinary one; and metafor's two prediction intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, nan, sqrt
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import one_of, share
from evidence.errors import UsageError

METHODS = ("common", "DL", "REML", "PM")
Z_PREDICTION = "normal quantile, z model: estimate ± z·√(tau² + se²)"
NO_PREDICTION = "none: a model without tau² predicts no spread of true effects"
STOP = 1e-5  # metafor's default threshold for a change of tau²
STEPS = 100  # metafor's default number of iterations


@dataclass(frozen=True)
class Pool:
    """Result of :func:`pool`, on the scale of the estimates that went in (so ratios are logarithms;
    see :meth:`exp`).

    Attributes
    ----------
    method : {"common", "DL", "REML", "PM"}
        Estimator of tau².
    k : int
        Number of studies.
    level : float
        Level of every interval.
    estimate, se, ci_low, ci_high, p_value : float
        Pooled estimate with its ordinary interval (normal quantile) and two-sided p-value.
    tau2, tau2_low, tau2_high : float
        Variance of the true effects, with its Q-profile interval (Viechtbauer 2007).
    i2, i2_low, i2_high, h2 : float
        I² in percent, from tau² and the typical variance (common effect: from Q), and H². The
        interval follows from that of tau².
    q, q_p_value : float
        Cochran's Q and its p-value.
    prediction_low, prediction_high : float
        Where the true effect of a further study is expected, by ``prediction_definition``.
    prediction_definition : str
        How that interval is defined.
    hk_se, hk_ci_low, hk_ci_high, hk_p_value : float
        Hartung-Knapp: standard error scaled by the observed spread, t with k − 1 degrees of
        freedom.
    hk_prediction_low, hk_prediction_high : float
        Prediction interval with the Hartung-Knapp standard error and the same t.
    hk_narrower : bool
        Whether the Hartung-Knapp interval is narrower than the ordinary one, which it should not
        be.
    hk_guarded_ci_low, hk_guarded_ci_high : float
        Hartung-Knapp with a scaling factor of at least 1.
    tau2_interval_empty : bool
        Whether no tau² from 0 up fits the studies at this level (they agree more than chance would
        have it); its interval is then 0 to 0.

    Numbers that do not exist are ``nan``: heterogeneity of one study, or tau², prediction and
    Hartung-Knapp of a common-effect model.
    """

    method: str
    k: int
    level: float
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    tau2: float = nan
    tau2_low: float = nan
    tau2_high: float = nan
    i2: float = nan
    i2_low: float = nan
    i2_high: float = nan
    h2: float = nan
    q: float = nan
    q_p_value: float = nan
    prediction_low: float = nan
    prediction_high: float = nan
    prediction_definition: str = NO_PREDICTION
    hk_se: float = nan
    hk_ci_low: float = nan
    hk_ci_high: float = nan
    hk_p_value: float = nan
    hk_prediction_low: float = nan
    hk_prediction_high: float = nan
    hk_narrower: bool = False
    hk_guarded_ci_low: float = nan
    hk_guarded_ci_high: float = nan
    tau2_interval_empty: bool = False

    @property
    def note(self) -> str:
        """What a reader must know beside the numbers; empty when there is nothing."""
        said = []
        if self.k == 1:
            said.append(
                "One study: shown as it stands, nothing is pooled and heterogeneity does not exist."
            )
        if self.k == 2:
            said.append(
                "Two studies: heterogeneity cannot be judged from two, and no interval here is to"
                " be relied upon."
            )
        if self.method == "common" and self.k > 1:
            said.append("Common effect: assumes that all studies estimate one and the same effect.")
        if self.hk_narrower:
            said.append(
                "The Hartung-Knapp interval is narrower than the ordinary one, because the studies"
                " differ less than their standard errors and tau² let expect; use the guarded one"
                " (scaling factor not below 1)."
            )
        if self.tau2_interval_empty:
            said.append("No tau² from 0 up fits at this level; its interval is shown as 0 to 0.")
        return " ".join(said)

    def exp(self) -> dict[str, float]:
        """Estimate and limits as ratios, for estimates that are logarithms of ratios.

        Examples
        --------
        >>> round(pool([0.0, 0.4], [0.2, 0.2], method="common").exp()["estimate"], 3)
        1.221
        """
        names = (
            "estimate",
            "ci_low",
            "ci_high",
            "prediction_low",
            "prediction_high",
            "hk_ci_low",
            "hk_ci_high",
        )
        more = (
            "hk_guarded_ci_low",
            "hk_guarded_ci_high",
            "hk_prediction_low",
            "hk_prediction_high",
        )
        return {name: exp(min(getattr(self, name), 709.0)) for name in (*names, *more)}


def pool(estimates: Any, standard_errors: Any, method: str = "REML", level: float = 0.95) -> Pool:
    """Pool estimates of one measure and one contrast by inverse variance.

    Parameters
    ----------
    estimates : array-like, shape (k,)
        One estimate per study; ratios as logarithms.
    standard_errors : array-like, shape (k,)
        Their standard errors on the same scale. Two Series are matched by their index.
    method : {"REML", "DL", "PM", "common"}
        Estimator of tau²: restricted maximum likelihood, DerSimonian-Laird, Paule-Mandel; or the
        common-effect model.
    level : float
        Level of all intervals, between 0 and 1.

    Returns
    -------
    Pool
        Does not depend on the order of the studies. One study comes back unpooled.

    Raises
    ------
    UsageError
        Without studies, for unequal lengths, numbers that are not finite, standard errors that are
        not positive, two Series with different indexes, an unknown method or a level outside 0 to
        1.

    Notes
    -----
    Ordinary interval: estimate ± z·se with weights 1/(v + tau²). Hartung-Knapp: Hartung & Knapp
    (2001), *Statistics in Medicine* 20:3875-3889; its guard: Knapp & Hartung (2003), *Statistics in
    Medicine* 22:2693-2710, Röver et al. (2015), *BMC Medical Research Methodology* 15:99. I²:
    Higgins & Thompson (2002), *Statistics in Medicine* 21:1539-1558, equation 9 for the typical
    variance. Q-profile interval: Viechtbauer (2007), *Statistics in Medicine* 26:37-52. Prediction:
    as metafor's ``predict()``, normal quantile for the ordinary model and t with k − 1 for
    Hartung-Knapp; Higgins et al. (2009), *JRSS A* 172:137-159, take t with k − 2 instead, which is
    wider.

    Examples
    --------
    >>> result = pool([-0.9, -1.6, -1.3, -1.4, -0.2], [0.6, 0.4, 0.6, 0.1, 0.2])
    >>> round(result.estimate, 2), round(result.tau2, 2), result.k
    (-1.05, 0.31, 5)
    """
    y, se = estimates_and_errors(estimates, standard_errors)
    one_of("method", method, METHODS)
    level = share("level", level)
    # One fixed order, mirrored data in mirrored order: sums then round alike whatever order the
    # studies come in.
    order = np.lexsort((y, se, np.abs(y)))
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            return _pooled(y[order], se[order] ** 2, method, level)
    except (
        ArithmeticError,
        ValueError,
        RuntimeError,
    ) as error:  # the library's own errors are ValueError and RuntimeError
        raise UsageError(
            f"these studies cannot be pooled ({error}); allowed: estimates and standard errors of"
            " comparable size"
        ) from error


def pooled_estimate(y: np.ndarray, se: np.ndarray, method: str) -> float:
    """The estimate of :func:`pool` alone, which is what many pools in a row are made for."""
    if method != "REML" or len(y) == 1:
        return pool(y, se, method).estimate
    order = np.lexsort((y, se, np.abs(y)))
    y, v = y[order], se[order] ** 2
    weights = 1 / (v + _reml(y, v))
    return float(weights @ y / weights.sum())


def same_index(columns: dict[str, Any]) -> list[Any]:
    """The columns, those with an index in the order of the first of them.

    Two Series with the same labels in another order mean each other's labels, never their places.

    Raises
    ------
    UsageError
        When two of them have different labels, or duplicate labels in a different order.
    """
    first, index = "", pd.Index([])
    aligned = []
    for name, column in columns.items():
        if not isinstance(column, (pd.Series, pd.DataFrame)):
            aligned.append(column)
            continue
        if not first:
            first, index = name, column.index
        elif not column.index.equals(index):
            if index.has_duplicates or not column.index.sort_values().equals(index.sort_values()):
                raise UsageError(
                    f"{first} and {name} have different indexes, so that it is not clear which"
                    " belong together; allowed: the same labels, or plain lists"
                )
            column = column.reindex(index)
        aligned.append(column)
    return aligned


def estimates_and_errors(estimates: Any, standard_errors: Any) -> tuple[np.ndarray, np.ndarray]:
    """Both columns as float arrays of the same shape (k,), or a UsageError."""
    columns = []
    estimates, standard_errors = same_index(
        {"estimates": estimates, "standard_errors": standard_errors}
    )
    for name, values in (("estimates", estimates), ("standard_errors", standard_errors)):
        try:
            column = np.asarray(list(values), dtype=float)
        except (TypeError, ValueError):
            raise UsageError(
                f"{name} are not a column of numbers; allowed: finite numbers, one per study"
            ) from None
        if column.ndim != 1 or not np.isfinite(column).all():
            raise UsageError(
                f"{name} hold something that is missing, infinite or not a number; allowed: finite"
                " numbers, one per study"
            )
        columns.append(column)
    y, se = columns
    if len(y) != len(se):
        raise UsageError(
            f"{len(y)} estimates but {len(se)} standard errors; allowed: one standard error per"
            " estimate"
        )
    if not len(y):
        raise UsageError("nothing to pool; allowed: at least one estimate")
    if (se <= 0).any():
        raise UsageError(f"a standard error is {se.min():g}; allowed: numbers above 0")
    return y, se


def _pooled(y: np.ndarray, v: np.ndarray, method: str, level: float) -> Pool:
    import meta_analyze as library

    k = len(y)
    common = library.meta_analysis(effect=y, variance=v, model="common", confidence_level=level)
    if k == 1:
        return Pool(method, k, level, **_ordinary(common))
    cochran: dict[str, Any] = {"q": common.q, "q_p_value": common.q_pvalue}
    if method == "common":
        return Pool(
            method,
            k,
            level,
            **_ordinary(common),
            tau2=0.0,
            i2=100 * common.i2,
            h2=common.h2,
            **cochran,
        )
    accuracy = 1e-12 * min(1.0, _typical_variance(v))
    moments = library.meta_analysis(
        effect=y, variance=v, tau2_method="PM" if method == "REML" else method, atol=accuracy
    )
    profile = moments.tau2_confidence_interval(confidence_level=level)
    given_tau2 = _at_tau2(y, v, _reml(y, v) if method == "REML" else moments.tau2, level)
    return Pool(
        method,
        k,
        level,
        **given_tau2,
        **cochran,
        tau2_low=profile.ci_low,
        tau2_high=profile.ci_high,
        i2_low=100 * profile.i2_ci_low,
        i2_high=100 * profile.i2_ci_high,
        tau2_interval_empty=profile.is_empty,
        prediction_definition=Z_PREDICTION,
    )


def _at_tau2(y: np.ndarray, v: np.ndarray, tau2: float, level: float) -> dict[str, Any]:
    """All that follows once tau² is known: a common-effect fit with variances v + tau², and what is
    built on it.
    """
    import meta_analyze as library
    from scipy.special import ndtri

    typical = _typical_variance(v)
    fit = library.meta_analysis(effect=y, variance=v + tau2, model="common", confidence_level=level)
    return {
        **_ordinary(fit),
        "tau2": tau2,
        "i2": 100 * tau2 / (tau2 + typical),
        "h2": 1 + tau2 / typical,
        **_prediction(fit.estimate, fit.standard_error, tau2, float(ndtri(0.5 + level / 2))),
        **_hartung_knapp(y, 1 / (v + tau2), fit, tau2, level),
    }


def _ordinary(fit: Any) -> dict[str, Any]:
    from scipy.special import ndtr

    return {
        "estimate": fit.estimate,
        "se": fit.standard_error,
        "ci_low": fit.ci_low,
        "ci_high": fit.ci_high,
        "p_value": float(2 * ndtr(-abs(fit.estimate) / fit.standard_error)),
    }


def _prediction(
    estimate: float, se: float, tau2: float, quantile: float, prefix: str = ""
) -> dict[str, Any]:
    """estimate ± quantile·√(tau² + se²): metafor's ``predict.rma()``; Riley, Higgins & Deeks
    (2011), *BMJ* 342:d549, for the idea.
    """
    half = quantile * sqrt(tau2 + se**2)
    return {f"{prefix}prediction_low": estimate - half, f"{prefix}prediction_high": estimate + half}


def _hartung_knapp(
    y: np.ndarray, weights: np.ndarray, fit: Any, tau2: float, level: float
) -> dict[str, Any]:
    """Variance scaled by Σw(y − estimate)²/(k − 1), t with k − 1: Hartung & Knapp (2001),
    *Statistics in Medicine* 20:3875-3889.
    """
    from scipy.special import stdtr, stdtrit

    df = len(y) - 1
    spread = float(weights @ (y - fit.estimate) ** 2) / df
    scale = sqrt(spread) if spread > np.finfo(float).eps else 0.0
    t = float(stdtrit(df, 0.5 + level / 2))
    se = scale * fit.standard_error
    guarded = max(1.0, scale) * fit.standard_error
    return {
        "hk_se": se,
        "hk_ci_low": fit.estimate - t * se,
        "hk_ci_high": fit.estimate + t * se,
        "hk_p_value": float(2 * stdtr(df, -abs(fit.estimate) / se)) if se > 0 else nan,
        "hk_narrower": bool(2 * t * se < fit.ci_high - fit.ci_low),
        "hk_guarded_ci_low": fit.estimate - t * guarded,
        "hk_guarded_ci_high": fit.estimate + t * guarded,
        **_prediction(fit.estimate, se, tau2, t, "hk_"),
    }


def _typical_variance(v: np.ndarray) -> float:
    """(k − 1)·Σw / ((Σw)² − Σw²), w = 1/v: Higgins & Thompson (2002), *Statistics in Medicine*
    21:1539-1558, equation 9.
    """
    w = v.min() / v  # relative weights, so that tiny variances do not overflow
    return float(v.min() * (len(v) - 1) * w.sum() / (w @ (w.sum() - w)))


def _reml(y: np.ndarray, v: np.ndarray) -> float:
    """tau² by restricted maximum likelihood: Fisher scoring from Hedges's estimate, Viechtbauer
    (2005), *JEBS* 30:261-293.

    It stops where metafor stops by default. The library's REML continues to the exact maximum,
    which on flat likelihoods differs in the fifth digit from what every published analysis with
    metafor shows. As metafor's threshold is a change of tau² in the units of the data, it would
    stop far too early for measures that are small by nature; there it shrinks with the typical
    variance.

    Parameters
    ----------
    y, v : ndarray, shape (k,)
        Estimates and their variances.
    """
    stop = min(STOP, 1e-3 * _typical_variance(v))
    tau2 = max(0.0, float(y.var(ddof=1) - v.mean()))
    for _ in range(STEPS):
        w = 1 / (v + tau2)
        total, squares = w.sum(), w @ w
        residual = y - w @ y / total
        score = (w * w) @ (residual * residual) - (total - squares / total)
        information = squares - 2 * (w**3).sum() / total + (squares / total) ** 2
        if not information > 0:  # one study weighs so much that the others no longer count
            break
        step = max(-tau2, float(score / information))
        tau2 += step
        if abs(step) < stop:
            return tau2
    import meta_analyze as library  # the scoring runs in circles: its bracketed search does not

    return float(library.meta_analysis(effect=y, variance=v, tau2_method="REML").tau2)
