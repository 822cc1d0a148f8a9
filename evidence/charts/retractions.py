"""Retracted papers on charts: one mechanism for all of them.

Names of retracted papers carry a mark wherever they stand (``ev.names``). Every chart function is
wrapped so that a line below the drawing, and the alt text, name the retracted papers that the chart
holds; where there is none, nothing is added anywhere.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator
from typing import Concatenate, ParamSpec

import pandas as pd

from evidence.charts.chart import Chart
from evidence.charts.words import Words, counted
from evidence.model.source_notices import MARK
from evidence.synthesis.retracted import ATTRIBUTE

Options = ParamSpec("Options")
KEYS = ("study_id", "review_id")


def tells_retractions(
    draw: Callable[Concatenate[pd.DataFrame, Words, Options], Chart],
) -> Callable[Concatenate[pd.DataFrame, Words, Options], Chart]:
    """Wrap a chart function so that its charts name the retracted papers they hold."""

    @functools.wraps(draw)
    def drawn(
        table: pd.DataFrame, words: Words, *args: Options.args, **options: Options.kwargs
    ) -> Chart:
        names = held(
            words, table, *(value for value in options.values() if isinstance(value, pd.DataFrame))
        )
        if not names:
            return draw(table, words, *args, **options)
        said = note(names)
        chart = draw(table, dataclasses.replace(words, note=said), *args, **options)
        return dataclasses.replace(chart, alt=f"{chart.alt} {said}")

    return drawn


def held(words: Words, *tables: pd.DataFrame) -> list[str]:
    """Names of the retracted papers in some tables, in the order of the data set.

    Rows say it by their id or by the name of the paper; a table of counts by its attribute
    ``retracted``, which holds ids (see :func:`evidence.synthesis.retracted.carrying`).
    """
    if not words.retracted:
        return []
    there = {text for table in tables for text in _texts(table)}
    return [
        name
        for key, name in words.retracted.items()
        if key in there or any(name in text for text in there)
    ]


def note(names: list[str]) -> str:
    """The line below a chart.

    >>> note(["Abe 2001 (retracted)"])
    'Includes 1 retracted paper: Abe 2001.'
    """
    return (
        f"Includes {counted(len(names), 'retracted paper', 'retracted papers')}:"
        f" {'; '.join(name.removesuffix(MARK) for name in names)}."
    )


def _texts(table: pd.DataFrame) -> Iterator[str]:
    yield from table.attrs.get(ATTRIBUTE, [])
    yield from (str(label) for label in table.columns)
    columns = [
        table.index.to_series(),
        *(table[column] for column in table.columns if column in KEYS or column == "label"),
    ]
    for values in columns:
        if not pd.api.types.is_numeric_dtype(values):
            yield from values.dropna().astype("str").unique()
