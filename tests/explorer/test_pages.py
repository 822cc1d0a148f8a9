"""Words around the chart: lists with links, nothing unescaped, nothing left out."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import evidence
from evidence.explorer.contents import Contents
from evidence.explorer.pages import (
    counts_table,
    listing,
    static_html,
    static_text,
    summary,
)
from evidence.explorer.view import View, view_of


class Parsed(HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, "tags are closed in their order"


def test_pages_are_well_formed_and_whole(contents):
    page, text = static_html(contents), static_text(contents)
    parsed = Parsed(page)
    assert parsed.open == []
    links = [attrs["href"] for tag, attrs in parsed.tags if tag == "a"]
    assert len(links) == sum(map(bool, listing(contents).addresses)) and all(
        str(link).startswith("https://") for link in links
    )
    for words in (summary(contents), *contents.row_names):
        assert words.split(":")[0] in text
    assert ("No study meets all these conditions" in text) == (len(contents.counts) == 0)


def test_the_counts_table_is_the_chart(contents):
    table = counts_table(contents)
    assert len(table) == len(contents.counts)
    assert (
        sum(table[contents.word(word)].sum() for word in contents.words)
        == contents.counts["units"].sum()
    )


def test_links_lead_to_the_papers(ev):
    view = view_of(ev)
    table = listing(Contents(ev, view))
    studies = ev.select(counted=True).studies.set_index("study_id")
    for study, address in zip(Contents(ev, view).members["study_id"], table.addresses, strict=True):
        doi, pmid = studies.loc[study, ["doi", "pmid"]]
        if isinstance(doi, str):
            assert address == f"https://doi.org/{doi}"
        else:
            assert address == (
                f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if isinstance(pmid, str) else ""
            )
    assert "" in table.addresses and "(no DOI)" in table.html


def test_unknown_sizes_are_said(ev):
    table = listing(Contents(ev, view_of(ev, population="animal"))).frame
    assert (table["Sample size"] == "not stated").sum() == 19


def test_nothing_of_the_data_is_taken_as_html(ev):
    studies = ev.studies
    studies.loc[studies["study_id"] == "braga2018", "doi"] = '10.1000/"><script>alert(1)</script>'
    bad = replace(
        ev,
        dictionary=replace(
            ev.dictionary,
            settings=dict(ev.dictionary.settings) | {"topic": "<script>alert(2)</script>"},
        ),
    )
    contents = Contents(
        bad.with_tables(dict(bad.tables) | {"studies": studies}), view_of(ev, question="treatment")
    )
    tags = [tag for page in (static_html(contents),) for tag, _ in Parsed(page).tags]
    assert "script" not in tags and "details" in tags


def test_a_data_set_without_identifiers_has_no_links(ev):
    numbers = ["doi", "pmid", "pmcid"]
    bare = ev.with_tables(dict(ev.tables) | {"studies": ev.studies.drop(columns=numbers)})
    bare.__dict__["bibliography"] = ev.bibliography.assign(url=None, **dict.fromkeys(numbers))
    table = listing(Contents(bare, View()))
    assert set(table.addresses) == {""} and "href" not in table.html


def test_cohorts_are_named(ev):
    table = listing(Contents(ev, view_of(ev, question="risk", one_per_cohort=True)))
    labels = evidence.load().cohorts.set_index("cohort_id")["label"]
    assert labels["italian_soccer"] in set(table.frame["Cohort"]) and re.fullmatch(
        r"All \d+ studies of this view", table.caption
    )
