"""Addresses of views of the page to explore, in the dialect of :class:`evidence.Query`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evidence.model.query import Query

EXPLORE = "explore.html"


def explore(columns: Mapping[str, Iterable[str]]) -> str:
    """The page to explore with some values of columns chosen.

    >>> explore({"design": ["cohort"]})
    'explore.html#design=cohort'
    """
    query = Query(tuple((name, tuple(values)) for name, values in columns.items()))
    if query.address:
        return f"{EXPLORE}#{query.address}"
    return EXPLORE


def explore_studies(ids: Iterable[str], about: Mapping[str, str] | None = None) -> str:
    """The page to explore with these studies alone, and their results on something alone.

    >>> explore_studies(["a2001"], {"outcome_domain": "pain"})
    'explore.html#outcome_domain=pain&study_id=a2001'
    """
    return explore({**{name: [value] for name, value in (about or {}).items()}, "study_id": ids})
