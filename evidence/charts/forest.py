"""The forest plot: one row per estimate with its interval, and the numbers beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from evidence.arguments import one_of
from evidence.charts.axis import effect_limits, effects
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.forest_text import benefit_side, estimate_text, spread_text, weights
from evidence.charts.numbers import interval, with_interval
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart, text_column
from evidence.charts.style import DEFAULT_SIZE, INK, NEUTRAL, SOFT, Size, cut, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.nouns import do_not, number_form
from evidence.synthesis.effect_sizes import SizePool

LONGEST = 60  # characters of the name of a study
LISTED = 12  # rows that the alt text names one by one
ORDERS = ("year", "size")
UNKNOWN = "–"
CONVERTED = "\N{NO-BREAK SPACE}*"  # of an interval that is not drawn as it is printed


@draws(SizePool, made_by="evidence.size_pool(ev, pool_id)")
def forest(
    pool: SizePool,
    words: Words,
    *,
    benefit: str = "",
    order: str = "year",
    title: str = "",
    size: str = DEFAULT_SIZE,
) -> Chart:
    """Draw a forest plot.

    The area of a square is the weight of its study in the pool. An interval that is very much wider
    than the others is cut off at the end of the axis, where an arrow marks it; its ends are printed
    at the right.

    Parameters
    ----------
    pool : SizePool
        Its studies on the natural scale of the measure, and what they were pooled to.
    benefit : {"", "left", "right"}
        Which side of no difference is benefit, to be named under the axis. Default: as the
        directions of the studies say, where they agree.
    order : {"year", "size"}
        Order of the rows: oldest first, or largest first.
    title : str, optional
        Default: what is measured, and the pooled estimate.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` holds the estimates with their ``weight``, then the pooled one (``row`` says
        which is which).

    Raises
    ------
    UsageError
        When there is nothing to draw, or an option is unknown.
    """
    one_of("order", order, ORDERS)
    one_of("benefit", benefit, ("", "left", "right"))
    if pool.frame.empty:
        raise UsageError("nothing to draw: no estimate meets the conditions")
    estimates, pooled = rows_of(pool, order), pool.pooled_rows
    log, measure = pool.poolable.log, words.label("measure", pool.poolable.measure)
    both = [*estimates.to_dict("records"), *pooled.to_dict("records")]
    limits = _limits(estimates, pooled, log)
    side = benefit or benefit_side(pool)
    sides = side_words(pool, side, words) if side else None
    axis = "\n"
    if not sides:
        axis = f"{'1' if log else '0'} is no difference"
    frame = Frame(
        title or _title(pool),
        words.said(f"{measure}. One square is one study, its area its weight; line: 95 % interval"),
        _notes(pool, estimates, limits),
        words,
        _diamond_note(pool) + " *: not the printed interval." * bool(_converted(estimates)),
    )
    names = [Row(_name(line)) for line in estimates.to_dict("records")]
    names += [Row(_pooled_name(pool), bold=True)] * len(pooled)
    columns = [
        text_column("Took part", [_n(line) for line in both], align="right"),
        Column(" ", draw=_marks(both, len(estimates), limits, log, sides), axis=axis),
        text_column(
            f"{pool.poolable.measure} (95 % interval)", [estimate_text(line) for line in both], 17
        ),
    ]
    if len(pooled):
        shares = [f"{line['weight'] * 100:.1f} %" for line in estimates.to_dict("records")]
        columns.append(text_column("Weight", [*shares, "100 %"], align="right"))
    with styled(size) as chosen:
        figures = table_chart(chosen, frame, names, columns, label_share=0.28, least=1.9)
    data = pd.concat(
        [
            table.assign(row=kind)
            for table, kind in ((estimates, "estimate"), (pooled, "pooled"))
            if len(table)
        ],
        ignore_index=True,
    )
    return Chart.of(figures, frame, _alt(pool, estimates, measure), data, "forest")


def rows_of(pool: SizePool, order: str = "year") -> pd.DataFrame:
    """Estimates of a pool with their weight and year, in an order."""
    ids = pool.poolable.included["study_id"].tolist()
    years = pool.ev.studies.set_index("study_id")["year"].reindex(ids).tolist()
    table = pool.frame.assign(study_id=ids, year=years, weight=weights(pool))
    if order == "size":
        return table.sort_values("weight", ascending=False, kind="stable", ignore_index=True)
    return table.sort_values("year", kind="stable", ignore_index=True)


def _pooled_name(pool: SizePool) -> str:
    return f"Pooled, {counted(pool.k, 'study', 'studies')}"


def _name(line: Mapping[str, Any]) -> str:
    return cut(str(line["label"]), LONGEST) + CONVERTED * bool(line["printed"])


def _n(line: dict) -> str:
    if "n" not in line:
        return ""
    if pd.isna(line["n"]):
        return UNKNOWN
    return f"{line['n']:,.0f}"


def _title(pool: SizePool) -> str:
    """The pooled estimate and whether its interval holds no difference; else that nothing was
    pooled.
    """
    studies = counted(pool.k, "study", "studies")
    if pool.result is None:
        return f"{pool.title}: {studies} of one measure, too few to pool"
    line = pool.pooled_rows.iloc[0]
    null = 1.0 if pool.poolable.log else 0.0
    holds = line["ci_low"] <= null <= line["ci_high"]
    said = "no difference fits too" if holds else "unlikely to be chance alone"
    size = with_interval(line["estimate"], line["ci_low"], line["ci_high"])
    return f"{pool.title}: {size} over {studies}; {said}"


def _limits(estimates: pd.DataFrame, pooled: pd.DataFrame, log: bool) -> tuple[float, float]:
    ends = ["ci_low", "ci_high"]
    centre = pd.concat([estimates["estimate"], *(pooled[name] for name in ["estimate", *ends])])
    low, high = (pd.concat([estimates[name], pooled[name]]).astype(float) for name in ends)
    start, end = effect_limits(centre.astype(float), low, high, log)
    return start, end


def side_words(pool: SizePool, benefit: str, words: Words) -> tuple[str, str]:
    """What the left and the right side of no difference are called."""
    studies = pool.ev.studies.set_index("study_id")
    sides = words.sides(studies.loc[pool.poolable.included["study_id"].iloc[0]])
    left, right = ("benefit", "harm") if benefit == "left" else ("harm", "benefit")
    return sides[left], sides[right]


def _marks(
    both: list[dict],
    studies: int,
    limits: tuple[float, float],
    log: bool,
    sides: tuple[str, str] | None,
) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        effects(axes, limits, log, part.width, part.size)
        if sides:
            _name_sides(axes, 1.0 if log else 0.0, sides, part.size)
        rows = [(part.y[i], both[i]) for i in part.rows if i < studies]
        _intervals(axes, rows, limits, "ci_low", "ci_high", "interval", 1.3)
        shown = [
            (y, line)
            for y, line in rows
            if pd.notna(line["estimate"]) and (line["estimate"] > 0 or not log)
        ]
        if shown:
            axes.scatter(
                [line["estimate"] for _, line in shown],
                [y for y, _ in shown],
                s=[_area(line["weight"], both, studies, part.size) for _, line in shown],
                marker="s",
                color=part.size.color(NEUTRAL),
                linewidth=0,
                label="estimate",
                zorder=3,
            )
        for i in part.rows:
            if i >= studies:
                _diamond(axes, part.y[i], both[i], limits)

    return draw


def _name_sides(axes: Axes, null: float, sides: tuple[str, str], size: Size) -> None:
    """The words for the sides, below the axis, at both sides of no difference."""
    below = -2.0 * size.text
    for text, align, aside in ((f"← {sides[0]}", "right", -5), (f"{sides[1]} →", "left", 5)):
        axes.annotate(
            text, (null, 0), xycoords=("data", "axes fraction"), xytext=(aside, below),
            textcoords="offset points", ha=align, va="top", fontsize=size.small, color=SOFT,
            annotation_clip=False, gid="furniture",
        )  # fmt: skip


def _area(weight: float, both: list[dict], studies: int, size: Size) -> float:
    """Square points of a square: its weight, the largest one em high."""
    most = max(line["weight"] for line in both[:studies])
    return (1.05 * size.text) ** 2 * max(weight / most, 0.02)


def _intervals(
    axes: Axes,
    rows: list[tuple[float, dict]],
    limits: tuple[float, float],
    low: str,
    high: str,
    label: str,
    width: float,
) -> None:
    """Lines from end to end. An end that is not known stops at the estimate; one beyond the axis
    stops there, with an arrow.
    """
    known = [(y, line) for y, line in rows if pd.notna(line[low]) or pd.notna(line[high])]
    if not known:
        return
    table = pd.DataFrame([{"y": y, **line} for y, line in known])
    start = table[low].fillna(table["estimate"]).astype(float)
    end = table[high].fillna(table["estimate"]).astype(float)
    axes.hlines(
        table["y"], start.clip(*limits), end.clip(*limits), color=INK, linewidth=width, label=label,
        zorder=2,
    )  # fmt: skip
    for beyond, at, marker in (
        (start < limits[0], limits[0], "<"),
        (end > limits[1], limits[1], ">"),
    ):
        if beyond.any():
            places = table.loc[beyond, "y"]
            axes.scatter(
                [at] * len(places), places, marker=marker, s=26, color=INK,
                label=f"{label} continues", zorder=4, clip_on=False,
            )  # fmt: skip


def _diamond(axes: Axes, y: float, line: dict, limits: tuple[float, float]) -> None:
    _intervals(
        axes, [(y, line)], limits, "prediction_low", "prediction_high", "prediction interval", 1.3
    )
    corners = [
        (line["ci_low"], y),
        (line["estimate"], y - 0.5),
        (line["ci_high"], y),
        (line["estimate"], y + 0.5),
    ]
    axes.add_patch(Polygon(corners, closed=True, color=INK, linewidth=0, label="pooled", zorder=3))


def _diamond_note(pool: SizePool) -> str:
    """What the diamond is, and the line through it; that there is none where nothing is pooled."""
    if not len(pool.pooled_rows):
        return "Nothing is pooled: fewer than three studies qualify. Squares have equal size."
    said = "Diamond: pooled estimate with its 95 % interval"
    if pd.isna(pool.pooled_rows.iloc[0]["prediction_low"]):
        return f"{said}."
    return f"{said}; line through it: 95 % prediction interval."


def _pool_note(pool: SizePool) -> str:
    """How the pool was made, and where a further study is expected."""
    line = pool.pooled_rows.iloc[0]
    said = f"Pooled with {str(line['label']).removeprefix('Pooled (').removesuffix(')')}"
    if pd.isna(line["prediction_low"]):
        return f"{said}."
    ends = interval(line["prediction_low"], line["prediction_high"])
    return f"{said}; the true effect of a further study is expected from {ends}."


def _notes(pool: SizePool, estimates: pd.DataFrame, limits: tuple[float, float]) -> tuple[str, ...]:
    notes = []
    if len(pool.pooled_rows):
        notes += [_pool_note(pool), spread_text(pool)]
    unknown = int(estimates["n"].isna().sum()) if "n" in estimates else 0
    if unknown:
        notes.append(f"{unknown} of {len(estimates)} {do_not(unknown)} say how many took part (–).")
    if others := len(pool.not_main):
        notes.append(
            f"{others} of {len(estimates)} {number_form(others, 'is', 'are')} not the main result"
            f" of the study{'' if pool.main_fits else ', which does not fit this pool'};"
            f" {number_form(others, 'this result is', 'these results are')}: {pool.others_said}."
        )
    if converted := [f"{name}, {said}" for name, said in _converted(estimates)]:
        notes.append(f"* Drawn as 95 % interval, but printed: {'; '.join(converted)}.")
    if left := pool.poolable.studies - pool.k if pool.poolable.studies else 0:
        what = " of the question" if pool.poolable.of_question else ""
        every = counted(pool.poolable.studies, "study", "studies")
        notes.append(f"{left} of {every}{what} {number_form(left, 'is', 'are')} not in it.")
    beyond = (estimates["ci_low"] < limits[0]) | (estimates["ci_high"] > limits[1])
    if beyond.any():
        notes.append(f"An arrow marks an interval that leaves the axis ({int(beyond.sum())}).")
    return (" ".join(filter(None, notes)),)


def _converted(estimates: pd.DataFrame) -> list[tuple[str, str]]:
    """Studies whose interval is not drawn as it is printed, and how it is printed."""
    rows = estimates[estimates["printed"] != ""]
    return list(zip(rows["label"], rows["printed"], strict=True))


def _pooled_alt(line: dict[str, Any]) -> str:
    """The diamond in words."""
    said = f" Pooled: {estimate_text(line)}"
    if pd.isna(line["prediction_low"]):
        return f"{said}."
    ends = interval(line["prediction_low"], line["prediction_high"])
    return f"{said}, prediction interval {ends}."


def _alt(pool: SizePool, estimates: pd.DataFrame, measure: str) -> str:
    lines = estimates.head(LISTED).to_dict("records")
    said = "; ".join(f"{line['label']} {estimate_text(line)}" for line in lines)
    more = len(estimates) - LISTED
    if more > 0:
        said += f"; and {more} more"
    pooled = "".join(_pooled_alt(line) for line in pool.pooled_rows.to_dict("records"))
    studies = counted(len(estimates), "study", "studies")
    return f"Forest plot, {measure}, {studies}: {said}.{pooled}"
