"""The door to the network: everything that can go wrong, and how it is told."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace

import pytest
from on_this_machine import quick
from server import Body, Cut, HangUp, Loop, Paper, Server, Slow, Status

from evidence.errors import EvidenceError, UsageError
from evidence.literature.session import ServiceError, Session, Unreachable, read_json
from evidence.literature.settings import from_environment

PAPER = Paper(doi="10.1/a", pmid="1", title="Übungen für Mäuse – ein α-Test")


@pytest.fixture
def session(server, settings):
    server.papers = [PAPER]
    with Session(settings) as opened:
        yield opened


def get(session: Session) -> str | None:
    return session.get("crossref", "works/10.1%2Fa")


def test_it_introduces_itself(server, session, settings):
    assert "Übungen für Mäuse" in (get(session) or "").encode().decode("unicode_escape").encode(
        "latin-1", "ignore"
    ).decode("latin-1")
    assert (
        server.requests[0][2]["User-Agent"].startswith("evidence-explorer/")
        and "mailto" not in server.requests[0][2]["User-Agent"]
    )
    with Session(replace(settings, contact="me@example.org")) as polite:
        get(polite)
    assert server.requests[1][2]["User-Agent"].endswith("(mailto:me@example.org)")


def test_letters_beyond_ascii_and_packed_answers(server, session):
    server.fault("crossref", "10.1/a", Body('{"title": "Übungen – α"}'.encode()))
    assert read_json(get(session) or "", "Crossref") == {"title": "Übungen – α"}
    server.gzip = True
    assert read_json(get(session) or "", "Crossref")["message"]["title"] == [PAPER.title]


UNKNOWN = "Resource not found."


def test_not_known_is_not_an_error(session):
    assert session.get("crossref", "works/10.1%2Fnone", unknown=UNKNOWN) is None


@pytest.mark.parametrize(
    "fault",
    [
        Status(404, {"Content-Type": "text/html"}, b"<html>nginx</html>"),
        Status(404, {"Content-Type": "text/html"}),
        Status(404, body=b"404 page not found"),
    ],
)
def test_only_the_service_itself_says_that_it_does_not_know(server, session, fault):
    """A 404 of a proxy or of a wrong address says nothing about a paper."""
    server.fault("crossref", "10.1/a", fault)
    with pytest.raises(ServiceError, match="Crossref answers with status 404"):
        session.get("crossref", "works/10.1%2Fa", unknown=UNKNOWN)
    server.fault("crossref", "10.1/a", Status(404))
    with pytest.raises(ServiceError, match="status 404"):
        get(session)


@pytest.mark.parametrize(
    "fault",
    [Status(500), Status(503), Status(429), HangUp(), Cut()],
    ids=lambda fault: type(fault).__name__ + str(getattr(fault, "code", "")),
)
def test_what_passes_is_tried_again(server, session, fault):
    server.fault("crossref", "10.1/a", fault, fault)
    assert "10.1/a" in (get(session) or "")
    assert server.asked["crossref", "10.1/a"] == 3


def test_it_waits_as_long_as_it_is_asked_to(server, session):
    server.fault("crossref", "10.1/a", Status(429, {"Retry-After": "1"}))
    begin = time.monotonic()
    assert get(session)
    assert time.monotonic() - begin >= 1


@pytest.mark.parametrize("wait", ["abc", "-5", "9 lives", "Wed, 99 Foo", "9" * 5000])
def test_a_wait_that_cannot_be_read_is_none(server, session, wait):
    server.fault("crossref", "10.1/a", *[Status(429, {"Retry-After": wait})] * 2)
    assert get(session) and len(server.requests) == 3
    server.fault("crossref", "10.1/a", *[Status(429, {"Retry-After": wait})] * 5)
    with pytest.raises(ServiceError) as told:
        get(session)
    assert str(told.value) == "Crossref answers with status 429 (Too Many Requests)"


@pytest.mark.parametrize(
    ("faults", "words", "requests"),
    [
        ([Status(500)] * 9, "status 500", 5),
        ([Status(403)], "status 403", 1),
        ([Status(429, {"Retry-After": "3600"})], "asks to wait 3600 seconds", 1),
        ([HangUp()] * 9, "does not answer", 5),
        ([Cut()] * 9, "breaks off", 3),
        ([Loop()] * 9, "without end", 6),
        (
            [Body(b"<html>Sign in</html>", "text/html; charset=utf-8")],
            "text/html instead of JSON; a login page",
            1,
        ),
        ([Body(b"{}", "")], "no stated type instead of JSON", 1),
        ([Body(b'{"a": "\xff"}')], "not UTF-8", 1),
        ([Body(b"x" * 3_000)], "more than 2,000 bytes", 1),
    ],
)
def test_what_does_not_pass_is_told(server, session, faults, words, requests):
    session.settings = replace(session.settings, largest=2_000)
    server.fault("crossref", "10.1/a", *faults)
    with pytest.raises(ServiceError, match=words) as told:
        get(session)
    assert len(server.requests) == requests and told.value.exit_code == 3
    assert "127.0.0.1" not in str(told.value) and str(told.value).startswith("Crossref")


def test_a_packed_answer_is_measured_unpacked(server, session):
    """A small file that unpacks to a huge one is stopped while it unpacks."""
    session.settings = replace(session.settings, largest=1_000_000)
    bomb = gzip.compress(b"0" * 20_000_000)
    assert len(bomb) < 30_000
    server.fault(
        "crossref",
        "10.1/a",
        Status(200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, bomb),
    )
    with pytest.raises(ServiceError, match="more than 1,000,000 bytes"):
        get(session)


def test_silence_is_not_waited_out(server, tmp_path):
    server.papers = [PAPER]
    server.fault("crossref", "10.1/a", *[Slow(1)] * 9)
    with (
        Session(quick(server, tmp_path, read=0.05, tries=1)) as session,
        pytest.raises(ServiceError, match="timed out"),
    ):
        get(session)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_no_network_is_told_at_once(server, tmp_path, address):
    settings = replace(quick(server, tmp_path), addresses={"crossref": address})
    with (
        Session(settings) as session,
        pytest.raises(Unreachable, match="Crossref cannot be reached") as told,
    ):
        get(session)
    assert told.value.exit_code == 3


def test_a_key_stays_out_of_messages(tmp_path):
    with Server() as server:
        settings = replace(quick(server, tmp_path), key="secret-key", tries=0)
        with Session(settings) as session:
            server.fault("pubmed", "*", HangUp())
            with pytest.raises(EvidenceError) as told:
                session.get("pubmed", "efetch.fcgi", {"id": "1", "api_key": "secret-key"}, "xml")
    assert "secret-key" not in str(told.value)


@pytest.mark.parametrize("text", ["{", '["a"]', "", "<html>"])
def test_broken_json_is_told(text):
    with pytest.raises(ServiceError, match="PubMed answers with"):
        read_json(text, "PubMed")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVIDENCE_CROSSREF_URL", "api.crossref.org"),
        ("EVIDENCE_PUBMED_URL", "file:///etc/passwd"),
        ("EVIDENCE_CONTACT", "me@example.org\r\nX-Other: y"),
        ("EVIDENCE_CONTACT", "nobody"),
        ("EVIDENCE_PAUSE", "soon"),
        ("EVIDENCE_PAUSE", "-1"),
        ("EVIDENCE_PAUSE", "nan"),
    ],
)
def test_wrong_settings_are_named(name, value):
    with pytest.raises(UsageError, match=name):
        from_environment(environment={name: value})


def test_settings():
    plain = from_environment(environment={})
    assert (
        plain.addresses["crossref"] == "https://api.crossref.org"
        and plain.contact == ""
        and plain.cache.name == "evidence-explorer"
    )
    assert (plain.pause_of("crossref"), plain.pause_of("pubmed")) == (0.2, 0.34)
    told = from_environment("me@example.org", {"EVIDENCE_NCBI_API_KEY": "k"})
    assert (told.contact, told.pause_of("crossref"), told.pause_of("pubmed")) == (
        "me@example.org",
        0.1,
        0.1,
    )
    assert (
        from_environment("me@example.org", {"EVIDENCE_CONTACT": "you@example.org"}).contact
        == "you@example.org"
    )
    assert from_environment(environment={"EVIDENCE_PAUSE": "0"}).pause_of("pubmed") == 0


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"]
)
def test_nobody_is_sent_off_the_web(server, session, address):
    server.fault("crossref", "10.1/a", Status(302, {"Location": address}))
    with pytest.raises((ServiceError, Unreachable)) as told:
        get(session)
    assert "root:" not in str(told.value)
