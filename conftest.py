"""Notebooks run as nobody were there; the comparison itself is the plugin of
`evidence.notebooks_true`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).parent / "tests" / "notebooks")
)  # its tests import the guards


def pytest_configure(config):
    os.environ["EVIDENCE_WIDGETS"] = (
        "off"  # the explorer shows no controls: nobody is there to click
    )
