"""A small, whole data set that each animal of the zoo spoils in its own way."""

from __future__ import annotations

import csv
import faulthandler
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(
    0, str(Path(__file__).parent)
)  # for `from cage import ...`, whatever the import mode
from cage import Cage

ROOT = Path(__file__).resolve().parents[2]
TABLES = (
    "studies",
    "findings",
    "arms",
    "readings",
    "cohorts",
    "known_issues",
    "claims",
    "claim_criteria",
    "pools",
    "pool_criteria",
)
# Studies of both questions, of people and animals, with arms, a cohort and a known contradiction.
STUDIES = {
    "aksu2002",
    "braga2018",
    "carreras2010",
    "gale2005",
    "huisman2013",
    "kaspar2005",
    "russell2022",
    "vanacore2010",
    "visser2018",
    "westeneng2021",
}
WITHOUT = {"early_stage"}  # a claim that expects a subgroup of which none of them tells
LONGEST = 300  # seconds for one test on a busy machine; beyond, something hangs


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Path:
    """The data set: ten studies of the real one, with all that hangs on them."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "data").mkdir()
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] in TABLES
    ]
    package["evidence"]["bibliography_tables"] = ["studies"]
    del package["evidence"]["search"]  # its record and its terms are about the whole
    del package["evidence"]["reading_protocol"]
    (folder / "data" / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    kept: dict[str, list[list[str]]] = {}
    for name in TABLES:
        with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        kept[name] = [
            header,
            *(row for row in rows if _belongs(name, dict(zip(header, row, strict=True)), kept)),
        ]
    for name, rows in kept.items():
        with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    entries = re.finditer(
        r"^@\w+\{(\w+),.*?^\}\n", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M | re.S
    )
    (folder / "references.bib").write_text(
        "\n".join(entry[0] for entry in entries if entry[1] in STUDIES), encoding="utf-8"
    )
    return folder


def _belongs(table: str, row: dict[str, str], kept: dict[str, list[list[str]]]) -> bool:
    if table == "cohorts":
        header, *studies = kept["studies"]
        return row["cohort_id"] in {study[header.index("cohort")] for study in studies}
    if table == "known_issues":
        return row["id"].split("-")[0] in STUDIES
    if table in ("claims", "claim_criteria") and row["claim_id"] in WITHOUT:
        return False
    if table == "claim_criteria" and row["column"] == "finding_id":
        return row["value"].split("-")[0] in STUDIES
    owner = row.get("study_id") or row.get("finding_id", "").split("-")[0]
    return not owner or owner in STUDIES


@pytest.fixture
def cage(sample, tmp_path) -> Cage:
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    return Cage(tmp_path)


@pytest.fixture(autouse=True)
def nothing_hangs() -> Iterator[None]:
    """End the process with a traceback when a test waits for ever."""
    faulthandler.dump_traceback_later(LONGEST, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
