"""What the tests of the charts share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(
    0, str(Path(__file__).parent)
)  # for `from layout import ...`, whatever the import mode


def pytest_collection_modifyitems(items):
    """No chart may raise a warning."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"))


@pytest.fixture(scope="session")
def words(ev):
    """Their words."""
    import evidence

    return evidence.charts.words(ev)


@pytest.fixture(params=["web", "slide", "paper", "print"])
def size(request):
    """Each of the sizes in turn."""
    return request.param


@pytest.fixture
def assert_same_bytes(tmp_path):
    """A function that draws and saves a chart twice as SVG, which holds every mark and word, and
    compares the files.

    That PNG and PDF keep the bytes too is the same code for every chart, tested with the chart
    pack.
    """

    def check(draw):
        one, other = (draw().save(tmp_path / f"{number}.svg").read_bytes() for number in range(2))
        assert one == other, "two runs differ"
        assert len(one) > 1000

    return check
