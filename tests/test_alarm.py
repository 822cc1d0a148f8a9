"""The alarm itself: what must run, and that nothing takes it out on the way.

A test that is not run, or whose failure is passed over, notices nothing. This file holds the list:
the lines of continuous integration, the settings of pytest, the guards of notebooks, the jobs of
the workflow, and, in each run, that the files which were asked for gave tests.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CI = [
    "set -euo pipefail",
    'cd "$(dirname "$0")/.."',
    "make --jobs 3 lint chromium browser",
    "EVIDENCE_BROWSER=required make test",
    "make falsify SAMPLE=1",
]
RECIPES = {
    "test": [
        "@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)"
    ],
    "falsify": ["@$(BIN)/python tools/falsify $(if $(SAMPLE),--most $(SAMPLE))"],
    "check": ["@$(BIN)/evidence check"],
    "chromium": ["@sh tools/browser.sh"],
    "lint": [
        "@$(BIN)/ruff check $(CODE)",
        "@$(BIN)/ruff format --check $(CODE)",
        "@$(BIN)/mypy",
    ],
}
ROOMS = {
    "bibliography",
    "browser",
    "charts",
    "checks",
    "display",
    "explorer",
    "exporting",
    "importing",
    "literature",
    "model",
    "notebooks",
    "site",
    "synthesis",
    "tables",
    "true_notebooks",
    "zoo",
}
# What takes a failure back, in a shell or in make.
SILENCED = re.compile(r"\|\||;|(?<!&)&(?!&)|\bset \+|\btrap\b|\bexit\b|\breturn\b|--maxfail|-k\b")


def lines(path: str) -> list[str]:
    """Lines of a script without comments and empty ones."""
    text = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in text if line.strip() and not line.strip().startswith("#")]


def recipe(target: str) -> list[str]:
    """The lines that make runs for a target."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text, re.M)
    assert found, f"the Makefile has no {target}"
    return [line.strip() for line in found[1].splitlines()]


# --- what starts the tests ---


def test_continuous_integration_runs_all_of_it():
    assert lines(".ci/run") == CI
    assert not any(SILENCED.search(line) for line in CI[1:])
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("target", RECIPES)
def test_make_runs_what_it_says(target):
    assert recipe(target) == RECIPES[target]
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not re.search(r"^\.(IGNORE|SILENT)|^MAKEFLAGS|^SHELL|^\.SHELLFLAGS", text, re.M)
    assert re.search(r"^\.PHONY:.*\btest\b.*\bfalsify\b.*\bcheck\b.*\blint\b", text, re.M)
    code = re.search(r"^CODE := (.*)$", text, re.M)
    assert {"evidence", "tests", "tools", "benchmarks"} <= set(code[1].split())


def test_the_script_that_finds_a_browser_fails_without_one():
    text = (ROOT / "tools" / "browser.sh").read_text(encoding="utf-8")
    assert "set -eu" in text and text.count("exit 1") == 2 and text.count("exit 0") == 1


def test_a_browser_that_was_promised_is_required(monkeypatch):
    place = ROOT / "tests" / "browser" / "promised.py"
    spec = importlib.util.spec_from_file_location("promised_browser", place)
    promised = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(promised)
    either = (pytest.fail.Exception, pytest.skip.Exception)
    monkeypatch.setenv("EVIDENCE_BROWSER", "required")
    with pytest.raises(either, match="no browser") as said:  # else a skip would skip this test too
        promised.missing("no browser")
    assert said.type is pytest.fail.Exception
    monkeypatch.delenv("EVIDENCE_BROWSER")
    with pytest.raises(either, match="no browser") as said:
        promised.missing("no browser")
    assert said.type is pytest.skip.Exception


# --- the workflow ---


def workflow(name: str) -> dict:
    return yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("job", "command"),
    [
        ("test", "bash .ci/run"),
        ("test", "make"),
        ("falsify", "make falsify"),
        ("audit", "pip-audit --strict"),
    ],
)
def test_the_workflow_has_its_jobs(job, command):
    jobs = workflow("test.yml")["jobs"]
    commands = [step.get("run", "") for step in jobs[job]["steps"]]
    if job == "audit":
        assert any(command in one for one in commands)
    else:
        assert command in commands
    if job == "test":  # all of the families of which a part is enough on the way
        assert jobs[job]["env"] == {"EVIDENCE_TESTS": "all"}
    only = jobs[job].get("if", "")
    assert only in ("", "github.event_name != 'schedule'")


def test_no_job_passes_over_a_failure():
    for name in ("test.yml", "pages.yml"):
        text = (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8")
        assert "continue-on-error" not in text and "|| true" not in text
        for job in workflow(name)["jobs"].values():
            for step in job["steps"]:
                assert not re.search(r"\|\|| ; |\bset \+e", step.get("run", "")), step
                assert step.get("if", "") in ("", "matrix.python == '3.13'"), step
    on = workflow("test.yml")[True]  # YAML reads the key "on" as true
    assert {"push", "pull_request"} <= set(on) and on["pull_request"] is None
    pythons = workflow("test.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert {"3.11", "3.12", "3.13", "3.14"} <= set(pythons)


# --- the settings of pytest ---


def test_pytest_looks_everywhere_and_at_everything():
    own = SETTINGS["pytest"]["ini_options"]
    assert own["testpaths"] == ["tests", "notebooks", "examples", "evidence", "README.md", "docs"]
    asked = {"--true-notebooks", "--nbval", "--nbval-current-env", "--doctest-modules"}
    known = {"--nbval-cell-timeout=120", "--import-mode=importlib", "--strict-markers", "-q"}
    assert set(own["addopts"]) == asked | known
    assert own["filterwarnings"] == ["error"] and own["xfail_strict"] is True
    assert not {"norecursedirs", "python_files", "python_functions", "collect_ignore"} & set(own)


def test_no_other_file_sets_pytest():
    for name in ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pytest.toml"):
        assert not (ROOT / name).exists(), name
    for name in ("tests", "notebooks", "examples"):
        assert not [*(ROOT / name).rglob("pytest.ini"), *(ROOT / name).rglob("pyproject.toml")]


def test_no_conftest_leaves_tests_out():
    """Hooks may set marks and options; none may take an item out."""
    allowed = {"pytest_configure", "pytest_addoption"}
    allowed |= {"pytest_collection_modifyitems", "pytest_collection_finish"}
    for path in ROOT.glob("**/conftest.py"):
        parts = path.relative_to(ROOT).parts
        if "build" in parts or parts[0].startswith("."):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        hooks = {name for name in names if name.startswith(("pytest_", "collect_ignore"))}
        assert hooks <= allowed, path
        taken = re.search(
            r"items\[:\]|\bdel items|deselect|\.remove\(|mark\.skip", ast.unparse(tree)
        )
        assert not taken, (path, taken)


SKIPS = 40  # conditions under which a test is left out; a further one is looked at by a person


def test_tests_are_skipped_for_few_reasons():
    """`skip` and `xfail` without a condition are not there, and the others are few."""
    found: Counter[str] = Counter()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            if name in ("pytest.mark.skip", "pytest.mark.xfail", "pytest.xfail"):
                found["always"] += 1
            found["skips"] += name in ("pytest.mark.skipif", "pytest.skip", "pytest.importorskip")
    assert not found["always"] and found["skips"] <= SKIPS


# --- what guards notebooks ---

OWN_GUARDS = {
    "keeps_its_outputs",
    "charts_have_picture_and_text",
    "shows_all_that_it_holds",
    "markers_have_reasons",
    "is_portable",
    "headings_and_links_hold",
    "keeps_the_rhythm",
    "has_short_cells_without_logic",
    "leads_on",
    "numbers_in_prose_are_bound",
}


def test_no_guard_of_notebooks_is_left_out():
    place = ROOT / "tests" / "notebooks" / "guards.py"
    spec = importlib.util.spec_from_file_location("guards_of_notebooks", place)
    guards = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(guards)
    assert {guard.__name__ for guard in guards.GUARDS} >= OWN_GUARDS


def test_every_guard_of_any_notebook_is_asked():
    """Every function of the plugin's guards that yields complaints stands in its list."""
    from evidence.notebooks_true import guards

    tree = ast.parse(Path(guards.__file__).read_text(encoding="utf-8"))
    returned = {
        node.name: ast.unparse(node.returns)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.returns
    }
    told = {name for name, kind in returned.items() if kind == "Iterator[Said]"}
    assert len(told) >= 8 and set(guards.GUARDS) == told


# --- what is falsified ---


def test_every_named_slip_can_still_be_made():
    """A line that was rewritten takes its slip with it, and nobody would try it again."""
    held = tomllib.loads((ROOT / "tools/falsify/slips.toml").read_text(encoding="utf-8"))
    assert len(held["slip"]) > 90
    for slip in held["slip"]:
        text = (ROOT / slip["file"]).read_text(encoding="utf-8")
        assert slip["old"] in text and slip["new"] != slip["old"], slip
        assert all((ROOT / place.split("::")[0]).exists() for place in held["tests"][slip["kind"]])


# --- what ran ---


def test_every_room_has_tests():
    rooms = {
        path.parent.relative_to(ROOT / "tests").parts for path in files_of_tests(ROOT / "tests")
    }
    assert {parts[0] for parts in rooms if parts} >= ROOMS
    assert len(files_of_tests(ROOT / "tests")) >= 100


def test_every_file_of_tests_has_tests():
    for path in files_of_tests(ROOT / "tests"):
        names = re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
        assert names and len(set(names)) == len(names), path.name


def files_of_tests(folder: Path) -> list[Path]:
    return sorted(folder.rglob("test_*.py"))


def wanted(session: pytest.Session) -> tuple[set[Path], set[Path]]:
    """Files of tests and notebooks within what this run was asked for."""
    asked = [
        Path(session.config.invocation_params.dir, one.split("::")[0])
        for one in session.config.args
    ]
    files = {path for one in asked for path in ([one] if one.is_file() else one.rglob("*"))}
    inside = {path.resolve() for path in files if ROOT in path.resolve().parents}
    tests = {path for path in inside if re.fullmatch(r"test_\w+\.py", path.name)}
    notebooks = {path for path in inside if path.suffix == ".ipynb" and "build" not in path.parts}
    return tests, {path for path in notebooks if ".ipynb_checkpoints" not in path.parts}


def test_what_was_asked_for_was_collected(request):
    """In this run every file of tests gave a test, and every notebook its cells and its verdict."""
    options = request.config.option
    kinds_of_choice = ("keyword", "markexpr", "lf", "deselect")
    narrowed = any(getattr(options, one, None) for one in kinds_of_choice)
    if narrowed or any("::" in one for one in request.config.args):
        pytest.skip("this run was asked for some tests by name")
    counts = Counter(item.path.resolve() for item in request.session.items)
    kinds = Counter((item.path.resolve(), type(item).__name__) for item in request.session.items)
    tests, notebooks = wanted(request.session)
    assert Path(__file__).resolve() in tests
    assert not {path.name for path in tests if not counts[path]}
    for path in notebooks:
        assert kinds[path, "SheetItem"] == 1 and kinds[path, "IPyNbCell"] >= 1, path.name
    if len(tests) >= 100 and notebooks:  # all of it: `make test`
        kinds_of_all = Counter(type(item).__name__ for item in request.session.items)
        assert kinds_of_all["Function"] >= 3000 and kinds_of_all["DoctestItem"] >= 200
        assert kinds_of_all["SheetItem"] >= 13 and kinds_of_all["IPyNbCell"] >= 100


def test_warnings_are_errors_here():
    import warnings

    with pytest.raises(UserWarning):
        warnings.warn("this must not pass", UserWarning, stacklevel=1)


def test_assertions_are_on():
    assert not sys.flags.optimize and "PYTHONOPTIMIZE" not in os.environ
    with pytest.raises(AssertionError):
        assert not ROOT
