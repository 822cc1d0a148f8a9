"""The multiverse: the same table counted in every defensible way, one row a way.

Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Perspectives on Psychological Science 11:702-712,
doi 10.1177/1745691616658637. A multiverse shows how far an answer hangs on choices. It is not a
better estimate: its rows share their studies, so they are no replications, the share of rows on one
side is no probability, and what all studies have in common (what was published, what was read) is
in every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import CONCLUDED
from evidence.synthesis.result import Result
from evidence.synthesis.sign_test import exact_p, wilson
from evidence.synthesis.specifications import AGAINST, CHOICES, HALF, WEIGHTINGS, Grid, Line, grid
from evidence.synthesis.vote_sums import MIXED, WORDS, VoteSums

CHUNK = 4000  # combinations of filters that are held in memory at once
BENEFIT, UNCLEAR, HARM = (WORDS.index(word) for word in ("benefit", "no_clear_difference", "harm"))
# Which of the sums of evidence.synthesis.vote_sums are the weights, and which their squares: equal,
# square root of n, n.
WEIGHT, SQUARE = np.array([0, 1, 2]), np.array([0, 2, 3])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Multiverse(Result):
    """Result of :func:`multiverse`: one row per specification.

    Attributes
    ----------
    question, population : str
        What was counted.
    choices : tuple of str
        Choices with several values.
    distinct : int
        See the notes of :func:`multiverse`.
    """

    drawn_by = "specification_curve"
    question: str = ""
    population: str = ""
    choices: tuple[str, ...] = ()
    distinct: int = 0


def multiverse(
    ev: Evidence,
    question: str,
    population: str | None = None,
    *,
    tiers: Mapping[str, Sequence[str]] | None = None,
    minimum_sizes: Sequence[int] = (20, 50),
    only: Mapping[str, Sequence[str | int]] | None = None,
) -> Multiverse:
    """Count in every defensible way: one row a specification.

    Parameters
    ----------
    ev : Evidence
        The whole data set, or a selection.
    question : str
        One question; questions are never added up.
    population : str, optional
        One population. Needed where counted studies of several bear on the question.
    tiers : mapping of str to list of str, optional
        Names of sets of designs, each tried beside all designs. Default: the property ``tier`` that
        the dictionary gives a design, each tier with all above it.
    minimum_sizes : sequence of int, default (20, 50)
        Smallest sample sizes to try, beside none.
    only : mapping of str to list, optional
        Values to keep of some choices, such as ``{"lens": ["direction"]}``.

    Returns
    -------
    Multiverse
        One column per choice (below), then ``share`` (of benefit, by weight), ``share_low``,
        ``share_high``, ``p_value``, ``directional`` (units behind the share), ``left_out`` (units
        that were let in but say nothing to it) and ``net`` ("benefit", "harm", "neither"; missing
        where nothing stands behind the share). The first row is the default: as
        :func:`evidence.balance` counts, the rest left out, equal weights.

    Raises
    ------
    UsageError
        When the question or population has no counted study, several populations are there and none
        is named, or a choice is unknown.

    Notes
    -----
    Choices; where one does not apply, its cell is missing:

    - ``lens``: concluded, direction. ``unit``: study, cohort, finding. ``overlap`` (cohorts only):
      possible, certain.
    - ``context``: counted studies only, or with those set aside that have a direction. Where the
      dictionary marks reasons of
      ``not_counted_because`` as ``arguable``, only studies set aside for one of these.
    - ``design``: all, and tiers. ``exposure``: all, each class only, each class left out; the
      study's class, for its findings too.
    - ``reading``, ``confidence``: all, or the first value of the dictionary only.
    - ``minimum_n``: 0 (none) and ``minimum_sizes``; ``unknown_size`` (with a minimum only): a study
      of unknown size leaves or stays.
    - ``mixed``: left out, half to each side. ``no_clear_difference`` (concluded only): left out,
      against benefit.
    - ``weighting``: equal, square root of n, n. A unit of unknown size weighs as the median of the
      known sizes of the counted studies of the
      question; a cohort as its representative, else its largest report; a finding as its study.

    The interval is Wilson's, with Kish's effective number (Kish 1965, Survey Sampling) in place of
    the number of units: the square of the sum of weights over the sum of their squares. Equal
    weights give the number itself. A half to each side counts as one unit. The p-value is the exact
    sign test's, for equal weights and whole counts only. Where no clear difference counts against
    benefit, a share below one half is "harm" only if more points to harm than to benefit, else
    "neither".

    Specifications that let in the same studies stay as rows. ``distinct`` is how many
    would stay if, for equal lens, unit, overlap, treatment and weighting, each set of studies were
    told once.

    Examples
    --------
    >>> import evidence
    >>> from evidence.synthesis.multiverse import multiverse
    >>> table = multiverse(evidence.load(), "treatment", "human")
    >>> table.loc[0, ["lens", "unit", "weighting"]].to_list()
    ['concluded', 'study', 'equal']
    """
    part = one_side(ev, question, population)
    made = grid(ev, part.studies, tiers, minimum_sizes, only)
    everyone = part.with_tables(
        dict(part.tables)
        | {"studies": part.studies.assign(counted=pd.array([True] * len(part), dtype="boolean"))}
    )
    size = part.studies.loc[part.studies["counted"].fillna(False), "sample_size"].median()
    typical = 1.0 if pd.isna(size) else float(size)
    sums = [
        VoteSums(everyone, str(s["lens"]), str(s["unit"]), str(s["overlap"] or "possible"), typical)
        for s in made.settings
    ]
    blocks: list[list[pd.DataFrame]] = [[] for _ in made.settings]
    inclusions = []
    for codes, inside in made.chunks(CHUNK):
        inclusions.append(np.packbits(inside, axis=1))
        for block, setting, votes in zip(blocks, made.settings, sums, strict=True):
            block.append(_rows(made, setting, codes, *votes.over(inside)))
    table = pd.concat([rows for block in blocks for rows in block], ignore_index=True)
    sets = np.concatenate(inclusions)
    several = ", ".join(dict.fromkeys(part.studies["population"].astype("str")))
    return Multiverse(
        ev,
        table,
        behind=tuple(part.studies["study_id"]),
        question=question,
        population=population or several,
        choices=tuple(name for name in CHOICES if table[name].nunique() > 1),
        distinct=len(np.unique(sets, axis=0)) * (len(table) // len(sets)),
    )


def one_side(ev: Evidence, question: str, population: str | None) -> Evidence:
    """The counted studies of one question and population, and those set aside that could be argued
    for.

    Raises
    ------
    UsageError
        When there is none, or when something that is kept apart would be added up.
    """
    studies = ev.studies
    given = {"question": question} | ({"population": population} if population is not None else {})
    for column, value in given.items():
        here = studies.loc[studies["counted"].fillna(False).astype(bool), column].astype("str")
        if not isinstance(value, str) or value not in set(here):
            raise UsageError(
                f"no counted study has {column} {value!r}; {column} of counted studies:"
                f" {', '.join(dict.fromkeys(here))}"
            )
        studies = studies[studies[column].eq(value).fillna(False)]
    counted = studies["counted"].fillna(False).astype(bool)
    for column in ev.dictionary.kept_apart:
        several = list(dict.fromkeys(studies.loc[counted, column].astype("str")))
        if len(several) > 1 and column == "population":
            raise UsageError(
                f"question {question!r} has counted studies of several populations, which are never"
                f" added up; population: {', '.join(several)}"
            )
        if len(several) > 1:
            raise UsageError(
                f"{column} is never added up: select one of {', '.join(several)} first"
            )
        studies = studies[studies[column].astype("str").isin(several)]
    studies = studies[studies["counted"].fillna(False).astype(bool) | _arguable(ev, studies)]
    findings = ev.findings
    kept = {
        "studies": studies,
        "findings": findings[findings["study_id"].isin(studies["study_id"])],
    }
    return ev.with_tables(
        dict(ev.tables) | {name: table.reset_index(drop=True) for name, table in kept.items()}
    )


def _arguable(ev: Evidence, studies: pd.DataFrame) -> pd.Series:
    points = studies["direction"].astype("str").isin(CONCLUDED.placed)
    field = ev.dictionary.field("not_counted_because", "studies")
    marked = (
        [category.value for category in field.categories if category.extra.get("arguable")]
        if field
        else []
    )
    return points & studies["not_counted_because"].astype("str").isin(marked) if marked else points


def _rows(
    made: Grid, setting: Line, codes: np.ndarray, sums: np.ndarray, units: np.ndarray
) -> pd.DataFrame:
    """The specifications of one setting: filters by treatments."""
    treatments = made.treatments[str(setting["lens"])]
    weighting = np.array([WEIGHTINGS.index(str(t["weighting"])) for t in treatments])
    half = np.array([0.5 * (t["mixed"] == HALF) for t in treatments])
    against = np.array([1.0 * (t["no_clear_difference"] == AGAINST) for t in treatments])
    weight, square = (
        sums[:, :, WEIGHT[weighting]],
        sums[:, :, SQUARE[weighting]],
    )  # (filters, words, treatments)
    good = weight[:, BENEFIT] + half * weight[:, MIXED]
    harm = weight[:, HARM] + half * weight[:, MIXED]
    bad = harm + against * weight[:, UNCLEAR]
    behind = np.zeros((len(WORDS), len(treatments)))
    behind[[BENEFIT, HARM]], behind[MIXED], behind[UNCLEAR] = 1, half > 0, against
    directional = sums[:, :, 0] @ behind
    numbers = _numbers(
        good.ravel(),
        bad.ravel(),
        harm.ravel(),
        (square * behind).sum(axis=1).ravel(),
        np.tile(weighting == 0, len(codes)),
    )
    counted = {
        "directional": directional.ravel().astype(np.int64),
        "left_out": (units[:, None] - directional).ravel().astype(np.int64),
    }
    return pd.DataFrame(_chosen(made, setting, treatments, codes) | numbers | counted)[
        [*CHOICES, *_ORDER]
    ]


_ORDER = ("share", "share_low", "share_high", "p_value", "directional", "left_out", "net")


def _numbers(
    good: np.ndarray, bad: np.ndarray, harm: np.ndarray, squares: np.ndarray, equal: np.ndarray
) -> dict[str, object]:
    total = good + bad
    some = total > 0
    # Weights scaled so that they add up to Kish's effective number; with equal weights by exactly
    # one.
    scale = np.divide(total, squares, out=np.zeros_like(total), where=some)
    share, low, high = wilson(good * scale, total * scale)
    p = exact_p(good * scale, total * scale)
    whole = equal & (good == np.floor(good)) & (bad == np.floor(bad))
    net = np.select([~some, good > bad, harm > good], [-1, 0, 2], 1)
    return {
        "share": share,
        "share_low": low,
        "share_high": high,
        "p_value": np.where(whole, p, np.nan),
        "net": pd.Categorical.from_codes(net, categories=["benefit", "neither", "harm"]),
    }


def _chosen(
    made: Grid, setting: Line, treatments: list[Line], codes: np.ndarray
) -> dict[str, object]:
    """The columns of choices; every block has the same categories, so that blocks join without
    loss.
    """
    columns: dict[str, object] = {}
    for name in ("lens", "unit", "overlap"):
        columns[name] = _category(
            [line[name] for line in made.settings],
            np.full(len(codes) * len(treatments), made.settings.index(setting)),
        )
    for place, chosen in enumerate(made.filters):
        at = np.repeat(codes[:, place], len(treatments))
        for position, name in enumerate(chosen.columns):
            values = [value[position] for value in chosen.values]
            columns[name] = (
                np.array(values, dtype=np.int64)[at]
                if name == "minimum_n"
                else _category(values, at)
            )
    every = [line for lines in made.treatments.values() for line in lines]
    at = np.tile([every.index(line) for line in treatments], len(codes))
    for name in ("mixed", "no_clear_difference", "weighting"):
        columns[name] = _category([line[name] for line in every], at)
    return columns


def _category(values: Sequence[str | int | None], at: np.ndarray) -> pd.Categorical:
    names = list(dict.fromkeys(value for value in values if value is not None))
    code = np.array([-1 if value is None else names.index(value) for value in values])
    return pd.Categorical.from_codes(code[at], categories=names)


def influence(
    specifications: Multiverse | pd.DataFrame,
    value: str = "share",
    choices: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Which choices move the answer most: a plain decomposition, one choice at a time.

    Parameters
    ----------
    specifications : Multiverse or DataFrame
        Result of :func:`multiverse`, or a part of its rows.
    value : str, default "share"
        Column whose movement is told.
    choices : sequence of str, optional
        Columns of the choices. Default: those of the multiverse.

    Returns
    -------
    DataFrame
        One row a choice, the most moving first: ``choice``, ``spread`` (largest less smallest mean
        of ``value`` over the values of the choice), ``explained`` (sum of squares between the
        values over the total; 0 to 1), ``lowest`` and ``highest`` (the values of the choice with
        these means), ``lowest_mean``, ``highest_mean``, ``values`` (how many), ``specifications``
        (where the choice applies and ``value`` is there).

    Raises
    ------
    UsageError
        When the column is missing.

    Notes
    -----
    A choice is judged within the specifications to which it applies. Choices that hang together (a
    tier of designs and a class of exposure) share what they explain, so the column need not add up
    to one; and it says what moved this set of specifications, not which choice is right.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "lens": ["a", "a", "b", "b"],
    ...         "unit": ["x", "y", "x", "y"],
    ...         "share": [0.2, 0.4, 0.6, 0.8],
    ...     }
    ... )
    >>> influence(table)[["choice", "spread", "explained"]].round(2).to_numpy().tolist()
    [['lens', 0.4, 0.8], ['unit', 0.2, 0.2]]
    """
    choices = [
        name
        for name in choices or getattr(specifications, "choices", CHOICES)
        if name in specifications
    ]
    if value not in specifications:
        raise UsageError(
            f"no column {value!r}; columns: {', '.join(map(str, specifications.columns))}"
        )
    rows = []
    for choice in choices:
        known = specifications.loc[
            specifications[choice].notna() & specifications[value].notna(), [choice, value]
        ]
        groups = known.groupby(choice, observed=True)[value].agg(["mean", "size"])
        if len(groups) < 2:
            continue
        means, all_mean = groups["mean"], known[value].mean()
        between = float((groups["size"] * (means - all_mean) ** 2).sum())
        total = float(((known[value] - all_mean) ** 2).sum())
        low, high = means.idxmin(), means.idxmax()
        explained = between / total if total > 0 else 0.0
        rows.append(
            (
                choice,
                means.max() - means.min(),
                explained,
                str(low),
                str(high),
                means.min(),
                means.max(),
                len(groups),
                len(known),
            )
        )
    names = [
        "choice",
        "spread",
        "explained",
        "lowest",
        "highest",
        "lowest_mean",
        "highest_mean",
        "values",
        "specifications",
    ]
    return pd.DataFrame(rows, columns=names).sort_values(
        ["explained", "choice"], ascending=[False, True], ignore_index=True
    )
