"""Words for counts of studies: what they conclude, and which way the printed numbers lean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.nouns import do_not, listed, number_form
from evidence.synthesis.outcomes import Outcomes
from evidence.synthesis.sign_test import SignTest, sign_test
from evidence.synthesis.votes import Votes, one_outcome, votes, without_result

Row = Mapping[str, Any]
ONCE = "with shared groups counted once"
NO_RESULT = "no_result"  # a selection leaves a study nothing that votes
CONCLUDED_WORDS = ("benefit", "no_clear_difference", "mixed", "harm", "not_placed")


@dataclass(frozen=True)
class Counts:
    """Studies by what they conclude, and by the direction that they print; ``of``, of which
    results these are.
    """

    concluded: Mapping[str, int]
    direction: Mapping[str, int] = field(default_factory=dict)
    of: str = "main results"

    @property
    def studies(self) -> int:
        """How many studies."""
        return sum(self.concluded.values())


def counts_of(ev: Evidence, unit: str = "study") -> Counts:
    """Votes of the counted studies, or of the cohorts that they share, with their main findings; in
    a selection by one outcome, with their results there.
    """
    words = said_words(ev, votes(ev, "concluded", unit)).value_counts()
    concluded = {str(word): int(n) for word, n in words.items()}
    table = votes(ev, "direction", unit).frame
    directions = {str(word): int(n) for word, n in table["vote"].value_counts().items()}
    silent = {"unreadable": int((table["vote"].isna() & ~without_result(ev, table)).sum())}
    chosen = one_outcome(ev)
    of = f"results on {plain(ev, chosen)}" if chosen else "main results"
    return Counts(concluded, directions | silent, of)


def said_words(ev: Evidence, table: Votes | pd.DataFrame) -> pd.Series:
    """The word of each vote, and of those without one whether a selection is why."""
    frame = table.frame if isinstance(table, Votes) else table
    words = frame["vote"].astype("object").fillna("not_placed")
    return words.mask(without_result(ev, frame), NO_RESULT)


def plain(ev: Evidence, domain: str) -> str:
    """An outcome in plain words, inside a sentence."""
    found = ev.dictionary.field("outcome_domain", "findings")
    words = {}
    if found:
        words = {one.value: one.extra.get("plain") for one in found.categories}
    return words.get(domain) or lower_first(ev.dictionary.label("outcome_domain", domain))


def conclude(counts: Mapping[str, int], row: Row) -> str:
    """How many studies conclude what, the most frequent first, in the words of the question."""
    said = {
        "harm": ("concludes", "conclude", f" {row['worse']}"),
        "benefit": ("concludes", "conclude", f" {row['better']}"),
        "no_clear_difference": ("sees", "see", " no clear difference"),
        "mixed": ("has", "have", " results that differ"),
        "not_placed": ("draws", "draw", " no conclusion either way"),
        NO_RESULT: ("has", "have", " no result to count here"),
    }
    there = sorted((word for word in said if counts.get(word)), key=lambda word: -counts[word])
    parts = []
    for word in there:
        one, several, what = said[word]
        n = int(counts[word])
        parts.append(f"{n} {number_form(n, one, several)}{what}")
    return listed(parts)


def of_them(counts: Mapping[str, int], row: Row, one: str, several: str) -> str:
    """What studies conclude, after the words for all of them, or for a single one.

    >>> words = {"worse": "a loss", "better": "a gain"}
    >>> of_them({"benefit": 1}, words, "The one trial", "Of 1 trials,")
    'The one trial concludes a gain'
    >>> of_them({"benefit": 2, "harm": 1}, words, "The one trial", "Of 3 trials,")
    'Of 3 trials, 2 conclude a gain and 1 concludes a loss'
    """
    said = conclude(counts, row)
    return f"{several} {said}" if sum(counts.values()) > 1 else f"{one} {said.removeprefix('1 ')}"


def leaning(direction: Mapping[str, int], row: Row, once: Mapping[str, int] | None = None) -> str:
    """Which way the printed results lean, as far as the unprinted ones leave it open; beside it the
    same with groups that several reports share counted once, which then has to bear it.
    """
    good, bad = direction.get("benefit", 0), direction.get("harm", 0)
    silent = direction.get("unreadable", 0)
    test = sign_test(good, bad, silent)
    if test.n == 0:
        one = "The one result does not say" if silent == 1 else f"None of the {silent} results says"
        return f"{one} which way it leans"
    if test.too_few:
        said = number_form(
            test.n, "result says which way it leans", "results say which way they lean"
        )
        return f"Only {test.n} {said}, too few to tell"
    if test.p_value >= 0.05:
        also = f"; {silent} more {do_not(silent)} say" if silent else ""
        return f"The {test.n} results with a direction do not lean clearly one way{also}"
    way, side = ("benefit", row["better"]) if good > bad else ("harm", row["worse"])
    lean = f"Of {test.n} results with a direction, {max(good, bad)} point to {side}"
    if once is None or _directed(once) >= test.n:
        return lean + _beyond_chance(test, silent)
    # Reports of the same people are not separate tosses of a coin.
    bear = once.get(way, 0)
    lean += f"; {ONCE}, {bear} of {_directed(once)} {number_form(bear, 'does', 'do')}"
    apart = sign_test(once.get("benefit", 0), once.get("harm", 0), once.get("unreadable", 0))
    if apart.too_few or apart.p_value >= 0.05 or 2 * bear <= _directed(once):
        return f"{lean}, which could be chance alone"
    return lean + _beyond_chance(apart, once.get("unreadable", 0), of_groups=True)


def _directed(counts: Mapping[str, int]) -> int:
    """How many results print a direction to one side."""
    return counts.get("benefit", 0) + counts.get("harm", 0)


def _beyond_chance(test: SignTest, silent: int, of_groups: bool = False) -> str:
    """Whether chance could explain a lean, were those that do not say against it: the end of a
    sentence.
    """
    if not silent:
        return ", which is unlikely to be chance alone"
    if test.holds:
        return f", which is unlikely to be chance alone, whatever the other {silent} would say"
    point = test.tipping_point or 0
    whole = "it" if silent == 1 else "they"
    those = whole if point == silent else str(point)
    lean = number_form(point, "leans", "lean")
    mark = "," if of_groups else ";"
    return (
        f"{mark} {silent} {do_not(silent)} say: if {those} {lean} the other way, it may be chance"
    )


def concluded_counts(rows: pd.DataFrame | Outcomes) -> dict[str, int]:
    """How many studies of some rows conclude what."""
    return {word: int(rows[f"concluded_{word}"].sum()) for word in CONCLUDED_WORDS}
