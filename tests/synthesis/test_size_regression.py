"""One class of exposure against the others, over all ratios of a question."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence
from evidence.synthesis.pool_multilevel import pool_multilevel


@pytest.fixture(scope="module")
def found(ev):
    return evidence.size_regression(ev, "risk", "human")


def test_the_real_table(found):
    table = found.ratios.set_index("what")
    assert table.index.to_list() == ["all", "sport", "other", "sport / other"]
    assert table.loc["all", ["results", "studies", "cohorts"]].to_list() == [34, 19, 15]
    assert table.loc["sport", "estimate"] == pytest.approx(2.37, abs=0.01)
    assert table.loc["other", "estimate"] == pytest.approx(1.07, abs=0.01)
    assert table.loc["sport / other", ["estimate", "ci_low", "ci_high"]].to_list() == pytest.approx(
        [2.21, 1.27, 3.85], abs=0.01
    )
    assert found.by_group.cr1_df == 13


def test_the_numbers_are_those_of_the_model_on_the_printed_ratios(ev, found):
    """Recomputed from the tables by plain pandas."""
    rows = ev.findings.set_index("finding_id").loc[found.frame["finding_id"]]
    z = rows["ci_level"].map({95: 1.959963985, 99: 2.575829304}).astype(float)
    y, se = np.log(rows["estimate"]), np.log(rows["ci_high"] / rows["ci_low"]) / (2 * z)
    studies = ev.studies.set_index("study_id").loc[rows["study_id"]]
    cohort = studies["cohort"].fillna(studies.index.to_series()).to_numpy()
    exposure = rows["exposure"].astype("str").to_numpy()
    exposure = np.where(pd.isna(exposure), studies["exposure"].astype("str"), exposure)
    sport = np.isin(exposure, ["professional_or_competitive_sport", "school_sport"])
    fit = pool_multilevel(y.to_list(), se.to_list(), cohort, 0.6, sport.astype(float))
    assert found.by_group.beta == pytest.approx(fit.beta)
    assert found.by_group.cr1_p == pytest.approx(fit.cr1_p)
    assert found.inside.beta[0] == pytest.approx(fit.beta.sum())
    assert found.inside.beta[1] == pytest.approx(-fit.beta[1])
    assert found.frame["in_class"].to_list() == sport.tolist()


def test_each_ratio_enters_or_has_a_reason(ev, found):
    studies = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    studies = studies[studies["question"].eq("risk") & studies["population"].eq("human")]
    rows = ev.findings[ev.findings["study_id"].isin(studies["study_id"])]
    ratio = rows["measure"].isin(["OR", "RR", "HR", "SMR", "SIR"]) & rows["estimate"].notna()
    rows = rows[ratio & rows["outcome_domain"].eq("als_risk")]
    parts = [*found.frame["finding_id"], *found.excluded["finding_id"]]
    assert sorted(parts) == sorted(rows["finding_id"])
    reasons = found.excluded.set_index("finding_id")["reason"]
    assert reasons["beghi2010-2"] == "per unit, and units differ between studies"
    assert reasons["visser2018-1"] == "per unit, and units differ between studies"
    assert reasons["alves2025-2"] == "its contrast does not answer the question"
    assert reasons["russell2022-1"].startswith("known contradiction")
    assert "exact p-value" in reasons["goutman2024-1"]
    assert reasons.str.len().gt(5).all()


def test_a_finding_says_more_than_its_study(found):
    classes = found.frame.set_index("finding_id")["class"]
    assert classes["vanacore2010-1"] == "other" and classes["vanacore2010-3"] == "sport"


def test_what_is_assumed_stands_beside(found):
    for words in ("Exploratory", "outcome is rare", "correlate 0.6", "HR, OR, SIR, SMR", "CR1"):
        assert words in found.assumptions
    assert "34 ratios of 19 of 43 studies of the question, in 15 cohorts" in found.verdict
    assert found.verdict.count("95 % interval") == 4
    assert found.readable() is not None and set(found.underlying) == set(found.frame["study_id"])


def test_p_values_are_asked_for_and_marked(ev, found):
    more = evidence.size_regression(ev, "risk", "human", from_p_values=True)
    added = more.frame[~more.frame["finding_id"].isin(found.frame["finding_id"])]
    assert added["finding_id"].to_list() == ["goutman2024-1", "goutman2024-2", "goutman2024-3"]
    assert (added["origin"] == "p_value").all() and (found.frame["origin"] == "interval").all()


def test_turned_contrasts_stay_out(ev):
    findings = ev.findings.copy()
    findings.loc[findings["finding_id"] == "gallo2016-1", "reversed_contrast"] = True
    turned = ev.with_tables({**ev.tables, "findings": findings}, [])
    again = evidence.size_regression(turned, "risk", "human")
    reasons = again.excluded.set_index("finding_id")["reason"]
    assert reasons["gallo2016-1"] == "the contrast is reversed"


def test_turning_all_ratios_mirrors_the_result(ev, found):
    findings = ev.findings.copy()
    ratio = findings["measure"].isin(["OR", "RR", "HR", "SMR", "SIR"])
    low, high = 1 / findings["ci_high"], 1 / findings["ci_low"]
    findings["ci_low"] = findings["ci_low"].mask(ratio, low)
    findings["ci_high"] = findings["ci_high"].mask(ratio, high)
    findings["estimate"] = findings["estimate"].mask(ratio, 1 / findings["estimate"])
    mirrored = ev.with_tables({**ev.tables, "findings": findings}, [])
    again = evidence.size_regression(mirrored, "risk", "human").ratios
    here = found.ratios
    assert again["estimate"].to_list() == pytest.approx((1 / here["estimate"]).to_list(), rel=1e-6)
    assert again["ci_low"].to_list() == pytest.approx((1 / here["ci_high"]).to_list(), rel=1e-5)
    assert again["p_value"].to_list() == pytest.approx(here["p_value"].to_list(), rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((), {}, "name one question; allowed: risk, treatment"),
        (("cure",), {}, "question is 'cure'; allowed: risk, treatment"),
        (("risk", "human", "luck"), {}, "outcome_domain is 'luck'"),
        (("risk", "human"), {"group": "work"}, "group is 'work'; allowed: sport"),
        (("risk", "human"), {"moderator": "colour"}, "no column 'colour'"),
        (("risk", "human"), {"moderator": "design"}, 'no category of design has the property "gr'),
        (("treatment", "human"), {}, "0 of .* ratios are of 'sport'"),
        (("risk", "human"), {"correlation": 1.5}, "correlation is 1.5"),
        (("risk", "human"), {"overlap": "none"}, "overlap is 'none'"),
    ],
)
def test_refusals(ev, arguments, options, message):
    with pytest.raises(evidence.UsageError, match=message):
        evidence.size_regression(ev, *arguments, **options)
