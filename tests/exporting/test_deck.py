"""The slide deck: for each question its answer, a picture with alt text, and notes."""

from __future__ import annotations

import pytest
from pptx import Presentation

import evidence
from evidence.exporting.deck import deck


@pytest.fixture(scope="module")
def slides(ev, tmp_path_factory):
    path = deck(ev, tmp_path_factory.mktemp("deck") / "deck.pptx")
    return evidence.question_answers(ev), list(Presentation(str(path)).slides)


def texts(slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_each_question_has_a_slide_whose_title_is_its_answer(slides):
    answers, shown = slides
    assert len(shown) == 1 + len(answers) == 7
    for one, slide in zip(answers, shown[1:], strict=True):
        assert slide.shapes.title.text_frame.text == f"{one.title} {one.sentences[0]}"


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


def test_slides_say_what_the_table_says(tmp_path, ev):
    """Without a study there is no number to tell, and no chart."""
    path = deck(ev.select(years=(1800, 1801)), tmp_path / "deck.pptx")
    shown = list(Presentation(str(path)).slides)[1:]
    assert all(not [s for s in slide.shapes if s.shape_type == 13] for slide in shown[:5])


def test_another_ending_is_refused(tmp_path, ev):
    with pytest.raises(evidence.UsageError, match=r"\.pptx"):
        deck(ev, tmp_path / "deck.pdf")
