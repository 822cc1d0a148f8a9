"""By which written rule a verdict on a claim follows from the studies that bear on it.

Which rule a claim has, what it expects and its threshold are data (table ``claims``); here stands
only how each rule counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.synthesis.lens import CONCLUDED, DIRECTION, one_word

SUPPORTED, CONTRADICTED, MIXED, TOO_LITTLE = (
    "supported",
    "contradicted",
    "mixed",
    "too little to say",
)
NOT_ADDRESSED = "not addressed by any study in the table"
VERDICTS = (SUPPORTED, CONTRADICTED, MIXED, TOO_LITTLE, NOT_ADDRESSED)
FEWEST = 3  # placed studies by each lens
OTHER = {"benefit": "harm", "harm": "benefit"}
TERM = re.compile(r"(?P<column>[a-z][a-z0-9_]*)(?P<sign>[=<])(?P<value>.+)")


@dataclass(frozen=True)
class Tally:
    """Votes of the studies behind a claim, one a study by the 70 % rule, by both lenses.

    ``concluded`` and ``direction`` count the words of their lens; ``not_placed`` are the studies
    without one.
    """

    concluded: dict[str, int]
    direction: dict[str, int]
    studies: int

    def placed(self, lens: str) -> int:
        """Studies with a word of the lens."""
        return sum(getattr(self, lens).values())

    def reaches(self, word: str, threshold: float) -> bool:
        """Whether that share of the placed studies has the word by both lenses."""
        return all(
            _at_least(getattr(self, lens)[word], self.placed(lens), threshold)
            for lens in ("concluded", "direction")
        )

    def share(self, word: str, lens: str) -> float:
        """Share of the placed studies that have the word."""
        return getattr(self, lens)[word] / self.placed(lens)

    @property
    def few(self) -> bool:
        """Fewer than three placed studies by one of the lenses."""
        return min(self.placed("concluded"), self.placed("direction")) < FEWEST

    def __str__(self) -> str:
        c, d = self.concluded, self.direction
        unclear = f"{c['no_clear_difference']} no clear difference, {c['mixed']} mixed"
        silent = self.studies - self.placed("direction")
        return (
            f"as concluded {c['benefit']} benefit, {c['harm']} harm, {unclear} of"
            f" {self.placed('concluded')} placed; by direction {d['benefit']} benefit, {d['harm']}"
            f" harm, {d['mixed']} mixed of {self.placed('direction')} placed, {silent} not readable"
        )


Answer = tuple[str, str]
Sides = list[tuple[str, pd.DataFrame]]  # name and rows of each combination of what is kept apart


def tally(rows: pd.DataFrame) -> Tally:
    """One vote a study from the findings that bear on a claim.

    >>> rows = pd.DataFrame(
    ...     {
    ...         "study_id": ["a", "a", "b"],
    ...         "conclusion": ["harm", "mixed", "benefit"],
    ...         "observed_direction": ["harm", "harm", "null"],
    ...     }
    ... )
    >>> print(tally(rows).concluded, tally(rows).direction)
    {'benefit': 1, 'no_clear_difference': 0, 'mixed': 1, 'harm': 0} {'benefit': 0, 'mixed': 0,
    'harm': 1}
    """
    counts = {}
    for lens in (CONCLUDED, DIRECTION):
        vote = one_word(rows["study_id"], rows[lens.column], lens)["vote"]
        counts[lens.name] = {word: int((vote == word).sum()) for word in lens.placed}
    return Tally(counts["concluded"], counts["direction"], rows["study_id"].nunique())


def direction_verdict(votes: Tally, claimed: str, threshold: float) -> Answer:
    """Verdict on a claim that studies point one way, or that they do not point the other.

    Parameters
    ----------
    votes : Tally
    claimed : {"benefit", "harm"}
        The side that would support the claim.
    threshold : float
        Share of the placed studies, between 0 and 1.

    Returns
    -------
    verdict, reason : str

    Notes
    -----
    In this order: fewer than three placed studies by either lens, too little to say; the threshold
    reached on the claimed side by both lenses, supported; on the other side by both, contradicted;
    the threshold reached by the studies that conclude no clear difference, too little to say,
    because they show neither side and not that there is none; else mixed.

    Examples
    --------
    >>> votes = Tally(
    ...     {"benefit": 9, "no_clear_difference": 1, "mixed": 0, "harm": 0},
    ...     {"benefit": 9, "mixed": 0, "harm": 0},
    ...     10,
    ... )
    >>> direction_verdict(votes, "benefit", 0.7)[0], direction_verdict(votes, "harm", 0.7)[0]
    ('supported', 'contradicted')
    """
    if votes.few:
        return TOO_LITTLE, f"fewer than {FEWEST} placed studies by at least one lens: {votes}"
    for side, verdict in ((claimed, SUPPORTED), (OTHER[claimed], CONTRADICTED)):
        if votes.reaches(side, threshold):
            return verdict, f"at least {threshold:.0%} point to {side} by both lenses: {votes}"
    if _at_least(votes.concluded["no_clear_difference"], votes.placed("concluded"), threshold):
        return (
            TOO_LITTLE,
            (
                f"at least {threshold:.0%} conclude no clear difference, which shows neither side:"
                f" {votes}"
            ),
        )
    return MIXED, f"neither side reaches {threshold:.0%} by both lenses: {votes}"


def together(answers: list[tuple[str, Answer]]) -> Answer:
    """One verdict from those of several parts that are never added up: what the parts that say
    something agree on, else mixed.
    """
    if len(answers) == 1:
        return answers[0][1]
    said = {verdict for _, (verdict, _) in answers if verdict != TOO_LITTLE}
    reason = ". ".join(f"{name}: {verdict}; {why}" for name, (verdict, why) in answers)
    return (TOO_LITTLE if not said else said.pop() if len(said) == 1 else MIXED), reason


def _points(claimed: str) -> Callable[[Sides, str, float], Answer]:
    return lambda sides, expects, threshold: together(
        [(name, direction_verdict(tally(rows), claimed, threshold)) for name, rows in sides]
    )


def _each(claimed: str) -> Callable[[Sides, str, float], Answer]:
    """Every class that the claim names has to point to its side."""

    def rule(sides: Sides, expects: str, threshold: float) -> Answer:
        answers = []
        for term in expects.split("; "):
            parts = [
                (name, direction_verdict(tally(rows[_met(rows, term)[0]]), claimed, threshold))
                for name, rows in sides
            ]
            answers.append((term, together(parts)))
        verdicts = [verdict for _, (verdict, _) in answers]
        reason = ". ".join(f"{term}: {verdict}; {why}" for term, (verdict, why) in answers)
        for verdict in (CONTRADICTED, TOO_LITTLE, MIXED):
            if verdict in verdicts:
                return verdict, reason
        return SUPPORTED, reason

    return rule


def _more(side: str) -> Callable[[Sides, str, float], Answer]:
    """One class points to a side more often than others, by both lenses and by at least the
    threshold.
    """

    def judged(rows: pd.DataFrame, expects: str, threshold: float) -> Answer:
        here, there = expects.split(" / ")
        one, other = (tally(rows[_met(rows, part)[0]]) for part in (here, there))
        counts = f"{here}: {one}; {there}: {other}"
        if one.few or other.few:
            return TOO_LITTLE, f"fewer than {FEWEST} placed studies in one of the classes: {counts}"
        gaps = [
            one.share(side, lens) - other.share(side, lens) for lens in ("concluded", "direction")
        ]
        if min(gaps) >= threshold - 1e-9:
            return SUPPORTED, f"{side} at least {threshold:.0%} more often by both lenses: {counts}"
        if max(gaps) <= -threshold + 1e-9:
            return (
                CONTRADICTED,
                f"{side} at least {threshold:.0%} less often by both lenses: {counts}",
            )
        return (
            MIXED,
            f"the classes differ by less than {threshold:.0%}, or the lenses disagree: {counts}",
        )

    return lambda sides, expects, threshold: together(
        [(name, judged(rows, expects, threshold)) for name, rows in sides]
    )


def _most(sides: Sides, expects: str, threshold: float) -> Answer:
    """More than a share of the studies are of a kind. Studies count, not directions: so all sides
    stand in one list.

    Studies whose cell is empty may be of either kind: where they could turn the answer, there is
    too little to say.
    """
    studies = pd.concat([rows for _, rows in sides]).drop_duplicates("study_id")
    named, _, against = expects.partition(" / ")
    met, known = _met(studies, named)
    n, unknown, total = int(met.sum()), int((~met & ~known).sum()), len(studies)
    counts = f"{n} of {total} studies ({n / total:.0%}) have {named}" + (
        f", of {unknown} it is not known" if unknown else ""
    )
    if n > threshold * total:
        return SUPPORTED, f"{counts}: more than {threshold:.0%}"
    if n + unknown > threshold * total:
        return (
            TOO_LITTLE,
            f"{counts}: those not known decide whether it is more than {threshold:.0%}",
        )
    if against:
        rest = int(_met(studies, against)[0].sum())
        counts += f", {rest} have {against}"
        if n > rest:
            return MIXED, f"{counts}: the larger of the two, but not more than {threshold:.0%}"
    return CONTRADICTED, f"{counts}: not more than {threshold:.0%}"


def sources_verdict(tested: int, total: int, threshold: float) -> Answer:
    """Verdict on a claim about sources, from how many of them tested the matter themselves.

    >>> (
    ...     sources_verdict(2, 5, 0.7)[0],
    ...     sources_verdict(1, 5, 0.7)[0],
    ...     sources_verdict(4, 5, 0.7)[0],
    ... )
    ('mixed', 'contradicted', 'supported')
    """
    counts = (
        f"{tested} of {total} sources are counted studies that tested it; whether each says what it"
        " is cited for is not judged"
    )
    if total < FEWEST:
        return TOO_LITTLE, counts
    if _at_least(tested, total, threshold):
        return SUPPORTED, counts
    return (CONTRADICTED if _at_least(total - tested, total, threshold) else MIXED), counts


def _undecided(sides: Sides, expects: str, threshold: float) -> Answer:
    return TOO_LITTLE, "no rule follows from counting studies"


# How a rule is named in the table of claims. "sources" is judged on the list of sources, not on
# findings.
RULES: dict[str, Callable[[Sides, str, float], Answer]] = {
    "benefit": _points("benefit"),
    "harm": _points("harm"),
    # What is denied is contradicted by studies on its side; only studies on the other side support
    # the denial, never those without a difference.
    "no_benefit": _points("harm"),
    "no_harm": _points("benefit"),
    "benefit_each": _each("benefit"),
    "harm_each": _each("harm"),
    "more_benefit": _more("benefit"),
    "more_harm": _more("harm"),
    "most_studies": _most,
    "none": _undecided,
}
OF_DIRECTION = tuple(name for name in RULES if name not in ("most_studies", "none"))


def _met(rows: pd.DataFrame, terms: str) -> tuple[np.ndarray, np.ndarray]:
    """Which rows meet one of the terms, and of which all the cells are known."""
    met, known = np.zeros(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
    for term in terms.split("; "):
        found = TERM.fullmatch(term)
        if found is None or found["column"] not in rows:
            raise UsageError(
                f"claims expect {term!r}; allowed: COLUMN=VALUE or COLUMN<NUMBER, with a column of"
                " studies or findings, parted by '; '"
            )
        cells = rows[found["column"]]
        met |= (
            (
                cells < float(found["value"])
                if found["sign"] == "<"
                else cells.astype("str") == found["value"]
            )
            .fillna(False)
            .to_numpy(dtype=bool)
        )
        known &= cells.notna().to_numpy()
    return met, known


def _at_least(n: int, total: int, share: float) -> bool:
    return total > 0 and n >= share * total - 1e-9
