"""A page with one pair of axes that fills it: for charts that are not tables."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evidence.charts.page import Frame, pages, room
from evidence.charts.style import SOFT, Size

TALL, LEFT, BELOW, ABOVE = 24.0, 4.6, 3.8, 2.6  # em: of the axes, around them


def one_plot(size: Size, frame: Frame, xlabel: str, ylabel: str) -> tuple[Figure, Axes]:
    """Axes with their labels: that of the vertical one stands above it, to be read level."""
    tall = min(TALL, room(size, frame) - BELOW - ABOVE)
    page, _, _ = pages(size, frame, [tall], fixed=BELOW + ABOVE, stretch=1.0)[0]
    axes = page.axes(LEFT, ABOVE, page.across - LEFT - 1.0, tall)
    axes.set_xlabel(xlabel, fontsize=size.small)
    canvas = page.canvas("names")
    canvas.text(0, 0.8, ylabel, fontsize=size.small, color=SOFT, va="center", gid="furniture")
    axes.tick_params(axis="y", colors=SOFT)
    axes.grid()
    return page.figure, axes
