"""The bibliography is read whole, in plain Unicode, and what is wrong with it is said with its
place.
"""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portion import number

import evidence
from evidence.bibliography.bibtex.names import csl_names
from evidence.bibliography.entries import COLUMNS, parse_text, read_bibliography, short_names


def entries_of(ev) -> list[str]:
    """Types of the entries of the file, as its lines begin."""
    return re.findall(r"(?m)^@(\w+)\{", ev.dictionary.bibliography.read_text(encoding="utf-8"))


def test_an_entry_for_every_study_and_review(ev):
    keys = set(ev.bibliography["key"])
    assert keys == set(ev.studies["study_id"]) | set(ev.reviews["review_id"])
    assert len(ev.bibliography) == len(entries_of(ev))
    assert list(ev.bibliography.columns) == COLUMNS


def test_names_keep_their_characters(ev):
    authors = ev.bibliography.set_index("key")["author"]
    assert authors["aberg2018"].startswith("Åberg, Maria and ")
    assert "Dal Bello-Haas, V." in authors["dalbellohaas2007"]
    assert authors["vangroenestijn2019"].startswith("van Groenestijn, ")
    assert (
        authors["nice2016"]
        == "{National Clinical Guideline Centre} and {National Institute for Health and Care"
        " Excellence}"
    )
    assert (
        not ev.bibliography.drop(columns="author")
        .apply(lambda column: column.str.contains(r"[{}\\]", na=False))
        .any(axis=None)
    )
    assert not authors.str.contains("\\", regex=False, na=False).any()


def test_every_name_of_the_real_file_is_a_person_or_an_institution(ev):
    people = [name for names in ev.bibliography["author"].dropna() for name in csl_names(names)]
    assert len(people) > 1000
    assert all(("family" in name and "given" in name) or "literal" in name for name in people)


def test_entry_types(ev):
    types = ev.bibliography["entry_type"].value_counts()
    assert types["article"] == entries_of(ev).count("article")
    assert set(types.index) == {
        "article",
        "phdthesis",
        "mastersthesis",
        "misc",
        "online",
        "techreport",
    }


def test_short_names(ev):
    names = ev.names[["abel2007", "aberg2018", "harvardhealth", "nice2016"]]
    assert names.to_list() == [
        "Abel 2007",
        "Åberg et al. 2018",
        "Harvard Health Publishing n.d.",
        "National Clinical Guideline Centre et al. 2016",
    ]
    assert ev.names.is_unique


def test_names_that_would_be_the_same_get_letters_in_the_order_of_the_keys():
    entries = pd.DataFrame(
        {
            "key": ["b2", "a1", "c3"],
            "author": ["Oak, A.", "Oak, B.", "Ash, C."],
            "year": ["2001", "2001", "2001"],
        },
        dtype="str",
    )
    assert short_names(entries).to_dict() == {
        "b2": "Oak 2001b",
        "a1": "Oak 2001a",
        "c3": "Ash 2001",
    }
    many = pd.DataFrame(
        {"key": [f"k{i:02}" for i in range(27)], "author": "Oak, A.", "year": "2001"}, dtype="str"
    )
    assert set(short_names(many)) == {"Oak 2001"}


def test_short_names_of_all_kinds():
    authors = [
        "{Oak, Ash and Co}",
        "Solo",
        "van der Berg, A. and {X}",
        "A, B and others",
        None,
        "{A} and others",
    ]
    entries = pd.DataFrame(
        {"key": list("abcdef"), "author": authors, "year": ["2001"] * 5 + [None]}, dtype="str"
    )
    expected = [
        "Oak, Ash and Co 2001",
        "Solo 2001",
        "van der Berg et al. 2001",
        "A et al. 2001",
        "2001",
        "A et al. n.d.",
    ]
    assert short_names(entries).to_list() == expected
    assert short_names(entries.assign(title="On the whole, a title"))["e"] == "On the whole… 2001"


def test_missing_file(tmp_path):
    with pytest.raises(evidence.DataError, match="cannot be read: No such file"):
        read_bibliography(tmp_path / "none.bib")


def test_not_utf8(tmp_path):
    path = tmp_path / "latin.bib"
    path.write_bytes("@misc{a, title = {é}}".encode("latin-1"))
    with pytest.raises(
        evidence.DataError, match=r"latin\.bib:1: is not UTF-8 \(byte e9 at place 18\)"
    ):
        read_bibliography(path)


ALL_AT_ONCE = """\
\ufeff@string{jn = {Journal of } # nothing}
@article{One,
  author = {A., B., C., D.},
  journal = jn,
  Year = {2001}, year = {2002},
  month = mar,
}
@article{one,
  title = {The {\\'e}tude of 50% & $\\alpha$}
  journal = "Brain",
  volume = vol,
  pages = "1" # {--9},
}
@article{two, title = {First}}
@article{two, title = {Second}}
@article{three, abstract = {A text
@misc{like} this}
}
@article{four, title = {Never closed
@article{five four, title = {Fine},}
, year = {2001}
}
@misc{, title = {No key}}
@misc{six, doi = {1}, doi = {2}, author = {A, B and and C, D}, editor = {Smith, et al and others}}
"""


def test_every_fault_of_one_file_at_once():
    parsed = parse_text(ALL_AT_ONCE, "a.bib")
    found = {
        (
            fault.line,
            fault.column,
            fault.message.split("'")[0] if fault.column != "author" else fault.message,
        )
        for fault in parsed.faults
    }
    expected = {
        (1, "", "starts with a byte order mark"),
        (1, "jn", ""),
        (3, "author", "'A., B., C., D.' has 3 commas"),
        (5, "year", "field is there more than once in one entry"),
        (8, "", "key "),
        (9, "title", "a comma is missing after this field, which swallows "),
        (11, "volume", ""),
        (12, "pages", "is joined with "),
        (15, "", "key "),
        (16, "", "entry "),
        (19, "", "entry "),
        (20, "", "key "),
        (21, "year", "is outside of any entry"),
        (23, "", "entry without a key"),
        (24, "doi", "field is there more than once in one entry"),
        (24, "author", "a name is missing next to 'and'"),
    }
    assert expected <= found
    assert all(fault.file == "a.bib" and fault.line and fault.allowed for fault in parsed.faults)
    assert parsed.faults == sorted(parsed.faults)


def test_what_could_be_read_is_read_all_the_same():
    parsed = parse_text(ALL_AT_ONCE, "a.bib")
    entries = parsed.entries.set_index("key")
    assert entries.loc["One", ["year", "date", "container"]].to_list() == [
        "2001",
        "2001-03",
        "Journal of nothing",
    ]
    assert entries.loc["one", ["title", "container", "pages"]].to_list() == [
        "The étude of 50% & α",
        "Brain",
        "1–9",
    ]
    assert entries.loc["two", "title"] == "First"
    assert entries.loc["six", ["doi", "author"]].to_list() == ["1", "A, B and C, D"]
    assert {"three", "four"} <= set(parsed.lines)


def test_the_twelve_months_need_no_string():
    parsed = parse_text("@misc{a, year = 2020, month = dec, day = 3}", "a.bib")
    assert parsed.faults == []
    assert parsed.entries.loc[0, ["year", "date"]].to_list() == ["2020", "2020-12-03"]


def test_defined_strings_are_resolved_in_any_case():
    parsed = parse_text(
        "@string{JN = {J. Neurol.}}\n@string(cop = jn)\n@misc{a, journal = jn, note = COP, volume"
        " = 12}",
        "a.bib",
    )
    assert parsed.faults == []
    assert parsed.entries.loc[0, ["container", "note", "volume"]].to_list() == [
        "J. Neurol.",
        "J. Neurol.",
        "12",
    ]


def test_fields_without_a_column_are_named():
    text = (
        "@misc{a, abstract = {x}, ISSN = {1}, key = {k}}\n@inproceedings{b, abstract = {y}, month ="
        " jan, booktitle = {B}, organization = {O}}"
    )
    assert parse_text(text, "a.bib").others == {
        "abstract": ["a", "b"],
        "issn": ["a"],
        "key": ["a"],
        "organization": ["b"],
    }


def test_a_site_that_is_only_its_address():
    text = """@misc{a, howpublished = {\\url{https://e.org/a_b}}}
@misc{b, howpublished = {https://e.org}, url = {https://f.org}}
@misc{c, howpublished = {Talk}}"""
    entries = parse_text(text, "a.bib").entries
    assert entries["url"].fillna("").to_list() == ["https://e.org/a_b", "https://f.org", ""]
    assert entries["container"].fillna("").to_list() == ["", "https://e.org", "Talk"]


def test_the_parser_writes_nothing_to_the_log(tmp_path, capfd):
    parse_text(ALL_AT_ONCE, "a.bib")
    assert capfd.readouterr() == ("", "")


PIECES = st.sampled_from(
    [
        "@article{a,",
        "@misc{b",
        "@string{s = ",
        "@comment{",
        "x = {",
        "y = ",
        "title = {T}",
        "author = {A, B and ",
        '"',
        "}",
        "}",
        ",",
        "\n",
        "#",
        "s",
        "\\",
        "%",
        " ",
        "é",
        "@",
    ]
)


@settings(max_examples=number(400, 133), deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_gives_a_table_and_faults(text):
    """Nothing is raised, and no entry goes without a word: each is in the table, or at the line of
    a fault.
    """
    parsed = parse_text(text, "a.bib")
    begins = {
        text.count("\n", 0, found) + 1
        for found in range(len(text))
        if text.startswith(("@article{", "@misc{"), found)
    }
    told = {fault.line for fault in parsed.faults} | set(parsed.lines.values())
    commented = "@comment{" in text or "@string{" in text
    assert (
        commented
        or begins <= told
        or any(fault.message.startswith("entry") for fault in parsed.faults)
    )


def test_an_empty_bibliography_is_checked_like_any_other(data):
    data.edit_bibliography(lambda _: "% nothing yet\n")
    assert any("has no entry in" in fault.message for fault in data.faults())
