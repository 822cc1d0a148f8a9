"""By which written rule a verdict on a claim follows from the studies that bear on it.

Which rule a claim has, what it expects and its threshold are data (table ``claims``); here stands
only how each rule counts. Everything is seen from the claim: a result is for it or against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.frames import cell_texts, is_true
from evidence.nouns import counted, number_form
from evidence.synthesis.lens import CONCLUDED, DIRECTION, one_word
from evidence.synthesis.number_texts import percent
from evidence.tables.conditions import TERM

SUPPORTED, CONTRADICTED, UNDECIDED, NONE_FOR, CANNOT_SHOW, TOO_LITTLE = (
    "supported",
    "contradicted",
    "undecided",
    "no study for it",
    "cannot be shown by these studies",
    "too little to say",
)
NOT_ADDRESSED = "not addressed by any study in the table"
VERDICTS = (SUPPORTED, CONTRADICTED, UNDECIDED, NONE_FOR, CANNOT_SHOW, TOO_LITTLE, NOT_ADDRESSED)
FEWEST_STUDIES = 3
OTHER_SIDE = {"benefit": "harm", "harm": "benefit"}
# Which side each rule of direction takes for the claim. What is denied is contradicted by studies
# on its side; only studies on the other side support the denial, never those without a difference.
DENIED = {"no_benefit": "harm", "no_harm": "benefit"}
SIDES = {"benefit": "benefit", "harm": "harm"} | DENIED
EACH = {"benefit_each": "benefit", "harm_each": "harm"}
MORE = {"more_benefit": "benefit", "more_harm": "harm"}
OF_DIRECTION = (*SIDES, *EACH, *MORE)
OTHERS = ("most_studies", "finished", "sources", "none")

Answer = tuple[str, str]


@dataclass(frozen=True)
class Tally:
    """Votes of the studies counted in one strand of a claim, one vote per study, seen from the
    claim.

    Attributes
    ----------
    concluded : dict
        ``for``, ``no_clear_difference``, ``mixed``, ``against``, ``not_placed``.
    direction : dict
        ``for``, ``mixed``, ``against``, ``unreadable``.
    studies, trials : int
        How many studies, and how many of them are randomised.
    trials_for : int
        Randomised trials that conclude for the claim.
    denies : bool
        Whether the claim says that there is no effect.
    """

    concluded: dict[str, int]
    direction: dict[str, int]
    studies: int
    trials: int = 0
    trials_for: int = 0
    denies: bool = False

    def share(self, side: str, lens: str) -> float:
        """Share of the studies on a side; those without a printed direction are in it."""
        counts = self.concluded if lens == "concluded" else self.direction
        every = self.studies - (counts.get("not_placed", 0) if lens == "concluded" else 0)
        return counts[side] / every if every else 0.0

    def reaches(self, side: str, threshold: float) -> bool:
        """Whether that share of the studies is on the side by both lenses."""
        return all(
            self.share(side, lens) >= threshold - 1e-9 for lens in ("concluded", "direction")
        )

    @property
    def few(self) -> bool:
        """Fewer than three studies that conclude something."""
        return self.studies - self.concluded["not_placed"] < FEWEST_STUDIES

    def __str__(self) -> str:
        c, d = self.concluded, self.direction
        # No study can conclude for a denial by finding nothing: that none does would mislead.
        first, *others = ["for", "against"] if c["for"] or not self.denies else ["against"]
        verb = number_form(c[first], "concludes", "conclude")
        parts = [f"{c[first]} of {self.studies} {verb} {first} it"]
        parts += [f"{c[word]} {word}" for word in others]
        for word, one, several in (
            ("no_clear_difference", "sees no clear difference", "see no clear difference"),
            ("mixed", "mixed", "mixed"),
            ("not_placed", "concludes nothing", "conclude nothing"),
        ):
            if c[word]:
                parts.append(f"{c[word]} {number_form(c[word], one, several)}")
        printed = f"printed directions {d['for']} for, {d['against']} against"
        silent = f", {d['unreadable']} not printed" if d["unreadable"] else ""
        return f"{', '.join(parts)}; {printed}{silent}"


def tally(rows: pd.DataFrame, claimed: str, denies: bool = False) -> Tally:
    """One vote per study from the findings of a strand, seen from the claim.

    Parameters
    ----------
    rows : DataFrame
        ``study_id``, ``conclusion``, ``observed_direction`` and ``randomised``.
    claimed : {"benefit", "harm"}
        The side that is for the claim.
    denies : bool, default False
        Whether the claim says that there is no effect on the other side.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {
    ...         "study_id": ["a", "a", "b"],
    ...         "conclusion": ["harm", "mixed", "benefit"],
    ...         "observed_direction": ["harm", "harm", "null"],
    ...         "randomised": [True, True, False],
    ...     }
    ... )
    >>> print(tally(rows, "benefit"))
    1 of 2 concludes for it, 0 against, 1 mixed; printed directions 0 for, 1 against, 1 not printed
    """
    names = {claimed: "for", OTHER_SIDE[claimed]: "against"}
    votes = {
        lens.name: one_word(rows["study_id"], rows[lens.column], lens)["vote"]
        for lens in (CONCLUDED, DIRECTION)
    }
    counts = {
        lens.name: {
            names.get(word, word): int((votes[lens.name] == word).sum()) for word in lens.placed
        }
        for lens in (CONCLUDED, DIRECTION)
    }
    silent = {name: int(vote.isna().sum()) for name, vote in votes.items()}
    trials = set(rows.loc[rows["randomised"].to_numpy(dtype=bool), "study_id"])
    said = votes["concluded"]
    return Tally(
        counts["concluded"] | {"not_placed": silent["concluded"]},
        counts["direction"] | {"unreadable": silent["direction"]},
        rows["study_id"].nunique(),
        len(trials),
        int((said[said.index.isin(trials)] == claimed).sum()),
        denies,
    )


def direction_verdict(votes: Tally, threshold: float) -> str:
    """Verdict on a claim that studies point one way.

    Fewer than three studies: too little to say. The threshold reached for the claim by both lenses,
    unprinted directions in the denominator: supported; against it by both: contradicted; by the
    studies that see no clear difference: too little to say, because they show neither side and not
    that there is none. Else undecided, or no study for it, where none concludes so. A denial for
    which no study concludes cannot be shown by these studies, nor by those that see no clear
    difference.

    Examples
    --------
    >>> one = {"for": 9, "no_clear_difference": 1, "mixed": 0, "against": 0, "not_placed": 0}
    >>> other = {"for": 9, "mixed": 0, "against": 0, "unreadable": 1}
    >>> direction_verdict(Tally(one, other, 10), 0.7)
    'supported'
    """
    if votes.few:
        return TOO_LITTLE
    for side, verdict in (("for", SUPPORTED), ("against", CONTRADICTED)):
        if votes.reaches(side, threshold):
            return verdict
    if votes.share("no_clear_difference", "concluded") >= threshold - 1e-9:
        return CANNOT_SHOW if votes.denies else TOO_LITTLE
    if votes.concluded["for"]:
        return UNDECIDED
    return CANNOT_SHOW if votes.denies else NONE_FOR


def together(verdicts: Iterable[str]) -> str:
    """One verdict from those of several strands, which are never added up: what the strands that
    say something agree on, else undecided.

    >>> together(["supported", "too little to say"]), together(["supported", "contradicted"])
    ('supported', 'undecided')
    >>> together(["contradicted", "no study for it"])
    'no study for it'
    """
    said = {verdict for verdict in verdicts if verdict not in (TOO_LITTLE, NOT_ADDRESSED)}
    if not said:
        return TOO_LITTLE
    if len(said) == 1:
        return said.pop()
    weaker = said - {CONTRADICTED}
    return weaker.pop() if weaker in ({NONE_FOR}, {CANNOT_SHOW}) else UNDECIDED


def weakest(verdicts: Iterable[str]) -> str:
    """One verdict where every class that the claim names has to bear it out."""
    found = set(verdicts)
    for verdict in (CONTRADICTED, TOO_LITTLE, NONE_FOR, UNDECIDED):
        if verdict in found:
            return verdict
    return SUPPORTED


def difference(one: Tally, other: Tally, threshold: float) -> str:
    """Verdict on a claim that the first class is more often on the claimed side than the second, by
    at least the threshold and by both lenses.
    """
    if one.few or other.few:
        return TOO_LITTLE
    gaps = [
        one.share("for", lens) - other.share("for", lens) for lens in ("concluded", "direction")
    ]
    if min(gaps) >= threshold - 1e-9:
        return SUPPORTED
    if max(gaps) <= -threshold + 1e-9:
        return CONTRADICTED
    return UNDECIDED


def most_studies(rows: pd.DataFrame, expects: str, threshold: float) -> Answer:
    """More than a share of the studies are of a kind. Studies count, not directions.

    Studies whose cell is empty may be of either kind: where they could turn the answer, there is
    too little to say.
    """
    studies = rows.drop_duplicates("study_id")
    named, _, against = expects.partition(" / ")
    met, known = meets(studies, named)
    n, unknown, total = int(met.sum()), int((~met & ~known).sum()), len(studies)
    said = f"{n} of {counted(total, 'study', 'studies')} ({percent(n / total)})"
    counts = f"{said} {number_form(n, 'has', 'have')} {named}"
    if unknown:
        counts += f", of {unknown} it is not known"
    if n > threshold * total:
        return SUPPORTED, f"{counts}: more than {percent(threshold)}"
    if n + unknown > threshold * total:
        return TOO_LITTLE, f"{counts}: those decide whether it is more than {percent(threshold)}"
    if against:
        rest = int(meets(studies, against)[0].sum())
        counts += f", {rest} {number_form(rest, 'has', 'have')} {against}"
        if n > rest:
            return (
                UNDECIDED,
                f"{counts}: the larger of the two, but not more than {percent(threshold)}",
            )
    return CONTRADICTED, f"{counts}: not more than {percent(threshold)}"


def sources_verdict(tested: int, total: int, threshold: float) -> Answer:
    """Verdict on a claim about sources, from how many of them tested the matter themselves.

    >>> (
    ...     sources_verdict(2, 5, 0.7)[0],
    ...     sources_verdict(1, 5, 0.7)[0],
    ...     sources_verdict(4, 5, 0.7)[0],
    ... )
    ('undecided', 'contradicted', 'supported')
    """
    counts = (
        f"{tested} of {counted(total, 'source', 'sources')}"
        f" {number_form(tested, 'is a counted study', 'are counted studies')} that tested it;"
        " whether each says what it is cited for is not judged"
    )
    if total < FEWEST_STUDIES:
        return TOO_LITTLE, counts
    if tested >= threshold * total - 1e-9:
        return SUPPORTED, counts
    return (CONTRADICTED if total - tested >= threshold * total - 1e-9 else UNDECIDED), counts


def finished_verdict(
    finished: int, started: int, shown: int, of: int, threshold: float, silent: float = 0
) -> Answer:
    """Verdict on a claim that people can do it, from how many of those who began finished.

    ``silent`` is how many began in the studies that do not say who finished: where they could turn
    the answer, there is too little to say.

    Examples
    --------
    >>> finished_verdict(80, 100, 4, 5, 0.7, 10)[0], finished_verdict(80, 100, 4, 5, 0.7, 20)[0]
    ('supported', 'too little to say')
    """
    if shown < FEWEST_STUDIES or not started:
        told = f"{shown} of {counted(of, 'study', 'studies')}"
        return TOO_LITTLE, f"only {told} {number_form(shown, 'says', 'say')} how many finished"
    counts = (
        f"{finished} of {started} people who began finished ({percent(finished / started)}), as"
        f" {shown} of {of} studies tell"
    )
    wanted = threshold * (started + silent) - 1e-9
    if finished >= wanted:
        return SUPPORTED, counts
    if finished + silent < wanted:
        return CONTRADICTED, counts
    return TOO_LITTLE, f"{counts}; the others could turn the answer"


def meets(rows: pd.DataFrame, terms: str) -> tuple[np.ndarray, np.ndarray]:
    """Which rows meet one of the terms, and of which all the cells are known."""
    met, known = np.zeros(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
    for term in terms.split("; "):
        found = TERM.fullmatch(term)
        if found is None or found["column"] not in rows:
            raise UsageError(
                f"claims expect {term!r}; allowed: COLUMN=VALUE or COLUMN<NUMBER, with a column of"
                " studies or findings, separated by '; '"
            )
        cells = rows[found["column"]]
        if found["sign"] == "<":
            hits = pd.to_numeric(cells, errors="coerce") < float(found["value"])
        else:
            hits = cell_texts(cells) == found["value"]
        met |= is_true(hits).to_numpy()
        known &= cells.notna().to_numpy()
    return met, known


Combine = Callable[[list[Tally], float], str]


def combined(rule: str) -> Combine:
    """How the strands of a rule of direction become one verdict."""
    if rule in MORE:
        return lambda tallies, threshold: difference(tallies[0], tallies[1], threshold)
    join = weakest if rule in EACH else together

    def verdict(tallies: Sequence[Tally], threshold: float) -> str:
        found = join(direction_verdict(one, threshold) for one in tallies)
        if found == NONE_FOR and any(one.concluded["for"] for one in tallies):
            return TOO_LITTLE
        return found

    return verdict
