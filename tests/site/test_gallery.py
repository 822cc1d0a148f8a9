"""The gallery: what each chart is called, what it is about, and of which part of the evidence."""

from __future__ import annotations

import re

from evidence.charts.words import words
from evidence.display.gallery import GALLERY, GROUPS, LARGEST, draw
from evidence.site.gallery import render
from evidence.site.pages import Page, Site
from evidence.site.pictures import Picture
from evidence.site.render import environment, page


def test_every_chart_has_a_name_of_its_own_and_a_group():
    kinds = [entry.kind for entry in GALLERY]
    assert all(kinds) and len(set(kinds)) == len(kinds)
    assert {entry.group for entry in GALLERY} == set(GROUPS) and len(GROUPS) <= 5


def test_the_largest_part_is_named(ev):
    for entry in GALLERY:
        said = entry.of(ev).shows
        assert (LARGEST in said) == (entry.rows is not None), entry.name
        if entry.rows:
            assert re.search(rf"{LARGEST} \([A-Z][^()]+, (people|animals)\)", said), said
    studies = ev.studies.set_index("study_id")
    for entry, chart in draw(ev, ["albatross", "effect_direction"]):
        drawn = studies.loc[chart.data["study_id"], ev.dictionary.kept_apart].drop_duplicates()
        [part] = [
            [ev.dictionary.label(name, value) for name, value in row.items()]
            for row in drawn.to_dict("records")
        ]
        assert f"{LARGEST} ({part[0]}, {part[1].lower()})" in entry.shows


def test_the_page_groups_the_charts_under_headings(ev):
    pictures = {
        entry.name: Picture(entry.name, entry.shows, entry.kind, entry.group, notes=("A note.",))
        for entry in GALLERY
    }
    site = Site(ev, words(ev), pictures=pictures)
    [file] = render(site)
    text = page(environment(), site, [], Page("Charts", file.path, list), file)
    heads = re.findall(r"<(h[23])[^>]*>(.*?)</h[23]>", text)
    assert [said for level, said in heads if level == "h2"] == list(GROUPS)
    threes = [re.sub("<[^>]*>", "", said) for level, said in heads if level == "h3"]
    assert len(threes) == len(set(threes)) == len(GALLERY)
    for entry in GALLERY:
        assert f'<a href="#{entry.name}">{entry.kind}</a>' in text
    assert text.count('<p class="wider">A note.</p>') == len(GALLERY)
