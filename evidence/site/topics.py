"""Topics: a page for each value of the columns that the data set names, such as each sport.

The setting ``topics`` of the dictionary lists them: ``{"column": ..., "title": ...}``. Where the
cells of a column are free text, ``words`` names what to look for in all that is searched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.display.find import find
from evidence.frames import is_true
from evidence.model.columns import asked_column
from evidence.model.evidence import Evidence
from evidence.model.query import slug
from evidence.model.selection import holds_any
from evidence.site.addresses import explore, explore_studies
from evidence.site.pages import Rendered, Site
from evidence.site.squares import Group, Squares
from evidence.site.study_rows import study_rows
from evidence.synthesis.result import counted_ids
from evidence.synthesis.votes import votes

FOLDER = "topics"


@dataclass(frozen=True)
class Topic:
    """Something that studies are about.

    Attributes
    ----------
    column, value, label : str
        Where it stands, as the column holds it, and as it is said.
    href : str
        Its page.
    ids : tuple of str
        Studies, counted or not.
    explore : str
        The same studies on the page to explore.
    """

    column: str
    value: str
    label: str
    href: str
    ids: tuple[str, ...]
    explore: str


def ready(site: Site) -> bool:
    """Whether the data set names topics."""
    return bool(site.topics)


def topics(ev: Evidence) -> list[tuple[str, list[Topic]]]:
    """Topics by the title of their kind, those with the most studies first."""
    found = []
    for kind in ev.dictionary.settings.get("topics", []):
        asked = [_worded(ev, kind["column"], word) for word in kind.get("words", [])]
        made = asked or _valued(ev, kind["column"])
        made = sorted((one for one in made if one.ids), key=lambda one: -len(one.ids))
        if made:
            found.append((kind["title"], made))
    return found


def _href(column: str, value: str) -> str:
    return f"{FOLDER}/{slug(f'{column}-{value}')}.html"


def _worded(ev: Evidence, column: str, word: str) -> Topic:
    found = find(ev, word).frame
    ids = tuple(found.loc[found["table"] == "studies", "id"])
    counted = set(counted_ids(ev))
    address = explore_studies([key for key in ids if key in counted])
    return Topic(column, word, word, _href(column, word), ids, address)


def _valued(ev: Evidence, column: str) -> list[Topic]:
    asked = asked_column(ev.dictionary, column)
    table = ev.findings if asked.table == "findings" else ev.studies
    cells = asked.cells(ev)
    made = []
    for value, label in asked.values(ev).items():
        there = is_true(holds_any(cells, asked.field, [value]))
        ids = tuple(dict.fromkeys(table.loc[there, "study_id"]))
        made.append(
            Topic(column, value, label, _href(column, value), ids, explore({column: [value]}))
        )
    return made


def render(site: Site) -> list[Rendered]:
    """The list and the pages of the topics."""
    found = site.topics
    files = [Rendered("topics.html", f"{FOLDER}/index.html", "Topics", {"kinds": found})]
    squares = Squares(site.ev)
    rows = {row["id"]: row for row in study_rows(site.ev)}
    for title, kind in found:
        for topic in kind:
            context = {
                "topic": topic,
                "kind": title,
                "parts": _parts(site, squares, topic),
                "studies": [rows[key] | said for key, said in _said(site.ev, topic)],
                "others": [one for one in kind if one is not topic],
            }
            files.append(Rendered("topic.html", topic.href, topic.label, context))
    return files


def _parts(
    site: Site, squares: Squares, topic: Topic
) -> list[tuple[str, list[Group], list[Group]]]:
    """Name of each part that is kept apart, with squares by both lenses."""
    ev = site.ev
    by = None
    if topic.column in ev.findings and topic.column not in ev.studies:
        by = topic.column
    apart = ev.dictionary.kept_apart
    cast = {}
    for lens in ("concluded", "direction"):
        table = votes(ev, lens, by=by).frame
        table = table[table["study_id"].isin(topic.ids)]
        if by is not None:
            table = table[table[by].astype("str") == topic.value]
        cast[lens] = table
    parts = cast["concluded"][apart].drop_duplicates().sort_values(apart)
    names = site.words.rows(parts, apart)
    found = []
    for name, (_, part) in zip(names, parts.iterrows(), strict=True):
        concluded, direction = (
            squares.groups(
                table[(table[apart] == part).all(axis=1)].set_index("study_id")["vote"],
                lens,
                site.words.sides(part),
            )
            for lens, table in cast.items()
        )
        found.append((name, concluded, direction))
    return found


def _said(ev: Evidence, topic: Topic) -> list[tuple[str, dict[str, Any]]]:
    """For each study its note, and what its finding on the topic says."""
    notes = ev.studies.drop_duplicates("study_id").set_index("study_id")["note"]
    findings = ev.findings
    if topic.column in findings and topic.column not in ev.studies:
        findings = findings[findings[topic.column].astype("str") == topic.value]
    else:
        findings = findings[is_true(findings["is_primary"])]
    said = findings.drop_duplicates("study_id").set_index("study_id")["statement"]
    text = lambda cells, key: "" if pd.isna(cells.get(key)) else str(cells.get(key))
    return [(key, {"note": text(notes, key), "finding": text(said, key)}) for key in topic.ids]
