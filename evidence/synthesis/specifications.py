"""The choices of a multiverse: which studies enter, and how what they say is turned into one
number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from evidence.arguments import listed, whole
from evidence.errors import UsageError
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import CONCLUDED, LENSES

CHOICES = (
    "lens",
    "unit",
    "overlap",
    "context",
    "design",
    "exposure",
    "reading",
    "confidence",
    "minimum_n",
    "unknown_size",
    "mixed",
    "no_clear_difference",
    "weighting",
)
ALL = "all"
COUNTED, WITH_CONTEXT = "counted only", "with context"
LEAVE, STAY = "leaves", "stays"
OUT, HALF, AGAINST = "left out", "half to each side", "against benefit"
Line = dict[
    str, str | int | None
]  # one value for each of some choices; None where the choice does not apply
WEIGHTINGS = ("equal", "square root of n", "n")
UNIT_SETTINGS = (("study", None), ("cohort", "possible"), ("cohort", "certain"), ("finding", None))


@dataclass(frozen=True)
class Grid:
    """All combinations of choices, as three lists whose product is the multiverse.

    Attributes
    ----------
    settings : list of dict
        Lens, unit and overlap: what makes a vote.
    filters : list of dict
        For each choice of studies its values and, under ``masks``, a boolean array (values,
        studies).
    treatments : dict of list of dict
        For each lens how mixed and no clear difference are treated, and the weighting.
    """

    settings: list[Line]
    filters: list[Filter]
    treatments: dict[str, list[Line]]

    @property
    def codes(self) -> np.ndarray:
        """One row a combination of filters: the position of the value of each."""
        lengths = [len(chosen.masks) for chosen in self.filters]
        return np.indices(lengths).reshape(len(lengths), -1).T

    def chunks(self, size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Combinations of filters, ``size`` at a time: their codes and which studies each lets in
        (combinations, studies).
        """
        codes = self.codes
        for start in range(0, len(codes), size):
            part = codes[start : start + size]
            inside = np.ones((len(part), self.filters[0].masks.shape[1]), dtype=bool)
            for place, chosen in enumerate(self.filters):
                inside &= chosen.masks[part[:, place]]
            yield part, inside


@dataclass(frozen=True)
class Filter:
    """One choice of studies, or two that hang together: the values of its columns, and the studies
    that each value lets in.
    """

    columns: tuple[str, ...]
    values: list[tuple[str | int | None, ...]]
    masks: np.ndarray


def grid(
    ev: Evidence,
    studies: pd.DataFrame,
    tiers: Mapping[str, Sequence[str]] | None,
    minimum_sizes: Sequence[int],
    only: Mapping[str, Sequence[str | int]] | None,
) -> Grid:
    """All combinations of choices for some studies.

    Parameters
    ----------
    ev : Evidence
        For its dictionary.
    studies : DataFrame
        Studies of one question and population; those that are not counted enter only "with
        context".
    tiers, minimum_sizes, only
        See :func:`evidence.synthesis.multiverse.multiverse`.

    Returns
    -------
    Grid
        A class, tier or grade that lets in no study, or the same studies as an earlier one of its
        choice, is left out.

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
    counted = studies["counted"].fillna(False).to_numpy(dtype=bool)
    filters = [
        _filter("context", {COUNTED: counted, WITH_CONTEXT: np.ones(len(studies), dtype=bool)}),
        _filter("design", _designs(ev, studies, tiers)),
        _filter("exposure", _classes(ev, studies)),
        _filter("reading", _best(ev, studies, "reading")),
        _filter("confidence", _best(ev, studies, "confidence")),
        _sizes(studies, minimum_sizes),
    ]
    # Without cohorts, one vote a cohort is one vote a study: the same rows again.
    shared = bool(studies["cohort"].notna().any()) if "cohort" in studies else False
    units = [(unit, over) for unit, over in UNIT_SETTINGS if unit != "cohort" or shared]
    settings: list[Line] = [
        {"lens": lens, "unit": unit, "overlap": over} for lens in LENSES for unit, over in units
    ]
    treatments: dict[str, list[Line]] = {}
    for lens in LENSES:
        unclear = (OUT, AGAINST) if lens == CONCLUDED.name else (None,)
        treatments[lens] = [
            {"mixed": m, "no_clear_difference": u, "weighting": w}
            for m, u, w in product((OUT, HALF), unclear, WEIGHTINGS)
        ]
    made = Grid(settings, filters, treatments)
    return _narrowed(made, wanted) if wanted else made


def _lists(name: str, given: Mapping[str, Sequence[Any]] | None) -> dict[str, list[Any]]:
    if given is not None and not isinstance(given, Mapping):
        raise UsageError(
            f"{name} is {given!r}; allowed: names with a list of values each, in braces"
        )
    return {key: listed(f"{name} of {key!r}", values) for key, values in (given or {}).items()}


def _filter(column: str, masks: Mapping[str, np.ndarray]) -> Filter:
    return _distinct((column,), [(name,) for name in masks], np.array(list(masks.values())))


def _distinct(
    columns: tuple[str, ...], values: list[tuple[str | int | None, ...]], masks: np.ndarray
) -> Filter:
    """Values that let in some study, and not the same ones as a value before."""
    _, first = np.unique(masks, axis=0, return_index=True)
    kept = [place for place in sorted(first) if place == 0 or masks[place].any()]
    return Filter(columns, [values[place] for place in kept], masks[kept])


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
        f"{field.labels.get(value, value)} only": (
            exposure.eq(value).fillna(False).to_numpy(dtype=bool)
        )
        for value in present
    }
    without = {
        f"without {lower_first(field.labels.get(value, value))}": (
            ~exposure.eq(value).fillna(False).to_numpy(dtype=bool)
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
        f"{best.label} only": (
            studies[column].astype("str").eq(best.value).fillna(False).to_numpy(dtype=bool)
        )
    }


def _sizes(studies: pd.DataFrame, minimum_sizes: Sequence[int]) -> Filter:
    size = studies["sample_size"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    values: list[tuple[str | int | None, ...]] = [(0, None)]
    masks = [np.ones(len(studies), dtype=bool)]
    for least in minimum_sizes:
        for unknown in (LEAVE, STAY):
            values.append((int(least), unknown))
            masks.append((size >= least) | (np.isnan(size) & (unknown == STAY)))
    return Filter(("minimum_n", "unknown_size"), values, np.array(masks))


def _narrowed(made: Grid, wanted: Mapping[str, Sequence[str | int]]) -> Grid:
    """Only the wanted values of some choices; where a choice does not apply, the combination stays."""
    filters = []
    for chosen in made.filters:
        lines = [dict(zip(chosen.columns, value, strict=True)) for value in chosen.values]
        kept = [place for place, line in enumerate(lines) if _fits(line, wanted)]
        _nothing_left(chosen.columns, lines, kept, wanted)
        filters.append(
            Filter(chosen.columns, [chosen.values[place] for place in kept], chosen.masks[kept])
        )
    settings = [line for line in made.settings if _fits(line, wanted)]
    _nothing_left(("lens", "unit", "overlap"), made.settings, settings, wanted)
    treatments = {}
    for lens, lines in made.treatments.items():
        treatments[lens] = [line for line in lines if _fits(line, wanted)]
        _nothing_left(
            ("mixed", "no_clear_difference", "weighting"),
            made.treatments[CONCLUDED.name],
            treatments[lens],
            wanted,
        )
    return Grid(settings, filters, treatments)


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
