"""How many took part: one point per study on a logarithmic axis, and studies that do not say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evidence.arguments import not_there
from evidence.charts.axis import count_ticks, log_counts
from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.numbers import middle, short
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart, text_column
from evidence.charts.style import DEFAULT_SIZE, INK, NEUTRAL, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.frames import text_or_empty
from evidence.model.evidence import Evidence

SPREAD = 0.55  # em up and down, so that equal sizes stay apart


@draws(Evidence, made_by="evidence.load()")
def sample_sizes(
    ev: Evidence, words: Words, *, by: str = "design", title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw the sample sizes of studies.

    Parameters
    ----------
    ev : Evidence
        Its counted studies are drawn.
    by : str, default "design"
        Column of the studies that makes the rows.
    title : str, optional
        Default: how large the middle study is, and how many say.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` has a row for each row of the chart: studies, those of known size, median,
        smallest, largest.

    Raises
    ------
    UsageError
        When there is nothing to draw, or the studies have no such column.
    """
    studies = ev.counted_studies
    if not isinstance(by, str) or by not in studies:
        raise UsageError(not_there("column", by, studies.columns))
    if studies.empty:
        raise UsageError("nothing to draw: no study meets the conditions")
    table = _summary(studies, by)
    rows = [words.label(by, value) for value in table[by]]
    field = words.dictionary.field(by, "studies")
    what = field.title.lower() if field and field.title else by.replace("_", " ")
    frame = Frame(
        title or _title(studies, words),
        words.said(f"One point is one study, by {what}; the line marks the middle one (median)"),
        (f"Sizes count {_what(studies, words)}.",),
        words,
    )
    known = [f"{n} of {total}" for n, total in zip(table["known"], table["studies"], strict=True)]
    medians = ["–" if pd.isna(n) else short(float(n)) for n in table["median"]]
    ticks = count_ticks(*_ends(studies))
    tens = ", each step ten times more" if ticks[1] == 10 * ticks[0] else ""
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            [Row(row) for row in rows],
            [
                Column(
                    " ",
                    draw=_points(studies, table, by),
                    axis=f"how many took part{tens}",
                ),
                text_column("Median", medians, align="right"),
                text_column("Size known", known, align="right"),
            ],
            label_share=0.3,
            least=2.1,
        )
    return Chart.of(figures, frame, _alt(table, rows), table, "sample_sizes")


def _title(studies: pd.DataFrame, words: Words) -> str:
    """The size of the middle study in each part that is kept apart, and of how many it is known."""
    plain = studies.assign(**{key: studies[key].astype("object") for key in words.kept_apart})
    groups = words.ranked(plain, words.kept_apart)
    names = words.rows(groups, words.kept_apart)
    parts = plain.merge(groups.assign(_name=names), how="left", on=words.kept_apart)
    sizes = parts.groupby("_name", sort=False)["sample_size"].agg(["median", "count", "size"])
    if not sizes["count"].any():
        return f"None of {counted(len(studies), 'study', 'studies')} shows how many took part"
    said = [
        f"{name} {middle(float(median))} ({known} of {total} known)"
        if known
        else f"{name} not known"
        for name, median, known, total in sizes.itertuples()
    ]
    return f"Median size of a study: {'; '.join(said)}"


def _ends(studies: pd.DataFrame) -> tuple[float, float]:
    """Ends of the axis."""
    sizes = studies["sample_size"].dropna().astype(float)
    return (max(0.7, sizes.min() / 1.6), sizes.max() * 1.6) if len(sizes) else (1.0, 1000.0)


def _what(studies: pd.DataFrame, words: Words) -> str:
    """What the sizes count, in the words of the dictionary."""
    if "sample_unit" not in studies:
        return "participants"
    units = words.ranked(studies.dropna(subset=["sample_unit"]), ["sample_unit"])["sample_unit"]
    named = [words.label("sample_unit", unit).lower() for unit in units]
    return " or ".join(named) or "participants"


def _summary(studies: pd.DataFrame, by: str) -> pd.DataFrame:
    groups = studies[by]
    sizes = studies["sample_size"].astype("Float64").groupby(groups, observed=True, dropna=False)
    table = pd.DataFrame(
        {
            "studies": sizes.size(),
            "known": sizes.count(),
            "median": sizes.median(),
            "smallest": sizes.min(),
            "largest": sizes.max(),
        }
    )
    table.insert(2, "unknown", table["studies"] - table["known"])
    return table.reset_index()


def _points(studies: pd.DataFrame, table: pd.DataFrame, by: str) -> Draw:
    known = studies[studies["sample_size"].notna()].sort_values("study_id")
    group = known[by].map(text_or_empty, na_action=None).astype("str")
    rank = known.groupby(group).cumcount()
    number = known["study_id"].groupby(group).transform("size")
    off = SPREAD * (2 * rank / np.maximum(number - 1, 1) - 1) * (number > 1)
    sizes = known["sample_size"].astype(float)

    def draw(axes: Axes, part: Part) -> None:
        log_counts(axes, *_ends(studies))
        for i in part.rows:
            here = (group == text_or_empty(table[by].iloc[i])).to_numpy()
            if here.any():
                axes.scatter(
                    sizes[here], part.y[i] + off[here], s=(0.62 * part.size.text) ** 2,
                    color=part.size.color(NEUTRAL), alpha=0.6, linewidth=0, label="study", zorder=3,
                )  # fmt: skip
            median = table["median"].iloc[i]
            if pd.notna(median):
                axes.plot(
                    [median] * 2, [part.y[i] - 0.85, part.y[i] + 0.85], color=INK, linewidth=1.6,
                    label="median", zorder=4,
                )  # fmt: skip

    return draw


def _alt(table: pd.DataFrame, rows: list[str]) -> str:
    parts = []
    for row, line in zip(rows, table.itertuples(), strict=True):
        if not line.known:
            parts.append(f"{row}: {counted(line.studies, 'study', 'studies')} of unknown size")
            continue
        parts.append(
            f"{row}: {line.known} of {line.studies} of known size,"
            f" median {middle(float(line.median))} ({line.smallest:,.0f} to {line.largest:,.0f})"
        )
    return f"Points on a logarithmic axis. {'; '.join(parts)}."
