"""The answer: the balance, in a picture, in words and in numbers."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd

from evidence.charts.words import took_part
from evidence.display.answers import balance_answer
from evidence.display.html_table import HtmlTable
from evidence.model.evidence import Evidence
from evidence.site.direction_styles import looks
from evidence.site.html_tables import html_table
from evidence.site.pages import Rendered, Site
from evidence.synthesis.balance import balance, set_aside
from evidence.synthesis.lens import LENSES
from evidence.synthesis.sign_test import p_text, sign_tests


def render(site: Site) -> list[Rendered]:
    """The first page."""
    ev, words = site.ev, site.words
    concluded = balance(ev, None, "concluded")
    context = {
        "picture": site.pictures.get("balance"),
        "parts": parts(ev, concluded, words.rows(concluded, ev.dictionary.kept_apart)),
        "answer": balance_answer(ev).text,
        "concluded": html_table(ev, concluded.drop(columns="placed"), "As the authors conclude"),
        "direction": direction_table(ev),
        "lenses": LENSES,
        "looks": looks(words),
        "counted": int(ev.studies["counted"].sum()),
        "set_aside": int(set_aside(ev).sum()),
    }
    return [Rendered("index.html", "index.html", words.topic, context)]


def parts(ev: Evidence, concluded: pd.DataFrame, names: list[str]) -> list[dict[str, str]]:
    """What is kept apart: name, how many, and the address of its view on the page to explore."""
    apart = ev.dictionary.kept_apart
    return [
        {
            "name": name,
            "size": took_part(row["studies"], row["participants"], row["size_unknown"]),
            "href": "explore.html#" + urlencode({column: row[column] for column in apart}),
        }
        for name, (_, row) in zip(names, concluded.iterrows(), strict=True)
    ]


def direction_table(ev: Evidence) -> HtmlTable:
    """The balance by direction with its sign test."""
    table = balance(ev, None, "direction")
    tests = sign_tests(table.rename(columns={"not_placed": "unreadable"}))
    shown = table.drop(columns=["placed", "participants", "size_unknown", "studies"]).join(
        tests[["share", "share_low", "share_high"]]
    )
    shown["sign_test"] = (
        tests["p_value"]
        .map(p_text, na_action="ignore")
        .astype("str")
        .mask(tests["too_few"], "too few")
    )
    return html_table(ev, shown, "By direction of the difference")
