"""Where the sources stand: how many entries can be checked, were checked, and what is known of
them.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    Look,
    Size,
    body,
    canvas,
    figure_of,
    legend_above,
    letters,
    row_height,
    styled,
    wrap,
)
from evidence.charts.words import Words
from evidence.errors import UsageError
from evidence.synthesis.sources import SourceOverview

# One look for each table of papers, told apart by hatch too.
SERIES = (Look("#5b7f95", "", "o"), Look("#d9e4ea", "//", "s"), Look("#ffffff", "..", "D"))
NOT_CHECKED = (
    "No service was asked yet: nothing is known here of corrections, concerns or retractions."
)


@draws(SourceOverview, made_by="evidence.source_overview(ev)")
def source_status(
    overview: SourceOverview,
    words: Words,
    *,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw where the sources stand.

    Parameters
    ----------
    overview : SourceOverview
    title : str, optional
        Default: where the sources stand.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is no entry.
    """
    tables = list(overview.entries_of)
    if overview.empty or not tables or not overview[tables].to_numpy().sum():
        raise UsageError("nothing to draw: no entry")
    title = title or f"{words.topic}: where do the sources stand?"
    first, last = overview.first, overview.last
    checked = (
        (
            f"Checked with services on {last}."
            if first == last
            else f"Checked with services from {first} to {last}."
        )
        if last
        else NOT_CHECKED
    )
    said = (
        "An entry can stand in several bars. That a record agrees says nothing about the quality of"
        " a study."
    )
    notes = [checked, said, words.caution, f"Source: {words.source}."]
    with styled(size) as chosen:
        labels = [wrap(_label(what), letters(chosen, 0.34)) for what in overview["what"]]
        if ax is None:
            figure = canvas(
                chosen,
                0.9 + row_height(labels, chosen) * len(overview),
                title,
                "Entries of the bibliography",
                notes,
            )
            ax = body(figure).add_subplot()
        _draw(ax, overview, tables, labels, words, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(overview, tables, words, checked),
        words.source,
        overview.frame,
        "source_status",
        tuple(notes),
    )


def _draw(
    ax: Axes, overview: pd.DataFrame, tables: list[str], labels: list[str], words: Words, size: Size
) -> None:
    places = list(range(len(overview) - 1, -1, -1))
    start = pd.Series(0, index=overview.index)
    for name, look in zip(tables, SERIES, strict=False):
        ax.barh(
            places,
            overview[name],
            left=start,
            height=0.62,
            color=look.color,
            hatch=look.hatch,
            edgecolor=INK,
            linewidth=0.6,
            label=_name(name, words),
        )
        start = start + overview[name]
    for place, end, (_, line) in zip(places, start, overview.iterrows(), strict=True):
        ax.annotate(
            " + ".join(str(line[name]) for name in tables),
            (end, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
        )
    for number, group in enumerate(overview["group"]):
        if number and group != overview["group"].iloc[number - 1]:
            ax.axhline(places[number] + 0.5, color="#bbbbbb", linewidth=0.8, gid="furniture")
    ax.set_xlim(0, max(1, int(start.max())) * 1.2)
    ax.set_ylim(-0.6, len(overview) - 0.4)
    ax.set_yticks(places, labels)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Entries")
    handles = [
        Patch(
            facecolor=look.color,
            hatch=look.hatch,
            edgecolor=INK,
            linewidth=0.6,
            label=_name(n, words),
        )
        for n, look in zip(tables, SERIES, strict=False)
    ]
    legend_above(ax, handles, size)


def _label(what: str) -> str:
    return what[:1].upper() + what[1:]


def _name(table: str, words: Words) -> str:
    found = words.dictionary.tables.get(table)
    return found.title if found else table.replace("_", " ").capitalize()


def _alt(overview: pd.DataFrame, tables: list[str], words: Words, checked: str) -> str:
    rows = "; ".join(
        f"{line['what']}:"
        f" {' and '.join(f'{line[name]} {_name(name, words).lower()}' for name in tables)}"
        for _, line in overview.iterrows()
    )
    return f"Bar chart of the entries of the bibliography. {_label(rows)}. {checked}"
