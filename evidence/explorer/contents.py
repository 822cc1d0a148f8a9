"""What a view shows: counts, chart, three lenses and the studies in every count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from evidence import charts
from evidence.charts.chart import Chart
from evidence.display.answers import LENS_TITLES
from evidence.explorer.view import View
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.synthesis.balance import balance
from evidence.synthesis.lens import get_lens
from evidence.synthesis.lenses import lenses
from evidence.synthesis.votes import votes

NOT_PLACED = "not_placed"
SHOWN = ("harm", "benefit", "no_clear_difference", "mixed", NOT_PLACED)


@dataclass(frozen=True)
class Contents:
    """A view of a data set, worked out when asked.

    Attributes
    ----------
    ev : Evidence
        The whole data set.
    view : View

    Examples
    --------
    >>> import evidence
    >>> from evidence.explorer.view import view_of
    >>> ev = evidence.load()
    >>> contents = Contents(ev, view_of(ev, question="treatment"))
    >>> int(contents.counts["units"].sum()) == len(contents.part)
    True
    """

    ev: Evidence
    view: View

    @cached_property
    def part(self) -> Evidence:
        """The studies that meet the conditions."""
        return self.view.part(self.ev)

    @cached_property
    def keys(self) -> list[str]:
        """Columns that make the rows."""
        by = self.view.rows(self.ev)
        return list(dict.fromkeys([*self.ev.dictionary.kept_apart, *([by] if by else [])]))

    @cached_property
    def counts(self) -> pd.DataFrame:
        """The balance: one row per row of the chart."""
        return balance(self.part, self.view.rows(self.ev), self.view.lens)

    @cached_property
    def words(self) -> list[str]:
        """Votes that a cell can hold, from harm to benefit and then what leans neither way, as on
        the chart.
        """
        known = {*get_lens(self.view.lens).placed, NOT_PLACED}
        return [word for word in SHOWN if word in known]

    @cached_property
    def row_names(self) -> list[str]:
        """Names of the rows, as on the chart."""
        return charts.words(self.ev).rows(self.counts, self.keys) if len(self.counts) else []

    def word(self, word: str) -> str:
        """Label of a vote."""
        said = charts.words(self.ev).through(self.view.lens)
        lines = self.counts.frame.to_dict("records")
        return upper_first(said.common(word, lines) if lines else said.word(word))

    @cached_property
    def members(self) -> pd.DataFrame:
        """The studies in the counts, one row per study and row of the chart.

        Returns
        -------
        DataFrame
            ``study_id``, ``row`` (number of the row of the chart) and ``vote`` (``not_placed`` when
            it has none). In the order of the rows, then of the table.
        """
        table = votes(self.part, self.view.lens, by=self.view.rows(self.ev))
        rows = self.counts[self.keys].assign(row=range(len(self.counts)))
        table = table[["study_id", *self.keys, "vote"]].merge(rows, on=self.keys)
        table["vote"] = table["vote"].astype("str").fillna(NOT_PLACED)
        return table[["study_id", "row", "vote"]].sort_values(
            ["row", "study_id"], kind="stable", ignore_index=True
        )

    def chart(self, size: str = "web") -> Chart:
        """The balance, drawn; its title names the conditions, because a picture travels without the
        page around it.

        Raises
        ------
        UsageError
            When no study meets the conditions.
        """
        return self.counts.chart(title=self.title, size=size)

    @property
    def title(self) -> str:
        """Title of the chart; empty for the default, when there is no condition."""
        said = self.view.said(self.ev.dictionary)
        words = charts.words(self.ev)
        return (
            f"{words.topic} ({'; '.join(said)}): which way do the {words.units('study')} point?"
            if said
            else ""
        )

    @cached_property
    def lens_table(self) -> pd.DataFrame:
        """The three lenses, a row each, for everything that is kept apart; where outcomes were
        chosen, for each of them.
        """
        return lenses(self.part, by=self.view.outcome(self.ev))

    @property
    def lens_lines(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What each lens shows, in words: name of the row, title and verdict (without its full
        stop) of each lens.
        """
        table, outcome = self.lens_table, self.view.outcome(self.ev)
        if table.empty:
            return []
        apart = self.ev.dictionary.kept_apart
        keys = list(dict.fromkeys([*apart, *([outcome] if outcome else [])]))
        names = charts.words(self.ev).rows(table.drop_duplicates(keys), keys)
        verdicts = table["verdict"].str.removesuffix(".")
        said = list(zip(map(LENS_TITLES.__getitem__, table["lens"]), verdicts, strict=True))
        step = len(LENS_TITLES)
        return [(name, said[i * step : (i + 1) * step]) for i, name in enumerate(names)]
