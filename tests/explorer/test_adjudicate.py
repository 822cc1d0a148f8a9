"""The screen for decisions: one key a verdict, every decision a line more, nothing else changed."""

from __future__ import annotations

import csv

import pytest

import evidence
from evidence.explorer.cells import cells_of


@pytest.fixture
def folder(data):
    return data.folder


@pytest.fixture
def desk(folder):
    return evidence.adjudicate(
        evidence.load(folder), sample=6, who="A. Reader", widgets=False
    ).desk()


def rows(folder) -> list[dict[str, str]]:
    with (folder / "adjudications.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_key_a_verdict(desk, folder):
    first, second, third = desk.cells[:3]
    before = {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.name != "adjudications.csv"
    }
    desk.key.value = "r"
    desk.value.value, desk.why.value = "another value", "page 2"
    desk.key.value = "W"  # capital or small
    desk.key.value = "c"
    found = rows(folder)
    assert [row["verdict"] for row in found] == ["right", "wrong", "cannot_tell"]
    assert [row["reading_id"] for row in found] == [
        first.reading_id,
        second.reading_id,
        third.reading_id,
    ]
    assert [row["value"] for row in found] == [first.value, "another value", ""]
    assert [row["why"] for row in found] == ["", "page 2", ""] and {
        row["who"] for row in found
    } == {"A. Reader"}
    assert desk.place == 3 and desk.key.value == "" and desk.value.value == ""
    assert {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.name != "adjudications.csv"
    } == before
    assert evidence.check(folder) == []


def test_a_cell_shows_everything_a_person_needs(desk):
    cell = desk.cells[0]
    text = desk.shown.value
    for said in (
        cell.study,
        cell.title,
        "The table says",
        "First reading",
        "Second reading",
        "Third reading",
    ):
        assert said in text
    assert cell.link and f'href="{cell.link}"' in text and 'rel="noopener"' in text


def test_skip_and_back_write_nothing(desk, folder):
    for letter in "ssb":
        desk.key.value = letter
    assert desk.place == 1 and rows(folder) == []
    desk.key.value = "x"
    assert desk.place == 1 and rows(folder) == []


def test_a_changed_mind_is_a_further_line(desk, folder):
    for letter in "rbw":
        desk.key.value = letter
    first, second = rows(folder)
    assert (first["verdict"], second["verdict"]) == ("right", "wrong")
    assert first["reading_id"] == second["reading_id"]
    table = evidence.accuracy(evidence.load(folder), "adjudications")
    assert table.iloc[-1][["checked", "right"]].to_list() == [1, 0]


def test_without_a_name_nothing_is_kept(desk, folder):
    desk.who.value = "  "
    desk.buttons["r"].click()
    assert "Type your name first" in desk.told.value and desk.place == 0 and rows(folder) == []


def test_at_the_end(desk, folder):
    for _ in range(9):
        desk.press("r")
    assert len(rows(folder)) == 6 and "All 6 cells were seen" in desk.shown.value


def test_the_next_day_begins_where_one_stopped(desk, folder):
    desk.press("r")
    desk.press("r")
    again = evidence.adjudicate(evidence.load(folder), sample=6, who="A. Reader", widgets=False)
    assert again.desk().place == 2 and again.cells == tuple(desk.cells)
    other = evidence.adjudicate(evidence.load(folder), sample=6, who="Somebody else", widgets=False)
    assert other.desk().place == 0


def test_words_of_the_data_are_not_markup(desk):
    from dataclasses import replace

    from evidence.explorer.adjudicate import cell_html

    odd = replace(desk.cells[0], statement="<script>x</script>", study="<b>", value="<i>")
    text = cell_html(odd, {}, "Cell 1")
    assert "<script>" not in text and "&lt;script&gt;" in text and "&lt;b&gt;" in text


def test_the_sample_is_the_same_for_everybody_and_of_counted_studies(ev):
    cells = cells_of(ev, 300)
    assert cells == cells_of(ev, 300) and cells != cells_of(ev, 300, seed=2)
    assert len({cell.reading_id for cell in cells}) == 300
    counted = set(ev.studies.loc[ev.studies["counted"], "study_id"])
    assert {cell.reading_id.split(":")[0].split("-")[0] for cell in cells} <= counted
    assert all(any(value for _, value in cell.readings) for cell in cells)


def test_every_cell_is_one_of_the_tables(ev):
    keys = {"studies": "study_id", "findings": "finding_id"}
    ids = {name: set(ev.tables[name][key]) for name, key in keys.items()}
    for cell in cells_of(ev, 10_000):
        assert cell.id in ids[cell.table] and cell.field in ev.tables[cell.table]


def test_the_main_finding_is_decided_on_the_finding(ev):
    readings = ev.tables["readings"]
    row = readings.iloc[[0]].astype({"field": "object"})
    row["field"], row["reading_id"], row["finding_id"] = (
        "primary_finding",
        "abel2007:primary_finding",
        None,
    )
    row["study_id"], row["third_reading"] = "abel2007", "abel2007-1"
    (cell,) = cells_of(ev.with_tables({**ev.tables, "readings": row}), 5)
    assert (cell.table, cell.id, cell.field, cell.value) == (
        "findings",
        "abel2007-1",
        "is_primary",
        "true",
    )


def test_wrong_use(ev):
    for bad in (0, -1, 2.5):
        with pytest.raises(evidence.UsageError, match="sample"):
            evidence.adjudicate(ev, sample=bad)
    with pytest.raises(evidence.UsageError, match="no reading"):
        evidence.adjudicate(
            ev.with_tables({**ev.tables, "readings": ev.tables["readings"].iloc[:0]})
        )


def test_where_nobody_can_click_it_is_a_sentence(ev, capsys):
    evidence.adjudicate(ev, sample=3, widgets=False)._ipython_display_()
    assert capsys.readouterr().out.startswith("3 cells to decide on")
