"""Published reviews beside our rows."""

from __future__ import annotations

import pandas as pd
import plain
import pytest

import evidence
from evidence.synthesis.inclusions import inclusion_lists
from evidence.synthesis.reviews_beside import DOMAIN, beside_reviews

WORDS = ["benefit", "no_clear_difference", "mixed", "harm"]


@pytest.fixture(scope="module")
def table(ev) -> pd.DataFrame:
    return beside_reviews(ev)


def test_our_side_is_the_balance(ev, table):
    keys = [*ev.dictionary.kept_apart, DOMAIN]
    ours = table[table["studies"] > 0].set_index(keys)
    for lens, words in (("direction", ["benefit", "mixed", "harm"]), ("concluded", WORDS)):
        again = evidence.balance(ev, DOMAIN, lens).set_index(keys)
        assert len(again) == len(ours)
        for word in words:
            assert ours[f"{lens}_{word}"].to_list() == again[word].reindex(ours.index).to_list()


def test_their_side_holds_every_conclusion_once_for_each_question_and_domain(ev, table):
    once = table.drop_duplicates(["question", DOMAIN])
    columns = [*(f"reviews_{word}" for word in WORDS), "reviews_not_placed"]
    # conclusions of reviews on mechanisms have rows too, so nothing is lost
    assert once[columns].sum().sum() == len(ev.review_conclusions)
    assert once["pooled"].sum() == ev.pooled_estimates["estimate"].notna().sum()
    assert (
        once["pooled_results"].str.split("; ").map(lambda parts: len([p for p in parts if p])).sum()
        == once["pooled"].sum()
    )


def test_worked_by_hand(ev, table):
    row = table[(table["question"] == "risk") & (table[DOMAIN] == "als_risk")].iloc[0]
    joined = ev.review_conclusions.merge(ev.reviews[["review_id", "question"]], on="review_id")
    said = joined[(joined["question"] == "risk") & (joined[DOMAIN] == "als_risk")]
    assert [row[f"reviews_{word}"] for word in WORDS] == [
        (said["direction"] == word).sum() for word in WORDS
    ]
    conclusions = plain.table("review_conclusions").merge(plain.table("reviews"), on="review_id")
    about = conclusions[
        (conclusions["question"] == "risk") & (conclusions["outcome_domain"] == "als_risk")
    ]
    assert row["reviews_harm"] == (about["direction"] == "harm").sum() > 10
    assert row["reviews"] == said["review_id"].nunique()
    years = about["year"].astype(int)
    assert (row["first_year"], row["last_year"]) == (years.min(), years.max())
    assert years.min() < years.max()
    assert (
        "Zheng et al. 2023: OR 1.26 (1.06 to 1.49), ALS risk, vigorous activity"
        in row["pooled_results"]
    )
    assert not row["repeated"]


def test_reviews_that_cannot_be_parted_are_marked(table):
    again = table[table["repeated"]]
    assert (
        again.groupby(["question", DOMAIN], observed=True)["population"].nunique() > 1
    ).all() and len(again)


def test_why(ev, table):
    lonely = table[(table["reviews"] == 0) & (table["pooled"] == 0)]
    assert lonely["why_they_can_differ"].eq(
        "no review in the table concludes on this domain"
    ).all() and len(lonely)
    both = table[(table["reviews"] > 1) & (table["studies"] > 0)]
    assert both["why_they_can_differ"].str.contains("may rest on the same studies").all()
    few = dict(ev.tables)
    few["findings"] = few["findings"][few["findings"][DOMAIN] != "als_risk"]
    gone = beside_reviews(ev.with_tables(few))
    row = gone[gone[DOMAIN] == "als_risk"].iloc[0]
    assert (
        row["studies"] == 0
        and row["reviews"] > 0
        and row["why_they_can_differ"].startswith("no counted study of ours")
    )


def test_a_changed_direction_changes_the_right_rows(ev, table):
    findings = ev.findings
    mine = plain.findings()
    mine = mine[(mine["population"] == "human") & (mine["question"] == "treatment")]
    mine = mine[(mine[DOMAIN] == "muscle_strength") & mine["contrast"].isin(plain.answering())]
    alone = mine[~mine["study_id"].duplicated(keep=False)]
    one = alone[alone["observed_direction"] == "benefit"].iloc[0]
    here = findings["finding_id"] == one["finding_id"]
    findings.loc[here, "observed_direction"] = "harm"
    after = beside_reviews(ev.with_tables(dict(ev.tables) | {"findings": findings}))
    moved = (
        table[["direction_benefit", "direction_harm", "direction_not_placed"]]
        != after[["direction_benefit", "direction_harm", "direction_not_placed"]]
    ).any(axis=1)
    assert table.loc[moved, DOMAIN].astype("str").to_list() == ["muscle_strength"]


def test_row_order_does_not_matter(ev, table):
    tables = {
        name: each.sample(frac=1, random_state=4).reset_index(drop=True)
        for name, each in ev.tables.items()
    }
    pd.testing.assert_frame_equal(table, beside_reviews(ev.with_tables(tables)))


def test_optional_tables(ev):
    bare = ev.with_tables(
        {
            name: each
            for name, each in ev.tables.items()
            if name not in ("pooled_estimates", "review_inclusions")
        }
    )
    table = beside_reviews(bare)
    assert (table["pooled"] == 0).all() and table["pooled_results"].eq("").all()
    none = ev.with_tables(
        {name: each for name, each in ev.tables.items() if name != "review_conclusions"}
    )
    with pytest.raises(evidence.UsageError, match="no conclusions of reviews"):
        beside_reviews(none)


def test_reviews_whose_studies_nobody_can_see_are_not_called_readable(ev, table):
    """Most lists of included studies were not shown in what was read."""
    shown = inclusion_lists(ev, "risk").reviews["known"]
    assert 0 < (shown > 0).sum() < len(shown)
    said = " ".join(table.loc[table["question"] == "risk", "why_they_can_differ"].dropna().unique())
    assert f"{(shown > 0).sum()} showed which studies they include" in said
