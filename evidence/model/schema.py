"""What the package knows of every table: the one statement of names, types and rules.

``tables.json`` beside this file declares the tables and their columns, ``vocabularies.json`` the
words that a new data set begins with. The dictionary of a data set is checked against them, a new
dictionary is made from them, and whatever else needs the name of a column takes it from here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evidence.arguments import is_number
from evidence.errors import UsageError

# pandas types of the types of a dictionary.
DTYPES = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "boolean"}


@dataclass(frozen=True)
class KnownColumn:
    """A column that the package knows.

    Attributes
    ----------
    name, type, title, description, unit
        As in the dictionary of a data set.
    vocabulary : str
        Name of the list of words in ``vocabularies.json``; empty for free text and numbers.
    tables : tuple of str
        The words are names of these tables, as far as a data set has them.
    only_with : str
        A new data set gets the column only together with this table.
    required, unique, minimum, maximum, pattern
        Rules of the cells in a new data set.
    needed : bool
        Where the table is there, the column must be there too.
    read : bool
        The code uses the column where it is there; where it is not, it counts as empty.
    words : {"", "known", "fixed"}
        Whether the dictionary must list the words: any words, or those of the vocabulary alone.
    offered : bool
        Whether a new data set gets the column.
    """

    name: str
    type: str
    title: str
    description: str
    unit: str = ""
    vocabulary: str = ""
    tables: tuple[str, ...] = ()
    only_with: str = ""
    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    needed: bool = False
    read: bool = False
    words: str = ""
    offered: bool = True

    @property
    def dtype(self) -> str:
        """The type in pandas."""
        return DTYPES[self.type]


@dataclass(frozen=True)
class KnownTable:
    """A table that the package knows.

    Attributes
    ----------
    name, title, description
        As in the dictionary of a data set.
    holds : str
        What it holds, in the words of a message about a data set that lacks it.
    key : str
        The column that names its rows.
    columns : mapping of str to KnownColumn
    keys : tuple
        Keys of other tables: column, table, key there, and whether all rows there must be named.
    required : bool
        Whether every data set has it.
    basic : bool
        Whether every new data set begins with it.
    needs : tuple of str
        Tables without which it is of no use.
    composed : tuple of str
        Columns whose values begin its key, with ``mark`` between them.
    """

    name: str
    title: str
    description: str
    key: str
    columns: Mapping[str, KnownColumn]
    keys: tuple[tuple[Any, ...], ...] = ()
    holds: str = ""
    required: bool = False
    basic: bool = False
    needs: tuple[str, ...] = ()
    composed: tuple[str, ...] = ()
    mark: str = ""

    @property
    def needed(self) -> list[str]:
        """Columns that the table must have."""
        return [column.name for column in self.columns.values() if column.needed]


@cache
def known_tables() -> dict[str, KnownTable]:
    """The tables that the package knows, by name.

    >>> known_tables()["pools"].holds, known_tables()["studies"].columns["year"].dtype
    ('pools', 'Int64')
    """
    return {name: _table(name, said) for name, said in _json("tables.json").items()}


@cache
def vocabularies() -> dict[str, list[dict[str, Any]]]:
    """The words that a new data set begins with, by the name of their list.

    >>> [word["value"] for word in vocabularies()["direction"]][:2]
    ['benefit', 'no_clear_difference']
    """
    return {name: list(said["words"]) for name, said in _json("vocabularies.json").items()}


def words_of(vocabulary: str) -> tuple[str, ...]:
    """Values of a list of words, in their order."""
    return tuple(word["value"] for word in vocabularies()[vocabulary])


@cache
def own_vocabularies() -> tuple[str, ...]:
    """Lists of words that are the data set's own; the others are the method's."""
    return tuple(name for name, said in _json("vocabularies.json").items() if said.get("own"))


def _table(name: str, said: Mapping[str, Any]) -> KnownTable:
    columns = [_column(field) for field in said["fields"]]
    row_id = said.get("id", {})
    return KnownTable(
        name=name,
        title=said["title"],
        description=said["description"],
        key=said["key"],
        columns={column.name: column for column in columns},
        keys=tuple(tuple(key) for key in said["keys"]),
        holds=said.get("holds", ""),
        required=said.get("required", False),
        basic=said.get("basic", False),
        needs=tuple(said.get("with", ())),
        composed=tuple(row_id.get("of", ())),
        mark=row_id.get("mark", ""),
    )


def _column(said: Mapping[str, Any]) -> KnownColumn:
    return KnownColumn(**{**said, "tables": tuple(said.get("tables", ()))})


@cache
def _json(name: str) -> dict[str, Any]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    made: dict[str, Any] = json.loads(text)
    return made


def confidence_level(name: str, value: object) -> int:
    """A confidence level in percent, as the tables take it; also as text, as a command has it.

    >>> confidence_level("ci_level", 95), confidence_level("ci_level", "95")
    (95, 95)
    >>> confidence_level("ci_level", 100)
    Traceback (most recent call last):
        ...
    evidence.errors.UsageError: ci_level is 100; allowed: a whole number from 50 to 99
    """
    column = known_tables()["findings"].columns["ci_level"]
    least, most = int(column.minimum or 0), int(column.maximum or 100)
    number: Any = value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        number = float(value)
    if not (is_number(number) and least <= number <= most and number == int(number)):
        raise UsageError(f"{name} is {value!r}; allowed: a whole number from {least} to {most}")
    return int(number)
