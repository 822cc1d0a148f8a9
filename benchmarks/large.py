"""A table set of any number of studies, made from the real one: the same columns and words, other ids, sizes and years."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("studies", "findings", "cohorts")


def write_large(folder: Path, studies: int, seed: int = 1) -> Path:
    """Write ``studies`` studies with their findings into ``folder``; the same seed gives the same rows."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [resource for resource in package["resources"] if resource["name"] in KEPT]
    package["evidence"] |= {"bibliography": "references.bib", "bibliography_tables": ["studies"]}
    for resource in package["resources"]:
        # A thousand copies of a cohort would be one unit; copies are studies of their own.
        resource["schema"].pop("foreignKeys", None)
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    shutil.copy(ROOT / "data" / "cohorts.csv", folder)
    (head, real), (finding_head, findings) = _rows("studies"), _rows("findings")
    own = {}
    for finding in findings:
        own.setdefault(finding["study_id"], []).append(finding)
    made, made_findings, entries = [], [], []
    for number in range(studies):
        source = real[number % len(real)]
        key = f"{source['study_id']}n{number // len(real)}"
        copy = number // len(real)
        size = int(float(source["sample_size"]) * np.exp(random.normal(0, 0.7))) + 1 if source["sample_size"] else ""
        changed = {"study_id": key, "year": str(random.integers(1990, 2027)), "sample_size": str(size), "doi": "", "pmid": "", "pmcid": ""}
        changed |= {"cohort": f"{source['cohort']}n{copy % 40}" if source["cohort"] else ""}
        made.append(source | changed)
        entries.append(f"@misc{{{key},\n  author = {{{source['study_id'].capitalize()}, A. and Other, B.}},\n  year = {{{changed['year']}}},\n}}\n")
        for place, finding in enumerate(own[source["study_id"]], start=1):
            made_findings.append(finding | {"finding_id": f"{key}-{place}", "study_id": key})
    _write(folder / "studies.csv", head, made)
    _write(folder / "findings.csv", finding_head, made_findings)
    (folder / "references.bib").write_text("\n".join(entries), encoding="utf-8")
    return folder


def _rows(table: str) -> tuple[list[str], list[dict[str, str]]]:
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return list(reader.fieldnames or []), rows


def _write(path: Path, head: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
