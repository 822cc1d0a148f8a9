"""Files beside the code that must agree with it."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PIL import Image

import evidence

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def versions(path: str) -> dict[str, set[str]]:
    """Pinned versions of each package of a lock file; one package can have several, for several
    Pythons.
    """
    found: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([a-z0-9][a-z0-9._-]*)==([^ \\\n]+)", (ROOT / path).read_text(encoding="utf-8"), re.M
    ):
        found.setdefault(name, set()).add(version)
    return found


def test_conda_has_the_packages_and_bounds_of_the_project():
    plain = [item for item in ENVIRONMENT["dependencies"] if isinstance(item, str)]
    pip = next(item["pip"] for item in ENVIRONMENT["dependencies"] if isinstance(item, dict))
    assert pip[0] == "-c constraints.txt" and pip[-1] == "-e ."
    here = {Requirement(line).name.lower(): str(Requirement(line).specifier) for line in pip[1:-1]}
    extras = PROJECT["optional-dependencies"]
    needed = [*PROJECT["dependencies"], *extras["site"], *extras["deck"], *extras["lab"]]
    lines = [*needed, *extras["test"]]
    there = {Requirement(line).name.lower(): str(Requirement(line).specifier) for line in lines}
    assert {name: there[name] for name in here} == here
    assert {Requirement(line).name.lower() for line in needed} <= set(here)
    assert (
        next(item for item in plain if item.startswith("python"))
        == "python" + PROJECT["requires-python"]
    )


def test_the_packages_that_were_asked_for_are_there():
    names = {
        Requirement(line).name.lower()
        for group in [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
        for line in group
    }
    assert {"pandas", "jupyterlab", "matplotlib", "bibtexparser", "requests", "nbval"} <= names


@pytest.mark.parametrize(
    "path", [f"requirements{name}.lock" for name in ("", "-lab", "-browser", "-bench", "-uv")]
)
def test_locks_have_hashes_and_name_no_index(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)


def test_actions_are_pinned_and_the_page_waits_for_the_tests():
    """A tag can be moved to other code; a commit cannot."""
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for used in re.findall(r"uses:\s*(\S+.*)", path.read_text(encoding="utf-8")):
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), (
                f"{path.name}: {used}"
            )
    pages = yaml.safe_load(
        (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    )
    assert pages[True] == {
        "workflow_run": {"workflows": ["test"], "types": ["completed"], "branches": ["main"]}
    }
    assert (
        "workflow_run.conclusion == 'success'" in pages["jobs"]["build"]["if"]
        and pages["jobs"]["deploy"]["needs"] == "build"
    )
    assert (
        pages["jobs"]["build"]["steps"][0]["with"]["ref"]
        == "${{ github.event.workflow_run.head_sha }}"
    )


def test_every_lock_is_audited():
    """On each change and every week, by the workflow."""
    workflow = yaml.safe_load(
        (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    )
    assert {"push", "pull_request", "schedule"} <= set(
        workflow[True]
    )  # YAML reads the key "on" as true
    job = workflow["jobs"]["audit"]
    command = next(
        step["run"] for step in job["steps"] if "pip-audit --" in step.get("run", "")
    ).split()
    assert {"--strict", "--require-hashes", "--disable-pip"} <= set(command) and "if" not in job
    audited = {command[place + 1] for place, word in enumerate(command) if word == "-r"}
    assert audited == {path.name for path in ROOT.glob("requirements*.lock")}


def test_locks_agree_with_the_project_and_each_other():
    lock, lab, browser, bench = (
        versions(f"requirements{name}.lock") for name in ("", "-lab", "-browser", "-bench")
    )
    assert versions("constraints.txt") == lock | lab == lab | lock
    assert "jupyterlab" in lab and "jupyterlab" not in lock
    extras = PROJECT["optional-dependencies"]
    groups = (extras[name] for name in ("site", "deck", "test", "build"))
    for line in [*PROJECT["dependencies"], *(line for group in groups for line in group)]:
        wanted = Requirement(line)
        name = canonicalize_name(wanted.name)
        assert name in lock, f"{name} is not locked: run `make lock`"
        assert all(version in wanted.specifier for version in lock[name])
    for extra, own in (("browser", browser), ("bench", bench)):
        assert {canonicalize_name(Requirement(line).name) for line in extras[extra]} <= set(own)
        assert all(own[name] == pinned for name, pinned in (lock | lab).items() if name in own)


def test_version_is_one(ev):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (
        PROJECT["version"]
        == evidence.__version__
        == str(citation["version"])
        == ev.dictionary.version
    )
    assert f"## {evidence.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_picture_of_the_readme_is_not_stale(ev):
    """The alt text of a chart states its numbers, and is stored in the picture."""
    chart = evidence.charts.headline(ev)
    with Image.open(ROOT / "docs" / "images" / "headline.png") as picture:
        assert picture.info["Description"].startswith(chart.alt), (
            "stale: draw it again with `make picture`"
        )
        assert picture.info["Title"] == chart.title


def test_the_answers_of_the_readme_are_those_of_the_table(ev):
    """The words of the first screen are computed: when the table changes, so must they."""
    first = (ROOT / "README.md").read_text(encoding="utf-8")[:3000]
    for name in ("risk", "slow", "harm"):
        assert " ".join(evidence.answer(ev, name).sentences) in first, name


def test_readme_says_the_main_things_first():
    first = (ROOT / "README.md").read_text(encoding="utf-8")[:3000]
    for words in (
        "docs/images/headline.png",
        "make        #",
        "make test",
        "language model",
        "two separate passes",
        "Nothing here is medical advice",
        "No person has adjudicated",
    ):
        assert words.lower() in first.lower()


def test_relative_links_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "data" / "CODEBOOK.md"]:
        for target in re.findall(
            r"\]\((?!<?https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")
        ):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/promises.md"])
def test_every_promise_names_tests_that_are_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "tests/" in line]
    named = re.findall(r"`(tests/[\w./]+)(?:::(\w+))?`", text)
    assert len(rows) >= 10 and len(named) >= len(rows)
    assert all(re.search(r"`tests/[^`]+`[^|]*\|$", row) for row in rows), (
        "a promise has its tests in the last column"
    )
    for file, test in named:
        assert (ROOT / file).is_file() and Path(file).name.startswith("test_"), file
        assert not test or re.search(
            rf"^def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.M
        ), f"{file}::{test}"


# --- the house ---

# The first imports nothing else: it is a plugin for anyone's notebooks.
ROOMS = [
    "notebooks_true",
    "errors",
    "quoting",
    "arguments",
    "files",
    "lock",
    "progress",
    "decoding",
    "coded",
    "frames",
    "nouns",
    "bibliography",
    "model",
    "tables",
    "checks",
    "synthesis",
    "charts",
    "literature",
    "display",
    "exporting",
    "importing",
    "notebooks",
    "site",
    "explorer",
    "commands",
    "cli",
]
LONGEST_FILE = 550  # lines of at most 100 columns
SUBJECT = re.compile(
    r"\b(als|amyotrophic|sclerosis|exercis\w*|sod1|mouse|mice|soccer|patients?)\b", re.I
)
# Names of columns that the design gives to every data set.
ALLOWED = {"exercise_type"}


def modules() -> list[Path]:
    return sorted((ROOT / "evidence").rglob("*.py"))


def rooms_used(path: Path) -> set[str]:
    """Rooms that a module imports from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    return {name.split(".")[1] for name in names if name and name.startswith("evidence.")}


def test_a_room_imports_only_rooms_above_it():
    wrong = []
    for path in modules():
        own = path.relative_to(ROOT / "evidence").parts[0].removesuffix(".py")
        if own != "__init__":
            above = ROOMS[: ROOMS.index(own) + 1]
            wrong += [f"{path.name} of {own}: {room}" for room in rooms_used(path) - set(above)]
    assert not wrong


def test_the_walk_of_the_architecture_is_true():
    """Each step names a module and something in it; there are at most eight."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = re.findall(r"^\| \d+ \| `([\w.]+)` \| `(\w+)` \|", text, re.M)
    assert 6 <= len(steps) <= 8
    for module, name in steps:
        assert hasattr(importlib.import_module(module), name), (module, name)


def test_the_rooms_of_the_architecture_are_those_of_the_code():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = re.search(r"```text\n(.*?)```", text, re.S).group(1)
    named = re.findall(r"^((?:[a-z]+(?:, | (?! )|(?=  )))+)", drawn, re.M)
    rooms = [room for line in named for room in re.findall(r"[a-z]+", line)]
    known = [room for room in ROOMS if room != "notebooks_true"]
    assert [room for room in rooms if room in known] == known


def test_the_package_knows_no_subject():
    """Words of the subject live in data/. Examples may name them as values of the data."""
    found = [
        f"{path.name}: {match.group()}"
        for path in modules()
        for text in [path.read_text(encoding="utf-8")]
        for match in SUBJECT.finditer(text)
        if match.group() not in ALLOWED and text[max(0, match.start() - 1)] != '"'
    ]
    assert not found


def test_pages_and_scripts_know_no_subject():
    files = [
        path
        for kind in ("html", "j2", "js", "json", "css")
        for path in (ROOT / "evidence").rglob(f"*.{kind}")
    ]
    found = {
        path.name: match.group()
        for path in files
        for match in SUBJECT.finditer(path.read_text(encoding="utf-8"))
    }
    assert len(files) > 20 and not found


def test_no_file_grows_beyond_one_concept():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}


def test_install_needs_nothing_but_the_lock():
    """The build backend is in the lock, so that installing the project downloads nothing more."""
    assert "flit-core" in versions("requirements.lock")
    script = (ROOT / "tools" / "install.sh").read_text(encoding="utf-8")
    assert "--no-build-isolation" in script and script.count("--require-hashes") >= 3


def test_make_help_lists_every_target():
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert targets and all(f"make {name} " in done.stdout for name in targets.group(1).split())


def test_every_public_name_is_there():
    for name in evidence.__all__:
        assert getattr(evidence, name).__doc__, name
    with pytest.raises(AttributeError, match="public names"):
        _ = evidence.blance


def test_the_stub_is_not_stale(root):
    done = subprocess.run(
        [sys.executable, "tools/stub.py", "--check"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_the_package_brings_in_no_drawing():
    code = "import sys, evidence; print({'matplotlib', 'scipy', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# Rooms whose conditional expressions still have others inside.
STILL_NESTED = {"charts", "explorer", "importing", "site", "synthesis", "display"}


def test_no_conditional_expression_has_another_inside():
    found = []
    for path in modules():
        if path.relative_to(ROOT / "evidence").parts[0] in STILL_NESTED:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            inner = [part for part in ast.walk(node) if isinstance(part, ast.IfExp)]
            if isinstance(node, ast.IfExp) and len(inner) > 1:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found
