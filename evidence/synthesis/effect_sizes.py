"""The third lens, size of effect: pools of a data set, each with what entered and what did not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, product
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import not_there
from evidence.errors import UsageError
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.nouns import number_form
from evidence.synthesis.effect_text import effect_texts, pointing
from evidence.synthesis.once import once
from evidence.synthesis.pool import Pool, pool, pooled_estimate
from evidence.synthesis.poolable import Poolable, poolable
from evidence.synthesis.votes import main_findings

FEWEST = 3
# With few studies a prediction interval can mislead: Nagashima and others (2019), *Stat Methods Med
# Res* 28:1689, doi 10.1177/0962280218773520. Where few ends is our choice.
FEW = 5
COMMON_INTERVAL = "common effect, normal quantile"
INTERVALS = ("ci", "hk_guarded_ci", "prediction", "hk_prediction")
LIMITS = [f"{name}_{end}" for name in INTERVALS for end in ("low", "high")]
MOST_CHOICES = 500  # pooled one by one; beyond, results are exchanged one at a time


@dataclass(frozen=True)
class Turned:
    """What a pool says without one study.

    Attributes
    ----------
    study_id : str
        The study that is left out.
    without : SizePool
        The pool of the others.
    turns : bool
        Whether the interval begins or ceases to hold no difference.
    """

    study_id: str
    without: SizePool
    turns: bool


@dataclass(frozen=True)
class ChoiceRange:
    """Pooled estimates over all choices of a result for each study, on the printed scale.

    Attributes
    ----------
    low, high : float
        The smallest and the largest.
    choices : int
        How many choices there are.
    one_at_a_time : bool
        Whether results were exchanged one at a time, because there are too many choices.
    """

    low: float
    high: float
    choices: int
    one_at_a_time: bool


@dataclass(frozen=True)
class SizePool:
    """One pool of the data set.

    Attributes
    ----------
    ev : Evidence
        The data set, or the selection of it.
    pool_id, title, note : str
        From the table of pools.
    poolable : Poolable
        What entered, and what did not and why.
    result : Pool or None
        None when fewer than three studies qualify: then they are shown as they stand.
    """

    ev: Evidence
    pool_id: str
    title: str
    note: str
    poolable: Poolable
    result: Pool | None

    def copied(self) -> SizePool:
        """The same with frames of its own."""
        return replace(self, poolable=self.poolable.copied())

    @property
    def frame(self) -> pd.DataFrame:
        """The studies as :func:`evidence.forest_rows` gives them."""
        from evidence.synthesis.forest_rows import forest_rows

        return forest_rows(self.ev, self)

    @property
    def retracted(self) -> tuple[str, ...]:
        """Ids of the retracted studies in the pool."""
        there = set(self.poolable.included["study_id"])
        return tuple(key for key in self.ev.retracted if key in there)

    def chart(self, **options: Any) -> Any:
        """The pool as a forest plot; options are those of :func:`evidence.charts.forest`."""
        import evidence

        return evidence.charts.forest(self, **options)

    @property
    def k(self) -> int:
        """How many studies qualify."""
        return len(self.poolable.included)

    @property
    def summary(self) -> dict[str, float]:
        """Pooled estimate and limits on the printed scale, with Hartung-Knapp limits guarded; empty
        when nothing was pooled.
        """
        if self.result is None:
            return {}
        if self.poolable.log:
            return self.result.exp()
        return {name: getattr(self.result, name) for name in ("estimate", *LIMITS)}

    @property
    def pooled_rows(self) -> pd.DataFrame:
        """The pooled result as a forest plot takes it: one row, none when nothing was pooled."""
        columns = ["label", "estimate", "ci_low", "ci_high", "prediction_low", "prediction_high"]
        s = self.summary
        if self.result is None:
            return pd.DataFrame(columns=columns)
        how = f"Pooled ({self.result.method}, Hartung-Knapp)"
        if self.common:
            how = f"Pooled ({COMMON_INTERVAL})"
        row = [how, s["estimate"], *self.interval, *self.prediction]
        return pd.DataFrame([row], columns=columns)

    @property
    def common(self) -> bool:
        """Whether it was pooled as one common effect, which has no tau²."""
        return self.result is not None and self.result.method == "common"

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval on the printed scale: guarded Hartung-Knapp; of a common effect, which
        has none, the ordinary one (estimate ± z standard errors). ``nan`` when nothing was pooled.
        """
        return self._ends("ci" if self.common else "hk_guarded_ci")

    @property
    def prediction(self) -> tuple[float, float]:
        """The 95 % prediction interval on the printed scale (Hartung-Knapp, t with k - 1); ``nan``
        of a common effect, and when nothing was pooled.
        """
        return self._ends("hk_prediction")

    def _ends(self, name: str) -> tuple[float, float]:
        s = self.summary
        return s.get(f"{name}_low", np.nan), s.get(f"{name}_high", np.nan)

    @property
    def null(self) -> float:
        """No difference, on the printed scale."""
        return 1.0 if self.poolable.log else 0.0

    @property
    def holds_no_difference(self) -> bool | None:
        """Whether the interval holds no difference; None without a pool."""
        if self.result is None:
            return None
        low, high = self.interval
        return bool(low <= self.null <= high)

    def without(self, study_ids: set[str]) -> SizePool:
        """The pool of the other studies; unpooled when too few are left."""
        found = self.poolable
        rest = replace(
            found,
            included=found.included[~found.included["study_id"].isin(study_ids)],
            choices=found.choices[~found.choices["study_id"].isin(study_ids)],
        )
        method = self.result.method if self.result else "REML"
        return sized(self.ev, self.pool_id, self.title, self.note, rest, method)

    @cached_property
    def one_left_out(self) -> list[Turned]:
        """The pool without each study in turn, that which moves the estimate most first; those
        without which too few are left do not stand here.
        """
        if self.result is None:
            return []
        whole, holds = self.result.estimate, self.holds_no_difference
        found = []
        for study in self.poolable.included["study_id"]:
            rest = self.without({study})
            if rest.result is not None:
                moved = abs(rest.result.estimate - whole)
                found.append((-moved, Turned(study, rest, rest.holds_no_difference != holds)))
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]

    @cached_property
    def choice_range(self) -> ChoiceRange | None:
        """The pooled estimate over all results that could stand for their studies; None where each
        study has one.
        """
        groups = [rows for _, rows in self.poolable.choices.groupby("study_id")]
        ways = prod(len(rows) for rows in groups)
        if self.result is None or ways == 1:
            return None
        one_at_a_time = ways > MOST_CHOICES
        picked = self._one_at_a_time(groups) if one_at_a_time else product(*map(_pairs, groups))
        columns = [np.array(pairs, dtype=float).T for pairs in picked]
        pooled = [pooled_estimate(y, se, self.result.method) for y, se in columns]
        back = np.exp if self.poolable.log else float
        return ChoiceRange(float(back(min(pooled))), float(back(max(pooled))), ways, one_at_a_time)

    def _one_at_a_time(self, groups: list[pd.DataFrame]) -> list[list[tuple[float, float]]]:
        """The pairs as they are pooled, and with one of them exchanged."""
        standing = _pairs(self.poolable.included.sort_values("study_id"))
        exchanged = [
            [*standing[:place], other, *standing[place + 1 :]]
            for place, rows in enumerate(groups)
            for other in _pairs(rows)
        ]
        return [standing, *exchanged]

    @cached_property
    def not_main(self) -> list[str]:
        """Ids of the studies that enter with another result than their main one."""
        rows = self.poolable.included
        if "finding_id" not in rows:  # numbers of one's own
            return []
        main = main_findings(self.ev)["finding_id"]
        return rows.loc[~rows["finding_id"].isin(main), "study_id"].to_list()

    @cached_property
    def others_said(self) -> str:
        """To which side those of ``not_main`` point, and how many of their main results print no
        size: which way it leans that these are pooled.
        """
        n, rows = len(self.not_main), self.poolable.included
        said = pointing(rows.loc[rows["study_id"].isin(self.not_main), "estimate"])
        sizes = main_findings(self.ev).set_index("study_id").reindex(columns=["estimate"])
        silent = int(sizes["estimate"].reindex(self.not_main).isna().sum())
        if not silent:
            return said
        if n == 1:
            return f"{said}, its main result prints no size"
        if silent == n:
            return f"{said}, none of their main results prints a size"
        verb = number_form(silent, "prints", "print")
        return f"{said}, {silent} of their main results {verb} no size"

    @cached_property
    def main_fits(self) -> list[str]:
        """Ids of those of ``not_main`` whose main result could have entered too."""
        if not self.not_main:
            return []
        main = main_findings(self.ev).set_index("study_id")["finding_id"]
        could = set(self.poolable.choices["finding_id"])
        return [study for study in self.not_main if main.get(study) in could]

    @property
    def verdict(self) -> str:
        """The result in plain words, which say no more than a pool can."""
        measure = self.poolable.measure
        if self.k == 0:
            return f"no study qualifies for a pooled {measure}"
        if self.result is None:
            noun = "study qualifies" if self.k == 1 else "studies qualify"
            return f"only {self.k} {noun} for a pooled {measure}: nothing is pooled"
        r = self.result
        number = f"{self.k}{self._of_all}"
        spread = f"I² {r.i2:.0f} %" if self.common else f"tau² {r.tau2:.2g}, I² {r.i2:.0f} %"
        first = f"{measure} {self._estimate('95 % interval ')} ({self._kind}), {number}, {spread}"
        more = (self._predicted, self._hangs_on, self._range, self._beside, self._from_p)
        return "; ".join([first, *chain.from_iterable(more)])

    @property
    def _of_all(self) -> str:
        """Of how many studies; the number is not known where numbers of one's own are pooled."""
        n = self.poolable.studies
        if not n:
            return " studies"
        if self.poolable.of_question:
            return f" of {n} studies of the question"
        return f" of the {n} counted studies"

    @property
    def _kind(self) -> str:
        """Of which kind the interval is."""
        return COMMON_INTERVAL if self.common else "Hartung-Knapp"

    def _estimate(self, what: str = "") -> str:
        """The estimate with its interval, in words."""
        estimate, low, high = effect_texts(self.summary["estimate"], *self.interval)
        return f"{estimate}, {what}{low} to {high}"

    @property
    def _predicted(self) -> list[str]:
        """Where the true effect in a new setting is expected; nothing of a common effect."""
        if self.common:
            return []
        low, high = effect_texts(*self.prediction)
        said = f"95 % prediction interval of the true effect in a new setting {low} to {high}"
        if self.k < FEW:
            said += f" (with {self.k} studies it can be far too wide or too narrow)"
        return [said]

    @property
    def _hangs_on(self) -> list[str]:
        """The study whose leaving turns the interval, with what the others say."""
        turning = [one for one in self.one_left_out if one.turns]
        if not turning:
            return []
        first, more = turning[0], len(turning) - 1
        name = self.ev.names.get(first.study_id, first.study_id)
        said = f"it depends on one study: without {name}: {first.without._estimate()}"
        if more:
            others = f"{more} others turn" if more != 1 else "one other turns"
            said += f" (leaving out {others} the interval too)"
        return [said]

    @property
    def _range(self) -> list[str]:
        """What other results of the same studies would give."""
        found = self.choice_range
        if found is None:
            return []
        how = f"{found.choices} ways to choose a result for each study"
        if found.one_at_a_time:
            how += ", exchanged one at a time"
        return [f"{' to '.join(effect_texts(found.low, found.high))} over {how}"]

    @property
    def _beside(self) -> list[str]:
        """How many enter with another result than their main one, and what the others give."""
        if not self.not_main:
            return []
        n = len(self.not_main)
        said = f"{n} of {self.k} {number_form(n, 'is', 'are')} not the main result of the study"
        said += f" ({self.others_said})"
        rest = self.without(set(self.not_main))
        if rest.result is None:
            return [f"{said}, and fewer than {FEWEST} are"]
        return [f"{said}; main results alone: {rest._estimate()}, {self.k - n} studies"]

    @property
    def _from_p(self) -> list[str]:
        """How many standard errors follow from a p-value."""
        count = int((self.poolable.included["origin"] == "p_value").sum())
        if count:
            return [f"{count} of the standard errors from an exact p-value"]
        return []


def _pairs(rows: pd.DataFrame) -> list[tuple[float, float]]:
    """Estimate and standard error of each row."""
    return list(zip(rows["estimate"], rows["se"], strict=True))


@once
def size_pool(
    ev: Evidence,
    pool_id: str,
    method: str = "REML",
    from_p_values: bool = False,
    ci_level: int | None = None,
) -> SizePool:
    """One pool of the data set by its id.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``pools`` and ``pool_criteria``.
    pool_id : str
        Row of ``pools``.
    method : str, default "REML"
        As for :func:`evidence.pool`.
    from_p_values : bool, default False
        As for :func:`evidence.poolable`.
    ci_level : int, optional
        As for :func:`evidence.poolable`: intervals of another level are refused.

    Returns
    -------
    SizePool

    Raises
    ------
    UsageError
        When the data set has no such pool, or two of that id, or the pool has an interval of
        another level than ``ci_level``.

    Examples
    --------
    >>> import evidence
    >>> evidence.size_pool(evidence.load(), "or_activity").poolable.measure
    'OR'
    """
    row = needed(ev, "pools", "no sets of results are named that may be pooled").set_index(
        "pool_id"
    )
    if not isinstance(pool_id, str) or pool_id not in row.index:
        raise UsageError(not_there("pool", pool_id, row.index))
    if row.index.has_duplicates:
        twice = ", ".join(row.index[row.index.duplicated()].unique())
        raise UsageError(f"pools: {twice} is a duplicate; allowed: each pool_id once")
    chosen = row.loc[pool_id]
    criteria = ev.pool_criteria
    found = poolable(
        ev,
        str(chosen["measure"]),
        criteria[criteria["pool_id"] == pool_id],
        one_per_cohort=True,
        ci_level=ci_level,
        from_p_values=from_p_values,
        outcomes_apart=False,  # who wrote the pool decided what belongs together
    )
    return sized(ev, pool_id, str(chosen["title"]), str(chosen["note"]), found, method)


def sized(
    ev: Evidence, pool_id: str, title: str, note: str, found: Poolable, method: str = "REML"
) -> SizePool:
    """Pool what was found when three studies or more qualify."""
    result = None
    if len(found.included) >= FEWEST:
        result = pool(found.included["estimate"], found.included["se"], method)
    return SizePool(ev, pool_id, title, note, found, result)


def size_pools(ev: Evidence, method: str = "REML", ci_level: int | None = None) -> list[SizePool]:
    """All pools of the data set, in the order of the table; none when it names none.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.
    method : str, default "REML"
        As for :func:`evidence.pool`.
    ci_level : int, optional
        As for :func:`evidence.size_pool`.

    Returns
    -------
    list of SizePool

    Raises
    ------
    UsageError
        For an unknown method, when a pool of the table would mix contrasts or scales, or has an
        interval of another level than ``ci_level``.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> len(evidence.size_pools(ev)) == len(ev.pools)
    True
    """
    if "pools" in ev.tables:
        ids = ev.pools["pool_id"]
        return [size_pool(ev, name, method, ci_level=ci_level) for name in ids]
    return []


def size_table(pools: list[SizePool]) -> pd.DataFrame:
    """The pools in a table: one row each.

    Parameters
    ----------
    pools : list of SizePool
        Result of :func:`size_pools`, or some of them.

    Returns
    -------
    DataFrame
        ``pool_id, pool, measure, k``, pooled ``estimate, ci_low, ci_high`` (guarded Hartung-Knapp;
        of a common effect the ordinary interval), ``prediction_low, prediction_high``
        (Hartung-Knapp, t with k - 1; missing of a common effect), ``tau2, i2, q``, all missing
        where nothing was pooled, and ``verdict``.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.size_table(evidence.size_pools(evidence.load()))
    >>> bool((table["estimate"].notna() == (table["k"] >= 3)).all())
    True
    """
    rows = []
    for one in pools:
        s, r = one.summary, one.result
        rows.append(
            {
                "pool_id": one.pool_id,
                "pool": one.title,
                "measure": one.poolable.measure,
                "k": one.k,
                "estimate": s.get("estimate", np.nan),
                **dict(zip(("ci_low", "ci_high"), one.interval, strict=True)),
                **dict(zip(("prediction_low", "prediction_high"), one.prediction, strict=True)),
                "tau2": r.tau2 if r else np.nan,
                "i2": r.i2 if r else np.nan,
                "q": r.q if r else np.nan,
                "verdict": one.verdict,
            }
        )
    return pd.DataFrame(rows)
