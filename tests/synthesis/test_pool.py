"""Pooling: cases worked by hand, refusals, and what must hold for any studies."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import chi2, t

from evidence.errors import UsageError
from evidence.synthesis.pool import METHODS, Pool, pool, pooled_estimate

NUMBERS = [field.name for field in dataclasses.fields(Pool) if field.type == "float"]
SPREAD = ([-0.9, -1.6, -1.3, -1.4, -0.2, 0.4], [0.57, 0.44, 0.64, 0.14, 0.23, 0.73])
ALIKE = ([0.50, 0.51, 0.49, 0.50, 0.52], [0.2, 0.3, 0.25, 0.2, 0.4])

rows = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 2)), min_size=2, max_size=12)
quick = settings(max_examples=40, deadline=None)


def test_common_effect_by_hand() -> None:
    # weights 4, 1, 1: (4 * 1 + 1 * 2 + 1 * 6) / 6 = 2, Q = 4 * 1 + 0 + 16 = 20 on 2 degrees of
    # freedom
    result = pool([1, 2, 6], [0.5, 1, 1], method="common")
    assert result.estimate == pytest.approx(2)
    assert result.se == pytest.approx(1 / math.sqrt(6))
    assert (result.ci_low, result.ci_high) == pytest.approx(
        (2 - 1.959964 / math.sqrt(6), 2 + 1.959964 / math.sqrt(6)), rel=1e-6
    )
    assert (result.q, result.q_p_value) == pytest.approx((20, math.exp(-10)))
    assert result.i2 == pytest.approx(90)
    assert result.tau2 == 0
    assert "one and the same effect" in result.note
    assert math.isnan(result.prediction_low) and math.isnan(result.hk_se)
    assert result.prediction_definition.startswith("none")


def test_dersimonian_laird_by_hand() -> None:
    # C = 6 - 18 / 6 = 3, tau2 = (20 - 2) / 3 = 6; typical variance 2 / 3, I2 = 6 / (6 + 2 / 3)
    result = pool([1, 2, 6], [0.5, 1, 1], method="DL")
    assert result.tau2 == pytest.approx(6)
    assert result.i2 == pytest.approx(90)
    w = 1 / np.array([6.25, 7, 7])
    mean = w @ np.array([1, 2, 6]) / w.sum()
    assert result.estimate == pytest.approx(mean)
    assert result.se == pytest.approx(w.sum() ** -0.5)
    hk = math.sqrt(w @ (np.array([1, 2, 6]) - mean) ** 2 / 2 / w.sum())
    assert result.hk_se == pytest.approx(hk)
    assert result.hk_ci_high - mean == pytest.approx(t.ppf(0.975, 2) * hk)
    assert result.hk_prediction_high - mean == pytest.approx(t.ppf(0.975, 2) * math.sqrt(6 + hk**2))
    assert result.prediction_high - mean == pytest.approx(
        1.959964 * math.sqrt(6 + result.se**2), rel=1e-6
    )


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_heterogeneity_intervals_from_the_formula(level: float) -> None:
    y, v = np.array(SPREAD[0]), np.array(SPREAD[1]) ** 2
    w = 1 / v

    def excess(tau2: float, share: float) -> float:
        weight = 1 / (v + tau2)
        return float(weight @ (y - weight @ y / weight.sum()) ** 2 - chi2.ppf(share, len(y) - 1))

    low, high = (
        brentq(excess, 0, 1000, args=(share,), xtol=1e-14)
        for share in ((1 + level) / 2, (1 - level) / 2)
    )
    typical = (len(y) - 1) * w.sum() / (w.sum() ** 2 - w @ w)
    for method in ("DL", "REML", "PM"):
        result = pool(*SPREAD, method=method, level=level)
        assert (result.tau2_low, result.tau2_high) == pytest.approx((low, high), rel=1e-8)
        assert (result.i2_low, result.i2_high) == pytest.approx(
            (100 * low / (low + typical), 100 * high / (high + typical)), rel=1e-8
        )
        assert result.tau2_low < result.tau2 < result.tau2_high


def test_reml_is_at_the_maximum() -> None:
    y, v = np.array(SPREAD[0]), np.array(SPREAD[1]) ** 2

    def likelihood(tau2: float) -> float:
        w = 1 / (v + tau2)
        return float(0.5 * (np.log(w).sum() - np.log(w.sum()) - w @ (y - w @ y / w.sum()) ** 2))

    tau2 = pool(*SPREAD).tau2
    assert likelihood(tau2) > max(likelihood(0.99 * tau2), likelihood(1.01 * tau2))


def test_reml_falls_back_on_the_bracketed_search(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = pool(*SPREAD)
    monkeypatch.setattr("evidence.synthesis.pool.STEPS", 0)
    assert pool(*SPREAD).tau2 == pytest.approx(expected.tau2, rel=1e-4)


def test_hartung_knapp_narrower_is_said_and_guarded() -> None:
    result = pool(*ALIKE)
    assert result.hk_narrower
    assert (
        result.hk_ci_high - result.hk_ci_low
        < result.ci_high - result.ci_low
        < result.hk_guarded_ci_high - result.hk_guarded_ci_low
    )
    assert result.hk_guarded_ci_high - result.estimate == pytest.approx(t.ppf(0.975, 4) * result.se)
    assert "narrower" in result.note
    assert result.tau2_interval_empty and "No tau²" in result.note

    wide = pool(*SPREAD)
    assert not wide.hk_narrower and wide.note == ""
    assert wide.hk_guarded_ci_low <= wide.hk_ci_low


def test_identical_estimates() -> None:
    result = pool([0.3, 0.3, 0.3], [0.1, 0.2, 0.3])
    assert result.tau2 == result.i2 == 0
    assert (result.hk_se, result.hk_narrower) == (0, True)
    assert math.isnan(result.hk_p_value)


@pytest.mark.parametrize("method", METHODS)
def test_one_study_comes_back_unpooled(method: str) -> None:
    result = pool([0.4], [0.2], method=method)
    assert (result.k, result.estimate, result.se) == (1, 0.4, pytest.approx(0.2))
    assert (result.ci_low, result.ci_high, result.p_value) == pytest.approx(
        (0.0080072, 0.7919928, 0.0455003), rel=1e-5
    )
    for name in (
        "tau2",
        "tau2_high",
        "i2",
        "i2_low",
        "q",
        "q_p_value",
        "prediction_low",
        "hk_se",
        "hk_guarded_ci_low",
    ):
        assert math.isnan(getattr(result, name)), name
    assert (
        result.note
        == "One study: shown as it stands, nothing is pooled and heterogeneity does not exist."
    )


@pytest.mark.parametrize("method", METHODS)
def test_two_studies_come_with_a_warning(method: str) -> None:
    result = pool([0.1, 0.5], [0.1, 0.2], method=method)
    assert result.k == 2
    assert "heterogeneity cannot be judged" in result.note


@pytest.mark.parametrize(
    ("estimates", "errors", "options", "message"),
    [
        ([], [], {}, "nothing to pool; allowed: at least one"),
        ([1, math.nan], [1, 1], {}, "estimates hold something that is missing"),
        ([1, 2], [1, math.inf], {}, "standard_errors hold something that is missing"),
        (pd.Series([1, None], dtype="Float64"), [1, 1], {}, "estimates .*allowed: finite numbers"),
        ([1, 2], [1, 0], {}, "a standard error is 0; allowed: numbers above 0"),
        ([1, 2], [1, -0.5], {}, "a standard error is -0.5"),
        (
            [1, 2],
            [1],
            {},
            "2 estimates but 1 standard errors; allowed: one standard error per estimate",
        ),
        (["a", "b"], [1, 1], {}, "estimates are not a column of numbers"),
        (3, 1, {}, "estimates are not a column of numbers"),
        ([[1, 2]], [[1, 1]], {}, "estimates hold something"),
        ([1, 2], [1, 1], {"method": "ML"}, "method is 'ML' .*; allowed: common, DL, REML, PM"),
        ([1, 2], [1, 1], {"level": 95}, "level is 95; allowed: a number between 0 and 1"),
        ([0, 1], [1e-200, 1], {}, "cannot be pooled .* comparable size"),
        ([0, 1, 2], [1e-12, 1, 1], {"method": "DL"}, "cannot be pooled .* comparable size"),
    ],
)
def test_refusals(estimates: Any, errors: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        pool(estimates, errors, **options)


def test_columns_of_a_table_are_welcome() -> None:
    table = pd.DataFrame({"y": SPREAD[0], "se": SPREAD[1]}, index=list("abcdef"))
    assert pool(table["y"].astype("Float64"), table["se"]) == pool(*SPREAD)


def test_series_are_matched_by_index() -> None:
    y, se = pd.Series(SPREAD[0], list("abcdef")), pd.Series(SPREAD[1], list("abcdef"))
    assert pool(y, se[::-1]) == pool(*SPREAD) != pool(y, se[::-1].to_list())
    assert pool(y, se.to_list()) == pool(*SPREAD)
    for other in (se.reset_index(drop=True), se.head(5), se.set_axis(list("abcdea"))):
        with pytest.raises(UsageError, match="estimates and standard_errors have different index"):
            pool(y, other)
    twice = list("aabbcc")  # the same labels in the same order: nothing is unclear
    assert pool(y.set_axis(twice), se.set_axis(twice)) == pool(*SPREAD)
    with pytest.raises(UsageError, match="different indexes"):
        pool(y.set_axis(twice), se.set_axis(twice[::-1]))


@pytest.mark.parametrize("method", METHODS)
def test_the_estimate_alone_is_that_of_the_pool(method: str) -> None:
    y, se = np.array(SPREAD[0]), np.array(SPREAD[1])
    assert pooled_estimate(y, se, method) == pytest.approx(pool(y, se, method).estimate, rel=1e-12)
    assert pooled_estimate(y[:1], se[:1], method) == y[0]


def test_ratios() -> None:
    result = pool(*SPREAD)
    ratios = result.exp()
    assert ratios["estimate"] == pytest.approx(math.exp(result.estimate))
    assert ratios["hk_prediction_high"] == pytest.approx(math.exp(result.hk_prediction_high))
    assert math.isnan(pool([0.1], [0.1]).exp()["prediction_low"])


def _same(a: Pool, b: Pool) -> None:
    for name in NUMBERS:
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=0, abs=0, nan_ok=True), name


@quick
@given(rows=rows, method=st.sampled_from(METHODS), data=st.data())
def test_row_order_does_not_matter(
    rows: list[tuple[float, float]], method: str, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))
    _same(pool(*zip(*rows), method=method), pool(*zip(*shuffled), method=method))


@quick
@given(rows=rows, method=st.sampled_from(METHODS))
def test_turning_the_sign_turns_the_result(rows: list[tuple[float, float]], method: str) -> None:
    y, se = (np.array(column) for column in zip(*rows))
    a, b = pool(y, se, method=method), pool(-y, se, method=method)
    for name in ("tau2", "tau2_high", "se", "i2", "q", "p_value", "hk_se"):
        assert getattr(a, name) == pytest.approx(
            getattr(b, name), rel=1e-9, abs=1e-12, nan_ok=True
        ), name
    assert a.estimate == pytest.approx(-b.estimate, abs=1e-9)
    for pair in (
        ("ci_low", "ci_high"),
        ("prediction_low", "prediction_high"),
        ("hk_ci_low", "hk_ci_high"),
    ):
        low, high = pair
        assert getattr(a, low) == pytest.approx(-getattr(b, high), rel=1e-9, abs=1e-9, nan_ok=True)


@quick
@given(rows=rows, method=st.sampled_from(METHODS))
def test_what_always_holds(rows: list[tuple[float, float]], method: str) -> None:
    y, se = (np.array(column) for column in zip(*rows))
    result = pool(y, se, method=method)
    assert y.min() - 1e-9 <= result.estimate <= y.max() + 1e-9
    assert result.tau2 >= 0 and 0 <= result.i2 <= 100 and 0 <= result.p_value <= 1
    if method != "common":
        assert result.tau2_low <= result.tau2_high and result.i2_low <= result.i2_high
        assert result.prediction_low <= result.ci_low <= result.ci_high <= result.prediction_high
        assert (
            result.hk_guarded_ci_low <= result.ci_low
            and result.hk_guarded_ci_low <= result.hk_ci_low + 1e-12
        )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e3])
def test_the_unit_does_not_matter(method: str, unit: float) -> None:
    # REML stops like metafor, at a change of tau² in the unit of the data, so it agrees to that and
    # not to the last digit
    y, se = np.array(SPREAD[0]), np.array(SPREAD[1])
    a, b = pool(y, se, method=method), pool(y * unit, se * unit, method=method)
    assert b.estimate == pytest.approx(a.estimate * unit, rel=1e-4)
    assert b.tau2 == pytest.approx(a.tau2 * unit**2, rel=1e-3)
    assert b.tau2_high == pytest.approx(a.tau2_high * unit**2, rel=1e-6, nan_ok=True)
