"""Share of results in favour, its Wilson interval, and the exact sign test.

Cochrane Handbook for Systematic Reviews of Interventions, version 6.4, section 12.2.1.3 (vote
counting based on direction of effect); Wilson (1927), Journal of the American Statistical
Association 22:209-212. The test answers one narrow question, whether as many results would lean one
way if either way were equally likely. It says nothing about size, and treats a small study like a
large one; Nikolakopoulos (2020), Research Synthesis Methods 11:756-760, doi 10.1002/jrsm.1438,
shows that it can mislead when the studies differ in size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.arguments import whole

FEWEST = 6  # with five the smallest two-sided p-value is 2 * 0.5**5 = 0.0625
LEVEL = 0.95


@dataclass(frozen=True)
class SignTest:
    """Result of :func:`sign_test`; shares and p-value are numbers between 0 and 1."""

    benefit: int
    harm: int
    n: int
    share: float
    ci_low: float
    ci_high: float
    p_value: float
    too_few: bool

    @property
    def verdict(self) -> str:
        """The result in plain words, which never say more than a sign test can."""
        if self.n == 0:
            return "no result has a readable direction"
        found = (
            f"{self.benefit} of {self.n} point to benefit ({self.share:.0%}, 95 % interval"
            f" {self.ci_low:.0%} to {self.ci_high:.0%})"
        )
        if self.too_few:
            smallest = 2 * 0.5**self.n
            return (
                f"{found}; too few to test: with {self.n} directional results no sign test can go"
                f" below p = {min(1, smallest):.4g}"
            )
        lean = (
            "more on one side than a fair coin would give"
            if self.p_value < 0.05
            else "not told apart from a fair coin"
        )
        return f"{found}; exact sign test {p_text(self.p_value)}: {lean}"


def p_text(p: float) -> str:
    """A p-value in words, as journals print it.

    >>> p_text(0.0386), p_text(0.25), p_text(1.4e-6)
    ('p = 0.039', 'p = 0.25', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def sign_test(benefit: int, harm: int) -> SignTest:
    """Exact two-sided sign test of results that point one way against results that point the other.

    Parameters
    ----------
    benefit, harm : int
        How many results point to benefit and to harm. Mixed results and results without a readable
        direction stay out.

    Returns
    -------
    SignTest
        Share of benefit with its 95 % Wilson interval, p-value, and whether there are too few
        results to test.

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
    """
    benefit, harm = whole("benefit", benefit), whole("harm", harm)
    row = sign_tests(pd.DataFrame({"benefit": [benefit], "harm": [harm]})).iloc[0]
    share, low, high, p = (
        float(row[name]) for name in ("share", "share_low", "share_high", "p_value")
    )
    return SignTest(
        benefit, harm, int(row["directional"]), share, low, high, p, bool(row["too_few"])
    )


def sign_tests(counts: pd.DataFrame) -> pd.DataFrame:
    """The sign test for every row of a balance.

    Parameters
    ----------
    counts : DataFrame
        Columns ``benefit`` and ``harm``.

    Returns
    -------
    DataFrame
        Columns ``directional, share, share_low, share_high, p_value, too_few``, same index. Share
        and p-value are missing where nothing points anywhere. Shares between 0 and 1; Wilson
        interval of 95 %, exact two-sided p-value (Cochrane Handbook, section 12.2.1.3).

    Raises
    ------
    KeyError
        When one of the two columns is missing.

    Examples
    --------
    >>> table = sign_tests(pd.DataFrame({"benefit": [10], "harm": [2]}))
    >>> table[["share_low", "share_high", "p_value"]].round(3).iloc[0].to_list()
    [0.552, 0.953, 0.039]
    """
    from scipy.special import bdtr, ndtri

    good = counts["benefit"].to_numpy(dtype=float)
    total = good + counts["harm"].to_numpy(dtype=float)
    z = ndtri(0.5 + LEVEL / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = good / total
        middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
        half = z / (1 + z**2 / total) * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    tail = bdtr(np.minimum(good, total - good), np.maximum(total, 1).astype(int), 0.5)
    p = np.where(total > 0, np.minimum(1, 2 * tail), np.nan)
    return pd.DataFrame(
        {
            "directional": total.astype(int),
            "share": share,
            "share_low": np.clip(
                np.minimum(middle - half, share), 0, 1
            ),  # rounding would else set it a hair above a share of 0
            "share_high": np.clip(np.maximum(middle + half, share), 0, 1),
            "p_value": p,
            "too_few": total < FEWEST,
        },
        index=counts.index,
    )
