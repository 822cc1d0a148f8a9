"""Colours, hatches, sizes and the frame that every chart shares."""

from __future__ import annotations

import textwrap
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

from evidence.errors import UsageError
from evidence.model.source_notices import MARK

STYLE = Path(__file__).with_name("old.mplstyle")
INK = "#222222"
MOST_LINES = 8  # of a title, a subtitle or a note


@dataclass(frozen=True)
class Look:
    """How a direction is drawn: fill, hatch and marker. Colour is never the only sign."""

    color: str
    hatch: str
    marker: str


# Blue, orange and yellow of Okabe and Ito, darkened or outlined so that each stands out from white
# by 3 to 1.
LOOKS = {
    "benefit": Look("#0072b2", "", "^"),
    "no_clear_difference": Look("#9a9a9a", "..", "o"),
    "mixed": Look("#f0c94d", "xx", "D"),
    "harm": Look("#c44601", "//", "v"),
    "null": Look("#9a9a9a", "..", "o"),
    "not_placed": Look("#ffffff", "", "s"),
}
NEUTRAL = Look("#5b7f95", "", "o")


class SteadyLayout(ConstrainedLayoutEngine):
    """Constrained layout whose places are rounded: the last digits of its solver change from run to
    run, and with them single pixels.
    """

    def execute(self, fig: Figure) -> None:
        super().execute(fig)
        for part in _parts(fig):
            if isinstance(part, SubFigure):
                part._redo_transform_rel_fig(Bbox(np.round(part.bbox_relative.get_points(), 7)))
            for axes in part._localaxes:
                axes._set_position(
                    Bbox(np.round(axes.get_position(original=True).get_points(), 7)), which="both"
                )


def _parts(figure: Figure | SubFigure) -> Iterator[Figure | SubFigure]:
    yield figure
    for part in figure.subfigs:
        yield from _parts(part)


@dataclass(frozen=True)
class Size:
    """Width in inches, scale of the text, and dots an inch for pictures."""

    width: float
    text: float
    dpi: int


SIZES = {"web": Size(8.0, 1.0, 110), "paper": Size(7.0, 0.85, 300), "slide": Size(12.0, 1.45, 120)}
DEFAULT_SIZE = "web"


_DRAWING = threading.RLock()


@contextmanager
def styled(size: str = DEFAULT_SIZE) -> Iterator[Size]:
    """Matplotlib in the house style at one of the sizes, for as long as the block lasts.

    A letter that the font lacks is drawn as a box, without a warning: the alt text and the data
    hold it as it is. One thread at a time: Matplotlib's settings are those of the whole process,
    and a notebook draws in cells and in controls at once.
    """
    chosen = SIZES[size]
    with _DRAWING, mpl.rc_context(fname=str(STYLE)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ")
        for name in (
            "font.size",
            "axes.titlesize",
            "axes.labelsize",
            "xtick.labelsize",
            "ytick.labelsize",
            "legend.fontsize",
            "figure.titlesize",
        ):
            mpl.rcParams[name] = mpl.rcParams[name] * chosen.text
        yield chosen


def wrap(text: str, width: int) -> str:
    """Text in lines of at most ``width`` letters."""
    return "\n".join(
        line for part in text.split("\n") for line in textwrap.wrap(part, width) or [""]
    )


def _first_lines(text: str) -> str:
    """At most so many lines that a chart stays a chart; the text beside it holds all of them."""
    lines = text.split("\n")
    return (
        text
        if len(lines) <= MOST_LINES
        else "\n".join([*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + " …"])
    )


def cut(name: str, most: int) -> str:
    """A name of at most ``most`` letters; that a paper was retracted is never cut off.

    >>> cut("Somebody et al. 2001", 12), cut("Somebody et al. 2001 (retracted)", 12)
    ('Somebody et…', 'Somebody et… (retracted)')
    """
    stem = name.removesuffix(MARK)
    return (stem if len(stem) <= most else stem[: most - 1].rstrip() + "…") + name[len(stem) :]


def letters(size: Size, share: float = 1.0, scale: float = 1.0) -> int:
    """How many letters fit into a share of the width."""
    return max(12, int(size.width * share * 13.2 / (size.text * scale)))


def canvas(size: Size, height: float, title: str, subtitle: str, notes: list[str]) -> Figure:
    """An empty figure with title, subtitle and notes; the height is that of the drawing, the words
    are added to it.

    The words have strips of their own, so that nothing runs into the drawing. What is left is the
    last of the figure's subfigures.
    """
    lines = {
        "title": _first_lines(wrap(title, letters(size, scale=1.7))),
        "subtitle": _first_lines(wrap(subtitle, letters(size))),
        "notes": "\n".join(
            _first_lines(wrap(note, letters(size, scale=0.9))) for note in notes if note
        ),
    }
    line = 0.165 * size.text
    strips = {
        name: (text.count("\n") + 1) * line * factor if text else 0.0
        for (name, text), factor in zip(lines.items(), (1.5, 1.08, 0.9), strict=True)
    }
    top, bottom = (
        strips["title"] + strips["subtitle"] + 0.14 * size.text,
        strips["notes"] + 0.06 * size.text,
    )
    drawing = height * (0.6 + 0.4 * size.text) if size.text > 1 else height
    # Dots an inch are given here: what is set later does not reach saved pictures.
    figure = Figure(
        figsize=(size.width, top + drawing + bottom), dpi=size.dpi, layout=SteadyLayout()
    )
    head, _, foot = figure.subfigures(3, 1, height_ratios=[top, drawing, bottom])
    for strip in figure.subfigs:
        strip.patch.set_visible(
            False
            # its corner at the figure's edge is 0 or -0 by chance, which would change the bytes of a
            # PDF
        )
    total = top
    head.text(
        0.012,
        1 - 0.08 * size.text / total,
        lines["title"],
        ha="left",
        va="top",
        fontsize="x-large",
        fontweight="bold",
        linespacing=1.15,
    )
    if lines["subtitle"]:
        head.text(
            0.012,
            1 - (0.1 * size.text + strips["title"]) / total,
            lines["subtitle"],
            ha="left",
            va="top",
            linespacing=1.15,
        )
    if lines["notes"]:
        foot.text(
            0.012,
            1 - 0.03 / bottom,
            lines["notes"],
            ha="left",
            va="top",
            fontsize="small",
            color="#444444",
            linespacing=1.2,
        )
    return figure


def body(figure: Figure) -> SubFigure:
    """The part of a canvas that is drawn on."""
    return figure.subfigs[1]


def figure_of(ax: Axes) -> Figure:
    """The whole figure that an axes belongs to."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise UsageError("the axes belong to no figure")
    return figure


def legend_above(ax: Axes, handles: Sequence[Artist], size: Size) -> None:
    """Legend between subtitle and drawing, in as many columns as fit the width; it needs about 0.3
    inches of height for each of its lines.
    """
    parent = ax.get_figure(root=False)
    if parent is None or not handles:
        return
    labels = [str(handle.get_label()) for handle in handles]
    columns = len(labels)
    while columns > 1 and sum(
        max(len(label) for label in labels[i::columns]) + 8 for i in range(columns)
    ) > letters(size):
        columns -= 1
    parent.legend(handles=handles, loc="outside upper left", ncols=columns)


def row_height(labels: Sequence[str], size: Size, least: float = 0.36) -> float:
    """Inches that each row needs for the longest of its wrapped labels, as :func:`canvas` counts
    them.
    """
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    text = size.text / (0.6 + 0.4 * size.text) if size.text > 1 else size.text
    return max(least, (0.165 * lines + 0.1) * text)


def asked(inches: float, size: Size) -> float:
    """Height to ask of :func:`canvas` for so many inches in the finished picture; it stretches
    drawings on slides.
    """
    return inches / (0.6 + 0.4 * size.text) if size.text > 1 else inches


def text_width(texts: Sequence[str], scale: float = 1.0) -> float:
    """Inches that the widest of some texts takes at the font size of tick labels, inside
    :func:`styled`.
    """
    from matplotlib.textpath import TextPath

    points = float(mpl.rcParams["xtick.labelsize"]) * scale
    lines = {line for text in texts for line in text.split("\n") if line.strip()}
    # The furthest control point: the exact extent of the curves is the same for nearly all letters,
    # and fifty times as slow.
    return (
        max(
            (float(TextPath((0, 0), line, size=points).vertices[:, 0].max()) for line in lines),
            default=0.0,
        )
        / 72
    )
