"""Explore: filters, charts and the table of studies."""

from __future__ import annotations

from typing import Any

from evidence.charts.outcomes import HEADS
from evidence.frames import whole_or_none
from evidence.model.evidence import Evidence
from evidence.site.browser_data import browser_data
from evidence.site.pages import Rendered, Site
from evidence.site.study_rows import study_rows
from evidence.synthesis.balance import set_aside
from evidence.synthesis.lens import LENSES

OPEN = ("design",)  # filters that stand open beside those kept apart


def render(site: Site) -> list[Rendered]:
    """The page to explore."""
    shown = explorer_context(site.ev, browser_data(site.ev))
    context = shown | {"picture": site.pictures.get("balance")}
    return [Rendered("explore.html", "explore.html", "Explore", context)]


def explorer_context(ev: Evidence, data: dict[str, Any]) -> dict[str, Any]:
    """What the explorer is made from, on the page and in JupyterLab.

    Parameters
    ----------
    ev : Evidence
    data : dict
        As :func:`evidence.site.browser_data.browser_data` gives it.
    """
    years = ev.counted_studies["year"]
    return {
        "data": data,
        "hosted": False,
        "filters": [
            {
                "name": name,
                "open": name in ev.dictionary.kept_apart or name in OPEN,
                "there": _there(data, name),
            }
            | data["columns"][name]
            for name in data["filters"]
        ],
        "lenses": LENSES,
        "lens_heads": HEADS,
        "first_year": whole_or_none(years.min()),
        "last_year": whole_or_none(years.max()),
        "cited": any(data["studies"]["cited"]),
        "retracted": any(data["studies"]["retracted"]),
        "ticks": True,
        "cohorts": len(set(data["studies"]["unit"]["possible"])) < len(data["studies"]["id"]),
        "rows": study_rows(ev.select(counted=True)),
        "looks": data["looks"],
        "set_aside": int(set_aside(ev).sum()),
    }


def _there(data: dict[str, Any], name: str) -> set[int]:
    """Places of the values that a counted study has; the others are not offered."""
    if name == data["domain"]:
        return set(data["findings"]["domain"])
    cells = data["studies"]["codes"][name]
    return {code for cell in cells for code in (cell if isinstance(cell, list) else [cell])}
