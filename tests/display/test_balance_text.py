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
