"""What the browser needs to filter and add: the studies that are counted, with their votes."""

from __future__ import annotations

import json
from importlib import resources
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from evidence.charts.words import words as words_of
from evidence.exporting.about import about
from evidence.frames import is_true, whole_or_none
from evidence.model.columns import CONTRAST, asked_column
from evidence.model.contrasts import (
    answers,
    contrast_names,
    contrasts,
    group_contrasts,
    voting_contrasts,
)
from evidence.model.evidence import Evidence
from evidence.model.selection import cohort_key, cohort_rank
from evidence.quoting import script
from evidence.site.direction_styles import looks
from evidence.site.pool_data import pool_data
from evidence.synthesis.lens import CONCLUDED, LENSES, one_word
from evidence.synthesis.sign_test import FEWEST_DIRECTIONS, LEVEL
from evidence.synthesis.votes import votes

DOMAIN = "outcome_domain"
CHARTS = ("balance", "share", "studies", "forest")
ABSENT, NOT_PLACED = -2, -1  # has no unit in this lens; has one, but could not be placed


def browser_data(ev: Evidence) -> dict[str, Any]:
    """Studies, findings by outcome domain, labels and settings, ready for JSON.

    Parameters
    ----------
    ev : Evidence
        Only its counted studies enter.

    Returns
    -------
    dict
        ``studies``: columns as lists of equal length, in the order of the table. Values of a
        vocabulary are places in the list of ``columns``, -1 where the cell is empty; votes are
        places in the words of the lens, -1 for not placed, -2 for no unit. ``unit`` names the
        cohort of a study, ``rank`` which report stands for it, ``lead`` whether
        it is marked so. ``findings``: one entry per study,
        outcome domain and set of contrasts, with its votes. ``asked``, columns with conditions;
        ``rows``, those that rows can be made of. ``pools``: see
        :func:`evidence.site.pool_data.pool_data`.
        ``code``: the lines of Python that give the data set and its counted studies.

    Notes
    -----
    Votes are those of :func:`evidence.synthesis.votes.votes`: the browser never makes one.

    Examples
    --------
    >>> import evidence
    >>> data = browser_data(evidence.load())
    >>> lengths = {len(data["studies"][name]) for name in ("id", "year", "n", "rank")}
    >>> len(lengths)
    1
    """
    whole, ev = ev, ev.select(counted=True)
    studies, words = ev.studies, words_of(ev)
    names, shown = filter_names(ev), looks(words.through(CONCLUDED.name))
    # Values of studies that are not counted, too: who asks for them finds nothing, not everything.
    columns = {name: _column(whole, name) for name in [*names, DOMAIN]}
    columns["study_id"] = _named(whole)
    domains = columns[DOMAIN]["values"]
    known = columns.get(CONTRAST, {}).get("values", [])
    # After the contrasts of main findings those that others alone have.
    others = [value for value in contrast_names(ev.dictionary) if value not in known]
    compared = _codes(contrasts(ev), [*known, *others])
    return {
        "words": {
            "topic": words.topic,
            "caution": words.caution,
            "frame": ev.dictionary.settings.get("frame", ""),
            "source": words.source,
            "date": about(ev.dictionary.package).date,
        },
        "apart": ev.dictionary.kept_apart,
        "filters": asked_columns(ev),
        "asked": [*asked_columns(ev), "study_id"],
        "about": [
            kind["column"]
            for kind in ev.dictionary.settings.get("topics", [])
            if kind["column"] in names
        ],
        "code": {"load": "ev = evidence.load()", "part": "ev.select(counted=True)"},
        "rows": [name for name in [*names, DOMAIN] if _groups(ev, name)],
        "domain": DOMAIN,
        "contrast": CONTRAST,
        "alone": [known.index(value) for value in _alone(ev) if value in known],
        "columns": columns,
        "lenses": {
            name: {
                "title": lens.title,
                "words": list(lens.placed),
                "shown": [word for word in shown if word in (*lens.placed, "not_placed")],
                "meaning": lens.meaning,
                "silent": lens.unplaced,
                "agreement": lens.agreement,
            }
            for name, lens in LENSES.items()
        },
        "looks": shown,
        "sides": {
            value: {"harm": harm, "benefit": benefit}
            for value, (harm, benefit) in ev.dictionary.settings.get("sides", {}).items()
        },
        "fewest": FEWEST_DIRECTIONS,
        "z": _z(),
        "studies": _studies(
            ev, studies, {name: columns[name]["values"] for name in [*names, "study_id"]}
        ),
        "findings": _findings(ev, studies, domains, compared),
        "pools": pool_data(ev, domains, compared),
    }


def filter_names(ev: Evidence) -> list[str]:
    """Columns of the studies that can be filtered: those kept apart first, then those that are
    filled, with the contrast of the main finding before the comparator that it follows from.
    """
    fields = ev.dictionary.tables["studies"].by_name
    known = [
        name
        for name in ev.dictionary.filters
        if name in fields and name in ev.studies and ev.studies[name].notna().any()
    ]
    names = [*ev.dictionary.kept_apart, *known]
    if ev.dictionary.settings.get("contrasts"):
        place = names.index("comparator") if "comparator" in names else len(names)
        names.insert(place, CONTRAST)
    return list(dict.fromkeys(names))


def _alone(ev: Evidence) -> list[str]:
    """Contrasts that vote and set no group against another, where the data set says which do."""
    groups = group_contrasts(ev.dictionary)
    return [one for one in voting_contrasts(ev.dictionary) if groups and one not in groups]


def asked_columns(ev: Evidence) -> list[str]:
    """Columns that a reader can ask by, in the order of the controls: what is kept apart and one
    more, the outcomes, then all others.
    """
    names = filter_names(ev)
    first = len(ev.dictionary.kept_apart) + 1
    return [*names[:first], DOMAIN, *names[first:]]


def specs_script() -> str:
    """The Vega specifications of this package as a script, which is needed once charts are."""
    folder = resources.files("evidence.site").joinpath("specs")
    common, *charts = (
        json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
        for name in ("common", *CHARTS)
    )
    whole = [
        {**common, **own, **{part: [*common[part], *own[part]] for part in ("signals", "data")}}
        | {"marks": [*own["marks"], *common["marks"]]}
        for own in charts
    ]
    return f"window.EVIDENCE_SPECS = {script(dict(zip(CHARTS, whole, strict=True)))};\n"


def _z() -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + LEVEL / 2))


def _column(ev: Evidence, name: str) -> dict[str, Any]:
    """Title, and the values that occur, in the order of the dictionary, with their labels."""
    asked = asked_column(ev.dictionary, name)
    values = asked.values(ev)
    labels = [ev.dictionary.label(name, value) for value in values]
    return {"title": asked.field.title, "values": list(values), "labels": labels}


def _groups(ev: Evidence, name: str) -> bool:
    """Whether rows can be made of a column: a cell that holds several values has no one row."""
    asked = asked_column(ev.dictionary, name)
    return bool(asked.table) and not asked.field.delimiter


def _named(ev: Evidence) -> dict[str, Any]:
    """The studies themselves as a column: each can be asked for, or left out, by its name."""
    ids = ev.studies["study_id"].tolist()
    return {
        "title": "Studies",
        "values": ids,
        "labels": [str(ev.names.get(key, key)) for key in ids],
    }


def _codes(values: pd.Series, known: list[str]) -> list[int]:
    return pd.Categorical(values.astype("str"), categories=known).codes.tolist()


def _cells(ev: Evidence, name: str, known: list[str]) -> list[Any]:
    """Places of the values of each study; a list of places where a cell holds several."""
    asked = asked_column(ev.dictionary, name)
    cells, split = asked.cells(ev), asked.field.delimiter
    if not split:
        return _codes(cells, known)
    place = {value: i for i, value in enumerate(known)}
    lists = cells.astype("str").str.split(split, regex=False)
    return [[place[one] for one in many] if isinstance(many, list) else [] for many in lists]


def _studies(ev: Evidence, studies: pd.DataFrame, values: dict[str, list[str]]) -> dict[str, Any]:
    names = ev.names.reindex(studies["study_id"]).to_numpy()
    cited = (
        studies["article_reference"].notna()
        if "article_reference" in studies
        else pd.Series(False, index=studies.index)
    )
    votes_of = {
        lens: _vote_codes(table["vote"], table["study_id"], studies["study_id"], chosen.placed)
        for lens, chosen in LENSES.items()
        for table in [votes(ev, lens)]
    }
    return {
        "id": studies["study_id"].tolist(),
        "name": np.where(pd.isna(names), studies["study_id"], names).tolist(),
        "year": _whole(studies["year"]),
        "n": _whole(studies["sample_size"]),
        "cited": cited.astype(int).tolist(),
        "retracted": studies["study_id"].isin(ev.retracted).astype(int).tolist(),
        "rank": cohort_rank(studies).tolist(),
        "lead": is_true(studies["cohort_representative"]).astype(int).tolist(),
        "unit": {
            overlap: pd.factorize(cohort_key(studies, overlap))[0].tolist()
            for overlap in ("possible", "certain")
        },
        "codes": {name: _cells(ev, name, known) for name, known in values.items()},
        "votes": votes_of,
    }


def _findings(
    ev: Evidence, studies: pd.DataFrame, domains: list[str], compared: list[int]
) -> dict[str, Any]:
    """One entry per study, outcome domain and set of contrasts, within each pair the larger sets
    first: the first of which each contrast is asked for holds the vote. One whose findings do not
    vote has no unit.
    """
    own = pd.Index(studies["study_id"]).get_indexer(ev.findings["study_id"]).tolist()
    there: dict[tuple[int, int], dict[int, list[int]]] = {}
    for row, key in enumerate(zip(own, _codes(ev.findings[DOMAIN], domains), strict=True)):
        if key[1] >= 0:
            there.setdefault(key, {}).setdefault(compared[row], []).append(row)
    entries = [
        (key, chosen)
        for key, known in there.items()
        for size in range(len(known), 0, -1)
        for chosen in combinations(sorted(known), size)
    ]
    pairs = [
        (entry, row)
        for entry, (key, chosen) in enumerate(entries)
        for one in chosen
        for row in there[key][one]
    ]
    rows = pd.DataFrame(pairs, columns=["entry", "row"], dtype="int64")
    rows = rows[answers(ev)[rows["row"]]]
    words = ev.findings.iloc[rows["row"]].set_axis(rows.index)
    votes_of = {
        name: one_word(rows["entry"], words[lens.column], lens)["vote"]
        for name, lens in LENSES.items()
    }
    order = range(len(entries))
    return {
        "study": [key[0] for key, _ in entries],
        "domain": [key[1] for key, _ in entries],
        "contrast": [chosen[0] if len(chosen) == 1 else list(chosen) for _, chosen in entries],
        "votes": {
            lens: _vote_codes(vote, vote.index, order, LENSES[lens].placed)
            for lens, vote in votes_of.items()
        },
    }


def _vote_codes(
    vote: pd.Series, of: pd.Series | pd.Index, order: pd.Series | range, words: tuple[str, ...]
) -> list[int]:
    codes = pd.Series(
        pd.Categorical(vote.astype("str"), categories=list(words)).codes, index=of.to_numpy()
    )
    return codes.reindex(order, fill_value=ABSENT).tolist()


def _whole(values: pd.Series) -> list[int | None]:
    return [whole_or_none(value) for value in values]
