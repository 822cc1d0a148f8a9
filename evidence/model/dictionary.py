"""What the dictionary says about a data set: its tables, their columns, keys and allowed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = "datapackage.json"  # the file of a data set that holds its dictionary
# What a cell of each type may hold, in the words of a message.
ALLOWED = {
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number, digits only",
    "number": "a number with a decimal point, without thousands separators",
    "list": "values separated by the delimiter of the column, each once",
}


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
    delimiter: str = ""  # between the values of a cell, where the type is list

    @cached_property
    def values(self) -> list[str]:
        """Allowed values in their order; empty when the column has no vocabulary."""
        return [category.value for category in self.categories]

    @cached_property
    def labels(self) -> dict[str, str]:
        """Label of each allowed value."""
        return {category.value: category.label for category in self.categories}

    def items(self, value: object) -> list[str]:
        """The values of a cell: several where the type is list."""
        return str(value).split(self.delimiter) if self.delimiter else [str(value)]

    def knows(self, cells: Iterable[object]) -> bool:
        """Whether the vocabulary holds all values of some cells."""
        return all(item in self.labels for cell in cells for item in self.items(cell))


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
    package: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def bibliography(self) -> Path:
        """Path of the bibliography."""
        return self.folder / str(self.settings.get("bibliography", "references.bib"))

    @cached_property
    def entries(self) -> pd.DataFrame:
        """The entries of the bibliography, read once for a data set and all of its selections."""
        from evidence.bibliography.entries import read_bibliography

        return read_bibliography(self.bibliography)

    @property
    def inputs(self) -> list[Path]:
        """The files from which the data set is read; nothing that is made of it is written over one
        of them.
        """
        names = [PACKAGE, *(table.file for table in self.tables.values())]
        tables = [self.folder / name for name in names]
        named = filter(None, map(self.named_file, ("search", "reading_protocol")))
        return [*tables, *named, self.bibliography]

    def named_file(self, setting: str) -> Path | None:
        """The file that a setting names, when it names one."""
        name = self.settings.get(setting)
        return self.folder / name if name else None

    @property
    def kept_apart(self) -> list[str]:
        """Columns of the studies whose values are never added up into one number."""
        return list(self.settings.get("kept_apart", ["question", "population"]))

    @property
    def filters(self) -> list[str]:
        """Columns of the studies by which readers of the web page and of the explorer filter, where
        they are filled.
        """
        return list(self.settings.get("filters", ["design", "exposure", "reading", "confidence"]))

    def outcome_order(self, *group: str) -> list[str]:
        """Outcome domains in the order in which they count for a group of studies.

        ``group`` is the question, or question and population; empty when no order is set.
        """
        orders = self.settings.get("outcome_order", {})
        names = ["/".join(group[:size]) for size in range(len(group), 0, -1)]
        return next((list(orders[name]) for name in names if name in orders), [])

    @property
    def measures(self) -> dict[str, Mapping[str, Any]]:
        """Properties of each measure of the findings (``scale``, ``null``, ...); empty when the
        findings have no measures.
        """
        found = self.field("measure", "findings")
        if found:
            return {category.value: category.extra for category in found.categories}
        return {}

    def marked(self, column: str, mark: str, value: Any = True) -> list[str]:
        """Values of a column whose property ``mark`` is ``value``."""
        found = self.field(column, "studies", "findings")
        if found:
            return [
                category.value for category in found.categories if category.extra.get(mark) == value
            ]
        return []

    def designs(self, randomised: bool | str = True) -> list[str]:
        """Designs of the studies by what the dictionary marks: randomised, or ``"not told"``."""
        design = self.tables["studies"].by_name["design"]
        marks = {
            one.value: one.extra.get("randomised", one.value == "rct") for one in design.categories
        }
        return [value for value, mark in marks.items() if mark == randomised]

    def sides(self, values: Mapping[Any, Any]) -> dict[str, str]:
        """What harm and benefit are called in a row, by the setting ``sides``: for a value of a
        column that is kept apart, or that value with an outcome (``risk/age_at_onset``), the word
        for harm and that for benefit. Else their labels.
        """
        given = self.settings.get("sides", {})
        apart = [*map(values.get, self.kept_apart)]
        keys = [f"{value}/{values.get('outcome_domain')}" for value in apart] + apart
        found = [given[key] for key in keys if key in given]
        plain = [lower_first(self.label("conclusion", word)) for word in ("harm", "benefit")]
        harm, benefit = found[0] if found else plain
        return {"harm": harm, "benefit": benefit}

    def field(self, column: str, *tables: str) -> Field | None:
        """First column of that name in the given tables, or in any table."""
        for name in tables or self.tables:
            if name in self.tables and column in self.tables[name]:
                return self.tables[name].by_name[column]
        return None

    def known_field(self, column: str) -> Field | None:
        """The column of that name of the studies, else of the findings, else of any table."""
        return self.field(column, "studies", "findings") or self.field(column)

    def title_of(self, column: str) -> str:
        """Title of a column; its name where no table has it."""
        found = self.known_field(column)
        return found.title if found else column

    @cached_property
    def _by_column(self) -> dict[str, list[Field]]:
        """The columns of each name, those of studies and findings first."""
        found: dict[str, list[Field]] = {}
        for name in dict.fromkeys(("studies", "findings", *self.tables)):
            for one in self.tables[name].fields if name in self.tables else ():
                found.setdefault(one.name, []).append(one)
        return found

    def stated(self, column: str, value: Any) -> str:
        """Label of a value, or that it is not stated where it is missing."""
        import pandas as pd

        return "not stated" if pd.isna(value) else self.label(column, value)

    def label(self, column: str, value: object, beside: Iterable[object] = ()) -> str:
        """Label of a value for charts and pages, of a list those of its values; the value itself if
        it has none. Where tables have columns of this name with other words, the first is taken
        that knows the value, and those ``beside`` it.
        """
        if column == "contrast":
            named = self.settings.get("contrasts", [])
            labels = {str(one["value"]): str(one["label"]) for one in named}
            return labels.get(str(value), str(value))
        fields = self._by_column.get(column, [])
        known = (one for one in fields if one.knows([value, *beside]))
        found = next(known, fields[0] if fields else None)
        if found is None:
            return str(value)
        return ", ".join(found.labels.get(item, item) for item in found.items(value))


def lower_first(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation.

    >>> lower_first("Randomised trial"), lower_first("DNA test")
    ('randomised trial', 'DNA test')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def upper_first(text: str) -> str:
    """A text with a capital.

    >>> upper_first("less than 1")
    'Less than 1'
    """
    return text[:1].upper() + text[1:]
