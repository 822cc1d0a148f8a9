"""Entries of a table as text that reference managers read."""

from __future__ import annotations

import pandas as pd

from evidence.bibliography.bibtex.write import entry_texts
from evidence.bibliography.csl import csl_items
from evidence.bibliography.formats import ris
from evidence.bibliography.markup import with_entities
from evidence.errors import UsageError
from evidence.frames import frame_rows
from evidence.quoting import json_text

FORMS = {"bibtex": ".bib", "ris": ".ris", "csl": ".json"}


def write_entries(entries: pd.DataFrame, form: str) -> str:
    """Entries as BibTeX, RIS or CSL-JSON.

    Text that :func:`evidence.bibliography.formats.read_references` reads back to the same entries.

    >>> entries = pd.DataFrame({"key": ["a"], "entry_type": ["misc"], "title": ["50 % & more"]})
    >>> print(write_entries(entries, "bibtex"))
    @misc{a,
      title     = {50 \\% \\& more},
    }
    <BLANKLINE>
    """
    if form not in FORMS:
        raise UsageError(f"form is {form!r}; allowed: {', '.join(FORMS)}")
    entries = _marked(entries)
    if form == "csl":
        return json_text(csl_items(entries)) + "\n"
    if form == "bibtex":
        return "\n".join(text + "\n" for text in entry_texts(entries))
    rows = [
        {name: text for name, text in row.items() if isinstance(text, str) and text}
        for row in frame_rows(entries)
    ]
    return ris.write(rows)


def _marked(entries: pd.DataFrame) -> pd.DataFrame:
    """Entries in whose titles tags are markup: what only looks like one is escaped."""
    changed = {
        name: [with_entities(text) if isinstance(text, str) else text for text in entries[name]]
        for name in ("title", "container", "publisher")
        if name in entries and entries[name].str.contains("[<&]").any()
    }
    return entries.assign(**changed) if changed else entries
