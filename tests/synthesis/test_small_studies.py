"""Egger's regression: a case against plain least squares, and where it is not shown."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import linregress, t

from evidence.errors import UsageError
from evidence.synthesis.small_studies import egger

SE = np.linspace(0.1, 0.6, 11)
Y = 0.2 + 1.5 * SE + 0.1 * np.array([1, -2, 3, -1, 2, -3, 1, 0, 2, -1, -2]) * SE


def test_against_the_regression_of_the_standard_normal_deviate() -> None:
    # Egger 1997 as printed: y / se on 1 / se; its intercept is the asymmetry
    line = linregress(1 / SE, Y / SE)
    result = egger(Y, SE)
    assert result.intercept == pytest.approx(line.intercept)
    assert result.se == pytest.approx(line.intercept_stderr)
    assert result.t == pytest.approx(line.intercept / line.intercept_stderr)
    assert result.df == 9
    assert result.p_value == pytest.approx(2 * t.sf(abs(result.t), 9))
    assert result.ci_high == pytest.approx(line.intercept + t.ppf(0.975, 9) * line.intercept_stderr)
    assert "differ more than chance" in result.verdict


def test_order_and_sign() -> None:
    order = np.argsort(Y)
    assert egger(Y[order], SE[order]).p_value == pytest.approx(egger(Y, SE).p_value, rel=1e-10)
    assert egger(-Y, SE).t == pytest.approx(-egger(Y, SE).t)


@pytest.mark.parametrize(("k", "counted"), [(1, "there is 1 study"), (9, "there are 9 studies")])
def test_under_ten_studies_nothing_is_shown(k: int, counted: str) -> None:
    result = egger(Y[:k], SE[:k])
    assert result.too_few and math.isnan(result.p_value) and math.isnan(result.t)
    assert result.verdict == f"not shown, because {counted} and the test needs at least 10"


def test_ten_are_enough() -> None:
    result = egger(Y[:10], SE[:10])
    assert not result.too_few
    assert result.verdict.startswith("Egger's regression over 10 studies: t(8) = ")


def test_equal_standard_errors_have_no_slope() -> None:
    result = egger(Y, np.full(11, 0.2))
    assert not result.too_few and math.isnan(result.t)
    assert (
        result.verdict
        == "not shown, because the standard errors or the estimates differ too little for a"
        " regression"
    )


def test_refusals() -> None:
    with pytest.raises(UsageError, match="allowed: 3 or more"):
        egger(Y, SE, fewest=2)
    with pytest.raises(UsageError, match="standard error is 0"):
        egger(Y, np.zeros(11))
