"""A copy of the notebooks to try things in: what is run and saved there changes no source.

What the notebooks link to and load from beside them is copied too, so that links work inside
JupyterLab. A file that somebody changed in the copy is never written over.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from evidence.files import write_atomically
from evidence.notebooks.reading import recorded

RECORD = ".copied.json"  # hash of each file as it was copied
BESIDE = ("docs", "examples", "README.md", "CONTRIBUTING.md", "data/CODEBOOK.md")
TABLES = ("*.json", "*.csv", "*.bib", "*.toml", "*.md")
HIDDEN = (".", "__pycache__", "build")


def working_copy(notebooks: Path, out: str | os.PathLike[str] | None = None) -> tuple[Path, int]:
    """Copy a folder of notebooks with what they need; renew what nobody changed.

    Parameters
    ----------
    notebooks : Path
        The folder of the notebooks.
    out : path, optional
        Where to; default is ``build/lab`` beside the folder.

    Returns
    -------
    (Path, int)
        The folder of the copied notebooks, and how many files were left alone although their
        source has changed, because somebody changed the copy.
    """
    root = notebooks.resolve().parent
    target = Path(out) if out else root / "build" / "lab"
    record = target / RECORD
    copied, kept = recorded(record), 0
    for source in _sources(notebooks.resolve(), root):
        name = source.relative_to(root).as_posix()
        place, now = target / name, _hash(source)
        there = _hash(place) if place.is_file() else ""
        if there in ("", now, copied.get(name)):
            if there != now:
                write_atomically(place, source.read_bytes())
            copied[name] = now
        elif now != copied.get(name):
            kept += 1
    write_atomically(record, json.dumps(copied, indent=1, sort_keys=True) + "\n")
    return target / notebooks.name, kept


def _sources(notebooks: Path, root: Path) -> list[Path]:
    """The notebooks, and the files beside them that they link to or load."""
    places = [notebooks, *(root / name for name in BESIDE)]
    files = [path for place in places for path in ([place] if place.is_file() else _inside(place))]
    if not (root / "data").is_dir():  # a data set whose tables stand beside its notebooks
        files += [path for pattern in TABLES for path in root.glob(pattern)]
    return sorted(set(files))


def _inside(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return [
        path
        for path in found
        if not any(part.startswith(HIDDEN) for part in path.relative_to(folder).parts)
    ]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
