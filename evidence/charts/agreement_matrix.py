"""Two readings of the same rows against each other."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    NEUTRAL,
    Size,
    asked,
    body,
    canvas,
    figure_of,
    letters,
    styled,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.synthesis.agreement import Confusion

MOST = 24
SHARE = 0.66  # of the width, for the cells


@draws(Confusion, made_by="evidence.confusion(ev, field)")
def agreement_matrix(
    matrix: Confusion,
    words: Words,
    *,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw two readings against each other.

    Parameters
    ----------
    matrix : Confusion
        A value that only one reading uses gets an empty row or column of its own.
    title : str, optional
        Default: do two readings agree.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` is the square table of counts, in the order of the dictionary.

    Raises
    ------
    UsageError
        When there is nothing to draw, a count is negative or not whole, or the values are too many
        for the width.
    """
    if matrix.empty:
        raise UsageError("nothing to draw: no row was read twice")
    field, kappa = matrix.field, matrix.kappa
    square = _square(matrix.frame, words, field)
    total = int(square.to_numpy().sum())
    if not total:
        raise UsageError("nothing to draw: no row was read twice")
    if len(square) > MOST:
        raise UsageError(f"{len(square)} values do not fit one chart; allowed: up to {MOST}")
    names = [words.label(field, value) for value in square.index]
    shown = words.dictionary.field(field, "studies", "findings") or words.dictionary.field(field)
    what = shown.title if shown and shown.title else field.replace("_", " ")
    title = title or f"{words.topic}: do two readings agree on “{what}”?"
    agreed = sum(int(square.iat[i, i]) for i in range(len(square)))
    notes = _notes(square, agreed, total, kappa, words)
    with styled(size) as chosen:
        cell = chosen.width * SHARE / len(names)
        rows = [wrap(name, letters(chosen, 0.22)) for name in names]
        heads, upwards = _heads(names, cell, chosen)
        label = 0.165 * (max(row.count("\n") for row in rows) + 1) + 0.1
        height = max(label, 0.36, 1.1 / len(names)) * chosen.text
        if ax is None:
            lines = [line for head in heads for line in head.split("\n")]
            above = (
                0.09 * max(map(len, lines))
                if upwards
                else 0.17 * max(head.count("\n") + 1 for head in heads)
            )
            inches = height * len(names) + (above + 0.4) * chosen.text
            subtitle = (
                f"{counted(total, 'row', 'rows')} read twice; outlined: both readings say the same"
            )
            figure = canvas(chosen, asked(inches, chosen), title, subtitle, notes)
            ax = body(figure).add_subplot()
        _draw(ax, square, rows, heads, upwards, cell, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(square, names, agreed, total, kappa),
        words.source,
        square,
        "agreement_matrix",
        tuple(notes),
    )


def _square(matrix: pd.DataFrame, words: Words, field: str) -> pd.DataFrame:
    counts = matrix.apply(pd.to_numeric, errors="coerce").fillna(0)
    if (counts < 0).to_numpy().any() or (counts % 1 != 0).to_numpy().any():
        raise UsageError("a count is negative or not whole; allowed: whole numbers from 0 up")
    values = pd.DataFrame(
        {
            field: pd.concat(
                [
                    pd.Series(list(matrix.index), dtype=object),
                    pd.Series(list(matrix.columns), dtype=object),
                ]
            )
        }
    )
    order = words.ranked(values, [field])[field].tolist()
    return counts.reindex(index=order, columns=order, fill_value=0).astype("int64")


def _heads(names: list[str], cell: float, size: Size) -> tuple[list[str], bool]:
    """Column names, wrapped to the cell when their longest word fits it, else to be written
    upwards.
    """
    room = int(cell / (0.082 * size.text))
    if max(len(word) for name in names for word in name.split() or [""]) <= room:
        return [wrap(name, room) for name in names], False
    lines = max(1, int(cell / (0.165 * size.text)))
    return [wrap(name, max(18, math.ceil(len(name) / lines) + 4)) for name in names], True


def _draw(
    ax: Axes,
    square: pd.DataFrame,
    rows: list[str],
    heads: list[str],
    upwards: bool,
    cell: float,
    size: Size,
) -> None:
    last, most = len(square) - 1, max(1, int(square.to_numpy().max()))
    # Figures as large as the cells allow.
    points = min(10 * size.text, 72 * cell * 0.86 / (0.72 * len(str(most))))
    for i, line in enumerate(square.to_numpy()):
        for j, n in enumerate(line):
            same = i == j
            label = f"{'agreed' if same else 'not agreed'}: {n}"
            face = _shade(n / most)
            edge = (
                {"edgecolor": INK, "linewidth": 1.8, "zorder": 2.5}
                if same
                else {"edgecolor": "#cccccc", "linewidth": 0.7}
            )
            ax.add_patch(
                Rectangle(
                    (j - 0.46, last - i - 0.46), 0.92, 0.92, facecolor=face, label=label, **edge
                )
            )
            ink = {
                "color": INK if n else "#6b6b6b",
                "fontweight": "bold" if same else "normal",
                "fontsize": points,
            }
            ax.annotate(str(n), (j, last - i), ha="center", va="center", zorder=3, **ink)
    ax.set_xlim(-0.52, last + 0.52)
    ax.set_ylim(-0.52, last + 0.52)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xticks(range(last + 1), heads, rotation=90 if upwards else 0)
    ax.set_yticks(range(last, -1, -1), rows)
    ax.set_xlabel("Second reading", fontweight="bold")
    ax.set_ylabel("First reading", fontweight="bold")
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)


def _shade(share: float) -> tuple[float, float, float]:
    """White to a light tint of the neutral colour, light enough for dark figures."""
    red, green, blue = (1 - 0.55 * share**0.5 * (1 - channel) for channel in to_rgb(NEUTRAL.color))
    return red, green, blue


def _kappa(kappa: tuple[float, float, float] | None) -> str:
    if kappa is None:
        return ""
    value, low, high = (math.nan if pd.isna(number) else float(number) for number in kappa)
    if math.isnan(value):
        return "Kappa is not defined here."
    return f"Kappa {value:.2f}" + (
        "." if math.isnan(low) or math.isnan(high) else f" (95 % interval {low:.2f} to {high:.2f})."
    )


def _notes(
    square: pd.DataFrame,
    agreed: int,
    total: int,
    kappa: tuple[float, float, float] | None,
    words: Words,
) -> list[str]:
    made = words.dictionary.settings.get("how_made", "")
    return [
        f"Agreed: {agreed:,} of {total:,} ({agreed / total:.0%}). {_kappa(kappa)}".strip(),
        "Readings are compared row by row, through no lens; agreement does not show that both are"
        " right." + (f" How made: {made}." if made else ""),
        words.caution,
        f"Source: {words.source}.",
    ]


def _alt(
    square: pd.DataFrame,
    names: list[str],
    agreed: int,
    total: int,
    kappa: tuple[float, float, float] | None,
) -> str:
    apart = [
        (int(square.iat[i, j]), f"{lower_first(names[i])} then {lower_first(names[j])}")
        for i in range(len(names))
        for j in range(len(names))
        if i != j and square.iat[i, j]
    ]
    often = "; ".join(f"{text} {n}" for n, text in sorted(apart, key=lambda pair: -pair[0])[:5])
    same = ", ".join(f"{lower_first(name)} {square.iat[i, i]}" for i, name in enumerate(names))
    said = " ".join(
        filter(
            None,
            [
                f"Agreed: {agreed} of {total} ({agreed / total:.0%}).",
                _kappa(kappa),
                f"Same in both: {same}.",
            ],
        )
    )
    return f"Matrix of two readings, first down, second across. {said} " + (
        f"Most frequent differences: {often}." if often else "No differences."
    )
