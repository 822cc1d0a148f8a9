"""A changed cell of the table changes what a notebook shows, so that nbval's comparison fails."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

import evidence

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
COUNTED = evidence.load().select(counted=True).studies["study_id"].to_list()


def stored_text(name: str) -> str:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    return "\n".join(
        output.data.get("text/plain", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    )


STORED = {path.stem: stored_text(path.stem) for path in FOLDER.glob("*.ipynb")}


def shown(ev: evidence.Evidence) -> tuple[str, str]:
    """What Start here and Who was studied print of the table."""
    return str(evidence.balance_answer(ev)), table_of(ev)


def table_of(ev: evidence.Evidence) -> str:
    return str(evidence.readable(ev, evidence.study_table(ev), caption="All studies of the table"))


def changed(ev, study: str, column: str, value):
    studies = ev.studies
    studies.loc[studies["study_id"] == study, column] = value
    return ev.with_tables(dict(ev.tables) | {"studies": studies})


def test_the_notebooks_show_what_the_code_gives(ev):
    answer, table = shown(ev)
    assert answer in STORED["01_start_here"] and table in STORED["03_who_was_studied"]


@pytest.mark.parametrize("study", COUNTED)
def test_a_changed_direction_is_seen(ev, study):
    """Whatever the direction of a counted study is changed to, the stored answer is stale."""
    now = ev.studies.set_index("study_id").loc[study, "direction"]
    others = [other for other in ev.labels("direction") if other != now]
    for other in others:
        assert (
            str(evidence.balance_answer(changed(ev, study, "direction", other)))
            not in STORED["01_start_here"]
        )
    assert (
        table_of(changed(ev, study, "direction", others[0])) not in STORED["03_who_was_studied"]
    )  # a row of it prints the label itself


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sample_size", 77),
        ("design", "case_report"),
        ("year", 1999),
        ("counted", False),
        ("population", "animal"),
    ],
)
def test_a_changed_cell_is_seen(ev, column, value):
    _, table = shown(changed(ev, "visser2018", column, value))
    assert table not in STORED["03_who_was_studied"]
