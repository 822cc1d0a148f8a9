"""What is written need not be read again: the check of what is at hand is that of the files."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence
from evidence.importing.from_spreadsheet import new_set_from
from evidence.importing.made import csv_of
from evidence.importing.naming import study_ids
from evidence.importing.sheet import RowsOfColumns, read_sheet
from evidence.importing.texts import texts
from evidence.quoting import comma_separated
from evidence.tables import csv_file

CELLS = st.sampled_from(["", "a", "a,b", '"', "x\ny", "r\rz", " b ", "é", "=1"])
STUDIES = [
    "Study,Authors,Title,Year,DOI,N,Result",
    'Smith 2010,"Smith, Ann; Berg, Bo",On tea & DNA,2010,10.1000/a_b,45,beneficial',
    'Smith 2010,"Smith, Ann; Berg, Bo",On tea & DNA,2010,10.1000/a_b,46,harm',
    'Li 2012,"Li, C, D, E",Sleep,2012,,many,unclear',
    ",,,,,,",
]
TABLES = [
    STUDIES,
    [",,,,,,", "Table 1. On tea,,,,,,", *STUDIES],
    [*STUDIES, STUDIES[0], "Na 2011,NA,  two   spaces ,2011,#REF!,n/a,'=1+1"],
    ["Study;OR;Lower CI;Upper CI", '"A 2010";0,5;0,3;0,8', "B 2011;1,2;0,9;1,6", ";;;"],
    ["Study\tControl\t\tYear", "\tn\tage\t", "A 2010\t5\t40\t2010", "B 2011\t6\t41\t2011"],
]


@given(columns=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=5))
def test_a_table_is_written_as_any_other(columns):
    made = {str(n): np.array(cells, dtype=object) for n, cells in enumerate(columns)}
    assert csv_of(made) == comma_separated([tuple(made), *zip(*columns, strict=True)])


@pytest.mark.parametrize("lines", TABLES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_check_is_that_of_the_files(tmp_path, lines, end):
    path = tmp_path / "table.csv"
    path.write_bytes(end.join(lines).encode())
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    assert made.faults == evidence.check(tmp_path / "set")


@pytest.mark.parametrize("lines", TABLES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_are_read_as_rows_are(tmp_path, monkeypatch, lines, end):
    path = tmp_path / "table.csv"
    path.write_bytes(end.join(lines).encode())
    by_rows = read_sheet(path)
    monkeypatch.setattr(csv_file, "LARGE", 0)
    by_columns = read_sheet(path)
    assert list(by_columns.rows) == list(by_rows.rows)
    assert by_columns.header == by_rows.header and by_columns.blank == by_rows.blank
    assert list(by_columns.lines) == list(by_rows.lines)
    assert (by_columns.remarks, by_columns.faults) == (by_rows.remarks, by_rows.faults)
    for one, other in zip(by_columns.columns, by_rows.columns, strict=True):
        assert one.tolist() == other.tolist()


def test_rows_of_columns_are_a_sequence(tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    path.write_text("\n".join(STUDIES[:4]), encoding="utf-8")
    monkeypatch.setattr(csv_file, "LARGE", 0)
    rows = read_sheet(path).rows
    assert isinstance(rows, RowsOfColumns)
    assert len(rows) == 3 and rows[-1][0] == "Li 2012" and rows[:2] == [rows[0], rows[1]]
    with pytest.raises(IndexError):
        rows[3]


def test_a_name_that_a_thousand_studies_have():
    ids = study_ids(texts(["Smith"] * 1000), texts(["2010"] * 1000))
    assert ids.is_unique and ids.iloc[[0, 26, 702]].to_list() == [
        *("smith2010a", "smith2010aa", "smith2010aaa"),
    ]
