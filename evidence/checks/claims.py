"""What claims expect: terms whose columns and values exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from evidence.errors import Fault
from evidence.tables.conditions import NUMBER, TERM

if TYPE_CHECKING:
    from evidence.checks.run import Checked


def check_claims(checked: Checked) -> list[Fault]:
    """Faults of the column ``expects`` of the claims."""
    text = checked.texts.get("claims")
    if text is None or "expects" in text.missing:
        return []
    faults = []
    for place, cell in enumerate(text.cells["expects"]):
        wrong = _wrong(checked, cell) if cell else None
        if wrong:
            here = np.arange(len(text.cells)) == place
            faults += text.faults(here, "expects", lambda i: wrong[0], wrong[1], "claims")
    return faults


def _wrong(checked: Checked, cell: str) -> tuple[str, str] | None:
    """What is wrong with the terms of one claim, and what is allowed."""
    for term in re.split(r"; | / ", cell):
        found = TERM.fullmatch(term)
        if found is None:
            return f"{term!r} is not a term", "COLUMN=VALUE or COLUMN<NUMBER"
        column, value = found["column"], found["value"]
        field = checked.dictionary.field(column, "studies", "findings")
        if field is None:
            return f"{column!r} is not a column", "a column of studies or findings"
        if found["sign"] == "<" and not (
            NUMBER.fullmatch(value) and field.type in ("integer", "number")
        ):
            return f"{term!r} compares no numbers", "COLUMN<NUMBER, with a column of numbers"
        if found["sign"] == "=" and not _occurs(checked, column, value):
            allowed = ", ".join(field.values) or f"a value that occurs in {column}"
            return f"{value!r} is not a value of {column}", allowed
    return None


def _occurs(checked: Checked, column: str, value: str) -> bool:
    """Whether the vocabulary of a column, or one of its cells, has a value."""
    field = checked.dictionary.field(column, "studies", "findings")
    if field and field.values:
        return value in field.values
    if checked.is_part:
        return True  # the cell that is meant may have been left out
    tables = [checked.texts[name] for name in ("studies", "findings") if name in checked.texts]
    return any(value in set(text.cells[column]) for text in tables if column in text.cells)
