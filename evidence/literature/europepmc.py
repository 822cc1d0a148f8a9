"""Europe PMC: the RESTful web service, ``search`` with ``resultType=core``, page by page with a
cursor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from evidence.literature.pubmed import NOTICE_OF, NOTICES, doi_link
from evidence.literature.record import (
    Author,
    Notice,
    Record,
    called_retracted,
    plain_kind,
    plain_text,
    titles_of,
)
from evidence.literature.session import ServiceError, Session, read_json
from evidence.nouns import counted

NAME = "europepmc"
BATCH = 20
PAGE = 100
FIRST = "*"  # cursor of the first page
LONG = (
    "fullTextUrlList",
    "grantsList",
    "chemicalList",
    "meshHeadingList",
    "subsetList",
    "dbCrossReferenceList",
    "textMinedTermsList",
)


def question(doi: str, pmid: str) -> str:
    """The question about a paper: by its PubMed number where it has one, else by its DOI.

    >>> question("10.1/A", "123"), question("10.1/A", "")
    ('MED:123', 'doi:10.1/a')
    """
    return f"MED:{pmid}" if pmid else f"doi:{doi.lower()}"


def ask(session: Session, questions: Sequence[str]) -> dict[str, str | None]:
    """What Europe PMC knows of each paper: its result as JSON text; None when it does not know the
    paper.
    """
    wanted, most = [_term(one) for one in questions], len(questions) * 4
    page = result_page(session, " OR ".join(wanted), FIRST, most)
    given = len(page["results"])
    if given < min(page["found"], most):
        # What is left out of an answer is not what the service does not know.
        raise ServiceError(incomplete(page["found"], given))
    found: dict[str, str] = {}
    # The records of PubMed come first where a DOI has several, such as a preprint server's.
    for result in sorted(page["results"], key=lambda result: result.get("source") != "MED"):
        for key in keys(result):
            found.setdefault(key, _kept(result))
    return {one: found.get(one) for one in questions}


def keys(result: Mapping[str, Any]) -> list[str]:
    """The questions that a result answers."""
    source, number, doi = (str(result.get(name) or "") for name in ("source", "id", "doi"))
    return [
        key
        for key, there in ((f"{source}:{number}", source and number), (f"doi:{doi.lower()}", doi))
        if there
    ]


def search(
    session: Session, terms: str, since: date | None, until: date, cursor: str
) -> dict[str, Any]:
    """One page of a search; ``since`` and ``until`` are days on which Europe PMC took up the
    records.

    ``found`` (how many there are in all), ``results`` and ``next`` (the cursor of the next page;
    empty on the last).
    """
    when = ""
    if since:
        when = f" AND (CREATION_DATE:[{since.isoformat()} TO {until.isoformat()}])"
    return result_page(session, f"({terms}){when}", cursor, PAGE)


def result_page(session: Session, query: str, cursor: str, size: int) -> dict[str, Any]:
    """One page of results.

    Europe PMC refuses a search with status 200 and a message.
    """
    parameters = {
        "query": query,
        "resultType": "core",
        "format": "json",
        "pageSize": size,
        "cursorMark": cursor,
    }
    text = session.get(NAME, "search", parameters)
    read = read_json(text or "{}", "Europe PMC")
    results = (read.get("resultList") or {}).get("result")
    if not isinstance(results, list):
        raise ServiceError(
            f"Europe PMC refuses the search: {read.get('errMsg') or 'no result in its answer'}"
        )
    following, found = (
        str(read.get("nextCursorMark") or ""),
        int(read.get("hitCount", len(results))),
    )
    last = following == cursor or not results or (cursor == FIRST and found <= len(results))
    return {
        "found": found,
        "results": [result for result in results if isinstance(result, dict)],
        "next": "" if last else following,
    }


def incomplete(found: int, given: int) -> str:
    """What to say of an answer that holds more or fewer records than were found.

    >>> incomplete(25, 10)
    'Europe PMC says that it finds 25 records and gives 10'
    """
    return (
        f"Europe PMC says that it finds {counted(found, 'record', 'records')} and gives {given:,}"
    )


def _term(one: str) -> str:
    kind, _, number = one.partition(":")
    if kind == "doi":
        quoted = number.replace("\\", "\\\\").replace('"', '\\"')
        return f'DOI:"{quoted}"'
    return f'(EXT_ID:"{number}" AND SRC:{kind})'


def _kept(result: Mapping[str, Any]) -> str:
    return json.dumps(
        {name: value for name, value in result.items() if name not in LONG}, ensure_ascii=False
    )


def kept(results: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each result under the question that it answers first, as it is stored."""
    for result in results:
        for key in keys(result)[:1]:
            yield key, _kept(result)


def record(body: str) -> Record:
    """A stored answer as a record.

    >>> found = record(
    ...     '{"doi": "10.1/A", "title": "One.",'
    ...     '"pubTypeList": {"pubType": ["Retracted Publication"]}}'
    ... )
    >>> found.doi, found.title, found.most_serious.kind
    ('10.1/a', 'One.', 'retraction')
    """
    result = json.loads(body)
    info = result.get("journalInfo") or {}
    journal = info.get("journal") or {}
    titles, said = titles_of(_text(result, "title"))
    notices, remark = _notices(result)
    names = [journal.get(name) for name in ("title", "isoabbreviation", "medlineAbbreviation")]
    names.append((result.get("bookOrReportDetails") or {}).get("publisher"))
    return Record(
        NAME,
        doi=_text(result, "doi").lower(),
        pmid=_text(result, "pmid"),
        pmcid=_text(result, "pmcid"),
        titles=titles,
        years=_years(result, info),
        journals=tuple(
            dict.fromkeys(plain_text(name) for name in names if isinstance(name, str) and name)
        ),
        authors=tuple(_authors(result)),
        volume=_text(info, "volume"),
        number=_text(info, "issue"),
        pages=_text(result, "pageInfo"),
        abstract=plain_text(_text(result, "abstractText")),
        kind="misc" if result.get("source") == "PPR" else "article",
        notices=(*notices, *said),
        remark=remark,
    )


def _notices(result: Mapping[str, Any]) -> tuple[list[Notice], str]:
    notices, remark = [], ""
    for note in _list(result, "commentCorrectionList", "commentCorrection"):
        plain = plain_kind(_text(note, "type"))
        source, number = _text(note, "source"), _text(note, "id")
        reference = plain_text(_text(note, "reference"))
        if plain in NOTICES:
            if source and number:
                link = f"https://europepmc.org/article/{source}/{number}"
            else:
                link = doi_link(reference)
            notices.append(
                Notice(
                    NOTICES[plain],
                    " ".join(filter(None, [_text(note, "type").lower(), reference])),
                    link,
                )
            )
        elif plain in NOTICE_OF:
            remark = f"is itself a notice ({_text(note, 'type').lower()} {reference})"
    kinds = map(str, _list(result, "pubTypeList", "pubType"))
    return notices + called_retracted(kinds, notices, "Europe PMC"), remark


def _authors(result: Mapping[str, Any]) -> Iterator[Author]:
    for author in _list(result, "authorList", "author"):
        family = plain_text(_text(author, "lastName") or _text(author, "collectiveName"))
        if family:
            yield Author(
                family, plain_text(_text(author, "firstName") or _text(author, "initials"))
            )


def _years(result: Mapping[str, Any], info: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    issue = str(info.get("yearOfPublication") or result.get("pubYear") or "")
    online = str(
        result.get("electronicPublicationDate") or result.get("firstPublicationDate") or ""
    )[:4]
    return tuple(
        (name, int(year))
        for name, year in (("issue", issue), ("online", online))
        if year.isdigit() and int(year)
    )


def _list(result: Mapping[str, Any], outer: str, inner: str) -> list[Any]:
    value = (result.get(outer) or {}).get(inner)
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return value
    return []


def _text(result: Mapping[str, Any], name: str) -> str:
    value = result.get(name)
    if isinstance(value, str):
        return value.strip()
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else ""
