"""Cells: required, unique, patterned, within bounds, and tidy text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence.checks.limits import within_time
from evidence.errors import Fault
from evidence.model.dictionary import Field
from evidence.quoting import HIDDEN
from evidence.tables.reader import TextTable, short

if TYPE_CHECKING:
    from evidence.checks.run import Checked

# Control characters, line breaks and all else that is hidden, the replacement character, and what
# UTF-8 looks like that was read as Latin-1.
UNTIDY = re.compile(HIDDEN.pattern + "|\ufffd|Ã[\x80-\xbf©¨¼¶¤]|â€")
MISREAD = ("\ufffd", "Ã", "â€", "  ", "| ", " |")  # with bars between the cells
# What a spreadsheet makes of an id, a number or a range: 1E5, 01-Mar, Mar-01, an error.
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
SPREADSHEET = re.compile(
    rf"[0-9](?:\.[0-9]+)?E\+?[0-9]+|[0-9]{{1,4}}-(?:{MONTHS})(?:-[0-9]{{2,4}})?|(?:{MONTHS})-[0-9]{{2,4}}|#(?:REF!|NAME\?|VALUE!|DIV/0!|N/A|NUM!|#+)"
)
LONGEST_OF_THESE = 11
STEM = re.compile("[a-z_]*")  # of an id: the name of its study, before year and number


def check_values(checked: Checked) -> list[Fault]:
    """Faults of single cells, and of single columns."""
    faults = []
    for name, text in checked.texts.items():
        for field in text.table.fields:
            faults += _column(text, field, checked.frames[name][field.name])
        faults += _order(text)
    return faults


def _column(text: TextTable, field: Field, values: pd.Series) -> list[Fault]:
    if field.name in text.missing:
        return []
    cells, different = text.columns[field.name], text.different(field.name)
    faults = []
    if field.required and "" in different:
        faults += text.faults(cells == "", field.name, "is empty", "a value", "required")
    if field.unique and len(different) < len(cells):
        twice = (cells != "") & pd.Series(text.coded(field.name)[0]).duplicated().to_numpy()
        faults += text.faults(
            twice,
            field.name,
            lambda i: f"{short(cells[i])} is a duplicate",
            "each value once",
            "unique",
        )
    if field.pattern:
        faults += _pattern(text, field)
    if field.type in ("integer", "number") and (field.minimum, field.maximum) != (None, None):
        faults += _bounds(text, field, values)
    if field.type in ("string", "list") and not field.values:
        faults += _text(text, field.name)
    return faults


def _pattern(text: TextTable, field: Field) -> list[Fault]:
    """Cells that have not the form of the column; each different cell is looked at once."""
    fits = re.compile(field.pattern).fullmatch
    filled = [cell for cell in text.different(field.name) if cell]
    try:
        with within_time():
            odd = set() if all(map(fits, filled)) else {cell for cell in filled if not fits(cell)}
    except TimeoutError:
        return [
            Fault(
                text.path,
                0,
                field.name,
                f"the pattern {field.pattern!r} takes too long",
                "a pattern without a repeat inside a repeat",
            )
        ]
    return _faults_of(
        text, field.name, odd, "does not have the form of this column", field.pattern, "pattern"
    )


def _faults_of(
    text: TextTable, column: str, odd: set[str], what: str, allowed: str, rule: str
) -> list[Fault]:
    """One fault for each row that holds one of the odd cells."""
    if not odd:
        return []
    cells = text.columns[column]
    return text.faults(
        [cell in odd for cell in cells.tolist()],
        column,
        lambda i: f"{short(cells[i])} {what}",
        allowed,
        rule,
    )


def _text(text: TextTable, column: str) -> list[Fault]:
    """Free text. Each different cell is looked at once; and where one look at all of them together
    shows nothing, none is looked at alone.
    """
    distinct = text.different(column)
    whole = f"|{'|'.join(distinct)}|"
    if whole.isprintable() and not any(mark in whole for mark in MISREAD):
        untidy = set()
    else:
        untidy = {
            cell for cell in distinct if UNTIDY.search(cell) or cell != cell.strip() or "  " in cell
        }
    composed = unicodedata.is_normalized("NFC", whole)
    if composed:
        decomposed = set()
    else:
        decomposed = {cell for cell in distinct if not unicodedata.is_normalized("NFC", cell)}
    changed: set[str] = set()
    if not whole.islower() or "#" in whole:
        small = [cell for cell in distinct if len(cell) <= LONGEST_OF_THESE]
        if not "".join(small).islower() or "#" in whole:
            changed = {cell for cell in small if SPREADSHEET.fullmatch(cell)}
    rules = (
        (
            untidy,
            "has stray spaces, control characters or broken characters",
            "one line of plain UTF-8 text without spaces at the ends",
        ),
        (decomposed, "has characters separated from their accents", "Unicode form NFC"),
        (
            changed,
            "looks like what a spreadsheet made of something else",
            "what the source says; format the column as text before typing",
        ),
    )
    return [
        fault
        for odd, what, allowed in rules
        for fault in _faults_of(text, column, odd, what, allowed, "text")
    ]


def _bounds(text: TextTable, field: Field, values: pd.Series) -> list[Fault]:
    low = -np.inf if field.minimum is None else field.minimum
    high = np.inf if field.maximum is None else field.maximum
    outside = ~values.between(low, high).fillna(True).to_numpy(
        dtype=bool
    ) & values.notna().to_numpy(dtype=bool)
    cells = text.columns[field.name]
    return text.faults(
        outside,
        field.name,
        lambda i: f"{cells[i]} is out of bounds",
        f"{low:g} to {high:g}",
        "bounds",
    )


def _order(text: TextTable) -> list[Fault]:
    """Rows stand in the order of their study or record, so that a diff shows just what changed."""
    key = text.table.key
    if key in text.missing:
        return []
    cells, wrong = text.columns[key], np.zeros(len(text.lines), dtype=bool)
    # Lower case comes after all else that an id may hold: where a stem goes back, its id does.
    for row in (np.flatnonzero(cells[1:] < cells[:-1]) + 1).tolist():
        wrong[row] = STEM.findall(cells[row])[0] < STEM.findall(cells[row - 1])[0]
    return text.faults(
        wrong,
        key,
        "is out of order",
        "rows sorted by this column",
        "order",
    )
