"""The evidence balance: harm to the left, benefit to the right, what leans neither way beside them."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.axes_grid1 import make_axes_locatable

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    LOOKS,
    Size,
    body,
    canvas,
    figure_of,
    legend_above,
    letters,
    row_height,
    styled,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.synthesis.balance import Balance

SIDES = {"harm": -1, "benefit": 1}
NEUTRAL = ("no_clear_difference", "mixed", "not_placed")


@draws(Balance, made_by="evidence.balance(ev)")
def balance(
    counts: Balance,
    words: Words,
    *,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw a balance.

    Parameters
    ----------
    counts : Balance
    title : str, optional
        Default: which way the studies point.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller. A panel is cut off at its
        right.
    size : {"web", "paper", "slide"}

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
    unit = counts.unit
    title = title or f"{words.topic}: which way do the {words.units(unit)} point?"
    rows = words.rows(counts, [key for key in dict.fromkeys([*words.kept_apart, counts.by]) if key])
    with styled(size) as chosen:
        notes = _notes(counts, words, unit)
        labels = [wrap(row, letters(chosen, 0.26)) for row in rows]
        if ax is None:
            subtitle = f"One vote a {unit}, {counts.lens_title}"
            figure = canvas(
                chosen, 0.9 + row_height(labels, chosen, 0.46) * len(counts), title, subtitle, notes
            )
            ax = body(figure).add_subplot()
        _draw(ax, counts, labels, words, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(counts, rows, words, unit),
        words.source,
        counts.frame,
        "balance",
        tuple(notes),
    )


def _draw(ax: Axes, counts: Balance, labels: list[str], words: Words, size: Size) -> None:
    neutral = [
        word for word in NEUTRAL if word in counts and (word != "not_placed" or counts[word].any())
    ]
    places = list(range(len(counts) - 1, -1, -1))
    side = max(1, int(counts[list(SIDES)].to_numpy().max())) * 1.24
    for word, sign in SIDES.items():
        _bars(
            ax, places, [0] * len(counts), [sign * n for n in counts[word]], words.word(word), word
        )
        for place, n in zip(places, counts[word], strict=True):
            if n:
                ax.annotate(
                    str(n),
                    (sign * n, place),
                    xytext=(4 * sign, 0),
                    textcoords="offset points",
                    ha="left" if sign > 0 else "right",
                    va="center",
                )
    ax.axvline(0, color=INK, linewidth=1, gid="furniture")
    ax.set_xlim(-side, side)
    ax.set_yticks(places, labels)
    ax.set_ylim(-0.6, len(counts) - 0.4)
    ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    ax.set_xlabel(f"{words.word('harm')} ← {words.units(counts.unit)} → {words.word('benefit')}")
    _whole_numbers(ax, 7)
    # The panel beside has the same scale, so that bars can be compared across.
    widest = max(1, int(counts[neutral].sum(axis=1).max())) * 1.6
    share = max(0.34, widest / (2 * side))
    beside = make_axes_locatable(ax).append_axes(
        "right", size=f"{share:.1%}", pad=0.25 * size.text, sharey=ax
    )
    beside.set_xlim(0, share * 2 * side)
    start = [0] * len(counts)
    for word in neutral:
        _bars(beside, places, start, list(counts[word]), words.word(word), word)
        start = [a + b for a, b in zip(start, counts[word], strict=True)]
    for place, end, (_, line) in zip(places, start, counts.iterrows(), strict=True):
        if end:
            beside.annotate(
                " + ".join(str(line[word]) for word in neutral),
                (end, place),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
            )
    beside.set_label("neither way")
    beside.set_xlabel("Neither way")
    beside.tick_params(axis="y", labelleft=False)
    beside.spines["left"].set_visible(False)
    _whole_numbers(
        beside, 4, prune="upper"
    )  # a number at the very end would stick out of the figure
    shown = [
        Patch(
            facecolor=LOOKS[word].color,
            hatch=LOOKS[word].hatch,
            edgecolor=INK,
            linewidth=0.6,
            label=words.word(word),
        )
        for word in (*SIDES, *neutral)
    ]
    legend_above(ax, shown, size)


def _whole_numbers(ax: Axes, most: int, prune: str | None = None) -> None:
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=most, prune=prune))
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)


def _bars(
    ax: Axes, places: list[int], start: list[int], width: list[int], label: str, word: str
) -> None:
    look = LOOKS[word]
    drawn = [(place, left, n) for place, left, n in zip(places, start, width, strict=True) if n]
    if drawn:
        at, left, wide = zip(*drawn, strict=True)
        ax.barh(
            at,
            wide,
            left=left,
            height=0.62,
            color=look.color,
            hatch=look.hatch,
            edgecolor=INK,
            linewidth=0.6,
            label=label,
        )


def _notes(counts: Balance, words: Words, unit: str) -> list[str]:
    unplaced = int(counts["not_placed"].sum())
    sizes = (
        "; ".join(
            f"{row}: {counted(n, 'study', 'studies')}, {p:,} took part"
            + (f" (size of {u} not known)" if u else "")
            for row, n, p, u in zip(
                words.rows(counts, words.kept_apart),
                counts["studies"],
                counts["participants"],
                counts["size_unknown"],
                strict=True,
            )
        )
        if len(counts) <= 4
        else f"{counts['studies'].sum()} studies in all rows"
    )
    return [
        sizes + ".",
        f"Not placed: {unplaced} of {int(counts['units'].sum())} {words.units(unit)}.",
        words.caution,
        f"Source: {words.source}.",
    ]


def _alt(counts: Balance, rows: list[str], words: Words, unit: str) -> str:
    parts = []
    for row, (_, line) in zip(rows, counts.iterrows(), strict=True):
        said = ", ".join(
            f"{words.word(word).lower()} {line[word]}"
            for word in ("harm", "benefit", "no_clear_difference", "mixed")
            if word in counts
        )
        parts.append(
            f"{row}: {said}" + (f", not placed {line['not_placed']}" if line["not_placed"] else "")
        )
    return (
        f"Bar chart, one bar pair a row, counting {words.units(unit)}"
        f" ({counts.lens_title}). " + "; ".join(parts) + "."
    )
