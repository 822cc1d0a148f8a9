"""The controls, used in this process: what they show follows what is ticked, pressed and typed."""

from __future__ import annotations

import base64
import html
import io
import re
import threading
import zipfile
from dataclasses import replace

import ipywidgets
import pytest

import evidence
from evidence.charts.chart import Chart
from evidence.explorer.contents import Contents
from evidence.explorer.pages import lens_html
from evidence.explorer.panel import Panel
from evidence.explorer.state import State
from evidence.explorer.view import View, view_of


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Drawing takes most of the time and is tested elsewhere; the lenses of a view are worked out
    once for all tests.
    """
    monkeypatch.setattr(Chart, "svg", b"<svg/>")
    monkeypatch.setattr(
        "evidence.explorer.panel.lens_html", lambda contents: lenses_of(contents.ev, contents.view)
    )


KNOWN: dict[tuple[int, View], tuple[evidence.Evidence, str]] = {}


def lenses_of(ev, view) -> str:
    if (id(ev), view) not in KNOWN:
        KNOWN[id(ev), view] = (ev, lens_html(Contents(ev, view)))
    return KNOWN[id(ev), view][1]


@pytest.fixture
def panel(ev, tmp_path):
    return Panel(ev, View(), State(View()), tmp_path / "out")


def alt(panel) -> str:
    return html.unescape(re.search(r'alt="([^"]*)"', panel.picture.value).group(1))


def wanted(ev, **conditions) -> str:
    chart = Contents(ev, view_of(ev, **conditions)).chart()
    return f"{chart.title}. {chart.alt}"


def counted_of(ev) -> int:
    return len(ev.select(counted=True))


def all_of(ev, **conditions) -> str:
    return f"All {len(ev.select(counted=True, **conditions))} studies of this view"


def captions(panel) -> str:
    return re.search(r"<caption[^>]*>(.*?)</caption>", panel.studies.value).group(1)


def test_ten_clicks(ev, panel):
    """Every kind of control; after each the chart is the one that the conditions give."""
    assert alt(panel) == wanted(ev)
    conditions: dict = {}
    steps = [
        (
            lambda: setattr(panel.ticks["question"].boxes["treatment"], "value", True),
            {"question": "treatment"},
        ),
        (
            lambda: setattr(panel.ticks["population"].boxes["human"], "value", True),
            {"population": "human"},
        ),
        (lambda: setattr(panel.ticks["design"].boxes["rct"], "value", True), {"design": "rct"}),
        (
            lambda: setattr(panel.ticks["design"].boxes["single_arm"], "value", True),
            {"design": ["rct", "single_arm"]},
        ),
        (lambda: setattr(panel.lens, "value", "direction"), {"lens": "direction"}),
        (lambda: setattr(panel.first, "value", 2000), {"years": (2000, None)}),
        (lambda: setattr(panel.last, "value", 2020), {"years": (2000, 2020)}),
        (lambda: setattr(panel.least, "value", 10), {"min_sample_size": 10}),
        (lambda: setattr(panel.rows, "value", "design"), {"by": "design"}),
        (
            lambda: setattr(panel.overlap, "value", "certain"),
            {"one_per_cohort": True, "overlap": "certain"},
        ),
    ]
    for click, change in steps:
        click()
        conditions |= change
        assert alt(panel) == wanted(ev, **conditions), change
        view = view_of(ev, **conditions)
        assert (
            panel.view == view
            and f"{len(view.part(ev))} of {counted_of(ev)} counted studies" in panel.summary.value
        )
        assert len(re.findall("<tr", panel.studies.value)) == len(panel.contents.members) + 1
    assert "<em>Direction:</em>" in panel.verdicts.value
    panel.reset.click()
    assert alt(panel) == wanted(ev) and panel.view == View() and panel.least.value == 0


def test_the_sources_of_the_article(ev, panel):
    panel.article.value = True
    assert alt(panel) == wanted(ev, cited_by_article=True)


def test_a_number_lists_its_studies(ev, panel):
    counts = panel.contents.counts
    harm, benefit = counts["harm"].iloc[0], counts["benefit"].iloc[1]
    button = panel.counts.button(0, "harm")
    assert button.description == f"Harm {harm}" and captions(panel) == all_of(ev)
    button.value = True
    assert (
        captions(panel) == f"Getting ALS, people: harm, {harm} studies"
        and "https://doi.org/" in panel.studies.value
    )
    other = panel.counts.button(1, "benefit")
    other.value = True
    assert (
        not button.value
        and captions(panel) == f"Exercising with ALS, people: benefit, {benefit} studies"
    )
    other.value = False
    assert captions(panel) == all_of(ev) and panel.state.picked is None


def test_there_is_a_button_for_every_number(panel):
    panel.lens.value = "direction"
    for number, (_, line) in enumerate(panel.contents.counts.iterrows()):
        shown = [child.description for child in panel.counts.box.children[number].children[1:]]
        assert shown == [
            f"{panel.contents.word(word)} {line[word]}"
            for word in panel.contents.words
            if line[word]
        ]


def test_clicks_wait_for_each_other(panel, monkeypatch):
    """JupyterLab answers them in threads beside each other: a number that is pressed while a
    condition is worked out must not get lost.
    """
    begun, go_on = threading.Event(), threading.Event()

    def slow(contents, *_):
        begun.set()
        go_on.wait(20)
        return drawn(contents)

    drawn = Contents.chart
    monkeypatch.setattr(Contents, "chart", slow)
    clicks = [
        threading.Thread(
            target=setattr, args=(panel.ticks["population"].boxes["human"], "value", True)
        ),
        threading.Thread(target=setattr, args=(panel.counts.button(0, "harm"), "value", True)),
    ]
    clicks[0].start()
    assert begun.wait(20)
    clicks[1].start()
    go_on.set()
    for click in clicks:
        click.join(60)
    assert "(people)" in alt(panel) and captions(panel).startswith("Getting ALS: harm, ")
    assert panel.counts.button(0, "harm").value and panel.state.picked == (0, "harm")


def test_a_number_that_is_gone_is_not_picked(ev, panel):
    """It was pressed before the view changed, and arrives afterwards."""
    panel.ticks["question"].boxes["treatment"].value = True
    panel.ticks["population"].boxes["human"].value = True
    panel._picked((2, "harm"))
    assert panel.state.picked is None and captions(panel) == all_of(
        ev, question="treatment", population="human"
    )


def test_a_condition_lets_go_what_was_picked(panel):
    panel.counts.button(0, "harm").value = True
    panel.ticks["population"].boxes["human"].value = True
    assert panel.state.picked is None and not panel.counts.button(0, "harm").value


def test_only_one_column_is_open(panel):
    design, exposure = panel.ticks["design"], panel.ticks["exposure"]
    design.opener.value = True
    assert design.box.layout.display == "flex"
    exposure.opener.value = True
    assert (design.box.layout.display, exposure.box.layout.display, design.opener.value) == (
        "none",
        "flex",
        False,
    )
    exposure.boxes["training"].value = True
    assert exposure.opener.description == "Exposure (1)"
    exposure.opener.value = False
    assert exposure.box.layout.display == "none" and panel.view.wanted("exposure") == ("training",)


def test_outcomes_make_the_rows(ev, panel):
    panel.rows.value = "design"
    panel.ticks["outcome_domain"].boxes["survival"].value = True
    assert panel.rows.disabled and "each study votes on each of them" in panel.rows_note.value
    assert alt(panel) == wanted(ev, outcome_domain="survival")
    panel.ticks["outcome_domain"].boxes["survival"].value = False
    assert not panel.rows.disabled and alt(panel) == wanted(ev, by="design")


def test_nothing_left(panel):
    panel.first.value, panel.last.value = 2020, 1990
    assert "No study meets all these conditions" in panel.picture.value
    assert panel.studies.value == panel.verdicts.value == "" and len(panel.counts.box.children) == 0
    panel.export.click()
    assert "Not exported" in panel.exported.value and "no study meets" in panel.exported.value
    panel.show_code.value = True
    assert "years=(2020, 1990)" in panel.code.value


def test_code_follows(ev, panel):
    panel.show_code.value = True
    panel.ticks["question"].boxes["risk"].value = True
    panel.counts.button(0, "benefit").value = True
    text = html.unescape(
        re.search(r"<textarea[^>]*>(.*)</textarea>", panel.code.value, re.S).group(1)
    )
    space: dict = {}
    exec(text, space)
    assert (
        f"{space['chart'].title}. {space['chart'].alt}" == alt(panel) and len(space["picked"]) == 3
    )
    panel.show_code.value = False
    assert panel.code.value == ""


def test_export_writes_and_offers_the_files(panel, tmp_path):
    panel.ticks["population"].boxes["animal"].value = True
    panel.size.value = "paper"
    panel.export.click()
    folder = tmp_path / "out" / "animal-concluded-paper"
    link = re.search(
        r'download="([^"]+)" href="data:application/zip;base64,([^"]+)"', panel.exported.value
    )
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(link.group(2)))) as archive:
        names = {name.split("/")[1]: archive.read(name) for name in archive.namelist()}
    assert link.group(1) == "animal-concluded-paper.zip" and names == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }
    chart = panel.contents.chart("paper")
    assert html.escape(chart.alt) in panel.exported.value and chart.source in panel.exported.value
    panel.lens.value = "direction"
    assert panel.exported.value == "", "an export of another view is not offered"


def test_a_folder_that_cannot_be_written_leaves_the_download(ev, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    panel = Panel(ev, View(), State(View()), tmp_path / "file")
    panel.export.click()
    assert "Cannot write" in panel.exported.value and "data:application/zip" in panel.exported.value


def test_where_a_reader_is_survives(ev):
    start = view_of(ev, question="treatment")
    state = State(start)
    first = Panel(ev, start, state)
    first.ticks["population"].boxes["animal"].value = True
    first.ticks["design"].opener.value = True
    first.counts.button(0, "benefit").value = True
    second = Panel(ev, start, state)
    assert second.view == first.view and second.ticks["population"].values == ("animal",)
    assert (
        captions(second) == captions(first)
        and second.counts.button(0, "benefit").value
        and second.ticks["design"].opener.value
    )
    second.reset.click()
    assert second.view == start and not second.ticks["design"].opener.value


def test_what_no_longer_is_there_is_forgotten(ev):
    """The tables may change while a kernel lives."""
    state = State(View((("design", ("gone",)),), by="gone"), picked=(9, "harm"), opened="gone")
    panel = Panel(ev, View(), state)
    assert panel.view == View() and panel.state.picked is None and captions(panel) == all_of(ev)


def test_conditions_without_a_control_stay(ev):
    start = view_of(ev, data_collection="laboratory", by="species")
    panel = Panel(ev, start, State(start))
    panel.ticks["population"].boxes["animal"].value = True
    assert panel.view.wanted("data_collection") == ("laboratory",) and panel.view.by == "species"


def test_going_back_draws_nothing_anew(panel, monkeypatch):
    panel.lens.value = "direction"
    drawn = []
    monkeypatch.setattr(Contents, "chart", lambda *_: drawn.append(1))
    panel.lens.value = "concluded"
    panel.lens.value = "direction"
    assert not drawn and "sign test" in panel.verdicts.value


def test_a_bare_data_set_has_fewer_controls(ev):
    names = ["cohort", "article_reference", "reading", "confidence"]
    bare = ev.with_tables({name: ev.tables[name] for name in ("studies", "findings")})
    bare = bare.with_tables(
        dict(bare.tables) | {"studies": bare.studies.assign(**dict.fromkeys(names))}
    )
    panel = Panel(bare, View(), State(View()))
    labels = {
        widget.description
        for widget in every(panel.root)
        if isinstance(widget, (ipywidgets.Checkbox, ipywidgets.ToggleButton))
    }
    assert (
        panel.overlap not in every(panel.root)
        and {"Sources of the article only", "Reading", "Confidence"}.isdisjoint(labels)
        and "Design" in labels
    )


def test_words_of_the_data_are_no_html(ev):
    field = ev.dictionary.tables["studies"].by_name["population"]
    odd = replace(
        field,
        title="<i>who</i>",
        categories=tuple(replace(category, label="<script>") for category in field.categories),
    )
    table = ev.dictionary.tables["studies"]
    fields = tuple(odd if one.name == "population" else one for one in table.fields)
    tables = dict(ev.dictionary.tables) | {"studies": replace(table, fields=fields)}
    panel = Panel(
        replace(ev, dictionary=replace(ev.dictionary, tables=tables)), View(), State(View())
    )
    panel.show_code.value = True
    pages = "".join(
        widget.value for widget in every(panel.root) if isinstance(widget, ipywidgets.HTML)
    )
    assert "<script>" not in pages and "<i>" not in pages and "&lt;script&gt;" in pages


def every(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def test_arrows_and_letters_reach_no_control(panel):
    """JupyterLab takes them for its own commands, unless a text field has the focus: lists, sliders
    and radio buttons would not work.
    """
    fine = (
        ipywidgets.Box,
        ipywidgets.HTML,
        ipywidgets.Checkbox,
        ipywidgets.ToggleButton,
        ipywidgets.ToggleButtons,
        ipywidgets.Button,
        ipywidgets.BoundedIntText,
    )
    assert all(isinstance(widget, fine) for widget in every(panel.root))


def test_every_control_has_a_name(panel):
    panel.show_code.value = True
    for widget in every(panel.root):
        if isinstance(
            widget,
            (
                ipywidgets.Checkbox,
                ipywidgets.ToggleButton,
                ipywidgets.Button,
                ipywidgets.BoundedIntText,
            ),
        ):
            assert widget.description


def test_the_style_sheet_names_every_vote(ev):
    from evidence.explorer.panel import STYLE

    for word in [
        *evidence.balance(ev).columns.intersection(
            ["harm", "benefit", "no_clear_difference", "mixed"]
        ),
        "not_placed",
    ]:
        assert f".evidence-{word.replace('_', '-')} " in STYLE
