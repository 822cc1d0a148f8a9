"""Sentences on one study, or on none, are sentences."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from portion import portion

import evidence
from evidence import charts
from evidence.display.gallery import GALLERY
from evidence.errors import EvidenceError

MANY = "studies|results|reports|cohorts|reviews|rows|trials|groups|sources|ways|claims|findings"
VERBS = "point|conclude|see|have|are|do|print|tell|say|lean|report|share|turn"
WRONG = re.compile(
    rf"\b(?:of|in) 1 (?:counted |further )?(?:{MANY})\b"
    rf"|(?<![\d,.])(?<!of )\b1 (?:{MANY}|{VERBS}"
    rf"|of (?:them|these|\d[\d,]*)(?: {MANY})? (?:{VERBS}))\b"
    rf"|\b1 of \d[\d,]* (?:{MANY}) that (?:{VERBS})\b"
    r"|\b0 further\b"
)
# One study of each kind that is left alone by a selection.
ALONE = [
    {"study_id": "drory2001"},
    {"study_id": "chen2022"},
    {"question": "treatment", "population": "animal", "years": (2024, 2024)},
]


def wrong(text: str) -> list[str]:
    """What no person would say of one."""
    return [text[max(0, one.start() - 40) : one.end() + 30] for one in WRONG.finditer(text)]


def test_what_is_looked_for_is_found():
    for text in ("1 of 1 studies", "None of 1 results", "if 1 of them point the other way",
                 "1 of 6 point to", "1 of 33 studies that tell", "0 further studies"):  # fmt: skip
        assert wrong(text), text
    for text in ("1 of 33 studies that tells", "2 of 11 studies", "21 studies", "1 of 6 points to",
                 "10 studies are", "1.1 studies"):  # fmt: skip
        assert not wrong(text), text


def said_of(part: evidence.Evidence):
    """All that charts say of a part: name and text."""
    for entry in GALLERY:
        try:
            chart = entry.draw(part, "web")
        except EvidenceError:
            continue
        yield entry.name, " ".join([chart.title, chart.alt, *chart.notes])


@pytest.mark.parametrize("chosen", portion(ALONE, 3), ids=str)
def test_charts_of_one_study_speak_of_one(ev, chosen):
    found = [(name, wrong(text)) for name, text in said_of(ev.select(**chosen)) if wrong(text)]
    assert not found


@pytest.mark.parametrize("chosen", portion(ALONE, 3), ids=str)
def test_answers_on_one_study_speak_of_one(ev, chosen):
    part = ev.select(**chosen)
    texts = [str(one(part)) for one in (evidence.balance_answer, evidence.lens_answer)]
    texts += [text for one in evidence.question_answers(part) for text in one.sentences]
    assert not [wrong(text) for text in texts if wrong(text)]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((1, 0, 0), "1 of 1 points to better"),
        ((1, 8, 0), "1 of 9 points to better"),
        ((8, 0, 0), "8 of 8 point to better"),
        ((8, 0, 5), "if 2 of them point the other way"),
        ((7, 0, 3), "if 1 of them points the other way"),
    ],
)
def test_a_sign_test_counts_one_in_the_singular(counts, said):
    assert said in evidence.sign_test(*counts).said("better")


def test_one_study_that_tells_is_one(ev):
    from evidence.synthesis.harms import Harms

    row = {"title": "Finished", "shown": 1, "studies": 33, "started": 5, "total": 4}
    made = object.__new__(Harms)
    said = Harms.said(made, row | {"column": "finished"})
    assert said == "Finished: 4 among 5 in the 1 of 33 studies that tells"
    none = Harms.said(made, row | {"column": "finished", "shown": 0, "studies": 1})
    assert none == "Finished: not shown in 1 study"


def test_a_timeline_of_one_study_is_of_its_year(ev):
    from evidence.charts.timeline import _title

    title = lambda *years: _title(pd.DataFrame({"year": pd.array(years, dtype="Int64")}))
    assert title(2001) == "1 study, of 2001"
    assert title(2001, 2001, 2004) == "3 studies since 2001"
    assert title(2001, 2003, 2004) == "3 studies since 2001, half of them since 2003"


def test_nothing_is_said_of_no_further_study(ev):
    tools = ev.appraisals.dropna(subset=["study_id"])
    rated = tools.loc[tools["tool"] == tools["tool"].iloc[0], "study_id"].unique()
    part = ev.select(study_id=list(rated), counted=True)
    chart = charts.risk_of_bias(part, tool=str(tools["tool"].iloc[0]))
    assert "further" not in chart.alt + " ".join(chart.notes)
    assert not chart.marks["row"].str.contains("further").any()
