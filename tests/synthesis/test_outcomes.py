"""Outcome by outcome: every number worked out once more from the files, without the package."""

from __future__ import annotations

import pandas as pd
import plain
import pytest

import evidence

WORDS = ("benefit", "no_clear_difference", "mixed", "harm")


def from_the_files(main_only: bool = False) -> dict[tuple, dict]:
    """Row by row, study by study, what :func:`evidence.outcomes` should give."""
    found = plain.main_findings() if main_only else plain.findings()
    found = found[found["contrast"].isin(plain.answering())]
    marks = {
        one["value"]: one.get("randomised") is True for one in plain.categories("studies", "design")
    }
    randomised = found["design"].map(marks).fillna(False)
    rows = {}
    keys = [*plain.GROUP, "outcome_domain", "contrast"]
    for key, group in found.groupby([*keys, randomised.rename("randomised")]):
        row = dict.fromkeys(["studies", "participants", "size_unknown"], 0)
        row |= dict.fromkeys([f"concluded_{word}" for word in [*WORDS, "not_placed"]], 0)
        row |= dict.fromkeys(
            [f"direction_{w}" for w in ("benefit", "mixed", "harm", "unreadable")], 0
        )
        for _, study in group.groupby("study_id"):
            size = plain.number(study["sample_size"].iloc[0])
            row["studies"] += 1
            row["participants"] += size or 0
            row["size_unknown"] += size is None
            said = plain.as_concluded(study["conclusion"].to_list())
            row[f"concluded_{said or 'not_placed'}"] += 1
            seen = plain.by_direction(study["observed_direction"].to_list())
            row[f"direction_{seen or 'unreadable'}"] += 1
        rows[tuple(key)] = row
    return rows


def ours(ev, **options) -> pd.DataFrame:
    table = evidence.outcomes(ev, **options).frame
    keys = [*plain.GROUP, "outcome_domain", "contrast"]
    table[keys] = table[keys].astype("str").fillna("")
    return table.set_index([*keys, "randomised"])


@pytest.mark.parametrize("main_only", [False, True])
def test_every_count_is_that_of_the_files(ev, main_only):
    table, theirs = ours(ev, main_only=main_only), from_the_files(main_only)
    assert set(table.index) == set(theirs) and len(theirs) > 10
    for key, row in theirs.items():
        assert table.loc[key, list(row)].to_dict() == row, key


def test_every_test_is_that_of_the_files(ev):
    table = ours(ev)
    for key, row in from_the_files().items():
        counts = [row[f"direction_{word}"] for word in ("benefit", "harm", "unreadable")]
        line = table.loc[key]
        if counts[0] + counts[1] == 0:
            assert line[["share", "p_value", "p_worst", "tipping_point"]].isna().all()
            continue
        assert line["share"] == pytest.approx(counts[0] / (counts[0] + counts[1]))
        assert line["p_value"] == pytest.approx(plain.coin(*counts[:2]))
        assert line["p_worst"] == pytest.approx(plain.worst(*counts))
        assert line["p_best"] == pytest.approx(plain.best(*counts))
        tipping = plain.tipping_point(*counts)
        assert (None if pd.isna(line["tipping_point"]) else line["tipping_point"]) == tipping


def test_each_study_stands_in_one_row_with_its_main_finding(ev):
    table = evidence.outcomes(ev, main_only=True).frame
    counted = ev.studies[ev.studies["counted"]]
    per_part = table.groupby(plain.GROUP, observed=True)["studies"].sum()
    assert per_part.to_dict() == counted.groupby(plain.GROUP, observed=True).size().to_dict()


def test_one_question_and_population(ev):
    whole = evidence.outcomes(ev).frame
    part = evidence.outcomes(ev, question="treatment", population="animal").frame
    cut = whole[(whole["question"] == "treatment") & (whole["population"] == "animal")]
    shown = ["studies", "participants", "direction_benefit", "p_worst"]
    pd.testing.assert_frame_equal(part[shown], cut[shown].reset_index(drop=True))


def test_a_contrast_that_does_not_vote_shows_what_was_set_aside(ev):
    assert "exercise_against_exercise" not in set(evidence.outcomes(ev)["contrast"].astype("str"))
    table = evidence.outcomes(ev, contrast="exercise_against_exercise")
    assert set(table["contrast"].astype("str")) == {"exercise_against_exercise"} and len(table)
    aside = set(ev.studies.loc[~ev.studies["counted"], "study_id"])
    assert aside & set(table.underlying)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"question": "diet"}, "allowed: risk, treatment"),
        ({"population": "plants"}, "population is 'plants'"),
        ({"contrast": "nothing"}, "allowed: against_none"),
    ],
)
def test_wrong_options(ev, options, words):
    with pytest.raises(evidence.UsageError, match=words):
        evidence.outcomes(ev, **options)


def test_the_verdict_says_what_was_not_printed(ev):
    for row in evidence.outcomes(ev).frame.to_dict("records"):
        hidden = row["direction_unreadable"]
        if hidden and row["direction_benefit"] + row["direction_harm"]:
            assert f"{hidden} more ha" in row["verdict"]
        if not row["p_worst"] < 0.05:
            assert "unlikely to be chance" not in row["verdict"]


def test_members_name_the_row_that_they_are_in(ev):
    from evidence.synthesis.outcomes import outcome_members

    table = evidence.outcomes(ev, "treatment", "human").frame
    members = outcome_members(ev, "treatment", "human")
    assert members["row"].value_counts().sort_index().tolist() == table["studies"].tolist()
    domains = ev.findings.groupby("study_id")["outcome_domain"].agg(
        lambda words: set(words.dropna())
    )
    for row, study in zip(members["row"], members["study_id"], strict=True):
        assert table["outcome_domain"].iloc[row] in domains[study]


def test_a_pool_stands_beside_its_own_contrast_only(ev):
    """A pool of two contrasts is beside neither."""
    frame = evidence.outcomes(ev).frame
    assert set(frame["pool_id"].dropna()) == {"or_more_less"}
    assert set(frame.loc[frame["pool_id"].notna(), "contrast"]) == {"more_against_less"}


def test_an_outcome_has_sides_of_its_own(ev):
    risk = {"question": "risk", "population": "human"}
    assert ev.dictionary.sides(risk)["harm"] == "more ALS"
    assert ev.dictionary.sides(risk | {"outcome_domain": "als_risk"})["harm"] == "more ALS"
    assert ev.dictionary.sides(risk | {"outcome_domain": "age_at_onset"})["harm"] != "more ALS"


def test_a_row_names_those_of_unknown_size_and_adds_up(ev):
    """As in the balance: what is not known is never shown as 0."""
    result = evidence.outcomes(ev)
    shown, frame = result.readable().frame, result.frame
    parts = [name for name in shown if name.startswith("Conclude") or name == "No conclusion"]
    assert shown[parts].replace(r"\D.*", "", regex=True).astype(int).sum(axis=1).to_list() == (
        frame["studies"].to_list()
    )
    cells = shown["Took part"].to_list()
    for cell, line in zip(cells, frame.to_dict("records"), strict=True):
        unknown = line["size_unknown"]
        if unknown == line["studies"]:
            assert cell == "unknown"
        else:
            assert cell == f"{line['participants']:,}" + f" + {unknown} unknown" * bool(unknown)
    assert "unknown" in cells and any(" + " in cell for cell in cells)
    assert {"size_unknown", "concluded_not_placed"} <= set(frame)


def test_a_number_is_called_by_the_sides_of_its_outcome(ev):
    """The words of the chart: an earlier start is not more of a disease."""
    result = evidence.outcomes(ev, "risk", "human")
    shown = result.readable().frame.assign(outcome=result["outcome_domain"].astype("str").array)
    words = evidence.charts.words(ev)
    for line, cells in zip(result.frame.to_dict("records"), shown.to_dict("records"), strict=True):
        for side in ("benefit", "harm"):
            called = words.side(side, line)
            usual = words.side(side, {**line, "outcome_domain": None})
            cell, n = cells[f"Conclude {usual}"], line[f"concluded_{side}"]
            assert cell == (f"{n} ({called})" if n and called != usual else f"{n}")
    assert "1 (an earlier start)" in shown["Conclude more ALS"].to_list()
    assert "4 (worse)" in shown["Numbers lean to more ALS"].to_list()


def test_a_table_of_one_outcome_has_its_sides_as_headings(ev):
    result = evidence.outcomes(ev.select(question="risk", outcome_domain="age_at_onset"))
    shown = result.readable().frame
    assert shown["Conclude an earlier start"].to_list() == ["1"]
    assert "Numbers lean to a later start" in shown


def test_the_balance_of_outcomes_calls_their_sides_too(ev):
    result = evidence.balance(ev.select(question="risk"), "outcome_domain")
    shown = result.readable().frame["More ALS"].to_list()
    assert [cell for cell in shown if "(" in cell] == ["1 (an earlier start)", "4 (worse)"]
