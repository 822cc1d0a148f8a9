"""The choices of a multiverse: which studies enter, what they vote with, and how the votes are
turned into one number.

A value of a choice is offered only where it matters: where it holds at least a few studies, and
moves at least as many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import listed, whole
from evidence.errors import UsageError
from evidence.frames import is_true
from evidence.model.contrasts import (
    ANY,
    OTHER,
    contrast_names,
    group_contrasts,
    voting_contrasts,
)
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import CONCLUDED, DIRECTION, LENSES
from evidence.synthesis.vote_sums import MIXED, SILENT, WORDS, VoteSums, Votings

CHOICES = (
    "lens",
    "unit",
    "overlap",
    "main",
    "contrast",
    "outcome",
    "context",
    "design",
    "exposure",
    "confidence",
    "minimum_n",
    "mixed",
    "no_clear_difference",
    "unreadable",
    "weighting",
)
OF_VOTES = ("lens", "unit", "overlap", "main", "contrast", "outcome")
OF_TREATMENT = ("mixed", "no_clear_difference", "unreadable", "weighting")
ALL = "all"
GROUPS = "with a comparison group"
COUNTED, WITH_CONTEXT = "counted only", "with context"
OUT, HALF = "left out", "half to each side"
AGAINST_BENEFIT, AGAINST_HARM = "against benefit", "against harm"
AGAINST = {AGAINST_BENEFIT: "benefit", AGAINST_HARM: "harm"}
WORST, BEST = "all to the smaller side", "all to the larger side"
Line = dict[
    str, str | int | None
]  # one value for each of some choices; None where the choice does not apply
WEIGHTINGS = ("equal", "square root of n", "n")
# What is not plain of the choices and their values, in plain words.
PLAIN = {
    "minimum_n": "fewest who took part",
    "unreadable": "direction not reported",
    HALF: "counted half for each side",
    "equal": "each the same",
    "square root of n": "larger ones somewhat more",
    "n": "by how many took part",
}
UNCLEAR = WORDS.index("no_clear_difference")
FEWEST = 3  # studies that a value must hold, and move
ENOUGH = 5  # studies that an outcome, or the declared main findings, must have


def value_called(value: object, sides: Mapping[str, str]) -> object:
    """A value of a choice in plain words, with what the sides of the question are called.

    >>> value_called("against harm", {"harm": "worse", "benefit": "better"})
    'against worse'
    >>> value_called("n", {})
    'by how many took part'
    """
    if not isinstance(value, str):
        return value
    side = AGAINST.get(value)
    return f"against {sides[side]}" if side else PLAIN.get(value, value)


def choice_called(choice: str) -> str:
    """A choice in plain words.

    >>> choice_called("minimum_n"), choice_called("no_clear_difference")
    ('fewest who took part', 'no clear difference')
    """
    return PLAIN.get(choice, choice.replace("_", " "))


@dataclass(frozen=True)
class Setting:
    """What makes the votes, and how they are turned into numbers.

    Attributes
    ----------
    lens, unit, overlap, main
        See :func:`evidence.votes`; ``main`` is None where all findings vote.
    contrast, outcome : str
        In words.
    contrasts : tuple of str
        The contrasts whose findings vote; none: all.
    domain : str or None
        The outcome whose findings vote; None: all.
    treatments : tuple of dict
        How mixed, no clear difference and unreadable votes are treated, and the weighting.
    """

    lens: str
    unit: str
    overlap: str | None
    main: str | None
    contrast: str
    outcome: str
    contrasts: tuple[str, ...]
    domain: str | None
    treatments: tuple[Line, ...] = ()

    @property
    def line(self) -> Line:
        """The values of the choices that make votes."""
        return {name: getattr(self, name) for name in OF_VOTES}

    def votings(self, sums: VoteSums) -> Votings:
        """What the studies vote."""
        return sums.votings(self.lens, self.unit, self.main, self.contrasts, self.domain)


@dataclass(frozen=True)
class Filter:
    """One choice of studies: its values, and the studies that each value lets in.

    Attributes
    ----------
    column : str
        Name of the choice.
    values : list
        Its values; the first is the default.
    masks : array of bool (values, studies)
    """

    column: str
    values: list[str | int]
    masks: np.ndarray


@dataclass(frozen=True)
class Grid:
    """All combinations of choices: filters by settings, each with its treatments."""

    settings: list[Setting]
    filters: list[Filter]

    @property
    def codes(self) -> np.ndarray:
        """One row per combination of filters: the position of the value of each."""
        lengths = [len(chosen.masks) for chosen in self.filters]
        return np.indices(lengths).reshape(len(lengths), -1).T

    def inside(self, codes: np.ndarray) -> np.ndarray:
        """Which studies each combination of filters lets in (combinations, studies)."""
        inside = np.ones((len(codes), self.filters[0].masks.shape[1]), dtype=bool)
        for place, chosen in enumerate(self.filters):
            inside &= chosen.masks[codes[:, place]]
        return inside


def grid(
    ev: Evidence,
    sums: VoteSums,
    tiers: Mapping[str, Sequence[str]] | None,
    minimum_sizes: Sequence[int],
    only: Mapping[str, Sequence[str | int]] | None,
    fewest: int,
) -> Grid:
    """All combinations of choices for some studies.

    Parameters
    ----------
    ev : Evidence
        Studies of one question and population; those that are not counted enter only "with
        context".
    sums : VoteSums
        Their votes.
    tiers, minimum_sizes, only, fewest
        See :func:`evidence.synthesis.multiverse.multiverse`.

    Returns
    -------
    Grid

    Raises
    ------
    UsageError
        For an unknown choice or value in ``only``, or a design in ``tiers`` that the dictionary
        does not know.
    """
    wanted = _lists("only", only)
    strange = [name for name in wanted if name not in CHOICES]
    if strange:
        raise UsageError(f"no choice {strange[0]!r}; choices: {', '.join(CHOICES)}")
    tiers = None if tiers is None else _lists("tiers", tiers)
    minimum_sizes = [
        whole("minimum_sizes", size, 1) for size in listed("minimum_sizes", minimum_sizes)
    ]
    fewest = whole("fewest", fewest, 1)
    studies = ev.studies
    counted = is_true(studies["counted"]).to_numpy()
    everyone = np.ones(len(studies), dtype=bool)
    filters = [
        _filter("context", {COUNTED: counted, WITH_CONTEXT: everyone}, fewest),
        _filter("design", _designs(ev, studies, tiers), fewest if tiers is None else 1, counted),
        _filter("exposure", _classes(ev, studies), fewest, counted),
        _filter("confidence", _best(ev, studies, "confidence"), fewest, counted),
        _filter("minimum_n", _sizes(studies, minimum_sizes), fewest, counted),
    ]
    settings = _settings(ev, sums, counted, fewest)
    made = Grid(settings, filters)
    return _narrowed(made, wanted) if wanted else made


def _settings(ev: Evidence, sums: VoteSums, counted: np.ndarray, fewest: int) -> list[Setting]:
    """Every way to make votes; after the first, only those with enough votes."""
    contrasts = _contrasts(ev, sums, counted, fewest)
    outcomes = _outcomes(ev, sums, counted, fewest)
    made: list[Setting] = []
    for lens, (unit, overlap) in product(LENSES, _units(sums, fewest)):
        mains: list[str | None] = [None]
        if unit != "finding":
            mains = _mains(sums, lens, counted, fewest)
        ways: list[tuple[str | None, str, str | None]] = [(main, ALL, None) for main in mains]
        ways += [(None, name, domain) for name, domain in outcomes.items()]
        for (main, outcome, domain), (contrast, values) in product(ways, contrasts.items()):
            one = Setting(lens, unit, overlap, main, contrast, outcome, values, domain)
            placed = one.votings(sums).counts[:, :SILENT].any(axis=1) & counted
            if not made or placed.sum() >= fewest:
                made.append(replace(one, treatments=_treatments(sums, one, counted, fewest)))
    return made


def _units(sums: VoteSums, fewest: int) -> list[tuple[str, str | None]]:
    """Units with their overlaps; without cohorts, one vote per cohort is one vote per study."""
    possible, certain = (len(sums.cohorts[over]) for over in ("possible", "certain"))
    units: list[tuple[str, str | None]] = [("study", None)]
    if sums.studies - possible >= fewest:
        units.append(("cohort", "possible"))
    if certain - possible >= fewest and sums.studies - certain >= fewest:
        units.append(("cohort", "certain"))
    return [*units, ("finding", None)]


def _mains(sums: VoteSums, lens: str, counted: np.ndarray, fewest: int) -> list[str | None]:
    """What a study votes with; each after the first only where it changes some votes."""
    kept: list[str | None] = ["rule"]
    base = sums.votings(lens).counts
    others = ("declared", "outcome", "whole") if lens == CONCLUDED.name else ("declared", "outcome")
    for main in others:
        found = sums.votings(lens, main=main)
        changed = ((found.counts != base).any(axis=1) & counted).sum()
        there = (found.there & counted).sum()
        if changed >= fewest and there >= (ENOUGH if main == "declared" else fewest):
            kept.append(main)
    return kept


def _contrasts(
    ev: Evidence, sums: VoteSums, counted: np.ndarray, fewest: int
) -> dict[str, tuple[str, ...]]:
    """All, those with a comparison group, and each alone, with the contrasts that vote in it."""
    labels, voting = contrast_names(ev.dictionary), voting_contrasts(ev.dictionary)
    found: dict[str, tuple[str, ...]] = {ALL: ()}
    if voting == [ANY]:
        return found
    groups = tuple(group_contrasts(ev.dictionary))
    tried = {GROUPS: groups} if groups else {}
    tried |= {f"{labels[value]} only": (value,) for value in voting}
    masks = [counted]
    for name, values in tried.items():
        votings = sums.votings(CONCLUDED.name, contrasts=values)
        mask = counted & votings.there
        if mask.sum() >= fewest and all((mask != other).sum() >= fewest for other in masks):
            masks.append(mask)
            found[name] = values
    return found


def _outcomes(ev: Evidence, sums: VoteSums, counted: np.ndarray, fewest: int) -> dict[str, str]:
    """Outcomes that enough studies have, unless nearly all main findings are about them: their
    values by what they are called.
    """
    labels = ev.labels("outcome_domain")
    kept = {}
    for outcome in labels:
        if outcome == OTHER:
            continue
        there = sums.studies_with(sums.outcome == outcome) & counted
        others = counted & (sums.main_outcome != outcome)
        if there.sum() >= ENOUGH and others.sum() >= fewest:
            kept[f"{labels[outcome]} only"] = outcome
    return kept


def _treatments(
    sums: VoteSums, setting: Setting, counted: np.ndarray, fewest: int
) -> tuple[Line, ...]:
    """Ways to turn votes into a share; only where there are enough votes to be treated."""
    every = replace(setting, contrasts=())  # the same treatments in each contrast
    counts = every.votings(sums).counts
    number = ((counts > 0) & counted[:, None]).sum(axis=0)  # studies, not findings
    mixed: tuple[str | None, ...] = (OUT, HALF) if number[MIXED] >= fewest else (None,)
    unclear: tuple[str | None, ...] = (None,)
    if setting.lens == CONCLUDED.name and number[UNCLEAR] >= fewest:
        unclear = (OUT, AGAINST_BENEFIT, AGAINST_HARM, HALF)
    unreadable: tuple[str | None, ...] = (None,)
    if setting.lens == DIRECTION.name and number[SILENT] >= fewest:
        unreadable = (OUT, WORST, BEST)
    return tuple(
        dict(zip(OF_TREATMENT, values, strict=True))
        for values in product(mixed, unclear, unreadable, WEIGHTINGS)
    )


def _lists(name: str, given: Mapping[str, Sequence[Any]] | None) -> dict[str, list[Any]]:
    if given is not None and not isinstance(given, Mapping):
        raise UsageError(
            f"{name} is {given!r}; allowed: names with a list of values each, in braces"
        )
    return {key: listed(f"{name} of {key!r}", values) for key, values in (given or {}).items()}


def _filter(
    column: str,
    masks: Mapping[str, np.ndarray] | Mapping[int, np.ndarray],
    fewest: int,
    counted: np.ndarray | None = None,
) -> Filter:
    """Values that let in enough studies, and differ in enough of them from each value before."""
    kept: dict[str | int, np.ndarray] = {}
    for value, mask in masks.items():
        seen = mask & counted if counted is not None else mask
        far = all(
            (seen != (other if counted is None else other & counted)).sum() >= fewest
            for other in kept.values()
        )
        if not kept or (seen.sum() >= fewest and far):
            kept[value] = mask
    return Filter(column, list(kept), np.array(list(kept.values())))


def _designs(
    ev: Evidence, studies: pd.DataFrame, tiers: Mapping[str, Sequence[str]] | None
) -> dict[str, np.ndarray]:
    """Tiers as asked; else those that the dictionary gives its designs, from low to high."""
    masks = {ALL: np.ones(len(studies), dtype=bool)}
    field = ev.dictionary.field("design", "studies")
    if field is None:
        return masks
    design = studies["design"].astype("str")
    for name, wanted in (tiers or {}).items():
        strange = [value for value in wanted if field.values and value not in field.values]
        if strange:
            raise UsageError(f"design is never {strange[0]!r}; allowed: {', '.join(field.values)}")
        masks[name] = design.isin(list(wanted)).to_numpy()
    if tiers is not None:
        return masks
    ranks = {
        category.value: category.extra["tier"]
        for category in field.categories
        if "tier" in category.extra
    }
    names = list(ev.dictionary.settings.get("tiers", []))
    tier = design.map(ranks).fillna(0).to_numpy(dtype=float)
    steps = sorted(set(ranks.values()))
    for step in steps:
        name = names[step - 1] if step <= len(names) else f"tier {step}"
        masks[f"{name} only" if step == steps[-1] else f"{name} or better"] = tier >= step
    return masks


def _classes(ev: Evidence, studies: pd.DataFrame) -> dict[str, np.ndarray]:
    """Each class of exposure alone, and each left out."""
    masks = {ALL: np.ones(len(studies), dtype=bool)}
    field = ev.dictionary.field("exposure", "studies")
    if field is None:
        return masks
    exposure = studies["exposure"].astype("str")
    present = [
        value
        for value in field.values or sorted(exposure.dropna().unique())
        if exposure.eq(value).any()
    ]
    alone = {
        f"{field.labels.get(value, value)} only": is_true(exposure.eq(value)).to_numpy()
        for value in present
    }
    without = {
        f"without {lower_first(field.labels.get(value, value))}": (
            ~is_true(exposure.eq(value)).to_numpy()
        )
        for value in present
    }
    return masks | alone | without


def _best(ev: Evidence, studies: pd.DataFrame, column: str) -> dict[str, np.ndarray]:
    """All, or those with the first value of the column that the dictionary names; it names the best
    first.
    """
    masks = {ALL: np.ones(len(studies), dtype=bool)}
    field = ev.dictionary.field(column, "studies")
    if field is None or not field.categories:
        return masks
    best = field.categories[0]
    return masks | {
        f"{best.label} only": is_true(studies[column].astype("str").eq(best.value)).to_numpy()
    }


def _sizes(studies: pd.DataFrame, minimum_sizes: Sequence[int]) -> dict[int, np.ndarray]:
    """Smallest sizes; a study of unknown size stays, since nothing says that it is small."""
    size = studies["sample_size"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    tried = {int(least): (size >= least) | np.isnan(size) for least in minimum_sizes}
    return {0: np.ones(len(studies), dtype=bool)} | tried


def _narrowed(made: Grid, wanted: Mapping[str, Sequence[str | int]]) -> Grid:
    """Only the wanted values of some choices; where a choice does not apply, it stays as it is."""
    filters = []
    for chosen in made.filters:
        lines: list[Line] = [{chosen.column: value} for value in chosen.values]
        kept = [place for place, line in enumerate(lines) if _fits(line, wanted)]
        _nothing_left((chosen.column,), lines, kept, wanted)
        values = [chosen.values[place] for place in kept]
        filters.append(Filter(chosen.column, values, chosen.masks[kept]))
    settings = [one for one in made.settings if _fits(one.line, wanted)]
    _nothing_left(OF_VOTES, [one.line for one in made.settings], settings, wanted)
    every = [line for one in made.settings for line in one.treatments]
    narrowed = []
    for one in settings:
        treatments = tuple(line for line in one.treatments if _fits(line, wanted))
        narrowed.append(replace(one, treatments=treatments))
    _nothing_left(
        OF_TREATMENT, every, [line for one in narrowed for line in one.treatments], wanted
    )
    return Grid(narrowed, filters)


def _fits(line: Line, wanted: Mapping[str, Sequence[str | int]]) -> bool:
    return all(line[name] is None or line[name] in wanted[name] for name in line if name in wanted)


def _nothing_left(
    columns: Sequence[str],
    lines: Sequence[Mapping[str, Any]],
    kept: Sequence[Any],
    wanted: Mapping[str, Sequence[str | int]],
) -> None:
    for name in columns:
        allowed = list(dict.fromkeys(str(line[name]) for line in lines if line[name] is not None))
        strange = [value for value in wanted.get(name, []) if str(value) not in allowed]
        if strange:
            raise UsageError(f"{name} is never {strange[0]!r} here; values: {', '.join(allowed)}")
    if not kept:
        raise UsageError(f"no combination of {', '.join(columns)} is left")
