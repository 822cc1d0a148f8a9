"""The tables of this data set have no fault, and its notebooks are there to be compared."""

from pathlib import Path

import evidence

FOLDER = Path(__file__).parent


def test_the_tables_have_no_fault():
    assert [str(fault) for fault in evidence.check(FOLDER)] == []


def test_there_are_notebooks(pytestconfig):
    assert list(FOLDER.glob("notebooks/*.ipynb")) and pytestconfig.option.true_notebooks
