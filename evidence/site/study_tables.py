"""Rows of further tables about a study, in words: who took part, the programme, how exposure was
measured, who finished and who was harmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.frames import frame_rows
from evidence.model.dictionary import Field, Table
from evidence.model.evidence import Evidence
from evidence.quoting import web_addresses

SHOWN = ("participants", "programmes", "exposure_measures", "harms")
GROUPS = ("group", "arm")  # columns that name the group that a row is about
ADDRESS = "address"
SHOWN_AT_ALL = "shown"  # whether anything is said on what the row is about
NOTHING_SAID = "nothing on it in what was read"


@dataclass(frozen=True)
class Entry:
    """One row: the group that it is about, its filled cells in words, where it was read."""

    group: str
    facts: list[tuple[str, str]]
    addresses: list[str]


@dataclass(frozen=True)
class Panel:
    """The rows of one table."""

    name: str
    title: str
    entries: list[Entry]


def grouped(ev: Evidence, name: str, by: str = "study_id") -> dict[str, list[dict[str, Any]]]:
    """Rows of a table by the value of a column; none of a table that is not there."""
    if name not in ev.tables:
        return {}
    return {str(key): frame_rows(part) for key, part in ev.tables[name].groupby(by, observed=True)}


class Panels:
    """Panels of each study, grouped once for all."""

    def __init__(self, ev: Evidence):
        self.ev = ev
        self.rows = {name: grouped(ev, name) for name in SHOWN if name in ev.tables}

    def of(self, study: str) -> list[Panel]:
        """What is known of a study."""
        found = []
        for name, rows in self.rows.items():
            table = self.ev.dictionary.tables[name]
            made = [_entry(table, row) for row in rows.get(study, [])]
            entries = [entry for entry in made if entry.facts]
            if entries:
                found.append(Panel(name, table.title, entries))
        return found


def worded(field: Field, value: Any) -> str:
    """A cell in words: the label of a value, yes or no, a number with its unit.

    >>> worded(Field("weeks", "number", "Weeks", "", unit="weeks"), 8.0)
    '8 weeks'
    """
    if field.type == "boolean":
        return "yes" if value else "no"
    if field.type == "integer" and field.name != "year":
        text = f"{int(value):,}"
    elif field.type == "number":
        text = f"{value:g}"
    else:
        text = ", ".join(field.labels.get(item, item) for item in field.items(value))
    return f"{text} {field.unit}".strip()


def _said(field: Field, value: Any) -> str:
    """A cell in words; that nothing is shown is said as such, for a plain "no" could mean harm."""
    if field.name == SHOWN_AT_ALL and field.type == "boolean" and not value:
        return NOTHING_SAID
    return worded(field, value)


def _entry(table: Table, row: Mapping[str, Any]) -> Entry:
    aside = {table.key, "study_id", ADDRESS, *GROUPS}
    facts = [
        (field.title, _said(field, row[field.name]))
        for field in table.fields
        if field.name not in aside and not pd.isna(row[field.name])
    ]
    named = [table.by_name[name] for name in GROUPS if name in table.by_name]
    group = " ".join(
        worded(field, row[field.name]) for field in named if row[field.name] == row[field.name]
    )
    where = row.get(ADDRESS)
    return Entry(group, facts, web_addresses(where))
