"""What services said about the entries, and what searches found: rows that fit the entry they are
about, days that have come, numbers that add up.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from evidence.errors import Fault
from evidence.files import shown_path
from evidence.frames import is_true
from evidence.tables.saved_search import check_search

if TYPE_CHECKING:
    from evidence.checks.run import Checked

PARTS = ("duplicates", "in_table", "not_read", "new")
NUMBERS = {"crossref": ["doi"], "pubmed": ["pmid"], "europepmc": ["pmid", "doi"]}


def check_sources(checked: Checked) -> list[Fault]:
    """Faults of ``source_status``, ``searches`` and the saved search."""
    path = checked.dictionary.named_file("search")
    faults = []
    if path:
        faults = check_search(checked.dictionary, shown_path(path))
    faults += [
        fault
        for name, column in (("source_status", "checked"), ("searches", "date"))
        for fault in _days(checked, name, column)
    ]
    return [*faults, *_identifiers(checked), *_sums(checked)]


def _days(checked: Checked, name: str, column: str) -> list[Fault]:
    """Days that exist and have come; one is granted, for the other side of the earth."""
    if name not in checked.texts:
        return []
    text = checked.texts[name]
    cells = text.cells[column]
    days = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
    latest = pd.Timestamp(date.today() + timedelta(days=1))
    return [
        *text.faults(
            (cells.str.fullmatch(r"\d{4}-\d{2}-\d{2}") & days.isna()).to_numpy(dtype=bool),
            column,
            "is not a date of the calendar",
            "a day",
        ),
        *text.faults(
            (days > latest).to_numpy(dtype=bool),
            column,
            "lies in the future",
            "a day up to today",
        ),
    ]


def _identifiers(checked: Checked) -> list[Fault]:
    """A row is about the number that the entry has now; else the entry was changed after it was
    checked.
    """
    if "source_status" not in checked.texts:
        return []
    text = checked.texts["source_status"]
    cells = text.cells
    asked = cells["service"].isin(NUMBERS)
    fits = pd.Series(False, index=cells.index)
    for name in cells["table"].unique():
        if name not in checked.texts:
            continue
        table = checked.texts[name]
        keyed = table.cells.drop_duplicates(table.table.key).set_index(table.table.key)
        for service, columns in NUMBERS.items():
            rows = (cells["table"] == name) & (cells["service"] == service)
            for column in columns:
                if column not in keyed:  # the number stands in the bibliography alone
                    fits |= rows
                    continue
                fits |= rows & (cells["id"].map(keyed[column]) == cells["identifier"])
    unknown = cells["id"].isin(
        {
            key
            for name in cells["table"].unique()
            if name in checked.texts
            for key in checked.texts[name].cells[checked.texts[name].table.key]
        }
    )
    return text.faults(
        (asked & unknown & ~fits).to_numpy(dtype=bool),
        "identifier",
        lambda i: (
            f"{cells['id'].iloc[i]} has another number now than {cells['identifier'].iloc[i]!r}"
        ),
        "the number of the entry: run `evidence refresh`",
        "stale",
    )


def _sums(checked: Checked) -> list[Fault]:
    """What became of the records makes up what was found."""
    if "searches" not in checked.texts:
        return []
    text, frame = checked.texts["searches"], checked.frames["searches"]
    total = frame[list(PARTS)].sum(axis=1)
    wrong = is_true(frame["found"] != total).to_numpy()
    parts = " + ".join(PARTS)
    return text.faults(
        wrong,
        "found",
        lambda i: f"is {frame['found'].iloc[i]}, but {parts} makes {total.iloc[i]}",
        f"{parts}",
        "row",
    )
