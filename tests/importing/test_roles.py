"""A column takes a role when its values bear it out: the cases of the kind "a name alone"."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.cli import main
from evidence.importing.columns import propose
from evidence.importing.from_spreadsheet import new_set_from
from evidence.importing.placing import place
from evidence.importing.sheet import read_sheet

CASES = Path(__file__).with_name("cases")


def made(tmp_path, text: str, **options):
    """What becomes of a table that is written as CSV."""
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return new_set_from(tmp_path / "set", path, notebooks=False, **options)


def of_case(tmp_path, name: str, **options):
    return new_set_from(tmp_path / "set", CASES / name, notebooks=False, **options)


def roles(text: str, tmp_path) -> dict[str, str]:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return {p.theirs: p.target for p in propose(read_sheet(path))}


def ids(incoming) -> list[str]:
    return incoming.placed.studies["study_id"].to_list()


def test_a_running_number_numbers_findings(tmp_path):
    incoming = of_case(tmp_path, "row_id/table.csv")
    assert ids(incoming) == ["adams2011", "baker2012"] and len(incoming.placed.findings) == 4
    assert incoming.placed.findings["id"].to_list() == ["1", "2", "3", "4"]
    said = "there are 2 studies, 4 findings; --map 'id=study_id' reads 4 studies, 4 findings"
    assert said in incoming.report


@pytest.mark.parametrize(
    ("text", "studies"),
    [
        # A number beside author and year; one that does not run; one with letters; a numeric study.
        ("ID,Author,Year,Outcome\n1,Adams,2011,a\n2,Adams,2011,b\n3,Baker,2012,a\n", 2),
        ("key,study,yi\n17,Adams 2011,0.1\n3,Adams 2011,0.2\n9,Baker 2012,0.3\n", 2),
        ("id,study,yi\ne1,Adams 2011,0.1\ne2,Adams 2011,0.2\ne3,Baker 2012,0.3\n", 2),
        ("id,study,yi\n1,7,0.1\n2,7,0.2\n3,9,0.3\n4,9,0.4\n", 2),
        ("study,author,year,n\n1,Adams,2011,5\n2,Adams,2011,6\n3,Baker,2012,7\n", 2),
        ("record id,title,outcome\n1,On tea,a\n2,On tea,b\n3,On coffee,a\n", 2),
    ],
)
def test_other_numbers_of_rows(tmp_path, text, studies):
    assert len(made(tmp_path, text).placed.studies) == studies


@pytest.mark.parametrize(
    "text",
    [
        "id,study,yi\n1,Adams 2011,0.1\n2,Baker 2012,0.2\n3,Cole 2013,0.3\n",
        "id,study,title\n1,Smith 2010,On tea\n2,Smith 2010,On coffee\n3,Cole 2013,On milk\n",
        "key,study,n\nsmith2010a,Smith 2010,4\nsmith2010b,Smith 2010,5\ncole2013,Cole 2013,6\n",
    ],
    ids=["as many names", "titles differ", "keys of a bibliography"],
)
def test_an_id_of_studies_stays_one(tmp_path, text):
    assert len(made(tmp_path, text).placed.studies) == 3


def test_the_other_reading_is_one_option_away(tmp_path):
    incoming = of_case(tmp_path, "row_id/table.csv", mapping={"id": "study_id"})
    assert len(incoming.placed.studies) == 4


@pytest.mark.parametrize(
    ("case", "studies"),
    [
        ("scopus", ["adams2018", "baker2018", "cole2019"]),
        ("setting_as_study", ["adams2003", "baker2007", "cole2009"]),
        ("covidence", ["adams2011", "baker2012"]),
        ("issue_as_size", ["adams2018", "baker2019"]),
        ("date_over_year", ["adams2011", "baker2012"]),
    ],
)
def test_cases_of_a_name_alone(tmp_path, case, studies):
    incoming = of_case(tmp_path, f"name_alone/{case}.csv", benefit="above")
    assert ids(incoming) == studies
    if case == "issue_as_size":
        assert "sample_size" not in incoming.placed.studies
    if case == "date_over_year":
        assert incoming.placed.studies["year"].to_list() == ["2011", "2012"]


@pytest.mark.parametrize(
    "name",
    [
        "estimateid",
        "estimate id",
        "effect size se",
        "effect size variance",
        "effect size n",
        "estimate type",
    ],
)
def test_a_name_that_says_something_else_is_not_an_estimate(tmp_path, name):
    text = f"Study,{name},effect size\nA 2010,4,-0.30\nB 2011,7,-0.55\nC 2012,9,-0.10\n"
    found = roles(text, tmp_path)
    assert found[name] != "estimate" and found["effect size"] == "estimate"
    alone = f"Study,{name}\nA 2010,0.20\nB 2011,0.15\nC 2012,0.18\n"
    assert roles(alone, tmp_path)[name] != "estimate"


def test_a_running_number_is_not_an_estimate_and_not_a_size(tmp_path):
    text = "Study,es,Number\nA 2010,1,1\nB 2011,2,2\nC 2012,3,3\nD 2013,4,4\n"
    assert roles(text, tmp_path) == {"Study": "study", "es": "own", "Number": "own"}


@pytest.mark.parametrize("name", ["Population", "Intervention", "Comparator", "Sample", "Design"])
def test_numbers_are_not_a_vocabulary(tmp_path, name):
    text = f"Study,{name}\nA 2010,593\nB 2011,48\nC 2012,1021\n"
    assert roles(text, tmp_path)[name] in ("own", "sample_size")


def test_fifty_different_texts_are_not_a_vocabulary(tmp_path):
    rows = "".join(f"A{i} 2010,adults of town {i}\n" for i in range(60))
    incoming = made(tmp_path, "Study,Population\n" + rows)
    assert incoming.placed.studies["population_theirs"].nunique() == 60
    assert set(incoming.placed.studies["population"]) == {"all"}
    assert "--map 'Population=population'" in incoming.report


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Trial", ["Yes", "No", "Yes", "No"]),
        ("Study", ["2.57587842799373", "1.2", "0.4", "2.57587842799373"]),
        ("Source", ["Scopus", "Scopus", "PubMed", "PubMed"]),
        ("Publication", ["Journal of Tea", "Journal of Tea", "Coffee", "Coffee"]),
        ("Reference", ["12", "12", "13", "13"]),
    ],
)
def test_what_names_no_studies(tmp_path, column, cells):
    text = f"{column},Authors,Year\n" + "".join(
        f"{cell},{name},{year}\n"
        for cell, name, year in zip(
            cells, ["Adams", "Baker", "Cole", "Dunn"], range(2010, 2014), strict=True
        )
    )
    assert ids(made(tmp_path, text)) == ["adams2010", "baker2011", "cole2012", "dunn2013"]


def test_names_of_studies_in_a_column_of_a_weak_name(tmp_path):
    text = "Source,N\nAdams 2011,40\nAdams 2011,40\nBaker et al. 2012,60\n"
    assert ids(made(tmp_path, text)) == ["adams2011", "baker2012"]


@pytest.mark.parametrize("numbers", ["doi", "pmid", "title"])
def test_rows_of_different_papers_are_never_one_study(tmp_path, numbers):
    said = {"doi": ["10.1000/a", "10.1000/b"], "pmid": ["11", "12"], "title": ["On tea", "On milk"]}
    one, other = said[numbers]
    text = f"Study,{numbers},N\nSmith 2010,{one},5\nSmith 2010,{one},5\nSmith 2010,{other},6\n"
    incoming = made(tmp_path, text)
    assert ids(incoming) == ["smith2010a", "smith2010b"] and not incoming.placed.faults
    assert "1 names, such as 'Smith 2010', stand for 2 studies" in incoming.report
    again = place(read_sheet(tmp_path / "table.csv"), {"Study": "study_id"})
    assert len(again.studies) == 1


def test_a_row_without_a_number_stays_with_its_name(tmp_path):
    text = "Study,DOI,N\nSmith 2010,10.1000/a,5\nSmith 2010,,5\nSmith 2010,10.1000/a,5\n"
    assert ids(made(tmp_path, text)) == ["smith2010"]


def test_the_summary_is_never_no_faults_of_nothing(tmp_path, capsys):
    path = tmp_path / "table.csv"
    path.write_text("Alpha,Beta\n1,2\n3,4\n", encoding="utf-8")
    assert main(["new", str(tmp_path / "set"), "--from", str(path), "--no-notebooks"]) == 1
    said = capsys.readouterr().err
    assert "2 rows in the file: 0 studies, 0 findings; 2 cells or rows found no place" in said
    assert "Look at this: no row became a study" in said and "no faults" not in said


def test_one_study_for_all_rows_is_pointed_out(tmp_path):
    text = "Study,Outcome\n" + "".join(f"Adams 2011,outcome {i}\n" for i in range(6))
    assert "Look at this: all 6 rows became one study (adams2011)" in made(tmp_path, text).report


def test_a_mapping_gives_the_same_reading(tmp_path):
    sheet = read_sheet(CASES / "row_id" / "table.csv")
    first = place(sheet)
    again = place(sheet, {p.theirs: p.target for p in first.proposals})
    assert again.studies.equals(first.studies) and again.findings.equals(first.findings)


WORDED = ("Population", "Design", "Intervention", "Comparison", "Outcome", "Outcomes", "Endpoint")
WORDED += ("Outcome domain", "Sample unit", "Certainty of reading", "Reason for exclusion")


@pytest.mark.parametrize("name", WORDED)
@pytest.mark.parametrize("cells", ["5 4 4", "0.5 0.41 0.3", "5% 4% 3%"])
def test_numbers_are_not_read_as_words(tmp_path, name, cells):
    rows = [
        f"{who},{cell},44"
        for who, cell in zip(("Adams", "Baker", "Cole"), cells.split(), strict=True)
    ]
    found = roles("\n".join([f"Study,{name},N", *rows, ""]), tmp_path)
    assert found == {"Study": "study", name: "own", "N": "sample_size"}


def test_a_count_of_outcomes_is_not_read_as_one(tmp_path):
    text = "Study,Outcome,Outcomes\nAdams,pain,5\nBaker,sleep,4\nCole,pain,4\n"
    incoming = made(tmp_path, text)
    assert incoming.placed.findings["outcome"].to_list() == ["pain", "sleep", "pain"]
    text = text.replace("pain", "5").replace("sleep", "4")
    found = roles(text, tmp_path)
    assert found["Outcome"] == found["Outcomes"] == "own"


@pytest.mark.parametrize(
    ("empty", "other", "cells", "ours"),
    [
        ("Year", "Publication year", "2011 2012", "year"),
        ("N", "Sample size", "40 50", "sample_size"),
        ("Outcome", "Endpoint", "pain sleep", "outcome"),
        ("Population", "Study population", "adults children", "population"),
        ("OR (95% CI)", "OR", "0.8 0.9", "estimate:OR"),
    ],
)
@pytest.mark.parametrize("silent", ["", "n/a"])
def test_an_empty_column_takes_no_role_from_a_full_one(tmp_path, empty, other, cells, ours, silent):
    rows = [
        f"{who},{silent},{cell}"
        for who, cell in zip(("Adams", "Baker"), cells.split(), strict=True)
    ]
    for order in (1, -1):
        text = "\n".join(
            ",".join([row.split(",")[0], *row.split(",")[1:][::order]])
            for row in [f"Study,{empty},{other}", *rows]
        )
        found = roles(text + "\n", tmp_path)
        assert found[other] == ours != found[empty]


def test_an_empty_column_keeps_a_role_that_no_other_has(tmp_path):
    found = roles("Study,Year,N\nAdams,,44\nBaker,,55\n", tmp_path)
    assert found["Year"] == "year"
