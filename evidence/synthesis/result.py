"""``Result``: a table of numbers that keeps what the numbers are about.

A plain DataFrame forgets, in a merge or on its way through a file, through which lens it was
counted and which retracted papers it rests on. A result holds both beside its table, and only
a result can be drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import pandas as pd

from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import CONCLUDED, get_lens

MOST_SHOWN = 500  # rows


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """A table with its meaning.

    Items and methods of the table are reached through the result (``result["share"]``,
    ``result.merge(...)``); what a method returns is a plain DataFrame without the meaning.

    Attributes
    ----------
    ev : Evidence
        The data set that was counted: its labels, names, cautions and source line.
    frame : DataFrame
        The numbers.
    underlying : tuple of str
        Ids of the studies and reviews that the numbers rest on.
    """

    ev: Evidence
    frame: pd.DataFrame
    underlying: tuple[str, ...] = field(default=(), kw_only=True)

    drawn_by: ClassVar[str] = ""  # name of the chart function
    shown: ClassVar[tuple[str, ...]] = ()  # columns shown by default; none: all
    # Whether the studies of unknown size stand in the cell of how many took part.
    with_unknown: ClassVar[bool] = False
    # Headings of columns in this table; see :func:`evidence.readable`.
    headings: ClassVar[Mapping[str, str]] = {}

    def copied(self) -> Self:
        """The same with frames of its own."""
        frames: dict[str, Any] = {
            each.name: value.copy(deep=False)
            for each in fields(self)
            if isinstance(value := getattr(self, each.name), pd.DataFrame)
        }
        return replace(self, **frames)

    @property
    def retracted(self) -> tuple[str, ...]:
        """Ids of the retracted papers among those that the numbers rest on."""
        there = set(self.underlying)
        return tuple(key for key in self.ev.retracted if key in there)

    def chart(self, **options: Any) -> Any:
        """The result as a chart; options are those of the chart function.

        Raises
        ------
        UsageError
            When no chart draws this result.
        """
        import evidence

        if not self.drawn_by:
            raise UsageError(f"no chart draws {type(self).__name__}; use .readable() or .frame")
        return getattr(evidence.charts, self.drawn_by)(self, **options)

    def readable(self, caption: str = "", height: str = "", *, columns: Any = None) -> Any:
        """The table with titles and labels, as readers see it; see :func:`evidence.readable`."""
        import evidence

        chosen = list(columns or [c for c in self.shown if c in self.frame] or self.frame.columns)
        part = replace(self, frame=self.frame[chosen])
        return evidence.readable(self.ev, part, caption, height)

    def with_frame(self, frame: pd.DataFrame) -> Self:
        """The same meaning for other rows or columns of the same table."""
        return replace(self, frame=frame)

    def at_a_glance(self) -> Any:
        """What is shown without asking: the first rows where there are very many."""
        if len(self) <= MOST_SHOWN:
            return self.readable()
        caption = f"The first {MOST_SHOWN} of {len(self):,} rows; `.frame` holds all of them."
        return self.with_frame(self.frame.head(MOST_SHOWN)).readable(caption)

    def _repr_html_(self) -> str:
        return str(self.at_a_glance()._repr_html_())

    def __repr__(self) -> str:
        return repr(self.at_a_glance())

    def __getitem__(self, key: Any) -> Any:
        return self.frame[key]

    def __len__(self) -> int:
        return len(self.frame)

    def __contains__(self, column: object) -> bool:
        return column in self.frame

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "frame" not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.frame, name)


def counted_ids(ev: Evidence) -> tuple[str, ...]:
    """Ids of the counted studies."""
    return tuple(ev.counted_studies["study_id"])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Counted(Result):
    """A result that was counted through one lens.

    Attributes
    ----------
    lens, unit, overlap : str
        See :func:`evidence.votes`.
    by : str or None
        Column that makes the rows, beside those that are kept apart.
    """

    lens: str = CONCLUDED.name
    unit: str = "study"
    by: str | None = None
    overlap: str = "possible"

    @property
    def meaning(self) -> dict[str, Any]:
        """Lens, unit and rows, for what is written into a file; retracted papers where some are."""
        kept = {name: getattr(self, name) for name in ("lens", "lens_title", "unit", "by")}
        papers = {"retracted": list(self.retracted)} if self.retracted else {}
        return kept | {"overlap": self.overlap} | papers

    @property
    def lens_title(self) -> str:
        """The lens in words."""
        return get_lens(self.lens).title
