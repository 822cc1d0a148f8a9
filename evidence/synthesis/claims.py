"""The claims board: each claim against the rows that bear on it, by its written rule.

Which rows bear on a claim is written in ``claim_criteria``, how its verdict follows in the columns
``rule``, ``expects`` and ``threshold`` of ``claims``, what each rule does in
:mod:`evidence.synthesis.claim_rules`. No verdict is typed in. The alternatives of a claim (another
outcome, another kind of people) are strands: each is judged apart, and nothing is added up across
them. Supported means that the studies of this table point that way often enough; it says nothing of
size, and is not advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from evidence.errors import UsageError
from evidence.frames import is_true
from evidence.model.core_tables import needed
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.model.selection import cohort_key
from evidence.nouns import number_form
from evidence.synthesis.claim_rules import (
    DENIED,
    EACH,
    MORE,
    NOT_ADDRESSED,
    OF_DIRECTION,
    OTHERS,
    SIDES,
    TOO_LITTLE,
    VERDICTS,
    Tally,
    combined,
    direction_verdict,
    finished_verdict,
    meets,
    most_studies,
    sources_verdict,
    tally,
)
from evidence.synthesis.harms import harms
from evidence.synthesis.once import once
from evidence.synthesis.overview import cited_by_article
from evidence.synthesis.result import Result
from evidence.synthesis.results import matching, results
from evidence.synthesis.sign_test import sign_test
from evidence.tables.conditions import TERM

ALSO_SET_ASIDE = "article_reference"  # a claim about sources bears on all of them, counted or not
COUNTS = [
    *("for", "no_clear_difference", "mixed", "against", "not_placed"),
    *("direction_for", "direction_mixed", "direction_against", "direction_unreadable"),
    *("trials", "trials_for", "studies", "cohorts", "participants", "size_unknown"),
]
COLUMNS = ["claim_id", "topic", "kind", "claim", "verdict", "certainty", "reason", *COUNTS, "rows"]
# what says how many took part
SIZED = ["study_id", "cohort", "cohort_overlap", "sample_size"]
NO_RULE = "none"  # what then bears on a claim is written beside it, and why nothing does
STRANDS = ["claim_id", "strand", "verdict", "reason", *COUNTS, "rows"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Claims(Result):
    """Result of :func:`judge_claims`: one row per claim.

    Attributes
    ----------
    strands : DataFrame
        One row per claim and strand: ``claim_id, strand`` (in words), ``verdict, reason``, the
        counts and ``rows``.
    """

    drawn_by = "claims_board"
    strands: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def article(self) -> dict[str, str]:
        """The article that makes the claims, as far as the dictionary names it."""
        return dict(self.ev.dictionary.settings.get("article", {}))


def claim_rows(ev: Evidence) -> pd.DataFrame:
    """Which findings bear on which claim.

    Parameters
    ----------
    ev : Evidence
        Needs the tables ``claims`` and ``claim_criteria``.

    Returns
    -------
    DataFrame
        ``claim_id``, ``alternative`` and all columns of :func:`evidence.results`, one row per
        claim, alternative and finding. Only counted studies, except for claims that ask for the
        sources of the article.

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
    table = results(ev).frame
    trials = ev.dictionary.designs()
    table = table.assign(randomised=table["design"].isin(trials))
    counted = is_true(table["counted"]).to_numpy()
    parts = []
    for (claim, alternative), conditions in criteria.groupby(
        ["claim_id", "alternative"], sort=False
    ):
        met = matching(table, conditions, ev.dictionary).all(axis=1).to_numpy()
        if ALSO_SET_ASIDE not in set(conditions["column"]):
            met = met & counted
        found = table[met]
        found.insert(0, "claim_id", claim)
        found.insert(1, "alternative", alternative)
        parts.append(found)
    if parts:
        return pd.concat(parts, ignore_index=True)
    return table.iloc[:0].assign(claim_id=pd.Series(dtype="str"), alternative=pd.NA)


@once
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

        - ``claim_id, topic, kind, claim``; ``verdict``, one of seven; ``certainty``, on how
          much it rests, in words; ``reason``, a sentence of at most forty words;
        - seen from the claim, one vote per study: ``for, no_clear_difference, mixed, against,
          not_placed`` as the authors conclude, ``direction_for, direction_mixed,
          direction_against, direction_unreadable``, and the randomised ones among them, ``trials``
          and ``trials_for``. Missing where the rule does not read directions, and where the claim
          has several strands, which are never added up: see ``strands``;
        - ``studies``, ``cohorts`` (reports that share, or may share, who was studied, as one),
          ``participants`` (known sizes, each study once), ``size_unknown``; ``rows``: the findings.

    Raises
    ------
    UsageError
        When a table or column is missing, a rule is unknown, or ``expects`` is malformed.

    Notes
    -----
    Rules (``rule`` in the table of claims), with the share ``threshold``; the verdict of a strand
    follows as :func:`evidence.synthesis.claim_rules.direction_verdict` says:

    - ``benefit``, ``harm``: studies point that way; strands that say something must agree.
    - ``no_benefit``, ``no_harm``: the same, the supporting side being the other one. That studies
      show no clear difference never supports them: such a claim "cannot be shown by these studies".
    - ``benefit_each``, ``harm_each``: a strand for each term of ``expects``; the weakest decides.
    - ``more_benefit``, ``more_harm``: "COLUMN=VALUE / COLUMN=VALUE": the side is at least
      ``threshold`` more frequent in the first, by both lenses.
    - ``most_studies``: more than ``threshold`` of the studies meet ``expects``.
    - ``finished``: at least ``threshold`` of those who began finished.
    - ``sources``: at least ``threshold`` of the sources are counted studies that tested the matter.
    - ``none``: no verdict follows from counting.

    Examples
    --------
    >>> import evidence
    >>> board = evidence.judge_claims(evidence.load())
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
    bearing = bears.groupby("claim_id", sort=False).indices
    lines, strands = [], []
    for claim in claims.to_dict("records"):
        line, parts = _judged(ev, claim, bears.take(bearing.get(claim["claim_id"], [])))
        if isinstance(instead := claim.get("judged_instead"), str) and parts:
            line["reason"] += f" {instead}"
        lines.append(claim | line)
        strands += [{"claim_id": claim["claim_id"]} | part for part in parts]
    table = _typed(pd.DataFrame(lines, columns=COLUMNS))
    table = table.astype({name: claims[name].dtype for name in ("topic", "kind")})
    apart = _typed(pd.DataFrame(strands, columns=STRANDS))
    return Claims(ev, table, underlying=tuple(bears["study_id"].unique()), strands=apart)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    verdict = pd.Categorical(table["verdict"], categories=list(VERDICTS))
    return table.astype(dict.fromkeys(COUNTS, "Int64")).assign(verdict=verdict)


OF_SOURCES = [
    *("article_reference", "id", "source", "title", "what", "design", "kind", "question"),
    *("population", "exposure", "comparator", "tested", "counted", "not_counted_because", "note"),
]


def article_support(ev: Evidence) -> pd.DataFrame:
    """What each source of the article is, and whether it tested the matter at all.

    Parameters
    ----------
    ev : Evidence

    Returns
    -------
    DataFrame
        One row per source, in the numbering of the article: ``article_reference, id, source, title,
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
    sources = cited_by_article(ev, OF_SOURCES)
    return sources.assign(tested=_tested(ev, sources).where(sources["what"].eq("study")))


def _tested(ev: Evidence, studies: pd.DataFrame) -> pd.Series:
    """Whether each study had an exposure, and compared it. An empty comparator leaves the contrast
    open; only a contrast that is named as another one counts against.
    """
    tested = studies["exposure"].notna()
    for column in ("exposure", "comparator"):
        tested &= ~studies[column].isin(ev.dictionary.marked(column, "contrast", "other"))
    return tested.astype("boolean")


Line = dict[str, Any]


def _judged(ev: Evidence, claim: Line, rows: pd.DataFrame) -> tuple[Line, list[Line]]:
    """The row of a claim, and those of its strands."""
    rule = str(claim["rule"])
    if rule not in (*OF_DIRECTION, *OTHERS):
        raise UsageError(
            f"claim {claim['claim_id']!r} has rule {rule!r}; allowed:"
            f" {', '.join([*OF_DIRECTION, *OTHERS])}"
        )
    expects = "" if pd.isna(claim["expects"]) else str(claim["expects"])
    threshold = 0.7 if pd.isna(claim["threshold"]) else float(claim["threshold"])
    if rule == "sources":
        return _of_sources(ev, rows, threshold), []
    if rows.empty:
        written = claim.get("rows_that_bear_on_it")
        why = "No finding of a counted study meets what is written for this claim."
        if rule == NO_RULE and isinstance(written, str):
            why = upper_first(written.removeprefix("None: "))
        return {"verdict": NOT_ADDRESSED, "certainty": "", "reason": why} | _sizes(ev, rows), []
    if rule in OF_DIRECTION:
        return _of_direction(ev, claim, rows, expects, threshold)
    verdict, reason = _otherwise(ev, rule, rows, expects, threshold)
    line = {"verdict": verdict, "certainty": "", "reason": _sentence(_worded(ev, expects, reason))}
    return line | _sizes(ev, rows), []


def _otherwise(
    ev: Evidence, rule: str, rows: pd.DataFrame, expects: str, threshold: float
) -> tuple[str, str]:
    """Verdict and reason of a rule that reads no directions."""
    if rule == "most_studies":
        return most_studies(rows, expects, threshold)
    if rule == "finished" and "harms" not in ev.tables:
        return TOO_LITTLE, "there is no record of who finished"
    if rule == "finished":
        found = harms(ev.select(study_id=rows["study_id"].unique().tolist()))
        finished = found.total("finished")
        if pd.isna(finished["total"]) or pd.isna(finished["started"]):
            return TOO_LITTLE, "no study says how many finished"
        counts = (int(finished[name]) for name in ("total", "started", "shown", "studies"))
        untold = found.frame[found.frame["finished"].isna()]["started"]
        silent = float("inf") if untold.isna().any() else int(untold.sum())
        return finished_verdict(*counts, threshold, silent)
    return TOO_LITTLE, "no rule follows from counting studies"


def _of_sources(ev: Evidence, rows: pd.DataFrame, threshold: float) -> Line:
    sources = article_support(ev)
    if sources.empty:
        line = {"verdict": NOT_ADDRESSED, "certainty": "", "reason": "The table names no source."}
        return line | _sizes(ev, rows)
    tested = (sources["tested"] & sources["counted"]).fillna(False)
    verdict, reason = sources_verdict(int(tested.sum()), len(sources), threshold)
    return {"verdict": verdict, "certainty": "", "reason": _sentence(reason)} | _sizes(ev, rows)


def _of_direction(
    ev: Evidence, claim: Line, rows: pd.DataFrame, expects: str, threshold: float
) -> tuple[Line, list[Line]]:
    rule = str(claim["rule"])
    claimed = (SIDES | EACH | MORE)[rule]
    named = dict(_strands(ev, rule, rows, expects))
    tallies = {name: tally(part, claimed, rule in DENIED) for name, part in named.items()}
    parts = [
        {"strand": name, "verdict": direction_verdict(one, threshold), "reason": f"{one}."}
        | _votes(one)
        | _sizes(ev, named[name])
        for name, one in tallies.items()
    ]
    verdict = combined(rule)(list(tallies.values()), threshold)
    first = next(iter(tallies.values()))
    alone = len(tallies) == 1
    reason = f"{first}." if alone else _of_strands(parts, rule in DENIED)
    if rule in DENIED and any(one.concluded["no_clear_difference"] for one in tallies.values()):
        reason += " A result without a clear difference does not show that there is none."
    line = {
        "verdict": verdict,
        "certainty": _certainty(ev, rows, claimed, len(tallies)),
        "reason": reason,
    }
    return line | (_votes(first) if alone else {}) | _sizes(ev, rows), parts


def _strands(
    ev: Evidence, rule: str, rows: pd.DataFrame, expects: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The parts of a claim that are judged apart, with their names."""
    if rule in EACH or rule in MORE:
        for term in expects.split("; " if rule in EACH else " / "):
            yield _worded(ev, expects, term), rows[meets(rows, term)[0]]
        return
    apart = [*ev.dictionary.kept_apart, "alternative"]
    several = [column for column in apart if rows[column].nunique() > 1] or apart[:1]
    for _, part in rows.groupby(several, observed=True, sort=True):
        yield _strand_name(ev, part, rows), part


def _strand_name(ev: Evidence, part: pd.DataFrame, rows: pd.DataFrame) -> str:
    """What tells a strand from the others: outcomes, then what is kept apart."""
    columns = [*ev.dictionary.kept_apart, "outcome_domain"]
    told = [c for c in columns if rows[c].nunique() > 1] or ["outcome_domain"]
    names = [
        " or ".join(ev.dictionary.label(column, value) for value in part[column].dropna().unique())
        for column in told
    ]
    return ", ".join(names)


def _of_strands(parts: list[Line], denied: bool) -> str:
    """The verdict of each strand in a few words; of a denial, how many see no clear difference."""
    unclear = lambda part: f", {part['no_clear_difference']} no clear difference" if denied else ""
    said = [
        f"{part['strand']}: {part['verdict']} ({part['for']} for, {part['against']}"
        f" against{unclear(part)}, of {part['studies']})"
        for part in parts
    ]
    return f"{'; '.join(said)}."


def _certainty(ev: Evidence, rows: pd.DataFrame, claimed: str, strands: int) -> str:
    """On how much a verdict rests, and whether it survives what was not printed."""
    sizes = _sizes(ev, rows)
    trials = rows.loc[rows["randomised"].to_numpy(dtype=bool), "study_id"].nunique()
    studies = f"{sizes['studies']} {'study' if sizes['studies'] == 1 else 'studies'}"
    parts = [studies, f"{trials} randomised {number_form(trials, 'trial', 'trials')}"]
    if sizes["participants"] is not None:
        parts.append(_took_part(sizes))
    said = ", ".join(parts)
    shared = sizes["cohorts"] < sizes["studies"]  # they are not separate proof
    if strands > 1:
        return f"{said}; {sizes['cohorts']} groups, as some reports share them" if shared else said
    said += "; "
    if shared:
        rows = rows.assign(study_id=cohort_key(rows, "possible"))
        said += f"with shared groups counted once ({sizes['cohorts']}), "
    d = tally(rows, claimed).direction
    test = sign_test(d["for"], d["against"], d["unreadable"])
    if test.too_few:
        return f"{said}too few printed directions for a test"
    if test.holds:
        return f"{said}the lean holds however the unprinted results point"
    if test.p_value < 0.05:
        return f"{said}the lean depends on {test.unreadable} results that were not printed"
    return f"{said}the printed directions could be chance alone"


def _took_part(sizes: Line) -> str:
    """How many took part; what is not known is never said to be 0."""
    unknown = sizes["size_unknown"]
    if unknown and unknown == sizes["studies"]:
        return "how many took part is not known"
    return f"{sizes['participants']:,} took part" + (f" and more in {unknown}" if unknown else "")


def _votes(one: Tally) -> Line:
    direction = {f"direction_{word}": n for word, n in one.direction.items()}
    return one.concluded | direction | {"trials": one.trials, "trials_for": one.trials_for}


def _sizes(ev: Evidence, rows: pd.DataFrame) -> Line:
    """How many studies, groups and people, and which findings."""
    apart = ev.dictionary.kept_apart
    once = rows.loc[~rows["study_id"].duplicated(), [*apart, *SIZED]]
    one_side = len(once[apart].drop_duplicates()) <= 1
    return {
        "studies": len(once),
        "cohorts": cohort_key(once, "possible").nunique() if len(once) else 0,
        "participants": int(once["sample_size"].sum()) if one_side else None,
        "size_unknown": int(once["sample_size"].isna().sum()),
        "rows": "; ".join(sorted(set(rows["finding_id"]), key=_by_number)),
    }


def _worded(ev: Evidence, expects: str, text: str) -> str:
    """A text with titles and labels of the dictionary in place of terms of ``expects``."""
    terms = re.split(r"; | / ", expects) if expects else []
    for term in sorted(terms, key=len, reverse=True):
        found = TERM.fullmatch(term)
        named = None
        if found:
            named = ev.dictionary.field(found["column"], "studies", "findings")
        if found and named:
            value = named.labels.get(found["value"], found["value"])
            sign = {"=": ":"}.get(found["sign"], " below")
            text = text.replace(term, f"“{named.title}{sign} {value}”")
    return text


def _sentence(text: str) -> str:
    return f"{upper_first(text)}."


def _by_number(finding: str) -> tuple[str, int, str]:
    """Findings in the order of their running number.

    >>> sorted(["a-10", "a-2"], key=_by_number)
    ['a-2', 'a-10']
    """
    study, _, number = finding.rpartition("-")
    return study, int(number) if number.isdigit() else 0, finding
