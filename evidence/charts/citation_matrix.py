"""Which review includes which study, as far as it could be read."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.rows import UNFILLED, Column, Draw, Entry, Part, Row, table_chart
from evidence.charts.style import (
    DEFAULT_SIZE,
    EDGE,
    EDGES,
    HOLLOW,
    MAIN,
    RULE,
    WHITE,
    Look,
    Size,
    cut,
    styled,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.nouns import number_form
from evidence.synthesis.inclusions import CitationMatrix

SIGNS = {
    "included": ("Included", MAIN, "s"),
    "not_included": ("Not included", Look(EDGES["not_placed"], "", "_", "#919191"), "_"),
    "unknown": ("Not known", HOLLOW, "o"),
    "impossible": ("Review older than study", Look(RULE, "", "x", "#d0d0d0"), "x"),
}
MOST = 60
TURN = 8  # columns above which the longer side goes down the page
LONGEST = 34


@draws(CitationMatrix, made_by="evidence.citation_matrix(ev)")
def citation_matrix(
    matrix: CitationMatrix, words: Words, *, title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw which review includes which study; the longer side goes down the page.

    Parameters
    ----------
    matrix : CitationMatrix
    title : str, optional
        Default: how many studies are in more than one review.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` keeps the shape of the input.

    Raises
    ------
    UsageError
        When there is nothing to draw, a cell holds another word, or the shorter side is too long
        for the width.
    """
    if matrix.empty:
        raise UsageError("nothing to draw: no review is known to include one of these studies")
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
    down, across = ("studies", "reviews") if turned else ("reviews", "studies")
    frame = Frame(
        title or _title(cells),
        words.said(f"{down.capitalize()} go down, {across} across"),
        _notes(cells),
        words,
    )
    with styled(size) as chosen:
        heads = [cut(str(name), LONGEST) for name in drawn.columns]
        figures = table_chart(
            chosen,
            frame,
            [Row(str(name)) for name in drawn.index],
            [Column("", draw=_signs(drawn), cells=heads, most_cell=5)],
            key=_key(cells, chosen),
            label_share=0.34,
            least=1.5,
            bands=True,
        )
    return Chart.of(figures, frame, _alt(cells), matrix.named, "citation_matrix")


def _signs(drawn: pd.DataFrame) -> Draw:
    values = drawn.to_numpy()

    def draw(axes: Axes, part: Part) -> None:
        for word, (label, look, marker) in SIGNS.items():
            places = [
                (j + 0.5, part.y[i])
                for i in part.rows
                for j in range(values.shape[1])
                if values[i, j] == word
            ]
            if places:
                x, y = zip(*places, strict=True)
                _scatter(axes, x, y, look, marker, label, part.size)

    return draw


def _scatter(axes: Axes, x, y, look: Look, marker: str, label: str, size: Size) -> None:
    color = size.color(look)
    edge = {"edgecolor": color}
    if marker in UNFILLED:
        edge = {}
    elif color == WHITE:
        edge = {"edgecolor": EDGE}
    axes.scatter(
        x,
        y,
        s=(0.72 * size.text) ** 2,
        marker=marker,
        color=color,
        linewidth=0.9,
        label=label,
        **edge,
    )


def _key(cells: pd.DataFrame, size: Size) -> list[Entry]:
    there = set(cells.to_numpy().ravel())
    return [
        (look, text.lower(), marker)
        for word, (text, look, marker) in SIGNS.items()
        if word in there
    ]


def _title(cells: pd.DataFrame) -> str:
    times = (cells == "included").sum(axis=0)
    several = int((times > 1).sum())
    studies = counted(cells.shape[1], "study", "studies")
    verb = number_form(several, "is", "are")
    reviews = counted(cells.shape[0], "review", "reviews")
    return f"{several} of {studies} {verb} known to be in more than one of {reviews}"


def _notes(cells: pd.DataFrame) -> tuple[str, ...]:
    unknown = int((cells == "unknown").sum().sum())
    return (
        f"Not known in {unknown} of {cells.size} cells: the list of the review could not be read"
        " there. A review is never counted together with the studies it reviews.",
    )


def _alt(cells: pd.DataFrame) -> str:
    parts = [
        f"{review}: includes {(line == 'included').sum()}, not known {(line == 'unknown').sum()}"
        for review, line in cells.iterrows()
    ]
    return (
        f"Matrix of {counted(cells.shape[0], 'review', 'reviews')} by"
        f" {counted(cells.shape[1], 'study', 'studies')}. {'; '.join(parts)}."
    )
