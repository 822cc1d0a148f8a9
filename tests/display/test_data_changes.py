"""What changed between two versions of a data set."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import evidence
from evidence.cli import main


@pytest.fixture(scope="module")
def ev(ev):
    """A part, whose answers take a third of the time."""
    return ev.select(question="risk")


@pytest.fixture(scope="module")
def turned(ev):
    """The same tables with one finding reversed and one study gone."""
    findings, studies = ev.findings.copy(), ev.studies
    study = "lehman2012"
    rows = findings["study_id"] == study
    findings.loc[rows, ["conclusion", "observed_direction"]] = "benefit"
    less = studies[studies["study_id"] != "abel2007"].reset_index(drop=True)
    return ev.with_tables(dict(ev.tables) | {"findings": findings, "studies": less})


@pytest.fixture(scope="module")
def small(root):
    """A data set whose answers take no time."""
    return root / "examples" / "exercise_after_infarction"


@pytest.fixture(scope="module")
def told(ev, turned):
    return evidence.data_changes(ev, turned)


def test_nothing_changed_says_so(small):
    ev = evidence.load(small)
    found = evidence.data_changes(ev, ev)
    assert not found.tables[["added", "removed", "changed"]].to_numpy().any()
    assert found.numbers.empty and found.verdicts.empty and found.answers.empty
    assert found.text.count("No change.") == 3 and "## Cells" not in found.text


def test_rows_cells_numbers_and_answers_are_told(ev, told):
    found = told
    tables = found.tables.set_index("table")
    assert tables.loc["studies", ["added", "removed"]].to_list() == [0, 1]
    rows = ev.findings[ev.findings["study_id"] == "lehman2012"]
    already = (rows["conclusion"] == "benefit") & (rows["observed_direction"] == "benefit")
    assert tables.loc["findings", "changed"] == int((~already).sum())
    assert set(found.cells["column"]) == {"conclusion", "observed_direction"}
    assert set(found.cells["new"]) == {"benefit"}
    harm = found.numbers.set_index("what").loc["Getting ALS, People, as concluded: Harm"]
    assert int(harm["new"]) == int(harm["old"]) - 2
    assert "Does being active raise the risk of ALS?" in set(found.answers["question"])
    assert "Cells" in found.text and "| lehman2012-1 | conclusion |" in found.text


def test_reversed_it_tells_the_reverse(ev, turned, told):
    one, other = told, evidence.data_changes(turned, ev)
    swapped = other.numbers.rename(columns={"old": "new", "new": "old"})
    both = pd.merge(one.numbers, swapped, on=["what", "old", "new"])
    assert len(both) == len(one.numbers) == len(other.numbers)


def test_the_command_prints_each_form(root, small, capsys):
    folder = str(small)
    assert main(["changes", folder, folder]) == 0
    assert capsys.readouterr().out.startswith("# What changed from")
    assert main(["changes", folder, folder, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["numbers"] == []
    assert main(["changes", folder, folder, "--format", "csv"]) == 0
    assert capsys.readouterr().out.strip() == "table,id,column,old,new"
    assert main(["changes", folder, str(root / "nowhere")]) != 0
    assert "No datapackage.json" in capsys.readouterr().err
