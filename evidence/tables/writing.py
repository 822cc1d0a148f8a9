"""Write rows of a table as they are read: commas, quotes only where they are needed, one line
per row, in the order of the dictionary.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from evidence.errors import DataError
from evidence.model.dictionary import Table
from evidence.quoting import comma_separated


def csv_text(table: Table, rows: Iterable[Mapping[str, str]]) -> str:
    """A whole table with its header.

    >>> import evidence
    >>> csv_text(
    ...     evidence.load().dictionary.tables["cohorts"],
    ...     [{"cohort_id": "a", "label": "One, two", "description": ""}],
    ... )
    'cohort_id,label,description\\na,"One, two",\\n'
    """
    header = ",".join(field.name for field in table.fields) + "\n"
    return header + "".join(csv_line(table, row) for row in rows)


def csv_line(table: Table, row: Mapping[str, str], end: str = "\n") -> str:
    """One row as a line; a column that the row lacks is empty."""
    return comma_separated([[row.get(field.name, "") for field in table.fields]], end)


def with_cells(text: str, table: Table, changes: Mapping[str, Mapping[str, str]]) -> str:
    """The text of a table with some cells changed, by the key of their row; other lines stay byte
    for byte.
    """
    lines, keys = _lines(text, table)
    for key, cells in changes.items():
        place = _place(keys, key, table)
        row = dict(
            zip(
                (field.name for field in table.fields),
                next(csv.reader([lines[place]])),
                strict=False,
            )
        )
        lines[place] = csv_line(table, row | dict(cells), _end(lines))
    return "".join(lines)


def without_rows(text: str, table: Table, gone: Iterable[str]) -> str:
    """The text of a table without the rows of these keys. Raises like :func:`with_cells`."""
    lines, keys = _lines(text, table)
    places = {_place(keys, key, table) for key in gone}
    return "".join(line for place, line in enumerate(lines) if place not in places)


def with_row(text: str, table: Table, row: Mapping[str, str]) -> str:
    """The text of a table with one row more, in the order of the keys. Raises like
    :func:`with_cells`.
    """
    lines, keys = _lines(text, table)
    place = next(
        (number for number, key in enumerate(keys[1:], 1) if key > row[table.key]), len(lines)
    )
    return "".join([*lines[:place], csv_line(table, row, _end(lines)), *lines[place:]])


def _lines(text: str, table: Table) -> tuple[list[str], list[str]]:
    """The lines of a table, and the key of each (that of the header first)."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = (text if text.endswith("\n") or not text else text + end).splitlines(keepends=True)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if len(rows) != len(lines) or not rows or table.key not in rows[0]:
        raise DataError(
            f"{table.file} cannot be changed line by line: a row spans several lines, or there"
            f" is not a {table.key}. See evidence check."
        )
    at = rows[0].index(table.key)
    return lines, [row[at] if len(row) > at else "" for row in rows]


def _end(lines: list[str]) -> str:
    return "\r\n" if lines[0].endswith("\r\n") else "\n"


def _place(keys: list[str], key: str, table: Table) -> int:
    if key not in keys[1:]:
        raise DataError(f"{table.file} has no row {key!r}.")
    return keys.index(key, 1)
