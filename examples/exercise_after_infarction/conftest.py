"""`pytest` in this folder checks the tables, runs the notebooks and compares all that they show.

`pytest --accept` writes what they show now into them.
"""

import os


def pytest_configure(config):
    os.environ["EVIDENCE_WIDGETS"] = "off"  # nobody is there to click
    config.option.true_notebooks = True
