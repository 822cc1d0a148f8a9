"""Charts: the gallery with its files, grouped by what the charts are about."""

from __future__ import annotations

from evidence.display.gallery import GROUPS
from evidence.site.pages import Rendered, Site


def render(site: Site) -> list[Rendered]:
    """The page of the gallery."""
    drawn = [picture for picture in site.pictures.values() if not picture.missing]
    groups = [(group, [one for one in drawn if one.group == group]) for group in GROUPS]
    context = {
        "groups": [(group, pictures) for group, pictures in groups if pictures],
        "missing": [picture for picture in site.pictures.values() if picture.missing],
    }
    return [Rendered("charts.html", "charts/index.html", "Charts", context)]
