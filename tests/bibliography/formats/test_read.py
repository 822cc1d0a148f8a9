"""References of other people are read whole, whatever the format and the encoding, and what finds
no place is said.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portion import number

import evidence
from evidence.bibliography.entries import COLUMNS
from evidence.bibliography.formats import read_references, read_text


def first(text: str | bytes) -> dict[str, str]:
    """The first entry, without its missing cells."""
    return {
        name: value
        for name, value in read_text(text, "a").entries.iloc[0].items()
        if isinstance(value, str)
    }


def told(text: str | bytes) -> list[tuple[int, str, str]]:
    """Line, field and rule of every problem."""
    return [(fault.line, fault.column, fault.rule) for fault in read_text(text, "a").problems]


RIS = """\
TY  - JOUR
AU  - Drory, V. E.
AU  - van der Berg, Jan, Jr
AU  - ALS Study Group
TI  - The value of muscle exercise in patients
      with ALS: 50% & <i>more</i>
T2  - Journal of the Neurological Sciences
J2  - J Neurol Sci
PY  - 2001
DA  - 2001/10/15/
VL  - 191
IS  - 1-2
SP  - 133
EP  - 137
DO  - https://doi.org/10.1016/S0022-510X(01)00610-4
AN  - 11677004
DB  - PubMed
UR  - http://dx.doi.org/10.1016/s0022-510x(01)00610-4
UR  - https://example.org/a;b
N1  - PMID: 11677004
N1  - PMCID: PMC123; read twice
KW  - exercise
KW  - spasticity
AB  - Long.
SN  - 0022-510X
ER  -

TY  - THES
AU  - Sawula, L
T1  - Negotiating a Progress Paradox
PB  - Queen's University
M3  - Master's thesis
Y1  - 2017///
ER  -
"""


def test_ris():
    assert first(RIS) == {
        "key": "drory2001",
        "entry_type": "article",
        "author": "Drory, V. E. and van der Berg, Jr, Jan and {ALS Study Group}",
        "title": "The value of muscle exercise in patients with ALS: 50% & more",
        "container": "Journal of the Neurological Sciences",
        "year": "2001",
        "date": "2001-10-15",
        "volume": "191",
        "number": "1-2",
        "pages": "133–137",
        "doi": "10.1016/S0022-510X(01)00610-4",
        "pmid": "11677004",
        "pmcid": "PMC123",
        "url": "https://example.org/a;b",
        "note": "read twice",
    }
    read = read_text(RIS, "a.ris")
    assert (read.kind, read.lines) == ("RIS", {"drory2001": 1, "sawula2017": 28})
    thesis = read.entries.iloc[1]
    assert thesis[["entry_type", "container", "year", "title"]].to_list() == [
        "mastersthesis",
        "Queen's University",
        "2017",
        "Negotiating a Progress Paradox",
    ]
    assert {(fault.column, fault.rule) for fault in read.problems} == {
        ("KW", "not_kept"),
        ("AB", "not_kept"),
        ("SN", "not_kept"),
    }


def test_ris_that_is_not_as_it_should_be():
    text = "\n".join(
        [
            "Provider: a database",
            "1.",
            "TY  - JOUR",
            "TI  - Without an end",
            "PY  - 2001",
            "PY  - 2002",
            "XX  - what is this",
            "DO  - 10.1000/a",
            "TY  - MUSIC",
            "A1  - One, Author",
            "ER  - ",
            "AU  - No, Begin",
            "TI  - Begins with its author",
            "ER  -",
            "stray words",
            "TY  - JOUR",
            "ER  - ",
            "TY  - JOUR",
            "TI  - The last, cut off",
        ]
    )
    read = read_text(text, "a")
    assert read.entries["title"].dropna().to_list() == [
        "Without an end",
        "Begins with its author",
        "The last, cut off",
    ]
    assert read.entries["author"].dropna().to_list() == ["One, Author", "No, Begin"]
    assert set(told(text)) == {
        (1, "", "unreadable"),
        (3, "", "format"),
        (3, "PY", "not_kept"),
        (3, "XX", "not_kept"),
        (9, "TY=MUSIC", "not_kept"),
        (12, "AU", "format"),
        (15, "", "unreadable"),
        (16, "", "unreadable"),
        (18, "", "format"),
    }


def test_the_number_of_pubmed_wherever_programs_put_it():
    def pmid(*lines):
        return first("\n".join(["TY  - JOUR", "TI  - T", *lines, "ER  - "])).get("pmid")

    assert (
        pmid("AN  - 123")
        == pmid("AN  - PMID: 123", "DP  - NLM PubMed")
        == pmid("C2  - 123", "DB  - Scopus")
        == pmid("N1  - PMID:123")
        == "123"
    )
    assert (
        pmid("AN  - 123", "DB  - PsycInfo") is None
        and pmid("AN  - WOS:000123") is None
        and pmid("C2  - 123") is None
    )


def test_the_summary_says_every_problem():
    assert repr(read_text("TY  - JOUR\nTI  - T\nKW  - k\n", "a.ris")).splitlines() == [
        "RIS: 1 entry, 2 problems",
        "a.ris:1: record has no ER at its end; it was kept; allowed: a line 'ER  - '",
        "a.ris:1: KW: has no column here and was not kept, in 1 entry",
    ]


NBIB = """\

PMID- 11677004
OWN - NLM
STAT- MEDLINE
LR  - 20190916
IS  - 0022-510X (Print)
VI  - 191
IP  - 1-2
DP  - 2001 Oct 15
TI  - The value of muscle exercise in patients with amyotrophic lateral
      sclerosis.
PG  - 133-7
LID - S0022510X01006104 [pii]
AID - 10.1016/s0022-510x(01)00610-4 [doi]
AB  - OBJECTIVE: To determine the effect. TI  - not a tag.
FAU - Drory, V E
AU  - Drory VE
FAU - Goltsman, E
AU  - Goltsman E
CN  - ALS Group
LA  - eng
PT  - Clinical Trial
PT  - Journal Article
PMC - PMC1234
TA  - J Neurol Sci
JT  - Journal of the neurological sciences
SO  - J Neurol Sci. 2001 Oct 15;191(1-2):133-7. doi: 10.1016/s0022-510x(01)00610-4.

PMID- 2
TI  - [A translated title].
AU  - Åberg M
TA  - Short J
DP  - 1999 Spring
PG  - S12-5
"""


def test_pubmed():
    read = read_text(NBIB, "a.nbib")
    assert read.kind == "PubMed"
    assert first(NBIB) == {
        "key": "drory2001",
        "entry_type": "article",
        "author": "Drory, V E and Goltsman, E and {ALS Group}",
        "title": "The value of muscle exercise in patients with amyotrophic lateral sclerosis",
        "container": "Journal of the neurological sciences",
        "year": "2001",
        "date": "2001-10-15",
        "volume": "191",
        "number": "1-2",
        "pages": "133–137",
        "doi": "10.1016/s0022-510x(01)00610-4",
        "pmid": "11677004",
        "pmcid": "PMC1234",
    }
    second = read.entries.iloc[1]
    assert second[["author", "title", "container", "year", "pages"]].to_list() == [
        "Åberg, M",
        "A translated title",
        "Short J",
        "1999",
        "S12–S15",
    ]
    assert {(fault.column, fault.rule) for fault in read.problems} == {
        ("AB", "not_kept"),
        ("LA", "not_kept"),
        ("IS", "not_kept"),
    }


ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication'
    ' Title","DOI","Url","Abstract Note","Date","Date'
    ' Added","Pages","Issue","Volume","Publisher","Type","Extra","Manual'
    ' Tags"\n"ABCD","journalArticle","2001","Drory, V. E.; ALS Group; Solo","A ""quoted"" title,'
    ' 50% & more","J Neurol'
    ' Sci","10.1016/x","https://example.org","Two\nlines","2001-10-15","2020-01-01'
    ' 10:00:00","133-137","1-2","191","","","PMID: 11677004\nPMCID: PMC12\nread twice","a;'
    ' b"\n"EFGH","thesis","2017","Sawula,'
    ' L.","Paradox","","","","","2017","","","","","Queen\'s","Master\'s'
    ' thesis","",""\n"IJKL","podcast","","","Talk"\n'
)


def test_zotero():
    read = read_text(ZOTERO, "a.csv")
    assert read.kind == "Zotero CSV"
    assert first(ZOTERO) == {
        "key": "drory2001",
        "entry_type": "article",
        "author": "Drory, V. E. and {ALS Group} and Solo",
        "title": 'A "quoted" title, 50% & more',
        "container": "J Neurol Sci",
        "year": "2001",
        "date": "2001-10-15",
        "volume": "191",
        "number": "1-2",
        "pages": "133–137",
        "doi": "10.1016/x",
        "pmid": "11677004",
        "pmcid": "PMC12",
        "url": "https://example.org",
        "note": "read twice",
    }
    assert read.entries.loc[1, ["entry_type", "container", "publisher"]].fillna("").to_list() == [
        "mastersthesis",
        "Queen's",
        "",
    ]
    assert read.entries.loc[2, ["entry_type", "title"]].to_list() == ["misc", "Talk"]
    assert list(read.lines.values()) == [2, 6, 7]
    assert set(told(ZOTERO)) == {
        (2, "Abstract Note", "not_kept"),
        (2, "Manual Tags", "not_kept"),
        (7, "", "format"),
        (7, "Item Type=podcast", "not_kept"),
    }


def test_zotero_with_semicolons():
    text = "Key;Item Type;Title;Author\nA;book;T;Ö, B\n"
    assert first(text)["author"] == "Ö, B"


def test_csl_json():
    item = {
        "id": "http://zotero.org/1",
        "type": "article-journal",
        "title": "T",
        "author": [{"family": "A", "given": "B"}],
        "ISSN": "1",
        "citation-key": "x",
    }
    read = read_text(
        json.dumps({"items": [item, 5, {"id": "ok1", "type": "map", "title": "M"}, {}]}), "a.json"
    )
    assert read.entries["key"].to_list() == ["a", "ok1"]
    assert sorted((fault.column, fault.rule) for fault in read.problems) == [
        ("", "changed"),
        ("", "unreadable"),
        ("", "unreadable"),
        ("ISSN", "not_kept"),
        ("type=map", "not_kept"),
    ]


def test_bibtex_of_others():
    text = """@string{jn = "J. Neurol."}
@article{a, author = {A, B}, journal = jn # " Sci.", month = mar, year = 2001, abstract = {x}}
@article{a, author = {C, D}, journal = jn}
@article{my key, author = {E, F}, year = 2003, pages = {1-9}}
@article{lost, title = {never closed
@article{b, title = {T} year = {2004}}
"""
    read = read_text(text, "a.bib")
    assert read.entries["key"].to_list() == ["a", "ab", "e2003", "b"]
    assert read.entries["container"].dropna().to_list() == ["J. Neurol. Sci.", "J. Neurol."]
    assert read.entries["year"].dropna().to_list() == ["2001", "2003", "2004"]
    assert {
        (4, "", "changed"),
        (3, "", "changed"),
        (5, "", "unreadable"),
        (6, "title", "format"),
        (2, "abstract", "not_kept"),
    } <= set(told(text))


def test_the_real_file(root, ev):
    read = read_references(root / "references.bib")
    assert read.kind == "BibTeX" and read.problems == []
    assert read.entries.equals(ev.bibliography)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "text",
    [RIS, NBIB, ZOTERO, '[{"id":"a","type":"book","title":"Åé"}]', "@book{a, title={Åé}}"],
    ids=["ris", "nbib", "zotero", "csl", "bibtex"],
)
def test_encodings_and_line_ends(text, newline, encoding, tmp_path):
    text = text.replace("Drory", "Dröry").replace("50%", "–50%")
    path = tmp_path / "file.txt"
    path.write_bytes(text.replace("\n", newline).encode(encoding))
    read, expected = read_references(path), read_text(text, "a")
    assert read.entries.equals(expected.entries)
    assert read.lines == expected.lines
    marks = [fault.message for fault in read.problems if fault.rule == "encoding"]
    assert bool(marks) == (not encoding.startswith("utf-8"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"just words", "in none of the known formats"),
        (b"\x00\x01\x02\xff\xfe", "is not UTF-16"),
        (b"\x01\x02\x03\xff\xfe", "is not text but something else"),
        (b"[1, 2", r"a:1: is not JSON"),
        (b"[" * 100_000, "is JSON within JSON without end"),
    ],
)
def test_what_cannot_be_read(content, words):
    with pytest.raises(evidence.DataError, match=words):
        read_text(content, "a")


def test_no_file(tmp_path):
    with pytest.raises(evidence.DataError, match="No such file"):
        read_references(tmp_path / "none.ris")
    with pytest.raises(evidence.DataError, match="cannot be read"):
        read_references(tmp_path)


def test_keys_are_made_and_kept_apart():
    text = (
        "".join("TY  - JOUR\nAU  - Øster-Ås, B\nPY  - 2001\nER  - \n" for _ in range(30))
        + "TY  - JOUR\nTI  - 4 of the\nER  - \n"
    )
    keys = read_text(text, "a").entries["key"].to_list()
    assert keys[:3] == ["osteras2001", "osteras2001b", "osteras2001c"] and keys[26:28] == [
        "osteras2001-27",
        "osteras2001-28",
    ]
    assert keys[-1] == "entry4ofthe"
    assert len(set(keys)) == 31


# --- whatever is in a file ---

LINES = st.sampled_from(
    [
        *(
            "TY  - JOUR",
            "ER  - ",
            "TI  - T",
            "AU  - A, B",
            "AU  - ,",
            "PY  - 2001",
            "TI  - ",
            "DO  - ",
            "UK  - x",
            "EP  - 3",
            "ID  - ",
            "N1  - PMID: 1",
        ),
        *(
            "PMID- 1",
            "FAU - A, B",
            "DP  - x",
            "PG  - -",
            "words",
            "",
            "  more",
            "\x00",
            "\x1a",
            "é",
        ),
        *(
            "@misc{a,",
            "title = {T}}",
            "@misc{a}",
            "}",
            '"Key","Item Type","Title"',
            '"A","book","T"',
            '"',
            "[",
            "{",
            "]",
            '{"id": 1}',
            ",",
        ),
    ]
)


@settings(max_examples=number(300, 100), deadline=None)
@given(
    st.one_of(
        st.lists(LINES, max_size=14).map("\n".join).map(str.encode),
        st.binary(max_size=60),
        st.text(max_size=60).map(str.encode),
    )
)
def test_nothing_but_an_evidence_error(content):
    """Whatever the bytes: a table with a key for each row, or one readable error."""
    try:
        read = read_text(content, "a")
    except evidence.EvidenceError as error:
        assert str(error)
        return
    assert list(read.entries.columns) == COLUMNS
    assert read.entries["key"].notna().all() and read.entries["key"].str.lower().is_unique
    assert set(read.lines) == set(read.entries["key"])


@settings(max_examples=number(200, 66), deadline=None)
@given(
    st.lists(
        st.lists(
            LINES.filter(lambda line: line[:2].isupper() and line[2:6] == "  - "),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_record_is_lost_without_a_word(records):
    """Each TY of a RIS file is an entry, or the line of a problem that says that it is lost."""
    text = "TY  - JOUR\nTI  - First\nER  - \n" + "\n".join("\n".join(lines) for lines in records)
    read = read_text(text, "a")
    begins = {
        number for number, line in enumerate(text.split("\n"), start=1) if line.startswith("TY  -")
    }
    assert begins <= set(read.lines.values()) | {
        fault.line for fault in read.problems if fault.rule == "unreadable"
    }
