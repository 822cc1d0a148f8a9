"""Three lenses side by side."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence


def test_each_lens_for_each_part(ev):
    table = evidence.lenses(ev)
    assert table["lens"].to_list() == ["concluded", "direction", "size"] * 3
    assert table[["question", "population"]].drop_duplicates().shape == (3, 2)
    assert table["verdict"].str.len().gt(20).all()


@pytest.mark.parametrize("unit", ["study", "cohort", "finding"])
def test_counts_are_those_of_the_balance(ev, unit):
    table = evidence.lenses(ev, unit).set_index(["question", "population", "lens"])
    for lens in ("concluded", "direction"):
        for _, row in evidence.balance(ev, None, lens, unit).iterrows():
            here = table.loc[(row["question"], row["population"], lens)]
            assert [here[name] for name in ("benefit", "harm", "not_placed", "units")] == [
                row[name] for name in ("benefit", "harm", "not_placed", "units")
            ]


def test_a_further_column_makes_rows_of_its_own(ev):
    table = evidence.lenses(ev, by="outcome_domain")
    counts = evidence.balance(ev, "outcome_domain", "direction")
    direction = table[table["lens"] == "direction"]
    assert direction["outcome_domain"].to_list() == counts["outcome_domain"].to_list()
    assert direction["harm"].to_list() == counts["harm"].to_list()
    pooled = table[table["k"].fillna(0) > 0]
    assert pooled["outcome_domain"].to_list() == ["als_risk", "function"]
    assert (
        pooled["estimate"].dropna().to_list() == evidence.lenses(ev)["estimate"].dropna().to_list()
    )


def test_shares_only_where_they_belong(ev):
    table = evidence.lenses(ev)
    assert table.loc[table["lens"] != "direction", "share"].isna().all()
    assert table.loc[table["lens"] != "size", "estimate"].isna().all()


def test_too_few_gets_no_p_value(ev):
    few = evidence.lenses(
        ev.select(question="treatment", population="human", design="single_arm", counted=True)
    )
    row = few[few["lens"] == "direction"].iloc[0]
    assert (
        row["benefit"] + row["harm"] < 6
        and pd.isna(row["p_value"])
        and "too few to test" in row["verdict"]
    )


def test_one_study_has_a_share_and_no_p_value(ev):
    table = evidence.lenses(ev.select(study_id="braga2018"))
    row = table[table["lens"] == "direction"].iloc[0]
    assert row["benefit"] + row["harm"] == 1 and row["share"] in (0, 1) and pd.isna(row["p_value"])


def test_verdicts_say_no_more_than_their_lens_can(ev):
    words = " ".join(evidence.lenses(ev)["verdict"])
    assert "not a finding of none" in words and "printed direction" in words
    for claim in ("effective", "no effect", "safe", "proves", "significant benefit", "should"):
        assert claim not in words


def test_what_was_not_printed_is_in_the_verdict(ev):
    table = evidence.lenses(ev)
    for row in table[table["lens"] == "direction"].to_dict("records"):
        test = evidence.sign_test(row["benefit"], row["harm"], row["not_placed"])
        better = ev.dictionary.sides(row)["benefit"]
        assert (
            row["verdict"] == test.said(better) and f"{row['not_placed']} more ha" in row["verdict"]
        )
        if not test.holds:
            assert "unlikely" not in row["verdict"]


def test_published_results_keep_their_questions(ev):
    risk = evidence.published(ev, "risk")
    assert set(risk["question"]) == {"risk"} and len(risk) + len(
        evidence.published(ev, "treatment")
    ) == len(ev.pooled_estimates)
    row = risk[
        (risk["review"] == "Zheng et al. 2023") & (risk["subgroup"] == "vigorous activity")
    ].iloc[0]
    assert [row["estimate"], row["ci_low"], row["ci_high"]] == [1.26, 1.06, 1.49]


def test_without_pools_and_reviews(ev):
    bare = ev.with_tables({name: ev.tables[name] for name in ("studies", "findings", "cohorts")})
    table = evidence.lenses(bare)
    assert (
        table.loc[table["lens"] == "size", "verdict"]
        .str.contains("no results on one measure")
        .all()
    )
    assert evidence.published(bare).empty and evidence.size_pools(bare) == []


def test_published_sizes_are_counted_from_zero(ev):
    table = evidence.published(ev, "risk")
    assert "index" not in table and list(table.index) == list(range(len(table)))


def test_each_question_is_told_in_its_own_words(ev):
    """No lens speaks of benefit or harm where the question has words for its sides."""
    part = ev.select(question="risk", counted=True)
    told = str(evidence.question_answer(part))
    assert "point to less ALS" in told and "more ALS;" in told
    assert "benefit" not in told and "harm" not in told
    found = evidence.lenses(part)
    assert found.readable(columns=["share"]).frame.columns.to_list() == [
        "Share pointing to less ALS"
    ]
    assert "less ALS or better" in str(evidence.lenses(ev).readable(columns=["question", "share"]))
