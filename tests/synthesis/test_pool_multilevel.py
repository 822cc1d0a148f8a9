"""The three-level model: R's numbers, edges, refusals, and what must hold for any results."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.errors import UsageError
from evidence.synthesis.pool import pool
from evidence.synthesis.pool_multilevel import MultilevelPool, pool_multilevel

FILE = Path(__file__).resolve().parents[1] / "reference" / "multilevel.json"
REFERENCE = json.loads(FILE.read_text(encoding="utf-8"))
SETS = {"konstantopoulos2011": (56, 11), "assink2016": (100, 17)}
FITS = ["independent_intercept", "independent_moderator", "rho06_intercept", "rho06_moderator"]
OURS = {
    "beta": "beta",
    "se": "se",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
    "sigma2_between_clusters": "sigma2_between",
    "sigma2_within_clusters": "sigma2_within",
    "logLik": "log_likelihood",
    "QE": "q",
}
ROBUST = {"se": "cr1_se", "df": "cr1_df", "p": "cr1_p", "ci_low": "cr1_ci_low"}
ROBUST |= {"ci_high": "cr1_ci_high"}
NUMBERS = ["beta", "se", "ci_low", "ci_high", "p_value", "cr1_se", "cr1_p", "sigma2_between"]
NUMBERS += ["sigma2_within", "q", "log_likelihood"]
Y, SE, CLUSTERS = [0.1, 0.3, 0.8, 0.9, 0.2], [0.2, 0.2, 0.3, 0.2, 0.1], list("aabbc")


def _fit(name: str, kind: str) -> MultilevelPool:
    data = REFERENCE[name]
    correlation = 0.6 if kind.startswith("rho06") else 0.0
    moderator = data["x"] if kind.endswith("moderator") else None
    return pool_multilevel(data["yi"], np.sqrt(data["vi"]), data["cluster"], correlation, moderator)


def test_the_file_has_not_shrunk() -> None:
    assert set(REFERENCE) == {"made_with", *SETS}
    for name, (k, clusters) in SETS.items():
        assert set(REFERENCE[name]) == {"yi", "vi", "cluster", "x", *FITS}
        assert len(REFERENCE[name]["yi"]) == k and len(set(REFERENCE[name]["cluster"])) == clusters


@pytest.mark.parametrize("kind", FITS)
@pytest.mark.parametrize("name", SETS)
def test_every_number_agrees_with_metafor(name: str, kind: str) -> None:
    fit, expected = _fit(name, kind), REFERENCE[name][kind]
    assert set(expected) == {*OURS, "CR1", "CR2"}
    assert (fit.k, fit.clusters) == SETS[name] and fit.note in ("", _few(fit))
    pairs = [(expected[key], getattr(fit, ours)) for key, ours in OURS.items()]
    pairs += [(expected["CR1"][key], getattr(fit, ours)) for key, ours in ROBUST.items()]
    t = fit.beta / fit.cr1_se
    for theirs, ours in [*pairs, (expected["CR1"]["t"], t)]:
        assert np.ravel(ours) == pytest.approx(np.ravel(theirs), rel=1e-5, abs=0)


def _few(fit: MultilevelPool) -> str:
    few = f"{fit.clusters} clusters are few: cluster-robust tests are then too often significant."
    return few if fit.cr1_df < 10 else ""


def test_by_hand_without_any_spread() -> None:
    # Results that differ less than their errors: both variances are 0, a weighted mean remains.
    # Weights 1, 1, 4: mean (0.1 + 0.2 + 4 * 0.15) / 6; se 1 / sqrt(6).
    fit = pool_multilevel([0.1, 0.2, 0.15], [1, 1, 0.5], ["a", "a", "b"])
    assert (fit.sigma2_between, fit.sigma2_within) == (0, 0)
    assert fit.beta[0] == pytest.approx(0.15)
    assert fit.se[0] == pytest.approx(6**-0.5)
    # CR1: sums of weighted residuals a: -0.05 + 0.05 = 0, b: 0
    assert fit.cr1_se[0] == pytest.approx(0, abs=1e-12) and fit.cr1_df == 1
    fit = pool_multilevel([0.1, 0.4], [1, 0.5], ["a", "b"])
    # mean (0.1 + 1.6) / 5 = 0.34; sums -0.24 and 0.24; se = sqrt(2 * 0.24² * 2 / 1) / 5
    assert fit.beta[0] == pytest.approx(0.34)
    assert fit.cr1_se[0] == pytest.approx(math.sqrt(4 * 0.24**2) / 5)
    assert fit.q == pytest.approx(0.24**2 + 4 * 0.06**2)


def test_correlation_by_hand() -> None:
    # Two results with errors 1 that correlate 0.5: the variance of their mean is (1 + 0.5) / 2.
    fit = pool_multilevel([0.1, 0.2], [1, 1], ["a", "a"], correlation=0.5)
    assert fit.sigma2_within == 0 and fit.se[0] == pytest.approx(math.sqrt(0.75))


def test_one_result_a_cluster_is_the_ordinary_model() -> None:
    y, se = [-0.9, -1.6, -1.3, -1.4, -0.2, 0.4], [0.57, 0.44, 0.64, 0.14, 0.23, 0.73]
    fit, ordinary = pool_multilevel(y, se, list("abcdef")), pool(y, se)
    assert not fit.separable and "cannot be distinguished" in fit.note
    assert fit.sigma2_between == fit.sigma2_within
    assert 2 * fit.sigma2_between == pytest.approx(ordinary.tau2, rel=1e-3)
    assert fit.beta[0] == pytest.approx(ordinary.estimate, rel=1e-4)
    assert fit.q == pytest.approx(ordinary.q) and fit.q_p_value == pytest.approx(ordinary.q_p_value)


def test_one_cluster_says_nothing_of_others() -> None:
    fit, ordinary = pool_multilevel(Y, SE, ["a"] * 5), pool(Y, SE)
    assert fit.sigma2_between == 0 and fit.cr1_df == 0
    assert fit.sigma2_within == pytest.approx(ordinary.tau2, rel=1e-3)
    assert np.isnan(fit.cr1_se).all() and np.isnan(fit.cr1_p).all()
    assert "too few clusters" in fit.note


def test_one_result() -> None:
    fit = pool_multilevel([0.5], [0.1], ["a"])
    assert fit.beta[0] == pytest.approx(0.5) and fit.se[0] == pytest.approx(0.1)
    assert fit.k == fit.clusters == 1 and math.isnan(fit.q_p_value)


# Found among random sets: the likelihood has a hill at within 0, between 6.59, and a higher one.
HILLS_Y = [-1.6136, 2.0446, 238.685, 2.9314, 6.0982, 0.4846, -1.707, 2.0583, 3.1038, -3.9392]
HILLS_Y += [1.9062, 0.8607, -24.6403, 18.5268, 2.0632, 2.0434, 2.9212, 2.3191, -4.1883, -0.9609]
HILLS_Y += [0.067, -3.9884, -6.7665]
HILLS_SE = [0.6333, 0.0283, 266.58, 0.1396, 6.836, 0.2991, 0.0143, 0.0097, 0.0953, 0.0526, 0.1345]
HILLS_SE += [0.022, 24.1396, 15.5607, 0.0059, 0.5737, 2.4058, 0.1112, 0.1381, 1.9304, 0.6398]
HILLS_SE += [0.019, 2.5171]
HILLS_CLUSTERS = [1, 4, 3, 0, 5, 5, 1, 4, 0, 2, 4, 5, 2, 0, 4, 4, 5, 4, 2, 5, 3, 2, 2]


def test_the_highest_of_several_hills() -> None:
    y, se, clusters = (np.array(column) for column in (HILLS_Y, HILLS_SE, HILLS_CLUSTERS))
    fit = pool_multilevel(y, se, clusters, 0.6)
    assert fit.sigma2_within == pytest.approx(0.01204, rel=1e-3)
    found = _criterion(y, se, clusters, 0.6, fit.sigma2_between, fit.sigma2_within)
    lower_hill = _criterion(y, se, clusters, 0.6, 6.58957, 0)
    line = [0, *np.geomspace(1e-4, 30, 25)]
    grid = [_criterion(y, se, clusters, 0.6, a, b) for a in line for b in line]
    assert found < lower_hill - 1 and found <= min(grid) + 1e-7


def _criterion(
    y: np.ndarray, se: np.ndarray, clusters: np.ndarray, rho: float, between: float, within: float
) -> float:
    """Minus the restricted log-likelihood, written out with whole matrices."""
    together = clusters[:, None] == clusters
    same = np.eye(len(y))
    sampling = np.where(same > 0, 1, rho) * together * np.outer(se, se)
    covariance = sampling + between * together + within * same
    weights, ones = np.linalg.inv(covariance), np.ones(len(y))
    total = ones @ weights @ ones
    rest = y - ones @ weights @ y / total
    return 0.5 * (np.linalg.slogdet(covariance)[1] + math.log(total) + rest @ weights @ rest)


def test_moderators_keep_their_names() -> None:
    table = pd.DataFrame({"size": [1, 2, 3, 4, 6], "late": [0, 1, 0, 1, 1]})
    assert pool_multilevel(Y, SE, CLUSTERS, moderators=table).names == ("intercept", "size", "late")
    fit = pool_multilevel(Y, SE, CLUSTERS, moderators=table["late"])
    assert fit.names == ("intercept", "late") and fit.table.loc["late", "beta"] == fit.beta[1]
    plain = pool_multilevel(Y, SE, CLUSTERS, moderators=table["late"].to_numpy())
    assert plain.names == ("intercept", "moderator_1") and plain.beta == pytest.approx(fit.beta)


def test_series_are_matched_by_index() -> None:
    y, se = pd.Series(Y, list("vwxyz")), pd.Series(SE, list("vwxyz"))
    clusters, x = pd.Series(CLUSTERS, y.index), pd.Series([1.0, 2, 4, 3, 5], y.index)
    fit = pool_multilevel(y, se, clusters, 0.3, x)
    mixed = pool_multilevel(y, se[::-1], clusters.sample(frac=1, random_state=1), 0.3, x[::-1])
    assert mixed.beta == pytest.approx(fit.beta)
    with pytest.raises(UsageError, match="estimates and clusters have different indexes"):
        pool_multilevel(y, se, clusters.reset_index(drop=True))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], []), "nothing to pool"),
        (([1, 2], [1, 0], ["a", "b"]), "a standard error is 0"),
        (([1, 2], [1, 1], ["a"]), "2 estimates but 1 clusters"),
        (([1, 2], [1, 1], ["a", None]), "clusters hold a missing value"),
        (([1, 2], [1, 1], "ab"), "clusters is 'ab'"),
        (([1, 2], [1, 1], ["a", "b"], 1), "correlation is 1; allowed: a number from 0 to below 1"),
        (([1, 2], [1, 1], ["a", "b"], -0.1), "correlation is -0.1"),
        (([1, 2], [1, 1], ["a", "b"], 0, [3, 3]), "constant or determined by one another"),
        (([1, 2], [1, 1], ["a", "b"], 0, [0, 0]), "constant or determined by one another"),
        (([1, 2], [1, 1], ["a", "b"], 0, [0, math.nan]), "moderators hold something that is"),
        (([1, 2], [1, 1], ["a", "b"], 0, ["x", "y"]), "moderators are not columns of numbers"),
        (([1, 2], [1, 1], ["a", "b"], 0, [1, 2, 3]), "moderators have the shape"),
        (([1, 2], [1, 1], ["a", "b"], 0, [[1, 2], [2, 1]]), "2 results cannot tell 3 coefficients"),
    ],
)
def test_refusals(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        pool_multilevel(*arguments)


def test_a_level_is_between_0_and_1() -> None:
    with pytest.raises(UsageError, match="level is 95"):
        pool_multilevel(Y, SE, CLUSTERS, level=95)
    wide, narrow = (pool_multilevel(Y, SE, CLUSTERS, level=level) for level in (0.99, 0.5))
    assert wide.ci_low[0] < narrow.ci_low[0] and wide.cr1_ci_low[0] < narrow.cr1_ci_low[0]


rows = st.lists(
    st.tuples(st.floats(-3, 3), st.floats(0.05, 2), st.integers(0, 4), st.floats(-2, 2)),
    min_size=4,
    max_size=12,
)
quick = settings(max_examples=15, deadline=None)
correlations = st.sampled_from([0.0, 0.6, 0.95])


def _columns(rows: list[tuple[float, float, int, float]]) -> list[np.ndarray]:
    return [np.array(column) for column in zip(*rows, strict=True)]


@quick
@given(rows=rows, correlation=correlations, data=st.data())
def test_order_does_not_matter(rows: Any, correlation: float, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    a, b = (pool_multilevel(*_columns(r)[:3], correlation) for r in (rows, shuffled))
    for name in NUMBERS:
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=1e-6, abs=1e-9, nan_ok=True)


@quick
@given(rows=rows, correlation=correlations)
def test_turning_the_sign_mirrors_the_result(rows: Any, correlation: float) -> None:
    y, se, clusters, x = _columns(rows)
    if np.ptp(x) < 0.1:
        x = np.arange(len(y), dtype=float)
    a = pool_multilevel(y, se, clusters, correlation, x)
    b = pool_multilevel(-y, se, clusters, correlation, x)
    assert a.beta == pytest.approx(-b.beta, rel=1e-6, abs=1e-8)
    assert a.cr1_ci_low == pytest.approx(-b.cr1_ci_high, rel=1e-5, abs=1e-7, nan_ok=True)
    for name in ("se", "sigma2_between", "sigma2_within", "q", "log_likelihood"):
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e4])
def test_the_unit_does_not_matter(unit: float) -> None:
    a = pool_multilevel(Y, SE, CLUSTERS, 0.6)
    b = pool_multilevel(np.array(Y) * unit, np.array(SE) * unit, CLUSTERS, 0.6)
    assert b.beta == pytest.approx(a.beta * unit) and b.cr1_se == pytest.approx(a.cr1_se * unit)
    assert b.sigma2_between == pytest.approx(a.sigma2_between * unit**2)
    assert b.q == pytest.approx(a.q)


odd = st.sampled_from([0.0, 1.0, -1.0, 1e-300, 1e300, 1e-8, 1e8, 1e150, math.nan, math.inf])


@quick
@given(rows=st.lists(st.tuples(odd, odd, st.integers(0, 3), odd), min_size=1, max_size=6))
def test_odd_numbers_are_pooled_or_refused_in_one_message(rows: Any) -> None:
    y, se, clusters, x = _columns(rows)
    for moderator in (None, x):
        try:
            fit = pool_multilevel(y, se, clusters, 0.6, moderator)
        except UsageError as error:
            assert "allowed:" in str(error) or "nothing to pool" in str(error)
        else:
            assert np.isfinite([*fit.beta, *fit.se, fit.log_likelihood]).all()
