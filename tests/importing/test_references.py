"""References find their studies by number, title, or author and year; never by a guess."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest

from evidence.bibliography.bibtex.table import COLUMNS
from evidence.bibliography.entries import parse_bibliography
from evidence.importing.from_spreadsheet import new_set_from
from evidence.importing.match_references import _matched


def entries(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype("str").fillna("")


ONE = {"key": "a", "author": "Doe, Jane", "title": "Tea and sleep in older adults", "year": "2010"}


@pytest.mark.parametrize(
    ("study", "reference", "fits"),
    [
        ({"doi": "10.1/A"}, {"doi": "10.1/a", "title": "Something else"}, True),
        ({"pmid": "12"}, {"pmid": "12"}, True),
        (ONE, {"title": "TEA and sleep, in older adults.", "year": "2011"}, True),
        (
            ONE,
            {"title": "Tea and sleep in the older adults", "year": "2010", "author": "Doe, J."},
            True,
        ),
        (
            ONE,
            {"title": "Tea and sleep in the older adults", "year": "2010", "author": "Roe, R."},
            False,
        ),
        (
            ONE,
            {"title": "Tea and sleep in the older adults", "year": "2012", "author": "Roe, R."},
            False,
        ),
        (
            {"author": "Doe and others", "year": "2010"},
            {"author": "Doe, Jane and Roe, R.", "year": "2010", "title": "Any"},
            True,
        ),
        ({"author": "Doe", "year": "2010"}, {"author": "Doe, Jane", "year": "2009"}, False),
        ({"author": "Doe"}, {"author": "Doe, Jane"}, False),
    ],
)
def test_signs(study, reference, fits):
    assert _matched(entries(study), entries(reference)) == ({0: 0} if fits else {})


def test_no_guess_between_two():
    two = entries(
        {"author": "Doe, J.", "year": "2010", "title": "One"},
        {"author": "Doe, K.", "year": "2010", "title": "Two"},
    )
    assert _matched(entries({"author": "Doe", "year": "2010"}), two) == {}
    assert _matched(two, entries({"author": "Doe, L.", "year": "2010"})) == {}
    assert _matched(entries({"title": "Two", "year": "2010"}), two) == {0: 1}


def test_a_reference_belongs_to_one_study():
    studies = entries({"doi": "10.1/a"}, {"author": "Doe", "year": "2010"})
    assert _matched(studies, entries({"doi": "10.1/a", "author": "Doe, J.", "year": "2010"})) == {
        0: 0
    }


NUMBERED = {**ONE, "doi": "10.1/a"}


@pytest.mark.parametrize(
    ("study", "reference"),
    [
        (
            {"author": "Meyer", "year": "2010", "doi": "10.1/a"},
            {"author": "Meyer, H.", "year": "2010", "doi": "10.1/b"},
        ),
        (
            {"author": "Meyer", "year": "2010", "pmid": "7"},
            {"author": "Meyer, H.", "year": "2010", "pmid": "8"},
        ),
        (NUMBERED, {**ONE, "title": "Tea and sleep in the older adults", "doi": "10.1/b"}),
        (NUMBERED, {**ONE, "doi": "10.1/b"}),
        (
            {**ONE, "title": "Tea and sleep in older adults. Part 1"},
            {**ONE, "title": "Tea and sleep in older adults. Part 2"},
        ),
        (
            {**ONE, "title": "Tea and sleep in older adults: I. Adults"},
            {**ONE, "title": "Tea and sleep in older adults: II. Adults"},
        ),
        (ONE, {**ONE, "title": "Correction to: Tea and sleep in older adults"}),
        (ONE, {**ONE, "title": "Erratum: Tea and sleep in older adults"}),
        (ONE, {**ONE, "title": "Comment on: Tea and sleep in older adults"}),
        (
            {"author": "Doe", "year": "2010"},
            {**ONE, "title": "Corrigendum to Tea and sleep in older adults"},
        ),
        (ONE, {**ONE, "title": "Coffee and blood pressure in drivers"}),
    ],
)
def test_never_against_the_numbers_and_never_another_work(study, reference):
    assert _matched(entries(study), entries(reference)) == {}


@pytest.mark.parametrize(
    ("study", "reference", "fits"),
    [
        ({"author": "Wang, L."}, {"author": "Wang, Qiang and Li, Jun"}, False),
        ({"author": "Wang, Q."}, {"author": "Wang, Qiang and Li, Jun"}, True),
        ({"author": "Wang, Li"}, {"author": "Wang, Qiang and Li, Jun"}, True),  # two families
        ({"author": "Chen, X and Liu, Y"}, {"author": "Chen, Wei and Zhang, Hong"}, False),
        ({"author": "Chen and Liu"}, {"author": "Chen, Wei and Li, Hong"}, False),
        ({"author": "Chen and Liu"}, {"author": "Chen, Wei and Zhang, Hong"}, False),
        ({"author": "Chen and others"}, {"author": "Chen, Wei and Zhang, Hong"}, True),
        ({"author": "Meyer and Olsen"}, {"author": "Meyer, A and Zorn, B and Kunz, C"}, False),
        ({"author": "Meyer and Müller"}, {"author": "Meyer, A and Mueller, B"}, True),
        (
            {"author": "Wang", "container": "BMJ Open"},
            {"author": "Wang, Q.", "container": "Food Chemistry"},
            False,
        ),
        (
            {"author": "Wang", "container": "Food Chem"},
            {"author": "Wang, Q.", "container": "Food Chemistry"},
            True,
        ),
        (
            {"author": "Wang", "container": "PNAS"},
            {
                "author": "Wang, Q.",
                "container": "Proceedings of the National Academy of Sciences of the United States",
            },
            True,
        ),
    ],
)
def test_authors_and_journals_must_not_contradict(study, reference, fits):
    one, other = ({**said, "year": "2018"} for said in (study, reference))
    assert _matched(entries(one), entries(other)) == ({0: 0} if fits else {})


IN_MEN = "Tea, coffee and the sleep of men who work at night in large hospitals: a cohort of men"


@pytest.mark.parametrize(
    ("title", "author", "fits"),
    [
        (IN_MEN.replace("men", "women"), "Doe, Jane", False),
        (IN_MEN.replace("men", "women"), "Roe, R.", False),
        (IN_MEN.replace("Tea", "Teas"), "Roe, R.", False),
        (IN_MEN.replace("hospitals", "hospitales"), "Doe, J.", True),
        (IN_MEN.replace("who work", "working"), "Doe, K.", False),
        (IN_MEN.replace("sleep", "mood"), "Doe, J.", False),
    ],
)
def test_nearly_one_title(title, author, fits):
    study = {"title": IN_MEN, "author": "Doe, Jane", "year": "2010"}
    reference = {"title": title, "author": author, "year": "2010"}
    assert _matched(entries(study), entries(reference)) == ({0: 0} if fits else {})


def test_a_short_title_of_other_people_is_another_paper():
    study = {"title": "Sleep", "author": "Doe, Jane", "year": "2010"}
    assert _matched(entries(study), entries({**study, "author": "Roe, R."})) == {}
    assert _matched(entries(study), entries({**study, "author": "Doe, J."})) == {0: 0}


def test_authors_that_a_reference_replaces_are_noted(tmp_path):
    (tmp_path / "table.csv").write_text(
        "Author,Year,DOI,Journal\nWang L,2018,10.1000/a,BMJ Open\n", encoding="utf-8"
    )
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nAU  - Li, Jun\nPY  - 2018\nDO  - 10.1000/a\nJO  - Food Chemistry\nER  - \n",
        encoding="utf-8",
    )
    made = new_set_from(
        tmp_path / "set", tmp_path / "table.csv", notebooks=False, references=[tmp_path / "a.ris"]
    )
    assert "has the author 'Li, Jun', the table 'Wang, L'" in made.report
    assert "has the journal 'Food Chemistry', the table 'BMJ Open'" in made.report


@pytest.mark.parametrize(("ours", "noted"), [("BMJ", True), ("BMJ Open", False), ("", False)])
def test_a_journal_that_goes_on_is_noted(tmp_path, ours, noted):
    (tmp_path / "table.csv").write_text(
        f"Author,Year,DOI,Journal\nLi J,2018,10.1000/a,{ours}\n", encoding="utf-8"
    )
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nAU  - Li, Jun\nPY  - 2018\nDO  - 10.1000/a\nJO  - BMJ Open\nER  - \n",
        encoding="utf-8",
    )
    made = new_set_from(
        tmp_path / "set", tmp_path / "table.csv", notebooks=False, references=[tmp_path / "a.ris"]
    )
    assert ("has the journal 'BMJ Open', the table 'BMJ'" in made.report) == noted


def test_a_reference_that_was_not_joined_says_why(tmp_path):
    (tmp_path / "table.csv").write_text(
        'Author,Year,Journal\n"Wang, L.",2018,BMJ Open\n', encoding="utf-8"
    )
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nAU  - Wang, Qiang\nAU  - Li, Jun\nPY  - 2018\nTI  - Rice and arsenic\n"
        "DO  - 10.1000/a\nJO  - Food Chemistry\nER  - \n",
        encoding="utf-8",
    )
    made = new_set_from(
        tmp_path / "set", tmp_path / "table.csv", notebooks=False, references=[tmp_path / "a.ris"]
    )
    (fault,) = made.placed.faults
    assert "near wang2018, but its first author is wang, qiang, not wang, l" in fault.message


def test_thousands_of_nearly_equal_titles_take_no_time():
    titles = [f"Tea and sleep in adults of the city of number x{i:04d}" for i in range(4000)]
    names = [f"N{i % 97:02d}ame" for i in range(4000)]
    studies = [
        {"title": f"{title}y", "author": name, "year": str(2000 + i % 20)}
        for i, (title, name) in enumerate(zip(titles[:3000], names, strict=False))
    ]
    references = [
        {"title": title, "author": name, "year": str(2000 + i % 20)}
        for i, (title, name) in enumerate(zip(titles, names, strict=True))
    ]
    begun = time.process_time()
    _matched(entries(*studies), entries(*references))
    assert time.process_time() - begun < 8


@pytest.mark.parametrize(
    "title", ["Response of older adults to tea", "Correction of sleep by tea, a trial"]
)
def test_a_title_that_only_begins_like_a_notice(title):
    both = entries({**ONE, "title": title})
    assert _matched(both, both) == {0: 0}


CASE = Path(__file__).with_name("cases") / "wrong_reference"


@pytest.mark.parametrize("table", ["table.csv", "table_doi_only.csv"])
def test_the_case_of_the_wrong_reference(tmp_path, table):
    made = new_set_from(
        tmp_path / "set", CASE / table, notebooks=False, references=[CASE / "library.ris"]
    )
    bibliography = parse_bibliography(tmp_path / "set" / "references.bib", "a").entries.set_index(
        "key"
    )
    meyer, olsen = bibliography.loc["meyer2010"], bibliography.loc["olsen2013"]
    assert (
        meyer["doi"] == "10.1000/tea.1" and pd.isna(meyer["container"]) and pd.isna(meyer["volume"])
    )
    assert olsen["container"] == "Journal of Tea" and olsen["title"] == "Black tea and mood"
    assert "coffee.9" in (tmp_path / "set" / "unused_references.bib").read_text(encoding="utf-8")
    (fault,) = made.placed.faults
    assert "near meyer2010, but its DOI is 10.1000/coffee.9, not 10.1000/tea.1" in fault.message


def test_a_reference_of_two_papers_is_asked_about(tmp_path):
    (tmp_path / "table.csv").write_text(
        "Author,Year,DOI,PMID\nMeyer,2010,10.1000/a,7\n", encoding="utf-8"
    )
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nAU  - Meyer, H\nPY  - 2010\nDO  - 10.1000/b\nAN  - 7\nER  - \n",
        encoding="utf-8",
    )
    made = new_set_from(
        tmp_path / "set", tmp_path / "table.csv", notebooks=False, references=[tmp_path / "a.ris"]
    )
    assert (
        "its DOI is 10.1000/b, not 10.1000/a; the table's was kept" in made.placed.faults[0].message
    )


def test_the_case_of_markup_in_titles(tmp_path):
    case = Path(__file__).with_name("cases") / "title_markup"
    made = new_set_from(
        tmp_path / "set",
        case / "table.csv",
        notebooks=False,
        references=[case / "library.json"],
    )
    assert made.faults == [] and made.placed.faults == []
    text = (tmp_path / "set" / "references.bib").read_text(encoding="utf-8")
    assert "(Spartina densiflora)" in text and "journal   = {Ecology \\& Tea}" in text
    assert "{CO2} and {H2O} in tea" in text and "<" not in text


def test_markup_in_a_table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Author,Year,Title\nAbbas,2015,<i>Spartina</i> &amp; tea\n", encoding="utf-8")
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    assert made.placed.studies["title"].to_list() == ["Spartina & tea"]
