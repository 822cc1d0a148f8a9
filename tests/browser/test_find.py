"""What the page finds is what `evidence find` finds."""

from __future__ import annotations

import pytest

import evidence

WORDS = [
    "soccer",
    "football",
    "Lou Gehrig",
    "C9",
    "C9orf72",
    "SOD1",
    "fatigue",
    "falls",
    "mice",
    "Italian",
    "Chio",
    "CHIÒ 2005",
    "swimming mice",
    "5 cases expected 0.77",
    "randomized trials of breathing",
    "ftigue",
    "zebra crossing",
    "soccer zebra",
    "2018",
    "Größe",
    "Þórður Ørsted",
]


@pytest.mark.parametrize("words", WORDS)
def test_rows_and_words_are_those_of_python(searched, ev, words):
    here = searched.page.evaluate("words => Explore.find.find(words)", words)
    there = evidence.find(ev, words)
    assert [(row["table"], row["id"]) for row in here["rows"]] == list(
        zip(there.frame["table"], there.frame["id"], strict=True)
    )
    assert [row["score"] for row in here["rows"]] == pytest.approx(there.frame["score"].to_list())
    assert [row["foundIn"] for row in here["rows"]] == there.frame["found_in"].to_list()
    assert [row["finding"] for row in here["rows"]] == there.frame["finding"].to_list()
    assert here["said"] == there.said


def test_the_address_keeps_the_words_and_leads_to_explore(visit, ev):
    page = visit().drawn("search.html", "q=soccer")
    assert page.locator("#found li").count() > 10
    ids = set(evidence.find(ev, "soccer").frame.query("table == 'studies'")["id"])
    counted = ids & set(ev.studies.loc[ev.studies["counted"], "study_id"])
    page.locator("#only a").click()
    page.wait_for_selector("html[data-ready='1']", state="attached")
    assert page.locator("#status").inner_text().startswith(f"{len(counted)} studies")


def test_nothing_found_says_what_was_searched(visit):
    page = visit().drawn("search.html", "q=ftigue")
    said = page.locator("#said").inner_text()
    assert said.startswith("Nothing was found") and "Searched in" in said and "fatigue" in said
