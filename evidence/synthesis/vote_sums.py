"""How many votes, and what weight of votes, each set of studies gives: the sums that make a
multiverse, for many sets at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from evidence.frames import is_true
from evidence.model.contrasts import answers, contrasts
from evidence.model.evidence import Evidence
from evidence.model.selection import OVERLAPS, cohort_key
from evidence.synthesis.lens import CONCLUDED, Lens, agreed_word, get_lens, words_of
from evidence.synthesis.votes import main_findings, one_outcome

WORDS = CONCLUDED.placed
MIXED = WORDS.index("mixed")
SILENT = len(WORDS)  # the place after the words: units without a vote
# A vote of a study of size n adds 1, the root of n, n, and n squared; the square of one weight is
# the next but one.
POWERS = (0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Votings:
    """What the studies vote, in one way of voting.

    Attributes
    ----------
    counts : array (studies, words + 1)
        How many units of each study have each word of :data:`WORDS`; the last are without a vote.
    """

    counts: np.ndarray

    @property
    def there(self) -> np.ndarray:
        """Studies that have a unit at all."""
        return np.asarray(self.counts.any(axis=1))


class VoteSums:
    """Votes of the studies of one data set, and their sums over any sets of the studies.

    Parameters
    ----------
    ev : Evidence
        All its studies are taken as counted, of one question and population.
    typical_size : float
        Sample size of a study whose size is not known.

    Notes
    -----
    The sums equal those of :func:`evidence.synthesis.votes.votes` on a selection of the studies.
    The vote of a study, or of a finding, does not hang on which other studies are there: its sums
    are a matrix product. That of a cohort does: reports that leave can change what they agree on.
    """

    def __init__(self, ev: Evidence, typical_size: float = 1.0):
        studies, findings = ev.studies, ev.findings
        known = studies["sample_size"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        sizes = np.where(np.isnan(known), typical_size, known)
        self.weights = sizes[:, None] ** np.array(POWERS)
        self.studies = len(studies)
        self.cohorts = {over: _Cohorts(studies, over, known) for over in OVERLAPS}
        chosen = answers(ev) & findings["study_id"].isin(studies["study_id"]).to_numpy(dtype=bool)
        main = findings["finding_id"].isin(main_findings(ev)["finding_id"])
        declared = main & is_true(findings["primary_basis"].eq("declared"))
        self._place = pd.Index(studies["study_id"]).get_indexer(findings["study_id"])[chosen]
        self._main = main.to_numpy(dtype=bool)[chosen]
        self._rule = self._main | (one_outcome(ev) is not None)
        self._declared = declared.to_numpy(dtype=bool)[chosen]
        self.contrast = contrasts(ev)[chosen].astype("object").to_numpy()
        self.outcome = findings["outcome_domain"].astype("object").to_numpy()[chosen]
        domains = dict(zip(self._place[self._main], self.outcome[self._main], strict=True))
        own = [domains.get(place) for place in self._place]
        self._of_main = np.array([a == b for a, b in zip(self.outcome, own, strict=True)], bool)
        self._words = {
            lens: words_of(findings[get_lens(lens).column], get_lens(lens)).codes[chosen]
            for lens in ("concluded", "direction")
        }
        self._whole = words_of(studies["direction"], CONCLUDED).codes
        self.votings = cache(self._votings)

    @property
    def main_outcome(self) -> np.ndarray:
        """Outcome of the main finding of each study; None where it has none that answers."""
        found = np.full(self.studies, None, dtype=object)
        found[self._place[self._main]] = self.outcome[self._main]
        return found

    def studies_with(self, rows: np.ndarray) -> np.ndarray:
        """Which studies have one of these findings (a mask over those that answer)."""
        return np.bincount(self._place[rows], minlength=self.studies) > 0

    def _votings(
        self,
        lens: str,
        unit: str = "study",
        main: str | None = "rule",
        contrasts: tuple[str, ...] = (),
        outcome: str | None = None,
    ) -> Votings:
        """What the studies vote.

        Parameters
        ----------
        lens, unit
            As for :func:`evidence.votes`; the studies of a cohort vote as studies.
        main : {"rule", "declared", "outcome", "whole"}, optional
            None: with all findings.
        contrasts : tuple of str
            Contrasts whose findings vote; none: all.
        outcome : str, optional
            The one outcome whose findings vote.
        """
        rows = np.ones(len(self._place), dtype=bool)
        if contrasts:
            rows &= np.isin(self.contrast.astype(str), list(contrasts))
        if outcome is not None:
            rows &= self.outcome == outcome
        if unit == "finding":
            return Votings(self._each(lens, rows))
        if main == "whole":
            # A study as a whole is of the contrast of its main finding.
            everyone = self.studies_with(rows & self._main) if contrasts else True
            return Votings(_one_hot(self._whole, everyone))
        marks = {"rule": self._rule, "declared": self._declared, "outcome": self._of_main}
        rows &= marks[main] if main else True
        everyone = self.studies_with(rows) if contrasts or outcome or main == "declared" else True
        chosen = get_lens(lens)
        counts = self._each(lens, rows)
        placed = [WORDS.index(word) for word in chosen.placed]
        agreed = agreed_word(counts[:, placed], counts[:, SILENT], chosen)
        return Votings(_one_hot(np.where(agreed >= 0, np.array(placed)[agreed], -1), everyone))

    def _each(self, lens: str, rows: np.ndarray) -> np.ndarray:
        """How many of these findings of each study have each word."""
        placed = np.array([*(WORDS.index(word) for word in get_lens(lens).placed), SILENT])
        counts = np.zeros((self.studies, len(WORDS) + 1))
        np.add.at(counts, (self._place[rows], placed[self._words[lens][rows]]), 1)
        return counts

    def over(
        self, votings: Votings, inside: np.ndarray, lens: str, overlap: str | None = None
    ) -> np.ndarray:
        """Sums over sets of studies.

        Parameters
        ----------
        votings : Votings
        inside : array of bool (sets, studies)
        lens : {"concluded", "direction"}
        overlap : {"possible", "certain"}, optional
            One vote for each cohort that these overlaps make.

        Returns
        -------
        array (sets, words + 1, powers)
            For each word of :data:`WORDS`, and for units without a vote, the sum of each power of
            the sizes of the units that vote so.
        """
        if overlap is not None:
            there = inside & votings.there
            counts = votings.counts[:, :SILENT]
            return self.cohorts[overlap].over(there, counts, self.weights, get_lens(lens))
        each = votings.counts[:, :, None] * self.weights[:, None, :]
        sums = inside.astype(float) @ each.reshape(len(each), -1)
        shaped: np.ndarray = sums.reshape(len(inside), SILENT + 1, len(POWERS))
        return shaped


def _one_hot(word: np.ndarray, there: np.ndarray | bool) -> np.ndarray:
    """One unit for each study that is there, at its word, or at the place of the silent ones."""
    counts = np.zeros((len(word), SILENT + 1))
    counts[np.arange(len(word)), np.where(word >= 0, word, SILENT)] = 1
    units: np.ndarray = counts * np.broadcast_to(there, len(word))[:, None]
    return units


class _Cohorts:
    """Reports sorted by cohort, in each the one that stands for it first."""

    def __init__(self, studies: pd.DataFrame, overlap: str, known: np.ndarray):
        lead = is_true(studies["cohort_representative"]).to_numpy()
        group = pd.factorize(cohort_key(studies, overlap))[0]
        rank = studies["study_id"].rank().to_numpy()
        self.order = np.lexsort((rank, -np.nan_to_num(known, nan=-1.0), ~lead, group))
        self.lead = lead[self.order]
        self.starts = np.flatnonzero(np.diff(group[self.order], prepend=-1))

    def __len__(self) -> int:
        return len(self.starts)

    def over(
        self, inside: np.ndarray, vote: np.ndarray, weights: np.ndarray, lens: Lens
    ) -> np.ndarray:
        words = [WORDS.index(word) for word in lens.placed]
        inside, vote, weights = inside[:, self.order], vote[self.order], weights[self.order]
        # The first report of each cohort that is inside; the number of reports where none is.
        place = np.where(inside, np.arange(inside.shape[1]), inside.shape[1])
        first = np.minimum.reduceat(place, self.starts, axis=1)
        there = first < inside.shape[1]
        first = np.where(there, first, 0)
        placed = np.stack(
            [np.add.reduceat(inside * vote[:, word], self.starts, axis=1) for word in words],
            axis=2,
        )
        reports = np.add.reduceat(inside.astype("int64"), self.starts, axis=1)
        agreed = agreed_word(placed, reports - placed.sum(axis=2), lens)
        shared = np.where(agreed >= 0, np.array(words)[agreed], SILENT)
        own = np.where(vote.any(axis=1), vote.argmax(axis=1), SILENT)
        word_of = np.where(self.lead[first], own[first], shared)
        sums = np.zeros((len(inside), SILENT + 1, weights.shape[1]))
        for word in [*words, SILENT]:
            sums[:, word] = np.einsum(
                "fc,fcp->fp", (there & (word_of == word)).astype(float), weights[first]
            )
        return sums
