"""The evidence balance: harm left, benefit right, and beside them what leans neither way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes

from evidence.charts.axis import whole_numbers
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.messages import count_title
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, grouped, placed, table_chart
from evidence.charts.style import DEFAULT_SIZE, INK, Look, Size, styled, widest
from evidence.charts.words import SIDES, Words, counted, took_part
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first, upper_first
from evidence.synthesis.balance import Balance
from evidence.synthesis.votes import one_outcome

NEUTRAL = ("mixed", "no_clear_difference", "not_placed")
NAMES, LEAST = 0.3, 6.0  # share of the width for names; em of a panel at least
IN_WORDS = 6  # rows whose bars carry their words


@draws(Balance, made_by="evidence.balance(ev)")
def balance(counts: Balance, words: Words, *, title: str = "", size: str = DEFAULT_SIZE) -> Chart:
    """Draw a balance.

    Bars to the left are harm, to the right benefit; the bars of the second panel, on the same
    scale, lean neither way or do not report a direction.

    Parameters
    ----------
    counts : Balance
    title : str, optional
        Default: which way the units point, by a rule.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw.
    """
    if counts.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    keys = [key for key in dict.fromkeys([*words.kept_apart, counts.by]) if key]
    words = replace(words, unplaced=counts.unplaced)
    rows = words.rows(counts.frame, keys)
    frame = Frame(
        title or count_title(counts, words, rows),
        words.said(_what(counts, words)),
        _notes(counts, rows, words),
        words,
        _order_note(counts, words),
    )
    names, places = row_names(counts, words)
    lines = placed(places, counts.frame.to_dict("records"))
    with styled(size) as chosen:
        sizes = _panels(counts, words, chosen)
        figures = table_chart(
            chosen,
            frame,
            names,
            [
                Column("", draw=_sides(counts, lines, words, sizes), share=sizes[0], axis=" "),
                Column(
                    "Neither way",
                    draw=_neither(counts, lines, words, sizes),
                    share=sizes[1],
                    axis=" ",
                ),
            ],
            key=_key(counts, words, chosen),
            least=1.9,
        )
    return Chart.of(figures, frame, _alt(counts, rows, words), counts.frame, "balance")


def row_names(counts: Balance, words: Words) -> tuple[list[Row], list[int | None]]:
    """Names of the rows, under headings of what is kept apart where they are by something else."""
    apart = words.rows(counts.frame, words.kept_apart)
    if not counts.by or counts.by in words.kept_apart:
        return grouped([""] * len(apart), apart)
    return grouped(apart, [words.label(counts.by, value) for value in counts[counts.by]])


def _what(counts: Balance, words: Words) -> str:
    """What is counted in a row, and through which lens."""
    one = {
        "study": "Each study",
        "cohort": "Each group of people or animals",
        "finding": "Each finding",
    }
    lens = {
        "concluded": "what its authors conclude",
        "direction": "the direction of its main difference",
    }
    if one_outcome(counts.ev):
        lens["direction"] = "the direction of its differences on this outcome"
    within = ""
    if counts.by and counts.unit != "finding":
        within = " in each row"
    return f"{one[counts.unit]} counts once{within}, by {lens[counts.lens]}"


def _key(counts: Balance, words: Words, size: Size) -> list[tuple[Look, str]]:
    lines = counts.frame.to_dict("records")
    shown = ["harm", "benefit", *_neutral(counts)]
    return [(size.look(word), words.common(word, lines)) for word in shown]


def _neutral(counts: Balance) -> list[str]:
    return [word for word in NEUTRAL if word in counts and int(counts[word].sum())]


def _ends(counts: Balance, words: Words, size: Size) -> dict[str, tuple[int, float]]:
    """Of the panel of each side, and of that of neither: its longest bar, and em for its words."""
    lines = counts.frame.to_dict("records")
    ends = {}
    for word in SIDES:
        texts = [_label(line, word, words, len(counts)) for line in lines if line[word]]
        room = widest(texts, size) + 0.9 if texts else 0.6
        ends[word] = (int(counts[word].max()), room)
    neutral = _neutral(counts)
    texts = [_neither_text(counts, line) for line in lines]
    most = int(counts[neutral].sum(axis=1).max()) if neutral else 0
    return ends | {"neither": (most, widest(texts, size) + 0.9)}


def _panels(counts: Balance, words: Words, size: Size) -> tuple[float, float]:
    """Widths of both panels, in em, as the bars and their words share what names leave."""
    ends = _ends(counts, words, size)
    free = size.across * (1 - NAMES) - sum(room for _, room in ends.values())
    scale = max(1, sum(most for most, _ in ends.values())) / max(free, LEAST)
    wide = {name: most / scale + room for name, (most, room) in ends.items()}
    return wide["harm"] + wide["benefit"], max(wide["neither"], LEAST)


def _scale(counts: Balance, words: Words, widths: tuple[float, float], size: Size) -> float:
    """Units per em, the same in both panels, on both sides and on all pages."""
    ends = _ends(counts, words, size)
    sides = sum(ends[word][0] for word in SIDES)
    left = widths[0] - sum(ends[word][1] for word in SIDES)
    most, room = ends["neither"]
    return max(sides / max(left, 2), most / max(widths[1] - room, 2), 0.02)


def _both(part: Part, own: int, sizes: tuple[float, float]) -> tuple[float, float]:
    """Widths of both panels, from that of one of them and their shares."""
    return part.width * sizes[0] / sizes[own], part.width * sizes[1] / sizes[own]


def _label(line: dict, word: str, words: Words, rows: int) -> str:
    n = f"{int(line[word]):,}"
    return f"{n} {words.sides(line)[word]}" if rows <= IN_WORDS else n


def _sides(
    counts: Balance, lines: list[dict | None], words: Words, sizes: tuple[float, float]
) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        scale = _scale(counts, words, _both(part, 0, sizes), part.size)
        ends = _ends(counts, words, part.size)
        left, right = (ends[word][0] + ends[word][1] * scale for word in SIDES)
        spare = (part.width * scale - left - right) / 2
        axes.set_xlim(-left - spare, right + spare)
        whole_numbers(axes, 7)
        axes.axvline(0, color=INK, linewidth=0.9, gid="furniture")
        rows = part.items(lines)
        for word, sign in SIDES.items():
            spans = [(y, 0, sign * int(line[word])) for y, line in rows]
            bars(axes, spans, words.word(word), part.size.look(word), part.size)
            for (y, _, value), (_, line) in zip(spans, rows, strict=True):
                if value:
                    beside(axes, value, y, _label(line, word, words, len(counts)), part, sign)
        left, right = (words.common(word, counts.frame.to_dict("records")) for word in SIDES)
        axes.set_label(f"{upper_first(left)} ← {words.units(counts.unit)} → {right}")

    return draw


def _neither(
    counts: Balance, lines: list[dict | None], words: Words, sizes: tuple[float, float]
) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        both = _both(part, 1, sizes)
        axes.set_xlim(0, _scale(counts, words, both, part.size) * part.width)
        whole_numbers(axes, 3)
        rows = part.items(lines)
        start = [0] * len(rows)
        for word in _neutral(counts):
            values = [int(line[word]) for _, line in rows]
            spans = [(y, at, n) for (y, _), at, n in zip(rows, start, values, strict=True)]
            bars(axes, spans, words.word(word), part.size.look(word), part.size)
            start = [a + b for a, b in zip(start, values, strict=True)]
        for (y, line), end in zip(rows, start, strict=True):
            if end:
                beside(axes, end, y, _neither_text(counts, line), part, 1)

    return draw


def _neither_text(counts: Balance, line: dict) -> str:
    """How many lean neither way, and why, in the order of the key."""
    numbers = [int(line[word]) for word in _neutral(counts)]
    return " + ".join(f"{n:,}" for n in numbers) if any(numbers) else ""


def bars(
    axes: Axes,
    spans: Sequence[tuple[float, float, float]],
    label: str,
    look: Look,
    size: Size,
) -> None:
    """Bars of one kind, each from a place, with a start and a width; none where that is nothing."""
    drawn = [span for span in spans if span[2]]
    if drawn:
        places, left, wide = zip(*drawn, strict=True)
        axes.barh(places, wide, left=left, height=1.1, label=label, **size.fill(look))


def beside(axes: Axes, x: float, y: float, text: str, part: Part, sign: int) -> None:
    """A text just beyond the end of a bar."""
    axes.annotate(
        text,
        (x, y),
        xytext=(0.35 * part.size.text * sign, 0),
        textcoords="offset points",
        ha="left" if sign > 0 else "right",
        va="center",
    )


def _order_note(counts: Balance, words: Words) -> str:
    """In which order the numbers of neither way stand."""
    neutral = _neutral(counts)
    if len(neutral) < 2:
        return ""
    return f"Neither way: {' + '.join(lower_first(words.word(word)) for word in neutral)}."


def _notes(counts: Balance, rows: list[str], words: Words) -> tuple[str, ...]:
    notes = []
    if len(counts) <= 4:
        said = zip(rows, counts.frame.to_dict("records"), strict=True)
        notes.append("; ".join(f"{row}: {_who(counts, line)}" for row, line in said) + ".")
    else:
        distinct = len(set(counts.underlying)) or int(counts["studies"].max())
        notes.append(
            f"{counted(distinct, 'study', 'studies')} counted over all rows; one may be in several."
        )
    if counts["not_placed"].sum():
        first, *more = counts.unplaced_said
        notes += [f"{first} {_votes(counts, words)}.", *(f"{said}." for said in more)]
    return tuple(notes)


def _who(counts: Balance, line: dict) -> str:
    """How many studies and took part in a row; of cohorts, how many studies are in them."""
    said = took_part(line["studies"], line["participants"], line["size_unknown"], counts.unit)
    studies = counts.ev.counted_studies
    keys = [key for key in dict.fromkeys([*counts.ev.dictionary.kept_apart, counts.by]) if key]
    if counts.unit != "cohort" or not set(keys) <= set(studies):
        return said
    here = studies[(studies[keys].astype("object") == pd.Series(line)[keys]).all(axis=1)]
    return f"{counted(here['study_id'].nunique(), 'study', 'studies')} in {said}"


def _votes(counts: Balance, words: Words) -> str:
    """What the sum over all rows counts: votes, where a study may be in several rows."""
    if counts.by and len(counts) > 1:
        return "votes"
    return words.units(counts.unit)


def _alt(counts: Balance, rows: list[str], words: Words) -> str:
    parts = []
    for row, line in zip(rows, counts.frame.to_dict("records"), strict=True):
        shown = [w for w in ("harm", "benefit", "no_clear_difference", "mixed") if w in line]
        if line["not_placed"]:
            shown.append("not_placed")
        said = ", ".join(f"{words.side(word, line)} {line[word]}" for word in shown)
        parts.append(f"{row}: {said}")
    lead = f"Bar chart, counting {words.units(counts.unit)} ({counts.lens_title})"
    return f"{lead}. {'; '.join(parts)}."
