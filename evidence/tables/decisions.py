"""Decisions of people on single cells: appended to the table ``adjudications``, never changed.

Two people, or two notebooks of one, may decide at the same moment. Each takes the lock of the
folder, as commands do, reads the file as it is then, and puts one with a line more in its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from evidence.errors import DataError, UsageError
from evidence.files import UnreadableFile, read_text, write_atomically
from evidence.lock import locked
from evidence.model.dictionary import Dictionary, Table
from evidence.tables.writing import csv_line

TABLE = "adjudications"
PATIENCE = 20.0  # seconds to wait for another process
NEEDED = ("table", "id", "field", "verdict", "who")


def append_decision(dictionary: Dictionary, decision: Mapping[str, str]) -> Path:
    """Write one decision down."""
    table = dictionary.tables.get(TABLE)
    if table is None:
        raise UsageError("This data set has no table of decisions (adjudications.csv)")
    row = {name: _tidy(str(value)) for name, value in decision.items()}
    _check(table, row)
    path = dictionary.folder / table.file
    with locked(path.parent, wait=PATIENCE):
        text = _text(path, table)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        about = row.get("reading_id") or f"{row['id']}:{row['field']}"
        row |= {"when": now, "adjudication_id": _new_id(text, f"{now}:{about}")}
        return write_atomically(path, text + csv_line(table, row))


def _tidy(text: str) -> str:
    """One line, as the tables hold texts."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _check(table: Table, row: Mapping[str, str]) -> None:
    for name in NEEDED:
        if not row.get(name):
            raise UsageError(f"a decision needs {name}")
    for name in ("table", "verdict"):
        allowed = table.by_name[name].values
        if allowed and row[name] not in allowed:
            raise UsageError(f"{name} is {row[name]!r}; allowed: {', '.join(allowed)}")
    strange = [name for name in row if name not in table]
    if strange:
        raise UsageError(f"a decision has no part {strange[0]!r}")


def _text(path: Path, table: Table) -> str:
    """What stands in the file, ready for one line more."""
    header = csv_line(table, {field.name: field.name for field in table.fields})
    try:
        text = read_text(path)
    except UnreadableFile as error:
        raise DataError(f"{path.name} {error.what}; allowed: {error.allowed}") from None
    if not text.startswith(header) or not text.endswith("\n"):
        raise DataError(
            f"{path.name} does not begin with {header.strip()}, or its last line has no end"
        )
    return text


def _new_id(text: str, wanted: str) -> str:
    """The name, with a number after it where it is taken."""
    taken = {line.split(",", 1)[0] for line in text.splitlines()}
    number = 1
    name = wanted
    while name in taken:
        number += 1
        name = f"{wanted}:{number}"
    return name
