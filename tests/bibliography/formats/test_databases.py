"""What databases and reference managers export beside RIS and BibTeX is read as references."""

from __future__ import annotations

import json

import pytest

from evidence.bibliography.formats import read_text
from evidence.bibliography.formats.write import write_entries

WOS = """\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Meyer, H
   Olsen, KB
AF Meyer, Hans
   Olsen, Kari Bente
TI Green tea and sleep in nurses:
   a randomised trial
SO JOURNAL OF TEA
DT Article
PD MAY
PY 2010
VL 4
IS 2
BP 11
EP 19
DI 10.1000/tea.1
PM 12345678
UT WOS:000123
ER

PT J
AU Berg, L
TI On <i>milk</i> &amp; tea
SO JOURNAL OF MILK
PY 2011
AR e12
ER

EF
"""

WOS_TABS = (
    "PT\tAU\tAF\tTI\tSO\tPY\tVL\tIS\tBP\tEP\tDI\tPM\n"
    "J\tMeyer, H; Olsen, KB\tMeyer, Hans; Olsen, Kari Bente\t"
    "Green tea and sleep in nurses: a randomised trial\tJOURNAL OF TEA\t2010\t4\t2\t11\t19\t"
    "10.1000/tea.1\t12345678\n"
)

OVID = """\
<1. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R)
UI  - 12345678
AU  - Meyer H
AU  - Olsen KB
TI  - Green tea and sleep in nurses: a randomised trial.
SO  - Journal of Tea. 4(2):11-19, 2010 May.
DO  - https://dx.doi.org/10.1000/tea.1
YR  - 2010

<2. >
VN  - Ovid Technologies
DB  - Embase
AN  - 2011123456
AU  - Berg, Lars
TI  - On milk
SO  - Journal of Milk. Vol.7(1) (pp 3-9), 2011.
"""

OVID_LONG = """\
<1>
Unique Identifier
  12345678
Title
  Green tea and sleep in nurses: a randomised trial.
Authors
  Meyer H; Olsen KB.
Source
  Journal of Tea. 4(2):11-19, 2010 May.
Digital Object Identifier
  10.1000/tea.1
"""

ENDNOTE = """\
%0 Journal Article
%A Meyer, Hans
%A Olsen, Kari Bente
%D 2010
%T Green tea and sleep in nurses: a randomised trial
%J Journal of Tea
%V 4
%N 2
%P 11-19
%8 May
%R 10.1000/tea.1
%M 12345678
%X An abstract
that continues.

%0 Thesis
%A Berg, Lars
%T On milk
%I University of Milk
%9 Master's thesis
%D 2011
"""

SCOPUS = """\
Authors,"Author full names",Title,Year,"Source title",Volume,Issue,"Page start","Page end",DOI,"PubMed ID","Cited by",EID
"Meyer H.; Olsen K.B.","Meyer, Hans (123); Olsen, Kari Bente (456)","Green tea and sleep in nurses: a randomised trial",2010,"Journal of Tea",4,2,11,19,10.1000/tea.1,12345678,7,2-s2.0-1
"Berg L., van Essen P.",,"On milk",2011,"Journal of Milk",,,,,,,,2-s2.0-2
"""

ERIC = """\
OWN - ERIC
TI  - Green tea and sleep in nurses: a randomised trial
AU  - Meyer, Hans
AU  - Olsen, Kari Bente
OT  - Tea
JT  - Journal of Tea
SO  - v4 n2 p11-19 2010
OID - EJ123456
VI  - 4
IP  - 2
PG  - 11-19
DP  - 2010
LID - http://dx.doi.org/10.1000/tea.1
AB  - An abstract.
ISSN - ISSN-1234-5678

OWN - ERIC
TI  - On milk
AU  - Berg, Lars
DP  - 2011
"""

FILES = {
    "Web of Science": WOS,
    "Web of Science, tabs": WOS_TABS,
    "Ovid": OVID,
    "Ovid, long names": OVID_LONG,
    "EndNote": ENDNOTE,
    "Scopus CSV": SCOPUS,
    "PubMed": ERIC,
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_paper_in_every_form(name, ends):
    read = read_text(FILES[name].replace("\n", ends).encode("utf-8-sig"), "a")
    row = read.entries.iloc[0]
    assert read.kind == name.split(",")[0] and row["key"] == "meyer2010"
    assert row["title"] == "Green tea and sleep in nurses: a randomised trial"
    assert row["container"].casefold() == "journal of tea" and row["year"] == "2010"
    people = row["author"].replace("Hans", "H").replace("Kari Bente", "KB")
    assert people == "Meyer, H and Olsen, KB"
    assert (row["volume"], row["number"], row["pages"]) == ("4", "2", "11–19")
    assert row["doi"] == "10.1000/tea.1"
    assert row["pmid"] == "12345678" or name == "PubMed"
    lost = [fault for fault in read.problems if fault.rule == "unreadable"]
    assert not lost


def test_second_records():
    second = {
        name: read_text(FILES[name], "a").entries.iloc[1].fillna("").to_dict()
        for name in ("Web of Science", "Ovid", "EndNote", "Scopus CSV", "PubMed")
    }
    assert {row["year"] for row in second.values()} == {"2011"}
    assert second["Web of Science"]["title"] == "On milk & tea"
    assert second["Web of Science"]["pages"] == "e12"
    assert second["Ovid"]["pages"] == "3–9" and second["Ovid"]["pmid"] == ""
    assert second["EndNote"]["entry_type"] == "mastersthesis"
    assert second["EndNote"]["container"] == "University of Milk"
    assert second["Scopus CSV"]["author"] == "Berg, L. and van Essen, P."


def test_what_is_not_kept_is_said():
    problems = {fault.column for fault in read_text(ENDNOTE, "a").problems}
    assert problems == {"X"}


def test_a_record_of_nothing_is_a_fault():
    read = read_text("PT J\nSO JOURNAL OF TEA\nER\n\nPT J\nTI On tea\nER\n", "a")
    assert len(read.entries) == 1 and [fault.line for fault in read.problems] == [1]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("TY  - JOUR\nTI  - 50 % off\nER  - \n", "RIS"),
        ("@article{a, title = {%T and %A}}", "BibTeX"),
        ("PMID- 1\nTI  - On tea\n", "PubMed"),
        ('"Key","Item Type","Title"\n"a","book","On tea"\n', "Zotero CSV"),
    ],
)
def test_other_formats_are_still_told(text, kind):
    assert read_text(text, "a").kind == kind


TITLE = "CO<sub>2</sub> and <i>Spartina</i> &amp; <span class='nocase'>Tea</span>"


def with_title(kind: str, title: str, journal: str) -> str:
    """A file of some format with one reference."""
    item = {"id": "a", "type": "article-journal", "title": title, "container-title": journal}
    return {
        "json": json.dumps([item]),
        "zotero": (
            '"Key","Item Type","Title","Publication'
            f' Title"\n"a","journalArticle","{title}","{journal}"\n'
        ),
        "ris": f"TY  - JOUR\nTI  - {title}\nJO  - {journal}\nER  - \n",
        "enw": f"%0 Journal Article\n%T {title}\n%J {journal}\n",
        "nbib": f"PMID- 1\nTI  - {title}\nJT  - {journal}\n",
        "bib": f"@article{{a, title = {{{title}}}, journal = {{{journal}}}}}",
    }[kind]


TITLES = {
    TITLE: "CO2 and Spartina & Tea",
    "Effects of H<sub>2</sub>O &amp; CO<sub>2</sub> on <i>E. coli</i>": (
        "Effects of H2O & CO2 on E. coli"
    ),
    "Tea&nbsp;trials &#x2014; a <b>review</b>": "Tea trials — a review",
    # no markup
    "Tea & food where p < 0.05 and q > 1": "Tea & food where p < 0.05 and q > 1",
    "Food&degradation in R&D; p<0.05": "Food&degradation in R&D; p<0.05",
}


@pytest.mark.parametrize("kind", ["json", "zotero", "ris", "enw", "nbib", "bib"])
@pytest.mark.parametrize(("title", "right"), TITLES.items())
def test_markup_of_titles_goes(kind, title, right):
    row = read_text(with_title(kind, title, "Ecology &amp; Tea"), "a").entries.iloc[0]
    assert row["title"] == right and row["container"] == "Ecology & Tea"


def test_markup_of_html_and_of_latex_in_one_title():
    title = r"The <i>Camellia</i> &amp; {CO$_2$} m$^2$ \& trial"
    read = read_text(with_title("bib", title, r"Tea \& Health"), "a")
    assert read.entries["title"].to_list() == ["The Camellia & CO2 m2 & trial"]
    assert read.entries["container"].to_list() == ["Tea & Health"]


NAMES = "Müller, Jörg and O'Neil, A"


@pytest.mark.parametrize(
    "text",
    [
        "@misc{a, title={T}, author={M&uuml;ller, J&ouml;rg and O&#39;Neil, A}}",
        r"@misc{a, title={T}, author={M\&uuml;ller, J\&ouml;rg and O\&#39;Neil, A}}",
        "TY  - JOUR\nTI  - T\nAU  - M&uuml;ller, J&ouml;rg\nAU  - O&#39;Neil, A\nER  - ",
        "PMID- 1\nTI  - T\nFAU - M&uuml;ller, J&ouml;rg\nFAU - O&#39;Neil, A",
        "%0 Journal Article\n%T T\n%A M&uuml;ller, J&ouml;rg\n%A O&#39;Neil, A\n",
        "FN Clarivate\nVR 1.0\nPT J\nAU M&uuml;ller, J&ouml;rg\n   O&#39;Neil, A\nTI T\nER\n\nEF\n",
        '"Item Type","Title","Author"\narticle,T,"M&uuml;ller, J&ouml;rg; O&#39;Neil, A"\n',
        "Authors,Title,Source title,EID\n" + '"M&uuml;ller, J&ouml;rg; O&#39;Neil, A",T,J,x\n',
        '[{"title": "T", "author": [{"family": "M&uuml;ller", "given": "J\\u0026ouml;rg"},'
        ' {"family": "O&#39;Neil", "given": "A"}]}]',
    ],
)
def test_entities_in_names_are_letters(text):
    """Also where their semicolons would part names; keys that are made are made of the letters."""
    read = read_text(text, "a")
    assert read.entries["author"].to_list() == [NAMES]
    assert read.entries["key"].to_list() in (["muller"], ["a"])
    assert not [fault for fault in read.problems if fault.column == "author"]


def test_entities_are_read_once():
    text = "TY  - JOUR\nTI  - Caf&eacute; &amp;eacute; &amp;lt; p &lt; 5\nN1  - a&lt;b\nER  - "
    entry = read_text(text, "a").entries.iloc[0]
    assert (entry["title"], entry["note"]) == ("Café &eacute; &lt; p < 5", "a&lt;b")


def test_suffixes_of_pubmed():
    """It sets no comma before them."""
    text = "PMID- 1\nTI  - T\nFAU - Smith, John Jr\nFAU - Berg, Ann 3rd\nFAU - Ito, II\n"
    assert read_text(text, "a").entries["author"].to_list() == [
        "Smith, Jr, John and Berg, {3rd}, Ann and Ito, II"
    ]
    assert read_text("PMID- 1\nTI  - T\nAU  - Smith J Jr", "a").entries["author"].to_list() == [
        "Smith, Jr, J"
    ]


@pytest.mark.parametrize("kind", ["bibtex", "ris", "csl"])
@pytest.mark.parametrize("year", ["2001–2002", "-44"])
def test_a_range_of_years_and_a_year_before_our_time_come_back(kind, year):
    text = f"@misc{{a, title={{T}}, year={{{year.replace('–', '--')}}}}}"
    first = read_text(text, "a").entries
    again = read_text(write_entries(first, kind), "a")
    assert first["year"].to_list() == again.entries["year"].to_list() == [year]
    assert again.problems == []


def test_volumes_and_numbers_come_back():
    text = r"@article{a, title={T}, volume={1--2}, number={3\&4}}"
    first = read_text(text, "a").entries
    assert first.loc[0, ["volume", "number"]].to_list() == ["1–2", "3&4"]
    written = write_entries(first, "bibtex")
    assert "volume    = {1--2}" in written and r"number    = {3\&4}" in written
    assert read_text(written, "a").entries.equals(first)


def test_a_long_first_line():
    """Too long for the header of a table, and all the same read."""
    entries = " ".join(f"@misc{{a{n}, title={{A title}}}}" for n in range(6_000))
    assert len(entries) > 131_072 and len(read_text(entries, "a").entries) == 6_000


PROCEEDINGS = (
    "@proceedings{P, title={Proc X}, year=1999, editor={Ed, I}, publisher={Q}, doi={10.1/p}}"
)


def test_what_an_entry_has_from_the_whole_that_it_names():
    text = "@inproceedings{c, crossref={p}, author={Doe, J}, title={In it}}\n" + PROCEEDINGS
    read = read_text(text, "a")
    assert read.entries.iloc[0].dropna().to_dict() == {
        "key": "c",
        "entry_type": "inproceedings",
        "author": "Doe, J",
        "title": "In it",
        "container": "Proc X",
        "year": "1999",
        "editor": "Ed, I",
        "publisher": "Q",
    }
    assert read.problems == []


def test_what_an_entry_says_itself_stays():
    text = (
        "@inproceedings{c, crossref={P}, title={A}, date={2001-05}, booktitle={Mine}}\n"
        "@article{d, crossref={e}, title={B}}\n@article{e, title={C}, year=2000}\n"
        "@misc{f, crossref={gone}, title={D}}\n@misc{g, crossref={g}, title={E}}\n" + PROCEEDINGS
    )
    read = read_text(text, "a")
    by_key = read.entries.set_index("key")
    assert by_key.loc["c", ["year", "date", "container"]].to_list() == ["2001", "2001-05", "Mine"]
    assert by_key.loc["d", "year"] == "2000" and by_key.loc["d":"g", "container"].isna().all()
    assert [(fault.column, fault.message) for fault in read.problems] == [
        ("crossref", "has no column here and was not kept, in 2 entries")
    ]


def test_abbreviations_of_abbreviations_come_to_an_end():
    strings = ['@string{a0 = "xxxxxxxxxx"}']
    strings += [f"@string{{a{n} = {' # '.join([f'a{n - 1}'] * 10)}}}" for n in range(1, 9)]
    read = read_text("\n".join([*strings, "@misc{z, author={A, B}, title = a8}"]), "a")
    assert len(read.entries) == 1 and [(fault.line, fault.message) for fault in read.problems] == [
        (7, "stands for more than 1,000,000 characters, and was left out")
    ]
