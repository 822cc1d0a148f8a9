"""The table of the benchmarks: its numbers and its words. What things take is measured, never
tested.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks are not part of the package

from benchmarks.cases import CHARTS, PARTS, REAL, Settings, cases  # noqa: E402
from benchmarks.run import run_job  # noqa: E402
from benchmarks.table import Goal, Row, markdown, slope, text  # noqa: E402


def row(seconds: float = 2.0, **more) -> Row:
    return Row("load", "check", 10_000, "findings", seconds, "pandas", 1.0, 80.0, **more)


@pytest.mark.parametrize("power", [1, 2])
def test_slope_is_the_power(power):
    sizes = [100, 10_000, 100_000, 1_000_000]
    assert (
        slope(sizes, [99.0, *(1e-6 * size**power for size in sizes[1:])]) == power
    )  # the small one does not enter
    assert slope([10, 1000], [1.0, math.nan]) is None


def test_goals_are_judged_and_misses_explained():
    met, missed = (
        row(goals=(Goal("seconds", 3), Goal("ratio", 2))),
        row(goals=(Goal("growth", 1.1, "because"),), growth=1.5),
    )
    assert met.met == "yes" and missed.met == "no" and row().met == ""
    unmeasured = Row(
        "load",
        "check",
        1,
        "findings",
        math.nan,
        goals=(Goal("seconds", 3),),
        note="stopped after 1 s",
    )
    assert unmeasured.met == "no"
    for shown in (text([met, missed, unmeasured]), markdown([met, missed, unmeasured])):
        assert (
            "2 of 4 goals are met." in shown
            and "because" in shown
            and "stopped after 1 s" in shown
            and "No explanation yet" in shown
        )
    assert json.loads(json.dumps(unmeasured.as_dict(), allow_nan=False))["seconds"] is None


def test_every_case_names_a_job_and_an_explanation_where_it_can_miss():
    from benchmarks.jobs import JOBS
    from evidence.display.gallery import GALLERY

    sizes = (REAL, 10_000, 100_000, 1_000_000)
    found = cases(list(PARTS), Settings(sizes, dict.fromkeys(sizes, "data")))
    assert {
        task.job for case in found for task in (case.task, case.beside) if task and not task.command
    } <= set(JOBS)
    assert set(CHARTS) == {entry.name for entry in GALLERY}
    wanted = {("seconds", 3), ("seconds", 1), ("ratio", 1.2), ("growth", 1.1)}
    assert wanted <= {(goal.of, goal.most) for case in found for goal in case.goals}


def test_a_job_is_measured_in_a_process_of_its_own():
    taken = run_job("read_csv", (str(ROOT / "data"),), 1, 60)
    assert taken.clock > 0 and taken.peak > 10 and not taken.note
    assert run_job("read_csv", (), 1, 60).note.startswith("failed")
    assert run_job("read_csv", (str(ROOT / "data"),), 1, 0.0).note.startswith("stopped")


def test_a_wrong_part_is_told_with_what_there_is():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nothing"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2 and "no part 'nothing'; parts: tables, balance" in done.stderr
