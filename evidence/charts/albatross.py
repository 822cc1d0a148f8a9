"""The albatross plot: p-value against sample size, with contours of equal effect.

Harrison, Jones, Martin, Davies and Higgins (2017), *Research Synthesis Methods* 8:281-289, doi
10.1002/jrsm.1239.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MultipleLocator, NullFormatter

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
    styled,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.synthesis.contours import contours
from evidence.synthesis.results import Results

NEEDED = ("study_id", "sample_size", "p_value", "p_operator", "direction")
SIDES = {"harm": -1, "benefit": 1}
BELOW, ABOVE = ("<", "<="), (">", ">=")
DASHES: tuple = ("solid", "dashed", "dashdot", "dotted", (0, (8, 2)), (0, (1, 4)))
LINE = "#666666"
REASONS = (
    "p-value not reported",
    "sample size not known",
    "points to neither side",
    "p-value printed as 0",
)


@draws(Results, made_by="evidence.results(ev)")
def albatross(
    results: Results,
    words: Words,
    *,
    measure: str = "SMD",
    effects: Sequence[float] | None = None,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw an albatross plot.

    Results that point to harm stand left of the middle, those that point to benefit right of it;
    the further out, the smaller the two-sided p-value. A p-value that was printed as a bound only
    is an open mark at the bound, which points the way in which the value lies.

    Parameters
    ----------
    results : Results
        Results with ``sample_size``, ``p_value`` (two-sided) and ``p_operator`` (missing is taken
        for ``=``) are drawn on the side of their direction.
    measure : {"SMD", "OR", "r"}
        Measure of the contours; they take groups for equal in size.
    effects : sequence of float, optional
        Effects of the contours. Default: small to large ones.
    title : str, optional
        Default: p-values and sample sizes.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` holds all results, with ``x`` (negative decadic logarithm of the p-value, below 0
        for harm) and ``drawn`` (yes, or why not).

    Raises
    ------
    UsageError
        When there is nothing to draw, a column is missing, or measure or effects are not allowed.
    """
    if results.empty:
        raise UsageError("nothing to draw: no result meets the conditions")
    columns = ["study_id", "sample_size", "p_value", "p_operator", "observed_direction"]
    table = _placed(results[columns].rename(columns={"observed_direction": "direction"}))
    lines = contours(measure, effects)
    title = title or f"{words.topic}: p-values and sample sizes"
    notes = _notes(table, lines, words)
    with styled(size) as chosen:
        if ax is None:
            subtitle = "One point a result; along a line the effect has one size"
            figure = canvas(chosen, 4.6, title, subtitle, notes)
            ax = body(figure).add_subplot()
        _draw(ax, table[table["drawn"] == "yes"], lines, words, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(table, lines, words),
        words.source,
        table,
        "albatross",
        tuple(notes),
    )


def _placed(results: pd.DataFrame) -> pd.DataFrame:
    """Place of each result, or the first reason why it has none."""
    p, n = results["p_value"].astype(float), results["sample_size"].astype("Float64").astype(float)
    side = results["direction"].astype("str").map(SIDES).astype(float)
    reasons = dict(zip(REASONS, (p.isna(), n.isna(), side.isna(), p <= 0), strict=True))
    drawn = pd.Series("yes", index=results.index)
    for reason, there in reversed(reasons.items()):
        drawn = drawn.mask(there, reason)
    x = -np.log10(p.where(p > 0)) * side
    operator = results["p_operator"].astype("str").where(results["p_operator"].notna(), "=")
    return results.assign(p_operator=operator, x=x.where(drawn == "yes"), drawn=drawn)


def _draw(ax: Axes, shown: pd.DataFrame, lines: pd.DataFrame, words: Words, size: Size) -> None:
    n = shown["sample_size"].astype(float)
    reach = max(3.0, float(shown["x"].abs().max() or 0) * 1.08) if len(shown) else 3.0
    bottom, top = (
        (min(10.0, float(n.min()) / 1.8), float(n.max()) * 1.8) if len(shown) else (5.0, 5000.0)
    )
    top = max(top, bottom * 20)
    ax.set_yscale("log")
    ax.set_xlim(-reach, reach)
    ax.set_ylim(bottom, top)
    handles = _contours(ax, lines, reach, bottom, top)
    ax.axvline(0, color=INK, linewidth=1, gid="furniture")
    for word, sign in SIDES.items():
        here = shown[shown["direction"].astype("str") == word]
        kinds = {
            "exact": ~here["p_operator"].isin([*BELOW, *ABOVE]),
            "below": here["p_operator"].isin(BELOW),
            "above": here["p_operator"].isin(ABOVE),
        }
        for kind, which in kinds.items():
            part = here[which]
            if part.empty:
                continue
            outward = ">" if sign > 0 else "<"
            marker = {
                "exact": LOOKS[word].marker,
                "below": outward,
                "above": "<" if outward == ">" else ">",
            }[kind]
            color = LOOKS[word].color
            ax.scatter(
                part["x"],
                part["sample_size"].astype(float),
                s=42 * size.text**2,
                marker=marker,
                facecolor=color if kind == "exact" else "#ffffff",
                edgecolor=INK if kind == "exact" else color,
                linewidth=0.6 if kind == "exact" else 1.4,
                label=words.word(word) + ("" if kind == "exact" else f", p {kind} the mark"),
                zorder=3,
                clip_on=False,
            )
    if shown.empty:
        ax.text(
            0.5,
            0.9,
            "No result shows p-value, sample size and direction",
            transform=ax.transAxes,
            ha="center",
            va="center",
        )
    _axes(ax, reach, words)
    drawn, _ = ax.get_legend_handles_labels()
    points = [handle for handle in drawn if not isinstance(handle, Line2D)]
    legend_above(ax, [*points, *handles], size)


def _contours(
    ax: Axes, lines: pd.DataFrame, reach: float, bottom: float, top: float
) -> list[Line2D]:
    handles = []
    for number, (effect, line) in enumerate(lines.groupby("effect", sort=True)):
        out = -np.log10(line["p_value"])
        inside = (out <= reach) & line["n"].between(bottom, top)
        name = f"{line['measure'].iloc[0]} {effect:g}"
        dash = DASHES[number % len(DASHES)]
        for word, sign in SIDES.items():
            if inside.any():
                ax.plot(
                    sign * out[inside],
                    line.loc[inside, "n"],
                    color=LINE,
                    linewidth=1.1,
                    linestyle=dash,
                    label=f"{name}, {word}",
                    zorder=1,
                )
        handles.append(Line2D([], [], color=LINE, linewidth=1.1, linestyle=dash, label=name))
    return handles


def _axes(ax: Axes, reach: float, words: Words) -> None:
    step = 1 if reach <= 4.5 else 2 if reach <= 9 else 5
    ax.xaxis.set_major_locator(MultipleLocator(step))
    ax.xaxis.set_major_formatter(
        FuncFormatter(
            lambda x, _: "1" if round(x) == 0 else f"{10.0 ** -abs(x):.{min(abs(round(x)), 12)}f}"
        )
    )
    ax.yaxis.set_major_locator(LogLocator(10, numticks=12))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n:,.0f}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel(
        f"{words.word('harm')} ← two-sided p-value (logarithmic) → {words.word('benefit')}"
    )
    ax.set_ylabel("Sample size (logarithmic)")
    ax.grid()


def _notes(table: pd.DataFrame, lines: pd.DataFrame, words: Words) -> list[str]:
    shown = table[table["drawn"] == "yes"]
    bounds = int(shown["p_operator"].isin([*BELOW, *ABOVE]).sum())
    once = shown.drop_duplicates("study_id")
    who = (
        f"{counted(len(shown), 'result', 'results')} of {counted(len(once), 'study', 'studies')}"
        " drawn"
    )
    if len(once):
        who += f" ({once['sample_size'].sum():,.0f} took part)"
    aside = table.loc[table["drawn"] != "yes", "drawn"].value_counts()
    why = "; ".join(f"{reason}: {aside[reason]}" for reason in REASONS if reason in aside)
    said = [
        f"{who}; {bounds} of them with a bound only: open marks, which point where the p-value"
        " lies."
    ]
    said.append(
        f"Not drawn: {int((table['drawn'] != 'yes').sum())} of"
        f" {counted(len(table), 'result', 'results')}" + (f" ({why})." if why else ".")
    )
    if again := int(shown.duplicated(["x", "sample_size", "p_operator"]).sum()):
        said.append(f"{again} hidden behind a mark at the same place.")
    said.append("Direction of effect. Results of one study are not independent.")
    if len(lines):
        said.append(
            "The lines take the two groups for equal in size: they show roughly how large an effect"
            " may be, and are no estimate."
        )
    return [" ".join(said), words.caution, f"Source: {words.source}."]


def _alt(table: pd.DataFrame, lines: pd.DataFrame, words: Words) -> str:
    shown = table[table["drawn"] == "yes"]
    parts = []
    for word in SIDES:
        here = shown[shown["direction"].astype("str") == word]
        exact = here[~here["p_operator"].isin([*BELOW, *ABOVE])]
        said = f"{words.word(word).lower()} {len(here)} ({len(exact)} with an exact p-value"
        parts.append(
            said
            + (
                f", {exact['p_value'].min():.2g} to {exact['p_value'].max():.2g})"
                if len(exact)
                else ")"
            )
        )
    spread = (
        f"; sample sizes {shown['sample_size'].min():,.0f} to {shown['sample_size'].max():,.0f}"
        if len(shown)
        else ""
    )
    drawn = (
        f" Contours: {lines['measure'].iloc[0]}"
        f" {', '.join(f'{effect:g}' for effect in lines['effect'].unique())}."
        if len(lines)
        else ""
    )
    left_out = int((table["drawn"] != "yes").sum())
    return (
        f"Albatross plot of {counted(len(shown), 'result', 'results')}: {'; '.join(parts)}{spread};"
        f" not drawn {left_out}.{drawn}"
    )
