"""Pages of topics: squares, cards and counts show results on the topic, and nothing else."""

from __future__ import annotations

import re
from html import unescape

import pytest

import evidence
from evidence.charts.words import words
from evidence.site.pages import Site
from evidence.site.render import environment, page
from evidence.site.topic_results import names_alone
from evidence.site.topics import Topic, about_topic, render, topic_votes, topics
from evidence.synthesis.lens import LENSES


@pytest.fixture(scope="module")
def every(ev) -> dict[str, Topic]:
    return {topic.href: topic for _, kind in topics(ev) for topic in kind}


@pytest.fixture(scope="module")
def pages(ev) -> dict[str, str]:
    site = Site(ev, words(ev))
    filled = environment()
    return {
        file.path: unescape(page(filled, site, [], PLACE, file))
        for file in render(site)
        if file.template == "topic.html"
    }


class Place:
    """The entry of the navigation that a page belongs to."""

    main, path = True, "topics/index.html"


PLACE = Place()


def votes_of(ev, every, name: str):
    topic = every[f"topics/{name}.html"]
    return topic_votes(ev, topic, about_topic(ev, topic))


def test_votes_on_an_outcome_are_those_of_python(ev, every):
    for lens in LENSES:
        table = evidence.votes(ev, lens, by="outcome_domain").frame
        for topic in every.values():
            if topic.column == "outcome_domain":
                own = table[table["outcome_domain"].astype("str") == topic.value]
                wanted = own.set_index("study_id")["vote"].astype("str").to_dict()
                found = topic_votes(ev, topic, about_topic(ev, topic))
                assert found.set_index("study_id")[lens].astype("str").to_dict() == wanted


@pytest.mark.parametrize(
    "name, studies",
    [
        ("sport-cycling", set()),  # the main result of the only study is about another sport
        ("sport-basketball", set()),
        ("sport-swimming", set()),
        ("sport-baseball", set()),  # its main result is a score of all sports
        ("sport-golf", {"goutman2024"}),
        ("genotype-c9orf72", {"robison2018"}),  # not those without it, nor patients with patients
        ("genotype-tdp-43", {"tsitkanou2024"}),
    ],
)
def test_only_results_on_the_topic_alone_have_a_square(ev, every, name, studies):
    assert set(votes_of(ev, every, name)["study_id"]) == studies


def test_a_study_that_compares_something_else_has_its_words_and_no_sign(pages):
    page = pages["topics/genotype-c9orf72.html"]
    card = re.search(r'<li><a href="../studies/julian2021.html">.*?</li>', page, re.S)[0]
    assert "Not counted here: its results on this compare something else." in card
    assert "younger age at onset" in card and "Authors conclude" not in card
    assert "2 studies are about this alone, and 1 of them counts here" in page


def test_a_vote_on_a_value_is_that_of_a_main_result_which_names_it(ev, every):
    """Of studies with several values in the cell, and of those whose other results name it."""
    table = votes_of(ev, every, "sport-soccer")
    assert {"chio2009", "ueda2023"} <= set(table["study_id"])
    assert not {"chen2022", "batty2022"} & set(table["study_id"])
    whole = evidence.votes(ev, "direction").set_index("study_id")["vote"].astype("str")
    for _, row in table.iterrows():
        assert str(row["direction"]) == str(whole[row["study_id"]])


def test_a_page_says_what_the_others_are_about(pages):
    page = pages["topics/sport-cycling.html"]
    assert "No study is about this alone" in page and '<i class="sq ' not in page
    assert "Its main result is about another: Soccer." in page
    assert "No ALS case (0) was found" in page  # what the study does say of it
    assert "3 studies have it among others" in pages["topics/sport-soccer.html"]


def test_a_card_shows_the_results_and_the_vote_of_its_square(ev, every, pages):
    page = pages["topics/outcome-domain-function.html"]
    card = re.search(r'<li><a href="\.\./studies/drory2001.*?(?=<li><a href="\.\.)', page, re.S)[0]
    there = ev.findings[ev.findings["study_id"] == "drory2001"]
    there = there[there["outcome_domain"].astype("str") == "function"]
    assert len(there) > 1 and all(text in card for text in there["statement"])
    main = there.loc[there["is_primary"].astype("bool"), "statement"].iloc[0]
    assert min(there["statement"], key=card.index) == main
    vote = votes_of(ev, every, "outcome-domain-function").set_index("study_id").loc["drory2001"]
    assert f'Authors conclude: <span class="look {vote["concluded"]}">' in card
    assert f'The numbers lean to: <span class="look {vote["direction"]}">' in card
    hint = re.search(r'<i class="sq [^"]*" title="Drory et al. 2001: ([^"]*)"', page)[1]
    assert hint == main


def test_a_page_says_how_many_reports_share_who_was_studied(ev, every, pages):
    table = votes_of(ev, every, "sport-soccer")
    shared = table["cohort_unit"].duplicated(keep=False).sum()
    once = table["cohort_unit"].nunique()
    said = re.search(r'<p class="note">(.*?)</p>', pages["topics/sport-soccer.html"], re.S)[1]
    assert said.startswith(f"{shared} of these {len(table)} reports share, or may share,")
    first = said.partition("authors conclude: ")[2].partition(";")[0]
    assert sum(map(int, re.findall(r"(\d+) (?:more|less|no)", first))) == once
    assert 'class="note"' not in pages["topics/sport-rugby.html"]


def test_a_remark_names_nothing_alone():
    assert names_alone("A-12 carrier", "A-12") and names_alone("mutant human A-12", "A-12")
    for text in ("A-12 carriers and others", "non-A-12", "A-12-negative", "A-12 left out", None):
        assert not names_alone(text, "A-12"), text


def test_every_number_of_a_page_adds_up(ev, every, pages):
    for path, topic in every.items():
        squares = topic_votes(ev, topic, about_topic(ev, topic))
        assert pages[path].count('<i class="sq ') == 2 * len(squares), path
        listed = re.findall(r"studies/([\w-]+)\.html", pages[path])
        assert set(listed) == set(topic.ids), path
