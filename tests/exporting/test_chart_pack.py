"""The gallery and the chart pack."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

import evidence
from evidence.charts.chart import Chart
from evidence.display.gallery import GALLERY, draw
from evidence.exporting.chart_pack import write_pack


@pytest.fixture(scope="module")
def drawn(ev):
    return {entry.name: chart for entry, chart in draw(ev)}


@pytest.mark.parametrize("name", [entry.name for entry in GALLERY])
def test_every_chart_is_whole(drawn, name):
    chart = drawn[name]
    assert isinstance(chart, Chart), chart
    assert re.search(r"\d", chart.alt) and len(chart.alt) > 60, (
        "the alt text states the main numbers"
    )
    assert chart.title and "CC BY" in chart.source and len(chart.marks) > 2 and len(chart.data)
    notes = " ".join(chart.notes)
    assert "Source: " in notes and "Not medical advice" in notes


@pytest.fixture(scope="module")
def pack(ev, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    part = ev.select(question="treatment", population="human", design="rct")
    files, _ = write_pack(
        part, folder, ["balance", "forest", "sample_sizes"], ["png", "svg", "pdf"], "slide"
    )
    return folder, files


def test_each_chart_has_its_files(ev, pack):
    folder, files = pack
    for name in ("balance", "sample_sizes"):
        assert {path.suffix for path in files if path.stem == name} == {
            ".png",
            ".svg",
            ".pdf",
            ".csv",
            ".txt",
        }
        assert "Alt text: " in (folder / f"{name}.txt").read_text(encoding="utf-8")
    table = pd.read_csv(folder / "balance.csv")
    part = ev.select(question="treatment", population="human", design="rct")
    assert table["benefit"].to_list() == evidence.balance(part, None)["benefit"].to_list()


def test_two_runs_give_the_same_bytes(ev, pack, tmp_path):
    _, files = pack
    part = ev.select(question="treatment", population="human", design="rct")
    write_pack(
        part, tmp_path, ["balance", "forest", "sample_sizes"], ["png", "svg", "pdf"], "slide"
    )
    assert all((tmp_path / path.name).read_bytes() == path.read_bytes() for path in files)


class Images(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen: list[dict[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.seen.append(dict(attrs))


def test_the_contact_sheet(pack):
    folder, _ = pack
    page = (folder / "index.html").read_text(encoding="utf-8")
    images = Images()
    images.feed(page)
    assert (
        all(image["alt"] and (folder / str(image["src"])).is_file() for image in images.seen)
        and len(images.seen) >= 2
    )
    assert all((folder / target).is_file() for target in re.findall(r'href="([^"]+)"', page))
    assert 'lang="en"' in page and "://" not in page and "<script" not in page


def test_what_cannot_be_drawn_says_so(ev, tmp_path):
    _, missing = write_pack(ev.select(population="animal", counted=True), tmp_path, ["forest"])
    assert list(missing) == ["forest"] and missing["forest"].startswith("nothing to draw: ")
    assert "Not drawn: nothing to draw" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_what_somebody_else_put_there_stays(ev, tmp_path):
    mine = tmp_path / "index.html"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(evidence.UsageError, match="holds other files; allowed: a new folder"):
        write_pack(ev, tmp_path, ["balance"])
    assert [*tmp_path.iterdir()] == [mine] and mine.read_text(encoding="utf-8") == "mine"


def test_a_pack_takes_the_place_of_one_before(ev, tmp_path):
    part = ev.select(population="animal", counted=True)
    write_pack(part, tmp_path / "a", ["forest"])
    write_pack(part, tmp_path / "a", ["forest"])
    (tmp_path / "empty").mkdir()
    assert len(write_pack(part, tmp_path / "empty", ["forest"])[0]) == 1


def test_titles_are_escaped(ev, tmp_path):
    from dataclasses import replace

    bad = replace(ev, dictionary=replace(ev.dictionary, title="<script>alert(1)</script>"))
    write_pack(bad, tmp_path, ["balance"])
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<script>" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"names": ["pie"]}, "no chart 'pie'; charts: headline, balance"),
        ({"formats": ["gif"]}, "allowed: png, svg, pdf"),
        ({"formats": []}, "allowed: png"),
    ],
)
def test_wrong_options(ev, tmp_path, options, words):
    with pytest.raises(evidence.UsageError, match=words):
        write_pack(ev, tmp_path, **options)
    assert not list(tmp_path.iterdir())
