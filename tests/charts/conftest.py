"""What the tests of the charts share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for `from layout import ...`, whatever the import mode


def pytest_collection_modifyitems(items):
    """No chart may raise a warning."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"))


@pytest.fixture(scope="session")
def ev():
    """The tables of this repository."""
    import evidence

    return evidence.load()


@pytest.fixture(scope="session")
def words(ev):
    """Their words."""
    import evidence

    return evidence.charts.words(ev)


@pytest.fixture(params=["web", "paper", "slide"])
def size(request):
    """Each of the sizes in turn."""
    return request.param


@pytest.fixture
def assert_same_bytes(tmp_path):
    """A function that draws and saves a chart twice, in each format, and compares the files."""

    def check(draw):
        first, second = draw(), draw()
        for ending in ("png", "svg", "pdf"):
            one, other = (chart.save(tmp_path / f"{number}.{ending}").read_bytes() for number, chart in enumerate((first, second)))
            assert one == other, f"two runs differ as {ending}"
            assert len(one) > 1000

    return check
