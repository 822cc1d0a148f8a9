"""What would get past the cleaning of words still runs nowhere: the policy of each page stops it,
from a file and from a host, and no page can be made to ask another place.
"""

from __future__ import annotations

import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from portion import portion

PAGES = ("index.html", "explore.html", "search.html", "studies/chio2005.html", "method.html")
ELSEWHERE = "http://127.0.0.1:9/x"
INJECTED = {
    "a comment before": "<!-- a --><img src=x onerror=\"document.title='ran'\">",
    "a script": "<script>document.title='ran'</script>",
    "a script from elsewhere": f'<script src="{ELSEWHERE}.js"></script>',
    "an address that runs": "<iframe src=\"javascript:parent.document.title='ran'\"></iframe>",
    "a frame": f'<iframe src="{ELSEWHERE}"></iframe>',
    "a picture from elsewhere": f'<img src="{ELSEWHERE}.png">',
    "a style from elsewhere": f'<link rel="stylesheet" href="{ELSEWHERE}.css">',
    "another base": f'<base href="{ELSEWHERE}/"><img src="y.png">',
    "an object": f'<object data="{ELSEWHERE}"></object>',
}
SENDS = f"""async () => {{
  const tried = [() => fetch("{ELSEWHERE}"), () => new WebSocket("ws://127.0.0.1:9/"),
                 () => navigator.sendBeacon("{ELSEWHERE}", "a"), () => eval("1"),
                 () => new Function("return 1")(), () => new EventSource("{ELSEWHERE}")];
  for (const one of tried) try {{ await one(); }} catch (error) {{ }}
  await new Promise((resolve) => setTimeout(resolve, 200));
}}"""


@pytest.fixture(scope="module")
def spoiled(site: Path, tmp_path_factory) -> Path:
    """The page, with all of it at the beginning of some of its files."""
    folder = tmp_path_factory.mktemp("spoiled") / "site"
    shutil.copytree(site, folder)
    for name in PAGES:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count("<body>") == 1
        text = text.replace("<body>", "<body>" + "".join(INJECTED.values()))
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def host(spoiled: Path):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=spoiled))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("served", [True, False], ids=["from a host", "from a file"])
@pytest.mark.parametrize("name", portion(PAGES, 3))
def test_nothing_that_is_put_in_runs_or_asks(browser, spoiled, host, name, served):
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    # A request that the policy stops is told too, as one that failed.
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.on("response", lambda response: asked.append(response.url))
    stopped: list[str] = []
    page.on("console", lambda message: stopped.append(message.text))
    start = host if served else spoiled.as_uri()
    page.goto(f"{start}/{name}")
    title = page.title()
    page.evaluate(SENDS)
    assert page.title() == title and title != "ran"
    assert not [url for url in asked if not url.startswith((start, "data:", "blob:"))]
    said = " ".join(stopped)
    for part in ("script-src", "img-src", "style-src", "default-src"):
        assert part in said, part
    context.close()
