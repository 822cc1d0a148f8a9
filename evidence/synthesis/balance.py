"""The balance: how many units point which way, and how many could not be placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evidence.frames import is_true
from evidence.model.evidence import Evidence
from evidence.nouns import counted
from evidence.synthesis.lens import get_lens
from evidence.synthesis.result import Counted, counted_ids
from evidence.synthesis.votes import one_outcome, votes, without_result

NO_RESULT = "no_result"
NO_CONTRAST = "what they compare there does not answer the question"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Balance(Counted):
    """Result of :func:`balance`: the words of a lens, counted in each group."""

    drawn_by = "balance"
    with_unknown = True

    @property
    def unplaced(self) -> str:
        """What units without a vote are called."""
        said = get_lens(self.lens).unplaced
        return f"{said}, or no result to count" if self._no_result else said

    @property
    def unplaced_said(self) -> list[str]:
        """How many units have no vote, and for how many of them a selection is why."""
        n, total = int(self.frame["not_placed"].sum()), int(self.frame["units"].sum())
        said = [f"{self.unplaced}: {n} of {total}"]
        if self._no_result:
            said.append(f"No result to count, because {_why(self.ev)}: {self._no_result} of {n}")
        return said

    @property
    def _no_result(self) -> int:
        return int(self.frame[NO_RESULT].sum()) if NO_RESULT in self.frame else 0


def _why(ev: Evidence) -> str:
    """Why a selection by findings leaves studies no result that votes."""
    return NO_CONTRAST if one_outcome(ev) else "their main result is on something else"


def left_out(ev: Evidence, drawn: int) -> str:
    """Why fewer studies are drawn than a selection has counted ones; empty where all are."""
    n = len(ev.counted_studies) - drawn
    if not n:
        return ""
    return f"Not drawn, because {_why(ev)}: {counted(n, 'study', 'studies')}."


def unreported(counts: pd.Series | pd.DataFrame) -> Any:
    """How many results say nothing, of a row or of all rows of a balance: without the units of
    which a selection left no result to count.
    """
    return counts["not_placed"] - counts.get(NO_RESULT, 0)


def balance(
    ev: Evidence,
    by: str | None = "population",
    lens: str = "concluded",
    unit: str = "study",
    overlap: str = "possible",
    main: str = "rule",
) -> Balance:
    """Count the units by the way they point.

    What the data set keeps apart (here question and population) is never added up: there is a row
    for each combination, and within it a row for each value of ``by``.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection. Only counted studies enter.
    by : str, optional
        Column of studies or findings.
    lens : {"concluded", "direction"}
        See :mod:`evidence.synthesis.votes`.
    unit : {"study", "cohort", "finding"}
        What has one vote.
    overlap : {"possible", "certain"}
        Which overlaps make a cohort, for ``unit="cohort"``.
    main : {"rule", "declared", "outcome", "whole"}
        What a study votes with; see :func:`evidence.votes`.

    Returns
    -------
    Balance
        One row per group that has at least one unit, in the order of the dictionary. Columns: the
        columns kept apart, ``by``, one column per word of the lens, ``placed``, ``not_placed``,
        ``units`` (= placed + not_placed), ``studies``, ``participants`` (sum of the known sample
        sizes, each study once) and ``size_unknown`` (studies whose size is not known). In a
        selection by columns of the findings also ``no_result``: how many of ``not_placed`` have no
        result in it that votes.

    Raises
    ------
    UsageError
        For an unknown lens, unit, overlap or column.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.balance(evidence.load(), by="population", lens="direction")
    >>> bool((table["placed"] + table["not_placed"] == table["units"]).all())
    True
    """
    chosen = get_lens(lens)
    table = votes(ev, lens, unit, by, overlap, main)
    keys = list(dict.fromkeys([*ev.dictionary.kept_apart, *([by] if by else [])]))
    grouped = table.groupby(keys, observed=True, dropna=False, sort=True)
    group, groups = grouped.ngroup().to_numpy(), grouped.size().index
    count = lambda rows: np.bincount(group[rows], minlength=len(groups))
    result = pd.DataFrame(
        {word: count((table["vote"] == word).to_numpy(dtype=bool)) for word in chosen.placed},
        index=groups,
    )
    result["placed"] = result[list(chosen.placed)].sum(axis=1)
    result["not_placed"] = count(table["vote"].isna().to_numpy())
    result["units"] = count(slice(None))
    if ev.columns_of_findings:
        result[NO_RESULT] = count(without_result(ev, table.frame).to_numpy(dtype=bool))
    # Each study once in a group, however many votes it has there.
    once = (
        ~pd.DataFrame({"group": group, "study": table["study_id"].to_numpy()})
        .duplicated()
        .to_numpy()
    )
    size = table["sample_size"]
    unknown = size.isna().to_numpy()
    result["studies"] = count(once)
    result["participants"] = np.bincount(group[once], size[once].fillna(0), len(groups)).astype(
        "int64"
    )
    result["size_unknown"] = count(once & unknown)
    # A cohort's vote rests on all its reports, of which the table of votes names one.
    underlying = counted_ids(ev) if unit == "cohort" else tuple(table["study_id"].unique())
    return Balance(
        ev,
        result.reset_index(),
        underlying=underlying,
        lens=lens,
        unit=unit,
        by=by,
        overlap=overlap,
    )


def set_aside(ev: Evidence) -> pd.Series:
    """How many studies are not counted, for each reason; most frequent first.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.

    Returns
    -------
    Series of int
        Index: reason (a value of ``not_counted_because``); empty when all studies are counted.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> int(evidence.set_aside(ev).sum()) == int((~ev.studies["counted"]).sum())
    True
    """
    studies = ev.studies
    reasons = studies.loc[~is_true(studies["counted"]), "not_counted_because"]
    return (
        reasons.astype("str")
        .value_counts()
        .sort_index()
        .sort_values(ascending=False, kind="stable")
        .rename("studies")
    )
