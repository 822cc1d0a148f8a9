"""Combining p-values: by hand, and what does not qualify."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, norm

import evidence
from evidence.errors import UsageError
from evidence.synthesis.combine import combine_p

TABLE = pd.DataFrame(
    {
        "finding_id": ["a-1", "b-1", "c-1", "d-1", "e-1", "f-1", "g-1", "h-1"],
        "study_id": ["a", "b", "c", "d", "e", "f", "g", "h"],
        "p_value": [0.04, 0.20, 0.05, 0.30, None, 0.01, 0.0, 0.5],
        "p_operator": pd.Categorical(["=", "=", "<", "=", None, "=", "=", None]),
        "observed_direction": pd.Categorical(
            ["benefit", "harm", "benefit", "not_reported", "benefit", "mixed", "harm", "harm"]
        ),
        "sample_size": pd.array([100, 25, 10, 10, 10, 10, 10, 10], dtype="Int64"),
    }
)
SWAP = {"benefit": "harm", "harm": "benefit"}


def test_fisher_by_hand() -> None:
    result = combine_p(TABLE)
    statistic = -2 * (math.log(0.02) + math.log(0.90))  # 0.20 the other way is 1 - 0.10
    assert result.used == ("a-1", "b-1")
    assert result.statistic == pytest.approx(statistic)
    assert result.p_value == pytest.approx(chi2.sf(statistic, 4))
    assert result.verdict.startswith("2 exact p-values, Fisher: one-sided p = 0.09")


def test_stouffer_by_hand() -> None:
    z = norm.isf([0.02, 0.90])
    assert combine_p(TABLE, method="stouffer").statistic == pytest.approx(z.sum() / math.sqrt(2))
    weighted = combine_p(TABLE, method="stouffer", sizes="sample_size")
    assert weighted.statistic == pytest.approx((10 * z[0] + 5 * z[1]) / math.sqrt(125))
    assert weighted.p_value == pytest.approx(norm.sf(weighted.statistic))


def test_what_does_not_qualify_is_named() -> None:
    excluded = combine_p(TABLE).excluded
    assert excluded.to_dict("list") == {
        "id": ["c-1", "d-1", "e-1", "f-1", "g-1", "h-1"],
        "reason": [
            "printed as a bound",
            "no direction",
            "no p-value",
            "no direction",
            "printed as zero",
            "printed as a bound",
        ],
    }


def test_a_missing_size_excludes_only_with_weights() -> None:
    table = TABLE.assign(sample_size=pd.array([100, None, *[10] * 6], dtype="Int64"))
    result = combine_p(table, method="stouffer", sizes="sample_size")
    assert result.excluded.set_index("id").loc["b-1", "reason"] == "no sample size"
    assert result.too_few


@pytest.mark.parametrize("count", [0, 1])
def test_too_few(count: int) -> None:
    result = combine_p(TABLE.head(count))
    assert result.too_few and math.isnan(result.p_value) and math.isnan(result.statistic)
    assert result.verdict.startswith(f"too few to combine: {count} exact p-value")
    assert result.n == count


def test_results_of_one_study_are_not_independent_and_that_is_said() -> None:
    result = combine_p(TABLE.assign(study_id="a"))
    assert result.repeated == ("a",)
    assert "not independent: a" in result.verdict


def test_without_ids_the_index_names_the_rows() -> None:
    table = TABLE.drop(columns=["finding_id", "study_id"]).set_index(pd.Index(range(10, 18)))
    result = combine_p(table)
    assert result.used == (10, 11) and result.excluded["id"].to_list() == list(range(12, 18))


def test_a_series_of_sizes_follows_the_index() -> None:
    sizes = TABLE["sample_size"][::-1]
    expected = combine_p(TABLE, method="stouffer", sizes="sample_size").statistic
    assert combine_p(TABLE, method="stouffer", sizes=sizes).statistic == pytest.approx(expected)
    assert combine_p(
        TABLE, method="stouffer", sizes=list(TABLE["sample_size"])
    ).statistic == pytest.approx(expected)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"direction": "up"}, "direction is 'up'; allowed: benefit, harm"),
        ({}, {"method": "tippett"}, "method is 'tippett'; allowed: fisher, stouffer"),
        ({"p_value": 1.5}, {}, "outside 0 to 1"),
        ({}, {"sizes": "sample_size"}, "allowed: sizes with stouffer only"),
        ({}, {"method": "stouffer", "sizes": "n"}, "no column 'n' of sizes; columns: finding_id"),
        ({}, {"method": "stouffer", "sizes": [1, 2]}, "2 sizes for 8 findings"),
        ({"sample_size": -1}, {"method": "stouffer", "sizes": "sample_size"}, "below 0"),
    ],
)
def test_refusals(change: dict[str, Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        combine_p(TABLE.assign(**change), **options)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(
        UsageError,
        match="findings lack p_operator; needed: p_value, p_operator, observed_direction",
    ):
        combine_p(TABLE.drop(columns="p_operator"))


tables = st.lists(
    st.tuples(
        st.floats(0.001, 0.999),
        st.sampled_from(["=", "<"]),
        st.sampled_from(["benefit", "harm", "mixed"]),
    ),
    min_size=1,
    max_size=12,
).map(lambda rows: pd.DataFrame(rows, columns=["p_value", "p_operator", "observed_direction"]))


@settings(max_examples=40, deadline=None)
@given(table=tables, method=st.sampled_from(["fisher", "stouffer"]))
def test_relabelling_order_and_completeness(table: pd.DataFrame, method: str) -> None:
    result = combine_p(table, "benefit", method)
    assert sorted([*result.used, *result.excluded["id"]]) == list(table.index)
    swapped = table.assign(observed_direction=table["observed_direction"].replace(SWAP))
    assert combine_p(swapped, "harm", method).p_value == pytest.approx(result.p_value, nan_ok=True)
    assert combine_p(table[::-1], "benefit", method).p_value == pytest.approx(
        result.p_value, rel=1e-9, nan_ok=True
    )
    if method == "stouffer" and not result.too_few:
        assert combine_p(table, "harm", method).p_value == pytest.approx(1 - result.p_value)


def test_on_the_tables_of_the_project(ev: evidence.Evidence) -> None:
    result = combine_p(ev.findings)
    assert result.n + len(result.excluded) == len(ev.findings)
    exact = ev.findings[
        ev.findings["p_operator"].astype("str").eq("=").fillna(False) & ev.findings["p_value"].gt(0)
    ]
    assert set(result.used) <= set(exact["finding_id"])
    assert np.isfinite(result.p_value)
