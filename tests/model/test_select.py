"""Selections, and their account of what was left out."""

from __future__ import annotations

import pytest

import evidence


def test_the_call_of_the_design(ev):
    part = ev.select(
        question="risk",
        population="human",
        design=["cohort"],
        min_sample_size=50,
        one_per_cohort=True,
        cited_by_article=False,
        counted=True,
    )
    studies = part.studies
    assert len(part) == len(studies) > 5
    assert (
        studies["design"].eq("cohort").all()
        and studies["question"].eq("risk").all()
        and studies["counted"].all()
    )
    assert (studies["sample_size"] >= 50).all()
    assert not studies["cohort"].dropna().duplicated().any()
    assert set(part.findings["study_id"]) == set(studies["study_id"])
    assert set(part.readings["study_id"]) == set(studies["study_id"])


def test_the_account_adds_up(ev):
    part = ev.select(question="treatment", min_sample_size=20, years=(2000, 2015), counted=True)
    steps = part.selection
    assert len(ev) - steps["removed"].sum() == len(part) == steps["kept"].iloc[-1]
    assert (steps["unknown"] <= steps["removed"]).all()


def test_unknown_sizes_are_reported(ev):
    animals = ev.select(population="animal", counted=True)
    part = animals.select(min_sample_size=1)
    last = part.selection.iloc[-1]
    assert last["unknown"] == animals.studies["sample_size"].isna().sum() == 19


def test_conditions_on_findings(ev):
    part = ev.select(outcome_domain="survival", population="animal")
    assert part.findings["outcome_domain"].eq("survival").all()
    assert set(part.studies["study_id"]) == set(part.findings["study_id"])


def test_representatives_stand_for_their_cohorts(ev):
    part = ev.select(counted=True, one_per_cohort=True)
    chosen = part.studies.dropna(subset=["cohort"]).set_index("cohort")["study_id"]
    assert chosen["italian_soccer"] == "pupillo2020"
    assert chosen["rochester_school_football"] == "savica2012"
    assert chosen["als_gwas"] == "zhang2021"  # no representative: the largest known sample
    certain = ev.select(counted=True, one_per_cohort=True, overlap="certain")
    assert len(certain) > len(part)


def test_article_and_set_aside(ev):
    assert sorted(ev.select(cited_by_article=True).studies["article_reference"]) == [1, 2, 3]
    aside = ev.select(counted=False)
    assert len(aside) == (~ev.studies["counted"]).sum() and not aside.studies["counted"].any()
    assert len(ev.select()) == len(ev)


def test_an_empty_selection_is_a_data_set(ev):
    part = ev.select(question="mechanism", design="rct")
    assert len(part) == 0 and len(part.findings) == 0
    assert evidence.balance(part).empty


def test_a_wrong_word_lists_the_columns(ev):
    with pytest.raises(evidence.UsageError, match="columns: study_id"):
        ev.select(zzz="red")


def test_the_whole_is_untouched(ev):
    before = len(ev)
    ev.select(question="risk")
    assert len(ev) == before and ev.steps == ()


def test_a_report_that_counts_stands_for_its_cohort(ev):
    """Set aside, the largest report would leave its cohort without a vote."""
    studies = ev.studies
    aside = studies[~studies["counted"]].set_index("cohort")["sample_size"].dropna()
    with_both = studies[studies["counted"] & studies["cohort"].isin(aside.index)]
    smaller = with_both[
        with_both["sample_size"] < with_both["cohort"].map(aside.groupby(level=0).max())
    ]
    assert len(smaller)
    kept = ev.select(one_per_cohort=True).studies
    for cohort in smaller["cohort"].unique():
        assert kept.loc[kept["cohort"] == cohort, "counted"].all()
    risk = {"question": "risk", "one_per_cohort": True}
    units = evidence.votes(ev.select(question="risk"), unit="cohort")
    assert len(evidence.votes(ev.select(**risk))) == len(units)
