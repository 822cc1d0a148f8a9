"""Sheets as people make them: titles, sections, two rows of headers, errors, formats, blanks."""

from __future__ import annotations

import time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from evidence.importing.layout import letter
from evidence.importing.placing import place
from evidence.importing.sheet import read_sheet

CASES = Path(__file__).with_name("cases")
HEADER = ["Study", "Year", "Design", "N", "OR", "lower", "upper", "Conclusion"]
ROWS = [
    ["Adams", 2011, "RCT", 42, 0.8, 0.6, 1.1, "no difference"],
    ["Baker", 2013, "RCT", 61, 0.7, 0.5, 0.9, "beneficial"],
    ["Cole", 2015, "RCT", 81, 1.3, 1.1, 1.6, "harmful"],
]


def book(path: Path, rows, merged=(), also=None) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for block in merged:
        sheet.merge_cells(block)
    if also:
        also(made)
    made.save(path)
    return path


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


THREE = ["adams2011", "baker2013", "cole2015"]


@pytest.mark.parametrize(
    ("case", "listed"),
    [("merged_title", 1), ("plain_title", 1), ("section_rows", 2), ("two_rows", 0), ("table", 3)],
)
def test_cases_of_two_row_headers(case, listed):
    made = place(read_sheet(CASES / "two_row_header" / f"{case}.xlsx"), ci_level="95")
    assert made.studies["study_id"].to_list() == THREE and len(made.faults) == listed
    assert made.findings["measure"].to_list() == ["OR"] * 3
    numbers = made.findings[["estimate", "ci_low", "ci_high"]].to_numpy().tolist()
    assert numbers == [["0.8", "0.6", "1.1"], ["0.7", "0.5", "0.9"], ["1.3", "1.1", "1.6"]]
    if case in ("two_rows", "table"):
        assert made.studies["n_exposed"].to_list() == ["20", "30", "40"]
        assert made.studies["n_control"].to_list() == ["22", "31", "41"]
        assert made.studies["intervention_age"].to_list() == ["61", "55", "52"]


@pytest.mark.parametrize("case", ["merged_rows", "blank_rows"])
def test_rows_of_one_study(case):
    made = place(read_sheet(CASES / "two_row_header" / f"{case}.xlsx"))
    assert made.studies["study_id"].to_list() == ["adams2011", "baker2013"]
    assert len(made.findings) + len(made.faults) == 3


def test_a_title_and_a_date_above_the_table(tmp_path):
    rows = [["Table 2", None, None, None, None, None, "2020-01-01"], HEADER, *ROWS]
    made = place(read_sheet(book(tmp_path / "a.xlsx", rows, ["A1:F1", "G1:H1"])))
    assert made.studies["study_id"].to_list() == THREE and made.faults[0].line == 1
    text = "Extraction of,tea trials,,,,,,\n" + "\n".join(
        ",".join(map(str, row)) for row in [HEADER, *ROWS]
    )
    made = place(read_sheet(written(tmp_path / "a.csv", text)))
    assert made.studies["study_id"].to_list() == THREE and made.faults[0].line == 1


def test_two_header_rows_without_merged_cells(tmp_path):
    text = (
        "Study,Year,Intervention,,Control,,Result\n,,n,mean age,n,mean age,\n"
        "Adams,2011,20,61,22,60,beneficial\nBaker,2012,30,55,31,58,harmful\n"
    )
    sheet = read_sheet(written(tmp_path / "a.csv", text))
    assert sheet.header[2:6] == [
        "Intervention n",
        "Intervention mean age",
        "Control n",
        "Control mean age",
    ]
    assert "header of two rows joined (lines 1 and 2)" in sheet.remarks
    assert place(sheet).studies["n_exposed"].to_list() == ["20", "30"]


def test_a_first_row_of_words_is_not_a_second_header(tmp_path):
    text = "Study,Design,,Result\nAdams 2011,RCT,blinded,beneficial\nBaker 2012,RCT,open,harmful\n"
    assert len(read_sheet(written(tmp_path / "a.csv", text)).rows) == 2


def test_a_header_that_repeats_is_listed(tmp_path):
    text = "Study,Year,N\nAdams,2011,4\nStudy,Year,N\nBaker,2012,5\n"
    made = place(read_sheet(written(tmp_path / "a.csv", text)))
    assert made.studies["study_id"].to_list() == ["adams2011", "baker2012"]
    assert [(fault.line, fault.message) for fault in made.faults] == [
        (3, "repeats the names of the columns")
    ]


def test_errors_of_a_spreadsheet_are_not_words():
    made = place(read_sheet(CASES / "excel_errors" / "table.xlsx"))
    assert made.studies["study_id"].to_list() == ["adams2011"]
    assert [f.line for f in made.faults if f.message == "no study is named in this row"] == [
        3,
        4,
        5,
    ]
    assert [f.message[:3] for f in made.faults if f.rule == "unread"][:1] == ["A3:"]
    assert [word["value"] for word in made.vocabularies["design"]].count("n_a") == 0


@pytest.mark.parametrize(
    "error",
    ["#REF!", "#NAME?", "#DIV/0!", "#N/A", "#VALUE!", "#NUM!", "Err:502", "########", "###"],
)
@pytest.mark.parametrize("column", ["Study", "Design", "Outcome", "Country", "N"])
def test_an_error_is_unreadable_in_every_column(tmp_path, error, column):
    names = ["Study", "Design", "Outcome", "Country", "N"]
    cells = {"Study": "Adams 2011", "Design": "RCT", "Outcome": "pain", "Country": "Peru", "N": "4"}
    text = ",".join(names) + "\n" + ",".join(cells.values()) + "\n"
    text += ",".join({**cells, "Study": "Baker 2012", column: error}.values()) + "\n"
    made = place(read_sheet(written(tmp_path / "a.csv", text)))
    assert error in [fault.record for fault in made.faults]
    whole = made.studies.to_csv() + made.findings.to_csv() + str(made.vocabularies)
    assert error not in whole and "ref" not in made.studies["study_id"].to_list()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_column_that_was_too_narrow(tmp_path, kind):
    rows = [["Study", "Year", "N"], ["########", 2011, 44], ["Baker", "####", 55], ["#1", 2013, 5]]
    if kind == "csv":
        text = "".join(",".join(map(str, row)) + "\n" for row in rows)
        made = place(read_sheet(written(tmp_path / "a.csv", text)))
    else:
        made = place(read_sheet(book(tmp_path / "a.xlsx", rows)))
    told = [f.message for f in made.faults if "column that is too narrow" in f.message]
    assert [message[:2] for message in told] == ["A2", "B3"]
    assert made.studies["label"].to_list() == ["Baker", "#1"]


def test_the_sheet_with_the_data_is_read(tmp_path):
    def also(made):
        made.active.title = "Read me"
        legend = made.create_sheet("Legend", 0)
        for row in [["Variable", "Meaning"], *([f"v{i}", "a long text"] for i in range(40))]:
            legend.append(row)
        data = made.create_sheet("Data")
        for row in [HEADER, *ROWS]:
            data.append(row)

    path = book(tmp_path / "a.xlsx", [["Study", "of tea"], ["Year", "2020"]], also=also)
    sheet = read_sheet(path)
    assert sheet.header == HEADER
    assert sheet.remarks[0] == "read sheet 'Data'" and "Legend, Read me" in sheet.remarks[1]
    assert read_sheet(path, sheet="Legend").header == ["Variable", "Meaning"]


def test_a_hidden_sheet_comes_last(tmp_path):
    def also(made):
        made.create_sheet("Shown")
        for row in [["Study", "N"], ["Adams 2011", 4]]:
            made["Shown"].append(row)
        made["Sheet"].sheet_state = "hidden"

    assert read_sheet(book(tmp_path / "a.xlsx", [HEADER, *ROWS], also=also)).header == [
        "Study",
        "N",
    ]


def test_work_grows_with_filled_cells_only(tmp_path):
    fill = PatternFill("solid", fgColor="FFFF00")

    def also(made):
        for row in range(1, 51):
            for column in range(1, 3001):
                made.active.cell(row, column).fill = fill

    rows = [["Study", "Year", "Design", "N", "Result"]]
    rows += [[f"A{i}", 2000 + i % 20, "RCT", 40 + i, "beneficial"] for i in range(49)]
    path = book(tmp_path / "a.xlsx", rows, also=also)
    begin = time.process_time()
    sheet = read_sheet(path)
    assert time.process_time() - begin < 2.5, "about half a second; 6 s when each cell is read"
    assert len(sheet.header) == 5 and len(sheet.rows) == 49 and not sheet.faults


def test_cells_without_content_take_no_neighbour_with_them(tmp_path):
    def also(made):
        for row in range(1, 5):
            for column in range(1, 900):
                made.active.cell(row, column).fill = PatternFill("solid", fgColor="FFFF00")
        made.active["D2"] = "=1+1"

    sheet = read_sheet(book(tmp_path / "a.xlsx", [HEADER, *ROWS], also=also))
    assert [row[0] for row in sheet.rows] == ["Adams", "Baker", "Cole"]
    assert sheet.faults[0].record == "=1+1" and "D2" in sheet.faults[0].message


BLANKS = """study   year  "n1i" n2i   yi     vi
"Adams et al."  2011  10  12  0.30   0.04
Baker    2012 20 22 -0.10 0.02
"Cole, Dunn & Eve" 2013 30 33 0.20 0.01
"""


@pytest.mark.parametrize(
    "text",
    [
        BLANKS,
        BLANKS.replace("\n", "  \n"),
        '"study" "year" "yi"\n"1" "Adams" 2011 0.3\n"2" "Baker" 2012 0.2\n"3" "Cole" 2013 0.1\n',
    ],
    ids=["blanks", "at the end", "names of rows"],
)
def test_cells_that_blanks_part(tmp_path, text):
    sheet = read_sheet(written(tmp_path / "a.txt", text))
    assert sheet.remarks == ["read as UTF-8, cells separated by blanks"]
    made = place(sheet)
    assert made.studies["year"].to_list() == ["2011", "2012", "2013"]


def test_sentences_are_not_a_table(tmp_path):
    import evidence

    text = "Müller 2010 RCT 45 beneficial first\nSmith et al 2012 RCT 60 no difference\n"
    path = written(tmp_path / "a.txt", text)
    with pytest.raises(
        evidence.DataError, match=r"holds no table.*if blanks separate its cells, put"
    ):
        read_sheet(path)
    assert len(read_sheet(path, delimiter=" ").header) == 6


NAMES = "Study;N\nMüller 2010;4\nGarcía 2011;5\nSørensen 2012;6\nÉtienne 2013;7\nGroß 2014;8\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("mac_roman", "Mac Roman"), ("cp1252", "Windows-1252"), ("utf-8", "UTF-8")],
)
def test_old_encodings(tmp_path, encoding, name):
    sheet = read_sheet(written(tmp_path / "a.csv", NAMES, encoding))
    assert [row[0] for row in sheet.rows] == [
        line.split(";")[0] for line in NAMES.split("\n")[1:-1]
    ]
    assert sheet.remarks[0].startswith(f"read as {name}")
    assert any("look at the characters" in remark for remark in sheet.remarks) == (
        name == "Mac Roman"
    )


FIRST = "Study,Year,N\nAdams 2011,2011,42\nBaker 2013,2013,61\nCole 2015,2015,81\n"


@pytest.mark.parametrize("gap", ["\n", ",,\n", ",,\n,,\n"])
@pytest.mark.parametrize("title", ["", "Table 2. Effects,,\n", "Table 2. Effects\n"])
@pytest.mark.parametrize("heads", ["Study,OR,95% CI", "Study,Outcome,Hedges g", "Author,SMD,SE"])
def test_a_second_table_is_listed_once(tmp_path, gap, title, heads):
    rows = "Adams 2011,0.8,0.6 to 1.1\nBaker 2013,0.7,0.5 to 0.9\n"
    sheet = read_sheet(written(tmp_path / "a.csv", FIRST + gap + title + heads + "\n" + rows))
    assert sheet.header == ["Study", "Year", "N"] and len(sheet.rows) == 3
    assert len({fault.message for fault in sheet.faults}) == 1
    assert len(sheet.faults) == 3 + bool(title)
    assert "is of another table" in sheet.faults[0].message
    assert place(sheet).studies["study_id"].to_list() == THREE


@pytest.mark.parametrize(
    "below",
    [
        "Diaz 2016,2016,5\n",
        "Section two\nDiaz 2016,2016,5\n",
        "Outcome pain,,\nDiaz 2016,2016,5\n",
        "Note: n is the sample,,\n",
    ],
)
def test_rows_below_an_empty_row_are_of_the_table(tmp_path, below):
    sheet = read_sheet(written(tmp_path / "a.csv", f"{FIRST}\n{below}"))
    assert len(place(sheet).studies) == 3 + ("Diaz" in below)
    assert not any("another table" in fault.message for fault in sheet.faults)


@pytest.mark.parametrize("title", ["", "Table 1 (continued),,\n"])
def test_a_header_that_repeats_below_an_empty_row_is_of_the_table(tmp_path, title):
    text = f"{FIRST},,\n{title}Study,Year,N\nDiaz 2016,2016,5\n"
    made = place(read_sheet(written(tmp_path / "a.csv", text)))
    assert made.studies["study_id"].to_list() == [*THREE, "diaz2016"]


def test_a_second_table_in_a_workbook(tmp_path):
    rows = [HEADER, *ROWS, [], ["Table 2"], ["Study", "Outcome", "SMD"], ["Adams 2011", "x", 0.4]]
    made = place(read_sheet(book(tmp_path / "a.xlsx", rows)))
    assert made.studies["study_id"].to_list() == THREE and len(made.faults) == 3


def test_three_rows_of_names(tmp_path):
    rows = [
        ["Study", "Year", "N", "Result", None, None],
        [None, None, None, "OR", "95% CI", None],
        [None, None, None, None, "lower", "upper"],
        *[[row[0], row[1], row[3], *row[4:7]] for row in ROWS],
    ]
    merged = ["A1:A3", "B1:B3", "C1:C3", "D1:F1", "D2:D3", "E2:F2"]
    sheet = read_sheet(book(tmp_path / "a.xlsx", rows, merged))
    assert "header of three rows joined (lines 1 to 3)" in sheet.remarks
    made = place(sheet)
    assert made.studies["study_id"].to_list() == THREE and not made.faults
    assert made.findings["ci_low"].to_list() == ["0.6", "0.5", "1.1"]
    assert made.findings["measure"].to_list() == ["OR"] * 3


ENDS = ("0.8", "0.6", "1.1")
RESULTS = [
    ("OR (95% CI)", ["Estimate", "Lower", "Upper"], [0.8, 0.6, 1.1], ("OR", *ENDS, "95")),
    ("RR [95% CI]", ["RR", "LL", "UL"], [0.8, 0.6, 1.1], ("RR", *ENDS, "95")),
    ("Hazard ratio (95% CI)", ["HR", "95% CI"], [0.8, "0.6-1.1"], ("HR", *ENDS, "95")),
    ("Hazard ratio (90% CI)", ["HR", "CI"], [0.8, "0.6 to 1.1"], ("HR", *ENDS, "90")),
    ("Odds ratio, 90% CI", ["OR", "Lower CI", "Upper CI"], [0.8, 0.6, 1.1], ("OR", *ENDS, "90")),
    ("OR (95% KI)", ["Schätzer", "von", "bis"], [0.8, 0.6, 1.1], ("OR", "0.8", "", "", "")),
    ("Effect (95% CI)", ["MD", "LCL", "UCL", "p"], [0.8, 0.6, 1.1, 0.2], ("MD", *ENDS, "95")),
    ("OR (95% CI)", ["Value", "p"], ["0.8 (0.6-1.1)", 0.2], ("OR", *ENDS, "95")),
    ("Adjusted OR (95% CI)", ["OR", "Low", "High"], [0.8, 0.6, 1.1], ("OR", *ENDS, "95")),
    # the measures differ, and what is not a result has no interval
    ("OR (95% CI)", ["RR", "Lower", "Upper"], [0.8, 0.6, 1.1], ("", "", "", "", "")),
    ("Age (95% CI)", ["Estimate", "Lower", "Upper"], [60, 50, 70], ("", "", "", "", "")),
]


def under_groups(path: Path, *groups) -> Path:
    """A workbook with a header of two rows, names of groups merged over their parts."""
    upper, lower, cells, merged = ["Study", "Year"], [None, None], [], ["A1:A2", "B1:B2"]
    for name, parts, values in groups:
        first, upper = len(upper), [*upper, name, *[None] * (len(parts) - 1)]
        lower, cells = [*lower, *parts], [*cells, *values]
        if len(parts) > 1:
            merged.append(f"{letter(first)}1:{letter(len(upper) - 1)}1")
    rows = [upper, lower, *[[row[0], row[1], *cells] for row in ROWS]]
    return book(path, rows, merged)


def result(made) -> tuple[str, ...]:
    names = ("measure", "estimate", "ci_low", "ci_high", "ci_level")
    return tuple(made.findings[name].iloc[0] for name in names)


@pytest.mark.parametrize(("group", "parts", "cells", "read"), RESULTS)
def test_a_result_with_its_interval_over_its_parts(tmp_path, group, parts, cells, read):
    made = place(read_sheet(under_groups(tmp_path / "a.xlsx", (group, parts, cells))))
    assert result(made) == read
    if "p" in parts:
        assert made.findings["p_value"].iloc[0] == "0.2"


THREE_PARTS = ["Estimate", "Lower", "Upper"]
OF_OR = ("OR (95% CI)", THREE_PARTS, [0.8, 0.6, 1.1])
OF_AGE = ("Age (95% CI)", THREE_PARTS, [60, 50, 70])
OF_RR = ("RR (95% CI)", ["RR", "Lower", "Upper", "p"], [0.9, 0.7, 1.2, 0.4])


@pytest.mark.parametrize(
    ("groups", "read"),
    [
        ([OF_OR, OF_AGE], ("OR", *ENDS, "95")),
        ([OF_AGE, OF_OR], ("OR", *ENDS, "95")),
        ([("OR (95% CI)", ["OR"], [0.8]), OF_RR], ("OR", "0.8", "", "", "")),
        ([OF_OR, OF_RR], ("OR", *ENDS, "95")),
    ],
)
def test_an_interval_is_of_its_own_result(tmp_path, groups, read):
    made = place(read_sheet(under_groups(tmp_path / "a.xlsx", *groups)))
    assert result(made) == read
    assert made.findings["p_value"].iloc[0] == ""


def test_three_rows_of_names_with_units_below(tmp_path):
    rows = [
        ["Study", "Year", "Intervention", None, "OR"],
        [None, None, "dose", "weeks", None],
        [None, None, "mg", None, None],
        *[[row[0], row[1], 5, 6, row[4]] for row in ROWS],
    ]
    merged = ["A1:A3", "B1:B3", "C1:D1", "D2:D3", "E1:E3"]
    sheet = read_sheet(book(tmp_path / "a.xlsx", rows, merged))
    assert sheet.header[:4] == ["Study", "Year", "Intervention dose mg", "Intervention weeks"]
    assert place(sheet).studies["study_id"].to_list() == THREE
