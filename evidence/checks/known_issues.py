"""Contradictions in the papers themselves: accepted when ``known_issues.csv`` names them, and only
as long as they are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.errors import Fault

if TYPE_CHECKING:
    from evidence.checks.run import Checked

NOTES = ("reading_note",)


def settle(checked: Checked, faults: list[Fault]) -> list[Fault]:
    """Take out the faults that are named; report names that fit no fault.

    A row of ``known_issues.csv`` accepts faults of its table, its record and its rule. The rule
    ``reading_note`` accepts nothing: it tells a reader something that no rule can see.
    """
    if "known_issues" not in checked.texts:
        return faults
    text = checked.texts["known_issues"]
    files = {name: table.path for name, table in checked.texts.items()}
    cells = text.cells
    named = list(zip(cells["table"].map(files).fillna(""), cells["id"], cells["rule"], strict=True))
    seen, accepted = {(fault.file, fault.record, fault.rule) for fault in faults}, set(named)
    stale = [name not in seen and name[2] not in NOTES for name in named]
    left = [fault for fault in faults if (fault.file, fault.record, fault.rule) not in accepted]
    return left + text.faults(
        stale,
        "rule",
        "names a contradiction that the table does not show",
        "delete the row, or fix what it names",
        "stale",
    )
