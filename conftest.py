"""Notebooks run as nobody were there; the comparison itself is the plugin of
`evidence.notebooks_true`.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent / "tests"
# For `import portion`, and for tests that import the guards.
sys.path[:0] = [str(TESTS), str(TESTS / "notebooks")]


def pytest_configure(config):
    os.environ["EVIDENCE_WIDGETS"] = (
        "off"  # the explorer shows no controls: nobody is there to click
    )
    # Thousands of files are written and read again at once: nobody waits until the disk has them.
    # That it is asked for is tested with functions of the tests' own, and kills with processes.
    os.fsync = lambda handle: None
    _listen_to_ctrl_c()


def pytest_collection_finish(session):
    """What is there to stay is not looked at again and again: charts leave many objects behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.fixture(scope="session")
def tables_of_examples():
    """The tables of this repository, for all examples that stand in the code."""
    import evidence

    return evidence.load()


@pytest.fixture(autouse=True)
def examples_share_the_tables(request):
    """Nearly every example in the code begins with the same tables. They cannot be changed, so one
    of them is given to all; only the examples of loading itself load.
    """
    if not isinstance(request.node, pytest.DoctestItem) or request.path.name == "loading.py":
        return
    import evidence

    load, own = evidence.load, request.getfixturevalue("tables_of_examples")
    monkeypatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setattr(evidence, "load", lambda *where: load(*where) if where else own)


def _listen_to_ctrl_c():
    """A process that was started in the background by a plain shell ignores Ctrl-C, and so do all
    that it starts: the tests send it to some.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
