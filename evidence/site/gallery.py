"""Charts: the gallery with its files."""

from __future__ import annotations

from evidence.site.pages import Rendered, Site


def render(site: Site) -> list[Rendered]:
    """The page of the gallery."""
    drawn = [picture for picture in site.pictures.values() if not picture.missing]
    missing = [picture for picture in site.pictures.values() if picture.missing]
    return [
        Rendered("charts.html", "charts/index.html", "Charts", {"drawn": drawn, "missing": missing})
    ]
