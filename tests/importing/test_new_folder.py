"""A new data set is empty and valid, refuses to write over anything, and runs its own notebooks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

import evidence
from evidence.cli import main
from evidence.display.gallery import GALLERY
from evidence.importing.new_dictionary import BASIC
from evidence.importing.new_folder import new_set
from evidence.model.schema import known_tables
from evidence.notebooks.run import run_notebooks
from evidence.tables.dictionary_file import read_dictionary


@pytest.fixture(scope="module")
def tea(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "tea"
    new_set(folder, question="Does tea help?", created="2026-01-31")
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "whole"
    new_set(folder, "Whole", tables=["all"])
    return folder


@pytest.fixture(scope="module")
def empty(tea, whole) -> list[evidence.Evidence]:
    return [evidence.load(tea), evidence.load(whole)]


def test_it_is_valid_and_says_what_it_is(tea):
    assert evidence.check(tea) == []
    ev = evidence.load(tea)
    assert set(ev.tables) == set(BASIC) and len(ev) == 0
    assert ev.dictionary.title == "Tea" and ev.labels("question") == {"main": "Does tea help?"}
    assert (
        json.loads((tea / "datapackage.json").read_text(encoding="utf-8"))["created"]
        == "2026-01-31T00:00:00Z"
    )
    assert {path.name for path in tea.iterdir()} >= {
        "CODEBOOK.md",
        "references.bib",
        "search.toml",
        "notebooks",
    }


def test_with_all_tables_it_is_valid_too(whole):
    assert evidence.check(whole) == []
    assert set(evidence.load(whole).tables) == set(known_tables())


def test_types_of_new_sets_are_those_of_the_curated_tables():
    ours = read_dictionary(Path(__file__).parents[2] / "data")
    for name, known in known_tables().items():
        for column in known.columns.values():
            if name in ours.tables and column.name in ours.tables[name]:
                found = ours.tables[name].by_name[column.name]
                assert found.type == column.type, (name, column.name)


def test_a_second_set_has_the_same_bytes(tea, tmp_path):
    new_set(tmp_path / "tea", question="Does tea help?", created="2026-01-31")
    for path in tea.rglob("*.*"):
        assert (tmp_path / "tea" / path.relative_to(tea)).read_bytes() == path.read_bytes(), (
            path.name
        )


@pytest.mark.parametrize("name", [entry.name for entry in GALLERY])
def test_every_chart_says_that_there_is_nothing_yet(empty, name):
    for ev in empty:
        shown = evidence.chart_or_note(ev, name)
        assert name == "study_flow" or str(shown).startswith("Not drawn: ")


def test_the_explorer_says_that_there_is_nothing_yet(empty):
    for ev in empty:
        explorer = evidence.explore(ev, widgets=True)
        assert "No study meets all these conditions." in repr(explorer) and "Empty" not in repr(
            explorer
        )
        assert json.loads(explorer.board().widget.data)["studies"]["id"] == []


def test_its_notebooks_run_on_empty_tables(tea, tmp_path, capsys):
    """All cells of the three in one kernel; that each runs alone and passes the guards is seen on a
    filled set (test_incoming).
    """
    parts = [
        nbformat.read(path, as_version=4) for path in sorted((tea / "notebooks").glob("*.ipynb"))
    ]
    whole = parts[0]
    whole.cells = [cell for part in parts for cell in part.cells]
    for number, cell in enumerate(whole.cells):
        cell["id"] = f"cell-{number}"
    (tmp_path / "set" / "notebooks").mkdir(parents=True)
    for name in (
        "datapackage.json",
        "studies.csv",
        "findings.csv",
        "known_issues.csv",
        "references.bib",
    ):
        shutil.copy(tea / name, tmp_path / "set" / name)
    nbformat.write(whole, tmp_path / "set" / "notebooks" / "all.ipynb")
    (done,) = run_notebooks(data=str(tmp_path / "set"), out=tmp_path)
    assert len(parts) == 3 and "shows something else" not in capsys.readouterr().err, (
        "a notebook that was never run shows nothing else"
    )
    text = done.read_text(encoding="utf-8")
    assert (
        "No study is counted yet." in text
        and text.count("Not drawn: ") >= 8
        and "All studies of the table: no rows" in text
    )


def test_the_command(tmp_path, capsys):
    folder = tmp_path / "new-set"
    assert (
        main(["new", str(folder), "--title", "A title", "--with", "readings", "--no-notebooks"])
        == 0
    )
    assert main(["check", str(folder)]) == 0
    assert "readings" in evidence.load(folder).tables and not (folder / "notebooks").exists()
    capsys.readouterr()
    assert main(["balance", "--data", str(folder)]) == 0
    assert "No study is counted yet: add rows to studies.csv." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [([], "is not empty"), (["--with", "dragons"], "no table 'dragons'; tables: arms, harms")],
)
def test_wrong_use(tmp_path, capsys, options, words):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine", encoding="utf-8")
    folder = tmp_path / ("full" if not options else "other")
    assert main(["new", str(folder), *options]) == 2 and words in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["file"] and not (
        tmp_path / "other"
    ).exists()
