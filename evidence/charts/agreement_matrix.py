"""Two readings of the same rows against each other."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.gap_map import shade
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart
from evidence.charts.style import DEFAULT_SIZE, INK, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.nouns import share_of
from evidence.synthesis.agreement import Confusion
from evidence.synthesis.number_texts import percent

MOST = 24
Kappa = tuple[float, float, float] | None


@draws(Confusion, made_by="evidence.confusion(ev, field)")
def agreement_matrix(
    matrix: Confusion, words: Words, *, title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw two readings against each other.

    Parameters
    ----------
    matrix : Confusion
        A value that only one reading uses gets an empty row or column of its own.
    title : str, optional
        Default: how often two readings agree.
    size : {"web", "slide", "paper", "print"}

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
    square = _square(matrix.frame, words, matrix.field)
    total = int(square.to_numpy().sum())
    if not total:
        raise UsageError("nothing to draw: no row was read twice")
    if len(square) > MOST:
        raise UsageError(f"{len(square)} values do not fit one chart; allowed: up to {MOST}")
    names = [words.label(matrix.field, value) for value in square.index]
    agreed = sum(int(square.iat[i, i]) for i in range(len(square)))
    shown = words.dictionary.field(matrix.field, "studies", "findings")
    what = shown.title if shown and shown.title else matrix.field.replace("_", " ")
    frame = Frame(
        title
        or f"Two readings agree on {lower_first(what)} in {share_of(agreed, total, 'row', 'rows')}",
        words.said("First reading down, second across; outlined: both say the same"),
        _notes(matrix.kappa, words),
        words,
    )
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            [Row(name) for name in names],
            [Column("", draw=_cells(square), cells=names, most_cell=8)],
            label_share=0.28,
            least=2.2,
        )
    alt = _alt(square, names, agreed, total, matrix.kappa)
    return Chart.of(figures, frame, alt, square, "agreement_matrix")


def _square(matrix: pd.DataFrame, words: Words, field: str) -> pd.DataFrame:
    counts = matrix.apply(pd.to_numeric, errors="coerce").fillna(0)
    if (counts < 0).to_numpy().any() or (counts % 1 != 0).to_numpy().any():
        raise UsageError("a count is negative or not whole; allowed: whole numbers from 0 up")
    both = pd.Series([*matrix.index, *matrix.columns], dtype=object)
    order = words.ranked(pd.DataFrame({field: both}), [field])[field].tolist()
    return counts.reindex(index=order, columns=order, fill_value=0).astype("int64")


def _cells(square: pd.DataFrame) -> Draw:
    most = max(1, int(square.to_numpy().max()))

    def draw(axes: Axes, part: Part) -> None:
        for i in part.rows:
            y, tall = part.y[i], part.heights[i]
            for j, n in enumerate(square.iloc[i]):
                share = (n / most) ** 0.6
                edge: dict[str, object] = {"linewidth": 0}
                said, weight = "not agreed", "normal"
                if i == j:
                    edge = {"edgecolor": INK, "linewidth": 1.4, "zorder": 2}
                    said, weight = "agreed", "bold"
                axes.add_patch(
                    Rectangle(
                        (j + 0.03, y - tall / 2 + 0.08), 0.94, tall - 0.16,
                        facecolor=shade(share, part.size),
                        label=f"{said}: {n}", **edge,
                    )
                )  # fmt: skip
                if n or i == j:
                    axes.text(
                        j + 0.5, y, f"{n:,}", ha="center", va="center", color=INK,
                        fontweight=weight, fontsize=part.size.small,
                        zorder=3,
                    )  # fmt: skip

    return draw


def _kappa(kappa: Kappa) -> str:
    if kappa is None:
        return ""
    value, low, high = (math.nan if pd.isna(number) else float(number) for number in kappa)
    if math.isnan(value):
        return "Kappa is not defined here."
    if math.isnan(low) or math.isnan(high):
        return f"Kappa {value:.2f}."
    return f"Kappa {value:.2f} (95 % interval {low:.2f} to {high:.2f})."


def _notes(kappa: Kappa, words: Words) -> tuple[str, ...]:
    made = words.dictionary.settings.get("how_made", "")
    said = f"{_kappa(kappa)} That two readings agree does not show that both are right."
    if made:
        said += f" How made: {made}."
    return (said.strip(),)


def _alt(square: pd.DataFrame, names: list[str], agreed: int, total: int, kappa: Kappa) -> str:
    apart = [
        (int(square.iat[i, j]), f"{lower_first(names[i])} then {lower_first(names[j])}")
        for i in range(len(names))
        for j in range(len(names))
        if i != j and square.iat[i, j]
    ]
    often = "; ".join(f"{text} {n}" for n, text in sorted(apart, key=lambda pair: -pair[0])[:5])
    same = ", ".join(f"{lower_first(name)} {square.iat[i, i]}" for i, name in enumerate(names))
    said = [
        f"Matrix of two readings of {counted(total, 'row', 'rows')}, first down, second across.",
        f"Agreed: {agreed} of {total} ({percent(agreed / total)}).",
        _kappa(kappa),
        f"Same in both: {same}.",
        f"Most frequent differences: {often}." if often else "No differences.",
    ]
    return " ".join(filter(None, said))
