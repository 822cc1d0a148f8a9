"""PubMed: the E-utilities of the NCBI. ``esearch`` gives numbers (as JSON), ``efetch`` the records
(as XML, up to 200 at once).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, tostring

from evidence.bibliography.addresses import DOI, doi_address, pubmed_address
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

NAME = "pubmed"
BATCH = 100
MOST = 9_999  # numbers that one search can give
# How PubMed and Europe PMC call what was published about a paper (without spaces, in lower
# case). The rest points the other way, or is a comment.
NOTICES = {
    "retractionin": "retraction",
    "retractedandrepublishedin": "retraction",
    "partialretractionin": "partial_retraction",
    "expressionofconcernin": "expression_of_concern",
    "erratumin": "correction",
    "correctedandrepublishedin": "correction",
    "republishedin": "correction",
}
NOTICE_OF = ("retractionof", "erratumfor", "expressionofconcernfor", "partialretractionof")


def ask(session: Session, questions: Sequence[str]) -> dict[str, str | None]:
    """What PubMed knows of each number: its article as XML text; None when it does not know the
    number.
    """
    parameters = {"db": "pubmed", "retmode": "xml", "id": ",".join(questions)} | _identity(session)
    text = session.get(NAME, "efetch.fcgi", parameters, "xml")
    found = {}
    for article in _articles(text or "<none/>"):
        number = (
            article.findtext("./MedlineCitation/PMID")
            or article.findtext("./BookDocument/PMID")
            or ""
        )
        found[number.strip()] = tostring(article, encoding="unicode")
    return {number: found.get(number) for number in questions}


def search(session: Session, terms: str, since: date | None, until: date) -> dict[str, Any]:
    """Numbers of the records that meet the terms; ``since`` and ``until`` are days on which PubMed
    took them up.

    ``found`` (how many there are), ``ids`` and ``unknown`` (phrases that PubMed does not know).
    """
    parameters: dict[str, Any] = {
        "db": "pubmed",
        "retmode": "json",
        "retmax": MOST,
        "term": terms,
        "sort": "pub_date",
    }
    if since:
        parameters |= {
            "datetype": "edat",
            "mindate": since.strftime("%Y/%m/%d"),
            "maxdate": until.strftime("%Y/%m/%d"),
        }
    text = session.get(NAME, "esearch.fcgi", parameters | _identity(session), form=True)
    read = read_json(text or "{}", "PubMed")
    result = read.get("esearchresult")
    if not isinstance(result, dict) or "ERROR" in result or "count" not in result:
        said = (
            read.get("error")
            or (result.get("ERROR") if isinstance(result, dict) else None)
            or "no result in its answer"
        )
        raise ServiceError(f"PubMed refuses the search: {said}")
    found, ids = int(result["count"]), [str(number) for number in result.get("idlist", [])]
    if found > len(ids):
        raise ServiceError(
            f"PubMed finds {found:,} records and gives {len(ids):,} at most: narrow the terms, or"
            " search since a later day"
        )
    errors = result.get("errorlist") or {}
    return {
        "found": found,
        "ids": ids,
        "unknown": [*errors.get("phrasesnotfound", []), *errors.get("fieldsnotfound", [])],
    }


def _articles(text: str) -> Element:
    """The articles of an answer. PubMed refuses with status 200 and another form, and that says
    nothing about the numbers.
    """
    answer = parse_xml(text)
    if answer.tag != "PubmedArticleSet" or answer.find("ERROR") is not None:
        said = _words(answer.find(".//ERROR")) or f"{answer.tag} in place of PubmedArticleSet"
        raise ServiceError(f"PubMed refuses to answer: {said}")
    return answer


def parse_xml(text: str) -> Element:
    """XML without entities of its own, which can be made to fill the memory or to read files."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(text)
    except ParseError as error:
        raise ServiceError(f"PubMed answers with broken XML: {error}") from None
    except DefusedXmlException as error:
        raise ServiceError(
            f"PubMed answers with XML that is not safe to read: {type(error).__name__}"
        ) from None


def record(body: str) -> Record:
    """A stored answer as a record."""
    article = parse_xml(body)
    place = article.find("./MedlineCitation/Article")
    if place is None:
        return _book(article)
    journal, issue = place.find("Journal"), place.find("Journal/JournalIssue")
    translated = re.sub(r"^\[(.*)\](\.?)$", r"\1\2", _words(place.find("ArticleTitle")))
    titles, said = titles_of(translated, _words(place.find("VernacularTitle")))
    notices, remarks = _notices(article)
    kinds = map(_words, place.iterfind("PublicationTypeList/PublicationType"))
    notices += called_retracted(kinds, notices, "PubMed")
    ids = {
        kind.get("IdType"): _words(kind)
        for kind in article.iterfind("./PubmedData/ArticleIdList/ArticleId")
    }
    if journal is not None:
        names = [_words(journal.find(name)) for name in ("Title", "ISOAbbreviation")]
    else:
        names = []
    names.append(_words(article.find("./MedlineCitation/MedlineJournalInfo/MedlineTA")))
    location = next(
        (_words(e) for e in place.iterfind("ELocationID") if e.get("EIdType") == "doi"), ""
    )
    return Record(
        NAME,
        doi=(ids.get("doi") or location).lower(),
        pmid=_words(article.find("./MedlineCitation/PMID")),
        pmcid=ids.get("pmc", ""),
        titles=titles,
        years=_years(place, issue),
        journals=tuple(dict.fromkeys(name for name in names if name)),
        authors=tuple(
            _author(author)
            for author in place.iterfind("AuthorList/Author")
            if _author(author).family
        ),
        volume=_words(issue.find("Volume")) if issue is not None else "",
        number=_words(issue.find("Issue")) if issue is not None else "",
        pages=_words(place.find("Pagination/MedlinePgn"))
        or _words(place.find("Pagination/StartPage")),
        abstract=" ".join(
            filter(None, (_words(part) for part in place.iterfind("Abstract/AbstractText")))
        ),
        notices=(*notices, *said),
        remark="; ".join(remarks),
    )


def _notices(article: Element) -> tuple[list[Notice], list[str]]:
    notices, remarks = [], []
    for note in article.iterfind("./MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        reference = note.get("RefType", "")
        kind = NOTICES.get(plain_kind(reference))
        source, number = _words(note.find("RefSource")), _words(note.find("PMID"))
        if kind:
            link = pubmed_address(number) if number else doi_link(source)
            notices.append(Notice(kind, " ".join(filter(None, [spaced(reference), source])), link))
        elif plain_kind(reference) in NOTICE_OF:
            remarks.append(f"is itself a notice ({spaced(reference)} {source})")
    return notices, remarks


def spaced(name: str) -> str:
    """A name of the E-utilities in words.

    >>> spaced("ExpressionOfConcernIn"), spaced("Erratum in")
    ('expression of concern in', 'erratum in')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("and R", " and r").lower()


def doi_link(text: str) -> str:
    """Address of the DOI that a text names; empty when it names none."""
    found = re.search(rf"\b{DOI.pattern}", text)
    return doi_address(found[0].rstrip(".;,")) if found else ""


def _author(author: Element) -> Author:
    family = _words(author.find("LastName")) or _words(author.find("CollectiveName"))
    return Author(family, _words(author.find("ForeName")) or _words(author.find("Initials")))


def _years(place: Element, issue: Element | None) -> tuple[tuple[str, int], ...]:
    years: list[tuple[str, int]] = []
    when = issue.find("PubDate") if issue is not None else None
    if when is not None:
        found = re.search(
            r"\b(1[89]|20)\d\d\b", _words(when.find("Year")) or _words(when.find("MedlineDate"))
        )
        if found:
            years.append(("issue", int(found[0])))
    online = _words(place.find("ArticleDate/Year"))
    if online.isdigit():
        return (*years, ("online", int(online)))
    return tuple(years)


def _book(article: Element) -> Record:
    """A chapter of the bookshelf, which has another form."""
    place = article.find("./BookDocument")
    if place is None:
        raise ServiceError("PubMed answers with a record of an unknown form")
    titles, said = titles_of(
        _words(place.find("ArticleTitle")) or _words(place.find("Book/BookTitle"))
    )
    year = _words(place.find("Book/PubDate/Year"))
    return Record(
        NAME,
        pmid=_words(place.find("PMID")),
        titles=titles,
        years=(("issue", int(year)),) if year.isdigit() else (),
        journals=tuple(filter(None, [_words(place.find("Book/BookTitle"))])),
        authors=tuple(_author(a) for a in place.iterfind("AuthorList/Author") if _author(a).family),
        kind="incollection",
        notices=said,
    )


def _words(element: Element | None) -> str:
    return plain_text("".join(element.itertext())) if element is not None else ""


def _identity(session: Session) -> dict[str, str]:
    """What the E-utilities ask programs to say about themselves."""
    settings = session.settings
    known = {"tool": "evidence-explorer", "email": settings.contact, "api_key": settings.key}
    return {name: value for name, value in known.items() if value}
