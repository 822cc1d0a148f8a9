"""Fixtures that all tests share."""

from __future__ import annotations

import csv
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from portion import number

import evidence

# What is drawn is the same in each run, and no clock decides, so that a test that fails has found
# something; EVIDENCE_EXPLORE=1 draws anew.
hypothesis.settings.register_profile(
    "steady",
    derandomize="EVIDENCE_EXPLORE" not in os.environ,
    deadline=None,
    database=None,
    max_examples=number(100, 30),
)
hypothesis.settings.load_profile("steady")

ROOT = Path(__file__).resolve().parents[1]
CHARTS_OF_THE_PAGE = ["headline", "balance"]


# The files that take longest begin first, so that no process is left with one of them at the end;
# one file in a browser begins early, as the page that it builds is waited for by the others.
LONGEST = [
    "browser/test_explore.py",
    "test_cli.py",
    "true_notebooks/test_plugin.py",
    "zoo/test_edges.py",
    "zoo/test_poison.py",
    "test_interrupt.py",
    "exporting/test_exports.py",
    "literature/test_parallel.py",
    "browser/test_lab.py",
    "browser/test_pages.py",
    "site/test_site.py",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order in which all are done soonest."""
    rank = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built page, made once for all workers; some charts of the gallery stand for all."""
    from evidence.notebooks.run import find_notebooks
    from evidence.site.build import write_site

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, claim = shared / "site", shared / "site.claimed"
    try:
        claim.mkdir()
    except FileExistsError:
        for _ in range(3000):
            if folder.is_dir():
                return folder
            time.sleep(0.1)
        pytest.fail("the page was not built in time", pytrace=False)
    write_site(evidence.load(), folder, find_notebooks(ROOT / "notebooks")[:1], CHARTS_OF_THE_PAGE)
    return folder


@pytest.fixture(scope="session")
def ev() -> evidence.Evidence:
    return evidence.load()


# Rows for the tables that have none yet: no service was asked so far.
FIRST_ROWS = {
    "source_status": [
        "abel2007:pubmed",
        "studies",
        "abel2007",
        "pubmed",
        "17879657",
        "2026-01-31",
        "matches",
        "none",
        "no differences",
        "https://doi.org/10.1/notice",
    ],
    "reconciliations": [
        "abel2007:design",
        "abel2007:design",
        "cross_sectional",
        "cohort",
        "changed",
        "Players were followed.",
        "https://example.org/1",
    ],
    "adjudications": [
        "2026-01-31T10:00:00Z:abel2007:design",
        "abel2007:design",
        "studies",
        "abel2007",
        "design",
        "right",
        "cohort",
        "A. Reader",
        "2026-01-31T10:00:00Z",
        "page 1",
    ],
    "searches": [
        "2026-01-31:risk_pubmed",
        "2026-01-31",
        "risk_pubmed",
        "2025-01-31",
        "risk",
        "pubmed",
        "10",
        "1",
        "2",
        "3",
        "4",
    ],
}


class DataCopy:
    """A copy of the data and the bibliography that a test may spoil."""

    def __init__(self, folder: Path, source: Path = ROOT):
        self.folder = folder / "data"
        self.bibliography = folder / "references.bib"
        shutil.copytree(source / "data", self.folder)
        shutil.copy(source / "references.bib", self.bibliography)

    def read(self, table: str) -> list[list[str]]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table: str, rows: list[list[str]]) -> None:
        with (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def fill(self, table: str) -> None:
        """A first row, where the table has none."""
        rows = self.read(table)
        if len(rows) == 1:
            self.write(table, [*rows, FIRST_ROWS[table]])

    def change(self, table: str, row: str | int, /, **cells: str) -> int:
        """Change cells of the row with that id, or with that number; returns its line (no cell of
        the tables holds a line break).
        """
        rows = self.read(table)
        header = rows[0]
        number = (
            row
            if isinstance(row, int)
            else next(i for i, cells_of_row in enumerate(rows) if cells_of_row[0] == row)
        )
        for column, value in cells.items():
            rows[number][header.index(column)] = value
        self.write(table, rows)
        return number + 1

    def edit_bibliography(self, change: Callable[[str], str]) -> None:
        self.bibliography.write_text(
            change(self.bibliography.read_text(encoding="utf-8")), encoding="utf-8"
        )

    def faults(self) -> list[evidence.Fault]:
        return evidence.check(self.folder)

    def places(self) -> set[tuple[str, int, str]]:
        """File name, line and column of every fault."""
        return {(Path(fault.file).name, fault.line, fault.column) for fault in self.faults()}


@pytest.fixture(scope="session")
def data_copy() -> type[DataCopy]:
    """For tests that copy another data set."""
    return DataCopy


@pytest.fixture
def data(tmp_path: Path) -> DataCopy:
    return DataCopy(tmp_path)
