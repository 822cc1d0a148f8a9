"""How many studies were found, read, counted, set aside and placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.balance import balance, set_aside
from evidence.synthesis.lens import LENSES
from evidence.synthesis.result import Result

# What becomes of a record that a search finds, beside being new.
KNOWN = {
    "duplicates": "found more than once",
    "in_table": "already in the table",
    "not_read": "known before, but not read",
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StudyFlow(Result):
    """Result of :func:`study_flow`: one row per step."""

    drawn_by = "study_flow"


def study_flow(ev: Evidence) -> StudyFlow:
    """The steps from the last search, and from all studies, to those that are placed in each
    counting lens.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    StudyFlow
        One row per step: ``what``, ``n``, ``left_out`` (pairs of reason and number, lost on the way
        into the step) and ``of`` (the step that it is a part of). Each step and what was lost make
        up the step before. Once a search was run, its steps come first and there is a column
        ``unit``: they count records, and are a flow of their own, because what is new was not read
        by anyone yet.

    Examples
    --------
    >>> import evidence
    >>> steps = evidence.study_flow(evidence.load())
    >>> int(steps["n"].iloc[0]) == int(steps["n"].iloc[1]) + sum(
    ...     n for _, n in steps["left_out"].iloc[1]
    ... )
    True
    """
    aside = set_aside(ev)
    reasons = [
        (ev.dictionary.label("not_counted_because", reason), int(n)) for reason, n in aside.items()
    ]
    counted = len(ev) - int(aside.sum())
    first, second = "Studies in the table", "Counted: one vote each"
    rows: list[dict[str, Any]] = [{"what": first, "n": len(ev), "left_out": [], "of": None}]
    rows.append({"what": second, "n": counted, "left_out": reasons, "of": first})
    for name, lens in LENSES.items():
        table = balance(ev, None, name)
        lost = int(table["not_placed"].sum())
        left_out = []
        if lost:
            left_out = [(lower_first(lens.unplaced), lost)]
        rows.append(
            {
                "what": f"Placed: {lens.title}",
                "n": int(table["placed"].sum()),
                "left_out": left_out,
                "of": second,
            }
        )
    found = last_search(ev)
    if not found.empty:
        rows[0]["of"] = ""
        rows = [*_identified(ev, found), *(row | {"unit": "study"} for row in rows)]
    return StudyFlow(ev, pd.DataFrame(rows), underlying=tuple(ev.studies["study_id"]))


def last_search(ev: Evidence) -> pd.DataFrame:
    """The rows of ``searches`` of the latest day; none when no search was run, or the data set has
    no such table.
    """
    if "searches" not in ev.tables:
        return pd.DataFrame(columns=["date", "service", "found", *KNOWN, "new"])
    searches: pd.DataFrame = ev.searches
    last: pd.DataFrame = searches[searches["date"] == searches["date"].max()]
    return last


def _identified(ev: Evidence, found: pd.DataFrame) -> list[dict[str, Any]]:
    """Records that the services gave, and what is left of them."""
    services = found.groupby("service", observed=True)["found"].sum()
    each = ", ".join(
        f"{ev.dictionary.label('service', service)} {n:,}" for service, n in services.items()
    )
    first = f"Found by the search of {found['date'].iloc[0]} ({each})"
    left_out = [
        (reason, int(found[column].sum()))
        for column, reason in KNOWN.items()
        if found[column].sum()
    ]
    return [
        {
            "what": first,
            "n": int(found["found"].sum()),
            "left_out": [],
            "of": None,
            "unit": "record",
        },
        {
            "what": "New: to be read",
            "n": int(found["new"].sum()),
            "left_out": left_out,
            "of": first,
            "unit": "record",
        },
    ]
