"""Notebooks run as nobody were there; the comparison itself is the plugin of
`evidence.notebooks_true`.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

TESTS = Path(__file__).parent / "tests"
# For `import portion`, and for tests that import the guards.
sys.path[:0] = [str(TESTS), str(TESTS / "notebooks")]


def pytest_configure(config):
    os.environ["EVIDENCE_WIDGETS"] = (
        "off"  # the explorer shows no controls: nobody is there to click
    )
    _listen_to_ctrl_c()


def pytest_collection_finish(session):
    """What is there to stay is not looked at again and again: charts leave many objects behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


def _listen_to_ctrl_c():
    """A process that was started in the background by a plain shell ignores Ctrl-C, and so do all
    that it starts: the tests send it to some.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
