"""The data set as one JSON file; numbers stand as they are printed in the tables, so that 1.50
stays 1.50.
"""

from __future__ import annotations

import json
import re

from evidence.exporting.about import Outgoing

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def to_json(out: Outgoing) -> bytes:
    """Dictionary, rows and bibliography in one file.

    Names: ``title, version, date, citation, caution``; ``datapackage``, the dictionary; ``tables``,
    a list of objects for each table, an empty cell ``null``; ``bibliography``, BibTeX; ``beside``,
    further files.
    """
    text, about = out.text, out.about
    head = {
        "title": about.title,
        "version": about.version,
        "date": about.date,
        "citation": about.citation,
        "caution": about.caution,
    }
    parts = [f" {_text(name)}: {_text(value)}" for name, value in head.items()]
    parts.append(f' "datapackage": {json.dumps(text.package, ensure_ascii=False)}')
    types = {
        r["name"]: {field["name"]: field["type"] for field in r["schema"]["fields"]}
        for r in text.package["resources"]
    }
    tables = []
    for name in text.tables:
        header, *rows = text.rows(name)
        keys, kinds = (
            [_text(column) for column in header],
            [types[name].get(column, "string") for column in header],
        )
        lines = [
            "   {"
            + ", ".join(
                f"{key}: {_value(cell, kind)}"
                for key, cell, kind in zip(keys, row, kinds, strict=True)
            )
            + "}"
            for row in rows
        ]
        tables.append(
            f"  {_text(name)}: [\n" + ",\n".join(lines) + "\n  ]"
            if lines
            else f"  {_text(name)}: []"
        )
    parts.append(' "tables": {\n' + ",\n".join(tables) + "\n }")
    parts.append(f' "bibliography": {_text(text.bibliography)}')
    parts.append(f' "beside": {json.dumps(dict(text.beside), ensure_ascii=False)}')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _value(cell: str, kind: str) -> str:
    if cell == "":
        return "null"
    if (kind in ("integer", "number") and NUMBER.fullmatch(cell)) or (
        kind == "boolean" and cell in ("true", "false")
    ):
        return cell
    return _text(cell)
