"""What every data set has, what it may have, and what is said where something is not there.

Two tables and a bibliography are required. A column below ``OPTIONAL`` that a data set does not
have counts as empty throughout; any further table or column is the data set's own. What a function
cannot show without a table, it says in one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from evidence.errors import Fault, NoTable
from evidence.model.dictionary import Dictionary

if TYPE_CHECKING:
    from evidence.model.evidence import Evidence

REQUIRED: dict[str, tuple[str, ...]] = {
    "studies": (
        "study_id",
        "year",
        "question",
        "population",
        "design",
        "sample_size",
        "direction",
        "counted",
        "not_counted_because",
    ),
    "findings": (
        "finding_id",
        "study_id",
        "outcome_domain",
        "outcome",
        "is_primary",
        "conclusion",
        "observed_direction",
    ),
}
# What a further table has, if it is there.
OF_FURTHER: dict[str, tuple[str, ...]] = {
    "arms": ("arm_id", "finding_id", "arm", "n", "mean", "sd", "ci_low", "ci_high", "ci_level"),
    "harms": (
        "harms_id",
        "study_id",
        "arm",
        "started",
        "finished",
        "adverse_events",
        "adverse_events_counted",
        "serious_adverse_events",
        "deaths",
        "shown",
    ),
    "programmes": (
        "programme_id",
        "study_id",
        "arm",
        "kind",
        "what",
        "frequency_per_week",
        "session_minutes",
        "duration_weeks",
    ),
    "participants": ("participants_id", "study_id", "group", "age_mean", "age_sd", "male_percent"),
    "exposure_measures": ("measure_id", "study_id", "instrument", "validated"),
    "readings": ("study_id", "finding_id", "field", "first_reading", "second_reading"),
    "reconciliations": (
        "reconciliation_id",
        "reading_id",
        "value_before",
        "value_after",
        "settled",
        "reason",
        "address",
    ),
    "audit": ("audit_id", "study_id", "finding_id", "field", "verdict"),
    "adjudications": (
        "adjudication_id",
        "reading_id",
        "table",
        "id",
        "field",
        "verdict",
        "value",
        "who",
        "when",
        "why",
    ),
    "cohorts": ("cohort_id", "label"),
    "reviews": ("review_id", "year"),
    "review_conclusions": ("conclusion_id", "review_id", "outcome_domain", "direction"),
    "review_inclusions": ("inclusion_id", "review_id", "study_id", "cited_as", "match"),
    "pooled_estimates": (
        "pooled_id",
        "review_id",
        "outcome_domain",
        "outcome",
        "subgroup",
        "measure",
        "estimate",
        "ci_low",
        "ci_high",
    ),
    "claims": ("claim_id", "topic", "kind", "claim", "rule", "expects", "threshold"),
    "claim_criteria": ("criterion_id", "claim_id", "alternative", "column", "value"),
    "pools": ("pool_id", "title", "measure", "headline", "note"),
    "pool_criteria": ("criterion_id", "pool_id", "column", "value"),
    "questions": ("question_id", "place", "title", "rule", "worse", "better"),
    "cautions": (
        "caution_id",
        "question",
        "population",
        "outcome_domain",
        "caution",
        "explanation",
        "criteria",
        "source",
    ),
    "glossary": ("glossary_id", "term", "also", "explanation"),
    "unverified_fields": ("unverified_id", "table", "id", "field"),
    "source_status": (
        "status_id",
        "table",
        "id",
        "service",
        "identifier",
        "checked",
        "result",
        "notice",
        "detail",
        "link",
    ),
    "searches": (
        "search_id",
        "date",
        "search",
        "since",
        "question",
        "service",
        "found",
        "duplicates",
        "in_table",
        "not_read",
        "new",
    ),
    "known_issues": ("issue_id", "table", "id", "field", "rule", "contradicts"),
}
# Columns that the code reads where they are; their pandas types.
OPTIONAL: dict[str, dict[str, str]] = {
    "studies": {
        "title": "str",
        "doi": "str",
        "pmid": "str",
        "pmcid": "str",
        "exposure": "str",
        "comparator": "str",
        "sample_unit": "str",
        "n_exposed": "Int64",
        "n_control": "Int64",
        "cohort": "str",
        "cohort_overlap": "str",
        "cohort_representative": "boolean",
        "article_reference": "Int64",
    },
    "findings": {
        "measure": "str",
        "estimate": "float64",
        "ci_low": "float64",
        "ci_high": "float64",
        "ci_level": "Int64",
        "p_operator": "str",
        "p_value": "float64",
        "estimate_origin": "str",
        "outcome_scale": "str",
        "comparator": "str",
        "reversed_contrast": "boolean",
        "primary_basis": "str",
        "exposure": "str",
    },
}
# Types of the columns above; all others are strings.
KINDS = {
    **dict.fromkeys(
        (
            "year",
            "sample_size",
            "n_exposed",
            "n_control",
            "article_reference",
            "ci_level",
            "n",
            "alternative",
        ),
        "integer",
    ),
    **dict.fromkeys(("place", "found", "in_table", "duplicates", "not_read", "new"), "integer"),
    **dict.fromkeys(
        ("started", "finished", "adverse_events", "serious_adverse_events", "deaths"), "integer"
    ),
    **dict.fromkeys(
        (
            "frequency_per_week",
            "session_minutes",
            "duration_weeks",
            "age_mean",
            "age_sd",
            "male_percent",
        ),
        "number",
    ),
    **dict.fromkeys(
        ("estimate", "ci_low", "ci_high", "p_value", "mean", "sd", "threshold"), "number"
    ),
    **dict.fromkeys(
        (
            "counted",
            "is_primary",
            "cohort_representative",
            "reversed_contrast",
            "headline",
            "shown",
            "validated",
        ),
        "boolean",
    ),
}
# Columns of which the code needs to know every value, for their order and for their labels.
WITH_VOCABULARY = {
    "studies": ("design", "direction"),
    "findings": ("outcome_domain", "conclusion", "observed_direction"),
}
# The words of the method. A data set gives them labels of its own, but no other words.
CONCLUSIONS = ("benefit", "no_clear_difference", "harm", "mixed", "not_applicable")
OBSERVED = ("benefit", "null", "harm", "mixed", "not_reported")
WORDS = {
    ("studies", "direction"): CONCLUSIONS,
    ("findings", "conclusion"): CONCLUSIONS,
    ("findings", "observed_direction"): OBSERVED,
}
# What a table holds, in the words of a message about a data set that lacks it.
HOLDS = {
    "arms": "values of single arms",
    "harms": "record of harms",
    "programmes": "record of what was done",
    "participants": "record of who took part",
    "exposure_measures": "record of how exposure was measured",
    "readings": "second reading",
    "reconciliations": "record of how readings were settled",
    "audit": "audit",
    "adjudications": "decisions of people",
    "cohorts": "cohorts",
    "reviews": "reviews",
    "review_conclusions": "conclusions of reviews",
    "review_inclusions": "lists of what reviews include",
    "pooled_estimates": "pooled results of reviews",
    "appraisals": "published ratings",
    "claims": "claims",
    "claim_criteria": "rows that bear on a claim",
    "pools": "pools",
    "pool_criteria": "rows that belong to a pool",
    "questions": "questions that readers ask",
    "cautions": "reasons to be careful",
    "glossary": "glossary",
    "not_read": "list of studies that could not be read",
    "unverified_fields": "list of unverified fields",
    "known_issues": "list of known contradictions",
    "searches": "record of searches",
    "source_status": "status of the sources",
}


def lacks(name: str, so: str = "") -> str:
    """One sentence on a table that is not there, and on what therefore cannot be shown.

    >>> lacks("readings", "nothing to compare")
    'This data set has no second reading (readings.csv): nothing to compare'
    """
    return f"This data set has no {HOLDS.get(name, f'table {name!r}')} ({name}.csv)" + (
        f": {so}" if so else ""
    )


def needed(ev: Evidence, name: str, so: str) -> pd.DataFrame:
    """A table that a result rests on.

    Parameters
    ----------
    ev : Evidence
    name : str
        Name of the table.
    so : str
        What cannot be shown without it.

    Raises
    ------
    NoTable
        When the data set does not have it.
    """
    if name not in ev.tables:
        raise NoTable(lacks(name, so))
    return ev.tables[name].copy(deep=False)


def completed(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables, with the optional columns that they lack as empty ones."""
    result = dict(tables)
    for name, columns in OPTIONAL.items():
        if name in result:
            frame = result[name]
            absent = {
                column: pd.Series(index=frame.index, dtype=dtype)
                for column, dtype in columns.items()
                if column not in frame
            }
            result[name] = frame.assign(**absent) if absent else frame
    return result


def core_faults(dictionary: Dictionary, shown: str) -> list[Fault]:
    """What a dictionary lacks of what every data set has; ``shown`` is its path in messages."""
    faults = []

    def fault(table: str, column: str, message: str, allowed: str) -> None:
        faults.append(
            Fault(
                shown, 0, column, f"table {table}: {message}" if table else message, allowed, "core"
            )
        )

    for name, columns in REQUIRED.items():
        if name not in dictionary.tables:
            fault(
                "", "resources", f"there is no table {name!r}", f"tables {' and '.join(REQUIRED)}"
            )
            continue
        table = dictionary.tables[name]
        for column in columns:
            if column not in table:
                fault(
                    name,
                    column,
                    "this column is missing",
                    "a column of this name; its cells may be empty unless it is required",
                )
        apart = dictionary.kept_apart if name == "studies" else []
        for column in dict.fromkeys([*apart, *WITH_VOCABULARY[name]]):
            if column not in table:
                if column in apart:
                    fault(
                        name,
                        column,
                        "is kept apart, but is no column",
                        "columns of the studies in the setting kept_apart",
                    )
            elif not table.by_name[column].categories:
                fault(name, column, "has no categories", "a list of values with their labels")
        for (where, column), words in WORDS.items():
            if where == name and column in table:
                strange = [value for value in table.by_name[column].values if value not in words]
                if strange:
                    fault(
                        name,
                        column,
                        f"{strange[0]!r} is no word of the method",
                        f"{', '.join(words)}; labels are free",
                    )
    for name, columns in OF_FURTHER.items():
        for column in columns if name in dictionary.tables else ():
            if column not in dictionary.tables[name]:
                fault(
                    name,
                    column,
                    "this column is missing",
                    "a column of this name, or no such table",
                )
    for name, columns in {
        **OF_FURTHER,
        **{table: (*REQUIRED[table], *OPTIONAL[table]) for table in REQUIRED},
    }.items():
        for column in columns if name in dictionary.tables else ():
            found, kind = dictionary.tables[name].by_name.get(column), KINDS.get(column, "string")
            if found and found.type != kind:
                fault(name, column, f"is of type {found.type}", f"type {kind}")
    for name in set(REQUIRED) & set(dictionary.tables):
        if dictionary.tables[name].key != REQUIRED[name][0]:
            fault(
                name,
                dictionary.tables[name].key,
                "is not the key that the package knows",
                REQUIRED[name][0],
            )
    findings = dictionary.tables.get("findings")
    if findings and "ci_low" in findings and "ci_level" not in findings:
        fault(
            "findings",
            "ci_level",
            "this column is missing although there are intervals",
            "the confidence level of each interval in percent",
        )
    for name, table in dictionary.tables.items():
        for key in table.foreign_keys:
            if key.table not in dictionary.tables or key.key not in dictionary.tables[key.table]:
                fault(
                    name,
                    key.column,
                    f"points to {key.key} of {key.table}, which is not there",
                    "a column of a table of this dictionary",
                )
    if not dictionary.kept_apart:
        fault("", "kept_apart", "is empty", "at least one column of the studies, such as question")
    for column in dictionary.settings.get("filters", ()):
        if "studies" in dictionary.tables and column not in dictionary.tables["studies"]:
            fault(
                "studies",
                column,
                "is named by the setting filters, but is no column",
                "columns of the studies",
            )
    for group, outcomes in dictionary.settings.get("outcome_order", {}).items():
        for what, allowed in _order_faults(dictionary, group, list(outcomes)):
            fault("", "outcome_order", what, allowed)
    for measure, extra in dictionary.measures.items():
        if ("null" in extra) != ("scale" in extra):
            fault(
                "findings",
                "measure",
                f"{measure!r} has only one of scale and null",
                "both, or neither for what is no contrast",
            )
    return faults


def _order_faults(dictionary: Dictionary, group: str, outcomes: list[str]) -> list[tuple[str, str]]:
    """What is wrong with the order of outcomes of one group, such as ``treatment/human``."""
    faults = []
    parts = [dictionary.field(column, "studies") for column in dictionary.kept_apart]
    for word, field in zip(group.split("/"), [*parts, *[None] * group.count("/")], strict=False):
        if field is None or word not in field.values:
            allowed = ", ".join(field.values) if field else "one value for each column kept apart"
            faults.append((f"{group!r} names no group of studies: {word!r}", allowed))
    domains = dictionary.field("outcome_domain", "findings")
    words = domains.values if domains else []
    strange = [word for word in outcomes if word not in words]
    if strange:
        faults.append((f"{group}: {strange[0]!r} is no outcome domain", ", ".join(words)))
    if len(set(outcomes)) < len(outcomes):
        faults.append((f"{group}: an outcome stands twice", "each outcome once"))
    return faults
