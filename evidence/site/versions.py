"""Versions side by side: ``latest`` is built again, ``v1.2.3`` stays as it was written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

from evidence.files import inside, write_atomically
from evidence.model.evidence import Evidence
from evidence.site.build import MARK, write_site
from evidence.site.folder import replaced_folder

LATEST = "latest"
LEADS = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta http-equiv="refresh" content="0; url={latest}/index.html"><title>{title}</title></head>'
    '<body><p><a href="{latest}/index.html">{title}</a></p></body></html>\n'
)


def write_versions(
    ev: Evidence,
    out: str | os.PathLike[str] = "build/site",
    notebooks: Sequence[Path] = (),
    charts: Sequence[str] = (),
    since: Evidence | None = None,
) -> Path:
    """Write the page into ``latest``, and once into a folder named after the version.

    Parameters
    ----------
    ev, notebooks, charts, since
        As for :func:`evidence.site.build.write_site`.
    out : path
        Folder that holds the versions.

    Returns
    -------
    Path
        The first page of ``latest``. A folder of a version that is already there keeps its bytes;
        a new one is there when it is whole.

    Raises
    ------
    UsageError
        When the version cannot be the name of a folder.
    """
    folder = Path(out)
    kept = inside(folder, f"v{ev.dictionary.version}")
    first = write_site(ev, folder / LATEST, notebooks, charts, since)
    if not kept.exists():
        with replaced_folder(kept, MARK) as new:
            _copy(folder / LATEST, new)
    title = escape(ev.dictionary.title)
    write_atomically(folder / "index.html", LEADS.format(latest=LATEST, title=title))
    return first


def _copy(source: Path, target: Path) -> None:
    """All files of a folder; the first that cannot be copied says why."""
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir()
        else:
            shutil.copy2(path, place)
