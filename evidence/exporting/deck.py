"""A short slide deck: each question with its answer, a chart, why to be careful, and speaker notes.

Words and numbers are those of :func:`evidence.question_answers`; the charts have the size of
slides. Pictures carry alt text, and every slide its source.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evidence import charts
from evidence.charts.chart import Chart
from evidence.display.gallery import chart as gallery_chart
from evidence.display.questions import QuestionAnswer, question_answers
from evidence.display.trial_words import AGAINST_NONE
from evidence.errors import EvidenceError, UsageError
from evidence.files import write_atomically
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.balance import balance
from evidence.synthesis.harms import STARTED, harms

INSTALL = (
    "Slides need a package that is not installed: pip install 'evidence-explorer[deck]', or"
    " `make deck`."
)
SIZE = "slide"
WIDE, HIGH = 13.333, 7.5  # inches
MARGIN, TITLE, FOOT = 0.5, 1.75, 0.45
PICTURE, BESIDE = 8.3, 3.8  # widths of the picture and of the text beside it
LONG = 140  # characters of a title that still has room
POINTS = {"title": 26, "long": 22, "cover": 40, "text": 16, "foot": 11}
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
        _slide(show, one, _drawn(ev, row.to_dict(), one), words.source)
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


def _slide(show: Any, one: QuestionAnswer, chart: Chart | None, source: str) -> None:
    """A question: its answer as the title, a chart, and why to be careful."""
    slide = show.slides.add_slide(show.slide_layouts[5])
    box = (MARGIN, 0.3, WIDE - 2 * MARGIN, TITLE - 0.4)
    said = f"{one.title} {one.sentences[0]}"
    _title(slide, said, box, POINTS["title" if len(said) <= LONG else "long"])
    if chart is not None:
        _picture(slide, chart)
    left = MARGIN + PICTURE + 0.3 if chart is not None else MARGIN
    known = len(one.careful) > 0
    heading = CAREFUL if known else NOT_KNOWN
    reasons = list(one.careful["caution"]) if known else list(one.not_known)
    lines = [*one.sentences[1:], heading, *(f"– {reason}" for reason in reasons)]
    _text(slide, lines, (left, TITLE, WIDE - left - MARGIN, 4.9), POINTS["text"])
    _foot(slide, source)
    seen = ""
    if chart is not None:
        seen = f"\n\nThe picture: {chart.title}. {chart.alt}"
    slide.notes_slide.notes_text_frame.text = f"{one.plain}{seen}\n\nSource: {source}"


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
    _text(slide, [f"Source: {source}"], box, POINTS["foot"])


def _picture(slide: Any, chart: Chart) -> None:
    """The chart as large as it fits, with its alt text."""
    from pptx.util import Inches

    room = HIGH - TITLE - FOOT - 0.1
    picture = slide.shapes.add_picture(
        io.BytesIO(chart.png), Inches(MARGIN), Inches(TITLE), width=Inches(PICTURE)
    )
    if picture.height > Inches(room):
        picture.width = int(picture.width * Inches(room) / picture.height)
        picture.height = Inches(room)
    picture.name = chart.name
    picture._element.nvPicPr.cNvPr.set("descr", f"{chart.title}. {chart.alt}")


def _drawn(ev: Evidence, row: dict[Any, Any], one: QuestionAnswer) -> Chart | None:
    """The chart of a question, by its rule; none where the data set cannot fill it."""
    asked = {name: row[name] for name in ("question", "population") if isinstance(row[name], str)}
    try:
        return CHARTS.get(str(row["rule"]), _studies)(ev.select(**asked), one)
    except UsageError:
        return None


def _studies(part: Evidence, one: QuestionAnswer) -> Chart:
    return charts.headline(part, size=SIZE)


def _trials(part: Evidence, one: QuestionAnswer) -> Chart:
    """Outcome by outcome, randomised trials against none; all studies where there is no trial."""
    rows = one.rows
    if rows is None:
        raise UsageError("nothing to draw: no study bears on the question")
    trials = rows.frame[rows["randomised"] & (rows["contrast"] == AGAINST_NONE)]
    if trials.empty:
        return _studies(part, one)
    return charts.outcomes(rows.with_frame(trials.reset_index(drop=True)), size=SIZE)


def _finished(part: Evidence, one: QuestionAnswer) -> Chart:
    """Of a hundred who began, how many finished, in the studies that print both."""
    found = harms(part).total("finished")
    if not found["shown"] or not found["started"]:
        raise UsageError("nothing to draw: no study prints how many finished")
    counts = {
        "finished": int(found["total"]),
        "did not finish": int(found[STARTED] - found["total"]),
    }
    whole = f"who began, in the {found['shown']} studies that report it"
    return charts.icon_array(part, counts=counts, whole=whole, size=SIZE)


def _kinds(part: Evidence, one: QuestionAnswer) -> Chart:
    return charts.balance(balance(part, "exercise_type", "direction"), size=SIZE)


def _readings(part: Evidence, one: QuestionAnswer) -> Chart:
    return gallery_chart(part, "agreement", SIZE)


CHARTS: dict[str, Callable[[Evidence, QuestionAnswer], Chart]] = {
    "effect": _trials,
    "harm": _finished,
    "programmes": _kinds,
    "certainty": _readings,
}
