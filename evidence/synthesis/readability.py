"""How often a direction is printed, by what was concluded.

A direction that is printed only where a difference was significant makes counting directions repeat
the counting of conclusions. So this stands beside every sign test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from evidence.frames import is_true
from evidence.model.contrasts import answers
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.synthesis.lens import CONCLUDED, DIRECTION
from evidence.synthesis.result import Result, counted_ids
from evidence.synthesis.votes import main_findings

UNCLEAR = "no_clear_difference"
NOT_PRINTED = "not_reported"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Readability(Result):
    """Result of :func:`readability`: one row for everything that is kept apart.

    Attributes
    ----------
    main_only : bool
        Whether only main findings were looked at.
    """

    headings: ClassVar[Mapping[str, str]] = {
        "unclear": "No clear difference",
        "unclear_printed": "of these, direction printed",
        "share_unclear": "share printed",
        "others": "Other conclusions",
        "others_printed": "of those, direction printed",
        "share_others": "share printed, others",
        "not_concluded": "No conclusion",
    }

    main_only: bool = True

    def sentence(self, **place: str) -> str:
        """One row in words, such as ``sentence(question="risk", population="human")``; empty where
        there is no such row.
        """
        rows = self.frame
        for column, value in place.items():
            rows = rows[rows[column].astype("str") == value]
        if rows.empty:
            return ""
        counts = rows[["unclear", "unclear_printed", "others", "others_printed"]].sum()
        label = lower_first(self.ev.dictionary.label(CONCLUDED.column, UNCLEAR))
        what = "main findings" if self.main_only else "findings"
        return (
            f"Of {counts['unclear']} {what} concluded “{label}”, {counts['unclear_printed']} have a"
            f" printed direction; of {counts['others']} others, {counts['others_printed']}."
        )


def readability(ev: Evidence, main_only: bool = True) -> Readability:
    """How many results have a printed direction: those without a clear difference, and the others.

    Parameters
    ----------
    ev : Evidence
        The whole data set or a selection. Only counted studies, and findings that answer, enter.
    main_only : bool, default True
        Only the main finding of each study.

    Returns
    -------
    Readability
        The columns kept apart; ``unclear``, findings concluded to show no clear difference, and
        ``unclear_printed``, those of them whose direction is printed; ``others`` (concluded
        benefit, harm or mixed) and ``others_printed``; ``share_unclear``, ``share_others``;
        ``not_concluded``, findings without a conclusion.

    Examples
    --------
    >>> import evidence
    >>> table = evidence.readability(evidence.load())
    >>> bool((table["unclear_printed"] <= table["unclear"]).all())
    True
    """
    apart = ev.dictionary.kept_apart
    studies = ev.counted_studies
    findings = ev.findings[answers(ev)]
    if main_only:
        main = main_findings(ev)["finding_id"]
        findings = findings[findings["finding_id"].isin(main)]
    kept = ["study_id", CONCLUDED.column, DIRECTION.column]
    table = findings[kept].merge(studies[["study_id", *apart]], on="study_id")
    said = table[CONCLUDED.column].astype("str")
    seen = table[DIRECTION.column].astype("str").fillna(NOT_PRINTED)
    printed, unclear = seen != NOT_PRINTED, is_true(said.eq(UNCLEAR))
    others = said.isin(CONCLUDED.placed) & ~unclear
    marks = pd.DataFrame(
        {
            "unclear": unclear,
            "unclear_printed": unclear & printed,
            "others": others,
            "others_printed": others & printed,
            "not_concluded": ~(unclear | others),
        }
    ).astype("int64")
    counts = marks.groupby([table[name] for name in apart], observed=True).sum().reset_index()
    for name in ("unclear", "others"):
        share = counts[f"{name}_printed"] / counts[name].replace(0, np.nan)
        counts.insert(list(counts.columns).index("not_concluded"), f"share_{name}", share)
    return Readability(ev, counts, underlying=counted_ids(ev), main_only=main_only)
