"""What each lens shows of a part of the evidence, in the words of its question."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.charts.words import Words
from evidence.display.answers import LENS_TITLES
from evidence.model.evidence import Evidence
from evidence.synthesis.lenses import lenses


@dataclass(frozen=True)
class LensText:
    """A part of what is kept apart: its name, and a title and a text for each lens."""

    name: str
    lines: list[tuple[str, str]]


def lens_texts(ev: Evidence, words: Words) -> list[LensText]:
    """Each part through each lens, and by direction with one vote for each cohort.

    >>> import evidence
    >>> ev = evidence.load()
    >>> [part, *_] = lens_texts(ev, evidence.charts.words(ev))
    >>> [title for title, _ in part.lines]
    ['As concluded', 'Direction', 'Size', 'Direction, one vote per cohort']
    """
    apart = ev.dictionary.kept_apart
    table, once = lenses(ev).frame, lenses(ev, unit="cohort").frame
    parts = table[apart].drop_duplicates()
    found = []
    for name, (_, part) in zip(words.rows(parts, apart), parts.iterrows(), strict=True):
        rows = table[(table[apart] == part).all(axis=1)]
        lines = [(LENS_TITLES[row["lens"]], str(row["verdict"])) for _, row in rows.iterrows()]
        same = once[(once[apart] == part).all(axis=1) & (once["lens"] == "direction")]
        lines += [("Direction, one vote per cohort", str(said)) for said in same["verdict"]]
        found.append(LensText(name, lines))
    return found
