"""Words of the trade lead to what they mean, on the pages where they stand."""

from __future__ import annotations

import re
from html import unescape

import pytest

from evidence.charts.words import words
from evidence.site import claims, explore, method, sure
from evidence.site.glossary import Term, Terms, explained, glossary, glossed
from evidence.site.glossary import render as render_glossary
from evidence.site.pages import Page, Site
from evidence.site.render import environment, page

TERMS = Terms(
    (
        Term("or", "OR", ("odds ratio", "odds"), 'A "ratio".'),
        Term("wilson", "Wilson interval", (), "An interval."),
        Term("tea", "Tea", (), "A drink."),
    ),
    topic="tea and tempers",
)


def test_the_first_use_of_a_term_leads_to_its_entry():
    said = str(glossed("OR 1.5; the odds ratio, the OR <", TERMS, "../"))
    assert said.count("<a ") == 1 and said.endswith("the OR &lt;")
    assert said.startswith(
        '<a class="term" href="../glossary.html#or" title="A &quot;ratio&quot;.">OR</a> 1.5'
    )
    assert str(glossed("for <b>", Terms())) == "for &lt;b&gt;"


def test_other_forms_and_plurals_count_and_single_plain_words_do_not():
    assert "glossary.html#or" in str(glossed("Odds ratios", TERMS))
    assert "glossary.html#wilson" in str(glossed("two wilson intervals", TERMS))
    for text in ("the odds", "or", "post-OR", "a cup of tea"):
        assert "<a " not in str(glossed(text, TERMS)), text


def test_links_code_and_headings_of_html_stay():
    html = '<h2>OR</h2><p title="OR"><a href="x">OR</a> <code>OR</code> &lt; OR, OR</p>'
    said = str(explained(html, TERMS))
    assert said.count('class="term"') == 1 and said.endswith(">OR</a>, OR</p>")
    assert said.startswith('<h2>OR</h2><p title="OR"><a href="x">OR</a> <code>OR</code> &lt; <a')


@pytest.fixture(scope="module")
def filled(ev) -> dict[str, str]:
    """Pages that use words of the trade."""
    site, templates = Site(ev, words(ev)), environment(glossary(ev))
    return {
        file.path: page(templates, site, [], Page(file.title, file.path, list), file)
        for part in (sure, explore, claims, method)
        for file in part.render(site)
    }


WORDS = {
    "sure.html": "Hartung-Knapp tau² I² prediction-interval multiverse kappa MD sign-test",
    "explore.html": "sign-test Wilson-interval worst-case",
    "claims.html": "significant randomised confounding",
    "method.html": "Wilson-interval sign-test",
}


@pytest.mark.parametrize("path", WORDS)
def test_pages_explain_their_words(ev, filled, path):
    terms = glossary(ev)
    linked = set(re.findall(r'class="term" href="glossary\.html#([^"]+)"', filled[path]))
    for word in WORDS[path].split():
        found = terms.get(word) or terms.get(word.replace("-", " "))
        assert found and found.key in linked, word


def test_the_page_lists_every_word_and_every_link_leads_to_one(ev, filled):
    site = Site(ev, words(ev))
    [file] = render_glossary(site)
    text = page(environment(), site, [], Page("Glossary", file.path, list), file)
    for row in ev.tables["glossary"].to_dict("records"):
        assert row["term"] in text and row["explanation"] in unescape(text)
    keys = set(re.findall(r'<div id="([^"]+)"', text))
    assert len(keys) == len(ev.tables["glossary"])
    for other in filled.values():
        assert set(re.findall(r'href="glossary\.html#([^"]+)"', other)) <= keys
