"""A data set as a repository: what is written, and that its own tests can run there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import evidence
from evidence.cli import main
from evidence.site.whole_repository import PLACES, make_repository, needed_versions

ROOT = Path(__file__).parents[2]
ZHANG = ROOT / "examples" / "exercise_after_infarction" / "zhang.csv"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("repository") / "tea"
    command = ["new", str(folder), "--from", str(ZHANG), "--ci-level", "95", "--repository"]
    assert main([*command, "--question", 'Does "tea" help?', "--no-notebooks", "--yes"]) == 0
    return folder


def test_everything_is_there(made):
    assert all((made / where).is_file() for where in PLACES.values())
    assert (made / ".ci" / "run").stat().st_mode & 0o111
    assert evidence.check(made) == [] and (made / "evidence" / "cli.py").is_file()
    assert not list((made / "evidence").rglob("__pycache__"))


def test_forms_and_workflows_are_yaml(made):
    files = [*(made / ".github").rglob("*.yml"), made / "CITATION.cff"]
    read = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}
    assert {"correct_a_fact.yml", "add_a_study.yml", "test.yml", "pages.yml"} <= set(read)
    package, cited = json.loads((made / "datapackage.json").read_text()), read["CITATION.cff"]
    assert [cited[name] for name in ("title", "version", "date-released")] == [
        *(package["title"], package["version"], package["created"][:10])
    ]
    assert "${{ steps.deployed.outputs.page_url }}" in str(read["pages.yml"])
    assert {part["id"] for part in read["correct_a_fact.yml"]["body"]} >= {
        "where",
        "says",
        "source",
    }
    assert not any(
        "{" + name + "}" in path.read_text() for path in files for name in ("title", "date")
    )


def test_the_script_is_sound(made):
    assert subprocess.run(["bash", "-n", str(made / ".ci" / "run")], check=False).returncode == 0
    text = (made / ".ci" / "run").read_text(encoding="utf-8")
    assert "${PYTHON:-python3}" in text and "--nbval" in text
    pins = (made / "requirements.txt").read_text(encoding="utf-8").split()
    names = {pin.split("==")[0] for pin in pins}
    assert {"pandas", "nbval", "pytest", "flit-core", "jinja2", "nbconvert"} <= names
    assert names == set(needed_versions())


def test_its_guards_pass_where_it_stands(made):
    """The copy of the package serves, not the one that made it."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=made,
        env={"PYTHONPATH": str(made), "PATH": "/usr/bin:/bin", "HOME": str(made)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_empty_set_becomes_a_repository_too(tmp_path):
    folder = tmp_path / "tea"
    assert main(["new", str(folder), "--repository", "--no-notebooks"]) == 0
    assert evidence.check(folder) == [] and (folder / "README.md").is_file()


def test_the_citation_is_that_of_the_dictionary(tmp_path):
    evidence.new_set(tmp_path / "tea", notebooks=False, created="2025-01-31")
    path = tmp_path / "tea" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package |= {"version": "2.1", "contributors": [{"title": 'A: "B"'}, {"title": "C"}]}
    path.write_text(json.dumps(package), encoding="utf-8")
    make_repository(tmp_path / "tea")
    cited = yaml.safe_load((tmp_path / "tea" / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["version"], cited["date-released"]) == ("2.1", "2025-01-31")
    assert [one["name"] for one in cited["authors"]] == ['A: "B"', "C"]
