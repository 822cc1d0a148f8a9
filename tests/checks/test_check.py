"""``evidence check`` finds what is wrong, and says where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from portion import portion

import evidence
from evidence.tables.dictionary_file import read_dictionary

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = read_dictionary(ROOT / "data")
COLUMNS = [
    (table.name, field.name) for table in DICTIONARY.tables.values() for field in table.fields
]


def spoiled(table: str, column: str) -> str:
    """A cell that this column must not hold."""
    found = DICTIONARY.tables[table]
    field = found.by_name[column]
    if any(key.column == column for key in found.foreign_keys):
        return "nosuchid1900"
    if field.categories:
        return "no_such_word"
    return {"boolean": "maybe", "integer": "12.5", "number": "1,5"}.get(field.type, "two\tcells ")


def test_the_tables_are_clean():
    assert evidence.check() == []


@pytest.fixture(scope="module")
def spoiled_tables(data_copy, tmp_path_factory):
    """For each table: one cell of every column spoiled, each in a row of its own as far as there
    are rows; their places, and those of the faults.
    """
    seen = {}
    for name, table in DICTIONARY.tables.items():
        data = data_copy(tmp_path_factory.mktemp(name))
        data.fill(name)
        rows, wrong = data.read(name), {}
        for place, field in enumerate(table.fields):
            filled = [number for number, cells in enumerate(rows) if number and cells[place]]
            number = next(
                (number for number in filled if number not in wrong.values()),
                filled[0] if filled else 1,
            )
            wrong[field.name] = number
            data.change(name, number, **{field.name: spoiled(name, field.name)})
        seen[name] = {column: number + 1 for column, number in wrong.items()}, data.places()
    return seen


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_one_wrong_cell_is_found(spoiled_tables, table, column):
    lines, found = spoiled_tables[table]
    assert (f"{table}.csv", lines[column], column) in found


@pytest.mark.parametrize(
    ("table", "key"), portion([(table.name, table.key) for table in DICTIONARY.tables.values()], 5)
)
def test_a_doubled_key_is_found(data, table, key):
    data.fill(table)
    rows = data.read(table)
    data.write(table, [*rows, rows[-1]])
    assert (f"{table}.csv", len(rows) + 1, key) in data.places()


@pytest.mark.parametrize("table", portion(DICTIONARY.tables, 5))
def test_empty_required_cells_are_found(data, table):
    data.fill(table)
    required = [field.name for field in DICTIONARY.tables[table].fields if field.required]
    line = data.change(table, 1, **dict.fromkeys(required, ""))
    assert {(f"{table}.csv", line, column) for column in required} <= data.places()


def test_every_interval_holds_its_estimate(data, ev):
    """Each estimate with an interval, moved beyond its end, is found: all in one run."""
    wrong = set()
    for table in ("findings", "pooled_estimates", "review_conclusions"):
        rows = data.read(table)
        estimate, low, high = (rows[0].index(name) for name in ("estimate", "ci_low", "ci_high"))
        for number, row in enumerate(rows[1:], start=2):
            if row[estimate] and row[low] and row[high]:
                row[estimate] = str(float(row[high]) * 2 + 10)
                wrong.add((f"{table}.csv", number, "estimate"))
        data.write(table, rows)
    assert len(wrong) > 100
    assert wrong <= data.places()


@pytest.mark.parametrize(
    ("table", "row", "cells", "column", "words"),
    portion(
        [
            ("findings", "vanacore2010-1", {"ci_level": "95"}, "ci_level", "names 99 %"),
            (
                "findings",
                "liao2022-1",
                {"ci_level": "99"},
                "p_value",
                "would fit an interval of 95 %",
            ),
            ("findings", "huisman2013-1", {"estimate": "1.02"}, "estimate", "not the middle"),
            (
                "findings",
                "huisman2013-1",
                {"significant": "false"},
                "significant",
                "interval excludes 1",
            ),
            (
                "findings",
                "huisman2013-1",
                {"ci_low": "1.20", "ci_high": "1.02"},
                "ci_low",
                "runs backwards",
            ),
            ("findings", "huisman2013-1", {"ci_high": ""}, "ci_high", "one end"),
            (
                "findings",
                "huisman2013-1",
                {"estimate": "-1.08"},
                "estimate",
                "cannot be zero or below",
            ),
            (
                "findings",
                "huisman2013-1",
                {"conclusion": "benefit"},
                "observed_direction",
                "opposite",
            ),
            (
                "findings",
                "huisman2013-3",
                {"observed_direction": "harm"},
                "observed_direction",
                "null value",
            ),
            ("findings", "pinto1999-1", {"significant": "false"}, "significant", "p <"),
            (
                "findings",
                "braga2018-2",
                {"estimate": "-0.37"},
                "estimate",
                "difference of the arms",
            ),
            ("findings", "braga2018-1", {"is_primary": "true"}, "is_primary", "two primary"),
            (
                "findings",
                "braga2018-2",
                {"comparator": "other_exercise"},
                "is_primary",
                "is not an answer: Exercise against other exercise",
            ),
            ("findings", "braga2018-2", {"exposure": "none"}, "is_primary", "Not a contrast of"),
            (
                "findings",
                "braga2018-3",
                {"comparator": "none"},
                "conclusion",
                "is no_clear_difference, but nothing was compared",
            ),
            (
                "findings",
                "braga2018-2",
                {"primary_basis": ""},
                "primary_basis",
                "is empty although",
            ),
            (
                "findings",
                "braga2018-3",
                {"primary_basis": "declared"},
                "primary_basis",
                "is filled",
            ),
            ("arms", "braga2018-1-control", {"n": "240"}, "n", "more than the sample size"),
            ("studies", "braga2018", {"n_exposed": "40"}, "n_exposed", "sample_size is 48"),
            (
                "studies",
                "braga2018",
                {"counted": "false"},
                "not_counted_because",
                "without a reason",
            ),
            ("studies", "braga2018", {"doi": "10.3389/fneur.2018.00000"}, "doi", "in"),
            ("studies", "braga2018", {"year": "2017"}, "year", "'2018'"),
            ("studies", "braga2018", {"title": "Another title"}, "title", "differs from the title"),
            ("studies", "braga2018", {"doi": "https://doi.org/10.3389/x"}, "doi", "form"),
            ("studies", "braga2018", {"pmid": "PMID123"}, "pmid", "form"),
            (
                "studies",
                "chio2005",
                {"cohort_representative": "true"},
                "cohort_representative",
                "two representatives",
            ),
            ("studies", "braga2018", {"cohort": "monza"}, "cohort_overlap", "is empty"),
            (
                "readings",
                "braga2018-1:estimate",
                {"study_id": "chio2005"},
                "study_id",
                "belongs to braga2018",
            ),
            (
                "claim_criteria",
                "fatigue:1:3",
                {"value": "tiredness"},
                "value",
                "not a value of outcome_domain",
            ),
            (
                "known_issues",
                "braga2018-1:reading_note",
                {"id": "braga2018-99"},
                "id",
                "not a row of findings",
            ),
            ("unverified_fields", 1, {"field": "colour"}, "field", "not a field of"),
            ("source_status", 1, {"id": "abel2008"}, "id", "not a row of studies"),
            ("source_status", 1, {"identifier": "17879658"}, "identifier", "another number now"),
            ("source_status", 1, {"service": "crossref"}, "identifier", "another number now"),
            ("source_status", 1, {"checked": "2026-02-30"}, "checked", "not a date"),
            ("source_status", 1, {"checked": "2999-01-01"}, "checked", "future"),
            ("source_status", 1, {"status_id": "abel2007:crossref"}, "status_id", "does not begin"),
            ("searches", 1, {"new": "5"}, "found", "makes 11"),
        ],
        3,
    ),
)
def test_what_is_wrong_is_named(data, table, row, cells, column, words):
    if row == 1:
        data.fill(table)
    line = data.change(table, row, **cells)
    found = [
        fault
        for fault in data.faults()
        if fault.column == column
        and Path(fault.file).name == f"{table}.csv"
        and words in fault.message
    ]
    assert found and line in {fault.line for fault in found}


def test_a_study_that_is_set_aside_may_have_any_main_finding(data):
    """Its reason says why it does not count; other findings of a counted study are free too."""
    aside = {"counted": "false", "not_counted_because": "exercise_against_exercise"}
    data.change("studies", "braga2018", **aside)
    data.change("findings", "braga2018-2", comparator="other_exercise")
    data.change("findings", "braga2018-5", comparator="other_exercise")
    assert not [fault for fault in data.faults() if "main finding" in fault.message]


def test_a_contradiction_is_accepted_only_by_name(data):
    rows = data.read("known_issues")
    data.write("known_issues", [row for row in rows if row[0] != "russell2022-1:interval_symmetry"])
    assert [(Path(f.file).name, f.column, f.record) for f in data.faults()] == [
        ("findings.csv", "estimate", "russell2022-1")
    ]


def test_a_named_contradiction_that_is_gone_is_reported(data):
    line = data.change("findings", "russell2022-1", estimate="19.4")
    assert line
    assert ("known_issues.csv", "rule") in {(Path(f.file).name, f.column) for f in data.faults()}


def test_both_ways(data):
    """A study without an entry or a finding, a cohort without a study, an entry without a row: each
    is found.
    """
    rows = data.read("findings")
    data.write("findings", [row for row in rows if row[1] != "abel2007"])
    data.edit_bibliography(
        lambda text: text.replace("@article{zucchi2019,", "@article{stranger2019,")
    )
    data.write(
        "cohorts", [*data.read("cohorts"), ["zzz_nobody", "Nobody", "No report belongs here."]]
    )
    messages = "\n".join(map(str, data.faults()))
    assert "'abel2007' has no row in findings" in messages
    assert "'zucchi2019' has no entry" in messages
    assert "entry 'stranger2019' has no row" in messages
    assert "'zzz_nobody' has no row in studies" in messages


@pytest.mark.parametrize(
    ("old", "new", "words"),
    portion(
        [
            (
                "  author    = {Abel, Ernest L.},",
                "  author    = {Abel, Ernest L.}",
                "a comma is missing",
            ),
            ("@article{aksu2002,", "@article{abel2007,", "is a duplicate"),
            ("@article{aksu2002,", "@article{Abel2007,", "capitals"),
            (
                "  year      = {2007},\n  volume    = {104},",
                "  year      = {2007},\n  year      = {2007},",
                "is there more than once",
            ),
            (
                "  pmid      = {17879657},\n}",
                "  pmid      = {17879657,\n}",
                "'abel2007' is not closed before a line that begins with '@article{'",
            ),
            (
                "  pmid      = {17879657},\n}",
                "  pmid      = {17879657},\n  abstract = {x\n@y{z}\n},\n}",
                "is not closed before a line that begins with '@y{'",
            ),
            (
                "  pmid      = {17879657},\n}",
                "  pmid      = {17879657},\n",
                "'abel2007' is not closed before a line that begins with '@article{'",
            ),
            (
                "  pmid      = {17879657},\n}",
                "  pmid      = {17879657},\n}}\n  note = {x}",
                "is outside of any entry",
            ),
            ("Abel, Ernest L.}", "Abel, Ernest L., Brown, B.}", "has 3 commas"),
            ("Abel, Ernest L.}", "Abel, Ernest L. and }", "a name is missing"),
            ("@article{abel2007,", "@article{,", "without a key"),
            ("  volume    = {104},", "  volume    = vol,", "undefined @string"),
            ("  volume    = {104},", '  volume    = "10" # "4",', "joined with '#'"),
            ("% Bibliography of", "\ufeff% Bibliography of", "byte order mark"),
        ],
        3,
    ),
)
def test_what_the_parser_swallows_is_reported(data, old, new, words):
    text = data.bibliography.read_text(encoding="utf-8")
    assert old in text
    data.bibliography.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [
        fault
        for fault in data.faults()
        if fault.file.endswith("references.bib") and words in fault.message
    ]
    assert found and all(fault.line for fault in found)


def test_one_fault_does_not_bring_others(data):
    """A row whose entry could not be read is not said to have none, and nothing else is called a
    stranger.
    """
    data.edit_bibliography(
        lambda text: text.replace("  pmid      = {17879657},\n}", "  pmid      = {17879657,\n}", 1)
    )
    assert [(fault.line, fault.record) for fault in data.faults()] == [(4, "abel2007")]


def test_the_same_paper_twice(data):
    """A DOI that another table has; a title with its words in another order."""
    data.change("studies", "zucchi2019", doi="10.1002/14651858.cd005229.pub3")
    title = next(row for row in data.read("studies") if row[0] == "chio2005")[1]
    line = data.change("studies", "chio2009", title=" ".join(reversed(title.split())))
    messages = {
        (fault.line, fault.column): fault.message
        for fault in data.faults()
        if fault.rule == "duplicate"
    }
    assert messages[line, "title"] == "is nearly the title of 'chio2005'"
    assert "is also the number of 'zucchi2019'" in messages.values()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"study_id,title\nx\xff,y\n", "is not UTF-8"),
        (b'study_id,title\n"x,y\n', "a quote is opened in this row and never closed"),
        (b'study_id,title\n"x" z,y\n', "not readable as CSV"),
        (b"study_id;title\nx;y\n", "separated by ';'"),
        (b"study_id,title\nx,y\n", "column is missing"),
        (b"\xef\xbb\xbfstudy_id,title\n", "byte order mark"),
    ],
)
def test_a_broken_file_is_one_message(data, content, words):
    (data.folder / "cohorts.csv").write_bytes(content)
    found = [fault for fault in data.faults() if fault.file.endswith("cohorts.csv")]
    assert any(words in fault.message for fault in found)


def test_a_short_row_is_found(data):
    rows = data.read("cohorts")
    rows[3] = rows[3][:-1]
    data.write("cohorts", rows)
    assert ("cohorts.csv", 4, "") in data.places()


def test_lines_are_right_after_a_line_break_in_a_cell(data):
    rows = data.read("cohorts")
    rows[1][2] = "two\nlines"
    rows[2][1] = ""
    data.write("cohorts", rows)
    assert {("cohorts.csv", 2, "description"), ("cohorts.csv", 4, "label")} <= data.places()


def test_load_refuses_what_it_cannot_type(data):
    line = data.change("studies", "braga2018", year="20I8")
    with pytest.raises(
        evidence.DataError,
        match=rf"studies\.csv:{line}: year: '20I8' is not of type integer; allowed: a whole number",
    ):
        evidence.load(data.folder)


def test_a_dictionary_that_contradicts_itself(data):
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"][0]["schema"]["fields"][0]["type"] = "text"
    path.write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(evidence.DataError, match="unknown type 'text'"):
        evidence.check(data.folder)


@pytest.mark.parametrize("table", ["studies", "findings", "reviews", "pools", "claims", "readings"])
def test_a_table_that_cannot_be_read_is_one_fault(data, table):
    """What follows from that is not told for every row that names one of its rows."""
    (data.folder / f"{table}.csv").unlink()
    (fault,) = data.faults()
    assert fault.file.endswith(f"{table}.csv") and fault.message.startswith("cannot be read")
