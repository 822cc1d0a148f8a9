"""The sign test and the Wilson interval against published values and against SciPy."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

import evidence


@pytest.mark.parametrize(
    ("benefit", "harm", "low", "high", "p"),
    [
        (10, 2, 0.552, 0.953, 0.0386),
        (9, 0, 0.701, 1.0, 0.0039),
        (5, 1, 0.436, 0.970, 0.2188),
        (16, 6, 0.519, 0.869, 0.0525),
    ],
)
def test_reference_values(benefit, harm, low, high, p):
    result = evidence.sign_test(benefit, harm)
    assert result.share == pytest.approx(benefit / (benefit + harm))
    assert [result.ci_low, result.ci_high, result.p_value] == pytest.approx(
        [low, high, p], abs=6e-4
    )
    assert not result.too_few


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_agrees_with_scipy(benefit, harm):
    result = evidence.sign_test(benefit, harm)
    if benefit + harm == 0:
        assert result.verdict == "no result has a readable direction"
        return
    theirs = binomtest(benefit, benefit + harm, 0.5)
    interval = theirs.proportion_ci(method="wilson")
    assert [result.p_value, result.ci_low, result.ci_high] == pytest.approx(
        [theirs.pvalue, interval.low, interval.high], abs=1e-9
    )
    turned = evidence.sign_test(harm, benefit)
    assert turned.p_value == pytest.approx(result.p_value) and turned.ci_low == pytest.approx(
        1 - result.ci_high
    )


def test_too_few_says_so():
    result = evidence.sign_test(5, 0)
    assert result.too_few
    assert (
        "too few to test: with 5 directional results no sign test can go below p = 0.0625"
        in result.verdict
    )
    assert "too few" not in evidence.sign_test(6, 0).verdict


def test_verdict_claims_no_more_than_it_can():
    words = evidence.sign_test(10, 2).verdict + evidence.sign_test(16, 6).verdict
    assert (
        "more on one side than a fair coin would give" in words
        and "not told apart from a fair coin" in words
    )
    assert not [word for word in ("effective", "safe", "proves", "no effect") if word in words]


@pytest.mark.parametrize("counts", [(-1, 2), (1.5, 2)])
def test_wrong_counts(counts):
    with pytest.raises(evidence.UsageError, match="whole number from 0 up"):
        evidence.sign_test(*counts)


def test_table_of_tests():
    table = evidence.sign_tests(
        pd.DataFrame({"benefit": [10, 0], "harm": [2, 0]}, index=["a", "b"])
    )
    assert table.loc["a", "p_value"] == pytest.approx(0.0386, abs=1e-4)
    assert pd.isna(table.loc["b", "share"]) and table["too_few"].to_list() == [False, True]
