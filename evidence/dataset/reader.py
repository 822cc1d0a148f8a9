"""From a CSV file to a table of text cells, and from there to typed columns.

The csv module reads, because it knows the line of every row and notices rows that are too short; pandas fills those in silently.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from evidence.dataset.dictionary import Field, Table
from evidence.errors import Fault

LARGEST_CELL = 1_000_000
WHOLE = r"-?[0-9]{1,15}"
DECIMAL = r"-?[0-9]+(?:\.[0-9]+)?"
ALLOWED = {
    "boolean": "true or false",
    "integer": "a whole number, digits only",
    "number": "a number with a decimal point, without thousands separators",
}


@dataclass(frozen=True)
class TextTable:
    """Cells of one CSV file as they stand there.

    Attributes
    ----------
    table : Table
        Its description.
    path : str
        Path for messages.
    cells : DataFrame
        Strings; an empty cell is ``""``. One column for each column of the description.
    lines : ndarray of int
        Line of each row in the file.
    """

    table: Table
    path: str
    cells: pd.DataFrame
    lines: np.ndarray

    def faults(
        self,
        rows: Sequence[bool] | np.ndarray | pd.Series,
        column: str,
        message: Callable[[int], str] | str,
        allowed: str = "",
        rule: str = "",
    ) -> list[Fault]:
        """One fault for each row where ``rows`` is true; ``message`` may be a function of the row number."""
        found = np.flatnonzero(np.asarray(rows, dtype=bool))
        if not len(found):
            return []
        ids = self.cells[self.table.key].to_numpy() if self.table.key in self.cells else [""] * len(self.cells)
        return [
            Fault(self.path, int(self.lines[i]), column, message if isinstance(message, str) else message(i), allowed, rule, ids[i]) for i in found
        ]


def read_text(table: Table, folder: Path, name: str | None = None) -> tuple[TextTable, list[Fault]]:
    """Read the CSV file of a table as text.

    Parameters
    ----------
    table : Table
        Description of the table.
    folder : Path
        Folder of the file.
    name : str, optional
        Path to show in messages; default is the path of the file.

    Returns
    -------
    TextTable
        Its rows, with missing columns as empty cells; no row when the file cannot be read.
    list of Fault
        What is wrong with the file as a file.
    """
    path = folder / table.file
    shown = name or str(path)
    columns = [field.name for field in table.fields]
    rows: list[list[str]] = []
    lines: list[int] = []
    faults: list[Fault] = []

    def result() -> tuple[TextTable, list[Fault]]:
        cells = pd.DataFrame(rows, columns=columns, dtype="str") if rows else pd.DataFrame({c: pd.Series(dtype="str") for c in columns})
        return TextTable(table, shown, cells, np.array(lines, dtype=int)), faults

    try:
        with path.open(encoding="utf-8", newline="") as file:
            read = list(_rows(file))
    except OSError as error:
        faults.append(Fault(shown, 0, "", f"cannot be read: {error.strerror}", "a CSV file"))
        return result()
    except UnicodeDecodeError as error:
        faults.append(Fault(shown, 0, "", f"is not UTF-8 (byte {error.start})", "plain UTF-8; in a spreadsheet save as 'CSV UTF-8'"))
        return result()
    except csv.Error as error:
        faults.append(Fault(shown, 0, "", f"is not readable as CSV: {error}", "cells parted by commas, quotes closed"))
        return result()
    if not read:
        faults.append(Fault(shown, 1, "", "is empty", "a header line: " + ",".join(columns)))
        return result()

    (_, header), *body = read
    if header and header[0].startswith("\ufeff"):
        faults.append(Fault(shown, 1, "", "starts with a byte order mark", "plain UTF-8"))
        header[0] = header[0].removeprefix("\ufeff")
    if header != columns:
        faults += _header_faults(shown, header, columns)
    places = [header.index(column) if column in header else -1 for column in columns]
    for line, row in body:
        if len(row) != len(header):
            what = f"has {len(row)} cells, the header has {len(header)}"
            faults.append(Fault(shown, line, "", what, "one cell for each column; put text with a comma in quotes"))
            row = (row + [""] * len(header))[: len(header)]
        rows.append([row[place] if place >= 0 else "" for place in places])
        lines.append(line)
    return result()


def _rows(file) -> list[tuple[int, list[str]]]:
    """Rows with the line on which each begins."""
    previous = csv.field_size_limit(LARGEST_CELL)
    try:
        reader = csv.reader(file, strict=True)
        rows, begin = [], 1
        for row in reader:
            rows.append((begin, row))
            begin = reader.line_num + 1
        return rows
    finally:
        csv.field_size_limit(previous)


def _header_faults(path: str, header: list[str], columns: list[str]) -> list[Fault]:
    faults = [Fault(path, 1, column, "column is missing from the header", "add it, with empty cells") for column in columns if column not in header]
    faults += [Fault(path, 1, column, "unknown column", ", ".join(columns)) for column in header if column not in columns]
    faults += [Fault(path, 1, column, "column stands twice", "once") for column in sorted({c for c in header if header.count(c) > 1})]
    if not faults:
        faults.append(Fault(path, 1, "", "columns are not in the order of the dictionary", ",".join(columns)))
    return faults


def convert(text: TextTable) -> tuple[pd.DataFrame, list[Fault]]:
    """Give the columns their types.

    Returns
    -------
    DataFrame
        ``str`` and ``category`` columns, ``Int64``, ``float64`` and ``boolean``; an empty cell is missing.
    list of Fault
        Cells that are not of their column's type, or not in its vocabulary.
    """
    columns, faults = {}, []
    for field in text.table.fields:
        values, bad = _column(text.cells[field.name], field)
        columns[field.name] = values
        allowed = ALLOWED.get(field.type) or _listed(field.values)
        kind = "in the vocabulary" if field.values else f"of type {field.type}"
        cells = text.cells[field.name]
        faults += text.faults(bad, field.name, lambda i: f"{short(cells.iloc[i])} is not {kind}", allowed, "type")
    return pd.DataFrame(columns), faults


def _column(cells: pd.Series, field: Field) -> tuple[pd.Series, np.ndarray]:
    empty = (cells == "").to_numpy(dtype=bool)
    if field.values:
        known = cells.isin(field.values).to_numpy(dtype=bool)
        return pd.Series(pd.Categorical(cells.where(known, None), categories=field.values)), ~known & ~empty
    if field.type == "boolean":
        values = cells.map({"true": True, "false": False}).astype("boolean")
        return values, values.isna().to_numpy(dtype=bool) & ~empty
    if field.type in ("integer", "number"):
        good = cells.str.fullmatch(WHOLE if field.type == "integer" else DECIMAL).to_numpy(dtype=bool)
        numbers = pd.to_numeric(cells.where(good, None))
        return numbers.astype("Int64" if field.type == "integer" else "float64"), ~good & ~empty
    return cells.mask(empty), np.zeros(len(cells), dtype=bool)


def _listed(values: list[str], most: int = 30) -> str:
    return ", ".join(values[:most]) + (", ..." if len(values) > most else "")


def short(value: str, most: int = 60) -> str:
    """A cell in quotes, cut when it is long."""
    return repr(value if len(value) <= most else value[: most - 3] + "...")
