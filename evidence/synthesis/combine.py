"""Combining p-values, where nothing else can be combined.

It answers one question: is there any study at all whose effect points this way? It says nothing
about size, and one extreme study can carry it (Cochrane Handbook, section 12.2.1.2). Only exact
p-values qualify: "p < 0.05" is a bound, not a number. Each is made one-sided in one common
direction first; two-sided ones would add up harm and benefit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from evidence.errors import UsageError

METHODS = ("fisher", "stouffer")
DIRECTIONS = ("benefit", "harm")
FEWEST = 2
NEEDED = ("p_value", "p_operator", "observed_direction")


@dataclass(frozen=True, eq=False)
class CombinedP:
    """Result of :func:`combine_p`.

    Attributes
    ----------
    method, direction : str
        As asked for.
    statistic, p_value : float
        Fisher's chi-squared or Stouffer's z, and the combined one-sided p-value; ``nan`` when too
        few qualify.
    used : tuple
        Ids of the findings that entered, in their order.
    excluded : DataFrame
        Columns ``id, reason``: every finding that did not enter.
    repeated : tuple of str
        Studies that entered with more than one finding. The method assumes independent results.
    """

    method: str
    direction: str
    statistic: float
    p_value: float
    used: tuple[str, ...]
    excluded: pd.DataFrame
    repeated: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many p-values entered."""
        return len(self.used)

    @property
    def too_few(self) -> bool:
        """Whether there were too few to combine."""
        return self.n < FEWEST

    @property
    def verdict(self) -> str:
        """The result in plain words, which never say more than the method can."""
        left_out = f"{len(self.excluded)} of {len(self.excluded) + self.n} findings left out"
        if self.too_few:
            return (
                f"too few to combine: {self.n} exact p-value{'' if self.n == 1 else 's'} with a"
                f" direction, at least {FEWEST} needed; {left_out}"
            )
        lean = (
            f"at least one effect points to {self.direction}"
            if self.p_value < 0.05
            else f"not shown that any effect points to {self.direction}"
        )
        shared = (
            f"; not independent: {', '.join(self.repeated)} entered more than once"
            if self.repeated
            else ""
        )
        return (
            f"{self.n} exact p-values, {self.method.capitalize()}: one-sided p ="
            f" {self.p_value:.2g}: {lean}; {left_out}{shared}"
        )


def combine_p(
    findings: pd.DataFrame,
    direction: str = "benefit",
    method: str = "fisher",
    sizes: str | pd.Series | Sequence[float] | None = None,
) -> CombinedP:
    """Combine the exact p-values of findings, one-sided in a common direction.

    A two-sided p becomes p/2 where the finding points in the direction, and 1 − p/2 where it points
    the other way.

    Parameters
    ----------
    findings : DataFrame
        Columns ``p_value`` (two-sided), ``p_operator`` and ``observed_direction``; ``finding_id``
        names the rows (else the index does) and ``study_id`` lets repeated studies be told.
    direction : {"benefit", "harm"}
        The common direction.
    method : {"fisher", "stouffer"}
        See :func:`scipy.stats.combine_pvalues`.
    sizes : str, Series or sequence of float, optional
        Sample sizes for Stouffer's weights, their square roots: a column, a Series with the same
        index, or one number a row.

    Returns
    -------
    CombinedP
        With the reason for every finding left out.

    Raises
    ------
    UsageError
        For an unknown direction or method, a missing column, a p-value outside 0 to 1, sizes with
        Fisher's method or of another length.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {
    ...         "p_value": [0.04, 0.10, 0.05],
    ...         "p_operator": ["=", "=", "<"],
    ...         "observed_direction": ["benefit", "harm", "benefit"],
    ...     }
    ... )
    >>> result = combine_p(rows)
    >>> result.n, round(result.p_value, 3), result.excluded["reason"].to_list()
    (2, 0.094, ['printed as a bound'])
    """
    for name, value, allowed in (("direction", direction, DIRECTIONS), ("method", method, METHODS)):
        if value not in allowed:
            raise UsageError(f"{name} is {value!r}; allowed: {', '.join(allowed)}")
    missing = [column for column in NEEDED if column not in findings.columns]
    if missing:
        raise UsageError(f"findings lack {', '.join(missing)}; needed: {', '.join(NEEDED)}")
    p = findings["p_value"].to_numpy(dtype=float, na_value=np.nan)
    if ((p < 0) | (p > 1)).any():
        raise UsageError("a p-value is outside 0 to 1; allowed: numbers from 0 to 1")
    weights = _weights(findings, method, sizes)
    words = findings["observed_direction"].astype("str")
    operator = findings["p_operator"].astype("str")
    reasons = {
        "no p-value": np.isnan(p),
        "no direction": ~words.isin(DIRECTIONS).to_numpy(dtype=bool),
        "printed as a bound": ~operator.eq("=").fillna(False).to_numpy(dtype=bool),
        "printed as zero": p == 0,  # rounded, so a bound in truth
        "no sample size": ~(weights > 0),
    }
    reason = np.select(list(reasons.values()), list(reasons), default="")
    usable = reason == ""
    ids = findings["finding_id"] if "finding_id" in findings.columns else findings.index.to_series()
    excluded = pd.DataFrame({"id": ids.to_numpy()[~usable], "reason": reason[~usable]})
    used = tuple(ids[usable])
    repeated: tuple[str, ...] = ()
    if "study_id" in findings.columns:
        studies = findings.loc[usable, "study_id"]
        repeated = tuple(sorted(studies[studies.duplicated()].unique()))
    statistic = combined = nan
    if len(used) >= FEWEST:
        from scipy.stats import combine_pvalues

        agrees = words.eq(direction).to_numpy(dtype=bool)
        one_sided = np.where(agrees, p / 2, 1 - p / 2)[usable]
        found = combine_pvalues(
            one_sided, method=method, weights=weights[usable] if method == "stouffer" else None
        )
        statistic, combined = float(found.statistic), float(found.pvalue)
    return CombinedP(method, direction, statistic, combined, used, excluded, repeated)


def _weights(
    findings: pd.DataFrame, method: str, sizes: str | pd.Series | Sequence[float] | None
) -> np.ndarray:
    """Square roots of the sample sizes, shape (rows,); ones without sizes."""
    if sizes is None:
        return np.ones(len(findings))
    if method != "stouffer":
        raise UsageError(f"sizes do not enter method {method!r}; allowed: sizes with stouffer only")
    if isinstance(sizes, str):
        if sizes not in findings.columns:
            raise UsageError(
                f"no column {sizes!r} of sizes; columns: {', '.join(map(str, findings.columns))}"
            )
        sizes = findings[sizes]
    column = pd.Series(sizes)
    if isinstance(sizes, pd.Series) and not column.index.equals(findings.index):
        column = column.reindex(findings.index)
    if len(column) != len(findings):
        raise UsageError(
            f"{len(column)} sizes for {len(findings)} findings; allowed: one a finding"
        )
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    if (numbers < 0).any():
        raise UsageError("a sample size is below 0; allowed: numbers above 0")
    weights: np.ndarray = np.sqrt(numbers)
    return weights
