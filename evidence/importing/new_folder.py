"""Write a data set as a folder of its own: tables, dictionary, codebook, bibliography, search and
notebooks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evidence.display.codebook import codebook
from evidence.errors import UsageError
from evidence.exporting.set_text import SetText, text_of
from evidence.files import closed, inside, write_atomically, write_together
from evidence.importing.from_export import restored
from evidence.importing.new_dictionary import chosen_tables, new_package
from evidence.model.dictionary import PACKAGE
from evidence.model.evidence import Evidence
from evidence.model.schema import known_tables
from evidence.quoting import comma_separated, comment, json_text, markdown_line, one_line
from evidence.tables.dictionary_file import read_dictionary, refuse_package

TEMPLATES = Path(__file__).with_name("template")
BIBLIOGRAPHY = "% One entry for each study; the key is the study_id.\n"
SEARCH = """\
{about}
# Write the first block, and name this file in datapackage.json under "evidence":
# {{"search": "search.toml"}}; then `evidence watch` sends the searches to the services and lists
# what the tables do not have yet.

# Day on which the whole search last ran to completion, as year-month-day; empty: never yet.
last_search = ""

# Email address under which the services may reach whoever searches; empty: none is sent.
contact = ""

# One block for each question and service (pubmed, europepmc), with the terms as the service
# wants them.
# [[search]]
# name = "main_pubmed"
# question = "main"
# service = "pubmed"
# terms = '"..."[tiab] AND "..."[tiab]'
"""


def new_set(
    folder: str | os.PathLike[str],
    title: str = "",
    question: str = "",
    tables: Sequence[str] = (),
    notebooks: bool = True,
    created: str = "",
) -> list[Path]:
    """Write an empty, valid data set for another question.

    Parameters
    ----------
    folder : path
        Folder to make; it must be empty or not there yet.
    title : str, optional
        Name of the data set; default is the name of the folder.
    question : str, optional
        Its question, in words.
    tables : sequence of str, optional
        Tables beyond the basic ones, such as ``"readings"`` or ``"pools"``; ``"all"`` for all of
        them.
    notebooks : bool, default True
        Write three notebooks into ``folder/notebooks``.
    created : str, optional
        Date of the data set; default is today's.

    Returns
    -------
    list of Path
        The files. ``evidence check FOLDER`` finds no fault in them.

    Raises
    ------
    UsageError
        When the folder holds something, or for an unknown table.

    Examples
    --------
    >>> import tempfile, evidence
    >>> with tempfile.TemporaryDirectory() as place:
    ...     files = new_set(place + "/tea", question="Does tea help?")
    ...     evidence.check(place + "/tea"), len(evidence.load(place + "/tea"))
    ([], 0)
    """
    place = empty_folder(folder)
    title, question = titled(place, title), one_line(question)
    wanted = chosen_tables(list(known_tables()) if list(tables) == ["all"] else list(tables))
    package = new_package(title, question, wanted, created=created)
    return write_set(place, package, {}, BIBLIOGRAPHY, question, notebooks)


def titled(place: Path, title: str) -> str:
    """The title of a new data set on one line; without one, the name of its folder."""
    return (
        one_line(title)
        or one_line(
            os.path.basename(os.path.realpath(place)).replace("_", " ").replace("-", " ")
        ).capitalize()
    )


def empty_folder(folder: str | os.PathLike[str]) -> Path:
    """The folder, if nothing stands in it.

    Raises
    ------
    UsageError
        When it holds something, may not be read, or is a file.
    """
    place = Path(folder)
    if why := closed(place):
        raise UsageError(why)
    if place.is_file() or (place.is_dir() and any(place.iterdir())):
        raise UsageError(f"{place} is not empty; name a folder that is not there yet")
    return place


def write_set(
    folder: Path,
    package: Mapping[str, Any],
    tables: Mapping[str, str],
    bibliography: str,
    question: str = "",
    notebooks: bool = True,
    beside: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write a data set whose tables are at hand as the text of their files; those that are not have
    no rows.
    """
    refuse_package(package, folder)
    files: dict[Path, bytes | str] = {folder / PACKAGE: json_text(package) + "\n"}
    for resource in package["resources"]:
        header = [field["name"] for field in resource["schema"]["fields"]]
        text = tables.get(resource["name"]) or comma_separated([header])
        files[inside(folder, resource["path"])] = text
    files[folder / package["evidence"]["bibliography"]] = bibliography
    files |= {folder / name: text for name, text in (beside or {}).items()}
    return [*write_together(files), *write_beside(folder, package["title"], question, notebooks)]


def write_text(folder: Path, text: SetText, notebooks: bool = True) -> list[Path]:
    """Write a data set that is at hand as the text of its files."""
    refuse_package(text.package, folder)
    files = write_together({inside(folder, name): content for name, content in text.files.items()})
    return [*files, *write_beside(folder, text.package.get("title", ""), "", notebooks)]


def restored_set(
    folder: str | os.PathLike[str], file: str | os.PathLike[str], notebooks: bool = True
) -> list[Path]:
    """Write the data set that an export holds as a folder again.

    Parameters
    ----------
    folder : path
        Folder to make; it must be empty or not there yet.
    file : path
        Workbook, JSON file or archive that ``evidence export`` wrote.
    notebooks : bool, default True
        Write three notebooks into ``folder/notebooks``.

    Returns
    -------
    list of Path
        The files; tables and bibliography are those of the data set that was exported, byte for
        byte.

    Raises
    ------
    UsageError
        When the folder holds something.
    DataError
        When the file holds no data set.

    Examples
    --------
    >>> import tempfile, evidence
    >>> with tempfile.TemporaryDirectory() as place:
    ...     (file,) = evidence.export(evidence.load(), "json", place + "/set.json")
    ...     _ = restored_set(place + "/set", file, notebooks=False)
    ...     evidence.check(place + "/set")
    []
    """
    place = empty_folder(folder)
    return write_text(place, restored(file), notebooks)


def select_set(ev: Evidence, folder: str | os.PathLike[str], notebooks: bool = True) -> list[Path]:
    """Write a selection as a data set of its own.

    Parameters
    ----------
    ev : Evidence
        A selection, or the whole data set.
    folder : path
        Folder to make; it must be empty or not there yet.
    notebooks : bool, default True
        Write three notebooks into ``folder/notebooks``.

    Returns
    -------
    list of Path
        The files. A study stays whole: all its findings come with it. Rows and entries are those of
        the files, byte for byte; the dictionary says under ``part_of`` of which data set and by
        which conditions.

    Raises
    ------
    UsageError
        When the folder holds something, or the selection keeps no study.

    Examples
    --------
    >>> import tempfile, evidence
    >>> ev = evidence.load()
    >>> with tempfile.TemporaryDirectory() as place:
    ...     files = select_set(ev.select(design="rct"), place + "/trials", notebooks=False)
    ...     (
    ...         evidence.check(place + "/trials"),
    ...         len(evidence.load(place + "/trials")) == len(ev.select(design="rct")),
    ...     )
    ([], True)
    """
    place = empty_folder(folder)
    if not len(ev):
        raise UsageError("the selection keeps no study: there is nothing to write")
    return write_text(place, text_of(ev), notebooks)


def write_beside(
    folder: Path, title: str, question: str = "", notebooks: bool = True
) -> list[Path]:
    """What stands beside the tables: codebook, search, and notebooks that were not run yet."""
    files = [write_atomically(folder / "CODEBOOK.md", codebook(read_dictionary(folder)))]
    if not (folder / "search.toml").exists():
        files.append(
            write_atomically(
                folder / "search.toml",
                SEARCH.format(about=comment(f"The saved search: {question or title}")),
            )
        )
    if notebooks:
        files += write_notebooks(folder / "notebooks", title, question)
        files += write_tests(folder)
    return files


def write_tests(folder: Path) -> list[Path]:
    """What lets `pytest` check the tables and compare the notebooks of a data set."""
    texts = {
        path.stem: path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.txt"))
    }
    return [write_atomically(folder / f"{name}.py", text) for name, text in texts.items()]


def write_notebooks(folder: Path, title: str, question: str = "") -> list[Path]:
    """The three notebooks of a new data set, not run yet."""
    import nbformat

    files = []
    for path in sorted(TEMPLATES.glob("*.md")):
        made = notebook(
            path.read_text(encoding="utf-8"),
            {"title": title, "question": question or "Which way do the studies point?"},
        )
        files.append(write_atomically(folder / f"{path.stem}.ipynb", nbformat.writes(made) + "\n"))
    return files


def notebook(template: str, words: Mapping[str, str]) -> Any:
    """A notebook from a template of this package: each Python block is a code cell, the text
    between two of them a text cell.

    Words of a data set enter text cells alone, and only once the template is split: none of them
    can become a cell of its own.

    >>> made = notebook("# {title}\\n\\n```python\\n1 + 1\\n```\\n\\nEnd.", {"title": "Tea"})
    >>> [(cell.cell_type, cell.source) for cell in made.cells]
    [('markdown', '# Tea'), ('code', '1 + 1'), ('markdown', 'End.')]
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells: list[Any] = []
    for number, part in enumerate(re.split(r"^```python\n(.*?)^```$", template, flags=re.M | re.S)):
        if part.strip():
            made = (
                new_code_cell(part.strip())
                if number % 2
                else new_markdown_cell(filled(part.strip(), words))
            )
            made["id"] = f"cell-{len(cells) + 1}"
            cells.append(made)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )


def filled(template: str, words: Mapping[str, str]) -> str:
    """Markdown with words in the place of their names in braces; they stay words."""
    return re.sub(r"\{(\w+)\}", lambda found: markdown_line(words[found[1]]), template)
