"""Studies as they were published: how many stood on which side, year by year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame, Page, pages
from evidence.charts.style import DEFAULT_SIZE, EDGE, INK, LOOKS, SOFT, Size, styled, widest
from evidence.charts.words import Words, counted, took_part
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import CONCLUDED
from evidence.synthesis.votes import votes

ORDER = ("harm", "benefit", "no_clear_difference", "mixed")
COLUMNS = ["lane", "study_id", "year", "direction", "place"]
LANE, GAP, AXIS = 9.0, 3.6, 0.0  # em
DASHES = {
    "harm": "solid",
    "benefit": (0, (6, 1.5)),
    "no_clear_difference": (0, (2, 1.5)),
    "mixed": (0, (1, 1)),
}
LINES = {"mixed": "#b98d0e"}  # the yellow of areas is too light for a line


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
        words.said("Studies added up by year of publication, as concluded by their authors"),
        _notes(studies, table),
        words,
    )
    sides = _sides(studies, words)
    years = table["year"].dropna().astype(int)
    span = (int(years.min()), int(years.max()))
    with styled(size) as chosen:
        figures = []
        made = pages(chosen, frame, [LANE + GAP] * len(lanes), fixed=AXIS, stretch=1.2)
        for page, rows, heights in made:
            top = 0.0
            for name, tall in zip([lanes[row] for row in rows], heights, strict=True):
                _lane(page, name, table, span, top, tall - GAP, sides.get(name, {}), chosen)
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
    table = table.assign(lane="Reviews", direction="review")
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


def _lane(
    page: Page,
    lane: str,
    table: pd.DataFrame,
    span: tuple[int, int],
    top: float,
    tall: float,
    sides: Mapping[str, str],
    size: Size,
) -> None:
    part = table[(table["lane"] == lane) & table["year"].notna()]
    canvas = page.canvas("names", 0, top)
    canvas.text(0, 0.9, lane, fontweight="bold", va="bottom", gid="furniture")
    ends = [(w, part[part["direction"] == w]) for w in (*ORDER, "not_placed", "review")]
    ends = [(word, rows) for word, rows in ends if len(rows)]
    texts = [f"{len(rows)} {_name(word, sides)}" for word, rows in ends]
    beside = widest(["000 no clear difference"], size)
    axes = page.axes(2.2, top + 1.3, page.across - 2.2 - beside, tall - 1.3, lane)
    most = max((len(rows) for _, rows in ends), default=1)
    axes.set_xlim(span[0] - 1, span[1] + 0.5)
    axes.set_ylim(0, most * 1.06)
    axes.xaxis.set_major_locator(
        MaxNLocator(6 if size.fixed else 9, integer=True, steps=[1, 2, 5, 10], min_n_ticks=1)
    )
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}" if value else "")
    axes.tick_params(axis="y", colors=SOFT)
    axes.grid(axis="y")
    for word, rows in ends:
        years = rows["year"].astype(int).to_numpy()
        x = np.concatenate([years[:1], years, [span[1] + 0.5]])
        y = np.concatenate([[0], np.arange(1, len(years) + 1), [len(years)]])
        axes.step(
            x, y, where="post", color=_color(word, size), linewidth=2.2,
            linestyle=DASHES.get(word, "solid") if size.grey else "solid",
            label=_name(word, sides), solid_joinstyle="miter",
        )  # fmt: skip
    _end_texts(axes, ends, texts, most, tall - 1.3, size)


def _color(word: str, size: Size) -> str:
    if word in ("review", "not_placed"):
        return EDGE
    if size.grey:
        return size.look(word).grey
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
    axes: Axes, ends: list, texts: list[str], most: int, tall: float, size: Size
) -> None:
    """Words at the end of each line, moved apart where they would cover each other."""
    step = 1.25 / tall * most * 1.06
    order = sorted(range(len(ends)), key=lambda i: len(ends[i][1]))
    places: dict[int, float] = {}
    low = -step
    for i in order:
        low = max(len(ends[i][1]), low + step)
        places[i] = low
    over = max(0.0, low - most * 1.06)
    for i in range(len(ends)):
        axes.annotate(
            texts[i], (1.0, places[i] - over), xycoords=("axes fraction", "data"),
            xytext=(5, 0), textcoords="offset points", va="center", color=INK,
            annotation_clip=False,
        )  # fmt: skip


def _title(studies: pd.DataFrame) -> str:
    years = studies["year"].dropna().astype(int).sort_values()
    half = int(years.iloc[(len(years) - 1) // 2])
    number = counted(len(years), "study", "studies")
    return f"{number} since {years.iloc[0]}, half of them since {half}"


def _notes(studies: pd.DataFrame, table: pd.DataFrame) -> tuple[str, ...]:
    sizes = studies["sample_size"]
    undated = int(table["year"].isna().sum())
    said = took_part(len(studies), int(sizes.sum()), int(sizes.isna().sum())) + "."
    if undated:
        said += f" Without a year, and not drawn: {undated}."
    if (table["direction"] == "review").any():
        said += " A review is never counted together with the studies it reviews."
    return (said,)


def _alt(table: pd.DataFrame, lanes: list[str], sides: dict[str, dict[str, str]]) -> str:
    parts = []
    for lane in lanes:
        part = table[table["lane"] == lane]
        dated = part["year"].dropna()
        counts = part["direction"].value_counts()
        said = ", ".join(
            f"{_name(word, sides.get(lane, {}))} {counts[word]}"
            for word in (*ORDER, "not_placed", "review")
            if counts.get(word)
        )
        span = f"{dated.min()} to {dated.max()}" if len(dated) else "without a year"
        parts.append(f"{lane}, {span}: {said}")
    return f"Lines that rise with each study. {'; '.join(parts)}."
