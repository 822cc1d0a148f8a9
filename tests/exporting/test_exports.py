"""Exports carry version, date and citation, and come back as the same tables."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portion import portion

import evidence
from evidence.cli import main
from evidence.exporting.about import Outgoing, about
from evidence.exporting.as_package import crate
from evidence.exporting.formats import FORMATS
from evidence.exporting.names import NAMES
from evidence.exporting.set_text import SetText, text_of
from evidence.importing.from_export import is_export, restored
from evidence.importing.new_folder import restored_set

sys.path.insert(0, str(Path(__file__).parents[1]))
from sets import EXAMPLE

PACKAGE = json.loads(
    (Path(__file__).parents[2] / "data" / "datapackage.json").read_text(encoding="utf-8")
)
VERSION, DAY = PACKAGE["version"], PACKAGE["created"][:10]
WHOLE = [name for name, one in FORMATS.items() if one.whole]


@pytest.fixture(scope="module")
def example() -> evidence.Evidence:
    return evidence.load(EXAMPLE)


@pytest.fixture(scope="module")
def made(ev, tmp_path_factory) -> dict[str, Path]:
    """Every export of the whole data set."""
    folder = tmp_path_factory.mktemp("exports")
    return {
        name: evidence.export(ev, name, folder / f"set{one.suffix}{one.ending}")[0]
        for name, one in FORMATS.items()
    }


def test_the_command_knows_every_format():
    assert list(NAMES) == list(FORMATS)


@pytest.mark.parametrize("name", portion(WHOLE, 2))
def test_the_same_tables_come_back(made, ev, tmp_path, name):
    assert is_export(made[name])
    back, there = restored(made[name]), text_of(ev)
    assert (
        back.tables == there.tables
        and back.bibliography == there.bibliography
        and back.package == there.package
    )
    assert dict(back.beside) == dict(there.beside)
    restored_set(tmp_path / "set", made[name], notebooks=False)
    for path in ev.dictionary.folder.glob(
        "*.csv"
    ):  # the same bytes hold the same values; that they are read as such, the first format shows
        assert (tmp_path / "set" / path.name).read_bytes() == path.read_bytes()
    if name == WHOLE[0]:
        assert evidence.check(tmp_path / "set") == []
        again = evidence.load(tmp_path / "set")
        for table, frame in ev.tables.items():
            pd.testing.assert_frame_equal(again.tables[table], frame)


@pytest.mark.parametrize("name", list(FORMATS))
def test_two_exports_have_the_same_bytes(example, tmp_path, name):
    first, second = (
        evidence.export(example, name, tmp_path / folder / f"set{FORMATS[name].ending}")
        for folder in ("one", "two")
    )
    assert first and [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_export_says_version_date_and_citation(made, name):
    path = made[name]
    if path.suffix == ".zip":
        text = zipfile.ZipFile(path).read("README.md").decode()
    elif path.suffix == ".xlsx":
        text = "\n".join(
            str(cell.value)
            for row in openpyxl.load_workbook(path)["about"].iter_rows()
            for cell in row
        )
    else:
        text = path.read_text(encoding="utf-8")
    if name in ("ris", "bibtex", "csl"):
        text = " ".join(text.replace("{", "").replace("}", "").split())
    citation = (
        "The evidence explorer contributors (2026). Exercise and ALS: a curated table of the"
        f" studies (version {VERSION}, {DAY}) [data set]."
    )
    assert citation in text


def test_a_selection_goes_out_as_a_whole_set(ev, tmp_path):
    part = ev.select(question="treatment", population="human", design="rct")
    (path,) = evidence.export(part, "datapackage", tmp_path / "part.zip")
    restored_set(tmp_path / "part", path, notebooks=False)
    assert evidence.check(tmp_path / "part") == []
    again = evidence.load(tmp_path / "part")
    assert again.studies["study_id"].to_list() == part.studies["study_id"].to_list()
    assert again.dictionary.settings["part_of"]["conditions"][0] == "exercising with ALS"
    assert set(again.bibliography["key"]) == set(again.studies["study_id"]) | set(
        again.reviews["review_id"]
    )


# --- odd cells ---

ODD = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\r"),
        max_size=12,
    ),
    st.sampled_from(
        [
            "=1+1",
            "+1",
            "-1",
            "@x",
            "\ttab",
            "'=x",
            "_x000D_",
            "_x005F_x000D_",
            "1.50",
            "007",
            "1e5",
            "true",
            "null",
            '"',
            "a,b",
            " x ",
        ]
    ),
    st.sampled_from(
        [
            "a\nb",
            "a\r\nb",
            "\x0b",
            "\x1f",
            "\x00",
            "\ufeff",
            "\ufffe",
            "\u2028",
            "\x85",
            "NaN",
            "#N/A",
            "'",
        ]
    ),
)
NUMERALS = st.one_of(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-10_000, max_value=10_000
    ).map(str),
    st.integers(-(10**14), 10**14).map(str),
)


def set_of(rows: list[tuple[str, str, str, str]], base: SetText) -> SetText:
    fields = [
        {"name": name, "type": kind}
        for name, kind in (
            ("id", "string"),
            ("text", "string"),
            ("number", "number"),
            ("truth", "boolean"),
        )
    ]
    package = dict(base.package) | {
        "resources": [
            {"name": "odd", "path": "odd.csv", "schema": {"fields": fields, "primaryKey": ["id"]}}
        ]
    }
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([[field["name"] for field in fields], *rows])
    return SetText(package, {"odd": stream.getvalue()}, "% none\n")


@pytest.mark.parametrize("name", ["xlsx", "json", "datapackage"])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(
        st.tuples(st.just("a"), ODD, NUMERALS | ODD, st.sampled_from(["true", "false", ""]) | ODD),
        max_size=4,
    )
)
def test_odd_cells_come_back(example, tmp_path, name, rows):
    out = Outgoing(example)
    out.__dict__["text"] = set_of(rows, text_of(example))
    path = tmp_path / f"odd{FORMATS[name].ending}"
    path.write_bytes(FORMATS[name].write(out, "odd")[FORMATS[name].ending])
    assert restored(path).rows("odd") == out.text.rows("odd")


def test_no_cell_of_a_workbook_is_a_formula(example, tmp_path):
    out = Outgoing(example)
    out.__dict__["text"] = set_of(
        [
            ("a", cell, "1", "true")
            for cell in ("=1+1", "=HYPERLINK(0)", "+1", "-x", "@SUM(1)", "plain")
        ],
        text_of(example),
    )
    path = tmp_path / "odd.xlsx"
    path.write_bytes(FORMATS["xlsx"].write(out, "odd")[".xlsx"])
    sheet = openpyxl.load_workbook(path)["odd"]
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * 6 and [
        cell.quotePrefix for cell in cells
    ] == [True] * 5 + [False]
    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_a_workbook_is_made_for_reading(made):
    book = openpyxl.load_workbook(made["xlsx"])
    assert (
        book.sheetnames[:3] == ["about", "studies", "findings"] and "dictionary" in book.sheetnames
    )
    sheet = book["findings"]
    assert (
        sheet.freeze_panes == "B2"
        and sheet.auto_filter.ref.startswith("A1:")
        and sheet["A1"].font.bold
    )
    assert all(8 <= width.width <= 60 for width in sheet.column_dimensions.values())
    assert [name for name in book.sheetnames if book[name].sheet_state == "hidden"] == [
        name for name in book.sheetnames if name.startswith("file ")
    ]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "fang2016-5")
    numbers = {sheet.cell(1, cell.column).value: cell for cell in row}
    assert (numbers["estimate"].value, numbers["ci_low"].number_format) == (0.46, "0.00")


@pytest.fixture
def small(example, tmp_path) -> Path:
    return evidence.export(example, "xlsx", tmp_path / "small.xlsx")[0]


def test_a_changed_workbook_comes_back_changed(small, tmp_path):
    book = openpyxl.load_workbook(small)
    sheet = book["studies"]
    sheet["C2"] = 1999
    sheet.move_range("A1:A200", cols=40)
    path = tmp_path / "changed.xlsx"
    book.save(path)
    rows = restored(path).rows("studies")
    assert (
        rows[0][:3] == ["study_id", "label", "year"]
        and rows[1][0] == "brehm09"
        and rows[1][2] == "1999"
    )
    sheet.cell(1, 45, "extra")
    book.save(path)
    with pytest.raises(evidence.DataError, match="the header does not fit the dictionary in extra"):
        restored(path)


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)
def test_libreoffice_opens_the_workbook(small, tmp_path):
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    done = subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(small)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    path = tmp_path / "out" / small.name
    assert path.is_file(), done.stderr
    assert restored(path).tables == restored(small).tables, (
        "what LibreOffice saves is the same data set"
    )


def test_json_is_plain(made, ev):
    found = json.loads(made["json"].read_text(encoding="utf-8"))
    study = next(row for row in found["tables"]["studies"] if row["study_id"] == "abel2007")
    assert (
        study["year"] == 2007
        and study["counted"] is True
        and study["pmcid"] is None
        and study["pmid"] == "17879657"
    )
    assert found["version"] == VERSION and found["date"] == DAY


def test_the_archive_is_a_data_package(made, ev):
    with zipfile.ZipFile(made["datapackage"]) as archive:
        assert archive.testzip() is None and archive.namelist()[0] == "datapackage.json"
        package = json.loads(archive.read("datapackage.json"))
        for resource in package["resources"]:
            header = archive.read(resource["path"]).decode().splitlines()[0].split(",")
            assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package["evidence"]["bibliography"] in archive.namelist()


def test_the_crate_describes_every_file(made, ev):
    with zipfile.ZipFile(made["ro-crate"]) as archive:
        graph = {
            one["@id"]: one for one in json.loads(archive.read("ro-crate-metadata.json"))["@graph"]
        }
        names = set(archive.namelist()) - {"ro-crate-metadata.json"}
    assert {part["@id"] for part in graph["./"]["hasPart"]} == names <= set(graph)
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert graph["./"]["license"]["@id"] in graph and all(
        one["@id"] in graph for one in graph["./"]["author"]
    )
    assert {"name", "description", "datePublished", "license"} <= set(graph["./"])


def test_a_set_without_licence_and_makers_says_nothing_of_them(tmp_path):
    evidence.new_set(tmp_path / "tea", notebooks=False, created="2026-01-31")
    out = Outgoing(evidence.load(tmp_path / "tea"))
    assert out.about.citation == "Tea (version 0.1.0, 2026-01-31) [data set]."
    root = crate(out, ["a.csv"])["@graph"][1]
    assert "license" not in root and "author" not in root
    assert "license" not in evidence.dataset_jsonld(out.ev)


@pytest.mark.parametrize("name", ["bibtex", "ris", "csl"])
def test_the_bibliography_comes_back(made, ev, name):
    from evidence.bibliography.formats import read_references

    read = read_references(made[name])
    own, *_ = read.entries.to_dict("records")
    assert (
        own["key"] == "exercise-and-als"
        and own["title"] == ev.dictionary.title
        and own["date"] == DAY
    )
    assert f"version {VERSION}" in own["note"].lower() and own["entry_type"] == "dataset"
    back = read.entries.iloc[1:].reset_index(drop=True)
    pd.testing.assert_frame_equal(back, ev.bibliography[back.columns])
    assert not [problem for problem in read.problems if problem.rule != "not_kept"]


def test_a_selection_has_only_its_entries(ev, tmp_path):
    from evidence.bibliography.formats import read_references

    part = ev.select(question="risk", design="mendelian_randomisation")
    (path,) = evidence.export(part, "ris", tmp_path / "part.ris")
    keys = set(read_references(path).entries["key"])
    assert set(part.studies["study_id"]) < keys and len(keys) < 60


def test_jsonld(ev):
    made = evidence.dataset_jsonld(ev)
    assert (
        made["@context"] == "https://schema.org/"
        and made["@type"] == "Dataset"
        and made["dateModified"] == DAY
    )
    assert 50 <= len(made["description"]) <= 5000 and made["license"].startswith(
        "https://creativecommons.org/"
    )
    assert len(made["variableMeasured"]) == len(ev.dictionary.tables["studies"].fields)


def test_the_web_page_carries_it(example):
    from dataclasses import replace

    from evidence.site.cite import linked_data

    package = dict(example.dictionary.package) | {
        "description": "</script><script>alert(1)</script>"
    }
    bad = replace(example, dictionary=replace(example.dictionary, package=package))
    text = linked_data(bad)
    assert "</script>" not in text and json.loads(text)["description"].startswith("</script>")


def test_the_page_cites_the_set_as_exports_do(made, ev):
    """One sentence, and one entry for reference managers."""
    from types import SimpleNamespace

    from evidence.site.cite import render

    (page,) = render(SimpleNamespace(ev=ev))
    assert page.context["citation"] == about(ev.dictionary.package).citation
    assert made["bibtex"].read_text(encoding="utf-8").startswith(page.context["bibtex"] + "\n")


# --- metafor ---


@pytest.fixture(scope="module")
def pools(tmp_path_factory, ev, example):
    folder = tmp_path_factory.mktemp("pools")
    return {
        name: evidence.export(one, "metafor", folder / f"{name}.csv")
        for name, one in (("ours", ev), ("example", example))
    }


def test_metafor_rows_are_what_is_pooled_here(pools, ev):
    table = pd.read_csv(pools["ours"][0])
    for one in evidence.size_pools(ev):
        rows = table[table["pool_id"] == one.pool_id]
        np.testing.assert_allclose(rows["yi"], one.poolable.included["estimate"], rtol=1e-15)
        np.testing.assert_allclose(rows["vi"] ** 0.5, one.poolable.included["se"], rtol=1e-15)
        if one.result is not None:
            assert evidence.pool(rows["yi"], rows["vi"] ** 0.5).estimate == pytest.approx(
                one.result.estimate, rel=1e-12
            )
    assert table["source"].nunique() == 1 and f"version {VERSION}" in table["source"][0]


def test_the_script_is_short_and_says_what_it_does(pools):
    script = pools["example"][1].read_text(encoding="utf-8")
    assert (
        len(script.splitlines()) < 40
        and 'method = "REML", test = "knha"' in script
        and 'test = "adhoc"' in script
    )
    assert "Exercise training after a heart attack" in script and "example.csv" in script


@cache
def r_with_metafor() -> bool:
    return (
        bool(shutil.which("Rscript"))
        and subprocess.run(["Rscript", "-e", "library(metafor)"], capture_output=True).returncode
        == 0
    )


def test_the_script_gives_our_pools(pools, ev, example, tmp_path):
    """All pools of both data sets in one run of R, whose start takes longest."""
    if not r_with_metafor():
        pytest.skip("R with the package metafor is not installed")
    both = pd.concat([pd.read_csv(table, dtype="str") for table, _ in pools.values()])
    both.to_csv(tmp_path / "both.csv", index=False)
    script = pools["ours"][1]
    done = subprocess.run(
        ["Rscript", script.name, str(tmp_path / "both.csv")],
        cwd=script.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    theirs = pd.read_csv(io.StringIO(done.stdout)).set_index("pool_id")
    ours = pd.concat(
        [evidence.size_table(evidence.size_pools(one)) for one in (ev, example)]
    ).set_index("pool_id")
    ours = ours[ours["estimate"].notna()]
    assert sorted(theirs.index) == sorted(ours.index) and len(ours) >= 6
    numbers = [
        "k",
        "estimate",
        "ci_low",
        "ci_high",
        "prediction_low",
        "prediction_high",
        "tau2",
        "i2",
        "q",
    ]
    np.testing.assert_allclose(
        theirs.loc[ours.index, numbers], ours[numbers].astype(float), rtol=1e-6
    )


# --- as a user meets it ---


def test_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--format", "json", "--data", str(EXAMPLE), "phase=healed"]) == 0
    assert capsys.readouterr().out == "exercise-after-infarction.json\n"
    assert (
        len(
            json.loads((tmp_path / "exercise-after-infarction.json").read_text(encoding="utf-8"))[
                "tables"
            ]["studies"]
        )
        == 7
    )
    read = ["new", "again", "--from", "exercise-after-infarction.json"]
    assert main([*read, "--map", "Year=year"]) == 2  # nothing that was asked for is passed over
    assert "--map: not allowed, as exercise-after-infarction.json" in capsys.readouterr().err
    assert main([*read, "--yes"]) == 0
    assert len(evidence.load("again")) == 7 and evidence.check("again") == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["export", "--format", "pdf"], 2, "invalid choice: 'pdf'"),
        (["export", "--format", "xlsx", "--out", "set.csv"], 2, "does not have the ending .xlsx"),
        (
            ["export", "--format", "json", "phase=never", "--data", str(EXAMPLE)],
            2,
            "phase is never 'never'",
        ),
        (["select", "year=1800", "--data", str(EXAMPLE), "--out", "empty"], 2, "keeps no study"),
        (
            ["new", "again", "--from", str(EXAMPLE / "datapackage.json")],
            2,
            "is not a spreadsheet that can be read",
        ),
    ],
)
def test_wrong_use(tmp_path, monkeypatch, capsys, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    try:
        found = main(arguments)
    except SystemExit as stop:
        found = int(stop.code or 0)
    assert found == code and words in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_about_says_everything_that_the_dictionary_says(ev):
    """Caution and making among it, in every form that says anything of itself."""
    from evidence.exporting.about import about

    settings = ev.dictionary.settings
    package = {"title": "Tea", "version": "1", "created": "2026-01-31", "description": "Cups."}
    package |= {"evidence": {"caution": settings["caution"], "how_made": settings["how_made"]}}
    package |= {"licenses": [{"name": "CC-BY-4.0"}], "contributors": [{"title": "A"}]}
    lines = dict(about(package).lines)
    assert list(lines) == [
        *("Title", "Description", "Version", "Date of the data", "Made by", "How it was made"),
        *("Licence", "Cite as", "Caution", "Empty cells"),
    ]
    assert lines["Caution"] == settings["caution"] != ""
    assert lines["How it was made"] == settings["how_made"] != ""


@pytest.mark.parametrize("name", ["xlsx", "datapackage", "ro-crate"])
def test_exports_hold_caution_and_making(made, ev, name):
    path = made[name]
    if path.suffix == ".zip":
        text = zipfile.ZipFile(path).read("README.md").decode()
    else:
        sheet = openpyxl.load_workbook(path)["about"]
        text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    plain = lambda words: re.sub(r"[^A-Za-z]+", " ", words)
    for said in ("caution", "how_made"):
        assert plain(ev.dictionary.settings[said]).strip() in plain(text), said


def test_about_needs_little():
    assert about({"title": "T"}).citation == "T [data set]."
