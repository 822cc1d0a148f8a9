"""How many votes, and what weight of votes, each set of studies gives: the sums behind a
multiverse, for many sets at once.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.model.evidence import Evidence
from evidence.model.selection import cohort_key
from evidence.synthesis.lens import CONCLUDED, Lens, agreed_word, get_lens
from evidence.synthesis.votes import votes

WORDS = CONCLUDED.placed
MIXED = WORDS.index("mixed")
# A vote of a study of size n adds 1, the root of n, n, and n squared; the square of one weight is
# the next but one.
POWERS = (0.0, 0.5, 1.0, 2.0)


class VoteSums:
    """Votes of the studies of one data set, computed once, and their sums over any sets of the
    studies.

    Parameters
    ----------
    ev : Evidence
        All its studies must be counted, of one question and population.
    lens : {"concluded", "direction"}
    unit : {"study", "cohort", "finding"}
    overlap : {"possible", "certain"}
    typical_size : float
        Sample size of a study whose size is not known.

    Notes
    -----
    The sums equal those of :func:`evidence.synthesis.votes.votes` on a selection of the studies.
    The vote of a study, or of a finding, does not hang on which other studies are there: its sums
    are a matrix product. That of a cohort does: reports that leave can change the majority.
    """

    def __init__(self, ev: Evidence, lens: str, unit: str, overlap: str, typical_size: float):
        self.lens = get_lens(lens)
        studies = ev.studies
        known = studies["sample_size"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        self.weights = np.where(np.isnan(known), typical_size, known)[:, None] ** np.array(POWERS)
        self.cohorts = _Cohorts(studies, overlap, known) if unit == "cohort" else None
        table = votes(ev, lens, "finding" if unit == "finding" else "study")
        place = pd.Index(studies["study_id"]).get_indexer(table["study_id"])
        word = pd.Categorical(table["vote"].astype("str"), categories=list(WORDS)).codes
        self.per_study = np.zeros((len(studies), len(WORDS) + 1))  # the last: not placed
        np.add.at(self.per_study, (place, word), 1)

    def over(self, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sums over sets of studies.

        Parameters
        ----------
        inside : array of bool (sets, studies)

        Returns
        -------
        sums : array (sets, words, powers)
            For each word of :data:`WORDS` the sum of each power of the sizes of the units that vote
            so.
        units : array (sets,)
            How many units there are, placed or not.
        """
        if self.cohorts is not None:
            votes = self.per_study[:, : len(WORDS)]
            return self.cohorts.over(inside, votes, self.weights, self.lens)
        each = self.per_study[:, : len(WORDS), None] * self.weights[:, None, :]
        sums = inside.astype(float) @ each.reshape(len(each), -1)
        return sums.reshape(len(inside), len(WORDS), len(POWERS)), inside @ self.per_study.sum(
            axis=1
        )


class _Cohorts:
    """Reports sorted by cohort, in each the one that stands for it first."""

    def __init__(self, studies: pd.DataFrame, overlap: str, known: np.ndarray):
        lead = studies["cohort_representative"].fillna(False).to_numpy(dtype=bool)
        group = pd.factorize(cohort_key(studies, overlap))[0]
        rank = studies["study_id"].rank().to_numpy()
        self.order = np.lexsort((rank, -np.nan_to_num(known, nan=-1.0), ~lead, group))
        self.lead = lead[self.order]
        self.starts = np.flatnonzero(np.diff(group[self.order], prepend=-1))

    def over(
        self, inside: np.ndarray, vote: np.ndarray, weights: np.ndarray, lens: Lens
    ) -> tuple[np.ndarray, np.ndarray]:
        words = [WORDS.index(word) for word in lens.placed]
        inside, vote, weights = inside[:, self.order], vote[self.order], weights[self.order]
        # The first report of each cohort that is inside; the number of reports where none is.
        place = np.where(inside, np.arange(inside.shape[1]), inside.shape[1])
        first = np.minimum.reduceat(place, self.starts, axis=1)
        there = first < inside.shape[1]
        first = np.where(there, first, 0)
        counts = np.stack(
            [
                np.add.reduceat(inside * vote[:, word], self.starts, axis=1)
                for word in range(len(WORDS))
            ],
            axis=2,
        )
        reports = np.add.reduceat(inside.astype("int64"), self.starts, axis=1)
        placed = counts[:, :, words]
        agreed = agreed_word(placed, reports - placed.sum(axis=2), lens)
        shared = np.where(agreed >= 0, np.array(words)[agreed], -1)
        own = np.where(vote.any(axis=1), vote.argmax(axis=1), -1)
        word_of = np.where(there, np.where(self.lead[first], own[first], shared), -1)
        sums = np.zeros((len(inside), len(WORDS), len(POWERS)))
        for word in words:
            sums[:, word] = np.einsum("fc,fcp->fp", (word_of == word).astype(float), weights[first])
        return sums, there.sum(axis=1)
