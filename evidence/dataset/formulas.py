"""Cells that a spreadsheet program would take for a formula: an apostrophe before them keeps them text, and is taken off on reading."""

from __future__ import annotations

import re

RISKY = re.compile(r"'*[=+\-@\t\r]")
KEPT = re.compile(r"'+[=+\-@\t\r]")


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet program runs: what begins like a formula gets an apostrophe. :func:`restored` takes it off.

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
