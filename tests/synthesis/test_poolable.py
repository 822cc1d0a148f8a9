"""What may be pooled, what is refused, and what is said about the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence
from evidence.synthesis.results import matching


def conditions(*pairs: str) -> pd.DataFrame:
    return pd.DataFrame([pair.split("=", 1) for pair in pairs], columns=["column", "value"])


RISK = ("question=risk", "outcome_domain=als_risk")


def test_or_with_smr_is_refused(ev):
    with pytest.raises(
        evidence.UsageError,
        match=(
            r"different measures cannot be pooled \(OR: .*SMR: .*legal selections: one of OR, SMR"
        ),
    ):
        evidence.poolable(ev, ["OR", "SMR"], conditions(*RISK))


def test_two_reports_of_one_cohort_are_refused(ev):
    chosen = conditions(*RISK, "comparator=general_population")
    with pytest.raises(
        evidence.UsageError,
        match=(
            r"share people .*italian_soccer: chio2005, chio2009, taioli2007.*legal: one report a"
            r" cohort"
        ),
    ):
        evidence.poolable(ev, "SMR", chosen)
    once = evidence.poolable(ev, "SMR", chosen, one_per_cohort=True)
    assert once.included["study_id"].to_list() == ["chio2009", "daneshvar2021"]
    reason = once.excluded.set_index("study_id").loc["chio2005", "reason"]
    assert reason == "shares people with chio2009, which stands for them here"


def test_a_99_percent_interval_read_as_95_percent_is_refused(ev):
    chosen = conditions(
        *RISK,
        "exposure=occupational_activity",
        "comparator=lower_exposure",
        "comparator=no_exercise",
    )
    with pytest.raises(
        evidence.UsageError, match=r"not every interval is a 95 % interval: vanacore2010-1 \(99 %\)"
    ):
        evidence.poolable(ev, "OR", chosen, ci_level=95)
    own = evidence.poolable(
        ev,
        "OR",
        conditions(
            *RISK, "comparator=lower_exposure", "exposure=professional_or_competitive_sport"
        ),
    )
    row = own.included.set_index("finding_id").loc["vanacore2010-3"]
    assert row["se"] == pytest.approx((np.log(4.78) - np.log(0.69)) / (2 * 2.575829), rel=1e-5)


def test_different_contrasts_are_refused(ev):
    with pytest.raises(
        evidence.UsageError,
        match=(
            r"different values of comparator would be mixed .*per_unit: .*legal selections:"
            r" comparator=lower_exposure or"
        ),
    ):
        evidence.poolable(ev, "OR", conditions(*RISK))


def test_different_scales_are_refused(ev):
    with pytest.raises(
        evidence.UsageError,
        match=r"different values of outcome_scale .*MEP \(cmH2O\).*MIP \(% of predicted\)",
    ):
        evidence.poolable(
            ev,
            "MD",
            conditions("question=treatment", "outcome_domain=respiratory", "comparator=sham"),
        )


def test_unknown_measure(ev):
    with pytest.raises(evidence.UsageError, match="allowed: OR, RR, HR"):
        evidence.poolable(ev, "XX", conditions(*RISK))


def test_every_study_within_the_scope_is_accounted_for(ev):
    scope = evidence.results(ev.select(counted=True))
    scope = scope[scope["question"].eq("risk") & scope["outcome_domain"].eq("als_risk")]
    for one in evidence.size_pools(ev):
        named = set(one.poolable.included["study_id"]) | set(one.poolable.excluded["study_id"])
        if one.poolable.measure in ("OR", "HR", "SMR", "SIR"):
            assert named == set(scope["study_id"])
        assert not set(one.poolable.included["study_id"]) & set(one.poolable.excluded["study_id"])
        assert not one.poolable.included["study_id"].duplicated().any()
        assert one.poolable.excluded["reason"].str.len().gt(5).all()


@pytest.mark.parametrize(
    ("pool", "study", "words"),
    [
        ("or_sport", "gotkine2014", "another contrast"),
        ("or_sport", "abel2007", "no OR shown"),
        ("or_activity", "vanacore2010", None),
        ("or_activity", "yu2014", "not stated"),
        ("or_activity", "harwood2016", "another contrast: Per unit"),
        ("or_activity", "mattsson2012", "exposure: Physical fitness"),
        ("or_activity", "visser2018", "another contrast: Per unit"),
        ("hr_activity", "aberg2018", "exposure: Physical fitness"),
        ("smd_function", "lunetta2016", "another contrast"),
        ("smd_function", "ferri2019", "known contradiction: Their size suggests standard errors"),
        ("md_mip", "cheah2009", "outcome scale: MIP (% of predicted)"),
    ],
)
def test_reasons(ev, pool, study, words):
    one = evidence.size_pool(ev, pool)
    if words is None:
        assert study in set(one.poolable.included["study_id"])
    else:
        assert words in one.poolable.excluded.set_index("study_id").loc[study, "reason"]


def test_known_traps_never_enter(ev):
    """Ratios that a recoded event, an outside estimate or a mixed-up rate made, and final scores of
    unlike arms.
    """
    used = {
        finding
        for one in evidence.size_pools(ev)
        for finding in one.poolable.included["finding_id"]
    }
    assert not used & {
        "russell2022-1",
        "gotkine2014-1",
        "abel2007-1",
        "aberg2018-2",
        "braga2018-1",
        "ferri2019-1",
        "westeneng2021-2",
    }
    assert "braga2018-2" in used


def test_standardised_differences_point_to_benefit(ev):
    """braga2018-2 is a slope of points lost: the exercised arm lost less, which is benefit, so the
    sign is turned.
    """
    row = (
        evidence.size_pool(ev, "smd_function")
        .poolable.included.set_index("finding_id")
        .loc["braga2018-2"]
    )
    assert row["estimate"] == pytest.approx(0.262, abs=1e-3) and row["origin"] == "arm values"


def test_few_studies_are_shown_unpooled(ev):
    for one in evidence.size_pools(ev):
        assert (one.result is None) == (one.k < 3)
        if one.k < 3:
            assert one.summary == {} and (
                "unpooled" in one.verdict or "no study qualifies" in one.verdict
            )


def test_the_pool_of_the_table_against_the_pool_of_its_numbers(ev):
    one = evidence.size_pool(ev, "or_activity")
    again = evidence.pool(one.poolable.included["estimate"], one.poolable.included["se"])
    assert one.summary["estimate"] == pytest.approx(np.exp(again.estimate))
    assert f"OR {np.exp(again.estimate):.2f}" in one.verdict and f"{one.k} studies" in one.verdict


def test_size_table_and_forest_rows(ev):
    pools = evidence.size_pools(ev)
    table = evidence.size_table(pools)
    assert table["pool_id"].to_list() == ev.pools["pool_id"].to_list()
    assert table["estimate"].notna().to_list() == [one.k >= 3 for one in pools]
    rows = evidence.forest_rows(ev, evidence.size_pool(ev, "or_activity"))
    row = rows.set_index("label").loc["Pupillo et al. 2014"]
    assert [row["ci_low"], row["ci_high"]] == [0.48, 0.89] and row["estimate"] == pytest.approx(
        0.65
    )
    row = rows.set_index("label").loc["Vanacore et al. 2010 (printed: 99 %)"]
    assert row["ci_low"] > 0.69 and row["ci_high"] < 4.78


def test_unknown_pool(ev):
    with pytest.raises(evidence.UsageError, match="no pool 'x'; pools: hr_activity"):
        evidence.size_pool(ev, "x")


def test_matching():
    table = pd.DataFrame({"a": ["x", "y", None], "b": ["1", "2", "3"]})
    met = matching(table, conditions("a=x", "a=y", "b=not:2"))
    assert met["a"].to_list() == [True, True, False] and met["b"].to_list() == [True, False, True]
    assert matching(table, conditions("a=*"))["a"].to_list() == [True, True, False]
    with pytest.raises(evidence.UsageError, match="no column 'c'"):
        matching(table, conditions("c=1"))


def test_a_finding_overrides_its_study(ev):
    table = evidence.results(ev).set_index("finding_id")
    assert table.loc["huisman2013-2", "exposure"] == "leisure_activity"
    assert table.loc["huisman2013-3", "exposure"] == "occupational_activity"
    assert table.loc["vanacore2010-4", "comparator"] == "not_exercise"
    assert len(table) == len(ev.findings)
