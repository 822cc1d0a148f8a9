"""Read the dictionary of the tables: ``datapackage.json``, a Frictionless Table Schema."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evidence.errors import DataError, Fault, UsageError
from evidence.files import UnreadableFile, inside
from evidence.model.dictionary import Category, Dictionary, Field, ForeignKey, Table
from evidence.model.evidence import public_names
from evidence.quoting import is_name
from evidence.tables.json_file import Node, located, read_json, written

FILE = "datapackage.json"
TYPES = ("string", "integer", "number", "boolean", "list")
TABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")  # sheets of a workbook are named so, too
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # exports are named so
LONGEST_LABEL = 60
# Evidence has them already, or a workbook.
RESERVED = tuple(sorted({*public_names(), "about"}))
CAUTION = (
    "Counts say nothing about the size or the certainty of an effect, and “no clear difference” is"
    " not “no effect”."
)


def read_dictionary(folder: Path) -> Dictionary:
    """Read ``datapackage.json`` of a folder."""
    path = folder / FILE
    try:
        top, text = read_json(path)
    except UnreadableFile as error:
        raise DataError(
            "The dictionary cannot be used:",
            [Fault(str(path), error.line, "", error.what, error.allowed, "dictionary")],
        ) from None
    dictionary = _dictionary(folder, top.object(needed=True))
    if top.faults:
        raise DataError("The dictionary cannot be used:", located(top.faults, text, str(path)))
    return dictionary


def refuse_package(package: Mapping[str, Any], folder: Path) -> None:
    """Refuse what could not be the dictionary of a folder, before any file of it is written.

    Raises
    ------
    DataError
        When it holds a value of the wrong kind, or names a file outside of the folder.
    """
    top = Node(package)
    _dictionary(folder, top.object(needed=True))
    if top.faults:
        way, message, allowed = top.faults[0]
        raise DataError(
            "The dictionary cannot be used:",
            [Fault(FILE, 0, written(way), message, allowed, "dictionary")],
        )


def _dictionary(folder: Path, top: Node) -> Dictionary:
    resources = [node.object(needed=True) for node in top.get("resources").members(needed=True)]
    made = [_table(resource, folder) for resource in resources]
    tables = {table.name: table for table in made}
    for resource, table in zip(resources, made, strict=True):
        if tables[table.name] is not table:
            resource.get("name").wrong(f"{table.name!r} is a duplicate", "each table once")
    licenses = top.get("licenses").members()
    _check_words(top)
    top.refuse_hidden()
    return Dictionary(
        folder=folder,
        title=top.get("title").text(),
        description=top.get("description").lines(),
        version=top.get("version").text(),
        license=licenses[0].object().get("name").text() if licenses else "",
        settings=_defaults(top) | _settings(top.get("evidence").object(), folder),
        tables=tables,
        package=top.value,
    )


def _check_words(top: Node) -> None:
    """What pages and exports say about the data set as a whole."""
    for name in ("name", "created", "homepage"):
        top.get(name).text()
    if top.get("name").value and not NAME.fullmatch(top.get("name").text()):
        top.get("name").wrong(
            f"{top.get('name').value!r} cannot be the name of a file",
            "letters, digits, -, _ and .; a letter or digit first",
        )
    for entry in [*top.get("licenses").members(), *top.get("contributors").members()]:
        for name in ("name", "title", "path"):
            entry.object().get(name).text()
    for entry in top.get("keywords").members():
        entry.text()


def _defaults(top: Node) -> dict[str, Any]:
    """Settings that a data set may leave out, and that every chart and page states."""
    return {
        "caution": CAUTION,
        "source": f"{top.get('title').text()} {top.get('version').text()}".strip(),
    }


def _settings(node: Node, folder: Path) -> dict[str, Any]:
    """The settings; those that the package itself uses are checked, all others pass."""
    for name in ("topic", "frame", "how_made", "caution", "source", "study_names"):
        node.get(name).text()
    for tier in node.get("tiers").members():
        if len(tier.text(needed=True)) > LONGEST_LABEL:
            tier.wrong(f"has {len(tier.value)} characters", f"at most {LONGEST_LABEL}")
    bibliography = node.get("bibliography")
    _check_path(bibliography, bibliography.text("references.bib"), ".bib", folder, above=True)
    search = node.get("search")
    if search.value is not None:
        _check_path(search, search.text(), ".toml", folder)
    protocol = node.get("reading_protocol")
    if protocol.value is not None:
        _check_path(protocol, protocol.text(), ".toml", folder)
    for name in ("bibliography_tables", "kept_apart", "entries_for_all", "filters"):
        for member in node.get(name).members():
            member.text(needed=True)
    for contrast in node.get("contrasts").members():
        for name in ("value", "label"):
            contrast.object(needed=True).get(name).text(needed=True)
    synonyms = node.get("synonyms").object()
    for word in synonyms.value:
        for other in synonyms.get(word).members(needed=True):
            other.text(needed=True)
    orders = node.get("outcome_order").object()
    for name in orders.value or {}:
        for member in orders.get(name).members(needed=True):
            member.text(needed=True)
    return _present(node)


def _present(node: Node) -> dict[str, Any]:
    """Members of an object that are not null: null says that there is none."""
    return {key: value for key, value in node.value.items() if value is not None}


def _check_path(node: Node, name: str, ending: str, folder: Path, above: bool = False) -> None:
    """A file lies in the data folder, the bibliography there or just above it; a link must not lead
    out of these two.
    """
    plain, root = (
        name.removeprefix("../") if above else name,
        os.path.dirname(os.path.realpath(folder)),
    )
    place = "a file name in the data folder" + (" or in the folder above it (../)" if above else "")
    try:
        inside(folder, plain)
    except UsageError:
        node.wrong(f"{name!r} names a file outside of the data folder", place)
        return
    if not name.lower().endswith(ending):
        node.wrong(f"{name!r} does not end with {ending}", f"a file name that ends with {ending}")
    elif not os.path.realpath(folder / name).startswith(os.path.join(root, "")):
        node.wrong(f"{name!r} is a link that leads out of the data set", place)


def _table(node: Node, folder: Path) -> Table:
    name, schema = node.get("name").text(needed=True), node.get("schema").object(needed=True)
    if name and (not TABLE_NAME.fullmatch(name) or name in RESERVED):
        node.get("name").wrong(
            f"{name!r} cannot be the name of a table",
            "lower-case letters, digits and _, at most 31; none of " + ", ".join(RESERVED),
        )
    file = node.get("path").text(needed=True)
    if file:
        _check_path(node.get("path"), file, ".csv", folder)
    fields: dict[str, Field] = {}
    for entry in schema.get("fields").members(needed=True):
        field = _field(entry.object(needed=True))
        if field.name and not is_name(field.name):
            entry.get("name").wrong(
                f"{field.name!r} cannot be the name of a column",
                "letters, digits and _, no digit first, no word of Python",
            )
        if field.name in fields:
            entry.get("name").wrong(f"{field.name!r} is a duplicate", "each column once")
        fields[field.name] = field
    keys = schema.get("primaryKey")
    key = _one_text(keys)
    if key and key not in fields:
        keys.wrong(f"{key!r} is not a column of this table", ", ".join(fields))
    return Table(
        name=name,
        file=file,
        title=node.get("title").text(name),
        description=node.get("description").lines(),
        fields=tuple(fields.values()),
        key=key,
        foreign_keys=tuple(
            _foreign_key(entry.object(needed=True), name, fields)
            for entry in schema.get("foreignKeys").members()
        ),
    )


def _one_text(node: Node) -> str:
    """A text, or a list of one."""
    if isinstance(node.value, list):
        if len(node.value) == 1:
            return node.members()[0].text(needed=True)
        node.wrong(f"has {len(node.value)} columns", "one column")
        return ""
    return node.text(needed=True)


def _field(node: Node) -> Field:
    constraints = node.get("constraints").object()
    name, kind = node.get("name").text(needed=True), node.get("type").text(needed=True)
    if kind and kind not in TYPES:
        node.get("type").wrong(f"unknown type {kind!r}", ", ".join(TYPES))
    enum, given = constraints.get("enum"), node.get("categories")
    categories = tuple(
        _category(item) for item in (given if given.value is not None else enum).members()
    )
    values = [category.value for category in categories]
    if enum.value is not None and enum.value != values:
        enum.wrong("enum and categories differ", "the same values in the same order")
    if values and kind not in ("string", "list"):
        node.get("type").wrong(
            f"a column of type {kind} has a list of values", "type string for a vocabulary"
        )
    if len(set(values)) < len(values) or (given.value == []):
        given.wrong(
            "a value is there more than once" if values else "is empty",
            "each value once, at least one value",
        )
    if len({category.label for category in categories}) < len(categories):
        given.wrong(
            "two values have the same label, and would be one on a chart",
            "a label of its own for each value",
        )
    low, high = constraints.get("minimum").number(), constraints.get("maximum").number()
    if low is not None and high is not None and low > high:
        constraints.get("maximum").wrong(
            f"{high:g} is below the minimum {low:g}", "a maximum above the minimum"
        )
    return Field(
        name=name,
        type=kind,
        title=node.get("title").text(name),
        description=node.get("description").lines(),
        unit=node.get("unit").text(),
        required=constraints.get("required").flag(),
        unique=constraints.get("unique").flag(),
        minimum=low,
        maximum=high,
        pattern=_pattern(constraints.get("pattern")),
        categories=categories,
        delimiter=node.get("delimiter").text(",") if kind == "list" else "",
    )


def _pattern(node: Node) -> str:
    pattern = node.text()
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        node.wrong(f"{pattern[:60]!r} is not a pattern: {error}", "a regular expression")
    return pattern


def _category(node: Node) -> Category:
    if isinstance(node.value, str):
        value = node.text(needed=True)
        return Category(value, value)
    item = node.object(needed=True)
    value = item.get("value").text(needed=True)
    item.get("null").number()
    tier = item.get("tier").number()
    if tier is not None and not (isinstance(tier, int) and 1 <= tier <= 99):
        item.get("tier").wrong(f"{tier} is not a tier", "a whole number from 1 up")
    for name in ("symmetric", "arguable"):
        item.get(name).flag()
    if item.get("scale").text("linear") not in ("log", "linear"):
        item.get("scale").wrong(f"{item.get('scale').value!r} is not a scale", "log, linear")
    label = item.get("label").text(value)
    if len(label) > LONGEST_LABEL or "\n" in label:
        item.get("label").wrong(
            f"has {len(label)} characters, or a line break",
            f"one line of at most {LONGEST_LABEL} characters, which fits on a chart",
        )
    extra = {
        key: value
        for key, value in _present(item).items()
        if key not in ("value", "label", "description")
    }
    return Category(value, label, item.get("description").lines(), extra)


def _foreign_key(node: Node, own: str, columns: Mapping[str, Field]) -> ForeignKey:
    """A key of another table; an empty name means the table itself."""
    reference = node.get("reference").object(needed=True)
    column = _one_text(node.get("fields"))
    if column and column not in columns:
        node.get("fields").wrong(f"{column!r} is not a column of this table", ", ".join(columns))
    return ForeignKey(
        column=column,
        table=reference.get("resource").text() or own,
        key=_one_text(reference.get("fields")),
        covers=node.get("covers").flag(),
    )
