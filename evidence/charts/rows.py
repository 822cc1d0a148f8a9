"""Charts that are tables: one name per row, and beside it columns of text or of marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator

from evidence.charts.page import Frame, Page, pages
from evidence.charts.style import (
    BAND,
    INK,
    LINE,
    RULE,
    SOFT,
    WIDTHS,
    Look,
    Size,
    cut,
    height_of,
    text_width,
    widest,
    wrap,
)

GAP = 1.4  # em between columns
UNFILLED = ("_", "x")  # markers that are lines alone
LEAST_ON_SLIDES = 1.4  # em of a row; rows become higher where there is room
MOST_ON_SLIDES = 12  # characters of a name that is written upright on a slide
CONTINUED = "{} (continued)"  # the heading of rows that begin a page


@dataclass(frozen=True)
class Row:
    """A row: its name, whether it is a heading, or printed in bold, and whether it is a part of the
    last row that is none.
    """

    label: str
    heading: bool = False
    bold: bool = False
    part: bool = False


@dataclass(frozen=True)
class Part:
    """The rows of one page, for a function that draws in a panel.

    Attributes
    ----------
    rows : list of int
        Numbers of the rows. Above the first may stand its heading, once more.
    y, heights : dict of int to float
        Middle and height of each row, in em from the top of the axes.
    size : Size
    page : Page
    width : float
        Of the panel, in em.
    """

    rows: list[int]
    y: dict[int, float]
    heights: dict[int, float]
    size: Size
    page: Page
    width: float

    def items(self, lines: Sequence[Any]) -> list[tuple[float, Any]]:
        """Middle and content of each row that has a content: headings have none."""
        return [(self.y[i], lines[i]) for i in self.rows if lines[i] is not None]

    def as_wide(self, width: float) -> Part:
        """The same rows in a panel of another width."""
        return replace(self, width=width)


def grouped(groups: Sequence[str], names: Sequence[str]) -> tuple[list[Row], list[int | None]]:
    """Rows under the headings of their groups, and for each row the number of its content.

    One group alone needs no heading.
    """
    rows: list[Row] = []
    places: list[int | None] = []
    for i, (group, name) in enumerate(zip(groups, names, strict=True)):
        if len(set(groups)) > 1 and (i == 0 or group != groups[i - 1]):
            rows.append(Row(group, heading=True))
            places.append(None)
        rows.append(Row(name))
        places.append(i)
    return rows, places


def continued(rows: Sequence[Row]) -> list[Row | None]:
    """What stands above each row where it begins a page: its heading, or the row it is a part of.

    >>> continued([Row("Boats", heading=True), Row("Length")])[1]
    Row(label='Boats (continued)', heading=True, bold=False, part=False)
    """
    heading: Row | None = None
    whole: Row | None = None
    above: list[Row | None] = []
    for row in rows:
        if row.heading:
            heading, whole = row, None
        elif not row.part:
            whole = row
        parent = None if row.heading else whole if row.part else heading
        above.append(parent and replace(parent, label=CONTINUED.format(parent.label)))
    return above


def placed(places: Sequence[int | None], content: Sequence[Any], empty: Any = None) -> list[Any]:
    """Content of each row, and something empty for headings."""
    return [empty if place is None else content[place] for place in places]


# Colour, words and, where it is not a square, marker of a line of the key.
Entry = tuple[Look, str] | tuple[Look, str, Any]
Draw = Callable[[Axes, Part], None]


@dataclass(frozen=True)
class Column:
    """A column of text or of marks.

    Attributes
    ----------
    head : str
    texts : sequence of str
        One per row; for columns of text.
    draw : callable
        Draws the rows of a page; for columns of marks.
    share : float
        Of the width that columns of text leave.
    most : float
        Width in em at most, for text; it is wrapped.
    align : {"left", "right", "center"}
    axis : str
        What stands below the axis (a space: ticks alone; a line end: room for words of the
        drawing); no axis when empty.
    needs : callable
        Takes the width of a column of marks; gives the height that it needs in each row.
    cells : sequence of str
        Names of cells side by side, above a column of marks; the unit of x is then a cell.
    most_cell : float
        Width of a cell at most, in em.
    """

    head: str
    texts: Sequence[str] = ()
    draw: Draw | None = None
    share: float = 1.0
    most: float = 16.0
    align: str = "left"
    axis: str = ""
    needs: Callable[[float, Size], list[float]] | None = None
    cells: Sequence[str] = ()
    most_cell: float = 9.0


def text_column(head: str, texts: Sequence[str], most: float = 16.0, align: str = "left") -> Column:
    """A column of text."""
    return Column(head, texts=list(texts), most=most, align=align)


def table_chart(
    size: Size,
    frame: Frame,
    rows: Sequence[Row],
    columns: Sequence[Column],
    *,
    key: Sequence[Entry] = (),
    label_share: float = 0.34,
    least: float = 2.0,
    bands: bool = False,
    rules: bool = False,
) -> tuple[Figure, ...]:
    """Draw rows and columns on as many pages as they need.

    Parameters
    ----------
    key : sequence of (Look, str) or (Look, str, marker)
        Colours and what they stand for, above the columns.
    label_share : float
        Of the width, for the names of the rows at most.
    least : float
        Height of a row at least, in em.
    bands : bool
        Whether every other row is shaded.
    rules : bool
        Whether a line parts the rows.
    """
    if size.fixed:
        least = min(least, LEAST_ON_SLIDES)
    labels = [_label(row, size, label_share) for row in rows]
    plain = [text for text, row in zip(labels, rows, strict=True) if not row.heading]
    left = widest(plain, size) + GAP
    wraps = [[wrap(text, column.most, size) for text in column.texts] for column in columns]
    widths = _widths(size, columns, wraps, left)
    heads = [
        wrap(c.head, w, size, size.small, bold=True) for c, w in zip(columns, widths, strict=True)
    ]
    celled = [_cell_heads(c, w, size) for c, w in zip(columns, widths, strict=True)]
    over = max([height for _, _, height in celled], default=0.0)
    head = max((height_of(text, size, size.small) for text in heads), default=0.0) + 0.5
    head = head + over if any(heads) or over else 0.0
    keyed = _key_lines(key, size)
    foot = max((_foot(column.axis) for column in columns), default=0.0)
    heights = _heights(size, columns, labels, wraps, widths, least)
    together = [i for i, row in enumerate(rows) if row.heading]
    above = head + keyed * 1.7
    once_more = continued(rows)
    again = [_height(row, size, label_share) for row in once_more]
    made = pages(size, frame, heights, above + foot, together, again=again)
    figures = []
    for page, numbers, tall in made:
        canvas = page.canvas("rows")
        _key(canvas, key, size)
        first = again[numbers[0]] if numbers else 0.0
        part = _part(numbers, tall, size, page, first)
        if first and (parent := once_more[numbers[0]]):
            label = _label(parent, size, label_share)
            _name(canvas, label, above + first / 2, size, parent.heading or parent.bold)
        _names(canvas, rows, labels, part, above, head, bands)
        if rules:
            for i in numbers[:-1]:
                y = above + part.y[i] + part.heights[i] / 2
                canvas.axhline(y, color=RULE, linewidth=0.6, gid="furniture")
        x = left
        for column, width, text, wrapped, names in zip(
            columns, widths, heads, wraps, celled, strict=True
        ):
            _head(canvas, text, x, width, above - 0.4 - names[2], column, size)
            _write_cells(canvas, names, x, width, above - 0.4, size)
            high = first + sum(tall)
            axes = page.axes(x, above, width, high, column.head.replace("\n", " ") or " ")
            _prepare(axes, rows, part, high, column)
            _draw(axes, column, wrapped, part, width)
            x += width + GAP
        figures.append(page.figure)
    return tuple(figures)


def _height(row: Row | None, size: Size, share: float) -> float:
    """Height of a row that stands once more at the top of a page; nothing where none does."""
    return height_of(_label(row, size, share), size) + 0.5 if row else 0.0


def _heights(
    size: Size,
    columns: Sequence[Column],
    labels: Sequence[str],
    wraps: Sequence[Sequence[str]],
    widths: Sequence[float],
    least: float,
) -> list[float]:
    """Height of each row: of its name, of the texts of its cells, and what is drawn in it."""
    texts = [[label, *(w[i] for w in wraps if w)] for i, label in enumerate(labels)]
    heights = [max(least, max(height_of(text, size) for text in row) + 0.3) for row in texts]
    for column, width in zip(columns, widths, strict=True):
        if column.needs:
            heights = list(map(max, heights, column.needs(width, size)))
    return heights


def _draw(axes: Axes, column: Column, texts: list[str], part: Part, width: float) -> None:
    """The cells of one column on one page."""
    if column.cells:
        axes.set_xlim(0, len(column.cells))
        middles = [i + 0.5 for i in range(len(column.cells))]
        axes.xaxis.set_major_locator(FixedLocator(middles))
        axes.xaxis.set_major_formatter(FixedFormatter(list(column.cells)))
    if column.draw:
        column.draw(axes, part.as_wide(width))
    else:
        _texts(axes, texts, part, width, column.align)


def _foot(axis: str) -> float:
    """Height below an axis: of ticks alone, or of ticks and words."""
    if not axis:
        return 0.0
    if axis == " ":
        return 2.2
    return 3.8


def _label(row: Row, size: Size, share: float) -> str:
    room = size.across * (0.98 if row.heading else share)
    return wrap(row.label, room, size, bold=row.bold or row.heading)


def _widths(
    size: Size, columns: Sequence[Column], wraps: list[list[str]], left: float
) -> list[float]:
    needed = [
        0.0 if column.draw else max(widest(texts, size), _longest_word(column.head, size)) + 0.1
        for column, texts in zip(columns, wraps, strict=True)
    ]
    free = size.across - left - sum(needed) - GAP * (len(columns) - 1)
    shares = sum(column.share for column in columns if column.draw)
    widths = [
        max(free, 2.0) * column.share / shares if column.draw else width
        for column, width in zip(columns, needed, strict=True)
    ]
    return [
        min(width, len(column.cells) * column.most_cell) if column.cells else width
        for column, width in zip(columns, widths, strict=True)
    ]


def _longest_word(head: str, size: Size) -> float:
    return widest(head.split() or [""], size, size.small, bold=True)


def _cell_heads(column: Column, width: float, size: Size) -> tuple[list[str], bool, float]:
    """Names of cells, side by side where their longest word fits the cell, else upright; and the
    height that they need.
    """
    if not column.cells:
        return [], False, 0.0
    cell = width / len(column.cells)
    if max(_longest_word(name, size) for name in column.cells) <= cell * 0.94:
        names = [wrap(name, cell * 0.94, size, size.small) for name in column.cells]
        return names, False, max(height_of(name, size, size.small) for name in names)
    lines = max(1, int(cell / (LINE * size.small / size.text)))
    narrow = size.fixed and lines == 1
    given = [cut(name, MOST_ON_SLIDES) if narrow else name for name in column.cells]
    longest = widest(given, size, size.small)
    room = longest
    if lines != 1:
        room = max(_longest_word(max(given, key=len), size), longest / lines + 1.0)
    names = [wrap(name, room, size, size.small, most=lines) for name in given]
    return names, True, widest(names, size, size.small) + 0.2


def _write_cells(
    canvas: Axes,
    heads: tuple[list[str], bool, float],
    x: float,
    width: float,
    bottom: float,
    size: Size,
) -> None:
    names, upright, _ = heads
    for i, name in enumerate(names):
        canvas.text(
            x + width * (i + 0.5) / len(names), bottom, name, ha="center", va="bottom",
            rotation=90 if upright else 0, fontsize=size.small, color=SOFT,
            linespacing=size.spacing, gid="furniture",
        )  # fmt: skip


def _part(numbers: list[int], tall: list[float], size: Size, page: Page, first: float) -> Part:
    """The rows of a page, below what stands there once more."""
    ends = first + np.cumsum(tall)
    middles = ends - np.array(tall) / 2
    return Part(
        numbers,
        dict(zip(numbers, map(float, middles), strict=True)),
        dict(zip(numbers, tall, strict=True)),
        size,
        page,
        0.0,
    )


def _names(
    canvas: Axes,
    rows: Sequence[Row],
    labels: list[str],
    part: Part,
    above: float,
    head: float,
    bands: bool,
) -> None:
    size = part.size
    if head:
        canvas.axhline(above - 0.1, color=RULE, linewidth=0.8, gid="furniture")
    shaded = 0
    for i in part.rows:
        y = above + part.y[i]
        shaded = 0 if rows[i].heading else shaded + 1
        if bands and shaded % 2 == 0 and not rows[i].heading and size.name != "paper":
            half = part.heights[i] / 2
            canvas.axhspan(y - half, y + half, color=BAND, linewidth=0, zorder=0, gid="furniture")
        _name(canvas, labels[i], y, size, rows[i].heading or rows[i].bold)


def _name(canvas: Axes, label: str, y: float, size: Size, heavy: bool) -> None:
    canvas.text(
        0, y, label, va="center", fontweight="bold" if heavy else "normal",
        linespacing=size.spacing, gid="furniture",
    )  # fmt: skip


def _head(
    canvas: Axes, text: str, x: float, width: float, bottom: float, column: Column, size: Size
) -> None:
    if not text:
        return
    place = {"left": x, "center": x + width / 2, "right": x + width}[column.align]
    canvas.text(
        place, bottom, text, ha=column.align, va="bottom", fontsize=size.small,
        fontweight="bold", color=SOFT, linespacing=size.spacing, gid="furniture",
    )  # fmt: skip


def _prepare(axes: Axes, rows: Sequence[Row], part: Part, height: float, column: Column) -> None:
    axes.set_ylim(height, 0)
    axes.patch.set_visible(False)
    name_rows(axes, [(part.y[i], part.heights[i], rows[i].label) for i in part.rows])
    axes.spines["bottom"].set_visible(bool(column.axis))
    if column.axis:
        axes.set_xlabel(column.axis.strip(), fontsize=part.size.small, labelpad=2)
    else:
        axes.xaxis.set_visible(False)


def name_rows(axes: Axes, rows: Sequence[tuple[float, float, str]]) -> None:
    """Ticks that are not drawn, by which the marks read back find the names of their rows."""
    axes.yaxis.set_major_locator(FixedLocator([y for y, _, _ in rows]))
    axes.yaxis.set_major_formatter(FixedFormatter([name for _, _, name in rows]))
    edges = [y - tall / 2 for y, tall, _ in rows] + [y + tall / 2 for y, tall, _ in rows[-1:]]
    axes.yaxis.set_minor_locator(FixedLocator(edges))
    axes.tick_params(axis="y", which="both", left=False, labelleft=False)


def _texts(axes: Axes, texts: list[str], part: Part, width: float, align: str) -> None:
    axes.set_xlim(0, width)
    place = {"left": 0.0, "center": width / 2, "right": width}[align]
    for i in part.rows:
        if texts[i]:
            axes.text(
                place, part.y[i], texts[i], ha=align, va="center", linespacing=part.size.spacing
            )


def _key_places(key: Sequence[Entry], size: Size) -> list[tuple[Entry, float, int]]:
    """Place of each entry of the key: em from the left, and its line."""
    placed, x, line = [], 0.0, 0
    for entry in key:
        wide = text_width(entry[1], size) + 2.8
        if x and x + wide > size.across:
            x, line = 0.0, line + 1
        placed.append((entry, x, line))
        x += wide
    return placed


def _key_lines(key: Sequence[Entry], size: Size) -> int:
    return _key_places(key, size)[-1][2] + 1 if key else 0


def _key(canvas: Axes, key: Sequence[Entry], size: Size) -> None:
    for (look, text, *marker), x, line in _key_places(key, size):
        y = 0.55 + 1.7 * line
        paint = size.fill(look)
        if marker:
            edge = {"edgecolor": INK} if marker[0] not in UNFILLED else {}
            canvas.scatter(
                [x + 0.4], [y], s=(0.8 * WIDTHS.get(marker[0], 1.0) * size.text) ** 2,
                marker=marker[0], color=paint["facecolor"], linewidth=0.8, clip_on=False,
                gid="furniture", **edge,
            )  # fmt: skip
        else:
            canvas.add_patch(Rectangle((x, y - 0.4), 0.8, 0.8, gid="furniture", **paint))
        canvas.text(x + 1.15, y, text, va="center", color=INK, gid="furniture")
