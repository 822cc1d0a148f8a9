"""A view: which studies are looked at, through which lens, in which rows. A plain value that knows
no widget.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evidence.charts.words import lower_first
from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import get_lens

Years = tuple[int | None, int | None]
OVERLAPS = {"possible": "possible overlaps too", "certain": "certain overlaps only"}


@dataclass(frozen=True)
class View:
    """What is looked at, and how.

    Attributes
    ----------
    columns : tuple of (str, tuple of str)
        Conditions on columns: name and wanted values.
    years : (int or None, int or None)
        First and last year of publication.
    min_sample_size : int or None
        Smallest sample size.
    overlap : {"", "possible", "certain"}
        Of reports on the same individuals one alone votes: where the overlap is possible or
        certain, or certain only. Empty: each votes.
    cited_by_article : bool
        The sources of the article alone.
    lens : {"concluded", "direction"}
        What counts as the vote of a study.
    by : str or None
        Column that makes the rows of the chart, within what is kept apart.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> view = view_of(ev, question="risk", design=["cohort", "case_control"])
    >>> view.conditions()
    {'question': 'risk', 'design': ['cohort', 'case_control'], 'counted': True}
    >>> len(view.part(ev)) == len(ev.select(**view.conditions()))
    True
    """

    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    years: Years = (None, None)
    min_sample_size: int | None = None
    overlap: str = ""
    cited_by_article: bool = False
    lens: str = "concluded"
    by: str | None = None

    def wanted(self, column: str) -> tuple[str, ...]:
        """Wanted values of a column; empty when there is no condition on it."""
        return dict(self.columns).get(column, ())

    def conditions(self) -> dict[str, Any]:
        """The view as arguments of :meth:`evidence.Evidence.select`."""
        chosen: dict[str, Any] = {
            column: values[0] if len(values) == 1 else list(values)
            for column, values in self.columns
        }
        if self.years != (None, None):
            chosen["years"] = self.years
        if self.min_sample_size is not None:
            chosen["min_sample_size"] = self.min_sample_size
        if self.cited_by_article:
            chosen["cited_by_article"] = True
        if self.overlap:
            chosen |= {"one_per_cohort": True, "overlap": self.overlap}
        return chosen | {"counted": True}

    def part(self, ev: Evidence) -> Evidence:
        """The part of the data set that meets the conditions; only counted studies."""
        return ev.select(**self.conditions())

    def outcome(self, ev: Evidence) -> str | None:
        """The column of the findings that has a condition.

        With such a condition a study votes for each wanted value by itself: its vote as a whole may
        be about something else.
        """
        return next(
            (column for column, _ in self.columns if column not in ev.dictionary.tables["studies"]),
            None,
        )

    def rows(self, ev: Evidence) -> str | None:
        """The column that makes the rows, as :func:`evidence.balance` takes it."""
        return self.outcome(ev) or self.by

    def said(self, ev: Evidence) -> list[str]:
        """The conditions in words, one each, such as "design: randomised trial or cohort study"."""
        said = []
        for column, values in self.columns:
            labels = " or ".join(
                lower_first(ev.dictionary.label(column, value)) for value in values
            )
            field = ev.dictionary.field(column, "studies", "findings")
            said.append(
                labels
                if column in ev.dictionary.kept_apart or field is None
                else f"{lower_first(field.title)}: {labels}"
            )
        first, last = self.years
        if first is not None or last is not None:
            said.append(
                f"{first} to {last}"
                if first is not None and last is not None
                else f"to {last}"
                if first is None
                else f"from {first}"
            )
        if self.min_sample_size is not None:
            said.append(f"at least {self.min_sample_size:,} took part")
        if self.cited_by_article:
            said.append("sources of the article")
        if self.overlap:
            said.append(f"one report a cohort, {OVERLAPS[self.overlap]}")
        return said


def view_of(
    ev: Evidence,
    *,
    years: Years | None = None,
    min_sample_size: int | None = None,
    one_per_cohort: bool = False,
    overlap: str = "possible",
    cited_by_article: bool = False,
    lens: str = "concluded",
    by: str | None = None,
    **columns: Any,
) -> View:
    """A view from conditions in the form that :meth:`evidence.Evidence.select` takes.

    Raises
    ------
    UsageError
        For an unknown column, value, or lens; or a condition on ``counted``: a view is always of
        the counted studies.
    """
    if "counted" in columns:
        raise UsageError("the explorer shows counted studies; leave counted out")
    get_lens(lens)
    listed = tuple((column, _listed(value)) for column, value in columns.items())
    view = View(
        listed,
        years or (None, None),
        min_sample_size or None,
        overlap if one_per_cohort else "",
        bool(cited_by_article),
        lens,
        by,
    )
    view.part(ev)  # an unknown column or value is refused here
    if by is not None and by not in ev.studies and by not in ev.findings:
        raise UsageError(
            f"no column {by!r} in studies or findings; columns:"
            f" {', '.join(dict.fromkeys([*ev.studies, *ev.findings]))}"
        )
    return view


def _listed(value: Any) -> tuple[str, ...]:
    values = (
        value if isinstance(value, Iterable) and not isinstance(value, (str, bytes)) else [value]
    )
    return tuple(dict.fromkeys(str(item) for item in values))
