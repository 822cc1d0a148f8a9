"""Ctrl-C and SIGTERM: exit codes 130 and 143, no traceback, nothing half-written, no kernel left
behind.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from portion import long, portion

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
ROOT = Path(__file__).resolve().parents[1]


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "evidence.cli", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def interrupt(
    process: subprocess.Popen[str], how: signal.Signals = signal.SIGINT
) -> tuple[str, list[psutil.Process]]:
    """Send Ctrl-C, or what a process manager sends; returns what was said, and those of its
    processes that are still there.
    """
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(how)
    said = process.communicate(timeout=60)[1]
    assert (
        process.returncode == 128 + how
        and "Traceback" not in said
        and said.strip().endswith("evidence: stopped")
    )
    return said, psutil.wait_procs(children, timeout=10)[1]


@pytest.fixture
def notebooks(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, source in {
        "1.ipynb": "1 + 1",
        "2.ipynb": "open('began', 'w').close()\nimport time\ntime.sleep(300)",
    }.items():
        made = new_notebook(
            cells=[new_code_cell(source)],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(made, folder / name)
    return folder


@pytest.mark.parametrize(
    ("moment", "how"),
    portion([("cell", signal.SIGINT), ("start", signal.SIGINT), ("cell", signal.SIGTERM)], 2),
)
def test_run_is_stopped_in_the_middle_of_a_cell_and_while_kernels_start(
    notebooks, tmp_path, moment, how
):
    before = {path: path.read_bytes() for path in notebooks.iterdir()}
    process = start(
        "run",
        "--notebooks",
        str(notebooks),
        "--out",
        str(tmp_path / "out"),
        "--jobs",
        "2",
        "--accept",
    )
    if moment == "cell":
        wait_until(
            lambda: (
                (notebooks / "began").exists()
                and (tmp_path / "out" / "notebooks" / "1.ipynb").exists()
            )
        )
    else:
        wait_until(lambda: bool(psutil.Process(process.pid).children()))
    _, left = interrupt(process, how)
    assert not left
    assert (notebooks / "2.ipynb").read_bytes() == before[notebooks / "2.ipynb"]
    for path in tmp_path.rglob("*"):
        assert path.suffix in ("", ".ipynb") and (
            path.suffix == "" or nbformat.read(path, as_version=4)
        )
    assert sorted(path.name for path in (tmp_path / "out").rglob("*.ipynb")) == (
        ["1.ipynb"] if moment == "cell" else []
    )


def test_charts_are_stopped_between_two_files(tmp_path):
    process = start(
        "charts",
        "sample_sizes",
        "timeline",
        "study_flow",
        "albatross",
        "headline",
        "gap_map",
        "--out",
        str(tmp_path),
    )
    wait_until(lambda: (tmp_path / "sample_sizes.png").exists())
    interrupt(process)
    for path in {*tmp_path.iterdir()} - {tmp_path / ".evidence-charts"}:
        assert path.stat().st_size > 0 and not path.name.startswith(".")
        assert path.suffix != ".png" or path.read_bytes().endswith(b"IEND\xaeB`\x82")


@long
@pytest.mark.parametrize("how", portion([signal.SIGTERM, signal.SIGINT], 2))
def test_the_page_is_stopped_and_the_old_one_stays(tmp_path, how):
    old = tmp_path / "site" / ".evidence-site"
    old.parent.mkdir()
    old.touch()
    process = start("site", "--no-notebooks", "--out", str(tmp_path / "site"))
    wait_until(lambda: any(tmp_path.glob(".site.*/new/charts/*.png")))
    interrupt(process, how)
    assert list(tmp_path.rglob("*")) == [old.parent, old]


def test_a_spreadsheet_that_comes_in_is_stopped_and_leaves_no_half_set(tmp_path):
    rows = "".join(
        f"Author{number} {1990 + number % 30},{number % 500 + 1},beneficial\n"
        for number in range(60_000)
    )
    (tmp_path / "big.csv").write_text(f"Study,N,Result\n{rows}", encoding="utf-8")
    process = start("new", str(tmp_path / "set"), "--from", str(tmp_path / "big.csv"), "--yes")
    wait_until(lambda: psutil.Process(process.pid).cpu_times().user > 1.5)
    interrupt(process)
    assert [path.name for path in tmp_path.iterdir()] == ["big.csv"]


def test_the_tests_listen_to_ctrl_c():
    """Also when they were started in the background, where it is ignored from the start."""
    assert signal.getsignal(signal.SIGINT) != signal.SIG_IGN
    asked = "import signal; print(signal.getsignal(signal.SIGINT) == signal.SIG_IGN)"
    assert (
        subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True).stdout
        == "False\n"
    )


def test_check_is_stopped(sample_that_takes_long):
    process = start("check", str(sample_that_takes_long))
    wait_until(lambda: psutil.Process(process.pid).cpu_times().user > 1.5)
    interrupt(process)


@pytest.fixture
def sample_that_takes_long(data) -> Path:
    """A pattern that would take for ever over a cell."""
    package = data.folder / "datapackage.json"
    package.write_text(
        package.read_text(encoding="utf-8").replace(
            '"pattern": "[a-z][a-z0-9]*"', '"pattern": "([a-z0-9]+)+!"', 1
        ),
        encoding="utf-8",
    )
    data.change("studies", "zucchi2019", study_id="a" * 60)
    return data.folder
