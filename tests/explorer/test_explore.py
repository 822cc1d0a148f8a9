"""``explore`` in a notebook: controls where somebody can click, else picture and table."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import evidence
from evidence.explorer import explore as module
from evidence.explorer.explore import WIDGET


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, in its order."""
    import IPython.display

    values: list = []
    monkeypatch.setattr(IPython.display, "display", lambda value, raw=False: values.append(value))
    return values


def test_without_controls(ev, shown):
    evidence.explore(ev, question="risk", widgets=False)._ipython_display_()
    _, page = shown
    every, risk = len(ev.select(counted=True)), len(ev.select(counted=True, question="risk"))
    assert (
        f"{risk} of {every} counted studies: getting ALS." in page._repr_html_()
        and "As concluded" in repr(page)
    )


def test_controls_go_out_alone_and_first(ev, shown):
    """nbval leaves their form out and compares the rest, which is the same either way."""
    evidence.explore(ev, widgets=False)._ipython_display_()
    plain = [shown[0].text, repr(shown[1]), shown[1]._repr_html_()]
    shown.clear()
    evidence.explore(ev, widgets=True)._ipython_display_()
    controls, chart, page = shown
    assert list(controls) == [WIDGET] and controls[WIDGET]["model_id"]
    assert [chart.text, repr(page), page._repr_html_()] == plain


def test_what_stands_in_is_the_start_not_where_the_reader_went(ev, shown):
    """Else a notebook would store something else each time."""
    explorer = evidence.explore(ev, widgets=True)
    explorer.board().widget.address = "question=risk"
    explorer._ipython_display_()
    every = len(ev.select(counted=True))
    assert f"{every} of {every}" in repr(shown[-1])


def test_an_empty_view_shows_a_sentence(ev, shown):
    evidence.explore(ev, question="mechanism", widgets=False)._ipython_display_()
    assert len(shown) == 1 and "No study meets all these conditions" in shown[0]._repr_html_()


def test_state_is_kept_for_each_data_set_and_call(ev, data):
    evidence.explore(ev, widgets=True).board().widget.address = "lens=direction"
    assert evidence.explore(ev, widgets=True).board().contents.view.lens == "direction"
    for other in (
        evidence.explore(ev, question="risk", widgets=True),
        evidence.explore(evidence.load(data.folder), widgets=True),
    ):
        assert other.board().contents.view.lens == "concluded"


def test_without_the_packages_of_the_page_picture_and_table_stand_alone(ev, shown, monkeypatch):
    def missing() -> str:
        raise evidence.EvidenceError("not installed")

    monkeypatch.setattr("evidence.explorer.board.widget_class", missing)
    evidence.explore(ev, widgets=True)._ipython_display_()
    assert len(shown) == 2 and "counted studies" in shown[1]._repr_html_()


def test_rows_that_the_page_cannot_make_stand_as_a_picture(ev, shown):
    evidence.explore(ev, by="measure", widgets=True)._ipython_display_()
    assert len(shown) == 2 and "counted studies" in shown[1]._repr_html_()


@pytest.mark.parametrize(
    ("setting", "server", "widgets", "wanted"),
    [
        (None, True, None, True),
        (None, False, None, False),
        ("off", True, None, False),
        ("on", False, None, True),
        ("off", True, True, True),
        ("on", True, False, False),
    ],
)
def test_who_gets_controls(ev, monkeypatch, setting, server, widgets, wanted):
    for name, value in (
        ("EVIDENCE_WIDGETS", setting),
        ("JPY_SESSION_NAME", "/notebooks/a.ipynb" if server else None),
    ):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert evidence.explore(ev, widgets=widgets).widgets is wanted


def test_a_strange_setting_is_refused(ev, monkeypatch):
    monkeypatch.setenv("EVIDENCE_WIDGETS", "yes")
    with pytest.raises(evidence.UsageError, match="allowed: on, off"):
        evidence.explore(ev)


def test_the_tests_and_the_runner_ask_for_none(monkeypatch, tmp_path, ev):
    """Also when they are started from a notebook."""
    import nbformat

    from evidence.notebooks.run import run_notebooks

    assert module._wanted(None) is False  # conftest.py
    monkeypatch.setenv("JPY_SESSION_NAME", "a.ipynb")
    monkeypatch.setenv("EVIDENCE_WIDGETS", "on")
    cell = nbformat.v4.new_code_cell("import os\nos.environ['EVIDENCE_WIDGETS']")
    nbformat.write(
        nbformat.v4.new_notebook(
            cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        ),
        tmp_path / "a.ipynb",
    )
    (done,) = run_notebooks(tmp_path, tmp_path / "out")
    assert nbformat.read(done, as_version=4).cells[0].outputs[0].data["text/plain"] == "'off'"


def test_picture_and_table_need_no_widgets():
    code = (
        "import sys, evidence; print(evidence.explore(widgets=False)); print('ipywidgets' in"
        " sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.match(
        r"(\d+) of \1 counted studies\.", done.stdout
    ) and done.stdout.rstrip().endswith("False")
