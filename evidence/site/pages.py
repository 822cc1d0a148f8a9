"""The pages, in the order of the navigation, and what each is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from evidence.charts.words import Words
from evidence.display.data_changes import DataChanges
from evidence.model.evidence import Evidence
from evidence.site.pictures import Picture
from evidence.site.status import Searched, searched

if TYPE_CHECKING:
    from evidence.site.topics import Topic

T = TypeVar("T")


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
    changes : DataChanges or None
        What changed since an earlier version, where one was given.
    """

    ev: Evidence
    words: Words
    notebooks: tuple[Path, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    changes: DataChanges | None = None

    @cached_property
    def searched(self) -> Searched:
        """When new studies were last searched for."""
        return searched(self.ev)

    @cached_property
    def topics(self) -> list[tuple[str, list[Topic]]]:
        """What studies are about, by the title of its kind."""
        from evidence.site.topics import topics

        return topics(self.ev)


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
    main : bool
        Whether it stands in the line of navigation; others are in its last entry.
    """

    title: str
    path: str
    render: Callable[[Site], list[Rendered]]
    ready: Callable[[Site], bool] = lambda site: True
    main: bool = True


def pages(site: Site) -> list[Page]:
    """The pages that this data set can fill."""
    from evidence.site import (
        changes,
        cite,
        claims,
        explore,
        gallery,
        glossary,
        method,
        notebooks,
        questions,
        search,
        studies,
        sure,
        topics,
    )

    every = [
        Page("Answers", "index.html", questions.render),
        Page("Explore", "explore.html", explore.render),
        Page("Search", "search.html", search.render),
        Page("Studies", "studies/index.html", studies.render),
        Page("Topics", "topics/index.html", topics.render, topics.ready, main=False),
        Page("Claims", "claims.html", claims.render, claims.ready, main=False),
        Page("Other ways of counting", "sure.html", sure.render, main=False),
        Page("Charts", "charts/index.html", gallery.render, main=False),
        Page("Notebooks", "notebooks/index.html", notebooks.render, notebooks.ready, main=False),
        Page("Method and limits", "method.html", method.render, main=False),
        Page("Glossary", glossary.PAGE, glossary.render, glossary.ready, main=False),
        Page("What changed", "changes.html", changes.render, changes.ready, main=False),
        Page("Cite, correct, reuse", "cite.html", cite.render, main=False),
    ]
    return [page for page in every if page.ready(site)]


def neighbours(rows: Sequence[T], place: int) -> dict[str, T | None]:
    """The page before one and the page after it; None at the ends.

    >>> neighbours(["a", "b"], 0)
    {'before': None, 'after': 'b'}
    """
    around = [None, *rows, None]
    return {"before": around[place], "after": around[place + 2]}
