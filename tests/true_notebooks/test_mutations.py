"""Random changes of foreign notebooks: each is noticed, or equal in what is shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from portion import number

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.true_notebooks.lessons import as_others_store, write_lessons
from benchmarks.true_notebooks.mutations import tried


@pytest.mark.parametrize("marks", [True, False], ids=["with marks", "by points"])
def test_none_survives(tmp_path, address, marks):
    paths = write_lessons(tmp_path, address)
    for path in [] if marks else paths:
        as_others_store(path)
    many = number(40, 4)
    outcomes = tried(paths, many, 7, address)
    assert [one for one in outcomes if not one.noticed and not one.equal] == []
    assert sum(bool(one.noticed) for one in outcomes) > 0.75 * many
