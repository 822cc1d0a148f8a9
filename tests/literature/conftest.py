"""What the tests of the network share: a server on this machine, settings that lead to it, and
services that know every entry of the data set.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(
    0, str(Path(__file__).parent)
)  # for `from server import ...`, whatever the import mode

from on_this_machine import paper_of, quick
from server import Paper, Server
from small import make_small

import evidence
from evidence.literature.asking import Asking
from evidence.literature.settings import Settings


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def settings(server, tmp_path) -> Settings:
    """Short waits; everything else as in real life."""
    return quick(server, tmp_path / "cache")


@pytest.fixture
def asking(settings):
    with Asking(settings) as open_asking:
        yield open_asking


@pytest.fixture
def commands(server, tmp_path, monkeypatch):
    """Commands of this process find the server, and a cache of their own."""
    for name, value in (server.environment | {"EVIDENCE_CACHE": str(tmp_path / "cache")}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("EVIDENCE_CONTACT", raising=False)
    monkeypatch.delenv("EVIDENCE_NCBI_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def small(root, tmp_path_factory) -> Path:
    """Folder of the small data set."""
    folder = tmp_path_factory.mktemp("small")
    make_small(root, folder)
    return folder


@pytest.fixture
def data(small, data_copy, tmp_path):
    """A copy of the small data set that a test may spoil."""
    return data_copy(tmp_path, small)


@pytest.fixture
def whole(data_copy, tmp_path):
    """A copy of the real tables."""
    return data_copy(tmp_path / "whole")


def with_numbers(ev: evidence.Evidence) -> list[Paper]:
    table = ev.bibliography.astype("object").where(ev.bibliography.notna(), None)
    return [paper_of(row) for row in table.itertuples() if row.doi or row.pmid]


@pytest.fixture(scope="session")
def papers(small) -> list[Paper]:
    """All entries of the small data set that have a number, as the services would know them."""
    return with_numbers(evidence.load(small))


@pytest.fixture(scope="session")
def all_papers(ev) -> list[Paper]:
    """The same of the real tables."""
    return with_numbers(ev)
