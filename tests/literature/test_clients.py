"""What the services say, in their own shapes, becomes one form."""

from __future__ import annotations

import json
from datetime import date

import pytest
from server import Body, Paper, crossref_work, pubmed_article

from evidence.literature import crossref, europepmc, pubmed
from evidence.literature.record import Author, Notice, Record, normal, plain_text, titles_of
from evidence.literature.session import ServiceError, Session

ODD = [
    "10.1002/(SICI)1097-4598(199811)21:11<1525::AID-MUS26>3.0.CO;2-2",
    "10.1016/s0022-510x(01)00610-4",
    "10.1000/a#b",
    "10.1000/a?b=c&d",
    "10.1000/a%20b",
    "10.1000/ä+b",
    '10.1000/a"b\\c',
    "10.1000/a//b/../c",
    "10.1000/[x]{y}|z",
]


@pytest.fixture
def session(settings):
    with Session(settings) as opened:
        yield opened


def ask(client, session, *questions: str) -> dict[str, Record | None]:
    return {
        one: client.record(body) if body is not None else None
        for one, body in client.ask(session, questions).items()
    }


def work(**values) -> Record:
    return crossref.record(json.dumps(crossref_work(Paper(doi="10.1/a")) | values))


def article(paper: Paper, change=lambda text: text) -> Record:
    return pubmed.record(change(pubmed_article(paper)))


FULL = Paper(
    doi="10.1/Big.Letters",
    pmid="123",
    pmcid="PMC9",
    title="Running in β-mutant mice: a trial",
    authors=(("Åberg", "Maria"), ("de Carvalho", "Mamede")),
    journal="Journal of Neurology, Neurosurgery & Psychiatry",
    short="J Neurol Neurosurg Psychiatry",
    year=2018,
    online=2017,
    volume="12",
    issue="3 Pt 2",
    pages="460-70",
    abstract="Mice ran & rested.",
)


def test_all_three_say_the_same_of_one_paper(server, session):
    server.papers = [FULL]
    records = [
        ask(crossref, session, "10.1/big.letters")["10.1/big.letters"],
        ask(pubmed, session, "123")["123"],
        ask(europepmc, session, "MED:123")["MED:123"],
    ]
    for record in records:
        assert (
            record
            and record.doi == "10.1/big.letters"
            and normal(record.title) == "running in beta mutant mice a trial"
        )
        assert dict(record.years) == {"issue": 2018, "online": 2017} and record.year == 2018
        assert record.authors == (Author("Åberg", "Maria"), Author("de Carvalho", "Mamede"))
        assert record.journals == (
            "Journal of Neurology, Neurosurgery & Psychiatry",
            "J Neurol Neurosurg Psychiatry",
        )
        assert (record.volume, record.number, record.pages, record.kind) == (
            "12",
            "3 Pt 2",
            "460-70",
            "article",
        )
        assert (
            record.notices == ()
            and record.most_serious == Notice("none", "")
            and record.remark == ""
        )
    assert [record.pmid for record in records if record] == ["", "123", "123"]
    assert [record.pmcid for record in records if record] == ["", "PMC9", "PMC9"]


@pytest.mark.parametrize("doi", ODD)
def test_odd_numbers_arrive_whole(server, session, doi):
    """Letters that mean something in an address are sent as what they are, and DOIs come back in
    lower case.
    """
    server.papers = [Paper(doi=doi, title="Odd"), Paper(doi="10.1000/a", title="Another")]
    assert (ask(crossref, session, doi)[doi] or Record("")).title == "Odd"
    key = europepmc.question(doi, "")
    assert (ask(europepmc, session, key)[key] or Record("")).title == "Odd."
    assert server.asked["crossref", doi] == 1


def test_what_a_service_does_not_know_is_none(server, session):
    server.papers = [FULL]
    assert ask(crossref, session, "10.1/none") == {"10.1/none": None}
    found = ask(pubmed, session, "124", "123")
    assert found["124"] is None and found["123"]
    assert ask(europepmc, session, "doi:10.1/none", "MED:124") == {
        "doi:10.1/none": None,
        "MED:124": None,
    }


# --- notices ---


def update(kind: str, doi: str = "10.1/notice", **more) -> dict:
    return {
        "type": kind,
        "label": kind.title(),
        "DOI": doi,
        "source": "publisher",
        "updated": {"date-parts": [[2021, 5, 1]]},
    } | more


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("retraction", "retraction"),
        ("withdrawal", "retraction"),
        ("removal", "retraction"),
        ("partial_retraction", "partial_retraction"),
        ("expression_of_concern", "expression_of_concern"),
        ("correction", "correction"),
        ("corrigendum", "correction"),
        ("erratum", "correction"),
        ("addendum", "correction"),
        ("something_new", "correction"),
    ],
)
def test_levels_of_crossref(kind, level):
    most_serious = work(**{"updated-by": [update(kind)]}).most_serious
    assert (most_serious.kind, most_serious.link) == (
        level,
        "https://doi.org/10.1/notice",
    ) and kind.replace("_", " ") in most_serious.said


def test_the_most_serious_notice_counts_and_all_are_told():
    record = work(
        **{
            "updated-by": [
                update("correction"),
                update("retraction", "10.1/r", source="retraction-watch", **{"record-id": 7}),
                update("erratum"),
            ]
        }
    )
    assert (record.most_serious.kind, record.most_serious.link) == (
        "retraction",
        "https://doi.org/10.1/r",
    )
    assert [notice.kind for notice in record.notices] == [
        "correction",
        "retraction",
        "correction",
    ] and "retraction-watch" in record.most_serious.said


def test_a_new_version_is_not_a_notice():
    assert (
        work(
            **{"updated-by": [update("new_version", "10.1/A"), update("new_edition", "10.1/b")]}
        ).notices
        == ()
    )


def test_a_notice_about_another_paper_does_not_retract_the_notice():
    record = work(
        **{"update-to": [update("retraction", "10.1/victim"), update("new_version", "10.1/A")]}
    )
    assert record.notices == () and record.remark == "is itself a notice about 10.1/victim"


def test_a_paper_withdrawn_under_its_own_number():
    assert (
        work(**{"updated-by": [update("withdrawal", "10.1/a")]}).most_serious.kind == "retraction"
    )


def test_incomplete_updates_do_not_break():
    record = work(
        **{"updated-by": [{}, None, {"type": "retraction"}, "retraction"], "update-to": "x"}
    )
    assert (record.most_serious.kind, record.most_serious.link) == ("retraction", "")


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("RetractionIn", "retraction"),
        ("RetractedandRepublishedIn", "retraction"),
        ("PartialRetractionIn", "partial_retraction"),
        ("ExpressionOfConcernIn", "expression_of_concern"),
        ("ErratumIn", "correction"),
        ("CorrectedandRepublishedIn", "correction"),
        ("CommentIn", "none"),
        ("UpdateOf", "none"),
        ("RetractionOf", "none"),
        ("ErratumFor", "none"),
    ],
)
def test_levels_of_pubmed_and_europe_pmc(server, session, kind, level):
    server.papers = [
        Paper(doi="10.1/a", pmid="1", comments=((kind, "Lancet. 2010 Feb 6;375(9713):445.", "99"),))
    ]
    one, other = ask(pubmed, session, "1")["1"], ask(europepmc, session, "MED:1")["MED:1"]
    assert one and other and one.most_serious.kind == other.most_serious.kind == level
    if level != "none":
        assert (
            one.most_serious.link == "https://pubmed.ncbi.nlm.nih.gov/99/"
            and other.most_serious.link == "https://europepmc.org/article/MED/99"
        )
        assert "Lancet. 2010" in one.most_serious.said and "Lancet. 2010" in other.most_serious.said
    assert ("is itself a notice" in one.remark) == (kind in ("RetractionOf", "ErratumFor"))


def test_a_notice_without_a_number_is_found_by_its_doi():
    record = article(
        Paper(
            pmid="1",
            comments=(
                ("RetractionIn", "Lancet. 2010;375:445. doi: 10.1016/S0140-6736(10)60175-4.", ""),
            ),
        )
    )
    assert record.most_serious.link == "https://doi.org/10.1016/S0140-6736(10)60175-4"


@pytest.mark.parametrize("kind", ["Retracted Publication", "retracted publication"])
def test_the_type_alone_retracts(server, session, kind):
    server.papers = [Paper(doi="10.1/a", pmid="1", types=("Journal Article", kind))]
    for client, question in ((pubmed, "1"), (europepmc, "MED:1")):
        assert (
            ask(client, session, question)[question] or Record("")
        ).most_serious.kind == "retraction"


def test_the_type_of_the_notice_does_not():
    assert (
        article(Paper(pmid="1", types=("Retraction of Publication", "Published Erratum"))).notices
        == ()
    )


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: Running in mice", "retraction"),
        ("Retracted Article: Running in mice", "retraction"),
        ("[RETRACTED] Running in mice", "retraction"),
        ("WITHDRAWN: Running in mice", "retraction"),
        ("Retraction: Running in mice", "none"),
        ("Withdrawn patients in a trial", "none"),
    ],
)
def test_a_word_before_the_title(title, kind):
    record = work(title=[title])
    assert record.most_serious.kind == kind
    assert kind == "none" or record.title == "Running in mice"


# --- titles and other fields ---


def test_records_without_title_author_or_year():
    record = work(
        title=[],
        author=[],
        **{"published-print": None, "issued": {"date-parts": [[None]]}, "container-title": []},
    )
    assert (record.title, record.authors, record.year, record.journals) == (
        "",
        (),
        None,
        ("J Neurol",),
    )


def test_several_titles_and_a_subtitle():
    record = work(title=["One", "Two"], subtitle=["a trial"], **{"original-title": ["Eins"]})
    assert record.titles == ("One", "One: a trial", "Two", "Eins")


def test_tags_and_entities_are_not_part_of_a_text():
    record = work(
        title=[
            "SOD1<sup>G93A</sup> mice &amp;amp; <jats:italic toggle='yes'>running</jats:italic>:"
            " p&lt;0.05"
        ],
        abstract="<jats:p>A < B</jats:p>",
    )
    assert record.title == "SOD1G93A mice & running: p<0.05" and record.abstract == "A < B"
    assert (
        article(Paper(pmid="1", title="SOD1<sup>G93A</sup> <i>mice</i>.")).title == "SOD1G93A mice."
    )
    assert plain_text("a < b and c > d") == "a < b and c > d" and plain_text(None) == ""


def test_a_translated_title_loses_its_brackets():
    assert article(Paper(pmid="1", title="[Exercise therapy].")).title == "Exercise therapy."


def test_groups_as_authors():
    record = work(
        author=[{"name": "The Group", "sequence": "first"}, {"family": "Abe"}, {"affiliation": []}]
    )
    assert record.authors == (Author("The Group"), Author("Abe"))
    group = article(
        Paper(pmid="1"),
        lambda text: text.replace(
            "<LastName>Abe</LastName>", "<CollectiveName>The Group</CollectiveName>"
        ),
    )
    assert group.authors[0].family == "The Group"


def test_years_of_seasons_and_ranges():
    record = article(
        Paper(pmid="1"),
        lambda text: text.replace(
            "<Year>2020</Year><Month>Mar</Month>", "<MedlineDate>1998 Dec-1999 Jan</MedlineDate>"
        ),
    )
    assert record.years == (("issue", 1998),)


def test_the_numbers_of_cited_papers_are_not_those_of_the_paper():
    assert article(Paper(pmid="1", doi="")).doi == ""


def test_a_chapter_of_the_bookshelf():
    record = pubmed.record(
        "<PubmedBookArticle><BookDocument><PMID>7</PMID><Book><BookTitle>A"
        " book</BookTitle><PubDate><Year>2001</Year></PubDate></Book><ArticleTitle>A"
        " chapter</ArticleTitle></BookDocument></PubmedBookArticle>"
    )
    assert (record.pmid, record.title, record.year, record.kind) == (
        "7",
        "A chapter",
        2001,
        "incollection",
    )


def test_a_preprint_beside_its_paper(server, session):
    """Where a DOI has several records, that of PubMed is taken."""
    server.papers = [
        Paper(doi="10.1/a", title="Preprint"),
        Paper(doi="10.1/A", pmid="5", title="Paper"),
    ]
    assert (ask(europepmc, session, "doi:10.1/a")["doi:10.1/a"] or Record("")).title == "Paper."


# --- XML that is not safe ---

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b'
    ' "&a;&a;&a;&a;&a;&a;&a;&a;">]><PubmedArticleSet>&b;</PubmedArticleSet>'
)
FILE = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&a;</PubmedArticleSet>'
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "not safe"),
        (FILE, "not safe"),
        ("<PubmedArticleSet>", "broken XML"),
        ("{}", "broken XML"),
    ],
)
def test_dangerous_and_broken_xml_is_refused(server, session, text, words):
    server.fault("pubmed", "1", Body(text.encode(), "text/xml"))
    with pytest.raises(ServiceError, match=words):
        pubmed.ask(session, ["1"])


# --- searches ---


def test_pubmed_searches_by_day(server, session):
    server.papers = [
        Paper(pmid="1", added="2025-01-01", searches=("exercise",)),
        Paper(pmid="2", added="2026-02-01", searches=("exercise",)),
    ]
    until = date(2026, 3, 1)
    assert pubmed.search(session, "exercise nosuchword", None, until) == {
        "found": 2,
        "ids": ["1", "2"],
        "unknown": ["nosuchword"],
    }
    assert pubmed.search(session, "exercise", date(2026, 1, 1), until)["ids"] == ["2"]
    assert (
        "datetype=edat" in server.requests[1][1]
        and "maxdate=2026%2F03%2F01" in server.requests[1][1]
    )
    assert (
        "mindate" not in server.requests[0][1] and "tool=evidence-explorer" in server.requests[0][1]
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"esearchresult": {"ERROR": "Search Backend failed"}}, "Search Backend failed"),
        ({"error": "API rate limit exceeded", "count": "11"}, "API rate limit exceeded"),
        ({}, "no result"),
        ({"esearchresult": {"count": "12000", "idlist": ["1"]}}, "narrow the terms"),
    ],
)
def test_a_search_that_pubmed_refuses_is_told(server, session, body, words):
    server.fault("pubmed", "*", Body(json.dumps(body).encode()))
    with pytest.raises(ServiceError, match=words):
        pubmed.search(session, "x", None, date(2026, 1, 1))


def test_europe_pmc_turns_pages(server, session):
    server.papers = [
        Paper(doi=f"10.1/{i}", searches=("exercise",), added="2026-01-01") for i in range(5)
    ]
    server.page = 2
    cursor, found = "*", []
    while cursor:
        page = europepmc.search(session, "exercise", date(2025, 1, 1), date(2026, 1, 2), cursor)
        found += [result["doi"] for result in page["results"]]
        cursor = page["next"]
    assert found == [f"10.1/{i}" for i in range(5)] and page["found"] == 5
    assert "CREATION_DATE%3A%5B2025-01-01+TO+2026-01-02%5D" in server.requests[0][1]


def test_europe_pmc_refuses_with_status_200(server, session):
    server.fault(
        "europepmc", "*", Body(b'{"errCode": 404, "errMsg": "Invalid page size provided."}')
    )
    with pytest.raises(ServiceError, match="Invalid page size"):
        europepmc.search(session, "x", None, date(2026, 1, 1), "*")


def test_titles_that_are_nothing():
    assert titles_of(None, "", "<p></p>") == ((), ())
