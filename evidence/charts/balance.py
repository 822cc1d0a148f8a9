"""The evidence balance: harm left, benefit right, and beside them what leans neither way."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from evidence.charts.axis import whole_numbers
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.messages import count_title
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, grouped, placed, table_chart
from evidence.charts.style import DEFAULT_SIZE, INK, Look, Size, styled, text_width
from evidence.charts.words import SIDES, Words, counted, took_part
from evidence.errors import UsageError
from evidence.synthesis.balance import Balance

NEUTRAL = ("mixed", "no_clear_difference", "not_placed")
SHARES = (0.62, 0.38)
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
    words = words.through(counts.lens)
    rows = words.rows(counts.frame, keys)
    frame = Frame(
        title or count_title(counts, words, rows),
        words.said(_what(counts, words)),
        _notes(counts, rows, words),
        words,
    )
    names, places = row_names(counts, words)
    lines = placed(places, counts.frame.to_dict("records"))
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            names,
            [
                Column("", draw=_sides(counts, lines, words), share=SHARES[0], axis=" "),
                Column(
                    "Neither way", draw=_neither(counts, lines, words), share=SHARES[1], axis=" "
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
    within = ""
    if counts.by and counts.unit != "finding":
        within = " in each row"
    return f"{one[counts.unit]} counts once{within}, by {lens[counts.lens]}"


def common_sides(counts: Balance, words: Words) -> dict[str, str]:
    """Words for harm and benefit that hold in all rows."""
    named = [words.sides(line) for line in counts.frame.to_dict("records")]
    plain = {word: words.word(word).lower() for word in SIDES}
    same = all(sides == named[0] for sides in named)
    return named[0] if same else plain


def _key(counts: Balance, words: Words, size: Size) -> list[tuple[Look, str]]:
    sides = common_sides(counts, words)
    shown = ["harm", "benefit", *_neutral(counts)]
    return [(size.look(word), sides.get(word) or words.word(word).lower()) for word in shown]


def _neutral(counts: Balance) -> list[str]:
    return [word for word in NEUTRAL if word in counts and int(counts[word].sum())]


def _most(counts: Balance) -> int:
    return max(1, int(counts[list(SIDES)].to_numpy().max()))


def _scale(counts: Balance, words: Words, part: Part) -> float:
    """Units per em, the same in both panels and on all pages."""
    sides = part.width
    neither = sides * SHARES[1] / SHARES[0]
    label = max(text_width(text, part.size) for text in _labels(counts, words)) + 1.0
    widest = 0
    if _neutral(counts):
        widest = int(counts[_neutral(counts)].sum(axis=1).max())
    return max(_most(counts) / max(sides / 2 - label, 2), widest / max(neither - 4.5, 2))


def _labels(counts: Balance, words: Words) -> list[str]:
    return [
        _label(line, word, words, len(counts))
        for line in counts.frame.to_dict("records")
        for word in SIDES
    ]


def _label(line: dict, word: str, words: Words, rows: int) -> str:
    n = f"{int(line[word]):,}"
    return f"{n} {words.sides(line)[word]}" if rows <= IN_WORDS else n


def _sides(counts: Balance, lines: list[dict | None], words: Words) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        half = _scale(counts, words, part) * part.width / 2
        axes.set_xlim(-half, half)
        whole_numbers(axes, 7)
        axes.axvline(0, color=INK, linewidth=0.9, gid="furniture")
        rows = part.items(lines)
        for word, sign in SIDES.items():
            spans = [(y, 0, sign * int(line[word])) for y, line in rows]
            bars(axes, spans, words.word(word), part.size.look(word), part.size)
            for (y, _, value), (_, line) in zip(spans, rows, strict=True):
                if value:
                    beside(axes, value, y, _label(line, word, words, len(counts)), part, sign)
        axes.set_label(
            f"{words.word('harm')} ← {words.units(counts.unit)} → {words.word('benefit')}"
        )

    return draw


def _neither(counts: Balance, lines: list[dict | None], words: Words) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        both = part.as_wide(part.width * SHARES[0] / SHARES[1])
        axes.set_xlim(0, _scale(counts, words, both) * part.width)
        whole_numbers(axes, 3)
        rows = part.items(lines)
        start = [0] * len(rows)
        for word in _neutral(counts):
            values = [int(line[word]) for _, line in rows]
            spans = [(y, at, n) for (y, _), at, n in zip(rows, start, values, strict=True)]
            bars(axes, spans, words.word(word), part.size.look(word), part.size)
            start = [a + b for a, b in zip(start, values, strict=True)]
        for (y, line), end in zip(rows, start, strict=True):
            parts = [str(int(line[word])) for word in _neutral(counts) if line[word]]
            if parts:
                beside(axes, end, y, " + ".join(parts), part, 1)

    return draw


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


def _notes(counts: Balance, rows: list[str], words: Words) -> tuple[str, ...]:
    notes = []
    if len(counts) <= 4:
        said = zip(
            rows, counts["studies"], counts["participants"], counts["size_unknown"], strict=True
        )
        notes.append("; ".join(f"{row}: {took_part(n, p, u)}" for row, n, p, u in said) + ".")
    else:
        distinct = len(set(counts.underlying)) or int(counts["studies"].max())
        notes.append(
            f"{counted(distinct, 'study', 'studies')} counted over all rows; one may be in several."
        )
    unread = int(counts["not_placed"].sum())
    if unread:
        total = f"{int(counts['units'].sum())} {_votes(counts, words)}"
        notes.append(f"{words.unplaced}: {unread} of {total}.")
    return tuple(notes)


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
