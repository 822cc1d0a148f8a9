"""The study flow: how many were found, set aside and why, counted, and placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    NEUTRAL,
    Size,
    asked,
    body,
    canvas,
    figure_of,
    letters,
    styled,
    wrap,
)
from evidence.charts.words import Words
from evidence.errors import UsageError
from evidence.synthesis.study_flow import StudyFlow

FILL, ASIDE = "#e4edf3", "#f5f5f5"
LEFT, MIDDLE, RIGHT = (
    (0.01, 0.5),
    0.255,
    (0.58, 0.99),
)  # places across: boxes, arrows, what is left out
MOST_BRANCHES = 4
LINE = 0.165  # inches a line at the size of the web


@dataclass
class Step:
    """A box: its number, what it holds, and what was left out on the way to it."""

    what: str
    n: int
    of: str
    left_out: list[tuple[str, int]] = field(default_factory=list)
    unit: str = ""

    @property
    def left(self) -> int:
        """How many were left out on the way here."""
        return sum(n for _, n in self.left_out)


@draws(StudyFlow, made_by="evidence.study_flow(ev)")
def study_flow(
    steps: StudyFlow,
    words: Words,
    *,
    unit: str = "study",
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw how the studies flow from one step to the next.

    Parameters
    ----------
    steps : StudyFlow
    unit : {"study", "finding", "cohort"}
        What is counted, where no column says so.
    title : str, optional
        Default: how many were found and counted.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` has a row for each box and each reason: ``what, of, reason, n`` (reason is missing
        for the box itself).

    Raises
    ------
    UsageError
        When there is nothing to draw, a number is missing, negative or not whole, or the numbers do
        not add up: a box and what was left out on the way to it must make up the box before.
    """
    if steps.frame.empty:
        raise UsageError("nothing to draw: no step")
    boxes = _read(steps.frame, unit)
    *before, main = _flows(boxes)
    chain, branches = _arranged(main)
    for flow in before:
        if _arranged(flow)[1]:
            raise UsageError(
                f"{flow[-1].what!r} cannot be placed: only the last flow can part into several"
            )
    title = title or f"{words.topic}: how many {words.units(unit)} were found and counted"
    notes = _notes(before, chain, branches, words, unit)
    with styled(size) as chosen:
        placed = _placed([*before, chain], branches, words, chosen)
        if ax is None:
            subtitle = "Each box and what was left out on the way to it make up the box before"
            figure = canvas(chosen, asked(placed.height + 0.15, chosen), title, subtitle, notes)
            ax = body(figure).add_subplot()
        _draw(ax, placed, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(boxes, words),
        words.source,
        _tidy(boxes),
        "study_flow",
        tuple(notes),
    )


def _read(steps: pd.DataFrame, unit: str) -> list[Step]:
    missing = [name for name in ("what", "n") if name not in steps]
    if missing:
        raise UsageError(
            f"the table has no column {missing[0]!r}; it has {', '.join(map(str, steps.columns))}"
        )
    boxes: list[Step] = []
    for line in steps.to_dict("records"):
        what, of = str(line["what"]), line.get("of")
        if what in {box.what for box in boxes}:
            raise UsageError(f"two steps are named {what!r}; each step has a name of its own")
        before = ("" if not boxes else boxes[-1].what) if of is None or pd.isna(of) else str(of)
        if before and before not in {box.what for box in boxes}:
            raise UsageError(
                f"{what!r} is said to be a part of {before!r}, but no step above has that name"
            )
        boxes.append(
            Step(
                what,
                _whole(line["n"], what),
                before,
                _reasons(line.get("left_out"), what),
                str(line.get("unit") or unit),
            )
        )
    _must_add_up(boxes)
    return boxes


def _whole(value: Any, what: str) -> int:
    number = pd.to_numeric(value, errors="coerce")
    if pd.isna(number) or number < 0 or number % 1:
        raise UsageError(f"the number of {what!r} is {value!r}; allowed: a whole number from 0 up")
    return int(number)


def _reasons(given: Any, what: str) -> list[tuple[str, int]]:
    if given is None or (pd.api.types.is_scalar(given) and pd.isna(given)):
        return []
    if isinstance(given, (Mapping, pd.Series)):
        given = list(given.items())
    if isinstance(given, pd.DataFrame):
        given = list(given.itertuples(index=False))
    try:
        return [(str(reason), _whole(n, str(reason))) for reason, n in given]
    except (TypeError, ValueError):
        raise UsageError(
            f"left_out of {what!r} is {given!r}; allowed: a list of pairs (reason, n), a mapping,"
            " or nothing"
        ) from None


def _must_add_up(boxes: list[Step]) -> None:
    by_name = {box.what: box for box in boxes}
    for box in boxes:
        if not box.of and box.left:
            raise UsageError(
                f"{box.what!r} is the first step, but {box.left} are said to be left out before it"
            )
        if box.of:
            before = by_name[box.of]
            if before.n != box.n + box.left:
                aside = (
                    f" and {box.left} left out"
                    f" ({', '.join(f'{reason} {n}' for reason, n in box.left_out)})"
                    if box.left_out
                    else ""
                )
                raise UsageError(
                    f"the numbers do not add up: {before.what!r} has {before.n}, but {box.what!r}"
                    f" has {box.n}{aside}, which makes {box.n + box.left}"
                )


def _flows(boxes: list[Step]) -> list[list[Step]]:
    """The boxes of each flow: a box that is a part of nothing begins one."""
    flows: list[list[Step]] = []
    for box in boxes:
        if not box.of:
            flows.append([])
        flows[-1].append(box)
    return flows


def _arranged(boxes: list[Step]) -> tuple[list[Step], list[Step]]:
    """The boxes one below the other, and those side by side at the end."""
    chain = [boxes[0]]
    while True:
        parts = [box for box in boxes if box.of == chain[-1].what]
        if len(parts) != 1:
            break
        chain.append(parts[0])
    if len(chain) + len(parts) != len(boxes):
        stray = next(box for box in boxes if box not in chain and box not in parts)
        raise UsageError(
            f"{stray.what!r} cannot be placed: only the last step can part into several"
        )
    if len(parts) > MOST_BRANCHES:
        raise UsageError(
            f"{chain[-1].what!r} parts into {len(parts)}; allowed: up to {MOST_BRANCHES}"
        )
    return chain, parts


@dataclass
class Box:
    """A box as it is drawn: its corners, its words and its label in the marks; ``y`` in inches from
    the bottom.
    """

    x: float
    x_to: float
    y: float
    y_to: float
    head: str
    text: str
    label: str
    aside: bool = False


@dataclass
class Placed:
    """Boxes and arrows; an arrow is its points, from tail to head, with its label."""

    boxes: list[Box]
    arrows: list[tuple[list[tuple[float, float]], str]]
    height: float


def _box(
    x: tuple[float, float], top: float, step: Step, words: Words, size: Size, aside: bool
) -> Box:
    """A box that hangs from ``top``; heights count down from 0 and are turned round at the end."""
    wide = letters(size, 0.88 * (x[1] - x[0]), 0.9)
    if aside:
        reasons = [
            f"{words.label('not_counted_because', reason)}: {n:,}" for reason, n in step.left_out
        ]
        head, text = f"Left out: {step.left:,}", "\n".join(wrap(reason, wide) for reason in reasons)
        label = f"left out before {step.what}: {step.left}"
    else:
        noun = words.units(step.unit) if step.n != 1 else step.unit
        head, text, label = f"{step.n:,} {noun}", wrap(step.what, wide), f"{step.what}: {step.n}"
    lines = 1 + text.count("\n") + 1
    return Box(x[0], x[1], top - (lines * LINE + 0.16) * size.text, top, head, text, label, aside)


def _placed(flows: list[list[Step]], branches: list[Step], words: Words, size: Size) -> Placed:
    boxes: list[Box] = []
    arrows: list[tuple[list[tuple[float, float]], str]] = []
    top = 0.0
    for flow in flows:
        top = _one_below_the_other(
            flow, top - (0.3 * size.text if boxes else 0), boxes, arrows, words, size
        )
    if branches:
        top = _side_by_side(flows[-1][-1], branches, top, boxes, arrows, words, size)
    bottom = min(box.y for box in boxes) - 0.05
    for box in boxes:
        box.y, box.y_to = box.y - bottom, box.y_to - bottom
    return Placed(
        boxes,
        [([(x, y - bottom) for x, y in points], label) for points, label in arrows],
        0.05 - bottom,
    )


def _one_below_the_other(
    chain: list[Step], top: float, boxes: list[Box], arrows: list, words: Words, size: Size
) -> float:
    """A flow from ``top`` down, with what is left out beside it; returns where it ends."""
    for number, step in enumerate(chain):
        if number:
            above = top
            aside = (
                _box(RIGHT, above - 0.1 * size.text, step, words, size, True)
                if step.left_out
                else None
            )
            gap = max(0.34 * size.text, (aside.y_to - aside.y + 0.2 * size.text) if aside else 0)
            top = above - gap
            if aside:
                middle = (aside.y + aside.y_to) / 2
                arrows.append(([(MIDDLE, middle), (RIGHT[0], middle)], f"{step.of} → left out"))
                boxes.append(aside)
            arrows.append(([(MIDDLE, above), (MIDDLE, top)], f"{step.of} → {step.what}"))
        boxes.append(_box(LEFT, top, step, words, size, False))
        top = boxes[-1].y
    return top


def _side_by_side(
    last: Step,
    branches: list[Step],
    top: float,
    boxes: list[Box],
    arrows: list,
    words: Words,
    size: Size,
) -> float:
    """Parts of the last step, each with what it leaves out below it."""
    bus, under = top - 0.17 * size.text, top - 0.38 * size.text
    wide = (RIGHT[1] - LEFT[0] + 0.03) / len(branches)
    for number, step in enumerate(branches):
        x = (LEFT[0] + number * wide, LEFT[0] + (number + 1) * wide - 0.03)
        middle = (x[0] + x[1]) / 2
        boxes.append(_box(x, under, step, words, size, False))
        arrows.append(
            (
                [(MIDDLE, top), (MIDDLE, bus), (middle, bus), (middle, under)],
                f"{last.what} → {step.what}",
            )
        )
    below = min(box.y for box in boxes) - 0.1 * size.text
    for number, step in enumerate(branches):
        if step.left_out:
            x = (LEFT[0] + number * wide, LEFT[0] + (number + 1) * wide - 0.03)
            boxes.append(_box(x, below, step, words, size, True))
    return below


def _draw(ax: Axes, placed: Placed, size: Size) -> None:
    for box in placed.boxes:
        look: dict[str, Any] = {"facecolor": FILL, "edgecolor": NEUTRAL.color}
        if box.aside:
            look = {"facecolor": ASIDE, "edgecolor": "#767676", "linestyle": (0, (4, 2))}
        ax.add_patch(
            Rectangle(
                (box.x, box.y),
                box.x_to - box.x,
                box.y_to - box.y,
                linewidth=1,
                label=box.label,
                **look,
            )
        )
        x, top = (box.x + 0.012, box.y_to - 0.07 * size.text)
        ax.annotate(box.head, (x, top), va="top", fontweight="bold")
        ax.annotate(
            box.text, (x, top - LINE * size.text), va="top", fontsize=9 * size.text, linespacing=1.2
        )
    for points, label in placed.arrows:
        xs, ys = zip(*points, strict=True)
        ax.plot(xs, ys, color=INK, linewidth=1, label=label, zorder=0.5)
        ax.annotate(
            "",
            points[-1],
            xytext=points[-2],
            arrowprops={
                "arrowstyle": "-|>",
                "color": INK,
                "linewidth": 1,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
    ax.set_xlim(0, 1)
    ax.set_ylim(0, placed.height)
    ax.set_axis_off()


def _tidy(boxes: list[Step]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for box in boxes:
        rows += [
            {"what": box.what, "of": box.of or None, "reason": reason, "n": n}
            for reason, n in box.left_out
        ]
        rows.append({"what": box.what, "of": box.of or None, "reason": None, "n": box.n})
    return pd.DataFrame(rows, columns=["what", "of", "reason", "n"])


def _notes(
    before: list[list[Step]], chain: list[Step], branches: list[Step], words: Words, unit: str
) -> list[str]:
    left = sum(box.left for box in chain)
    first, last = chain[0], chain[-1]
    notes = [
        f"From {first.n:,} {words.units(unit)} to {last.n:,}; {left:,} left out on the way, with"
        " reasons. Those who took part are not counted here."
    ]
    if before:
        notes.append("The flows one above the other are counted apart: none leads into the next.")
    if branches:
        said = "; ".join(f"{box.what}: {box.n:,} placed, {box.left:,} not" for box in branches)
        notes.append(
            f"The boxes side by side hold the same {last.n:,} {words.units(unit)} seen in several"
            f" ways and are not added up. {said}."
        )
    return [*notes, words.caution, f"Source: {words.source}."]


def _alt(boxes: list[Step], words: Words) -> str:
    parts = []
    for box in boxes:
        reasons = ", ".join(
            f"{words.label('not_counted_because', reason)} {n}" for reason, n in box.left_out
        )
        parts.append(
            f"{box.what}: {box.n}" + (f" after {box.left} left out ({reasons})" if reasons else "")
        )
    return "Flow chart from top to bottom. " + "; ".join(parts) + "."
