"""A page of a chart: title and subtitle above, caution and source below, and places between.

Places are given in em (the size of the text of the page) from the top left of what is left
between the words, so that a chart is laid out once for all sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evidence.charts.style import INK, SOFT, Size, height_of, wrap
from evidence.charts.words import Words

MOST_NOTE = 2  # lines of a note of names on a slide; the caption has all of them
MOST_LINES = 6  # of a title, and of what stands below it: more than any has, and short of a page


@dataclass(frozen=True)
class Frame:
    """The words around a drawing, before they are wrapped for a size.

    Attributes
    ----------
    title, subtitle : str
    notes : tuple of str
        What is below the drawing, and is left to the caption where there is little room.
    words : Words
        For the caution and the source line.
    key : str
        What explains the marks: it goes before the notes, and slides keep it alone of them.
    """

    title: str
    subtitle: str
    notes: tuple[str, ...]
    words: Words
    key: str = ""

    @property
    def below(self) -> tuple[str, ...]:
        """The key and the notes; the key begins the first of them."""
        first = " ".join(filter(None, [self.key, *self.notes[:1]]))
        return tuple(filter(None, [first, *self.notes[1:]]))

    @property
    def caption(self) -> tuple[str, ...]:
        """All that is said below and above the drawing, beside the title."""
        said = [self.subtitle, *self.below, *self.words.cautions, f"Source: {self.words.source}."]
        return tuple(filter(None, said))


class Page:
    """One page, with a body of some height.

    Parameters
    ----------
    size : Size
    frame : Frame
    body : float
        Height of the drawing, in em.
    number, of : int
        Which page this is.
    """

    def __init__(self, size: Size, frame: Frame, body: float, number: int = 1, of: int = 1):
        self.size = size
        head, foot = _above(size, frame), _below(size, frame, number, of)
        self.across, self.body = size.across, body
        self._top = size.margin + sum(part.height for part in head) * size.em
        below = sum(part.height for part in foot) * size.em
        height = self._top + body * size.em + below + size.margin
        height = size.most if size.fixed else min(height, size.most)
        self.height = height
        self.figure = Figure(figsize=(size.width, height), dpi=size.dpi)
        self._write_all(head, size.margin)
        self._write_all(foot, height - size.margin - below)

    def _write_all(self, parts: Sequence[_Words], top: float) -> None:
        for part in parts:
            top += part.before * self.size.em
            self.figure.text(
                self.size.margin / self.size.width,
                1 - top / self.height,
                part.text,
                fontsize=part.points,
                fontweight="bold" if part.bold else "normal",
                color=part.color,
                ha="left",
                va="top",
                linespacing=self.size.spacing,
            )
            top += (part.height - part.before) * self.size.em

    def axes(self, x: float, y: float, width: float, height: float, label: str = "") -> Axes:
        """Axes at a place, in em from the top left of the body."""
        em, size = self.size.em, self.size
        left, top = size.margin + x * em, self._top + y * em
        place = (
            left / size.width,
            1 - (top + height * em) / self.height,
            width * em / size.width,
            height * em / self.height,
        )
        rounded = [round(value, 7) for value in place]
        axes = self.figure.add_axes(tuple(rounded), label=label)
        return axes

    def canvas(self, label: str = "", x: float = 0, y: float = 0) -> Axes:
        """Axes without lines, whose units are em from the top left."""
        width, height = self.across - x, self.body - y
        axes = self.axes(x, y, width, height, label)
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.set_axis_off()
        return axes


@dataclass(frozen=True)
class _Words:
    """A wrapped text of the page."""

    text: str
    points: float
    color: str
    height: float
    before: float = 0.0
    bold: bool = False


def _above(size: Size, frame: Frame) -> list[_Words]:
    if not size.titled:
        return []
    title = wrap(frame.title, size.across, size, size.title, bold=True, most=MOST_LINES)
    subtitle = wrap(frame.subtitle, size.across, size, most=MOST_LINES)
    parts = [_Words(title, size.title, INK, height_of(title, size, size.title), bold=True)]
    if subtitle:
        parts.append(_Words(subtitle, size.text, SOFT, height_of(subtitle, size) + 0.25, 0.25))
    return [*parts, _Words("", size.text, INK, 1.1)]


def _below(size: Size, frame: Frame, number: int, of: int) -> list[_Words]:
    if not size.titled:
        return []
    several = f" Page {number} of {of}." if of > 1 else ""
    last = [*frame.words.cautions, f"Source: {frame.words.source}.{several}"]
    said = [*frame.below, *last]
    if size.fixed:
        said = [" ".join(filter(None, [frame.key, *(_short(text, frame, size) for text in last)]))]
    text = "\n".join(wrap(line, size.across, size, size.small) for line in said if line)
    return [_Words(text, size.small, SOFT, height_of(text, size, size.small) + 0.9, 0.9)]


def _short(text: str, frame: Frame, size: Size) -> str:
    """A line for a slide, where a note that lists many names would leave no room for the chart."""
    if text != frame.words.note:
        return text
    return wrap(text, size.across, size, size.small, most=MOST_NOTE).replace("\n", " ")


def onto_pages(
    heights: Sequence[float],
    free: float,
    together: Sequence[int] = (),
    again: Sequence[float] = (),
) -> list[list[int]]:
    """Rows on as few pages as hold them, each about as full as the others.

    >>> onto_pages([1.0] * 7, 5.0), onto_pages([1.0] * 4, 3.0, together=[1])
    ([[0, 1, 2, 3], [4, 5, 6]], [[0, 1, 2], [3]])
    >>> onto_pages([1.0] * 6, 3.0, together=[0], again=[0.0, *[1.0] * 5])  # of one heading
    [[0, 1, 2], [3, 4], [5]]
    """
    whole, end = set(together), len(heights)
    again = again or [0.0] * end
    # The fewest pages that the first rows need, the sum of their squares, and where the last begins
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for last in range(end):
        found = []
        tall, plain = 0.0, 0
        for first in range(last, -1, -1):
            tall, plain = tall + heights[first], plain + (first not in whole)
            if tall > free + 1e-9 and plain > 1:
                break
            full = tall + again[first]
            if full > free + 1e-9 and plain > 1:
                continue
            cut_off = last + 1 < end and last in whole
            count, squares, _ = best[first]
            found.append((count + 1 + end * cut_off, squares + full**2, -first))
        best.append(min(found))
    groups: list[list[int]] = []
    while end:
        first = -best[end][2]
        groups.insert(0, list(range(first, end)))
        end = first
    return groups or [[]]


def room(size: Size, frame: Frame) -> float:
    """Height that a body may have on one page, in em."""
    taken = sum(part.height for part in [*_above(size, frame), *_below(size, frame, 88, 88)])
    return (size.most - 2 * size.margin) / size.em - taken


def pages(
    size: Size,
    frame: Frame,
    heights: Sequence[float],
    fixed: float = 0.0,
    together: Sequence[int] = (),
    stretch: float = 1.5,
    again: Sequence[float] = (),
) -> list[tuple[Page, list[int], list[float]]]:
    """Rows on as many pages as they need.

    Parameters
    ----------
    heights : sequence of float
        Of the rows, in em.
    fixed : float
        What each page needs beside its rows (heads, axes).
    together : sequence of int
        Rows that never stand last on a page (headings).
    stretch : float
        How much higher rows may become to fill a page of fixed height.
    again : sequence of float
        What each row needs above it where it begins a page (its heading, once more), in em.

    Returns
    -------
    list of (Page, rows, heights)
    """
    free = room(size, frame) - fixed
    groups = onto_pages(heights, free, together, again)
    made = []
    for number, rows in enumerate(groups, start=1):
        tall = [heights[i] for i in rows]
        over = again[rows[0]] if again and rows else 0.0
        if sum(tall) > free - over or (size.fixed and tall):
            factor = min(stretch, (free - over) / sum(tall))
            tall = [height * factor for height in tall]
        body = fixed + over + sum(tall)
        made.append((Page(size, frame, body, number, len(groups)), rows, tall))
    return made
