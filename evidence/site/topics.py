"""Topics: a page for each value of the columns that the data set names, such as each sport.

The setting ``topics`` of the dictionary lists them: ``{"column": ..., "title": ...}``. Where the
cells of a column are free text, ``words`` names what to look for in all that is searched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from evidence.display.find import find
from evidence.frames import is_true, text_or_empty
from evidence.model.columns import asked_column
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.model.query import slug
from evidence.model.selection import cohort_key, holds_any
from evidence.nouns import counted, number_form
from evidence.site.addresses import explore, explore_studies
from evidence.site.direction_styles import looks
from evidence.site.pages import Rendered, Site
from evidence.site.squares import Group, Squares
from evidence.site.study_rows import main_statements, study_rows
from evidence.site.topic_results import About, of_outcomes, of_values, of_words
from evidence.synthesis.lens import LENSES, one_word, words_of
from evidence.synthesis.result import counted_ids
from evidence.synthesis.votes import cohort_votes, votes

FOLDER = "topics"
STRIPS = {"concluded": "What the authors conclude", "direction": "Which way the numbers lean"}
SIGNS = {"concluded": "Authors conclude", "direction": "The numbers lean to"}


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
    worded : bool
        Whether it is a word that is looked for, and no value of the column.
    """

    column: str
    value: str
    label: str
    href: str
    ids: tuple[str, ...]
    explore: str
    worded: bool = False


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
    shown = [key for key in ids if key in counted]
    address = explore_studies(shown) + (f"&{urlencode({'search': word})}" if shown else "")
    return Topic(column, word, word, _href(column, word), ids, address, worded=True)


def _valued(ev: Evidence, column: str) -> list[Topic]:
    asked = asked_column(ev.dictionary, column)
    table = ev.findings if asked.table == "findings" else ev.studies
    cells = asked.cells(ev)
    made = []
    for value, label in asked.values(ev).items():
        there = is_true(holds_any(cells, [value], asked.field.delimiter))
        ids = tuple(dict.fromkeys(table.loc[there, "study_id"]))
        made.append(
            Topic(column, value, label, _href(column, value), ids, explore({column: [value]}))
        )
    return made


@dataclass(frozen=True)
class Part:
    """Squares of one part of what is kept apart.

    Attributes
    ----------
    name : str
    strips : list of (str, list of Group)
        By each lens its title and the squares.
    shared : str
        How many of the reports share who was studied, and the votes with each cohort counted once;
        empty where none do.
    """

    name: str
    strips: list[tuple[str, list[Group]]]
    shared: str = ""


def render(site: Site) -> list[Rendered]:
    """The list and the pages of the topics."""
    found = site.topics
    files = [Rendered("topics.html", f"{FOLDER}/index.html", "Topics", {"kinds": found})]
    squares = Squares(site.ev)
    rows = {row["id"]: row for row in study_rows(site.ev)}
    for title, kind in found:
        for topic in kind:
            about = about_topic(site.ev, topic)
            table = topic_votes(site.ev, topic, about)
            cards = [rows[key] | said for key, said in _said(site, squares, topic, about, table)]
            context = {
                "topic": topic,
                "kind": title,
                "lead": _lead(site.ev, topic, about, table),
                "parts": _parts(site, squares.saying(_statements(site.ev, about)), topic, table),
                "studies": [card for card in cards if about[card["id"]].findings],
                "among": [card for card in cards if not about[card["id"]].findings],
                "looks": looks(site.words),
                "counted": bool(squares.counted & set(topic.ids)),
                "others": [one for one in kind if one is not topic],
            }
            files.append(Rendered("topic.html", topic.href, topic.label, context))
    return files


def about_topic(ev: Evidence, topic: Topic) -> dict[str, About]:
    """For each study of a topic its results that are about it alone."""
    if topic.worded:
        return of_words(ev, topic.column, topic.value, topic.ids)
    field = asked_column(ev.dictionary, topic.column).field
    if _of_findings(ev, topic):
        return of_outcomes(ev, topic.column, topic.value)
    return of_values(ev, field, topic.value, topic.ids)


def _of_findings(ev: Evidence, topic: Topic) -> bool:
    return topic.column in ev.findings and topic.column not in ev.studies


def topic_votes(ev: Evidence, topic: Topic, about: Mapping[str, About]) -> pd.DataFrame:
    """One row per counted study that is about the topic alone, with its vote by each lens.

    A study votes with its results on the topic, as :func:`evidence.votes` puts several into one;
    one whose results there all compare something else does not.
    """
    own = {one for key in about for one in about[key].findings}
    studies = ev.counted_studies
    studies = studies[studies["study_id"].isin([key for key in about if about[key].findings])]
    studies = studies.assign(cohort_unit=cohort_key(studies, "possible"))
    for name, lens in LENSES.items():
        single = votes(ev, name, unit="finding").frame
        single = single[single["unit"].isin(own)]
        studies = studies[studies["study_id"].isin(single["study_id"])]
        found = one_word(single["study_id"].astype("str"), single["vote"], lens)["vote"]
        studies[name] = found.reindex(studies["study_id"]).to_numpy()
    return studies


def _lead(ev: Evidence, topic: Topic, about: Mapping[str, About], table: pd.DataFrame) -> str:
    """How many studies are about it alone, how many are counted, how many have it among others."""
    alone = sum(bool(one.findings) for one in about.values())
    among = len(topic.ids) - alone
    first = f"{counted(alone, 'study is', 'studies are')} about this alone"
    if _of_findings(ev, topic):
        first = f"{counted(alone, 'study has', 'studies have')} a result on this"
    elif not alone:
        first = "No study is about this alone"
    squares = ""
    if alone and not len(table):
        squares = ", and none is counted here"
    elif alone:
        verb = number_form(len(table), "counts", "count")
        squares = f", and {len(table)} of them {verb} here: one square each"
    if alone == len(table) and alone:
        squares = ": one square each" if alone > 1 else ": one square"
    more = ""
    if among:
        more = f" {counted(among, 'study has', 'studies have')} it among others, without a square."
    return f"{first}{squares}.{more}"


def _parts(site: Site, squares: Squares, topic: Topic, table: pd.DataFrame) -> list[Part]:
    """What is kept apart, with squares by both lenses."""
    apart = site.ev.dictionary.kept_apart
    parts = table[apart].drop_duplicates().sort_values(apart)
    found = []
    for name, (_, part) in zip(site.words.rows(parts, apart), parts.iterrows(), strict=True):
        inside = table[(table[apart] == part).all(axis=1)]
        sides = _sides(site, topic, part)
        strips = [
            (title, squares.groups(inside.set_index("study_id")[lens], lens, sides))
            for lens, title in STRIPS.items()
        ]
        found.append(Part(name, strips, _shared(squares, inside, apart, sides)))
    return found


def _sides(site: Site, topic: Topic, part: pd.Series) -> dict[str, str]:
    """What harm and benefit are called in a part, on the outcome where the topic is one."""
    return site.words.sides({**part.to_dict(), topic.column: topic.value})


def _shared(
    squares: Squares, table: pd.DataFrame, apart: list[str], sides: Mapping[str, str]
) -> str:
    """How many of the reports share who was studied, and the votes with each cohort once."""
    repeated = int(table["cohort_unit"].duplicated(keep=False).sum())
    if not repeated:
        return ""
    once = []
    for name, title in SIGNS.items():
        given = table.assign(vote=words_of(table[name], LENSES[name]))
        one = cohort_votes(given, apart, LENSES[name]).set_index("study_id")["vote"]
        groups = squares.groups(one, name, sides)
        once.append(f"{lower_first(title)}: {', '.join(f'{one.n} {one.label}' for one in groups)}")
    every = {2: "Both"}.get(repeated, f"All {repeated}")
    some = every if repeated == len(table) else f"{repeated} of these {len(table)}"
    return (
        f"{some} reports share, or may share, people or animals with"
        f" another of them. With each such group counted once, {'; '.join(once)}."
    )


def _statements(ev: Evidence, about: Mapping[str, About]) -> dict[str, str]:
    """What the first result on a topic says, by study."""
    said = ev.findings.set_index("finding_id")["statement"]
    firsts = {key: one.findings[0] for key, one in about.items() if one.findings}
    return {key: str(said[first]) for key, first in firsts.items() if not pd.isna(said[first])}


def _said(
    site: Site,
    squares: Squares,
    topic: Topic,
    about: Mapping[str, About],
    table: pd.DataFrame,
) -> list[tuple[str, dict[str, Any]]]:
    """For each study its note, what its results on the topic say, and how it votes there."""
    ev = site.ev
    studies = ev.studies.drop_duplicates("study_id").set_index("study_id")
    notes = studies.get("note", pd.Series(pd.NA, studies.index))
    main = main_statements(ev)
    findings = ev.findings.set_index("finding_id")
    statements = findings.get("statement", pd.Series(pd.NA, findings.index))
    sides = [_sides(site, topic, study) for _, study in table.iterrows()]
    placed = dict(zip(table["study_id"], zip(table.to_dict("records"), sides)))
    found = []
    for key in topic.ids:
        one, signs, aside = about[key], [], about[key].instead
        if key in placed:
            study, called = placed[key]
            signs = [_vote(squares, study[lens], lens, called) for lens in STRIPS]
        elif one.findings and key in squares.counted:
            aside = "Not counted here: its results on this compare something else."
        texts = [text_or_empty(statements[each]) for each in one.findings or one.naming]
        card = {
            "note": text_or_empty(notes.get(key)),
            "findings": [text for text in texts if text] or [main.get(key, "")],
            "aside": aside,
            "votes": signs,
        }
        found.append((key, card))
    return found


def _vote(squares: Squares, vote: Any, lens: str, sides: Mapping[str, str]) -> tuple[str, str, str]:
    """What a sign on a card is of, its look, and what it says."""
    word = "not_placed" if pd.isna(vote) else str(vote)
    return SIGNS[lens], word, squares.label(word, lens, sides)
