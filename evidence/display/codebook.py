"""The dictionary as a page that people read."""

from __future__ import annotations

from evidence.model.dictionary import Dictionary, Field, Table
from evidence.model.schema import known_tables
from evidence.quoting import markdown_cell, markdown_code, markdown_line, markdown_lines


def codebook(dictionary: Dictionary) -> str:
    """The codebook of a data set in Markdown.

    Tables in the order of the dictionary, each with its columns, their types, rules and allowed
    values.
    """
    lines = [
        f"# Codebook: {markdown_line(dictionary.title)}",
        "",
        (
            "This page is made from `datapackage.json` by `evidence codebook --write`. Change the"
            " dictionary, not this page."
        ),
        "",
        markdown_lines(dictionary.description),
        "",
        markdown_line(
            f"Version {dictionary.version}. License of the data: {dictionary.license}. An empty"
            " cell means: not shown in what was read."
        ),
        "",
        "| table | file | what |",
        "|---|---|---|",
    ]
    tables = dictionary.tables.values()
    for table in tables:
        lines.append(
            f"| [{markdown_cell(table.title)}](#{_anchor(table.title)}) | {_code(table.file)} |"
            f" {markdown_cell(table.description)} |"
        )
    for table in tables:
        lines += _table(table)
    return "\n".join(lines) + "\n"


def _table(table: Table) -> list[str]:
    lines = [
        "",
        f"## {markdown_line(table.title)}",
        "",
        (
            f"{markdown_code(table.file)}. {markdown_line(table.description)} Key:"
            f" {markdown_code(table.key)}."
        ),
        "",
        "| column | type | meaning | rules |",
        "|---|---|---|---|",
    ]
    keys = {key.column: key for key in table.foreign_keys}
    for field in table.fields:
        rules = [*_rules(field), *_rules_of_package(table, field)]
        if field.name in keys:
            key = keys[field.name]
            rules.append(
                f"a {_code(key.key)} of {_code(key.table)}"
                + ("; each of them is named at least once" if key.covers else "")
            )
        unit = f" (in {markdown_cell(field.unit)})" if field.unit else ""
        lines.append(
            f"| {_code(field.name)} | {field.type}{unit} | {markdown_cell(field.description)} |"
            f" {'; '.join(rules)} |"
        )
    for field in table.fields:
        if field.categories:
            lines += [
                "",
                f"### {table.name}.{field.name}",
                "",
                "| value | label | meaning |",
                "|---|---|---|",
            ]
            lines += [
                f"| {_code(c.value)} | {markdown_cell(c.label)} | {markdown_cell(c.description)} |"
                for c in field.categories
            ]
    return lines


def _rules(field: Field) -> list[str]:
    rules = []
    if field.required:
        rules.append("never empty")
    if field.unique:
        rules.append("each value once")
    if field.minimum is not None or field.maximum is not None:
        low = f"from {field.minimum:g}" if field.minimum is not None else ""
        high = f"to {field.maximum:g}" if field.maximum is not None else ""
        rules.append(f"{low} {high}".strip())
    if field.pattern:
        rules.append(f"form {_code(field.pattern)}")
    if field.categories:
        rules.append("one of the values below")
    return rules


def _rules_of_package(table: Table, field: Field) -> list[str]:
    """What the package itself asks of a column that it knows."""
    known = known_tables().get(table.name)
    if known is None:
        return []
    rules = []
    if known.required and field.name in known.needed:
        rules.append("every data set has it")
    if known.composed and field.name == known.key:
        begin = known.mark.join(f"`{column}`" for column in known.composed)
        rules.append(f"begins with {begin}")
    return rules


def _code(text: str) -> str:
    """Code within a cell."""
    return markdown_code(text).replace("|", "\\|")


def _anchor(title: str) -> str:
    kept = [letter for letter in title.lower() if letter.isalnum() or letter == " "]
    return "".join(kept).replace(" ", "-")
