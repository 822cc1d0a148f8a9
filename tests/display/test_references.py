"""References for readers: every entry formatted, nothing lost, nothing that becomes markup by
chance.
"""

from __future__ import annotations

import html
import re
import warnings
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portion import number

import evidence
from evidence.bibliography.addresses import links
from evidence.bibliography.bibtex.names import name_list
from evidence.bibliography.csl import csl_items
from evidence.bibliography.entries import COLUMNS
from evidence.bibliography.formats import read_text
from evidence.display.csl_processor import OWN_STYLE, formatted


@pytest.fixture(scope="module")
def everything(ev):
    return evidence.references(ev)


class Tags(HTMLParser):
    """Tags of a text, and whether each is closed."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def test_the_own_style_is_valid():
    from citeproc import CitationStylesStyle

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert CitationStylesStyle(str(OWN_STYLE), validate=True).has_bibliography()


def test_every_entry_is_there_with_what_its_row_says(ev, everything):
    rows = ev.bibliography.set_index("key")
    assert {entry.key for entry in everything} == set(rows.index)
    for entry in everything:
        row = rows.loc[entry.key]
        for column in ("title", "year", "volume", "container", "doi"):
            assert pd.isna(row[column]) or row[column] in entry.text, (entry.key, column)
        assert pd.isna(row["pages"]) or row["pages"] in entry.text, entry.key
        assert not re.search(
            r"[\ue000-\uf8ff]|  |\.\.|[?!]\.|, \.|\( | \)|\bNone\b|\bnan\b", entry.text
        ), entry.text
        assert Tags(entry.html).words == entry.text and not Tags(entry.html).open


def test_a_citation_says_the_same_as_charts_and_tables(ev, everything):
    """Except that a chart adds a letter where two names are the same, and shows the key of a paper
    whose authors are not known.
    """
    names = {
        key: re.sub(r"(?<=\d{4})[a-z]$", "", name)
        for key, name in ev.names.items()
        if pd.notna(ev.bibliography.set_index("key").loc[key, "author"])
    }
    cited = {entry.key: entry.cited for entry in everything if entry.key in names}
    assert cited == names and len(names) > 240


def test_each_link_leads_to_the_doi(ev, everything):
    for entry in everything:
        found = [attributes["href"] for tag, attributes in Tags(entry.html).seen if tag == "a"]
        assert found == ([entry.link] if entry.link else []), entry.key
    assert sum(1 for entry in everything if entry.link) > 150


def test_a_list_that_goes_on(everything):
    assert everything["beghi2010"].text.startswith("Beghi E, et al. (2010). ")
    assert everything["garbugino2018"].text.startswith(
        "Garbugino L, Golini E, Giuliani A, et al. (2018). "
    )
    assert everything["gallo2016"].text.startswith(
        "Gallo V, Vanacore N, Bueno-de-Mesquita HB, Vermeulen R, Brayne C, Pearce N, et al."
        " (2016). "
    )


def test_in_the_order_of_the_alphabet(everything):
    names = [entry.text for entry in everything]
    assert (
        names[0].startswith("Abel")
        and names[1].startswith("Åberg")
        and [name for name in names if name[0].isascii()][-1].startswith("Zucchi")
    )
    assert [entry.key for entry in everything].index("harvardhealth") > 50


def test_keys_of_all_kinds(ev):
    column = pd.Series(["drory2001", None, "abel2007", "drory2001"], dtype="str")
    assert [entry.key for entry in evidence.references(ev, column)] == ["abel2007", "drory2001"]
    assert len(evidence.references(ev, "drory2001")) == 1
    assert (
        evidence.references(ev, []).text == "No references."
        and "No references" in evidence.references(ev, [])._repr_html_()
    )
    with pytest.raises(
        evidence.UsageError, match="'drory20001' is not a key of the bibliography; near: drory2001"
    ):
        evidence.references(ev, "drory20001")


def test_a_selection_has_the_references_of_its_studies(ev):
    trials = ev.select(design="rct", population="human")
    assert {entry.key for entry in evidence.references(trials)} == set(trials.studies["study_id"])


def test_the_list_shows_itself(ev):
    shown = evidence.references(ev, ["drory2001", "beghi2010"], height="10em")
    assert repr(shown).count("\n") == 1
    page = Tags(shown._repr_html_())
    assert [tag for tag, _ in page.seen if tag in ("div", "ul", "li")] == ["div", "ul", "li", "li"]
    assert shown["drory2001"].key == "drory2001" and "drory2001" in {entry.key for entry in shown}
    with pytest.raises(KeyError):
        shown["nobody"]


def test_citations(ev):
    named = evidence.cite(ev, "drory2001", "aksu2002", "drory2001")
    assert str(named) == repr(named) == "Drory et al. 2001; Aksu et al. 2002"
    assert (
        named._repr_html_()
        == '<a href="https://doi.org/10.1016/s0022-510x(01)00610-4">Drory et al. 2001</a>; Aksu et'
        " al. 2002"
    )
    assert (
        named.markdown
        == "[Drory et al. 2001](<https://doi.org/10.1016/s0022-510x(01)00610-4>); Aksu et al. 2002"
    )
    with pytest.raises(evidence.UsageError, match="near: drory2001"):
        evidence.cite(ev, "drory01")
    with pytest.raises(evidence.UsageError, match="at least one key"):
        evidence.cite(ev)


# --- styles ---


def test_a_style_that_the_processor_brings(ev):
    text = evidence.references(ev, ["drory2001", "beghi2010"], style="harvard-cite-them-right").text
    assert text.startswith("Beghi, E. et al. (2010) “Amyotrophic lateral sclerosis, physical")
    assert "Drory, V.E. et al. (2001)" in text


NUMERIC = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>Numbers</title><id>numbers</id><category citation-format="numeric"/><updated>2026-01-01T00:00:00+00:00</updated></info>
  <citation><layout prefix="[" suffix="]"><text variable="citation-number"/></layout></citation>
  <bibliography>SORT<layout suffix="."><text variable="citation-number" suffix=". "/><text variable="title"/></layout></bibliography>
</style>"""


def test_a_style_of_ones_own_with_numbers(ev, tmp_path):
    path = tmp_path / "numbers.csl"
    path.write_text(NUMERIC.replace("SORT", ""), encoding="utf-8")
    shown = evidence.references(ev, ["drory2001", "abel2007"], style=str(path))
    assert [entry.cited for entry in shown] == ["[1]", "[2]"] and shown.text.startswith(
        "1. Football increases"
    )
    # Where the style shows no address, the title carries the link.
    assert '<a href="https://doi.org/10.2466/pms.104.4.1251-1254">Football increases' in shown.html
    path = tmp_path / "sorted.csl"
    path.write_text(
        NUMERIC.replace("SORT", '<sort><key variable="issued"/></sort>'), encoding="utf-8"
    )
    assert [
        entry.key for entry in evidence.references(ev, ["drory2001", "abel2007"], style=str(path))
    ] == ["drory2001", "abel2007"]


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "<html/>",
        "no xml",
        NUMERIC.replace("<bibliography>", "<!--").replace("</bibliography>", "-->"),
    ],
)
def test_a_style_that_is_none(ev, tmp_path, content):
    path = tmp_path / "none.csl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(evidence.UsageError, match="style"):
        evidence.references(ev, "drory2001", style=str(path))


# --- whatever a title holds ---


def one(row: dict[str, str], style: str = "") -> tuple[str, str]:
    table = pd.DataFrame([{"key": "k", "entry_type": "article"} | row], columns=COLUMNS).astype(
        "str"
    )
    made = formatted(csl_items(table), links(table).fillna("").to_list(), style)[0]
    return made.text, made.html


def test_a_title_is_escaped_and_its_own_marks_stay():
    text, page = one(
        {
            "title": "<script>x</script> of <i>SOD1</i> & 5 < 6 <b>",
            "doi": '10.1/a<b>"c&d',
            "year": "2001",
        }
    )
    assert text == '<script>x</script> of SOD1 & 5 < 6 <b> (2001). https://doi.org/10.1/a<b>"c&d'
    assert "&lt;script&gt;x&lt;/script&gt; of <i>SOD1</i> &amp; 5 &lt; 6 &lt;b&gt;" in page
    assert (
        '<a href="https://doi.org/10.1/a%3Cb%3E%22c%26d">https://doi.org/10.1/a&lt;b&gt;"c&amp;d</a>'
        in page
    )


def test_only_web_addresses_become_links():
    assert "<a " not in one({"title": "T", "url": "javascript:alert(1)"})[1]
    assert (
        '<a href="https://e.org/?a=1&amp;b=2">'
        in one({"title": "T", "url": "https://e.org/?a=1&b=2"})[1]
    )


def test_pubmed_where_there_is_no_doi():
    text, page = one({"title": "T", "pmid": "123"})
    assert (
        text.endswith(". PMID 123")
        and '<a href="https://pubmed.ncbi.nlm.nih.gov/123/">PMID 123</a>' in page
    )


TEXTS = st.text(
    st.one_of(
        st.sampled_from("<>&\"'/ abi;.?!\ue000\ue100\ue10a"),
        st.characters(blacklist_categories=("Cs", "Cc")),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=number(100, 33), deadline=None)
@given(title=TEXTS, container=TEXTS, name=TEXTS)
def test_nothing_in_a_field_becomes_markup(title, container, name):
    author = name_list([{"literal": name}])
    row = {"title": title, "container": container, "year": "2001", "doi": "10.1/x"} | (
        {"author": author} if author else {}
    )
    text, page = one(row)
    tags = Tags(page)
    assert tags.words == text and not tags.open
    assert {tag for tag, _ in tags.seen} <= {"i", "a", "b", "sup", "sub"}
    assert html.unescape(re.sub(r"</?(?:i|a|b|sup|sub)\b[^>]*>", "", page)) == text
    assert not re.search("[\ue000-\uf8ff]", text + page)


# --- for reference managers ---


def test_the_whole_bibliography_is_the_file(ev, root):
    assert evidence.write_references(ev) == (root / "references.bib").read_bytes().decode()


def test_the_entries_of_a_selection_stand_as_in_the_file(ev, root):
    whole = (root / "references.bib").read_text(encoding="utf-8")
    trials = ev.select(design="rct", population="human")
    text = evidence.write_references(trials, "bibtex")
    blocks = text.rstrip("\n").split("\n\n")
    assert len(blocks) == len(trials) and all(block + "\n" in whole for block in blocks)
    assert (
        evidence.write_references(ev, "bibtex", "abel2007")
        == whole[whole.index("@article{abel2007") : whole.index("\n\n@article{aberg2018") + 1]
    )


def test_abbreviations_come_along(data):
    data.edit_bibliography(
        lambda text: (
            '@string{pms = "Perceptual"}\n'
            + text.replace("{Perceptual and Motor Skills}", "pms", 1)
        )
    )
    ev = evidence.load(data.folder)
    text = evidence.write_references(ev, "bibtex", "abel2007")
    assert text.startswith('@string{pms = "Perceptual"}\n\n@article{abel2007')
    assert read_text(text, "a").entries.loc[0, "container"] == "Perceptual"


@pytest.mark.parametrize("form", ["bibtex", "ris", "csl"])
def test_what_is_written_reads_back(ev, form):
    trials = ev.select(design="rct")
    read = read_text(evidence.write_references(trials, form), "a")
    expected = ev.bibliography[ev.bibliography["key"].isin(trials.studies["study_id"])].reset_index(
        drop=True
    )
    assert read.entries.equals(expected) and read.problems == []


def test_what_cannot_be_written(ev, data):
    with pytest.raises(evidence.UsageError, match="allowed: bibtex, ris, csl"):
        evidence.write_references(ev, "docx")
    with pytest.raises(evidence.UsageError, match="not a key"):
        evidence.write_references(ev, "ris", ["nobody"])
