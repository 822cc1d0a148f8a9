"""The same studies through three lenses, side by side, and what published meta-analyses found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from evidence.arguments import one_of
from evidence.errors import UsageError
from evidence.frames import is_true
from evidence.model.core_tables import needed
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.balance import balance, unreported
from evidence.synthesis.effect_sizes import size_pool, size_table
from evidence.synthesis.lens import LENSES
from evidence.synthesis.once import once
from evidence.synthesis.result import Result, counted_ids
from evidence.synthesis.sign_test import sign_test
from evidence.synthesis.votes import sides_of

COUNTS = ("benefit", "no_clear_difference", "mixed", "harm", "placed", "not_placed", "units")
NUMBERS = (
    "share",
    "share_low",
    "share_high",
    "p_value",
    "estimate",
    "ci_low",
    "ci_high",
    "prediction_low",
    "prediction_high",
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Lenses(Result):
    """Result of :func:`lenses`: one row per lens and part of the data set."""

    drawn_by = "three_lenses"
    headings: ClassVar[Mapping[str, str]] = {"share": "Share pointing to {benefit}"}
    unit: str = "study"
    by: str | None = None


@once
def lenses(
    ev: Evidence, unit: str = "study", overlap: str = "possible", by: str | None = None
) -> Lenses:
    """One row for each lens, for everything that is kept apart.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection.
    unit : {"study", "cohort", "finding"}
        What has one vote in the two counting lenses.
    overlap : {"possible", "certain"}
        Which overlaps make a cohort.
    by : str, optional
        A further column that makes rows of its own, such as ``outcome_domain``. The size lens then
        has a pool where one is about that value.

    Returns
    -------
    Lenses
        Columns: those kept apart, ``by``, ``lens`` ("concluded", "direction", "size"), ``what``,
        counts (``benefit, no_clear_difference, mixed, harm, placed, not_placed, units``; missing
        for size), ``share, share_low, share_high, p_value`` (direction only), ``measure, estimate,
        ci_low, ci_high, prediction_low, prediction_high, k`` (size only), ``verdict`` in plain
        words.

    Raises
    ------
    UsageError
        For an unknown unit or overlap, or when a pool of the data set would mix contrasts or
        scales.

    Notes
    -----
    Direction: share of benefit with a Wilson interval and an exact sign test: Cochrane Handbook,
    section 12.2.1.3. Size: see :func:`evidence.pool`.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.lenses(evidence.load().select(question="risk", counted=True))
    >>> table["lens"].to_list()
    ['concluded', 'direction', 'size']
    """
    apart = list(dict.fromkeys([*ev.dictionary.kept_apart, *([by] if by else [])]))
    tables = {lens: balance(ev, by, lens, unit, overlap).set_index(apart) for lens in LENSES}
    places = [
        dict(zip(apart, key if isinstance(key, tuple) else (key,), strict=True))
        for key in tables["concluded"].index
    ]
    sizes = _headlines(ev, places)
    rows = []
    for place, (key, said) in zip(places, tables["concluded"].iterrows(), strict=True):
        sides = sides_of(ev, place)
        rows.append(place | _concluded(ev, said, sides))
        rows.append(place | _direction(tables["direction"].loc[key], sides["benefit"]))
        rows.append(place | _size(sizes, place))
    table = pd.DataFrame(
        rows, columns=[*apart, "lens", "what", *COUNTS, *NUMBERS, "measure", "k", "verdict"]
    )
    for column in apart:
        table[column] = table[column].astype(
            (ev.studies if column in ev.studies else ev.findings)[column].dtype
        )
    table = table.astype(dict.fromkeys((*COUNTS, "k"), "Int64") | dict.fromkeys(NUMBERS, "float64"))
    return Lenses(ev, table, underlying=counted_ids(ev), unit=unit, by=by)


def _concluded(ev: Evidence, said: pd.Series, sides: Mapping[str, str]) -> dict[str, Any]:
    label = {word: ev.dictionary.label("conclusion", word) for word in LENSES["concluded"].placed}
    small = {word: sides.get(word) or lower_first(text) for word, text in label.items()}
    words = ", ".join(f"{said[word]} {text}" for word, text in small.items())
    caution = f"“{small['no_clear_difference']}” is a failure to show one, not a finding of none"
    return (
        {"lens": "concluded", "what": "as the authors conclude"}
        | _counts(said)
        | {"verdict": f"{words}; {caution}"}
    )


def _direction(seen: pd.Series, better: str) -> dict[str, Any]:
    test = sign_test(seen["benefit"], seen["harm"], unreported(seen))
    row = {
        "lens": "direction",
        "what": f"share pointing to {better} among results with a direction",
    } | _counts(seen)
    if test.n == 0:
        return row | {"verdict": test.said(better)}
    row |= {"share": test.share, "share_low": test.ci_low, "share_high": test.ci_high}
    if not test.too_few:
        row["p_value"] = test.p_value
    return row | {"verdict": test.said(better)}


Headline = tuple[dict[str, set[str]], dict[str, Any]]


def _headlines(ev: Evidence, places: list[dict[str, Any]]) -> list[Headline]:
    """The pools that stand for the size of effect in some place, each with the values of the
    columns that it is about.

    No other is pooled: most pools of a data set are not a headline, and pooling takes most of the
    time.
    """
    if "pools" not in ev.tables:
        return []
    found = []
    for pool_id in ev.pools.loc[is_true(ev.pools["headline"]), "pool_id"]:
        criteria = ev.pool_criteria[ev.pool_criteria["pool_id"] == pool_id]
        about = {
            column: set(rows) for column, rows in criteria.groupby("column", observed=True)["value"]
        }
        if any(_is_about(about, place) for place in places):
            found.append((about, size_table([size_pool(ev, pool_id)]).iloc[0].to_dict()))
    return found


def _is_about(about: dict[str, set[str]], place: dict[str, Any]) -> bool:
    return all(value in about.get(column, ()) for column, value in place.items())


def _size(sizes: list[Headline], place: dict[str, Any]) -> dict[str, Any]:
    for about, row in sizes:
        if _is_about(about, place):
            names = (
                "measure",
                "k",
                "estimate",
                "ci_low",
                "ci_high",
                "prediction_low",
                "prediction_high",
                "verdict",
            )
            return {"lens": "size", "what": row["pool"]} | {name: row[name] for name in names}
    return {
        "lens": "size",
        "what": "no pool is named",
        "k": 0,
        "verdict": "no results on one measure and named comparisons that could be pooled",
    }


def _counts(line: pd.Series) -> dict[str, Any]:
    return {name: line.get(name, np.nan) for name in COUNTS} | {"not_placed": unreported(line)}


def published(ev: Evidence, question: str | None = None) -> pd.DataFrame:
    """Pooled results that reviews printed, beside which ours can be read.

    Parameters
    ----------
    ev : Evidence
    question : str, optional
        Only reviews of that question.

    Returns
    -------
    DataFrame
        ``review, year, question, outcome_domain, outcome, subgroup, measure, estimate, ci_low,
        ci_high, p_operator, p_value, k_studies, n_participants, note``; empty when the data set has
        none.

    Raises
    ------
    NoTable
        When there are pooled results, but no reviews.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.published(evidence.load(), "risk")
    >>> sorted(set(table["question"]))
    ['risk']
    """
    columns = [
        "review",
        "year",
        "question",
        "outcome_domain",
        "outcome",
        "subgroup",
        "measure",
        "estimate",
        "ci_low",
        "ci_high",
    ]
    columns += ["p_operator", "p_value", "k_studies", "n_participants", "note"]
    if "pooled_estimates" not in ev.tables:
        return pd.DataFrame(columns=columns)
    reviews = needed(ev, "reviews", "pooled results belong to reviews").reindex(
        columns=["review_id", "year", "question"]
    )
    table = ev.pooled_estimates.merge(reviews, on="review_id")
    if question is not None:
        _refuse_question(ev, question)
        table = table[table["question"] == question]
    return (
        table.assign(review=ev.names.reindex(table["review_id"]).to_numpy())
        .reindex(columns=columns)
        .reset_index(drop=True)
    )


def _refuse_question(ev: Evidence, question: object) -> None:
    """Refuse what is not a question of the data set."""
    field = ev.dictionary.field("question", "reviews", "studies")
    if field and field.values:
        one_of("question", question, field.values)
    elif not isinstance(question, str):
        raise UsageError(f"question is {question!r}; allowed: a text")
