"""Nothing is asked twice, nothing that was answered is lost, and one failure does not stop the
rest.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st
from on_this_machine import quick
from server import Body, Hold, Paper, Status

from evidence.errors import EvidenceError
from evidence.literature import asking as asking_module
from evidence.literature.asking import Answers, Asking
from evidence.literature.cache import FILE, Answer, Cache, day_of
from evidence.literature.session import ServiceError

PAPERS = [Paper(doi=f"10.1/{i}", pmid=str(i + 1), title=f"Title {i}") for i in range(6)]
DOIS = [paper.doi for paper in PAPERS]


@pytest.fixture(autouse=True)
def known(server):
    server.papers = list(PAPERS)


def test_nothing_is_asked_twice(server, settings):
    with Asking(settings) as asking:
        first = asking.ask("crossref", [*DOIS, *DOIS, "10.1/none"])
    with Asking(settings) as again:
        second = again.ask("crossref", [*DOIS, "10.1/none"])
        assert again.requests == 0
    assert first == second and set(server.asked.values()) == {1}
    assert (
        second.record("crossref", "10.1/3").title == "Title 3"
        and second.record("crossref", "10.1/none") is None
    )


def test_many_are_asked_about_in_one_request(server, asking):
    numbers = [paper.pmid for paper in PAPERS]
    assert not asking.ask("pubmed", numbers).failed and len(server.requests) == 1
    assert (
        not asking.ask("pubmed", [*numbers, "99"]).failed
        and server.asked["pubmed", "99"] == 1
        and len(server.requests) == 2
    )
    assert (
        not asking.ask("europepmc", [f"MED:{number}" for number in numbers]).failed
        and len(server.requests) == 3
    )


def test_old_answers_are_asked_for_again(server, settings):
    with Asking(settings) as asking:
        asking.ask("crossref", DOIS[:1])
    with Asking(settings, fresh=0) as asking:
        assert len(asking.ask("crossref", DOIS[:1]).known) == 1 and asking.requests == 1
        assert len(asking.ask("crossref", DOIS[:1]).known) == 1 and asking.requests == 1
    with Asking(settings, fresh=1) as asking:
        asking.ask("crossref", DOIS[:1])
        assert asking.requests == 0


def test_offline_nobody_is_asked(server, settings):
    with Asking(settings, fresh=0) as asking:
        asking.ask("crossref", DOIS[:2])
    before = len(server.requests)
    with Asking(settings, offline=True, fresh=0) as asking:
        answers = asking.ask("crossref", DOIS)
    assert (
        len(server.requests) == before
        and set(answers.known) == set(DOIS[:2])
        and set(answers.failed.values()) == {"not stored"}
    )


def test_one_failure_does_not_stop_the_rest(server, asking):
    server.fault("crossref", "10.1/2", *[Status(500)] * 9)
    server.fault("crossref", "10.1/4", Body(b"<html>", "text/html"))
    ticks: list[int] = []
    answers = asking.ask("crossref", DOIS, ticks.append)
    assert (
        sorted(answers.failed) == ["10.1/2", "10.1/4"]
        and len(answers.known) == 4
        and sum(ticks) == len(DOIS)
    )
    server._faults.clear()
    assert len(asking.ask("crossref", DOIS).known) == 6 and server.asked["crossref", "10.1/0"] == 1


def test_a_service_that_keeps_failing_is_left_alone(server, asking):
    server.fault("crossref", "*", *[Status(403)] * 9)
    answers = asking.ask("crossref", DOIS)
    assert len(answers.failed) == 6 and len(server.requests) == 3


def test_one_question_that_spoils_a_request_does_not_take_the_others_with_it(server, asking):
    """A batch that fails is asked about one by one."""
    server.fault("europepmc", "MED:3", *[Status(400)] * 2)
    answers = asking.ask("europepmc", [f"MED:{paper.pmid}" for paper in PAPERS])
    assert list(answers.failed) == ["MED:3"] and len(answers.known) == 5


def test_no_network_ends_at_once(settings):
    nowhere = replace(settings, addresses=dict.fromkeys(settings.addresses, "http://127.0.0.1:9"))
    with Asking(nowhere) as asking:
        answers = asking.ask("crossref", DOIS)
        assert (
            len(answers.failed) == 6
            and asking.requests == 1
            and all("cannot be reached" in why for why in answers.failed.values())
        )
        with pytest.raises(EvidenceError, match="cannot be reached"):
            asking.numbers("x", None, day_of(0))


def test_searches_are_stored_too(server, settings):
    server.papers = [
        Paper(doi=f"10.2/{i}", pmid=str(i + 10), searches=("exercise",)) for i in range(3)
    ]
    day = day_of(time.time())
    with Asking(settings) as asking:
        found = asking.numbers("exercise", None, day)
        page = asking.page("exercise", None, day, "*")
        records = asking.ask("europepmc", page["ids"])
        assert (
            found["ids"] == ["10", "11", "12"]
            and page["found"] == 3
            and page["next"] == ""
            and asking.requests == 2
        )
        assert records.record("europepmc", "MED:10").doi == "10.2/0"
    with Asking(settings, offline=True) as asking:
        assert (
            asking.numbers("exercise", None, day) == found
            and asking.page("exercise", None, day, "*") == page
        )
        with pytest.raises(ServiceError, match="not stored"):
            asking.numbers("another", None, day)


def test_a_pause_lies_between_two_requests(server, tmp_path):
    """Also between two processes: here, two openings of the same store."""
    settings = replace(quick(server, tmp_path), pause=0.1)
    begin = time.monotonic()
    with Asking(settings) as one, Asking(settings) as other:
        for number, doi in enumerate(DOIS[:4]):
            (one, other)[number % 2].ask("crossref", [doi])
    assert time.monotonic() - begin >= 0.3


# --- what ends in the middle ---

ASK = """
import sys
from pathlib import Path
from evidence.literature.asking import Asking
from evidence.literature.settings import from_environment
with Asking(from_environment()) as asking:
    answers = asking.ask("crossref", sys.argv[1:])
print(len(answers.known), asking.requests)
"""


def process(server, cache: Path, *dois: str) -> subprocess.Popen[str]:
    environment = os.environ | server.environment | {"EVIDENCE_CACHE": str(cache)}
    return subprocess.Popen(
        [sys.executable, "-c", ASK, *dois],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_at_once_ask_everything_once(server, tmp_path):
    server.papers = [Paper(doi=f"10.1/{i}") for i in range(60)]
    server.delay = 0.005
    dois = [paper.doi for paper in server.papers]
    both = [process(server, tmp_path / "cache", *dois) for _ in range(2)]
    said = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert set(server.asked.values()) == {1} and sum(server.asked.values()) == 60
    assert all(out.startswith("60 ") for out, _ in said)


def test_killed_in_the_middle_nothing_answered_is_lost(server, tmp_path):
    hold = Hold()
    server.fault("crossref", "10.1/4", hold)
    killed = process(server, tmp_path / "cache", *DOIS)
    try:
        assert hold.come.wait(30)
    finally:
        killed.kill()
        killed.communicate()
        hold.go.set()
    with Asking(quick(server, tmp_path / "cache")) as asking:
        assert len(asking.ask("crossref", DOIS).known) == 6
    assert [server.asked["crossref", doi] for doi in DOIS] == [1, 1, 1, 1, 2, 1]
    with closing(sqlite3.connect(tmp_path / "cache" / FILE)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_process_that_waits_for_its_turn_takes_the_answer_of_the_other(server, settings):
    hold = Hold()
    server.fault("crossref", "10.1/0", hold)
    found: list[object] = []

    def ask() -> None:
        with Asking(settings) as asking:
            found.append(asking.ask("crossref", DOIS[:1]).known.keys())

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert hold.come.wait(10)
    hold.go.set()
    for thread in threads:
        thread.join(10)
    assert [list(keys) for keys in found] == [DOIS[:1]] * 2 and server.asked[
        "crossref", "10.1/0"
    ] == 1


def test_a_file_that_is_not_a_store_is_set_aside(tmp_path, capsys):
    (tmp_path / FILE).write_text("something else, for a while", encoding="utf-8")
    with Cache(tmp_path) as cache:
        cache.put("crossref", {"a": "b"})
        assert cache.get("crossref", ["a"])["a"].body == "b"
    assert "set aside" in capsys.readouterr().err and "something else" in (
        tmp_path / "answers.broken"
    ).read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EvidenceError, match="EVIDENCE_CACHE"):
        Cache(tmp_path / "file" / "below")


def test_more_questions_than_one_statement_takes(tmp_path):
    with Cache(tmp_path) as cache:
        cache.put("pubmed", {str(i): str(i) for i in range(1_201)})
        assert len(cache.get("pubmed", [str(i) for i in range(2_000)])) == 1_201


# --- a store that cannot be used ---


def test_a_store_that_may_not_be_written_is_told(tmp_path):
    with Cache(tmp_path) as cache:
        cache._connection.execute("PRAGMA query_only=ON")
        with pytest.raises(
            EvidenceError, match="cannot be used: attempt to write a readonly database"
        ):
            cache.put("crossref", {"a": "b"})


def test_a_store_that_another_program_holds_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.literature.cache.PATIENCE", 0.05)
    with Cache(tmp_path) as cache, sqlite3.connect(tmp_path / FILE, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EvidenceError, match="database is locked"):
            cache.put("crossref", {"a": "b"})
        other.execute("ROLLBACK")
        cache.put("crossref", {"a": "b"})
    other.close()


def test_a_damaged_store_is_told(tmp_path):
    with Cache(tmp_path) as cache:
        cache.put("crossref", {str(number): "x" * 1000 for number in range(200)})
        cache._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[:4096] + bytes(len(content) - 4096))
    with (
        Cache(tmp_path) as cache,
        pytest.raises(EvidenceError, match=r"cannot be used: .*delete this one"),
    ):
        cache.get("crossref", ["1", "100", "199"])


# --- services that send anything ---

ODD = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-5, 3000), st.text(max_size=4), st.just("10.1/a")
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "DOI",
                        "title",
                        "author",
                        "updated-by",
                        "update-to",
                        "issued",
                        "family",
                        "type",
                        "date-parts",
                        "given",
                    )
                ]
            )
            | st.sampled_from(
                [
                    *(
                        "doi",
                        "id",
                        "source",
                        "journalInfo",
                        "journal",
                        "authorList",
                        "commentCorrectionList",
                        "pubTypeList",
                        "pubType",
                    )
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@drawn(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    service=st.sampled_from(["crossref", "europepmc", "pubmed"]),
    body=st.one_of(ODD.map(json.dumps), st.text(max_size=20)),
)
def test_any_stored_answer_is_a_record_or_asked_for_again(service, body):
    answer = Answer(body, 0.0)
    if asking_module._readable(service, answer):
        assert Answers({"q": answer}).record(service, "q")


@pytest.mark.parametrize(
    "body",
    [
        (
            b'{"message": {"DOI": "10.1/0", "title": 7, "author": [{"family": 7}], "updated-by":'
            b' "x", "issued": []}}'
        ),
        b'{"message": {"DOI": "10.1/0", "issued": [1]}}',
        b'{"message": {"DOI": "10.1/0", "issued": {"date-parts": 7}}}',
        b"[" * 100_000,
    ],
)
def test_an_answer_of_another_form_is_one_failure_and_not_stored(server, asking, body):
    server.fault("crossref", "10.1/0", *[Body(body)] * 9)
    answers = asking.ask("crossref", DOIS[:2])
    assert set(answers.known) | set(answers.failed) == set(DOIS[:2]) and DOIS[1] in answers.known
    if answers.failed:
        assert answers.failed[DOIS[0]].startswith("Crossref answers") and not asking.cache.get(
            "crossref", DOIS[:1]
        )


@pytest.mark.parametrize(
    "body",
    [
        b'{"resultList": [1]}',
        b'{"resultList": {"result": [{"id": []}, 7]}, "hitCount": "many"}',
        b"7",
    ],
)
def test_a_search_that_answers_in_another_form_is_told(server, asking, body):
    server.fault("europepmc", "*", *[Body(body)] * 9)
    with pytest.raises(ServiceError, match=r"Europe PMC (answers|refuses)"):
        asking.page("terms", None, date(2026, 1, 31), "*")


def test_a_new_store_is_opened_by_several_at_once(tmp_path):
    """The file changes its way of writing when it is made, and then others have to wait."""

    def opened(place: tuple[int, int]) -> None:
        folder, number = place
        begin[folder].wait()
        with Cache(tmp_path / str(folder)) as cache:
            cache.put("crossref", {f"10.1/{number}": "{}"})

    begin = [threading.Barrier(8) for _ in range(20)]
    with ThreadPoolExecutor(8) as pool:
        for folder in range(20):
            list(pool.map(opened, [(folder, number) for number in range(8)]))
    for folder in range(20):
        with Cache(tmp_path / str(folder)) as cache:
            assert len(cache.get("crossref", [f"10.1/{number}" for number in range(8)])) == 8
