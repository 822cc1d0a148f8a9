"""Sheets for a class: eight questions each, and a key that follows from the tables."""

from __future__ import annotations

import pytest

import evidence
from evidence.cli import main
from evidence.display.sheets import SHEETS


@pytest.mark.parametrize("name", SHEETS)
def test_eight_questions_with_answers(ev, name):
    pairs = evidence.sheet(ev, name).questions
    assert len(pairs) == 8 == len({question for question, _ in pairs})
    assert all(question.endswith("?") and answer for question, answer in pairs)


def test_the_key_follows_the_table(ev):
    """All studies of the first question turned to benefit: the key says the new thing."""
    ids = ev.select(question="risk", counted=True).studies["study_id"]
    findings = ev.findings.copy()
    rows = findings["study_id"].isin(ids) & findings["is_primary"]
    findings.loc[rows, ["conclusion", "observed_direction"]] = "benefit"
    turned = ev.with_tables(dict(ev.tables) | {"findings": findings})
    before, after = (dict(evidence.sheet(one, "headline").questions) for one in (ev, turned))
    question = "How many of them conclude more ALS?"
    assert before[question] != "0." and after[question] == "0."


def test_the_numbers_are_those_of_the_balance(ev):
    row = evidence.balance(ev, None, "direction").frame.iloc[0]
    answers = [answer for _, answer in evidence.sheet(ev, "balance_by_direction").questions]
    assert answers[1:4] == [f"{row[word]}." for word in ("harm", "benefit", "not_placed")]


def test_the_command_prints_questions_and_with_key_answers(capsys):
    assert main(["sheet", "forest"]) == 0
    asked = capsys.readouterr().out
    assert "8. " in asked and "**" not in asked
    assert main(["sheet", "forest", "--key"]) == 0
    assert "**" in capsys.readouterr().out


def test_an_unknown_chart_is_named(ev):
    with pytest.raises(evidence.UsageError, match="headline"):
        evidence.sheet(ev, "headlin")


def test_the_forest_sheet_gives_the_reasons_that_occur(ev):
    pool = evidence.size_pool(ev, "or_activity")
    answer = evidence.sheet(ev, "forest").questions[-1][1]
    kinds = pool.poolable.why_not()
    assert sum(kinds.values()) == pool.poolable.studies - pool.k
    assert all(f"{kind} ({n})" in answer for kind, n in kinds.items())
    assert "a known contradiction (1)" in answer and "people" not in answer
    shared = evidence.size_pool(ev, "smr_sport").poolable
    n = shared.excluded["reason"].str.startswith("shares people").sum()
    assert shared.why_not()["the people of one that is in"] == n > 0


def test_what_can_not_be_filled_is_named_and_the_others_are_printed(capsys):
    assert main(["sheet", "--question", "treatment"]) == 0
    printed = capsys.readouterr()
    heads = [line for line in printed.out.splitlines() if line.startswith("# ")]
    made = [name for name in SHEETS if name != "forest"]
    assert heads == [f"# Questions on the chart `{name}`" for name in made]
    assert printed.err == (
        "No sheet on the chart forest: nothing to ask: fewer than three results could be pooled.\n"
    )


def test_a_sheet_that_is_asked_for_by_name_has_to_be_there(capsys):
    for asked in (["forest", "--question", "treatment"], ["--from-year", "2100"]):
        assert main(["sheet", *asked]) == 2
        printed = capsys.readouterr()
        assert printed.out == "" and "nothing to ask" in printed.err
