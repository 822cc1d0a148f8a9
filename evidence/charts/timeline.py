"""Findings in the order of their publication: one mark a study, stacked within its year."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

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
from evidence.charts.words import Words, counted, took_part
from evidence.errors import UsageError
from evidence.model.evidence import Evidence

ORDER = ("benefit", "no_clear_difference", "mixed", "harm")
OTHER = LOOKS["not_placed"]
STEP = 0.135  # inches from one mark of a stack to the next, at the size of the web


@draws(Evidence, made_by="evidence.load()")
def timeline(
    ev: Evidence,
    words: Words,
    *,
    title: str = "",
    ax: Axes | None = None,
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw studies by their year of publication.

    Parameters
    ----------
    ev : Evidence
        Its counted studies are drawn, and its reviews where it has some.
    title : str, optional
        Default: what was found, year by year.
    ax : Axes, optional
        Axes to draw on; then title and notes are left to the caller.
    size : {"web", "paper", "slide"}

    Returns
    -------
    Chart
        ``data`` has a row a study or review: ``lane, study_id, year, direction, place`` (its place
        in the stack, from 1; missing without a year).

    Raises
    ------
    UsageError
        When there is nothing to draw, or no study has a year.
    """
    reviews = ev.tables.get("reviews")
    studies = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    if studies.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    if studies["year"].isna().all():
        raise UsageError(
            f"nothing to draw: {counted(len(studies), 'study', 'studies')}, none with a year"
        )
    title = title or f"{words.topic}: what was found, year by year"
    lanes, table = _placed(studies, words)
    if reviews is not None and len(reviews):
        lanes, table = _with_reviews(lanes, table, reviews, words)
    notes = _notes(studies, table, words)
    with styled(size) as chosen:
        labels = [wrap(lane, letters(chosen, 0.2)) for lane in lanes]
        inches = [
            _lane_inches(table[table["lane"] == lane], label, chosen)
            for lane, label in zip(lanes, labels, strict=True)
        ]
        if ax is None:
            subtitle = (
                "One mark a study in its year of publication, as concluded by its authors"
                + ("; a tick is a review" if _is_review(table).any() else "")
            )
            figure = canvas(
                chosen, asked(sum(inches) + 0.95 * chosen.text, chosen), title, subtitle, notes
            )
            ax = body(figure).add_subplot()
        _draw(ax, table, dict(zip(lanes, labels, strict=True)), inches, words, chosen)
    return Chart(
        figure_of(ax),
        title,
        _alt(table, lanes, words),
        words.source,
        table,
        "timeline",
        tuple(notes),
    )


def _placed(studies: pd.DataFrame, words: Words) -> tuple[list[str], pd.DataFrame]:
    """Lanes, and studies with their place in the stack of their year."""
    keys = words.kept_apart
    distinct = words.ranked(studies, keys)
    lanes = words.rows(distinct, keys)
    lane_of = {
        _key(line): lane for line, lane in zip(distinct.itertuples(index=False), lanes, strict=True)
    }
    ids = studies["study_id"].astype("str").tolist()
    direction = studies["direction"].astype("str")
    table = pd.DataFrame(
        {
            "lane": [lane_of[_key(line)] for line in studies[keys].itertuples(index=False)],
            "study_id": ids,
            "year": studies["year"].astype("Int64").tolist(),
            "direction": direction.where(direction.isin(ORDER), "not_placed").tolist(),
        }
    ).astype({"year": "Int64"})
    return lanes, _stacked(table, lanes)


def _key(values: tuple) -> tuple:
    return tuple(None if pd.isna(value) else str(value) for value in values)


def _stacked(table: pd.DataFrame, lanes: list[str]) -> pd.DataFrame:
    rank = {word: number for number, word in enumerate([*ORDER, "not_placed", "review"])}
    order = table.assign(
        lane_rank=table["lane"].map(lanes.index), rank=table["direction"].map(rank)
    )
    table = table.loc[
        order.sort_values(["lane_rank", "year", "rank", "study_id"], kind="stable").index
    ].reset_index(drop=True)
    dated = table["year"].notna()
    return table.assign(
        place=(table.groupby(["lane", "year"], dropna=False).cumcount() + 1)
        .astype("Int64")
        .where(dated)
    )


def _with_reviews(
    lanes: list[str], table: pd.DataFrame, reviews: pd.DataFrame, words: Words
) -> tuple[list[str], pd.DataFrame]:
    """Lanes and marks with those of the reviews: a lane a question, below the studies."""
    if "question" not in reviews:
        reviews = reviews.assign(question="")
    names = {
        _key((value,)): f"Reviews: {words.label('question', value)}" if value != "" else "Reviews"
        for value in words.ranked(reviews, ["question"])["question"]
    }
    ids = (
        reviews["review_id"].astype("str")
        if "review_id" in reviews
        else pd.Series([f"review {i + 1}" for i in range(len(reviews))])
    )
    marks = pd.DataFrame(
        {
            "lane": [names[_key((value,))] for value in reviews["question"]],
            "study_id": ids.tolist(),
            "year": reviews["year"].astype("Int64").tolist(),
            "direction": "review",
        }
    )
    added = _stacked(marks.astype({"year": "Int64"}), list(names.values()))
    return [*lanes, *names.values()], pd.concat([table, added], ignore_index=True)


def _is_review(table: pd.DataFrame) -> pd.Series:
    return table["direction"] == "review"


def _look(word: str) -> Look:
    return LOOKS.get(word, OTHER)


def _name(word: str, words: Words) -> str:
    return {"not_placed": "No direction", "review": "Review"}.get(word) or words.word(word)


def _lane_inches(part: pd.DataFrame, label: str, size: Size) -> float:
    tallest = int(part["place"].max()) if part["place"].notna().any() else 1
    return max(tallest * STEP + 0.12, 0.165 * (label.count("\n") + 1) + 0.1) * size.text


def _draw(
    ax: Axes,
    table: pd.DataFrame,
    lanes: dict[str, str],
    inches: list[float],
    words: Words,
    size: Size,
) -> None:
    tops = [sum(inches[number:]) / max(inches) for number in range(len(inches) + 1)]
    middle = {
        lane: (top + under) / 2 for lane, top, under in zip(lanes, tops, tops[1:], strict=False)
    }
    bottom = dict(zip(lanes, tops[1:], strict=True))
    dated = table[table["place"].notna()]
    height = dated["lane"].map(bottom).astype(float) + (
        dated["place"].astype(float) - 0.4
    ) * STEP * size.text / max(inches)
    first, last = int(dated["year"].min()), int(dated["year"].max())
    pad = max(1.0, (last - first) * 0.025)
    year = size.width * 0.72 / (last - first + 2 * pad)
    area = min(72 * year * 0.9, 7.0 * size.text, 72 * STEP * size.text * 0.85) ** 2
    handles = []
    for word in [*ORDER, "not_placed", "review"]:
        drawn = (dated["direction"] == word).to_numpy()
        if drawn.any():
            place = (dated.loc[drawn, "year"].astype(float), height[drawn])
            handles.append(_marks(ax, place, word, area, _name(word, words)))
    for lane in lanes:
        ax.axhline(bottom[lane], color="#bbbbbb", linewidth=0.8, gid="furniture")
        if lane not in set(dated["lane"]):
            ax.annotate(
                "no year known",
                ((first + last) / 2, middle[lane]),
                ha="center",
                va="center",
                fontsize="small",
            )
    ax.set_yticks([middle[lane] for lane in lanes], list(lanes.values()))
    ax.set_yticks(
        tops, minor=True
    )  # edges of the lanes, by which the marks read back find their lane
    ax.set_ylim(-0.04, tops[0])
    ax.set_xlim(first - pad, last + pad)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=9, min_n_ticks=1))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    ax.set_xlabel("Year of publication")
    ax.grid(axis="x")
    ax.tick_params(axis="y", which="both", length=0)
    ax.spines["left"].set_visible(False)
    legend_above(ax, handles, size)


def _marks(
    ax: Axes, place: tuple[pd.Series, pd.Series], word: str, area: float, label: str
) -> Line2D:
    if word == "review":
        look = {"marker": "|", "color": INK, "linewidth": 1.5}
    else:
        look = {
            "marker": _look(word).marker,
            "color": _look(word).color,
            "edgecolor": INK,
            "linewidth": 0.6,
        }
    ax.scatter(*place, s=area, label=label, zorder=3, **look)
    edge = {"markeredgecolor": INK, "markeredgewidth": 1.5 if word == "review" else 0.6}
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=str(look["marker"]),
        color=str(look["color"]),
        markersize=7,
        label=label,
        **edge,
    )


def _notes(studies: pd.DataFrame, table: pd.DataFrame, words: Words) -> list[str]:
    sizes = studies["sample_size"]
    undated, mute = (
        int(studies["year"].isna().sum()),
        int((table["direction"] == "not_placed").sum()),
    )
    notes = [took_part(len(studies), int(sizes.sum()), int(sizes.isna().sum())) + "."]
    notes.append(
        f"Lens: as concluded. No direction: {mute} of {len(studies)} studies, drawn as empty"
        f" squares. Without a year, and not drawn: {undated}."
    )
    reviews = table[_is_review(table)]
    if len(reviews):
        notes.append(
            f"{counted(len(reviews), 'review', 'reviews')} ({int(reviews['year'].isna().sum())}"
            " without a year); a review is never counted beside the studies it reviews."
        )
    return [*notes, words.caution, f"Source: {words.source}."]


def _alt(table: pd.DataFrame, lanes: list[str], words: Words) -> str:
    parts = []
    for lane in lanes:
        part = table[table["lane"] == lane]
        dated = part["year"].dropna()
        counts = part["direction"].value_counts()
        said = ", ".join(
            f"{_name(word, words).lower()} {counts[word]}"
            for word in [*ORDER, "not_placed"]
            if counts.get(word)
        )
        total = str(len(part)) if _is_review(part).all() else counted(len(part), "study", "studies")
        years = f"{dated.min()} to {dated.max()}" if dated.nunique() > 1 else f"{dated.max()}"
        span = f" from {years}" if len(dated) else " without a year"
        parts.append(f"{lane}: {total}{span}" + (f" ({said})" if said else ""))
    return "Timeline with one mark a study. " + "; ".join(parts) + "."
