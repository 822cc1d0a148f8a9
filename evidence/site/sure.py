"""How sure: three lenses, cohorts, readings, leaving one out, every way of counting, reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pandas as pd

from evidence.charts.words import words
from evidence.display.answers import lens_texts, sure_answer
from evidence.errors import UsageError
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import number_form
from evidence.site.html_tables import html_table
from evidence.site.pages import Rendered, Site
from evidence.synthesis.agreement import agreement, disagreements
from evidence.synthesis.cohorts import cohort_table, repeated_share
from evidence.synthesis.effect_sizes import size_pools, size_table
from evidence.synthesis.leave_out import leave_one_out
from evidence.synthesis.lens import get_lens
from evidence.synthesis.multiverse import influence, multiverse
from evidence.synthesis.overlap import covered_area

MOST = 12  # studies shown of those whose leaving changes the share most


def render(site: Site) -> list[Rendered]:
    """The page; what the data set cannot fill says so."""
    ev = site.ev
    sections: dict[str, Callable[[Evidence], dict[str, Any]]] = {
        "lenses": _lenses,
        "pools": _pools,
        "cohorts": _cohorts,
        "readings": _readings,
        "leave_out": _leave_out,
        "multiverse": _multiverse,
        "reviews": _reviews,
    }
    context = {name: _filled(fill, ev) for name, fill in sections.items()}
    return [Rendered("sure.html", "sure.html", "Other ways of counting", context)]


def _filled(fill: Callable[[Evidence], dict[str, Any]], ev: Evidence) -> dict[str, Any]:
    try:
        return {"missing": ""} | fill(ev)
    except UsageError as error:
        return {"missing": str(error)}


def _lenses(ev: Evidence) -> dict[str, Any]:
    return {"parts": lens_texts(ev)}


def _pools(ev: Evidence) -> dict[str, Any]:
    pools = size_table(size_pools(ev))
    if pools.empty:
        raise UsageError("this data set names no results that may be pooled")
    pools = pools.sort_values("k", ascending=False, kind="stable")
    return {
        "table": html_table(
            ev,
            pools[["pool", "measure", "k", "verdict"]],
            "Results on one measure and named comparisons, pooled where three or more qualify",
        )
    }


def _cohorts(ev: Evidence) -> dict[str, Any]:
    shown = ["studies", "units_certain", "units_possible", "repeated_certain", "repeated_possible"]
    columns = [
        "label",
        *ev.dictionary.kept_apart,
        "overlap",
        "reports",
        "counted",
        "concluded_vote",
        "direction_vote",
    ]
    cohorts = cohort_table(ev)[columns]
    for name in ("concluded_vote", "direction_vote"):
        cohorts[name] = [_called(ev, row, name) for _, row in cohorts.iterrows()]
    return {
        "share": html_table(
            ev,
            repeated_share(ev)[[*ev.dictionary.kept_apart, *shown]],
            "How much of the evidence is the same again",
        ),
        "table": html_table(ev, cohorts, "Reports that share, or may share, who was studied"),
    }


def _called(ev: Evidence, row: pd.Series, name: str) -> str:
    """What a vote of a cohort is called in its question."""
    if pd.isna(row[name]):
        return get_lens(name.removesuffix("_vote")).unplaced
    return upper_first(words(ev).side(str(row[name]), row))


def _readings(ev: Evidence) -> dict[str, Any]:
    table = agreement(ev)
    shown = table[["field", "n", "agree", "share", "kappa", "kappa_low", "kappa_high"]]
    return {
        "answer": sure_answer(ev).text.splitlines()[0],
        "table": html_table(
            ev,
            shown,
            "Agreement of two readings, field by field",
            titles={"share": "Share that agreed"},
        ),
        "apart": len(disagreements(ev)),
    }


def _leave_out(ev: Evidence) -> dict[str, Any]:
    table = leave_one_out(ev)
    table = table[table["change"].notna()]
    names = (
        ev.names.reindex(table["left_out"])
        .fillna(table["left_out"].set_axis(table["left_out"]))
        .to_numpy()
    )
    links = {"left_out": "studies/" + table["left_out"].map(quote) + ".html"}
    most = (
        table.assign(size=table["change"].abs())
        .sort_values("size", ascending=False, kind="stable")
        .index[:MOST]
    )
    shown = table.assign(left_out=names)[
        ["left_out", *ev.dictionary.kept_apart, "share_all", "share", "change", "verdict_changes"]
    ].loc[most]
    links = {name: values.loc[most] for name, values in links.items()}
    return {
        "table": html_table(
            ev, shown, "The studies whose leaving changes the share for the better side most", links
        ),
        "said": _turned(int(table["verdict_changes"].sum()), int(shown["verdict_changes"].sum())),
    }


def _turned(turned: int, shown: int) -> str:
    """How many studies turn a verdict, each left out alone, and how many of them the table has.

    >>> _turned(13, 2)
    'Each of 13 studies, left out alone, turns a verdict by direction; 2 of them stand below.'
    >>> _turned(1, 1)
    'One study turns a verdict by direction when it is left out; it stands below.'
    """
    if not turned:
        return "No single study turns a verdict by direction."
    if turned == 1:
        where = "it stands below" if shown else "it is not among those below"
        return f"One study turns a verdict by direction when it is left out; {where}."
    number = {0: "none", turned: "all"}.get(shown, shown)
    verb = number_form(shown, "stands", "stand")
    return (
        f"Each of {turned} studies, left out alone, turns a verdict by direction; {number} of them"
        f" {verb} below."
    )


def _multiverse(ev: Evidence) -> dict[str, Any]:
    """The part of the evidence that the chart of the gallery shows: the largest."""
    apart = ev.dictionary.kept_apart
    counted = ev.select(counted=True).studies
    if apart != ["question", "population"] or counted.empty:
        raise UsageError("the ways of counting are worked out for questions and populations")
    question, population = counted[apart].value_counts().index[0]
    table = multiverse(ev, question, population, only={"exposure": ["all"]})
    shown = influence(table)[["choice", "spread", "explained"]]
    shown["choice"] = shown["choice"].str.replace("_", " ").str.capitalize()
    name = (
        f"{ev.dictionary.label('question', question)},"
        f" {ev.dictionary.label('population', population).lower()}"
    )
    caption = f"Which choices move the share for {table.called['benefit']} most: {name}"
    return {
        "table": html_table(ev, shown, caption),
        "ways": len(table),
        "part": name,
    }


def _reviews(ev: Evidence) -> dict[str, Any]:
    if "reviews" not in ev.tables or "review_inclusions" not in ev.tables:
        raise UsageError("this data set has no reviews")
    return {"verdict": covered_area(ev).verdict, "reviews": len(ev.reviews)}
