"""Leaving out one study, or one group of studies, and counting or pooling again: which of them does
the answer hang on?

That an answer survives every leave-out shows that no single study carries it. It does not show that
the answer is right: studies can share a bias.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.model.selection import cohort_key
from evidence.synthesis.effect_sizes import SizePool
from evidence.synthesis.lens import Lens, get_lens
from evidence.synthesis.result import Counted, counted_ids
from evidence.synthesis.sign_test import sign_tests
from evidence.synthesis.votes import cohort_votes, votes

LEVEL = 0.05
NOT_SHOWN = "not shown"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LeftOut(Counted):
    """Result of :func:`leave_one_out`: one row per study or group that was left out."""

    headings: ClassVar[Mapping[str, str]] = {
        "share": "Share pointing to {benefit}",
        "share_all": "Share with all studies",
        "p_all": "p-value with all studies",
        "change": "Change of the share",
        "verdict_changes": "Verdict changes",
        "side_changes": "Side changes",
        "p_changes": "Crosses p = 0.05",
    }


def leave_one_out(
    ev: Evidence,
    lens: str = "direction",
    unit: str = "study",
    by: str = "study",
    overlap: str = "possible",
) -> LeftOut:
    """Count again without each study, or without each group of studies.

    Parameters
    ----------
    ev : Evidence
        Only its counted studies vote.
    lens : {"direction", "concluded"}
        See :mod:`evidence.synthesis.votes`.
    unit : {"study", "cohort", "finding"}
        What has one vote. A cohort that loses a report votes again with the reports that are left.
    by : str
        What is left out: ``"study"``, ``"cohort"`` (all reports that share people), ``"decade"`` of
        publication, or any column of the studies. An empty cell is a group of its own, ``"not
        shown"``.
    overlap : {"possible", "certain"}
        Which overlaps make a cohort.

    Returns
    -------
    DataFrame
        One row for each thing left out, within what is kept apart, the most influential first.
        Columns: those kept apart; ``left_out``; ``studies`` (how many leave); one column per word
        of the lens, ``placed, not_placed, units`` (of those that remain); ``directional, share,
        share_low, share_high, p_value, too_few`` (see
        :func:`evidence.synthesis.sign_test.sign_tests`); ``share_all, p_all`` (with nothing left
        out); ``change`` (``share - share_all``); ``side_changes`` (another side of 50 %),
        ``p_changes`` (0.05 is crossed) and ``verdict_changes`` (either; also where nothing with a
        direction is left). The p-value is given for the lens of direction alone: conclusions lean
        on significance, and are not tested again.

    Raises
    ------
    UsageError
        For an unknown lens, unit, overlap or column.

    Examples
    --------
    >>> import evidence
    >>> table = leave_one_out(evidence.load(), by="design")
    >>> bool((table["change"].dropna().abs() <= 1).all())
    True
    """
    chosen, apart = get_lens(lens), ev.dictionary.kept_apart
    studies = ev.counted_studies.drop_duplicates("study_id")
    group = _left_out(studies, by, overlap)
    table = votes(ev, lens, unit, None, overlap)
    if unit == "cohort":
        leaving, coming = _cohorts_without(ev, studies, group, chosen, overlap)
    else:
        leaving, coming = table.assign(left_out=table["study_id"].map(group)), None
    whole = _counts(table.frame, apart, chosen)
    less = _counts(leaving, [*apart, "left_out"], chosen)
    more: Any = 0
    if coming is not None:
        more = _counts(coming, [*apart, "left_out"], chosen).reindex(less.index, fill_value=0)
    places = less.reset_index()[apart]
    wanted = pd.MultiIndex.from_frame(places) if len(apart) > 1 else pd.Index(places[apart[0]])
    before = whole.reindex(wanted).set_axis(less.index)
    after = (before - less + more).astype("int64")
    sizes = (
        studies.assign(left_out=studies["study_id"].map(group))
        .groupby([*apart, "left_out"], observed=True)
        .size()
    )
    result = _tested(after, before, chosen)
    result.insert(0, "studies", sizes.reindex(result.index).astype("int64"))
    result = result.reset_index()
    for column in apart:
        result[column] = result[column].astype(ev.studies[column].dtype)
    # Where nothing with a direction is left, everything hangs on what was left out.
    result["_weight"] = (
        result["change"]
        .abs()
        .where(result["share"].notna() | result["share_all"].isna(), np.inf)
        .fillna(-1)
    )
    order = result.sort_values(
        [*apart, "_weight", "studies", "left_out"],
        ascending=[True] * len(apart) + [False, False, True],
        kind="stable",
    )
    order = order.drop(columns="_weight").reset_index(drop=True)
    return LeftOut(
        ev, order, underlying=counted_ids(ev), lens=lens, unit=unit, by=by, overlap=overlap
    )


def leave_one_out_pool(one: SizePool, by: str = "study_id") -> pd.DataFrame:
    """Pool again without each study, or without each group of studies.

    Parameters
    ----------
    one : SizePool
        A pool of the data set: :func:`evidence.size_pool`.
    by : str, default "study_id"
        Column of ``one.poolable.included``, such as ``"design"`` or ``"comparator"``. A study
        without a cohort is a group of its own, as in :func:`leave_one_out`.

    Returns
    -------
    DataFrame
        One row for each value left out, the most influential first: ``left_out, studies`` (how many
        leave), ``k`` (that remain), ``estimate, ci_low, ci_high`` (printed scale; guarded
        Hartung-Knapp), ``tau2, i2, estimate_all, ci_low_all, ci_high_all``, ``change`` (ratio of
        the estimates for ratio measures, else their difference), ``side_changes`` (other side of no
        difference), ``interval_changes`` (the interval begins or ceases to hold no difference) and
        ``verdict_changes`` (either). Numbers are missing where too few studies remain to be pooled.
        Empty when nothing was pooled in the first place.

    Raises
    ------
    UsageError
        When the pool has no such column.

    Examples
    --------
    >>> import evidence
    >>> pools = evidence.size_pools(evidence.load())
    >>> table = leave_one_out_pool(max(pools, key=lambda one: one.k))
    >>> bool((table["studies"] == 1).all())
    True
    """
    included = one.poolable.included
    if not isinstance(by, str) or by not in included:
        raise UsageError(
            f"no column {by!r} among the pooled results; columns: {', '.join(included.columns)}"
        )
    values = included[by].astype("str").fillna(NOT_SHOWN)
    if by == "cohort":
        values = cohort_key(included, "possible").str.removeprefix("cohort:")
    names = ["left_out", "studies", "k", "estimate", "ci_low", "ci_high", "tau2", "i2"]
    rows = []
    if one.result:
        rows = [_pooled_without(one, values, value) for value in sorted(values.unique())]
    table = pd.DataFrame(rows, columns=names)
    table = table.astype(
        {"left_out": "str"}
        | dict.fromkeys(["studies", "k"], "int64")
        | dict.fromkeys(names[3:], "float64")
    )
    log, null = one.poolable.log, 1.0 if one.poolable.log else 0.0
    whole = _summary(one)
    for name in ("estimate", "ci_low", "ci_high"):
        table[f"{name}_all"] = whole[name]
    table["change"] = (
        table["estimate"] / whole["estimate"] if log else table["estimate"] - whole["estimate"]
    )
    pooled = table["estimate"].notna()
    table["side_changes"] = pooled & (
        np.sign(table["estimate"] - null) != np.sign(whole["estimate"] - null)
    )
    holds = (table["ci_low"] <= null) & (table["ci_high"] >= null)
    table["interval_changes"] = pooled & (holds != (whole["ci_low"] <= null <= whole["ci_high"]))
    table["verdict_changes"] = table["side_changes"] | table["interval_changes"]
    weight = (np.log(table["change"]) if log else table["change"]).abs().fillna(np.inf)
    order = table.assign(_weight=weight).sort_values(
        ["_weight", "left_out"], ascending=[False, True], kind="stable"
    )
    return order.drop(columns="_weight").reset_index(drop=True)


def _left_out(studies: pd.DataFrame, by: str, overlap: str) -> pd.Series:
    """What each study belongs to when groups are left out; index: study_id."""
    if by == "study":
        values = studies["study_id"]
    elif by == "cohort":
        values = cohort_key(studies, overlap).str.removeprefix("cohort:")
    elif by == "decade":
        values = (studies["year"] // 10 * 10).astype("str") + "s"
    elif isinstance(by, str) and by in studies:
        values = studies[by].astype("str")
    else:
        raise UsageError(
            f"no column {by!r} in studies; allowed: study, cohort, decade,"
            f" {', '.join(studies.columns)}"
        )
    return values.astype("str").fillna(NOT_SHOWN).set_axis(studies["study_id"])


def _counts(table: pd.DataFrame, keys: list[str], lens: Lens) -> pd.DataFrame:
    """Units by word, index: keys; ``placed, not_placed, units`` last."""
    words = pd.DataFrame(
        {word: (table["vote"] == word).astype("int64") for word in lens.placed}
    ).assign(units=1)
    counts = words.groupby([table[key] for key in keys], observed=True).sum()
    placed = counts[list(lens.placed)].sum(axis=1)
    return counts.assign(placed=placed, not_placed=counts["units"] - placed)[
        [*lens.placed, "placed", "not_placed", "units"]
    ]


def _cohorts_without(
    ev: Evidence, studies: pd.DataFrame, group: pd.Series, lens: Lens, overlap: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Votes of the cohorts that lose a report, before and after: one row for each cohort and thing
    left out.

    Every affected cohort is written out once for each thing left out, without the reports that
    leave, and all of them vote at once.
    """
    apart = ev.dictionary.kept_apart
    facts = studies.set_index("study_id")
    reports = votes(ev, lens.name, "study").assign(
        left_out=lambda rows: rows["study_id"].map(group)
    )
    reports["cohort_unit"] = reports["study_id"].map(
        cohort_key(facts.reset_index(), overlap).set_axis(facts.index)
    )
    reports["cohort_representative"] = reports["study_id"].map(facts["cohort_representative"])
    touched = reports[[*apart, "cohort_unit", "left_out"]].drop_duplicates()
    copies = touched.merge(reports, on=[*apart, "cohort_unit"], suffixes=("", "_own"))
    copies["cohort_unit"] = copies["cohort_unit"] + "|without " + copies["left_out"]
    keys = [*apart, "left_out"]
    return cohort_votes(copies, keys, lens), cohort_votes(
        copies[copies["left_out"] != copies["left_out_own"]], keys, lens
    )


def _tested(after: pd.DataFrame, before: pd.DataFrame, lens: Lens) -> pd.DataFrame:
    """Counts after leaving out, with share and test beside those of before, and what changes."""
    now, then = (
        sign_tests(counts.rename(columns={"not_placed": "unreadable"}))
        if lens.name == "direction"
        else sign_tests(counts)
        for counts in (after, before)
    )
    if lens.name != "direction":
        now, then = now.assign(p_value=np.nan), then.assign(p_value=np.nan)
    result = pd.concat([after, now], axis=1).assign(
        share_all=then["share"], p_all=then["p_value"], change=now["share"] - then["share"]
    )
    result["side_changes"] = _side(now["share"]) != _side(then["share"])
    result["p_changes"] = (now["p_value"] < LEVEL) != (then["p_value"] < LEVEL)
    return result.assign(verdict_changes=result["side_changes"] | result["p_changes"])


def _side(share: pd.Series) -> pd.Series:
    """Whether a share lies below or above one half; 9 where there is none."""
    return (share - 0.5).map(np.sign).fillna(9)


def _pooled_without(one: SizePool, values: pd.Series, value: str) -> dict[str, Any]:
    leaving = one.poolable.included["study_id"][values == value]
    less = one.without(set(leaving))
    return {"left_out": value, "studies": len(leaving), "k": less.k} | _summary(less)


def _summary(one: SizePool) -> dict[str, float]:
    """Estimate and limits on the printed scale, tau² and I²; nan when nothing was pooled."""
    r, (low, high) = one.result, one.interval
    return {
        "estimate": one.summary.get("estimate", np.nan),
        "ci_low": low,
        "ci_high": high,
        "tau2": r.tau2 if r else np.nan,
        "i2": r.i2 if r else np.nan,
    }
