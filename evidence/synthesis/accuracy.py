"""Accuracy: how often the source says what the table says, field by field.

Two tables can tell: ``audit``, a sample that was read again at the source, and ``adjudications``,
what people decided. Wilson (1927), Journal of the American Statistical Association 22:209-212.
The intervals treat rows as independent; as a study has several fields, they are too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from evidence.arguments import one_of
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.result import Result
from evidence.synthesis.sign_test import sign_tests

RIGHT = "right"
# Verdicts that speak against a value; all others say nothing of it.
AGAINST = ("wrong", "missed", "arguable", "disputed")
DISPUTED = "disputed"  # people who looked at the same cell do not agree
SOURCES = ("audit", "adjudications")
ALL = "all fields"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Accuracy(Result):
    """Result of :func:`accuracy`: one row per field, then one for all."""

    headings: ClassVar[Mapping[str, str]] = {
        "title": "Field",
        "checked": "Could be judged",
        "right": "Right",
        "share": "Share right",
        "wrong": "Wrong",
        "missed": "Missed",
        "arguable": "Arguable",
    }
    shown = ("title", "checked", "right", "share", "share_low", "share_high", *AGAINST)


def accuracy(ev: Evidence, source: str = "audit") -> Accuracy:
    """Share of right values among those that could be judged, for each field.

    Parameters
    ----------
    ev : Evidence
        Needs the table that ``source`` names.
    source : {"audit", "adjudications"}
        A sample read again at the source, or the decisions of people.

    Returns
    -------
    Accuracy
        One row per field in the order of the dictionary, then one for all fields; no row when
        nothing was judged yet. ``field, title``; ``checked``, values that could be judged;
        ``right``; ``share, share_low, share_high`` (95 % Wilson interval); then the number of
        each other verdict. An arguable value does not count as right; a cell that is empty on
        both sides, or could not be judged, does not count at all.

    Raises
    ------
    UsageError
        For another source, or when the data set lacks the table.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.accuracy(evidence.load())
    >>> bool((table["right"] <= table["checked"]).all())
    True
    """
    one_of("source", source, SOURCES)
    rows = needed(ev, source, "nothing was judged at the source")
    if source == "adjudications":
        rows = _latest(rows)
    field = ev.dictionary.tables[source].by_name["verdict"]
    words = [*field.values, *([DISPUTED] if source == "adjudications" else [])]
    counts = pd.crosstab(rows["field"].astype("str"), rows["verdict"].astype("str"))
    counts = counts.reindex(columns=words, fill_value=0)
    counts = counts.reindex(_order(ev, source, list(counts.index)))
    if len(counts):
        counts.loc[ALL] = counts.sum()
    right = counts[RIGHT]
    against = counts[[word for word in AGAINST if word in counts]].sum(axis=1)
    shares = sign_tests(pd.DataFrame({"benefit": right, "harm": against}))
    table = pd.DataFrame({"checked": right + against, "right": right}, index=counts.index)
    table = table.join(shares[["share", "share_low", "share_high"]])
    table = table.join(counts.drop(columns=RIGHT)).rename_axis("field").reset_index()
    table.insert(1, "title", [_title(ev, source, name) for name in table["field"]])
    table.columns.name = None
    return Accuracy(ev, table, underlying=())


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    """One verdict a cell: the last one of each person, and disputed where people differ."""
    cell = ["table", "id", "field"]
    last = rows.astype(dict.fromkeys((*cell, "verdict", "who"), "str"))
    last = last.drop_duplicates([*cell, "who"], keep="last")
    verdicts = last.groupby(cell, sort=False)["verdict"]
    found = verdicts.first().where(verdicts.nunique() == 1, DISPUTED)
    return found.rename("verdict").reset_index()


def _order(ev: Evidence, source: str, found: list[str]) -> list[str]:
    known = ev.dictionary.tables[source].by_name["field"].values
    if not known:
        known = [
            name
            for table in ("studies", "findings")
            for name in ev.dictionary.tables[table].by_name
        ]
    return [name for name in dict.fromkeys([*known, *found]) if name in found]


def _title(ev: Evidence, source: str, name: str) -> str:
    if name == ALL:
        return "All fields"
    labels = ev.dictionary.tables[source].by_name["field"].labels
    field = ev.dictionary.field(name, "studies", "findings")
    return labels.get(name) or (field.title if field else name)
