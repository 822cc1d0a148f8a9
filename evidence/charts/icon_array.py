"""The icon array: of those who began, how many finished; an icon for each, or for each of a hundred
where they are more.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame, pages
from evidence.charts.style import DEFAULT_SIZE, HOLLOW, INK, MAIN, WHITE, Look, Size, styled, wrap
from evidence.charts.words import Words
from evidence.errors import UsageError
from evidence.model.evidence import Evidence

HUNDRED, SIDE = 100, 10
LOOKS = (
    MAIN,
    Look("#e0a24a", "", "o", "#b0b0b0"),
    HOLLOW,
)
MOST = 3  # groups of icons


@draws(Evidence, made_by="evidence.load()")
def icon_array(
    ev: Evidence,
    words: Words,
    *,
    counts: Mapping[str, int],
    whole: str,
    title: str = "",
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw an icon array: an icon for each of up to a hundred, else one for each of a hundred.

    Parameters
    ----------
    ev : Evidence
        The data set that the counts come from, for its words and its selection.
    counts : mapping of str to int
        Up to three groups, such as ``{"finished": 81, "stopped": 14, "not known": 5}``.
    whole : str
        What all of them are, such as "people who began".
    title : str, optional
        Default: how many of all the first group is.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` has one row per group: ``group, n, icons``.

    Raises
    ------
    UsageError
        When there is nothing to draw, a count is negative or not whole, or there are too many
        groups.
    """
    total = sum(counts.values())
    if not counts or total <= 0:
        raise UsageError("nothing to draw: nobody is counted")
    if len(counts) > MOST:
        raise UsageError(f"{len(counts)} groups; allowed: up to {MOST}")
    if any(n < 0 or n != int(n) for n in counts.values()):
        raise UsageError("a count is negative or not whole; allowed: whole numbers from 0 up")
    table = pd.DataFrame(
        {"group": list(counts), "n": list(counts.values()), "icons": icons(counts)}
    )
    first = table.iloc[0]
    frame = Frame(
        title or f"Of {total:,} {whole}, {first['n']:,} {first['group']}",
        words.said(_what(total)),
        (),
        words,
    )
    with styled(size) as chosen:
        tall = 15.0 if chosen.fixed else 16.0
        page, _, heights = pages(chosen, frame, [tall], stretch=1.0)[0]
        axes = page.axes(0, 0, heights[0], heights[0], "icons")
        _icons(axes, table, chosen, heights[0])
        _names(page.canvas("names", heights[0] + 2), table, chosen, page.across - heights[0] - 2)
        figure = page.figure
    said = ", ".join(f"{line.icons} {line.group} ({line.n:,})" for line in table.itertuples())
    drawn = int(table["icons"].sum())
    alt = f"Icon array: of {drawn} {whole}, {said}; counted were {total:,}."
    return Chart.of([figure], frame, alt, table, "icon_array")


def _what(total: int) -> str:
    """What an icon is."""
    if total <= HUNDRED:
        return f"One icon is one of the {total} counted"
    return f"One icon is one of a hundred; counted were {total:,}"


def icons(counts: Mapping[str, int]) -> list[int]:
    """Icons of each group: as many as there are, or a hundred where they are more; then largest
    remainders get those that rounding leaves.

    >>> icons({"a": 1, "b": 2}), icons({"a": 50, "b": 50, "c": 50})
    ([1, 2], [34, 33, 33])
    """
    total = sum(counts.values())
    if total <= HUNDRED:
        return list(counts.values())
    exact = [HUNDRED * n / total for n in counts.values()]
    found = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: found[i] - exact[i])
    for i in order[: HUNDRED - sum(found)]:
        found[i] += 1
    return found


def _icons(axes: Axes, table: pd.DataFrame, size: Size, tall: float) -> None:
    axes.set_xlim(0, SIDE)
    axes.set_ylim(SIDE, 0)
    axes.set_axis_off()
    start = 0
    for look, line in zip(LOOKS, table.itertuples(), strict=False):
        places = range(start, start + line.icons)
        if line.icons:
            axes.scatter(
                [i % SIDE + 0.5 for i in places],
                [i // SIDE + 0.5 for i in places],
                s=(0.72 * tall / SIDE * size.text) ** 2,
                color=size.color(look),
                edgecolor=INK if look.color == WHITE else size.color(look),
                linewidth=0.8,
                label=line.group,
            )
        start += line.icons


def _names(canvas: Axes, table: pd.DataFrame, size: Size, width: float) -> None:
    y = 1.0
    for look, line in zip(LOOKS, table.itertuples(), strict=False):
        canvas.scatter(
            [0.5], [y], s=size.text**2, color=size.color(look), edgecolor=INK, linewidth=0.6,
            gid="furniture",
        )  # fmt: skip
        canvas.text(1.5, y, str(line.icons), fontweight="bold", va="center", gid="furniture")
        counted = "" if line.n == line.icons else f" ({line.n:,} counted)"
        text = wrap(f"{line.group}{counted}", width - 4, size)
        canvas.text(3.8, y, text, va="center", linespacing=size.spacing, gid="furniture")
        y += 2.2 + 1.3 * text.count("\n")
