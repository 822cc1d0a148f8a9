"""The balance for a terminal says what its numbers bear."""

from __future__ import annotations

import evidence
from evidence.display.balance_text import print_balance
from evidence.synthesis.number_texts import p_cell


def rows(text: str) -> list[list[str]]:
    """Head and rows of the table, cells separated by two blanks or more."""
    table = text.split("\n\n")[1].splitlines()
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in table]


def test_the_worst_case_stands_beside_the_test(ev):
    """A test of printed directions alone is one of results chosen by significance."""
    head, _, *lines = rows(print_balance(ev, lens="direction"))
    table = evidence.balance(ev, "population", "direction").frame
    for line, row in zip(lines, table.to_dict("records"), strict=True):
        test = evidence.sign_test(row["benefit"], row["harm"], row["not_placed"])
        assert line[head.index("Sign test p")] == p_cell(test.p_value)
        assert line[head.index("Worst case")] == p_cell(test.p_worst)


def test_sides_are_called_as_their_question_calls_them(ev):
    head = rows(print_balance(ev.select(question="risk")))[0]
    assert "Less ALS" in head and "More ALS" in head and "Benefit" not in head
    head = rows(print_balance(ev, lens="direction"))[0]
    assert "Less ALS or better, of those with one" in head


def test_cohorts_are_not_called_studies(ev):
    part = ev.select(question="risk")
    text = print_balance(part, unit="cohort")
    head, _, line = rows(text)
    units = evidence.balance(part, None, unit="cohort").frame["units"].sum()
    assert line[head.index("Cohorts")] == str(units) and "Studies" not in head
    assert "count twice" not in text and "count twice" in print_balance(part)


def test_an_unknown_size_is_counted_once(ev):
    """However many outcomes the study is counted in."""
    part = ev.select(question="risk")
    n = int(part.counted_studies["sample_size"].isna().sum())
    assert f"Sample size not known: {n} studies." in print_balance(part, "outcome_domain")
    once = print_balance(ev.select(question="risk", one_per_cohort=True))
    assert "count twice" not in once


def test_one_outcome_has_its_own_sides(ev):
    part = ev.select(question="risk", outcome_domain="age_at_onset")
    head = rows(print_balance(part))[0]
    assert "An earlier start" in head and "More ALS" not in head
    assert "more ALS" not in evidence.answer(part, "risk").sentences[0]
    assert "more ALS" not in evidence.balance(part, None).chart().title


def test_a_study_without_a_result_there_turns_no_test(ev):
    """Its result is not silent: there is none."""
    part = ev.select(
        question="treatment", population="human", outcome_domain=["function", "respiratory"]
    )
    (row,) = evidence.balance(part, None, "direction").frame.to_dict("records")
    assert row["no_result"]
    silent = row["not_placed"] - row["no_result"]
    test = evidence.sign_test(row["benefit"], row["harm"], silent)
    head, _, line = (cells for cells in rows(print_balance(part, lens="direction")))
    assert line[head.index("Worst case")] == p_cell(test.p_worst)
    assert test.said("better") in str(evidence.balance_answer(part))
    assert f"{row['no_result']} without a result to count" in str(evidence.lens_answer(part))
    assert test.said("better") in set(evidence.lenses(part)["verdict"])
