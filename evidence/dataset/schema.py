"""What the dictionary says of a data set: its tables, their columns, keys and allowed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any


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
