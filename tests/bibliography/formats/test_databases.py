"""What databases and reference managers export beside RIS and BibTeX is read as references."""

from __future__ import annotations

import json

import pytest

from evidence.bibliography.formats import read_text

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
