"""Every kind of page: accessible, offline, without complaint, readable when narrow, large, on paper
and without JavaScript.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from urllib.parse import unquote

import pytest
from portion import portion

import evidence

# One of each kind.
PAGES = [
    "index.html",
    "questions/risk.html",
    "questions/harm.html",
    "questions/slow.html",
    "explore.html",
    "search.html",
    "topics/index.html",
    "glossary.html",
    "topics/sport-soccer.html",
    "topics/outcome-domain-function.html",
    "claims.html",
    "sure.html",
    "studies/index.html",
    "studies/aberg2018.html",
    "studies/chancellor1993.html",
    "charts/index.html",
    "notebooks/index.html",
    "notebooks/01_start_here.html",
    "method.html",
    "cite.html",
]


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, as the package carries it."""

    import axe_playwright_python

    return resources.files(axe_playwright_python).joinpath("axe.min.js").read_text(encoding="utf-8")


CHECK = """() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], preload: false })
.then(({ violations, passes }) => [passes.length, violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 200))])])"""


@pytest.mark.parametrize("path", portion(PAGES, 6))
def test_axe_finds_nothing(walk, axe, path):
    walk.page.set_viewport_size({"width": 1280, "height": 900})
    page = walk.drawn(path)
    if path == "explore.html":
        page.evaluate(
            "() => document.querySelectorAll('details').forEach((part) => { part.open = true; })"
        )
        page.get_by_label("Randomised trial").check()
        page.locator("button.count").first.click()
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        checks, violations = page.evaluate(CHECK)
        assert checks > 10 and violations == [], scheme


@pytest.mark.parametrize("path", portion(PAGES, 2))
def test_narrow_screens_scroll_only_down(walk, path):
    """At 320 px, which also is what is left of 640 px at 200 %."""
    walk.page.set_viewport_size({"width": 320, "height": 640})
    page = walk.drawn(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().right") <= 320


MOVED = (
    "window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
    " moved += one.value; }).observe({ type: 'layout-shift', buffered: true });"
)


@pytest.mark.parametrize(
    "path", portion(["index.html", "explore.html", "studies/index.html", "charts/index.html"], 3)
)
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_it_loads(browser, site, path, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_init_script(MOVED)
    page = context.new_page()
    page.goto((site / path).as_uri())
    page.wait_for_selector(
        "html[data-ready='1']" if path in ("explore.html", "studies/index.html") else "h1",
        state="attached",
    )
    page.wait_for_timeout(150)
    moved = page.evaluate("moved")
    context.close()
    assert moved == 0


def test_nothing_moves_while_the_answers_come_in_bit_by_bit(visit, site):
    with hosted(partial(Slow, directory=str(site))) as address:
        one = visit(host=address)
        one.page.add_init_script(MOVED)
        page = one.open("index.html")
        page.wait_for_timeout(150)
        assert page.evaluate("moved") == 0
        assert page.locator(".card").last.is_visible()


LINKED = (
    "all => all.map((one) => one.getAttribute('href') || one.getAttribute('src') ||"
    " one.getAttribute('srcset'))"
)
ANCHORS = (
    "all => all.map((one) => one.getAttribute('href').slice(1)).filter((id) =>"
    " !document.getElementById(id))"
)


@pytest.mark.parametrize("path", portion(PAGES, 2))
def test_links_lead_somewhere_and_nothing_reads_as_advice(plain, site, path):
    page = plain.open(path)
    for address in page.eval_on_selector_all(
        "a[href], img, source, script[src], link[href]", LINKED
    ):
        if not re.match(r"https?:|data:|#", address):
            assert (
                (site / path).parent.joinpath(unquote(re.sub(r"[#?].*$", "", address))).is_file()
            ), address
    assert page.eval_on_selector_all("a[href^='#']", ANCHORS) == []
    text = page.locator("body").inner_text().lower()
    assert "not medical advice" in text
    assert not re.search(r"\b(you should (exercise|train|avoid)|we recommend|safe for you)\b", text)


def test_from_a_web_host_under_any_path(visit, site):
    with hosted(partial(Quiet, directory=str(site.parent))) as address:
        page = visit(host=f"{address}/{site.name}").explore("question=risk")
        page.get_by_role("link", name="Studies", exact=True).first.click()
        page.wait_for_selector("html[data-ready='1']", state="attached")
        page.locator("#studies tbody a").first.click()
        assert page.locator("h1").inner_text() == "Abel 2007"


@contextmanager
def hosted(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_without_javascript(plain, ev):
    page = plain.open("explore.html")
    assert (
        page.locator("figure img").first.is_visible() and not page.locator("#filters").is_visible()
    )
    assert page.locator("#studies tbody tr").count() == int(ev.studies["counted"].sum())
    assert page.locator("#studies tbody tr").last.is_visible()
    assert "needs JavaScript" in page.locator("main").inner_text()
    first = plain.open("index.html")
    assert first.locator("img").first.evaluate(
        "image => image.complete && image.naturalWidth > 300"
    )
    assert first.locator(".card").count() == len(ev.tables["questions"])
    assert "more ALS" in first.locator(".card").first.inner_text()


@pytest.mark.parametrize(
    "question", portion(["risk", "slow", "harm", "which", "animals", "sure"], 3)
)
def test_an_answer_is_on_the_first_screen_of_a_telephone(visit, ev, question):
    page = visit(viewport={"width": 390, "height": 844}).open(f"questions/{question}.html")
    box = page.locator(".answer").bounding_box()
    assert box["y"] + box["height"] <= 844
    assert (
        page.locator(".answer").inner_text().replace("\n", " ").split()
        == " ".join(evidence.answer(ev, question).sentences).split()
    )


def test_the_first_screen_holds_the_questions(visit, ev):
    """All six on a desktop, at least the first with its answer on a telephone."""
    page = visit(viewport={"width": 1280, "height": 900}).open("index.html")
    tops = page.eval_on_selector_all(
        ".card .verdict", "all => all.map((one) => one.getBoundingClientRect().top)"
    )
    assert len(tops) == len(ev.tables["questions"]) and max(tops) < 900
    small = visit(viewport={"width": 390, "height": 844}).open("index.html")
    box = small.locator(".card .verdict").first.bounding_box()
    assert box["y"] + box["height"] < 844


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_navigation_is_one_line(visit, width):
    page = visit(viewport={"width": width, "height": 844}).open("index.html")
    tops = page.eval_on_selector_all(
        "body > header nav a", "all => all.map((one) => one.getBoundingClientRect().top)"
    )
    right = page.eval_on_selector_all(
        "body > header nav a",
        "all => Math.max(...all.map((one) => one.getBoundingClientRect().right))",
    )
    assert len(set(tops)) == 1 and right <= width


def test_on_paper(visit, ev):
    page = visit().explore()
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert (
        not page.locator("#filters").is_visible()
        and not page.locator("body > header nav").is_visible()
    )
    assert page.locator("#studies tbody tr").count() == int(ev.studies["counted"].sum())
    assert page.pdf()[:4] == b"%PDF"


def test_every_chart_has_words(visit):
    page = visit(viewport={"width": 900, "height": 900}).explore()
    for name in ("balance", "share", "studies"):
        assert re.search(r"\d", page.locator(f"#chart-{name}").get_attribute("aria-label"))
    gallery = visit().open("charts/index.html")
    assert all(
        gallery.eval_on_selector_all("img", "all => all.map((image) => image.alt.length > 60)")
    )


def test_a_chart_has_its_own_size_on_a_telephone_with_its_notes_below(visit):
    """Its letters would be too small to read if it were shrunk to the screen."""
    small = visit(viewport={"width": 390, "height": 844}).open("charts/index.html")
    widths = small.eval_on_selector_all(
        ".picture img", "all => all.map((one) => [one.clientWidth, Number(one.width)])"
    )
    assert all(shown == own for shown, own in widths) and widths[0][0] > 800
    assert small.locator("#balance .wider").count() == 2
    assert small.locator("#balance .wider").last.is_visible()
    large = visit(viewport={"width": 1280, "height": 844}).open("charts/index.html")
    assert not large.locator("#balance .wider").last.is_visible()


def test_single_studies_are_called_as_in_their_question(visit):
    page = visit().explore("question=risk")
    legend = page.locator("#legend > :visible")
    assert {"More ALS", "Less ALS"} <= set(legend.all_inner_texts())
    page.evaluate("location.hash = 'question=treatment&lens=direction'")
    page.wait_for_function("document.getElementById('legend').innerText.includes('Better')")
    assert not {"Harm", "More ALS", "No clear difference"} & set(legend.all_inner_texts())


def test_the_pools_are_cards_on_a_telephone(visit):
    page = visit(viewport={"width": 390, "height": 844}).open("sure.html")
    table = page.locator("table.outcomes").first
    assert table.bounding_box()["height"] < 3500
    cells = page.eval_on_selector_all(
        ".outcomes td:not(.short)", "all => all.map((one) => one.clientWidth)"
    )
    assert min(cells) > 250


class Slow(Quiet):
    """Sends a page as a slow line does: with a break before each paragraph of the cards."""

    def do_GET(self):
        if not self.path.endswith(".html"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        page = Path(self.translate_path(self.path)).read_bytes()
        for part in re.split(rb"(?=<p class=)", page):
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(0.05)
        return None
