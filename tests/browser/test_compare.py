"""Two views side by side, what is taken along of each, and the list of studies on a telephone."""

from __future__ import annotations

import csv
import io
import zipfile

import pandas as pd
import pytest

import evidence
from evidence.model.query import Query

RISK = "question=risk&lens=direction"
TWO = f"{RISK}&beside=question%3Dtreatment%26population%3Dhuman"


def python_of(page, ev, end: str) -> tuple[evidence.Evidence, pd.DataFrame]:
    """What the lines of Python of a view give."""
    selecting, counting, *_ = page.locator(f"#python{end}").text_content().splitlines()
    part = eval(selecting.removeprefix("part = "), {"ev": ev})
    return part, eval(counting, {"evidence": evidence, "part": part})


def saved(page, button, path) -> bytes:
    with page.expect_download() as waiting:
        button.click()
    waiting.value.save_as(path)
    return path.read_bytes()


def test_a_view_is_put_beside_another_and_stays_as_it_is(visit, ev):
    page = visit().explore("question=risk")
    assert not page.locator("#view-b").is_visible()
    page.get_by_role("button", name="Compare with another view").click()
    assert "stays as it is" in page.locator("#heard").inner_text()
    page.locator("#filters input[value=cohort]").check()
    page.get_by_role("radio", name="Which way the numbers lean").check()
    whole = ev.select(question="risk", counted=True)
    cohorts = ev.select(question="risk", design="cohort", counted=True)
    assert page.locator("#status-b").inner_text().startswith(f"{len(whole)} studies")
    assert page.locator("#status").inner_text().startswith(f"{len(cohorts)} studies")
    assert page.locator("#both").inner_text().startswith(f"{len(cohorts)} studies are in both")
    left, right = (page.locator(f"#view{end}").bounding_box() for end in ("", "-b"))
    assert left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 2
    for end, part in (("", cohorts), ("-b", whole)):
        here, table = python_of(page, ev, end)
        assert set(here.studies["study_id"]) == set(part.studies["study_id"])
        word = "direction" if not end else "concluded"
        assert int(table["harm"].sum()) == int(evidence.balance(part, None, word)["harm"].sum())
        one = max(evidence.size_pools(part), key=lambda one: one.k)
        assert (
            f"{one.k} of {one.poolable.studies} studies"
            in page.locator(f"#pool-said{end}").inner_text()
        )
        for name in ("balance", "share", "forest", "studies"):
            assert page.locator(f"#chart-{name}{end} svg").count() == 1
    page.get_by_role("button", name="Swap A and B").click()
    assert page.locator("#status").inner_text().startswith(f"{len(whole)} studies")
    assert not page.locator("#filters input[value=cohort]").is_checked()
    page.get_by_role("button", name="Stop comparing").click()
    assert "One view" in page.locator("#heard").inner_text()
    assert not page.locator("#view-b").is_visible() and "beside" not in page.url


def test_the_address_holds_both_views(visit, ev):
    page = visit().explore("question=treatment&country=United%20States&sport=soccer")
    page.get_by_role("button", name="Compare with another view").click()
    page.get_by_role("button", name="Clear all").first.click()
    page.locator("#filters input[value=human]").check()
    page.locator("#studies [data-study]").first.uncheck()
    address = page.evaluate("location.href")
    seen = [page.locator(f"#{part}").inner_text() for part in ("view", "view-b")]
    again = visit().explore(address.partition("#")[2])
    assert [again.locator(f"#{part}").inner_text() for part in ("view", "view-b")] == seen
    part = Query.from_address(ev, address).part(ev)
    assert again.locator("#status").inner_text().startswith(f"{len(part)} studies")


def test_a_number_of_either_view_lists_its_studies(visit):
    page = visit().explore(TWO)
    first = page.locator("#numbers-body button.count").first
    second = page.locator("#numbers-body-b button.count").first
    second.click()
    assert "of view B" in page.locator("#picked-said").inner_text()
    assert page.evaluate("document.activeElement.id") == "picked"
    assert page.locator("#studies tbody [data-study]").first.is_disabled()
    assert page.locator("#studies tbody tr").count() == int(second.inner_text())
    first.click()
    assert "of view A" in page.locator("#picked-said").inner_text()
    assert page.locator("button.count[aria-pressed=true]").count() == 1
    assert page.locator("#studies tbody [data-study]").first.is_enabled()
    page.locator("#numbers-body button.count").first.click()
    assert "shown again" in page.locator("#heard").inner_text()
    assert page.locator("#picked").is_hidden()


def test_both_views_have_one_scale(visit):
    """A bar of eight is as long in one as in the other."""
    page = visit().explore("question=risk&beside=question%3Drisk%26design%3Dcohort")
    lengths = {}
    for end in ("", "-b"):
        counts = [
            int(text) for text in page.locator(f"#numbers-body{end} button.count").all_inner_texts()
        ]
        longest = page.locator(f"#chart-balance{end} .mark-rect path").evaluate_all(
            "all => Math.max(...all.map((one) => one.getBBox().width))"
        )
        lengths[end] = longest / max(counts)
    assert abs(lengths[""] - lengths["-b"]) < 0.2


@pytest.mark.parametrize(("width", "two"), [(390, False), (1280, True), (1280, False)])
def test_a_table_of_numbers_that_is_cut_says_so(visit, width, two):
    """On a telephone, and where two views leave little room."""
    beside = "&beside=lens%3Ddirection" if two else ""
    page = visit(viewport={"width": width, "height": 900}).explore(f"lens=direction{beside}")
    ends = ("", "-b") if two else ("",)
    for end in ends:
        cut = page.locator(f"#numbers{end}").evaluate("one => one.scrollWidth > one.clientWidth")
        assert cut == (two or width < 500)
        assert page.locator(f"#sideways{end}").is_visible() == cut


def test_on_a_telephone_they_stand_below_each_other(visit):
    page = visit(viewport={"width": 390, "height": 844}).explore(TWO)
    left, right = (page.locator(f"#view{end}").bounding_box() for end in ("", "-b"))
    assert left["x"] == right["x"] and left["y"] + left["height"] <= right["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_list_of_studies_is_cards_on_a_telephone(visit, ev):
    """Nothing has to be pushed aside, the heads still sort, and every cell says what it is."""
    for path in ("explore.html", "studies/index.html"):
        page = visit(viewport={"width": 390, "height": 844}).drawn(path)
        box = page.locator("#studies").evaluate(
            "one => [one.parentElement.scrollWidth, one.parentElement.clientWidth]"
        )
        assert box[0] <= box[1] <= 390
        said = page.locator("#studies tbody td[data-head='Design']").first.evaluate(
            "one => getComputedStyle(one, '::before').content"
        )
        assert "Design" in said
        page.get_by_role("columnheader", name="Year").click()
        page.locator("#studies th[aria-sort=ascending]").wait_for()
        first = page.locator("#studies tbody td[data-head='Year']").first.inner_text()
        assert first == str(ev.studies["year"].min())


def test_every_chart_has_numbers_and_words_to_take_along(visit, ev, tmp_path):
    page = visit().explore("question=risk")
    view = page.locator("#view")
    for name in ("balance", "share", "forest", "studies"):
        table = saved(page, view.locator(f"[data-picture='{name}.csv']"), tmp_path / "table")
        rows = list(csv.DictReader(io.StringIO(table.decode())))
        assert rows and all(len(row) == len(rows[0]) for row in rows)
        words = saved(
            page, view.locator(f"[data-picture='{name}.txt']"), tmp_path / "words"
        ).decode()
        for part in (
            "Alt text: ",
            "Source: ",
            "Not medical advice",
            "Address: file:",
            "ev.select(",
        ):
            assert part in words, (name, part)
    forest = saved(page, view.locator("[data-picture='forest.csv']"), tmp_path / "table")
    rows = pd.read_csv(io.BytesIO(forest)).set_index("kind")
    one = evidence.size_pool(ev.select(question="risk", counted=True), "or_activity")
    assert abs(rows.loc["pooled", "estimate"] - one.summary["estimate"]) < 1e-6
    assert abs(rows.loc["pooled", "prediction_low"] - one.summary["hk_prediction_low"]) < 1e-6
    assert (
        rows.loc["study", "finding_id"].to_list() == one.poolable.included["finding_id"].to_list()
    )


def test_all_of_it_in_one_archive(visit, ev, tmp_path):
    page = visit().explore(TWO)
    every = {"balance", "share", "forest", "studies"}
    for end, part, drawn in (
        ("", ev.select(question="risk", counted=True), every),
        # None of its comparisons has enough studies to be opened unasked.
        (
            "-b",
            ev.select(question="treatment", population="human", counted=True),
            every - {"forest"},
        ),
    ):
        button = page.locator(f"#view{end}").get_by_role("button", name="All of it (ZIP)")
        content = saved(page, button, tmp_path / "view.zip")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            files = {name: archive.read(name) for name in archive.namelist()}
        assert {name.removesuffix(".png") for name in files if name.endswith(".png")} == drawn
        for name in drawn:
            assert files[f"{name}.png"].startswith(b"\x89PNG") and b"<desc" in files[f"{name}.svg"]
            assert b"Alt text" in files[f"{name}.txt"]
        tables = {f"{name}.csv" for name in drawn - {"studies"}}
        assert set(files) >= tables | {"each-study.csv", "view.py"}
        rows = list(csv.DictReader(io.StringIO(files["studies.csv"].decode())))
        assert [row["study_id"] for row in rows] == part.studies["study_id"].to_list()
        space: dict = {}
        exec(files["view.py"].decode(), space)
        assert len(space["part"]) == len(part)
