"""The plugin as its users run it: pytest in a folder of somebody else's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from portion import long, portion

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.true_notebooks.lessons import notebook, write_small
from evidence.notebooks_true.kernel import can_fork

# Not `python -m pytest`, which would import what it needs from the folder first.
PYTEST = str(Path(sys.executable).with_name("pytest"))


@pytest.fixture
def folder(tmp_path, address):
    write_small(tmp_path, address)
    return tmp_path


def run(folder: Path, *options: str, as_installed: bool = False) -> tuple[int, str]:
    """Exit code and report of pytest, without what this suite sets.

    Of the plugins that are installed here, pytest imports the one that is tested, and those whose
    options are given; `as_installed`: all of them, by itself, as anywhere else.
    """
    command = [PYTEST, "-p", "no:cacheprovider", "--rootdir", str(folder)]
    if not (folder / "drinks.ipynb").exists():
        command += ["-o", "true_notebooks_preload=os"]  # nothing that takes time
    keep = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    if not as_installed:
        keep["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        asked = {"true-notebooks": True, "nbval": "--nbval" in options, "xdist": "-n" in options}
        command += [word for name, wanted in asked.items() if wanted for word in ("-p", name)]
    done = subprocess.run(
        [*command, "--true-notebooks", *options, "."],
        cwd=folder,
        env=keep,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def write(folder: Path, *cells: str, name: str = "one.ipynb", settings: str = "") -> Path:
    """A notebook of code cells, not run; settings beside it."""
    text = "# Title\n\n" + "\n\n".join(f"```python\n{cell}\n```" for cell in cells) + "\n"
    (folder / name).write_text(notebook(text), encoding="utf-8")
    if settings:
        (folder / "true-notebooks.toml").write_text(settings, encoding="utf-8")
    return folder / name


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_true_folder_passes_and_a_false_one_does_not(folder):
    code, said = run(folder, as_installed=True)
    assert code == 0 and "2 passed" in said, said
    edit(folder / "drinks.ipynb", "rows: 4", "rows: 5")
    edit(folder / "README.md", "There were 32<", "There were 33<")
    code, said = run(folder)
    assert code == 1 and "2 failed" in said
    assert "drinks.ipynb: cell 2 stdout differs" in said and "    -rows: 5\n    +rows: 4" in said
    assert "README.md: cell 3 states 33 where sum(n.values()) gives 32" in said


def test_accepting_writes_outputs_numbers_and_pictures(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    edit(folder / "drinks.ipynb", "rows: 4", "rows: 5")
    edit(folder / "drinks.ipynb", "drank 32<", "drank 31<")
    edit(folder / "README.md", "There were 32<", "There were 33<")
    (folder / "cups.png").unlink()
    code, said = run(folder, "--accept")
    assert code == 0, said
    assert "drinks.ipynb: accepted: cell 2 stdout differs" in said and "+rows: 4" in said
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert run(folder)[0] == 0


def test_accepting_again_changes_no_byte(folder):
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert run(folder, "--accept")[0] == 0
    assert {path: path.read_bytes() for path in before} == before


def test_errors_and_unbound_numbers_are_not_accepted(tmp_path):
    path = write(tmp_path, "1 + 1", "1 / 0")
    before = path.read_bytes()
    code, said = run(tmp_path, "--accept")
    assert code == 1 and "one.ipynb: cell 3 raises ZeroDivisionError" in said
    assert path.read_bytes() == before
    edit(path, "1 / 0", "1")
    edit(path, "# Title", "# Title of 12")
    (tmp_path / "true-notebooks.toml").write_text('prose = "bound"\n', encoding="utf-8")
    code, said = run(tmp_path, "--accept")
    assert code == 1 and "cell 1 states the number 12, which is bound to nothing" in said
    assert '"execution_count": 1' in path.read_text(encoding="utf-8")


def test_nbval_beside_compares_the_same_run(tmp_path):
    """The cell leaves a line in a file each time that it is run."""
    path = write(tmp_path, "with open('runs.txt', 'a') as file:\n    file.write('x')", "1 + 1")
    assert run(tmp_path, "--accept")[0] == 0
    code, said = run(tmp_path, "--nbval", "--nbval-current-env", as_installed=True)
    assert code == 0 and "3 passed" in said, said
    assert (tmp_path / "runs.txt").read_text() == "xx"
    code, said = run(tmp_path, "--nbval", "--nbval-current-env", "--true-beside-nbval=apart")
    assert code == 0 and (tmp_path / "runs.txt").read_text() == "xxxx", said
    edit(path, '"2"', '"3"')
    code, said = run(tmp_path, "--nbval", "--nbval-current-env")
    assert code == 1 and "2 failed, 1 passed" in said
    assert "mismatch 'text/plain'" in said and "one.ipynb: cell 3 text/plain differs" in said
    edit(path, "1 + 1", "1 / 0")
    code, said = run(tmp_path, "--nbval", "--nbval-current-env")
    assert code == 1 and "2 failed, 1 passed" in said
    assert "Cell execution caused an exception" in said and "plugin exception" not in said


def test_with_xdist_and_without_one_process_warms_the_kernels(folder):
    write(folder, "2 + 2", name="two.ipynb")
    code, said = run(folder, "-n", "2", "--dist=loadscope", as_installed=True)
    assert code == 1 and "1 failed, 2 passed" in said and "two.ipynb: cell 2 was never run" in said


def test_fresh_kernels_say_the_same(folder):
    edit(folder / "drinks.ipynb", "rows: 4", "rows: 5")
    code, said = run(folder, "--true-kernels=fresh")
    assert code == 1 and "1 failed, 1 passed" in said and "cell 2 stdout differs" in said


@pytest.mark.parametrize("kernels", portion(["forked", "fresh"], 2))
def test_a_dead_kernel_is_told_at_once(tmp_path, kernels):
    write(tmp_path, "import os, signal, time\nos.kill(os.getpid(), 9)\ntime.sleep(60)", "1")
    begin = time.monotonic()
    code, said = run(tmp_path, f"--true-kernels={kernels}")
    assert code == 1 and "cell 2 the kernel died by signal 9 (SIGKILL)" in said
    assert "cell 3 was not run, as the kernel had died" in said
    assert time.monotonic() - begin < 30  # with the start of pytest, on a busy machine


@pytest.mark.skipif(not can_fork(), reason="kernels are not forked here")
@pytest.mark.parametrize("how", portion([signal.SIGKILL, signal.SIGINT], 2))
def test_whatever_ends_pytest_ends_its_kernels(tmp_path, monkeypatch, how):
    write(tmp_path, "import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: pass")
    monkeypatch.setenv("TMPDIR", tempfile.mkdtemp(prefix="t-", dir="/tmp"))
    environment = dict(os.environ)
    command = [PYTEST, "-q", "--true-notebooks", "-o", "true_notebooks_preload=os", "."]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, **quiet)
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    process.send_signal(how)
    process.wait(60)
    number = int((tmp_path / "pid").read_text())
    wait_until(lambda: not Path(f"/proc/{number}/cmdline").exists())
    folder = Path(environment["TMPDIR"])
    wait_until(lambda: not list(folder.glob("true-*")))
    folder.rmdir()


@pytest.mark.skipif(not can_fork(), reason="kernels are not forked here")
def test_a_long_path_of_temporary_files_does_not_matter(tmp_path, monkeypatch):
    """Sockets need short paths."""
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(deep))
    write(tmp_path, "1 + 1")
    code, said = run(tmp_path, "--accept")
    assert code == 0, said


def wait_until(true) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_cell_that_takes_too_long_is_stopped(tmp_path):
    write(tmp_path, "while True: pass", "1 + 1", settings="timeout = 1\n")
    code, said = run(tmp_path)
    assert code == 1 and "cell 2 took too long: the cell took longer than 1 s" in said


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("colour = 1", "unknown key 'colour'; known are tolerance"),
        ('tolerance = "x"', "tolerance must be a number, not 'x'"),
        ('prose = "x"', "prose must be 'bound' or 'off', not 'x'"),
        ('allow = ["x"]', "allow has 'x'; known are order"),
        ("tolerance =", "Invalid value"),
    ],
)
def test_settings_that_mean_nothing_are_refused(tmp_path, settings, words):
    write(tmp_path, "1", settings=settings)
    code, said = run(tmp_path)
    assert code == 1 and words in said and "true-notebooks.toml" in said


def test_a_file_that_is_not_a_notebook_is_told(tmp_path):
    (tmp_path / "one.ipynb").write_text("{", encoding="utf-8")
    code, said = run(tmp_path)
    assert code == 1 and "one.ipynb: it is not a notebook" in said


@long
def test_tolerance_of_a_notebook_and_of_a_cell(tmp_path):
    path = write(tmp_path, "2 / 3", "# TRUE_TOLERANCE: 1e-3\n2 / 3")
    assert run(tmp_path, "--accept")[0] == 0
    edit(path, "0.6666666666666666", "0.6666000000000000")
    code, said = run(tmp_path)
    assert code == 1 and "cell 2 text/plain" in said and "cell 3" not in said
    settings = '[notebook."one.ipynb"]\ntolerance = 1e-3\n'
    (tmp_path / "true-notebooks.toml").write_text(settings, encoding="utf-8")
    assert run(tmp_path)[0] == 0
    edit(path, "0.6666000000000000", "0.6600000000000000")
    assert run(tmp_path)[0] == 1


def test_without_the_option_nothing_slow_is_imported():
    code = (
        "import sys, evidence.notebooks_true.plugin; "
        "slow = {'nbformat', 'zmq', 'numpy', 'pandas', 'jupyter_client', 'IPython', 'PIL'}; "
        "print(sorted(slow & set(sys.modules)), "
        "sorted(n for n in sys.modules if n.startswith('evidence.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (
        done.stdout.split("\n")[0]
        == "[] ['evidence.notebooks_true', 'evidence.notebooks_true.plugin']"
    )


def test_kernels_hold_nothing_of_this_package(tmp_path, monkeypatch):
    """A folder may have a module of the same name, and random numbers are not shared."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    (tmp_path / "evidence.py").write_text("whose = 'mine'\n", encoding="utf-8")
    random = "import numpy\nnumpy.random.rand()"
    write(tmp_path, "import evidence\nevidence.whose", random)
    write(tmp_path, random, name="two.ipynb")
    code, said = run(tmp_path, "--accept", "-o", "true_notebooks_preload=numpy")
    assert code == 0, said
    drawn = []
    for name in ("one.ipynb", "two.ipynb"):
        cells = json.loads((tmp_path / name).read_text(encoding="utf-8"))["cells"]
        drawn.append(cells[-1]["outputs"][0]["data"]["text/plain"])
    assert drawn[0] != drawn[1] and "'mine'" in (tmp_path / "one.ipynb").read_text()
