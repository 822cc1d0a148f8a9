"""Sheets of an XLSX file as rows of text: the one with the data, read as far as it is filled."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.decoding import composed, unusable
from evidence.errors import DataError, Fault, UsageError
from evidence.files import UnreadableFile, shown_path
from evidence.importing.layout import Row, header_at
from evidence.importing.words import known, tidy
from evidence.tables.formulas import restored
from evidence.tables.workbook import LARGEST, MOST_CELLS, opened

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
MONTH_AND_YEAR = re.compile(r"(?:\[[^\]]*\])?m{3,4}[\W_]*(?:yy){1,2}", re.I)
MONTHS = tuple(calendar.month_name)[1:]


@dataclass
class Grid:
    """Rows of a file; ``spans`` are blocks merged sideways: row, and first and last column;
    ``numbers`` are texts of cells that are numbers, with a decimal point; ``separated`` says that
    marks stand between the cells, as in a file of text.
    """

    rows: list[Row]
    remarks: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    spans: dict[int, dict[int, int]] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    separated: bool = False


def read_xlsx(place: Path, content: bytes, sheet: str) -> Grid:
    """The rows of one sheet: the one named, else the one that looks most like data.

    Raises
    ------
    DataError
        When the file cannot be read or holds no table.
    UsageError
        For a sheet that is not there.
    """
    try:
        book = opened(content, data_only=True, rich_text=_has_raised(content))
    except UnreadableFile as error:
        raise unusable(place, error) from None
    names = [one.title for one in book.worksheets]
    if sheet and sheet not in names:
        raise UsageError(f"{place.name} has no sheet {sheet!r}; sheets: {', '.join(names)}")
    tables = [one for one in book.worksheets if one.max_column > 1 and one.max_row > 1]
    if not (sheet or tables):
        raise DataError(f"{shown_path(place)} holds no table.")
    for one in [book[sheet]] if sheet else tables:
        _within(place, one)
    name = sheet or _best(tables)
    grid = _grid(book[name])
    if _has_formulas(content):
        grid.faults += _without_result(shown_path(place), content, name, book[name])
    hidden = _hidden(book[name])
    others = [other for other in names if other != name]
    more = f"sheets not read: {', '.join(others)} (--sheet NAME reads another)"
    grid.remarks = [f"read sheet {name!r}", *([more] if others else []), *hidden, *grid.remarks]
    return grid


def _within(place: Path, sheet: Worksheet) -> None:
    from openpyxl.utils import get_column_letter

    if sheet.max_row * sheet.max_column > MOST_CELLS:
        reach = f"{get_column_letter(sheet.max_column)}{sheet.max_row}"
        raise DataError(
            f"{shown_path(place)}: sheet {sheet.title!r} reaches to cell {reach}; "
            "delete what is far from the table, or save it as CSV."
        )


def _best(sheets: Sequence[Worksheet]) -> str:
    """The sheet with most names of columns that are known, then with most cells; a legend, whose
    names stand below each other, has few. Hidden sheets come last.
    """

    def score(sheet: Worksheet) -> tuple[bool, int, int]:
        top = [
            (number, [_text(value) for value in row])
            for number, row in enumerate(_top(sheet), start=1)
        ]
        top = [(number, cells) for number, cells in top if any(cells)]
        start = header_at(top)
        if start is None:
            return sheet.sheet_state == "visible", -1, 0
        header = {tidy(cell) for cell in top[start][1] if cell}
        targets = sum(bool(header & set(all_)) for all_ in known()["columns"].values())
        filled = sum(cell.value is not None for row in sheet.iter_rows() for cell in row)
        data = len(top) > start + 1
        return sheet.sheet_state == "visible", min(targets, 3) * data, filled

    best = max(range(len(sheets)), key=lambda i: (*score(sheets[i]), -i))
    return sheets[best].title


def _top(sheet: Worksheet) -> Iterator[tuple]:
    return sheet.iter_rows(max_row=min(60, sheet.max_row), values_only=True)


def _grid(sheet: Worksheet) -> Grid:
    """Cells of a sheet as text; a merged cell says the same in each of its rows, once."""
    grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
    remarks = _months_of_names(sheet, grid)
    spans: dict[int, dict[int, int]] = {}
    for block in sheet.merged_cells.ranges:
        for row in range(block.min_row, block.max_row + 1):
            grid[row - 1][block.min_col - 1] = grid[block.min_row - 1][block.min_col - 1]
        if block.max_col > block.min_col:
            spans.setdefault(block.min_row, {})[block.min_col - 1] = block.max_col - 1
    rows = [(number, [_text(value) for value in row]) for number, row in enumerate(grid, start=1)]
    floats = {value for row in grid for value in row if isinstance(value, float)}
    numbers = frozenset(filter(lambda text: "." in text, map(_text, floats)))
    return Grid(rows, remarks, spans=spans, numbers=numbers)


def _hidden(sheet: Worksheet) -> list[str]:
    """What is said of rows and columns that the program does not show, and that are read."""
    rows = [n for n, row in sheet.row_dimensions.items() if row.hidden and n <= sheet.max_row]
    rows = [n for n in sorted(rows) if any(cell.value is not None for cell in sheet[n])]
    columns = sorted(name for name, one in sheet.column_dimensions.items() if one.hidden)
    said = []
    for what, names in (("rows", rows), ("columns", columns)):
        if names:
            told = ", ".join(map(str, names[:10])) + ", …" * (len(names) > 10)
            said.append(f"hidden {what} were read too: {told}")
    return said


def _months_of_names(sheet: Worksheet, grid: list[list]) -> list[str]:
    """Make names again of names such as "March 2010", which the program took for dates: months and
    years in a column of texts; ``grid`` changes.
    """
    remarks = []
    for place, cells in enumerate(zip(*grid, strict=True)):
        dates = [i for i, value in enumerate(cells) if isinstance(value, datetime)]
        worded = sum(isinstance(value, str) for value in cells[1:]) if dates else 0
        for i in dates if worded > len(dates) else ():
            cell = sheet.cell(i + 1, place + 1)
            shown = MONTH_AND_YEAR.fullmatch(str(cell.number_format).split(";")[0])
            if shown and cells[i].day == 1:
                grid[i][place] = f"{MONTHS[cells[i].month - 1]} {cells[i].year}"
                told = f"cell {cell.coordinate} is a date among names"
                remarks.append(f"{told}, and was read as {grid[i][place]!r}")
    return remarks


def _has_raised(content: bytes) -> bool:
    """Whether letters or digits of any text are raised."""
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [
                name
                for name in archive.namelist()
                if name.endswith("sharedStrings.xml") or name.startswith("xl/worksheets/")
            ]
            sizes = sum(archive.getinfo(name).file_size for name in names)
            return sizes <= LARGEST and any(b"superscript" in archive.read(n) for n in names)
    except zipfile.BadZipFile:
        return False


def _with_marks(runs: Iterable[object]) -> str:
    """A text whose raised digits and letters are marks that lead to a note.

    >>> _with_marks(["45"])
    '45'
    """
    told = []
    for run in runs:
        text, style = str(run), getattr(run, "font", None)
        if getattr(style, "vertAlign", "") == "superscript":
            text = text.strip()
            if re.fullmatch(r"[\d, ]+", text):
                text = re.sub("[, ]", "", text).translate(RAISED)
            elif re.fullmatch("[a-z]", text):
                text = f"[{text}]"
        told.append(text)
    return "".join(told)


def _has_formulas(content: bytes) -> bool:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f" in archive.read(name) or b":f" in archive.read(name) for name in sheets)


def _without_result(shown: str, content: bytes, name: str, values: Worksheet) -> list[Fault]:
    """Formulas whose results are not stored in the file."""
    faults = []
    for row in opened(content)[name].iter_rows():
        for cell in row:
            if cell.data_type == "f" and values[cell.coordinate].value is None:
                where = f"{cell.coordinate}: holds a formula whose result is not stored"
                do = "open the file in a spreadsheet program and save it"
                faults.append(Fault(shown, cell.row, "", where, do, "unread", str(cell.value)))
    return faults


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
    if isinstance(value, list):
        value = _with_marks(value)
    return restored(composed(str(value)))
