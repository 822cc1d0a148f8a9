"""``Chart``: a figure that can also be read, checked and taken along."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from evidence.charts.marks import read_axes, read_marks, rounded
from evidence.errors import UsageError

if TYPE_CHECKING:
    from evidence.charts.page import Frame

QUICK = 3  # of PNG: a third less time than the usual level, for a twentieth more bytes
FORMATS = ("png", "svg", "pdf")
MOST_LINES, SHOWN_LINES = 400, 15


@dataclass(frozen=True, eq=False)
class Chart:
    """A finished chart.

    In a notebook it shows a picture for the eye and a text for tests and for readers without
    pictures. The text holds the title, the alt text and the marks read back from the axes.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The figure, to be changed freely.
    title, alt, source : str
        Title, a description that states the main numbers, and where the data come from.
    data : DataFrame
        The numbers of the chart.
    name : str
        File name without ending.
    notes : tuple of str
        The caption: what a mark is, what stands below the drawing, and the source.
    further : tuple of Figure
        Further pages of a chart that is too long for one.
    """

    figure: Figure
    title: str
    alt: str
    source: str
    data: pd.DataFrame = field(repr=False)
    name: str = "chart"
    notes: tuple[str, ...] = ()
    further: tuple[Figure, ...] = field(default=(), repr=False)

    @classmethod
    def of(
        cls, figures: Sequence[Figure], frame: Frame, alt: str, data: pd.DataFrame, name: str
    ) -> Chart:
        """A chart of its pages and the words around them."""
        source, caption = frame.words.source, frame.caption
        return cls(figures[0], frame.title, alt, source, data, name, caption, tuple(figures[1:]))

    @property
    def pages(self) -> tuple[Figure, ...]:
        """The figures: one, or several where a chart continues on further pages."""
        return (self.figure, *self.further)

    @property
    def marks(self) -> pd.DataFrame:
        """What is on the axes: bars, points, lines and texts, with their places."""
        return pd.concat([read_marks(figure) for figure in self.pages], ignore_index=True)

    @property
    def text(self) -> str:
        """The chart in words and numbers."""
        marks = self.marks
        table = marks.drop(
            columns=[c for c in marks.columns if marks[c].isna().all() or (marks[c] == "").all()]
        )
        numbers = table.select_dtypes("number").columns
        table = table.assign(**{name: table[name].map(_rounded) for name in numbers}).fillna("")
        lines = _table_lines(table) if len(table) else ["(no marks)"]
        return "\n".join(
            [
                self.title,
                f"Alt text: {self.alt}",
                *self.notes,
                *(line for figure in self.pages for line in read_axes(figure)),
                *lines,
            ]
        )

    @cached_property
    def png(self) -> bytes:
        """The chart as a PNG picture, for a notebook; :meth:`save` takes more time to pack it."""
        return self._rendered("png", self.figure, pil_kwargs={"compress_level": QUICK})

    @cached_property
    def svg(self) -> bytes:
        """The chart as an SVG picture: sharp at every size, and drawn in less time."""
        return self._rendered("svg", self.figure)

    def save(self, path: str | os.PathLike[str], **options: Any) -> Path:
        """Write the chart as PNG, SVG or PDF, by the ending of the path.

        Title, alt text and source are embedded. The same chart gives the same bytes on every run.
        Further pages are written beside the first, as ``name-2.png`` and so on.

        Parameters
        ----------
        path : path
            File to write; folders are made.
        **options
            Passed on to Matplotlib's ``savefig``, such as ``dpi``.

        Returns
        -------
        Path
            Of the first page.

        Raises
        ------
        UsageError
            When the ending is not one of png, svg, pdf.
        """
        from evidence.files import write_atomically

        path = Path(path)
        kind = path.suffix.lower().lstrip(".")
        if kind not in FORMATS:
            raise UsageError(
                f"cannot save a chart as {path.name!r}; allowed endings:"
                f" {', '.join('.' + name for name in FORMATS)}"
            )
        for place, figure in zip(self.paths(path), self.pages, strict=True):
            write_atomically(place, self._rendered(kind, figure, **options))
        return path

    def paths(self, path: str | os.PathLike[str]) -> list[Path]:
        """The files that :meth:`save` writes: one per page."""
        path = Path(path)
        further = range(2, len(self.pages) + 1)
        return [path, *(path.with_name(f"{path.stem}-{n}{path.suffix}") for n in further)]

    def _rendered(self, kind: str, figure: Figure, **options: Any) -> bytes:
        from evidence.charts.style import styled

        stream = io.BytesIO()
        with styled():
            figure.savefig(stream, format=kind, metadata=self._metadata(kind), **options)
        content = stream.getvalue()
        if kind == "svg":
            return _described(_renamed(content), self.title, self.alt)
        return content

    def _metadata(self, kind: str) -> dict[str, Any]:
        described = f"{self.alt} Source: {self.source}"
        if kind == "png":
            return {
                "Title": self.title,
                "Description": described,
                "Source": self.source,
                "Software": None,
            }
        if kind == "pdf":
            return {
                "Title": self.title,
                "Subject": described,
                "Creator": None,
                "Producer": None,
                "CreationDate": None,
            }
        return {
            "Title": self.title,
            "Description": described,
            "Source": self.source,
            "Date": None,
            "Creator": None,
        }

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"image/png": self.png, "text/plain": self.text}, {"image/png": {"alt": self.alt}}


def _table_lines(table: pd.DataFrame) -> list[str]:
    """A table as text; a long one is cut in its middle, and a checksum over all of it still tells
    any change.
    """
    cut = len(table) - 2 * SHOWN_LINES if len(table) > MOST_LINES else 0
    shown = table
    if cut:
        shown = pd.concat([table.iloc[:SHOWN_LINES], table.iloc[-SHOWN_LINES:]])
    lines = [
        line.rstrip()
        for line in shown.to_string(index=False, justify="left", max_colwidth=60).splitlines()
    ]
    if cut:
        checksum = hashlib.sha256(
            table.to_csv(index=False, lineterminator="\n").encode()
        ).hexdigest()[:16]
        lines.insert(
            SHOWN_LINES + 1, f"... {cut:,} more lines; checksum of all {len(table):,}: {checksum}"
        )
    return lines


def _rounded(value: float) -> str:
    if pd.isna(value):
        return ""
    if abs(value) < 1e4:
        return rounded(value)
    return f"{value:.0f}"


def _renamed(svg: bytes) -> bytes:
    """Clip paths named by their order.

    Matplotlib names them by their exact corners, and the layout solver's last digits change from
    run to run.
    """
    names = dict.fromkeys(re.findall(rb'<clipPath id="(p[0-9a-f]{10})"', svg))
    numbers = {name: b"clip%d" % number for number, name in enumerate(names, start=1)}
    return re.sub(
        rb'(?<=url\(#)p[0-9a-f]{10}(?=\))|(?<=<clipPath id=")p[0-9a-f]{10}(?=")',
        lambda found: numbers[found[0]],
        svg,
    )


def _described(svg: bytes, title: str, alt: str) -> bytes:
    """Title and description where browsers and screen readers look for them: as the first children
    of the picture.
    """
    from xml.sax.saxutils import escape

    begin = svg.index(b"<svg")
    end = svg.index(b">", begin)
    inner = (
        f'\n <title id="chart-title">{escape(title)}</title>\n <desc'
        f' id="chart-desc">{escape(alt)}</desc>'.encode()
    )
    return (
        svg[:end]
        + b' role="img" aria-labelledby="chart-title chart-desc"'
        + svg[end : end + 1]
        + inner
        + svg[end + 1 :]
    )
