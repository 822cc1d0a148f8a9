"""The specification curve: every defensible way of counting, sorted by what it gives, with the
choices behind each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from mpl_toolkits.axes_grid1 import make_axes_locatable

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    LOOKS,
    Size,
    asked,
    body,
    canvas,
    figure_of,
    legend_above,
    letters,
    styled,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.synthesis.multiverse import Multiverse

MOST = 400  # specifications whose choices are all drawn
UPPER = 2.3  # inches
NO_VALUE = "no value"


@draws(Multiverse, made_by="evidence.multiverse(ev, question)")
def specification_curve(
    specifications: Multiverse,
    words: Words,
    *,
    choices: Sequence[str] = (),
    value: str = "share",
    neutral: float | None = None,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw a specification curve.

    Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4:1208-1214, doi
    10.1038/s41562-020-0912-z.

    Parameters
    ----------
    specifications : Multiverse
    choices : sequence of str, optional
        Columns of the choices, from top to bottom. Default: those with several values.
    value : str, default "share"
        Column that is drawn.
    neutral : float, optional
        Value that points neither way. Default: 0.5 for a share, else 0.
    title : str, optional
        Default: every way of counting.
    ax : Axes, optional
        Axes to draw on, cut in two; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` is sorted like the drawing, with ``place`` from 1. Specifications without a value
        stand last. With more than 400 specifications the lower panel shows every k-th of them.

    Raises
    ------
    UsageError
        When there is nothing to draw, no specification has a value, or a column is missing.
    """
    if specifications.empty:
        raise UsageError("nothing to draw: no specification")
    choices = list(choices or specifications.choices)
    missing = [name for name in [value, *choices] if name not in specifications]
    if missing or not choices:
        what = f"no column {missing[0]!r}" if missing else "no choice named"
        raise UsageError(f"{what}; columns: {', '.join(map(str, specifications.columns))}")
    table = _sorted(specifications, value)
    if table[value].isna().all():
        raise UsageError(
            f"nothing to draw: {counted(len(table), 'specification', 'specifications')}, none with"
            f" a value in {value!r}"
        )
    middle = (0.5 if value == "share" else 0.0) if neutral is None else neutral
    title = title or f"{words.topic}: every way of counting"
    step = max(1, math.ceil(len(table) / MOST))
    notes = _notes(table, words, value, middle, step)
    with styled(size) as chosen:
        lines = _lines(specifications, table, choices, words)
        labels = [wrap(text, letters(chosen, 0.3)) for text, _ in lines]
        heights = [(0.165 * (label.count("\n") + 1) + 0.05) * chosen.text for label in labels]
        upper = UPPER * chosen.text**0.5
        if ax is None:
            subtitle = (
                f"{counted(len(table), 'specification', 'specifications')}, sorted by"
                f" {_shown(value)}; below, the choices made in each"
            )
            figure = canvas(
                chosen,
                asked(upper + sum(heights) + 1.0 * chosen.text, chosen),
                title,
                subtitle,
                notes,
            )
            ax = body(figure).add_subplot()
        _draw(ax, table, lines, labels, heights, upper, value, middle, step, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(table, value, middle),
        words.source,
        table,
        "specification_curve",
        tuple(notes),
    )


def _sorted(specifications: pd.DataFrame, value: str) -> pd.DataFrame:
    table = specifications.sort_values(
        _ends(specifications, value), kind="stable", na_position="last", ignore_index=True
    )
    ends = {
        name: pd.to_numeric(table[name], errors="coerce").astype(float)
        for name in _ends(table, value)
    }
    return table.assign(**ends, place=range(1, len(table) + 1))


def _ends(table: pd.DataFrame, value: str) -> list[str]:
    return [name for name in (value, f"{value}_low", f"{value}_high") if name in table]


def _shown(value: str) -> str:
    return "share of benefit" if value == "share" else value.replace("_", " ")


def _said(column: str, value: object, words: Words) -> str:
    if pd.isna(value):
        return "none"
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else words.label(column, value)


def _lines(
    given: pd.DataFrame, table: pd.DataFrame, choices: list[str], words: Words
) -> list[tuple[str, np.ndarray]]:
    """Name of each line of the lower panel, and which of the sorted specifications it holds for."""
    lines = []
    for column in choices:
        values = words.ranked(given, [column])[column].tolist()
        if pd.api.types.is_numeric_dtype(given[column]):
            values = sorted(
                values, key=lambda number: (not pd.isna(number), 0 if pd.isna(number) else number)
            )
        for value in values:
            on = table[column].isna() if pd.isna(value) else table[column].astype("object") == value
            name = column.replace("_", " ").strip() or column
            lines.append(
                (
                    f"{name[:1].upper()}{name[1:]}: {_said(column, value, words)}",
                    on.to_numpy(dtype=bool),
                )
            )
    return lines


def _groups(table: pd.DataFrame, value: str, middle: float) -> dict[str, np.ndarray]:
    """Specifications by side. The column ``net`` decides where there is one: a share below one half
    need not be net harm.
    """
    if "net" in table:
        net = table["net"].astype("str")
        return {
            word: (net == said).to_numpy(dtype=bool)
            for word, said in (("benefit", "benefit"), ("null", "neither"), ("harm", "harm"))
        }
    found = table[value].to_numpy(dtype=float)
    return {"benefit": found > middle, "null": found == middle, "harm": found < middle}


def _name(word: str, value: str, middle: float, net: bool = False) -> str:
    if net:
        return {"benefit": "net benefit", "null": "neither way", "harm": "net harm"}[word]
    side = {"benefit": "above", "null": "at", "harm": "below"}[word]
    return f"{side} {_number(middle, value)}" + (
        {"benefit": ": net benefit", "harm": ": net harm"}.get(word, "") if value == "share" else ""
    )


def _number(number: float, value: str) -> str:
    return f"{number:.0%}" if value == "share" else f"{number:.3g}"


def _draw(
    ax: Axes,
    table: pd.DataFrame,
    lines: list[tuple[str, np.ndarray]],
    labels: list[str],
    heights: list[float],
    upper: float,
    value: str,
    middle: float,
    step: int,
    size: Size,
) -> None:
    top = make_axes_locatable(ax).append_axes(
        "top", size=f"{upper / sum(heights):.1%}", pad=0.12 * size.text, sharex=ax
    )
    top.set_label("curve")
    ax.set_label("choices")
    _curve(top, table, value, middle, size)
    _choices(ax, table, lines, labels, heights, step, size)
    ax.set_xlim(1 - max(0.7, 0.012 * len(table)), len(table) + max(0.7, 0.012 * len(table)))
    ax.set_xlabel(
        "Specifications, sorted"
        + (f"; choices of every {_ordinal(step)} are drawn" if step > 1 else "")
    )


def _ordinal(number: int) -> str:
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"


def _curve(ax: Axes, table: pd.DataFrame, value: str, middle: float, size: Size) -> None:
    width = 72 * size.width * 0.62 / len(table)  # points for each specification
    _interval(ax, table, value, width)
    handles = []
    for word, chosen in _groups(table, value, middle).items():
        if chosen.any():
            look, label = LOOKS[word], _name(word, value, middle, "net" in table)
            side = min(7.0 * size.text, max(3.0, 0.9 * width))
            edge = 0.5 if width > 4 else 0.0
            part = table[chosen]
            ax.scatter(
                part["place"],
                part[value],
                s=side**2,
                marker=look.marker,
                color=look.color,
                edgecolor=INK,
                linewidth=edge,
                label=label,
                zorder=3,
            )
            handles.append(
                Line2D(
                    [],
                    [],
                    linestyle="none",
                    marker=look.marker,
                    color=look.color,
                    markeredgecolor=INK,
                    markersize=7,
                    label=label,
                )
            )
    silent = table[table[value].isna()]
    low, high = _limits(table, value, middle)
    if len(silent):
        ax.scatter(
            silent["place"],
            [low + 0.03 * (high - low)] * len(silent),
            s=22 * size.text,
            marker="x",
            color=INK,
            linewidth=0.9,
            label=NO_VALUE,
        )
        handles.append(
            Line2D(
                [],
                [],
                linestyle="none",
                marker="x",
                color=INK,
                markersize=6,
                label=f"{NO_VALUE}, drawn at the foot",
            )
        )
    ax.axhline(middle, color=INK, linewidth=1, linestyle=(0, (3, 2)), gid="furniture")
    ax.set_ylim(low, high)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda number, _: _number(number, value)))
    ax.set_ylabel(_shown(value)[:1].upper() + _shown(value)[1:])
    ax.grid(axis="y")
    ax.tick_params(axis="x", labelbottom=False, length=0)
    legend_above(ax, handles, size)


def _limits(table: pd.DataFrame, value: str, middle: float) -> tuple[float, float]:
    foot = 0.1 if table[value].isna().any() else 0.03
    ends = table[_ends(table, value)].to_numpy(dtype=float)
    low, high = (
        (0.0, 1.0)
        if value == "share"
        else (min(np.nanmin(ends), middle), max(np.nanmax(ends), middle))
    )
    room = (high - low) or 1.0
    return low - foot * room, high + 0.03 * room


def _interval(ax: Axes, table: pd.DataFrame, value: str, width: float) -> None:
    """Upright lines; with many specifications two thin lines along the ends, so that the picture
    stays light.
    """
    if len(_ends(table, value)) < 3:
        return
    known = table[table[[f"{value}_low", f"{value}_high"]].notna().all(axis=1)]
    if len(table) > MOST:
        for end in ("low", "high"):
            ax.plot(
                known["place"],
                known[f"{value}_{end}"],
                color="#777777",
                linewidth=0.6,
                label=f"{end} end of the interval",
            )
    elif len(known):
        thick = max(0.5, min(1.6, 0.35 * width))
        ax.vlines(
            known["place"],
            known[f"{value}_low"],
            known[f"{value}_high"],
            color="#777777",
            linewidth=thick,
            label="interval",
        )


def _choices(
    ax: Axes,
    table: pd.DataFrame,
    lines: list[tuple[str, np.ndarray]],
    labels: list[str],
    heights: list[float],
    step: int,
    size: Size,
) -> None:
    least = min(heights)
    ends = np.cumsum([0.0, *heights]) / least
    places = ends[-1] - (ends[:-1] + ends[1:]) / 2
    drawn = np.arange(0, len(table), step)
    width = 72 * size.width * 0.62 / len(drawn)
    # Upright dashes where dots would be too small to see.
    look = {"marker": "o", "linewidth": 0, "s": min(5.0 * size.text, 0.75 * width) ** 2}
    if width < 4:
        look = {"marker": "|", "linewidth": max(0.5, 0.5 * width), "s": (5.0 * size.text) ** 2}
    column, shade = "", True
    for (name, on), place, height in zip(lines, places, heights, strict=True):
        if name.split(":")[0] != column:
            column, shade = name.split(":")[0], not shade
        if shade:
            ax.axhspan(
                place - height / least / 2,
                place + height / least / 2,
                color="#f1f1f1",
                linewidth=0,
                gid="furniture",
            )
        at = drawn[on[drawn]]
        ax.scatter(table["place"].to_numpy()[at], [place] * len(at), color=INK, label=name, **look)
    ax.set_yticks(places, labels)
    ax.set_ylim(0, ends[-1])
    ax.tick_params(axis="y", length=0, labelsize="small")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7, min_n_ticks=1))
    for side_name in ("left", "bottom"):
        ax.spines[side_name].set_visible(False)


def _spread(table: pd.DataFrame, value: str) -> str:
    found = table[value].dropna()
    return (
        f"{_number(found.min(), value)} to {_number(found.max(), value)}, median"
        f" {_number(found.median(), value)}"
    )


def _sides(table: pd.DataFrame, value: str, middle: float) -> str:
    counts = {word: int(chosen.sum()) for word, chosen in _groups(table, value, middle).items()}
    return ", ".join(
        f"{n:,} {_name(word, value, middle, 'net' in table)}" for word, n in counts.items()
    )


def _notes(table: pd.DataFrame, words: Words, value: str, middle: float, step: int) -> list[str]:
    lens = (
        "one of the choices"
        if "lens" in table
        else "direction of effect"
        if value == "share"
        else ""
    )
    spread = _spread(table, value)
    notes = [
        f"{spread[:1].upper()}{spread[1:]}. {_sides(table, value, middle)}; {NO_VALUE}:"
        f" {int(table[value].isna().sum())}."
    ]
    if "directional" in table and table["directional"].notna().any():
        least, most = int(table["directional"].min()), int(table["directional"].max())
        notes.append(
            f"Behind each specification stand {least:,} to {most:,} votes that point one way; those"
            " not placed are left out of it."
        )
    if "p_value" in table and table["p_value"].notna().any():
        notes.append(
            f"p below 0.05 in {int((table['p_value'] < 0.05).sum())} of {len(table)}. The"
            " specifications share studies: they are no replications."
        )
    if step > 1:
        drawn = len(range(0, len(table), step))
        notes.append(
            f"Above, all {len(table):,} specifications; below, every {_ordinal(step)} of the sorted"
            f" ones ({drawn:,})."
        )
    if lens:
        notes.append(f"Lens: {lens}. Lines: 95 % interval where there is one.")
    return [*notes, words.caution, f"Source: {words.source}."]


def _alt(table: pd.DataFrame, value: str, middle: float) -> str:
    return (
        f"Curve of {counted(len(table), 'specification', 'specifications')} sorted by"
        f" {_shown(value)}, with the choices behind each below."
        f" {_shown(value)[:1].upper()}{_shown(value)[1:]} runs from {_spread(table, value)}."
        f" {_sides(table, value, middle)}, {NO_VALUE} {int(table[value].isna().sum())}."
    )
