"""Share in favour, its Wilson interval, and the exact sign test with what was not printed.

Cochrane Handbook for Systematic Reviews of Interventions, version 6.4, section 12.2.1.3 (vote
counting based on direction of effect); Wilson (1927), Journal of the American Statistical
Association 22:209-212. The test answers one narrow question, whether as many results would lean one
way if either way were equally likely. It says nothing about size, and treats a small study like a
large one; Nikolakopoulos (2020), Research Synthesis Methods 11:756-760, doi 10.1002/jrsm.1438,
shows that it can mislead when the studies differ in size.

Directions are printed mainly where a difference was significant. So the results whose direction was
not printed are part of the test: the worst case is the least favourable way in which they could
point, and only what holds there is said without reserve.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd

from evidence.arguments import whole
from evidence.errors import UsageError
from evidence.nouns import number_form
from evidence.synthesis.number_texts import p_text, percent

FEWEST_DIRECTIONS = 6  # with five the smallest two-sided p-value is 2 * 0.5**5 = 0.0625
LEVEL = 0.95
ALPHA = 0.05
COLUMNS = ("benefit", "harm", "unreadable")


@dataclass(frozen=True)
class SignTest:
    """Result of :func:`sign_test`; shares and p-values are numbers between 0 and 1.

    Attributes
    ----------
    benefit, harm, unreadable : int
        The counts that were tested.
    n : int
        Results with a direction.
    share, ci_low, ci_high, p_value : float
        Share of benefit among them, its Wilson interval, and the exact two-sided p-value.
    share_worst, p_worst : float
        Share of benefit if every unreadable result pointed against the majority (at most as many as
        make both sides equal), and the largest p-value that any way of reading them could give.
    share_best, p_best : float
        The same if every unreadable result pointed with the majority.
    tipping_point : int or None
        How many unreadable results must point against the majority, the others left out, before p
        reaches 0.05; 0 where it does already, None where all of them are not enough.
    too_few : bool
        Whether the test could not reach 0.05 whatever the results.
    """

    benefit: int
    harm: int
    unreadable: int
    n: int
    share: float
    ci_low: float
    ci_high: float
    p_value: float
    share_worst: float
    share_best: float
    p_worst: float
    p_best: float
    tipping_point: int | None
    too_few: bool

    @property
    def holds(self) -> bool:
        """Whether one side has more results than chance alone would give, in the worst case too."""
        return not self.too_few and self.p_worst < ALPHA

    @property
    def verdict(self) -> str:
        """The result in plain words, which never say more than a sign test can."""
        return self.said("benefit")

    def said(self, better: str) -> str:
        """The result in plain words, with what benefit is called, such as "better"."""
        silent = self.unreadable
        unread = f"{silent} more {'has' if silent == 1 else 'have'} no printed direction"
        if self.n == 0:
            if silent:
                return f"no result has a printed direction, of {silent}"
            return "no result"
        found = (
            f"{self.benefit} of {self.n} {number_form(self.benefit, 'points', 'point')} to {better}"
            f" ({percent(self.share)}, 95 % interval {percent(self.ci_low)} to"
            f" {percent(self.ci_high)})"
        )
        if silent:
            found += f"; {unread}"
        return f"{found}; {self._reading()}"

    def _reading(self) -> str:
        """What the test says, once the unreadable results are taken into account."""
        tested = f"exact sign test {p_text(self.p_value)}"
        if self.too_few:
            smallest = min(1, 2 * 0.5**self.n)
            return (
                f"too few to test: {self.n} printed direction{'s' * (self.n != 1)} cannot give less"
                f" than p = {smallest:.4g}"
            )
        if self.p_value >= ALPHA:
            return f"{tested}: could be chance alone"
        if not self.unreadable:
            return f"{tested}: unlikely to be chance alone"
        worst = f"in the worst case {p_text(self.p_worst)}"
        if self.holds:
            return f"{tested}, {worst}: unlikely to be chance alone, however the others point"
        moved = self.tipping_point or 0
        point = number_form(moved, "points", "point")
        needed = f"if {moved} of them {point} the other way, it could be chance alone"
        return f"{tested}, {worst}: it hangs on the results that were not printed ({needed})"


def sign_test(benefit: int, harm: int, unreadable: int = 0) -> SignTest:
    """Exact two-sided sign test of results that point one way against results that point the other.

    Parameters
    ----------
    benefit, harm : int
        How many results point to benefit and to harm. Mixed results stay out.
    unreadable : int, default 0
        How many results have a direction that was not printed.

    Returns
    -------
    SignTest
        Share of benefit with its 95 % Wilson interval, p-value, and both as they would be in the
        worst and in the best case of the unreadable results.

    Raises
    ------
    UsageError
        When a count is negative or not whole.

    Examples
    --------
    >>> result = sign_test(benefit=10, harm=2)
    >>> (
    ...     round(result.share, 2),
    ...     round(result.ci_low, 3),
    ...     round(result.ci_high, 3),
    ...     round(result.p_value, 4),
    ... )
    (0.83, 0.552, 0.953, 0.0386)
    >>> hidden = sign_test(benefit=23, harm=1, unreadable=9)
    >>> round(hidden.p_worst, 3), hidden.tipping_point, hidden.holds
    (0.035, None, True)
    """
    counts = [whole(name, n) for name, n in zip(COLUMNS, (benefit, harm, unreadable), strict=True)]
    return _each(*(np.array([count], dtype=float) for count in counts))[0]


def each_sign_test(counts: pd.DataFrame) -> list[SignTest]:
    """The sign test of each row of counts, as for :func:`sign_tests`.

    >>> [test.n for test in each_sign_test(pd.DataFrame({"benefit": [3, 0], "harm": [1, 0]}))]
    [4, 0]
    """
    return _each(*_read(counts))


def _each(good: np.ndarray, bad: np.ndarray, silent: np.ndarray) -> list[SignTest]:
    found = {name: values.tolist() for name, values in _tested(good, bad, silent).items()}
    found["tipping_point"] = [None if isnan(n) else int(n) for n in found["tipping_point"]]
    given = [counts.astype(int).tolist() for counts in (good, bad, silent)]
    return [SignTest(*row) for row in zip(*given, *found.values(), strict=True)]


def sign_tests(counts: pd.DataFrame) -> pd.DataFrame:
    """The sign test for every row of a balance.

    Parameters
    ----------
    counts : DataFrame
        Columns ``benefit``, ``harm`` and, where some results have no printed direction,
        ``unreadable``: whole numbers from 0 up.

    Returns
    -------
    DataFrame
        Columns ``directional, share, share_low, share_high, p_value, share_worst, share_best,
        p_worst, p_best, tipping_point, too_few``, same index; see :class:`SignTest`. Missing where
        nothing points anywhere. Shares between 0 and 1; Wilson interval of 95 %, exact two-sided
        p-value (Cochrane Handbook, section 12.2.1.3).

    Raises
    ------
    UsageError
        When a column is missing, or a count is missing, negative or not whole.

    Examples
    --------
    >>> table = sign_tests(pd.DataFrame({"benefit": [10], "harm": [2]}))
    >>> table[["share_low", "share_high", "p_value"]].round(3).iloc[0].to_list()
    [0.552, 0.953, 0.039]
    """
    found = pd.DataFrame(_tested(*_read(counts)), index=counts.index)
    return found.astype({"tipping_point": "Int64"})


def _read(counts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Results for, against and without a printed direction, checked."""
    good, bad = _whole_counts(counts, "benefit"), _whole_counts(counts, "harm")
    if "unreadable" in counts:
        return good, bad, _whole_counts(counts, "unreadable")
    return good, bad, np.zeros_like(good)


def _tested(good: np.ndarray, bad: np.ndarray, silent: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of :func:`sign_tests`."""
    total = good + bad
    share, low, high = wilson(good, total)
    p = exact_p(good, total)
    # The worst case: all unreadable results against the majority, at most until both sides are
    # equal, because an even split is the least that the majority can be left with.
    most, least, every = np.maximum(good, bad), np.minimum(good, bad), total + silent
    evened = np.minimum(least + silent, every / 2)
    in_favour = good >= bad
    known, some = np.where(total > 0, every, np.nan), total > 0
    level = np.where(some, 0.5, np.nan)
    worst = np.where(good == bad, level, np.where(in_favour, every - evened, evened) / known)
    best = np.where(good == bad, level, np.where(in_favour, good + silent, good) / known)
    missing = lambda values: np.where(some, values, np.nan)
    return {
        "directional": total.astype("int64"),
        "share": share,
        "share_low": low,
        "share_high": high,
        "p_value": p,
        "share_worst": worst,
        "share_best": best,
        "p_worst": missing(exact_p(np.floor(evened), every)),
        "p_best": missing(exact_p(most + silent, every)),
        "tipping_point": missing(_tipping_points(most, least, silent)),
        "too_few": total < FEWEST_DIRECTIONS,
    }


def wilson(good: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share with the ends of its 95 % Wilson interval; missing where the total is 0.

    Parameters
    ----------
    good, total : array
        Numbers of results, or sums of weights scaled to an effective number.
    """
    from scipy.special import ndtri

    z = ndtri(0.5 + LEVEL / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = good / total
        middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
        half = z / (1 + z**2 / total) * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    # Rounding would else set an end a hair beyond a share of 0 or 1.
    low = np.clip(np.minimum(middle - half, share), 0, 1)
    return share, low, np.clip(np.maximum(middle + half, share), 0, 1)


def exact_p(good: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Two-sided p-value of a fair coin; missing where the total is 0."""
    from scipy.special import bdtr

    tail = bdtr(np.minimum(good, total - good), np.maximum(total, 1).astype("int64"), 0.5)
    return np.where(total > 0, np.minimum(1, 2 * tail), np.nan)


def _whole_counts(counts: pd.DataFrame, name: str) -> np.ndarray:
    """A column of counts, checked."""
    if name not in counts:
        raise UsageError(f"no column {name!r} of counts; needed: benefit, harm")
    numbers = pd.to_numeric(counts[name], errors="coerce").astype("Float64")
    values = numbers.to_numpy(dtype=float, na_value=np.nan)
    bad = np.flatnonzero(np.isnan(values) | (values < 0) | (values != np.floor(values)))
    if len(bad):
        place = counts.index[bad[0]]
        raise UsageError(
            f"{name} is {counts[name].iloc[bad[0]]!r} in row {place!r};"
            " allowed: a whole number from 0 up"
        )
    return values


def _tipping_points(most: np.ndarray, least: np.ndarray, silent: np.ndarray) -> np.ndarray:
    """Unreadable results against the majority, the others left out, until p reaches 0.05."""
    found = np.full(len(most), np.nan)
    open_rows = np.arange(len(most))
    moved = 0
    while len(open_rows):
        p = exact_p(least[open_rows] + moved, most[open_rows] + least[open_rows] + moved)
        found[open_rows[p >= ALPHA]] = moved
        moved += 1
        open_rows = open_rows[(p < ALPHA) & (silent[open_rows] >= moved)]
    return found
