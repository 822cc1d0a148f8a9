"""Words of a data set for charts: labels, topic, caution and source line. The charts themselves
know no subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from evidence.model.dictionary import Dictionary, lower_first, upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import counted as counted
from evidence.nouns import either
from evidence.synthesis.lens import CONCLUDED, DIRECTION, get_lens
from evidence.synthesis.votes import OUTCOME, one_outcome

UNREADABLE = DIRECTION.unplaced
# In a key or row that both lenses share.
NEITHER_SAID = f"{CONCLUDED.unplaced}, or {lower_first(DIRECTION.unplaced)}"
UNITS = {"study": "studies", "finding": "findings", "cohort": "cohorts", "record": "records"}

ORDER = ("harm", "mixed", "no_clear_difference", "benefit", "not_placed")
SIDES = {"harm": -1, "benefit": 1}  # which way each is drawn


@dataclass(frozen=True)
class Words:
    """What a chart says in words, taken from the dictionary of the data set.

    Attributes
    ----------
    dictionary : Dictionary
    retracted : mapping of str to str
        Names of the retracted papers, by id.
    note : str
        A line that goes before the caution.
    selection : str
        The conditions by which the data set was selected; empty for the whole of it.
    unplaced : str
        What is said about what could not be placed.
    outcome : str or None
        The outcome that a selection is of.
    """

    dictionary: Dictionary
    retracted: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    selection: str = ""
    unplaced: str = NEITHER_SAID
    outcome: str | None = None

    def through(self, lens: str) -> Words:
        """The words of a lens: what has no direction, or no conclusion."""
        return replace(self, unplaced=get_lens(lens).unplaced)

    @property
    def topic(self) -> str:
        """What the data set is about, with a capital."""
        return upper_first(self.dictionary.settings.get("topic", self.dictionary.title))

    @property
    def source(self) -> str:
        """The source line."""
        return self.dictionary.settings.get("source", self.dictionary.title)

    @property
    def cautions(self) -> list[str]:
        """What the chart does not say, below the note where there is one."""
        return [line for line in (self.note, self.dictionary.settings.get("caution", "")) if line]

    @property
    def caution(self) -> str:
        """The cautions as one text."""
        return "\n".join(self.cautions)

    def said(self, what: str, whole: str = "") -> str:
        """A subtitle: what a mark is, of which selection, and what the selection leaves whole."""
        if not self.selection:
            return what
        beside = f". {whole}: of the whole table" if whole else ""
        return f"{what}. Selection: {self.selection}{beside}"

    def unselected(self, what: str, why: str) -> str:
        """A subtitle of what a selection does not change, and why not."""
        return f"{what}. Of the whole table: {why}" if self.selection else what

    def sides(self, values: Mapping[Any, Any] | pd.Series) -> dict[str, str]:
        """What harm and benefit are called in a row, by the setting ``sides``: for a value of a
        column that is kept apart, the word for harm and that for benefit. Else their labels.
        """
        return self.dictionary.sides({OUTCOME: self.outcome, **dict(values)})

    def side(self, word: str, values: Mapping[Any, Any] | pd.Series) -> str:
        """What a direction is called in a row, inside a sentence."""
        sides = self.sides(values)
        return sides[word] if word in sides else lower_first(self.word(word))

    def common(self, word: str, rows: Iterable[Mapping[Any, Any] | pd.Series]) -> str:
        """What a direction is called in several rows: all its names, where they differ."""
        return either(self.side(word, row) for row in rows)

    @property
    def kept_apart(self) -> list[str]:
        """Columns whose values are never added up."""
        return self.dictionary.kept_apart

    def label(self, column: str, value: object) -> str:
        """Label of a value."""
        return "Not stated" if pd.isna(value) else self.dictionary.label(column, value)

    def word(self, direction: str) -> str:
        """Label of a direction, or of what has none."""
        if direction == "not_placed":
            return self.unplaced
        return self.label("conclusion", direction)

    def is_ratio(self, measure: str) -> bool:
        """Whether a measure stands on a logarithmic axis, where 1 is no difference."""
        return self.dictionary.measures.get(measure, {}).get("scale") == "log"

    def units(self, unit: str) -> str:
        """A unit in the plural."""
        return UNITS.get(unit, unit)

    def rows(self, table: pd.DataFrame, columns: list[str]) -> list[str]:
        """One name per row, made of the labels of some columns. A column with one value alone is
        left out when others remain.
        """
        varied = [
            column for column in columns if table[column].nunique(dropna=False) > 1
        ] or columns
        named = (
            [self.label(column, value) for column, value in zip(varied, row, strict=True)]
            for row in table[varied].itertuples(index=False)
        )
        return [", ".join([first, *map(lower_first, others)]) for first, *others in named]

    def ranked(self, table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
        """Distinct rows of some columns, in the order of the dictionary; values it does not name
        come after, in the order of their appearance.
        """
        distinct = table[columns].astype("object").drop_duplicates(ignore_index=True)
        ranks = pd.DataFrame({column: self._ranks(column, distinct[column]) for column in columns})
        return distinct.loc[ranks.sort_values(columns, kind="stable").index].reset_index(drop=True)

    def _ranks(self, column: str, values: pd.Series) -> pd.Series:
        field = self.dictionary.known_field(column)
        known = [*(field.values if field else []), *values.dropna().astype(str)]
        order = {value: rank for rank, value in enumerate(dict.fromkeys(known))}
        return values.map(lambda value: len(order) if pd.isna(value) else order[str(value)])


def words(ev: Evidence) -> Words:
    """The words of a data set; those of a selection say what was chosen."""
    names = {key: str(ev.names.get(key, key)) for key in ev.retracted}
    return Words(ev.dictionary, names, selection=ev.chosen, outcome=one_outcome(ev))


def took_part(studies: int, participants: int, unknown: int, unit: str = "study") -> str:
    """How many studies or cohorts, how many took part in them, and of how many that is not known.

    >>> took_part(20, 691, 1)
    '20 studies, 691 took part (size of 1 not known)'
    >>> took_part(1, 0, 1)
    '1 study, how many took part is not known'
    >>> took_part(2, 30, 0, "cohort")
    '2 cohorts, 30 took part'
    """
    one = "cohort" if unit == "cohort" else "study"  # of findings it is studies that are told
    said = counted(studies, one, UNITS[one])
    if unknown >= studies:
        return f"{said}, how many took part is not known"
    return f"{said}, {participants:,} took part" + (
        f" (size of {unknown} not known)" if unknown else ""
    )
