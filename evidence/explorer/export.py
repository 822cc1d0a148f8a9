"""Take a view along: the chart for a slide, a paper or the web, its data, words and code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evidence.charts.chart import FORMATS
from evidence.display.gallery import entries
from evidence.explorer.code import code
from evidence.explorer.contents import Contents
from evidence.explorer.pages import lens_text, listing, summary
from evidence.exporting.chart_pack import write_chart
from evidence.files import refuse_inputs, write_atomically
from evidence.tables.formulas import safe_csv


def default_folder(contents: Contents) -> Path:
    """``build/explorer`` beside the data folder."""
    return contents.ev.dictionary.folder.resolve().parent / "build" / "explorer"


def name_of(contents: Contents, size: str) -> str:
    """Name of an export, made of its conditions, so that two exports do not overwrite each other.

    Examples
    --------
    >>> import evidence
    >>> from evidence.explorer.view import view_of
    >>> ev = evidence.load()
    >>> name_of(
    ...     Contents(ev, view_of(ev, question="risk", design="cohort", years=(2000, None))),
    ...     "slide",
    ... )
    'risk-cohort-from-2000-concluded-slide'
    """
    view = contents.view
    rows = f"-by-{view.by}" if view.by else ""
    return f"{view.name}{rows}-{view.lens}-{size}"


def write_export(contents: Contents, folder: Path, size: str = "slide") -> list[Path]:
    """Write a view into a folder.

    Parameters
    ----------
    contents : Contents
    folder : Path
        Files of an earlier export of the same view are overwritten.
    size : {"slide", "paper", "web"}

    Returns
    -------
    list of Path
        ``balance.png`` and its other formats, ``balance.csv`` (the numbers of the chart),
        ``balance.txt`` (title, what is shown, notes, source line, alt text), ``studies.csv`` (the
        studies counted in it, with the addresses of their papers) and ``view.py`` (the code).

    Raises
    ------
    UsageError
        When no study meets the conditions.
    EvidenceError
        When a file cannot be written.
    """
    written = [f"balance.{ending}" for ending in (*FORMATS, "csv", "txt")]
    refuse_inputs(
        [folder / name for name in (*written, "studies.csv", "view.py")],
        contents.ev.dictionary.inputs,
    )
    shows = f"{summary(contents)}\n\n{lens_text(contents)}"
    files = write_chart(
        replace(entries(["balance"])[0], shows=shows), contents.chart(size), folder, FORMATS
    )
    studies = listing(contents)
    table = safe_csv(studies.frame.assign(Link=studies.addresses))
    return [
        *files,
        write_atomically(folder / "studies.csv", table),
        write_atomically(folder / "view.py", code(contents) + "\n"),
    ]
