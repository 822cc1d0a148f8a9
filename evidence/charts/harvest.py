"""The harvest plot: one bar per study, in the column of its direction, as high as the tier of its
design.

Ogilvie and others (2008), *BMC Medical Research Methodology* 8:8, doi 10.1186/1471-2288-8-8.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart
from evidence.charts.style import DEFAULT_SIZE, RULE, Size, styled
from evidence.charts.words import Words, counted, took_part
from evidence.errors import UsageError
from evidence.synthesis.lens import DIRECTION, get_lens
from evidence.synthesis.votes import Votes

ZONES = (("harm",), ("mixed", "no_clear_difference"), ("benefit",))
TIERS = (1, 2, 3)
STEP, TIER = 0.55, 0.75  # em: from bar to bar, height of a tier
MOST = 600  # bars of a panel


@draws(Votes, made_by="evidence.votes(ev)")
def harvest(
    votes: Votes,
    words: Words,
    *,
    tiers: Sequence[str] = (),
    title: str = "",
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw a harvest plot.

    There is a panel for each combination of the columns that are kept apart. Each has three
    columns: harm, neither way, benefit. A column that is full continues in a further line of bars.
    Above 600 bars of a panel, those of the largest studies are drawn.

    Parameters
    ----------
    votes : Votes
        One vote per study.
    tiers : sequence of str
        Names of tiers 1, 2 and 3. Default: those of the data set.
    title : str, optional
        Default: which way the studies point.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw, or the names of tiers are not three.
    """
    if votes.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    tiers = list(tiers or words.dictionary.settings.get("tiers", ["Tier 1", "Tier 2", "Tier 3"]))
    if len(tiers) != len(TIERS):
        raise UsageError(
            f"{len(tiers)} names of tiers; allowed: {len(TIERS)}, from the lowest to the highest"
        )
    table, names = _panels(votes.named, words)
    drawn = [_largest(table[table["_panel"] == name]) for name in names]
    heads = [[_head(rows, zone, words) for zone in ZONES] for rows in drawn]
    frame = Frame(
        title or f"{words.topic}: which way do the {words.units(votes.unit)} point?",
        words.said(
            f"One bar per {votes.unit}, {votes.lens_title}; the higher, the stronger its design"
        ),
        _notes(table, drawn, names, votes),
        words,
        _heights_note(tiers),
    )
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            [Row(name) for name in names],
            [
                Column(
                    "",
                    draw=_bars(drawn, heads, words),
                    needs=lambda width, size: [_height(rows, width) for rows in drawn],
                )
            ],
            label_share=0.18,
            rules=True,
        )
    data = table.drop(columns="_panel")
    return Chart.of(figures, frame, _alt(table, names, tiers, words), data, "harvest")


def _panels(votes: pd.DataFrame, words: Words) -> tuple[pd.DataFrame, list[str]]:
    keys = [key for key in words.kept_apart if key in votes]
    distinct = words.ranked(votes, keys)
    names = words.rows(distinct, keys)
    plain = votes.assign(**{key: votes[key].astype("object") for key in keys})
    table = plain.merge(distinct.assign(_panel=names), how="left", on=keys)
    order = ["tier", "sample_size", "study_id"]
    table = table.sort_values(order, ascending=[False, False, True], kind="stable")
    return table.assign(vote=table["vote"].astype("str")).reset_index(drop=True), names


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    placed = rows[rows["vote"].isin([word for zone in ZONES for word in zone])]
    if len(placed) <= MOST:
        return placed
    kept = placed.sort_values("sample_size", ascending=False, kind="stable").head(MOST)
    return placed.loc[sorted(kept.index)]


def _zone(rows: pd.DataFrame, zone: tuple[str, ...]) -> pd.DataFrame:
    """Studies of a column of the plot, in the order of its directions."""
    return pd.concat([rows[rows["vote"] == word] for word in zone])


def _across(width: float) -> int:
    return max(4, int((width / 3 - 1.5) / STEP))


def _lines(rows: pd.DataFrame, width: float) -> int:
    fullest = max(len(_zone(rows, zone)) for zone in ZONES)
    return max(1, math.ceil(fullest / _across(width)))


def _height(rows: pd.DataFrame, width: float) -> float:
    return _lines(rows, width) * (max(TIERS) * TIER + 0.6) + 2.2


def _head(rows: pd.DataFrame, zone: tuple[str, ...], words: Words) -> str:
    n = len(_zone(rows, zone))
    if len(zone) > 1:
        return f"{n} neither way"
    sides = words.sides(rows.iloc[0]) if len(rows) else {}
    return f"{n} {sides.get(zone[0], words.word(zone[0]).lower())}"


def _bars(drawn: list[pd.DataFrame], heads: list[list[str]], words: Words) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        axes.set_xlim(0, part.width)
        for i in part.rows:
            top = part.y[i] - part.heights[i] / 2 + 0.5
            for number, zone in enumerate(ZONES):
                left = number * part.width / 3
                axes.text(left, top, heads[i][number], va="top", fontsize=part.size.small)
                _columns(axes, _zone(drawn[i], zone), left, top + 1.7, part.width, words, part.size)

    return draw


def _columns(
    axes: Axes, rows: pd.DataFrame, left: float, top: float, width: float, words: Words, size: Size
) -> None:
    across, pitch = _across(width), max(TIERS) * TIER + 0.6
    at = np.arange(len(rows))
    x = left + (at % across) * STEP
    base = top + (at // across) * pitch + max(TIERS) * TIER
    high = rows["tier"].to_numpy(dtype=float) * TIER
    for line in range(max(1, math.ceil(len(rows) / across))):
        y = top + line * pitch + max(TIERS) * TIER
        axes.hlines(y, left, left + across * STEP, color=RULE, linewidth=0.6, gid="furniture")
    for word in dict.fromkeys(rows["vote"]):
        here = (rows["vote"] == word).to_numpy()
        x0, x1 = x[here], x[here] + STEP * 0.8
        y0, y1 = base[here], base[here] - high[here]
        corners = np.stack(
            [np.stack(c, axis=1) for c in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))], axis=1
        )
        paint = size.fill(size.look(word))
        axes.add_collection(
            PolyCollection(
                corners, facecolor=paint["facecolor"], edgecolor="none", label=words.word(word),
            ),
            autolim=False,
        )  # fmt: skip


def _heights_note(tiers: Sequence[str]) -> str:
    """What the height of a bar is, and what it is not."""
    heights = "; ".join(f"{tier} {name.lower()}" for tier, name in zip(TIERS, tiers, strict=True))
    return f"Heights: {heights}. The height of a bar is not the size of an effect."


def _notes(
    table: pd.DataFrame, drawn: list[pd.DataFrame], names: list[str], votes: Votes
) -> tuple[str, ...]:
    parts = []
    for name in names:
        once = table[table["_panel"] == name].drop_duplicates("study_id")
        unknown = int(once["sample_size"].isna().sum())
        who = took_part(len(once), int(once["sample_size"].sum()), unknown, votes.unit)
        parts.append(f"{name}: {who}")
    words = [word for zone in ZONES for word in zone]
    unread = int((~table["vote"].isin(words)).sum())
    said = []
    if unread:
        said.append(f"{get_lens(votes.lens).unplaced}: {unread} of {len(table)}.")
    if votes.lens == DIRECTION.name:
        said.append("Direction of effect, whatever its p-value.")
    left = len(table) - unread - sum(map(len, drawn))
    if left:
        said.append(f"Left out, of the smaller studies: {left:,} bars.")
    return ("; ".join(parts) + ".", " ".join(said))


def _alt(table: pd.DataFrame, names: list[str], tiers: Sequence[str], words: Words) -> str:
    parts = []
    for name in names:
        rows = table[table["_panel"] == name]
        said = []
        for word in [word for zone in ZONES for word in zone]:
            there = rows[rows["vote"] == word]
            by_tier = ", ".join(
                f"{int((there['tier'] == tier).sum())} {label}"
                for tier, label in zip(TIERS[::-1], tiers[::-1], strict=True)
            )
            side = words.common(word, rows.to_dict("records"))
            said.append(f"{side} {len(there)}" + (f" ({by_tier})" if len(there) else ""))
        parts.append(f"{name}: {'; '.join(said)}")
    lead = f"Harvest plot, {counted(len(table), 'bar', 'bars')} as high as the tier of a design. "
    return lead + ". ".join(parts) + "."
