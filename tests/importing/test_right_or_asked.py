"""What comes in from a table is right, or it is asked about: tables that once came in wrong without
a word.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from evidence.importing.from_spreadsheet import new_set_from


def made(tmp_path, text: str, **options):
    """What becomes of a table that is written as CSV."""
    tmp_path.mkdir(exist_ok=True)
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return new_set_from(tmp_path / "set", path, notebooks=False, **options)


def of_workbook(tmp_path, rows: list[list], **options):
    """What becomes of a table in a workbook; numbers are numbers there."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    return new_set_from(tmp_path / "set", tmp_path / "table.xlsx", notebooks=False, **options)


def column(incoming, name: str, table: str = "findings") -> list[str]:
    return getattr(incoming.placed, table)[name].to_list()


def changed_workbook(tmp_path, rows: list[list], change):
    """What becomes of a table in a workbook, after a change of its sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    book.save(tmp_path / "table.xlsx")
    return new_set_from(tmp_path / "set", tmp_path / "table.xlsx", notebooks=False)


def studies_of(incoming) -> list[str]:
    return incoming.placed.studies["study_id"].to_list()


def role_of(incoming) -> dict[str, str]:
    return {one.theirs: one.ours for one in incoming.placed.proposals}


@pytest.mark.parametrize("first", ["Author", "Study"])
@pytest.mark.parametrize(
    ("a", "b"), [("2010a", "2010b"), ("2010 A", "2010 B"), ("(2010a)", "2010-b")]
)
def test_the_letter_of_a_year_parts_two_studies(tmp_path, first, a, b):
    name = "Smith et al." if first == "Study" else "Smith"
    rows = [(name, a), (name, b), ("Adams", "2011"), ("Baker", "2012")]
    text = "".join(f"{who},{year},{i}\n" for i, (who, year) in enumerate(rows, 1))
    incoming = made(tmp_path, f"{first},Year,OR\n{text}")
    assert studies_of(incoming) == ["adams2011", "baker2012", "smith2010a", "smith2010b"]
    assert set(incoming.placed.studies["year"]) == {"2010", "2011", "2012"}
    assert not incoming.placed.faults


def test_rows_with_one_letter_are_one_study(tmp_path):
    text = "Author,Year,Outcome\nSmith,2010a,x\nSmith,2010b,x\nSmith,2010a,y\n"
    assert studies_of(made(tmp_path, text)) == ["smith2010a", "smith2010b"]


def test_a_letter_in_the_name_or_the_year_is_one_letter(tmp_path):
    text = "Study,Year,OR\nSmith 2010a,2010,1\nSmith 2010b,2010,2\nSmith 2010a,2010a,3\n"
    assert studies_of(made(tmp_path, text)) == ["smith2010a", "smith2010b"]
    text = "Study,Year,OR\nSmith 2010,2010a,1\nSmith 2010,2010b,2\n"
    assert studies_of(made(tmp_path / "b", text)) == ["smith2010a", "smith2010b"]


def test_an_id_beside_letters_of_years_names_the_studies(tmp_path):
    text = "ID,Author,Year\n1,Smith,2010a\n2,Smith,2010b\n3,Adams,2011\n"
    assert studies_of(made(tmp_path, text)) == ["s1", "s2", "s3"]


def test_numbers_of_a_workbook_are_numbers(tmp_path):
    found = ["0,85", 1.325, "0,62", 1.105, "1,17", 1.589]
    rows = [[f"Adams {2001 + i}", cell, "1,25"] for i, cell in enumerate(found)]
    incoming = of_workbook(tmp_path, [["Study", "OR", "Dose"], *rows])
    assert column(incoming, "estimate") == ["0.85", "1.325", "0.62", "1.105", "1.17", "1.589"]
    assert not incoming.placed.faults


def test_numbers_of_a_workbook_beside_decimal_commas(tmp_path):
    rows = [["Adams 2001", "-2,5", 1.125], ["Baker 2002", "-1,5", 1.375], ["Cole 2003", "-3,5", 2]]
    incoming = of_workbook(tmp_path, [["Study", "MD", "SE"], *rows])
    assert column(incoming, "estimate") == ["-2.5", "-1.5", "-3.5"]
    assert [float(cell) for cell in column(incoming, "ci_low")] == pytest.approx(
        [-2.5 - 1.96 * 1.125, -1.5 - 1.96 * 1.375, -3.5 - 1.96 * 2], rel=0.01
    )


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["1.125", "0.9", "2.3"], ["1.125", "0.9", "2.3"]),  # the column tells its own mark
        (["1.125", "2", "3"], ["", "2", "3"]),
        (["1.125,5", "2.250", "3"], ["1125.5", "2250", "3"]),  # groups of thousands elsewhere
        (["1.125.000", "2.250", "3"], ["1125000", "2250", "3"]),
        (["1,125", "2,5", "3"], ["1.125", "2.5", "3"]),
        (["0,125", "1.325", "3,1"], ["0.125", "", "3.1"]),
    ],
)
def test_three_digits_after_the_other_mark_are_asked_about(tmp_path, cells, read):
    rows = "".join(f"Adams {2001 + i};{i + 2},5;{cell}\n" for i, cell in enumerate(cells))
    incoming = made(tmp_path, f"Study;SE;MD\n{rows}")
    assert column(incoming, "estimate") == read
    said = [fault.message for fault in incoming.placed.faults]
    assert len(said) == read.count("")
    assert all("can be a thousand or a decimal number" in one for one in said)


def test_an_interval_with_the_other_mark_is_asked_about(tmp_path):
    rows = "Adams 2001;0,85 (0,62 - 1.105)\nBaker 2002;0,9 (0,7 - 1,15)\n"
    incoming = made(tmp_path, f"Study;OR (95% CI)\n{rows}")
    assert column(incoming, "estimate") == ["", "0.9"]
    assert len(incoming.placed.faults) == 1


def test_a_mark_that_is_said_is_not_asked_about(tmp_path):
    rows = "Adams 2001;2,5;1.125\nBaker 2002;1,5;2.250\n"
    incoming = made(tmp_path, f"Study;SE;MD\n{rows}", decimal=",")
    assert column(incoming, "estimate") == ["1125", "2250"] and not incoming.placed.faults


@pytest.mark.parametrize(
    ("cells", "ratio", "read"),
    [
        (["1.000", "850", "12.000"], "0.85", ["1000", "850", "12000"]),
        (["1.000", "850", "12.500"], "0.85", ["1000", "850", "12500"]),
        (["1.000", "850", "12.000"], "0,85", ["1000", "850", "12000"]),
        (["2,000", "850", "10,000"], "0,85", ["2000", "850", "10000"]),
        (["2,000", "850", "10,000"], "0.85", ["2000", "850", "10000"]),
        (["1.000*", "850", "12.000"], "0.85", ["1000", "850", "12000"]),
        (["45.000", "60.000", "12.000"], "0.85", ["45", "60", "12"]),
        (["45.000", "60.500", "12.000"], "0.85", ["45000", "60500", "12000"]),
    ],
)
def test_sizes_of_round_thousands(tmp_path, cells, ratio, read):
    rows = "".join(f"Adams {2001 + i};{cell};{ratio}\n" for i, cell in enumerate(cells))
    incoming = made(tmp_path, f"Studie;Fallzahl;OR\n{rows}")
    assert column(incoming, "sample_size", "studies") == read
    assert f"{cells[0]!r} (Fallzahl) was read as {read[0]};" in incoming.report
    assert "--decimal says" in incoming.report


def test_events_of_round_thousands(tmp_path):
    text = "Study;Events treatment;N treatment;Events control;N control\n"
    text += "Adams 2001;1.000;12.000;850;11.500\nBaker 2002;45;800;40;790\n"
    incoming = made(tmp_path, text)
    assert float(column(incoming, "estimate")[0]) == pytest.approx(1000 / 12 / (850 / 11.5), 0.01)


def test_sizes_whose_point_can_be_both_are_asked_about(tmp_path):
    incoming = made(tmp_path, "Study,N,OR\nA 2001,45.0,0.8\nB 2002,1.000,0.9\nC 2003,2.0,1.1\n")
    assert column(incoming, "sample_size", "studies") == ["45", "", "2"]
    assert "can be a thousand" in incoming.placed.faults[0].message


AUTHORS = [("Adams", "2011"), ("Baker", "2012"), ("Cole", "2013"), ("Diaz", "2014")]


def beside_authors(name: str, cells: list[str]) -> str:
    """A table with authors and years, and a column beside them."""
    rows = zip(AUTHORS, cells, strict=True)
    lines = [f"{who},{year},{cell},{0.5 + i / 10}" for i, ((who, year), cell) in enumerate(rows)]
    return "\n".join([f"Author,Year,{name},OR", *lines, ""])


@pytest.mark.parametrize("first", ["Study", "Author"])
@pytest.mark.parametrize("date", ["2023-05-{}", "{}.05.2023"])
def test_a_date_of_something_else_stays_apart(tmp_path, first, date):
    lines = [f"{who} {year},{date.format(11 + i)},0.8" for i, (who, year) in enumerate(AUTHORS)]
    incoming = made(tmp_path, "\n".join([f"{first},Date,OR", *lines, ""]))
    assert column(incoming, "year", "studies") == ["2011", "2012", "2013", "2014"]
    assert (
        role_of(incoming)["Date"] == "own" and "'Date' was not read as the year" in incoming.report
    )
    assert studies_of(incoming)[0] == "adams2011"


def test_a_date_that_agrees_is_the_year(tmp_path):
    lines = [f"{who} {year},{year}-05-12" for who, year in AUTHORS]
    incoming = made(tmp_path, "\n".join(["Study,Date", *lines, ""]))
    assert role_of(incoming)["Date"] == "year"


def test_numbers_of_references_stay_apart(tmp_path):
    incoming = made(tmp_path, beside_authors("Number", ["12", "45", "7", "31"]))
    assert role_of(incoming)["Number"] == "own"
    assert "--map 'Number=sample_size'" in incoming.report
    incoming = made(tmp_path / "b", beside_authors("Number", ["40", "45", "40", "31"]))
    assert role_of(incoming)["Number"] == "sample_size"


@pytest.mark.parametrize("total", ["N", "Sample size", "Total N"])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_whole_is_the_size(tmp_path, total, swapped):
    pairs = [("12", "145"), ("30", "60"), ("9", "88"), ("20", "20")]
    cells = [",".join(pair[:: -1 if swapped else 1]) for pair in pairs]
    incoming = made(tmp_path, beside_authors(f"{total},n" if swapped else f"n,{total}", cells))
    assert column(incoming, "sample_size", "studies") == ["145", "60", "88", "20"]
    assert role_of(incoming)["n"] == "own"


@pytest.mark.parametrize("name", ["Data source", "Source", "Cohort", "Guideline"])
def test_names_with_years_of_something_else_stay_apart(tmp_path, name):
    cells = ["NHANES 2005", "DHS 2008", "NHANES 2005", "DHS 2010"]
    incoming = made(tmp_path, beside_authors(name, cells))
    assert studies_of(incoming) == ["adams2011", "baker2012", "cole2013", "diaz2014"]
    assert role_of(incoming)[name] == "own"


def test_sources_beside_titles_stay_apart(tmp_path):
    text = (
        "Title,Year,Data source\nOn tea,2011,DHS 2005\nOn milk,2012,DHS 2008\nOn rye,2013,X 2001\n"
    )
    incoming = made(tmp_path, text)
    assert role_of(incoming)["Data source"] == "own" and len(studies_of(incoming)) == 3


def test_names_of_trials_beside_authors_stay(tmp_path):
    cells = ["Adams 2011", "Baker 2012", "Cole 2013", "Diaz 2014"]
    assert role_of(made(tmp_path, beside_authors("Label", cells)))["Label"] == "study"
    trials = ["DASH 1997", "ABC 2008", "DEF 2009", "GHI 2010"]
    assert role_of(made(tmp_path / "b", beside_authors("Trial", trials)))["Trial"] == "study"


def test_years_of_studies_are_years(tmp_path):
    text = "Author,Study year,OR\nAdams,2008,0.8\nBaker,2010,0.9\nCole,2010,1.1\n"
    incoming = made(tmp_path, text)
    assert role_of(incoming)["Study year"] == "year"
    assert studies_of(incoming) == ["adams2008", "baker2010", "cole2010"]
    incoming = made(tmp_path / "b", beside_authors("Study year", ["2001", "2002", "2003", "2003"]))
    assert column(incoming, "year", "studies") == ["2011", "2012", "2013", "2014"]
    text = "Study year,OR\nAdams 2008,0.8\nBaker 2010,0.9\nCole 2010,1.1\n"
    assert role_of(made(tmp_path / "c", text))["Study year"] == "study"


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Publication", ["Journal article", "Dissertation", "Journal article", "Report"]),
        ("Publication", ["Published", "Unpublished", "Published", "Published"]),
        ("Publication", ["yes", "no", "yes", "yes"]),
        ("Source", ["Thesis", "Journal article", "Thesis", "Book chapter"]),
        ("Scale", ["Local", "National", "Local", "Global"]),
    ],
)
def test_kinds_of_papers_and_sizes_are_columns_of_their_own(tmp_path, name, cells):
    incoming = made(tmp_path, beside_authors(name, cells))
    assert role_of(incoming)[name] == "own"


@pytest.mark.parametrize("name", ["Unit", "Units", "Unit of measurement"])
def test_units_keep_scales_apart(tmp_path, name):
    incoming = made(tmp_path, beside_authors(name, ["mm", "cm", "mm", "cm"]))
    assert role_of(incoming)[name] == "outcome_scale"
    journals = ["Pain", "BMJ", "Pain", "Cell"]
    incoming = made(tmp_path / "b", beside_authors("Publication", journals))
    assert role_of(incoming)["Publication"] == "journal"


SHEET = [
    ["Study", "N", "OR"],
    ["Adams 2011", 40, 0.8],
    ["Baker 2012", 50, 0.9],
    ["Cole 2013", 60, 1],
]


def raised(text: str, mark: str) -> CellRichText:
    return CellRichText(text, TextBlock(InlineFont(vertAlign="superscript"), mark))


@pytest.mark.parametrize("mark", ["1", "1,2", "a", "*"])
def test_raised_marks_do_not_join_the_number(tmp_path, mark):
    def change(sheet):
        sheet["A2"] = raised("Adams 2011", mark)
        sheet["B2"] = raised("45", mark)
        sheet["C2"] = raised("0.85", mark)

    incoming = changed_workbook(tmp_path, SHEET, change)
    assert column(incoming, "sample_size", "studies") == ["45", "50", "60"]
    assert column(incoming, "estimate")[0] == "0.85"
    assert studies_of(incoming)[0] == "adams2011"
    assert "marks that lead to a note under the table were left out" in incoming.report


@pytest.mark.parametrize("shown", ["mmm-yy", "mmmm yyyy", "[$-409]mmm\\-yy;@"])
def test_a_name_that_became_a_date_is_a_name(tmp_path, shown):
    def change(sheet):
        sheet["A2"] = datetime(2010, 3, 1)
        sheet["A2"].number_format = shown

    incoming = changed_workbook(tmp_path, SHEET, change)
    assert studies_of(incoming) == ["baker2012", "cole2013", "march2010"]
    assert "cell A2 is a date among names, and was read as 'March 2010'" in incoming.report


def test_hidden_rows_are_told(tmp_path):
    def change(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    incoming = changed_workbook(tmp_path, SHEET, change)
    assert len(studies_of(incoming)) == 3
    assert "hidden rows were read too: 3" in incoming.report
    assert "hidden columns were read too: B" in incoming.report
