"""Every defensible way of counting, sorted by what it gives, and the choices that move it most.

Simonsohn, Simmons and Nelson (2020), *Nature Human Behaviour* 4:1208-1214, doi
10.1038/s41562-020-0912-z.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame, Page, pages
from evidence.charts.rows import name_rows
from evidence.charts.style import (
    DEFAULT_SIZE,
    INK,
    NEUTRAL,
    RULE,
    SOFT,
    WHITE,
    Size,
    styled,
    widest,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.dictionary import upper_first
from evidence.synthesis.multiverse import Multiverse, influence
from evidence.synthesis.number_texts import percent
from evidence.synthesis.specifications import choice_called, value_called

POINTS = 400  # places of the band that are drawn
SHOWN = 3  # choices that move the answer most
BAND, HEAD, ROW = 9.0, 3.2, 1.45  # em
FIRST = BAND + 3.2  # em of the band with its ticks
SIDES = {"harm": "harm", "neither": "null", "benefit": "benefit"}


@draws(Multiverse, made_by="evidence.multiverse(ev, question)")
def specification_curve(
    specifications: Multiverse, words: Words, *, title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw every way of counting as a sorted band, and below it the three choices that matter most.

    Parameters
    ----------
    specifications : Multiverse
    title : str, optional
        Default: in how many of the ways the net result is harm, benefit, or neither.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` has the drawn rows of the lower part: ``choice, value, ways, low, middle, high``
        (the middle half of the shares, and their median).

    Raises
    ------
    UsageError
        When there is nothing to draw, or no specification has a value.
    """
    if specifications.empty:
        raise UsageError("nothing to draw: no specification")
    table = specifications.frame[specifications.frame["share"].notna()]
    if table.empty:
        number = counted(len(specifications), "specification", "specifications")
        raise UsageError(f"nothing to draw: {number}, none with a value")
    share = np.sort(table["share"].to_numpy(dtype=float))
    matter = _choices(specifications, words)
    sides = specifications.called
    net = table["net"].astype("str").value_counts(normalize=True)
    frame = Frame(
        title or _title(net, sides, len(table)),
        words.said(
            f"Share of studies for {sides['benefit']}, and mirrored for {sides['harm']}, in"
            f" {counted(len(table), 'way', 'ways')} of counting, sorted"
            f"{_together(specifications, words)}"
        ),
        _notes(specifications, table),
        words,
        f"{_rule(words)} The ways share most of their studies: they are not independent tests, and"
        " their share is not a probability.",
    )
    with styled(size) as chosen:
        parts = [matter]
        if chosen.fixed:  # a choice has a page
            parts = [part for _, part in matter.groupby("choice", sort=False)]
        below = [HEAD + p["choice"].nunique() * 1.5 + ROW * len(p) + 2.2 for p in parts]
        heights = [FIRST, *below] if chosen.fixed else [FIRST + below[0]]
        figures = []
        for page, rows, tall in pages(chosen, frame, heights, stretch=1.25):
            top = 0.0
            for row, high in zip(rows, tall, strict=True):
                if row == 0:
                    _band(page, share, sides, top, BAND * (tall[0] / heights[0]), chosen)
                if row or not chosen.fixed:
                    above = 0.0 if row else FIRST
                    _matter(page, parts[row - 1], top + above, high - above, sides, chosen)
                top += high
            figures.append(page.figure)
    return Chart.of(
        figures, frame, _alt(net, matter, sides, len(table)), matter, "specification_curve"
    )


def _choices(specifications: Multiverse, words: Words) -> pd.DataFrame:
    """The choices that move the share most, and for each of their values where the shares lie."""
    order = influence(specifications)["choice"].head(SHOWN)
    rows = []
    for choice in order:
        said = upper_first(choice_called(choice))
        parts = specifications.frame[[choice, "share"]].dropna()
        for value, part in parts.groupby(choice, observed=True, sort=False):
            low, middle, high = np.quantile(part["share"].to_numpy(dtype=float), [0.25, 0.5, 0.75])
            named = _value(choice, value_called(value, specifications.called), words)
            rows.append([said, named, len(part), low, middle, high])
    columns = ["choice", "value", "ways", "low", "middle", "high"]
    table = pd.DataFrame(rows, columns=columns)
    rank = {name: i for i, name in enumerate(dict.fromkeys(table["choice"]))}
    table = table.assign(rank=table["choice"].map(rank))
    return (
        table.sort_values(["rank", "middle"], kind="stable")
        .drop(columns="rank")
        .reset_index(drop=True)
    )


def _value(choice: str, value: object, words: Words) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return words.label(choice, value)


def _band(
    page: Page,
    share: np.ndarray,
    sides: dict[str, str],
    top: float,
    tall: float,
    size: Size,
) -> None:
    left = 5.5
    axes = page.axes(left, top + 0.6, page.across - left - 5.5, tall, "every way of counting")
    x = np.linspace(0, 1, min(POINTS, max(len(share), 2)))
    y = np.quantile(share, x)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for word, low, high in (("benefit", 0.0, y), ("harm", y, 1.0)):
        axes.fill_between(x, low, high, linewidth=0, label=sides[word],
                          **({"color": size.color(size.look(word))}))  # fmt: skip
    axes.plot(x, y, color=WHITE, linewidth=1.4, label=f"share for {sides['benefit']}, sorted")
    axes.axhline(0.5, color=INK, linewidth=0.8, gid="furniture")
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.tick_params(axis="y", colors=SOFT)
    axes.set_xticks([0, 0.5, 1], ["lowest", "half of the ways", "highest"])
    for label, align in zip(axes.get_xticklabels(), ("left", "center", "right"), strict=True):
        label.set_ha(align)
    right = page.canvas("names", page.across - 5.2, top + 0.6)
    place = {"harm": tall * 0.1 if y[-1] < 0.9 else 0.4, "benefit": tall * 0.9}
    for word, at in place.items():
        right.text(0, at, sides[word], color=size.color(size.look(word)), fontweight="bold",
                   va="center", gid="furniture")  # fmt: skip


def _matter(
    page: Page, matter: pd.DataFrame, top: float, tall: float, sides: dict[str, str], size: Size
) -> None:
    canvas = page.canvas("choices", 0, top)
    names = min(max(widest(matter["value"].tolist(), size) + 2, 9.0), page.across * 0.52)
    width = page.across - names - 6
    canvas.text(
        0, 0.2, "The choices that move it most", fontweight="bold", va="top", gid="furniture"
    )
    canvas.text(
        0, 1.55, f"Share for {sides['benefit']}: middle half of the ways, and their median",
        color=SOFT, fontsize=size.small, va="top", gid="furniture",
    )  # fmt: skip
    free = tall - HEAD - 2.2
    step = free / (len(matter) + 1.5 / ROW * matter["choice"].nunique())
    y, rows, last = HEAD, [], None
    for line in matter.itertuples():
        if line.choice != last:
            y += step * 1.5 / ROW
            canvas.axhline(y - step * 1.45 / ROW, color=RULE, linewidth=0.6, gid="furniture")
            canvas.text(0, y - step * 0.7 / ROW, line.choice, fontweight="bold", va="center",
                        fontsize=size.small, color=SOFT, gid="furniture")  # fmt: skip
            last = line.choice
        rows.append((y + step / 2, step, f"{line.choice}: {line.value}"))
        canvas.text(1, y + step / 2, line.value, va="center", gid="furniture")
        y += step
    axes = page.axes(names, top + HEAD, width, y - HEAD, "choices")
    axes.set_xlim(0, 1)
    axes.set_ylim(y - HEAD, 0)
    axes.patch.set_visible(False)
    axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.grid(axis="x")
    axes.axvline(0.5, color=INK, linewidth=0.8, gid="furniture")
    shifted = [(place - HEAD, high, name) for place, high, name in rows]
    name_rows(axes, shifted)
    for (place, _, _), line in zip(shifted, matter.itertuples(), strict=True):
        axes.add_patch(
            Rectangle((line.low, place - 0.3), max(line.high - line.low, 0.004), 0.6,
                      facecolor=size.color(NEUTRAL), alpha=0.45, linewidth=0, label="middle half")
        )  # fmt: skip
        axes.scatter([line.middle], [place], s=(0.7 * size.text) ** 2, color=size.color(NEUTRAL),
                     label="median", zorder=3)  # fmt: skip
        axes.annotate(percent(line.middle), (1.0, place), xycoords=("axes fraction", "data"),
                      xytext=(6, 0), textcoords="offset points", va="center",
                      annotation_clip=False)  # fmt: skip


def _title(net: pd.Series, sides: dict[str, str], ways: int) -> str:
    """In how many of the ways the net result is on each side."""
    first, second = sorted(("harm", "benefit"), key=lambda word: -net.get(word, 0.0))
    return (
        f"{percent(net.get(first, 0.0))} of {ways:,} ways of counting come out for {sides[first]},"
        f" {percent(net.get(second, 0.0))} for {sides[second]},"
        f" {percent(net.get('neither', 0.0))} for neither"
    )


def _notes(specifications: Multiverse, table: pd.DataFrame) -> tuple[str, ...]:
    silent = len(specifications) - len(table)
    said = f"Choices that vary: {', '.join(map(choice_called, specifications.choices)).lower()}."
    if silent:
        said += f" {silent:,} further ways leave no study with a direction."
    return (said,)


def _rule(words: Words) -> str:
    """When a way comes out for neither side."""
    unclear = words.word("no_clear_difference").lower()
    return f"Neither: no side has more than half, or only by what “{unclear}” adds to it."


def _together(specifications: Multiverse, words: Words) -> str:
    """What was not varied, though it could be."""
    named = [words.dictionary.title_of(name).lower() for name in specifications.together]
    return f"; all kinds of {' and '.join(named)} together" if named else ""


def _alt(net: pd.Series, matter: pd.DataFrame, sides: dict[str, str], ways: int) -> str:
    shares = ", ".join(
        f"net {sides.get(word, 'neither way')} {percent(net.get(word, 0.0))}" for word in SIDES
    )
    lines = "; ".join(
        f"{line.choice} {line.value}: median {percent(line.middle)}" for line in matter.itertuples()
    )
    return (
        f"Sorted band of {ways:,} ways of counting: {shares}. Choices that move it most: {lines}."
    )
