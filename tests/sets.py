"""Data sets that tests build: other vocabularies, no optional table, no optional column."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

from evidence.model.schema import known_tables

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "exercise_after_infarction"
REQUIRED = {table.name: table.needed for table in known_tables().values() if table.required}
OWN_WORDS = ("question", "population", "design", "outcome_domain", "not_counted_because")


def write_bare(folder: Path, kept_apart: tuple[str, ...] = ("question",)) -> Path:
    """This repository's studies and findings with nothing but what every data set has, and with a
    vocabulary of its own.
    """
    folder.mkdir(parents=True)
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["evidence"] = {"kept_apart": list(kept_apart)}
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] in REQUIRED
    ]
    renamed: dict[tuple[str, str], str] = {}
    for resource in package["resources"]:
        schema = resource["schema"]
        schema.pop("foreignKeys", None)
        schema["fields"] = [
            field for field in schema["fields"] if field["name"] in REQUIRED[resource["name"]]
        ]
        for field in schema["fields"]:
            if field["name"] in OWN_WORDS:
                for number, category in enumerate(field["categories"]):
                    renamed[field["name"], category["value"]] = f"{field['name'][0]}{number}"
                field["categories"] = [
                    {"value": f"{field['name'][0]}{i}", "label": f"Own {i}"}
                    for i in range(len(field["categories"]))
                ]
                field["constraints"]["enum"] = [
                    category["value"] for category in field["categories"]
                ]
            elif "categories" in field:
                for category in field["categories"]:
                    category["label"] = f"Wort für {category['value']}"
        columns = [field["name"] for field in schema["fields"]]
        with (ROOT / "data" / resource["path"]).open(encoding="utf-8", newline="") as source:
            rows = [
                [renamed.get((column, row[column]), row[column]) for column in columns]
                for row in csv.DictReader(source)
            ]
        with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows([columns, *rows])
    with (ROOT / "data" / "studies.csv").open(encoding="utf-8", newline="") as source:
        studies = {row["study_id"] for row in csv.DictReader(source)}
    entries = re.split(r"\n(?=@)", (ROOT / "references.bib").read_text(encoding="utf-8"))
    kept = [
        entry
        for entry in entries
        if not entry.startswith("@") or entry[entry.index("{") + 1 : entry.index(",")] in studies
    ]
    (folder / "references.bib").write_text("\n".join(kept), encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder


def copy_example(folder: Path) -> Path:
    """A copy of the second example that a test may spoil."""
    return Path(shutil.copytree(EXAMPLE, folder))
