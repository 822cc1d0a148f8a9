"""What the main finding of a counted study owes the question, and what a result that compares
nothing cannot say.

Which contrasts answer, and which compare nothing, the dictionary says; a data set that names no
contrasts has nothing to check here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evidence.errors import Fault
from evidence.frames import is_true
from evidence.model.contrasts import (
    answering,
    contrast_names,
    contrast_of,
    empty_contrasts,
    voting_contrasts,
)

if TYPE_CHECKING:
    from evidence.checks.run import Checked

UNCLEAR = "no_clear_difference"


def check_main_findings(checked: Checked) -> list[Fault]:
    """Faults of main findings and of what they compare."""
    studies, findings = checked.frames["studies"], checked.frames["findings"]
    counted = studies.loc[is_true(studies["counted"]), "study_id"]
    main = is_true(findings["is_primary"])
    chosen = main & findings["study_id"].isin(counted)
    found = contrast_of(checked.dictionary, studies, findings)
    return [
        *_contrasts(checked, chosen, found),
        *_no_comparison(checked, found),
        *_basis(checked, main, chosen),
    ]


def _contrasts(checked: Checked, chosen: pd.Series, found: pd.Series) -> list[Fault]:
    """The main finding of a counted study is of a contrast that answers the question."""
    names = contrast_names(checked.dictionary)
    allowed = ", ".join(names[value] for value in voting_contrasts(checked.dictionary))
    return checked.texts["findings"].faults(
        chosen & ~answering(checked.dictionary, found),
        "is_primary",
        lambda i: (
            f"the study is counted, but its main finding is not an answer: {names[found.iloc[i]]}"
        ),
        f"a main finding of one of these, or counted = false: {allowed}",
        "main",
    )


def _no_comparison(checked: Checked, found: pd.Series) -> list[Fault]:
    """What compares nothing cannot fail to show a difference."""
    findings = checked.frames["findings"]
    said = is_true(findings["conclusion"].eq(UNCLEAR))
    return checked.texts["findings"].faults(
        said & found.isin(empty_contrasts(checked.dictionary)),
        "conclusion",
        f"is {UNCLEAR}, but nothing was compared",
        "not_applicable, or the comparator that it was compared with",
        "main",
    )


def _basis(checked: Checked, main: pd.Series, chosen: pd.Series) -> list[Fault]:
    """The main finding of a counted study says by what rule it is; others say nothing."""
    text, findings = checked.texts["findings"], checked.frames["findings"]
    if "primary_basis" not in text.columns:
        return []
    filled = findings["primary_basis"].notna()
    return [
        *text.faults(
            chosen & ~filled,
            "primary_basis",
            "is empty although this is the main finding of a counted study",
            "why it is the main finding",
            "main",
        ),
        *text.faults(
            filled & ~main,
            "primary_basis",
            "is filled although this is not the main finding",
            "empty",
            "main",
        ),
    ]
