"""A part of a data set is a data set of its own: whole studies, rows as they stand, and every key
leads somewhere.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import evidence
from evidence.cli import main
from evidence.importing.new_folder import select_set


@pytest.fixture
def part(ev, tmp_path):
    chosen = ev.select(question="treatment", population="human", design="rct")
    select_set(chosen, tmp_path / "part", notebooks=False)
    return chosen, tmp_path / "part"


def test_it_is_valid_and_says_what_it_is_part_of(ev, part):
    chosen, folder = part
    assert evidence.check(folder) == []
    again = evidence.load(folder)
    assert again.studies["study_id"].to_list() == chosen.studies["study_id"].to_list()
    assert again.dictionary.settings["part_of"] == {
        "title": ev.dictionary.title,
        "version": ev.dictionary.version,
        "conditions": ["exercising with ALS", "people", "design: randomised trial"],
    }


def test_rows_and_entries_stand_as_they_stood(ev, part):
    _, folder = part
    for table in ev.dictionary.tables.values():
        whole = (
            (ev.dictionary.folder / table.file)
            .read_text(encoding="utf-8")
            .splitlines(keepends=True)
        )
        kept = (folder / table.file).read_text(encoding="utf-8").splitlines(keepends=True)
        assert kept[0] == whole[0] and [line for line in whole if line in set(kept)] == kept
    text, bibliography = (
        (place).read_text(encoding="utf-8")
        for place in (folder / "references.bib", ev.dictionary.bibliography)
    )
    entries = text.split("\n\n@")[1:]
    assert all(entry.rstrip("\n") in bibliography for entry in entries)
    again = evidence.load(folder)
    assert set(again.bibliography["key"]) == set(again.studies["study_id"]) | set(
        again.reviews["review_id"]
    )


def test_a_study_comes_whole(ev, tmp_path):
    chosen = ev.select(outcome_domain="fatigue")
    select_set(chosen, tmp_path / "part", notebooks=False)
    again = evidence.load(tmp_path / "part")
    studies = set(again.studies["study_id"])
    assert set(chosen.studies["study_id"]) == studies and len(again.findings) > len(chosen.findings)
    assert len(again.findings) == int(ev.findings["study_id"].isin(studies).sum())
    assert evidence.check(tmp_path / "part") == []


def test_an_abbreviation_anywhere_in_the_bibliography_stays(data, tmp_path):
    text = data.bibliography.read_text(encoding="utf-8")
    first, second = text.index("@article{aberg2018"), text.index("@article{aksu2002")
    text = (
        text[:second]
        + '@string{nj = "Some Journal"}\n\n'
        + text[second:].replace("journal   = {", "journal   = nj, old = {", 1)
    )
    data.bibliography.write_text(text, encoding="utf-8")
    assert first < second
    select_set(
        evidence.load(data.folder).select(study_id="aksu2002"), tmp_path / "part", notebooks=False
    )
    assert '@string{nj = "Some Journal"}' in (tmp_path / "part" / "references.bib").read_text(
        encoding="utf-8"
    )
    assert evidence.load(tmp_path / "part").bibliography["container"].to_list()[:1]


def test_rows_over_several_lines(data, tmp_path):
    rows = data.read("cohorts")
    rows[1][2] = "two\nlines"
    data.write("cohorts", rows)
    chosen = evidence.load(data.folder).select(cohort=rows[1][0])
    select_set(chosen, tmp_path / "part", notebooks=False)
    assert (tmp_path / "part" / "cohorts.csv").read_text(encoding="utf-8").count("\n") == 3
    assert evidence.load(tmp_path / "part").cohorts["description"].to_list() == ["two\nlines"]


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chosen=st.data())
def test_any_part_is_valid(ev, tmp_path_factory, chosen):
    ids = chosen.draw(
        st.lists(
            st.sampled_from(ev.studies["study_id"].to_list()), min_size=1, max_size=30, unique=True
        )
    )
    folder = tmp_path_factory.mktemp("part") / "set"
    select_set(ev.select(study_id=ids), folder, notebooks=False)
    assert evidence.check(folder) == []


def test_the_command(tmp_path, capsys):
    folder = tmp_path / "large"
    assert (
        main(
            [
                "select",
                "question=risk",
                "--min-sample-size",
                "1000",
                "--from-year",
                "2010",
                "--counted",
                "--out",
                str(folder),
            ]
        )
        == 0
    )
    err = capsys.readouterr().err
    assert (
        "at least 1,000 took part" in err and "not known)" in err and "Next: `evidence check" in err
    )
    assert main(["check", str(folder)]) == 0 and len(list((folder / "notebooks").iterdir())) == 3
    studies = evidence.load(folder).studies
    assert (
        studies["sample_size"].min() >= 1000
        and studies["year"].min() >= 2010
        and studies["counted"].all()
    )
