"""How many took part: one point a study on a logarithmic axis, and the studies that do not say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from evidence.charts.chart import Chart
from evidence.charts.style import DEFAULT_SIZE, INK, LOOKS, Size, body, canvas, figure_of, letters, styled, wrap
from evidence.charts.words import Words
from evidence.errors import UsageError


def sample_sizes(
    studies: pd.DataFrame, words: Words, *, by: str = "design", title: str = "", ax: Axes | None = None, size: str = DEFAULT_SIZE
) -> Chart:
    """Draw the sample sizes of studies.

    Parameters
    ----------
    studies : DataFrame
        ``ev.studies`` or a part of it. Columns ``study_id, sample_size, direction`` and ``by``.
    words : Words
        ``evidence.charts.words(ev)``.
    by : str, default "design"
        Column that makes the rows.
    title : str, optional
        Default: how many took part.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` has a row for each row of the chart: studies, those of known size, median, smallest, largest.

    Raises
    ------
    UsageError
        When there is nothing to draw.
    """
    if studies.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    title = title or f"{words.topic}: how many took part?"
    table = _summary(studies, by)
    rows = [f"{words.label(by, value)} ({n} of {total})" for value, n, total in zip(table[by], table["known"], table["studies"], strict=True)]
    known, unknown = int(table["known"].sum()), int(table["unknown"].sum())
    notes = [
        f"{known} studies of known size are drawn, one point each; {unknown} do not show their size in what was read. A line marks the median.",
        words.caution,
        f"Source: {words.source}.",
    ]
    with styled(size) as chosen:
        if ax is None:
            figure = canvas(
                chosen,
                0.9 + 0.36 * len(table),
                title,
                f"Participants, or cases and controls, or animals, by {by.replace('_', ' ')}; in brackets: studies of known size, of all",
                notes,
            )
            ax = body(figure).add_subplot()
        _draw(ax, studies, table, rows, words, by, chosen)
    return Chart(figure_of(ax), title, _alt(table, rows, known, unknown), words.source, table, "sample_sizes", tuple(notes))


def _summary(studies: pd.DataFrame, by: str) -> pd.DataFrame:
    sizes = studies["sample_size"].astype("Float64").groupby(studies[by], observed=True, dropna=False)
    table = pd.DataFrame({"studies": sizes.size(), "known": sizes.count(), "median": sizes.median(), "smallest": sizes.min(), "largest": sizes.max()})
    table.insert(2, "unknown", table["studies"] - table["known"])
    return table.reset_index()


def _draw(ax: Axes, studies: pd.DataFrame, table: pd.DataFrame, rows: list[str], words: Words, by: str, size: Size) -> None:
    places = {value: len(table) - 1 - i for i, value in enumerate(table[by])}
    known = studies[studies["sample_size"].notna()].sort_values("study_id")
    height = known[by].map(places).astype(float)
    # Studies of one row are spread over its height in the order of their ids, so that equal sizes stay apart.
    rank = known.groupby(by, observed=True).cumcount()
    number = known.groupby(by, observed=True)["study_id"].transform("size")
    height += 0.5 * (rank / np.maximum(number - 1, 1) - 0.5) * (number > 1)
    for word, look in LOOKS.items():
        drawn = (known["direction"].astype("str") == word).to_numpy()
        if drawn.any():
            ax.scatter(
                known.loc[drawn, "sample_size"].astype(float),
                height[drawn],
                s=34 * size.text,
                marker=look.marker,
                color=look.color,
                edgecolor=INK,
                linewidth=0.6,
                label=words.word(word),
            )
    ax.set_xscale("log")
    for value, place in places.items():
        median = table.loc[table[by] == value, "median"]
        if median.notna().any():
            ax.plot([median.iloc[0]] * 2, [place - 0.36, place + 0.36], color=INK, linewidth=1.6, label="median")
    ax.set_yticks(list(places.values()), [wrap(row, letters(size, 0.28)) for row in rows])
    ax.set_ylim(-0.7, len(table) - 0.3)
    ax.xaxis.set_major_locator(LogLocator(base=10, numticks=12))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("Sample size (logarithmic)")
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    handles, labels = ax.get_legend_handles_labels()
    shown = {label: handle for handle, label in zip(handles, labels, strict=True) if label != "median"}
    figure_of(ax).legend(shown.values(), shown.keys(), loc="outside upper left", ncols=4)


def _alt(table: pd.DataFrame, rows: list[str], known: int, unknown: int) -> str:
    parts = []
    for row, (_, line) in zip(rows, table.iterrows(), strict=True):
        if line["known"]:
            span = f"median {line['median']:,.0f} ({line['smallest']:,.0f} to {line['largest']:,.0f})"
            parts.append(f"{row.rsplit(' (', 1)[0]}: {span}, {line['unknown']} of unknown size")
    silent = [row.rsplit(" (", 1)[0] for row, n in zip(rows, table["known"], strict=True) if not n]
    return (
        f"Points on a logarithmic axis, {known} studies of known size and {unknown} of unknown size. "
        + "; ".join(parts)
        + "."
        + (f" No known size: {', '.join(silent)}." if silent else "")
    )
