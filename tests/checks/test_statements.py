"""A number and the sentence that states it cannot be changed one without the other."""

from __future__ import annotations

import pytest

from evidence.checks.statements import numbers_of

ROW = "visser2018-1"


@pytest.fixture
def printed(data):
    """Findings with their place: id, column and number of each that a statement states."""
    header, *rows = data.read("findings")
    at = header.index
    return [
        (row[0], column, row[at(column)])
        for row in rows
        for column in ("estimate", "ci_low", "ci_high")
        if row[at(column)] and numbers_of(row[at("statement")])
    ]


def test_every_printed_number_is_bound(printed):
    assert len(printed) > 300


@pytest.mark.parametrize("column", ["estimate", "ci_low", "ci_high"])
def test_a_number_changed_with_all_its_readings_is_found(data, printed, column):
    """As a lie would be told: the cell and what all readers wrote of it."""
    finding, _, old = next(one for one in printed if one[1] == column and one[0] > "v")
    new = f"{float(old) * 1.01:.4g}"
    line = data.change("findings", finding, **{column: new})
    readings = data.read("readings")
    for row in readings[1:]:
        if row[2] == finding and row[3] == column:
            row[4:7] = [new if cell == old else cell for cell in row[4:7]]
    data.write("readings", readings)
    said = [fault for fault in data.faults() if (fault.line, fault.column) == (line, column)]
    assert any("which the statement of the row does not state" in str(fault) for fault in said)


def test_a_statement_that_was_changed_alone_is_found(data):
    header, *rows = data.read("findings")
    place, row = next(
        (n, row)
        for n, row in enumerate(rows, start=1)
        if row[header.index("ci_low")] and row[header.index("ci_low")] in row[-1]
    )
    low = row[header.index("ci_low")]
    data.change("findings", place, statement=row[-1].replace(low, "77.7"))
    assert ("findings.csv", place + 1, "ci_low") in data.places()


def test_reviews_are_bound_too(data):
    header, *rows = data.read("review_conclusions")
    place = next(n for n, row in enumerate(rows, 1) if row[header.index("estimate")])
    data.change("review_conclusions", place, estimate="77.7")
    assert ("review_conclusions.csv", place + 1, "estimate") in data.places()


@pytest.mark.parametrize(
    ("estimate", "low", "statement", "found"),
    [
        ("200", "", "Lived 255 days, the others 55.", False),  # worked out from two means
        ("201", "", "Lived 255 days, the others 55.", True),
        ("200", "190", "Lived 255 days, the others 55 (190 to 260).", True),  # then it is printed
        ("-0.5", "", "Lower by 0.5.", False),
        ("0.5", "", "Lower in those who exercised.", False),  # states no number
        ("1021", "", "There were 1,021 of them.", False),
    ],
)
def test_by_hand(data, estimate, low, statement, found):
    header, *rows = data.read("findings")
    at = {name: header.index(name) for name in header}
    place = next(n for n, row in enumerate(rows, 1) if not row[at["measure"]])
    data.change("findings", place, estimate=estimate, ci_low=low, statement=statement)
    words = [str(fault) for fault in data.faults() if fault.line == place + 1]
    assert any(f"is {estimate}, which the statement" in word for word in words) is found
