"""A study as it stands in a list of references."""

from __future__ import annotations

import pandas as pd

from evidence.dataset.evidence import Evidence
from evidence.publish.site.about import about


def reference(ev: Evidence, key: str) -> str:
    """An entry of the bibliography in a line of text; empty when there is none."""
    entries = ev.bibliography
    rows = entries.index[entries["key"] == key]
    if not len(rows):
        return ""
    entry = entries.loc[rows[0]].dropna()
    authors = ", ".join(str(entry.get("author", "")).split(" and ")) if "author" in entry else ""
    numbers = entry.get("volume", "") + (f"({entry['number']})" if "number" in entry else "") + (f":{entry['pages']}" if "pages" in entry else "")
    place = " ".join(filter(None, [entry.get("container", ""), entry.get("year", "")])) + (f";{numbers}" if numbers else "")
    return " ".join(f"{part.rstrip('.')}." for part in (authors, entry.get("title", ""), place) if part)


def data_set_bibtex(ev: Evidence) -> str:
    """An entry that cites the data set itself."""
    dictionary, more = ev.dictionary, about(ev.dictionary)
    year = more.created[:4]
    fields = {
        "author": " and ".join(f"{{{name}}}" for name in more.contributors),
        "title": f"{{{dictionary.title}}}",
        "year": year,
        "version": dictionary.version,
        "note": dictionary.license,
    }
    lines = [f"  {name.ljust(7)} = {{{value}}}," for name, value in fields.items() if value and not pd.isna(value)]
    name = "".join(sign for sign in dictionary.title.split(":")[0].lower() if sign.isalnum())
    return "\n".join([f"@misc{{{name}{year},", *lines, "}"])
