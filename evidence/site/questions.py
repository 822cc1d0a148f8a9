"""The questions: the first page with all answers, and a page for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evidence.charts.icon_array import icons
from evidence.charts.words import took_part
from evidence.display.balance_text import TWICE, studied_twice
from evidence.display.count_words import plain
from evidence.display.harm_words import ASKED
from evidence.display.html_table import HtmlTable
from evidence.display.pooled_text import pooled_table
from evidence.display.questions import QuestionAnswer, question_answers
from evidence.display.trial_words import asked_of, first_contrast
from evidence.frames import frame_rows, is_true
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import number_form, share_of
from evidence.site.addresses import explore, explore_studies
from evidence.site.balance_table import balance_tables
from evidence.site.html_tables import html_table
from evidence.site.outcome_table import OutcomePart, labels_of, outcome_parts
from evidence.site.pages import Rendered, Site
from evidence.site.squares import Group, Squares
from evidence.site.study_rows import main_statements, study_rows
from evidence.synthesis.balance import balance, set_aside
from evidence.synthesis.harms import harms
from evidence.synthesis.lens import LENSES
from evidence.synthesis.outcomes import Outcomes, outcome_members
from evidence.synthesis.votes import votes

FOLDER, LISTED = "questions", "the-studies"
MOST_CIRCLES = 200
POOLED = ("association", "effect")  # rules of questions that reviews pool results on
EXPECTED = re.compile(r"\d[\d.,]* .*\d expected", re.I)


@dataclass(frozen=True)
class Card:
    """A question on the first page.

    Attributes
    ----------
    href, label, title : str
        Where it leads; its short name; the question.
    sentences : tuple of str
        The answer.
    based_on : str
        What it is based on.
    strips : list of (str, list of Group)
        Squares, each row with what it shows.
    careful : bool
        Whether its page says why to be careful.
    """

    href: str
    label: str
    title: str
    sentences: tuple[str, ...]
    based_on: str
    strips: list[tuple[str, list[Group]]]
    careful: bool = False


def render(site: Site) -> list[Rendered]:
    """The first page and the pages of the questions."""
    ev = site.ev
    asked = questions(ev)
    cards = [_card(site, one, row) for one, row in asked] or _parts(site)
    context = {
        "cards": cards,
        "asked": bool(asked),
        "picture": site.pictures.get("headline") or site.pictures.get("balance"),
        "counted": int(ev.studies["counted"].sum()),
        "set_aside": int(set_aside(ev).sum()),
        "twice": upper_first(TWICE) if studied_twice(ev) else "",
        "lenses": LENSES,
        "tables": balance_tables(ev),
    }
    files = [Rendered("index.html", "index.html", site.words.topic, context)]
    listed = [(one.short_title, _href(one)) for one, _ in asked]
    for place, (one, row) in enumerate(asked):
        more = {
            "answer": one,
            "card": cards[place],
            "siblings": listed,
            "here": _href(one),
            **_page(site, one, row),
        }
        files.append(Rendered("question.html", _href(one), one.title, more))
    return files


def questions(ev: Evidence) -> list[tuple[QuestionAnswer, dict[Any, Any]]]:
    """Answers with the rows of their questions; none when the data set asks none."""
    if "questions" not in ev.tables:
        return []
    table = ev.tables["questions"]
    rows = {
        str(row["question_id"]): {str(name): cell for name, cell in row.items()}
        for row in table.to_dict("records")
    }
    return [(one, rows[one.question_id]) for one in question_answers(ev)]


def _href(one: QuestionAnswer) -> str:
    return f"{FOLDER}/{one.question_id}.html"


def _about(row: dict[str, Any]) -> dict[str, Any]:
    """What the question is about, of what is kept apart."""
    return {
        name: row[name]
        for name in ("question", "population")
        if isinstance(row.get(name), str) and row[name]
    }


def _card(site: Site, one: QuestionAnswer, row: dict[str, Any]) -> Card:
    squares = Squares(site.ev, f"{_href(one)}#{LISTED}")
    strips = _strips(site, squares, row, one.rows)
    careful = len(one.careful) > 0
    texts = (one.short_title, one.title, one.sentences, one.based_on)
    return Card(_href(one), *texts, strips, careful)


def _strips(
    site: Site, squares: Squares, row: dict[str, Any], rows: Outcomes | None
) -> list[tuple[str, list[Group]]]:
    """Squares that show what the answer counts."""
    ev = site.ev.select(counted=True, **_about(row))
    if ev.studies.empty:
        return []
    if row["rule"] == "harm" and "harms" in ev.tables:
        return [(f"Say anything on {ASKED}", _told(squares, ev))]
    if row["rule"] == "certainty":
        return [("Print which way the main result leans", _printed(squares, ev))]
    sides = labels_of(row)
    if row["rule"] == "programmes" and rows is not None and len(rows):
        return _set_against(site, squares, rows, labels_of(row, aside=True))
    concluded = votes(ev, "concluded").set_index("study_id")["vote"]
    every = [("What the authors conclude", squares.groups(concluded, "concluded", sides))]
    if row["rule"] == "effect":
        return _trials_of_answer(ev, squares, row, rows, sides) or every
    return every


def _trials_of_answer(
    ev: Evidence,
    squares: Squares,
    row: Mapping[str, Any],
    rows: Outcomes | None,
    sides: dict[str, str],
) -> list[tuple[str, list[Group]]]:
    """The randomised trials that the sentences of the answer count, outcome by outcome."""
    if rows is None or not len(rows):
        return []
    asked = asked_of(ev, row)
    order = ev.dictionary.outcome_order(str(row["question"]), str(row["population"]))
    members = outcome_members(ev, asked.get("question"), asked.get("population"))
    frame = rows.frame[rows["randomised"] & (rows["contrast"] == first_contrast(ev.dictionary))]
    found = []
    for domain in order[:2]:
        here = frame.index[frame["outcome_domain"] == domain]
        cast = members[members["row"].isin(here)].set_index("study_id")["concluded"]
        if len(cast):
            title = f"Randomised trials of {plain(ev, domain)}"
            found.append(
                (title, squares.groups(cast, "concluded", sides, {"outcome_domain": domain}))
            )
    return found


def _set_against(
    site: Site, squares: Squares, rows: Outcomes, sides: dict[str, str]
) -> list[tuple[str, list[Group]]]:
    """The studies of the rows, by the contrast that they are about."""
    line = rows.frame.iloc[0]
    about = (str(line["question"]), str(line["population"]))
    named = str(line["contrast"])
    members = outcome_members(site.ev, *about, contrast=named, main_only=True)
    groups = squares.groups(members.set_index("study_id")["concluded"], "concluded", sides)
    return [(site.ev.dictionary.label("contrast", named), groups)]


def _told(squares: Squares, ev: Evidence) -> list[Group]:
    frame = harms(ev).frame
    shown = is_true(frame["shown"])
    return _two(squares, frame["study_id"], shown, "say something", "say nothing")


def _printed(squares: Squares, ev: Evidence) -> list[Group]:
    table = votes(ev, "direction")
    return _two(squares, table["study_id"], table["vote"].notna(), "print it", "do not")


def _two(squares: Squares, ids: pd.Series, met: pd.Series, yes: str, no: str) -> list[Group]:
    found = []
    for look, label, part in (("told", yes, ids[met]), ("not_placed", no, ids[~met])):
        if len(part):
            found.append(Group(look, label, squares.hints(part), explore_studies(part)))
    return found


def _parts(site: Site) -> list[Card]:
    """Cards of a data set that asks no questions: one for each part that is kept apart."""
    ev, words, squares = site.ev, site.words, Squares(site.ev)
    table = balance(ev, None, "concluded").frame
    names = words.rows(table, ev.dictionary.kept_apart)
    cards = []
    for name, (_, row) in zip(names, table.iterrows(), strict=True):
        about: dict[str, Any] = {column: str(row[column]) for column in ev.dictionary.kept_apart}
        part = ev.select(counted=True, **about)
        cast = votes(part, "concluded").set_index("study_id")["vote"]
        groups = squares.groups(cast, "concluded", words.sides(row))
        size = took_part(row["studies"], row["participants"], row["size_unknown"])
        href = explore({column: [value] for column, value in about.items()})
        cards.append(Card(href, "", name, (), size, [("What the authors conclude", groups)]))
    return cards


def _page(site: Site, one: QuestionAnswer, row: dict[str, Any]) -> dict[str, Any]:
    """What the page of a question shows below its answer."""
    ev, about = site.ev, _about(row)
    part = ev.select(**about) if about else ev
    parts: list[OutcomePart] = []
    if one.rows is not None and len(one.rows):
        parts = outcome_parts(ev, one.rows, row)
    counted = part.select(counted=True)
    return {
        "parts": parts,
        "outcomes_csv": f"charts/question-{one.question_id}.csv" if parts else "",
        "picture": site.pictures.get(f"question-{one.question_id}"),
        "checks": row["rule"] == "certainty",
        "icons": _icons(counted) if row["rule"] == "harm" else None,
        "safety": _safety(counted) if row["rule"] == "harm" else [],
        "pooled": _pooled(ev, row) if row["rule"] in POOLED else None,
        "rows": _rows_shown(part, one),
        "explore": explore({name: [value] for name, value in about.items()}),
        "absolute": [] if row["rule"] != "association" else _absolute(counted),
    }


def _pooled(ev: Evidence, row: dict[str, Any]) -> HtmlTable | None:
    """What published reviews pooled on the question, each with a link to the review."""
    table = pooled_table(ev, row)
    if table.empty:
        return None
    links = {name: ev.links.get(key) for key, name in ev.names.items()}
    caption = "What published reviews pooled, as they print it"
    return html_table(ev, table, caption, {"Review": table["Review"].map(links)})


def _rows_shown(part: Evidence, one: QuestionAnswer) -> list[dict[str, Any]]:
    """The counted studies, and those that were set aside but stand in the rows of the answer."""
    shown = set() if one.rows is None else set(one.rows.underlying)
    return [row for row in study_rows(part) if row["counted"] or row["id"] in shown]


def _icons(ev: Evidence) -> dict[str, Any] | None:
    """Of those who began, how many finished, in the studies that print both numbers: a circle for
    each, or for each of a hundred where they are many.
    """
    if "harms" not in ev.tables:
        return None
    frame = harms(ev).frame
    both = frame[frame["started"].notna() & frame["finished"].notna()]
    if both.empty:
        return None
    finished, began = int(both["finished"].sum()), int(both["started"].sum())
    filled, circles = finished, began
    if began > MOST_CIRCLES:
        filled, circles = icons({"finished": finished, "left": began - finished})[0], 100
    return {
        "finished": finished,
        "began": began,
        "filled": filled,
        "circles": circles,
        "people": _exposed(ev),
        "tiny": int((both["started"] <= 2).sum()),
        "told": (
            f"{share_of(len(both), len(frame), 'study', 'studies')} that"
            f" {number_form(len(both), 'prints', 'print')}"
        ),
    }


def _exposed(ev: Evidence) -> str:
    """What the group that was exposed is called inside a sentence."""
    groups = ev.dictionary.tables["harms"].by_name["arm"].categories
    words = [group.extra.get("plain") for group in groups if group.extra.get("exposed")]
    return str(next(filter(None, words), "people"))


def _safety(ev: Evidence) -> list[dict[str, str]]:
    """What studies say about safety, or about those who left: each in other words."""
    if "harms" not in ev.tables:
        return []
    groups = harms(ev).groups
    said = groups[is_true(groups["shown"]) & groups["statement"].notna()]
    labels = ev.dictionary.tables["harms"].by_name["arm"].labels
    names = ev.names
    return [
        {
            "id": row["study_id"],
            "name": names.get(row["study_id"], row["study_id"]),
            "group": labels[row["arm"]],
            "said": row["statement"],
        }
        for row in frame_rows(said)
    ]


def _absolute(ev: Evidence) -> list[dict[str, str]]:
    """What main findings say in cases: how many were seen, and how many were expected."""
    names = ev.names
    return [
        {"id": key, "name": names.get(key, key), "said": said}
        for key, said in main_statements(ev).items()
        if EXPECTED.search(said)
    ]
