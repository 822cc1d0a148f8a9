"""What looks odd in tables made from a file, although every cell of them is allowed."""

from __future__ import annotations

from evidence.importing.arms import ARM_OF
from evidence.importing.placed import Placed
from evidence.importing.roles import MOST_WORDS
from evidence.importing.words import tidy
from evidence.model.schema import own_vocabularies


def odd_things(placed: Placed) -> list[str]:
    """Sentences on what a reader should look at before anything is counted."""
    studies, findings = placed.studies, placed.findings
    odd = []
    if not len(studies):
        return [
            "no row became a study: nothing can be counted; --map 'COLUMN=study' says which "
            "column names the studies, --sheet and --delimiter how the file is read"
        ]
    if len(studies) == 1 and len(findings) > 3:
        who = studies["study_id"].iloc[0]
        odd.append(
            f"all {len(findings)} rows became one study ({who}); --map 'COLUMN=study' "
            "says which column names the studies"
        )
    for name in own_vocabularies():
        words = len(placed.vocabularies.get(name, ()))
        if words > MOST_WORDS and name in (*studies, *findings):
            odd.append(
                f"{name} has {words} different words, which is not a vocabulary; "
                "--map 'COLUMN=own' keeps the column as text"
            )
    odd += _arms_in_rows(placed)
    if placed.rows and len(findings) * 2 < placed.rows:
        left = placed.rows - len(findings)
        odd.append(f"{left} of {placed.rows} rows became no finding; not_placed.csv lists them")
    return odd


def _arms_in_rows(placed: Placed) -> list[str]:
    """A sentence where rows of a study seem to be its arms, of which no effect was worked out."""
    findings = placed.findings
    if "estimate" in findings and (findings["estimate"] != "").any():
        return []
    names = [name for name in map(str, findings) if name.split("_")[-1] in ("arm", "arms", "group")]
    for name in names:
        words = {word for cell in findings[name].unique() for word in tidy(cell).split()}
        if {"exposed", "control"} <= {ARM_OF[word] for word in words if word in ARM_OF}:
            return [
                f"rows of {name} seem to be the arms of one study, and each became a finding; an "
                "effect is worked out where one row holds the numbers of both arms"
            ]
    return []
