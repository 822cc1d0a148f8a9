"""What was seen in one population beside what was seen in another: the same outcome domains, side
by side and never added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd

from evidence.arguments import listed
from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.synthesis.balance import balance
from evidence.synthesis.lens import get_lens
from evidence.synthesis.result import Counted, counted_ids
from evidence.synthesis.sign_test import sign_tests
from evidence.synthesis.votes import votes

DOMAIN = "outcome_domain"
TOTALS = ("placed", "not_placed", "studies", "participants", "size_unknown")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Translation(Counted):
    """Result of :func:`translation_gap` and :func:`by_model`.

    Attributes
    ----------
    question : str
        The question.
    one_only : mapping of str to list of str
        By population, the outcome domains that only it has.
    """

    headings: ClassVar[Mapping[str, str]] = {
        "share": "Share pointing to {benefit}",
        "gap": "Less the share in people",
    }

    question: str = ""
    one_only: Mapping[str, list[str]] = field(default_factory=dict)


def translation_gap(
    ev: Evidence,
    question: str | None = None,
    lens: str = "direction",
    leave_out: tuple[str, ...] | None = None,
) -> Translation:
    """Outcome domains that several populations have, with the directions found in each.

    Parameters
    ----------
    ev : Evidence
        Only counted studies enter.
    question : str, optional
        One question; questions are never added up. Default: the one of which counted studies have
        several populations, or the only one.
    lens : {"concluded", "direction"}
        See :mod:`evidence.synthesis.votes`.
    leave_out : tuple of str, optional
        Domains that are not common ground: what fits no domain in one population is not what fits
        none in the other. Default: those that the dictionary marks with ``catch_all``.

    Returns
    -------
    DataFrame
        One row per domain and population, in the order of the dictionary: ``outcome_domain``,
        ``population``, one column per word of the lens (studies, one vote each within the domain),
        ``placed, not_placed, studies, participants, size_unknown``, ``share`` of benefit among
        benefit and harm with its 95 % Wilson interval ``share_low, share_high``, and ``gap``: the
        share less that of the first population of the domain; missing in the first, and where one
        of the two has no study that points anywhere. Empty when no domain has several populations.

    Raises
    ------
    UsageError
        For an unknown lens, a question without a counted study, or where no or several questions
        could be meant.

    Notes
    -----
    Domains of one name need not be one measurement: what is called survival is a time until death
    or ventilation here, a humane end there. A gap is a difference of shares of directions, not of
    effects, and rests on the few studies in its rows.

    Examples
    --------
    >>> import evidence
    >>> from evidence.synthesis.translation import translation_gap
    >>> table = translation_gap(evidence.load())
    >>> bool((table.groupby("outcome_domain", observed=True)["population"].nunique() > 1).all())
    True
    """
    chosen, question = get_lens(lens), _the_question(ev, question)
    table = _of_question(ev, question, lens, DOMAIN)
    left_out: Iterable[str] = ev.dictionary.marked(DOMAIN, "catch_all")
    if leave_out is not None:
        left_out = listed("leave_out", leave_out)
    table = table[~table[DOMAIN].astype("str").isin(left_out)]
    several = table.groupby(DOMAIN, observed=True)["population"].transform("nunique") > 1
    alone = (
        table[~several]
        .groupby("population", observed=True)[DOMAIN]
        .agg(lambda domains: [str(domain) for domain in domains])
    )
    shared = table[several].sort_values([DOMAIN, "population"], ignore_index=True)
    first = shared.groupby(DOMAIN, observed=True)["share"].transform(lambda share: share.iloc[0])
    leading = ~shared.duplicated(DOMAIN)
    shared["gap"] = (shared["share"] - first).mask(leading)
    shared = shared[
        [DOMAIN, "population", *chosen.placed, *TOTALS, "share", "share_low", "share_high", "gap"]
    ]
    one_only = {str(population): domains for population, domains in alone.items()}
    return Translation(
        ev, shared, underlying=counted_ids(ev), lens=lens, question=question, one_only=one_only
    )


def by_model(
    ev: Evidence, column: str, question: str | None = None, lens: str = "direction"
) -> Translation:
    """Directions by a column that distinguishes models of the disease, or doses.

    Parameters
    ----------
    ev : Evidence
        Only counted studies enter. Select a population first to see that one alone.
    column : str
        Column of the studies, such as ``species``, ``animal_model``, ``animal_sex`` or
        ``intensity``.
    question : str, optional
        As for :func:`translation_gap`.
    lens : {"concluded", "direction"}

    Returns
    -------
    DataFrame
        One row per population and value, values that are not stated as a row of their own
        (missing): ``population``, the column, one column per word of the lens, ``placed,
        not_placed, studies, participants, size_unknown``, ``share, share_low, share_high`` as in
        :func:`translation_gap`, and ``smallest``, ``largest`` known sample size. A population in
        which the column is empty throughout is left out.

    Raises
    ------
    UsageError
        For an unknown lens or column, or a question without a counted study.

    Examples
    --------
    >>> import evidence
    >>> from evidence.synthesis.translation import by_model
    >>> table = by_model(evidence.load(), "species")
    >>> bool((table["placed"] + table["not_placed"] == table["studies"]).all())
    True
    """
    chosen = get_lens(lens)
    question = _the_question(ev, question)
    if not isinstance(column, str) or column not in ev.studies:
        raise UsageError(
            f"no column {column!r} in studies; columns: {', '.join(ev.studies.columns)}"
        )
    if column in ev.dictionary.kept_apart:
        raise UsageError(
            f"{column} is kept apart anyway; name a column that distinguishes models, such as"
            f" {', '.join(_models(ev))}"
        )
    table = _of_question(ev, question, lens, column)
    told = table[column].notna().groupby(table["population"], observed=True).transform("any")
    sizes = votes(ev.select(question=question), lens, "study", column).groupby(
        ["population", column], observed=True, dropna=False
    )["sample_size"]
    known = pd.DataFrame({"smallest": sizes.min(), "largest": sizes.max()}).reset_index()
    table = table[told].merge(known, on=["population", column], how="left")
    table = table[
        [
            "population",
            column,
            *chosen.placed,
            *TOTALS,
            "share",
            "share_low",
            "share_high",
            "smallest",
            "largest",
        ]
    ]
    return Translation(
        ev, table, underlying=counted_ids(ev), lens=lens, by=column, question=question
    )


def _the_question(ev: Evidence, question: str | None) -> str:
    """The question given, else the one that several populations bear on, else the only one."""
    if "population" not in ev.dictionary.kept_apart:
        raise UsageError(
            "This data set does not keep populations apart: there is nothing to compare with each"
            " other"
        )
    if question is not None:
        return question
    studies = ev.counted_studies.astype({"question": "str", "population": "str"})
    several = (
        studies.groupby("question")["population"].nunique().loc[lambda n: n > 1].index.to_list()
    )
    found = several or sorted(studies["question"].dropna().unique())
    if len(found) != 1:
        raise UsageError(
            f"name one question; questions: {', '.join(found)}"
            if found
            else "nothing to compare with each other: no study is counted"
        )
    return str(found[0])


def _of_question(ev: Evidence, question: str, lens: str, by: str) -> pd.DataFrame:
    """The balance of one question by population and a column, with shares."""
    counted = ev.counted_studies["question"].astype("str")
    asked = list(dict.fromkeys(counted))
    if question in asked and "question" not in ev.dictionary.kept_apart:
        ev = ev.select(question=question)
    table = balance(ev, by, lens)
    if "question" not in table:
        table.insert(0, "question", question)
    if question not in asked:
        raise UsageError(
            f"no counted study has question {question!r}; questions: {', '.join(asked)}"
        )
    for column in ev.dictionary.kept_apart:
        if (
            column not in ("question", "population")
            and table.loc[table["question"] == question, column].nunique(dropna=False) > 1
        ):
            raise UsageError(f"{column} is never added up: select one of its values first")
    table = table[table["question"] == question].reset_index(drop=True)
    tests = sign_tests(table[["benefit", "harm"]])
    joined: pd.DataFrame = table.join(tests[["share", "share_low", "share_high"]])
    return joined


def _models(ev: Evidence) -> list[str]:
    """Columns of the studies with a vocabulary that could distinguish models."""
    fields = ev.dictionary.tables["studies"].fields
    return [
        field.name
        for field in fields
        if field.categories and field.name not in ev.dictionary.kept_apart
    ][:4]
