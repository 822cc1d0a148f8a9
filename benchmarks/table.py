"""The table of results: ratios, growth, goals, and an explanation beside every goal that is not
met.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

LEAST = 10_000  # below, what every call costs hides how the time grows
HEADS = (
    "part",
    "what",
    "size",
    "seconds",
    "times",
    "reference",
    "peak MB",
    "growth",
    "goal",
    "met",
)
NUMBERS = {"size", "seconds", "times", "peak MB", "growth"}


@dataclass(frozen=True)
class Goal:
    """A bound on one of the numbers of a row.

    Attributes
    ----------
    of : {"seconds", "ratio", "growth"}
        Which number.
    most : float
        Its largest value.
    why : str
        What to know when it is larger.
    """

    of: str
    most: float
    why: str = ""

    @property
    def text(self) -> str:
        """In words."""
        return {
            "seconds": f"{self.most:g} s",
            "ratio": f"{self.most:g} times",
            "growth": f"growth {self.most:g}",
        }[self.of]


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes
    ----------
    part, what : str
        Part of the suite, and what was measured.
    size : int
        How much of it; ``unit`` says of what.
    seconds : float
        Least time of several runs; nan when there is none.
    reference : str
        Beside what; empty when beside nothing.
    reference_seconds : float
        What that took in the same run.
    peak : float
        Largest memory in MB.
    growth : float or None
        Slope of log time over log size, on the largest size of a series.
    goals : tuple of Goal
    note : str
        Why there is no time, or what is special about it.
    """

    part: str
    what: str
    size: int
    unit: str
    seconds: float
    reference: str = ""
    reference_seconds: float = math.nan
    peak: float = math.nan
    growth: float | None = None
    goals: tuple[Goal, ...] = ()
    note: str = ""

    @property
    def ratio(self) -> float:
        """Time by that of the reference."""
        if self.reference:
            return self.seconds / self.reference_seconds
        return math.nan

    def missed(self) -> list[Goal]:
        """Goals that are not met; one that could not be measured is not met either."""
        found = {
            "seconds": self.seconds,
            "ratio": self.ratio,
            "growth": math.nan if self.growth is None else self.growth,
        }
        return [goal for goal in self.goals if not found[goal.of] <= goal.most]

    @property
    def met(self) -> str:
        """yes, no, or nothing where there is no goal."""
        if not self.goals:
            return ""
        if self.missed():
            return "no"
        return "yes"

    def as_dict(self) -> dict[str, object]:
        """For other programs: missing numbers are null."""
        named = asdict(self) | {
            "ratio": self.ratio,
            "met": {"yes": True, "no": False}.get(self.met),
        }
        return {
            key: None if isinstance(value, float) and math.isnan(value) else value
            for key, value in named.items()
        }


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float | None:
    """Slope of log time over log size by least squares: 1 where time grows as the size does, 2
    where it grows as its square.

    Sizes below ten thousand do not enter where two larger ones are there; None when fewer than two
    sizes have a time.

    >>> slope([10_000, 100_000, 1_000_000], [1, 10, 100]), slope([10], [1])
    (1.0, None)
    """
    known = [
        (size, taken) for size, taken in zip(sizes, seconds, strict=True) if size > 0 and taken > 0
    ]
    large = [pair for pair in known if pair[0] >= LEAST]
    points = [
        (math.log10(size), math.log10(taken))
        for size, taken in (large if len(large) > 1 else known)
    ]
    middle = [sum(axis) / len(points) for axis in zip(*points, strict=True)]
    spread = sum((x - middle[0]) ** 2 for x, _ in points)
    if spread:
        return round(sum((x - middle[0]) * (y - middle[1]) for x, y in points) / spread, 3)
    return None


def text(rows: Sequence[Row]) -> str:
    """The table for a terminal, and the explanations below it."""
    lines = _lines(rows)
    widths = [max(len(line[i]) for line in [list(HEADS), *lines]) for i in range(len(HEADS))]
    aligned = lambda line: "  ".join(
        _padded(cell, width, head) for cell, width, head in zip(line, widths, HEADS, strict=True)
    ).rstrip()
    body, before = [], ""
    for row, line in zip(rows, lines, strict=True):
        if row.part != before:
            body.append("-" * len(aligned(HEADS)))
        body.append(aligned(line))
        before = row.part
    return "\n".join([aligned(HEADS), *body, "", *_explained(rows, lambda words: words)])


def markdown(rows: Sequence[Row]) -> str:
    """The same for a page."""
    rule = ["--:" if head in NUMBERS else "---" for head in HEADS]
    table = "\n".join(f"| {' | '.join(line)} |" for line in [list(HEADS), rule, *_lines(rows)])
    return "\n".join([table, "", *_explained(rows, lambda words: f"**{words}**")])


def _lines(rows: Sequence[Row]) -> list[list[str]]:
    return [
        [
            row.part,
            row.what,
            f"{row.size:,} {row.unit}".strip() if row.size else row.unit,
            _number(row.seconds) if not row.note else "none",
            _number(row.ratio),
            f"{row.reference} ({_number(row.reference_seconds)} s)" if row.reference else "",
            f"{row.peak:,.0f}" if row.peak == row.peak else "",
            "" if row.growth is None else f"{row.growth:.2f}",
            ", ".join(goal.text for goal in row.goals),
            row.met,
        ]
        for row in rows
    ]


def _padded(cell: str, width: int, head: str) -> str:
    if head in NUMBERS:
        return cell.rjust(width)
    return cell.ljust(width)


def _number(value: float) -> str:
    """Three digits, or two where it is tiny.

    >>> _number(0.01234), _number(1234.5), _number(0.000042), _number(float("nan"))
    ('0.0123', '1,234', '4.2e-05', '')
    """
    if value != value:
        return ""
    if 0 < value < 0.001:
        return f"{value:.1e}"
    digits = 0
    if value > 0:
        digits = max(0, 2 - math.floor(math.log10(value)))
    return f"{value:,.{min(digits, 4)}f}"


def _explained(rows: Sequence[Row], strong: Callable[[str], str]) -> list[str]:
    """How many goals are met, why others are not, and what could not be measured."""
    goals = [goal for row in rows for goal in row.goals]
    missed = [(row, goal) for row in rows for goal in row.missed()]
    lines = [
        f"{len(goals) - len(missed)} of {len(goals)} goals are met."
        if goals
        else "No goal stands for these rows."
    ]
    for row, goal in missed:
        name = (
            f"{row.part}, {row.what}, {row.size:,} {row.unit}"
            if row.size
            else f"{row.part}, {row.what}"
        )
        lines += [
            "",
            (
                f"{strong(f'Not met: {name}: at most {goal.text}.')}"
                f" {goal.why or 'No explanation yet: find the cause, and fix it or say why.'}"
            ),
        ]
    for row in rows:
        if row.note:
            lines += [
                "",
                (
                    f"{strong(f'No time: {row.part}, {row.what}, {row.size:,} {row.unit}:')}"
                    f" {row.note}."
                ),
            ]
    return lines
