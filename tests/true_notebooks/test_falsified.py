"""Fifteen falsifications of a foreign notebook are noticed, and two harmless changes are not."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from portion import portion

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.true_notebooks.falsifications import FALSE, HARMLESS, write_all
from benchmarks.true_notebooks.lessons import as_others_store

WORDS = {
    "a digit in text": "drinks.ipynb: cell 2 stdout differs",
    "a digit in HTML": "drinks.ipynb: cell 5 text/html differs",
    "the length of a bar": "drinks.ipynb: cell 8 the marks of the picture differ",
    "the meaning of two colours": "drinks.ipynb: cell 8 the marks of the picture differ",
    "a label of a picture": "drinks.ipynb: cell 8 the marks of the picture differ",
    "a number in prose": "drinks.ipynb: cell 6 states the number 17",
    "the output of another run": "drinks.ipynb: cell 7 text/plain differs",
    "a cleared cell": "drinks.ipynb: cell 5 holds no output, but shows text/html+text/plain",
    "the order of cells": "drinks.ipynb: cell 7 was run as number 5, not 4",
    "a hidden cell": "drinks.ipynb: cell 5 is hidden (source_hidden)",
    "a blank picture": "drinks.ipynb: cell 8 the stored picture is not the one",
    "an error passed over": "drinks.ipynb: cell 9 raises KeyError: 'cocoa'",
    "a misspelt marker": "drinks.ipynb: cell 2 has the unknown marker NBVAL_IGNORE_OUTPUTS",
    "a cell that was never run": "drinks.ipynb: cell 10 was never run",
    "a stale picture in the README": "README.md: cell 3 shows cups.png: the marks",
}
PICTURES = ["the length of a bar", "the meaning of two colours", "a label of a picture"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory, address):
    return write_all(tmp_path_factory.mktemp("falsified"), address)


def test_the_set_is_whole():
    assert len(FALSE) == len(WORDS) == 15 and set(FALSE) == set(WORDS) and len(HARMLESS) == 2


@pytest.mark.parametrize("name", portion(FALSE, 3))
def test_it_is_noticed_where_it_stands(folders, said, name):
    found = said(folders[name])
    assert any(line.startswith(WORDS[name]) for line in found), found


@pytest.mark.parametrize("name", ["unchanged", *HARMLESS])
def test_what_is_harmless_is_not(folders, said, name):
    assert said(folders[name]) == []


@pytest.mark.parametrize("name", ["unchanged", *PICTURES])
def test_pictures_without_marks_go_by_their_points(folders, said, name, tmp_path):
    """As any other program stores them."""
    shutil.copy(folders[name] / "drinks.ipynb", tmp_path)
    as_others_store(tmp_path / "drinks.ipynb")
    assert (tmp_path / "drinks.ipynb").read_bytes() != (folders[name] / "drinks.ipynb").read_bytes()
    found = said(tmp_path)
    assert bool(found) == (name in PICTURES), found
    assert all("cell 8 the stored picture is not the one" in line for line in found)
