"""Overlap of reviews: how much of what several reviews say rests on the same studies.

The corrected covered area is that of Pieper et al. (2014), *Journal of Clinical Epidemiology*
67:368-375: (N - S) / (S (m - 1)) for N inclusions of S studies in m reviews. Cells that no review
could have filled, because it is older than the study, can be taken out of the denominator
(structural missingness: Bracchiglione et al. 2022, *Research Synthesis Methods* 13:381-388).

A list of inclusions that could be read in part only gives no point but bounds: the lowest and the
highest value that any completion of the lists allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

import numpy as np
import pandas as pd

from evidence.model.evidence import Evidence
from evidence.synthesis.inclusions import inclusion_lists, older
from evidence.synthesis.number_texts import percent

BANDS = {0.05: "slight", 0.10: "moderate", 0.15: "high", np.inf: "very high"}


@dataclass(frozen=True)
class CoveredArea:
    """Result of :func:`covered_area`; all areas are shares between 0 and 1.

    Attributes
    ----------
    reviews : int
        m, reviews with at least one inclusion that could be read.
    studies : int
        S, distinct studies known to be included, whether our table has them or not.
    inclusions : int
        N, known inclusions.
    probable : int
        How many of them rest on a probable match.
    impossible : int
        Cells of the m x S matrix that no review could have filled.
    incomplete : tuple of str
        Reviews whose list could be read in part only, or whose full length is not known.
    unlisted : tuple of str
        Reviews of which no inclusion could be read; they are not part of m.
    cca, cca_possible : float
        Corrected covered area, and the same over the possible cells alone. ``nan`` unless every
        list is complete, and below two reviews.
    known, known_possible : float
        The same of the inclusions that are known; with incomplete lists no estimate of anything,
        only the arithmetic of what was read, and it may lie outside of the bounds.
    low, high : float
        Lowest and highest corrected covered area that the lists allow; both equal ``cca`` when
        every list is complete.
    label : str
        Pieper's word for ``cca``: slight (to 5 %), moderate (to 10 %), high (to 15 %), very high.
        Empty when there is no point.
    pairs : DataFrame
        One row per pair of reviews: ``first, second, k_first, k_second`` (known inclusions),
        ``shared, known`` (shared / (k_first + k_second - shared)), ``cca, cca_possible, low, high,
        label`` as above.
    """

    reviews: int
    studies: int
    inclusions: int
    probable: int
    impossible: int
    incomplete: tuple[str, ...]
    unlisted: tuple[str, ...]
    cca: float
    cca_possible: float
    known: float
    known_possible: float
    low: float
    high: float
    label: str
    pairs: pd.DataFrame = field(repr=False, compare=False)

    @property
    def verdict(self) -> str:
        """The result in plain words, which say a point only where there is one."""
        if self.reviews < 2:
            return "fewer than two reviews with a readable list: no overlap to measure"
        what = (
            f"{self.inclusions} known inclusions of {self.studies} studies in {self.reviews}"
            " reviews"
        )
        if self.incomplete:
            count = len(self.incomplete)
            many = "the list of 1 review is"
            if count != 1:
                many = f"the lists of {count} reviews are"
            return (
                f"{what}; {many} incomplete: the corrected covered area lies anywhere between"
                f" {percent(self.low, 1)} and {percent(self.high, 1)}"
            )
        return f"{what}: corrected covered area {percent(self.cca, 1)}, {self.label}"


def covered_area(ev: Evidence, question: str | None = None) -> CoveredArea:
    """Corrected covered area of the reviews, overall and for each pair.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``reviews`` and ``review_inclusions``.
    question : str, optional
        Only reviews of that question.

    Returns
    -------
    CoveredArea

    Raises
    ------
    UsageError
        When the data set has no such tables, or the question is unknown.

    Notes
    -----
    Lowest value: every inclusion that is missing from a list is a study of its own, (N - S) / ((S +
    U) (m - 1)) with U missing ones; 0 when a list may be of any length. Highest value: missing
    inclusions are known studies that the review could have included, and what is then still missing
    is shared among the reviews. Studies are identified by our ids, and those that our table lacks
    by the name under which they are cited.

    Examples
    --------
    >>> import evidence
    >>> area = covered_area(evidence.load())
    >>> area.low <= area.high
    True
    """
    lists = inclusion_lists(ev, question)
    reviews = lists.reviews[lists.reviews["known"] > 0]
    included = lists.table().reindex(index=reviews["review_id"])
    a = included.to_numpy(dtype=float)
    years = lists.studies.set_index("study")["year"].reindex(included.columns)
    impossible = (older(reviews["year"], years) & (a == 0)).astype(float)
    missing = reviews["missing"].to_numpy(dtype=float)
    m, s = a.shape
    n, free = a.sum(), s - a.sum(axis=1) - impossible.sum(axis=1)
    known, known_possible = _area(n, s, m), _area(n, s, m, impossible.sum())
    low, high = (
        _bounds(n, s, missing[None, :], free[None, :])
        if m > 1
        else (np.array([nan]), np.array([nan]))
    )
    incomplete = tuple(reviews.loc[~reviews["complete"], "review_id"])
    point = not incomplete and m > 1
    return CoveredArea(
        reviews=m,
        studies=s,
        inclusions=int(n),
        probable=int(lists.inclusions["probable"].sum()),
        impossible=int(impossible.sum()),
        incomplete=incomplete,
        unlisted=tuple(lists.reviews.loc[lists.reviews["known"] == 0, "review_id"]),
        cca=known if point else nan,
        cca_possible=known_possible if point else nan,
        known=known,
        known_possible=known_possible,
        low=float(low[0]),
        high=float(high[0]),
        label=str(_labels(np.array([known]))[0]) if point else "",
        pairs=_pairs(reviews, a, impossible, missing),
    )


def _area(n: float, s: float, m: int, impossible: float = 0.0) -> float:
    """(N - S) / (S (m - 1) - impossible cells); nan where that has no cells."""
    cells = s * (m - 1) - impossible
    return float((n - s) / cells) if cells > 0 else nan


def _bounds(
    n: np.ndarray | float, s: np.ndarray | float, missing: np.ndarray, free: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corrected covered area that any completion of the lists allows.

    Parameters
    ----------
    n, s : float or ndarray, shape (sets,)
        Known inclusions and studies.
    missing : ndarray, shape (sets, m)
        Inclusions that are missing from each list; infinite where its length is not known.
    free : ndarray, shape (sets, m)
        Known studies that each review may yet include.

    Returns
    -------
    tuple of ndarray, shape (sets,)
    """
    m = missing.shape[1]
    open_end = np.isinf(missing)
    low = (n - s) / ((s + missing.sum(axis=1)) * (m - 1))
    new = np.where(open_end, 0, np.maximum(0, missing - free)).max(
        axis=1
    )  # shared by every list that needs it
    filled = np.where(open_end, free + new[:, None], missing)
    high = (n + filled.sum(axis=1) - (s + new)) / ((s + new) * (m - 1))
    # Lists of any length may share any number of further studies: inclusions by studies then near
    # the number of such lists.
    return low, np.maximum(high, (open_end.sum(axis=1) - 1) / (m - 1))


def _pairs(
    reviews: pd.DataFrame, a: np.ndarray, impossible: np.ndarray, missing: np.ndarray
) -> pd.DataFrame:
    """Pairwise areas; see :class:`CoveredArea`."""
    ids, complete, k = (
        reviews["review_id"].to_numpy(),
        reviews["complete"].to_numpy(),
        a.sum(axis=1),
    )
    i, j = np.triu_indices(len(ids), 1)
    shared = (a @ a.T)[i, j]
    union = k[i] + k[j] - shared
    cannot = impossible @ a.T  # [i, j]: studies of j that i is too old for
    may = (1 - a - impossible) @ a.T  # [i, j]: studies of j that i may yet include
    low, high = _bounds(
        k[i] + k[j],
        union,
        np.column_stack([missing[i], missing[j]]),
        np.column_stack([may[i, j], may[j, i]]),
    )
    cells = union - cannot[i, j] - cannot[j, i]
    known, point = shared / union, complete[i] & complete[j]
    return pd.DataFrame(
        {
            "first": ids[i],
            "second": ids[j],
            "k_first": k[i].astype(int),
            "k_second": k[j].astype(int),
            "shared": shared.astype(int),
            "known": known,
            "cca": np.where(point, known, nan),
            "cca_possible": np.where(point & (cells > 0), shared / np.maximum(cells, 1), nan),
            "low": low,
            "high": high,
            "label": np.where(point, _labels(known), ""),
        }
    )


def _labels(area: np.ndarray) -> np.ndarray:
    """Pieper's word for an area."""
    words = np.array([*BANDS.values(), ""], dtype=object)
    return words[np.where(np.isnan(area), len(BANDS), np.searchsorted(list(BANDS), area - 1e-12))]
