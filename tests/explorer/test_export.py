"""A view as files."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence
from evidence.explorer.contents import Contents
from evidence.explorer.export import default_folder, name_of, write_export
from evidence.explorer.view import View, view_of


@pytest.fixture(scope="module")
def view(ev):
    return Contents(
        ev, view_of(ev, question="treatment", population="human", design="rct", lens="direction")
    )


@pytest.fixture(scope="module")
def files(view, tmp_path_factory):
    return write_export(view, tmp_path_factory.mktemp("export"), "slide")


def test_everything_that_belongs_to_a_chart_is_there(view, files):
    content = {path.name: path for path in files}
    assert set(content) == {
        "balance.png",
        "balance.svg",
        "balance.pdf",
        "balance.csv",
        "balance.txt",
        "studies.csv",
        "view.py",
    }
    assert content["balance.png"].read_bytes().startswith(b"\x89PNG") and content[
        "balance.pdf"
    ].read_bytes().startswith(b"%PDF")
    chart, words = view.chart(), content["balance.txt"].read_text(encoding="utf-8")
    for line in (
        chart.title,
        f"Alt text: {chart.alt}",
        f"Source: {chart.source}.",
        "Not medical advice",
        "exact sign test",
    ):
        assert line in words
    assert (
        pd.read_csv(content["balance.csv"])["benefit"].to_list() == view.counts["benefit"].to_list()
    )
    studies = pd.read_csv(content["studies.csv"])
    assert len(studies) == len(view.part) > 0 and studies["Link"].str.startswith("https://").all()


def test_the_exported_code_runs(view, files):
    space: dict = {}
    exec(next(path for path in files if path.name == "view.py").read_text(encoding="utf-8"), space)
    assert space["chart"].alt == view.chart().alt


def test_names_distinguish_views(ev):
    views = [
        {},
        {"lens": "direction"},
        {"by": "design"},
        {"one_per_cohort": True},
        {"cited_by_article": True},
        {"years": (None, 2000)},
    ]
    names = [name_of(Contents(ev, view_of(ev, **view)), "web") for view in views]
    assert len(set(names)) == len(views) and names[0] == "all-concluded-web"
    designs = [view_of(ev, design=list(ev.labels("design"))[:number]) for number in (8, 9)]
    long = [name_of(Contents(ev, view), "web") for view in designs]
    assert long[0] != long[1] and all(
        len(name) < 100 and name.replace("-", "").isalnum() for name in long
    )


def test_the_default_folder_stands_beside_the_data(ev, root, data):
    assert default_folder(Contents(ev, View())) == root / "build" / "explorer"
    assert (
        default_folder(Contents(evidence.load(data.folder), View()))
        == data.folder.resolve().parent / "build" / "explorer"
    )


def test_an_empty_view_cannot_be_exported(ev, tmp_path):
    with pytest.raises(evidence.UsageError, match="no study meets"):
        write_export(Contents(ev, view_of(ev, question="mechanism")), tmp_path)
    assert not list(tmp_path.iterdir())
