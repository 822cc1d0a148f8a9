"""Method and limits: how the table was made and counted, what is known to be wrong, what was not
read.
"""

from __future__ import annotations

from typing import Any

from evidence.display.answers import sources_answer
from evidence.display.question_rules import whole_sentence
from evidence.model.evidence import Evidence
from evidence.site.html_tables import html_table
from evidence.site.pages import Rendered, Site
from evidence.synthesis.balance import set_aside
from evidence.synthesis.lens import LENSES
from evidence.synthesis.sign_test import FEWEST_DIRECTIONS


def render(site: Site) -> list[Rendered]:
    """The page."""
    ev = site.ev
    aside = set_aside(ev).rename_axis("not_counted_because").reset_index()
    context = {
        "lenses": LENSES,
        "fewest": FEWEST_DIRECTIONS,
        "whole": whole_sentence(ev),
        "aside": (
            html_table(ev, aside, "Studies that are shown as context and not counted")
            if len(aside)
            else None
        ),
        "issues": _table(
            ev,
            "known_issues",
            ["table", "id", "field", "rule", "source_says", "contradicts"],
            "Known contradictions and notes",
        ),
        "not_read": _table(
            ev,
            "not_read",
            ["reference", "year", "what_is_known", "why_not_read"],
            "Studies known to exist that could not be read",
        ),
        "unverified": (
            len(ev.tables["unverified_fields"]) if "unverified_fields" in ev.tables else 0
        ),
        "tables": [
            (table.title, table.file, table.description, len(ev.tables[name]))
            for name, table in ev.dictionary.tables.items()
        ],
        "picture": site.pictures.get("study_flow"),
        "sources": sources_answer(ev).text,
        "sources_picture": site.pictures.get("sources"),
    }
    return [Rendered("method.html", "method.html", "Method and limits", context)]


def _table(ev: Evidence, name: str, columns: list[str], caption: str) -> Any:
    if name not in ev.tables or ev.tables[name].empty:
        return None
    rows = ev.tables[name]
    return html_table(ev, rows[[column for column in columns if column in rows]], caption)
