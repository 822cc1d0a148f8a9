"""The multiverse: the same table counted in every defensible way, one row per way.

Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Perspectives on Psychological Science 11:702-712,
doi 10.1177/1745691616658637. A multiverse shows how far an answer hangs on choices. It is not a
better estimate: its rows share their studies, so they are not replications, the share of rows on
one side is not a probability, and what all studies have in common (what was published, what was
read) is in every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import listed, not_there
from evidence.errors import UsageError
from evidence.frames import is_true
from evidence.model.contrasts import answers
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import CONCLUDED, DIRECTION
from evidence.synthesis.number_texts import percent
from evidence.synthesis.result import Result
from evidence.synthesis.sign_test import ALPHA, exact_p, wilson
from evidence.synthesis.specifications import (
    AGAINST_BENEFIT,
    AGAINST_HARM,
    ALL,
    BEST,
    CHOICES,
    FEWEST,
    HALF,
    OF_TREATMENT,
    OF_VOTES,
    UNCLEAR,
    WEIGHTINGS,
    WORST,
    Grid,
    Line,
    Setting,
    grid,
)
from evidence.synthesis.vote_sums import MIXED, SILENT, WORDS, VoteSums
from evidence.synthesis.votes import main_findings, sides_of

CHUNK = 4000  # combinations of filters that are held in memory at once
BENEFIT, HARM = WORDS.index("benefit"), WORDS.index("harm")
# Which of the sums of evidence.synthesis.vote_sums are the weights, and which their squares: equal,
# square root of n, n.
WEIGHT, SQUARE = np.array([0, 1, 2]), np.array([0, 2, 3])
SIDES = ("benefit", "neither", "harm")
NO_VALUE = "no value"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Multiverse(Result):
    """Result of :func:`multiverse`: one row per specification.

    Attributes
    ----------
    question, population : str
        What was counted.
    choices : tuple of str
        Choices with several values.
    together : tuple of str
        Choices of studies of which only the value "all" was asked for.
    distinct : int
        See the notes of :func:`multiverse`.
    """

    drawn_by = "specification_curve"
    question: str = ""
    population: str = ""
    choices: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    distinct: int = 0

    @property
    def sides(self) -> pd.Series:
        """How many specifications are of net benefit, of neither, of net harm, or without value."""
        counts = self.frame["net"].astype("str").fillna(NO_VALUE).value_counts()
        return counts.reindex([*SIDES, NO_VALUE], fill_value=0).rename("specifications")

    @property
    def side_shares(self) -> pd.Series:
        """Share of the specifications with a value on each side."""
        counts = self.sides[list(SIDES)]
        return (counts / max(1, counts.sum())).rename("share")

    @property
    def tested(self) -> int:
        """How many specifications have a p-value."""
        return int(self.frame["p_value"].notna().sum())

    @property
    def below_alpha(self) -> pd.Series:
        """How many specifications have a p-value below 0.05, by the side that they point to."""
        below = self.frame.loc[self.frame["p_value"] < ALPHA, "net"].astype("str")
        return below.value_counts().reindex(list(SIDES), fill_value=0).rename("specifications")

    @property
    def called(self) -> dict[str, str]:
        """What harm and benefit are called in the question."""
        return sides_of(self.ev, {"question": self.question, "population": self.population})

    @property
    def summary(self) -> str:
        """Both sides, and the p-values with what they are out of, in plain words."""
        sides, shares, called = self.sides, self.side_shares, self.called
        named = {side: f"to {called[side]}" for side in ("benefit", "harm")}
        named["neither"] = "neither way"
        parts = [
            f"{sides[side]:,} ({percent(shares[side])}) {text}" for side, text in named.items()
        ]
        said = f"Of {len(self):,} ways of counting, {', '.join(parts)}"
        if sides[NO_VALUE]:
            said += f"; {sides[NO_VALUE]:,} have no value"
        if not self.tested:
            return f"{said}. None has a p-value."
        below = self.below_alpha
        return (
            f"{said}. A p-value exists in {self.tested:,} of them: below {ALPHA} in"
            f" {below['benefit']:,} that point to {called['benefit']} and in {below['harm']:,}"
            f" that point to {called['harm']}."
        )


def multiverse(
    ev: Evidence,
    question: str,
    population: str | None = None,
    *,
    tiers: Mapping[str, Sequence[str]] | None = None,
    minimum_sizes: Sequence[int] = (20, 50),
    only: Mapping[str, Sequence[str | int]] | None = None,
    fewest: int = FEWEST,
) -> Multiverse:
    """Count in every defensible way: one row per specification.

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
    fewest : int, default 3
        A value of a choice is left out where it holds fewer counted studies, or differs in fewer of
        them from the values before.

    Returns
    -------
    Multiverse
        One column per choice (below), then ``share`` (of benefit, by weight), ``share_low``,
        ``share_high``, ``p_value``, ``directional`` (units counted in the share), ``left_out``
        (units that were let in but say nothing to it) and ``net`` ("benefit", "harm", "neither";
        missing where the share is based on nothing). The first row is the default: as
        :func:`evidence.balance` counts, the rest left out, equal weights.

    Raises
    ------
    UsageError
        When the question or population has no counted study, several populations are there and none
        is named, or a choice is unknown.

    Notes
    -----
    Choices; where one does not apply, or would move fewer than ``fewest`` studies, its cell is
    missing or its value is the default throughout:

    - ``lens``: concluded, direction. ``unit``: study, cohort, finding. ``overlap`` (cohorts only):
      possible, certain.
    - ``main``, what a study votes with: its main finding by the rule, the same only where it was
      declared, all findings in the outcome of the main one, the study as a whole (concluded only).
    - ``contrast``: all that answer the question, those with a comparison group, each alone.
      ``outcome``: all, or one, and then a study votes with all its findings there and ``main`` does
      not apply; at least five studies must have it.
    - ``context``: counted studies only, or with those set aside whose direction as a whole is known
      and whose main finding answers. Where the dictionary marks reasons of ``not_counted_because``
      as ``arguable``, only studies set aside for one of these.
    - ``design``: all, and tiers. ``exposure``: all, each class only, each class left out; the
      study's class, for its findings too. ``confidence``: all, or the first value of the dictionary
      only.
    - ``minimum_n``: 0 (none) and ``minimum_sizes``; a study of unknown size stays.
    - ``mixed``: left out, half to each side. ``no_clear_difference`` (concluded only): left out,
      against benefit, against harm, half to each side. ``unreadable``, results without a printed
      direction (direction only): left out, all to the smaller side, all to the larger side; where
      both sides are equal, half to each.
    - ``weighting``: equal, square root of n, n. A unit of unknown size weighs as the median of the
      known sizes of the counted studies of the question; a cohort as its representative, else its
      largest report; a finding as its study.

    Every choice has its mirror image: were benefit and harm exchanged in the whole table, each
    share would be one less itself.

    The interval is Wilson's, with Kish's effective number (Kish 1965, Survey Sampling) in place of
    the number of units: the square of the sum of weights over the sum of their squares. Equal
    weights give the number itself. A half to each side counts as one unit. The p-value is the exact
    sign test's; it is there in the direction lens alone, for equal weights, with mixed results left
    out, because conclusions lean on significance already. ``net`` is the side that has more; where
    no clear difference counts against one side, the other side is named only if it has more
    benefit, or harm, of its own.

    Specifications that let in the same studies stay as rows. ``distinct`` is how many would stay
    if, for equal votes, treatment and weighting, each set of studies were told once.

    Examples
    --------
    >>> import evidence
    >>> from evidence.synthesis.multiverse import multiverse
    >>> table = multiverse(evidence.load(), "treatment", "human")
    >>> table.loc[0, ["lens", "unit", "main", "weighting"]].to_list()
    ['concluded', 'study', 'rule', 'equal']
    """
    part = one_side(ev, question, population)
    size = part.counted_studies["sample_size"].median()
    sums = VoteSums(part, 1.0 if pd.isna(size) else float(size))
    made = grid(part, sums, tiers, minimum_sizes, only, fewest)
    table, distinct = _table(made, sums)
    several = ", ".join(dict.fromkeys(part.studies["population"].astype("str")))
    return Multiverse(
        ev,
        table,
        underlying=tuple(part.studies["study_id"]),
        question=question,
        population=population or several,
        choices=tuple(name for name in CHOICES if table[name].nunique() > 1),
        together=tuple(name for name, kept in (only or {}).items() if list(kept) == [ALL]),
        distinct=distinct,
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
        here = studies.loc[is_true(studies["counted"]), column].astype("str")
        if not isinstance(value, str) or value not in set(here):
            raise UsageError(
                f"no counted study has {column} {value!r}; {column} of counted studies:"
                f" {', '.join(dict.fromkeys(here))}"
            )
        studies = studies[studies[column].eq(value).fillna(False)]
    counted = is_true(studies["counted"])
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
    studies = studies[is_true(studies["counted"]) | _arguable(ev, studies)]
    findings = ev.findings
    kept = {
        "studies": studies,
        "findings": findings[findings["study_id"].isin(studies["study_id"])],
    }
    return ev.with_tables(
        dict(ev.tables) | {name: table.reset_index(drop=True) for name, table in kept.items()}
    )


def _arguable(ev: Evidence, studies: pd.DataFrame) -> pd.Series:
    """Studies set aside that point somewhere, for a reason that can be argued about, and whose main
    finding answers the question.
    """
    main = main_findings(ev.with_tables(dict(ev.tables) | {"findings": ev.findings[answers(ev)]}))
    points = studies["direction"].astype("str").isin(CONCLUDED.placed)
    points &= studies["study_id"].isin(main["study_id"])
    field = ev.dictionary.field("not_counted_because", "studies")
    marked = []
    if field:
        marked = [category.value for category in field.categories if category.extra.get("arguable")]
    if marked:
        return points & studies["not_counted_because"].astype("str").isin(marked)
    return points


def _table(made: Grid, sums: VoteSums) -> tuple[pd.DataFrame, int]:
    """All specifications, and how many sets of studies there are times the ways to count one."""
    codes = made.codes
    inside = made.inside(codes)
    blocks = []
    for setting in made.settings:
        votings = setting.votings(sums)
        found = [
            sums.over(votings, inside[start : start + CHUNK], setting.lens, setting.overlap)
            for start in range(0, len(inside), CHUNK)
        ]
        blocks.append(_treated(setting, np.concatenate(found)))
    joined = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    table = pd.DataFrame(_chosen(made, codes) | _numbers(**joined))
    sets = len(np.unique(np.packbits(inside, axis=1), axis=0))
    return table[[*CHOICES, *_ORDER]], sets * (len(table) // len(codes))


_ORDER = ("share", "share_low", "share_high", "p_value", "directional", "left_out", "net")


def _treated(setting: Setting, sums: np.ndarray) -> dict[str, np.ndarray]:
    """The sums of one setting under each treatment; arrays (filters * treatments,)."""
    lines = setting.treatments
    weighting = np.array([WEIGHTINGS.index(str(line["weighting"])) for line in lines])
    weight, square = sums[:, :, WEIGHT[weighting]], sums[:, :, SQUARE[weighting]]
    number = sums[:, :, [0] * len(lines)]  # (filters, words, treatments), as the two above
    is_ = lambda name, value: np.array([float(line[name] == value) for line in lines])
    half, unclear_half = is_("mixed", HALF), is_("no_clear_difference", HALF)
    to_harm = is_("no_clear_difference", AGAINST_BENEFIT) + unclear_half / 2
    to_benefit = is_("no_clear_difference", AGAINST_HARM) + unclear_half / 2
    mixed = weight[:, MIXED] * half / 2
    own_good, own_bad = weight[:, BENEFIT] + mixed, weight[:, HARM] + mixed
    larger, smaller = is_("unreadable", BEST), is_("unreadable", WORST)
    # Where nothing points anywhere, there is no side to give the unreadable to.
    silent = (larger + smaller) * (own_good + own_bad > 0)
    leaning = np.sign(own_good - own_bad) * (larger - smaller)
    hidden = weight[:, SILENT] * silent
    good = own_good + weight[:, UNCLEAR] * to_benefit + hidden * (1 + leaning) / 2
    bad = own_bad + weight[:, UNCLEAR] * to_harm + hidden * (1 - leaning) / 2
    underlying = np.zeros(weight.shape)
    underlying[:, [BENEFIT, HARM]] = 1
    underlying[:, MIXED], underlying[:, UNCLEAR], underlying[:, SILENT] = (
        half,
        to_harm + to_benefit,
        silent,
    )
    directional = (number * underlying).sum(axis=1)
    tested = (setting.lens == DIRECTION.name) & (weighting == 0) & (half == 0)
    found = {
        "good": good,
        "bad": bad,
        "own_good": own_good + hidden * (1 + leaning) / 2,
        "own_bad": own_bad + hidden * (1 - leaning) / 2,
        "squares": (square * underlying).sum(axis=1),
        "tested": np.broadcast_to(tested, good.shape),
        "directional": directional,
        "left_out": number.sum(axis=1) - directional,
    }
    return {name: values.ravel() for name, values in found.items()}


def _numbers(
    good: np.ndarray,
    bad: np.ndarray,
    own_good: np.ndarray,
    own_bad: np.ndarray,
    squares: np.ndarray,
    tested: np.ndarray,
    directional: np.ndarray,
    left_out: np.ndarray,
) -> dict[str, object]:
    """What a reader sees of the sums."""
    total = good + bad
    some = total > 0
    # Weights scaled so that they add up to Kish's effective number; with equal weights by exactly
    # one.
    scale = np.divide(total, squares, out=np.zeros_like(total), where=some)
    share, low, high = wilson(good * scale, total * scale)
    p = np.full(len(total), np.nan)
    p[tested] = exact_p(np.floor(np.minimum(good, bad)[tested]), total[tested])
    more_good = (good > bad) & (own_good > own_bad)
    more_bad = (bad > good) & (own_bad > own_good)
    net = np.select([~some, more_good, more_bad], [-1, 0, 2], 1)
    return {
        "share": share,
        "share_low": low,
        "share_high": high,
        "p_value": p,
        "directional": directional.astype(np.int64),
        "left_out": left_out.astype(np.int64),
        "net": pd.Categorical.from_codes(net, categories=list(SIDES)),
    }


def _chosen(made: Grid, codes: np.ndarray) -> dict[str, object]:
    """The columns of choices: settings, within them filters, within them treatments."""
    columns: dict[str, object] = {}
    lengths = np.array([len(setting.treatments) for setting in made.settings])
    setting = np.repeat(np.arange(len(lengths)), lengths * len(codes))
    for name in OF_VOTES:
        columns[name] = _category([one.line[name] for one in made.settings], setting)
    for place, chosen in enumerate(made.filters):
        at = np.concatenate([np.repeat(codes[:, place], length) for length in lengths])
        if chosen.column == "minimum_n":
            columns[chosen.column] = np.array(chosen.values, dtype=np.int64)[at]
        else:
            columns[chosen.column] = _category(chosen.values, at)
    lines: list[Line] = [line for one in made.settings for line in one.treatments]
    starts = np.cumsum(lengths) - lengths
    treatment = np.concatenate(
        [
            np.tile(np.arange(start, start + length), len(codes))
            for start, length in zip(starts, lengths, strict=True)
        ]
    )
    for name in OF_TREATMENT:
        columns[name] = _category([line[name] for line in lines], treatment)
    return columns


def _category(values: Sequence[Any], at: np.ndarray) -> pd.Categorical:
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
        Column whose movement is reported.
    choices : sequence of str, optional
        Columns of the choices. Default: those of the multiverse.

    Returns
    -------
    DataFrame
        One row per choice, the most moving first: ``choice``, ``spread`` (largest less smallest
        mean of ``value`` over the values of the choice), ``explained`` (sum of squares between the
        values over the total; 0 to 1), ``lowest`` and ``highest`` (the values of the choice with
        these means), ``lowest_mean``, ``highest_mean``, ``values`` (how many), ``specifications``
        (where the choice applies and ``value`` is there).

    Raises
    ------
    UsageError
        When a column is missing.

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
    known: Sequence[str] = getattr(specifications, "choices", None) or CHOICES
    named = [] if choices is None else listed("choices", choices)
    for name in (value, *named):
        if not isinstance(name, str) or name not in specifications:
            raise UsageError(not_there("column", name, map(str, specifications.columns)))
    choices = named or [name for name in known if name in specifications]
    rows = []
    for choice in choices:
        there = specifications[choice].notna() & specifications[value].notna()
        rows_of = specifications.loc[there, [choice, value]]
        groups = rows_of.groupby(choice, observed=True)[value].agg(["mean", "size"])
        if len(groups) < 2:
            continue
        means, all_mean = groups["mean"], rows_of[value].mean()
        between = float((groups["size"] * (means - all_mean) ** 2).sum())
        total = float(((rows_of[value] - all_mean) ** 2).sum())
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
                len(rows_of),
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
