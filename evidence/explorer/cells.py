"""Cells of the tables that were read several times: what a person decides on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evidence.frames import cell_text, text_or_empty
from evidence.model.core_tables import needed
from evidence.model.evidence import Evidence
from evidence.synthesis.result import counted_ids
from evidence.synthesis.votes import main_findings

# Fields of a study whose answer stands on one of its findings.
OF_MAIN = {"primary_finding": "is_primary", "primary_basis": "primary_basis"}
READINGS = {
    "first_reading": "First reading",
    "second_reading": "Second reading",
    "third_reading": "Third reading",
}


@dataclass(frozen=True)
class Cell:
    """A cell and what is known of it.

    Attributes
    ----------
    reading_id : str
    table, id, field : str
        Where it stands.
    study, title, outcome : str
        Name of the study, title of the field, and of which result.
    value : str
        What the table says; empty when it says nothing.
    readings : tuple of (str, str)
        What each reading wrote.
    statement, link : str
        The result in words, and the address of the source; empty where there is none.
    """

    reading_id: str
    table: str
    id: str
    field: str
    study: str
    title: str
    outcome: str
    value: str
    readings: tuple[tuple[str, str], ...]
    statement: str
    link: str


def cells_of(ev: Evidence, sample: int, seed: int = 1) -> list[Cell]:
    """A random sample of cells of counted studies that a reading filled; the same for all.

    Parameters
    ----------
    ev : Evidence
        Needs the table ``readings``.
    sample : int
        How many cells, at most.
    seed : int, default 1
        Another number draws another sample.

    Examples
    --------
    >>> import evidence
    >>> len(cells_of(evidence.load(), 5))
    5
    """
    rows = _placed(ev)
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(rows))[:sample]
    studies = ev.studies.drop_duplicates("study_id").set_index("study_id")
    findings = ev.findings.drop_duplicates("finding_id").set_index("finding_id")
    tables = {"studies": studies, "findings": findings}
    return [_cell(ev, row, tables) for row in rows.iloc[chosen].to_dict("records")]


def _placed(ev: Evidence) -> pd.DataFrame:
    """Readings of counted studies with ``table, id, column``: the cell that they are about.

    What no reading filled is left out: a random sample would mostly show empty cells.
    """
    rows = needed(ev, "readings", "there is nothing to decide on")
    filled = rows[[name for name in READINGS if name in rows]].notna().any(axis=1)
    rows = rows[rows["study_id"].isin(counted_ids(ev)) & filled]
    main = main_findings(ev).set_index("study_id")["finding_id"]
    field = rows["field"].astype("str")
    on_main = rows["finding_id"].isna() & field.isin(OF_MAIN)
    of_finding = rows["finding_id"].notna() | on_main
    ids = rows["finding_id"].astype("object").where(~on_main, rows["study_id"].map(main))
    placed = rows.assign(
        table=np.where(of_finding, "findings", "studies"),
        id=ids.where(of_finding, rows["study_id"]),
        column=field.map(OF_MAIN).where(on_main, field),
    )
    known = {name: set(ev.dictionary.tables[name].by_name) for name in ("studies", "findings")}
    pairs = zip(placed["table"], placed["column"], strict=True)
    there = [column in known[table] for table, column in pairs]
    return placed[np.array(there, dtype=bool) & placed["id"].notna().to_numpy(dtype=bool)]


def _cell(ev: Evidence, row: dict, tables: dict[str, pd.DataFrame]) -> Cell:
    record = tables[row["table"]].loc[row["id"]]
    found = ev.dictionary.tables[row["table"]].by_name[row["column"]]
    main = row["table"] == "findings"
    read = [(title, row[name]) for name, title in READINGS.items() if name in row]
    return Cell(
        reading_id=row["reading_id"],
        table=row["table"],
        id=row["id"],
        field=row["column"],
        study=str(ev.names.get(row["study_id"], row["study_id"])),
        title=found.title,
        outcome=cell_text(record.get("outcome")) if main else "",
        value=cell_text(record[row["column"]]),
        readings=tuple((title, cell_text(value)) for title, value in read),
        statement=cell_text(record.get("statement")) if main else cell_text(record.get("title")),
        link=text_or_empty(ev.links.get(row["study_id"])),
    )
