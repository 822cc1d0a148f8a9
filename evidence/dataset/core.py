"""The tables and columns that the package itself relies on. A data set has more, as it likes."""

from __future__ import annotations

from collections.abc import Mapping

from evidence.dataset.json_file import Node
from evidence.dataset.schema import Table

NEEDED = ("studies", "findings")


def _columns(**types: str) -> dict[str, str]:
    return {column: kind for kind, columns in types.items() for column in columns.split()}


# Of tables other than studies and findings the columns count only when the data set has the table.
CORE = {
    "studies": _columns(
        string="study_id title doi pmid pmcid question population design exposure comparator sample_unit direction"
        " not_counted_because cohort cohort_overlap",
        integer="year sample_size n_exposed n_control article_reference",
        boolean="counted cohort_representative",
    ),
    "findings": _columns(
        string="finding_id study_id outcome_domain outcome conclusion observed_direction measure p_operator estimate_origin outcome_scale",
        boolean="is_primary significant reversed_contrast",
        number="estimate ci_low ci_high p_value",
        integer="ci_level",
    ),
    "arms": _columns(string="arm_id finding_id arm", integer="n ci_level", number="mean sd ci_low ci_high"),
    "readings": _columns(string="reading_id study_id finding_id field first_reading second_reading"),
    "cohorts": _columns(string="cohort_id label"),
    "reviews": _columns(string="review_id title doi pmid pmcid question", integer="year n_studies article_reference"),
    "review_conclusions": _columns(
        string="conclusion_id review_id outcome_domain direction measure p_operator", number="estimate ci_low ci_high p_value"
    ),
    "review_inclusions": _columns(string="inclusion_id review_id cited_as study_id match"),
    "pooled_estimates": _columns(
        string="pooled_id review_id outcome_domain outcome subgroup measure p_operator", number="estimate ci_low ci_high p_value"
    ),
    "claims": _columns(string="claim_id topic claim kind rule expects", number="threshold"),
    "claim_criteria": _columns(string="criterion_id claim_id column value", integer="alternative"),
    "pools": _columns(string="pool_id title measure note", boolean="headline"),
    "pool_criteria": _columns(string="criterion_id pool_id column value"),
    "unverified_fields": _columns(string="unverified_id id field"),
    "known_issues": _columns(string="issue_id table id field rule contradicts"),
}


def check_core(tables: Mapping[str, Table], top: Node) -> None:
    """Write down what is missing, or of another type than the package takes it for."""
    for name in NEEDED:
        if name not in tables:
            top.get("resources").wrong(f"table {name!r} is missing", "a table of this name, as the data of this repository have it")
    if top.faults:
        return
    nodes = {node.value["name"]: node for node in top.get("resources").members()}
    for name, columns in CORE.items():
        if name not in tables:
            continue
        key = next(iter(columns))
        if tables[name].key != key:
            nodes[name].get("schema").get("primaryKey").wrong(f"{tables[name].key!r} is not the key that the package knows", key)
        for column, kind in columns.items():
            found = tables[name].by_name.get(column)
            if found is None:
                nodes[name].get("schema").get("fields").wrong(f"table {name} lacks the column {column!r}", f"a column of this name, type {kind}")
            elif found.type != kind:
                nodes[name].get("schema").get("fields").wrong(f"{name}.{column} is of type {found.type}", f"type {kind}")
