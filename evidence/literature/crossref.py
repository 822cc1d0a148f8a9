"""Crossref: the REST API at api.crossref.org, asked by DOI (``/works/{doi}``)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from evidence.bibliography.addresses import doi_address
from evidence.literature.record import Author, Notice, Record, plain_text, titles_of
from evidence.literature.session import ServiceError, Session, read_json

NAME = "crossref"
BATCH = 1
UNKNOWN = "Resource not found."  # its words, with status 404, for a DOI that it does not know
LONG = (
    "reference",
    "link",
    "license",
    "funder",
    "assertion",
    "indexed",
)  # parts of an answer that are not used, and can be very long
# Kinds of updates by Crossref, https://www.crossref.org/documentation/crossmark/. A new version or
# edition is not a notice about the old one.
UPDATES = {
    "retraction": "retraction",
    "withdrawal": "retraction",
    "removal": "retraction",
    "partial_retraction": "partial_retraction",
    "expression_of_concern": "expression_of_concern",
    "new_version": "none",
    "new_edition": "none",
}
KINDS = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "book-chapter": "incollection",
    "book": "book",
    "dissertation": "phdthesis",
    "report": "techreport",
}


def ask(session: Session, questions: Sequence[str]) -> dict[str, str | None]:
    """What Crossref knows of each DOI: its message as JSON text; None when it does not know the
    DOI.
    """
    return {
        doi: _work(session.get(NAME, f"works/{quote(doi, safe='')}", unknown=UNKNOWN))
        for doi in questions
    }


def _work(text: str | None) -> str | None:
    if text is None:
        return None
    message = read_json(text, "Crossref").get("message")
    if not isinstance(message, dict) or not isinstance(message.get("DOI"), str):
        raise ServiceError("Crossref answers with JSON of another form: no work in it")
    return json.dumps(
        {name: value for name, value in message.items() if name not in LONG}, ensure_ascii=False
    )


def record(body: str) -> Record:
    """A stored answer as a record.

    >>> update = '[{"type": "retraction", "DOI": "10.1/b", "source": "retraction-watch"}]'
    >>> found = record('{"DOI": "10.1/A", "title": ["One"], "updated-by": ' + update + "}")
    >>> found.doi, found.most_serious.kind, found.most_serious.link
    ('10.1/a', 'retraction', 'https://doi.org/10.1/b')
    """
    work = json.loads(body)
    main, sub = _items(work, "title", str), _items(work, "subtitle", str)
    joined = [f"{one}: {two}" for one in main[:1] for two in sub[:1]]
    titles, said = titles_of(*main[:1], *joined, *main[1:], *_items(work, "original-title", str))
    about = [
        _text(update, "DOI")
        for update in _items(work, "update-to")
        if _text(update, "DOI").lower() != work["DOI"].lower()
    ]
    return Record(
        NAME,
        doi=work["DOI"].lower(),
        titles=titles,
        years=_years(work),
        journals=tuple(
            dict.fromkeys(
                plain_text(title)
                for name in ("container-title", "short-container-title")
                for title in _items(work, name, str)
            )
        ),
        authors=tuple(
            Author(
                plain_text(_text(a, "family") or _text(a, "name")), plain_text(_text(a, "given"))
            )
            for a in _items(work, "author")
            if _text(a, "family") or _text(a, "name")
        ),
        volume=_text(work, "volume"),
        number=_text(work, "issue"),
        pages=_text(work, "page") or _text(work, "article-number"),
        abstract=plain_text(_text(work, "abstract")),
        kind=KINDS.get(_text(work, "type"), "misc"),
        notices=(*_notices(work), *said),
        remark=f"is itself a notice about {'; '.join(about)}" if about else "",
    )


def _notices(work: Mapping[str, Any]) -> list[Notice]:
    """What was published about the work. ``update-to``, by contrast, is about another work."""
    found = []
    for update in _items(work, "updated-by"):
        kind, doi = _kind(_text(update, "type")), _text(update, "DOI")
        level = UPDATES.get(kind, "correction")
        if level != "none" and doi.lower() != work["DOI"].lower():
            source = _text(update, "source")
            said = " ".join(
                filter(None, [kind.replace("_", " "), doi, f"({source})" if source else ""])
            )
            found.append(Notice(level, said, doi_address(doi) if doi else ""))
        elif level != "none":
            # A publisher that withdraws a paper under its own DOI.
            found.append(Notice(level, kind.replace("_", " "), doi_address(doi)))
    return found


def _kind(said: str) -> str:
    """A kind of update as Crossref lists them, however it is written.

    >>> _kind("Expression-of-Concern"), _kind("partial retraction")
    ('expression_of_concern', 'partial_retraction')
    """
    return said.lower().replace("-", "_").replace(" ", "_")


def _years(work: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    names = (
        ("issue", "published-print"),
        ("online", "published-online"),
        ("issue", "published"),
        ("issue", "issued"),
    )
    years: dict[str, int] = {}
    for name, key in names:
        parts = (work.get(key) or {}).get("date-parts") or [[None]]
        if (
            parts
            and parts[0]
            and isinstance(parts[0][0], int)
            and not (key in ("published", "issued") and years)
        ):
            years.setdefault(name, parts[0][0])
    return tuple(years.items())


def _text(work: Mapping[str, Any], name: str) -> str:
    value = work.get(name)
    return value.strip() if isinstance(value, str) else ""


def _items(work: Mapping[str, Any], name: str, kind: type = dict) -> list[Any]:
    """The items of one kind in a list of an answer; none where there is no list."""
    value = work.get(name)
    return [item for item in value if isinstance(item, kind)] if isinstance(value, list) else []
