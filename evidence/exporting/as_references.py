"""The bibliography for reference managers: BibTeX, RIS, CSL-JSON; with an entry for the data set
itself.
"""

from __future__ import annotations

import pandas as pd

from evidence.bibliography.bibtex.table import COLUMNS
from evidence.bibliography.entries import parse_text
from evidence.bibliography.formats.write import write_entries
from evidence.errors import DataError
from evidence.exporting.about import Outgoing


def own_entry(out: Outgoing) -> pd.DataFrame:
    """The entry of the data set itself: title, makers, year, date, and version and citation as its
    note.
    """
    about = out.about
    row = {
        "key": about.name,
        "entry_type": "dataset",
        "author": " and ".join(f"{{{name}}}" for name in about.makers),
        "title": about.title,
        "year": about.date[:4],
        "date": about.date,
        "note": f"Version {about.version}. {about.citation}",
    }
    return pd.DataFrame(
        [{name: text for name, text in row.items() if text}], columns=COLUMNS
    ).astype("str")


def entries_of(out: Outgoing) -> pd.DataFrame:
    """The entries of what goes out, that of the data set first."""
    parsed = parse_text(out.text.bibliography, str(out.ev.dictionary.bibliography))
    if parsed.faults:
        raise DataError("The bibliography cannot be read:", parsed.faults)
    return pd.concat([own_entry(out), parsed.entries], ignore_index=True)


def to_bibtex(out: Outgoing) -> bytes:
    """The bibliography as it is, with fields that no other format has, after the entry of the
    data set.
    """
    entries_of(out)  # refuses one with faults
    return (write_entries(own_entry(out), "bibtex") + "\n" + out.text.bibliography).encode("utf-8")


def to_ris(out: Outgoing) -> bytes:
    """RIS, which every reference manager reads."""
    return write_entries(entries_of(out), "ris").encode("utf-8")


def to_csl(out: Outgoing) -> bytes:
    """CSL-JSON, for Zotero, pandoc and citation processors."""
    return write_entries(entries_of(out), "csl").encode("utf-8")
