"""A new data set brings tests of its own: of its tables, and of what its notebooks show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from evidence.importing.new_folder import TEMPLATES, new_set

ROOT = Path(__file__).resolve().parents[2]


def pytest_in(folder: Path, *options: str) -> tuple[int, str]:
    """Exit code and report of pytest in a folder, or of a part of it."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(
        [*command, f"--rootdir={folder}"], cwd=folder, capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


def test_a_new_set_tests_itself(tmp_path):
    folder = tmp_path / "tea"
    new_set(folder, question="Does tea help?")
    (folder / "notebooks" / "02_who_was_studied.ipynb").unlink()
    (folder / "notebooks" / "03_which_way_do_findings_point.ipynb").unlink()
    code, said = pytest_in(folder)
    assert code == 1 and "01_start_here.ipynb: cell 2 was never run" in said, said
    assert "1 failed, 2 passed" in said
    code, said = pytest_in(folder, "--accept")
    assert code == 0, said
    text = (folder / "studies.csv").read_text(encoding="utf-8")
    (folder / "studies.csv").write_text(text + "x\n", encoding="utf-8")
    code, said = pytest_in(folder, "test_set.py")  # which ran with the others above
    assert code == 1 and "test_the_tables_have_no_fault" in said


def test_the_second_example_has_the_same():
    example = ROOT / "examples" / "exercise_after_infarction"
    for name in ("conftest", "test_set"):
        assert (example / f"{name}.py").read_text() == (TEMPLATES / f"{name}.txt").read_text()


def test_without_notebooks_there_is_nothing_to_compare(tmp_path):
    new_set(tmp_path / "tea", notebooks=False)
    assert not list((tmp_path / "tea").glob("*.py"))
