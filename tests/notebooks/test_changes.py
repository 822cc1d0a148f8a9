"""What a new run shows that the stored notebook does not: texts as a diff, pictures by name."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat

from evidence.notebooks.changes import changes

STORED = Path(__file__).resolve().parents[2] / "notebooks" / "06_three_lenses.ipynb"


def test_another_picture_is_named():
    stored = nbformat.read(STORED, as_version=4)
    new = copy.deepcopy(stored)
    drawn = [
        (i, output)
        for i, cell in enumerate(new.cells, 1)
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    (number, first), (_, second) = drawn[:2]
    assert changes(stored, new, "x.ipynb") == []
    first.data["image/png"] = second.data["image/png"]
    (said,) = changes(stored, new, "x.ipynb")
    assert said.startswith(f"x.ipynb: cell {number}: the stored picture is not the one")
