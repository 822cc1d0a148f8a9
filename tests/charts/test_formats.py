"""Every chart of the gallery on the real table, in every format."""

from __future__ import annotations

import re
from itertools import product

import pytest
from layout import coloured, layout_faults, text_sizes
from matplotlib.text import Text
from portion import portion

import evidence
from evidence.charts.chart import Chart
from evidence.charts.style import SIZES
from evidence.display.gallery import GALLERY, entries

NAMES = [entry.name for entry in GALLERY]
PAGES = 3  # pages of a chart whose layout is measured


@pytest.fixture(scope="module")
def drawn(ev):
    """Each chart of the gallery in each size, drawn once."""
    made: dict[tuple[str, str], Chart] = {}

    def draw(name: str, size: str) -> Chart:
        if (name, size) not in made:
            made[name, size] = entries([name])[0].draw(ev, size)
        return made[name, size]

    return draw


@pytest.mark.parametrize(("size", "name"), portion(product(SIZES, NAMES), 16))
def test_pages_text_sizes_and_layout(drawn, name, size):
    chart, wanted = drawn(name, size), SIZES[size]
    for page in chart.pages:
        width, height = page.get_size_inches()
        assert width == pytest.approx(wanted.width)
        assert height == wanted.most if wanted.fixed else height <= wanted.most
    for page in chart.pages[:PAGES]:
        sizes = text_sizes(page)
        least = {"slide": 18, "paper": 5, "web": 9, "print": 8}[size]
        assert min(sizes) >= least
        assert size != "paper" or max(sizes) <= 7
        assert layout_faults(page) == []


@pytest.mark.parametrize("name", portion(NAMES, 3))
def test_papers_leave_title_and_notes_to_the_caption(drawn, name):
    chart = drawn(name, "paper")
    said = [text.get_text() for text in chart.figure.findobj(Text)]
    assert not any(chart.title[:30] in text.replace("\n", " ") for text in said)
    assert any("Source: " in note for note in chart.notes)


@pytest.mark.parametrize("name", portion(NAMES, 3))
def test_screens_say_title_subtitle_caution_and_source(drawn, name):
    chart = drawn(name, "web")
    said = " ".join(text.get_text().replace("\n", " ") for text in chart.figure.texts)
    assert chart.title in said
    assert "Not medical advice." in said and f"Source: {chart.source}" in said
    assert chart.notes[0] in said  # what a mark is


@pytest.mark.parametrize(
    ("name", "said"),
    portion(
        [
            ("albatross", "Open triangles point where the p-value lies"),
            ("rain_cloud", "Cloud: where the average may lie"),
            ("gap_map", "A dash: no counted study"),
            ("three_lenses", "p: sign test"),
            ("multiverse", "their share is not a probability"),
            ("headline", "whatever its p-value"),
            ("forest", "Diamond: pooled estimate"),
            ("effect_direction", "The larger a sign, the more took part"),
            ("claims", "No bar: a claim"),
        ],
        3,
    ),
)
def test_every_page_of_a_slide_says_what_its_marks_are(drawn, name, said):
    for page in drawn(name, "slide").pages:
        assert said in " ".join(text.get_text().replace("\n", " ") for text in page.texts)
    assert sum(said in note for note in drawn(name, "web").notes) == 1


@pytest.mark.parametrize("name", portion(NAMES, 8))
def test_hatches_are_on_prints_alone(drawn, name):
    for size in ("web", "slide", "paper"):
        for page in drawn(name, size).pages[:1]:
            assert not any(
                getattr(artist, "get_hatch", lambda: None)() for artist in page.findobj()
            )


@pytest.mark.parametrize("name", portion(NAMES, 8))
def test_prints_are_grey(drawn, name):
    assert coloured(drawn(name, "print")) == []
    assert name in ("citations", "sources", "timeline") or coloured(drawn(name, "web"))


@pytest.mark.parametrize("name", portion(NAMES, 8))
def test_the_marks_are_the_same_in_every_size(drawn, name):
    def counted(size):
        marks = drawn(name, size).marks
        kept = marks[marks["mark"].isin(["bar", "point", "area"]) & (marks["label"] != "")]
        return kept.groupby(["label", "mark"]).size().to_dict()

    web = counted("web")
    assert web == counted("slide")
    assert web == counted("paper")


@pytest.mark.parametrize("name", NAMES)
def test_titles_are_messages(drawn, name):
    """Computed from the data: there is a number in each."""
    assert re.search(r"\d|None", drawn(name, "web").title)


@pytest.mark.parametrize("name", portion(NAMES, 8))
def test_a_selection_is_named(ev, name):
    part = ev.select(question="treatment", population="human", design=["rct", "single_arm"])
    try:
        chart = entries([name])[0].draw(part, "web")
    except evidence.UsageError as error:
        assert "nothing to draw" in str(error)
        return
    named = "Selection: exercising with ALS; people; design: randomised trial or single-arm study"
    assert named in chart.text


@pytest.mark.parametrize("size", ["web", "slide", "print"])
def test_the_words_around_a_drawing_are_never_cut(ev, size):
    """A selection of several conditions takes the lines that it needs."""
    part = ev.select(question="treatment", population="human", design=["rct", "single_arm"])
    result = evidence.balance(part, "outcome_domain", "direction")
    for page in evidence.charts.balance(result, size=size).pages:
        said = [text.get_text() for text in page.texts]
        assert not any("…" in text for text in said)
        assert "randomised trial or single-arm study" in " ".join(said).replace("\n", " ")


@pytest.mark.parametrize("name", portion(["headline", "forest", "timeline", "claims"], 2))
def test_same_bytes(ev, assert_same_bytes, name):
    assert_same_bytes(lambda: entries([name])[0].draw(ev, "web"))


def test_further_pages_are_written_beside_the_first(drawn, tmp_path):
    chart = drawn("headline", "slide")
    chart.save(tmp_path / "h.svg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["h-2.svg", "h-3.svg", "h.svg"]


def test_a_slide_has_the_pixels_of_a_screen(drawn):
    from io import BytesIO

    from PIL import Image

    assert Image.open(BytesIO(drawn("balance", "slide").png)).size == (1920, 1080)


def test_the_gallery_says_who_tested_a_form():
    tested = {entry.name: entry.tested for entry in GALLERY}
    assert "randomised survey" in tested["rain_cloud"] and "No study" in tested["balance"]
    assert not {"funnel", "sources", "harvest"} & set(tested)
