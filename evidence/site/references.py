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


def without_address(reference: str, address: str) -> Markup:
    """A reference without an address at its end, which stands as a link below it.

    >>> print(
    ...     without_address(
    ...         'Title. <a href="https://example.org/1">x</a>', "https://example.org/1"
    ...     )
    ... )
    Title.
    """
    from markupsafe import Markup, escape

    before, found, after = str(reference).rpartition(f'<a href="{escape(address)}">')
    if address and found and after.partition("</a>")[2] in ("", "."):
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
