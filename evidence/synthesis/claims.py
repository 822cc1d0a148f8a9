"""The claims board: each claim against the rows that bear on it, by its written rule.

Which rows bear on a claim stands in ``claim_criteria``, how its verdict follows in the columns
``rule``, ``expects`` and ``threshold`` of ``claims``, what each rule does in
:mod:`evidence.synthesis.claim_rules`. No verdict is typed in. Supported means that the studies of
this table point that way often enough; it says nothing of size or certainty, and is no advice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.errors import UsageError
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.model.selection import cohort_key
from evidence.synthesis.claim_rules import (
    NOT_ADDRESSED,
    OF_DIRECTION,
    RULES,
    TERM,
    VERDICTS,
    Answer,
    sources_verdict,
    tally,
)
from evidence.synthesis.lens import CONCLUDED
from evidence.synthesis.result import Result
from evidence.synthesis.results import matching, results

SOURCES = "sources"
ALSO_SET_ASIDE = "article_reference"  # a claim about sources bears on all of them, counted or not
COUNTS = [
    *CONCLUDED.placed,
    "not_placed",
    "direction_benefit",
    "direction_mixed",
    "direction_harm",
    "direction_not_placed",
]
COLUMNS = [
    "claim_id",
    "topic",
    "kind",
    "claim",
    "verdict",
    "reason",
    *COUNTS,
    "studies",
    "cohorts",
    "participants",
    "size_unknown",
    "rows",
]


def claim_rows(ev: Evidence) -> pd.DataFrame:
    """Which findings bear on which claim.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``claims`` and ``claim_criteria``.

    Returns
    -------
    DataFrame
        ``claim_id`` and all columns of :func:`evidence.results`, one row a claim and finding. Only
        counted studies, except for claims that ask for the sources of the article.

    Raises
    ------
    UsageError
        When a table is missing, or a condition names an unknown column.

    Examples
    --------
    >>> import evidence
    >>> "claim_id" in evidence.claim_rows(evidence.load())
    True
    """
    criteria = needed(ev, "claim_criteria", "a verdict on claims needs them")
    table = results(ev)
    counted = table["counted"].fillna(False).to_numpy(dtype=bool)
    parts = []
    for claim, conditions in criteria.groupby("claim_id", sort=False):
        meets = np.zeros(len(table), dtype=bool)
        for _, alternative in conditions.groupby("alternative"):
            meets |= matching(table, alternative).all(axis=1).to_numpy()
        if ALSO_SET_ASIDE not in set(conditions["column"]):
            meets &= counted
        found = table[meets]
        found.insert(0, "claim_id", claim)
        parts.append(found)
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else table.iloc[:0].assign(claim_id=pd.Series(dtype="str"))
    )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Claims(Result):
    """Result of :func:`judge_claims`: one row per claim."""

    drawn_by = "claims_board"


def judge_claims(ev: Evidence) -> Claims:
    """Judge each claim by its written rule.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``claims`` (with ``rule``, ``expects``, ``threshold``) and
        ``claim_criteria``.

    Returns
    -------
    Claims
        One row per claim, in the order of the table:

        - ``claim_id, topic, kind, claim``; ``verdict``, one of five words; ``reason``, a sentence
          with the numbers;
        - ``benefit, no_clear_difference, mixed, harm, not_placed``: studies as concluded, one vote
          a study by the 70 % rule over its rows that bear
          on the claim; ``direction_benefit, direction_mixed, direction_harm,
          direction_not_placed``: the same by direction. Missing where the rule does not read
          directions, and where the rows come from several questions or populations, which are never
          added up (see ``reason``);
        - ``studies``, ``cohorts`` (reports that share, or may share, who was studied, as one),
          ``participants`` (known sizes, each study once;
          missing where several populations would be added up), ``size_unknown``; ``rows``: the
          findings.

    Raises
    ------
    UsageError
        When a table or column is missing, a rule is unknown, or ``expects`` is malformed.

    Notes
    -----
    Rules (``rule`` in the table of claims), with the share ``threshold``:

    - ``benefit``, ``harm``: fewer than 3 placed studies by either lens, too little to say; the
      threshold on the claimed side by both lenses,
      supported; on the other side by both, contradicted; the threshold concludes no clear
      difference, too little to say; else mixed.
    - ``no_benefit``, ``no_harm``: the same, the supporting side being the other one. That studies
      show no clear difference never supports them.
    - ``benefit_each``, ``harm_each``: as above for each term of ``expects``; the weakest decides.
    - ``more_benefit``, ``more_harm``: "COLUMN=VALUE / COLUMN=VALUE": the side is at least
      ``threshold`` more frequent in the first, by both lenses.
    - ``most_studies``: more than ``threshold`` of the studies meet ``expects``.
    - ``sources``: at least ``threshold`` of the sources are counted studies that tested the matter.
    - ``none``: no verdict follows from counting.

    Where rows come from several questions or populations, each is judged apart; what those that say
    something agree on is the verdict, else mixed.

    Examples
    --------
    >>> import evidence
    >>> from evidence.synthesis.claims import judge_claims
    >>> board = judge_claims(evidence.load())
    >>> bool(board["claim_id"].is_unique)
    True
    """
    claims = needed(ev, "claims", "there is nothing to judge")
    missing = [name for name in ("rule", "expects", "threshold") if name not in claims]
    if missing:
        raise UsageError(
            f"claims has no column {missing[0]!r}: without a written rule there is no verdict"
        )
    bears = claim_rows(ev)
    lines = []
    for claim in claims.to_dict("records"):
        rows = bears[bears["claim_id"] == claim["claim_id"]]
        verdict, reason = _judged(ev, claim, rows)
        reason = _worded(ev, claim["expects"], reason)
        lines.append(
            claim
            | {"verdict": verdict, "reason": f"{reason[:1].upper()}{reason[1:]}."}
            | _numbers(ev, str(claim["rule"]), rows)
        )
    table = pd.DataFrame(lines, columns=COLUMNS)
    whole = [*COUNTS, "studies", "cohorts", "participants", "size_unknown"]
    table = table.astype(
        dict.fromkeys(whole, "Int64") | {name: claims[name].dtype for name in ("topic", "kind")}
    )
    table["verdict"] = pd.Categorical(table["verdict"], categories=list(VERDICTS))
    return Claims(ev, table, behind=tuple(bears["study_id"].unique()))


def article_support(ev: Evidence) -> pd.DataFrame:
    """What each source of the article is, and whether it tested the matter at all.

    Parameters
    ----------
    ev : Evidence

    Returns
    -------
    DataFrame
        One row a source, in the numbering of the article: ``article_reference, id, source, title,
        what`` ("study" or "review"), ``question``, ``note``; of a study ``design, population,
        exposure, comparator, counted, not_counted_because`` and ``tested``: there was an exposure,
        and the contrast was about it; of a review its ``kind``. What does not apply is missing; a
        review tests nothing itself.

    Raises
    ------
    UsageError
        When no table has the column ``article_reference``.

    Examples
    --------
    >>> import evidence
    >>> from evidence.synthesis.claims import article_support
    >>> article_support(evidence.load())["what"].value_counts().to_dict()
    {'study': 3, 'review': 2}
    """
    columns = [
        "article_reference",
        "id",
        "source",
        "title",
        "what",
        "design",
        "kind",
        "question",
        "population",
        "exposure",
        "comparator",
    ]
    columns += ["tested", "counted", "not_counted_because", "note"]
    parts = []
    for name, key in (("studies", "study_id"), ("reviews", "review_id")):
        if ev.dictionary.field("article_reference", name) and "article_reference" in ev.tables.get(
            name, ()
        ):
            table = ev.tables[name]
            cited = table[table["article_reference"].notna()]
            if name == "studies":
                # An empty comparator leaves the contrast open; only a contrast that is named as
                # another one counts against.
                other = {
                    column: ev.dictionary.marked(column, "contrast", "other")
                    for column in ("exposure", "comparator")
                }
                named = ~cited["exposure"].isin(other["exposure"]) & ~cited["comparator"].isin(
                    other["comparator"]
                )
                cited = cited.assign(tested=(named & cited["exposure"].notna()).astype("boolean"))
            names = ev.names.reindex(cited[key]).to_numpy()
            cited = cited.assign(
                id=cited[key], source=names, what="study" if name == "studies" else "review"
            ).reindex(columns=columns)
            words = [
                column
                for column in columns
                if column not in ("article_reference", "tested", "counted")
            ]
            parts.append(
                cited.astype(
                    dict.fromkeys(words, "str") | {"tested": "boolean", "counted": "boolean"}
                )
            )
    if not parts:
        raise UsageError(
            "This data set has no column 'article_reference' in studies or reviews: no article"
            " started it"
        )
    return pd.concat(parts, ignore_index=True).sort_values(
        "article_reference", kind="stable", ignore_index=True
    )


def _judged(ev: Evidence, claim: dict, rows: pd.DataFrame) -> Answer:
    rule, expects = str(claim["rule"]), "" if pd.isna(claim["expects"]) else str(claim["expects"])
    threshold = 0.7 if pd.isna(claim["threshold"]) else float(claim["threshold"])
    if rule == SOURCES:
        sources = article_support(ev)
        if sources.empty:
            return NOT_ADDRESSED, "the table names no source"
        tested = (sources["tested"] & sources["counted"]).fillna(False)
        return sources_verdict(int(tested.sum()), len(sources), threshold)
    if rule not in RULES:
        raise UsageError(
            f"claim {claim['claim_id']!r} has rule {rule!r}; allowed:"
            f" {', '.join([*RULES, SOURCES])}"
        )
    if rows.empty:
        return (
            NOT_ADDRESSED,
            "no finding of a counted study meets what is written in claim_criteria",
        )
    return RULES[rule](_sides(ev, rows), expects, threshold)


def _worded(ev: Evidence, expects: object, reason: str) -> str:
    """The reason with titles and labels of the dictionary in place of names of columns and values."""
    terms = [] if pd.isna(expects) else re.split(r"; | / ", str(expects))
    for term in sorted(terms, key=len, reverse=True):
        found = TERM.fullmatch(term)
        field = ev.dictionary.field(found["column"], "studies", "findings") if found else None
        if found and field:
            said = field.labels.get(found["value"], found["value"])
            reason = reason.replace(
                term,
                (
                    f"“{field.title}: {said}”"
                    if found["sign"] == "="
                    else f"“{field.title} below {said}”"
                ),
            )
    return reason


def _sides(ev: Evidence, rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each combination of what is kept apart, with its name."""
    apart = ev.dictionary.kept_apart
    groups = rows.groupby(apart, observed=True, sort=True)
    return [
        (", ".join(ev.dictionary.label(c, v) for c, v in zip(apart, key, strict=True)), part)
        for key, part in groups
    ]


def _numbers(ev: Evidence, rule: str, rows: pd.DataFrame) -> dict[str, object]:
    once = rows.drop_duplicates("study_id")
    one_side = len(once[ev.dictionary.kept_apart].drop_duplicates()) <= 1
    found: dict[str, object] = {
        "studies": len(once),
        "cohorts": cohort_key(once, "possible").nunique(),
        "participants": once["sample_size"].sum() if one_side else None,
        "size_unknown": once["sample_size"].isna().sum(),
        "rows": "; ".join(sorted(rows["finding_id"], key=_by_number)),
    }
    if not one_side or rule not in OF_DIRECTION:
        return found
    votes = tally(rows)
    found |= votes.concluded | {"not_placed": votes.studies - votes.placed("concluded")}
    found |= {f"direction_{word}": n for word, n in votes.direction.items()}
    return found | {"direction_not_placed": votes.studies - votes.placed("direction")}


def _by_number(finding: str) -> tuple[str, int, str]:
    """Findings in the order of their running number.

    >>> sorted(["a-10", "a-2"], key=_by_number)
    ['a-2', 'a-10']
    """
    study, _, number = finding.rpartition("-")
    return study, int(number) if number.isdigit() else 0, finding
