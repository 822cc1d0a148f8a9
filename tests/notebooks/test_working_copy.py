"""What is run and saved in the working copy of the lessons changes no source."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from evidence.notebooks import run
from evidence.notebooks.working_copy import RECORD, working_copy

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "set" / "notebooks"
    folder.mkdir(parents=True)
    (folder / "01_one.ipynb").write_text("{}", encoding="utf-8")
    (folder / "02_two.ipynb").write_text("{}", encoding="utf-8")
    (folder.parent / "studies.csv").write_text("study_id\n", encoding="utf-8")
    return folder


def test_it_is_a_copy_with_the_tables(source):
    folder, kept = working_copy(source)
    assert folder == source.parent / "build" / "lab" / "notebooks" and kept == 0
    assert {path.name for path in folder.iterdir()} == {"01_one.ipynb", "02_two.ipynb"}
    assert (folder.parent / "studies.csv").is_file()


def test_changed_work_is_never_written_over(source):
    folder, _ = working_copy(source)
    (folder / "01_one.ipynb").write_text('{"mine": 1}', encoding="utf-8")
    (source / "01_one.ipynb").write_text('{"new": 1}', encoding="utf-8")
    (source / "02_two.ipynb").write_text('{"new": 2}', encoding="utf-8")
    _, kept = working_copy(source)
    assert (folder / "01_one.ipynb").read_text(encoding="utf-8") == '{"mine": 1}' and kept == 1
    assert (folder / "02_two.ipynb").read_text(encoding="utf-8") == '{"new": 2}'
    assert (source / "01_one.ipynb").read_text(encoding="utf-8") == '{"new": 1}'


@pytest.mark.parametrize("record", ["{", "[1]", '"x"', "[" * 9000, "\udcff"])
def test_a_damaged_record_counts_as_none(source, record):
    """What equals its source is renewed later; changed work is left alone."""
    folder, _ = working_copy(source)
    (folder / "01_one.ipynb").write_text('{"mine": 1}', encoding="utf-8")
    written = folder.parent / RECORD
    written.write_text(record, encoding="utf-8", errors="surrogateescape")
    _, kept = working_copy(source)
    assert (folder / "01_one.ipynb").read_text(encoding="utf-8") == '{"mine": 1}' and kept == 1
    (source / "02_two.ipynb").write_text('{"new": 2}', encoding="utf-8")
    working_copy(source)
    assert (folder / "02_two.ipynb").read_text(encoding="utf-8") == '{"new": 2}'


def test_every_link_of_the_lessons_holds_in_the_copy(tmp_path):
    folder, _ = working_copy(ROOT / "notebooks", tmp_path / "lab")
    links = {
        (path, target)
        for path in folder.glob("*.ipynb")
        for target in re.findall(
            r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text(encoding="utf-8")
        )
        if target.endswith((".md", ".ipynb"))
    }
    assert len(links) > 20
    assert not [target for path, target in links if not (path.parent / target).is_file()]


def test_lab_opens_the_first_notebook_of_the_copy(source, monkeypatch, capsys):
    asked = []
    server = SimpleNamespace(wait=lambda: 0)
    monkeypatch.setattr(run.subprocess, "Popen", lambda line, env: asked.append(line) or server)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setattr(run, "notebook_folder", lambda data: source)
    assert run.open_lab(options=["--no-browser"]) == 0
    (line,) = asked
    assert line[0] == sys.executable and line[-1] == "--no-browser"
    assert "--LabApp.default_url=/lab/tree/notebooks/01_one.ipynb" in line
    assert f"--ServerApp.root_dir={(source.parent / 'build' / 'lab').resolve()}" in line
    assert "Working copy" in capsys.readouterr().err
