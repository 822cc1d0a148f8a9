"""The names above the columns: in one row, or in up to three; and a second table further down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from evidence.errors import Fault
from evidence.importing.layout import NUMBER, Row, joined, second_header
from evidence.importing.words import known, known_measure, tidy

MOST_ROWS = 3  # of names above the columns
LEVEL = re.compile(r"\b\d\d ?%? ?(?=ci|ki|ic|confidence)|\((?:95 ?% ?)?(?:ci|ki|ic)\)", re.I)
Spans = Mapping[int, Mapping[int, int]]


def heads(filled: Sequence[Row], start: int, spans: Spans) -> tuple[list[str], int, list[str]]:
    """The header, the number of the first row below it, and what is to be said of it.

    Parameters
    ----------
    filled : sequence of Row
        The rows that are not empty.
    start : int
        The first row of the header among them.
    spans : mapping
        Columns of blocks merged sideways, by row: their first and last.
    """
    line, cells = filled[start]
    header, above, rows = without_end(cells), cells, 1
    while rows < MOST_ROWS and start + rows < len(filled):
        below = filled[start + rows][1]
        own = _own(above, below) if rows > 1 else below
        merged = spans.get(line, {})
        if second_header(header, own, merged):
            header = without_end(joined(header, own, merged))
        elif _goes_on(above, below):
            header = _both(_over_all(header, merged), _own(above, below))
        else:
            break
        line, above, rows = filled[start + rows][0], below, rows + 1
    if rows == 1:
        return header, start + 1, []
    lines = f"lines {filled[start][0]} {'and' if rows == 2 else 'to'} {line}"
    said = f"header of {'two' if rows == 2 else 'three'} rows joined ({lines})"
    return header, start + rows, [said]


def without_end(cells: list[str]) -> list[str]:
    """A header without the empty cells at its end."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _own(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """The cells of a row that do not repeat the one above, as blocks merged downwards do."""
    wide = [*above, *[""] * len(below)]
    return ["" if cell == wide[i] else cell for i, cell in enumerate(below)]


def _goes_on(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row goes on with the names above: its first cell repeats one, its others are words
    of which some do not.
    """
    first = next((i for i, cell in enumerate(below) if cell), len(below))
    if first >= len(above) or above[first] != below[first]:
        return False
    return any(_own(above, below)) and not any(map(NUMBER.fullmatch, below))


def _over_all(header: Sequence[str], merged: Mapping[int, int]) -> list[str]:
    """Names with those of merged blocks over each of their columns, so that none stands alone."""
    wide = [*header, *[""] * (max(merged.values(), default=0) + 1 - len(header))]
    for first, last in merged.items():
        for i in range(first + 1, last + 1):
            wide[i] = wide[i] or wide[first]
    return wide


def _both(header: Sequence[str], below: Sequence[str]) -> list[str]:
    """Names of two rows, each column with both of its own."""
    most = max(len(header), len(below))
    wide = [[*cells, *[""] * (most - len(cells))] for cells in (header, below)]
    return without_end([" ".join(filter(None, pair)) for pair in zip(*wide, strict=True)])


def second_table(rows: Sequence[Row], apart: Sequence[bool], header: Sequence[str]) -> int | None:
    """Number of the row with which a second table begins: below an empty row, with or without a
    title, a row of words that are mostly names of columns, and other ones than those of the first.

    >>> rows = [(2, ["Adams", "5"]), (4, ["Table 2", ""]), (5, ["Study", "OR"]), (6, ["A", "1"])]
    >>> second_table(rows, [False, True, False, False], ["Study", "N"])
    1
    """
    for i in (i for i, below in enumerate(apart) if below):
        place = i + (sum(map(bool, rows[i][1])) == 1)
        cells = without_end(list(rows[place][1])) if place < len(rows) else []
        if cells != without_end(list(header)) and are_heads(cells):
            return i
    return None


def are_heads(cells: Sequence[str]) -> bool:
    """Whether the cells of a row are words, and at least two and most of them names of columns."""
    said = [cell for cell in cells if cell]
    if len(said) < 2 or any(map(NUMBER.fullmatch, said)):
        return False
    return sum(map(_is_head, said)) * 2 > len(said)


@lru_cache(maxsize=10_000)
def _is_head(cell: str) -> bool:
    name = tidy(LEVEL.sub("", cell)) or "ci"
    return name in _names() or bool(known_measure(name))


@cache
def _names() -> frozenset[str]:
    return frozenset(name for names in known()["columns"].values() for name in names)


def not_read(shown: str, rows: Sequence[Row]) -> list[Fault]:
    """A fault for each row of a second table, all of one kind."""
    line, cells = rows[0]
    title = next(filter(None, cells))
    what = (
        f"is of another table, which begins on line {line} with {title[:60]!r};"
        " one table was read, the first"
    )
    do = "a file or sheet of its own for each table"
    return [Fault(shown, line, "", what, do, "row", " | ".join(cells)) for line, cells in rows]
