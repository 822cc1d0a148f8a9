"""Build the page into a folder."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from evidence.charts.words import words
from evidence.decoding import text_of
from evidence.display.data_changes import data_changes
from evidence.display.gallery import entries
from evidence.files import inside, refuse_inputs, write_atomically
from evidence.model.evidence import Evidence
from evidence.quoting import comma_separated, script
from evidence.site import vendor
from evidence.site.browser_data import specs_script
from evidence.site.bundles import BUNDLES, bundle, plain_sheet
from evidence.site.cite import DATA, data_files
from evidence.site.direction_styles import LICENCE, font_faces, palette
from evidence.site.folder import replaced_folder
from evidence.site.glossary import glossary
from evidence.site.pages import Site, pages
from evidence.site.pictures import write_pictures
from evidence.site.render import environment, page
from evidence.site.search import search_script
from evidence.tables.formulas import safe_text

MARK = ".evidence-site"


def write_site(
    ev: Evidence,
    out: str | os.PathLike[str] = "build/site",
    notebooks: Sequence[Path] = (),
    charts: Sequence[str] = (),
    since: Evidence | None = None,
) -> Path:
    """Write the web page of a data set: plain files that need no server and no network.

    Parameters
    ----------
    ev : Evidence
        The whole data set.
    out : path
        Folder to make, or to replace when an earlier run made it. It is replaced as a whole, at the
        end.
    notebooks : sequence of Path
        Notebooks to render with the outputs that they hold.
    charts : sequence of str
        Charts of the gallery to draw, by name; all by default.
    since : Evidence, optional
        An earlier version; a page says what changed since.

    Returns
    -------
    Path
        The first page. The same data set gives the same bytes on every run.

    Raises
    ------
    UsageError
        When the folder holds other files, or the gallery has no such chart.
    EvidenceError
        When a package that the page needs is not installed, or the folder cannot be written.
    """
    from tqdm import tqdm

    templates = environment(glossary(ev))
    changes = data_changes(since, ev) if since is not None else None
    drawn = entries(list(charts) or None)
    with (
        replaced_folder(out, MARK) as folder,
        tqdm(total=len(drawn), desc="site", unit="file", disable=None) as bar,
    ):
        refuse_inputs([out], [*ev.dictionary.inputs, *notebooks])
        _assets(ev, folder)
        pictures = {}
        for picture in write_pictures(ev, folder, charts):
            pictures[picture.name] = picture
            bar.update()
        site = Site(ev, words(ev), tuple(notebooks), pictures, changes)
        navigation = pages(site)
        files = [(entry, file) for entry in navigation for file in entry.render(site)]
        bar.total, letters = len(drawn) + len(files), set("".join(map(bundle, BUNDLES.values())))
        for entry, file in files:
            text = page(templates, site, navigation, entry, file)
            write_atomically(inside(folder, file.path), text)
            letters.update(text)
            bar.update()
        write_atomically(folder / "assets" / "looks.css", font_faces(letters) + palette())
    return Path(out) / "index.html"


def _assets(ev: Evidence, folder: Path) -> None:
    """Styles, scripts, data and pictures that the pages share."""
    assets, static = folder / "assets", resources.files("evidence.site").joinpath("static")
    for name in ("style.css", "print.css"):
        write_atomically(assets / name, plain_sheet(static.joinpath(name).read_text("utf-8")))
    for name, parts in BUNDLES.items():
        write_atomically(assets / "js" / f"{name}.js", bundle(parts))
    write_atomically(assets / "vendor" / "vega.js", vendor.vega())
    write_atomically(assets / "vendor" / LICENCE.name, LICENCE.read_bytes())
    write_atomically(assets / "specs.js", specs_script())
    write_atomically(assets / "rows.js", rows_script(ev))
    write_atomically(assets / "search.js", search_script(ev))
    for name, content in data_files(ev):
        write_atomically(folder / DATA / name, content)


def rows_script(ev: Evidence) -> str:
    """The rows of the studies as the table holds them, for the download of a part; a script,
    because a page from a file path can load no more.
    """
    return f"window.EVIDENCE_ROWS = {script(rows_content(ev))};\n"


def rows_content(ev: Evidence) -> dict[str, Any]:
    """``head`` and ``lines``, by the id of the study, as CSV."""
    table = ev.dictionary.tables["studies"]
    head, *rows = csv.reader(
        io.StringIO(safe_text(text_of(ev.dictionary.folder / table.file)), newline="")
    )
    key = head.index(table.key)
    lines = {row[key]: comma_separated([row], "") for row in rows}
    return {"head": comma_separated([head], ""), "lines": lines}
