"""What a new run of a notebook shows that the stored one does not."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from evidence.notebooks_true.compare import pictures_complaint

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_LINES = 40


def changes(stored: NotebookNode, new: NotebookNode, name: str) -> list[str]:
    """Cells whose outputs differ, as lines of a unified diff; of pictures only that they differ.
    The order of keys does not count.

    A head for each cell that differs, and at most forty lines of what changed; empty when nothing
    did, or when the stored notebook was never run.
    """
    lines: list[str] = []
    if not any(cell.get("outputs") for cell in stored.cells):
        return lines
    for number, (before, after) in enumerate(zip(stored.cells, new.cells, strict=False), start=1):
        old, now = shown(before), shown(after)
        if old != now:
            diff = [
                line
                for line in difflib.unified_diff(old, now, lineterm="", n=1)
                if not line.startswith(("---", "+++"))
            ]
            if len(diff) > MOST_LINES:
                more = [f"... and {len(diff) - MOST_LINES} more lines"]
            else:
                more = []
            lines += [f"{name}: cell {number} shows something else:", *diff[:MOST_LINES], *more]
        if said := pictures_complaint(before.get("outputs", []), after.get("outputs", [])):
            lines.append(f"{name}: cell {number}: {said}")
    return lines


def shown(cell: NotebookNode) -> list[str]:
    """Text that a cell shows, line by line."""
    lines: list[str] = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        text = (
            data.get("text/plain")
            or data.get("text/markdown")
            or output.get("text")
            or output.get("evalue", "")
        )
        lines += str(text).splitlines()
    return lines
