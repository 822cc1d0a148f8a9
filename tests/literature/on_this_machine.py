"""What the tests of the network share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from server import Paper, Server

from evidence.literature.settings import Settings, from_environment


def quick(server: Server, cache: Path, **changes) -> Settings:
    """Settings that lead to the server, with short waits."""
    found = from_environment(environment=server.environment | {"EVIDENCE_CACHE": str(cache)})
    return replace(found, **{"backoff": 0.0, "connect": 2.0, "read": 2.0} | changes)


def paper_of(row) -> Paper:
    """An entry of the bibliography as the services would know it."""
    authors = [
        tuple(part.strip() for part in name.partition(",")[::2])
        for name in (row.author or "").split(" and ")
        if name
    ]
    first, _, last = (row.pages or "").partition("–")
    return Paper(
        doi=row.doi or "",
        pmid=row.pmid or "",
        pmcid=row.pmcid or "",
        title=row.title,
        authors=tuple(authors) or (("Nobody", "N"),),
        journal=row.container or "Some journal",
        short=row.container or "Some j",
        year=int(row.year),
        volume=row.volume or "",
        issue=row.number or "",
        pages="-".join(part for part in (first, last) if part),
    )
