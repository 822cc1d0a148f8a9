"""Keys between tables, both ways, and pointers to a cell of another table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evidence.errors import Fault
from evidence.model.dictionary import ForeignKey
from evidence.tables.keys import check_ids
from evidence.tables.reader import TextTable, short

if TYPE_CHECKING:
    from evidence.checks.run import Checked

POINTER = ("table", "id")
CRITERION = ("criterion_id", "column", "value")


def check_keys(checked: Checked) -> list[Fault]:
    """Ids that do not exist, and rows that nothing names although something should."""
    faults = check_ids(checked.texts)
    for text in checked.texts.values():
        for key in text.table.foreign_keys:
            if key.covers:
                faults += _backward(checked, text, key)
        if all(column in text.table for column in POINTER) and not text.missing & set(POINTER):
            faults += _pointers(checked, text)
        if all(column in text.table for column in CRITERION) and not text.missing & set(CRITERION):
            faults += _criteria(checked, text)
    return faults


def _backward(checked: Checked, text: TextTable, key: ForeignKey) -> list[Fault]:
    other = checked.texts[key.table]
    if key.column in text.missing or key.key in other.missing:
        return []
    ids = other.columns[key.key]
    lonely = set(other.different(key.key)).difference(text.different(key.column))
    return other.faults(
        [cell in lonely for cell in ids.tolist()] if lonely else [],
        key.key,
        lambda i: f"{short(ids[i])} has no row in {text.table.name}",
        f"at least one row of {text.path}",
        "key",
    )


def _pointers(checked: Checked, text: TextTable) -> list[Fault]:
    """Rows that point to a record, and to one of its fields by name."""
    faults = []
    bibliography = ("author", "journal", "volume", "number", "pages")
    for name, rows in text.cells.groupby("table").groups.items():
        target = checked.texts.get(str(name))
        if target is None or target.table.key in target.missing:
            continue  # the vocabulary of the column has reported it, or the file is a fault itself
        chosen = np.isin(np.arange(len(text.cells)), rows)
        ids = text.cells["id"]
        missing = chosen & ~ids.isin(target.cells[target.table.key]).to_numpy(dtype=bool)
        faults += text.faults(
            missing,
            "id",
            lambda i: f"{short(ids.iloc[i])} is not a row of {name}",
            f"an id of {target.path}",
            "key",
        )
        if "field" not in text.table:
            continue
        fields = text.cells["field"]
        allowed = [*target.table.by_name, *bibliography]
        strange = chosen & ~fields.isin(allowed).to_numpy(dtype=bool)
        faults += text.faults(
            strange,
            "field",
            lambda i: f"{short(fields.iloc[i])} is not a field of {name}",
            ", ".join(allowed),
            "key",
        )
    return faults


def _criteria(checked: Checked, text: TextTable) -> list[Fault]:
    """Conditions on rows: their columns exist, their values are in the vocabulary."""
    faults = []
    columns, values = text.cells["column"], text.cells["value"]
    tables = [checked.dictionary.tables[name] for name in ("studies", "findings")]
    known = [name for table in tables for name in table.by_name]
    faults += text.faults(
        ~columns.isin(known).to_numpy(dtype=bool),
        "column",
        lambda i: f"{short(columns.iloc[i])} is not a column of studies or findings",
        ", ".join(known),
        "key",
    )
    for name in columns.unique():
        field = checked.dictionary.field(name, "studies", "findings")
        if field is None or not (field.values or field.unique):
            continue
        if not field.values and (checked.is_part or not _whole(checked, field.name)):
            continue  # the row that is meant may have been left out, or could not be read
        allowed = field.values or _ids(checked, field.name)
        words = values.str.replace(r"^(?:not|or_empty):", "", regex=True)
        wrong = ((columns == name) & (words != "*") & ~words.isin(allowed)).to_numpy(dtype=bool)
        faults += text.faults(
            wrong,
            "value",
            lambda i: f"{short(values.iloc[i])} is not a value of {columns.iloc[i]}",
            ", ".join(allowed[:30]) + (", ..." if len(allowed) > 30 else ""),
            "key",
        )
    return faults


def _whole(checked: Checked, column: str) -> bool:
    """Whether the tables with ids in that column could be read."""
    tables = (checked.texts.get(name) for name in ("studies", "findings"))
    return not any(text and column in text.missing for text in tables)


def _ids(checked: Checked, column: str) -> list[str]:
    """Ids in a column of studies or findings."""
    tables = (checked.texts.get(name) for name in ("studies", "findings"))
    return [cell for text in tables if text and column in text.cells for cell in text.cells[column]]
