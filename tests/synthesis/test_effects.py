"""Standard errors and differences on the right scale, against values worked by hand and published
ones.
"""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence
from evidence.synthesis.effects import (
    from_arms,
    hedges_g,
    mean_difference,
    standard_error,
    standard_error_from_p,
)


def test_interval_of_a_ratio():
    """huisman2013: OR 1.08, 1.02 to 1.14."""
    assert standard_error(1.02, 1.14, log=True) == pytest.approx(
        (log(1.14) - log(1.02)) / (2 * 1.959964), rel=1e-6
    )


def test_99_percent_is_not_95_percent():
    """vanacore2010 prints 99 % intervals; reading them as 95 % would make the standard error 31 %
    too large.
    """
    right, wrong = (
        standard_error(0.86, 1.04, level=99, log=True),
        standard_error(0.86, 1.04, level=95, log=True),
    )
    assert wrong / right == pytest.approx(2.575829 / 1.959964, rel=1e-6)


@given(st.floats(-5, 5), st.floats(0.01, 3), st.sampled_from([90, 95, 99]))
def test_interval_and_back(estimate, error, level):
    from scipy.special import ndtri

    z = ndtri(0.5 + level / 200)
    assert standard_error(estimate - z * error, estimate + z * error, level) == pytest.approx(
        error, rel=1e-9
    )


@pytest.mark.parametrize(
    ("low", "high", "ratio", "words"),
    [(0, 2, True, "not above zero"), (3, 2, False, "runs backwards")],
)
def test_wrong_intervals(low, high, ratio, words):
    with pytest.raises(evidence.UsageError, match=words):
        standard_error(low, high, log=ratio)


def test_hedges_g_of_a_published_example():
    """Borenstein et al. (2009), chapter 4: means 103 and 100, SD 5.5 and 4.5, 50 in each: d 0.5970,
    J 0.9923, g 0.5924.
    """
    g, error = hedges_g(50, 103, 5.5, 50, 100, 4.5)
    assert g == pytest.approx(0.5924, abs=1e-4)
    assert error**2 == pytest.approx(0.04 + g**2 / 200)


@pytest.mark.parametrize(("n1", "n2", "sd"), [(1, 2, 1.0), (1, 1, 1.0), (20, 20, 0.0)])
@pytest.mark.filterwarnings("error")
def test_there_is_no_g_of_a_handful_or_without_spread(n1, n2, sd):
    assert np.isnan(hedges_g(n1, 5.0, sd, n2, 3.0, sd)).all()


def test_g_of_four_is_the_smallest():
    """J = Γ(1) / (Γ(1/2) √(2/2)) = 1 / √π, as df is 2."""
    g, error = hedges_g(2, 5.0, 1.0, 2, 3.0, 1.0)
    assert g == pytest.approx(2 / sqrt(np.pi)) and error == pytest.approx(sqrt(1 + g**2 / 8))


def test_mean_difference_of_the_same_example():
    difference, error = mean_difference(50, 103, 5.5, 50, 100, 4.5)
    assert difference == pytest.approx(3) and error == pytest.approx(
        sqrt(5.5**2 / 50 + 4.5**2 / 50)
    )


def test_spread_from_the_interval_of_a_mean():
    """plowman2023: 20.8 (7.6 to 33.9) in 23 people, -1.0 (-9.1 to 7.2) in 22; t(22) = 2.0739, t(21)
    = 2.0796.
    """
    arms = pd.DataFrame(
        {
            "finding_id": ["x", "x"],
            "arm": ["intervention", "control"],
            "n": [23, 22],
            "mean": [20.8, -1.0],
            "sd": [np.nan, np.nan],
            "ci_low": [7.6, -9.1],
            "ci_high": [33.9, 7.2],
            "ci_level": [95, 95],
        }
    )
    row = from_arms(arms, standardised=False).loc["x"]
    assert row["estimate"] == pytest.approx(21.8)
    assert row["se"] == pytest.approx(
        sqrt((26.3 / 2 / 2.0739) ** 2 + (16.3 / 2 / 2.0796) ** 2), rel=1e-4
    )


def test_an_arm_without_spread_gives_nothing():
    arms = pd.DataFrame(
        {
            "finding_id": ["x", "x"],
            "arm": ["intervention", "control"],
            "n": [9, 9],
            "mean": [1, 2],
            "sd": [1.0, np.nan],
        }
        | dict.fromkeys(["ci_low", "ci_high", "ci_level"], np.nan)
    )
    assert from_arms(arms, standardised=True).empty


def test_standard_error_from_p_by_hand():
    """Cochrane Handbook 6.5.2.3: MD 3.8, p 0.008, 25 and 22 people: t(45) = 2.78, SE 1.37."""
    assert standard_error_from_p(3.8, 0.008, df=45) == pytest.approx(1.37, abs=5e-3)
    assert standard_error_from_p(-3.8, 0.008, df=45) == pytest.approx(1.37, abs=5e-3)
    assert standard_error_from_p(log(3.48), 0.004) == pytest.approx(log(3.48) / 2.878162, rel=1e-6)


@given(st.floats(0.01, 5), st.floats(0.01, 3), st.sampled_from([np.inf, np.nan, 5.0, 40.0]))
def test_p_value_and_back(difference, error, df):
    from scipy.stats import norm, t

    p = 2 * (t.sf(difference / error, df) if df < 1e9 else norm.sf(difference / error))
    found = standard_error_from_p(difference, p, df)
    if 1e-300 < p < 1:
        assert found == pytest.approx(error, rel=1e-6)
    elif p in (0, 1):
        assert np.isnan(found)


def test_no_standard_error_where_there_is_none():
    assert np.isnan(standard_error_from_p([0, 1, 1], [0.5, 0, 1])).all()
    for p in (-0.1, 1.1):
        with pytest.raises(evidence.UsageError, match="outside 0 to 1"):
            standard_error_from_p(1, p)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"arm": ["control", "control"]}, "finding 'x' has the arm 'control' twice"),
        ({"n": [9, -9]}, "n of finding 'x' is -9; allowed: 1 or more"),
        ({"n": [0, 9]}, "n of finding 'x' is 0"),
        ({"sd": [1.0, -2.0]}, "sd of finding 'x' is -2; allowed: 0 or more"),
    ],
)
def test_impossible_arms(change, words):
    arms = {"finding_id": ["x", "x"], "arm": ["intervention", "control"]}
    arms |= {"n": [9, 9], "mean": [1.0, 2.0], "sd": [1.0, 1.0]}
    arms |= dict.fromkeys(["ci_low", "ci_high", "ci_level"], np.nan)
    with pytest.raises(evidence.UsageError, match=words):
        from_arms(pd.DataFrame(arms | change), standardised=True)
