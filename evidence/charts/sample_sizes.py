"""How many took part: one point a study on a logarithmic axis, and the studies that do not say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    LOOKS,
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
from evidence.charts.words import Words, lower_first
from evidence.errors import UsageError
from evidence.model.evidence import Evidence


@draws(Evidence, made_by="evidence.load()")
def sample_sizes(
    ev: Evidence,
    words: Words,
    *,
    by: str = "design",
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw the sample sizes of studies.

    Parameters
    ----------
    ev : Evidence
        Its counted studies are drawn.
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
        ``data`` has a row for each row of the chart: studies, those of known size, median,
        smallest, largest.

    Raises
    ------
    UsageError
        When there is nothing to draw.
    """
    studies = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    if studies.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    title = title or f"{words.topic}: how many took part?"
    table = _summary(studies, by)
    rows = [
        f"{words.label(by, value)} ({n}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{total})"
        for value, n, total in zip(table[by], table["known"], table["studies"], strict=True)
    ]
    known, unknown = int(table["known"].sum()), int(table["unknown"].sum())
    notes = [
        (
            f"{known} studies of known size are drawn, one point each; {unknown} do not show their"
            " size in what was read. A line marks the median."
        ),
        words.caution,
        f"Source: {words.source}.",
    ]
    with styled(size) as chosen:
        labels = [wrap(row, letters(chosen, 0.28)) for row in rows]
        if ax is None:
            figure = canvas(
                chosen,
                0.95 + row_height(labels, chosen) * len(table),
                title,
                f"{_what(studies, words)}, by {by.replace('_', ' ')}; in brackets: studies of known"
                " size, of all",
                notes,
            )
            ax = body(figure).add_subplot()
        _draw(ax, studies, table, labels, words, by, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(table, rows, known, unknown),
        words.source,
        table,
        "sample_sizes",
        tuple(notes),
    )


def _what(studies: pd.DataFrame, words: Words) -> str:
    """What the sizes count, in the words of the dictionary."""
    units = (
        words.ranked(studies.dropna(subset=["sample_unit"]), ["sample_unit"])["sample_unit"]
        if "sample_unit" in studies
        else []
    )
    first, *others = [words.label("sample_unit", unit) for unit in units] or ["Sample size"]
    return ", or ".join([first, *map(lower_first, others)])


def _summary(studies: pd.DataFrame, by: str) -> pd.DataFrame:
    sizes = (
        studies["sample_size"].astype("Float64").groupby(studies[by], observed=True, dropna=False)
    )
    table = pd.DataFrame(
        {
            "studies": sizes.size(),
            "known": sizes.count(),
            "median": sizes.median(),
            "smallest": sizes.min(),
            "largest": sizes.max(),
        }
    )
    table.insert(2, "unknown", table["studies"] - table["known"])
    return table.reset_index()


def _draw(
    ax: Axes,
    studies: pd.DataFrame,
    table: pd.DataFrame,
    labels: list[str],
    words: Words,
    by: str,
    size: Size,
) -> None:
    places = {_key(value): len(table) - 1 - i for i, value in enumerate(table[by])}
    known = studies[studies["sample_size"].notna()].sort_values("study_id")
    group = known[by].map(_key, na_action=None).astype("str")
    # Studies of one row are spread over its height in the order of their ids, so that equal sizes
    # stay apart.
    rank = known.groupby(group).cumcount()
    number = known["study_id"].groupby(group).transform("size")
    height = group.map(places).astype(float) + 0.5 * (rank / np.maximum(number - 1, 1) - 0.5) * (
        number > 1
    )
    direction = (
        known["direction"].astype("str").where(lambda words: words.isin(list(LOOKS)), "not_placed")
    )
    for word, look in LOOKS.items():
        drawn = (direction == word).to_numpy()
        if drawn.any():
            ax.scatter(
                known.loc[drawn, "sample_size"].astype(float),
                height[drawn],
                s=34 * size.text,
                marker=look.marker,
                color=look.color,
                edgecolor=INK,
                linewidth=0.6,
                label="Neither for nor against" if word == "not_placed" else words.word(word),
            )
    if known.empty:
        ax.set_xlim(1, 1000)
        ax.text(
            0.5, 0.5, "No study of known size", transform=ax.transAxes, ha="center", va="center"
        )
    ax.set_xscale("log")
    for median, place in zip(table["median"], places.values(), strict=True):
        if pd.notna(median):
            ax.plot(
                [median] * 2, [place - 0.36, place + 0.36], color=INK, linewidth=1.6, label="median"
            )
    ax.set_yticks(list(places.values()), labels)
    ax.set_ylim(-0.7, len(table) - 0.3)
    low, high = ax.get_xlim()
    # Within little more than one power of ten, its powers alone would leave a single number on the
    # axis.
    ax.xaxis.set_major_locator(
        LogLocator(base=10, subs=(1, 2, 5) if high / low < 200 else (1,), numticks=12)
    )
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("Sample size (logarithmic)")
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    handles, _ = ax.get_legend_handles_labels()
    legend_above(ax, [handle for handle in handles if handle.get_label() != "median"], size)


def _key(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _alt(table: pd.DataFrame, rows: list[str], known: int, unknown: int) -> str:
    parts = []
    for row, (_, line) in zip(rows, table.iterrows(), strict=True):
        if line["known"]:
            span = (
                f"median {line['median']:,.0f} ({line['smallest']:,.0f} to {line['largest']:,.0f})"
            )
            parts.append(f"{row.rsplit(' (', 1)[0]}: {span}, {line['unknown']} of unknown size")
    silent = [row.rsplit(" (", 1)[0] for row, n in zip(rows, table["known"], strict=True) if not n]
    return (
        f"Points on a logarithmic axis, {known} studies of known size and {unknown} of unknown"
        " size. "
        + "; ".join(parts)
        + "."
        + (f" No known size: {', '.join(silent)}." if silent else "")
    )
