"""Find a data folder and load its tables."""

from __future__ import annotations

import os
from pathlib import Path

from evidence.errors import DataError, Fault
from evidence.files import closed, shown_path
from evidence.model.core_rules import core_faults
from evidence.model.core_tables import completed
from evidence.model.dictionary import PACKAGE, Dictionary
from evidence.model.evidence import Evidence
from evidence.progress import progress
from evidence.tables.dictionary_file import read_dictionary
from evidence.tables.keys import check_ids, check_sizes
from evidence.tables.reader import TextTable, convert, read_text

SETTING = "EVIDENCE_DATA"
OWN_FOLDER = Path(__file__).resolve().parents[2] / "data"


def find_folder(folder: str | os.PathLike[str] | None = None) -> Path:
    """The data folder meant: the one given, else the setting ``EVIDENCE_DATA``, else this
    repository's.
    """
    chosen = Path(folder or os.environ.get(SETTING) or OWN_FOLDER)
    for place in (chosen, chosen / "data"):
        if os.path.lexists(place / PACKAGE):
            return place
    for place in (chosen, chosen / "data"):
        if why := closed(place):
            raise DataError(f"{why}.")
    if chosen == OWN_FOLDER:  # the package is installed without tables
        raise DataError(
            f"No data set is named. Give its folder with --data, or set {SETTING};"
            " `evidence new FOLDER` begins one."
        )
    raise DataError(
        f"No {PACKAGE} in {chosen} or {chosen / 'data'}. Give a data folder, or set {SETTING}."
    )


def read_tables(dictionary: Dictionary) -> tuple[dict[str, TextTable], list[Fault]]:
    """Every table of the dictionary as text, and the faults of the files."""
    texts, faults = {}, []
    for name, table in progress(dictionary.tables.items(), "tables", "table"):
        texts[name], found = read_text(
            table, dictionary.folder, shown_path(dictionary.folder / table.file)
        )
        faults += found
    return texts, faults


def load(folder: str | os.PathLike[str] | None = None) -> Evidence:
    """Load a data set.

    Parameters
    ----------
    folder : path, optional
        Folder with ``datapackage.json`` and the CSV files, or a folder that holds them in ``data``.
        By default the folder that the setting ``EVIDENCE_DATA`` names, else this repository's.

    Returns
    -------
    Evidence

    Raises
    ------
    DataError
        When a file cannot be read, a cell is not of its column's type, a sample size is below 0, or
        an id is empty, is a duplicate or names a row that is not there. ``evidence check`` looks
        for much more.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> ev.studies.index.size == len(ev)
    True
    """
    dictionary = read_dictionary(find_folder(folder))
    faults = core_faults(dictionary, shown_path(dictionary.folder / PACKAGE))
    if faults:
        raise DataError("The dictionary lacks what every data set has:", faults)
    texts, faults = read_tables(dictionary)
    tables = {}
    for name, text in texts.items():
        tables[name], bad = convert(text)
        faults += bad
    faults += [*check_ids(texts), *check_sizes(texts)]
    if faults:
        raise DataError("The tables cannot be loaded:", sorted(faults))
    return Evidence(dictionary, completed(tables))
