"""The sign test and the Wilson interval against published values and against SciPy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plain
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portion import number
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


@settings(max_examples=number(80, 26), deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_agrees_with_scipy(benefit, harm):
    result = evidence.sign_test(benefit, harm)
    if benefit + harm == 0:
        assert result.verdict == "no result"
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


@pytest.mark.parametrize(
    ("counts", "p_worst"),
    [((23, 1, 9), 0.035), ((21, 1, 9), 0.071), ((10, 0, 4), 0.18), ((5, 35, 7), 0.0011)],
)
def test_worst_case_of_reference(counts, p_worst):
    assert float(f"{evidence.sign_test(*counts).p_worst:.2g}") == p_worst


@settings(max_examples=number(80, 26), deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 20))
def test_the_unreadable_one_by_one(benefit, harm, unreadable):
    """Every way in which the unreadable could point is tried."""
    result = evidence.sign_test(benefit, harm, unreadable)
    if benefit + harm == 0:
        assert result.tipping_point is None
        assert result.verdict == (
            f"no result has a printed direction, of {unreadable}" if unreadable else "no result"
        )
        return
    assert result.p_worst == pytest.approx(plain.worst(benefit, harm, unreadable))
    assert result.p_best == pytest.approx(plain.best(benefit, harm, unreadable))
    assert result.tipping_point == plain.tipping_point(benefit, harm, unreadable)
    assert result.p_best <= result.p_value + 1e-12 and result.p_value <= result.p_worst + 1e-12
    lean = (benefit > harm) - (benefit < harm)
    assert lean * (result.share_worst - result.share) <= 1e-12
    assert lean * (result.share_best - result.share) >= -1e-12
    turned = evidence.sign_test(harm, benefit, unreadable)
    assert [turned.p_worst, turned.p_best] == pytest.approx([result.p_worst, result.p_best])
    assert turned.share_worst == pytest.approx(1 - result.share_worst)


def test_too_few_says_so():
    result = evidence.sign_test(5, 0)
    assert result.too_few and not result.holds
    assert (
        "too few to test: 5 printed directions cannot give less than p = 0.0625" in result.verdict
    )
    assert "too few" not in evidence.sign_test(6, 0).verdict


def test_verdict_claims_no_more_than_it_can():
    clear, unclear = evidence.sign_test(10, 2).verdict, evidence.sign_test(16, 6).verdict
    assert "unlikely to be chance alone" in clear and "could be chance alone" in unclear
    words = clear + unclear
    assert not [word for word in ("effective", "safe", "proves", "no effect") if word in words]


def test_verdict_hangs_on_what_was_not_printed():
    """(23, 1, 9) holds in the worst case; (21, 1, 9) does not."""
    holds, hangs = evidence.sign_test(23, 1, 9), evidence.sign_test(21, 1, 9)
    assert holds.holds and "however the others point" in holds.verdict
    assert not hangs.holds and "hangs on the results that were not printed" in hangs.verdict
    assert f"(if {hangs.tipping_point} of them point the other way" in hangs.verdict
    assert all("9 more have no printed direction" in one.verdict for one in (holds, hangs))


@pytest.mark.parametrize("counts", [(-1, 2), (1.5, 2), (1, 2, -1), (1, 2, 0.5)])
def test_wrong_counts(counts):
    with pytest.raises(evidence.UsageError, match="whole number from 0 up"):
        evidence.sign_test(*counts)


@pytest.mark.parametrize("bad", [-1, 0.5, None])
@pytest.mark.parametrize("column", ["benefit", "harm", "unreadable"])
def test_wrong_counts_in_a_table(bad, column):
    table = pd.DataFrame(
        {"benefit": [1, 2], "harm": [1, 2], "unreadable": [0, 1]}, index=["a", "b"]
    )
    table[column] = table[column].astype("object")
    table.loc["b", column] = bad
    with pytest.raises(evidence.UsageError, match=f"{column} is .* in row 'b'; allowed: a whole"):
        evidence.sign_tests(table)


def test_table_of_tests():
    table = evidence.sign_tests(
        pd.DataFrame({"benefit": [10, 0], "harm": [2, 0]}, index=["a", "b"])
    )
    assert table.loc["a", "p_value"] == pytest.approx(0.0386, abs=1e-4)
    assert pd.isna(table.loc["b", "share"]) and table["too_few"].to_list() == [False, True]


def test_one_result_has_a_p_value_and_none_has_none():
    assert evidence.sign_test(1, 0).p_value == 1 and evidence.sign_test(0, 1).p_value == 1
    assert np.isnan(evidence.sign_test(0, 0).p_value)


def test_an_interval_of_a_share_ends_at_one():
    for n in range(1, 400):
        test = evidence.sign_test(n, 0)
        assert test.ci_high == 1 and evidence.sign_test(0, n).ci_low == 0, n
