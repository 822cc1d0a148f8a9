"""Notebooks run as nobody were there; the comparison itself is the plugin of
`evidence.notebooks_true`.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).parent / "tests" / "notebooks")
)  # its tests import the guards


def pytest_configure(config):
    os.environ["EVIDENCE_WIDGETS"] = (
        "off"  # the explorer shows no controls: nobody is there to click
    )
    _listen_to_ctrl_c()


def _listen_to_ctrl_c():
    """A process that was started in the background by a plain shell ignores Ctrl-C, and so do all
    that it starts: the tests send it to some.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
