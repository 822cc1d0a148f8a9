"""A changed cell of the table changes what a notebook shows, so that nbval's comparison fails."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from portion import portion

import evidence

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
START, WHO = "01_start_here", "02_who_was_studied"
EV = evidence.load()
MAIN = EV.findings[EV.findings["is_primary"]].merge(
    EV.select(counted=True).studies[["study_id"]], on="study_id"
)
VOTE = MAIN.set_index("study_id")["finding_id"]


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


def answer_of(ev: evidence.Evidence) -> str:
    return str(evidence.balance_answer(ev))


def table_of(ev: evidence.Evidence) -> str:
    return str(evidence.readable(ev, evidence.study_table(ev), caption="All studies of the table"))


def changed(ev, table: str, row: str, column: str, value):
    frame = ev.tables[table].copy()
    frame.loc[frame.iloc[:, 0] == row, column] = value
    return ev.with_tables(dict(ev.tables) | {table: frame})


def test_the_notebooks_show_what_the_code_gives(ev):
    assert answer_of(ev) in STORED[START] and table_of(ev) in STORED[WHO]


def test_every_counted_study_has_one_vote():
    assert VOTE.index.is_unique and set(VOTE.index) == set(EV.select(counted=True).studies.study_id)


@pytest.mark.parametrize("column", ["conclusion", "observed_direction"])
@pytest.mark.parametrize("study", portion(portion(VOTE.index, 4), 3))
def test_a_changed_vote_is_seen(ev, study, column):
    """Whatever the main finding of a counted study is changed to, the stored answer no longer
    holds.
    """
    finding = VOTE[study]
    now = ev.findings.set_index("finding_id").loc[finding, column]
    places = "benefit", "mixed", "harm"
    for other in (word for word in places if word != now):
        spoiled = changed(ev, "findings", finding, column, other)
        assert answer_of(spoiled) not in STORED[START], other


@pytest.mark.parametrize("study", VOTE.index[::9])
def test_a_changed_direction_of_a_study_is_seen(ev, study):
    now = ev.studies.set_index("study_id").loc[study, "direction"]
    other = next(word for word in ev.labels("direction") if word != now)
    assert table_of(changed(ev, "studies", study, "direction", other)) not in STORED[WHO]


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
    assert table_of(changed(ev, "studies", "visser2018", column, value)) not in STORED[WHO]
