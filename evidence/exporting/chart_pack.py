"""The chart pack: the gallery as files, each chart with its data, caption and alt text, and a
contact sheet.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pandas as pd

from evidence.charts.chart import FORMATS, Chart
from evidence.display.gallery import Entry, draw, entries
from evidence.errors import UsageError
from evidence.files import refuse_foreign, refuse_inputs, write_atomically
from evidence.model.evidence import Evidence
from evidence.tables.formulas import safe_csv

MARK = ".evidence-charts"  # a file that only folders of this kind hold
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
figure { margin: 2rem 0; padding-top: 1rem; border-top: 1px solid #888; }
img { max-width: 100%; height: auto; background: #fff; }
details { margin: .5rem 0; }
"""


def write_pack(
    ev: Evidence,
    out: str | os.PathLike[str] = "build/charts",
    names: Sequence[str] = (),
    formats: Sequence[str] = ("png",),
    size: str = "web",
) -> tuple[list[Path], dict[str, str]]:
    """Draw charts of the gallery into a folder.

    The files: for each chart its pictures, its data as CSV and its caption with alt text and
    source; and ``index.html``. A chart that the data set cannot fill is named in the index and in
    the second value, with the reason.

    Raises
    ------
    UsageError
        When the folder holds other files than an earlier pack, or the gallery has no such chart.
    """
    from tqdm import tqdm

    unknown = [form for form in formats if form not in FORMATS]
    if unknown or not formats:
        raise UsageError(
            f"format is {unknown[0] if unknown else ''!r}; allowed: {', '.join(FORMATS)}"
        )
    chosen = entries(list(names) or None)
    folder = Path(out)
    names_of = [f"{entry.name}.{ending}" for entry in chosen for ending in (*formats, "csv", "txt")]
    refuse_inputs([folder / name for name in (*names_of, "index.html")], ev.dictionary.inputs)
    refuse_foreign(folder, MARK)
    write_atomically(folder / MARK, b"")
    files, shown = [], []
    with tqdm(total=len(chosen), desc="charts", unit="chart", disable=None) as bar:
        for entry, drawn in draw(ev, [entry.name for entry in chosen], size):
            bar.update()
            shown.append((entry, drawn))
            if isinstance(drawn, Chart):
                files += write_chart(entry, drawn, folder, formats)
    files.append(write_atomically(folder / "index.html", contact_sheet(ev, shown, formats)))
    return files, {entry.name: why for entry, why in shown if isinstance(why, str)}


def write_chart(entry: Entry, chart: Chart, folder: Path, formats: Sequence[str]) -> list[Path]:
    """One chart as files: its pictures, its data as CSV, its caption with alt text as text."""
    files = []
    for form in formats:
        chart.save(folder / f"{entry.name}.{form}")
        files += chart.paths(folder / f"{entry.name}.{form}")
    files.append(write_atomically(folder / f"{entry.name}.csv", _data(chart.data)))
    caption = "\n\n".join(
        [
            chart.title,
            entry.shows,
            *chart.notes,
            f"Readers: {entry.tested}",
            f"Alt text: {chart.alt}",
        ]
    )
    return [*files, write_atomically(folder / f"{entry.name}.txt", caption + "\n")]


def _data(table: pd.DataFrame) -> str:
    return safe_csv(table, index=any(name is not None for name in table.index.names))


def contact_sheet(
    ev: Evidence, shown: Sequence[tuple[Entry, Chart | str]], formats: Sequence[str]
) -> str:
    """A page with all charts, their captions and links to their files; it needs no other file than
    theirs.
    """
    title = escape(f"Charts: {ev.dictionary.title}")
    caution = escape(ev.dictionary.settings.get("caution", ""))
    figures = "\n".join(_figure(entry, drawn, formats) for entry, drawn in shown)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport"'
        ' content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{caution}</p>\n{figures}\n</main>\n</body>\n</html>\n"
    )


def _figure(entry: Entry, drawn: Chart | str, formats: Sequence[str]) -> str:
    name = escape(entry.name)
    head = f'<section id="{name}">\n<h2>{escape(entry.shows)}</h2>'
    if isinstance(drawn, str):
        return f"{head}\n<p>Not drawn: {escape(drawn)}.</p>\n</section>"
    picture = next((form for form in ("png", "svg") if form in formats), None)
    if picture:
        image = f'<img src="{name}.{picture}" alt="{escape(drawn.alt)}" loading="lazy">'
    else:
        image = "<p>Saved as PDF.</p>"
    links = ", ".join(
        f'<a href="{name}.{form}">{label}</a>'
        for form, label in [
            *((form, form.upper()) for form in formats),
            ("csv", "data"),
            ("txt", "caption"),
        ]
    )
    said = f"<details><summary>Description</summary><p>{escape(drawn.alt)}</p></details>"
    return (
        f"{head}\n<figure>\n{image}\n<figcaption>{escape(drawn.title)}."
        f" {links}.{said}</figcaption>\n</figure>\n</section>"
    )
