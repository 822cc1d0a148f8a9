"""Which executed notebooks are still those of this code and these tables.

A notebook is run again when its cells, any file of the package or of the tables, or a version of a
library has changed since: what else could change an output has no place in a notebook.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.files import write_atomically
from evidence.notebooks.reading import read_notebook, recorded

if TYPE_CHECKING:
    from nbformat import NotebookNode

RECORD = ".ran.json"
PACKAGE = Path(__file__).resolve().parents[1]


class Unchanged:
    """What was executed before into a folder, and under which fingerprint.

    Parameters
    ----------
    folder : Path
        Where the executed notebooks are.
    tables : iterable of Path
        Files of the data set that the notebooks read.
    """

    def __init__(self, folder: Path, tables: Iterable[Path]):
        self.folder = folder
        self.record = folder / RECORD
        files = [*_files(PACKAGE), *(path for path in tables if path.is_file())]
        self._around = _digest(str(path).encode() + path.read_bytes() for path in files)
        self._around += _versions()

    def fingerprint(self, notebook: NotebookNode) -> str:
        """Of the cells of a notebook, without outputs, and of all around it."""
        cells = [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in notebook.cells]
        return _digest([json.dumps([sys.version, cells]).encode(), self._around.encode()])

    def kept(self, sources: Mapping[Path, NotebookNode]) -> dict[Path, NotebookNode]:
        """Executed notebooks that need not run again, by the path of their source."""
        before = recorded(self.record)
        return {
            path: read_notebook(self.folder / path.name)
            for path, notebook in sources.items()
            if (self.folder / path.name).is_file()
            and before.get(path.name) == self.fingerprint(notebook)
        }

    def write(self, notebooks: Mapping[Path, NotebookNode]) -> None:
        """Note what was executed."""
        ran = {path.name: self.fingerprint(notebook) for path, notebook in notebooks.items()}
        write_atomically(self.record, json.dumps(recorded(self.record) | ran, indent=1) + "\n")


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if "__pycache__" not in path.parts)


def _versions() -> str:
    return _digest(sorted(f"{one.name} {one.version}".encode() for one in distributions()))


def _digest(parts: Iterable[bytes]) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()
