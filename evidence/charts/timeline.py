"""Studies as they were published: how many stood on which side, year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame, Page, pages
from evidence.charts.style import DEFAULT_SIZE, EDGE, INK, LOOKS, SOFT, Size, styled, widest
from evidence.charts.words import Words, counted, took_part
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.balance import left_out
from evidence.synthesis.lens import CONCLUDED
from evidence.synthesis.votes import votes, with_results

ORDER = ("harm", "benefit", "no_clear_difference", "mixed")
COLUMNS = ["lane", "study_id", "year", "direction", "place"]
REVIEWS = "Reviews"
LANE, GAP, AXIS = 9.0, 3.6, 0.0  # em
HEAD, LEFT, LEADER = 1.3, 2.2, 1.7  # em: above a panel, beside its numbers, from line to word
THICK, APART, WORDS_APART = 0.16, 0.18, 1.25  # em: lines, lines of one height, their words
HIGHEST = 1.06  # how much of the longest line a panel is high
DASHES = {
    "harm": "solid",
    "benefit": (0, (6, 1.5)),
    "no_clear_difference": (0, (2, 1.5)),
    "mixed": (0, (1, 1)),
    "not_placed": (0, (5, 1.5, 1, 1.5)),
}
# The yellow of areas, and its grey, are too light for a line.
LINES, GREY_LINES = {"mixed": "#b98d0e"}, {"mixed": "#5f5f5f"}


@dataclass(frozen=True)
class End:
    """A line with the words at its end.

    Attributes
    ----------
    word, text : str
        Its direction, and what stands at its end.
    years : list of int
        Of its studies, in order.
    level : int
        How many lines it stands above, where it is as high as they are.
    """

    word: str
    text: str
    years: list[int]
    level: int = 0


@draws(Evidence, made_by="evidence.load()")
def timeline(ev: Evidence, words: Words, *, title: str = "", size: str = DEFAULT_SIZE) -> Chart:
    """Draw studies by their year of publication, added up from the first on.

    Each panel holds one part of the evidence; a line rises by one with each study whose authors
    conclude what stands at its end, of its main finding: the votes of a balance. Reviews have a
    panel of their own.

    Parameters
    ----------
    ev : Evidence
        Its counted studies are drawn, and its reviews where it has some.
    title : str, optional
        Default: since when half of the studies have been there.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` has one row per study or review: ``lane, study_id, year, direction, place`` (its
        number on its line, in the order of years; missing without a year).

    Raises
    ------
    UsageError
        When there is nothing to draw, or no study has a year.
    """
    asked, ev = ev, with_results(ev)
    studies = ev.counted_studies
    if studies.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    if studies["year"].isna().all():
        number = counted(len(studies), "study", "studies")
        raise UsageError(f"nothing to draw: {number}, none with a year")
    table = pd.concat([_of_studies(ev, studies, words), _of_reviews(ev)], ignore_index=True)
    lanes = list(dict.fromkeys(table["lane"]))
    frame = Frame(
        title or _title(studies),
        words.said(_what(lanes), REVIEWS if REVIEWS in lanes else ""),
        _notes(studies, table, words),
        words,
        left_out(asked, len(studies)),
    )
    sides = _sides(studies, words)
    years = table["year"].dropna().astype(int)
    span = (int(years.min()), int(years.max()))
    ends = {lane: _ends(table, lane, sides.get(lane, {})) for lane in lanes}
    texts = [end.text for lane in lanes for end in ends[lane]]
    with styled(size) as chosen:
        figures = []
        beside = widest(texts, chosen) + LEADER + 0.3
        made = pages(chosen, frame, [LANE + GAP] * len(lanes), fixed=AXIS, stretch=1.7)
        for page, rows, heights in made:
            top = 0.0
            for name, tall in zip([lanes[row] for row in rows], heights, strict=True):
                _lane(page, name, ends[name], span, (top, tall - GAP), beside)
                top += tall
            figures.append(page.figure)
    return Chart.of(figures, frame, _alt(table, lanes, sides), table, "timeline")


def _of_studies(ev: Evidence, studies: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Studies in their lanes, each with its vote and its number on its line."""
    voted = votes(ev).frame.set_index("study_id")["vote"].astype("str")
    keys = words.kept_apart
    distinct = words.ranked(studies, keys)
    names = words.rows(distinct, keys)
    lanes = distinct.assign(lane=names, rank=range(len(names)))
    plain = studies.assign(**{key: studies[key].astype("object") for key in keys})
    table = plain.merge(lanes, how="left", on=keys)
    direction = table["study_id"].map(voted)
    table = table.assign(direction=direction.where(direction.isin(ORDER), "not_placed"))
    return _numbered(table.sort_values(["rank", "year", "study_id"], kind="stable"))


def _of_reviews(ev: Evidence) -> pd.DataFrame:
    reviews = ev.tables.get("reviews")
    if reviews is None or reviews.empty:
        return pd.DataFrame(columns=COLUMNS)
    table = reviews.rename(columns={"review_id": "study_id"})
    table = table.assign(lane=REVIEWS, direction="review")
    return _numbered(table.sort_values(["year", "study_id"], kind="stable"))


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    year = table["year"].astype("Int64")
    place = table.groupby(["lane", "direction"], sort=False).cumcount() + 1
    return pd.DataFrame(
        {
            "lane": table["lane"].astype("str"),
            "study_id": table["study_id"].astype("str"),
            "year": year,
            "direction": table["direction"].astype("str"),
            "place": place.astype("Int64").where(year.notna()),
        }
    ).reset_index(drop=True)


def _ends(table: pd.DataFrame, lane: str, sides: Mapping[str, str]) -> list[End]:
    """The lines of a panel; one that is as high as another for a while stands just above it."""
    part = table[(table["lane"] == lane) & table["year"].notna()]
    made: list[End] = []
    for word in (*ORDER, "not_placed", "review"):
        years = part.loc[part["direction"] == word, "year"].astype(int).to_list()
        if years:
            taken = {other.level for other in made if _meet(other.years, years)}
            level = next(i for i in range(len(made) + 1) if i not in taken)
            made.append(End(word, f"{len(years)} {_name(word, sides)}", years, level))
    return made


def _meet(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two lines are as high as each other in some year.

    >>> _meet([2001, 2005], [2003]), _meet([2001, 2003], [2003])
    (True, False)
    """
    span = np.arange(min(one[0], other[0]), max(one[-1], other[-1]) + 1)
    high = [np.searchsorted(years, span, side="right") for years in (one, other)]
    return bool(((high[0] == high[1]) & (high[0] > 0)).any())


def _lane(
    page: Page,
    lane: str,
    ends: list[End],
    span: tuple[int, int],
    place: tuple[float, float],
    beside: float,
) -> None:
    """A panel from a place down, so high, with room for words beside it."""
    size, (top, tall) = page.size, place
    canvas = page.canvas("names", 0, top)
    canvas.text(0, 0.9, lane, fontweight="bold", va="bottom", gid="furniture")
    wide = page.across - LEFT - beside
    axes = page.axes(LEFT, top + HEAD, wide, tall - HEAD, lane)
    most = max((len(end.years) for end in ends), default=1)
    axes.set_xlim(span[0] - 1, span[1] + 0.5)
    axes.set_ylim(0, most * HIGHEST)
    axes.xaxis.set_major_locator(
        MaxNLocator(6 if size.fixed else 9, integer=True, steps=[1, 2, 5, 10], min_n_ticks=1)
    )
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}" if value else "")
    axes.tick_params(axis="y", colors=SOFT)
    axes.grid(axis="y")
    for end in ends:
        _line(axes, end, span[1] + 0.5, size)
    _end_texts(axes, canvas, ends, (LEFT + wide, tall - HEAD), size)


def _line(axes: Axes, end: End, last: float, size: Size) -> None:
    """A line that rises by one with each study."""
    n = len(end.years)
    up = ScaledTranslation(0, end.level * APART * size.em, axes.figure.dpi_scale_trans)
    axes.step(
        [end.years[0], *end.years, last], [0, *range(1, n + 1), n],
        where="post", color=_color(end.word, size), linewidth=THICK * size.text,
        linestyle=DASHES.get(end.word, "solid") if size.grey else "solid",
        label=end.text.partition(" ")[2], solid_joinstyle="miter",
        transform=axes.transData + up,
    )  # fmt: skip


def _color(word: str, size: Size) -> str:
    if word in ("review", "not_placed"):
        return EDGE
    if size.grey:
        return GREY_LINES.get(word, size.look(word).grey)
    return LINES.get(word, LOOKS[word].color)


def _sides(studies: pd.DataFrame, words: Words) -> dict[str, dict[str, str]]:
    """What each direction is called in each lane."""
    distinct = words.ranked(studies, words.kept_apart)
    names = words.rows(distinct, words.kept_apart)
    return {
        name: {word: words.side(word, line) for word in ORDER}
        for name, line in zip(names, distinct.to_dict("records"), strict=True)
    }


def _name(word: str, sides: Mapping[str, str]) -> str:
    others = {"review": "reviews", "not_placed": lower_first(CONCLUDED.unplaced)}
    return others.get(word) or sides[word]


def _end_texts(
    axes: Axes, canvas: Axes, ends: list[End], place: tuple[float, float], size: Size
) -> None:
    """Words at the end of each line, moved apart where they would cover each other, and led to."""
    right, tall = place
    scale = tall / axes.get_ylim()[1]  # em of a study
    order = sorted(ends, key=lambda end: (len(end.years), end.level))
    high = [len(end.years) * scale + end.level * APART for end in order]
    for end, own, at in zip(order, high, spread(high, WORDS_APART), strict=True):
        leader = [HEAD + tall - y for y in (own, own, at, at)]
        canvas.plot(
            [right, right + 0.3, right + LEADER - 0.6, right + LEADER - 0.3], leader,
            color=_color(end.word, size), linewidth=THICK * size.text / 2, gid="furniture",
        )  # fmt: skip
        axes.annotate(
            end.text, (1.0, at / scale), xycoords=("axes fraction", "data"),
            xytext=(LEADER * size.text, 0), textcoords="offset points", va="center", color=INK,
            annotation_clip=False,
        )  # fmt: skip


def spread(wanted: Sequence[float], apart: float) -> list[float]:
    """Places from the lowest up, moved as little as it takes to be so far apart.

    >>> spread([1.0, 1.0, 9.0], 2.0)
    [0.0, 2.0, 9.0]
    """
    groups: list[list[float]] = []
    for i, value in enumerate(wanted):
        groups.append([value - i * apart])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    low = [float(np.mean(group)) for group in groups for _ in group]
    return [max(0.0, place) + i * apart for i, place in enumerate(low)]


def _what(lanes: list[str]) -> str:
    """What a line is, and that its height is not to be compared with that of another panel."""
    said = "Studies added up by year of publication, as concluded by their authors"
    return f"{said}; each panel has its own scale" if len(lanes) > 1 else said


def _title(studies: pd.DataFrame) -> str:
    years = studies["year"].dropna().astype(int).sort_values()
    half = int(years.iloc[(len(years) - 1) // 2])
    number, first = counted(len(years), "study", "studies"), years.iloc[0]
    if len(years) == 1:
        return f"{number}, of {first}"
    later = f", half of them since {half}" if half > first else ""
    return f"{number} since {first}{later}"


def _notes(studies: pd.DataFrame, table: pd.DataFrame, words: Words) -> tuple[str, ...]:
    notes = [f"{'; '.join(_took_part(studies, words))}."]
    if undated := _undated(table):
        notes.append(f"{undated}.")
    if (table["direction"] == "review").any():
        notes.append("A review is never counted together with the studies it reviews.")
    return (notes[0], " ".join(notes[1:]))


def _undated(table: pd.DataFrame) -> str:
    """How many studies and reviews have no year; empty where each has one."""
    review = table["direction"] == "review"
    said = [
        counted(number, one, many)
        for number, one, many in (
            (int((table["year"].isna() & ~review).sum()), "study", "studies"),
            (int((table["year"].isna() & review).sum()), "review", "reviews"),
        )
        if number
    ]
    return f"Without a year, and not drawn: {' and '.join(said)}" if said else ""


def _took_part(studies: pd.DataFrame, words: Words) -> list[str]:
    """How many took part in the studies of each panel: numbers that are never added up."""
    keys = words.kept_apart
    distinct = words.ranked(studies, keys)
    said = []
    for name, line in zip(words.rows(distinct, keys), distinct.to_dict("records"), strict=True):
        here = pd.Series(True, index=studies.index)
        for key in keys:
            plain = studies[key].astype("object")
            here &= plain.isna() if pd.isna(line[key]) else plain == line[key]
        sizes = studies.loc[here, "sample_size"]
        own = took_part(len(sizes), int(sizes.sum()), int(sizes.isna().sum()))
        said.append(f"{name}: {own}" if len(distinct) > 1 else own)
    return said


def _alt(table: pd.DataFrame, lanes: list[str], sides: dict[str, dict[str, str]]) -> str:
    parts = []
    for lane in lanes:
        part = table[table["lane"] == lane]
        dated = part["year"].dropna()
        counts = part.loc[part["year"].notna(), "direction"].value_counts()
        said = ", ".join(
            f"{_name(word, sides.get(lane, {}))} {counts[word]}"
            for word in (*ORDER, "not_placed", "review")
            if counts.get(word)
        )
        span = f"{dated.min()} to {dated.max()}" if len(dated) else "without a year"
        parts.append(f"{lane}, {span}: {said or 'none'}")
    undated = _undated(table)
    left = f" {undated}." if undated else ""
    return f"Lines that rise with each study. {'; '.join(parts)}.{left}"
