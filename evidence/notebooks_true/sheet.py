"""A notebook, or a page of Markdown with code hidden in its comments, as one list of cells."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.notebooks_true.prose import FENCED, blank

if TYPE_CHECKING:
    from nbformat import NotebookNode

# In a fence it is an example.
HIDDEN = re.compile(r"<!--[ \t]*true-notebooks[ \t]*\n(.*?)\n?-->", re.S)


UNFIT = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class UnreadableSheet(Exception):
    """A file that is not a notebook."""


@dataclass
class Sheet:
    """A file whose cells are run.

    Attributes
    ----------
    path : Path
        The file.
    notebook : NotebookNode
        Its cells; those of a page have no outputs.
    is_page : bool
        Whether it is a page of Markdown.
    """

    path: Path
    notebook: NotebookNode
    is_page: bool

    @property
    def cells(self) -> list[NotebookNode]:
        return list(self.notebook.cells)

    def text(self) -> str:
        """The file, as it is written."""
        if self.is_page:
            return "".join(cell.metadata.get("written", cell.source) for cell in self.cells)
        import nbformat

        return str(nbformat.writes(self.notebook)) + "\n"


def read_sheet(path: Path) -> Sheet:
    """A notebook or a page.

    Raises
    ------
    UnreadableSheet
        When it is neither.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnreadableSheet("it is not UTF-8: save it as UTF-8") from None
    return page(path, text) if path.suffix == ".md" else notebook(path, text)


def notebook(path: Path, text: str) -> Sheet:
    import nbformat

    odd: dict[str, Exception] = {}
    try:
        made = nbformat.reads(text, as_version=4, capture_validation_error=odd)
        if odd:
            nbformat.validate(needed(made), relax_add_props=True)
        return Sheet(path, made, False)
    except (*UNFIT, nbformat.ValidationError) as error:
        said = (str(error) or type(error).__name__).splitlines()[0][:200]
        cell = re.search(r"\['cells'\]\[(\d+)\]", str(error))
        place = f"cell {int(cell[1]) + 1}: " if cell else ""
        raise UnreadableSheet(f"it is not a notebook: {place}{said}") from None


def needed(made: Any) -> dict[str, Any]:
    """A notebook without metadata, which may be missing or odd, but for those of its cells."""
    cells = copy.deepcopy(made["cells"])
    for output in [output for cell in cells for output in cell.get("outputs", [])]:
        if output.get("output_type") in ("execute_result", "display_data"):
            output["metadata"] = {}
    return {**made, "metadata": {}, "cells": cells}


def page(path: Path, text: str) -> Sheet:
    """A page: comments that begin with ``true-notebooks`` are code cells.

    >>> found = page(Path("x.md"), "One.\\n<!-- true-notebooks\\nn = 1\\n-->\\nTwo.\\n")
    >>> [(cell.cell_type, cell.source) for cell in found.cells]
    [('markdown', 'One.\\n'), ('code', 'n = 1'), ('markdown', '\\nTwo.\\n')]
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells: list[Any] = []
    end = 0
    for found in HIDDEN.finditer(blank(FENCED, text)):
        cells.append(new_markdown_cell(text[end : found.start()]))
        written = text[found.start() : found.end()]
        cells.append(new_code_cell(found[1], metadata={"written": written}))
        end = found.end()
    cells.append(new_markdown_cell(text[end:]))
    return Sheet(path, new_notebook(cells=[c for c in cells if c.source]), True)


def is_sheet(path: Path) -> bool:
    """Whether a file is one that is run: a notebook, or a page that hides code."""
    if path.suffix == ".ipynb":
        return True
    if path.suffix != ".md":
        return False
    try:
        return bool(HIDDEN.search(blank(FENCED, path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError):
        return False


def kernel_name(sheet: Sheet) -> str:
    """Kernel of a notebook; each for Python is this environment's."""
    from evidence.notebooks_true.kernel import HERE

    spec, language = (
        said if isinstance(said := sheet.notebook.metadata.get(part), dict) else {}
        for part in ("kernelspec", "language_info")
    )
    name = str(spec.get("name", HERE))
    plain = "python" if name.startswith("python") else ""
    if spec.get("language", language.get("name", plain)) == "python":
        return HERE
    return name
