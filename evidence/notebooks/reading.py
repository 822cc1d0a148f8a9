"""Read a notebook file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.errors import EvidenceError
from evidence.files import UnreadableFile, read_text, shown_path

if TYPE_CHECKING:
    from nbformat import NotebookNode


def read_notebook(path: Path) -> NotebookNode:
    """A notebook; an EvidenceError that names it when it is none."""
    import nbformat

    try:
        return nbformat.reads(read_text(path), as_version=4)
    except UnreadableFile as error:
        raise EvidenceError(f"{shown_path(path)} {error}.") from None
    except (
        nbformat.ValidationError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        RecursionError,
    ) as error:
        said = (str(error) or type(error).__name__).splitlines()[0]
        raise EvidenceError(
            f"{shown_path(path)} is not a notebook: {said[:200]}; restore it, or open and save it"
            " with JupyterLab."
        ) from None


def recorded(path: Path) -> dict[str, str]:
    """What was noted of each file in an earlier run; nothing where that cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
