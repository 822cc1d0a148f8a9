"""Many processes write to one data set at the same time: nothing that one of them wrote is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from portion import long
from server import Paper
from test_add import NEW

import evidence
from evidence.lock import locked

AT_ONCE = 4
ROUNDS = 10


def numbered(number: int) -> Paper:
    words = f"{chr(97 + number % 26)}{chr(97 + number // 26)}"
    return replace(
        NEW,
        doi=f"10.1000/p{number}",
        pmid="",
        pmcid="",
        title=f"Swimming of {words * 3}",
        authors=((f"{words}son", "A."),),
    )


def started(data, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "evidence.cli", *arguments, "--data", str(data.folder)]
    cache = {"EVIDENCE_CACHE": str(data.folder.parent / "cache")}
    return subprocess.Popen(
        command,
        env=os.environ | cache,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(processes: list[subprocess.Popen]) -> list[str]:
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), said
    return said


def sizes(data) -> tuple[int, int]:
    ev = evidence.load(data.folder)
    return len(ev.studies), len(ev.bibliography)


@pytest.fixture(autouse=True)
def served(server, commands):
    server.papers = [numbered(number) for number in range(AT_ONCE * ROUNDS)]


@long
def test_forty_papers_added_in_parallel_are_all_there(data):
    """Each process adds ten, four at once."""
    before = sizes(data)
    parts = [range(place * ROUNDS, (place + 1) * ROUNDS) for place in range(AT_ONCE)]
    ended(
        [
            started(
                data, "add", *(word for number in part for word in ("--doi", f"10.1000/p{number}"))
            )
            for part in parts
        ]
    )
    after = evidence.load(data.folder)
    wanted = {f"10.1000/p{number}" for number in range(AT_ONCE * ROUNDS)}
    assert wanted <= set(after.studies["doi"].dropna()) & set(after.bibliography["doi"].dropna())
    assert sizes(data) == tuple(size + len(wanted) for size in before)


def test_the_same_paper_is_added_once(data):
    processes = [started(data, "add", "--doi", "10.1000/p0") for _ in range(AT_ONCE)]
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 2, 2, 2], said
    assert (evidence.load(data.folder).studies["doi"] == "10.1000/p0").sum() == 1


def test_entries_refreshed_in_parallel_are_all_kept(data, server, papers):
    server.papers = papers
    ev = evidence.load(data.folder)
    numbered_ones = set(ev.bibliography.loc[ev.bibliography["doi"].notna(), "key"])
    ids = [key for key in ev.studies["study_id"] if key in numbered_ones][: 2 * AT_ONCE]
    processes = [
        started(data, "refresh", "--only", *ids[place::AT_ONCE]) for place in range(AT_ONCE)
    ]
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert all(process.returncode in (0, 1) for process in processes), said
    assert set(ids) <= set(evidence.load(data.folder).source_status["id"])


def test_whoever_comes_waits(tmp_path):
    order = []

    def second() -> None:
        with locked(tmp_path):
            order.append("second")

    with locked(tmp_path, tmp_path / "."):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"] and list(tmp_path.iterdir()) == []


def test_a_lock_ends_with_its_process(tmp_path):
    holding = (
        f"import time\nfrom evidence.lock import locked\nwith locked({str(tmp_path)!r}):\n   "
        " print('held', flush=True)\n    time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", holding], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "held\n"
    process.kill()
    process.communicate()
    with locked(tmp_path):
        pass


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(evidence.EvidenceError, match="cannot be locked"), locked(tmp_path / "none"):
        pass
