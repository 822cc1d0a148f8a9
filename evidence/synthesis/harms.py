"""Harms: who began, who finished, and what is said about safety.

An empty cell is unknown and never zero. So every total stands beside the number of studies that
print it, and a total over no study is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from evidence.frames import is_true
from evidence.model.core_tables import needed
from evidence.model.dictionary import Table
from evidence.model.evidence import Evidence
from evidence.nouns import counted, number_form, share_of
from evidence.synthesis.result import counted_ids

STARTED = "started"
OBSERVED = "observed"  # of how many events are told, where that is not all who began
EVENTS = ("adverse_events", "serious_adverse_events")
KIND_OF = "{}_counted"  # the column that says what a number counts


@dataclass(frozen=True)
class Harms:
    """Result of :func:`harms`.

    Attributes
    ----------
    studies : int
        Counted studies with a row for those who were exposed: the N of "n of N studies".
    safety_shown : int
        Studies of which what was read says anything about safety.
    frame : DataFrame
        One row per study: the group that was exposed, with the columns of the table, and ``name``.
    groups : DataFrame
        The rows of all groups.
    totals : DataFrame
        One row per group and number: ``arm, column, counted`` (what the number counts, where that
        differs), ``title, total, started`` (who began in the studies that print both; for events,
        those of whom they are told), ``shown`` (studies that print it), ``studies``.
    """

    studies: int
    safety_shown: int
    frame: pd.DataFrame = field(repr=False)
    groups: pd.DataFrame = field(repr=False)
    totals: pd.DataFrame = field(repr=False)

    def total(self, column: str, arm: str = "", counted: str = "") -> pd.Series:
        """The row of one number; by default of the group that was exposed."""
        arm = arm or str(self.totals["arm"].iloc[0])
        rows = self.totals[(self.totals["arm"] == arm) & (self.totals["column"] == column)]
        return rows[rows["counted"] == counted].iloc[0] if counted else rows.iloc[0]

    @property
    def shown(self) -> pd.DataFrame:
        """The totals that at least one study prints."""
        return self.totals[self.totals["shown"] > 0]

    def kinds(self, column: str) -> list[pd.Series]:
        """Each kind of a number that is printed of those who were exposed, by the beginning of the
        name of its column.
        """
        rows = self.shown
        named = rows["column"].str.startswith(column)
        rows = rows[(rows["arm"] == self.totals["arm"].iloc[0]) & named]
        return [row for _, row in rows.iterrows()]

    def sentence(self, column: str, arm: str = "", counted: str = "") -> str:
        """One number in words, with how many studies print it."""
        return self.said(self.total(column, arm, counted))

    def said(self, row: Mapping[Any, Any] | pd.Series) -> str:
        """One row of the totals in words."""
        if not row["shown"]:
            any_of = number_form(row["studies"], "", "any of ")
            studies = counted(row["studies"], "study", "studies")
            return f"{row['title']}: not shown in {any_of}{studies}"
        told = share_of(row["shown"], row["studies"], "study", "studies")
        where = f"in the {told} that {number_form(row['shown'], 'tells', 'tell')}"
        among = (
            ""
            if row["column"] == STARTED or pd.isna(row["started"])
            else f" among {row['started']:,}"
        )
        return f"{row['title']}: {row['total']:,}{among} {where}"


def harms(ev: Evidence) -> Harms:
    """What is known of those who began, who left and who was harmed.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``harms``. Only counted studies.

    Returns
    -------
    Harms

    Raises
    ------
    UsageError
        When the data set has no such table.

    Notes
    -----
    Totals add up the studies that print the number. They are not rates: studies that print a
    number differ from those that do not, and their length differs too.

    Examples
    --------
    >>> import evidence
    >>> found = evidence.harms(evidence.load())
    >>> bool(found.studies >= found.total("finished")["shown"])
    True
    """
    rows = needed(ev, "harms", "nothing is known about who left, or was harmed")
    rows = rows[rows["study_id"].isin(counted_ids(ev))].reset_index(drop=True)
    table = ev.dictionary.tables["harms"]
    exposed, *others = _arms(table)
    first = rows[rows["arm"] == exposed].reset_index(drop=True)
    names = ev.names.reindex(first["study_id"]).to_numpy()
    frame = first.assign(name=pd.Series(names, index=first.index, dtype="str"))
    parts = [
        _totals(rows[rows["arm"] == arm], table, arm, len(first)) for arm in (exposed, *others)
    ]
    totals = pd.concat(parts, ignore_index=True)
    return Harms(len(first), int(is_true(first["shown"]).sum()), frame, rows, totals)


def _arms(table: Table) -> list[str]:
    """The groups, those who were exposed first: the dictionary marks them."""
    groups = table.by_name["arm"].categories
    marked = [group.value for group in groups if group.extra.get("exposed")]
    rest = [group.value for group in groups if group.value not in marked]
    return [*marked, *rest]


def _totals(rows: pd.DataFrame, table: Table, arm: str, studies: int) -> pd.DataFrame:
    """One row for each number of the table, or for each kind of it."""
    lines = []
    integers = [column for column in table.fields if column.type == "integer"]
    for column in [column for column in integers if column.name != OBSERVED]:
        kind = table.by_name.get(KIND_OF.format(column.name))
        kinds = kind.categories if kind else ()
        titles = {one.value: f"{column.title} ({one.label.lower()})" for one in kinds}
        for word, title in (titles or {"": column.title}).items():
            chosen = rows[rows[kind.name] == word] if kind else rows
            lines.append(_line(chosen, column.name, arm, word, title, studies))
    whole = dict.fromkeys(("total", "started", "shown", "studies"), "Int64")
    return pd.DataFrame(lines).astype(whole)


def _line(
    rows: pd.DataFrame, column: str, arm: str, counted: str, title: str, studies: int
) -> dict[str, object]:
    there = rows[rows[column].notna()]
    began = there[STARTED]
    if column in EVENTS and OBSERVED in there:
        began = there[OBSERVED].fillna(began)
    return {
        "arm": arm,
        "column": column,
        "counted": counted,
        "title": title,
        "total": there[column].sum() if len(there) else pd.NA,
        # A share needs both numbers of the same studies.
        "started": began.sum() if len(there) and began.notna().all() else None,
        "shown": len(there),
        "studies": studies,
    }
