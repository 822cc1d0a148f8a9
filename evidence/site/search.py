"""Search: everything that :func:`evidence.find` looks through, as data for the browser."""

from __future__ import annotations

import unicodedata
from typing import Any

import pandas as pd

from evidence.display.find import LONGER, NEAR, SYNONYM, papers, vocabulary
from evidence.display.search_text import ENDINGS, SMALL, folded_text, stems
from evidence.frames import whole_or_none
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.quoting import LATIN, script
from evidence.site.pages import Rendered, Site

TRIED = 6  # words that are offered to try


def render(site: Site) -> list[Rendered]:
    """The page to search; topics stand below, for whoever has no script."""
    ev = site.ev
    kinds = site.topics
    named = [one for _, kind in kinds for one in kind[:3] if not one.value.startswith("other")]
    tried = [one.label for one in named if len(one.label.split()) == 1][:TRIED]
    answers: list[tuple[str, str]] = []
    if "questions" in ev.tables:
        rows = ev.tables["questions"].sort_values("place")
        answers = [
            (title, f"questions/{name}.html")
            for title, name in zip(rows["title"], rows["question_id"], strict=True)
        ]
    context = {"kinds": kinds, "tried": tried, "studies": len(ev.studies), "answers": answers}
    return [Rendered("search.html", "search.html", "Search", context)]


def search_script(ev: Evidence) -> str:
    """The data of the search as a script, which a page from a file path can load."""
    return f"window.EVIDENCE_SEARCH = {script(search_data(ev))};\n"


def search_data(ev: Evidence) -> dict[str, Any]:
    """Papers, their cells with folded words, synonyms, and the rules by which words are compared.

    Examples
    --------
    >>> import evidence
    >>> data = search_data(evidence.load())
    >>> len(data["cells"]["paper"]) == len(data["cells"]["text"]) > 1000
    True
    """
    text = folded_text(ev)
    found_papers = _papers(ev)
    place = {
        key: i for i, key in enumerate(zip(found_papers["table"], found_papers["id"], strict=True))
    }
    titles = {name: lower_first(ev.dictionary.title_of(name)) for name in text["column"].unique()}
    columns = list(dict.fromkeys(titles.values()))
    statements = list(dict.fromkeys(text["statement"]))
    found = {said: i for i, said in enumerate(statements)}
    synonyms = ev.dictionary.settings.get("synonyms", {})
    return {
        "papers": found_papers.to_dict("list"),
        "columns": columns,
        "statements": statements,
        "cells": {
            "paper": [place[key] for key in zip(text["table"], text["id"], strict=True)],
            "column": [columns.index(titles[name]) for name in text["column"]],
            "weight": text["weight"].tolist(),
            "statement": [found[said] for said in text["statement"]],
            "text": text["folded"].tolist(),
        },
        "synonyms": [
            {
                "head": stems(head),
                "others": list(others),
                "forms": [" ".join(stems(o)) for o in others],
            }
            for head, others in synonyms.items()
        ],
        "words": vocabulary(text),
        "rules": {
            "small": sorted(SMALL),
            "endings": [list(pair) for pair in ENDINGS],
            "letters": _letters(),
            "longer": LONGER,
            "synonym": SYNONYM,
            "near": NEAR,
        },
    }


def _letters() -> dict[str, str]:
    """Letters that are spelt in another way, by how they are compared."""
    spelt = {chr(code): str(said) for code, said in LATIN.items()}
    greek = {
        letter: unicodedata.name(letter).split()[3].lower()
        for letter in map(chr, range(0x3B1, 0x3CA))
    }
    return {"ß": "ss", "&": " and ", **spelt, **greek}


def _papers(ev: Evidence) -> pd.DataFrame:
    """Studies and reviews: ``table, id, name, year, title, note, counted``."""
    found = papers(ev).astype("object")
    years = [whole_or_none(year) for year in found["year"]]
    counted = found["table"].eq("studies") & found["id"].isin(ev.counted_studies["study_id"])
    found = found.assign(year=pd.Series(years, dtype="object"), counted=counted.astype("object"))
    return found.where(found.notna(), None)
