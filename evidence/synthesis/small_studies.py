"""Do small studies differ from large ones? Egger's regression, and only where there are enough
studies to ask.

Egger et al. (1997), *BMJ* 315:629-634. From ten studies up: Sterne et al. (2011), *BMJ* 343:d4002,
and Cochrane Handbook, section 13.3.5. The regression shows a relation between estimate and standard
error, which may come from unpublished studies and from much else.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any

from evidence.arguments import is_number
from evidence.errors import UsageError
from evidence.synthesis.pool import estimates_and_errors

FEWEST = 10


@dataclass(frozen=True)
class Egger:
    """Result of :func:`egger`.

    Attributes
    ----------
    k : int
        Number of studies.
    intercept, se, ci_low, ci_high : float
        Egger's intercept: how far the estimate moves for each unit of standard error, with its 95 %
        interval. 0 means no asymmetry.
    t, df, p_value : float
        Its test (t with k − 2 degrees of freedom; two-sided).
    too_few : bool
        Whether there are too few studies to ask; all numbers are then ``nan``.
    reason : str
        Why nothing is shown; empty when it is.
    """

    k: int
    intercept: float = nan
    se: float = nan
    ci_low: float = nan
    ci_high: float = nan
    t: float = nan
    df: float = nan
    p_value: float = nan
    too_few: bool = False
    reason: str = ""

    @property
    def verdict(self) -> str:
        """The result in plain words, which never say more than the regression can."""
        if self.reason:
            return f"not shown, because {self.reason}"
        lean = "no difference distinguishable from chance"
        if self.p_value < 0.05:
            lean = "small and large studies differ more than chance would have it"
        return (
            f"Egger's regression over {self.k} studies: t({self.df:g}) = {self.t:.2f}, p ="
            f" {self.p_value:.2g}: {lean}"
        )


def egger(estimates: Any, standard_errors: Any, fewest: int = FEWEST) -> Egger:
    """Egger's regression of the estimates on their standard errors, weighted by inverse variance.

    The same as metafor's ``regtest(model="lm")``.

    Parameters
    ----------
    estimates, standard_errors : array-like, shape (k,)
        As for :func:`evidence.synthesis.pool.pool`.
    fewest : int
        With fewer studies nothing is computed; at least 3.

    Returns
    -------
    Egger
        Without numbers where there are too few studies, or where the regression has no solution
        (all standard errors equal); ``verdict`` says so.

    Raises
    ------
    UsageError
        For the same columns that ``pool`` refuses, and for ``fewest`` below 3.

    Examples
    --------
    >>> egger([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]).verdict
    'not shown, because there are 3 studies and the test needs at least 10'
    """
    y, se = estimates_and_errors(estimates, standard_errors)
    if not is_number(fewest) or fewest < 3:
        raise UsageError(
            f"fewest is {fewest!r}; allowed: 3 or more, as a line through two points leaves nothing"
            " to test"
        )
    k = len(y)
    if k < fewest:
        return Egger(
            k,
            too_few=True,
            reason=(
                f"there {'is 1 study' if k == 1 else f'are {k} studies'} and the test needs at"
                f" least {fewest}"
            ),
        )
    import meta_analyze as library

    try:
        found = library.meta_analysis(effect=y, standard_error=se, model="common").egger_test(
            confidence_level=0.95
        )
    except library.MetaAnalysisError:
        return Egger(
            k, reason="the standard errors or the estimates differ too little for a regression"
        )
    return Egger(
        k,
        intercept=found.intercept,
        se=found.intercept_standard_error,
        ci_low=found.intercept_ci_low,
        ci_high=found.intercept_ci_high,
        t=found.statistic,
        df=float(found.df),
        p_value=found.pvalue,
    )
