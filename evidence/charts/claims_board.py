"""The claims board: what is claimed, and what the studies that bear on it say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from mpl_toolkits.axes_grid1 import make_axes_locatable

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    LOOKS,
    Look,
    Size,
    asked,
    body,
    canvas,
    figure_of,
    legend_above,
    letters,
    styled,
    wrap,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.synthesis.claims import Claims

VERDICTS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "mixed": "Mixed",
    "too_little": "Too little to say",
    "not_addressed": "Not addressed",
}
SIGNS = {
    "supported": Look("#0072b2", "", "P"),
    "contradicted": Look("#c44601", "", "X"),
    "mixed": Look("#f0c94d", "", "D"),
    "too_little": Look("#ffffff", "", "o"),
    "not_addressed": Look("#767676", "", "_"),
}
COUNTS = ("benefit", "no_clear_difference", "mixed", "harm")
PANELS = {
    "Claim": 1.0,
    "Verdict": 0.44,
    "Votes": 0.42,
    "Studies": 0.19,
    "Took part": 0.27,
}  # widths, as shares of the first
CLAIM = 0.40  # of the width of the chart


@draws(Claims, made_by="evidence.judge_claims(ev)")
def claims_board(
    claims: Claims,
    words: Words,
    *,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw the claims board.

    Parameters
    ----------
    claims : Claims
    title : str, optional
        Default: what is claimed, and what studies say.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller. Panels are cut off at its
        right.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw, a column is missing, or a verdict is not one of the five.
    """
    if claims.empty:
        raise UsageError("nothing to draw: no claim")
    table = _checked(claims.frame)
    title = title or f"{words.topic}: what is claimed, and what studies say"
    notes = _notes(table, claims, words)
    with styled(size) as chosen:
        labels = [
            wrap(_claim(line, words), letters(chosen, CLAIM * 0.96)) for line in table.itertuples()
        ]
        heights = [(0.165 * max(label.count("\n") + 1, 2) + 0.16) * chosen.text for label in labels]
        if ax is None:
            subtitle = (
                "One vote a study that bears on the claim; the bar has one part for each direction"
            )
            figure = canvas(
                chosen, asked(sum(heights) + 0.95 * chosen.text, chosen), title, subtitle, notes
            )
            ax = body(figure).add_subplot()
        _draw(ax, table, labels, heights, words, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(table, words),
        words.source,
        claims.frame,
        "claims_board",
        tuple(notes),
    )


def _checked(claims: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in ("claim", "verdict") if name not in claims]
    if missing:
        raise UsageError(
            f"the table has no column {missing[0]!r}; it has {', '.join(map(str, claims.columns))}"
        )
    table = claims.reindex(
        columns=["claim", "topic", "verdict", *COUNTS, "studies", "participants", "size_unknown"]
    ).reset_index(drop=True)
    numbers = [*COUNTS, "studies", "participants", "size_unknown"]
    table = table.assign(
        **{name: pd.to_numeric(table[name], errors="coerce").astype(float) for name in numbers}
    )
    return table.assign(verdict=[_verdict(value) for value in table["verdict"]])


def _verdict(value: object) -> str:
    word = (
        "not_addressed"
        if pd.isna(value)
        else "_".join(str(value).lower().replace("_", " ").split())
    )
    word = {
        "too_little_to_say": "too_little",
        "not_addressed_by_any_study_in_the_table": "not_addressed",
    }.get(word, word)
    if word not in VERDICTS:
        raise UsageError(f"verdict is {value!r}; allowed: {', '.join(VERDICTS)}")
    return word


def _claim(line, words: Words) -> str:
    claim = "(no text)" if pd.isna(line.claim) else str(line.claim)
    return claim if pd.isna(line.topic) else f"{words.label('topic', line.topic)}: {claim}"


def _draw(
    ax: Axes, table: pd.DataFrame, labels: list[str], heights: list[float], words: Words, size: Size
) -> None:
    # Rows are as high as their claim; the minor ticks mark their edges, by which the marks read
    # back find their row.
    edges = np.array([sum(heights[number:]) for number in range(len(heights) + 1)])
    places = list((edges[:-1] + edges[1:]) / 2)
    divider = make_axes_locatable(ax)
    panels = {"Claim": ax}
    for name, wide in list(PANELS.items())[1:]:
        panels[name] = divider.append_axes(
            "right", size=f"{wide:.0%}", pad=0.08 * size.text, sharey=ax
        )
    ax.set_yticks(places, labels, ha="left", multialignment="left", linespacing=1.15)
    ax.set_yticks(edges, minor=True)
    ax.set_ylim(0, edges[0])
    for name, axes in panels.items():
        axes.set_title(name, loc="left", fontweight="bold")
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        axes.tick_params(axis="y", which="both", length=0, labelleft=axes is ax, pad=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        for edge in edges:
            axes.axhline(edge, color="#d9d9d9", linewidth=0.7, gid="furniture", clip_on=False)
    # Claims stand inside their panel, from its left edge on.
    ax.tick_params(axis="y", pad=-1)
    _verdicts(panels["Verdict"], table, places, size)
    _votes(panels["Votes"], table, places, words, size)
    for place, line in zip(places, table.itertuples(), strict=True):
        panels["Studies"].annotate(
            "?" if np.isnan(line.studies) else f"{line.studies:,.0f}", (0.02, place), va="center"
        )
        panels["Took part"].annotate(_took_part(line), (0.02, place), va="center", fontsize="small")
    shown = [
        Patch(
            facecolor=LOOKS[w].color,
            hatch=LOOKS[w].hatch,
            edgecolor=INK,
            linewidth=0.6,
            label=words.word(w),
        )
        for w in COUNTS
    ]
    legend_above(ax, shown, size)


def _verdicts(ax: Axes, table: pd.DataFrame, places: list[float], size: Size) -> None:
    for word, look in SIGNS.items():
        at = [
            place
            for place, verdict in zip(places, table["verdict"], strict=True)
            if verdict == word
        ]
        if at:
            edge = {} if look.marker == "_" else {"edgecolor": INK}
            area = 62 * size.text**1.5
            ax.scatter(
                [0.09] * len(at),
                at,
                s=area,
                marker=look.marker,
                color=look.color,
                linewidth=1,
                label=VERDICTS[word],
                **edge,
            )
            for place in at:
                ax.annotate(VERDICTS[word], (0.2, place), va="center")


def _votes(ax: Axes, table: pd.DataFrame, places: list[float], words: Words, size: Size) -> None:
    start = np.zeros(len(table))
    tall = 0.13 * size.text
    for word in COUNTS:
        wide = table[word].fillna(0).to_numpy()
        drawn = wide > 0
        if drawn.any():
            look = LOOKS[word]
            at = np.array(places)[drawn] + 0.02 * size.text
            style = {
                "color": look.color,
                "hatch": look.hatch,
                "edgecolor": INK,
                "linewidth": 0.6,
                "label": words.word(word),
            }
            ax.barh(at, wide[drawn], left=start[drawn], height=tall, align="edge", **style)
        start = start + wide
    for place, line in zip(places, table.itertuples(), strict=True):
        text = _counts(line)
        middle = start[line.Index] == 0
        ax.annotate(
            text,
            (0, place),
            xytext=(0, 0 if middle else -1.5),
            textcoords="offset points",
            va="center" if middle else "top",
            fontsize="small",
        )
    ax.set_xlim(0, max(1.0, start.max()) * 1.04)


def _counts(line) -> str:
    known = [getattr(line, name) for name in COUNTS]
    if all(np.isnan(n) for n in known):
        return "no counts"
    return " + ".join("?" if np.isnan(n) else f"{n:.0f}" for n in known)


def _took_part(line) -> str:
    """
    >>> from types import SimpleNamespace as Line
    >>> _took_part(Line(studies=3.0, participants=120.0, size_unknown=1.0))
    '120\\n(1 unknown)'
    """
    if line.studies == 0:
        return "–"
    if np.isnan(line.participants) or (line.size_unknown > 0 and line.size_unknown >= line.studies):
        return "not known"
    return f"{line.participants:,.0f}" + (
        f"\n({line.size_unknown:.0f} unknown)" if line.size_unknown > 0 else ""
    )


def _tally(table: pd.DataFrame) -> str:
    counts = table["verdict"].value_counts()
    return ", ".join(
        f"{VERDICTS[word].lower()} {counts[word]}" for word in VERDICTS if word in counts
    )


def _notes(table: pd.DataFrame, claims: pd.DataFrame, words: Words) -> list[str]:
    order = ", ".join(words.word(word).lower() for word in COUNTS)
    unplaced = f" Not placed: {int(claims['not_placed'].sum())}." if "not_placed" in claims else ""
    return [
        (
            f"{counted(len(table), 'claim', 'claims')}: {_tally(table)}. A study can bear on"
            " several claims, so rows must not be added up."
        ),
        (
            f"Votes in the order {order},"
            f" as concluded.{unplaced} In brackets: studies"
            " whose size is not known; ?: not known. A verdict weighs no certainty."
        ),
        words.caution,
        f"Source: {words.source}.",
    ]


def _alt(table: pd.DataFrame, words: Words) -> str:
    parts = []
    for line in table.itertuples():
        studies = (
            "studies not known"
            if np.isnan(line.studies)
            else counted(int(line.studies), "study", "studies")
        )
        said = ", ".join(
            f"{words.word(name).lower()} {getattr(line, name):.0f}"
            for name in COUNTS
            if not np.isnan(getattr(line, name))
        )
        parts.append(
            f"{line.claim}: {VERDICTS[line.verdict].lower()}, {studies}"
            + (f" ({said})" if said else "")
        )
    return (
        f"Table of {counted(len(table), 'claim', 'claims')} ({_tally(table)}). "
        + "; ".join(parts)
        + "."
    )
