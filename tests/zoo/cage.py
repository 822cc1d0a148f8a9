"""A folder with a data set, and ways to spoil it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Cage:
    """``whole`` holds the bytes of every file as they were."""

    """A folder with the data set, and ways to spoil it."""

    def __init__(self, folder: Path):
        self.folder = folder / "data"
        self.bibliography = folder / "references.bib"
        self.whole = {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def edit(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """Change a file as bytes."""
        path = self / name
        path.write_bytes(change(path.read_bytes()))

    def rows(self, table: str, change: Callable[[list[list[str]]], Any]) -> None:
        """Change the rows of a table in place."""
        path = self / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.reader(file))
        change(found)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(found)

    def cell(self, table: str, column: str, value: str, row: int = 1) -> None:
        """Change one cell."""

        def change(rows: list[list[str]]) -> None:
            rows[row][rows[0].index(column)] = value

        self.rows(table, change)

    def package(self, change: Callable[[dict[str, Any]], Any]) -> None:
        """Change the dictionary in place."""
        path = self / "datapackage.json"
        found = json.loads(path.read_text(encoding="utf-8"))
        change(found)
        path.write_text(json.dumps(found, indent=1), encoding="utf-8")
