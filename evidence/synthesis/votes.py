"""One vote per unit: from findings to studies, and from studies to cohorts.

Both lenses look at the same results. A study votes with its main finding, which is chosen by a
written rule that never looks at results (docs/decisions/main_result.md), and only with findings
whose contrast answers the question (:mod:`evidence.model.contrasts`). Several findings become
one vote as :func:`evidence.synthesis.lens.one_word` says, within one outcome domain only. Where a
selection is of one outcome, a study votes with all its findings there, as in
:func:`evidence.outcomes`: its main finding may be on another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from evidence.arguments import one_of
from evidence.errors import UsageError
from evidence.frames import filled_from, is_true
from evidence.model.columns import no_column
from evidence.model.contrasts import answers
from evidence.model.evidence import Evidence
from evidence.model.selection import OVERLAPS, cohort_key
from evidence.synthesis.lens import CONCLUDED, Lens, get_lens, one_word, words_of
from evidence.synthesis.once import once
from evidence.synthesis.result import Counted, counted_ids

UNITS = ("study", "cohort", "finding")
OUTCOME = "outcome_domain"
FEW_ROWS = 10
MAIN = ("rule", "declared", "outcome", "whole")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Votes(Counted):
    """Result of :func:`votes`: one row per unit, with its vote."""

    def chart(self, **options: Any) -> Any:
        """The votes as a harvest plot; by outcome domain, as an effect-direction plot."""
        import evidence

        draw = evidence.charts.effect_direction if self.by == OUTCOME else evidence.charts.harvest
        return draw(self, **options)

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


@once
def votes(
    ev: Evidence,
    lens: str = "concluded",
    unit: str = "study",
    by: str | None = None,
    overlap: str = "possible",
    main: str = "rule",
) -> Votes:
    """One row per unit, with its vote.

    Parameters
    ----------
    ev : Evidence
        Only its counted studies vote.
    lens : {"concluded", "direction"}
        As concluded by the authors, or the direction of the observed difference.
    unit : {"study", "cohort", "finding"}
        What has one vote. A cohort's vote is that of its representative where it has one, else what
        its reports agree on. A finding's vote is its own, main or not.
    by : str, optional
        A further column of studies or findings. With a column of the findings, such as
        ``outcome_domain``, a study votes once for each value of it, with all its findings there. A
        study that a selection by findings leaves no result that votes is in no row.
    overlap : {"possible", "certain"}
        Which overlaps make a cohort.
    main : {"rule", "declared", "outcome", "whole"}
        What a study votes with, where ``by`` is not a column of the findings: its main finding; its
        main finding if the authors declared it primary (other studies leave); all findings in the
        outcome domain of its main finding; its conclusion as a whole (lens "concluded" only). In a
        selection by one outcome (``ev.select(outcome_domain=...)``) the rule is: all findings
        there.

    Returns
    -------
    Votes
        Columns ``unit, study_id``, the columns that are kept apart, ``by``, ``vote`` (a word of the
        lens; missing when the unit could not be placed), ``results`` and ``silent`` (how many
        results with and without a word the vote is based on) and ``sample_size``.

    Raises
    ------
    UsageError
        For an unknown lens, unit, overlap, main or column.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.votes(evidence.load(), lens="direction", unit="cohort")
    >>> bool(table["unit"].is_unique)
    True
    """
    chosen = get_lens(lens)
    one_of("unit", unit, UNITS)
    one_of("overlap", overlap, OVERLAPS)
    one_of("main", main, MAIN if chosen is CONCLUDED else MAIN[:-1])
    _check_column(ev, by)
    table = _table(ev, chosen, unit, by, overlap, main)
    underlying = counted_ids(ev) if unit == "cohort" else tuple(table["study_id"].unique())
    return Votes(ev, table, underlying=underlying, lens=lens, unit=unit, by=by, overlap=overlap)


def _check_column(ev: Evidence, by: str | None) -> None:
    """Whether rows can be made of a column."""
    if by is None:
        return
    if not isinstance(by, str) or not (by in ev.studies or by in ev.findings):
        raise UsageError(no_column(ev.dictionary, by, [], {}))
    if by in ("study_id", "finding_id", "sample_size") or _all_differ(ev, by):
        raise UsageError(
            f"by is {by!r}, which is different for every study; name a column that groups them"
        )


def _all_differ(ev: Evidence, by: str) -> bool:
    """Whether a column without a vocabulary holds another text in each row. A few rows may differ
    by chance.
    """
    field = ev.dictionary.field(by, "studies", "findings")
    if field is None or field.type != "string" or field.categories:
        return False
    cells = ev.tables["studies" if by in ev.studies else "findings"][by].dropna()
    return field.unique or (len(cells) > FEW_ROWS and cells.is_unique)


def _table(
    ev: Evidence, lens: Lens, unit: str, by: str | None, overlap: str, main: str
) -> pd.DataFrame:
    studies = ev.counted_studies
    apart = ev.dictionary.kept_apart
    of_findings = by is not None and by not in studies
    extra = []
    if by and by not in apart:
        extra = [by]
    keys = [*apart, *extra]
    shown = list(
        dict.fromkeys(["unit", "study_id", *keys, "vote", "results", "silent", "sample_size"])
    )
    columns = list(
        dict.fromkeys(["study_id", "sample_size", *apart, *([] if of_findings else extra)])
    )
    if unit == "finding":
        return _finding_votes(ev, studies[columns], lens, by)[shown]
    studies = studies[list(dict.fromkeys([*columns, "cohort_representative", "direction"]))].assign(
        cohort_unit=cohort_key(studies, overlap)
    )
    if main == "whole" and not of_findings:
        result = _whole_votes(studies)
    else:
        findings = _voting(ev, studies, main, of_findings)
        if main == "declared" and not of_findings:
            studies = studies[studies["study_id"].isin(findings["study_id"])]
        if of_findings and ev.columns_of_findings:  # no value of the column is theirs
            studies = studies[studies["study_id"].isin(findings["study_id"])]
        result = _study_votes(studies, findings, lens, extra if of_findings else [])
    return (cohort_votes(result, keys, lens) if unit == "cohort" else result)[shown]


def _finding_votes(ev: Evidence, studies: pd.DataFrame, lens: Lens, by: str | None) -> pd.DataFrame:
    """Every finding that answers; its own value of ``by`` counts before its study's."""
    findings = ev.findings[answers(ev)]
    own = findings.get(by) if by else None
    wanted = ["finding_id", "study_id", lens.column]
    if own is not None and by not in studies:
        wanted.append(str(by))
    table = findings[wanted].merge(studies, on="study_id")
    if own is not None and by in studies:
        value = table["finding_id"].map(own.set_axis(findings["finding_id"]))
        table[by] = filled_from(value, table[by])
    vote = words_of(table[lens.column], lens)
    placed = (vote.codes >= 0).astype("int64")
    return table.assign(unit=table["finding_id"], vote=vote, results=placed, silent=1 - placed)


def main_findings(ev: Evidence) -> pd.DataFrame:
    """The main finding of each study: one row per study that has one, the first where several are
    marked.
    """
    findings = ev.findings
    marked = findings[is_true(findings["is_primary"])]
    return marked.drop_duplicates("study_id")


def one_outcome(ev: Evidence) -> str | None:
    """The outcome that a selection is of, by a condition on it; None where it is of several, or
    not made by outcomes.

    >>> import evidence
    >>> ev = evidence.load()
    >>> one_outcome(ev.select(outcome_domain="function")), one_outcome(ev.select(sport="soccer"))
    ('function', None)
    """
    if OUTCOME not in ev.columns_of_findings:
        return None
    there = ev.tables["findings"][OUTCOME].unique().tolist()
    return str(there[0]) if len(there) == 1 else None


def sides_of(ev: Evidence, row: Mapping[Any, Any] | pd.Series) -> dict[str, str]:
    """What harm and benefit are called in a row, on its outcome or that of the selection."""
    return ev.dictionary.sides({OUTCOME: one_outcome(ev), **dict(row)})


def without_result(ev: Evidence, table: pd.DataFrame) -> pd.Series:
    """Which units of a table of votes have none because a selection by findings leaves them no
    result that votes: their main finding is outside of it, or what was compared there does not
    answer the question.
    """
    if not ev.columns_of_findings:
        return pd.Series(False, table.index)
    return table["vote"].isna() & (table["results"] + table["silent"] == 0)


def with_results(ev: Evidence) -> Evidence:
    """A selection without the counted studies that it leaves no result that votes."""
    if not ev.columns_of_findings:
        return ev
    table = votes(ev)
    silent = table["study_id"][without_result(ev, table.frame)]
    studies = ev.studies
    there = ~(is_true(studies["counted"]) & studies["study_id"].isin(silent))
    return ev.with_tables({**ev.tables, "studies": studies[there].reset_index(drop=True)})


def _voting(ev: Evidence, studies: pd.DataFrame, main: str, all_of_them: bool) -> pd.DataFrame:
    """The findings that the studies vote with."""
    findings = ev.findings[answers(ev)]
    findings = findings[findings["study_id"].isin(studies["study_id"])]
    if all_of_them or (main == "rule" and one_outcome(ev)):
        return findings
    chosen = main_findings(ev)
    if main == "declared":
        chosen = chosen[is_true(chosen["primary_basis"].eq("declared"))]
    if main != "outcome":
        return findings[findings["finding_id"].isin(chosen["finding_id"])]
    domain = findings["study_id"].map(chosen.set_index("study_id")["outcome_domain"].astype("str"))
    return findings[(findings["outcome_domain"].astype("str") == domain).fillna(False)]


def _whole_votes(studies: pd.DataFrame) -> pd.DataFrame:
    """The conclusion of each study as a whole."""
    vote = words_of(studies["direction"], CONCLUDED)
    placed = (vote.codes >= 0).astype("int64")
    return studies.assign(unit=studies["study_id"], vote=vote, results=placed, silent=1 - placed)


def _study_votes(
    studies: pd.DataFrame, findings: pd.DataFrame, lens: Lens, by: list[str]
) -> pd.DataFrame:
    """What a study's results agree on, as a whole or for each value of a column of the findings.

    A study without such a result stays, without a vote.
    """
    places = findings[["study_id", *by]].drop_duplicates()
    table = studies.merge(places, on="study_id", how="left")
    found = one_word(_joined(findings, ["study_id", *by]), findings[lens.column], lens)
    unit = _joined(table, ["study_id", *by])
    found = found.reindex(unit)
    return table.assign(
        unit=unit,
        vote=found["vote"].array,
        results=found["results"].fillna(0).to_numpy(dtype="int64"),
        silent=found["silent"].fillna(0).to_numpy(dtype="int64"),
    )


def cohort_votes(votes: pd.DataFrame, keys: list[str], lens: Lens) -> pd.DataFrame:
    """From the votes of studies to those of their cohorts: the representative's, else what the
    reports agree on.
    """
    votes = votes.assign(unit=_joined(votes, ["cohort_unit", *keys]))
    shared = votes["unit"].duplicated(keep=False).to_numpy()
    several = votes[shared].assign(
        lead=lambda t: is_true(t["cohort_representative"]),
        size=lambda t: t["sample_size"].fillna(-1),
    )
    several = several.sort_values(
        ["lead", "size", "study_id"], ascending=[False, False, True], kind="stable"
    )
    agreed = one_word(several["unit"], several["vote"], lens)
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
