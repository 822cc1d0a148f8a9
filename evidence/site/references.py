"""Studies as they stand in a list of references."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from evidence.display.references import references
from evidence.model.evidence import Evidence

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
