"""Cells as spreadsheet programs can hold them: what looks like a formula stays text, and every
character comes back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from evidence.quoting import comma_separated, json_text

# What a workbook cannot hold, or would take for an escape: characters that XML forbids, and
# "_x000D_" and the like.
UNHOLDABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
RISKY = re.compile(r"'*[=+\-@\t\r]")
KEPT = re.compile(r"'+[=+\-@\t\r]")
NUMBER = re.compile(
    r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
)  # a sign before a plain number makes no formula of it


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet program runs: what begins like a formula gets an apostrophe.
    :func:`restored` takes it off.

    The way OWASP recommends for CSV files that are meant for spreadsheet programs.

    >>> neutralised("=SUM(A1)"), neutralised("'=x"), neutralised("plain")
    ("'=SUM(A1)", "''=x", 'plain')
    """
    return f"'{cell}" if RISKY.match(cell) else cell


def restored(cell: str) -> str:
    """The cell as it was before :func:`neutralised`.

    >>> restored("'=SUM(A1)"), restored("'quoted'")
    ('=SUM(A1)', "'quoted'")
    """
    return cell[1:] if KEPT.match(cell) else cell


def safe_csv(table: pd.DataFrame, index: bool = False) -> str:
    """A table as CSV for spreadsheet programs: numbers as they are, text and heads as
    :func:`neutralised` leaves them.

    >>> safe_csv(pd.DataFrame({"=a": ["=1+1", "-0.5", "plain"], "n": [-1, 2, 3]})).splitlines()
    ["'=a,n", "'=1+1,-1", '-0.5,2', 'plain,3']
    """
    shown = table.reset_index() if index else table
    columns = {
        place: (
            shown.iloc[:, place]
            if pd.api.types.is_numeric_dtype(shown.iloc[:, place])
            else shown.iloc[:, place].map(_plain, na_action="ignore")
        )
        for place in range(shown.shape[1])
    }
    head = [str(_plain(name)) for name in shown.columns]
    return pd.DataFrame(columns, index=shown.index).to_csv(
        index=False, header=head, lineterminator="\n"
    )


def in_form(
    form: str, table: pd.DataFrame, value: Callable[[], Any], text: Callable[[], str]
) -> str:
    """A result as CSV (the table alone), as JSON or as text, without a line break at its end.

    >>> in_form("csv", pd.DataFrame({"n": [1]}), dict, str)
    'n\\n1'
    """
    if form == "csv":
        return safe_csv(table).rstrip("\n")
    return json_text(value()) if form == "json" else text()


def safe_text(content: str) -> str:
    """The text of a CSV file as spreadsheet programs may open it; byte for byte the same where no
    cell begins like a formula.

    >>> safe_text("a,b\\n=1,-1\\n") == "a,b\\n'=1,-1\\n"
    True
    """
    return _each_cell(content, _plain)


def restored_text(content: str) -> str:
    """The text of a CSV file before :func:`safe_text`, byte for byte where no cell had been
    changed.
    """
    return _each_cell(content, restored)


def _plain(cell: object) -> object:
    if isinstance(cell, str) and not NUMBER.fullmatch(cell):
        return neutralised(cell)
    return cell


def _each_cell(content: str, change: Callable[[str], object]) -> str:
    rows = list(csv.reader(io.StringIO(content, newline="")))
    changed = [[change(cell) for cell in row] for row in rows]
    return content if changed == rows else comma_separated(changed)


def escaped(text: str) -> str:
    """A text as a workbook holds it: every character that XML forbids as ``_x0000_``, as ECMA-376
    has it (ST_Xstring).

    >>> escaped(f"a{chr(0)}_x000D_")
    'a_x0000__x005F_x000D_'
    """
    return UNHOLDABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    """The text that :func:`escaped` was given.

    >>> unescaped("a_x0000__x005F_x000D_") == f"a{chr(0)}_x000D_"
    True
    """
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
