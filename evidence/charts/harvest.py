"""The harvest plot: one bar a study, in the column of its direction, as high as the tier of its
design.

Ogilvie and others (2008), *BMC Medical Research Methodology* 8:8, doi 10.1186/1471-2288-8-8.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.old_style import (
    DEFAULT_SIZE,
    INK,
    LOOKS,
    Size,
    asked,
    body,
    canvas,
    cut,
    figure_of,
    legend_above,
    styled,
    text_width,
)
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.synthesis.lens import CONCLUDED, DIRECTION
from evidence.synthesis.votes import Votes

NEEDED = ("study_id", "label", "vote", "tier", "sample_size")
ZONES = (("harm",), ("no_clear_difference", "mixed"), ("benefit",))
TIERS = (1, 2, 3)
LETTER = 0.75  # of the size of tick labels
STEP = 0.15  # inches from bar to bar
TIER_HEIGHT = 0.23  # inches of one tier
LONGEST = 22  # letters of a label under a bar
LONGEST_TIER, LONGEST_HEADING, LONGEST_TITLE = 40, 30, 90


@dataclass(frozen=True)
class Grid:
    """Where bars stand: how many in a line of a column, and inches for the texts above and under
    them and on top.
    """

    across: int
    head: float
    foot: float
    top: float

    @property
    def line(self) -> float:
        """Inches of one line of bars."""
        return self.head + max(TIERS) * TIER_HEIGHT + self.foot

    def lines(self, most: int) -> int:
        """Lines that a panel needs for the fullest of its columns."""
        return max(1, math.ceil(most / self.across))

    def height(self, most: int) -> float:
        """Inches of a panel."""
        return self.lines(most) * self.line + self.top


@draws(Votes, made_by="evidence.votes(ev)")
def harvest(
    votes: Votes,
    words: Words,
    *,
    tiers: Sequence[str] = (),
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw a harvest plot.

    There is a panel for each combination of the columns that are kept apart. Each has three
    columns: harm, no clear difference or mixed, benefit. A column that is full goes on in a further
    line of bars.

    Parameters
    ----------
    votes : Votes
        One vote per study.
    tiers : sequence of str
        Names of tiers 1, 2 and 3. Default: those of the data set.
    title : str, optional
        Default: which way the studies point.
    ax : Axes, optional
        Axes to draw on; for votes of one panel only. Then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw, a column is missing, a tier is unknown, or several panels are
        to be drawn on one axes.
    """
    if votes.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    settings, votes = votes.ev.dictionary.settings, votes.named
    tiers = tiers or settings.get("tiers", ["Tier 1", "Tier 2", "Tier 3"])
    _check(votes, tiers)
    tiers = [cut(str(tier), LONGEST_TIER) for tier in tiers]
    table, panels = _panels(votes, words)
    if ax is not None and len(panels) > 1:
        raise UsageError(
            f"{len(panels)} panels do not fit one axes; allowed: votes of one combination of"
            f" {', '.join(words.kept_apart)}"
        )
    title = title or f"{words.topic}: which way do the studies point?"
    notes = _notes(table, words)
    with styled(size) as chosen:
        grid = _grid(table, panels, tiers, chosen)
        if ax is None:
            heights = [grid.height(_fullest(part)) for part in panels.values()]
            height = asked(
                sum(heights) + 0.4 * chosen.text * len(panels) + 0.4 * chosen.text, chosen
            )
            figure = canvas(
                chosen,
                height,
                title,
                f"One bar a study, {_lens(votes)}; the higher the bar, the higher the tier of its"
                " design",
                notes,
            )
            axes = list(
                body(figure).subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
            )
        else:
            axes = [ax]
        for part_ax, (name, part) in zip(axes, panels.items(), strict=True):
            _draw(part_ax, name, part, tiers, grid, words, _directions(votes))
        legend_above(axes[0], _legend(words, _directions(votes)), chosen)
    return Chart(
        figure_of(axes[0]),
        title,
        _alt(panels, tiers, words, votes),
        words.source,
        table.drop(columns="_panel"),
        "harvest",
        tuple(notes),
    )


def _check(votes: pd.DataFrame, tiers: Sequence[str]) -> None:
    missing = [column for column in NEEDED if column not in votes]
    if missing:
        raise UsageError(f"votes have no column {', '.join(missing)}; needed: {', '.join(NEEDED)}")
    if len(tiers) != len(TIERS):
        raise UsageError(
            f"{len(tiers)} names of tiers; allowed: {len(TIERS)}, from the lowest to the highest"
        )
    wrong = votes[~votes["tier"].isin(TIERS).fillna(False).astype(bool)]
    if len(wrong):
        raise UsageError(
            f"tier of {wrong['study_id'].iloc[0]} is {wrong['tier'].iloc[0]}; allowed:"
            f" {', '.join(map(str, TIERS))}"
        )


def _directions(votes: pd.DataFrame) -> list[str]:
    """Words that the lens knows, from harm to benefit."""
    known = [word for zone in ZONES for word in zone]
    if isinstance(votes["vote"].dtype, pd.CategoricalDtype):
        return [word for word in known if word in votes["vote"].cat.categories]
    return known


def _lens(votes: pd.DataFrame) -> str:
    """The lens of the votes: only the authors' conclusions know the word for no clear difference."""
    return CONCLUDED.title if "no_clear_difference" in _directions(votes) else DIRECTION.title


def _panels(votes: pd.DataFrame, words: Words) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    keys = [key for key in words.kept_apart if key in votes]
    table = votes.sort_values(
        [*keys, "tier", "label", "study_id"],
        ascending=[True] * len(keys) + [False, True, True],
        kind="stable",
    )
    named = [
        [words.label(key, value) for key, value in zip(keys, line, strict=True)]
        for line in table[keys].itertuples(index=False)
    ]
    table = table.assign(
        _panel=[", ".join([name[0], *map(lower_first, name[1:])]) if name else "" for name in named]
    ).reset_index(drop=True)
    return table, {str(name): part for name, part in table.groupby("_panel", sort=False)}


def _zone(part: pd.DataFrame, zone: tuple[str, ...]) -> pd.DataFrame:
    """Studies of a column of the plot, in the order of its directions."""
    return pd.concat([part[part["vote"].astype("str") == word] for word in zone])


def _fullest(part: pd.DataFrame) -> int:
    return max(len(_zone(part, zone)) for zone in ZONES)


def _grid(
    table: pd.DataFrame, panels: dict[str, pd.DataFrame], tiers: Sequence[str], size: Size
) -> Grid:
    room = size.width - text_width(tiers, LETTER) - 0.4
    across = int(room / 3 / (STEP * size.text)) - 1
    across = max(1, min(across, max(8, *(_fullest(part) for part in panels.values()))))
    head, foot = (
        text_width(texts, LETTER) + 0.1
        for texts in (
            [_n(n) for n in table["sample_size"]],
            [cut(str(label), LONGEST) for label in table["label"]],
        )
    )
    return Grid(across, head, foot, 0.24 * size.text)


def _n(n: object) -> str:
    """A sample size in a few letters.

    >>> _n(48), _n(25064), _n(2407161), _n(None)
    ('48', '25k', '2.4M', '?')
    """
    if pd.isna(n):
        return "?"
    number = float(str(n))
    return (
        f"{number / 1e6:.1f}M"
        if number >= 1e6
        else f"{number / 1e3:.0f}k"
        if number >= 1e4
        else f"{number:,.0f}"
    )


def _draw(
    ax: Axes,
    name: str,
    part: pd.DataFrame,
    tiers: Sequence[str],
    grid: Grid,
    words: Words,
    directions: list[str],
) -> None:
    lines, pitch = grid.lines(_fullest(part)), grid.line / TIER_HEIGHT
    letter = mpl.rcParams["xtick.labelsize"] * LETTER
    ax.set_title(cut(name, LONGEST_TITLE), loc="left", fontweight="bold")
    ax.set_xlim(-0.8, 3 * (grid.across + 1) - 1.2)
    top = (grid.head + grid.top) / TIER_HEIGHT + max(TIERS)
    ax.set_ylim(top - grid.height(_fullest(part)) / TIER_HEIGHT, top)
    ax.set_axis_off()
    for line in range(lines):
        for tier, label in zip(TIERS, tiers, strict=True):
            ax.text(-0.9, tier - line * pitch, label, fontsize=letter, ha="right", va="center")
    for number, zone in enumerate(ZONES):
        left = number * (grid.across + 1)
        shown = _zone(part, zone)
        heading = " or ".join(
            [
                words.word(word) if i == 0 else lower_first(words.word(word))
                for i, word in enumerate(_known(zone, directions))
            ]
        )
        ax.text(
            left - 0.5,
            top,
            f"{cut(heading, LONGEST_HEADING)}: {len(shown)}",
            ha="left",
            va="top",
            fontsize=mpl.rcParams["xtick.labelsize"],
        )
        for line in range(max(1, grid.lines(len(shown)))):
            levels = [level - line * pitch for level in (0, *TIERS)]
            ax.hlines(
                levels,
                left - 0.6,
                left + grid.across - 0.4,
                color="#d9d9d9",
                linewidth=0.6,
                zorder=0,
                gid="furniture",
            )
        _bars(ax, shown, left, pitch, grid, letter, words)


def _known(zone: tuple[str, ...], directions: list[str]) -> list[str]:
    return [word for word in zone if word in directions]


def _bars(
    ax: Axes, shown: pd.DataFrame, left: int, pitch: float, grid: Grid, letter: float, words: Words
) -> None:
    for at, study in enumerate(shown.itertuples()):
        x, base, look = (
            left + at % grid.across,
            -(at // grid.across) * pitch,
            LOOKS[str(study.vote)],
        )
        ax.bar(
            x,
            study.tier,
            bottom=base,
            width=0.8,
            color=look.color,
            hatch=look.hatch,
            edgecolor=INK,
            linewidth=0.6,
            label=words.word(str(study.vote)),
        )
        ax.annotate(
            cut(str(study.label), LONGEST),
            (x, base),
            xytext=(0, -3),
            textcoords="offset points",
            rotation=90,
            fontsize=letter,
            ha="center",
            va="top",
        )
        ax.annotate(
            _n(study.sample_size),
            (x, base + study.tier),
            xytext=(0, 3),
            textcoords="offset points",
            rotation=90,
            fontsize=letter,
            ha="center",
            va="bottom",
        )


def _legend(words: Words, directions: list[str]) -> list[Patch]:
    return [
        Patch(
            facecolor=LOOKS[word].color,
            hatch=LOOKS[word].hatch,
            edgecolor=INK,
            linewidth=0.6,
            label=words.word(word),
        )
        for word in directions
    ]


def _unplaced(table: pd.DataFrame, votes: pd.DataFrame) -> pd.DataFrame:
    return table[~table["vote"].astype("str").isin(_directions(votes)).fillna(False).astype(bool)]


def _notes(table: pd.DataFrame, words: Words) -> list[str]:
    parts = []
    for name, part in table.groupby("_panel", sort=False):
        once = part.drop_duplicates("study_id")
        unknown = int(once["sample_size"].isna().sum())
        said = (
            f"{counted(len(once), 'study', 'studies')}, {once['sample_size'].sum():,.0f} took part"
            + (f" (size of {unknown} not known)" if unknown else "")
        )
        parts.append(f"{name}: {said}" if name else said)
    aside = _unplaced(table, table)
    names = ", ".join(str(label) for label in aside["label"].head(12)) + (
        " …" if len(aside) > 12 else ""
    )
    return [
        "; ".join(parts) + ".",
        f"Not placed: {len(aside)} of {len(table)}"
        + (f" ({names})." if len(aside) else ".")
        + f" Lens: {_lens(table)}.",
        (
            "Above each bar the sample size (k thousand, M million, ? not known), below it the"
            " study. The height of a bar is no size of an effect."
        ),
        words.caution,
        f"Source: {words.source}.",
    ]


def _alt(
    panels: dict[str, pd.DataFrame], tiers: Sequence[str], words: Words, votes: pd.DataFrame
) -> str:
    parts = []
    for name, part in panels.items():
        said = []
        for word in _directions(votes):
            there = part[part["vote"].astype("str") == word]
            by_tier = ", ".join(
                f"{int((there['tier'] == tier).sum())} {label}"
                for tier, label in zip(TIERS[::-1], tiers[::-1], strict=True)
            )
            said.append(
                f"{words.word(word).lower()} {len(there)}" + (f" ({by_tier})" if len(there) else "")
            )
        parts.append((f"{name}: " if name else "") + "; ".join(said))
    return (
        "Harvest plot, one bar a study, its height the tier of its design. "
        + ". ".join(parts)
        + "."
    )
