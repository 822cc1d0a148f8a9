"""Studies, and the data set itself, as they stand in a list of references."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from evidence.display.references import references
from evidence.model.evidence import Evidence
from evidence.site.about import about

if TYPE_CHECKING:
    from markupsafe import Markup


def formatted_references(ev: Evidence, keys: Iterable[str]) -> dict[str, Markup]:
    """The reference of each study in HTML, by its key; studies without an entry have none."""
    from markupsafe import Markup

    known = set(ev.bibliography["key"])
    return {
        entry.key: Markup(entry.html)
        for entry in references(ev, [key for key in keys if key in known])
    }


def without_address(reference: str, doi: str) -> Markup:
    """A reference without the address of its DOI at the end, where a link stands below it.

    >>> print(without_address('Title. <a href="https://doi.org/10.1/a">x</a>', "10.1/a"))
    Title.
    """
    from markupsafe import Markup, escape

    address = f'<a href="{escape(f"https://doi.org/{doi}")}">'
    before, found, after = str(reference).rpartition(address)
    if doi and found and after.partition("</a>")[2] in ("", "."):
        return Markup(before.rstrip())
    return Markup(reference)


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
    lines = [
        f"  {name.ljust(7)} = {{{value}}},"
        for name, value in fields.items()
        if value and not pd.isna(value)
    ]
    name = "".join(sign for sign in dictionary.title.split(":")[0].lower() if sign.isalnum())
    return "\n".join([f"@misc{{{name}{year},", *lines, "}"])
