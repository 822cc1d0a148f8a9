"""The forest plot: one row an estimate with its interval, and the numbers beside it."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator
from mpl_toolkits.axes_grid1 import make_axes_locatable

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.forest_text import (
    UNKNOWN,
    Row,
    estimate_text,
    prediction_text,
    rows_of,
    text_columns,
)
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    NEUTRAL,
    Size,
    body,
    canvas,
    cut,
    figure_of,
    letters,
    row_height,
    styled,
    text_width,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.synthesis.effect_sizes import SizePool

NEEDED = ("label", "estimate", "ci_low", "ci_high")
NEEDED_POOLED = (*NEEDED, "prediction_low", "prediction_high")
POOLED = "#222222"
GAP = 0.16  # inches between columns of text
LONGEST = 100  # letters of a row's label
# inches of a row; one row is one unit of the axis, and more where a text has several lines
LEAST = 0.27
LISTED = 12  # rows that the alt text names one by one


@draws(SizePool, made_by="evidence.size_pool(ev, pool_id)")
def forest(
    pool: SizePool,
    words: Words,
    *,
    benefit: str = "",
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw a forest plot.

    The axis reaches every estimate. An interval that is very much wider than the others is cut off
    at the end of the axis, where an arrow marks it; its ends are printed at the right.

    Parameters
    ----------
    pool : SizePool
        Its studies on the natural scale of the measure, and what they were pooled to.
    benefit : {"", "left", "right"}
        Which side of the null value is benefit, to be written under the axis.
    title : str, optional
        Default: the estimates of the measure.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller. Columns of text are cut off at
        its right.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` holds the estimates, then the pooled ones (``row`` tells them apart).

    Raises
    ------
    UsageError
        When there is nothing to draw, a column is missing, or a side is unknown.
    """
    estimates, pooled = pool.frame, pool.pooled_rows
    measure, log = pool.poolable.measure, pool.poolable.log
    if estimates.empty:
        raise UsageError("nothing to draw: no estimate meets the conditions")
    if benefit not in ("", "left", "right"):
        raise UsageError(f"benefit is {benefit!r}; allowed: left, right, or empty")
    name = words.label("measure", measure)
    title = title or pool.title or f"{words.topic}: estimates ({name})"
    rows = rows_of(estimates, pooled, words)
    limits = _limits(estimates, pooled, log)
    with styled(size) as chosen:
        notes = _notes(estimates, pooled, words, log, limits)
        labels = [wrap(cut(row.label, LONGEST), letters(chosen, 0.24)) for row in rows]
        columns = text_columns(rows, words, name, estimates, chosen)
        heights = [
            row_height(texts, chosen, LEAST)
            for texts in zip(labels, *(column[1:] for column in columns), strict=True)
        ]
        if ax is None:
            figure = canvas(
                chosen,
                0.6 + LEAST + sum(heights),
                title,
                f"{name}, {_scale(log)}; size of effect as reported",
                notes,
            )
            ax = body(figure).add_subplot()
        _draw(
            ax, rows, labels, [height / LEAST for height in heights], columns, limits, log, chosen
        )
        ax.set_xlabel(_axis_label(name, words, benefit))
    data = pd.concat(
        [
            table.assign(row=kind)
            for table, kind in ((estimates, "estimate"), (pooled, "pooled"))
            if len(table)
        ],
        ignore_index=True,
    )
    return Chart(
        figure_of(ax),
        title,
        _alt(estimates, pooled, name, log),
        words.source,
        data,
        "forest",
        tuple(notes),
    )


def _limits(estimates: pd.DataFrame, pooled: pd.DataFrame, log: bool) -> tuple[float, float]:
    """Ends of the axis: all estimates and the null value, then as much of the intervals as does not
    squash the rest.
    """
    columns = ["ci_low", "ci_high"]
    scaled = _scaled(
        pd.concat([estimates[["estimate", *columns]], pooled[["estimate", *columns]]]).astype(
            float
        ),
        log,
    )
    outer = _scaled(pooled[["prediction_low", "prediction_high"]].astype(float), log)
    null = 0.0
    centre = [
        null,
        *scaled["estimate"].dropna(),
        *_scaled(pooled[columns].astype(float), log).to_numpy().ravel(),
    ]
    low, high = float(np.nanmin(centre)), float(np.nanmax(centre))
    half = ((scaled["ci_high"] - scaled["ci_low"]) / 2).dropna()
    room = max(0.35 * (high - low), 2.5 * float(half.median()) if len(half) else 0.0)
    ends = [*scaled["ci_low"].dropna(), *scaled["ci_high"].dropna(), *outer.to_numpy().ravel()]
    ends = [end for end in ends if np.isfinite(end)]
    low, high = max(low - room, min([low, *ends])), min(high + room, max([high, *ends]))
    margin = 0.06 * (high - low) or (np.log(2) if log else 1.0)
    low, high = low - margin, high + margin
    return (float(np.exp(low)), float(np.exp(high))) if log else (low, high)


def _scaled(values: pd.DataFrame, log: bool) -> pd.DataFrame:
    """Values on the scale of the axis; what a logarithmic axis cannot hold is missing."""
    return np.log(values.where(values > 0)) if log else values


def _draw(
    ax: Axes,
    rows: list[Row],
    labels: list[str],
    heights: list[float],
    columns: list[list[str]],
    limits: tuple[float, float],
    log: bool,
    size: Size,
) -> None:
    places = [float(place) for place in sum(heights) - np.cumsum(heights) + np.array(heights) / 2]
    if log:
        ax.set_xscale("log")
    ax.set_xlim(*limits)
    ax.set_ylim(-0.1, sum(heights) + 1)
    ax.set_yticks(places, labels)
    for tick, row in zip(ax.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("normal" if row.kind == "estimate" else "bold")
    ax.axvline(1 if log else 0, color=INK, linewidth=1, gid="furniture")
    _estimates(ax, rows, places, limits, log, size)
    _diamonds(ax, rows, places, limits)
    _ticks(ax, limits, log)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    beside = _text_columns(ax, columns, places, sum(heights) + 0.5, size)
    for place, height in list(zip(places, heights, strict=True))[1::2]:
        for part in (ax, beside):
            part.axhspan(
                place - height / 2,
                place + height / 2,
                color="#f3f3f3",
                linewidth=0,
                zorder=0,
                gid="furniture",
            )


def _estimates(
    ax: Axes,
    rows: list[Row],
    places: list[float],
    limits: tuple[float, float],
    log: bool,
    size: Size,
) -> None:
    lines = pd.DataFrame(
        [
            {"place": place, **row.values}
            for row, place in zip(rows, places, strict=True)
            if row.kind == "estimate" and row.values is not None
        ]
    )
    estimate = lines["estimate"].astype(float)
    shown = lines[estimate.notna() & ((estimate > 0) | (not log))]
    if shown.empty:
        ax.text(0.5, 0.5, "No estimate to draw", transform=ax.transAxes, ha="center", va="center")
        return
    _intervals(ax, shown, "ci_low", "ci_high", limits, "interval", 1.4, INK)
    area = 34 * size.text**2
    if "weight" in shown and shown["weight"].notna().any():
        weight = shown["weight"].astype(float).fillna(0)
        area = area * (0.3 + 2.2 * weight / weight.max())
    ax.scatter(
        shown["estimate"].astype(float),
        shown["place"],
        s=area,
        marker="s",
        color=NEUTRAL.color,
        edgecolor=INK,
        linewidth=0.6,
        label="estimate",
        zorder=3,
    )


def _intervals(
    ax: Axes,
    shown: pd.DataFrame,
    low: str,
    high: str,
    limits: tuple[float, float],
    label: str,
    width: float,
    color: str,
) -> None:
    """Lines from end to end. An end that is not known stops at the estimate; one beyond the axis
    stops there, with an arrow.
    """
    from_, to = shown[low].astype(float), shown[high].astype(float)
    known = from_.notna() | to.notna()
    if not known.any():
        return
    shown, from_, to = shown[known], from_[known], to[known]
    start = from_.fillna(shown["estimate"].astype(float)).clip(*limits)
    end = to.fillna(shown["estimate"].astype(float)).clip(*limits)
    ax.hlines(shown["place"], start, end, color=color, linewidth=width, label=label, zorder=2)
    for beyond, at, marker in (
        (from_ < limits[0], limits[0], "<"),
        (to > limits[1], limits[1], ">"),
    ):
        if beyond.any():
            places = shown.loc[beyond, "place"]
            ax.scatter(
                [at] * len(places),
                places,
                marker=marker,
                s=30,
                color=color,
                label=f"{label} goes on",
                zorder=4,
                clip_on=False,
            )


def _diamonds(ax: Axes, rows: list[Row], places: list[float], limits: tuple[float, float]) -> None:
    lines = pd.DataFrame(
        [
            {"place": p, **row.values}
            for row, p in zip(rows, places, strict=True)
            if row.kind == "pooled" and row.values is not None
        ]
    )
    if lines.empty:
        return
    _intervals(
        ax, lines, "prediction_low", "prediction_high", limits, "prediction interval", 0.9, INK
    )
    for line in lines.itertuples():
        if pd.notna(line.estimate) and pd.notna(line.ci_low) and pd.notna(line.ci_high):
            corners = [
                (line.ci_low, line.place),
                (line.estimate, line.place + 0.3),
                (line.ci_high, line.place),
                (line.estimate, line.place - 0.3),
            ]
            ax.add_patch(
                Polygon(
                    corners,
                    closed=True,
                    facecolor=POOLED,
                    edgecolor=INK,
                    linewidth=0.6,
                    label="pooled",
                    zorder=3,
                )
            )
        elif pd.notna(line.estimate):
            ax.scatter(
                [line.estimate],
                [line.place],
                marker="D",
                s=34,
                color=POOLED,
                label="pooled",
                zorder=3,
            )


def _ticks(ax: Axes, limits: tuple[float, float], log: bool) -> None:
    ax.grid(axis="x")
    if not log:
        ax.xaxis.set_major_locator(MaxNLocator(5))
        return
    decades = float(np.log10(limits[1] / limits[0]))
    subs = (1, 2, 5) if decades < 2.2 else (1, 3) if decades < 4 else (1,)
    ax.xaxis.set_major_locator(
        MaxNLocator(4)
        if decades < 0.8
        else LogLocator(10, subs=subs, numticks=12 if decades < 6 else 6)
    )
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())


def _text_columns(
    ax: Axes, columns: list[list[str]], places: list[float], top: float, size: Size
) -> Axes:
    widths = [text_width(column) * 1.04 + GAP * size.text for column in columns]
    beside = make_axes_locatable(ax).append_axes(
        "right", size=sum(widths), pad=0.12 * size.text, sharey=ax
    )
    beside.set_axis_off()
    beside.set_label("numbers")
    beside.set_xlim(0, sum(widths))
    letter = mpl.rcParams["xtick.labelsize"]
    left = 0.0
    for (heading, *texts), width in zip(columns, widths, strict=True):
        right_hand = heading == "n"
        x, align = (left + width - GAP * size.text, "right") if right_hand else (left, "left")
        beside.text(x, top, heading, fontsize=letter, fontweight="bold", ha=align, va="center")
        for place, text in zip(places, texts, strict=True):
            if text:
                beside.text(x, place, text, fontsize=letter, ha=align, va="center")
        left += width
    return beside


def _scale(log: bool) -> str:
    return "logarithmic axis, 1 is no difference" if log else "0 is no difference"


def _axis_label(name: str, words: Words, benefit: str) -> str:
    if not benefit:
        return name
    left, right = ("benefit", "harm") if benefit == "left" else ("harm", "benefit")
    return f"{words.word(left)} ← {name} → {words.word(right)}"


def _notes(
    estimates: pd.DataFrame,
    pooled: pd.DataFrame,
    words: Words,
    log: bool,
    limits: tuple[float, float],
) -> list[str]:
    value = estimates["estimate"].astype(float)
    silent, off = int(value.isna().sum()), int((value <= 0).sum()) if log else 0
    bare = int((value.notna() & estimates["ci_low"].isna() & estimates["ci_high"].isna()).sum())
    ends = (
        pd.concat([estimates["ci_low"] < limits[0], estimates["ci_high"] > limits[1]], axis=1).any(
            axis=1
        )
        & value.notna()
    )
    said = [_who(estimates)]
    if silent:
        said.append(f"{silent} not reported.")
    if bare:
        said.append(f"{counted(bare, 'estimate', 'estimates')} without an interval.")
    if off:
        said.append(f"{off} cannot stand on a logarithmic axis.")
    if ends.any():
        said.append(f"An arrow marks an interval that leaves the axis ({int(ends.sum())}).")
    if "ci_level" in estimates and (estimates["ci_level"].dropna().astype(int) != 95).any():
        said.append(
            "Intervals at a level other than 95 % say so, and are not to be compared by their"
            " width."
        )
    said.append(
        "Area of the squares: weight." if "weight" in estimates else "Squares have equal size."
    )
    if len(pooled):
        ahead = (
            " The thin line is the prediction interval."
            if pooled["prediction_low"].notna().any()
            else ""
        )
        said.append(f"Diamond: pooled estimate with its interval.{ahead}")
    return [" ".join(said), words.caution, f"Source: {words.source}."]


def _who(estimates: pd.DataFrame) -> str:
    number = counted(len(estimates), "row", "rows")
    if "study_id" in estimates:
        number += " of " + counted(estimates["study_id"].nunique(), "study", "studies")
    if "n" not in estimates:
        return f"{number}."
    once = estimates.drop_duplicates("study_id") if "study_id" in estimates else estimates
    unknown = int(once["n"].isna().sum())
    return f"{number}; {once['n'].sum():,.0f} took part" + (
        f" (size of {unknown} not known, marked {UNKNOWN})." if unknown else "."
    )


def _alt(estimates: pd.DataFrame, pooled: pd.DataFrame, name: str, log: bool) -> str:
    lines = [Row("estimate", str(line["label"]), line) for _, line in estimates.iterrows()]
    value, null = estimates["estimate"].astype(float), 1 if log else 0
    said = [f"Forest plot of {counted(len(estimates), 'row', 'rows')} ({name}, {_scale(log)})"]
    said.append(
        f"{int((value < null).sum())} below, {int((value > null).sum())} above,"
        f" {int((value == null).sum())} at {null}"
    )
    if len(lines) <= LISTED:
        said += [f"{row.label}: {estimate_text(row)}" for row in lines]
    elif value.notna().any():
        said += [
            f"{word} {lines[at].label}: {estimate_text(lines[at])}"
            for word, at in (("smallest", value.argmin()), ("largest", value.argmax()))
        ]
    if value.isna().any():
        said.append(f"{int(value.isna().sum())} not reported")
    rows = [Row("pooled", str(line["label"]), line) for _, line in pooled.iterrows()]
    said += [
        f"{row.label}: {estimate_text(row)}{prediction_text(row, ', prediction interval ')}"
        for row in rows
    ]
    return "; ".join(said) + "."
