"""The funnel plot: estimates against their standard errors.

Sterne and Egger (2001), *Journal of Clinical Epidemiology* 54:1046-1055, doi
10.1016/S0895-4356(01)00377-8; contours after Peters and others (2008),
*Journal of Clinical Epidemiology* 61:991-996, doi 10.1016/j.jclinepi.2007.11.010. That asymmetry is
not to be judged with fewer than ten studies: Sterne and others (2011), *BMJ* 343:d4002, doi
10.1136/bmj.d4002.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from evidence.charts.axis import effects
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.plot import one_plot
from evidence.charts.style import DEFAULT_SIZE, INK, NEUTRAL, Size, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.synthesis.effect_sizes import SizePool

FEWEST = 10  # studies, below which asymmetry is not to be judged
Z95 = 1.959964
# Normal quantiles of two-sided p-values of 0.10, 0.05 and 0.01, with the grey that fills the region
# from each to the next.
REGIONS = (
    (1.644854, Z95, "0.05 < p ≤ 0.10", "#f0f0f0"),
    (Z95, 2.575829, "0.01 < p ≤ 0.05", "#dedede"),
    (2.575829, 1e9, "p ≤ 0.01", "#cccccc"),
)
NAMED = 12


@draws(SizePool, made_by="evidence.size_pool(ev, pool_id)")
def funnel(
    pool: SizePool,
    words: Words,
    *,
    contours: bool = False,
    title: str = "",
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw a funnel plot.

    Parameters
    ----------
    pool : SizePool
        Limits are drawn where it was pooled: ``pooled ± 1.96 standard errors`` (of its logarithm,
        for ratios), where 95 % of the studies would lie if they differed by chance alone.
    contours : bool, default False
        Shade the regions of p-values around the null value.
    title : str, optional
        Default: estimates and standard errors.
    size : {"web", "slide", "paper", "print"}

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
    if len(estimates) < FEWEST:
        raise UsageError(
            f"nothing to draw: {counted(len(estimates), 'study', 'studies')}; with fewer than"
            f" {FEWEST} a funnel plot cannot be judged"
        )
    value, error = estimates["estimate"].astype(float), estimates["standard_error"].astype(float)
    table = estimates.assign(drawn=value.notna() & (error > 0) & ((value > 0) | (not log)))
    name = words.label("measure", measure)
    frame = Frame(
        title or f"{pool.title}: estimates and how precise they are",
        words.said(f"One point is one study ({name}); the higher, the more precise"),
        _notes(table),
        words,
        _marks_note(pooled, contours),
    )
    with styled(size) as chosen:
        what = "Standard error" + (" of the logarithm" if log else "")
        figure, axes = one_plot(chosen, frame, name, what)
        _draw(axes, table[table["drawn"]], log, pooled, contours, chosen)
    return Chart.of([figure], frame, _alt(table, name, log, pooled, words), table, "funnel")


def _draw(
    ax: Axes, shown: pd.DataFrame, log: bool, pooled: float | None, contours: bool, size: Size
) -> None:
    value, error = shown["estimate"].astype(float), shown["standard_error"].astype(float)
    forth, back = (np.log, np.exp) if log else (np.asarray, np.asarray)
    centre = float(forth(pooled)) if pooled is not None else 0.0
    deep = float(error.max()) * 1.1 if len(shown) else 1.0
    ends = [0.0, *forth(value), centre - Z95 * deep, centre + Z95 * deep]
    margin = 0.06 * (max(ends) - min(ends)) or 1.0
    low, high = min(ends) - margin, max(ends) + margin
    effects(ax, (float(back(low)), float(back(high))), log, size.across, size)
    ax.set_ylim(deep, 0)
    if contours:
        _regions(ax, low, high, deep, back)
    if pooled is not None:
        ax.plot([back(centre)] * 2, [0, deep], color=INK, linewidth=1.1, linestyle="dashed",
                label="pooled estimate", zorder=2)  # fmt: skip
        for sign in (-1, 1):
            ax.plot([back(centre), back(centre + sign * Z95 * deep)], [0, deep], color=INK,
                    linewidth=1.1, linestyle="dotted", label="limit", zorder=2)  # fmt: skip
    ax.scatter(
        value, error, s=(0.75 * size.text) ** 2, label="estimate", zorder=3, clip_on=False,
        color=size.color(NEUTRAL), edgecolor=INK, linewidth=0.5,
    )  # fmt: skip


def _regions(ax: Axes, low: float, high: float, deep: float, back: Callable) -> None:
    """Regions of p-values: wedges to both sides of no difference, cut off at the axis' ends."""
    errors = np.linspace(0, deep, 60)
    for inner, outer, label, color in REGIONS:
        for sign in (-1, 1):
            from_, to = (np.clip(sign * z * errors, low, high) for z in (inner, outer))
            outline = np.concatenate([back(from_), back(to)[::-1]])
            corners = np.column_stack([outline, np.concatenate([errors, errors[::-1]])])
            region = Polygon(corners, closed=True, facecolor=color, edgecolor="#b5b5b5",
                             linewidth=0.5, label=label, zorder=0)  # fmt: skip
            ax.add_patch(region)


def _studies(shown: pd.DataFrame) -> int:
    return int(shown["study_id"].nunique()) if "study_id" in shown else len(shown)


def _estimates(pool: SizePool) -> pd.DataFrame:
    """The studies of a pool with their standard errors."""
    of = pool.poolable.included
    return pool.frame.assign(standard_error=of["se"], study_id=of["study_id"])


def _marks_note(pooled: float | None, contours: bool) -> str:
    """What the lines and the shading are, where they are drawn."""
    said = []
    if pooled is not None:
        said.append(
            "Between the dotted lines 95 % of the studies would lie if they differed by chance"
            " alone."
        )
    if contours:
        said.append("Shading, from light to dark: p up to 0.10, 0.05 and 0.01.")
    return " ".join(said)


def _notes(table: pd.DataFrame) -> tuple[str, ...]:
    shown, aside = table[table["drawn"]], table[~table["drawn"]]
    said = (
        f"{counted(len(shown), 'estimate', 'estimates')} of"
        f" {counted(_studies(shown), 'study', 'studies')}"
    )
    if "n" in table:
        once = shown.drop_duplicates("study_id") if "study_id" in shown else shown
        unknown = int(once["n"].isna().sum())
        said += f", {once['n'].sum():,.0f} took part"
        if unknown:
            said += f" (size of {unknown} not known)"
    said += ". Size of effect as reported."
    said += f" Not drawn, for lack of an estimate or a standard error: {len(aside)} of {len(table)}"
    names = ", ".join(str(label) for label in aside["label"].head(NAMED))
    if len(aside) > NAMED:
        names += " …"
    if len(aside):
        said += f" ({names})"
    said += "."
    judged = (
        "Asymmetry has many causes besides unpublished studies, such as chance and studies that"
        " differ."
    )
    return (said, judged)


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
