"""Studies: the list, and a page for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evidence.bibliography.addresses import addresses
from evidence.errors import UsageError
from evidence.frames import text_or_empty
from evidence.model.dictionary import Field, upper_first
from evidence.model.evidence import Evidence
from evidence.quoting import web_addresses
from evidence.site.direction_styles import looks
from evidence.site.pages import Rendered, Site, neighbours
from evidence.site.references import formatted_references, without_address
from evidence.site.status import checked_ids, statuses
from evidence.site.study_rows import study_rows
from evidence.site.study_tables import Panels, grouped, worded
from evidence.synthesis.agreement import disagreements
from evidence.synthesis.claims import claim_rows

# Columns that the page shows elsewhere than among the facts.
EMPTY = "not stated"  # of a cell that should hold a word
ELSEWHERE = {
    "study_id",
    "title",
    "doi",
    "pmid",
    "pmcid",
    "direction",
    "counted",
    "not_counted_because",
    "cohort",
    "cohort_overlap",
}
ELSEWHERE |= {"cohort_representative", "note", "reading", "confidence"}
NOT_PLACED, NO_SIDE = "not_placed", ("not_applicable", "not_stated")
PASSES = ("first_reading", "second_reading", "third_reading")


def render(site: Site) -> list[Rendered]:
    """The list and the pages of the studies."""
    ev = site.ev
    rows = study_rows(ev)
    more, stands, panels = Related(ev), statuses(ev), Panels(ev)
    asked = checked_ids(ev)
    fields = [
        field for field in ev.dictionary.tables["studies"].fields if field.name not in ELSEWHERE
    ]
    chips = looks(site.words)
    apart = [
        field.title
        for name in ev.dictionary.kept_apart
        if (field := ev.dictionary.field(name, "studies"))
    ]
    files = [
        Rendered(
            "studies.html",
            "studies/index.html",
            "Studies",
            {"rows": rows, "looks": chips, "apart": apart, "ticks": False, "hosted": False},
        )
    ]
    studies = ev.studies.to_dict("records")
    listed = formatted_references(ev, ev.studies["study_id"])
    for place, (row, study) in enumerate(zip(rows, studies, strict=True)):
        links = addresses(study)
        context = {
            "row": row,
            "study": {name: value for name, value in study.items() if not pd.isna(value)},
            "facts": facts(fields, study),
            "addresses": links,
            "reference": without_address(listed.get(row["id"], ""), links.get("doi", ("", ""))[1]),
            "status": stands.get(row["id"], ""),
            "checked": row["id"] in asked,
            "looks": chips,
            "sides": site.words.sides(study),
            "whole": _whole(ev, row, study),
            "panels": panels.of(row["id"]),
            **neighbours(rows, place),
            **more.of(study),
        }
        files.append(Rendered("study.html", f"studies/{row['id']}.html", row["name"], context))
    return files


def _whole(ev: Evidence, row: Mapping[str, Any], study: Mapping[str, Any]) -> dict[str, str] | None:
    """What the study as a whole concludes, where that is not what its main result does."""
    direction = study["direction"]
    if pd.isna(direction) or direction == (row["concluded"] or NOT_PLACED):
        return None
    word = dict.fromkeys(NO_SIDE, NOT_PLACED).get(direction, str(direction))
    said = ev.dictionary.sides(study).get(str(direction))
    return {"word": word, "said": upper_first(said or ev.dictionary.label("conclusion", direction))}


def facts(fields: list[Field], record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Title and value of each filled cell, in words."""
    return [
        (field.title, worded(field, record[field.name]))
        for field in fields
        if not pd.isna(record[field.name])
    ]


class Related:
    """Rows of other tables that belong to a study, grouped once for all."""

    def __init__(self, ev: Evidence):
        self.ev = ev
        self.findings = grouped(ev, "findings")
        self.readings = grouped(ev, "readings")
        self.inclusions = grouped(ev, "review_inclusions")
        self.appraisals = grouped(ev, "appraisals")
        self.issues = _noted(ev)
        self.unverified = _of_studies(ev, "unverified_fields")
        self.cohorts = (
            {row["cohort_id"]: row for row in ev.cohorts.to_dict("records")}
            if "cohorts" in ev.tables
            else {}
        )
        counted = ev.studies[ev.studies["cohort"].notna()]
        self.members = {
            cohort: part["study_id"].tolist()
            for cohort, part in counted.groupby("cohort", observed=True)
        }
        self.claims = _claims(ev)
        self.apart = _apart(ev)
        self.settled = self._settled()
        field = ev.dictionary.field("primary_basis", "findings")
        known = ()
        if field:
            known = field.categories
        self.basis = {one.value: one.description for one in known}

    def of(self, study: Mapping[str, Any]) -> dict[str, Any]:
        """What the page of a study shows beside its own row."""
        key, ev = study["study_id"], self.ev
        readings = [self._reading(row) for row in self.readings.get(key, [])]
        return {
            "findings": [self._finding(row, study) for row in self.findings.get(key, [])],
            "readings": readings,
            "readings_apart": sum(row["apart"] for row in readings),
            "third": any(row.get("third_reading") for row in readings),
            "cohort": self._cohort(study),
            "reviews": [
                {"id": row["review_id"], "name": ev.names.get(row["review_id"], row["review_id"])}
                for row in self.inclusions.get(key, [])
            ],
            "appraisals": self.appraisals.get(key, []),
            "issues": self.issues.get(key, []),
            "unverified": self.unverified.get(key, []),
            "claims": self.claims.get(key, []),
        }

    def _finding(self, row: dict[str, Any], study: Mapping[str, Any]) -> dict[str, Any]:
        label = self.ev.dictionary.label
        direction = text_or_empty(row["observed_direction"])
        concluded = text_or_empty(row["conclusion"])
        return row | {
            "domain": label("outcome_domain", row["outcome_domain"]),
            "concluded": NOT_PLACED if concluded in ("", *NO_SIDE) else concluded,
            "concluded_said": label("conclusion", concluded) or EMPTY,
            "direction": NOT_PLACED if direction in ("", "not_reported") else direction,
            "direction_said": label("observed_direction", direction) or EMPTY,
            "sides": self.ev.dictionary.sides({**study, **row}),
            "result": estimate(row, self.ev.labels("measure")),
            "basis": self._read("primary_basis", row.get("primary_basis")),
            "basis_said": self.basis.get(str(row.get("primary_basis")), ""),
            "shown": {name: value for name, value in row.items() if not pd.isna(value)},
        }

    def _reading(self, row: dict[str, Any]) -> dict[str, Any]:
        label = self.ev.dictionary.label
        passes = [name for name in PASSES if name in row]
        said = {name: self._read(row["field"], row[name]) for name in passes}
        finding = "" if pd.isna(row["finding_id"]) else row["finding_id"]
        settled = self.settled.get(row["reading_id"])
        return said | {
            "field": label("field", row["field"]) if "field" in row else row["field"],
            "finding": finding,
            "apart": settled is not None or (row["study_id"], finding, row["field"]) in self.apart,
            "settled": settled,
        }

    def _read(self, field: str, value: Any) -> str:
        return "" if pd.isna(value) else self.ev.dictionary.label(field, value)

    def _settled(self) -> dict[str, dict[str, Any]]:
        """How the differences of readings were settled, by reading."""
        if "reconciliations" not in self.ev.tables:
            return {}
        found = {}
        for row in self.ev.tables["reconciliations"].to_dict("records"):
            field = str(row["reading_id"]).rpartition(":")[2]
            address = row.get("address")
            found[row["reading_id"]] = {
                "before": self._read(field, row["value_before"]),
                "after": self._read(field, row["value_after"]),
                "settled": self.ev.dictionary.label("settled", row["settled"]),
                "reason": text_or_empty(row["reason"]),
                "addresses": web_addresses(address),
            }
        return found

    def _cohort(self, study: Mapping[str, Any]) -> dict[str, Any] | None:
        name = study.get("cohort")
        if pd.isna(name):
            return None
        about = {"label": name, "description": ""} | self.cohorts.get(str(name), {})
        others = [
            (key, self.ev.names.get(key, key))
            for key in self.members.get(name, [])
            if key != study["study_id"]
        ]
        overlap = ""
        if not pd.isna(study.get("cohort_overlap")):
            overlap = self.ev.dictionary.label("cohort_overlap", study["cohort_overlap"])
        stands = study.get("cohort_representative")
        return {
            "label": about["label"],
            "description": about["description"],
            "overlap": overlap,
            "others": others,
            "stands": None if pd.isna(stands) else stands,
        }


def estimate(row: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """The number of a finding with its interval and p-value, as printed.

    >>> estimate(
    ...     {
    ...         "measure": "OR",
    ...         "estimate": 1.5,
    ...         "ci_low": 1.1,
    ...         "ci_high": 2.0,
    ...         "ci_level": 95,
    ...         "p_operator": "=",
    ...         "p_value": 0.01,
    ...     },
    ...     {},
    ... )
    'OR 1.5 (95 % interval 1.1 to 2), p = 0.01'
    """

    def has(name: str) -> bool:
        return name in row and not pd.isna(row[name])

    parts = []
    if has("estimate"):
        interval = ""
        if has("ci_low") and has("ci_high") and has("ci_level"):
            interval = f" ({row['ci_level']} % interval {row['ci_low']:g} to {row['ci_high']:g})"
        measure = row["measure"] if has("measure") and row["measure"] != "other" else ""
        parts.append(f"{labels.get(measure, measure)} {row['estimate']:g}{interval}".strip())
    if has("p_value"):
        sign = row["p_operator"] if has("p_operator") else "="
        parts.append(f"p {sign} {_plain(row['p_value'])}")
    return ", ".join(parts)


def _plain(p: float) -> str:
    """A p-value without powers of ten.

    >>> _plain(0.00001), _plain(0.04)
    ('0.00001', '0.04')
    """
    return f"{p:.12f}".rstrip("0").rstrip(".")


def _of_studies(ev: Evidence, name: str) -> dict[str, list[dict[str, Any]]]:
    """Rows about studies of a table that holds rows about several tables."""
    title_of = ev.dictionary.title_of
    return {
        key: [row | {"field": title_of(row["field"])} for row in rows if row["table"] == "studies"]
        for key, rows in grouped(ev, name, "id").items()
    }


def _noted(ev: Evidence) -> dict[str, list[dict[str, Any]]]:
    """Known contradictions of each study and of its findings."""
    found: dict[str, list[dict[str, Any]]] = {}
    title_of = ev.dictionary.title_of
    study_of = ev.findings.set_index("finding_id")["study_id"]
    for key, rows in grouped(ev, "known_issues", "id").items():
        for row in rows:
            study = key
            if row["table"] != "studies":
                study = study_of.get(key) if row["table"] == "findings" else None
            if study is not None:
                found.setdefault(study, []).append(row | {"field": title_of(row["field"])})
    return found


def _claims(ev: Evidence) -> dict[str, list[tuple[str, str]]]:
    """Id and text of the claims that each study bears on."""
    try:
        pairs = claim_rows(ev)[["study_id", "claim_id"]].drop_duplicates()
    except UsageError:
        return {}
    texts = ev.claims.set_index("claim_id")["claim"]
    return {
        str(key): [(claim, texts[claim]) for claim in part]
        for key, part in pairs.groupby("study_id", observed=True)["claim_id"]
    }


def _apart(ev: Evidence) -> set[tuple[str, str, str]]:
    """Study, finding and field of every disagreement of two readings."""
    try:
        table = disagreements(ev)
    except UsageError:
        return set()
    return set(zip(table["study_id"], table["finding_id"].fillna(""), table["field"], strict=True))
