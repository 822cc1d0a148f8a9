"""One sign per study, side by side: a square, or the shape of its direction; a bar where they are
too many to be distinguished.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evidence.charts.style import EDGE, EDGES, LOOKS, WHITE, WIDTHS, Look, Size

WIDEST, SMALLEST = 0.95, 0.62  # em from square to square
MOST_HIGH = 3
LIGHT = {LOOKS[word].color for word in ("mixed", "no_clear_difference")}  # need an outline


@dataclass(frozen=True)
class Grid:
    """How squares stand in all lines of a chart: so many on top of each other, so far apart.

    Attributes
    ----------
    high : int
        Squares on top of each other; none when a bar is drawn in their place.
    step : float
        Em from square to square, or of the bar of one.
    """

    high: int
    step: float

    @property
    def tall(self) -> float:
        """Height of a line, in em."""
        return max(1.4, self.high * self.step + 0.55)

    def width(self, n: int) -> int:
        """Columns that so many squares take, or the length of the bar."""
        return math.ceil(n / self.high) if self.high else n


def grid_for(most: int, width: float, smallest: float = SMALLEST) -> Grid:
    """The grid in which the longest line fits a width."""
    for high in range(1, MOST_HIGH + 1):
        step = min(WIDEST, width / max(1, math.ceil(most / high)))
        if step >= smallest:
            return Grid(high, step)
    return Grid(0, width / most)


def square_line(
    axes: Axes,
    y: float,
    n: int,
    look: Look,
    label: str,
    grid: Grid,
    size: Size,
    start: int = 0,
    urls: Sequence[str | None] = (),
    marker: str = "s",
) -> int:
    """A line of so many signs from a column on, one unit of x a column; gives the next free
    column.
    """
    if not n:
        return start
    end = start + grid.width(n)
    paint = size.fill(look)
    if not grid.high:
        axes.add_patch(Rectangle((start, y - 0.4), n, 0.8, label=label, **paint))
        return end
    edge, line = paint["edgecolor"], 0.4
    if look.color == WHITE:  # hollow
        edge, line = EDGES["not_placed"], 0.8
    elif look.color in LIGHT:
        edge, line = EDGE, 0.5
    row = [i % grid.high - (min(n, grid.high) - 1) / 2 for i in range(n)]
    marks = axes.scatter(
        [start + i // grid.high + 0.5 for i in range(n)],
        [y + grid.step * up for up in row],
        s=(0.84 * WIDTHS.get(marker, 1.0) * grid.step * size.text) ** 2,
        marker=marker,
        facecolors=paint["facecolor"],
        edgecolors=edge,
        linewidths=line,
        hatch=paint.get("hatch") if marker == "s" else None,
        label=label,
        zorder=3,
    )
    if urls:
        marks.set_urls(list(urls))
    return end
