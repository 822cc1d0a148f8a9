"""What the package knows of every table is declared in one file, and everything else follows it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.importing.columns import known_columns, reader_of, targets
from evidence.importing.effects import KEPT
from evidence.importing.words import known
from evidence.model.core_rules import RULES
from evidence.model.schema import DTYPES, known_tables, own_vocabularies, vocabularies

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "evidence"
TABLES = set(known_tables())
COLUMNS = {column for table in known_tables().values() for column in table.columns}
TYPES = {*DTYPES, *DTYPES.values(), "category", "list", "string"}
# Headings of other people's files that become several columns, or the name of a study.
MADE_FROM = {"study", "author", "journal", "ci", "estimate_ci", "p", "own", "-", *KEPT}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def texts(nodes: list[ast.expr | None]) -> list[str]:
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def fields_in(value: object) -> Iterator[str]:
    """Names of whatever in a JSON file has both a name and a type of a dictionary."""
    if isinstance(value, dict):
        if value.get("type") in DTYPES and isinstance(value.get("name"), str):
            yield value["name"]
        for inner in value.values():
            yield from fields_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from fields_in(inner)


def test_each_table_and_column_is_declared_in_one_file():
    """A declaration gives columns their types, or says something of several tables."""
    declared = set()
    for path in PACKAGE.rglob("*.json"):
        if set(fields_in(json.loads(path.read_text(encoding="utf-8")))) & COLUMNS:
            declared.add(str(path.relative_to(ROOT)))
    for path, tree in modules():
        nodes = list(ast.walk(tree))
        cast = {id(argument) for node in nodes if _is_cast(node) for argument in node.args}
        for node in nodes:
            if isinstance(node, ast.Dict) and id(node) not in cast and _declares(node):
                declared.add(f"{path}:{node.lineno}")
    assert declared == {"evidence/model/tables.json"}


def _is_cast(node: ast.AST) -> bool:
    """``frame.astype({...})`` gives a type to what is being computed, not to a table."""
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr == "astype"


def _declares(node: ast.Dict) -> bool:
    names, values = set(texts(node.keys)), texts(list(node.values))
    typed = len(values) == len(node.values) and set(values) <= TYPES
    literal = all(isinstance(value, ast.Constant | ast.Tuple) for value in node.values)
    return (typed and len(names & COLUMNS) >= 2) or (literal and len(names & TABLES) >= 3)


def test_no_column_is_declared_twice():
    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in items]
        assert len(set(names)) == len(names), names
        return dict(items)

    text = (PACKAGE / "model" / "tables.json").read_text(encoding="utf-8")
    for name, table in json.loads(text, object_pairs_hook=pairs).items():
        columns = [field["name"] for field in table["fields"]]
        assert len(set(columns)) == len(columns), name


def test_the_tables_that_the_code_reads_are_declared():
    read = set()
    for _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
                read |= set(texts([node.slice])) if node.value.attr == "tables" else set()
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                read |= set(texts(node.args[1:2])) if node.func.id == "needed" else set()
    assert len(read) > 8 and read <= TABLES


@pytest.mark.parametrize("table", known_tables().values(), ids=list(known_tables()))
def test_what_is_declared_holds_together(table):
    assert table.key in table.columns and {*table.composed} <= {*table.columns}
    assert table.required or table.holds, "a message says what a table holds"
    assert {*table.needs} <= TABLES
    for column, other, key, *_ in table.keys:
        assert column in table.columns and key in known_tables()[other].columns
    for column in table.columns.values():
        assert column.type in DTYPES and column.title and column.description, column.name
        assert column.words in ("", "known", "fixed") and (not column.words or column.vocabulary)
        assert not column.vocabulary or column.vocabulary in {*vocabularies(), "pooled_measure"}
        assert {*column.tables} <= TABLES and column.only_with in {"", *TABLES}
        assert not (column.needed and column.only_with)


def test_every_list_of_words_is_used():
    used = {
        column.vocabulary for table in known_tables().values() for column in table.columns.values()
    }
    assert set(vocabularies()) == used - {"", "pooled_measure"}
    assert set(own_vocabularies()) <= used


def test_headings_of_other_files_lead_to_declared_columns():
    assert set(targets()) - MADE_FROM <= set(known_columns())
    assert {reader_of(target) is not None for target in ("ci", "estimate_ci", "p")} == {True}
    assert reader_of("nothing") is None and set(known()["columns"]) <= set(targets())


def test_each_rule_of_the_core_says_what_it_asks_for():
    assert all(rule.__doc__ and not rule.__name__.startswith("_") for rule in RULES)
