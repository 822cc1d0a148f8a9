"""Whether main findings conclude something else than all other findings of the same studies.

A main finding that was chosen after its result was known would show here: the main findings would
conclude a difference more often than the others. The rule that chooses them now never looks at
results (docs/decisions/main_result.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from evidence.model.contrasts import answers
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import CONCLUDED
from evidence.synthesis.reading_cells import MAIN_FINDING
from evidence.synthesis.result import Result, counted_ids
from evidence.synthesis.votes import main_findings

BEFORE, AFTER = "before the rule", "by the rule"
TESTED = ("benefit", "harm")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Skew(Result):
    """Result of :func:`main_result_skew`: one row for each part and choice of main findings."""

    headings: ClassVar[Mapping[str, str]] = {
        "when": "Main findings chosen",
        "main": "Main findings",
        "others": "Other findings",
        "share_main_benefit": "Conclude {benefit}, main",
        "share_others_benefit": "Conclude {benefit}, others",
        "p_benefit": "p-value",
        "share_main_harm": "Conclude {harm}, main",
        "share_others_harm": "Conclude {harm}, others",
        "p_harm": "p-value of the latter",
    }
    shown = (
        "question",
        "population",
        "when",
        "main",
        "others",
        "share_main_benefit",
        "share_others_benefit",
        "p_benefit",
        "share_main_harm",
        "share_others_harm",
        "p_harm",
    )


def main_result_skew(ev: Evidence) -> Skew:
    """Conclusions of main findings against those of all other findings.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection. Only counted studies, and findings that answer and
        conclude something, enter.

    Returns
    -------
    Skew
        The columns kept apart; ``when``: "before the rule" (as far as ``reconciliations`` says
        which finding was the main one; its conclusion is that of today) and "by the rule"; for
        main findings and others ``main, main_benefit, main_no_clear_difference, main_mixed,
        main_harm`` and ``others...``; then, for benefit and for harm, ``share_main_benefit,
        share_others_benefit`` and ``p_benefit`` (Fisher's exact test, two-sided; findings of one
        study are treated as independent, so it is a rough guide).

    Examples
    --------
    >>> import evidence
    >>> table = evidence.main_result_skew(evidence.load())
    >>> sorted(set(table["when"]))
    ['before the rule', 'by the rule']
    """
    apart = ev.dictionary.kept_apart
    studies = ev.counted_studies
    kept = ["finding_id", "study_id", CONCLUDED.column]
    findings = ev.findings[answers(ev)][kept].merge(studies[["study_id", *apart]], on="study_id")
    findings = findings[findings[CONCLUDED.column].isin(CONCLUDED.placed)]
    now = main_findings(ev).set_index("study_id")["finding_id"]
    former = _former(ev)
    choices = {AFTER: set(now)}
    if len(former):
        choices = {BEFORE: set(former.reindex(now.index).fillna(now)), **choices}
    rows = []
    for group, part in findings.groupby(apart, observed=True):
        for when, chosen in choices.items():
            place = dict(zip(apart, group, strict=True)) | {"when": when}
            rows.append(place | _row(part, part["finding_id"].isin(chosen)))
    columns = [*apart, "when", *_row(findings.iloc[:0], pd.Series([], dtype=bool))]
    return Skew(ev, pd.DataFrame(rows, columns=columns), underlying=counted_ids(ev))


def _former(ev: Evidence) -> pd.Series:
    """The finding that was the main one of a study before a reading moved it, by study."""
    if not {"reconciliations", "readings"} <= set(ev.tables):
        return pd.Series(dtype="str")
    readings = ev.tables["readings"]
    mine = readings[readings["field"].astype("str") == MAIN_FINDING]
    moved = ev.tables["reconciliations"].merge(mine[["reading_id", "study_id"]], on="reading_id")
    moved = moved[(moved["settled"] == "changed") & moved["value_before"].notna()]
    return moved.drop_duplicates("study_id").set_index("study_id")["value_before"].astype("str")


def _row(part: pd.DataFrame, main: pd.Series) -> dict[str, object]:
    """Counts of the conclusions of main findings and of the others, and how far they differ."""
    said = part[CONCLUDED.column].astype("str")
    row: dict[str, object] = {}
    counts = {"main": said[main].value_counts(), "others": said[~main].value_counts()}
    for name, words in counts.items():
        row[name] = int(words.sum())
        row |= {f"{name}_{word}": int(words.get(word, 0)) for word in CONCLUDED.placed}
    for word in TESTED:
        yes = [int(words.get(word, 0)) for words in counts.values()]
        all_ = [int(words.sum()) for words in counts.values()]
        row[f"share_main_{word}"] = yes[0] / all_[0] if all_[0] else float("nan")
        row[f"share_others_{word}"] = yes[1] / all_[1] if all_[1] else float("nan")
        row[f"p_{word}"] = _fisher(yes, all_)
    return row


def _fisher(yes: list[int], every: list[int]) -> float:
    """Fisher's exact test of two shares; missing where one side is empty."""
    if not all(every):
        return float("nan")
    from scipy.stats import fisher_exact

    table = [[one, whole - one] for one, whole in zip(yes, every, strict=True)]
    return float(fisher_exact(table)[1])
