"""The study flow: how many there were, set aside and why, counted, and placed.

Boxes and arrows are those of Page and others (2021), *BMJ* 372:n71, doi 10.1136/bmj.n71; searching
and screening stand there where a data set has a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evidence.arguments import one_of
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame, pages
from evidence.charts.style import (
    DEFAULT_SIZE,
    FAINT,
    INK,
    NEUTRAL,
    SOFT,
    WHITE,
    Size,
    height_of,
    styled,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.nouns import number_form
from evidence.synthesis.study_flow import StudyFlow
from evidence.synthesis.votes import UNITS

FILL, ASIDE = "#e6edf3", WHITE
LEFT, RIGHT = 0.38, 0.42  # share of the width of a box, and where the boxes at the right begin
GAP, BETWEEN = 1.6, 0.8  # em between boxes below and beside each other
PAD = 0.55
TURN = 0.7  # em from a box to where its arrow turns
MOST_BRANCHES = 4


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
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw how the studies flow from one step to the next.

    Boxes stand one below the other; what was set aside on the way into a box stands at the right,
    with the reasons.

    Parameters
    ----------
    steps : StudyFlow
    unit : {"study", "finding", "cohort"}
        What is counted, where no column says so.
    title : str, optional
        Default: how many there were, and how many of them are counted.
    size : {"web", "slide", "paper", "print"}

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
    one_of("unit", unit, UNITS)
    if steps.frame.empty:
        raise UsageError("nothing to draw: no step")
    boxes = _read(steps.frame, unit)
    *before, main = _flows(boxes)
    chain, branches = _arranged(main)
    for flow in before:
        if _arranged(flow)[1]:
            raise UsageError(
                f"{flow[-1].what!r} cannot be placed: only the last flow can split into several"
            )
    frame = Frame(
        title or _title(chain, words, unit),
        words.said("One box is one step; at the right what was set aside on the way, and why"),
        _notes(before, chain, branches, words, unit),
        words,
    )
    with styled(size) as chosen:
        rows = _rows([*before, chain], branches, words, chosen)
        heads = [number for number, row in enumerate(rows) if row.first]
        heads += [len(rows) - 2] * bool(branches)  # a fork stands below the box that it hangs on
        heights = [row.height for row in rows]
        heights[-1] -= GAP - 0.1  # nothing follows
        figures = []
        for page, numbers, tall in pages(chosen, frame, heights, together=heads, stretch=1.0):
            canvas = page.canvas("flow")
            top = 0.0
            for number, high in zip(numbers, tall, strict=True):
                rows[number].draw(canvas, top, chosen)
                top += high
            figures.append(page.figure)
    return Chart.of(figures, frame, _alt(boxes, words), _tidy(boxes), "study_flow")


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
        before = ""
        if of is not None and not pd.isna(of):
            before = str(of)
        elif boxes:
            before = boxes[-1].what
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
                aside = ""
                if box.left_out:
                    aside = (
                        f" and {box.left} left out"
                        f" ({', '.join(f'{reason} {n}' for reason, n in box.left_out)})"
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
            f"{stray.what!r} cannot be placed: only the last step can split into several"
        )
    if len(parts) > MOST_BRANCHES:
        raise UsageError(
            f"{chain[-1].what!r} parts into {len(parts)}; allowed: up to {MOST_BRANCHES}"
        )
    return chain, parts


@dataclass
class Box:
    """A box with its words, in em; ``label`` is what the marks read back say."""

    x: float
    width: float
    head: str
    text: str
    label: str
    aside: bool = False

    def height(self, size: Size) -> float:
        """Height of the words, with room around them."""
        return height_of(self.head, size) + height_of(self.text, size, size.small) + 2 * PAD

    def draw(self, canvas: Axes, top: float, size: Size) -> None:
        """Draw the box from a place down."""
        look = {"facecolor": FILL, "edgecolor": NEUTRAL.color}
        if self.aside:
            look = {"facecolor": ASIDE, "edgecolor": FAINT}
        high = self.height(size)
        canvas.add_patch(
            # Its border may lie on that of the drawing.
            Rectangle((self.x, top), self.width, high, linewidth=0.9, label=self.label,
                      clip_on=False, **look)
        )  # fmt: skip
        y = top + PAD
        for text, points, weight in (
            (self.head, size.text, "bold"),
            (self.text, size.small, "normal"),
        ):
            if text:
                canvas.text(self.x + PAD, y, text, va="top", fontsize=points, fontweight=weight,
                            color=INK, linespacing=size.spacing)  # fmt: skip
                y += height_of(text, size, points)


@dataclass
class FlowRow:
    """Boxes beside each other, and what was set aside before them.

    Attributes
    ----------
    boxes, aside : list of Box
        What was set aside stands at the right of a box that is alone, else below each of them.
    leads : list of str
        Names of the arrows that lead into the boxes; empty for the first box of a flow.
    above : float
        Height of the box above, where nothing stands beside it: what was set aside may begin there.
    """

    boxes: list[Box]
    aside: list[Box]
    leads: list[str]
    size: Size
    above: float = 0.0

    @property
    def first(self) -> bool:
        """Whether a flow begins here."""
        return not any(self.leads)

    @property
    def own(self) -> float:
        """Height of the boxes."""
        return max(box.height(self.size) for box in self.boxes)

    @property
    def beside(self) -> float:
        """Height of what stands at the right."""
        if len(self.boxes) > 1 or not self.aside:
            return 0.0
        return self.aside[0].height(self.size)

    @property
    def up(self) -> float:
        """How far above the row the box at the right begins."""
        return min(self.above + GAP, self.beside - 2 * TURN) if self.above and self.beside else 0.0

    @property
    def down(self) -> float:
        """How far below the top of the row its box begins."""
        if not self.beside:
            return 0.0
        return max(TURN if self.up else 3 * TURN, self.beside - self.up - self.own)

    @property
    def height(self) -> float:
        """Height of the row with the gap below it."""
        below = 0.0
        if len(self.boxes) > 1:
            below = max([box.height(self.size) for box in self.aside], default=0.0)
        return max(self.down + self.own + below, self.beside - self.up) + GAP

    def draw(self, canvas: Axes, top: float, size: Size) -> None:
        """Draw the boxes, and the arrows that lead into them."""
        trunk, start = 0.05 + size.across * LEFT / 2, max(top - GAP, 0.0)
        for box, lead in zip(self.boxes, self.leads, strict=True):
            if lead:
                _arrow(canvas, self._way(box, trunk, start, top), lead)
            box.draw(canvas, top + self.down, size)
        for box in self.aside:
            if self.beside:
                y = (start + top + self.down) / 2
                _arrow(canvas, [(trunk, start), (trunk, y), (box.x, y)], "set aside")
                box.draw(canvas, top - self.up, size)
            else:
                box.draw(canvas, top + self.own, size)

    def _way(self, box: Box, trunk: float, start: float, top: float) -> list[tuple[float, float]]:
        """From the box above straight down, or to the side and down."""
        end = top + self.down
        if box.x < trunk < box.x + box.width:
            return [(trunk, start), (trunk, end)]
        middle, turn = box.x + box.width / 2, max(top - GAP + TURN, 0.0)
        return [(trunk, start), (trunk, turn), (middle, turn), (middle, end)]


def _arrow(canvas: Axes, points: list[tuple[float, float]], label: str) -> None:
    xs, ys = zip(*points, strict=True)
    canvas.plot(xs, ys, color=SOFT, linewidth=1, label=label, zorder=0.5)
    canvas.annotate(
        "", points[-1], xytext=points[-2],
        arrowprops={"arrowstyle": "-|>", "color": SOFT, "linewidth": 1, "shrinkA": 0, "shrinkB": 0},
        gid="furniture", zorder=0.5,
    )  # fmt: skip


def _rows(
    chains: list[list[Step]], branches: list[Step], words: Words, size: Size
) -> list[FlowRow]:
    """Rows of boxes, from top to bottom."""
    rows: list[FlowRow] = []
    wide = size.across
    for chain in chains:
        before = ""
        for step in chain:
            box = _box(step, 0.05, wide * LEFT, words, size)
            aside = [_left_out(step, wide * RIGHT, wide * (1 - RIGHT) - 0.05, words, size)]
            leads = [f"{before} → {step.what}"] if before else [""]
            above = rows[-1].own if before and not rows[-1].aside else 0.0
            rows.append(FlowRow([box], aside if step.left_out else [], leads, size, above))
            before = step.what
    if branches:
        width = (wide - 0.1 - BETWEEN * (len(branches) - 1)) / len(branches)
        places = [0.05 + i * (width + BETWEEN) for i in range(len(branches))]
        boxes = [
            _box(step, x, width, words, size) for step, x in zip(branches, places, strict=True)
        ]
        aside = [
            _left_out(step, x, width, words, size, "Not placed")
            for step, x in zip(branches, places, strict=True)
            if step.left_out
        ]
        last = chains[-1][-1].what
        rows.append(FlowRow(boxes, aside, [f"{last} → {step.what}" for step in branches], size))
    return rows


def _box(step: Step, x: float, width: float, words: Words, size: Size) -> Box:
    head = wrap(f"{step.what} (n = {step.n:,})", width - 2 * PAD, size, bold=True)
    return Box(x, width, head, "", f"{step.what}: {step.n}")


def _left_out(
    step: Step, x: float, width: float, words: Words, size: Size, what: str = "Set aside"
) -> Box:
    head = wrap(f"{what} (n = {step.left:,})", width - 2 * PAD, size, bold=True)
    lines = [f"{words.label('not_counted_because', reason)}: {n:,}" for reason, n in step.left_out]
    if size.fixed:
        lines = ["; ".join(lines)]
    text = "\n".join(wrap(line, width - 2 * PAD, size, size.small) for line in lines)
    label = f"set aside before {step.what}: {step.left}"
    return Box(x, width, head, text, label, aside=True)


def _tidy(boxes: list[Step]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for box in boxes:
        rows += [
            {"what": box.what, "of": box.of or None, "reason": reason, "n": n}
            for reason, n in box.left_out
        ]
        rows.append({"what": box.what, "of": box.of or None, "reason": None, "n": box.n})
    return pd.DataFrame(rows, columns=["what", "of", "reason", "n"])


def _title(chain: list[Step], words: Words, unit: str) -> str:
    """Of how many, how many remain at the end of the flow."""
    first, last = chain[0], chain[-1]
    whole = counted(first.n, unit, words.units(unit))
    return f"Of {whole} in the table, {last.n:,} {number_form(last.n, 'is', 'are')} counted"


def _notes(
    before: list[list[Step]], chain: list[Step], branches: list[Step], words: Words, unit: str
) -> tuple[str, ...]:
    left = sum(box.left for box in chain)
    said = f"{counted(left, 'study', 'studies') if unit == 'study' else left} set aside on the way."
    if before:
        said += " The flows one above the other are counted apart: none leads into the next."
    if branches:
        said += (
            f" The boxes side by side hold the same {counted(chain[-1].n, unit, words.units(unit))}"
            " seen in several ways and are not added up."
        )
    return (said,)


def _alt(boxes: list[Step], words: Words) -> str:
    parts = []
    for box in boxes:
        reasons = ", ".join(
            f"{words.label('not_counted_because', reason)} {n}" for reason, n in box.left_out
        )
        parts.append(
            f"{box.what}: {box.n}" + (f" after {box.left} set aside ({reasons})" if reasons else "")
        )
    return "Flow chart from top to bottom. " + "; ".join(parts) + "."
