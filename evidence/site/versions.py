"""Versions side by side: ``latest`` is built again, ``v1.2.3`` stays as it was written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

from evidence.errors import EvidenceError
from evidence.files import write_atomically
from evidence.model.evidence import Evidence
from evidence.site.build import write_site

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
        The first page of ``latest``. A folder of a version that is already there keeps its bytes.
    """
    folder = Path(out)
    first = write_site(ev, folder / LATEST, notebooks, charts, since)
    kept = folder / f"v{ev.dictionary.version}"
    try:
        if not kept.exists():
            shutil.copytree(folder / LATEST, kept)
    except OSError as error:
        raise EvidenceError(f"Cannot write {kept}: {error.strerror}.") from None
    title = escape(ev.dictionary.title)
    write_atomically(folder / "index.html", LEADS.format(latest=LATEST, title=title))
    return first
