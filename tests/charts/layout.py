"""Measure the texts of a drawn chart: none may cover another or leave the figure."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import combinations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

TOLERANCE = 2.0  # pixels
MOST_DOTS = 150  # an inch
ODD_NAMES = [
    "Costs $5 and $x^2$",
    "snake_case_name_2",
    "a < b & c > d",
    (
        "A very long name that continues and on, with a clause about this and a clause about that,"
        " and (in brackets) some more of it"
    ),
    "Averyveryverylongwordwithoutanyplacetobreakitintotwolines",
    "שלום עולם",
    "مرحبا بالعالم",
    "50 % \\alpha {braces} ^hat",
]


def assert_nothing_overlaps(chart, tolerance: float = TOLERANCE) -> None:
    """Fail when two texts of a chart overlap, or a text leaves the figure.

    Parameters
    ----------
    chart : Chart
        Drawn as it would be saved, in the house style.
    tolerance : float
        Pixels that two boxes may share, or a box may stand out.
    """
    faults = [fault for page in chart.pages for fault in layout_faults(page, tolerance)]
    if faults:
        raise AssertionError(
            f"{len(faults)} faults in the layout of {chart.title!r}:\n" + "\n".join(faults[:20])
        )


def coloured(chart) -> list[str]:
    """Colours of marks, if any: a grey has none."""
    shades = chart.marks["look"].str.extract(r"(#[0-9a-f]{6})")[0].dropna().unique()
    return [shade for shade in shades if len({shade[1:3], shade[3:5], shade[5:7]}) > 1]


def layout_faults(figure, tolerance: float = TOLERANCE) -> list[str]:
    """One line for each text outside the figure, and for each pair that overlaps."""
    boxes = drawn_texts(figure)
    width, height = figure.bbox.width, figure.bbox.height
    faults = [
        f"{words!r} leaves the figure ({width:.0f} x {height:.0f}): {_shown(box)}"
        for words, box in boxes
        if box[0] < -tolerance
        or box[1] < -tolerance
        or box[2] > width + tolerance
        or box[3] > height + tolerance
    ]
    for (one, a), (other, b) in combinations(boxes, 2):
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        if wide > tolerance and high > tolerance:
            faults.append(f"{one!r} {_shown(a)} overlaps {other!r} {_shown(b)}")
    return faults


def text_sizes(figure) -> list[float]:
    """Sizes of the text that the renderer really draws, in points."""
    return [text.get_fontsize() for text in _texts(figure)]


def drawn_texts(figure) -> list[tuple[str, np.ndarray]]:
    """Texts that the renderer really draws (not ticks outside the limits), each with its box ``x0,
    y0, x1, y1`` in pixels.
    """
    texts = _texts(figure)
    renderer = FigureCanvasAgg(figure).get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer).extents) for text in texts]


def _texts(figure) -> list[Text]:
    from evidence.charts.style import styled

    FigureCanvasAgg(figure)
    figure.set_dpi(min(figure.dpi, MOST_DOTS))
    with styled(), _recorded() as seen:
        figure.draw_without_rendering()  # every artist is asked to draw, nothing is painted
        return list(seen.values())


@contextmanager
def _recorded():
    seen: dict[int, Text] = {}
    plain = Text.draw

    def draw(self, renderer, *args, **options):
        if self.get_visible() and self.get_text().strip():
            seen[id(self)] = self
        return plain(self, renderer, *args, **options)

    Text.draw = draw
    try:
        yield seen
    finally:
        Text.draw = plain


def _shown(box: np.ndarray) -> str:
    return "[" + ", ".join(f"{value:.0f}" for value in box) + "]"
