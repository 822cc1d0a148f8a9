"""Squares: one per study, put into groups by the word that it votes with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.charts.words import ORDER
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.site.addresses import explore_studies
from evidence.site.study_rows import main_statements
from evidence.synthesis.lens import get_lens

ORDERS = {
    "concluded": ORDER,
    "direction": ("harm", "mixed", "benefit", "not_placed"),
}


@dataclass(frozen=True)
class Group:
    """Squares of one word.

    Attributes
    ----------
    look, label : str
        How they are drawn, and what they say.
    hints : tuple of str
        For each square, what shows when the pointer rests on it.
    href : str
        Where these studies are listed; below the page.
    """

    look: str
    label: str
    hints: tuple[str, ...]
    href: str = ""

    @property
    def n(self) -> int:
        """How many squares."""
        return len(self.hints)


class Squares:
    """Makes groups of squares from votes; what a study says is looked up once for all.

    The page to explore holds counted studies alone: groups with others lead to ``aside``.
    """

    def __init__(self, ev: Evidence, aside: str = ""):
        self.ev, self.aside = ev, aside
        self.counted = set(ev.counted_studies["study_id"])
        self.said: Mapping[str, str] = main_statements(ev)

    def saying(self, said: Mapping[str, str]) -> Squares:
        """The same, whose squares say of each study what is given here."""
        other = copy(self)
        other.said = said
        return other

    def groups(
        self,
        votes: pd.Series,
        lens: str,
        sides: Mapping[str, str] | None = None,
        about: Mapping[str, str] | None = None,
    ) -> list[Group]:
        """Groups for votes by study, in the order of the charts.

        Parameters
        ----------
        votes : Series
            Word of each study, missing where it has none; the index is the study.
        lens : {"concluded", "direction"}
        sides : mapping, optional
            What harm and benefit are called here.
        about : mapping, optional
            Columns and values of the results that the votes are of; the links ask for them too.
        """
        words = votes.astype("str").where(votes.notna(), "not_placed")
        found = []
        for word in ORDERS[lens]:
            ids = [str(key) for key in words.index[words == word]]
            if ids:
                label = self.label(word, lens, sides or {})
                listed = self.counted.issuperset(ids)
                href = explore_studies(ids, about) if listed else self.aside
                found.append(Group(word, label, self.hints(ids), href))
        return found

    def label(self, word: str, lens: str, sides: Mapping[str, str]) -> str:
        """What a word is called inside a sentence."""
        if word == "not_placed":
            return lower_first(get_lens(lens).unplaced)
        return sides.get(word) or lower_first(self.ev.dictionary.label("conclusion", word))

    def hints(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Name of each study, with what its main finding says."""
        names: Any = self.ev.names
        named = [(key, names.get(key, key)) for key in ids]
        return tuple(
            f"{name}: {self.said[key]}" if key in self.said else str(name) for key, name in named
        )
