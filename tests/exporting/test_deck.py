"""The slide deck: for each question its answer, a picture with alt text, and notes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pptx import Presentation

import evidence
from evidence.exporting.deck import _drawn, deck
from evidence.synthesis.harms import harms

sys.path.append(str(Path(__file__).parents[1] / "charts"))  # what measures the texts of a chart
from layout import layout_faults, text_sizes


@pytest.fixture(scope="module")
def slides(ev, tmp_path_factory):
    path = deck(ev, tmp_path_factory.mktemp("deck") / "deck.pptx")
    return evidence.question_answers(ev), list(Presentation(str(path)).slides)


def texts(slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_each_question_is_the_title_of_a_slide_and_its_answer_stands_below(slides):
    answers, shown = slides
    assert len(shown) == 1 + len(answers) == 7
    for one, slide in zip(answers, shown[1:], strict=True):
        assert slide.shapes.title.text_frame.text == one.title
        (answer,) = [s for s in slide.shapes if s.has_text_frame and s.text == one.sentences[0]]
        assert slide.shapes.title.top + slide.shapes.title.height <= answer.top


def test_each_slide_has_cautions_a_source_and_notes(slides):
    answers, shown = slides
    for one, slide in zip(answers, shown[1:], strict=True):
        said, notes = texts(slide), slide.notes_slide.notes_text_frame.text
        assert all(reason in said for reason in one.careful["caution"])
        assert "Source: " in said and one.plain in notes
        (picture,) = (shape for shape in slide.shapes if shape.shape_type == 13)
        alt = picture._element.nvPicPr.cNvPr.get("descr")
        assert len(alt) > 40 and alt.split(". ", 1)[1] in notes


def test_nothing_leaves_the_slide(slides):
    for slide in slides[1]:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= 12192000
            assert shape.top >= 0 and shape.top + shape.height <= 6858000


def test_each_source_stands_once_on_its_slide(slides):
    for slide in slides[1][1:]:
        assert texts(slide).count("Source: ") == 1


def test_pictures_are_drawn_for_the_size_that_they_have(ev, slides):
    """Words keep their size, so that the last row of a room can read them."""
    rows = ev.tables["questions"].set_index("question_id")
    for one, slide in zip(slides[0], slides[1][1:], strict=True):
        chart = _drawn(ev, rows.loc[one.question_id].to_dict(), one)
        (picture,) = (shape for shape in slide.shapes if shape.shape_type == 13)
        wide, high = chart.figure.get_size_inches()
        assert abs(picture.width / 914400 - wide) < 0.01 > abs(picture.height / 914400 - high)
        assert not chart.further and not chart.figure.texts  # its words stand on the slide
        assert min(text_sizes(chart.figure)) >= 12 and layout_faults(chart.figure) == []


def test_as_many_icons_as_people_who_are_told_of(ev, slides):
    found = harms(ev.select(question="treatment", population="human")).total("finished")
    (slide,) = [slide for slide in slides[1] if "icon_array" in [s.name for s in slide.shapes]]
    (picture,) = (shape for shape in slide.shapes if shape.shape_type == 13)
    alt = picture._element.nvPicPr.cNvPr.get("descr")
    few = found["started"] <= 100  # more would be one icon for each of a hundred
    assert f"of {found['started'] if few else 100} people who exercised" in alt
    assert f"of the {found['started']} counted" in texts(slide) or not few


def slide_of(slides, question_id):
    """The slide of a question, and the alt text of its picture."""
    (place,) = [i for i, one in enumerate(slides[0], 1) if one.question_id == question_id]
    (picture,) = (shape for shape in slides[1][place].shapes if shape.shape_type == 13)
    return texts(slides[1][place]), picture._element.nvPicPr.cNvPr.get("descr")


def test_a_picture_of_trials_alone_says_so(slides):
    said, alt = slide_of(slides, "slow")
    drawn = "exercise against none"
    assert f"Randomised trials, {drawn}: where several studies share an outcome" in said
    assert f"One sign is one randomised trial ({drawn})" in said
    assert alt.startswith(f"Randomised trials, {drawn}: ")
    assert f"One sign per randomised trial ({drawn}), 7 rows." in alt


def test_the_picture_of_programmes_is_of_the_studies_of_its_answer(ev, slides):
    """The answer is on five studies that set one kind against another, and so is what it shows."""
    said, _ = slide_of(slides, "which")
    assert "5 studies set one kind or amount of exercise against another; 3 found" in said
    assert "Exercise against other exercise: the main results of 5 studies" in said
    one = evidence.answer(ev, "which")
    rows = ev.tables["questions"].set_index("question_id").loc["which"].to_dict()
    data = _drawn(ev, rows, one).data
    assert data["studies"].sum() == 5 and data["concluded_benefit"].sum() == 3
    assert data["concluded_no_clear_difference"].sum() == 2
    careful = one.careful.set_index("caution")
    assert set(careful["studies"].dropna()) == {5} and "No comparison group" not in careful.index
    assert careful.loc["Both groups exercised", "touched"] == 5
    assert evidence.answer(ev, "slow").careful["studies"].max() == 33  # of its own studies


def test_the_lesson_names_reasons_that_its_slides_hold(slides):
    """Teachers are sent to slides 2 and 3 for the reasons that pairs of pupils take."""
    lesson = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
    said = {
        "blows to the head": "Head injury",
        "memory": "remember their past differently",
        "few people": "Few people",
        "no sham programme": "No sham programme",
    }
    assert f"takes one reason ({', '.join(said)})" in lesson and "slides 2 and 3" in lesson
    both = texts(slides[1][1]) + texts(slides[1][2])
    assert [reason for reason in said.values() if reason not in both] == []


def test_slides_say_what_the_table_says(tmp_path, ev):
    """Without a study there is no number to tell, and no chart."""
    path = deck(ev.select(years=(1800, 1801)), tmp_path / "deck.pptx")
    shown = list(Presentation(str(path)).slides)[1:]
    assert all(not [s for s in slide.shapes if s.shape_type == 13] for slide in shown[:5])


def test_another_ending_is_refused(tmp_path, ev):
    with pytest.raises(evidence.UsageError, match=r"\.pptx"):
        deck(ev, tmp_path / "deck.pdf")
