"""``evidence refresh``, as a user meets it: against services on this machine, without a network,
and stopped in the middle.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from server import Body, Hold, Status

import evidence
from evidence.cli import main

FOUR = ["abel2007", "aberg2018", "angelini2021", "anns2025"]


@pytest.fixture(autouse=True)
def known(server, papers, commands):
    server.papers = list(papers)


@pytest.fixture
def run(capsys, data):
    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["refresh", "--data", str(data.folder), *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def status(data) -> dict[str, dict[str, str]]:
    header, *rows = data.read("source_status")
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


def update(kind: str, doi: str = "10.1/notice") -> dict:
    return {
        "type": kind,
        "DOI": doi,
        "source": "publisher",
        "label": kind,
        "updated": {"date-parts": [[2026, 1, 1]]},
    }


def test_every_entry_of_the_real_tables_once_and_never_again(run, server, whole, all_papers):
    server.papers, papers, data = all_papers, all_papers, whole
    code, out, err = run("--data", str(data.folder))
    rows = status(data)
    assert code == 0, out
    assert (
        len(rows) == sum(bool(p.doi) + bool(p.pmid) + 1 for p in papers)
        and f"{len(papers)} entries checked" in out
    )
    assert (
        "have neither DOI nor PubMed number" in out
        and "All agree" in out
        and "source_status.csv" in err
    )
    assert {row["result"] for row in rows.values()} == {"matches"} and {
        row["notice"] for row in rows.values()
    } == {"none"}
    assert data.faults() == [] and set(server.asked.values()) == {1}
    assert (
        len([path for service, path, _ in server.requests if service != "crossref"])
        < len(papers) / 8
    )  # many are asked about in one request
    before, content = len(server.requests), (data.folder / "source_status.csv").read_bytes()
    assert (
        run("--data", str(data.folder))[0] == 0
        and len(server.requests) == before
        and (data.folder / "source_status.csv").read_bytes() == content
    )
    assert len(evidence.load(data.folder).source_status) == len(rows)


def test_what_is_wrong_is_named_with_its_place(run, server, data):
    server.change("10.2466/pms.104.4.1251-1254", title="Another paper", hidden=("europepmc",))
    server.change("10.1007/s00415-017-8719-1", year=2019, online=2016)
    server.change(
        "10.1080/14737175.2021.1951706",
        authors=(("Someone", "Else"),),
        journal="Quite Another Journal",
        short="Q Another J",
    )
    code, out, _ = run("--only", *FOUR)
    assert code == 1
    assert (
        "references.bib:4: abel2007: Crossref 10.2466/pms.104.4.1251-1254: title" in out
        and "'Another paper' there" in out
    )
    assert (
        "Not found: 1" in out
        and "abel2007: Europe PMC 17879657: Europe PMC does not know it" in out
    )
    assert "year '2018' here, '2019' or '2016' there" in out
    assert (
        "first author 'Angelini' here, 'Someone' there" in out
        and "journal 'Expert Review of Neurotherapeutics' here" in out
    )
    rows = status(data)
    assert (
        rows["abel2007:europepmc"]["result"] == "not_found"
        and rows["abel2007:crossref"]["result"] == "differs"
    )
    assert (
        rows["anns2025:crossref"]["result"] == "matches" and len(rows) == 12 and data.faults() == []
    )


def test_the_year_in_print_and_online_are_both_right(run, server, data):
    server.change("10.1007/s00415-017-8719-1", year=2018, online=2017)
    assert run("--only", "aberg2018")[0] == 0
    assert "year: 2018 in its issue, 2017 online" in status(data)["aberg2018:crossref"]["detail"]
    server.change("10.1007/s00415-017-8719-1", year=2019, online=2018)
    assert run("--only", "aberg2018", "--max-age", "0")[0] == 0


@pytest.mark.parametrize(
    "kind", ["correction", "expression_of_concern", "partial_retraction", "retraction"]
)
def test_a_notice_is_told_once_and_kept(run, server, data, kind):
    server.change(
        "10.2466/pms.104.4.1251-1254",
        updated_by=(update("correction", "10.1/c"), update(kind), update("new_version", "10.1/v")),
    )
    code, out, _ = run("--only", "abel2007")
    row = status(data)["abel2007:crossref"]
    assert code == 1 and "(new)" in out and "https://doi.org/10.1/" in out
    assert (
        (row["result"], row["notice"]) == ("matches", kind)
        and row["link"].startswith("https://doi.org/10.1/")
        and "10.1/c" in row["detail"]
    )
    code, out, _ = run("--only", "abel2007", "--max-age", "0")
    assert code == 0 and "(new)" not in out and "abel2007" in out
    assert evidence.load(data.folder).retracted == (["abel2007"] if kind == "retraction" else [])


def test_a_retraction_turns_up_in_table_charts_and_counts(run, server, data, capsys):
    server.change(
        "17879657", comments=(("RetractionIn", "Percept Mot Skills. 2026;1:1.", "40000001"),)
    )
    assert run("--only", *FOUR)[0] == 1
    ev = evidence.load(data.folder)
    row = evidence.study_table(ev, ["study", "source_status"]).iloc[0]
    assert row.to_list() == ["Abel 2007 (retracted)", "retracted"]
    assert evidence.study_table(ev, ["source_status"])["source_status"].iloc[2] == "cannot be asked"
    chart = evidence.chart(ev, "balance")
    assert (
        "Includes 1 retracted paper: Abel 2007." in chart.text
        and "Includes 1 retracted paper" in chart.alt
    )
    assert (
        main(["balance", "--data", str(data.folder)]) == 0
        and "Abel 2007 (retracted)" in capsys.readouterr().out
    )
    assert len(ev.select(retracted=False)) == len(ev) - 1


def test_the_same_in_every_form(run, server):
    server.change("17879657", types=("Retracted Publication",))
    code, out, err = run("--only", *FOUR, "--format", "json")
    said = json.loads(out)
    assert (
        code == 1
        and said["not_answered"] == []
        and said["no_number"] == []
        and len(said["rows"]) == 12
    )
    assert (
        said["rows"][0]["notice"] == "retraction" and said["rows"][0]["new"] == "true"
    )  # the most serious first
    code, out, _ = run("--only", *FOUR, "--format", "csv")
    assert (
        code == 0
        and [row["id"] for row in csv.DictReader(io.StringIO(out))][:2] == ["abel2007"] * 2
        and err
    )


def test_only_some(run, server, data):
    assert run("--only", "aberg2018")[0] == 0 and run("--only", "anns2025")[0] == 0
    assert {key.split(":")[0] for key in status(data)} == {"aberg2018", "anns2025"}
    code, _, err = run("--only", "aberg2019")
    assert code == 2 and "no entry 'aberg2019'; allowed: ids of studies and reviews" in err


def test_two_runs_at_once_keep_the_rows_of_both(run, server, data):
    """While one waits for its last answer, another writes the status: its rows stay."""
    hold = Hold()
    server.fault("europepmc", "MED:17879657", hold)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "evidence.cli",
            "refresh",
            "--data",
            str(data.folder),
            "--only",
            "abel2007",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert hold.come.wait(60)
        header = data.read("source_status")[0]
        data.write(
            "source_status",
            [
                header,
                [
                    "anns2025:by_hand",
                    "studies",
                    "anns2025",
                    "by_hand",
                    "",
                    "2026-01-31",
                    "matches",
                    "none",
                    "",
                    "",
                ],
            ],
        )
        hold.go.set()
        assert process.wait(60) == 0
    finally:
        hold.go.set()
        process.kill()
        process.wait()
    assert {key.split(":")[0] for key in status(data)} == {
        "abel2007",
        "anns2025",
    } and data.faults() == []


def test_rows_of_papers_that_left_the_tables_are_gone(run, data):
    data.fill("source_status")
    rows = data.read("source_status")
    rows.append([cell.replace("abel2007", "gone2001") for cell in rows[1]])
    data.write("source_status", rows)
    assert run("--only", "aberg2018")[0] == 0
    assert {key.split(":")[0] for key in status(data)} == {
        "abel2007",
        "aberg2018",
    } and data.faults() == []


def test_rows_about_a_number_that_was_corrected_are_gone(run, server, data):
    """A DOI that is taken away, and a PubMed number that is fixed."""
    assert run("--only", "abel2007", "aberg2018")[0] == 0
    server.change("17879657", pmid="17879658")
    data.change("studies", "abel2007", doi="", pmid="17879658")
    data.edit_bibliography(
        lambda text: text.replace("  doi       = {10.2466/pms.104.4.1251-1254},\n", "").replace(
            "{17879657}", "{17879658}"
        )
    )
    assert {fault.column for fault in data.faults()} == {"identifier"}
    assert run("--only", "abel2007")[0] == 0
    assert {key for key in status(data) if key.startswith("abel")} == {
        "abel2007:pubmed",
        "abel2007:europepmc",
    } and data.faults() == []
    assert len(status(data)) == 5


def test_records_that_state_little(run, server, data):
    server.change(
        "10.2466/pms.104.4.1251-1254",
        extra={"title": [], "author": [], "container-title": [], "short-container-title": []},
    )
    code, _, _ = run("--only", "abel2007")
    row = status(data)["abel2007:crossref"]
    assert (
        code == 0
        and row["result"] == "matches"
        and "not stated there: title, journal, first author" in row["detail"]
    )


# --- no network, and services that fail ---


def test_without_a_network(run, data, monkeypatch):
    for service in ("CROSSREF", "PUBMED", "EUROPEPMC"):
        monkeypatch.setenv(f"EVIDENCE_{service}_URL", "http://127.0.0.1:9")
    before = (data.folder / "source_status.csv").read_bytes()
    code, _, err = run()
    assert code == 3 and "Traceback" not in err
    for service in ("Crossref", "PubMed", "Europe PMC"):
        assert (
            f"{service} cannot be reached: [Errno 111] Connection refused" in err
            or f"{service} cannot be reached" in err
        )
    assert (
        "run the command again to continue" in err
        and (data.folder / "source_status.csv").read_bytes() == before
    )


def test_offline_with_nothing_stored(run, data, server):
    code, _, err = run("--offline", "--only", *FOUR)
    assert (
        code == 3
        and "Crossref has no stored answer: 4 not answered (abel2007, aberg2018, anns2025, angelini2021)"
        in err
        and "without --offline" in err
    )
    assert server.requests == []


def test_offline_with_some_stored(run, data, server):
    assert run("--only", "abel2007")[0] == 0
    before = len(server.requests)
    assert run("--offline", "--only", "abel2007")[0] == 0
    code, out, err = run("--offline", "--only", "abel2007", "aberg2018")
    assert (
        code == 3
        and "1 entries checked" in out
        and "1 not answered (aberg2018)" in err
        and len(server.requests) == before
    )


def test_one_service_is_down(run, data, server):
    assert run("--only", *FOUR)[0] == 0
    first = status(data)
    server.fault("pubmed", "*", *[Status(403)] * 9)
    server.change("10.1007/s00415-017-8719-1", updated_by=(update("retraction"),))
    code, out, err = run("--only", *FOUR, "--max-age", "0")
    assert (
        code == 3
        and "PubMed answers with status 403" in err
        and "aberg2018" in out
        and "Retracted: 1" in out
    )
    rows = status(data)
    assert (
        rows["aberg2018:crossref"]["notice"] == "retraction"
        and rows["aberg2018:pubmed"] == first["aberg2018:pubmed"]
        and data.faults() == []
    )


ERROR = "<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
NOT_THERE = Status(404, {"Content-Type": "text/html"}, b"<html>404</html>")


@pytest.mark.parametrize(
    ("service", "fault", "why"),
    [
        ("pubmed", Body(ERROR.encode(), "text/xml"), "Unable to obtain query #1"),
        ("pubmed", Body(b"<html/>", "text/xml"), "html in place of PubmedArticleSet"),
        ("pubmed", Status(404), "status 404"),
        ("crossref", NOT_THERE, "status 404"),
        ("europepmc", Body(b'{"hitCount": 40, "resultList": {"result": []}}'), "and gives 0"),
    ],
)
def test_a_bad_answer_is_not_an_unknown_paper(run, data, server, service, fault, why):
    """It says nothing about the papers: no row changes, and nothing is kept of it."""
    assert run("--only", *FOUR)[0] == 0
    before = status(data)
    server.fault(service, "*", *[fault] * 30)
    shutil.rmtree("cache")
    code, _, err = run("--only", *FOUR)
    assert (
        code == 3
        and why in err
        and "not_found" not in {row["result"] for row in status(data).values()}
    )
    assert {key: row["result"] for key, row in status(data).items()} == {
        key: row["result"] for key, row in before.items()
    }
    server._faults.clear()
    assert run("--only", *FOUR)[0] == 0


def test_one_bad_answer_costs_one_request(run, data, server):
    server.fault("pubmed", "*", Body(ERROR.encode(), "text/xml"))
    assert run("--only", *FOUR)[0] == 0
    assert {row["result"] for row in status(data).values()} == {"matches"}


def test_a_wrong_address_is_told(run, data, server, monkeypatch):
    for name, value in server.environment.items():
        if name.endswith("_URL"):
            monkeypatch.setenv(name, f"{value}/nothere")
    code, _, err = run("--only", *FOUR)
    assert code == 3 and status(data) == {}
    assert all(f"{name} answers with status 404" in err for name in ("Crossref", "PubMed"))


def test_a_page_that_wants_a_login_is_not_an_answer(run, server):
    server.fault("crossref", "*", *[Body(b"<html>Sign in to the Wi-Fi</html>", "text/html")] * 9)
    code, _, err = run("--only", *FOUR)
    assert (
        code == 3
        and "Crossref answers with text/html instead of JSON; a login page or a proxy may be in between"
        in err
    )


def test_wrong_use(run, data, monkeypatch):
    assert run("--max-age", "soon")[0] == 2 and run("--max-age", "-1")[0] == 2
    monkeypatch.setenv("EVIDENCE_PAUSE", "soon")
    code, _, err = run()
    assert code == 2 and "EVIDENCE_PAUSE is 'soon'; allowed: seconds" in err


def test_a_data_set_that_cannot_keep_the_answers(run, data, server):
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] != "source_status"
    ]
    path.write_text(json.dumps(package), encoding="utf-8")
    code, _, err = run()
    assert (
        code == 2
        and "no status of the sources (source_status.csv)" in err
        and server.requests == []
    )


def test_the_contact_of_the_saved_search_is_sent(run, data, server):
    path = data.folder / "search.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('contact = ""', 'contact = "me@example.org"'),
        encoding="utf-8",
    )
    assert run("--only", "abel2007")[0] == 0
    assert all(
        "(mailto:me@example.org)" in headers["User-Agent"] for _, _, headers in server.requests
    )
    assert any(
        "email=me%40example.org" in path
        for service, path, _ in server.requests
        if service == "pubmed"
    )


# --- stopped in the middle: the real command in a process of its own ---


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_in_the_middle_it_goes_on(run, server, data, papers, how, tmp_path):
    hold = Hold()
    middle = [paper.doi for paper in papers if paper.doi][8]
    server.fault("crossref", middle, hold)
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "evidence.cli", "refresh", "--data", str(data.folder)],
        env=environment,
        stdout=subprocess.PIPE,
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
    )
    assert status(data) == {} and data.faults() == []
    asked = sum(server.asked.values())
    assert 5 <= asked < 15
    assert run()[0] == 0
    again = {question: n for question, n in server.asked.items() if n > 1}
    assert set(again) <= {("crossref", middle)} and set(again.values()) <= {2}
    assert len(status(data)) == len(server.asked)


# --- what no page confirmed ---


def marks(data) -> set[str]:
    return {row[0] for row in data.read("unverified_fields")[1:]}


def mark(data, *rows: tuple[str, str, str]) -> None:
    header = data.read("unverified_fields")[0]
    data.write(
        "unverified_fields",
        [
            header,
            *[
                [f"{key}:{field}", table, key, field, ""]
                for table, key, field in sorted(rows, key=lambda r: r[1])
            ],
        ],
    )


def test_what_the_services_confirm_loses_its_mark_and_what_they_know_better_is_shown_first(
    run, server, data
):
    mark(
        data,
        ("studies", "alves2025", "journal"),
        ("studies", "alves2025", "volume"),
        ("studies", "alves2025", "country"),
    )
    server.change("10.1080/21678421.2025.2511124", volume="26", issue="7-8", pages="601-9")
    before = data.bibliography.read_text(encoding="utf-8")
    options = ("--only", "alves2025")

    code, out, err = run(*options)
    assert (
        code == 0
        and data.bibliography.read_text(encoding="utf-8") == before
        and len(marks(data)) == 3
    )
    code, out, err = run(*options, "--diff")
    assert (
        code == 0
        and "+  volume    = {26}," in out
        and "-alves2025:journal,studies,alves2025,journal," in out
    )
    assert "1 fields confirmed, 1 filled in or corrected; --apply would write it" in err
    assert data.bibliography.read_text(encoding="utf-8") == before and len(marks(data)) == 3
    code, out, err = run(*options, "--apply")
    after = data.bibliography.read_text(encoding="utf-8")
    assert code == 0 and "+  volume    = {26}," in out
    new = [line for line in after.splitlines() if line not in before.splitlines()]
    assert (
        new == ["  volume    = {26},"] and len(after.splitlines()) == len(before.splitlines()) + 1
    )  # number and pages have no mark
    assert marks(data) == {"alves2025:country"} and data.faults() == []
    assert (
        evidence.load(data.folder).bibliography.set_index("key").loc["alves2025", "volume"] == "26"
    )


def test_title_year_and_number_change_in_the_table_too(run, server, data):
    mark(
        data,
        ("studies", "abel2007", "year"),
        ("studies", "abel2007", "author"),
        ("studies", "abel2007", "pages"),
    )
    server.change(
        "17879657",
        year=2008,
        authors=(("Abel", "Ernest Lawrence"), ("Müller & Söhne", "X. Y.")),
        pages="1251-61",
    )
    code, out, _ = run("--only", "abel2007", "--apply")
    assert code == 1 and "studies.csv" in out and data.faults() == []
    ev = evidence.load(data.folder)
    entry = ev.bibliography.set_index("key").loc["abel2007"]
    assert (entry["year"], entry["pages"]) == ("2008", "1251–1261") and ev.studies["year"].iloc[
        0
    ] == 2008
    # Authors are believed where title and year agree, which they do from now on.
    assert marks(data) == {"abel2007:author"} and entry["author"] == "Abel, Ernest L."
    assert run("--only", "abel2007", "--apply")[0] == 0
    entry = evidence.load(data.folder).bibliography.set_index("key").loc["abel2007"]
    assert (
        entry["author"] == "Abel, Ernest Lawrence and Müller & Söhne, X. Y."
        and marks(data) == set()
        and data.faults() == []
    )


def test_an_unmarked_field_is_never_changed(run, server, data):
    mark(data)
    before = data.bibliography.read_bytes()
    server.change("17879657", year=2008, volume="999")
    code, _, err = run("--only", "abel2007", "--apply")
    assert code == 1 and "0 fields confirmed, 0 filled in or corrected" in err
    assert data.bibliography.read_bytes() == before


def test_services_that_disagree_change_nothing(run, server, data, papers):
    mark(data, ("studies", "abel2007", "volume"))
    paper = next(paper for paper in papers if paper.pmid == "17879657")
    server.papers = [
        replace(paper, volume="105", hidden=("pubmed", "europepmc")),
        replace(paper, volume="106", hidden=("crossref",)),
    ]
    code, _, err = run("--only", "abel2007", "--apply")
    assert (
        code == 0
        and "the services disagree: abel2007: volume: 104 here; crossref: 105; pubmed: 106; europepmc: 106"
        in err
    )
    assert marks(data) == {"abel2007:volume"}


def test_the_record_of_another_paper_is_not_believed(run, server, data):
    """A wrong DOI leads to another paper: what that one says is nothing to go by."""
    mark(data, ("studies", "abel2007", "volume"))
    server.change("17879657", title="Quite another paper", volume="105")
    before = data.bibliography.read_bytes()
    assert run("--only", "abel2007", "--apply")[0] == 1
    assert marks(data) == {"abel2007:volume"} and data.bibliography.read_bytes() == before


def test_abbreviations_confirm_a_journal(run, server, data):
    mark(data, ("studies", "abel2007", "journal"))
    server.change("17879657", journal="Percept Mot Skills", short="Percept Mot Skills")
    before = data.bibliography.read_bytes()
    assert run("--only", "abel2007", "--apply")[0] == 0
    assert marks(data) == set() and data.bibliography.read_bytes() == before


def test_a_file_that_cannot_be_written_leaves_all_as_it_was(run, server, data, monkeypatch):
    mark(data, ("studies", "abel2007", "volume"))
    server.change("17879657", volume="105")
    before = {
        path: path.read_bytes()
        for path in [data.bibliography, data.folder / "unverified_fields.csv"]
    }
    plain = os.fsync
    left = iter([True, True])  # the status, the bibliography; not the marks

    def full(number: int) -> None:
        if not next(left, False):
            raise OSError(28, "No space left on device")
        plain(number)

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = run("--only", "abel2007", "--apply")
    assert code == 1 and "Cannot write" in err and "No space left on device" in err
    assert {path: path.read_bytes() for path in before} == before and not list(
        Path(data.folder).glob(".*csv*")
    )


def test_the_page_of_a_study_says_what_is_known(run, server, data):
    from evidence.site.status import statuses

    assert run("--only", "abel2007")[0] == 0 and statuses(evidence.load(data.folder)) == {}
    server.change(
        "17879657",
        comments=(("RetractionIn", "Percept Mot Skills. 2026;1:1.", "40000001"),),
        updated_by=(update("correction"),),
    )
    assert run("--only", "abel2007", "--max-age", "0")[0] == 1
    said = statuses(evidence.load(data.folder))
    assert list(said) == ["abel2007"] and said["abel2007"].startswith(
        "Retracted, says Europe PMC (20"
    )
    assert (
        "Percept Mot Skills. 2026;1:1." in said["abel2007"]
        and "https://europepmc.org/article/MED/40000001" in said["abel2007"]
    )
