"""A server of kernels, and what a notebook is said to have wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from evidence.notebooks_true.kernel import Server, can_fork  # noqa: E402
from evidence.notebooks_true.plugin import PRELOAD  # noqa: E402
from evidence.notebooks_true.running import run_sheet  # noqa: E402
from evidence.notebooks_true.settings import settings_for  # noqa: E402
from evidence.notebooks_true.sheet import read_sheet  # noqa: E402
from evidence.notebooks_true.verdict import faults  # noqa: E402


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Of a server; empty where kernels are not forked."""
    if not can_fork():
        yield ""
        return
    server = Server(PRELOAD)
    yield server.address
    server.stop()


@pytest.fixture(scope="session")
def said(address: str) -> Callable[[Path], list[str]]:
    """What is wrong with the notebooks and pages of a folder."""

    def of(folder: Path) -> list[str]:
        found = []
        for path in sorted([*folder.glob("*.ipynb"), *folder.glob("*.md")]):
            sheet, settings = read_sheet(path), settings_for(path, folder)
            run = run_sheet(sheet, settings, address)
            found += [f"{path.name}: {fault}" for fault in faults(sheet, run, settings)]
        return found

    return of
