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
from portion import long
from promised import missing

import evidence

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
    page.locator(".evidence-board[data-ready]").wait_for()
    yield page
    context.close()


def status(page) -> str:
    """How many studies the view has."""
    return page.locator(".evidence-board h2").first.text_content()


def shows(page, ev, **conditions) -> None:
    """Wait until the explorer shows what these conditions give."""
    part = ev.select(counted=True, **conditions)
    page.wait_for_function(
        "said => document.querySelector('.evidence-board h2').textContent.startsWith(said)",
        arg=f"{len(part)} studies",
    )


def focused(page) -> str:
    """Words of what has the focus."""
    return page.evaluate(
        "(document.activeElement.closest('label, button, summary') ??"
        " document.activeElement).innerText.trim()"
    )


def tab_to(page, name: str) -> None:
    """Go on with the Tab key until what has that name has the focus."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    pytest.fail(f"the Tab key does not reach {name!r}")


@long
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
    shows(page, ev)
    outputs = page.locator(".jp-OutputArea-child:has(.evidence-board) ~ .jp-OutputArea-child")
    assert [output.is_visible() for output in outputs.all()] == [False, False]


def test_the_explorer_works_by_keyboard(page, ev):
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Escape")
    cells = page.locator(".jp-Cell").count()
    conditions: dict = {}
    for name, change in (
        ("Exercising with ALS", {"question": "treatment"}),
        ("People", {"population": "human"}),
        ("Randomised trial", {"design": "rct"}),
    ):
        tab_to(page, name)
        page.keyboard.press("Space")
        conditions |= change
        shows(page, ev, **conditions)
        assert focused(page).startswith(name), "the focus stays where it was"
    part = ev.select(counted=True, **conditions)
    benefit = int(evidence.balance(part, None)["benefit"].item())
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.word") == "benefit":
            break
    page.keyboard.press("Enter")
    board = page.locator(".evidence-board")
    picked = board.locator("[id^=picked--]", has_text=f"{benefit} studies")
    picked.wait_for()
    assert page.evaluate("document.activeElement.id").startswith("picked")
    assert board.locator("[id^=studies] tbody tr").count() == benefit
    links = board.locator("[id^=studies] tbody a").evaluate_all("all => all.map((a) => a.href)")
    assert len(links) == benefit and all(link.startswith("https://doi.org/") for link in links)
    for letter in "abddx":
        page.keyboard.press(letter)
    assert page.locator(".jp-Cell").count() == cells, "no key was taken for a command of JupyterLab"
    page.get_by_role("button", name="Show all of the selection").click()
    page.wait_for_function("() => document.activeElement.dataset.word === 'benefit'")


def test_numbers_and_pools_are_those_of_python(page, ev):
    """All lenses follow: counts, the sign test and sizes of effect."""
    page.get_by_role("button", name="Reset").click()
    page.locator(".evidence-board input[value=risk]").check()
    shows(page, ev, question="risk")
    part = ev.select(counted=True, question="risk")
    one = max(evidence.size_pools(part), key=lambda pool: pool.k)
    said = page.locator(".evidence-board [id^=pool-said]").first.text_content()
    assert f"{one.poolable.measure} {one.summary['estimate']:.2f}" in said
    assert f"{one.k} of {one.poolable.studies} studies" in said
    page.locator(".evidence-board [id^=chart-forest] svg").first.wait_for()


def test_the_code_shown_is_that_of_the_view(page):
    code = page.locator(".evidence-board pre").first.text_content()
    space: dict = {}
    exec(code, space)
    assert status(page).startswith(f"{len(space['part'])} studies")


def test_two_views_and_a_file_of_each(page, ev, tmp_path):
    page.get_by_role("button", name="Compare with another view").click()
    page.locator(".evidence-board input[value=treatment]").check()
    for end, question in (("", ["risk", "treatment"]), ("-b", "risk")):
        part = ev.select(counted=True, question=question)
        view = page.locator(f".evidence-board section[id^='view{end}--']")
        with page.expect_download() as download:
            view.get_by_role("button", name="All of it (ZIP)").click()
        download.value.save_as(tmp_path / "view.zip")
        with zipfile.ZipFile(tmp_path / "view.zip") as archive:
            assert archive.testzip() is None
            assert {"balance.png", "balance.csv", "balance.txt", "view.py"} <= set(
                archive.namelist()
            )
            lines = archive.read("studies.csv").decode().splitlines()
        assert len(lines) == len(part) + 1


def test_export_writes_files(page):
    page.get_by_role("button", name="Export to a folder").click()
    page.locator(".evidence-board [id^=copied]", has_text="files in").first.wait_for()
    names = {path.name for path in (ROOT / "build" / "explorer").glob("*/*")}
    assert {"balance.png", "balance.pdf", "balance.csv", "studies.csv", "view.py"} <= names


def test_running_the_cell_again_changes_nothing(page, ev):
    shown = ".evidence-board :is(.which, h2, [id^=pool-said], [id^=numbers-body], pre)"
    before = page.locator(shown).all_text_contents()
    page.evaluate("document.querySelector('.evidence-board').dataset.old = 'yes'")
    page.locator(".jp-CodeCell:has(.evidence-board) .cm-content").click()
    page.keyboard.press("Control+Enter")
    page.locator(".evidence-board[data-ready]:not([data-old])").wait_for()
    assert page.locator(shown).all_text_contents() == before
    assert page.locator(".evidence-board [id^=chart-] svg").count() == 8
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Stop comparing").click()
    shows(page, ev)
    assert not page.locator(".evidence-board input[value=risk]").is_checked()


def test_a_narrow_window(page):
    """Without the list of files beside it, nothing asks for more width than there is."""
    page.keyboard.press("Control+B")
    page.set_viewport_size({"width": 480, "height": 900})
    page.wait_for_function("""() => {
          const edge = document.querySelector('.jp-Notebook').getBoundingClientRect().right;
          const parts = document.querySelectorAll('.evidence-board :is(button, label, p, figure, pre)');
          return [...parts].filter(part => part.checkVisibility() && !part.closest('.scroll')).every(part => part.getBoundingClientRect().right <= edge + 1);
        }""")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Control+B")


def test_nothing_was_complained_about_and_nothing_asked_for_outside(page, seen):
    assert seen == {"errors": [], "outside": []}
