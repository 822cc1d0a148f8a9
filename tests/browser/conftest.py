"""A real browser and a built page, shared by all tests of a module.

The tests are skipped where Playwright or a browser is missing. With EVIDENCE_BROWSER=required, as
continuous integration sets it, that is a failure.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(
    0, str(Path(__file__).parent)
)  # for `from promised import ...`, whatever the import mode
from promised import BROWSERS, FLAGS, missing

LIVE = ("explore.html", "studies/index.html", "search.html")  # pages that scripts add to


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("no Playwright")
    path = os.environ.get("EVIDENCE_BROWSER_PATH") or next(
        filter(None, map(shutil.which, BROWSERS)), None
    )
    if path is None:
        missing(f"no browser ({', '.join(BROWSERS)})")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def site(shared_site: Path) -> Path:
    return shared_site


class Visit:
    """A page in a context of its own, with what it asked for and what it complained of: from a file
    path with the network off, or from a host.
    """

    def __init__(self, browser, site: Path, host: str = "", **options):
        self.start = host or site.as_uri()
        usual = {
            "viewport": {"width": 1280, "height": 900},
            "offline": not host,
            "reduced_motion": "reduce",  # where a click leads is looked at once
        }
        self.context = browser.new_context(accept_downloads=True, **usual | options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in ("error", "warning")
                else None
            ),
        )

    def open(self, path: str, address: str = ""):
        self.page.goto(f"{self.start}/{path}" + (f"#{address}" if address else ""))
        return self.page

    def drawn(self, path: str, address: str = ""):
        """A page with all that its scripts add."""
        self.open(path, address)
        if path in LIVE:
            self.page.wait_for_selector("html[data-ready='1']", state="attached")
        return self.page

    def explore(self, address: str = ""):
        """The page to explore, with its charts and its table drawn."""
        return self.drawn("explore.html", address)

    def close(self) -> None:
        """Nothing may have been asked of another place, and nothing complained of."""
        self.context.close()
        elsewhere = [
            url for url in self.requests if not url.startswith((self.start, "data:", "blob:"))
        ]
        assert not elsewhere and not self.complaints, (elsewhere, self.complaints)


@pytest.fixture(scope="module")
def explored(browser, site) -> Iterator[Visit]:
    """One visit to the page to explore, for tests that each choose a view."""
    one = Visit(browser, site)
    one.explore()
    yield one
    one.close()


@pytest.fixture(scope="module")
def searched(browser, site) -> Iterator[Visit]:
    """One visit to the page of the search, for tests that each look for something."""
    one = Visit(browser, site)
    one.drawn("search.html")
    yield one
    one.close()


@pytest.fixture(scope="module")
def plain(browser, site) -> Iterator[Visit]:
    """A visit without JavaScript, for what is the same on every page."""
    one = Visit(browser, site, java_script_enabled=False)
    yield one
    one.close()


@pytest.fixture(scope="module")
def walk(browser, site) -> Iterator[Visit]:
    """A visit that goes from page to page."""
    one = Visit(browser, site)
    yield one
    one.close()


@pytest.fixture
def visit(browser, site):
    """Makes visits, and closes them at the end; nothing may have been asked of another place, and
    nothing complained of.
    """
    made: list[Visit] = []

    def make(**options) -> Visit:
        made.append(Visit(browser, site, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
