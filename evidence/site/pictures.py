"""Charts of the gallery as pictures of the page: what each shows, its words, its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.charts.chart import FORMATS, Chart
from evidence.display.gallery import OUTCOMES, Entry, draw
from evidence.display.html_table import HtmlTable
from evidence.display.questions import question_answers
from evidence.exporting.chart_archive import write_archive
from evidence.exporting.chart_pack import write_chart
from evidence.files import write_atomically
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.site.dark_drawing import dark_drawing
from evidence.site.html_tables import html_table

FOLDER, SLIDES = "charts", "slide"
HEAVY = 400_000  # bytes; a drawing with more marks than that is shown as a picture of dots
CSS_INCH = 96
MOST_ROWS = 60


@dataclass(frozen=True)
class Picture:
    """A chart of the gallery on the page.

    Attributes
    ----------
    name, shows : str
        As in the gallery.
    kind, group : str
        What this form of chart is called, and what it is about.
    title, alt : str
        As of the chart; empty when it could not be drawn.
    notes : tuple of str
    src : str
        Path of the picture below the page; empty when it could not be drawn.
    dark : str
        Path of the same in the colours of a dark page; empty where there is none.
    width, height : int
        In CSS pixels.
    files : tuple of (str, str)
        Label and path of each file to take along.
    table : HtmlTable or None
        Its numbers, the first rows of them.
    rows : int
        How many rows there are.
    missing : str
        Why it could not be drawn.
    """

    name: str
    shows: str
    kind: str = ""
    group: str = ""
    title: str = ""
    alt: str = ""
    notes: tuple[str, ...] = ()
    src: str = ""
    dark: str = ""
    width: int = 0
    height: int = 0
    files: tuple[tuple[str, str], ...] = ()
    table: HtmlTable | None = None
    rows: int = 0
    missing: str = ""

    @property
    def purpose(self) -> str:
        """What it is good for, inside a sentence."""
        return lower_first(self.shows)


def write_pictures(ev: Evidence, folder: Path, names: Sequence[str] = ()) -> Iterator[Picture]:
    """Draw the gallery into ``folder/charts``: PNG, SVG and PDF for pages, PNG for slides, data and
    caption; one after the other.
    """
    chosen = list(names) or None
    for (entry, drawn), (_, slide) in zip(draw(ev, chosen), draw(ev, chosen, "slide"), strict=True):
        if isinstance(drawn, str):
            yield Picture(entry.name, entry.shows, entry.kind, entry.group, missing=drawn)
            continue
        yield _written(ev, entry, drawn, slide, folder)
    if chosen is None:
        yield from _of_questions(ev, folder)


def _of_questions(ev: Evidence, folder: Path) -> Iterator[Picture]:
    """The outcomes of each question that has some."""
    answered = question_answers(ev) if "questions" in ev.tables else []
    for one in answered:
        if one.rows is None or not len(one.rows):
            continue
        draw_it = lambda part, size, rows=one.rows: rows.chart(size=size)
        name, kind = f"question-{one.question_id}", f"Outcomes, {lower_first(one.short_title)}"
        entry = Entry(name, one.title, draw_it, kind, OUTCOMES)
        yield _written(ev, entry, entry.draw(ev, "web"), entry.draw(ev, "slide"), folder)


def _written(ev: Evidence, entry: Entry, chart: Chart, slide: Chart | str, folder: Path) -> Picture:
    """The files of a chart: for the page, its slides, and all of them in one archive."""
    write_chart(entry, chart, folder / FOLDER, FORMATS)
    slides = []
    if isinstance(slide, Chart):
        first = slide.save(folder / FOLDER / SLIDES / f"{entry.name}.png")
        more = [first.with_stem(f"{first.stem}-{page + 1}") for page in range(1, len(slide.pages))]
        slides = [first, *more]
    write_archive(ev, entry, chart, folder / FOLDER, slides)
    return _picture(ev, entry, chart, folder, [one.name for one in slides])


def _picture(
    ev: Evidence, entry: Entry, chart: Chart, folder: Path, slides: Sequence[str]
) -> Picture:
    place = f"{FOLDER}/{entry.name}"
    caution = ev.dictionary.settings.get("caution", "")  # stands once on each page
    kind, dark = "png", ""
    drawing = folder / f"{place}.svg"
    if drawing.stat().st_size < HEAVY:
        kind, dark = "svg", f"{FOLDER}/dark/{entry.name}.svg"
        write_atomically(folder / dark, dark_drawing(drawing.read_text(encoding="utf-8")))
    width, height = (round(inches * CSS_INCH) for inches in chart.figure.get_size_inches())
    files = [
        *(
            (_slide(page, len(slides)), f"{FOLDER}/{SLIDES}/{name}")
            for page, name in enumerate(slides, 1)
        ),
        *((form.upper(), f"{place}.{form}") for form in FORMATS),
    ]
    files += [("Data (CSV)", f"{place}.csv"), ("Caption (text)", f"{place}.txt")]
    files += [("Metadata (JSON)", f"{place}.metadata.json"), ("All (ZIP)", f"{place}.zip")]
    data = (
        chart.data.reset_index()
        if any(name is not None for name in chart.data.index.names)
        else chart.data
    )
    return Picture(
        name=entry.name,
        shows=entry.shows,
        kind=entry.kind,
        group=entry.group,
        title=chart.title,
        alt=chart.alt,
        notes=tuple(note for note in chart.notes if note != caution),
        src=f"{place}.{kind}",
        dark=dark,
        width=width,
        height=height,
        files=tuple(files),
        table=html_table(ev, data.head(MOST_ROWS), f"Numbers of the chart: {chart.title}"),
        rows=len(data),
    )


def _slide(page: int, pages: int) -> str:
    return "Slide (PNG)" if pages == 1 else f"Slide {page}"
