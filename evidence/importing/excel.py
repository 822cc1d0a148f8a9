"""Sheets of an XLSX file as rows of text: the one with the data, read as far as it is filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.decoding import composed, unusable
from evidence.errors import DataError, Fault, UsageError
from evidence.files import UnreadableFile, shown_path
from evidence.importing.layout import Row, header_at
from evidence.importing.words import known, tidy
from evidence.tables.formulas import restored
from evidence.tables.workbook import MOST_CELLS, opened

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass
class Grid:
    """Rows of a file; ``spans`` are blocks merged sideways: row, and first and last column;
    ``numbers`` are texts of cells that are numbers, with a decimal point.
    """

    rows: list[Row]
    remarks: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    spans: dict[int, dict[int, int]] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()


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
        book = opened(content, data_only=True)
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
    others = [other for other in names if other != name]
    more = f"sheets not read: {', '.join(others)} (--sheet NAME reads another)"
    grid.remarks = [f"read sheet {name!r}", *([more] if others else [])]
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
    spans: dict[int, dict[int, int]] = {}
    for block in sheet.merged_cells.ranges:
        for row in range(block.min_row, block.max_row + 1):
            grid[row - 1][block.min_col - 1] = grid[block.min_row - 1][block.min_col - 1]
        if block.max_col > block.min_col:
            spans.setdefault(block.min_row, {})[block.min_col - 1] = block.max_col - 1
    rows = [(number, [_text(value) for value in row]) for number, row in enumerate(grid, start=1)]
    floats = {value for row in grid for value in row if isinstance(value, float)}
    return Grid(rows, spans=spans, numbers=frozenset(filter(_is_parted, map(_text, floats))))


def _is_parted(text: str) -> bool:
    return "." in text


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
    return restored(composed(str(value)))
