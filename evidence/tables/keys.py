"""Keys: what every table must have right before anything is counted, because a join would otherwise
drop rows, or double them, in silence.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from evidence.errors import Fault
from evidence.model.dictionary import ForeignKey
from evidence.tables.reader import TextTable, short

# Columns that say how many took part; fewer than none would be subtracted in silence.
SIZES = {"studies": ("sample_size", "n_exposed", "n_control"), "arms": ("n",)}


def check_sizes(texts: Mapping[str, TextTable]) -> list[Fault]:
    """Sample sizes below 0, whatever the dictionary of the data set allows."""
    faults = []
    for name, columns in SIZES.items():
        for column in columns:
            if name not in texts or column not in texts[name].columns:
                continue
            text, cells = texts[name], texts[name].columns[column]
            below = np.array([cell.startswith("-") for cell in cells], dtype=bool)
            what = lambda i, cells=cells: f"{short(cells[i])} is below 0"
            faults += text.faults(below, column, what, "a whole number from 0 up", "size")
    return faults


def check_ids(texts: Mapping[str, TextTable]) -> list[Fault]:
    """Ids that are empty, are duplicates in their table, or name a row that no table has."""
    faults = []
    for text in texts.values():
        faults += _own(text)
        for key in text.table.foreign_keys:
            faults += _foreign(text, key, texts[key.table])
    return faults


def _own(text: TextTable) -> list[Fault]:
    key = text.table.key
    if key in text.missing:
        return []
    distinct = text.different(key)
    if len(distinct) == len(text.lines) and "" not in distinct:
        return []
    ids = text.cells[key]
    empty = (ids == "").to_numpy(dtype=bool)
    twice = ids.duplicated().to_numpy(dtype=bool) & ~empty
    return [
        *text.faults(empty, key, "is empty", "a value", "required"),
        *text.faults(
            twice,
            key,
            lambda i: f"{short(ids.iloc[i])} is a duplicate",
            "each value once",
            "unique",
        ),
    ]


def _foreign(text: TextTable, key: ForeignKey, other: TextTable) -> list[Fault]:
    if key.column in text.missing or key.key in other.missing:
        return []  # a column or file that is not there is a fault of its own
    unknown = set(text.different(key.column)).difference(other.different(key.key), [""])
    if not unknown:
        return []
    cells = text.cells[key.column]
    return text.faults(
        cells.isin(unknown),
        key.column,
        lambda i: f"{short(cells.iloc[i])} is not a {key.key} of {key.table}",
        f"an id of {other.path}",
        "key",
    )
