"""Shares and p-values as they stand in sentences, tables and charts."""

from __future__ import annotations


def percent(share: float, places: int = 0) -> str:
    """A share of one as a percentage.

    >>> percent(0.875), percent(0.0071, 1)
    ('88 %', '0.7 %')
    """
    return f"{100 * share:.{places}f} %"


def took_part_cell(participants: int, unknown: int, studies: int) -> str:
    """How many took part, for a cell: what is not known is named, and never shown as 0.

    >>> took_part_cell(1250, 0, 20), took_part_cell(1250, 19, 20), took_part_cell(0, 2, 2)
    ('1,250', '1,250 + 19 unknown', 'unknown')
    """
    if unknown and unknown >= studies:
        return "unknown"
    return f"{participants:,}" + (f" + {unknown} unknown" if unknown else "")


def p_text(p: float) -> str:
    """A p-value in words, as journals print it.

    >>> p_text(0.0386), p_text(0.25), p_text(1.4e-6)
    ('p = 0.039', 'p = 0.25', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def p_cell(p: float) -> str:
    """A p-value under a heading that says what it is.

    >>> p_cell(0.0386), p_cell(1.4e-6)
    ('0.039', '< 0.001')
    """
    return p_text(p).removeprefix("p ").removeprefix("= ")
