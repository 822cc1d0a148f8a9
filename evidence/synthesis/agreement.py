"""Agreement of two readings of the same sources, field by field.

An empty cell is an answer of its own: the reading found nothing shown. Only in a field that cannot
be empty, or where both readings wrote nothing about a finding, it means that nobody read it, and
then it is not a pair. That two readings agree does not make them right: two passes of one reader
share its blind spots; a third reading stands against the table in
:mod:`evidence.synthesis.third_reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from evidence.arguments import one_of
from evidence.errors import UsageError
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.kappa import kappa, weighted
from evidence.synthesis.reading_cells import NOT_SHOWN, held, kind_of, never_empty, same, square
from evidence.synthesis.result import Result
from evidence.synthesis.third_reading import compared, with_reasons

OVERALL = "all categories"
READINGS = ("first_reading", "second_reading")
AGAINST = ("readings", "table")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Agreement(Result):
    """Result of :func:`agreement`: one row per field.

    Attributes
    ----------
    left_out : tuple of str
        Fields that were not read twice.
    """

    headings: ClassVar[Mapping[str, str]] = {
        "n": "Read twice",
        "agree": "Agreed",
        "share": "Agreement",
    }
    shown = ("field", "n", "agree", "share", "share_low", "share_high", "kappa")

    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Disagreements(Result):
    """Result of :func:`disagreements`: one row per cell on which readings differ."""

    headings: ClassVar[Mapping[str, str]] = {"before": "In the table before", "reason": "Why"}
    shown = (
        "study_id",
        "field",
        "before",
        "first_reading",
        "second_reading",
        "third_reading",
        "settled",
        "settled_as",
        "reason",
    )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Confusion(Result):
    """Result of :func:`confusion`: square counts of one field.

    Attributes
    ----------
    field : str
        The field.
    kappa : tuple of float
        Agreement beyond chance, and the ends of its interval.
    """

    drawn_by = "agreement_matrix"
    field: str = ""
    kappa: tuple[float, float, float] = (float("nan"),) * 3


def agreement(ev: Evidence) -> Agreement:
    """How often two readings agree, for each field.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``readings``.

    Returns
    -------
    Agreement
        One row per field in the order of the dictionary, then one for all categories. A field that
        one reading never filled was not read twice and stands in ``left_out``.
        Columns: ``field, kind`` ("category" or "number"), ``n`` (pairs), ``agree`` and ``share``
        (equal, both empty included), ``kappa, kappa_low, kappa_high`` (categories only; see
        :mod:`evidence.synthesis.kappa`), ``first_empty, second_empty, both_empty`` (pairs),
        ``filled`` (pairs that at least one reading filled), ``agree_filled`` (both filled and
        equal) and ``share_of_filled`` (their share of ``filled``, so that a value which one reading
        missed counts against it).

    Raises
    ------
    UsageError
        When the data set has no readings.

    Notes
    -----
    Kappa over all categories is the mean of the fields' kappas weighted by their pairs (Barlow, Lai
    and Azen 1991, *Statistics in Medicine* 10:1465-1472); throwing fields together would take
    agreement on which field it is for agreement. All intervals treat rows as independent; as a
    study has several findings and fields, they are rather too narrow.

    Examples
    --------
    >>> import evidence
    >>> table = agreement(evidence.load())
    >>> bool(table["share"].between(0, 1).all())
    True
    """
    pairs, left_out = _pairs(ev)
    empty = pairs[["first", "second"]].isna()
    marks = pd.DataFrame(
        {
            "field": pairs["field"],
            "n": 1,
            "agree": pairs["same"],
            "first_empty": empty["first"],
            "second_empty": empty["second"],
            "both_empty": empty.all(axis=1),
        }
    )
    table = marks.groupby("field", observed=True, sort=True).sum().astype("int64").reset_index()
    table["field"] = table["field"].astype("str")
    kinds = pairs.drop_duplicates("field").set_index(
        pairs["field"].drop_duplicates().astype("str")
    )["kind"]
    table.insert(1, "kind", table["field"].map(kinds))
    found = {
        field: kappa(square(pairs[pairs["field"] == field]))
        for field in table.loc[table["kind"] == "category", "field"]
    }
    table = pd.concat([table, _all_categories(table)], ignore_index=True)
    found |= {OVERALL: weighted(list(found.values()))} if found else {}
    table["filled"] = table["n"] - table["both_empty"]
    table["agree_filled"] = table["agree"] - table["both_empty"]
    table["share_of_filled"] = table["agree_filled"] / table["filled"].where(table["filled"] > 0)
    table.insert(4, "share", table["agree"] / table["n"])
    for place, (name, of) in enumerate(
        {"kappa": "kappa", "kappa_low": "ci_low", "kappa_high": "ci_high"}.items(), start=5
    ):
        table.insert(
            place,
            name,
            table["field"]
            .map({field: getattr(one, of) for field, one in found.items()})
            .astype("float64"),
        )
    underlying = tuple(pairs["study_id"].unique())
    return Agreement(ev, table, underlying=underlying, left_out=tuple(left_out))


def disagreements(ev: Evidence, against: str = "readings") -> Disagreements:
    """Where readings differ from each other, or the third from the table, and how it was settled.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``readings``.
    against : {"readings", "table"}
        The second reading against the first, or the third reading against the table as it was.

    Returns
    -------
    Disagreements
        In the order of the readings. Two readings: ``study_id, finding_id, field, first_reading,
        second_reading, settled`` (the value that the table holds now, as text; missing when its
        cell is empty), ``settled_as`` ("first", "second", "neither"), and ``third_reading``; fields
        that one reading never filled are left out. The table: ``study_id, finding_id, field,
        before, third_reading, settled, settled_as`` ("kept", "changed", "wording"; missing where
        nothing says how). Both end with ``reason`` and ``address`` of the page that settled it.

    Raises
    ------
    UsageError
        When the data set has no readings, or for another ``against``.

    Examples
    --------
    >>> import evidence
    >>> sorted(set(disagreements(evidence.load())["settled_as"]))
    ['first', 'neither', 'second']
    >>> sorted(set(disagreements(evidence.load(), "table")["settled_as"]))
    ['changed', 'kept', 'wording']
    """
    if one_of("against", against, AGAINST) == "table":
        cells = compared(ev)
        cells = cells[~cells["same_before"]].reset_index(drop=True)
        cells["field"] = cells["field"].astype("str")
        cells = cells.rename(columns={"settled": "settled_as", "after": "settled"})
        columns = ["study_id", "finding_id", "field", "before", "third_reading", "settled"]
        found = cells[[*columns, "settled_as", "reason", "address"]]
    else:
        pairs, _ = _pairs(ev)
        found = _how_settled(ev, pairs[~pairs["same"]].reset_index(drop=True))
    return Disagreements(ev, found, underlying=tuple(found["study_id"].unique()))


def overruled(ev: Evidence) -> pd.DataFrame:
    """Where two readings agree, and the table says something else: a judgement that neither reading
    made.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``readings``.

    Returns
    -------
    DataFrame
        Columns of :func:`disagreements`; ``settled_as`` is "neither" throughout.

    Raises
    ------
    UsageError
        When the data set has no readings.

    Examples
    --------
    >>> import evidence
    >>> set(evidence.overruled(evidence.load())["settled_as"]) <= {"neither"}
    True
    """
    pairs, _ = _pairs(ev)
    table = _how_settled(ev, pairs[pairs["same"]].reset_index(drop=True))
    return table[table["settled_as"] == "neither"].reset_index(drop=True)


def _how_settled(ev: Evidence, pairs: pd.DataFrame) -> pd.DataFrame:
    settled = held(ev, pairs)
    number = pairs["kind"] == "number"
    as_first, as_second = (same(pairs[one], settled, number) for one in ("first", "second"))
    how = with_reasons(ev, pairs[["reading_id"]])
    return pd.DataFrame(
        {
            "study_id": pairs["study_id"],
            "finding_id": pairs["finding_id"],
            "field": pairs["field"].astype("str"),
            "first_reading": pairs["first"],
            "second_reading": pairs["second"],
            "settled": settled,
            "settled_as": np.select([as_first, as_second], ["first", "second"], "neither"),
            "third_reading": pairs["third"],
            "reason": how["reason"].to_numpy(),
            "address": how["address"].to_numpy(),
        }
    )


def confusion(ev: Evidence, field: str) -> Confusion:
    """What one reading says against what the other says.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``readings``.
    field : str
        A field whose values are categories.

    Returns
    -------
    Confusion
        Square counts; index ``first_reading``, columns ``second_reading``, both in the order of the
        dictionary with ``Not shown`` (an empty cell) last. Values that neither reading uses are
        left out.

    Raises
    ------
    UsageError
        When the data set has no readings, or the field is not a category that was read twice.

    Examples
    --------
    >>> import evidence
    >>> table = confusion(evidence.load(), "direction")
    >>> table.index.to_list() == table.columns.to_list()
    True
    """
    pairs, _ = _pairs(ev)
    categories = [
        str(name) for name in pairs.loc[pairs["kind"] == "category", "field"].drop_duplicates()
    ]
    if field not in categories:
        raise UsageError(
            f"field is {field!r}; allowed, as categories that were read twice:"
            f" {', '.join(categories)}"
        )
    counts = square(pairs[pairs["field"] == field])
    known = ev.dictionary.field(field, "studies", "findings")
    order = [*(known.values if known else []), *counts.index]
    order = [
        value for value in dict.fromkeys(order) if value in counts.index and value != NOT_SHOWN
    ]
    if NOT_SHOWN in counts.index:
        order.append(NOT_SHOWN)
    counts = counts.loc[order, order].rename_axis(index=READINGS[0], columns=READINGS[1])
    found = kappa(counts)
    return Confusion(
        ev,
        counts,
        underlying=tuple(pairs["study_id"].unique()),
        field=field,
        kappa=(found.kappa, found.ci_low, found.ci_high),
    )


def _pairs(ev: Evidence) -> tuple[pd.DataFrame, list[str]]:
    """Pairs of fields that were read twice (columns ``reading_id, study_id, finding_id, field,
    first, second, third, kind, same``), and the fields that were not.
    """
    readings = needed(ev, "readings", "there is nothing to compare")
    pairs = readings[["reading_id", "study_id", "finding_id", "field"]].assign(
        first=readings[READINGS[0]], second=readings[READINGS[1]], third=_third(readings)
    )
    filled = pairs.groupby("field", observed=True)[["first", "second"]].count()
    twice = filled.index[(filled > 0).all(axis=1)]
    left_out = [str(field) for field in filled.index if field not in twice]
    pairs = pairs[pairs["field"].isin(twice) & ~_unread(ev, pairs)].reset_index(drop=True)
    kinds = {field: kind_of(ev, str(field)) for field in twice}
    pairs["kind"] = pairs["field"].astype("object").map(kinds).astype("str")
    return (
        pairs.assign(same=same(pairs["first"], pairs["second"], pairs["kind"] == "number")),
        left_out,
    )


def _third(readings: pd.DataFrame) -> pd.Series:
    """The third reading, empty where there was none."""
    empty = pd.Series(pd.NA, readings.index, dtype="str")
    return readings.get("third_reading", empty)


def _unread(ev: Evidence, pairs: pd.DataFrame) -> pd.Series:
    """Cells of which neither reading can have said anything."""
    empty = pairs[["first", "second"]].isna().all(axis=1)
    required = [name for name in pairs["field"].unique() if never_empty(ev, str(name))]
    about = pairs["study_id"].astype("str") + "|" + pairs["finding_id"].astype("str").fillna("")
    silent = empty.groupby(about).transform("all")
    return empty & (pairs["field"].isin(required) | silent)


def _all_categories(table: pd.DataFrame) -> pd.DataFrame:
    """One row that adds up the fields whose values are categories; none when there is no such
    field.
    """
    chosen = table[table["kind"] == "category"]
    if chosen.empty:
        return chosen
    total = chosen[["n", "agree", "first_empty", "second_empty", "both_empty"]].sum()
    return pd.DataFrame([{"field": OVERALL, "kind": "category"} | total.to_dict()])
