"""``evidence watch``: what the saved search finds that the tables do not have, and what is kept
when it does not run to its end.
"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from server import Body, Hold, Paper, Status

import evidence
from evidence.cli import main
from evidence.literature.watch import today

RISK, CURE = "mendelian", "physiotherap"  # a word of the searches for each question
SWIM = Paper(
    doi="10.9999/swim",
    pmid="41000001",
    title="Swimming training of SOD1-G93A mice and survival in amyotrophic lateral sclerosis",
    authors=(("Abe", "Bo"),),
    year=2026,
    abstract="Mice swam & lived.",
    searches=(CURE,),
    added="2026-02-01",
)
BRIDGE = Paper(
    doi="10.9999/bridge",
    pmid="41000002",
    title="Load bearing of bridges",
    authors=(("Co", "D"),),
    year=2026,
    searches=(CURE,),
    added="2026-02-02",
)
SOCCER = Paper(
    doi="10.9999/soccer",
    pmid="41000003",
    title="Soccer and the risk of motor neurone disease",
    year=2026,
    searches=(RISK, CURE),
    added="2026-03-01",
)
PREPRINT = replace(
    SWIM, doi="10.9999/preprint", pmid="", year=2025, added="2026-01-01", hidden=("pubmed",)
)
KNOWN_NOT_READ = Paper(
    doi="10.9999/luna",
    pmid="41000004",
    title="Italian players",
    authors=(("Luna", "M"),),
    year=2019,
    searches=(RISK,),
    added="2026-01-05",
)


@pytest.fixture(autouse=True)
def known(server, papers, commands):
    ours = [replace(paper, searches=(RISK,), added="2026-01-01") for paper in papers[:5]]
    server.papers = [*ours, SWIM, BRIDGE, SOCCER, PREPRINT, KNOWN_NOT_READ]
    server.page = 3


@pytest.fixture
def run(capsys, data):
    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["watch", "--data", str(data.folder), *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def candidates(folder: str = "build") -> list[dict[str, str]]:
    with (Path(folder) / "candidates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(data) -> dict[str, dict[str, str]]:
    header, *rows = data.read("searches")
    return {row[header.index("search")]: dict(zip(header, row, strict=True)) for row in rows}


def state(data) -> tuple[bytes, bytes]:
    return (data.folder / "searches.csv").read_bytes(), (data.folder / "search.toml").read_bytes()


def test_what_is_new_comes_once_and_the_likest_first(run, data, server):
    code, out, err = run()
    assert code == 0, err
    found = candidates()
    assert {row["doi"] for row in found[:3]} == {
        "10.9999/swim",
        "10.9999/soccer",
        "10.9999/luna",
    } and found[3]["doi"] == "10.9999/bridge"
    assert len(found) == 4 and [row["rank"] for row in found] == ["1", "2", "3", "4"]
    assert [float(row["likeness"]) for row in found] == sorted(
        (float(row["likeness"]) for row in found), reverse=True
    )
    by_doi = {row["doi"]: row for row in found}
    assert (
        by_doi["10.9999/soccer"]["question"] == "risk; treatment"
        and by_doi["10.9999/soccer"]["services"] == "pubmed; europepmc"
    )
    assert (
        by_doi["10.9999/swim"]["pmid"] == "41000001"
        and by_doi["10.9999/swim"]["author"] == "Abe, Bo"
        and by_doi["10.9999/swim"]["nearest"]
    )
    assert by_doi["10.9999/luna"]["perhaps"] == "luna2019" and "perhaps luna2019" in out
    assert "4 candidates" in out and "https://doi.org/10.9999/soccer" in out
    assert data.faults() == [] and set(server.asked.values()) == {1}


def test_the_numbers_are_kept_and_shown_in_the_flow(run, data):
    assert run()[0] == 0
    rows = numbers(data)
    parts = ("found", "duplicates", "in_table", "not_read", "new")
    assert {name: [int(row[part]) for part in parts] for name, row in rows.items()} == {
        "risk_pubmed": [5, 0, 3, 1, 1],
        "treatment_pubmed": [3, 1, 0, 0, 2],
        "risk_europepmc": [7, 5, 2, 0, 0],  # two of ours have no PubMed number
        "treatment_europepmc": [4, 4, 0, 0, 0],
    }
    ev = evidence.load(data.folder)
    flow = evidence.study_flow(ev)
    assert (
        flow["n"].iloc[0] == sum(int(row["found"]) for row in rows.values())
        and flow["n"].iloc[1] == 3
    )
    assert f"Found by the search of {today()}" in evidence.chart(ev, "study_flow").text
    assert "3 records were new" in str(
        evidence.sources_answer(ev)
    ) and f'last_search = "{today()}"' in (data.folder / "search.toml").read_text("utf-8")


def test_again_on_the_same_day_asks_nobody_and_changes_nothing(run, data, server):
    assert run()[0] == 0
    before, files, listed = (
        len(server.requests),
        state(data),
        Path("build/candidates.csv").read_bytes(),
    )
    assert run()[0] == 0
    assert (
        len(server.requests) == before
        and state(data) == files
        and Path("build/candidates.csv").read_bytes() == listed
    )


def test_the_next_search_begins_at_the_last_and_forgets_no_candidate(run, data, server):
    path = data.folder / "search.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('last_search = ""', 'last_search = "2026-02-15"'),
        encoding="utf-8",
    )
    assert run()[0] == 0
    assert [row["doi"] for row in candidates()] == ["10.9999/soccer"] and {
        row["since"] for row in numbers(data).values()
    } == {"2026-02-15"}
    assert run("--since", "2026-02-02")[0] == 0
    assert {row["doi"] for row in candidates()} == {"10.9999/soccer", "10.9999/bridge"}
    # One of them is in the table by now, the other stays although no search finds it.
    assert main(["add", "--data", str(data.folder), "--doi", "10.9999/soccer"]) == 0
    server.papers = []
    assert run("--since", "2026-02-03")[0] == 0
    assert [row["doi"] for row in candidates()] == ["10.9999/bridge"]
    assert run("--all")[0] == 0 and {row["since"] for row in numbers(data).values()} == {""}


def test_in_other_forms_and_places(run, data, tmp_path):
    code, out, _ = run("--format", "json", "--out", "elsewhere")
    said = json.loads(out)
    assert (
        code == 0
        and said["complete"]
        and len(said["candidates"]) == 4
        and len(said["searches"]) == 4
        and said["since"] is None
    )
    code, out, _ = run("--format", "csv")
    assert [row["doi"] for row in csv.DictReader(io.StringIO(out))] == [
        row["doi"] for row in candidates()
    ] and Path("elsewhere/candidates.ris").exists()


def test_the_list_for_screening_programs(run, data):
    from evidence.bibliography.formats.read import read_references

    assert run()[0] == 0
    path = Path("build/candidates.ris")
    text = path.read_text(encoding="utf-8")
    assert text.count("TY  - ") == text.count("ER  - ") == 4 and "AB  - Mice swam & lived." in text
    entries = read_references(path).entries
    assert entries["doi"].to_list() == [row["doi"] for row in candidates()] and entries[
        "title"
    ].to_list() == [row["title"] for row in candidates()]


def test_a_retracted_candidate_says_so(run, server):
    server.change("41000001", types=("Retracted Publication",))
    _, out, _ = run()
    assert {row["doi"]: row["notice"] for row in candidates()}[
        "10.9999/swim"
    ] == "retraction" and "notice: retraction" in out


def test_phrases_that_pubmed_does_not_know_are_told(run, data, server):
    path = data.folder / "search.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "mendelian[tiab]", "mendelian[tiab] OR nosuchword[tiab]"
        ),
        encoding="utf-8",
    )
    assert "risk_pubmed: the service does not know 'nosuchword'" in run()[1]


# --- no network, and services that fail ---


def test_without_a_network(run, data, monkeypatch):
    for service in ("PUBMED", "EUROPEPMC"):
        monkeypatch.setenv(f"EVIDENCE_{service}_URL", "http://127.0.0.1:9")
    before = state(data)
    code, out, err = run()
    assert (
        code == 3
        and "the search is not complete, and its day and numbers are not written" in err
        and "Traceback" not in err
    )
    assert "none ran to completion" in out and "No candidate" not in out
    assert (
        "risk_pubmed: PubMed cannot be reached" in err
        and "treatment_europepmc: Europe PMC cannot be reached" in err
    )
    assert state(data) == before and not Path("build").exists()


@pytest.mark.parametrize(
    "fault",
    [
        Status(403),
        Body(b'{"errCode": 404, "errMsg": "bad query"}'),
        Body(b"<html>", "text/html"),
        Body(b"{"),
    ],
    ids=["forbidden", "refused", "html", "broken"],
)
def test_one_service_fails(run, data, server, fault):
    """What the other found is listed; the day stays, so that the next search misses nothing."""
    server.fault("europepmc", "*", *[fault] * 30)
    before = state(data)
    code, out, err = run()
    assert code == 3 and "risk_europepmc: Europe PMC" in err and state(data) == before
    assert {row["doi"] for row in candidates()} == {
        "10.9999/soccer",
        "10.9999/swim",
        "10.9999/bridge",
        "10.9999/luna",
    } and "candidates" in out
    server._faults.clear()
    asked = {key: n for key, n in server.asked.items() if key[0] == "pubmed"}
    assert (
        run()[0] == 0 and {key: n for key, n in server.asked.items() if key[0] == "pubmed"} == asked
    )  # PubMed is not asked again
    assert state(data) != before


def of_europe_pmc(found: int, ids: list[str], following: str) -> Body:
    results = [{"source": "MED", "id": number, "title": "One"} for number in ids]
    page = {"hitCount": found, "nextCursorMark": following, "resultList": {"result": results}}
    return Body(json.dumps(page).encode())


def second_page(server) -> str:
    """The question of the second page of a search in Europe PMC, as the server knows it."""
    return next(
        question
        for service, question in server.asked
        if service == "europepmc" and question.endswith(" AoE3")
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (of_europe_pmc(7, [], "AoE3"), "finds 7 records and gives 3"),
        (of_europe_pmc(7, ["1"], "AoE3"), "finds 7 records and gives 4"),
        (
            of_europe_pmc(7, [str(number) for number in range(9)], ""),
            "finds 7 records and gives 12",
        ),
    ],
    ids=["empty", "short", "more"],
)
def test_a_search_that_ends_too_early_is_not_complete(run, data, server, page, said):
    """Its day would hide for ever what was not given; nothing of it is kept, so that the next run
    asks again.
    """
    assert run("--since", "2026-01-01")[0] == 0  # to learn how the pages are asked for
    question = second_page(server).replace("2026-01-01", "2025-12-31")
    server.fault("europepmc", question, page)
    before = state(data)
    code, _, err = run("--since", "2025-12-31")
    assert code == 3 and f"Europe PMC says that it {said}" in err and state(data) == before
    assert run("--since", "2025-12-31")[0] == 0
    assert numbers(data)["risk_europepmc"]["found"] == "7"


@pytest.mark.parametrize("found", [2, 10**9])
def test_cursors_that_go_round_come_to_an_end(run, data, server, found):
    server.fault(
        "europepmc", "*", *[of_europe_pmc(found, ["1"], f"AoE{n % 7 + 1}") for n in range(200)]
    )
    before = state(data)
    code, _, err = run()
    assert code == 3 and f"finds {found:,} records and gives 1" in err and state(data) == before
    assert sum(n for (service, _), n in server.asked.items() if service == "europepmc") < 10


def test_a_record_that_cannot_be_had_makes_the_search_incomplete(run, data, server):
    server.fault("pubmed", "41000001", *[Status(400)] * 30)
    before = state(data)
    code, _, err = run()
    assert (
        code == 3
        and "1 of 3 records have no answer: PubMed: PubMed answers with status 400" in err
        and state(data) == before
    )


def test_offline(run, data, server):
    code, _, err = run("--offline")
    assert code == 3 and "not stored" in err and server.requests == []
    assert run("--since", "2026-01-15")[0] == 0
    before, files, listed = len(server.requests), state(data), candidates()
    Path("build/candidates.csv").unlink()
    code, out, _ = run("--offline")
    assert (
        code == 0
        and len(server.requests) == before
        and state(data) == files
        and candidates() == listed
    )
    assert "taken up since 2026-01-15" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "yesterday"), "not a date"),
        (("--since", "2999-01-01"), "in the future"),
        (("--since", "2026-01-01", "--all"), "contradict"),
    ],
)
def test_wrong_use(run, server, arguments, words):
    code, _, err = run(*arguments)
    assert code == 2 and words in err and server.requests == []


def test_a_broken_saved_search_is_told(run, data, server):
    (data.folder / "search.toml").write_text("[[search]]\nname = 1\n", encoding="utf-8")
    code, _, err = run()
    assert (
        code == 1
        and "search.toml" in err
        and "search 1 has no name" in err
        and server.requests == []
    )


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"title;doi;pmid\nx;;\n",
        b'title,doi,pmid\n"x',
        b"",
        b"title,doi,pmid\n\xe4,,\n",
    ],
)
def test_something_else_called_candidates_is_not_lost(run, server, content):
    Path("build").mkdir()
    Path("build/candidates.csv").write_bytes(content)
    code, _, err = run()
    assert (
        code == 1 and "candidates.csv" in err and "Traceback" not in err and server.requests == []
    )
    assert Path("build/candidates.csv").read_bytes() == content


def test_candidates_that_look_like_formulas_come_back(run, server):
    server.change("41000001", title="=HYPERLINK(1)")
    assert run()[0] == 0 and run("--all")[0] == 0
    table = Path("build/candidates.csv").read_text(encoding="utf-8")
    assert table.count("'=HYPERLINK(1)") == 1 and ",=HYPERLINK" not in table


# --- stopped in the middle ---


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_in_the_middle_it_goes_on(run, data, server, how):
    hold = Hold()
    server.fault("pubmed", "41000002", hold)
    before = state(data)
    process = subprocess.Popen(
        [sys.executable, "-m", "evidence.cli", "watch", "--data", str(data.folder)],
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert hold.come.wait(60)
        process.send_signal(how)
        hold.go.set()
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
        hold.go.set()
    assert (
        process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
        and "Traceback" not in err
        and state(data) == before
    )
    assert run()[0] == 0 and len(candidates()) == 4 and data.faults() == []
    again = {question for question, n in server.asked.items() if n > 1}
    held = {("pubmed", paper.pmid) for paper in (SWIM, BRIDGE, SOCCER)}
    assert again <= held and state(data) != before
