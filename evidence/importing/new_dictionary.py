"""The dictionary of a new data set, made from the template beside this file."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from evidence.arguments import not_there
from evidence.errors import UsageError
from evidence.model.core_tables import REQUIRED
from evidence.tables.dictionary_file import CAUTION

TEMPLATE = Path(__file__).with_name("template.json")
BASIC = (*REQUIRED, "known_issues")
# Tables that are of no use without another one.
TOGETHER = {
    "pools": ("pool_criteria",),
    "pool_criteria": ("pools",),
    "claims": ("claim_criteria",),
    "claim_criteria": ("claims",),
    "review_conclusions": ("reviews",),
    "review_inclusions": ("reviews",),
    "pooled_estimates": ("reviews",),
    "appraisals": ("reviews",),
    "adjudications": ("readings",),
    "reconciliations": ("readings",),
}
# Vocabularies that are the data set's own; the others are the method's.
OWN = (
    "question",
    "population",
    "design",
    "exposure",
    "comparator",
    "sample_unit",
    "not_counted_because",
    "reading",
    "confidence",
    "outcome_domain",
    "measure",
)


@cache
def template() -> dict[str, Any]:
    """Tables and vocabularies that a new data set can have."""
    return json.loads(TEMPLATE.read_text(encoding="utf-8"))


def chosen_tables(more: Sequence[str] = ()) -> list[str]:
    """The tables of a new data set in the order of the template: the basic ones, those named, and
    those that these need.

    Raises
    ------
    UsageError
        For an unknown table.

    Examples
    --------
    >>> chosen_tables(["pools"])
    ['studies', 'findings', 'pools', 'pool_criteria', 'known_issues']
    """
    known = list(template()["tables"])
    strange = [name for name in more if name not in known]
    if strange:
        further = [name for name in known if name not in BASIC]
        raise UsageError(not_there("table", strange[0], further))
    wanted = {*BASIC, *more}
    while more := [
        other for name in wanted for other in TOGETHER.get(name, ()) if other not in wanted
    ]:
        wanted.update(more)
    return [name for name in known if name in wanted]


def new_package(
    title: str,
    question: str = "",
    tables: Sequence[str] = BASIC,
    vocabularies: Mapping[str, list[dict[str, Any]]] | None = None,
    columns: Mapping[str, list[dict[str, Any]]] | None = None,
    created: str = "",
) -> dict[str, Any]:
    """The dictionary of a new data set: what ``datapackage.json`` holds.

    Parameters
    ----------
    title : str
        Name of the data set.
    question : str, optional
        Its question, in words.
    tables : sequence of str
        Its tables; see :func:`chosen_tables`.
    vocabularies : mapping, optional
        Categories (``value``, ``label``, ``description``) that replace those of the template, by
        vocabulary.
    columns : mapping, optional
        Further columns by table, each as a field of a table schema.
    created : str, optional
        Date in the form 2026-01-31; default is today's.

    Returns
    -------
    dict
    """
    words = {
        name: list(categories) for name, categories in template()["vocabularies"].items()
    } | dict(vocabularies or {})
    if question and "question" not in (vocabularies or {}):
        words["question"] = [{"value": "main", "label": question, "description": question}]
    words["pooled_measure"] = [word for word in words["measure"] if "null" in word]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": slug(title, "-") or "evidence",
        "title": title,
        "description": question or title,
        "version": "0.1.0",
        "created": f"{created or datetime.date.today().isoformat()}T00:00:00Z",
        "contributors": [],
        "evidence": {
            "topic": title,
            "bibliography": "references.bib",
            "bibliography_tables": [name for name in ("studies", "reviews") if name in tables],
            "kept_apart": ["question", "population"],
            "frame": "from the side of those exposed",
            "how_made": "",
            "caution": CAUTION,
            "source": f"{title}, version 0.1.0",
            "tiers": [
                "No comparison group",
                "Comparison group",
                "Randomised, or followed over time",
            ],
        },
        "resources": [
            _resource(name, tables, words, list((columns or {}).get(name, []))) for name in tables
        ],
    }


def slug(text: str, mark: str = "_") -> str:
    """A text as a code: small letters without accents, digits, and ``mark`` for all else between
    them.

    >>> slug("Größe (mm)"), slug("Two Words", "-")
    ('grosse_mm', 'two-words')
    """
    import re
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", mark, plain).strip(mark)


def _resource(
    name: str,
    tables: Sequence[str],
    words: Mapping[str, list[dict[str, Any]]],
    more: list[dict[str, Any]],
) -> dict[str, Any]:
    made = template()["tables"][name]
    fields = [
        _field(field, tables, words)
        for field in made["fields"]
        if field.get("table", name) in (name, *tables)
    ]
    schema: dict[str, Any] = {
        "fields": [*fields, *more],
        "primaryKey": [made["key"]],
        "missingValues": [""],
    }
    keys = [_key(*key) for key in made["keys"] if key[1] in tables]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": made["title"],
        "description": made["description"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(
    made: Mapping[str, Any], tables: Sequence[str], words: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    field = {
        name: made[name]
        for name in ("name", "type", "title", "description", "unit")
        if name in made
    }
    if "vocabulary" in made:
        field["categories"] = words[made["vocabulary"]]
    if "tables" in made:
        field["categories"] = [
            {"value": name, "label": template()["tables"][name]["title"]}
            for name in made["tables"]
            if name in tables
        ]
    constraints = {
        name: made[name]
        for name in ("required", "unique", "minimum", "maximum", "pattern")
        if name in made
    }
    return field | ({"constraints": constraints} if constraints else {})


def _key(column: str, table: str, key: str, covers: bool = False) -> dict[str, Any]:
    return {"fields": [column], "reference": {"resource": table, "fields": [key]}} | (
        {"covers": True} if covers else {}
    )
