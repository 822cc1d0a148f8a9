"""What looks odd in tables made from a file, although every cell of them is allowed."""

from __future__ import annotations

from evidence.importing.arms import ARM_OF
from evidence.importing.columns import OWN
from evidence.importing.placed import Placed
from evidence.importing.roles import MOST_WORDS
from evidence.importing.texts import filled
from evidence.importing.words import known, tidy
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
    odd += _papers_of_several(placed) + _effects_of_several(placed) + _arms_in_rows(placed)
    if placed.rows and len(findings) * 2 < placed.rows:
        left = placed.rows - len(findings)
        odd.append(f"{left} of {placed.rows} rows became no finding; not_placed.csv lists them")
    return odd


def _papers_of_several(placed: Placed) -> list[str]:
    """A sentence where several studies have one DOI: each paper stands once in a table."""
    studies = placed.studies
    theirs = next((one.theirs for one in placed.proposals if one.ours == "doi"), None)
    if theirs is None or "doi" not in studies:
        return []
    shared = studies[filled(studies["doi"]) & studies["doi"].duplicated(keep=False)]
    if shared.empty:
        return []
    first = shared[shared["doi"] == shared["doi"].iloc[0]]["study_id"]
    return [
        f"{len(shared)} studies share their DOI with another, such as "
        f"{' and '.join(map(repr, first.tolist()[:2]))}; if they are samples of one paper, "
        f"--map '{theirs}=study' makes one study of it"
    ]


def _effects_of_several(placed: Placed) -> list[str]:
    """A sentence where no effect was read and several are beside each other, such as ``yi_r, vi_r,
    yi_d, vi_d``: which of them is meant is not told.
    """
    names = known()["columns"]
    found: dict[str, dict[str, str]] = {}
    for one in placed.proposals:
        stem, _, end = tidy(one.theirs).rpartition(" ")
        for target in ("estimate", "se", "variance"):
            if one.ours == OWN and stem in names[target]:
                found.setdefault(end, {})[target] = one.theirs
    pairs = [pair for pair in found.values() if len(pair) > 1 and "estimate" in pair]
    if _has_estimates(placed) or not pairs:
        return []
    told = ", ".join(" with ".join(map(repr, pair.values())) for pair in pairs)
    flags = " ".join(f"--map '{theirs}={target}'" for target, theirs in pairs[0].items())
    return [f"no effect was read, and these columns look like some: {told}; {flags} reads one"]


def _has_estimates(placed: Placed) -> bool:
    findings = placed.findings
    return "estimate" in findings and bool(filled(findings["estimate"]).any())


def _arms_in_rows(placed: Placed) -> list[str]:
    """A sentence where rows of a study seem to be its arms, of which no effect was worked out."""
    findings = placed.findings
    if _has_estimates(placed):
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
