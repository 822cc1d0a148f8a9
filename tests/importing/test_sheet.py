"""Spreadsheet files are read whole, whatever program wrote them."""

from __future__ import annotations

import datetime

import openpyxl
import pytest

import evidence
from evidence.importing.sheet import read_sheet

ROWS = [
    ["Study", "Größe", "Note"],
    ["Müller 2010", "45", "a, b; c"],
    ["Smith 2012", "1,5", 'said "no"'],
]


def text(delimiter: str, quoted: bool = True) -> str:
    return (
        "\r\n".join(
            delimiter.join(
                f'"{cell.replace(chr(34), chr(34) * 2)}"' if quoted else cell for cell in row
            )
            for row in ROWS
        )
        + "\r\n"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_delimiter_and_encoding(tmp_path, delimiter, encoding):
    path = tmp_path / "table.csv"
    path.write_bytes(text(delimiter).encode(encoding))
    sheet = read_sheet(path)
    assert [sheet.header, *sheet.rows] == ROWS and sheet.lines == [2, 3] and not sheet.faults


def test_how_it_was_read_is_said(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(text(";").encode("cp1252"))
    assert read_sheet(path).remarks == ["read as Windows-1252, cells separated by semicolon"]
    path.write_bytes(("sep=|\n" + text("|")).encode())
    sheet = read_sheet(path)
    assert sheet.header == ROWS[0] and sheet.lines == [3, 4]


def test_what_stands_outside_of_the_table_is_listed(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "A title,,\n,,\nStudy,N,\nA 2010,4,\n\nB 2011,5,6,7\nC 2012\n", encoding="utf-8"
    )
    sheet = read_sheet(path)
    assert sheet.header == ["Study", "N", "column 3"][: len(sheet.header)]
    assert (
        [row[0] for row in sheet.rows] == ["A 2010", "C 2012"]
        and sheet.lines == [4, 7]
        and sheet.blank == 2
    )
    assert [(fault.line, fault.record) for fault in sheet.faults] == [
        (1, ""),
        (6, "B 2011 | 5 | 6 | 7"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Author,Year,N,OR\nAdams, J,2001,50,0.35\nBaker, K,2002,60,0.20\n",
        "Study,Year,N,SMD\nAdams 2001,2001,50,0,35\nBaker 2002,2002,60,0,20\n",
        "Study,N,SMD,SE\nAdams 2001,50,0,35,0,12\nBaker 2002,60,0,20,0,15\n",
        "Study;Year;HR\nAdams;2001;0,85 (0,70;1,03)\nBaker;2002;0,8 (0,7;1,3)\n",
    ],
)
def test_a_row_with_a_mark_in_a_cell_is_not_read(tmp_path, text):
    """Where a comma stands in a cell without quotes, no number stands in its column."""
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    sheet = read_sheet(path)
    assert not sheet.rows and sheet.header[0] in ("Author", "Study")
    assert [fault.line for fault in sheet.faults] == [2, 3]
    assert all("quotes around a cell" in fault.allowed for fault in sheet.faults)


@pytest.mark.parametrize("names", [("1", "2"), ("3", "7"), ('"Adams"', '"Baker"')])
def test_names_of_rows_are_a_column(tmp_path, names):
    """R writes a header with one cell less than the rows have."""
    path = tmp_path / "table.csv"
    path.write_text(f"Year,N\n{names[0]},2001,50\n{names[1]},2002,60\n", encoding="utf-8")
    assert read_sheet(path).header == ["row", "Year", "N"]


def test_lines_are_right_after_a_line_break_in_a_cell(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('Study,Note\nA 2010,"two\nlines"\nB 2011,x\n', encoding="utf-8")
    sheet = read_sheet(path)
    assert sheet.lines == [2, 4] and sheet.rows[0] == ["A 2010", "two lines"]


def test_names_of_columns_are_distinguished(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Study,N,N,\nA,1,2,3\n", encoding="utf-8")
    sheet = read_sheet(path)
    assert sheet.header == ["Study", "N", "N (2)"] and [fault.record for fault in sheet.faults] == [
        "3"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no table"),
        (b"one\ntwo\n", "holds no table"),
        (b'Study,Note\nA,"never closed\nB,x\n', "a quote that is never closed: look after line"),
        (b"PK\x03\x04broken", "not a readable XLSX file"),
        (b"\xff\xfeA", "is not UTF-16"),
    ],
)
def test_a_broken_file_is_one_message(tmp_path, content, words):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(evidence.DataError, match=words):
        read_sheet(path)


def test_wrong_use(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Study,N\nA,1\n", encoding="utf-8")
    with pytest.raises(evidence.DataError, match="cannot be read: No such file"):
        read_sheet(tmp_path / "none.csv")
    with pytest.raises(evidence.UsageError, match="save it as XLSX or CSV first"):
        read_sheet(tmp_path / "old.xls")
    with pytest.raises(evidence.UsageError, match="Python does not know"):
        read_sheet(path, encoding="klingon")
    with pytest.raises(evidence.UsageError, match="has no sheets"):
        read_sheet(path, sheet="Data")
    with pytest.raises(evidence.UsageError, match="one character"):
        read_sheet(path, delimiter="::")


@pytest.fixture
def book(tmp_path):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Extraction"
    sheet.append(["Study", "N", "Result", "When", "Included", "Sum"])
    sheet.append(["Müller 2010", 45, "beneficial", datetime.date(2010, 5, 1), True, "=B2+1"])
    sheet.append([None, 1234.0, "harmful", None, False, None])
    sheet.append(["Smith 2012", 0.1 + 0.2, "n.s.", None, None, None])
    sheet.merge_cells("A2:A3")
    made.create_sheet("Lists").append(["x"])
    path = tmp_path / "table.xlsx"
    made.save(path)
    return path


def test_xlsx(book):
    sheet = read_sheet(book)
    assert sheet.header == ["Study", "N", "Result", "When", "Included", "Sum"] and sheet.lines == [
        2,
        3,
        4,
    ]
    assert sheet.rows[0] == ["Müller 2010", "45", "beneficial", "2010-05-01", "true", ""]
    assert sheet.rows[1][:2] == [
        "Müller 2010",
        "1234",
    ], "a merged cell says the same in each of its rows"
    assert sheet.rows[2][1] == "0.3"
    assert sheet.remarks == [
        "read sheet 'Extraction'",
        "sheets not read: Lists (--sheet NAME reads another)",
    ]
    assert [(fault.line, fault.record) for fault in sheet.faults] == [
        (2, "=B2+1")
    ] and "F2" in sheet.faults[0].message


def test_xlsx_sheet_that_is_not_there(book):
    with pytest.raises(evidence.UsageError, match="no sheet 'Data'; sheets: Extraction, Lists"):
        read_sheet(book, sheet="Data")


def test_a_neutralised_cell_is_restored(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Study,Note\nA 2010,'=SUM(A1)\nB 2011,'quoted'\n", encoding="utf-8")
    assert [row[1] for row in read_sheet(path).rows] == ["=SUM(A1)", "'quoted'"]


def test_columns_of_one_name_are_all_kept(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Study,Score,Score,Score (2)\nSmith 2010,1a,2b,3c\nJones 2012,4d,5e,6f\n")
    sheet = read_sheet(path)
    assert sheet.header == ["Study", "Score", "Score (3)", "Score (2)"]
    evidence.new_set_from(tmp_path / "made", path, notebooks=False)
    told = [file.read_text() for file in sorted((tmp_path / "made").glob("*.csv"))]
    assert all(any(cell in text for text in told) for cell in ("1a", "2b", "3c", "4d", "5e", "6f"))


TABLE_BELOW = [
    ["study", "year", "n", "Result"],
    ["Adams", "2011", "44", "benefit"],
    ["Baker", "2012", "55", "harm"],
]
ABOVE = (
    "# written by R",
    "# written by A, B; C and D\t5|6\n# on 2 May, 2020, with R",
    "#\n# a; b; c; d\n\n# a, b, c, d\n# a|b|c|d\n#a\tb\tc\td",
    '#comment \'with one quote\n# and "two"',
    "\n".join(f"# line {i}, of many, so it is" for i in range(8)),
)


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("\t", "tab"),
        (",", "comma"),
        (";", "semicolon"),
        ("|", "vertical bar"),
        (" ", "blanks"),
        ("    ", "two or more blanks"),
    ],
)
def test_comments_above_a_table(tmp_path, above, mark, said):
    end = "\r\n" if mark in ";|" else "\n"
    lines = [*above.split("\n"), *(mark.join(row) for row in TABLE_BELOW)]
    path = tmp_path / "a.csv"
    path.write_bytes((end.join(lines) + end).encode())
    sheet = read_sheet(path)
    assert sheet.header == TABLE_BELOW[0] and list(sheet.rows) == TABLE_BELOW[1:]
    assert sheet.remarks[0] == f"read as UTF-8, cells separated by {said}"
    told = [i for i, line in enumerate(above.split("\n"), 1) if line]
    assert [fault.line for fault in sheet.faults] == told
    assert all("is above the table: " in fault.message for fault in sheet.faults)
    assert sheet.lines[0] == len(lines) - 1


@pytest.mark.parametrize("rows", [2, 6000])
def test_comments_above_a_large_table_too(tmp_path, rows):
    body = [f"Adams {i},2011,44,benefit" for i in range(rows)]
    path = tmp_path / "a.csv"
    text = "\n".join(["# by R, in 2020", "", "#  or so", ",".join(TABLE_BELOW[0]), *body, ""])
    path.write_text(text, encoding="utf-8")
    sheet = read_sheet(path)
    assert sheet.header == TABLE_BELOW[0] and len(sheet.rows) == rows
    assert list(sheet.lines) == list(range(5, rows + 5))
    assert [(fault.line, fault.message) for fault in sheet.faults] == [
        (1, "is above the table: '# by R, in 2020'"),
        (3, "is above the table: '# or so'"),
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("above", ["Made by hand today", "One title\n\nTwo\nThree\nFour titles"])
def test_titles_above_a_table(tmp_path, above, mark):
    text = "\n".join([above, *(mark.join(row) for row in TABLE_BELOW), ""])
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    sheet = read_sheet(path)
    assert sheet.header == TABLE_BELOW[0] and list(sheet.rows) == TABLE_BELOW[1:]


@pytest.mark.parametrize(
    "text",
    [
        "#,study,n\n1,Adams,44\n2,Baker,55\n",
        "# study n\n1 Adams 44\n2 Baker 55\n",
        "#\tstudy\tn\nA1\tAdams\tmany\nA2\tBaker\tfew\n",
        "# ;study;n\nA1;Adams;many\nA2;Baker;few\n",
    ],
)
def test_a_header_may_begin_with_the_sign_of_a_comment(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    sheet = read_sheet(path)
    assert sheet.header == ["#", "study", "n"] and len(sheet.rows) == 2 and not sheet.faults


def test_names_of_rows_below_a_comment(tmp_path):
    path = tmp_path / "a.csv"
    text = '# by R\n"study" "n"\n"1" "Adams 2011" 44\n"2" "Baker 2012" 55\n'
    path.write_text(text, encoding="utf-8")
    assert read_sheet(path).header == ["row", "study", "n"]


def test_decimal_commas_beside_blanks(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("study n SMD\nAdams 44 0,8\nBaker 55 0,7\n", encoding="utf-8")
    assert read_sheet(path).header == ["study", "n", "SMD"]
