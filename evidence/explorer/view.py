"""A view: which studies are looked at, through which lens, in which rows. A plain value that knows
no widget.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from evidence.errors import UsageError
from evidence.model.columns import asked_column, no_column
from evidence.model.evidence import Evidence
from evidence.model.query import Query
from evidence.synthesis.lens import get_lens


@dataclass(frozen=True)
class View(Query):
    """What is looked at, and how: a query, always of counted studies, with lens and rows.

    Attributes
    ----------
    lens : {"concluded", "direction"}
        What counts as the vote of a study.
    by : str or None
        Column that makes the rows of the chart, within what is kept apart.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> view = view_of(ev, question="risk", design=["cohort", "case_control"])
    >>> view.code
    'ev.select(question="risk", design=["cohort", "case_control"], counted=True)'
    >>> len(view.part(ev)) == len(ev.select(**view.keywords))
    True
    """

    counted: bool | None = True
    lens: str = "concluded"
    by: str | None = None

    def outcome(self, ev: Evidence) -> str | None:
        """The column of the findings that has a condition.

        With such a condition a study votes for each wanted value by itself: its vote as a whole may
        be about something else.
        """
        tables = {column: asked_column(ev.dictionary, column).table for column, _ in self.columns}
        return next((column for column in tables if tables[column] == "findings"), None)

    def rows(self, ev: Evidence) -> str | None:
        """The column that makes the rows, as :func:`evidence.balance` takes it."""
        return self.outcome(ev) or self.by


@dataclass
class State:
    """Where a reader is: kept while the kernel lives, so that running the cell again changes
    nothing.

    Attributes
    ----------
    address : str or None
        The view, and the view beside it, as the address of the page says them; None before the
        reader did anything.
    """

    address: str | None = None


def view_of(
    ev: Evidence, *, lens: str = "concluded", by: str | None = None, **conditions: Any
) -> View:
    """A view from conditions in the form that :meth:`evidence.Evidence.select` takes.

    Raises
    ------
    UsageError
        For an unknown column, value, or lens; or a condition on ``counted``: a view is always of
        the counted studies.
    """
    if "counted" in conditions:
        raise UsageError("the explorer shows counted studies; leave counted out")
    get_lens(lens)
    if by is not None and by not in ev.studies and by not in ev.findings:
        raise UsageError(no_column(ev.dictionary, by, [], {}))
    view = View.of(ev, **conditions, counted=True)
    return replace(view, min_sample_size=view.min_sample_size or None, lens=lens, by=by)
