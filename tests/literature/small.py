"""A small data set made of the real one: some studies and reviews, and the tables that the network
is about. It loads in a third of the time.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from evidence.bibliography.bibtex.blocks import places, split

STUDIES, REVIEWS = 14, 8
TABLES = (
    "studies",
    "findings",
    "readings",
    "reviews",
    "not_read",
    "unverified_fields",
    "source_status",
    "searches",
    "known_issues",
)
COHORT = ("cohort", "cohort_overlap", "cohort_representative")


def rows_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)


def make_small(root: Path, folder: Path) -> None:
    """Write the small data set into ``folder/data`` and ``folder/references.bib``."""
    target = folder / "data"
    target.mkdir(parents=True)
    package = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] in TABLES
    ]
    for resource in package["resources"]:
        keys = resource["schema"].get("foreignKeys", [])
        resource["schema"]["foreignKeys"] = [
            key for key in keys if key["reference"]["resource"] in TABLES
        ]
    del package["evidence"]["reading_protocol"]
    (target / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (target / "search.toml").write_bytes((root / "data" / "search.toml").read_bytes())

    studies = [row["study_id"] for row in rows_of(root / "data" / "studies.csv")[1][:STUDIES]]
    reviews = [row["review_id"] for row in rows_of(root / "data" / "reviews.csv")[1][:REVIEWS]]
    findings = {
        row["finding_id"]
        for row in rows_of(root / "data" / "findings.csv")[1]
        if row["study_id"] in studies
    }
    there = {"studies": {*studies}, "reviews": {*reviews}, "findings": findings}
    keep: dict[str, Callable[[dict[str, str]], bool]] = {
        "reviews": lambda row: row["review_id"] in reviews,
        "not_read": lambda row: True,
        "unverified_fields": lambda row: row["id"] in there[row["table"]],
        "known_issues": lambda row: row["id"] in there.get(row["table"], ()),
    }
    for name in TABLES:
        header, rows = rows_of(root / "data" / f"{name}.csv")
        chosen = [
            row for row in rows if keep.get(name, lambda row: row["study_id"] in studies)(row)
        ]
        with (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(
                row | {column: "" for column in COHORT if column in row} for row in chosen
            )

    everyone = {row["study_id"] for row in rows_of(root / "data" / "studies.csv")[1]}
    everyone |= {row["review_id"] for row in rows_of(root / "data" / "reviews.csv")[1]}
    gone = everyone - {*studies, *reviews}
    text = (root / "references.bib").read_text(encoding="utf-8")
    there = places(text, split(text))
    kept = [text[: there[0].begin].rstrip()]
    kept += [text[one.begin : one.end] for one in there if one.block.key not in gone]
    (folder / "references.bib").write_text("\n\n".join(kept) + "\n", encoding="utf-8")
