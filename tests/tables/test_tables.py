"""The curated tables are whole, and say what the sources say."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest

import evidence

# How many rows the tables had at some time: studies and findings are set aside, never deleted.
ROWS = {
    "studies": 160,
    "findings": 411,
    "arms": 32,
    "readings": 3075,
    "cohorts": 17,
    "reviews": 60,
    "review_conclusions": 131,
    "review_inclusions": 31,
    "pooled_estimates": 52,
    "appraisals": 35,
    "claims": 28,
    "pools": 12,
    "not_read": 19,
}


def rows_of(root: Path, table: str) -> list[dict[str, str]]:
    """Rows of a file as they are, read without the package."""
    with (root / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("table", "least"), ROWS.items())
def test_no_row_is_lost(ev, root, table, least):
    assert len(ev.tables[table]) == len(rows_of(root, table)) >= least


def test_counted_and_missing(ev, root):
    counted = ev.studies[ev.studies["counted"]]
    rows = [row for row in rows_of(root, "studies") if row["counted"] == "true"]
    assert counted["study_id"].to_list() == [row["study_id"] for row in rows]
    assert counted["sample_size"].isna().sum() == sum(not row["sample_size"] for row in rows) > 0
    assert ev.studies.loc[~ev.studies["counted"], "not_counted_because"].notna().all()


def test_types(ev):
    types = ev.studies.dtypes.astype(str)
    assert types[["title", "year", "population", "counted", "duration_weeks"]].to_list() == [
        "str",
        "Int64",
        "category",
        "boolean",
        "float64",
    ]
    assert not [
        name
        for name, frame in ev.tables.items()
        if any(str(dtype) == "object" for dtype in frame.dtypes)
    ]


@pytest.mark.parametrize(
    ("finding", "estimate", "low", "high", "level"),
    [
        ("vanacore2010-1", 0.95, 0.86, 1.04, 99),
        ("pupillo2014-1", 0.65, 0.48, 0.89, 95),
        ("cheah2009-1", 6.1, -8.58, 20.79, 95),
        ("fang2016-5", 0.46, 0.24, 0.87, 95),
    ],
)
def test_numbers_as_printed(ev, finding, estimate, low, high, level):
    row = ev.findings.set_index("finding_id").loc[finding]
    assert [row["estimate"], row["ci_low"], row["ci_high"], row["ci_level"]] == [
        estimate,
        low,
        high,
        level,
    ]


def test_only_one_study_prints_99_percent_intervals(ev):
    findings = ev.findings
    assert set(findings.loc[findings["ci_level"] == 99, "study_id"]) == {"vanacore2010"}


def test_the_article_cites_five_sources(ev):
    cited = pd.concat([ev.studies["article_reference"], ev.reviews["article_reference"]]).dropna()
    assert sorted(cited) == [1, 2, 3, 4, 5]


def test_files_open_in_a_spreadsheet(root: Path):
    for path in sorted((root / "data").glob("*.csv")):
        content = path.read_bytes()
        assert (
            not content.startswith(b"\xef\xbb\xbf")
            and b"\r" not in content
            and content.endswith(b"\n")
        ), path.name
        with path.open(encoding="utf-8", newline="") as file:
            widths = {len(row) for row in csv.reader(file)}
        assert len(widths) == 1, path.name


def test_a_changed_frame_changes_nothing(ev):
    studies = ev.studies
    studies.loc[0, "title"] = "spoiled"
    assert ev.studies.loc[0, "title"] != "spoiled"


def test_unknown_table_is_named(ev):
    with pytest.raises(
        AttributeError,
        match=r"no table 'study' \(did you mean 'studies'\?\); tables: studies, findings",
    ):
        _ = ev.study


def test_traps_are_written_down(ev):
    """What is easily misread has a row that a notebook can show."""
    known = set(ev.known_issues["id"].str.split("-").str[0])
    assert {
        "braga2018",
        "vicentecampos2022",
        "drory2001",
        "zucchi2019",
        "clawson2018",
        "merico2018",
        "aksu2002",
        "kitano2018",
    } <= known
    assert {
        "russell2022",
        "gotkine2014",
        "abel2007",
        "beghi2010",
        "mattsson2012",
        "longinetti2017",
        "aberg2018",
        "yi2021",
        "cheng2024",
    } <= known
    assert ev.findings.set_index("finding_id").loc["aberg2018-2", "reversed_contrast"]


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("studies", "abel2007", "sample_size"),
        ("studies", "abel2007", "n_exposed"),
        ("arms", 1, "n"),
    ],
)
def test_a_negative_size_is_refused_on_loading(data, table, row, column):
    """Whatever the dictionary allows: people would be subtracted in silence."""
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            field.get("constraints", {}).pop("minimum", None)
    path.write_text(json.dumps(package), encoding="utf-8")
    line = data.change(table, row, **{column: "-12"})
    with pytest.raises(evidence.DataError) as caught:
        evidence.load(data.folder)
    faults = [(Path(f.file).name, f.line, f.column, f.message) for f in caught.value.faults]
    assert faults == [(f"{table}.csv", line, column, "'-12' is below 0")]


def test_a_duplicate_study_is_one_message(data):
    rows = data.read("studies")
    data.write("studies", [*rows[:2], *rows[1:]])
    with pytest.raises(evidence.DataError, match="'abel2007' is a duplicate"):
        evidence.load(data.folder)


def test_titles_and_labels_are_words(ev):
    """None is a column's name with a capital, such as ``Ci low``."""
    titles = [
        text
        for table in ev.dictionary.tables.values()
        for field in table.fields
        for text in (field.title, *field.labels.values())
    ]
    assert len(titles) > 300
    assert not [text for text in titles if re.search(r"\b(Ci|Id|Doi|Pmid|Sd|Se)\b|_", text)]
