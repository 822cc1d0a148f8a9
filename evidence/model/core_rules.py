"""What a dictionary owes the package: each rule is one function."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from evidence.errors import Fault
from evidence.model.dictionary import Dictionary, Table
from evidence.model.schema import KnownTable, known_tables, words_of

# Table (empty for the data set as a whole), column or setting, what is wrong, what is allowed.
Found = tuple[str, str, str, str]


def core_faults(dictionary: Dictionary, shown: str) -> list[Fault]:
    """Where a dictionary lacks or contradicts what the package needs."""
    found = [fault for rule in RULES for fault in rule(dictionary)]
    return [
        Fault(shown, 0, column, f"table {table}: {what}" if table else what, allowed, "core")
        for table, column, what, allowed in found
    ]


def missing_tables(dictionary: Dictionary) -> Iterator[Found]:
    """Studies and findings are there."""
    required = [table.name for table in known_tables().values() if table.required]
    for name in required:
        if name not in dictionary.tables:
            yield "", "resources", f"there is no table {name!r}", f"tables {' and '.join(required)}"


def missing_columns(dictionary: Dictionary) -> Iterator[Found]:
    """A table that the package knows has the columns that it needs."""
    for known, table in _present(dictionary):
        allowed = "a column of this name, or no such table"
        if known.required:
            allowed = "a column of this name; its cells may be empty unless it is required"
        for column in known.needed:
            if column not in table:
                yield known.name, column, "this column is missing", allowed


def other_types(dictionary: Dictionary) -> Iterator[Found]:
    """Columns that the code reads have the type that it expects."""
    for known, table in _present(dictionary):
        for column in known.columns.values():
            found = table.by_name.get(column.name)
            if found and (column.needed or column.read) and found.type != column.type:
                yield known.name, column.name, f"is of type {found.type}", f"type {column.type}"


def other_keys(dictionary: Dictionary) -> Iterator[Found]:
    """Rows of the required tables are named by the column that the package knows."""
    for known, table in _present(dictionary):
        if known.required and table.key != known.key:
            yield known.name, table.key, "is not the key that the package knows", known.key


def missing_words(dictionary: Dictionary) -> Iterator[Found]:
    """Columns whose values are counted or drawn list their values, for order and labels."""
    for known, table in _present(dictionary):
        listed = [column.name for column in known.columns.values() if column.words]
        apart = dictionary.kept_apart if known.name == "studies" else []
        for column in dict.fromkeys([*apart, *listed]):
            if column in table and not table.by_name[column].categories:
                allowed = "a list of values with their labels"
                yield known.name, column, "has no categories", allowed


def strange_words(dictionary: Dictionary) -> Iterator[Found]:
    """The words of the method have labels of the data set's own, but there are no others."""
    for known, table in _present(dictionary):
        for column in known.columns.values():
            if column.words != "fixed" or column.name not in table:
                continue
            words = words_of(column.vocabulary)
            strange = [word for word in table.by_name[column.name].values if word not in words]
            if strange:
                what = f"{strange[0]!r} is not a word of the method"
                yield known.name, column.name, what, f"{', '.join(words)}; labels are free"


def missing_level(dictionary: Dictionary) -> Iterator[Found]:
    """Intervals of findings have their confidence level."""
    findings = dictionary.tables.get("findings")
    if findings and "ci_low" in findings and "ci_level" not in findings:
        what = "this column is missing although there are intervals"
        allowed = "the confidence level of each interval in percent"
        yield "findings", "ci_level", what, allowed


def dangling_keys(dictionary: Dictionary) -> Iterator[Found]:
    """Keys of other tables point to a column that is there."""
    for name, table in dictionary.tables.items():
        for key in table.foreign_keys:
            if key.table not in dictionary.tables or key.key not in dictionary.tables[key.table]:
                what = f"points to {key.key} of {key.table}, which is not there"
                yield name, key.column, what, "a column of a table of this dictionary"


def kept_apart(dictionary: Dictionary) -> Iterator[Found]:
    """At least one column of the studies keeps apart what must not be added up."""
    if not dictionary.kept_apart:
        allowed = "at least one column of the studies, such as question"
        yield "", "kept_apart", "is empty", allowed
    studies = dictionary.tables.get("studies")
    needed = known_tables()["studies"].needed
    for column in dictionary.kept_apart if studies else ():
        if studies and column not in studies and column not in needed:
            allowed = "columns of the studies in the setting kept_apart"
            yield "studies", column, "is kept apart, but is not a column", allowed


def filters(dictionary: Dictionary) -> Iterator[Found]:
    """The setting filters names columns of the studies."""
    studies = dictionary.tables.get("studies")
    for column in dictionary.settings.get("filters", ()):
        if studies and column not in studies:
            what = "is named by the setting filters, but is not a column"
            yield "studies", column, what, "columns of the studies"


def half_measures(dictionary: Dictionary) -> Iterator[Found]:
    """A measure has both its scale and its null value, or neither."""
    for measure, extra in dictionary.measures.items():
        if ("null" in extra) != ("scale" in extra):
            what = f"{measure!r} has only one of scale and null"
            yield "findings", "measure", what, "both, or neither for what is not a contrast"


def outcome_order(dictionary: Dictionary) -> Iterator[Found]:
    """The setting outcome_order names groups of studies, and each outcome of theirs once."""
    parts = [dictionary.field(column, "studies") for column in dictionary.kept_apart]
    domains = dictionary.field("outcome_domain", "findings")
    words = domains.values if domains else []
    for group, outcomes in dictionary.settings.get("outcome_order", {}).items():
        values = group.split("/")
        for word, field in zip_longest(values, parts[: len(values)]):
            if field is None or word not in field.values:
                allowed = "one value for each column kept apart"
                if field is not None:
                    allowed = ", ".join(field.values)
                yield "", "outcome_order", f"{group!r} names no group of studies: {word!r}", allowed
        strange = [word for word in outcomes if word not in words]
        if strange:
            what = f"{group}: {strange[0]!r} is not an outcome domain"
            yield "", "outcome_order", what, ", ".join(words)
        if len(set(outcomes)) < len(outcomes):
            yield "", "outcome_order", f"{group}: duplicate outcome", "each outcome once"


RULES = (
    missing_tables,
    missing_columns,
    other_types,
    other_keys,
    missing_words,
    strange_words,
    missing_level,
    dangling_keys,
    kept_apart,
    filters,
    outcome_order,
    half_measures,
)


def _present(dictionary: Dictionary) -> Iterator[tuple[KnownTable, Table]]:
    """Tables that are there and that the package knows."""
    for known in known_tables().values():
        if known.name in dictionary.tables:
            yield known, dictionary.tables[known.name]
