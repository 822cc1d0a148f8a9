"""A short slide deck: each question with its answer, a chart, why to be careful, and speaker notes.

Words and numbers are those of :func:`evidence.question_answers`. A chart is drawn for the size that
it has on its slide; it carries alt text, and every slide its source.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from evidence import charts
from evidence.charts.chart import Chart
from evidence.charts.style import SIZES, Size
from evidence.charts.words import counted
from evidence.display.gallery import chart as gallery_chart
from evidence.display.questions import QuestionAnswer, question_answers
from evidence.display.trial_words import first_contrast, outcome_rows, set_aside_contrasts
from evidence.errors import EvidenceError, UsageError
from evidence.files import write_atomically
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.nouns import number_form, share_of
from evidence.synthesis.harms import STARTED, harms

INSTALL = (
    "Slides need a package that is not installed: pip install 'evidence-explorer[deck]', or"
    " `make deck`."
)
WIDE, HIGH = 13.333, 7.5  # inches
MARGIN, FOOT = 0.5, 0.45
QUESTION, ANSWER, BODY = 0.3, 0.95, 2.05  # where the question, its answer and the rest begin
PICTURE, CAPTION = 8.3, 0.95  # width of the picture, and least height of the words below it
ROOM = HIGH - BODY - CAPTION - FOOT - 0.2  # height of the picture
POINTS = {"title": 28, "answer": 18, "cover": 40, "text": 16, "small": 12}
DRAWN = (16, 14, 12)  # points of the words of a picture, as many as fit
CAREFUL, NOT_KNOWN = "Why to be careful:", "Not known:"


def deck(ev: Evidence, path: str | os.PathLike[str]) -> Path:
    """Write a slide deck with the answers to the questions of a data set.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``questions``; a selection is answered from what it keeps.
    path : path
        File to write, ending in ``.pptx``.

    Returns
    -------
    Path

    Raises
    ------
    UsageError
        For another ending, or when the data set has no questions.
    EvidenceError
        When python-pptx is not installed.

    Examples
    --------
    >>> import tempfile
    >>> import evidence
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     evidence.deck(evidence.load(), folder + "/slides.pptx").name
    'slides.pptx'
    """
    path = Path(path)
    if path.suffix.lower() != ".pptx":
        raise UsageError(f"cannot write slides as {path.name!r}; allowed ending: .pptx")
    show = _empty()
    words = charts.words(ev)
    _cover(show, ev.dictionary.title, words)
    rows = needed(ev, "questions", "there is no question to answer").set_index("question_id")
    for one in question_answers(ev):
        row = rows.loc[one.question_id]
        _slide(show, one, _drawn(ev, row.to_dict(), one), words)
    stream = io.BytesIO()
    show.save(stream)
    return write_atomically(path, stream.getvalue())


def _empty() -> Any:
    try:
        from pptx import Presentation
        from pptx.util import Inches
    except ImportError:
        raise EvidenceError(INSTALL) from None
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    return show


def _cover(show: Any, title: str, words: charts.Words) -> None:
    slide = show.slides.add_slide(show.slide_layouts[5])
    _title(slide, title, (MARGIN, 2.2, WIDE - 2 * MARGIN, 1.8), POINTS["cover"])
    _text(slide, [words.caution], (MARGIN, 4.2, WIDE - 2 * MARGIN, 1.2), POINTS["text"])
    _foot(slide, words.source)
    slide.notes_slide.notes_text_frame.text = words.caution


def _slide(show: Any, one: QuestionAnswer, chart: Chart | None, words: charts.Words) -> None:
    """A question with its answer, a chart, and why to be careful."""
    slide = show.slides.add_slide(show.slide_layouts[5])
    wide = WIDE - 2 * MARGIN
    _title(slide, one.title, (MARGIN, QUESTION, wide, ANSWER - QUESTION), POINTS["title"])
    _text(slide, [one.sentences[0]], (MARGIN, ANSWER, wide, BODY - ANSWER), POINTS["answer"])
    left = MARGIN
    if chart is not None:
        left += PICTURE + 0.3
        _picture(slide, chart)
        _caption(slide, chart, words)
    known = len(one.careful) > 0
    heading = CAREFUL if known else NOT_KNOWN
    reasons = list(one.careful["caution"]) if known else list(one.not_known)
    lines = [*one.sentences[1:], heading, *(f"– {reason}" for reason in reasons)]
    box = (left, BODY, WIDE - left - MARGIN, HIGH - BODY - FOOT - 0.2)
    _text(slide, lines, box, POINTS["text"])
    _foot(slide, words.source)
    seen = ""
    if chart is not None:
        seen = f"\n\nThe picture: {chart.title}. {chart.alt}"
    slide.notes_slide.notes_text_frame.text = f"{one.plain}{seen}\n\nSource: {words.source}"


def _title(slide: Any, text: str, box: tuple[float, ...], points: int) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches, Pt

    title = slide.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, box)
    frame = title.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.text = text
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    frame.paragraphs[0].font.size, frame.paragraphs[0].font.bold = Pt(points), True


def _text(slide: Any, lines: list[str], box: tuple[float, ...], points: int) -> None:
    from pptx.util import Inches, Pt

    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.font.size, paragraph.space_after = Pt(points), Pt(6)
        paragraph.font.bold = line in (CAREFUL, NOT_KNOWN)


def _foot(slide: Any, source: str) -> None:
    box = (MARGIN, HIGH - FOOT - 0.1, WIDE - 2 * MARGIN, FOOT)
    _text(slide, [f"Source: {source}"], box, POINTS["small"])


def _picture(slide: Any, chart: Chart) -> None:
    """The chart in the size that it was drawn for, with its alt text."""
    from pptx.util import Inches

    wide, high = chart.figure.get_size_inches()
    picture = slide.shapes.add_picture(
        io.BytesIO(chart.png), *map(Inches, (MARGIN, BODY, float(wide), float(high)))
    )
    picture.name = chart.name
    picture._element.nvPicPr.cNvPr.set("descr", f"{chart.title}. {chart.alt}")


def _caption(slide: Any, chart: Chart, words: charts.Words) -> None:
    """Below the chart its message, what a mark is, and the note that begins with what explains the
    marks; the source stands at the foot of the slide.
    """
    cautions = {line for text in words.cautions for line in text.split("\n")}
    said = [n for n in chart.notes[:2] if n not in cautions and not n.startswith("Source:")]
    top = BODY + float(chart.figure.get_size_inches()[1])
    lines = [chart.title, " ".join(f"{note.rstrip('.')}." for note in said)]
    _text(slide, lines, (MARGIN, top, PICTURE, HIGH - FOOT - 0.15 - top), POINTS["small"])


def _size(points: int) -> Size:
    """The size of a picture within a slide: its title and its source stand on the slide."""
    return replace(
        SIZES["slide"],
        name="deck", width=PICTURE, most=ROOM, margin=0.04, titled=False, fixed=False,
        text=points, small=max(points - 2, POINTS["small"]), dpi=200,
    )  # fmt: skip


def _drawn(ev: Evidence, row: dict[Any, Any], one: QuestionAnswer) -> Chart | None:
    """The chart of a question, by its rule, with words as large as fit on one page; none where the
    data set cannot fill it.
    """
    asked = {name: row[name] for name in ("question", "population") if isinstance(row[name], str)}
    part, draw = ev.select(**asked), CHARTS.get(str(row["rule"]), _studies)
    chart = None
    for points in DRAWN:
        try:
            chart = draw(part, one, row, _size(points))
        except UsageError:
            return None
        if not chart.further:
            break
    return chart


# Charts take a size of their own too, although only the names of sizes are promised.
def _studies(part: Evidence, one: QuestionAnswer, row: dict[Any, Any], size: Any) -> Chart:
    return charts.headline(part, size=size)


def _trials(part: Evidence, one: QuestionAnswer, row: dict[Any, Any], size: Any) -> Chart:
    """Outcome by outcome, randomised trials against none; all studies where there is no trial."""
    rows = one.rows
    if rows is None:
        raise UsageError("nothing to draw: no study bears on the question")
    trials = rows.frame[rows["randomised"] & (rows["contrast"] == first_contrast(part.dictionary))]
    if trials.empty:
        return _studies(part, one, row, size)
    return charts.outcomes(rows.with_frame(trials.reset_index(drop=True)), size=size)


def _finished(part: Evidence, one: QuestionAnswer, row: dict[Any, Any], size: Any) -> Chart:
    """Of those who began, how many finished, in the studies that print both."""
    found = harms(part).total("finished")
    if not found["shown"] or not found["started"]:
        raise UsageError("nothing to draw: no study prints how many finished")
    counts = {
        "finished": int(found["total"]),
        "did not finish": int(found[STARTED] - found["total"]),
    }
    who = row.get("who")
    began = who if isinstance(who, str) and who else "who began"
    studies = share_of(int(found["shown"]), int(found["studies"]), "study", "studies")
    told = number_form(int(found["shown"]), "reports", "report")
    whole = f"{began}, in the {studies} that {told} it"
    return charts.icon_array(part, counts=counts, whole=whole, size=size)


def _kinds(part: Evidence, one: QuestionAnswer, row: dict[Any, Any], size: Any) -> Chart:
    """The main results that the answer counts: of studies that set one kind against another."""
    aside = set_aside_contrasts(part)
    rows = outcome_rows(part, row, aside[0], main_only=True) if aside else None
    if rows is None or not len(rows):
        raise UsageError("nothing to draw: no study sets one kind against another")
    what = part.dictionary.label("contrast", aside[0])
    n = int(rows["studies"].sum())
    title = f"{what}: the main results of {counted(n, 'study', 'studies')}, outcome by outcome"
    return charts.outcomes(rows, title=title, size=size)


def _readings(part: Evidence, one: QuestionAnswer, row: dict[Any, Any], size: Any) -> Chart:
    return gallery_chart(part, "agreement", size)


CHARTS: dict[str, Callable[[Evidence, QuestionAnswer, dict[Any, Any], Any], Chart]] = {
    "effect": _trials,
    "harm": _finished,
    "programmes": _kinds,
    "certainty": _readings,
}
