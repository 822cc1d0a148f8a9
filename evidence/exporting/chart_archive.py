"""A chart of the gallery as one archive, with metadata that say what its numbers are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evidence.charts.chart import Chart
from evidence.display.gallery import Entry
from evidence.display.readable import readable
from evidence.exporting.as_package import zipped
from evidence.files import write_atomically
from evidence.model.evidence import Evidence


def metadata(ev: Evidence, entry: Entry, chart: Chart) -> dict[str, Any]:
    """What a chart and its table are, for programs and for whoever reuses them."""
    dictionary = ev.dictionary
    table = chart.data
    if any(name is not None for name in table.index.names):
        table = table.reset_index()
    titles = readable(ev, table.head(1)).frame.columns
    return {
        "name": entry.name,
        "title": chart.title,
        "subtitle": entry.shows,
        "altText": chart.alt,
        "notes": list(chart.notes),
        "source": chart.source,
        "license": dictionary.license,
        "dataset": {"title": dictionary.title, "version": dictionary.version},
        "selection": ev.chosen,
        "testedWithReaders": entry.tested,
        "columns": dict(zip(map(str, table.columns), map(str, titles), strict=True)),
    }


def write_archive(
    ev: Evidence, entry: Entry, chart: Chart, folder: Path, slides: Sequence[Path] = ()
) -> list[Path]:
    """``NAME.metadata.json``, and ``NAME.zip`` with every file of the chart that is there, and its
    slides.
    """
    said = json.dumps(metadata(ev, entry, chart), ensure_ascii=False, indent=1) + "\n"
    about = write_atomically(folder / f"{entry.name}.metadata.json", said)
    parts = sorted(path for path in folder.glob(f"{entry.name}.*") if path.suffix != ".zip")
    files = {path.name: path.read_bytes() for path in parts}
    files |= {f"slide-{path.name}": path.read_bytes() for path in slides}
    content = zipped(files)
    return [about, write_atomically(folder / f"{entry.name}.zip", content)]
