"""Keys: what every table must have right before anything is counted, because a join would otherwise
drop rows, or double them, in silence.
"""

from __future__ import annotations

from collections.abc import Mapping

from evidence.errors import Fault
from evidence.model.dictionary import ForeignKey
from evidence.tables.reader import TextTable, short


def check_ids(texts: Mapping[str, TextTable]) -> list[Fault]:
    """Ids that are empty, stand twice in their table, or name a row that no table has."""
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
    distinct = set(text.columns[key].tolist())
    if len(distinct) == len(text.lines) and "" not in distinct:
        return []
    ids = text.cells[key]
    empty = (ids == "").to_numpy(dtype=bool)
    twice = ids.duplicated().to_numpy(dtype=bool) & ~empty
    return [
        *text.faults(empty, key, "is empty", "a value", "required"),
        *text.faults(
            twice, key, lambda i: f"{short(ids.iloc[i])} stands twice", "each value once", "unique"
        ),
    ]


def _foreign(text: TextTable, key: ForeignKey, other: TextTable) -> list[Fault]:
    if key.column in text.missing or key.key in other.missing:
        return []  # a column or file that is not there is a fault of its own
    unknown = set(text.columns[key.column].tolist()) - set(other.columns[key.key].tolist()) - {""}
    if not unknown:
        return []
    cells = text.cells[key.column]
    return text.faults(
        cells.isin(unknown),
        key.column,
        lambda i: f"{short(cells.iloc[i])} is no {key.key} of {key.table}",
        f"an id of {other.path}",
        "key",
    )
