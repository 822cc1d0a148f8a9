"""What every chart function shares: it takes a result, and names the retracted papers that it rests
on.

A chart needs to know through which lens its numbers were counted, which labels they have, and which
retracted papers it rests on. A bare table has lost all that, so it is refused.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any

from evidence.charts.chart import Chart
from evidence.charts.grey import make_grey
from evidence.charts.style import SIZES, Size
from evidence.charts.words import Words, counted, words
from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.model.source_notices import MARK

PAPERS = {"studies": "study_id", "reviews": "review_id"}


def draws(*kinds: type, made_by: str) -> Callable[[Callable[..., Chart]], Callable[..., Chart]]:
    """Make a chart function of one that takes a result, its words and options.

    Parameters
    ----------
    *kinds : types
        What it draws: a kind of result, or ``Evidence``.
    made_by : str
        How such a thing is made, for the message about anything else.
    """

    def decorate(draw: Callable[..., Chart]) -> Callable[..., Chart]:
        @functools.wraps(draw)
        def drawn(result: Any, /, **options: Any) -> Chart:
            if not isinstance(result, kinds):
                raise UsageError(
                    f"charts.{draw.__name__} draws what {made_by} returns, not a"
                    f" {type(result).__name__}: a bare table has lost its lens, labels and"
                    " retracted papers"
                )
            spoken, names = _words(result)
            if not names:
                return _printed(draw(result, spoken, **options), options.get("size"))
            said = note(names)
            lines = "\n".join(filter(None, [spoken.note, said]))
            chart = draw(result, dataclasses.replace(spoken, note=lines), **options)
            chart = _printed(chart, options.get("size"))
            return dataclasses.replace(chart, alt=f"{chart.alt} {said}")

        taken = inspect.signature(draw)
        shown = [place for name, place in taken.parameters.items() if name != "words"]
        drawn.__signature__ = taken.replace(parameters=shown)  # type: ignore[attr-defined]
        return drawn

    return decorate


def _printed(chart: Chart, size: str | Size | None) -> Chart:
    """The chart; without any colour where it is for prints."""
    if size and (SIZES[size] if isinstance(size, str) else size).grey:
        for page in chart.pages:
            make_grey(page)
    return chart


def _words(result: Any) -> tuple[Words, list[str]]:
    """The words of a result, and the names of the retracted papers that it rests on."""
    if isinstance(result, Evidence):
        tables = result.tables.items()
        underlying = {key for name, t in tables if name in PAPERS for key in t[PAPERS[name]]}
        spoken = words(result)
    else:
        underlying, spoken = set(result.retracted), words(result.ev)
    return spoken, [name for key, name in spoken.retracted.items() if key in underlying]


def note(names: list[str]) -> str:
    """The line below a chart.

    >>> note(["Abe 2001 (retracted)"])
    'Includes 1 retracted paper: Abe 2001.'
    """
    listed = "; ".join(name.removesuffix(MARK) for name in names)
    return f"Includes {counted(len(names), 'retracted paper', 'retracted papers')}: {listed}."
