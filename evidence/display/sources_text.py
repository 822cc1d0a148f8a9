"""What services said about the sources, for a terminal or for other programs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from evidence.bibliography.entries import parse_bibliography
from evidence.files import shown_path
from evidence.literature.record import NOTICES
from evidence.literature.refresh import Report, most_serious_first
from evidence.literature.settings import TITLES
from evidence.model.evidence import Evidence
from evidence.tables.formulas import in_form

HEADS = {
    "retraction": "Retracted",
    "partial_retraction": "Partly retracted",
    "expression_of_concern": "Expression of concern",
    "correction": "Correction",
}
MOST = 20  # lines of one group, in text
NAMED = 8  # entries that a sentence names


def print_refresh(ev: Evidence, report: Report, form: str = "text") -> str:
    """A report of :func:`evidence.literature.refresh.refresh`.

    Text has the most serious first, with file and line of each entry; CSV is the rows of this run;
    JSON has rows, and what has no answer.
    """
    rows = most_serious_first(report.rows)
    value = {
        "rows": rows.to_dict("records"),
        "not_answered": report.failed.to_dict("records"),
        "no_number": report.no_number,
    }
    return in_form(form, rows, lambda: value, lambda: "\n".join(_text(ev, report, rows)))


def _text(ev: Evidence, report: Report, rows: pd.DataFrame) -> list[str]:
    services = ", ".join(
        f"{TITLES[str(service)]} {n}"
        for service, n in rows["service"].value_counts(sort=False).items()
    )
    lines = [f"{rows['id'].nunique()} entries checked" + (f" ({services})." if services else ".")]
    if report.no_number:
        lines.append(
            f"{len(report.no_number)} entries have neither DOI nor PubMed number and cannot be"
            f" asked about: {_listed(report.no_number)}."
        )
    places = _places(ev)
    for kind in reversed(NOTICES[1:]):
        lines += _group(HEADS[kind], rows[rows["notice"] == kind], places)
    lines += _group("Not found", rows[rows["result"] == "not_found"], places)
    lines += _group(
        "Differs, without a notice",
        rows[(rows["result"] == "differs") & (rows["notice"] == "none")],
        places,
    )
    if rows["result"].eq("matches").all() and rows["notice"].eq("none").all() and len(rows):
        lines.append("All agree, and no notice is known about any of them.")
    return lines


def _group(head: str, rows: pd.DataFrame, places: dict[str, str]) -> list[str]:
    if rows.empty:
        return []
    lines = ["", f"{head}: {rows['id'].nunique()}"]
    for row in rows.head(MOST).to_dict("records"):
        link = f" {row['link']}" if row["link"] else ""
        new = " (new)" if row["new"] == "true" else ""
        lines.append(
            f"  {places.get(row['id'], row['id'])}: {row['id']}: {TITLES[row['service']]}"
            f" {row['identifier']}: {row['detail']}{new}{link}"
        )
    if len(rows) > MOST:
        return [*lines, f"  ... and {len(rows) - MOST} more"]
    return lines


def _places(ev: Evidence) -> dict[str, str]:
    """File and line of each entry of the bibliography."""
    shown = shown_path(Path(os.path.realpath(ev.dictionary.bibliography)))
    return {
        key: f"{shown}:{line}"
        for key, line in parse_bibliography(ev.dictionary.bibliography, shown).lines.items()
    }


def not_answered(failed: pd.DataFrame) -> str:
    """What has no answer, in a few lines, and what to do."""
    lines = []
    for (service, why), part in failed.groupby(["service", "why"], sort=False):
        title = TITLES[str(service)]
        said = str(why) if why != "not stored" else "has no stored answer"
        lines.append(
            f"{said if said.startswith(title) else f'{title} {said}'}: {len(part)} not answered"
            f" ({_listed(part['id'].to_list())})"
        )
    return "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        listed += f" and {len(names) - NAMED} more"
    return listed
