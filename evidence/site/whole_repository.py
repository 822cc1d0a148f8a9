"""A data set as a repository: beside the tables a README, licence, citation, tests, page and forms.

The package goes with it, as a copy under ``evidence/``, and the versions of all that it needs
are in ``requirements.txt``: the repository needs nothing of the one it was made with.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from evidence.errors import EvidenceError
from evidence.exporting.about import about
from evidence.files import write_atomically
from evidence.quoting import markdown_line, yaml
from evidence.tables.dictionary_file import read_dictionary

FILES = Path(__file__).with_name("repository")
PACKAGE = Path(__file__).resolve().parents[1]
DISTRIBUTION = "evidence-explorer"
EXTRAS = ("site",)  # what the page needs
TESTS = ("pytest", "nbval", "flit_core")
# Where each file of the template goes.
PLACES = {
    "README.md": "README.md",
    "LICENSE": "LICENSE",
    "CITATION.cff": "CITATION.cff",
    "ci_run": ".ci/run",
    "test.yml": ".github/workflows/test.yml",
    "pages.yml": ".github/workflows/pages.yml",
    "correct_a_fact.yml": ".github/ISSUE_TEMPLATE/correct_a_fact.yml",
    "add_a_study.yml": ".github/ISSUE_TEMPLATE/add_a_study.yml",
    "config.yml": ".github/ISSUE_TEMPLATE/config.yml",
    "gitignore": ".gitignore",
    "pyproject.txt": "pyproject.toml",
    "test_guards.txt": "tests/test_guards.py",
}
FILLED = ("README.md", "CITATION.cff", "ci_run", "pages.yml", "pyproject.txt")


def make_repository(folder: str | os.PathLike[str], question: str = "") -> list[Path]:
    """Write what makes a repository of the folder of a data set, and run its notebooks.

    Parameters
    ----------
    folder : path
        Folder of a data set.
    question : str, optional
        Its question, in words.

    Returns
    -------
    list of Path
        The files. ``bash .ci/run`` in the folder tests the tables and builds the page.
    """
    place = Path(folder)
    dictionary = read_dictionary(place)
    made = about(dictionary.package)
    makers = made.makers or ("The contributors of this data set",)
    said = {
        "title": markdown_line(dictionary.title),
        "title_yaml": yaml(dictionary.title),
        "question": markdown_line(question or dictionary.title),
        "date": yaml(made.date or datetime.date.today().isoformat()),
        "of_data": yaml(made.version or "0.1.0"),
        "makers": "\n".join(f"  - name: {yaml(name)}" for name in makers),
        "version": _version(DISTRIBUTION) or "0.1.0",
    }
    files = [_write(place / where, name, said) for name, where in PLACES.items()]
    (place / ".ci" / "run").chmod(0o755)
    pins = [f"{name}{pin}" for name, pin in sorted(needed_versions().items())]
    files.append(write_atomically(place / "requirements.txt", "\n".join(pins) + "\n"))
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(PACKAGE, place / "evidence", ignore=ignored)
    files += sorted(path for path in (place / "evidence").rglob("*") if path.is_file())
    if any((place / "notebooks").glob("*.ipynb")):
        _run(place)
    return files


def _write(path: Path, name: str, said: Mapping[str, str]) -> Path:
    text = (FILES / name).read_text(encoding="utf-8")
    return write_atomically(path, text.format(**said) if name in FILLED else text)


def _run(place: Path) -> None:
    """Outputs for the notebooks, with which the tests compare."""
    from evidence.notebooks.run import run_notebooks

    with tempfile.TemporaryDirectory() as out:
        try:
            run_notebooks(place / "notebooks", out, data=str(place), accept=True)
        except EvidenceError as error:
            said = f"The notebooks could not be run, and hold no outputs yet: {error}"
            raise EvidenceError(said) from None


def needed_versions() -> dict[str, str]:
    """Names of the packages that the package, its page and the tests need, and how they are
    pinned: to the version that is installed here, else to what the package asks for.

    >>> needed_versions()["pandas"].startswith("==")
    True
    """
    from packaging.requirements import Requirement

    found: dict[str, str] = {}
    waiting = [Requirement(name) for name in (DISTRIBUTION, *TESTS)]
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if name in found:
            continue
        version = _version(name)
        found[name] = f"=={version}" if version else str(wanted.specifier)
        extras = ("", *EXTRAS) if name == DISTRIBUTION else ("", *wanted.extras)
        for text in (metadata.requires(name) or []) if version else []:
            one = Requirement(text)
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(one)
    found.pop(DISTRIBUTION, None)
    return found


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
