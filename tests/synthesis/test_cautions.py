"""Reasons to be careful, and how many studies each touches."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence
from evidence.synthesis.cautions import main_rows, touched
from evidence.tables.conditions import parse_criteria

GROUPS = [("risk", "human"), ("treatment", "human"), ("treatment", "animal")]


def test_counts_by_hand(ev):
    """Each count again, from the rows, in another way."""
    found = evidence.cautions(ev, "treatment", "human").set_index("caution_id")
    studies = ev.studies[
        ev.studies["counted"]
        & (ev.studies["question"] == "treatment")
        & (ev.studies["population"] == "human")
    ]
    small = [size for size in studies["sample_size"].dropna() if size < 50]
    assert found.loc["treatment:human:small", "touched"] == len(small)
    assert found.loc["treatment:human:no_comparison", "touched"] == sum(
        design in ("single_arm", "case_series", "case_report", "cross_sectional")
        for design in studies["design"]
    )
    harms = ev.tables["harms"]
    known = set(harms.loc[(harms["arm"] == "exercise") & harms["finished"].notna(), "study_id"])
    assert found.loc["treatment:human:dropouts", "touched"] == len(set(studies["study_id"]) - known)
    assert (found["studies"] == len(studies)).all()
    known = found["touched"].notna()
    share = found.loc[known, "touched"].astype(float) / len(studies)
    assert found.loc[known, "share"].astype(float).tolist() == pytest.approx(share.tolist())


def test_conditions_on_a_table_hold_in_one_row(ev):
    """A control group whose end is known says nothing of those who exercised."""
    main = pd.DataFrame({"study_id": ["a", "b"]}).set_index("study_id", drop=False)
    rows = [
        ("a", "exercise", pd.NA),
        ("a", "control", 9),
        ("b", "exercise", 8),
        ("b", "control", pd.NA),
    ]
    harms = pd.DataFrame(rows, columns=["study_id", "arm", "finished"]).astype(
        {"finished": "Int64"}
    )
    part = ev.with_tables({**ev.tables, "harms": harms})
    assert touched(part, main, "harms.arm=exercise;harms.finished=") == ["a"]
    assert touched(part, main, "harms.arm=exercise;harms.finished>7") == ["b"]
    assert touched(part, main, "harms.finished=") == ["a", "b"]


def test_the_words_change_when_the_data_do(ev):
    """All risk studies become trials: the caution touches none any more."""
    before = evidence.cautions(ev, "risk", "human").set_index("caution_id")["touched"]
    assert before["risk:human:no_trials"] == before.max() > 0
    studies = ev.studies
    design = studies["design"].where(studies["question"] != "risk", "rct")
    changed = ev.with_tables({**ev.tables, "studies": studies.assign(design=design)})
    assert (
        evidence.cautions(changed, "risk", "human")
        .set_index("caution_id")
        .loc["risk:human:no_trials", "touched"]
        == 0
    )


def test_the_main_finding_stands_for_its_study(ev):
    main = main_rows(ev)
    assert len(main) == int(ev.studies["counted"].sum()) and main.index.is_unique
    shown = evidence.results(ev)
    shown = shown[shown["counted"] & shown["is_primary"]].set_index("study_id")
    assert (
        main["comparator"].fillna("")
        == shown["comparator"].reindex(main.index).astype("object").fillna("")
    ).all()


def test_a_selection_counts_within_itself(ev):
    found = evidence.cautions(ev.select(design="rct"), "treatment", "human")
    assert (
        found["studies"] == int((ev.studies["counted"] & (ev.studies["design"] == "rct")).sum())
    ).all()
    assert (found["touched"] <= found["studies"]).fillna(True).all()


def test_a_general_reason_has_a_source_and_no_number(ev):
    rows = ev.tables["cautions"]
    general = rows[rows["criteria"].isna()]
    assert general["source"].notna().all()
    for question, population in GROUPS:
        found = evidence.cautions(ev, question, population)
        assert found.loc[found["criteria"].isna(), "touched"].isna().all()


def test_by_outcome(ev):
    rows = ev.tables["cautions"].iloc[:2].copy()
    words = ev.dictionary.tables["cautions"].by_name["outcome_domain"].values
    rows["outcome_domain"] = pd.Categorical(["age_at_onset", None], categories=words)
    part = ev.with_tables({**ev.tables, "cautions": rows})
    assert len(evidence.cautions(part, "risk")) == 2
    assert list(evidence.cautions(part, "risk", outcome_domain="als_risk")["caution_id"]) == [
        rows["caution_id"].iloc[1]
    ]


@pytest.mark.parametrize(("question", "population"), [("danger", ""), ("risk", "plant")])
def test_unknown_words_are_refused(ev, question, population):
    with pytest.raises(evidence.UsageError):
        evidence.cautions(ev, question, population)


def test_each_answer_has_cautions_that_touch_something(ev):
    for question, population in GROUPS:
        found = evidence.cautions(ev, question, population)
        assert len(found) >= 5 and (found["touched"] > 0).sum() >= 4, (question, population)


def test_sources_are_rows_or_addresses(ev):
    known = set(ev.studies["study_id"]) | set(ev.tables["reviews"]["review_id"])
    for cell in ev.tables["cautions"]["source"].dropna():
        assert all(word in known or word.startswith("https://") for word in cell.split()), cell


def test_they_are_short_and_plain(ev):
    rows = ev.tables["cautions"]
    assert rows["explanation"].str.count(r"[.!?]").eq(1).all(), "one sentence"
    assert rows["explanation"].str.split().str.len().max() <= 30
    assert rows["caution"].str.len().max() <= 60
    assert all(parse_criteria(cell) for cell in rows["criteria"].dropna())


def test_a_lone_report_shares_nobody(ev):
    """Its fellow reports are set aside, or were left out: there is nobody whom it shares here."""
    found = (
        evidence.cautions(ev, "risk", "human").set_index("caution_id").loc["risk:human:same_people"]
    )
    counted = ev.studies[ev.studies["counted"] & (ev.studies["question"] == "risk")]
    cohorts = counted["cohort"].dropna()
    assert found["touched"] == cohorts.duplicated(keep=False).sum() < cohorts.size
    once = evidence.cautions(ev.select(one_per_cohort=True), "risk", "human")
    assert once.set_index("caution_id").loc["risk:human:same_people", "touched"] == 0
