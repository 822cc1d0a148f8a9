"""What changed since an earlier version of the data set."""

from __future__ import annotations

from evidence.site.html_tables import html_table
from evidence.site.pages import Rendered, Site


def ready(site: Site) -> bool:
    """Whether there is an earlier version to compare with."""
    return site.changes is not None


def render(site: Site) -> list[Rendered]:
    """The page."""
    found = site.changes
    if found is None:
        return []
    parts = (
        ("Answers", found.answers),
        ("Verdicts on claims", found.verdicts),
        ("Numbers", found.numbers),
        ("Rows", found.tables),
    )
    tables = [
        (title, html_table(site.ev, table, title) if len(table) else None) for title, table in parts
    ]
    title = f"What changed since version {found.old}"
    context = {"tables": tables, "found": found, "cells": len(found.cells)}
    return [Rendered("changes.html", "changes.html", title, context)]
