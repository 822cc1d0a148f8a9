"""The dictionary of the tables: ``datapackage.json``, a Frictionless Table Schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from evidence.errors import DataError, Fault

TYPES = ("string", "integer", "number", "boolean")


@dataclass(frozen=True)
class Category:
    """One allowed value of a column, with its label; ``extra`` holds further properties."""

    value: str
    label: str
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One column: type, meaning and what its cells may hold."""

    name: str
    type: str
    title: str
    description: str
    unit: str = ""
    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    categories: tuple[Category, ...] = ()

    @cached_property
    def values(self) -> list[str]:
        """Allowed values in their order; empty when the column has no vocabulary."""
        return [category.value for category in self.categories]

    @cached_property
    def labels(self) -> dict[str, str]:
        """Label of each allowed value."""
        return {category.value: category.label for category in self.categories}


@dataclass(frozen=True)
class ForeignKey:
    """A column whose values are keys of another table.

    ``covers`` asks for the way back too: every row of the other table is named at least once.
    """

    column: str
    table: str
    key: str
    covers: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its file, its columns and its keys."""

    name: str
    file: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: str
    foreign_keys: tuple[ForeignKey, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The columns by name."""
        return {column.name: column for column in self.fields}

    def __contains__(self, column: object) -> bool:
        return column in self.by_name


@dataclass(frozen=True)
class Dictionary:
    """All tables of a data set, its settings and its description."""

    folder: Path
    title: str
    description: str
    version: str
    license: str
    settings: Mapping[str, Any]
    tables: Mapping[str, Table]

    @property
    def bibliography(self) -> Path:
        """Path of the bibliography."""
        return self.folder / self.settings.get("bibliography", "references.bib")

    def field(self, column: str, *tables: str) -> Field | None:
        """First column of that name in the given tables, or in any table."""
        for name in tables or self.tables:
            if name in self.tables and column in self.tables[name]:
                return self.tables[name].by_name[column]
        return None

    def label(self, column: str, value: object) -> str:
        """Label of a value for charts and pages; the value itself when it has none."""
        found = self.field(column, "studies", "findings") or self.field(column)
        return found.labels.get(str(value), str(value)) if found else str(value)


def read_dictionary(folder: Path) -> Dictionary:
    """Read ``datapackage.json`` of a folder.

    Parameters
    ----------
    folder : Path
        Folder that holds ``datapackage.json``.

    Returns
    -------
    Dictionary

    Raises
    ------
    DataError
        When the file is missing, is no JSON, or lacks what a table needs.
    """
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"No dictionary at {path}: {error.strerror}. A data folder holds datapackage.json and its CSV files.") from None
    except ValueError as error:
        raise DataError(f"{path} is not readable as JSON: {error}") from None
    try:
        tables = {resource["name"]: _table(resource, path) for resource in package["resources"]}
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} does not describe its tables: {error!r} is missing or of the wrong kind.") from None
    licenses = package.get("licenses") or [{}]
    return Dictionary(
        folder=folder,
        title=package.get("title", ""),
        description=package.get("description", ""),
        version=package.get("version", ""),
        license=licenses[0].get("name", ""),
        settings=package.get("evidence", {}),
        tables=tables,
    )


def _table(resource: Mapping[str, Any], path: Path) -> Table:
    schema = resource["schema"]
    keys = schema["primaryKey"]
    file = resource["path"]
    if Path(file).is_absolute() or ".." in Path(file).parts:
        raise DataError("The dictionary names a file outside its folder.", [Fault(str(path), 0, "path", file, "a file name")])
    return Table(
        name=resource["name"],
        file=file,
        title=resource.get("title", resource["name"]),
        description=resource.get("description", ""),
        fields=tuple(_field(entry, path, resource["name"]) for entry in schema["fields"]),
        key=keys if isinstance(keys, str) else keys[0],
        foreign_keys=tuple(_foreign_key(entry) for entry in schema.get("foreignKeys", [])),
    )


def _field(entry: Mapping[str, Any], path: Path, table: str) -> Field:
    constraints = entry.get("constraints", {})
    categories = tuple(_category(item) for item in entry.get("categories", constraints.get("enum", [])))
    faults = []
    if entry["type"] not in TYPES:
        faults.append(Fault(str(path), 0, entry["name"], f"table {table}: unknown type {entry['type']!r}", ", ".join(TYPES)))
    if "enum" in constraints and constraints["enum"] != [category.value for category in categories]:
        faults.append(Fault(str(path), 0, entry["name"], f"table {table}: enum and categories differ", "the same values in the same order"))
    if faults:
        raise DataError("The dictionary contradicts itself.", faults)
    return Field(
        name=entry["name"],
        type=entry["type"],
        title=entry.get("title", entry["name"]),
        description=entry.get("description", ""),
        unit=entry.get("unit", ""),
        required=constraints.get("required", False),
        unique=constraints.get("unique", False),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
        pattern=constraints.get("pattern", ""),
        categories=categories,
    )


def _category(item: str | Mapping[str, Any]) -> Category:
    if isinstance(item, str):
        return Category(item, item)
    extra = {key: value for key, value in item.items() if key not in ("value", "label", "description")}
    return Category(item["value"], item.get("label", item["value"]), item.get("description", ""), extra)


def _foreign_key(entry: Mapping[str, Any]) -> ForeignKey:
    column, reference = entry["fields"], entry["reference"]
    key = reference["fields"]
    return ForeignKey(
        column=column if isinstance(column, str) else column[0],
        table=reference["resource"],
        key=key if isinstance(key, str) else key[0],
        covers=entry.get("covers", False),
    )


def lower_first(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation.

    >>> lower_first("Randomised trial"), lower_first("DNA test")
    ('randomised trial', 'DNA test')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
