"""What the browser needs to pool a selection: results of each pool of the data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from evidence.charts.words import words as words_of
from evidence.frames import is_true
from evidence.model.evidence import Evidence
from evidence.synthesis.effect_sizes import FEWEST
from evidence.synthesis.poolable import (
    candidates,
    leading_first,
    main_first,
    studies_of_question,
)
from evidence.synthesis.results import matching

DIRECTIONS = {"benefit": 1, "harm": -1}


def pool_data(ev: Evidence, domains: list[str], compared: list[int]) -> dict[str, Any]:
    """Results that nothing speaks against, pool by pool, ready for JSON.

    Parameters
    ----------
    ev : Evidence
        The counted studies, in the order in which the browser has them.
    domains : list of str
        Outcome domains, whose places stand for them.
    compared : list of int
        Which contrast each finding has, as a place; -1 where it is not known.

    Returns
    -------
    dict
        ``fewest``, studies that a pool needs; ``t``, quantiles of 95 % intervals for two studies
        and more, as many as one pool has; ``list``, one entry per pool: ``id, title, measure,
        label`` (of the measure), ``scale`` (in whose unit it is), ``log, null, asked`` (places of
        the studies of its question),
        ``sides`` (words for benefit and harm) and ``rows``, columns of equal length: place of the
        study, id of the finding, outcome, its domain and contrast, ``estimate`` and ``se`` on the
        scale of pooling, ``printed`` (the estimate as it is printed), ``low`` and ``high`` of the
        95 % interval as the forest plot has them, ``rank`` among reports on the same people (the
        lowest stands for its cohort), ``main`` (1 for the main finding of its study), ``direction``
        (1 benefit, -1 harm, 0 not known). The first row of a study is the one that stands for it.

    Notes
    -----
    Which results may be pooled is decided here, by :func:`evidence.synthesis.poolable.candidates`;
    the browser only leaves out what a selection leaves out, and chooses one a study and cohort.
    """
    from scipy.special import ndtri, stdtrit

    z = float(ndtri(0.975))
    table = ev.tables.get("pools")
    rows = [] if table is None else table.to_dict("records")
    contrast = pd.Series(compared, ev.findings["finding_id"])
    pools = [_pool(ev, row, domains, contrast, z) for row in rows]
    most = max((len(set(pool["rows"]["study"])) for pool in pools), default=0)
    quantiles = stdtrit(np.arange(1, most), 0.975).tolist()
    return {"fewest": FEWEST, "t": quantiles, "list": pools}


def _pool(
    ev: Evidence, row: Mapping[Any, Any], domains: list[str], contrast: pd.Series, z: float
) -> dict[str, Any]:
    criteria = ev.pool_criteria
    criteria = criteria[criteria["pool_id"] == row["pool_id"]]
    found = candidates(ev, str(row["measure"]), criteria)
    table = main_first(found.table[found.reasons == ""])
    return {
        "id": str(row["pool_id"]),
        "title": str(row["title"]),
        "measure": found.measure,
        "label": ev.dictionary.label("measure", found.measure),
        "scale": _scale(ev, found.measure, table),
        "log": found.log,
        "null": 1 if found.log else 0,
        "asked": _asked(ev, criteria),
        "sides": _sides(ev, table),
        "rows": _rows(ev, table, domains, contrast, found.log, z),
    }


def _scale(ev: Evidence, measure: str, table: pd.DataFrame) -> str:
    """The scale of a measure that has the unit of its scale, where all results have the same."""
    if ev.dictionary.measures.get(measure, {}).get("from_arms") != "difference":
        return ""
    if "outcome_scale" not in ev.findings:
        return ""
    scales = ev.findings.set_index("finding_id")["outcome_scale"].reindex(table["finding_id"])
    known = scales.dropna().unique()
    return str(known[0]) if len(known) == 1 and scales.notna().all() else ""


def _asked(ev: Evidence, criteria: pd.DataFrame) -> list[int]:
    """Places of the studies that :func:`studies_of_question` counts."""
    apart = criteria[criteria["column"].isin(ev.dictionary.kept_apart)]
    met = matching(ev.studies, apart).all(axis=1) if len(apart) else np.ones(len(ev), bool)
    places = np.flatnonzero(met).tolist()
    assert len(places) == studies_of_question(ev, criteria)
    return places


def _sides(ev: Evidence, table: pd.DataFrame) -> dict[str, str]:
    """What benefit and harm are called in the question of the pool."""
    if table.empty:
        return {}
    study = ev.studies.set_index("study_id", drop=False).loc[table["study_id"].iloc[0]]
    sides = words_of(ev).sides(study)
    return {word: sides[word] for word in DIRECTIONS}


def _rows(
    ev: Evidence,
    table: pd.DataFrame,
    domains: list[str],
    contrast: pd.Series,
    log: bool,
    z: float,
) -> dict[str, list[Any]]:
    back = np.exp if log else np.asarray
    printed = is_true(table["ci_level"] == 95) & (table["origin"] == "interval")
    low = table["ci_low"].where(printed, back(table["estimate"] - z * table["se"]))
    high = table["ci_high"].where(printed, back(table["estimate"] + z * table["se"]))
    place = {index: i for i, index in enumerate(leading_first(table).index)}
    return {
        "study": pd.Index(ev.studies["study_id"]).get_indexer(table["study_id"]).tolist(),
        "finding": table["finding_id"].tolist(),
        "outcome": table["outcome"].astype("str").fillna("").tolist(),
        "domain": pd.Categorical(
            table["outcome_domain"].astype("str"), categories=domains
        ).codes.tolist(),
        "contrast": contrast.reindex(table["finding_id"]).tolist(),
        "estimate": _numbers(table["estimate"]),
        "printed": _numbers(back(table["estimate"])),
        "se": _numbers(table["se"]),
        "low": _numbers(low),
        "high": _numbers(high),
        "rank": [place[index] for index in table.index],
        "main": is_true(table["is_primary"]).astype(int).tolist(),
        "direction": (
            table["observed_direction"].astype("str").map(DIRECTIONS).fillna(0).astype(int).tolist()
        ),
    }


def _numbers(values: pd.Series | np.ndarray) -> list[float]:
    """Numbers with ten digits: more would change no pooled digit, and make the page heavier.

    >>> _numbers(pd.Series([0.342490308946776, 1.5]))
    [0.3424903089, 1.5]
    """
    return [float(f"{value:.10g}") for value in values.astype(float)]
