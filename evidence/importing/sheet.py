"""A spreadsheet file as cells of text, with the row of each: CSV of any delimiter and encoding, and
XLSX.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from evidence.bibliography.markup import ENTITY
from evidence.coded import coded, rows_from
from evidence.decoding import NAMES, WINDOWS, bytes_of, composed, decoded, doubts, unusable
from evidence.errors import DataError, Fault, UsageError
from evidence.files import LARGEST_CELL, UnreadableFile, shown_path
from evidence.frames import each_once
from evidence.importing.delimiters import (
    BLANKS,
    DELIMITERS,
    delimiter_of,
    first_line,
    with_comments_apart,
)
from evidence.importing.delimiters import (
    records as records_of,
)
from evidence.importing.excel import Grid, read_xlsx
from evidence.importing.heads import heads, not_read, second_table
from evidence.importing.layout import (
    DEEP,
    ERRORS,
    NEAR,
    Row,
    header_at,
    tidied,
    without_errors,
)
from evidence.importing.words import known, says_nothing, tidy
from evidence.tables.csv_file import read_columns
from evidence.tables.formulas import restored

MOST_GAPS = 500  # empty rows below which a second table is looked for
NO_DELIMITER = '"\r\n\0'
KINDS = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", "")


@dataclass(frozen=True)
class Sheet:
    """One table of cells.

    Attributes
    ----------
    path : str
        Path as a user would type it.
    header : list of str
        Names of the columns, each once.
    rows : list of list of str
        Cells without spaces at their ends, one for each column.
    lines : list of int
        Line (CSV) or row (XLSX) of each row.
    remarks : list of str
        How the file was read, and what of it was not.
    faults : list of Fault
        Cells and rows that found no place in the table of cells.
    blank : int
        Empty rows.
    numbers : frozenset of str
        Cells that the file keeps as numbers, as they are written with a decimal point.
    """

    path: str
    header: list[str]
    rows: Sequence[list[str]]
    lines: Sequence[int]
    remarks: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    blank: int = 0
    numbers: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> list[np.ndarray]:
        """The cells of each column."""
        if isinstance(self.rows, RowsOfColumns):
            return self.rows.columns
        if not self.rows:
            return [np.array([], dtype=object) for _ in self.header]
        return [np.array(cells, dtype=object) for cells in zip(*self.rows, strict=True)]

    @cached_property
    def distinct(self) -> list[list[str]]:
        """The different cells of each column, in the order in which they are first met."""
        return [coded(cells)[1] for cells in self.columns]

    def filled(self, i: int, most: int) -> list[str]:
        """The first different cells of a column that say something."""
        return list(islice((cell for cell in self.distinct[i] if not says_nothing(cell)), most))


def numbers_of(sheet: Sheet, i: int) -> np.ndarray:
    """The numbers of a column; missing where a cell is none."""
    import pandas as pd

    codes, different = coded(sheet.columns[i])
    numbers = pd.to_numeric(pd.Series(different, dtype=object), errors="coerce")
    return numbers.to_numpy(dtype=float)[codes]


def can_be_counts(values: np.ndarray, totals: np.ndarray) -> bool:
    """Whether numbers can be counts out of totals: whole, and never more."""
    with np.errstate(invalid="ignore"):
        return bool((values[np.isfinite(values)] % 1 == 0).all() and not (values > totals).any())


class RowsOfColumns(Sequence[list[str]]):
    """Rows of a table whose columns are at hand; each is made when it is asked for."""

    def __init__(self, columns: list[np.ndarray]):
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0])

    def __getitem__(self, row):
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return [cells[row] for cells in self.columns]


def read_sheet(
    path: str | os.PathLike[str], sheet: str = "", encoding: str = "", delimiter: str = ""
) -> Sheet:
    """Read a spreadsheet file.

    Parameters
    ----------
    path : path
        CSV with any delimiter, in UTF-8, UTF-16, Windows-1252 or Mac Roman, with or without a byte
        order mark; or XLSX.
    sheet : str, optional
        Sheet of an XLSX file; default is the one that looks most like data.
    encoding, delimiter : str, optional
        For CSV; detected by default.

    Raises
    ------
    DataError
        When the file cannot be read or holds no table.
    UsageError
        For a sheet that is not there, or in a text file, or a kind of file that cannot be read.
    """
    place = Path(path)
    if place.suffix.lower() not in KINDS:
        raise UsageError(
            f"{place.name} is not a spreadsheet that can be read; save it as XLSX or CSV first"
        )
    content = bytes_of(place)
    if content[:4] == b"PK\x03\x04" or place.suffix.lower() in (".xlsx", ".xlsm"):
        grid = read_xlsx(place, content, sheet)
    else:
        if sheet:
            raise UsageError(f"{place.name} is text and has no sheets; leave --sheet out")
        read = _csv(place, content, encoding, delimiter)
        if isinstance(read, Sheet):
            return read
        grid = read
    return _table(shown_path(place), grid)


def _csv(place: Path, content: bytes, encoding: str, delimiter: str) -> Grid | Sheet:
    try:
        read, name = decoded(content, encoding)
    except UnreadableFile as error:
        raise unusable(place, error) from None
    zeros = read.count("\x00") if "\x00" in read else 0
    text = composed(read.replace("\x00", "") if zeros else read)
    first, before = first_line(text).strip(), 0
    if first.lower().startswith("sep=") and len(first) == 5:
        delimiter, text, before = delimiter or first[4], text.partition("\n")[2], 1
    if delimiter and (len(delimiter) != 1 or delimiter in NO_DELIMITER):
        raise UsageError(
            f"delimiter is {delimiter!r}; allowed: one character that is not a quote or line break,"
            " such as ';'"
        )
    text, found, above = with_comments_apart(text, delimiter)
    mark = found or "\t"
    mark_said = " with a byte order mark" * content.startswith(codecs.BOM_UTF8)
    mark_name = (DELIMITERS | BLANKS).get(mark, repr(mark))
    if not found:
        mark_name = "two or more blanks"
    remarks = [f"read as {name}{mark_said}, cells separated by {mark_name}"]
    if zeros:
        remarks.append(f"{zeros:,} null characters left out")
    if name == WINDOWS and _is_doubtful(text):
        remarks.append("most of its letters have accents: --encoding names another, such as cp1251")
    remarks += doubts(text, name)
    as_it_is = text is read and name == NAMES["utf-8"] and not content.startswith(codecs.BOM_UTF8)
    head, rest = _after(text, above)
    data = content if as_it_is and not above else rest.encode("utf-8", "replace")
    if table := _even_table(shown_path(place), data, mark, before + above, remarks):
        said = records_of(head, mark, strict=False)
        titles = [(i + before, [" ".join(cell.split()) for cell in cells]) for i, cells in said]
        table.faults[:0] = _titles(table.path, [row for row in titles if any(row[1])])
        return table
    records = _all_records(place, text, mark, before)
    if whole := _rows_in_quotes(records):
        inner = delimiter or delimiter_of(whole)
        records = _all_records(place, whole, inner, before)
        remarks[0] = remarks[0].replace(mark_name, DELIMITERS.get(inner, repr(inner)))
        remarks.append("each row was one cell in quotes, and was taken apart")
    lines = records[:above] + with_row_names(records[above:])
    rows = [(line + before, _restored(cells)) for line, cells in lines]
    return Grid(rows, remarks, separated=True)


def _after(text: str, lines: int) -> tuple[str, str]:
    """The first lines of a text, and the rest."""
    end = 0
    for _ in range(lines):
        end = text.index("\n", end) + 1
    return text[:end], text[end:] if end else text


def _is_doubtful(text: str) -> bool:
    """Whether so many letters have accents that the text is hardly in a western encoding."""
    letters = [letter for letter in text[:20_000] if letter.isalpha()]
    return sum(not letter.isascii() for letter in letters) * 3 > len(letters)


def _rows_in_quotes(records: Sequence[Row]) -> str:
    """The text of rows of which each is one cell in quotes with marks in it; else nothing."""
    rows = [cells for _, cells in records if any(cells)]
    if len(rows) < 2 or any(len(cells) != 1 for cells in rows):
        return ""
    marks = [mark for mark in ",;\t" if mark in rows[0][0]]
    most = [min(cells[0].count(mark) - rows[0][0].count(mark) for cells in rows) for mark in marks]
    if any(number >= 0 for number in most):
        return "\n".join(cells[0] for _, cells in records)
    return ""


def _all_records(place: Path, text: str, mark: str, before: int) -> list[Row]:
    """All rows; as well as they can be read where quotes stand where none may."""
    try:
        return list(records_of(text, mark, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise DataError(
                f"{shown_path(place)} has a quote that is never closed: look after line"
                f" {_last(text, mark) + before}."
            ) from None
        if "field larger" in str(error):
            said = (
                f"a cell after line {_last(text, mark) + before} has more than {LARGEST_CELL:,}"
                " characters"
            )
            raise DataError(
                f"{shown_path(place)} cannot be read: {said}; is a quote missing there?"
            ) from None
        return list(records_of(text, mark, strict=False))


def _restored(cells: list[str]) -> list[str]:
    return [restored(cell) if cell[:1] == "'" else cell for cell in cells]


def with_row_names(lines: list[Row]) -> list[Row]:
    """Rows as R writes them: each begins with its name or number, and the header has one cell
    less.

    >>> with_row_names([(1, ["a", "b"]), (2, ["1", "x", "y"]), (3, ["2", "z", "w"])])[0]
    (1, ['row', 'a', 'b'])
    """
    header = len(lines[0][1]) if lines else 0
    rest = [cells for _, cells in lines[1:] if any(cells)]
    if len(rest) < 2 or any(len(cells) != header + 1 for cells in rest):
        return lines
    names = [cells[0] for cells in rest]
    counted = all(map(str.isdecimal, names))
    counted = counted and all(int(one) < int(other) for one, other in pairwise(names))
    # A column of studies holds its own names: what is too long there has a mark in a cell.
    columns = known()["columns"]
    head = tidy(lines[0][1][0]) if header else ""
    if not counted and head in (*columns["study"], *columns["author"]):
        return lines
    if (
        len(set(names)) == len(names)
        and all(lines[0][1])
        and all(cells[-1:] != [""] for cells in rest[:1])
    ):
        return [(lines[0][0], ["row", *lines[0][1]]), *lines[1:]]
    return lines


def _last(text: str, mark: str) -> int:
    """Line of the last row that can be read."""
    last = 1
    with contextlib.suppress(csv.Error):
        for line, _ in records_of(text, mark, strict=True):
            last = line
    return last


def _table(shown: str, grid: Grid) -> Sheet:
    """Header, rows and what stands above, beside and between them."""
    lines, faults = grid.rows, list(grid.faults)
    tidy = [(line, [tidied(cell) if cell else "" for cell in cells]) for line, cells in lines]
    filled = [(line, cells) for line, cells in tidy if any(cells)]
    blank = len(tidy) - len(filled)
    start = header_at(filled, grid.spans)
    if start is None:
        raise DataError(f"{shown} holds no table: no row has two filled cells{_hint(filled)}.")
    faults += _titles(shown, filled[:start])
    header, first_row, said = heads(filled, start, grid.spans)
    remarks = [*grid.remarks, *said, *_entities(lines)]
    filled, more = _one_table(tidy, filled, start, first_row)
    faults += not_read(shown, more) if more else []
    body, errors = without_errors(shown, filled[first_row:])
    faults += errors
    rows, numbers = [], []
    for line, cells in body:
        if cells[: len(header)] == filled[start][1][: len(header)] and first_row == start + 1:
            what = "repeats the names of the columns"
            faults.append(Fault(shown, line, "", what, "nothing", "row", " | ".join(cells)))
            continue
        beyond = [cell for cell in cells[len(header) :] if cell]
        if beyond and grid.separated and any(cells[len(filled[start][1]) :]):
            what = f"has {len(cells)} cells, the header {len(header)}"
            do = "quotes around a cell that holds the mark between cells; no cell of it was read"
            faults.append(Fault(shown, line, "", what, do, "unread", " | ".join(cells)))
            continue
        for cell in beyond:
            what, do = (
                f"{cell!r} is beyond the last column",
                "a name for its column in the header, or quotes around a cell with a comma in it",
            )
            faults.append(Fault(shown, line, "", what, do, "unread", cell))
        rows.append((cells + [""] * len(header))[: len(header)])
        numbers.append(line)
    used, left_out = _used(header, [any(row[i] for row in rows) for i in range(len(header))])
    remarks += left_out
    names = _names(header, used)
    kept: Sequence[list[str]] = rows
    if len(used) != len(header):
        kept = [[row[i] for i in used] for row in rows]
    return Sheet(shown, names, kept, numbers, remarks, faults, blank, grid.numbers)


def _entities(lines: Sequence[Row]) -> list[str]:
    """A remark on entities of web pages, such as ``&uuml;``, that became letters."""
    cells = (cell for _, row in lines for cell in row if cell and "&" in cell)
    changed = (cell for cell in cells if tidied(cell) != " ".join(cell.split()))
    if cell := next(changed, ""):
        return [f"entities of web pages became letters: {cell[:60]!r} is {tidied(cell)[:60]!r}"]
    return []


def _one_table(
    whole: Sequence[Row], filled: list[Row], start: int, first_row: int
) -> tuple[list[Row], list[Row]]:
    """The rows of the first table, and those of what stands below it; ``whole`` has empty rows."""
    below = {line for (_, above), (line, cells) in pairwise(whole) if any(cells) and not any(above)}
    apart = [line in below for line, _ in filled[first_row:]]
    place = second_table(filled[first_row:], apart, filled[start][1]) if below else None
    if not place:
        return filled, []
    return filled[: first_row + place], filled[first_row + place :]


def _titles(shown: str, above: Sequence[Row]) -> list[Fault]:
    """A fault for each row above the table."""
    faults = []
    for line, cells in above:
        what = f"is above the table: {next(filter(None, cells))!r}"
        faults.append(Fault(shown, line, "", what, "nothing, if it is a title", "row"))
    return faults


def _used(header: Sequence[str], filled: Sequence[bool]) -> tuple[list[int], list[str]]:
    """Columns with a name or a cell; of several with one name, none that is empty, and a remark."""
    there = {name for name, is_filled in zip(header, filled, strict=True) if is_filled}
    used, left_out = [], []
    for i, name in enumerate(header):
        if filled[i] or (name and name not in there):
            there.add(name)
            used.append(i)
        elif name:
            left_out.append(f"an empty column, named {name!r} as another, was left out")
    return used, left_out


def _names(header: Sequence[str], used: Sequence[int]) -> list[str]:
    """Names of the columns that are used, each once."""
    return each_once([header[i] or f"column {i + 1}" for i in used])


def _even_table(
    shown: str, data: bytes, mark: str, before: int, remarks: Sequence[str]
) -> Sheet | None:
    """A large file whose rows all have as many cells, column by column, as :func:`_table` reads it;
    None for all others, and where anything below the header is more than a row.
    """
    if b"&" in data and ENTITY.search(data.decode("utf-8", "replace")):
        return None
    even = data.replace(b"\r\n", b"\n") if b"\r" in data else data
    if not even.endswith(b"\n"):
        even += b"\n"
    read = read_columns(even, mark) if mark in DELIMITERS else None
    if read is None:
        return None
    tidied, lines = [_tidied(cells) for cells in read[0]], read[1] + before
    columns = [cells for cells, _ in tidied]
    there = np.zeros(len(lines), dtype=bool)
    for cells in columns:
        if there.all():
            break
        there |= cells != ""
    blank = int(len(there) - there.sum())
    if blank:
        columns, lines = [cells[there] for cells in columns], lines[there]
    most = min(len(lines), 2 * (DEEP + NEAR))
    head = [(int(lines[i]), [cells[i] for cells in columns]) for i in range(most)]
    start = header_at(head)
    if start is None or start >= NEAR:
        return None
    header, first, said = heads(head, start, {})
    body = [rows_from(cells, first) for cells in columns]
    used, left_out = _used(header, [bool((body[i] != "").any()) for i in range(len(header))])
    said += left_out
    rows = RowsOfColumns([body[i] for i in used])
    numbers, faults = lines[first:].tolist(), _titles(shown, head[:start])
    made = Sheet(shown, _names(header, used), rows, numbers, [*remarks, *said], faults, blank)
    apart = np.diff(lines[first:], prepend=lines[first:][:1]) > 1
    if blank and _has_second(body, apart, head[start][1]):
        return None
    has_errors = any(can_be for _, can_be in tidied) and _has_errors(made)
    return None if _is_more(body, header, head[start][1]) or has_errors else made


def _has_second(body: Sequence[np.ndarray], apart: np.ndarray, header: Sequence[str]) -> bool:
    """Whether a second table begins below one of the first empty rows."""
    places = np.flatnonzero(apart)[:MOST_GAPS]
    near = sorted({int(i) for place in places for i in (place, place + 1) if i < len(apart)})
    rows = [(i, [cells[i] for cells in body]) for i in near]
    return second_table(rows, [bool(apart[i]) for i in near], header) is not None


def _tidied(cells: np.ndarray) -> tuple[np.ndarray, bool]:
    """The cells of a column without stray spaces, and whether one can be an error of a formula.
    Each different one is looked at once.
    """
    codes, different = coded(cells)
    whole = f"|{'|'.join(different)}|"
    can_be_error = "#" in whole or ":" in whole
    if whole.isprintable() and not any(mark in whole for mark in ("  ", "| ", " |", "|'")):
        return cells, can_be_error
    tidy = [" ".join((restored(cell) if cell[:1] == "'" else cell).split()) for cell in different]
    return cells if tidy == different else np.array(tidy, dtype=object)[codes], can_be_error


def _is_more(body: Sequence[np.ndarray], header: Sequence[str], heads: Sequence[str]) -> bool:
    """Whether a row repeats the header, or a cell is beyond the last column."""
    if not header or any((cells != "").any() for cells in body[len(header) :]):
        return True
    same = np.arange(len(body[0]))
    for cells, head in zip(body[: len(header)], heads, strict=False):
        same = same[cells[same] == head]
    return bool(len(same))


def _has_errors(sheet: Sheet) -> bool:
    """Whether a cell is an error of a formula."""
    return any(
        cell[:1] in ("#", "E", "e") and bool(ERRORS.fullmatch(cell))
        for cells in sheet.distinct
        for cell in cells
    )


def _hint(filled: Sequence[Row]) -> str:
    """Why cells may have been missed."""
    cells = [next(filter(None, cells)) for _, cells in filled[:20]]
    if cells and sum(len(cell.split()) > 2 for cell in cells) * 2 > len(cells):
        return (
            "; if blanks separate its cells, put texts of several words in quotes, "
            "or save it with commas or tabs (--delimiter MARK names another mark)"
        )
    return ""
