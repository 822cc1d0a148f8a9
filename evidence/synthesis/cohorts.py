"""Reports that share, or may share, the same individuals: how they vote together, and how much of
the evidence is the same individuals again.
"""

from __future__ import annotations

import pandas as pd

from evidence.frames import is_true
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.model.selection import cohort_key
from evidence.synthesis.lens import LENSES
from evidence.synthesis.votes import votes

OVERLAPS = ("certain", "possible")
# Columns about who stands for a cohort, and how many that are: the last ones of the table.
OF_REPRESENTATIVES = (
    "stands_for_it",
    "has_representative",
    "participants",
    "participants_once",
    "size_unknown",
)


def cohort_table(ev: Evidence, overlap: str = "possible") -> pd.DataFrame:
    """One row per cohort: who is in it, how its reports vote, and how it votes when it has one
    vote.

    Parameters
    ----------
    ev : Evidence
        Needs a table of cohorts.
    overlap : {"possible", "certain"}
        Which overlaps make a cohort. With "certain", reports that only may share individuals with
        others vote for themselves and stand in no row.

    Returns
    -------
    DataFrame
        In the order of the columns kept apart, largest first: ``cohort`` (id), ``label``, the
        columns kept apart (of its counted reports; a cohort whose counted reports differ in them
        has a row for each), ``overlap`` ("certain", "possible", or "certain and possible"),
        ``reports`` (in the table, all questions), ``counted``; for each lens ``LENS_WORD`` (counted
        reports by vote), ``LENS_not_placed`` and ``LENS_vote`` (of the cohort: its
        representative's, else what 70 % of its reports agree on; missing when it could not be
        placed); ``stands_for_it`` (the representative, else the largest known sample),
        ``has_representative``, ``participants`` (known sizes of the counted reports added up),
        ``participants_once`` (of ``stands_for_it`` alone) and ``size_unknown`` (counted reports of
        unknown size).

    Raises
    ------
    UsageError
        When the data set has no cohorts, or for an unknown overlap.

    Examples
    --------
    >>> import evidence
    >>> table = cohort_table(evidence.load())
    >>> bool((table["counted"] <= table["reports"]).all())
    True
    """
    cohorts = needed(ev, "cohorts", "no reports are known to share individuals")
    apart, studies = ev.dictionary.kept_apart, ev.studies
    members = studies[cohort_key(studies, overlap) != studies["study_id"]]
    sizes = _sizes(members, apart)
    by_lens = [_votes_inside(ev, lens, members, overlap) for lens in LENSES]
    result = pd.concat([sizes, *by_lens], axis=1).loc[sizes.index].reset_index()
    alone = members.loc[~members["cohort"].isin(result["cohort"]), ["cohort"]].drop_duplicates()
    if len(alone):
        result = pd.concat([result, alone.assign(counted=0)], ignore_index=True)
    reports = members.groupby("cohort", observed=True).size()
    result["reports"] = result["cohort"].map(reports).astype("int64")
    result["overlap"] = result["cohort"].map(_overlaps(members)).astype("str")
    result["label"] = result["cohort"].map(cohorts.set_index("cohort_id")["label"])
    result = result.astype({column: studies[column].dtype for column in apart})
    first = ["cohort", "label", *apart, "overlap", "reports", "counted"]
    middle = [column for column in result if column not in (*first, *OF_REPRESENTATIVES)]
    numbers = [name for name in middle if not str(name).endswith("_vote")]
    numbers += ["participants", "participants_once", "size_unknown"]
    types = dict.fromkeys(numbers, "Int64") | {"has_representative": "boolean", "counted": "int64"}
    return (
        result[[*first, *middle, *OF_REPRESENTATIVES]]
        .astype(types)
        .sort_values(
            [*apart, "counted", "cohort"],
            ascending=[True] * len(apart) + [False, True],
            kind="stable",
            ignore_index=True,
        )
    )


def _sizes(members: pd.DataFrame, apart: list[str]) -> pd.DataFrame:
    """Counted reports of each cohort and how many took part; index: cohort and the columns kept
    apart.
    """
    keys = [members["cohort"].rename("cohort"), *(members[column] for column in apart)]
    counted = is_true(members["counted"])
    inside = members[counted].groupby([key[counted] for key in keys], observed=True)
    representative = is_true(members["cohort_representative"]) & counted
    table = pd.DataFrame(
        {
            "counted": inside.size(),
            "has_representative": representative.groupby(keys, observed=True).any(),
            "participants": inside["sample_size"].sum().astype("int64"),
            "size_unknown": inside.size() - inside["sample_size"].count(),
        }
    )
    whole = dict.fromkeys(("counted", "participants", "size_unknown"), "int64")
    return table[table["counted"].notna()].astype(whole | {"has_representative": "bool"})


def _overlaps(members: pd.DataFrame) -> pd.Series:
    """Which overlaps the reports of each cohort have, in words."""
    certain, possible = (
        (members["cohort_overlap"] == word).fillna(False).groupby(members["cohort"]).any()
        for word in OVERLAPS
    )
    both = pd.Series("certain and possible", index=certain.index)
    return both.mask(~possible, "certain").mask(~certain, "possible")


def repeated_share(ev: Evidence) -> pd.DataFrame:
    """How much of the evidence is the same individuals again.

    Parameters
    ----------
    ev : Evidence
        Only counted studies enter.

    Returns
    -------
    DataFrame
        One row for everything that is kept apart: those columns, ``studies``, ``in_cohorts``
        (studies that share, or may share, individuals with another counted one), ``units_certain``
        and ``units_possible`` (what remains when certain overlaps, or possible ones too, count
        once), ``repeated_certain`` and ``repeated_possible`` (share of the studies that bring no
        individuals of their own: 1 - units / studies), ``participants`` (known sizes added up) and
        ``participants_certain``, ``participants_possible`` (added up with each cohort once, by the
        report that stands for it; where its size is not known, the cohort adds nothing).

    Examples
    --------
    >>> import evidence
    >>> table = repeated_share(evidence.load())
    >>> bool((table["repeated_certain"] <= table["repeated_possible"]).all())
    True
    """
    apart = ev.dictionary.kept_apart
    table = votes(ev, "concluded", "study")
    groups = table.groupby(apart, observed=True)
    result = pd.DataFrame({"studies": groups.size()})
    key = table["study_id"].map(cohort_key(ev.studies, "possible").set_axis(ev.studies["study_id"]))
    shared = (
        table.assign(key=key).groupby([*apart, "key"], observed=True)["study_id"].transform("size")
        > 1
    )
    result["in_cohorts"] = (
        shared.groupby([table[column] for column in apart], observed=True).sum().astype("int64")
    )
    once = {
        overlap: votes(ev, "concluded", "cohort", None, overlap).groupby(apart, observed=True)
        for overlap in OVERLAPS
    }
    for overlap, units in once.items():
        result[f"units_{overlap}"] = units.size()
    for overlap in OVERLAPS:
        result[f"repeated_{overlap}"] = 1 - result[f"units_{overlap}"] / result["studies"]
    result["participants"] = groups["sample_size"].sum().astype("int64")
    for overlap, units in once.items():
        result[f"participants_{overlap}"] = units["sample_size"].sum().astype("int64")
    return result.reset_index()


def _votes_inside(ev: Evidence, lens: str, members: pd.DataFrame, overlap: str) -> pd.DataFrame:
    """Votes of the reports of each cohort in one lens, and the vote of the cohort; index: cohort
    and the columns kept apart.
    """
    apart = ev.dictionary.kept_apart
    cohort = members.set_index("study_id")["cohort"]
    own = votes(ev, lens, "study")
    own = own[own["study_id"].isin(cohort.index)]
    keys = [own["study_id"].map(cohort).rename("cohort"), *(own[column] for column in apart)]
    words = {
        f"{lens}_{word}": (own["vote"] == word).groupby(keys, observed=True).sum()
        for word in LENSES[lens].placed
    }
    words[f"{lens}_not_placed"] = own["vote"].isna().groupby(keys, observed=True).sum()
    together = votes(ev, lens, "cohort", None, overlap)
    together = together[together["study_id"].isin(cohort.index)]
    together = together.assign(cohort=together["study_id"].map(cohort)).set_index(
        ["cohort", *apart]
    )
    result = pd.DataFrame(words).assign(**{f"{lens}_vote": together["vote"].astype("str")})
    if lens == "concluded":
        result = result.assign(
            stands_for_it=together["study_id"], participants_once=together["sample_size"]
        )
    return result
