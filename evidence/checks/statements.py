"""The sentence of a result states the numbers of its cells: neither can be changed alone.

A statement without any number states none, and is not looked at.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from evidence.errors import Fault
from evidence.tables.reader import TextTable

if TYPE_CHECKING:
    from evidence.checks.run import Checked

STATEMENT = "statement"
STATED = ("estimate", "ci_low", "ci_high")
RULE = "number_in_statement"
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+")


def check_statements(checked: Checked) -> list[Fault]:
    """Estimates and ends of intervals that the statement beside them does not state."""
    tables = [text for text in checked.texts.values() if STATEMENT in text.columns]
    columns = [(text, column) for text in tables for column in STATED if column in text.columns]
    return [fault for text, column in columns for fault in _unstated(text, column)]


def numbers_of(statement: str) -> set[float]:
    """Numbers of a sentence, without their signs.

    >>> sorted(numbers_of("lower by −0.5 (95 % interval -0·9 to .2) in 1,021 of them"))
    [0.2, 0.5, 0.9, 95.0, 1021.0]
    """
    plain = statement.replace("·", ".")
    return {float(found.replace(",", "")) for found in NUMBER.findall(plain)}


def _unstated(text: TextTable, column: str) -> list[Fault]:
    """Faults of one column of numbers."""
    cells, statements = text.columns[column], text.columns[STATEMENT]
    alone = text.columns.get("ci_low", np.full(len(cells), "")) == ""
    wrong = np.zeros(len(cells), dtype=bool)
    for row in np.flatnonzero((cells != "") & (statements != "")):
        stated = numbers_of(statements[row])
        number = _size(cells[row])
        if not stated or number is None or number in stated:
            continue
        wrong[row] = not (column == "estimate" and alone[row] and _is_a_difference(number, stated))
    return text.faults(
        wrong,
        column,
        lambda row: f"is {cells[row]}, which the statement of the row does not state",
        "the number of the statement, or a statement with the number of the cell",
        RULE,
    )


def _size(cell: str) -> float | None:
    """A cell as a number without its sign; none where it holds something else."""
    try:
        return abs(float(cell))
    except ValueError:
        return None


def _is_a_difference(number: float, stated: set[float]) -> bool:
    """Whether two numbers of the statement make it, such as the means of two groups."""
    pairs = combinations(sorted(stated), 2)
    return any(abs(high - low - number) <= 1e-9 * max(high, 1.0) for low, high in pairs)
