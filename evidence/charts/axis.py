"""Quiet axes: a few round ticks, a line where nothing differs, words for the sides."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter, NullLocator

from evidence.charts.style import INK, Size, text_width


def whole_numbers(axes: Axes, most: int = 5) -> None:
    """Whole numbers on an axis of counts, without their sign."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=most, min_n_ticks=1))
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
    axes.grid(axis="x")


def shares(axes: Axes) -> None:
    """Percent from 0 to 100, with a line at one half."""
    axes.set_xlim(-0.03, 1.03)
    axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.grid(axis="x")
    axes.axvline(0.5, color=INK, linewidth=0.9, gid="furniture")


def effects(axes: Axes, limits: tuple[float, float], log: bool, width: float, size: Size) -> None:
    """An axis of effects with the line of no difference; ticks as many as the width holds."""
    if log:
        axes.set_xscale("log")
    axes.set_xlim(*limits)
    axes.axvline(1 if log else 0, color=INK, linewidth=0.9, gid="furniture")
    axes.grid(axis="x")
    most = max(2, int(width / max(3.2, 1.5 + text_width("0.05", size, size.small))))
    if not log:
        axes.xaxis.set_major_locator(MaxNLocator(min(most, 6), min_n_ticks=1))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−"))
        )
        return
    axes.set_xticks(*_log_ticks(limits, most))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())


def _log_ticks(limits: tuple[float, float], most: int) -> tuple[list[float], list[str]]:
    """Round numbers on a logarithmic axis, the null value among them; fewer where they crowd."""
    low, high = np.log10(limits)
    for steps in ((1, 1.2, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        found = [
            step * 10.0**power
            for power in range(int(np.floor(low)), int(np.ceil(high)) + 1)
            for step in steps
            if limits[0] <= step * 10.0**power <= limits[1]
        ]
        apart = 1.0
        if len(found) > 1:
            apart = np.diff(np.log10(found)).min() / (high - low)
        if len(found) <= most and apart * most >= 0.9:
            break
    else:
        every = int(np.ceil(len(found) / most))
        null = found.index(1.0) if 1.0 in found else 0
        found = [value for i, value in enumerate(found) if (i - null) % every == 0]
    return found, [f"{value:g}" for value in found]


def log_counts(axes: Axes, low: float, high: float) -> None:
    """Numbers of participants on a logarithmic axis, from end to end."""
    ticks = count_ticks(low, high)
    axes.set_xscale("log")
    axes.set_xlim(min(low, ticks[0]), max(high, ticks[-1]))
    axes.set_xticks(ticks, [_thousands(tick) for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="x")


def count_ticks(low: float, high: float) -> list[float]:
    """Where an axis of counts has its numbers: at least two, powers of ten where there are so many.

    >>> count_ticks(0.7, 3000), count_ticks(10, 90), count_ticks(15.6, 40)
    ([1, 10, 100, 1000], [10, 20, 50], [10, 20, 50])
    """
    powers = [10**power for power in range(int(np.log10(high)) + 2)]
    tens = [tick for tick in powers if low <= tick <= high]
    if len(tens) > 1:
        return tens[:: -(-len(tens) // 8)]
    steps = [step * power for power in powers for step in (1, 2, 5)]
    inside = [tick for tick in steps if low <= tick <= high]
    if len(inside) > 1:
        return inside
    below, above = [t for t in steps if t < low], [t for t in steps if t > high]
    return [*below[-1:], *inside, *above[:1]]


def _thousands(value: float) -> str:
    """
    >>> _thousands(100), _thousands(10_000), _thousands(1e6)
    ('100', '10k', '1M')
    """
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    if value >= 1e4:
        return f"{value / 1e3:g}k"
    return f"{value:,g}"


def effect_limits(
    estimates: Iterable[float], lows: Iterable[float], highs: Iterable[float], log: bool
) -> tuple[float, float]:
    """Ends of an axis: all estimates and the null value, then as much of the intervals as does not
    squash the rest.
    """

    def scaled(values: Iterable[float]) -> np.ndarray:
        found = np.array(list(values), dtype=float)
        with np.errstate(all="ignore"):
            return np.log(np.where(found > 0, found, np.nan)) if log else found

    middle, low, high = scaled(estimates), scaled(lows), scaled(highs)
    centre = [0.0, *middle[np.isfinite(middle)]]
    start, end = min(centre), max(centre)
    half = (high - low) / 2
    half = half[np.isfinite(half)]
    free = max(0.35 * (end - start), 2.5 * float(np.median(half)) if len(half) else 0.0)
    ends = [*low[np.isfinite(low)], *high[np.isfinite(high)]]
    start, end = max(start - free, min([start, *ends])), min(end + free, max([end, *ends]))
    margin = 0.06 * (end - start) or (np.log(2) if log else 1.0)
    start, end = start - margin, end + margin
    if log:
        return (float(np.exp(start)), float(np.exp(end)))
    return (float(start), float(end))
