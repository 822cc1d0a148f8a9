"""The explorer as JupyterLab mounts it, without JupyterLab: two in one notebook keep apart."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import pytest
from portion import long

import evidence
from evidence.explorer.board import Board
from evidence.explorer.view import State, View, view_of

MOUNT = """async ({ esm, css, boards }) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const main = document.body.appendChild(document.createElement("main"));
  const { default: widget } = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  window.models = boards.map((values) => {
    const told = [];
    return {
      values, told, get: (name) => values[name], set: (name, value) => { values[name] = value; }, save_changes: () => {},
      send: (message) => told.push(message), on: () => {}, off: () => {},
    };
  });
  for (const model of window.models) {
    const el = main.appendChild(document.createElement("section"));
    el.setAttribute("aria-label", `Explorer ${main.children.length}`);
    widget.render({ model, el });
  }
}"""


@pytest.fixture(scope="module")
def page(browser, ev) -> Iterator[object]:
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.on("pageerror", lambda error: complaints.append(str(error)))
    made = [Board(ev, view, State()).widget for view in (View(), view_of(ev, question="risk"))]
    names = ("markup", "data", "start", "address")
    page.set_content(
        "<!doctype html><html lang='en'><title>Notebook</title><h1>Notebook</h1></html>"
    )
    page.evaluate(
        MOUNT,
        {
            "esm": made[0]._esm,
            "css": made[0]._css,
            "boards": [{name: getattr(one, name) for name in names} for one in made],
        },
    )
    page.locator(".evidence-board[data-ready]").nth(1).wait_for()
    yield page
    page.close()
    assert not complaints


def test_each_keeps_to_itself(page, ev):
    first, second = (page.locator(".evidence-board").nth(place) for place in (0, 1))
    whole, risk = ev.select(counted=True), ev.select(counted=True, question="risk")
    assert first.locator("h2").first.inner_text().startswith(f"{len(whole)} studies")
    assert second.locator("h2").first.inner_text().startswith(f"{len(risk)} studies")
    first.locator("input[value=treatment]").check()
    part = ev.select(counted=True, question="treatment")
    assert first.locator("h2").first.inner_text().startswith(f"{len(part)} studies")
    assert second.locator("h2").first.inner_text().startswith(f"{len(risk)} studies")
    assert first.locator("[id^=studies] tbody tr").count() == 25
    assert "question=treatment" in page.evaluate("models[0].values.address")
    assert "question=risk" in page.evaluate("models[1].values.address")
    second.locator("button.count").first.click()
    n = int(evidence.balance(risk, None)["harm"].sum())
    assert second.locator("[id^=studies] tbody tr").count() == n
    assert first.locator("[id^=studies] tbody tr").count() == 25
    for one in (first, second):
        assert one.locator("[id^=chart-] svg").count() == 4
    second.get_by_role("button", name="Reset").click()
    assert second.locator("h2").first.inner_text().startswith(f"{len(risk)} studies")
    ids = page.eval_on_selector_all("[id]", "all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))


def test_they_ask_python_for_what_they_do_not_have(page):
    page.locator(".evidence-board").first.get_by_role("button", name="These studies (CSV)").click()
    page.locator(".evidence-board").first.get_by_role("button", name="Export to a folder").click()
    assert page.evaluate("models[0].told") == [{"ask": "rows"}, {"ask": "export"}]


@long
def test_axe_finds_nothing(page):
    import axe_playwright_python

    folder = resources.files(axe_playwright_python)
    page.evaluate(folder.joinpath("axe.min.js").read_text(encoding="utf-8"))
    page.evaluate(
        "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )
    page.locator(".evidence-board").first.get_by_role(
        "button", name="Compare with another view"
    ).click()
    found = page.evaluate(
        """() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
        .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]))"""
    )
    assert found == []
