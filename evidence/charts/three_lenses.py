"""The same studies through three lenses: as concluded, direction of effect, size of effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from evidence.charts.axis import effect_limits, effects, shares
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.numbers import with_interval
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart
from evidence.charts.style import (
    DEFAULT_SIZE,
    INK,
    NEUTRAL,
    Look,
    Size,
    height_of,
    styled,
    wrap,
)
from evidence.charts.words import ORDER, SIDES, UNREADABLE, Words, counted
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first, upper_first
from evidence.synthesis.lenses import Lenses
from evidence.synthesis.number_texts import p_text, percent
from evidence.synthesis.sign_test import sign_test

HEADS = {
    "concluded": "1. What the authors conclude",
    "direction": "2. Which way the numbers lean",
    "size": "3. How large the difference is",
}
LEFT_OVER = "#dbe3ea"  # where the share may lie, whatever the unreadable ones point to
SURE = 0.05


@draws(Lenses, made_by="evidence.lenses(ev)")
def three_lenses(
    result: Lenses, words: Words, *, title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw three lenses side by side.

    The first column stacks the conclusions of the authors. The second has the share of benefit
    among the studies that lean one way, with its 95 % interval; the faint band reaches from the
    share if all unreadable ones were harm to that if all were benefit. The third has the pooled
    estimate with its interval; ratios share a logarithmic axis, other measures are given in words.

    Parameters
    ----------
    result : Lenses
    title : str, optional
        Default: in how many rows the lenses agree, by a rule.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw.
    """
    if result.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    table = result.frame
    keys = [key for key in dict.fromkeys([*words.kept_apart, result.by]) if key]
    groups = words.ranked(table, keys)
    rows = words.rows(groups, keys)
    lines = [_group(table, keys, line) for line in groups.to_dict("records")]
    frame = Frame(
        title or _title(lines),
        words.said(
            "One row per group of studies, never added up; each column asks another question"
        ),
        _notes(lines, rows, words),
        words,
        "Line: 95 % interval. p: sign test; worst case: unreported directions lean the other way.",
    )
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            [Row(row) for row in rows],
            [
                Column(
                    HEADS["concluded"],
                    draw=_stacks(lines, words),
                    axis=" ",
                    needs=_needs(lines, lambda line: _counts_text(line, words)),
                ),
                Column(
                    HEADS["direction"],
                    draw=_shares(lines, words),
                    axis=_axis(lines, words),
                    needs=_needs(lines, lambda line: _share_text(line, words)),
                ),
                Column(
                    HEADS["size"],
                    draw=_sizes(lines, words),
                    axis=" ",
                    needs=_needs(lines, lambda line: _size_text(line, words)),
                ),
            ],
            key=_key(lines, words, chosen),
            label_share=0.17,
            rules=True,
        )
    return Chart.of(figures, frame, _alt(lines, rows, words), table, "three_lenses")


def _group(table: pd.DataFrame, keys: list[str], values: dict) -> dict[str, dict[str, Any]]:
    """The line of each lens; an empty one for a lens that the group lacks."""
    there = pd.Series(True, index=table.index)
    for key in keys:
        value = values[key]
        there &= table[key].isna() if pd.isna(value) else table[key].astype("object") == value
    found = {line["lens"]: line for line in table[there].to_dict("records")}
    return {lens: found.get(lens, {}) | values for lens in HEADS}


def _number(line: dict, name: str) -> float:
    value = line.get(name)
    if value is None or pd.isna(value):
        return float("nan")
    return float(value)


def _count(line: dict, name: str) -> int:
    value = _number(line, name)
    return 0 if pd.isna(value) else int(value)


def _counts_text(group: dict, words: Words) -> str:
    line = group["concluded"]
    shown = [word for word in ORDER if _count(line, word)]
    said = words.through("concluded")
    return ", ".join(f"{_count(line, w):,} {said.side(w, line)}" for w in shown) or "no study"


def _share_text(group: dict, words: Words, silent: str = "not reported") -> str:
    """The share with its test; ``silent`` is what is said below a head that names directions."""
    line = group["direction"]
    n, against = _count(line, "benefit"), _count(line, "harm")
    if not n + against:
        return "no study with a direction"
    mixed, unread = _count(line, "mixed"), _count(line, "not_placed")
    p = _number(line, "p_value")
    parts = [f"{n:,} of {n + against:,} {words.sides(line)['benefit']}"]
    if pd.notna(p):
        parts.append(p_text(p))
        if unread:
            worst = sign_test(n, against, unread).p_worst
            parts[-1] += f" (worst case {p_text(worst)})"
    if mixed:
        parts.append(f"{mixed} mixed")
    if unread:
        parts.append(f"{unread} {silent}")
    return ", ".join(parts)


def _size_text(group: dict, words: Words) -> str:
    line = group["size"]
    if pd.isna(_number(line, "estimate")):
        return str(line.get("verdict") or "no pooled estimate")
    estimate, low, high = (_number(line, name) for name in ("estimate", "ci_low", "ci_high"))
    k = _count(line, "k")
    what = line.get("what")
    # The measure is said already: "Any activity (odds ratios)" would fill a slide.
    pooled = f"; {what.partition(' (')[0]}" if isinstance(what, str) and what else ""
    return (
        f"{line['measure']} {with_interval(estimate, low, high)},"
        f" {counted(k, 'study', 'studies')}{pooled}"
    )


def _axis(lines: list, words: Words) -> str:
    """What the share is of: the better side has a name where all rows share it."""
    named = {words.sides(group["direction"])["benefit"] for group in lines}
    return f"share pointing to {named.pop()}" if len(named) == 1 else "share for the better side"


def _needs(lines: list, text: Callable[[dict], str]) -> Callable[[float, Size], list[float]]:
    def needs(width: float, size: Size) -> list[float]:
        wrapped = [wrap(_tied(text(line)), width, size, size.small) for line in lines]
        return [height_of(one, size, size.small) + 2.2 for one in wrapped]

    return needs


def _tied(text: str) -> str:
    """A text in which no line ends within a p-value."""
    return re.sub(r"p ([=<]) ", "p\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", text)


def _said(axes: Axes, y: float, text: str, part: Part, index: int) -> float:
    """Text at the top of a row; gives the place of the mark below it."""
    size = part.size
    top = y - part.heights[index] / 2 + 0.25
    wrapped = wrap(_tied(text), part.width, size, size.small)
    axes.text(
        0, top, wrapped, transform=axes.get_yaxis_transform(), fontsize=size.small,
        color=INK, va="top", linespacing=size.spacing,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip
    return top + height_of(wrapped, size, size.small) + 0.75


def _stacks(lines: list, words: Words) -> Draw:
    most = max((sum(_count(g["concluded"], w) for w in ORDER) for g in lines), default=0)
    said = words.through("concluded")

    def draw(axes: Axes, part: Part) -> None:
        axes.set_xlim(0, max(most, 1))
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        for i in part.rows:
            line = lines[i]["concluded"]
            y = _said(axes, part.y[i], _counts_text(lines[i], words), part, i)
            start = 0
            for word in ORDER:
                n = _count(line, word)
                if n:
                    label = said.word(word)
                    paint = part.size.fill(part.size.look(word))
                    axes.barh(y, n, left=start, height=1.0, label=label, **paint)
                start += n

    return draw


def _shares(lines: list, words: Words) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        shares(axes)
        for i in part.rows:
            line = lines[i]["direction"]
            y = _said(axes, part.y[i], _share_text(lines[i], words), part, i)
            n, against = _count(line, "benefit"), _count(line, "harm")
            if not n + against:
                continue
            worst, best = bounds(n, against, _count(line, "not_placed"))
            if best > worst:
                axes.barh(
                    y, best - worst, left=worst, height=1.0, color=LEFT_OVER, zorder=1,
                    label="if all unreadable ones leaned one way",
                )  # fmt: skip
            share = n / (n + against)
            low, high = _number(line, "share_low"), _number(line, "share_high")
            if pd.notna(low):
                axes.hlines(y, low, high, color=INK, linewidth=1.6, label="interval", zorder=3)
            axes.scatter(
                [share], [y], s=(0.75 * part.size.text) ** 2, color=_leaning(share, part.size),
                edgecolor=INK, linewidth=0.6, label=_leaning_word(share), zorder=4,
            )  # fmt: skip

    return draw


def bounds(benefit: int, harm: int, unread: int) -> tuple[float, float]:
    """Share of benefit if all unreadable ones were harm, and if all were benefit.

    >>> bounds(3, 1, 4)
    (0.375, 0.875)
    """
    total = benefit + harm + unread
    return benefit / total, (benefit + unread) / total


def _leaning_word(share: float) -> str:
    if share == 0.5:
        return "half and half"
    if share > 0.5:
        return "more benefit"
    return "more harm"


def _leaning(share: float, size: Size) -> str:
    word = {"half and half": "null", "more benefit": "benefit", "more harm": "harm"}
    return size.color(size.look(word[_leaning_word(share)]))


def _ratios(lines: list, words: Words) -> list[int]:
    """Rows whose estimate stands on the common axis of ratios."""
    return [
        i
        for i, group in enumerate(lines)
        if pd.notna(_number(group["size"], "estimate"))
        and words.is_ratio(str(group["size"].get("measure")))
    ]


def _sizes(lines: list, words: Words) -> Draw:
    drawn = _ratios(lines, words)
    found = [lines[i]["size"] for i in drawn]

    def draw(axes: Axes, part: Part) -> None:
        if drawn:
            middle, low, high = (
                [_number(line, name) for line in found]
                for name in ("estimate", "ci_low", "ci_high")
            )
            effects(axes, effect_limits(middle, low, high, True), True, part.width, part.size)
            axes.set_xlabel("ratio; 1 is no difference", fontsize=part.size.small, labelpad=2)
        else:
            axes.set_xticks([])
            axes.spines["bottom"].set_visible(False)
        for i in part.rows:
            y = _said(axes, part.y[i], _size_text(lines[i], words), part, i)
            if i in drawn:
                line = lines[i]["size"]
                _estimate(axes, y, line, part.size)

    return draw


def _estimate(axes: Axes, y: float, line: dict, size: Size) -> None:
    low, high = _number(line, "ci_low"), _number(line, "ci_high")
    if pd.notna(low) and pd.notna(high):
        axes.hlines(y, low, high, color=INK, linewidth=1.6, label="interval", zorder=3)
    axes.scatter(
        [line["estimate"]], [y], s=(0.75 * size.text) ** 2, marker="D",
        color=size.color(NEUTRAL), edgecolor=INK, linewidth=0.6, label="estimate", zorder=4,
    )  # fmt: skip


def _key(lines: list, words: Words, size: Size) -> list[tuple[Look, str]]:
    shown = [w for w in ORDER if any(_count(g["concluded"], w) for g in lines)]
    said = words.through("concluded")
    key = [
        (size.look(word), said.common(word, [group["concluded"] for group in lines]))
        for word in shown
    ]
    unread = any(_count(group["direction"], "not_placed") for group in lines)
    band = (
        Look(LEFT_OVER, "", "s", LEFT_OVER),
        "where the share may lie with unreported directions",
    )
    return [*key, band] if unread else key


def _lean(line: dict) -> str:
    """The side that more studies are on than on the other, or on neither; empty where none is."""
    counts = {word: _count(line, word) for word in ORDER if word != "not_placed"}
    first, *ties = [word for word, n in counts.items() if n == max(counts.values())]
    return first if first in SIDES and not ties else ""


def _compared(lines: list) -> list[bool]:
    """Of each row that leans by its conclusions and by its numbers, whether to the same side."""
    leans = [(_lean(group["concluded"]), _lean(group["direction"])) for group in lines]
    return [said == seen for said, seen in leans if said and seen]


def _title(lines: list) -> str:
    """In how many rows conclusions and numbers lean the same way, and how many sizes are known."""
    same = _compared(lines)
    sized = sum(pd.notna(_number(group["size"], "estimate")) for group in lines)
    known = f"{counted(sized, 'size is', 'sizes are') if sized else 'no size is'} known"
    if len(lines) == 1:
        known = "a pooled size is known" if sized else "no pooled size is known"
    if not same:
        return f"Conclusions, numbers or both lean to neither side; {known}"
    which = "to the same side" if all(same) else "to opposite sides"
    if len(same) == 1:
        where = "" if len(lines) == 1 else "In the one group that can be compared, "
        return upper_first(f"{where}conclusions and numbers lean {which}; {known}")
    groups = "groups" if len(same) == len(lines) else "groups that can be compared,"
    # Short: a second line of the title would leave a slide too little room for its rows.
    return f"In {sum(same)} of {len(same)} {groups} conclusions and numbers lean alike; {known}"


def _notes(lines: list, rows: list[str], words: Words) -> tuple[str, ...]:
    notes = ["The sign test asks only whether the leaning is unlikely to be chance alone."]
    if 0 < len(_compared(lines)) < len(lines):
        notes.append(
            "A group can be compared where conclusions and numbers each lean: more studies on one"
            " side than on the other or on neither."
        )
    for group, row in zip(lines, rows, strict=True):
        low, high = (_number(group["size"], name) for name in ("ci_low", "ci_high"))
        null = 0.0
        if words.is_ratio(str(group["size"].get("measure"))):
            null = 1.0
        p = _number(group["direction"], "p_value")
        if p < SURE and low <= null <= high:
            k = counted(_count(group["size"], "k"), "study", "studies")
            notes.append(
                f"{row}: no contradiction. The sign test counts which way all studies lean; the"
                f" pool averages how far, in the {k} that print it on one measure."
            )
    if any(_count(group["direction"], "not_placed") for group in lines):
        notes.append(
            f"{UNREADABLE}: shown by the faint band, as far as these studies could move the share."
        )
    return tuple(notes)


def _alt(lines: list, rows: list[str], words: Words) -> str:
    parts = []
    for group, row in zip(lines, rows, strict=True):
        n, against = (_count(group["direction"], word) for word in ("benefit", "harm"))
        share = f" ({percent(n / (n + against))})" if n + against else ""
        seen = _share_text(group, words, lower_first(UNREADABLE))
        parts.append(
            f"{row}: as concluded {_counts_text(group, words)}; direction"
            f" {seen}{share}; size {_size_text(group, words)}"
        )
    return "Three lenses side by side. " + ". ".join(parts) + "."
