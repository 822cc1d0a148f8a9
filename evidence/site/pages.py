"""The pages, in the order of the navigation, and what each is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.charts.words import Words
from evidence.model.evidence import Evidence
from evidence.site.pictures import Picture


@dataclass(frozen=True)
class Site:
    """What every page is made from.

    Attributes
    ----------
    ev, words
        The data set and its words.
    notebooks : tuple of Path
        Notebooks to render; none leaves them out.
    pictures : mapping of str to Picture
        Charts of the gallery by name.
    """

    ev: Evidence
    words: Words
    notebooks: tuple[Path, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered:
    """One file: its template, its path below the page, and what fills it."""

    template: str
    path: str
    title: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """An entry of the navigation.

    Attributes
    ----------
    title, path : str
        Name in the navigation, and the file it leads to.
    render : callable
        Takes the site and returns the files of this entry.
    ready : callable
        Whether the data set can fill it; else it is left out.
    """

    title: str
    path: str
    render: Callable[[Site], list[Rendered]]
    ready: Callable[[Site], bool] = lambda site: True


def pages(site: Site) -> list[Page]:
    """The pages that this data set can fill."""
    from evidence.site import (
        answer,
        cite,
        claims,
        explore,
        gallery,
        method,
        notebooks,
        studies,
        sure,
    )

    every = [
        Page("The answer", "index.html", answer.render),
        Page("Explore", "explore.html", explore.render),
        Page("Claims", "claims.html", claims.render, claims.ready),
        Page("How sure", "sure.html", sure.render),
        Page("Studies", "studies/index.html", studies.render),
        Page("Charts", "charts/index.html", gallery.render),
        Page("Notebooks", "notebooks/index.html", notebooks.render, notebooks.ready),
        Page("Method and limits", "method.html", method.render),
        Page("Cite", "cite.html", cite.render),
    ]
    return [page for page in every if page.ready(site)]
