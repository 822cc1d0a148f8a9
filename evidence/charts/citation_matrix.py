"""Reviews against studies: which review includes which study, which could not have known it, and
where nobody can tell.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    Size,
    asked,
    body,
    canvas,
    cut,
    figure_of,
    legend_above,
    letters,
    styled,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.synthesis.inclusions import CitationMatrix

SIGNS = {
    "included": "Included",
    "not_included": "Not included",
    "unknown": "Not known",
    "impossible": "Review older than study",
}
BLUE, GREY, PALE = "#0072b2", "#767676", "#8c8c8c"
MOST = 60
TURN = 26  # columns above which the longer side goes down the page
SHARE = 0.72


@draws(CitationMatrix, made_by="evidence.citation_matrix(ev)")
def citation_matrix(
    matrix: CitationMatrix,
    words: Words,
    *,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw which review includes which study.

    Parameters
    ----------
    matrix : CitationMatrix
    title : str, optional
        Default: which reviews include which studies.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        With more than 26 studies, and more studies than reviews, the studies go down the page.
        ``data`` keeps the shape of the input.

    Raises
    ------
    UsageError
        When there is nothing to draw, a cell holds another word, or the shorter side is too long
        for the width.
    """
    if matrix.empty:
        raise UsageError("nothing to draw: no review or no study")
    cells = matrix.named.astype("object").fillna("unknown")
    other = [word for word in pd.unique(cells.to_numpy().ravel()) if word not in SIGNS]
    if other:
        raise UsageError(f"a cell holds {other[0]!r}; allowed: {', '.join(SIGNS)}")
    turned = cells.shape[1] > max(TURN, cells.shape[0])
    drawn = cells.T if turned else cells
    if drawn.shape[1] > MOST:
        raise UsageError(
            f"{cells.shape[0]} reviews by {cells.shape[1]} studies do not fit one chart; allowed:"
            f" up to {MOST} on the shorter side"
        )
    title = title or f"{words.topic}: which reviews include which studies?"
    notes = _notes(cells, words)
    with styled(size) as chosen:
        cell = chosen.width * SHARE / drawn.shape[1]
        rows = [wrap(str(name), letters(chosen, 0.26)) for name in drawn.index]
        heads = [cut(str(name), 34) for name in drawn.columns]
        points = min(9.0 * chosen.text, 72 * cell * 0.78)
        step = (0.155 * (max(row.count("\n") for row in rows) + 1) + 0.055) * chosen.text
        if ax is None:
            inches = (
                step * len(rows)
                + 0.0105 * points * max(map(len, heads))
                + (0.75 + 0.2 * (chosen.text > 1)) * chosen.text
            )
            down, across = ("studies", "reviews") if turned else ("reviews", "studies")
            subtitle = (
                f"{counted(cells.shape[0], 'review', 'reviews')},"
                f" {counted(cells.shape[1], 'study', 'studies')}; {down} go down, {across} across"
            )
            figure = canvas(chosen, asked(inches, chosen), title, subtitle, notes)
            ax = body(figure).add_subplot()
        _draw(ax, drawn, rows, heads, points, cell, step, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(cells),
        words.source,
        matrix.named,
        "citation_matrix",
        tuple(notes),
    )


def _draw(
    ax: Axes,
    cells: pd.DataFrame,
    rows: list[str],
    heads: list[str],
    points: float,
    cell: float,
    step: float,
    size: Size,
) -> None:
    last, table = len(cells) - 1, cells.to_numpy()
    side = min(8.0 * size.text, 72 * 0.66 * min(cell, step))
    wide = 0.76 * min(1, 1.6 * step / cell)  # boxes do not become bands where columns are few
    where = {
        word: [
            (j, last - i)
            for i, line in enumerate(table)
            for j, said in enumerate(line)
            if said == word
        ]
        for word in SIGNS
    }
    for word in ("unknown", "impossible"):
        for x, y in where[word]:
            ax.add_patch(
                Rectangle((x - wide / 2, y - 0.38), wide, 0.76, label=SIGNS[word], **_box(word))
            )
    looks = {
        "included": {"s": side**2, "color": BLUE, "edgecolor": INK, "linewidth": 0.6},
        "not_included": {
            "s": (0.45 * side) ** 2,
            "facecolor": "none",
            "edgecolor": GREY,
            "linewidth": 0.9,
        },
    }
    for word, look in looks.items():
        if where[word]:
            ax.scatter(*zip(*where[word], strict=True), label=SIGNS[word], zorder=3, **look)
    ax.set_xticks(range(len(heads)), heads, rotation=90, fontsize=points)
    ax.set_yticks(range(last, -1, -1), rows, fontsize="small")
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_xlim(-0.6, len(heads) - 0.4)
    ax.set_ylim(-0.6, last + 0.6)
    for spine in ax.spines.values():
        spine.set_visible(False)
    for edge in range(last):
        ax.axhline(edge + 0.5, color="#ececec", linewidth=0.6, gid="furniture")
    legend_above(ax, _legend(where), size)


def _box(word: str) -> dict:
    """Slanted lines for what is not known, crossed lines for what cannot be."""
    hatch = {"unknown": "////", "impossible": "xxxxx"}[word]
    return {
        "facecolor": "#ffffff",
        "edgecolor": PALE if word == "unknown" else GREY,
        "hatch": hatch,
        "linewidth": 0.4,
    }


def _legend(where: dict[str, list]) -> list:
    handles: list = []
    for word in SIGNS:
        if where[word] and word in ("unknown", "impossible"):
            handles.append(Patch(label=SIGNS[word], **_box(word)))
        elif where[word]:
            look = (
                {"markerfacecolor": BLUE, "markeredgecolor": INK, "markersize": 8}
                if word == "included"
                else {}
            )
            look = look or {"markerfacecolor": "none", "markeredgecolor": GREY, "markersize": 5}
            handles.append(Line2D([], [], linestyle="none", marker="o", label=SIGNS[word], **look))
    return handles


def _count(cells: pd.DataFrame) -> dict[str, int]:
    return {word: int((cells == word).to_numpy().sum()) for word in SIGNS}


def _notes(cells: pd.DataFrame, words: Words) -> list[str]:
    counts = _count(cells)
    never = int((~(cells == "included").any()).sum())
    return [
        f"Of {cells.size:,} cells: "
        + ", ".join(f"{SIGNS[word].lower()} {n:,}" for word, n in counts.items())
        + ".",
        (
            f"In no review here: {counted(never, 'study', 'studies')} of {cells.shape[1]}. The lens"
            " plays no part: a mark says nothing of the findings."
        ),
        words.caution,
        f"Source: {words.source}.",
    ]


def _alt(cells: pd.DataFrame) -> str:
    counts = _count(cells)
    by_study = (cells == "included").sum().sort_values(ascending=False, kind="stable")
    by_review = (cells == "included").sum(axis=1).sort_values(ascending=False, kind="stable")
    said = ", ".join(f"{SIGNS[word].lower()} {n}" for word, n in counts.items())
    often = ", ".join(f"{name} {n}" for name, n in by_study.head(5).items() if n)
    wide = ", ".join(f"{name} {n}" for name, n in by_review.head(5).items() if n)
    return f"Matrix of {cells.shape[0]} reviews by {cells.shape[1]} studies: {said}." + (
        f" Studies in most reviews: {often}. Reviews with most studies: {wide}." if often else ""
    )
