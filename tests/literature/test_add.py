"""``evidence add``: a row and an entry from a number, both or none."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from server import Hold, Paper, Status

import evidence
from evidence.cli import main
from evidence.errors import UsageError
from evidence.literature.add import doi_of, pmid_of

NEW = Paper(
    doi="10.1000/NEW",
    pmid="40000000",
    pmcid="PMC900",
    title="Swimming & <i>SOD1</i> mice: 50% faster",
    authors=(("de Vries", "Jan K."), ("Ångström", "Åke")),
    year=2026,
    pages="460-70",
)


@pytest.fixture(autouse=True)
def known(server, commands):
    server.papers = [NEW]


@pytest.fixture
def run(capsys, data):
    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["add", "--data", str(data.folder), *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def texts(data) -> tuple[bytes, bytes]:
    return data.bibliography.read_bytes(), (data.folder / "studies.csv").read_bytes()


@pytest.mark.parametrize(
    "number",
    [
        ("--doi", "10.1000/new"),
        ("--doi", "https://doi.org/10.1000/NEW"),
        ("--pmid", "40000000"),
        ("--pmid", "PMID: 40000000"),
    ],
)
def test_what_the_services_know_is_filled_in(run, data, number):
    before = texts(data)
    code, out, err = run(*number)
    assert (
        code == 0
        and "devries2026: added to studies and the bibliography" in err
        and "+@article{devries2026," in out
    )
    ev = evidence.load(data.folder)
    entry = ev.bibliography.set_index("key").loc["devries2026"]
    assert (entry["title"], entry["author"]) == (
        "Swimming & SOD1 mice: 50% faster",
        "de Vries, Jan K. and Ångström, Åke",
    )
    assert (entry["year"], entry["container"], entry["pages"], entry["doi"]) == (
        "2026",
        "Journal of Neurology",
        "460–470",
        "10.1000/new",
    )
    row = ev.studies.set_index("study_id").loc["devries2026"].dropna()
    assert row.to_dict() == {
        "title": entry["title"],
        "year": 2026,
        "doi": "10.1000/new",
        "pmid": "40000000",
        "pmcid": "PMC900",
    }
    # Nothing else moved.
    for old, new in zip(before, texts(data), strict=True):
        assert [line for line in old.splitlines() if line not in new.splitlines()] == []


def test_the_check_lists_just_what_a_person_must_fill_in(run, data):
    _, _, err = run("--pmid", "40000000")
    table = evidence.load(data.folder).dictionary.tables["studies"]
    judged = {field.name for field in table.fields if field.required} - {
        "study_id",
        "title",
        "year",
    }
    faults = data.faults()
    assert {fault.record for fault in faults} == {"devries2026"} and {
        Path(fault.file).name for fault in faults
    } == {"studies.csv"}
    assert {fault.column for fault in faults} == judged | {"study_id"}  # and a row in findings
    assert (
        len(faults) == len(judged) + 1
        and f"left to fill in: {len(faults)}" in err
        and all(str(fault) in err for fault in faults)
    )


def test_a_review(run, data):
    assert run("--pmid", "40000000", "--table", "reviews")[0] == 0
    assert "devries2026" in set(evidence.load(data.folder).reviews["review_id"])
    assert {Path(fault.file).name for fault in data.faults()} == {"reviews.csv"}
    code, _, err = run("--pmid", "40000000", "--table", "claims")
    assert code == 2 and "table is 'claims'; allowed: studies, reviews" in err


def test_only_shown(run, data):
    before = texts(data)
    code, out, _ = run("--pmid", "40000000", "--diff")
    assert code == 0 and "+devries2026," in out and texts(data) == before


def test_what_is_there_is_refused(run, data, server, papers):
    server.papers = [*papers, NEW]
    before = texts(data)
    for number in (("--doi", "10.2466/PMS.104.4.1251-1254"), ("--pmid", "17879657")):
        code, _, err = run(*number)
        assert code == 2 and "is in the tables already: abel2007" in err
    # The same paper without a number in common: title, year and first author say so.
    server.papers = [replace(papers[0], doi="10.1000/preprint", pmid="", pmcid="")]
    assert run("--doi", "10.1000/preprint")[0] == 2
    assert texts(data) == before


def test_several_and_names_that_are_taken(run, data, server):
    server.papers = [
        NEW,
        replace(
            NEW,
            doi="10.1000/other",
            pmid="40000001",
            pmcid="",
            title="Quite another study of swimming",
        ),
    ]
    code, _, err = run("--doi", "10.1000/new", "--doi", "10.1000/other")
    assert code == 0 and "devries2026b: added" in err
    assert [
        key for key in evidence.load(data.folder).studies["study_id"] if key.startswith("devries")
    ] == ["devries2026", "devries2026b"]


def test_what_nobody_knows(run, data):
    before = texts(data)
    code, _, err = run("--doi", "10.1000/none")
    assert (
        code == 1
        and "neither Crossref nor PubMed nor Europe PMC knows it" in err
        and texts(data) == before
    )


def test_without_a_network(run, data, monkeypatch):
    for service in ("CROSSREF", "PUBMED", "EUROPEPMC"):
        monkeypatch.setenv(f"EVIDENCE_{service}_URL", "http://127.0.0.1:9")
    before = texts(data)
    code, _, err = run("--doi", "10.1000/new")
    assert (
        code == 3
        and "no service could be asked" in err
        and "Crossref cannot be reached" in err
        and texts(data) == before
    )
    assert run("--doi", "10.1000/new", "--offline")[0] == 3


def test_one_service_suffices(run, data, server):
    server.fault("pubmed", "*", *[Status(403)] * 5)
    server.fault("europepmc", "*", *[Status(403)] * 5)
    code, _, err = run("--doi", "10.1000/new")
    assert code == 0 and "Europe PMC answers with status 403" in err
    assert (
        evidence.load(data.folder).studies.set_index("study_id").loc["devries2026", "doi"]
        == "10.1000/new"
    )


@pytest.mark.parametrize("arguments", [(), ("--doi", "new"), ("--pmid", "PMC12"), ("--pmid", "0")])
def test_wrong_use(run, data, server, arguments):
    code, _, err = run(*arguments)
    assert code == 2 and ("allowed" in err or "name a paper" in err) and server.requests == []


def test_a_retracted_paper_is_told(run, server):
    server.change(
        "40000000", comments=(("RetractionIn", "J Neurol. 2026;2:3.", "41000000"),), online=2025
    )
    code, _, err = run("--pmid", "40000000")
    assert (
        code == 0
        and "RETRACTION: retraction in J Neurol. 2026;2:3." in err
        and "several years are stated: 2025, 2026" in err
    )


def test_records_that_state_next_to_nothing(run, data, server):
    server.papers = [
        Paper(
            doi="10.1000/bare",
            title="Bare",
            authors=(),
            hidden=("europepmc",),
            extra={"published-print": None, "issued": None},
        )
    ]
    code, _, err = run("--doi", "10.1000/bare")
    assert code == 0 and "anonymous: added" in err
    assert "year" in {fault.column for fault in data.faults()}


def test_another_paper_under_a_stated_number_is_not_mixed_in(run, data, server):
    """Europe PMC states a PubMed number that belongs to another paper."""
    server.papers = [
        replace(NEW, hidden=("pubmed", "europepmc")),
        replace(NEW, title="Something else entirely", doi="10.1000/new", hidden=("crossref",)),
    ]
    assert run("--doi", "10.1000/new")[0] == 0
    entry = evidence.load(data.folder).bibliography.set_index("key").loc["devries2026"]
    assert entry["title"] == "Swimming & SOD1 mice: 50% faster" and entry.isna()["pmid"]


# --- stopped between the two files ---

STOP = """
import os, sys
plain, done = os.replace, []
def replace(*names):
    plain(*names)
    done.append(names)
    if len(done) == 1:
        print("one file is written", flush=True)
        sys.stdin.read()
os.replace = replace
from evidence.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_killed_between_the_files_the_next_run_repairs(run, data):
    process = subprocess.Popen(
        [sys.executable, "-c", STOP, "add", "--data", str(data.folder), "--pmid", "40000000"],
        env=os.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout and any("one file is written" in line for line in process.stdout)
    finally:
        process.kill()
        process.communicate()
    left = [fault for fault in data.faults() if fault.record == "devries2026"]
    assert (
        len(left) == 1
        and "has no row" in left[0].message
        and Path(left[0].file).name == "references.bib"
    )
    code, out, _ = run("--pmid", "40000000")
    assert code == 0 and "@article" not in out and "+devries2026," in out
    assert all(Path(fault.file).name == "studies.csv" for fault in data.faults())
    assert (
        list(data.bibliography.read_text(encoding="utf-8").splitlines()).count(
            "@article{devries2026,"
        )
        == 1
    )


def test_two_at_once_lose_nothing(run, data, server):
    """While one waits for an answer, another adds; the first sees it before it writes."""
    server.papers = [
        NEW,
        replace(
            NEW,
            doi="10.1000/other",
            pmid="",
            pmcid="",
            title="Quite another study",
            authors=(("Abe", "Bo"),),
        ),
    ]
    hold = Hold()
    server.fault("pubmed", "40000000", hold)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "evidence.cli",
            "add",
            "--data",
            str(data.folder),
            "--pmid",
            "40000000",
        ],
        env=os.environ,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert hold.come.wait(60)
        assert run("--doi", "10.1000/other")[0] == 0
        hold.go.set()
        assert process.wait(60) == 0
    finally:
        hold.go.set()
        process.kill()
        process.wait()
    assert {"devries2026", "abe2026"} <= set(evidence.load(data.folder).studies["study_id"]) & set(
        evidence.load(data.folder).bibliography["key"]
    )


def test_numbers():
    assert (
        pmid_of("https://pubmed.ncbi.nlm.nih.gov/123/") == "123"
        and doi_of("doi:10.1000/A") == "10.1000/a"
    )
    for wrong in ("10.1/x", "10.1000/", "a b"):
        with pytest.raises(UsageError):
            doi_of(wrong)
