"""One vote a unit: from findings to studies, and from studies to cohorts.

Two lenses put the same results into words. *As concluded* takes the authors' conclusion, which
leans on significance. *Direction* takes the sign of the observed difference, whatever its p-value.
A lens is never mixed with the other.

Several findings become one vote by the 70 % rule of Boon and Thomson (2021), *Research Synthesis
Methods* 12:29-33, doi 10.1002/jrsm.1458: when at least 70 % of the results that have a direction
agree, that is the vote; else it is mixed. The rule is applied within one outcome domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from evidence.arguments import one_of
from evidence.errors import UsageError
from evidence.model.evidence import Evidence
from evidence.model.selection import OVERLAPS, cohort_key
from evidence.synthesis.lens import CONCLUDED, Lens, get_lens
from evidence.synthesis.result import Counted, counted_ids

AGREEMENT = (7, 10)  # seven in ten, as whole numbers so that 70 % is met exactly
UNITS = ("study", "cohort", "finding")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Votes(Counted):
    """Result of :func:`votes`: one row per unit, with its vote."""

    @cached_property
    def named(self) -> pd.DataFrame:
        """The votes with ``label`` (name of the study), ``design`` and ``tier`` of the design."""
        studies = self.ev.studies.drop_duplicates("study_id").set_index("study_id")
        field = self.ev.dictionary.tables["studies"].by_name["design"]
        tiers = {category.value: category.extra.get("tier", 1) for category in field.categories}
        ids = self.frame["study_id"]
        design = ids.map(studies["design"].astype("str"))
        label = pd.Series(self.ev.names.reindex(ids).to_numpy(), index=ids.index).fillna(ids)
        return self.frame.assign(
            label=label, design=pd.Categorical(design, field.values), tier=design.map(tiers)
        )


def votes(
    ev: Evidence,
    lens: str = "concluded",
    unit: str = "study",
    by: str | None = None,
    overlap: str = "possible",
) -> Votes:
    """One row per unit, with its vote.

    Parameters
    ----------
    ev : Evidence
        Only its counted studies vote.
    lens : {"concluded", "direction"}
        As concluded by the authors, or the direction of the observed difference.
    unit : {"study", "cohort", "finding"}
        What has one vote. A study's vote is its conclusion as a whole, or the direction of the
        outcome domain of its primary finding. A cohort's vote is that of its representative where
        it has one, else what 70 % of its reports agree on.
    by : str, optional
        A further column of studies or findings. With a column of the findings, such as
        ``outcome_domain``, a study votes once for each value of it.
    overlap : {"possible", "certain"}
        Which overlaps make a cohort.

    Returns
    -------
    Votes
        Columns ``unit, study_id``, the columns that are kept apart, ``by``, ``vote`` (a word of the
        lens; missing when the unit could not be placed), ``results`` (how many results stand behind
        the vote) and ``sample_size``.

    Raises
    ------
    UsageError
        For an unknown lens, unit, overlap or column.

    Examples
    --------
    >>> import evidence
    >>> from evidence.synthesis.votes import votes
    >>> table = votes(evidence.load(), lens="direction", unit="cohort")
    >>> bool(table["unit"].is_unique)
    True
    """
    chosen = get_lens(lens)
    one_of("unit", unit, UNITS)
    one_of("overlap", overlap, OVERLAPS)
    if isinstance(by, str) and by in ("study_id", "finding_id", "sample_size"):
        raise UsageError(
            f"by is {by!r}, which tells every study apart; name a column that groups the studies"
        )
    studies = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    known = by is None or isinstance(by, str)
    of_findings = by is not None and known and by not in studies.columns
    if not known or (of_findings and by not in ev.findings.columns):
        raise UsageError(
            f"no column {by!r} in studies or findings; columns:"
            f" {', '.join(dict.fromkeys([*studies.columns, *ev.findings.columns]))}"
        )
    table = _table(ev, studies, chosen, unit, by, overlap)
    behind = counted_ids(ev) if unit == "cohort" else tuple(table["study_id"].unique())
    return Votes(ev, table, behind=behind, lens=lens, unit=unit, by=by, overlap=overlap)


def _table(
    ev: Evidence, studies: pd.DataFrame, chosen: Lens, unit: str, by: str | None, overlap: str
) -> pd.DataFrame:
    apart, of_findings = ev.dictionary.kept_apart, by is not None and by not in studies.columns
    extra = [by] if by and by not in apart else []
    keys = [*apart, *extra]
    shown = list(dict.fromkeys(["unit", "study_id", *keys, "vote", "results", "sample_size"]))
    columns = ["study_id", "sample_size", *dict.fromkeys([*apart, *([] if of_findings else extra)])]
    if unit != "finding" and chosen is CONCLUDED and not of_findings:
        result = _whole_votes(studies, columns, overlap)
    else:
        findings = _joined_findings(
            ev, studies, [*columns, "direction", "cohort_representative"], chosen, by, unit, overlap
        )
        if unit == "finding":
            return findings.assign(
                unit=findings["finding_id"],
                vote=_words(findings[chosen.column], chosen.placed),
                results=1,
            )[shown]
        result = _study_votes(findings, chosen, extra if of_findings else [], columns)
    return (cohort_votes(result, keys, chosen) if unit == "cohort" else result)[shown]


def seventy_percent(groups: pd.Series, words: pd.Series, placed: tuple[str, ...]) -> pd.DataFrame:
    """One word for each group by the 70 % rule.

    Parameters
    ----------
    groups : Series
        Group of each result.
    words : Series
        Word of each result; words outside ``placed`` have no direction and do not vote.
    placed : tuple of str
        Words that vote; ``"mixed"`` is among them.

    Returns
    -------
    DataFrame
        Index: group. Columns ``vote`` (missing when no result votes) and ``results`` (how many
        voted).

    Examples
    --------
    >>> words = pd.Series(["benefit"] * 7 + ["harm"] * 3)
    >>> seventy_percent(pd.Series(["one"] * 10), words, ("benefit", "mixed", "harm")).loc[
    ...     "one", "vote"
    ... ]
    'benefit'
    """
    codes, names = pd.factorize(groups)
    word = _words(words, placed).codes
    voting = word >= 0
    counts = np.bincount(
        codes[voting] * len(placed) + word[voting], minlength=len(names) * len(placed)
    ).reshape(len(names), len(placed))
    total, most = counts.sum(axis=1), counts.max(axis=1, initial=0)
    agreed = most * AGREEMENT[1] >= total * AGREEMENT[0]
    first = (
        np.array(placed, dtype=object)[counts.argmax(axis=1)]
        if len(names)
        else np.array([], dtype=object)
    )
    vote = np.where(total == 0, None, np.where(agreed, first, "mixed"))
    return pd.DataFrame(
        {"vote": pd.Categorical(vote, categories=list(placed)), "results": total},
        index=pd.Index(names, name="group"),
    )


def _joined_findings(
    ev: Evidence,
    studies: pd.DataFrame,
    columns: list[str],
    lens: Lens,
    by: str | None,
    unit: str,
    overlap: str,
) -> pd.DataFrame:
    """Findings with the columns of their study that a vote needs, and no more: a table can be long.

    A study votes in one outcome domain, unless a column of the findings tells them apart. Where
    both tables have the column ``by``, a finding that votes for itself has its own value where it
    is filled.
    """
    wanted = ["finding_id", "study_id", "is_primary", "outcome_domain", lens.column]
    own = by if by in ev.findings.columns and by not in columns else None
    findings = ev.findings[list(dict.fromkeys([*wanted, *([own] if own else [])]))]
    if unit != "finding" and (by is None or by in studies):
        findings = _in_primary_domain(findings)
    if unit == "finding" and by in ev.findings.columns and by in columns:
        findings = findings.assign(_own=ev.findings[by])
    table = findings.merge(
        studies[columns].assign(cohort_unit=cohort_key(studies, overlap)), on="study_id"
    )
    if "_own" in table:
        table[by] = table["_own"].where(table["_own"].notna(), table[by])
    return table


def _in_primary_domain(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings in the outcome domain of the primary finding of their study, which are those that a
    study votes with.
    """
    study, domain = (pd.factorize(findings[column])[0] for column in ("study_id", "outcome_domain"))
    primary = findings["is_primary"].fillna(False).to_numpy(dtype=bool)
    own = np.full(study.max(initial=-1) + 1, -1)
    own[study[primary][::-1]] = domain[primary][
        ::-1
    ]  # turned round: where a study has several, the first counts
    return findings[(domain == own[study]) & (domain >= 0)]


def _words(words: pd.Series, placed: tuple[str, ...]) -> pd.Categorical:
    """Words as a category; those that do not vote are missing."""
    if isinstance(words.dtype, pd.CategoricalDtype):
        return words.cat.set_categories(list(placed)).array
    text = words.astype("str")
    return pd.Categorical(text.where(text.isin(placed), None), categories=list(placed))


def _whole_votes(studies: pd.DataFrame, columns: list[str], overlap: str) -> pd.DataFrame:
    """The conclusion of each study as a whole."""
    vote = _words(studies["direction"], CONCLUDED.placed)
    table = studies[list(dict.fromkeys([*columns, "cohort_representative"]))]
    return table.assign(
        cohort_unit=cohort_key(studies, overlap), unit=studies["study_id"], vote=vote, results=1
    )


def _study_votes(
    findings: pd.DataFrame, lens: Lens, by: list[str], columns: list[str]
) -> pd.DataFrame:
    """What 70 % of a study's results agree on, as a whole or for each value of a column of the
    findings.
    """
    kept = [*columns, "cohort_unit", "cohort_representative"]
    table = findings[[*kept, *by]].drop_duplicates(["study_id", *by])
    group = _joined(findings, ["study_id", *by])
    agreed = seventy_percent(group, findings[lens.column], lens.placed)
    unit = _joined(table, ["study_id", *by])
    found = agreed.reindex(unit)
    return table.assign(
        unit=unit,
        vote=found["vote"].array,
        results=found["results"].fillna(0).to_numpy().astype(int),
    )


def cohort_votes(votes: pd.DataFrame, keys: list[str], lens: Lens) -> pd.DataFrame:
    """From the votes of studies to those of their cohorts: the representative's, else what 70 % of
    the reports agree on.
    """
    votes = votes.assign(unit=_joined(votes, ["cohort_unit", *keys]))
    shared = votes["unit"].duplicated(keep=False).to_numpy()
    several = votes[shared].assign(
        lead=lambda t: t["cohort_representative"].fillna(False).astype(bool),
        size=lambda t: t["sample_size"].fillna(-1),
    )
    several = several.sort_values(
        ["lead", "size", "study_id"], ascending=[False, False, True], kind="stable"
    )
    agreed = seventy_percent(several["unit"], several["vote"], lens.placed)
    one = several.drop_duplicates("unit")
    together = agreed["vote"].reindex(one["unit"]).set_axis(one.index)
    one = one.assign(vote=one["vote"].where(one["lead"], together)).drop(columns=["lead", "size"])
    return pd.concat([votes[~shared], one]).sort_values("unit", kind="stable")


def _joined(table: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Cells of several columns as one key."""
    key = table[columns[0]].astype("str")
    for column in columns[1:]:
        key = key + "|" + table[column].astype("str").fillna("")
    return key
