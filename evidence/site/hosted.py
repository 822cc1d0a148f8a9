"""The explorer of the page for another host than a page of its own: markup, style and scripts."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from evidence.charts.words import words
from evidence.model.evidence import Evidence
from evidence.site import vendor
from evidence.site.browser_data import specs_script
from evidence.site.bundles import EXPLORER, bundle
from evidence.site.direction_styles import palette
from evidence.site.explore import explorer_context
from evidence.site.render import bound, environment


def markup(ev: Evidence, data: dict[str, Any]) -> str:
    """The explorer as HTML, without a page around it.

    Parameters
    ----------
    ev : Evidence
    data : dict
        As :func:`evidence.site.browser_data.browser_data` gives it.
    """
    context = explorer_context(ev, data) | {
        "hosted": True,
        "root": "",
        "words": words(ev),
        "dictionary": ev.dictionary,
    }
    return bound(environment().get_template("explore_body.html").render(context))


@cache
def module(mount: str) -> str:
    """All scripts, and one that mounts the explorer, as one module for a browser."""
    shared = "\n".join([vendor.vega(), specs_script(), bundle(EXPLORER)])
    return f"if (!window.Explore?.mount) {{\n{shared}\n}}\n{mount}"


@cache
def style(host: str) -> str:
    """The style sheets of the page, for what stands within one element alone.

    Parameters
    ----------
    host : str
        Selector of the element.

    Examples
    --------
    >>> ":root" in style(".host"), style(".host").startswith(".host {")
    (False, True)
    """
    sheet = resources.files("evidence.site").joinpath("static", "style.css")
    rules = palette() + sheet.read_text(encoding="utf-8")
    return f"{host} {{\n{rules.replace(':root', '&')}\n}}\n"
