"""How fast the web page is in a real browser: first view from cold, its weight, and how soon a
filter shows. Prints; tests nothing.

Run ``python -m benchmarks.site`` (needs ``make browser`` and Chromium). With numbers of findings
after it, generated tables of those sizes are measured beside the real one: ``python -m
benchmarks.site 15000``.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

import evidence
from benchmarks.generate import generate
from evidence.site.build import write_site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
REPEATS = 5
LATER = ("/vega.js", "/specs.js")  # what is asked for once the first view is there
# From the click of a box until numbers, table and charts are there and a frame has been painted.
REACTION = """async () => {
  const boxes = [...document.querySelectorAll("input[data-column=design], input[data-column=population], input[name=lens]")];
  const taken = [];
  for (const box of [...boxes, ...boxes]) {
    if (box.disabled) continue;
    const start = performance.now();
    box.click();
    await Explore.drawing;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    taken.push(performance.now() - start);
  }
  return taken;
}"""
PAINT = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
  .observe({ type: "largest-contentful-paint", buffered: true }))"""


def start(playwright: Playwright) -> Browser:
    """A new browser: nothing is warm."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)


def first_view(playwright: Playwright, address: str) -> tuple[float, float, int, int]:
    """Seconds until the largest part of the first view is painted, and until all is ready; bytes
    read for either.
    """
    browser = start(playwright)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    files: list[str] = []
    page.on("request", lambda request: files.append(request.url))
    began = time.perf_counter()
    page.goto(address)
    painted = page.evaluate(PAINT) / 1000
    if "explore" in address:
        page.wait_for_selector("html[data-ready='1']", state="attached", timeout=60_000)
    ready = time.perf_counter() - began
    sizes = {
        url: Path(url.removeprefix("file://")).stat().st_size
        for url in files
        if url.startswith("file:")
    }
    browser.close()
    first = sum(size for url, size in sizes.items() if not url.endswith(LATER))
    return painted, ready, first, sum(sizes.values())


def reactions(page: Page) -> list[float]:
    """Milliseconds of each change of a filter."""
    page.wait_for_selector("html[data-ready='1']", state="attached", timeout=60_000)
    return page.evaluate(REACTION)


def measure(playwright: Playwright, name: str, ev: evidence.Evidence, folder: Path) -> None:
    """Build the page of a data set and print what it takes."""
    began = time.perf_counter()
    first = write_site(ev, folder / name, charts=["balance"]).resolve()
    print(
        f"{name}: {len(ev)} studies, built in {time.perf_counter() - began:.1f} s (one chart of the"
        " gallery)"
    )
    for path in (first, first.with_name("explore.html")):
        views = [first_view(playwright, path.as_uri()) for _ in range(REPEATS)]
        painted, ready = (statistics.median(view[i] for view in views) for i in range(2))
        print(
            f"  {path.name:14} painted {painted:5.2f} s, {views[0][2] / 1e6:5.2f} MB;"
            f" all ready {ready:5.2f} s, {views[0][3] / 1e6:5.2f} MB"
        )
    browser = start(playwright)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(first.with_name("explore.html").as_uri())
    rounds = [reactions(page) for _ in range(REPEATS)]
    taken = [min(times) for times in zip(*rounds, strict=True)]
    print(
        f"  a filter shows in {statistics.median(taken):.0f} ms (median), {max(taken):.0f} ms at most"
        f" (fastest of {REPEATS} runs of each click)"
    )
    browser.close()


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.site", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "findings",
        nargs="*",
        type=int,
        metavar="N",
        help="also a generated table of so many findings; 13560 have 5000 studies",
    )
    sizes = parser.parse_args().findings
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        measure(playwright, "real", evidence.load(), folder)
        for findings in sizes:
            measure(
                playwright,
                f"made-{findings}",
                evidence.load(generate(folder / f"set-{findings}", findings)),
                folder,
            )


if __name__ == "__main__":
    main()
