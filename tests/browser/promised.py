"""Which browser is taken, and what becomes of a test for which there is none."""

from __future__ import annotations

import os

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox, because continuous integration runs as root; the rest keeps the browser from calling
# home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(what: str) -> None:
    """Skip, or fail where a browser was promised."""
    message = (
        f"{what}: install it with `make browser`, and Chromium (Debian: apt-get install chromium)"
    )
    if os.environ.get("EVIDENCE_BROWSER") == "required":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
