"""The effect-direction plot: one row per study, one column per outcome domain, a sign for the
direction.

Thomson and Thomas (2013), *Research Synthesis Methods* 4:95-101, doi 10.1002/jrsm.1060; revised by
Boon and Thomson (2021), *Research Synthesis Methods* 12:29-33, doi 10.1002/jrsm.1458: the size of
a sign tells the size of the study, a small number how many results it is based on.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path

from evidence.charts.chart import Chart
from evidence.charts.drawing import draws
from evidence.charts.page import Frame
from evidence.charts.rows import (
    Column,
    Draw,
    Entry,
    Part,
    grouped,
    placed,
    table_chart,
    text_column,
)
from evidence.charts.style import DEFAULT_SIZE, EDGE, INK, WHITE, Size, cut, styled
from evidence.charts.words import Words, counted
from evidence.errors import UsageError
from evidence.frames import text_or_empty
from evidence.model.dictionary import lower_first, upper_first
from evidence.nouns import do_not, number_form, share_of
from evidence.synthesis.votes import Votes

# A sign with a head at either end, about as large as the other markers.
_CORNERS = [
    (-0.8, 0), (-0.15, 0.6), (-0.15, 0.2), (0.15, 0.2), (0.15, 0.6),
    (0.8, 0), (0.15, -0.6), (0.15, -0.2), (-0.15, -0.2), (-0.15, -0.6),
]  # fmt: skip
SIDEWAYS = Path([*_CORNERS, _CORNERS[0]], closed=True)
MARKERS = {"benefit": "^", "harm": "v", "mixed": SIDEWAYS, "not_placed": "o"}
CLASSES = {"small": ("under 50", 0.85), "medium": ("50 to 300", 1.1), "large": ("over 300", 1.35)}
MOST_COLUMNS = 24
MOST_ROWS = 200  # studies that are drawn one by one
LONGEST = 34


@draws(Votes, made_by='evidence.votes(ev, by="outcome_domain")')
def effect_direction(
    votes_by_domain: Votes, words: Words, *, title: str = "", size: str = DEFAULT_SIZE
) -> Chart:
    """Draw an effect-direction plot.

    A triangle up is benefit, down harm, an arrow to both sides mixed or conflicting; an open circle
    is a result whose direction was not readable. An empty cell means that the study has no result
    in that domain.

    Parameters
    ----------
    votes_by_domain : Votes
        By outcome domain. Rows of the chart are grouped by the columns that are kept apart, where
        they differ, and by design. Of more than 200 studies the largest are drawn.
    title : str, optional
        Default: which way most results lean, by a rule.
    size : {"web", "slide", "paper", "print"}

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        When there is nothing to draw, a study has two votes in one domain, or there are too many
        domains.
    """
    if votes_by_domain.empty:
        raise UsageError("nothing to draw: no result meets the conditions")
    words = words.through(votes_by_domain.lens)
    votes = votes_by_domain.named
    _check(votes)
    whole = _ordered(votes, words)
    table = _largest(whole)
    domains = _domains(table)
    once = table.drop_duplicates("study_id")
    names = [cut(str(label), LONGEST) for label in once["label"]]
    rows, places = grouped(once["_group"].tolist(), names)
    studies = placed(places, once["study_id"].tolist())
    sizes = placed(places, ["–" if pd.isna(n) else f"{n:,.0f}" for n in once["sample_size"]], "")
    frame = Frame(
        title or _title(whole, words),
        words.said("One sign per study and outcome: the direction of its results"),
        _notes(whole, table),
        words,
        "Beside a name: how many took part; the more, the larger the signs. Small numbers: how many"
        " results a sign is based on.",
    )
    heads = [words.label("outcome_domain", domain) for domain in domains]
    with styled(size) as chosen:
        figures = table_chart(
            chosen,
            frame,
            rows,
            [
                text_column(" ", sizes, align="right"),
                Column("", draw=_signs(table, studies, domains), cells=heads, most_cell=9),
            ],
            key=_key(words, table, chosen),
            label_share=0.3,
            least=1.5,
            bands=True,
        )
    data = whole.drop(columns="_group")
    return Chart.of(figures, frame, _alt(whole, domains, words), data, "effect_direction")


def _check(table: pd.DataFrame) -> None:
    if "outcome_domain" not in table:
        raise UsageError('votes have no column outcome_domain; count them with by="outcome_domain"')
    twice = table[table.duplicated(["study_id", "outcome_domain"])]
    if len(twice):
        raise UsageError(
            f"{twice['study_id'].iloc[0]} has two votes in {twice['outcome_domain'].iloc[0]};"
            " allowed: one vote per study and domain"
        )
    if table["outcome_domain"].nunique(dropna=False) > MOST_COLUMNS:
        raise UsageError(
            f"{table['outcome_domain'].nunique()} outcome domains do not fit one chart; allowed: up"
            f" to {MOST_COLUMNS}"
        )


def _ordered(votes: pd.DataFrame, words: Words) -> pd.DataFrame:
    keys = [
        *(key for key in words.kept_apart if key in votes and votes[key].nunique(dropna=False) > 1),
        "design",
    ]
    vote = votes["vote"].astype("str")
    table = votes.assign(vote=vote.where(vote.isin(list(MARKERS)), "not_placed"))
    table = table.sort_values([*keys, "label", "study_id"], kind="stable")
    named = {key: {value: words.label(key, value) for value in table[key].unique()} for key in keys}
    labels = pd.DataFrame({key: table[key].map(named[key]).astype("str") for key in keys})
    first, *rest = keys
    group = labels[first]
    for key in rest:
        group = group + ", " + labels[key].map(lower_first)
    return table.assign(_group=group).reset_index(drop=True)


def _largest(table: pd.DataFrame) -> pd.DataFrame:
    """The studies that are drawn: all, or the largest of very many."""
    once = table.drop_duplicates("study_id")
    if len(once) <= MOST_ROWS:
        return table
    kept = once.sort_values("sample_size", ascending=False, kind="stable").head(MOST_ROWS)
    return table[table["study_id"].isin(kept["study_id"])].reset_index(drop=True)


def _domains(table: pd.DataFrame) -> list:
    column = table["outcome_domain"]
    if isinstance(column.dtype, pd.CategoricalDtype):
        found = [value for value in column.cat.categories if (column == value).any()]
        return found + ([pd.NA] if column.isna().any() else [])
    return list(column.drop_duplicates())


def _class(n: object) -> str:
    """Class of a sample size, after Boon and Thomson; small where it is not known."""
    if pd.isna(n) or float(str(n)) < 50:
        return "small"
    if float(str(n)) <= 300:
        return "medium"
    return "large"


def _signs(table: pd.DataFrame, studies: list[str | None], domains: list) -> Draw:
    column = {text_or_empty(domain): i + 0.5 for i, domain in enumerate(domains)}
    at = (
        table["outcome_domain"]
        .map(text_or_empty, na_action=None)
        .astype("str")
        .map(column)
        .astype(float)
    )
    wide = [CLASSES[_class(n)][1] for n in table["sample_size"]]
    known = table.assign(_x=at.to_numpy(), _wide=wide)

    def draw(axes: Axes, part: Part) -> None:
        place = {study: part.y[i] for i, study in enumerate(studies) if study and i in part.y}
        here = known[known["study_id"].isin(list(place))]
        y = here["study_id"].astype("str").map(place).astype(float)
        for word, marker in MARKERS.items():
            chosen = (here["vote"] == word).to_numpy()
            if chosen.any():
                _scatter(axes, here[chosen], y[chosen], word, marker, part.size)
        several = here[here["results"].fillna(1) > 1]
        for x, high, n in zip(several["_x"], y[several.index], several["results"], strict=True):
            axes.annotate(
                f"{n:.0f}", (x, high), xytext=(0.85 * part.size.text, 0),
                textcoords="offset points", fontsize=part.size.small, va="center", color=INK,
            )  # fmt: skip

    return draw


def _scatter(
    axes: Axes, rows: pd.DataFrame, y: pd.Series, word: str, marker: str | Path, size: Size
) -> None:
    look = size.look(word)
    face, edge, line, part = size.color(look), INK, 0.4, 1.0
    if word == "not_placed":  # hollow
        face, edge, line, part = WHITE, EDGE, 0.9, 0.75
    axes.scatter(
        rows["_x"],
        y,
        s=(rows["_wide"].to_numpy(dtype=float) * size.text * part) ** 2 * 0.8,
        marker=marker,
        c=face,
        edgecolors=edge,
        linewidths=line,
        label=word,
        zorder=3,
    )


def _key(words: Words, table: pd.DataFrame, size: Size) -> list[Entry]:
    return [
        (size.look(word), _called(word, table, words), marker)
        for word, marker in MARKERS.items()
        if (table["vote"] == word).any()
    ]


def _called(word: str, table: pd.DataFrame, words: Words) -> str:
    """What a direction is called in the rows that have it: an outcome can have its own words."""
    rows = table[table["vote"] == word]
    return words.common(word, (table if rows.empty else rows).to_dict("records"))


def _title(table: pd.DataFrame, words: Words) -> str:
    """Which direction most of the readable results have."""
    votes = table["vote"].value_counts()
    readable = int(votes.drop("not_placed", errors="ignore").sum())
    if not readable:
        return f"None of {counted(len(table), 'result', 'results')} reports a direction"
    word = max(("benefit", "harm", "mixed"), key=lambda one: votes.get(one, 0))
    side = _called(word, table, words)
    unread = len(table) - readable
    more = f"; {unread} {do_not(unread)} report one" if unread else ""
    n = int(votes.get(word, 0))
    some = share_of(n, readable, "result", "results")
    verb = number_form(n, "points", "point")
    return upper_first(f"{some} with a direction {verb} to {side}{more}")


def _notes(whole: pd.DataFrame, drawn: pd.DataFrame) -> tuple[str, ...]:
    all_of, shown = whole["study_id"].nunique(), drawn["study_id"].nunique()
    sizes = ", ".join(f"{name} {text}" for name, (text, _) in CLASSES.items())
    left = ""
    if shown < all_of:
        left = f" Drawn are the {shown} largest of {all_of} studies."
    return (
        "Direction of effect, whatever its p-value; several results of one domain make one sign"
        " where 70 % agree, else they are mixed. How many took part, by the size of a sign:"
        f" {sizes}. An empty cell: no result.{left}",
    )


def _alt(table: pd.DataFrame, domains: list, words: Words) -> str:
    parts = []
    keys = table["outcome_domain"].map(text_or_empty, na_action=None).astype("str")
    for domain in domains:
        here = table[keys == text_or_empty(domain)]
        said = [
            f"{words.common(word, here.to_dict('records'))} {(here['vote'] == word).sum()}"
            for word in MARKERS
        ]
        parts.append(f"{words.label('outcome_domain', domain)}: {', '.join(said)}")
    studies = counted(table["study_id"].nunique(), "study", "studies")
    number = counted(len(domains), "outcome domain", "outcome domains")
    return f"Effect-direction plot, {studies} by {number}. {'; '.join(parts)}."
