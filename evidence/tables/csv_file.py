"""From the bytes of a CSV file to its cells, with the line of every row.

pandas' parser is several times faster than the csv module, but fills short rows in silence and
tells no lines. So the rows of a large file are measured first, on the bytes: when each has as many
cells as the header and every quote stands where one may stand, pandas reads. Everything else is
read by the csv module, which says what is wrong and where. Both give the same cells (a test
compares them).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evidence.files import LARGEST_CELL, UnreadableFile, decode

SHORT_LINE = LARGEST_CELL // 2  # bytes: a cell over two of them is not long
LARGE = 100_000  # bytes; in a smaller file the csv module is as fast as measuring
COMMA, QUOTE, BREAK = (ord(mark) for mark in ',"\n')
REST = bytes(number for number in range(256) if number not in (COMMA, QUOTE, BREAK))


@dataclass(frozen=True)
class Rows:
    """A CSV file as rows.

    Attributes
    ----------
    header : list of str
    columns : dict of str to ndarray of object
        Strings, the wanted columns; one that the header lacks is empty, and so is what a row with
        too few cells lacks.
    lines : ndarray of int
        Line on which each row begins, counted from 1.
    uneven : dict of int to int
        Rows with another number of cells than the header, and that number.
    byte_order_mark : bool
        Whether the file begins with one.
    """

    header: list[str]
    columns: dict[str, np.ndarray]
    lines: np.ndarray
    uneven: dict[int, int] = field(default_factory=dict)
    byte_order_mark: bool = False


def read_rows(content: bytes, wanted: list[str]) -> Rows:
    """Rows of a CSV file: cells separated by commas, quoted where they hold a comma, a quote or a
    line break.

    >>> rows = read_rows(b'id,title\\na,"one, two"\\n', ["title"])
    >>> rows.header, rows.columns["title"].tolist(), rows.lines.tolist()
    (['id', 'title'], ['one, two'], [2])
    """
    text = decode(content)
    mark = text.startswith("\ufeff")
    if mark:
        text, content = text[1:], content[3:]
    begins = _begins(content) if len(content) >= LARGE else None
    if begins is None:
        return _any(text, wanted, mark)
    lines, second = begins
    header = _parsed(content[:second].decode())[0][0]
    places = _places(header, wanted)
    cells = _by_pandas(content[second:], wanted=[*places.values()])
    columns = {column: cells[place].to_numpy() for column, place in places.items()}
    # Counted by the lines: where none of the columns is wanted, pandas finds no rows either.
    return Rows(header, _filled(columns, wanted, len(lines) - 1), lines[1:], byte_order_mark=mark)


def read_columns(content: bytes, mark: str) -> tuple[list[np.ndarray], np.ndarray] | None:
    """All columns of a large CSV file, their heads among the cells, and the line of every row; None
    for a small one, and for one in which anything is unusual.
    """
    begins = _begins(content, mark) if len(content) >= LARGE else None
    if begins is None:
        return None
    cells = _by_pandas(content, mark)
    return [cells[place].to_numpy() for place in cells], begins[0]


def _by_pandas(content: bytes, mark: str = ",", wanted: list[int] | None = None) -> pd.DataFrame:
    return pd.read_csv(
        io.BytesIO(content),
        sep=mark,
        header=None,
        usecols=wanted,
        dtype=object,
        na_filter=False,
        index_col=False,
        skip_blank_lines=False,
    )


def _places(header: list[str], wanted: list[str]) -> dict[str, int]:
    """Where each wanted column stands, the first time."""
    place = {column: number for number, column in reversed(list(enumerate(header)))}
    return {column: place[column] for column in wanted if column in place}


def _filled(columns: dict[str, np.ndarray], wanted: list[str], rows: int) -> dict[str, np.ndarray]:
    """The wanted columns, empty where there are none."""
    return {
        column: columns[column] if column in columns else np.full(rows, "", dtype=object)
        for column in wanted
    }


def _begins(content: bytes, mark: str = ",") -> tuple[np.ndarray, int] | None:
    """Lines on which the rows begin, and the place of the second row, for a file in which nothing
    is unusual; None for all others. ``mark`` separates the cells.
    """
    comma, rest = ord(mark), REST
    if comma != COMMA:
        rest = bytes(number for number in range(256) if number not in (comma, QUOTE, BREAK))
    if b"\r" in content or b"\0" in content or not content.endswith(b"\n"):
        return None
    marks = np.frombuffer(content, dtype=np.uint8)
    quotes = np.flatnonzero(marks == QUOTE)
    if len(quotes) % 2:
        return None
    ends = np.zeros(256, dtype=bool)
    ends[[comma, QUOTE, BREAK]] = True  # what may stand before and after a cell in quotes
    if not (ends[marks[quotes[::2] - 1]].all() and ends[marks[quotes[1::2] + 1]].all()):
        return None
    kinds = np.frombuffer(content.translate(None, rest), dtype=np.uint8)
    outside = np.bitwise_xor.accumulate(kinds == QUOTE, dtype=np.uint8) == 0
    ends = np.flatnonzero(kinds == BREAK)
    last = outside[ends]  # of the line breaks, those that end a row
    cells = np.diff(np.cumsum((kinds == comma) & outside)[ends[last]], prepend=0)
    one_width = len(cells) > 1 and cells[0] > 0 and bool((cells == cells[0]).all())
    if not one_width:
        return None
    second = content.index(b"\n") + 1
    if not (last.all() and _has_short_lines(content)):
        places = np.flatnonzero(marks == BREAK)[last] + 1
        second = int(places[0])
        if np.diff(places, prepend=0).max() > LARGEST_CELL:
            return None
    return np.concatenate([[1], np.flatnonzero(last)[:-1] + 2]), second


def _has_short_lines(content: bytes) -> bool:
    """Whether each part of a text has the end of a line, so that none is long."""
    begins = range(0, len(content), SHORT_LINE)
    return all(content.find(b"\n", i, i + SHORT_LINE) >= 0 for i in begins)


def _any(text: str, wanted: list[str], mark: bool) -> Rows:
    (header, *body), lines = _parsed(text)
    width, places = len(header), _places(header, wanted)
    uneven = {number: len(row) for number, row in enumerate(body) if len(row) != width}
    for number in uneven:
        body[number] = (body[number] + [""] * width)[:width]
    columns = {
        column: np.array([row[place] for row in body], dtype=object)
        for column, place in places.items()
    }
    return Rows(
        header, _filled(columns, wanted, len(body)), np.array(lines[1:], dtype=int), uneven, mark
    )


def _parsed(text: str) -> tuple[list[list[str]], list[int]]:
    """All rows, and the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, lines, begin = [], [], 1
    previous = csv.field_size_limit(LARGEST_CELL)
    try:
        for row in reader:
            rows.append(row)
            lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(str(error), begin) from None
    finally:
        csv.field_size_limit(previous)
    if not rows or not any(rows[0]):
        raise UnreadableFile(
            "is empty" if not rows else "begins with an empty line", "a header line", 1
        )
    return rows, lines


def _unreadable(error: str, line: int) -> UnreadableFile:
    """What the csv module found, in the words of somebody who has to fix it; the line is that on
    which the row begins.
    """
    if "field larger" in error:
        return UnreadableFile(
            f"a cell of this row has more than {LARGEST_CELL:,} characters",
            "shorter text; is a quote left open?",
            line,
        )
    if "unexpected end" in error:
        return UnreadableFile(
            "a quote is opened in this row and never closed",
            'a quote at the end of the cell; a quote inside it is doubled: ""',
            line,
        )
    return UnreadableFile(
        f"is not readable as CSV: {error}",
        'cells separated by commas; a quote inside a quoted cell is doubled: ""',
        line,
    )
