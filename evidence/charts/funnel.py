"""The funnel plot: estimates against their standard errors.

Sterne and Egger (2001), *Journal of Clinical Epidemiology* 54:1046-1055, doi
10.1016/S0895-4356(01)00377-8; contours after Peters and others (2008),
*Journal of Clinical Epidemiology* 61:991-996, doi 10.1016/j.jclinepi.2007.11.010. That asymmetry is
not to be judged with fewer than ten studies: Sterne and others (2011), *BMJ* 343:d4002, doi
10.1136/bmj.d4002.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    NEUTRAL,
    Size,
    body,
    canvas,
    figure_of,
    legend_above,
    styled,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.synthesis.effect_sizes import SizePool

NEEDED = ("label", "estimate", "standard_error")
FEWEST = 10  # studies, below which asymmetry is not to be judged
Z95 = 1.959964
# Normal quantiles of two-sided p-values of 0.10, 0.05 and 0.01, with the grey that fills the region
# from each to the next.
REGIONS = (
    (1.644854, Z95, "0.05 < p ≤ 0.10", "#ededed", ""),
    (Z95, 2.575829, "0.01 < p ≤ 0.05", "#dadada", "..."),
    (2.575829, 1e9, "p ≤ 0.01", "#ffffff", "//"),
)
NAMED = 12


@draws(SizePool, made_by="evidence.size_pool(ev, pool_id)")
def funnel(
    pool: SizePool,
    words: Words,
    *,
    contours: bool = False,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw a funnel plot.

    Parameters
    ----------
    pool : SizePool
        Limits are drawn where it was pooled: ``pooled ± 1.96 standard errors`` (of its logarithm,
        for ratios), where 95 % of the studies would lie, did they differ by chance alone.
    contours : bool, default False
        Shade the regions of p-values around the null value.
    title : str, optional
        Default: estimates and standard errors.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` holds all rows, with ``drawn``.

    Raises
    ------
    UsageError
        When there is nothing to draw, a column is missing, or the pooled estimate of a ratio is not
        above 0.
    """
    estimates, measure, log = _estimates(pool), pool.poolable.measure, pool.poolable.log
    pooled = pool.summary.get("estimate")
    if estimates.empty:
        raise UsageError("nothing to draw: no estimate meets the conditions")
    value, error = estimates["estimate"].astype(float), estimates["standard_error"].astype(float)
    table = estimates.assign(drawn=value.notna() & (error > 0) & ((value > 0) | (not log)))
    name = words.label("measure", measure) if measure else "Estimate"
    title = title or pool.title
    notes = _notes(table, words, pooled)
    with styled(size) as chosen:
        if ax is None:
            subtitle = (
                "One point an estimate"
                + (f" ({name})" if measure else "")
                + "; the higher, the more precise"
            )
            figure = canvas(chosen, 4.6, title, subtitle, notes)
            ax = body(figure).add_subplot()
        _draw(ax, table[table["drawn"]], log, pooled, contours, chosen)
        ax.set_xlabel(f"{name} (logarithmic)" if log else name)
        ax.set_ylabel("Standard error" + (" of the logarithm" if log else ""))
    return Chart(
        figure_of(ax),
        title,
        _alt(table, name, log, pooled, words),
        words.source,
        table,
        "funnel",
        tuple(notes),
    )


def _draw(
    ax: Axes, shown: pd.DataFrame, log: bool, pooled: float | None, contours: bool, size: Size
) -> None:
    value, error = shown["estimate"].astype(float), shown["standard_error"].astype(float)
    forth, back = (np.log, np.exp) if log else (np.asarray, np.asarray)
    null = 0.0
    centre = null if pooled is None else float(forth(pooled))
    deep = float(error.max()) * 1.1 if len(shown) else 1.0
    ends = [null, *forth(value)] + (
        [] if pooled is None else [centre - Z95 * deep, centre + Z95 * deep]
    )
    low, high = min(ends), max(ends)
    margin = 0.06 * (high - low) or 1.0
    low, high = low - margin, high + margin
    if log:
        ax.set_xscale("log")
    ax.set_xlim(back(low), back(high))
    ax.set_ylim(deep, 0)
    handles: list[Artist] = _regions(ax, low, high, deep, back) if contours else []
    ax.axvline(back(null), color=INK, linewidth=1, gid="furniture")
    if pooled is not None:
        handles += _limits(ax, centre, deep, back)
    if len(shown):
        look = {
            "marker": NEUTRAL.marker,
            "color": NEUTRAL.color,
            "edgecolor": INK,
            "linewidth": 0.6,
        }
        ax.scatter(
            value, error, s=40 * size.text**2, label="estimate", zorder=3, clip_on=False, **look
        )
    else:
        ax.text(
            0.5,
            0.5,
            "No estimate with a standard error",
            transform=ax.transAxes,
            ha="center",
            va="center",
        )
    handles.append(Line2D([], [], color=INK, linewidth=1, label="no difference"))
    _ticks(ax, log, (high - low) / np.log(10))
    legend_above(ax, handles, size)


def _regions(ax: Axes, low: float, high: float, deep: float, back) -> list[Artist]:
    """Regions of p-values: wedges to both sides of the null value, cut off at the ends of the axis."""
    handles: list[Artist] = []
    errors = np.linspace(0, deep, 60)
    for inner, outer, label, color, hatch in REGIONS:
        for sign in (-1, 1):
            from_, to = (np.clip(sign * z * errors, low, high) for z in (inner, outer))
            corners = np.column_stack(
                [
                    np.concatenate([back(from_), back(to)[::-1]]),
                    np.concatenate([errors, errors[::-1]]),
                ]
            )
            region = Polygon(
                corners,
                closed=True,
                facecolor=color,
                edgecolor="#b5b5b5",
                hatch=hatch,
                linewidth=0.5,
                label=label,
                zorder=0,
            )
            ax.add_patch(region)
        handles.append(region)
    return handles


def _limits(ax: Axes, centre: float, deep: float, back) -> list[Artist]:
    (line,) = ax.plot(
        [back(centre)] * 2,
        [0, deep],
        color=INK,
        linewidth=1.1,
        linestyle="dashed",
        label="pooled estimate",
        zorder=2,
    )
    for sign in (-1, 1):
        ends = [back(centre), back(centre + sign * Z95 * deep)]
        ax.plot(
            ends, [0, deep], color=INK, linewidth=1.1, linestyle="dotted", label="limit", zorder=2
        )
    return [
        line,
        Line2D([], [], color=INK, linewidth=1.1, linestyle="dotted", label="pseudo 95 % limits"),
    ]


def _ticks(ax: Axes, log: bool, decades: float) -> None:
    ax.grid()
    ax.yaxis.set_major_locator(MaxNLocator(5))
    if not log:
        ax.xaxis.set_major_locator(MaxNLocator(7))
        return
    subs = (1, 2, 5) if decades < 2.5 else (1, 3) if decades < 5 else (1,)
    ax.xaxis.set_major_locator(
        MaxNLocator(6) if decades < 0.8 else LogLocator(10, subs=subs, numticks=12)
    )
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())


def _studies(shown: pd.DataFrame) -> int:
    return int(shown["study_id"].nunique()) if "study_id" in shown else len(shown)


def _estimates(pool: SizePool) -> pd.DataFrame:
    """The studies of a pool with their standard errors."""
    of = pool.poolable.included
    return pool.frame.assign(standard_error=of["se"], study_id=of["study_id"])


def _notes(table: pd.DataFrame, words: Words, pooled: float | None) -> list[str]:
    shown, aside = table[table["drawn"]], table[~table["drawn"]]
    said = (
        f"{counted(len(shown), 'estimate', 'estimates')} of"
        f" {counted(_studies(shown), 'study', 'studies')}"
    )
    if "n" in table:
        once = shown.drop_duplicates("study_id") if "study_id" in shown else shown
        unknown = int(once["n"].isna().sum())
        said += f", {once['n'].sum():,.0f} took part" + (
            f" (size of {unknown} not known)" if unknown else ""
        )
    said += ". Size of effect as reported."
    names = ", ".join(str(label) for label in aside["label"].head(NAMED)) + (
        " …" if len(aside) > NAMED else ""
    )
    said += (
        f" Not drawn, for want of an estimate or a standard error: {len(aside)} of {len(table)}"
        + (f" ({names})." if len(aside) else ".")
    )
    few = _studies(shown) < FEWEST
    judged = (
        f"With fewer than {FEWEST} studies asymmetry cannot be judged."
        if few
        else (
            "Asymmetry has many causes besides unpublished studies, such as chance and studies that"
            " differ."
        )
    )
    limits = (
        ""
        if pooled is None
        else (
            " Between the dotted lines 95 % of the studies would lie, did they differ by chance"
            " alone."
        )
    )
    return [said, judged + limits, words.caution, f"Source: {words.source}."]


def _alt(table: pd.DataFrame, name: str, log: bool, pooled: float | None, words: Words) -> str:
    shown = table[table["drawn"]]
    said = (
        f"Funnel plot of {counted(len(shown), 'estimate', 'estimates')} ({name},"
        f" {'logarithmic' if log else 'linear'} axis)"
    )
    if len(shown):
        value, error = shown["estimate"].astype(float), shown["standard_error"].astype(float)
        said += (
            f": {value.min():.2f} to {value.max():.2f}, standard errors {error.min():.2f} to"
            f" {error.max():.2f}"
        )
    if pooled is not None:
        inside = (
            f"; {int((shown['estimate'] < pooled).sum())} below and"
            f" {int((shown['estimate'] > pooled).sum())} above the pooled estimate"
        )
        said += f"{inside} of {pooled:.2f}"
    return f"{said}; {int((~table['drawn']).sum())} not drawn."
