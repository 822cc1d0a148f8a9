"""What each lens shows of a part of the evidence, in the words of its question."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evidence.charts.words import Words
from evidence.display.answers import LENS_TITLES
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import LENSES
from evidence.synthesis.lenses import lenses
from evidence.synthesis.sign_test import sign_test


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
        sides = words.sides(part)
        rows = table[(table[apart] == part).all(axis=1)]
        lines = [(LENS_TITLES[row["lens"]], _said(words, row, sides)) for _, row in rows.iterrows()]
        same = once[(once[apart] == part).all(axis=1) & (once["lens"] == "direction")]
        lines += [
            ("Direction, one vote per cohort", _said(words, row, sides))
            for _, row in same.iterrows()
        ]
        found.append(LensText(name, lines))
    return found


def _said(words: Words, row: pd.Series, sides: dict[str, str]) -> str:
    if row["lens"] == "concluded":
        return _concluded(words, row, sides)
    if row["lens"] == "direction":
        test = sign_test(int(row["benefit"]), int(row["harm"]), int(row["not_placed"]))
        return test.said(sides["benefit"])
    return str(row["verdict"])


def _concluded(words: Words, row: pd.Series, sides: dict[str, str]) -> str:
    """The counts, as :func:`evidence.lenses` says them with what harm and benefit are labelled."""
    placed = LENSES["concluded"].placed
    small = {word: sides.get(word) or lower_first(words.word(word)) for word in placed}
    counts = ", ".join(f"{row[word]} {small[word]}" for word in placed)
    caution = f"“{small['no_clear_difference']}” is a failure to show one, not a finding of none"
    return f"{counts}; {caution}"
