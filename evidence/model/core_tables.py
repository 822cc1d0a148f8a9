"""What a function says or does where a data set lacks a table or a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from evidence.errors import NoTable
from evidence.model.schema import known_tables

if TYPE_CHECKING:
    from evidence.model.evidence import Evidence


def lacks(name: str, so: str = "") -> str:
    """One sentence on a table that is not there, and on what therefore cannot be shown.

    >>> lacks("readings", "nothing to compare")
    'This data set has no second reading (readings.csv): nothing to compare'
    """
    known = known_tables().get(name)
    holds = known.holds if known and known.holds else f"table {name!r}"
    sentence = f"This data set has no {holds} ({name}.csv)"
    return f"{sentence}: {so}" if so else sentence


def needed(ev: Evidence, name: str, so: str) -> pd.DataFrame:
    """A table that a result rests on."""
    if name not in ev.tables:
        raise NoTable(lacks(name, so))
    return ev.tables[name].copy(deep=False)


def completed(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables, with the columns that the code reads and that they lack as empty ones."""
    return {name: _completed(name, frame) for name, frame in tables.items()}


def _completed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    if name not in known_tables():
        return frame
    absent = {
        column.name: pd.Series(index=frame.index, dtype=column.dtype)
        for column in known_tables()[name].columns.values()
        if column.read and column.name not in frame
    }
    return frame.assign(**absent) if absent else frame
