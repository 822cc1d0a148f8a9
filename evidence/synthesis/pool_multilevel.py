"""Pooling several results of the same individuals: a three-level model with known sampling
variances, and tests that hold when the levels are not quite right.

Result i of cluster j is ``x'beta + u_j + w_ij + e_ij``: clusters differ (variance ``between``), so
do the results inside a cluster (variance ``within``), and each has its known sampling error.
``docs/decisions/multilevel.md`` says why this is own code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import is_number, share
from evidence.errors import UsageError
from evidence.synthesis.pool import estimates_and_errors, same_index

INTERCEPT = "intercept"
COMPARABLE = "allowed: estimates, standard errors and moderators of comparable size"
STEPS = 100  # of Newton's method; it needs about five
GRID = 10  # points of the grid on which starts are looked for, beside 0, for each variance
MOST_STARTS = 5
TINY = 1e-10  # of the typical variance: a component below it is none
FLAT = 1e-9  # a criterion that differs less is the same


@dataclass(frozen=True, eq=False)
class MultilevelPool:
    """Result of :func:`pool_multilevel`; the scale is that of the estimates.

    Attributes
    ----------
    names : tuple of str
        Coefficients: ``"intercept"``, then the moderators. All arrays are in this order.
    beta, se, ci_low, ci_high, p_value : ndarray, shape (coefficients,)
        Estimates with their model-based standard errors, normal intervals and two-sided p-values.
    cr1_se, cr1_ci_low, cr1_ci_high, cr1_p : ndarray, shape (coefficients,)
        The same with standard errors that hold whatever the errors inside a cluster are (CR1), and
        t with ``cr1_df``; ``nan`` where there are no more clusters than coefficients.
    cr1_df : int
        Clusters less coefficients.
    sigma2_between, sigma2_within : float
        Variance of the true effects between clusters, and between the results of one cluster.
    separable : bool
        Whether the two variances can be distinguished. Where each cluster has one result they
        cannot: then each is half of their sum.
    q, q_df, q_p_value : float
        Cochran's Q for what the moderators leave, its degrees of freedom and its p-value.
    log_likelihood : float
        Restricted, at its maximum.
    k, clusters : int
        Number of results and of clusters.
    correlation, level : float
        As asked for.
    """

    names: tuple[str, ...]
    beta: np.ndarray
    se: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    p_value: np.ndarray
    cr1_se: np.ndarray
    cr1_ci_low: np.ndarray
    cr1_ci_high: np.ndarray
    cr1_p: np.ndarray
    cr1_df: int
    sigma2_between: float
    sigma2_within: float
    separable: bool
    q: float
    q_df: int
    q_p_value: float
    log_likelihood: float
    k: int
    clusters: int
    correlation: float
    level: float

    @property
    def table(self) -> pd.DataFrame:
        """The coefficients, one row each."""
        columns = ["beta", "se", "ci_low", "ci_high", "p_value"]
        columns += ["cr1_se", "cr1_ci_low", "cr1_ci_high", "cr1_p"]
        numbers = {name: getattr(self, name) for name in columns}
        return pd.DataFrame(numbers, index=pd.Index(self.names, name="coefficient"))

    @property
    def note(self) -> str:
        """What a reader must know beside the numbers; empty when there is nothing."""
        said = []
        if not self.separable:
            said.append(
                "The variance between clusters and the one within them cannot be distinguished from"
                " these results; each is shown as half of their sum."
            )
        if self.cr1_df < 1:
            said.append("There are too few clusters for a cluster-robust test.")
        elif self.cr1_df < 10:
            said.append(
                f"{self.clusters} clusters are few: cluster-robust tests are then too often"
                " significant."
            )
        return " ".join(said)


def pool_multilevel(
    estimates: Any,
    standard_errors: Any,
    clusters: Any,
    correlation: float = 0.0,
    moderators: Any = None,
    *,
    level: float = 0.95,
) -> MultilevelPool:
    """Pool results of which several come from the same individuals.

    Parameters
    ----------
    estimates, standard_errors : array-like, shape (k,)
        As for :func:`evidence.pool`: of one measure and one contrast, ratios as logarithms.
    clusters : array-like, shape (k,)
        Which results share individuals.
    correlation : float, default 0.0
        Correlation between the sampling errors of two results of one cluster, from 0 to below 1.
    moderators : array-like, shape (k,) or (k, m), Series or DataFrame, optional
        What the effect may depend on, as numbers; the intercept is added.
    level : float, default 0.95
        Level of all intervals.

    Returns
    -------
    MultilevelPool
        Does not depend on the order of the results.

    Raises
    ------
    UsageError
        For the columns that :func:`evidence.pool` refuses, a cluster that is missing, columns of
        different length or index, a correlation outside 0 to 1, and moderators that are missing,
        constant, or determined by one another.

    Notes
    -----
    REML with known sampling variances: Konstantopoulos (2011), *Research Synthesis Methods*
    2:61-76. Cluster-robust tests: Hedges, Tipton & Johnson (2010), *Research Synthesis Methods*
    1:39-65, with the factor clusters / (clusters − coefficients). The same as metafor's
    ``rma.mv(yi, V, random = ~ 1 | cluster/result)`` and ``robust()``.

    Examples
    --------
    >>> result = pool_multilevel([0.1, 0.3, 0.8, 0.9], [0.2, 0.2, 0.2, 0.2], ["a", "a", "b", "b"])
    >>> round(float(result.beta[0]), 3), result.k, result.clusters
    (0.525, 4, 2)
    """
    named = {"estimates": estimates, "standard_errors": standard_errors}
    named |= {"clusters": clusters, "moderators": moderators}
    estimates, standard_errors, clusters, moderators = same_index(named)
    y, se = estimates_and_errors(estimates, standard_errors)
    codes = _clusters(clusters, len(y))
    design, names = _design(moderators, len(y))
    if not (is_number(correlation) and 0 <= correlation < 1):
        raise UsageError(f"correlation is {correlation!r}; allowed: a number from 0 to below 1")
    level = share("level", level)
    # One fixed order, so that sums round alike whatever order the results come in.
    order = np.lexsort((*design.T, codes, se, y, np.abs(y)))
    y, se, codes, design = y[order], se[order], codes[order], design[order]
    # One typical standard error is the unit inside, so that nothing hangs on the unit of the data.
    unit = float(np.median(se))
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            fitted = _fitted(_Model(y / unit, se / unit, codes, design, float(correlation)))
            found = _in_units(fitted, unit, names, correlation, level)
    except (ArithmeticError, ValueError, np.linalg.LinAlgError) as error:
        raise UsageError(f"these results cannot be pooled ({error}); {COMPARABLE}") from error
    if not np.isfinite([*found.beta, *found.se, found.log_likelihood]).all():
        raise UsageError(f"these results cannot be pooled (no finite answer); {COMPARABLE}")
    return found


def _clusters(clusters: Any, k: int) -> np.ndarray:
    """Number of the cluster of each result."""
    if isinstance(clusters, (str, bytes)) or not np.iterable(clusters):
        raise UsageError(f"clusters is {clusters!r}; allowed: a column, one cluster per result")
    column = pd.Series(list(clusters), dtype="object")
    if len(column) != k:
        raise UsageError(f"{k} estimates but {len(column)} clusters; allowed: one per result")
    if column.isna().any():
        raise UsageError("clusters hold a missing value; allowed: one cluster per result")
    return pd.factorize(column.astype("str"), sort=True)[0]


def _design(moderators: Any, k: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Intercept and moderators, shape (k, coefficients), with their names."""
    ones = np.ones((k, 1))
    if moderators is None:
        return _of_full_rank(ones, (INTERCEPT,))
    if isinstance(moderators, pd.DataFrame):
        names = [str(name) for name in moderators.columns]
    elif isinstance(moderators, pd.Series) and moderators.name is not None:
        names = [str(moderators.name)]
    else:
        names = []
    try:
        columns = np.asarray(moderators, dtype=float)
    except (TypeError, ValueError):
        raise UsageError(
            "moderators are not columns of numbers; allowed: finite numbers, such as 0 and 1"
        ) from None
    if columns.ndim == 1:
        columns = columns[:, None]
    if columns.ndim != 2 or len(columns) != k:
        raise UsageError(
            f"moderators have the shape {columns.shape}; allowed: one row for each of {k} results"
        )
    if not np.isfinite(columns).all():
        raise UsageError(
            "moderators hold something that is missing, infinite or not a number; allowed: finite"
            " numbers"
        )
    names = names or [f"moderator_{place + 1}" for place in range(columns.shape[1])]
    return _of_full_rank(np.hstack([ones, columns]), (INTERCEPT, *names))


def _of_full_rank(design: np.ndarray, names: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The design where its columns can be distinguished; else a UsageError."""
    k, coefficients = design.shape
    if k < coefficients:
        raise UsageError(
            f"{k} results cannot tell {coefficients} coefficients ({', '.join(names)}); allowed: at"
            " least as many results as coefficients"
        )
    largest = np.abs(design).max(axis=0)
    if (largest == 0).any() or np.linalg.matrix_rank(design / largest) < coefficients:
        raise UsageError(
            f"the moderators ({', '.join(names[1:])}) are constant or determined by one another;"
            " allowed: columns that differ between results and from each other"
        )
    return design, names


class _Model:
    """The data of one fit, and its restricted likelihood as a function of the two variances.

    Results stand cluster by cluster, filled up with rows of zeros to the size of the largest
    cluster: estimates of shape (clusters, size), all products are made block by block.
    """

    def __init__(
        self, y: np.ndarray, se: np.ndarray, codes: np.ndarray, design: np.ndarray, rho: float
    ) -> None:
        self.k, self.coefficients = design.shape
        self.sizes = np.bincount(codes)
        order = np.argsort(codes, kind="stable")
        starts = np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        place = np.empty(len(y), dtype=int)
        place[order] = np.arange(len(y)) - starts
        shape = (len(self.sizes), int(self.sizes.max()))
        self.y, self.there = np.zeros(shape), np.zeros(shape)
        self.design = np.zeros((*shape, design.shape[1]))
        errors = np.zeros(shape)
        self.y[codes, place], self.there[codes, place] = y, 1.0
        self.design[codes, place], errors[codes, place] = design, se
        self.together = self.there[:, :, None] * self.there[:, None, :]
        one = np.eye(shape[1])
        self.sampling = errors[:, :, None] * errors[:, None, :] * (one + rho * (1 - one))
        self.own = self.there[:, :, None] * one
        self.filling = one - self.own

    def covariance(self, variances: np.ndarray) -> np.ndarray:
        """Covariance of the results of each cluster, shape (clusters, size, size)."""
        added = variances[0] * self.together + variances[1] * self.own
        found: np.ndarray = self.sampling + added + self.filling
        return found

    def solved(self, variances: np.ndarray) -> Solved:
        """Generalised least squares at these variances."""
        covariance = self.covariance(variances)
        weights = np.linalg.inv(covariance) * self.together
        left = np.einsum("jab,jbp->jap", weights, self.design)
        bread = np.linalg.inv(np.einsum("jap,jaq->pq", self.design, left))
        beta = bread @ np.einsum("jap,ja->p", left, self.y)
        rest = self.y - self.design @ beta
        logdet = np.linalg.slogdet(covariance)[1].sum() - np.linalg.slogdet(bread)[1]
        return Solved(weights, left, bread, beta, rest, float(logdet))

    def criterion(self, variances: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the restricted log-likelihood (without its constant) and its gradient: Harville
        (1977), *JASA* 72:320-338.
        """
        at = self.solved(variances)
        pulled = np.einsum("jab,jb->ja", at.weights, at.rest)
        value = 0.5 * (at.logdet + np.sum(pulled * at.rest))
        sums, whole = pulled.sum(axis=1), at.left.sum(axis=1)
        traces = [
            at.weights.sum() - np.sum((whole @ at.bread) * whole),
            np.trace(at.weights, axis1=1, axis2=2).sum() - np.sum((at.left @ at.bread) * at.left),
        ]
        gradient = [0.5 * (traces[0] - sums @ sums), 0.5 * (traces[1] - np.sum(pulled**2))]
        return float(value), np.array(gradient)

    def curvature(self, variances: np.ndarray) -> np.ndarray:
        """Second derivatives of the criterion by differences of its gradient, shape (2, 2)."""
        _, here = self.criterion(variances)
        rows = []
        for step in np.eye(2) * 1e-6 * (1 + variances.max()):
            rows.append((self.criterion(variances + step)[1] - here) / step.max())
        second = np.array(rows)
        symmetric: np.ndarray = (second + second.T) / 2
        return symmetric


@dataclass(frozen=True, eq=False)
class Solved:
    """Generalised least squares: inverse covariances, these times the design, covariance of the
    coefficients, coefficients, residuals, and the determinants of the criterion.
    """

    weights: np.ndarray
    left: np.ndarray
    bread: np.ndarray
    beta: np.ndarray
    rest: np.ndarray
    logdet: float


def _variances(model: _Model) -> tuple[np.ndarray, bool]:
    """The two variances at the maximum of the restricted likelihood, and whether they can be
    distinguished.
    """
    if model.k <= model.coefficients:
        return np.zeros(2), True
    if len(model.sizes) == 1:  # one cluster says nothing of other clusters
        return _lowest(model, np.array([False, True])), True
    if (model.sizes == 1).all():
        alone = _lowest(model, np.array([False, True]))
        return np.repeat(alone[1] / 2, 2), False
    return _lowest(model, np.array([True, True])), True


def _lowest(model: _Model, free: np.ndarray) -> np.ndarray:
    """Variances from 0 up with the lowest criterion; one that is not free is 0.

    A likelihood can have several hills, so every hollow of a grid is a start.
    """
    from scipy.optimize import minimize

    bounds = [(0, None) if one else (0, 0) for one in free]
    options = {"ftol": 1e-9, "gtol": 1e-4}
    found = []
    for start in _hollows(model, free):
        rough = minimize(
            model.criterion, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options
        )
        tried = [start, np.clip(rough.x, 0, None)]
        found += [_polished(model, one, free) for one in tried]
    values = np.array([model.criterion(variances)[0] for variances in found])
    # Among equals the first in a fixed order, so that rounding does not choose.
    best = [one for one, value in zip(found, values, strict=True) if value < values.min() + FLAT]
    return min(best, key=tuple)


def _hollows(model: _Model, free: np.ndarray) -> list[np.ndarray]:
    """Points of a grid of variances that no neighbour is below, the lowest first."""
    spread = float(np.var(model.y[model.there > 0]))
    smallest = float(np.min(np.diagonal(model.sampling, axis1=1, axis2=2)[model.there > 0]))
    largest = 10 * max(spread, 1.0)
    least = max(min(smallest, 1.0) / 10, TINY)
    line = np.array([0.0, *np.geomspace(least, largest, GRID)])
    axes = [line if one else np.zeros(1) for one in free]
    grid = np.array([[(between, within) for within in axes[1]] for between in axes[0]])
    values = np.array([[model.criterion(point)[0] for point in row] for row in grid])
    padded = np.pad(values, 1, constant_values=np.inf)
    rows, columns = values.shape
    around = [
        padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    ]
    hollow = values <= np.min(around, axis=0)
    order = np.argsort(values[hollow], kind="stable")
    return list(grid[hollow][order][:MOST_STARTS])


def _polished(model: _Model, variances: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Newton's method from a good start; a component that the likelihood pushes below 0 is 0."""
    for _ in range(STEPS):
        value, gradient = model.criterion(variances)
        moving = free & ~((variances <= TINY) & (gradient >= 0))
        variances = np.where(moving, variances, 0.0)
        if not moving.any():
            return variances
        inside = model.curvature(variances)[np.ix_(moving, moving)]
        if np.linalg.eigvalsh(inside).min() <= 0:  # no valley: another start has found one
            return variances
        step = np.zeros(2)
        step[moving] = np.linalg.solve(inside, gradient[moving])
        following = np.clip(variances - step, 0, None)
        while model.criterion(following)[0] > value + FLAT and np.abs(step).max() > TINY:
            step = step / 2
            following = np.clip(variances - step, 0, None)
        done = np.abs(following - variances).max() <= 1e-12 * (1 + np.abs(variances).max())
        variances = following
        if done:
            return variances
    return variances


def _fitted(model: _Model) -> dict[str, Any]:
    """All numbers of the fit, in units of the typical standard error."""
    from scipy.special import chdtrc

    variances, separable = _variances(model)
    at, fixed = model.solved(variances), model.solved(np.zeros(2))
    df = model.k - model.coefficients
    q = float(np.einsum("ja,jab,jb->", fixed.rest, fixed.weights, fixed.rest))
    squares = np.einsum("jap,jaq->pq", model.design, model.design)
    constant = 0.5 * (np.linalg.slogdet(squares)[1] - df * np.log(2 * np.pi))
    return {
        "beta": at.beta,
        "se": np.sqrt(np.diag(at.bread)),
        "cr1_se": _robust(at),
        "sigma2": variances,
        "separable": separable,
        "q": q,
        "q_df": df,
        "q_p_value": float(chdtrc(df, q)) if df > 0 else nan,
        "log_likelihood": constant - model.criterion(variances)[0],
        "k": model.k,
        "clusters": len(model.sizes),
    }


def _robust(at: Solved) -> np.ndarray:
    """CR1: what the residuals of each cluster add up to, times clusters / (clusters −
    coefficients).
    """
    clusters, coefficients = len(at.rest), len(at.beta)
    if clusters <= coefficients:
        return np.full(coefficients, nan)
    sums = np.einsum("jap,ja->jp", at.left, at.rest) @ at.bread
    errors: np.ndarray = np.sqrt((sums**2).sum(axis=0) * clusters / (clusters - coefficients))
    return errors


def _in_units(
    fitted: dict[str, Any], unit: float, names: Sequence[str], correlation: float, level: float
) -> MultilevelPool:
    """The fit in the units of the data, with intervals and tests."""
    from scipy.special import ndtr, ndtri, stdtr, stdtrit

    beta, se, cr1_se = (fitted[name] * unit for name in ("beta", "se", "cr1_se"))
    df = fitted["clusters"] - len(names)
    z = ndtri(0.5 + level / 2)
    t = stdtrit(df, 0.5 + level / 2) if df > 0 else nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(beta) / cr1_se
    between, within = (float(one) * unit**2 for one in fitted["sigma2"])
    return MultilevelPool(
        names=tuple(names),
        beta=beta,
        se=se,
        ci_low=beta - z * se,
        ci_high=beta + z * se,
        p_value=2 * ndtr(-np.abs(beta) / se),
        cr1_se=cr1_se,
        cr1_ci_low=beta - t * cr1_se,
        cr1_ci_high=beta + t * cr1_se,
        cr1_p=2 * stdtr(df, -ratio) if df > 0 else np.full(len(names), nan),
        cr1_df=df,
        sigma2_between=between,
        sigma2_within=within,
        log_likelihood=float(fitted["log_likelihood"] - fitted["q_df"] * np.log(unit)),
        correlation=float(correlation),
        level=level,
        **{name: fitted[name] for name in ("separable", "q", "q_df", "q_p_value", "k", "clusters")},
    )
