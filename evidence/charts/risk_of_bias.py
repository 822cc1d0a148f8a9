"""Risk of bias as others appraised it: a light for each study and domain; where none was read,
it says so.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.rows import Column, Draw, Part, Row, table_chart, text_column
from evidence.charts.style import DEFAULT_SIZE, INK, LOOKS, WHITE, Look, Size, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.model.core_tables import needed
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import share_of

MIDDLE = Look(LOOKS["mixed"].color, "", "o", "#cfcfcf")
# Three lights of different lightness, and a sign in each.
LIGHTS = {
    "low": (Look("#1b6e53", "", "o", WHITE), "+", "low risk"),
    "unclear": (MIDDLE, "?", "unclear"),
    "some concerns": (MIDDLE, "?", "some concerns"),
    "high": (Look(LOOKS["harm"].color, "", "o", "#4a4a4a"), "–", "high risk"),
}
NONE = "no rating of single domains read"
WITH_REMARK = rf"^({'|'.join(LIGHTS)})(?:\s*\((.+)\))?$"  # "low", "low (assessors only)"
TOGETHER = "body"  # scope of a rating of several studies
MOST_REMARKS = 3  # below the drawing; the alt text has all of them


@draws(Evidence, made_by="evidence.load()")
def risk_of_bias(
    ev: Evidence, words: Words, *, tool: str = "", title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw the published appraisals of the counted studies as traffic lights.

    No light is our own: each is the judgement of a named review, by the tool it used. Where several
    reviews appraised a study, each has its row. A remark in brackets after a judgement stands below
    the drawing, as do ratings of several studies together, which give no light.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``appraisals``.
    tool : str, optional
        Default: the tool with most lights.
    title : str, optional
        Default: of how many of the counted studies ratings of single domains were read.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart
        ``data`` has one row per light: ``study_id, label, domain, judgement, remark, rated_by``.

    Raises
    ------
    UsageError
        When the table is missing, or holds no light for a counted study.
    """
    needed(ev, "appraisals", "nothing to draw")
    studies = ev.counted_studies
    table = _read(ev.tables["appraisals"])
    lights = table[
        table["study_id"].isin(studies["study_id"]) & table["judgement"].isin(list(LIGHTS))
    ]
    if lights.empty:
        raise UsageError("nothing to draw: no counted study has a published appraisal")
    tool = tool or str(lights["tool"].value_counts().index[0])
    shown = lights[lights["tool"] == tool]
    if shown.empty:
        raise UsageError(f"no appraisal by {tool!r}; tools: {', '.join(lights['tool'].unique())}")
    names = [str(ev.names.get(key, key)) for key in shown["study_id"]]
    data = shown[["study_id", "domain", "judgement", "remark", "rated_by"]].assign(label=names)
    rows = data[["study_id", "label", "rated_by"]].drop_duplicates().reset_index(drop=True)
    domains = list(dict.fromkeys(data["domain"]))
    rest = len(studies) - studies["study_id"].isin(shown["study_id"]).sum()
    frame = Frame(
        title or _title(shown, studies),
        words.said(f"Tool: {tool}; each light is the judgement of a published review"),
        _notes(table[table["tool"] == tool], int(rest), len(studies)),
        words,
        _remarks(data),
    )
    names_of = [Row(str(name)) for name in rows["label"]]
    by = rows["rated_by"].astype("str").to_list()
    if rest:
        names_of.append(Row(counted(int(rest), "further study", "further studies")))
        by.append(NONE)
    heads = [upper_first(domain) for domain in domains]
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            names_of,
            [
                Column("", draw=_lights(rows, data, domains), cells=heads, most_cell=8),
                text_column("Appraised by", by, 12),
            ],
            key=[(look, said, "o") for look, _, said in _there(shown)],
            label_share=0.3,
            least=2.2,
        )
    return Chart.of(figures, frame, _alt(rows, data, int(rest)), data, "risk_of_bias")


def _read(table: pd.DataFrame) -> pd.DataFrame:
    """Appraisals with judgement and remark apart; another judgement than a light stays as it is."""
    said = table["judgement"].astype("str")
    parts = said.str.extract(WITH_REMARK)
    return table.assign(judgement=parts[0].fillna(said).astype(object), remark=parts[1])


def _judged(line: Any) -> str:
    return line.judgement if pd.isna(line.remark) else f"{line.judgement} ({line.remark})"


def _remarks(data: pd.DataFrame) -> str:
    """The judgements that have a remark, in words."""
    lines = list(data[data["remark"].notna()].itertuples())
    said = [f"{line.label}, {line.domain}: {_judged(line)}" for line in lines[:MOST_REMARKS]]
    if len(lines) > MOST_REMARKS:
        said.append(f"{len(lines) - MOST_REMARKS} more in the alt text")
    return f"With a remark: {'; '.join(said)}." if said else ""


def _notes(table: pd.DataFrame, rest: int, studies: int) -> tuple[str, ...]:
    """Of how many no light was read, and what was rated together."""
    unread = share_of(rest, studies, "counted study", "counted studies")
    without = f"{upper_first(NONE)} with this tool: {unread}; there may be some. " if rest else ""
    notes = [f"{without}No light is our own."]
    if {"scope", "rated"} <= set(table):
        both = table[table["study_id"].isna() & (table["scope"].astype("str") == TOGETHER)]
        said = [f"{line.rated}, by {line.rated_by}: {_judged(line)}" for line in both.itertuples()]
        if said:
            notes.append(f"Rated together, not one by one: {'. '.join(said)}.")
    return tuple(notes)


def _there(shown: pd.DataFrame) -> list[tuple[Look, str, str]]:
    return [light for word, light in LIGHTS.items() if (shown["judgement"] == word).any()]


def _lights(rows: pd.DataFrame, data: pd.DataFrame, domains: list[str]) -> Draw:
    def draw(axes: Axes, part: Part) -> None:
        for i in part.rows:
            if i >= len(rows):
                axes.text(0.1, part.y[i], "–", color=INK, va="center")
                continue
            row = rows.iloc[i]
            here = data[
                (data["study_id"] == row["study_id"]) & (data["rated_by"] == row["rated_by"])
            ]
            for line in here.itertuples():
                _light(axes, domains.index(line.domain) + 0.5, part.y[i], line.judgement, part.size)

    return draw


def _light(axes: Axes, x: float, y: float, word: str, size: Size) -> None:
    look, sign, label = LIGHTS[word]
    axes.scatter(
        [x], [y], s=(1.45 * size.text) ** 2, color=size.color(look), edgecolor=INK, linewidth=0.7,
        label=label, zorder=2,
    )  # fmt: skip
    dark = sum(to_rgb(size.color(look))) < 1.5
    axes.text(x, y, sign, ha="center", va="center_baseline", fontweight="bold",
              color=WHITE if dark else INK, zorder=3, gid="furniture")  # fmt: skip


def _title(shown: pd.DataFrame, studies: pd.DataFrame) -> str:
    number = shown["study_id"].nunique()
    said = share_of(number, len(studies), "counted study", "counted studies")
    return f"Ratings of bias by domain: read for {said}"


def _alt(rows: pd.DataFrame, data: pd.DataFrame, rest: int) -> str:
    parts = []
    for row in rows.itertuples():
        here = data[(data["study_id"] == row.study_id) & (data["rated_by"] == row.rated_by)]
        said = ", ".join(f"{line.domain} {_judged(line)}" for line in here.itertuples())
        parts.append(f"{row.label} by {row.rated_by}: {said}")
    further = counted(rest, "further study", "further studies")
    left = f" {upper_first(NONE)}: {further}." if rest else ""
    return f"Traffic lights. {'; '.join(parts)}.{left}"
