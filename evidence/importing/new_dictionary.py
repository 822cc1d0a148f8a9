"""The dictionary of a new data set, made from what the package knows of every table."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from evidence.arguments import not_there
from evidence.errors import UsageError
from evidence.model.schema import KnownColumn, known_tables, vocabularies
from evidence.quoting import one_line, slug
from evidence.tables.dictionary_file import CAUTION, LONGEST_LABEL

BASIC = tuple(table.name for table in known_tables().values() if table.basic)


def chosen_tables(more: Sequence[str] = ()) -> list[str]:
    """The tables of a new data set, in the order of the schema: the basic ones, those named, and
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
    known = known_tables()
    strange = [name for name in more if name not in known]
    if strange:
        raise UsageError(
            not_there("table", strange[0], [name for name in known if name not in BASIC])
        )
    wanted, waiting = set(), [*BASIC, *more]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += known[name].needs
    return [name for name in known if name in wanted]


def new_package(
    title: str,
    question: str = "",
    tables: Sequence[str] = BASIC,
    words: Mapping[str, list[dict[str, Any]]] | None = None,
    columns: Mapping[str, list[dict[str, Any]]] | None = None,
    created: str = "",
) -> dict[str, Any]:
    """The dictionary of a new data set: what ``datapackage.json`` holds.

    Parameters
    ----------
    title, question, tables
        Name, question in words, and tables (see :func:`chosen_tables`) of the data set.
    words : mapping, optional
        Categories (``value``, ``label``, ``description``) that replace those of the package, by
        vocabulary.
    columns : mapping, optional
        Further columns by table, each as a field of a table schema.
    created : str, optional
        Date in the form 2026-01-31; default is today's.
    """
    given = dict(words or {})
    words = {name: list(categories) for name, categories in vocabularies().items()} | given
    if question and "question" not in given:
        words["question"] = [
            {"value": "main", "label": short_label(question), "description": question}
        ]
    words["pooled_measure"] = [word for word in words["measure"] if "null" in word]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": slug(title, "-")[:100].strip("-") or "evidence",
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


def short_label(text: str, taken: Collection[str] = ()) -> str:
    """A label that the dictionary takes: one line that fits on a chart, unlike those ``taken``.

    >>> short_label("Adults aged 18 to 65 years with mild to moderate knee pain in primary care")
    'Adults aged 18 to 65 years with mild to moderate knee…'
    """
    import textwrap

    line = one_line(text)
    room = LONGEST_LABEL - len(" (99)") + 1
    if len(line) > LONGEST_LABEL:
        short = textwrap.shorten(line, room, placeholder="…")
        line = short if len(short) > room // 2 else line[: room - 1].rstrip() + "…"
    label, number = line, 1
    while label in taken:
        number += 1
        label = f"{line[: LONGEST_LABEL - 6]} ({number})"
    return label


def _resource(
    name: str,
    tables: Sequence[str],
    words: Mapping[str, list[dict[str, Any]]],
    more: list[dict[str, Any]],
) -> dict[str, Any]:
    known = known_tables()[name]
    fields = [
        _field(column, tables, words)
        for column in known.columns.values()
        if column.offered and (not column.only_with or column.only_with in tables)
    ]
    schema: dict[str, Any] = {
        "fields": [*fields, *more],
        "primaryKey": [known.key],
        "missingValues": [""],
    }
    keys = [_key(*key) for key in known.keys if key[1] in tables]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": known.title,
        "description": known.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(
    column: KnownColumn, tables: Sequence[str], words: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    field = {name: getattr(column, name) for name in ("name", "type", "title", "description")}
    if column.unit:
        field["unit"] = column.unit
    if column.vocabulary:
        field["categories"] = words[column.vocabulary]
    if column.tables:
        field["categories"] = [
            {"value": name, "label": known_tables()[name].title}
            for name in column.tables
            if name in tables
        ]
    rules = {
        name: getattr(column, name)
        for name in ("required", "unique", "minimum", "maximum", "pattern")
    }
    constraints = {name: rule for name, rule in rules.items() if rule not in (None, False, "")}
    return field | ({"constraints": constraints} if constraints else {})


def _key(column: str, table: str, key: str, covers: bool = False) -> dict[str, Any]:
    made = {"fields": [column], "reference": {"resource": table, "fields": [key]}}
    return made | ({"covers": True} if covers else {})
