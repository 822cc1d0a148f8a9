"""JupyterLab as `make lab` opens it, in a real browser: *Start here* runs, and the explorer works
by keyboard.

JupyterLab has an environment of its own (``.venv-lab``); beside it every test process would start a
second later. Playwright and a browser of the system drive it. The tests are skipped where one of
them is missing. With EVIDENCE_BROWSER=required, as continuous integration sets it, that is a
failure.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from promised import missing

from evidence.explorer.contents import Contents
from evidence.explorer.view import view_of

ROOT = Path(__file__).resolve().parents[2]
LAB = Path(os.environ.get("LAB", ROOT / ".venv-lab")).resolve() / "bin" / "evidence"
PATIENCE = 60  # seconds; a busy machine starts JupyterLab slowly


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """Address of a JupyterLab with settings of its own, started from another folder than the
    repository.
    """
    if os.name != "posix" or not LAB.exists():
        missing("no JupyterLab in .venv-lab")
    place = tmp_path_factory.mktemp("lab")
    kernels = place / "data" / "kernels" / "python3"
    kernels.mkdir(parents=True)
    # A kernel of the same name that a user may have from elsewhere.
    (kernels / "kernel.json").write_text(
        json.dumps({"argv": ["false"], "display_name": "Another", "language": "python"}),
        encoding="utf-8",
    )
    settings = (
        place
        / "settings"
        / "@jupyterlab"
        / "apputils-extension"
        / "notification.jupyterlab-settings"
    )
    settings.parent.mkdir(parents=True)
    settings.write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False}), encoding="utf-8"
    )
    own = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("EVIDENCE_")
    }
    environment |= {f"JUPYTER_{name}": str(place / folder) for name, folder in own.items()} | {
        "IPYTHONDIR": str(place / "ipython")
    }
    environment |= {
        "JUPYTERLAB_SETTINGS_DIR": str(place / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(place / "workspaces"),
    }
    log = place / "log"
    options = [
        "--no-browser",
        "--port=0",
        "--ip=127.0.0.1",
        *(["--allow-root"] if os.getuid() == 0 else []),
    ]
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [LAB, "lab", "--out", str(place / "copy"), "--", *options],
            cwd=place,
            env=environment,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield address(process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)


def address(process: subprocess.Popen, log: Path) -> str:
    """What the server prints when it is ready."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = re.search(
            r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", log.read_text(encoding="utf-8")
        )
        if found:
            return found.group()
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def seen() -> dict[str, list[str]]:
    """What the page complained about, and where it asked for something outside of this machine."""
    return {"errors": [], "outside": []}


@pytest.fixture(scope="module")
def page(server, browser, seen):
    """*Start here* in a browser, with all its cells run."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.on(
        "console",
        lambda message: seen["errors"].append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: seen["errors"].append(str(error)))
    page.on(
        "request",
        lambda request: (
            seen["outside"].append(request.url)
            if urlsplit(request.url).hostname not in (None, "127.0.0.1")
            else None
        ),
    )
    # Nothing is saved: the notebooks of the repository stay as they are.
    page.route(
        "**/api/contents/**",
        lambda route: (
            route.abort() if route.request.method in ("PUT", "PATCH") else route.continue_()
        ),
    )
    page.goto(server)  # the first notebook of the working copy
    page.locator("#jp-main-statusbar").get_by_text("Idle").wait_for()
    page.keyboard.press("Control+Shift+C")
    page.locator("input.lm-CommandPalette-input").fill("Run All Cells")
    page.locator(".lm-CommandPalette-item:has-text('Run All Cells')").first.click()
    page.locator(".evidence-explorer img").wait_for()
    yield page
    context.close()


def chart_of(ev, **conditions) -> str:
    """Alt text that the picture has under these conditions."""
    chart = Contents(ev, view_of(ev, **conditions)).chart()
    return f"{chart.title}. {chart.alt}"


def shows(page, alt: str) -> None:
    """Wait until the picture is that one."""
    page.wait_for_function(
        "alt => document.querySelector('.evidence-explorer img')?.alt === alt", arg=alt
    )


def focused(page) -> str:
    """Words of what has the focus."""
    return page.evaluate(
        "(document.activeElement.closest('label, button') ??"
        " document.activeElement.parentElement).innerText.trim()"
    )


def tab_to(page, name: str) -> None:
    """Go on with the Tab key until the control of that name, once it is there, has the focus."""
    page.locator(".evidence-explorer").get_by_text(name, exact=True).first.wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    pytest.fail(f"the Tab key does not reach {name!r}")


def test_start_here_runs_from_another_folder(page, ev):
    """The kernel is that of the environment, the tables are found, every cell runs, and the
    controls take the place of picture and table.
    """
    page.locator(".jp-Cell-outputArea:has-text('By direction alone')").first.wait_for()
    assert (
        page.locator(
            "[data-mime-type='application/vnd.jupyter.stderr'],"
            " [data-mime-type='application/vnd.jupyter.error']"
        ).count()
        == 0
    )
    shows(page, chart_of(ev))
    outputs = page.locator(".jp-OutputArea-child:has(.evidence-explorer) ~ .jp-OutputArea-child")
    assert [output.is_visible() for output in outputs.all()] == [False, False]


def test_the_explorer_works_by_keyboard(page, ev):
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Escape")
    cells = page.locator(".jp-Cell").count()
    conditions: dict = {}
    for name, change in (
        ("Treatment", {"question": "treatment"}),
        ("People", {"population": "human"}),
    ):
        tab_to(page, name)
        page.keyboard.press("Space")
        conditions |= change
        shows(page, chart_of(ev, **conditions))
        assert focused(page) == name, "the focus stays where it was"
    tab_to(page, "Took part, at least")
    page.keyboard.press("Control+A")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    shows(page, chart_of(ev, **conditions, min_sample_size=30))
    tab_to(page, "Design")
    page.keyboard.press("Space")
    tab_to(page, "Randomised trial")
    page.keyboard.press("Space")
    shows(page, chart_of(ev, **conditions, design="rct", min_sample_size=30))
    tab_to(page, "Direction of effect")
    page.keyboard.press("Space")
    contents = Contents(
        ev, view_of(ev, **conditions, design="rct", min_sample_size=30, lens="direction")
    )
    shows(page, f"{contents.chart().title}. {contents.chart().alt}")
    benefit = int(contents.counts["benefit"].item())
    tab_to(page, f"Benefit {benefit}")
    page.keyboard.press("Space")
    page.locator(
        ".evidence-list caption",
        has_text=f"Exercising with ALS, people: benefit, {benefit} studies",
    ).wait_for()
    links = [link.get_attribute("href") for link in page.locator(".evidence-list a").all()]
    assert len(links) == benefit and all(link.startswith("https://doi.org/") for link in links)
    assert page.locator(".jp-Cell").count() == cells, "no key was taken for a command of JupyterLab"


def test_the_code_shown_is_that_of_the_view(page):
    page.get_by_role("button", name="Show code").click()
    space: dict = {}
    exec(page.locator("textarea.evidence-code").input_value(), space)
    shows(page, f"{space['chart'].title}. {space['chart'].alt}")
    assert len(space["picked"]) == page.locator(".evidence-list tbody tr").count()


def test_export_gives_a_file(page, tmp_path):
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.locator("a[download]").click()
    download.value.save_as(tmp_path / "view.zip")
    with zipfile.ZipFile(tmp_path / "view.zip") as archive:
        names = {Path(name).name for name in archive.namelist()}
        caption = archive.read(
            next(name for name in archive.namelist() if name.endswith("balance.txt"))
        ).decode()
        assert archive.read(
            next(name for name in archive.namelist() if name.endswith("balance.png"))
        ).startswith(b"\x89PNG")
    assert {
        "balance.png",
        "balance.svg",
        "balance.pdf",
        "balance.csv",
        "studies.csv",
        "view.py",
    } <= names
    assert caption.split("\n")[0] in page.locator(".evidence-explorer img").get_attribute("alt")


def test_running_the_cell_again_changes_nothing(page):
    before = page.locator(".evidence-explorer img").get_attribute("alt")
    page.evaluate("document.querySelector('.evidence-explorer').dataset.old = 'yes'")
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+Enter")
    page.locator(".evidence-explorer:not([data-old]) img").wait_for()
    shows(page, before)
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(
        "before => document.querySelector('.evidence-explorer img').alt !== before", arg=before
    )
    assert not page.get_by_label("Treatment", exact=True).is_checked()


def test_a_narrow_window(page):
    """Without the list of files beside it, nothing but the table asks for more width than a phone
    has.
    """
    page.keyboard.press("Control+B")
    page.set_viewport_size({"width": 480, "height": 900})
    page.wait_for_function("""() => {
          const edge = document.querySelector('.jp-Notebook').getBoundingClientRect().right;
          const parts = document.querySelectorAll('.evidence-explorer :is(button, label, p, textarea, img)');
          return [...parts].filter(part => part.checkVisibility()).every(part => part.getBoundingClientRect().right <= edge);
        }""")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Control+B")


def test_nothing_was_complained_about_and_nothing_asked_for_outside(page, seen):
    assert seen == {"errors": [], "outside": []}
