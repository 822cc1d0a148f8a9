"""From a CSV file to a table of text cells, and from there to typed columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evidence.coded import coded
from evidence.errors import Fault
from evidence.files import LARGEST_CELL, UnreadableFile, read_bytes
from evidence.model.dictionary import ALLOWED, Field, Table
from evidence.tables.csv_file import read_rows

SHORT_LINE = LARGEST_CELL // 8  # characters, of at most four bytes: two of them are not long cell
MOST_NAMED = 20  # unknown columns of one file
MOST_LISTED, LONGEST = 30, 60  # words that are allowed, and letters of a cell, in a message
WHOLE = r"-?[0-9]{1,15}"
DECIMAL = r"-?[0-9]{1,300}(?:\.[0-9]+)?"


@dataclass(frozen=True)
class TextTable:
    """Cells of one CSV file as they stand there.

    Attributes
    ----------
    table : Table
        Its description.
    path : str
        Path for messages.
    columns : dict of str to ndarray of object
        Strings; an empty cell is ``""``. One column for each column of the description.
    cells : DataFrame
        The same as a table, made when it is first asked for: most tables are only loaded.
    lines : ndarray of int
        Line of each row in the file.
    missing : frozenset of str
        Columns that the file lacks, all of them when it cannot be read: what follows from that is
        not told again for every row.
    """

    table: Table
    path: str
    columns: dict[str, np.ndarray]
    lines: np.ndarray
    missing: frozenset[str] = frozenset()

    @cached_property
    def cells(self) -> pd.DataFrame:
        made = {
            id(cells): pd.array(cells, dtype="str", copy=False) for cells in self.columns.values()
        }
        return pd.DataFrame(
            {name: made[id(cells)] for name, cells in self.columns.items()},
            index=range(len(self.lines)),
            copy=False,
        )

    def different(self, column: str) -> list[str]:
        """The different cells of a column, in the order in which they are first met."""
        return self.coded(column)[1]

    def coded(self, column: str) -> tuple[np.ndarray, list[str]]:
        """A number for each cell of a column, and the different cells."""
        return coded(self.columns[column])

    def faults(
        self,
        rows: Sequence[bool] | np.ndarray | pd.Series,
        column: str,
        message: Callable[[int], str] | str,
        allowed: str = "",
        rule: str = "",
    ) -> list[Fault]:
        """One fault for each row where ``rows`` is true; ``message`` may be a function of the row
        number.
        """
        found = np.flatnonzero(np.asarray(rows, dtype=bool))
        if not len(found):
            return []
        ids = self.columns.get(self.table.key, np.full(len(self.lines), "", dtype=object))
        told = zip(found.tolist(), self.lines[found].tolist(), ids[found].tolist(), strict=True)
        said = message if callable(message) else lambda i: message
        return [
            Fault(self.path, line, column, said(i), allowed, rule, record)
            for i, line, record in told
        ]

    def fault(
        self, row: int, column: str, message: str, allowed: str = "", rule: str = ""
    ) -> Fault:
        """The fault of one row, with its line and id."""
        record = self.columns[self.table.key][row] if self.table.key in self.columns else ""
        return Fault(self.path, int(self.lines[row]), column, message, allowed, rule, record)


def just_written(
    table: Table, name: str, columns: Mapping[str, np.ndarray], content: str
) -> TextTable | None:
    """A table that was just written, without reading it again; None where its lines are not its
    rows, or a cell may be longer than a reader takes.

    Parameters
    ----------
    table : Table
    name : str
        Path for messages.
    columns : mapping of str to ndarray of object
        Its cells, as they were written.
    content : str
        The text of the file.
    """
    rows = len(columns[table.key])
    usual = content.count("\n") == rows + 1 and "\r" not in content and "\0" not in content
    # Each part of the text has the end of a line, so that none is long.
    begins = range(0, len(content), SHORT_LINE)
    if not usual or any(content.find("\n", i, i + SHORT_LINE) < 0 for i in begins):
        return None
    cells = {field.name: columns[field.name] for field in table.fields}
    return TextTable(table, name, cells, np.arange(2, rows + 2))


def read_text(table: Table, folder: Path, name: str | None = None) -> tuple[TextTable, list[Fault]]:
    """Read the CSV file of a table as text.

    Missing columns become empty cells; a file that cannot be read has no rows. Returned too is what
    is wrong with the file as a file.
    """
    path = folder / table.file
    shown = name or str(path)
    columns = [field.name for field in table.fields]
    try:
        rows = read_rows(read_bytes(path), columns)
    except UnreadableFile as error:
        nothing = {column: np.array([], dtype=object) for column in columns}
        fault = Fault(shown, error.line, "", error.what, error.allowed)
        return TextTable(table, shown, nothing, np.array([], dtype=int), frozenset(columns)), [
            fault
        ]
    faults = []
    if rows.byte_order_mark:
        faults.append(
            Fault(
                shown,
                1,
                "",
                "starts with a byte order mark, as Excel writes it",
                "UTF-8 without it, as text editors and LibreOffice write it",
            )
        )
    if rows.header != columns:
        faults += _header_faults(shown, rows.header, columns)
    width = len(rows.header)
    for number, cells in rows.uneven.items():
        if cells:
            what = f"has {cells} cell{'s' * (cells != 1)}, the header has {width}"
        else:
            what = "is an empty line"
        faults.append(
            Fault(
                shown,
                int(rows.lines[number]),
                "",
                what,
                "one cell for each column; put text with a comma in quotes",
            )
        )
    return (
        TextTable(table, shown, rows.columns, rows.lines, frozenset(columns) - set(rows.header)),
        faults,
    )


def _header_faults(path: str, header: list[str], columns: list[str]) -> list[Fault]:
    """What is wrong with the header; a file with a million columns gets the first few of them
    named.
    """
    places = Counter(header)
    other = next((mark for mark in (";", "\t", "|") if len(header) == 1 and mark in header[0]), "")
    if other:
        return [
            Fault(
                path,
                1,
                "",
                f"the cells are separated by {other!r}",
                "commas, and a point in decimal numbers",
            )
        ]
    faults = [
        Fault(path, 1, column, "column is missing from the header", "add it, with empty cells")
        for column in columns
        if column not in places
    ]
    known = set(columns)
    unknown = [column for column in places if column not in known]
    faults += [
        Fault(path, 1, short(column), "unknown column", _listed(columns))
        for column in unknown[:MOST_NAMED]
    ]
    if len(unknown) > MOST_NAMED:
        faults.append(
            Fault(
                path, 1, "", f"{len(unknown) - MOST_NAMED:,} more unknown columns", _listed(columns)
            )
        )
    faults += [
        Fault(path, 1, column, "column is there more than once", "once")
        for column in columns
        if places[column] > 1
    ]
    if not faults:
        faults.append(
            Fault(path, 1, "", "columns are not in the order of the dictionary", ",".join(columns))
        )
    return faults


def convert(text: TextTable) -> tuple[pd.DataFrame, list[Fault]]:
    """Give the columns their types.

    They become ``str``, ``category``, ``Int64``, ``float64`` and ``boolean``; an empty cell is
    missing. Returned too are faults: cells that are not of their column's type, or not in its
    vocabulary.
    """
    columns, faults = {}, []
    for field in text.table.fields:
        cells = text.columns[field.name]
        columns[field.name], bad = _column(cells, *text.coded(field.name), field)
        if bad.any():
            allowed = _listed(field.values) if field.values else ALLOWED[field.type]
            kind = "in the vocabulary" if field.values else f"of type {field.type}"
            faults += text.faults(
                bad, field.name, lambda i: f"{short(cells[i])} is not {kind}", allowed, "type"
            )
    return pd.DataFrame(columns, copy=False), faults


def _column(
    cells: np.ndarray, codes: np.ndarray, different: Sequence[str], field: Field
) -> tuple[Any, np.ndarray]:
    """The values of a column with their type, and which cells are not of it. Plain arrays: a Series
    for each column would take most of the time.
    """
    filled = codes != (different.index("") if "" in different else len(different))
    if field.delimiter:
        return _lists(cells, filled, field)
    if field.values or field.type == "boolean":
        return _words(codes, different, filled, field)
    if field.type in ("integer", "number"):
        return _numbers(codes, different, filled, field)
    if not filled.any():
        return _no_texts(len(cells)).copy(), filled
    texts = cells
    if not filled.all():
        texts = np.where(filled, cells, np.nan)
    return pd.array(texts, dtype="str"), np.zeros(len(cells), dtype=bool)


@lru_cache(maxsize=2)
def _no_texts(rows: int) -> Any:
    """An empty column: a copy takes less time than a new one."""
    return pd.array(np.full(rows, np.nan, dtype=object), dtype="str")


def _words(
    codes: np.ndarray, different: Sequence[str], filled: np.ndarray, field: Field
) -> tuple[Any, np.ndarray]:
    words = field.values or ["true", "false"]
    known = {word: number for number, word in enumerate(words)}
    code = np.array([known.get(cell, -1) for cell in different], dtype="int64")[codes]
    bad = filled & (code < 0)
    if field.values:
        return pd.Categorical.from_codes(code, dtype=_vocabulary(*words)), bad
    return pd.arrays.BooleanArray(code == 0, code < 0), bad


def _numbers(
    codes: np.ndarray, different: Sequence[str], filled: np.ndarray, field: Field
) -> tuple[Any, np.ndarray]:
    whole = field.type == "integer"
    fits = re.compile(WHOLE if whole else DECIMAL).fullmatch
    fine = np.array([fits(cell) is not None for cell in different], dtype=bool)
    read = np.zeros(len(fine), "int64") if whole else np.full(len(fine), np.nan)
    read[fine] = pd.to_numeric(np.array(different, dtype=object)[fine])
    good = fine[codes]
    if whole:
        return pd.arrays.IntegerArray(read[codes], ~good), filled & ~good
    return read[codes], filled & ~good


def _lists(cells: np.ndarray, filled: np.ndarray, field: Field) -> tuple[Any, np.ndarray]:
    """Cells with several values stay texts; a value that is repeated or not in the vocabulary makes
    its cell bad.
    """
    known, texts, bad = set(field.values), cells.copy(), np.zeros(len(cells), dtype=bool)
    for number in np.flatnonzero(filled):
        items = cells[number].split(field.delimiter)
        bad[number] = (
            len(set(items)) < len(items)
            or (bool(known) and not known.issuperset(items))
            or "" in items
        )
    texts[~filled | bad] = np.nan
    return pd.array(texts, dtype="str"), bad


@lru_cache(maxsize=256)
def _vocabulary(*words: str) -> pd.CategoricalDtype:
    """One type for all columns with the same words: making it takes longer than reading a short
    column.
    """
    return pd.CategoricalDtype(list(words))


def _listed(values: list[str]) -> str:
    return ", ".join(values[:MOST_LISTED]) + (", ..." if len(values) > MOST_LISTED else "")


def short(value: str) -> str:
    """A cell in quotes, cut when it is long."""
    return repr(value if len(value) <= LONGEST else f"{value[: LONGEST - 3]}...")
