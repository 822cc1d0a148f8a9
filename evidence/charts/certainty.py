"""How certain reviews say they are (GRADE), as they print it, beside what it is based on."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart, text_column
from evidence.charts.style import DEFAULT_SIZE, NEUTRAL, WHITE, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.core_tables import needed
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import number_form

GRADES = ("very low", "low", "moderate", "high")
TOOL = "GRADE"


@draws(Evidence, made_by="evidence.load()")
def certainty(ev: Evidence, words: Words, *, title: str = "", size: str = DEFAULT_SIZE) -> Chart:
    """Draw the certainty that reviews print for an outcome.

    One to four steps stand for very low, low, moderate and high. No grade is our own. A selection
    of studies changes nothing: a grade is of all that a review has read.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``appraisals``; its rows with the tool GRADE are drawn.
    title : str, optional
        Default: how many printed grades reach moderate or high.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` has one row per grade: ``domain, rated, judgement, rated_by``.

    Raises
    ------
    UsageError
        When the table is missing, or no review prints a grade.
    """
    needed(ev, "appraisals", "nothing to draw")
    table = ev.tables["appraisals"]
    table = table[(table["tool"] == TOOL) & table["judgement"].isin(GRADES)]
    if table.empty:
        raise UsageError("nothing to draw: no review prints a grade of certainty")
    rank = table["judgement"].astype("str").map({word: i for i, word in enumerate(GRADES)})
    table = table.loc[rank.sort_values(ascending=False, kind="stable").index]
    data = table[["domain", "rated", "judgement", "rated_by"]].reset_index(drop=True)
    frame = Frame(
        title or _title(data),
        words.unselected(
            "One row is one outcome that a review graded: steps from very low to high",
            "ratings are not of single studies",
        ),
        (
            "As printed by the reviews; no grade is our own. Of outcomes without a row no"
            f" {TOOL} rating was read; reviews may rate them by another system.",
        ),
        words,
    )
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            [Row(_outcome(domain)) for domain in data["domain"]],
            [
                Column("Certainty", draw=_steps(data), share=0.6),
                text_column(
                    "What was graded", data["rated"].astype("str").tolist(), 0.27 * chosen.across
                ),
                text_column("Review", data["rated_by"].astype("str").tolist(), 0.2 * chosen.across),
            ],
            label_share=0.2,
            rules=True,
            least=2.2,
        )
    return Chart.of(figures, frame, _alt(data), data, "certainty")


def _outcome(domain: object) -> str:
    return upper_first("Not named" if pd.isna(domain) else str(domain))


def _steps(data: pd.DataFrame) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        axes.set_xlim(0, part.width)
        wide = min(1.4, part.width / 9)
        for i in part.rows:
            word = str(data["judgement"].iloc[i])
            steps = GRADES.index(word) + 1
            for step in range(len(GRADES)):
                color = part.size.color(NEUTRAL)
                face, said = WHITE, "no step"
                if step < steps:
                    face, said = color, "step"
                axes.add_patch(
                    Rectangle((step * wide * 1.15, part.y[i] - 0.45), wide, 0.9,
                              facecolor=face, edgecolor=color,
                              linewidth=0.8, label=said)
                )  # fmt: skip
            axes.text(wide * 4.6 + 0.5, part.y[i], word, va="center")

    return draw


def _title(data: pd.DataFrame) -> str:
    high = int(data["judgement"].isin(["moderate", "high"]).sum())
    ratings = counted(len(data), f"published {TOOL} rating", f"published {TOOL} ratings")
    verb = number_form(high, "reaches", "reach")
    return f"{high} of {ratings} {verb} moderate or high certainty"


def _alt(data: pd.DataFrame) -> str:
    said = "; ".join(
        f"{_outcome(line.domain)}: {line.judgement} ({line.rated_by})" for line in data.itertuples()
    )
    return f"Certainty by GRADE as reviews print it. {said}."
