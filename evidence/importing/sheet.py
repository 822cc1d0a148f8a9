"""A spreadsheet file as cells of text, with the row of each: CSV of any delimiter and encoding, and
XLSX.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from evidence.decoding import bytes_of, decoded, unusable
from evidence.errors import DataError, Fault, UsageError
from evidence.files import LARGEST_CELL, UnreadableFile, shown_path
from evidence.tables.formulas import restored
from evidence.tables.workbook import MOST_CELLS, opened

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "stroke"}
NO_DELIMITER = '"\r\n\0 '
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
    """

    path: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    remarks: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    blank: int = 0


def read_sheet(
    path: str | os.PathLike[str], sheet: str = "", encoding: str = "", delimiter: str = ""
) -> Sheet:
    """Read a spreadsheet file.

    Parameters
    ----------
    path : path
        CSV with any delimiter, in UTF-8, UTF-16 or Windows-1252, with or without a byte order mark;
        or XLSX.
    sheet : str, optional
        Sheet of an XLSX file; default is the first that holds a table.
    encoding, delimiter : str, optional
        For CSV; found out by default.

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
            f"{place.name} is no spreadsheet that can be read; save it as XLSX or CSV first"
        )
    content = bytes_of(place)
    if content[:4] == b"PK\x03\x04" or place.suffix.lower() in (".xlsx", ".xlsm"):
        lines, remarks, faults = _xlsx(place, content, sheet)
    else:
        if sheet:
            raise UsageError(f"{place.name} is text and has no sheets; leave --sheet out")
        lines, remarks, faults = _csv(place, content, encoding, delimiter)
    return _table(shown_path(place), lines, remarks, faults)


def _csv(
    place: Path, content: bytes, encoding: str, delimiter: str
) -> tuple[list[tuple[int, list[str]]], list[str], list[Fault]]:
    try:
        text, name = decoded(content, encoding)
    except UnreadableFile as error:
        raise unusable(place, error) from None
    zeros = text.count("\x00")
    text = text.replace("\x00", "")
    first, _, rest = text.partition("\n")
    before = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, before = delimiter or first.strip()[4], rest, 1
    if delimiter and (len(delimiter) != 1 or delimiter in NO_DELIMITER):
        raise UsageError(
            f"delimiter is {delimiter!r}; allowed: one character that is no quote, space or line"
            " break, such as ';'"
        )
    mark = delimiter or _delimiter(text)
    try:
        lines = list(_records(text, mark, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise DataError(
                f"{shown_path(place)} has a quote that is never closed: look behind line"
                f" {_last(text, mark) + before}."
            ) from None
        if "field larger" in str(error):
            said = (
                f"a cell behind line {_last(text, mark) + before} has more than {LARGEST_CELL:,}"
                " characters"
            )
            raise DataError(
                f"{shown_path(place)} cannot be read: {said}; is a quote missing there?"
            ) from None
        lines = list(_records(text, mark, strict=False))
    mark_said = " with a byte order mark" * content.startswith(codecs.BOM_UTF8)
    remarks = [f"read as {name}{mark_said}, cells parted by {DELIMITERS.get(mark, repr(mark))}"]
    remarks += [f"{zeros:,} null characters left out"] if zeros else []
    return (
        [(line + before, [restored(cell) for cell in cells]) for line, cells in lines],
        remarks,
        [],
    )


def _delimiter(text: str) -> str:
    """The mark that parts most rows into as many cells as the row that has most of them."""
    best, score = ",", (-1.0, -1)
    for mark in DELIMITERS:
        try:
            widths = [
                len(cells)
                for _, cells in _records(text[:200_000], mark, strict=False)
                if any(cells)
            ]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count) if widths else 1
        found = (widths.count(common) / len(widths) if common > 1 else 0.0, common)
        if found > score:
            best, score = mark, found
    return best


def _records(text: str, mark: str, strict: bool) -> Iterable[tuple[int, list[str]]]:
    previous = csv.field_size_limit(LARGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=strict)
        begin = 1
        for cells in reader:
            yield begin, cells
            begin = reader.line_num + 1
    finally:
        csv.field_size_limit(previous)


def _last(text: str, mark: str) -> int:
    """Line of the last row that can be read."""
    last = 1
    with contextlib.suppress(csv.Error):
        for line, _ in _records(text, mark, strict=True):
            last = line
    return last


def _xlsx(
    place: Path, content: bytes, sheet: str
) -> tuple[list[tuple[int, list[str]]], list[str], list[Fault]]:
    from openpyxl.utils import get_column_letter

    try:
        book, formulas = opened(content, data_only=True), opened(content)
    except UnreadableFile as error:
        raise unusable(place, error) from None
    names = [one.title for one in book.worksheets]
    if sheet and sheet not in names:
        raise UsageError(f"{place.name} has no sheet {sheet!r}; sheets: {', '.join(names)}")
    tables = [one.title for one in book.worksheets if one.max_column > 1 and one.max_row > 1]
    if not (sheet or tables):
        raise DataError(f"{shown_path(place)} holds no table.")
    name = sheet or tables[0]
    if book[name].max_row * book[name].max_column > MOST_CELLS:
        reach = f"{get_column_letter(book[name].max_column)}{book[name].max_row}"
        raise DataError(
            f"{shown_path(place)}: sheet {name!r} reaches to cell {reach}; delete what stands far"
            " from the table, or save it as CSV."
        )
    lines, faults = _cells(shown_path(place), book[name], formulas[name])
    others = [other for other in names if other != name]
    return (
        lines,
        [
            f"read sheet {name!r}",
            *(
                [f"sheets not read: {', '.join(others)} (--sheet NAME reads another)"]
                if others
                else []
            ),
        ],
        faults,
    )


def _cells(shown: str, values, formulas) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Cells of a sheet as text; a merged cell says the same in each of its rows."""
    grid = [[cell.value for cell in row] for row in values.iter_rows()]
    faults = []
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f" and grid[cell.row - 1][cell.column - 1] is None:
                where = f"{cell.coordinate}: holds a formula whose result is not stored"
                faults.append(
                    Fault(
                        shown,
                        cell.row,
                        "",
                        where,
                        "open the file in a spreadsheet program and save it",
                        "unread",
                        str(cell.value),
                    )
                )
    for block in values.merged_cells.ranges:
        for row in range(block.min_row, block.max_row + 1):
            for column in range(block.min_col, block.max_col + 1):
                grid[row - 1][column - 1] = grid[block.min_row - 1][block.min_col - 1]
    return [
        (number, [_text(value) for value in row]) for number, row in enumerate(grid, start=1)
    ], faults


def _text(value: object) -> str:
    """A cell of a spreadsheet program as text: numbers without the noise of their last bits, dates
    in the form 2026-01-31.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix("T00:00:00")
    return restored(str(value))


def _table(
    shown: str, lines: list[tuple[int, list[str]]], remarks: list[str], faults: list[Fault]
) -> Sheet:
    """Header, rows and what stands above, beside and between them."""
    tidy = [(line, [" ".join(cell.split()) for cell in cells]) for line, cells in lines]
    filled = [(line, cells) for line, cells in tidy if any(cells)]
    start = next((i for i, (_, cells) in enumerate(filled) if sum(map(bool, cells)) > 1), None)
    if start is None:
        raise DataError(f"{shown} holds no table: no row has two filled cells.")
    for line, cells in filled[:start]:
        faults.append(
            Fault(
                shown,
                line,
                "",
                f"stands above the table: {next(filter(None, cells))!r}",
                "nothing, if it is a title",
                "row",
            )
        )
    header = _header(filled[start][1])
    rows, numbers = [], []
    for line, cells in filled[start + 1 :]:
        beyond = [cell for cell in cells[len(header) :] if cell]
        for cell in beyond:
            faults.append(
                Fault(
                    shown,
                    line,
                    "",
                    f"{cell!r} stands beyond the last column",
                    "a name for its column in the header",
                    "unread",
                    cell,
                )
            )
        rows.append((cells + [""] * len(header))[: len(header)])
        numbers.append(line)
    used = [i for i, name in enumerate(header) if name or any(row[i] for row in rows)]
    names = _unique([header[i] or f"column {i + 1}" for i in used])
    return Sheet(
        shown,
        names,
        [[row[i] for i in used] for row in rows],
        numbers,
        remarks,
        faults,
        len(tidy) - len(filled),
    )


def _header(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
