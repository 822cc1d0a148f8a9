"""Cells as spreadsheet programs can hold them: what looks like a formula stays text, and every letter comes back."""

from __future__ import annotations

import re

# What a workbook cannot hold, or would take for an escape: letters that XML forbids, and "_x000D_" and the like.
UNHOLDABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
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


def escaped(text: str) -> str:
    """A text as a workbook holds it: every letter that XML forbids as ``_x0000_``, as ECMA-376 has it (ST_Xstring).

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
