"""With what each finding compares: the contrast, which is looked at before the outcome.

The dictionary names the contrasts of a data set in its setting ``contrasts``, says which of them
answer its questions (``votes``) and which set one group against another (``groups``), and gives
each comparator its contrast. An exposure can be marked as no exposure of interest (``"contrast":
"other"``), and then so is every contrast with it. A data set without that setting has one contrast,
which votes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evidence.model.dictionary import Dictionary
from evidence.model.evidence import Evidence

OTHER = "other"
ANY = "any"


def contrast_names(dictionary: Dictionary) -> dict[str, str]:
    """Label of each contrast, in the order of the dictionary."""
    named = dictionary.settings.get("contrasts", [])
    return {one["value"]: one["label"] for one in named} or {ANY: "Any contrast"}


def voting_contrasts(dictionary: Dictionary) -> list[str]:
    """Contrasts that answer the questions of the data set."""
    named = dictionary.settings.get("contrasts", [])
    return [one["value"] for one in named if one.get("votes", True)] or [ANY]


def group_contrasts(dictionary: Dictionary) -> list[str]:
    """Contrasts that vote and set one group against another (``groups`` in the dictionary)."""
    named = dictionary.settings.get("contrasts", [])
    return [one["value"] for one in named if one.get("votes", True) and one.get("groups")]


def contrasts(ev: Evidence) -> pd.Series:
    """Contrast of each finding, index as the findings.

    A comparator or exposure of the finding counts before that of its study. Where neither
    is known, the contrast is missing: it votes, since nothing says that it compares something else.

    Returns
    -------
    Series of category
    """
    names = list(contrast_names(ev.dictionary))
    findings = ev.findings
    if names == [ANY]:
        return pd.Series(pd.Categorical([ANY] * len(findings), [ANY]), findings.index)
    by_comparator = _own_or_study(ev, "comparator").map(_marks(ev.dictionary, "comparator"))
    by_exposure = _own_or_study(ev, "exposure").map(_marks(ev.dictionary, "exposure"))
    found = by_comparator.where(by_exposure != OTHER, OTHER)
    return pd.Series(pd.Categorical(found, names), findings.index)


def answers(ev: Evidence) -> np.ndarray:
    """Whether each finding is of a contrast that votes; one that is not known does."""
    found = contrasts(ev)
    return (found.isna() | found.isin(voting_contrasts(ev.dictionary))).to_numpy(dtype=bool)


def _marks(dictionary: Dictionary, column: str) -> dict[str, str]:
    """The contrast that each value of a column is marked with."""
    field = dictionary.field(column, "studies", "findings")
    marked = field.categories if field else ()
    return {one.value: one.extra["contrast"] for one in marked if "contrast" in one.extra}


def _own_or_study(ev: Evidence, column: str) -> pd.Series:
    """A column of the findings, filled from their studies."""
    findings = ev.findings
    studies = ev.studies.drop_duplicates("study_id").set_index("study_id")
    empty = pd.Series(np.nan, index=findings.index, dtype="str")
    own = findings[column].astype("str") if column in findings else empty
    if column not in studies:
        return own
    of_study = findings["study_id"].map(studies[column].astype("str")).astype("str")
    return own.where(own.notna(), of_study)
