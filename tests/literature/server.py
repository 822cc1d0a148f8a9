"""Crossref, PubMed and Europe PMC on this machine: their documented answers, and everything that
can go wrong on the way.

    server = Server(papers)
    server.fault("crossref", "10.1/a", Status(429, {"Retry-After": "1"}))   # once; then it answers
    with server: ...                                                        # server.environment:
    settings that point to it

Shapes: Crossref REST ``/works/{doi}`` (message-type work), NCBI E-utilities ``esearch``
(retmode=json) and ``efetch`` (PubmedArticleSet), Europe PMC ``search`` with ``resultType=core`` and
``cursorMark``.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

DOCTYPE = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st'
    ' January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


@dataclass(frozen=True)
class Paper:
    """A paper as all three services know it."""

    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    title: str = "A title"
    authors: tuple[tuple[str, str], ...] = (("Abe", "Bo"),)
    journal: str = "Journal of Neurology"
    short: str = "J Neurol"
    year: int = 2020
    online: int | None = None
    volume: str = "1"
    issue: str = "2"
    pages: str = "3-4"
    abstract: str = ""
    added: str = "2020-01-01"
    searches: tuple[str, ...] = ()  # words of the searches that find it
    updated_by: tuple[dict, ...] = ()  # Crossref
    update_to: tuple[dict, ...] = ()
    comments: tuple[tuple[str, str, str], ...] = ()  # PubMed: RefType, RefSource, PMID
    types: tuple[str, ...] = ("Journal Article",)
    extra: dict = field(default_factory=dict)  # what Crossref states beside or instead
    hidden: tuple[str, ...] = ()  # services that do not know it


def crossref_work(paper: Paper) -> dict:
    work = {
        "indexed": {
            "date-parts": [[2026, 1, 1]],
            "date-time": "2026-01-01T00:00:00Z",
            "timestamp": 1767225600000,
        },
        "publisher": "A publisher",
        "issue": paper.issue,
        "short-container-title": [paper.short],
        "published-print": {"date-parts": [[paper.year, 3]]},
        "DOI": paper.doi.lower(),
        "type": "journal-article",
        "page": paper.pages,
        "source": "Crossref",
        "title": [paper.title] if paper.title else [],
        "volume": paper.volume,
        "author": [
            {
                "given": given,
                "family": family,
                "sequence": "additional" if number else "first",
                "affiliation": [],
            }
            for number, (family, given) in enumerate(paper.authors)
        ],
        "container-title": [paper.journal],
        "issued": {"date-parts": [[paper.year]]},
        "URL": f"https://doi.org/{paper.doi.lower()}",
        "ISSN": ["0340-5354"],
        "reference": [{"key": "ref1", "unstructured": "x" * 100}],
    }
    if paper.online:
        work["published-online"] = {"date-parts": [[paper.online, 12, 30]]}
    if paper.abstract:
        work["abstract"] = f"<jats:title>Abstract</jats:title><jats:p>{paper.abstract}</jats:p>"
    if paper.updated_by:
        work["updated-by"] = list(paper.updated_by)
    if paper.update_to:
        work["update-to"] = list(paper.update_to)
    return work | paper.extra


def marked_up(title: str) -> str:
    """A title as XML: its own tags stay, other marks are escaped."""
    return re.sub(r"&lt;(/?(?:i|b|sub|sup))&gt;", r"<\1>", escape(title))


def pubmed_article(paper: Paper) -> str:
    authors = "".join(
        "<Author"
        f' ValidYN="Y"><LastName>{escape(family)}</LastName><ForeName>{escape(given)}</ForeName><Initials>{given[:1]}</Initials></Author>'
        for family, given in paper.authors
    )
    comments = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>{escape(source)}</RefSource>'
        + (f'<PMID Version="1">{number}</PMID>' if number else "")
        + "</CommentsCorrections>"
        for kind, source, number in paper.comments
    )
    types = "".join(
        f'<PublicationType UI="D000000">{kind}</PublicationType>' for kind in paper.types
    )
    online = (
        "<ArticleDate"
        f' DateType="Electronic"><Year>{paper.online}</Year><Month>12</Month><Day>30</Day></ArticleDate>'
        if paper.online
        else ""
    )
    first, _, last = paper.pages.partition("-")
    return (
        '<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID'
        f' Version="1">{paper.pmid}</PMID><Article PubModel="Print"><Journal><ISSN'
        ' IssnType="Print">0340-5354</ISSN><JournalIssue'
        f' CitedMedium="Print"><Volume>{paper.volume}</Volume><Issue>{paper.issue}</Issue><PubDate><Year>{paper.year}</Year><Month>Mar</Month></PubDate></JournalIssue><Title>{escape(paper.journal)}</Title><ISOAbbreviation>{escape(paper.short)}</ISOAbbreviation></Journal><ArticleTitle>{marked_up(paper.title)}</ArticleTitle><Pagination><StartPage>{first}</StartPage><EndPage>{last}</EndPage><MedlinePgn>{paper.pages}</MedlinePgn></Pagination><ELocationID'
        f' EIdType="doi" ValidYN="Y">{escape(paper.doi)}</ELocationID><Abstract><AbstractText'
        f' Label="BACKGROUND">{escape(paper.abstract)}</AbstractText></Abstract><AuthorList'
        f' CompleteYN="Y">{authors}</AuthorList><Language>eng</Language><PublicationTypeList>{types}</PublicationTypeList>{online}</Article><MedlineJournalInfo><Country>Germany</Country><MedlineTA>{escape(paper.short)}</MedlineTA></MedlineJournalInfo><CommentsCorrectionsList>{comments}</CommentsCorrectionsList></MedlineCitation><PubmedData><ArticleIdList><ArticleId'
        f' IdType="pubmed">{paper.pmid}</ArticleId>'
        + (f'<ArticleId IdType="doi">{escape(paper.doi)}</ArticleId>' if paper.doi else "")
        + (f'<ArticleId IdType="pmc">{paper.pmcid}</ArticleId>' if paper.pmcid else "")
        + "</ArticleIdList><ReferenceList><Reference><Citation>Another"
        " paper.</Citation><ArticleIdList>" + '<ArticleId IdType="doi">10.9999/cited</ArticleId>'
        "</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"
    )


def europepmc_result(paper: Paper) -> dict:
    words = {
        "RetractionIn": "Retraction in",
        "ErratumIn": "Erratum in",
        "ExpressionOfConcernIn": "Expression of concern in",
        "CommentIn": "Comment in",
    }
    result = {
        "id": paper.pmid or f"PPR{abs(hash(paper.doi)) % 10**6}",
        "source": "MED" if paper.pmid else "PPR",
        "pmid": paper.pmid,
        "pmcid": paper.pmcid,
        "doi": paper.doi,
        "title": f"{paper.title}." if paper.title else None,
        "authorString": ", ".join(f"{family} {given[:1]}" for family, given in paper.authors) + ".",
        "authorList": {
            "author": [
                {"fullName": f"{f} {g[:1]}", "firstName": g, "lastName": f, "initials": g[:1]}
                for f, g in paper.authors
            ]
        },
        "journalInfo": {
            "issue": paper.issue,
            "volume": paper.volume,
            "yearOfPublication": paper.year,
            "journal": {
                "title": paper.journal,
                "medlineAbbreviation": paper.short,
                "isoabbreviation": paper.short,
                "issn": "0340-5354",
            },
        },
        "pubYear": str(paper.year),
        "pageInfo": paper.pages,
        "abstractText": paper.abstract,
        "pubTypeList": {"pubType": list(paper.types)},
        "firstPublicationDate": f"{paper.online or paper.year}-12-30",
        "commentCorrectionList": {
            "commentCorrection": [
                {
                    "id": number,
                    "source": "MED",
                    "reference": source,
                    "type": words.get(kind, kind),
                    "orderIn": 1,
                }
                for kind, source, number in paper.comments
            ]
        },
    }
    return {
        name: value
        for name, value in result.items()
        if value not in ("", None, {"commentCorrection": []})
    }


# --- what can go wrong ---


@dataclass(frozen=True)
class Status:
    """Another status than 200, with headers, a short text and a reason of its own."""

    code: int
    headers: dict = field(default_factory=dict)
    body: bytes = b"Resource not found."
    reason: str | None = None


@dataclass(frozen=True)
class Body:
    """Status 200 with another content."""

    body: bytes
    kind: str = "application/json"


@dataclass(frozen=True)
class Slow:
    """Silence for some seconds, then the true answer."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """The first half of the true answer, then the connection ends."""


@dataclass(frozen=True)
class HangUp:
    """The connection ends without a word."""


@dataclass(frozen=True)
class Loop:
    """A redirect to itself."""


@dataclass(frozen=True)
class Hold:
    """The true answer, once the test lets go; says that the request has come."""

    come: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


class Quiet(ThreadingHTTPServer):
    """A client that is killed is not news."""

    def handle_error(self, *_: object) -> None:
        pass


class Server:
    """The three services on a port of this machine.

    Attributes
    ----------
    papers : list of Paper
        What they know; may be changed while they run.
    asked : Counter
        How often each question was asked, as ``(service, question)``; a search is its terms.
    requests : list of (str, str, dict)
        Service, path and headers of every request.
    gzip : bool
        Pack the answers.
    """

    def __init__(self, papers: list[Paper] | None = None):
        self.papers = list(papers or [])
        self.asked: Counter[tuple[str, str]] = Counter()
        self.requests: list[tuple[str, str, dict]] = []
        self.gzip = False
        self.page = 100
        self.delay = 0.0
        self._faults: dict[tuple[str, str], list[object]] = {}
        self._lock = threading.Lock()
        handler = type("Handler", (Handler,), {"server_state": self})
        self._http = Quiet(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """Settings that lead the commands here, without pauses."""
        names = {
            service: f"EVIDENCE_{service.upper()}_URL"
            for service in ("crossref", "pubmed", "europepmc")
        }
        return {name: f"{self.address}/{service}" for service, name in names.items()} | {
            "EVIDENCE_PAUSE": "0"
        }

    def fault(self, service: str, question: str, *faults: object) -> None:
        """What happens to the next requests that ask this; ``"*"`` stands for any question."""
        self._faults.setdefault((service, question), []).extend(faults)

    def change(self, doi_or_pmid: str, **values) -> None:
        """State something else about a paper."""
        self.papers = [
            (
                replace(paper, **values)
                if doi_or_pmid.lower() in (paper.doi.lower(), paper.pmid)
                else paper
            )
            for paper in self.papers
        ]

    def known(self, service: str) -> list[Paper]:
        return [paper for paper in self.papers if service not in paper.hidden]

    def next_fault(self, service: str, questions: list[str]) -> object | None:
        with self._lock:
            for question in [*questions, "*"]:
                waiting = self._faults.get((service, question))
                if waiting:
                    return waiting.pop(0)
        return None

    def count(self, service: str, path: str, headers: dict, questions: list[str]) -> None:
        with self._lock:
            self.requests.append((service, path, headers))
            self.asked.update((service, question) for question in questions)


class Handler(BaseHTTPRequestHandler):
    """One request: which service, which questions, which fault, which answer."""

    protocol_version = "HTTP/1.1"
    # headers and content leave together; apart, each answer would wait 40 ms for an acknowledgement
    wbufsize = -1
    server_state: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        """A form: the same as the parameters of an address."""
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.path = f"{self.path}?{form}"
        self.do_GET()

    def do_GET(self) -> None:
        state, parts = self.server_state, urlsplit(self.path)
        service, _, path = parts.path.lstrip("/").partition("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        answer: Callable[[], tuple[int, str, bytes]] = lambda: (
            404,
            "text/html",
            b"<html>no such place</html>",
        )
        questions: list[str] = [path]
        if service == "crossref" and path.startswith("works/"):
            questions = [unquote(path.removeprefix("works/"))]
            answer = lambda: self._crossref(questions[0])
        elif service == "pubmed" and path == "efetch.fcgi":
            questions = query["id"].split(",")
            answer = lambda: self._efetch(questions)
        elif service == "pubmed" and path == "esearch.fcgi":
            questions = [query["term"]]
            answer = lambda: self._esearch(query)
        elif service == "europepmc" and path == "search":
            ids = [
                f"{source}:{number}" if number else "doi:" + re.sub(r"\\(.)", r"\1", doi)
                for number, source, doi in re.findall(
                    r'EXT_ID:"([^"]+)" AND SRC:(\w+)|DOI:"((?:[^"\\]|\\.)+)"', query["query"]
                )
            ]
            questions = ids or [f"{query['query']} {query['cursorMark']}"]
            answer = lambda: self._europepmc(query, ids)
        state.count(service, self.path, dict(self.headers), questions)
        if state.delay:
            time.sleep(state.delay)
        self._send(state.next_fault(service, questions), answer)

    def _crossref(self, doi: str) -> tuple[int, str, bytes]:
        found = next(
            (
                paper
                for paper in self.server_state.known("crossref")
                if paper.doi and paper.doi.lower() == doi.lower()
            ),
            None,
        )
        if found is None:
            return 404, "text/plain", b"Resource not found."
        body = {
            "status": "ok",
            "message-type": "work",
            "message-version": "1.0.0",
            "message": crossref_work(found),
        }
        return 200, "application/json", json.dumps(body).encode()

    def _efetch(self, numbers: list[str]) -> tuple[int, str, bytes]:
        known = {paper.pmid: paper for paper in self.server_state.known("pubmed")}
        articles = "".join(pubmed_article(known[number]) for number in numbers if number in known)
        return (
            200,
            "text/xml; charset=UTF-8",
            f"{DOCTYPE}<PubmedArticleSet>{articles}</PubmedArticleSet>".encode(),
        )

    def _found(self, service: str, terms: str, since: str) -> list[Paper]:
        return [
            paper
            for paper in self.server_state.known(service)
            if any(word in terms for word in paper.searches) and paper.added >= since
        ]

    def _esearch(self, query: dict[str, str]) -> tuple[int, str, bytes]:
        found = [
            p.pmid
            for p in self._found(
                "pubmed", query["term"], query.get("mindate", "").replace("/", "-")
            )
            if p.pmid
        ]
        most = int(query.get("retmax", 20))
        result = {
            "count": str(len(found)),
            "retmax": str(min(most, len(found))),
            "retstart": "0",
            "idlist": found[:most],
            "translationset": [],
            "querytranslation": query["term"],
            "errorlist": {
                "phrasesnotfound": re.findall(r"nosuchword\w*", query["term"]),
                "fieldsnotfound": [],
            },
        }
        body = {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}
        return 200, "application/json; charset=UTF-8", json.dumps(body).encode()

    def _europepmc(self, query: dict[str, str], ids: list[str]) -> tuple[int, str, bytes]:
        size, cursor = int(query["pageSize"]), query["cursorMark"]
        if ids:
            found = [
                paper
                for paper in self.server_state.known("europepmc")
                if (paper.pmid and f"MED:{paper.pmid}" in ids)
                or (paper.doi and f"doi:{paper.doi.lower()}" in ids)
            ]
        else:
            since = re.search(r"CREATION_DATE:\[(\S+) TO", query["query"])
            found = self._found("europepmc", query["query"], since[1] if since else "")
        size = size if ids else min(size, self.server_state.page)
        start = 0 if cursor == "*" else int(cursor.removeprefix("AoE"))
        page = found[start : start + size]
        body = {
            "version": "6.9",
            "hitCount": len(found),
            "nextCursorMark": f"AoE{start + len(page)}" if page else cursor,
            "request": {
                "queryString": query["query"],
                "resultType": "core",
                "cursorMark": cursor,
                "pageSize": size,
            },
            "resultList": {"result": [europepmc_result(paper) for paper in page]},
        }
        return 200, "application/json;charset=UTF-8", json.dumps(body).encode()

    def _send(self, fault: object | None, answer: Callable[[], tuple[int, str, bytes]]) -> None:
        if isinstance(fault, HangUp):
            self.close_connection = True
            self.connection.close()
            return
        if isinstance(fault, Loop):
            return self._write(302, {"Location": self.path}, b"")
        if isinstance(fault, Status):
            return self._write(
                fault.code,
                {"Content-Type": "text/plain"} | fault.headers,
                fault.body,
                reason=fault.reason,
            )
        if isinstance(fault, Slow):
            time.sleep(fault.seconds)
        if isinstance(fault, Hold):
            fault.come.set()
            fault.go.wait(20)
        status, kind, body = (200, fault.kind, fault.body) if isinstance(fault, Body) else answer()
        headers = {"Content-Type": kind}
        if self.server_state.gzip:
            body, headers = gzip.compress(body), headers | {"Content-Encoding": "gzip"}
        self._write(status, headers, body, cut=isinstance(fault, Cut))

    def _write(
        self,
        status: int,
        headers: dict[str, str],
        body: bytes,
        cut: bool = False,
        reason: str | None = None,
    ) -> None:
        self.send_response(status, reason)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body[: len(body) // 2] if cut else body)
            self.wfile.flush()
        if cut:
            self.close_connection = True
