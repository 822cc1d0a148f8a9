"""Programmes: what was done, how often and for how long, and how much of that is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.result import counted_ids

ABOUT = ("programme_id", "study_id", "arm", "address")  # columns that say nothing of a programme


@dataclass(frozen=True)
class Programmes:
    """Result of :func:`programmes`.

    Attributes
    ----------
    studies : int
        Counted studies with a programme.
    frame : DataFrame
        One row per programme, with the columns of the table, and ``name``, that of the study.
    shown : DataFrame
        One row per item: ``column, title, shown`` (studies of which it is shown), ``studies``, and
        for numbers ``low, median, high`` over the programmes that print it.
    """

    studies: int
    frame: pd.DataFrame = field(repr=False)
    shown: pd.DataFrame = field(repr=False)


def programmes(ev: Evidence) -> Programmes:
    """The programmes of the counted studies.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``programmes``; :meth:`evidence.Evidence.select` chooses people or animals.

    Returns
    -------
    Programmes

    Raises
    ------
    UsageError
        When the data set has no such table.

    Examples
    --------
    >>> import evidence
    >>> found = evidence.programmes(evidence.load())
    >>> bool((found.shown["shown"] <= found.studies).all())
    True
    """
    rows = needed(ev, "programmes", "nothing is known about what was done")
    rows = rows[rows["study_id"].isin(counted_ids(ev))].reset_index(drop=True)
    names = ev.names.reindex(rows["study_id"]).to_numpy()
    frame = rows.assign(name=pd.Series(names, index=rows.index, dtype="str"))
    lines = []
    for column in ev.dictionary.tables["programmes"].fields:
        if column.name in ABOUT:
            continue
        there = rows[rows[column.name].notna()]
        line: dict[str, Any] = {"column": column.name, "title": column.title}
        line |= {"shown": there["study_id"].nunique(), "studies": rows["study_id"].nunique()}
        if column.type in ("integer", "number"):
            values = there[column.name].astype("float64")
            line |= {"low": values.min(), "median": values.median(), "high": values.max()}
        lines.append(line)
    columns = ["column", "title", "shown", "studies", "low", "median", "high"]
    numbers = dict.fromkeys(("low", "median", "high"), "float64")
    shown = pd.DataFrame(lines, columns=columns).astype(
        numbers | {"shown": "Int64", "studies": "Int64"}
    )
    return Programmes(rows["study_id"].nunique(), frame, shown)
