"""The albatross plot: p-value against sample size, with contours of equal effect.

Harrison, Jones, Martin, Davies and Higgins (2017), *Research Synthesis Methods* 8:281-289, doi
10.1002/jrsm.1239.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MultipleLocator, NullFormatter, NullLocator

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.plot import one_plot
from evidence.charts.style import DEFAULT_SIZE, FAINT, INK, SOFT, WHITE, Size, styled
from evidence.charts.words import SIDES, Words, counted
from evidence.errors import UsageError
from evidence.nouns import number_form, share_of
from evidence.synthesis.contours import contours
from evidence.synthesis.number_texts import percent
from evidence.synthesis.results import Results

BELOW, ABOVE = ("<", "<="), (">", ">=")
DASHES: tuple = ("solid", "dashed", "dashdot", "dotted", (0, (8, 2)), (0, (1, 4)))
MEASURES = {"SMD": "standardised difference", "OR": "odds ratio", "r": "correlation"}
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
        Measure of the contours; they assume groups of equal size.
    effects : sequence of float, optional
        Effects of the contours. Default: small to large ones.
    title : str, optional
        Default: p-values and sample sizes.
    size : {"web", "slide", "paper", "print"}

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
    sides = _sides(results, table, words)
    frame = Frame(
        title or _title(table, sides),
        words.said(f"One point is one result; along a line the {MEASURES[measure]} is the same"),
        _notes(table, lines),
        words,
        _marks_note(table),
    )
    with styled(size) as chosen:
        label = f"← {sides['harm']}      two-sided p-value      {sides['benefit']} →"
        figure, axes = one_plot(chosen, frame, label, "How many took part")
        _draw(axes, table[table["drawn"] == "yes"], lines, words, chosen)
    return Chart.of([figure], frame, _alt(table, lines, sides), table, "albatross")


def _sides(results: Results, table: pd.DataFrame, words: Words) -> dict[str, str]:
    """What the two sides are called in the drawn results, or in all where none is drawn."""
    drawn = (table["drawn"] == "yes").to_numpy()
    shown = results.frame[drawn] if drawn.any() else results.frame
    asked = results.ev.studies.set_index("study_id").reindex(shown["study_id"])[words.kept_apart]
    rows = asked.assign(
        outcome_domain=shown.get("outcome_domain", pd.Series(dtype="str")).to_numpy()
    )
    lines = rows.drop_duplicates().to_dict("records")
    return {word: words.common(word, lines) for word in SIDES}


def _title(table: pd.DataFrame, sides: dict[str, str]) -> str:
    """On which side most of the drawn results stand, and how many of all are drawn."""
    shown = table[table["drawn"] == "yes"]
    if shown.empty:
        results = counted(len(table), "result", "results")
        return f"None of {results} prints a p-value and how many took part"
    right = int((shown["x"] > 0).sum())
    word = "benefit" if 2 * right >= len(shown) else "harm"
    n = max(right, len(shown) - right)
    drawn = percent(len(shown) / len(table))
    return (
        f"{share_of(n, len(shown), 'result', 'results')} with a p-value"
        f" {number_form(n, 'points', 'point')} to {sides[word]}; {drawn} of all print one"
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
    reach = 3.0
    if len(shown):
        reach = max(3.0, float(shown["x"].abs().max() or 0) * 1.08)
    bottom, top = (
        (min(10.0, float(n.min()) / 1.8), float(n.max()) * 1.8) if len(shown) else (5.0, 5000.0)
    )
    top = max(top, bottom * 20)
    ax.set_yscale("log")
    ax.set_xlim(-reach, reach)
    ax.set_ylim(bottom, top)
    _contours(ax, lines, reach, bottom, top, size)
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
            outward, inward = "<", ">"
            if sign > 0:
                outward, inward = ">", "<"
            look = size.look(word)
            marker = {"exact": look.marker, "below": outward, "above": inward}[kind]
            face, edge, line, note = WHITE, size.color(look), 1.4, f", p {kind} the mark"
            if kind == "exact":
                face, edge, line, note = size.color(look), INK, 0.6, ""
            ax.scatter(
                part["x"],
                part["sample_size"].astype(float),
                s=(0.75 * size.text) ** 2,
                marker=marker,
                facecolor=face,
                edgecolor=edge,
                linewidth=line,
                label=words.word(word) + note,
                zorder=3,
                clip_on=False,
            )
    _axes(ax, reach)


def _contours(
    ax: Axes, lines: pd.DataFrame, reach: float, bottom: float, top: float, size: Size
) -> None:
    """Lines of equal effect, each with its name where it leaves the axes."""
    for number, (effect, line) in enumerate(lines.groupby("effect", sort=True)):
        out = -np.log10(line["p_value"])
        inside = (out <= reach) & line["n"].between(bottom, top)
        if not inside.any():
            continue
        name = f"{effect:g}"
        for word, sign in SIDES.items():
            ax.plot(
                sign * out[inside], line.loc[inside, "n"], color=FAINT, linewidth=1.0,
                linestyle=DASHES[number % len(DASHES)], label=f"{name}, {word}", zorder=1,
            )  # fmt: skip
        last = out[inside].idxmax()
        side = -1 if number == 0 else 1  # the steepest line at the left, where there is room
        ax.annotate(
            name, (side * out[last], line.loc[last, "n"]), xytext=(-3, 2),
            textcoords="offset points", ha="right", va="bottom",
            fontsize=size.small, color=SOFT, gid="furniture",
        )  # fmt: skip


def _axes(ax: Axes, reach: float) -> None:
    step = next(step for step, most in ((1, 4.5), (2, 9.0), (5, float("inf"))) if reach <= most)
    ax.xaxis.set_major_locator(MultipleLocator(step))
    ax.xaxis.set_major_formatter(FuncFormatter(_p_tick))
    ax.yaxis.set_major_locator(LogLocator(10, numticks=12))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n:,.0f}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_minor_locator(NullLocator())


def _p_tick(x: float, _: object) -> str:
    digits = min(abs(round(x)), 12)
    return "1" if digits == 0 else f"{10.0 ** -abs(x):.{digits}f}"


def _bounds(table: pd.DataFrame) -> int:
    """How many drawn results have a bound of their p-value alone."""
    drawn = table.loc[table["drawn"] == "yes", "p_operator"]
    return int(drawn.isin([*BELOW, *ABOVE]).sum())


def _marks_note(table: pd.DataFrame) -> str:
    """What an open mark is, where there is one."""
    number = _bounds(table)
    if not number:
        return ""
    return f"Open triangles point where the p-value lies: {number} with a bound only."


def _notes(table: pd.DataFrame, lines: pd.DataFrame) -> tuple[str, ...]:
    shown = table[table["drawn"] == "yes"]
    once = shown.drop_duplicates("study_id")
    who = (
        f"{counted(len(shown), 'result', 'results')} of {counted(len(once), 'study', 'studies')}"
        " drawn"
    )
    if len(once):
        who += f" ({once['sample_size'].sum():,.0f} took part)"
    aside = table.loc[table["drawn"] != "yes", "drawn"].value_counts()
    why = "; ".join(f"{reason}: {aside[reason]}" for reason in REASONS if reason in aside)
    said = [f"{who}."]
    said.append(
        f"Not drawn: {int((table['drawn'] != 'yes').sum())} of"
        f" {counted(len(table), 'result', 'results')}" + (f" ({why})." if why else ".")
    )
    if again := int(shown.duplicated(["x", "sample_size", "p_operator"]).sum()):
        said.append(f"{again} hidden by a mark at the same place.")
    said.append("Direction of effect. Results of one study are not independent.")
    if len(lines):
        said.append(
            "The lines assume two groups of equal size: they show roughly how large an effect"
            " may be, and are not an estimate."
        )
    return (" ".join(said),)


def _alt(table: pd.DataFrame, lines: pd.DataFrame, sides: dict[str, str]) -> str:
    shown = table[table["drawn"] == "yes"]
    parts = []
    for word in SIDES:
        here = shown[shown["direction"].astype("str") == word]
        exact = here[~here["p_operator"].isin([*BELOW, *ABOVE])]
        said = f"{sides[word]} {len(here)} ({len(exact)} with an exact p-value"
        parts.append(
            said
            + (
                f", {exact['p_value'].min():.2g} to {exact['p_value'].max():.2g})"
                if len(exact)
                else ")"
            )
        )
    spread = ""
    if len(shown):
        spread = (
            f"; sample sizes {shown['sample_size'].min():,.0f} to {shown['sample_size'].max():,.0f}"
        )
    drawn = ""
    if len(lines):
        drawn = (
            f" Contours: {MEASURES[lines['measure'].iloc[0]]}"
            f" {', '.join(f'{effect:g}' for effect in lines['effect'].unique())}."
        )
    left_out = int((table["drawn"] != "yes").sum())
    return (
        f"Albatross plot of {counted(len(shown), 'result', 'results')}: {'; '.join(parts)}{spread};"
        f" not drawn {left_out}.{drawn}"
    )
