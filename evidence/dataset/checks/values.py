"""Cells: required, unique, patterned, within bounds, and tidy text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence.dataset.dictionary import Field
from evidence.dataset.reader import TextTable, short
from evidence.errors import Fault

if TYPE_CHECKING:
    from evidence.dataset.checks.run import Checked

# Control characters, line breaks, byte order marks, the replacement character, and what UTF-8 read as Latin-1 looks like.
UNTIDY = r"[\x00-\x1f\x7f\u2028\u2029\ufeff\ufffd]|Ã[\x80-\xbf©¨¼¶¤]|â€"


def check_values(checked: Checked) -> list[Fault]:
    """Faults of single cells, and of single columns."""
    faults = []
    for name, text in checked.texts.items():
        for field in text.table.fields:
            faults += _column(text, field, checked.frames[name][field.name])
        faults += _order(text)
    return faults


def _column(text: TextTable, field: Field, values: pd.Series) -> list[Fault]:
    cells = text.cells[field.name]
    filled = (cells != "").to_numpy(dtype=bool)
    faults = []
    if field.required:
        faults += text.faults(~filled, field.name, "is empty", "a value", "required")
    if field.unique:
        twice = filled & cells.duplicated().to_numpy(dtype=bool)
        faults += text.faults(twice, field.name, lambda i: f"{short(cells.iloc[i])} stands twice", "each value once", "unique")
    if field.pattern:
        wrong = filled & ~cells.str.fullmatch(field.pattern).to_numpy(dtype=bool)
        faults += text.faults(wrong, field.name, lambda i: f"{short(cells.iloc[i])} has not the form of this column", field.pattern, "pattern")
    if field.type in ("integer", "number"):
        faults += _bounds(text, field, values)
    if field.type == "string" and not field.values:
        untidy = cells.str.contains(UNTIDY, regex=True) | (cells != cells.str.strip()) | cells.str.contains("  ", regex=False)
        faults += text.faults(
            untidy.to_numpy(dtype=bool),
            field.name,
            lambda i: f"{short(cells.iloc[i])} has stray spaces, control characters or broken letters",
            "one line of plain UTF-8 text without spaces at the ends",
            "text",
        )
        decomposed = filled & (cells != cells.str.normalize("NFC")).to_numpy(dtype=bool)
        faults += text.faults(
            decomposed, field.name, lambda i: f"{short(cells.iloc[i])} has letters parted from their accents", "Unicode form NFC", "text"
        )
    return faults


def _bounds(text: TextTable, field: Field, values: pd.Series) -> list[Fault]:
    low = -np.inf if field.minimum is None else field.minimum
    high = np.inf if field.maximum is None else field.maximum
    outside = ~values.between(low, high).fillna(True).to_numpy(dtype=bool) & values.notna().to_numpy(dtype=bool)
    cells = text.cells[field.name]
    return text.faults(outside, field.name, lambda i: f"{cells.iloc[i]} is out of bounds", f"{low:g} to {high:g}", "bounds")


def _order(text: TextTable) -> list[Fault]:
    """Rows stand in the order of their study or record, so that a diff shows just what changed."""
    keys = text.cells[text.table.key].str.extract(r"^([a-z_]+)")[0].fillna("")
    before = keys.shift(fill_value="")
    wrong = (keys < before).to_numpy(dtype=bool)
    return text.faults(wrong, text.table.key, "stands out of order", "rows sorted by this column", "order")
