"""The tables of a new data set as they are written, and their check without reading them again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evidence.bibliography.entries import Bibliography
from evidence.checks.run import check, check_tables
from evidence.coded import coded
from evidence.errors import Fault
from evidence.files import shown_path
from evidence.importing.placed import Placed
from evidence.model.core_rules import core_faults
from evidence.quoting import comma_separated
from evidence.tables.dictionary_file import read_dictionary
from evidence.tables.reader import just_written, read_text

ODD = '",\r\n'
NEEDS_QUOTES = re.compile(f"[{ODD}]")
Columns = dict[str, np.ndarray]


def made_tables(
    package: Mapping[str, Any], placed: Placed, pools: Mapping[str, Sequence[Sequence[str]]]
) -> dict[str, Columns]:
    """The columns of each table in the order of the dictionary, as texts; empty where nothing fills
    them.
    """
    frames = {"studies": placed.studies, "findings": placed.findings}
    made = {}
    for resource in package["resources"]:
        name = resource["name"]
        names = [field["name"] for field in resource["schema"]["fields"]]
        if name in pools:
            cells = np.array(pools[name], dtype=object).reshape(-1, len(names))
            made[name] = {column: cells[:, place] for place, column in enumerate(names)}
        elif name in frames:
            frame = frames[name]
            found = {column: frame[column].to_numpy(dtype=object) for column in frame}
            empty = np.full(len(frame), "", dtype=object)  # one for all: it is looked at once
            said = {column for column, cells in found.items() if any(coded(cells)[1])}
            made[name] = {column: found[column] if column in said else empty for column in names}
    return made


def csv_of(columns: Columns) -> str:
    """A table of several columns as the text of its file, as
    :func:`evidence.quoting.comma_separated` writes it.

    >>> cells = np.array(["x", "y, z"], dtype=object)
    >>> csv_of({"a": cells, "b": cells}).splitlines()
    ['a,b', 'x,x', '"y, z","y, z"']
    """
    number = len(next(iter(columns.values())))
    pieces: list[list[str]] = []
    between = ""
    for cells in columns.values():
        written = _as_csv(cells.tolist(), coded(cells)[1])
        if isinstance(written, str):
            between += f"{written},"
        else:
            pieces += [[between] * number, written]
            between = ","
    pieces.append([f"{between[:-1]}\n"] * number)
    rows = [""] * (number * len(pieces))
    for place, piece in enumerate(pieces):
        rows[place :: len(pieces)] = piece
    return comma_separated([tuple(columns)]) + "".join(rows)


def _as_csv(cells: list[str], different: Sequence[str]) -> list[str] | str:
    """Cells in quotes where they need them; one text where all are the same."""
    if len(different) < 2:
        return _quoted("".join(different))
    whole = "|".join(different)
    if not any(mark in whole for mark in ODD):
        return cells
    odd = {cell: _quoted(cell) for cell in different if NEEDS_QUOTES.search(cell)}
    return [odd.get(cell, cell) for cell in cells]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if NEEDS_QUOTES.search(cell) else cell


def check_made(
    folder: Path,
    tables: Mapping[str, Columns],
    texts: Mapping[str, str],
    bibliography: Bibliography,
) -> list[Fault]:
    """What :func:`evidence.check` finds in a data set that was just written.

    Parameters
    ----------
    folder : Path
    tables : mapping of str to dict
        Columns of the tables that have rows.
    texts : mapping of str to str
        The text of the file of each.
    bibliography : Bibliography
        As reading it gives it.
    """
    dictionary = read_dictionary(folder)
    if core_faults(dictionary, ""):
        return check(folder)
    found, faults = {}, []
    for name, table in dictionary.tables.items():
        shown, made = shown_path(folder / table.file), None
        if name in tables:
            made = just_written(table, shown, tables[name], texts[name])
        if made is None:
            made, wrong = read_text(table, folder, shown)
            faults += wrong
        found[name] = made
    return check_tables(dictionary, found, faults, bibliography)
