"""Candidates and the numbers of a search: for a terminal, for a spreadsheet, for screening
programs.
"""

from __future__ import annotations

import pandas as pd

from evidence.bibliography.addresses import doi_address
from evidence.literature.candidates import SEPARATOR
from evidence.literature.watch import BECAME, Findings
from evidence.quoting import ris
from evidence.tables.formulas import in_form

SHOWN = 10  # candidates that text lists
TITLES = {
    "duplicates": "found again",
    "in_table": "in the table",
    "not_read": "known, not read",
    "new": "new",
}


def print_candidates(findings: Findings, table: pd.DataFrame, form: str = "text") -> str:
    """What a search found.

    Text has the numbers and the first candidates; CSV the candidates; JSON both, without abstracts.
    """
    value = {
        "since": str(findings.since) if findings.since else None,
        "until": str(findings.until),
        "complete": findings.complete,
        "not_answered": findings.failed,
        "unknown_phrases": findings.unknown,
        "searches": findings.numbers.to_dict("records"),
        "candidates": table.drop(columns="abstract", errors="ignore").to_dict("records"),
    }
    return in_form(form, table, lambda: value, lambda: "\n".join(_text(findings, table)))


def candidates_ris(table: pd.DataFrame) -> str:
    """Candidates for reference managers and screening programs, with abstracts, in the order of the
    table.
    """
    from evidence.bibliography.formats.write import write_entries

    keys = [f"candidate{number}" for number in table["rank"]]
    note = table.apply(
        lambda row: SEPARATOR.join(
            filter(None, [_about(row), f"likeness {row['likeness']}, nearest {row['nearest']}"])
        ),
        axis=1,
    )
    parts = []
    for (_, row), key, said in zip(table.iterrows(), keys, note, strict=True):
        entry = pd.DataFrame([row.to_dict() | {"key": key, "note": said}])
        text = write_entries(entry.drop(columns=["abstract"]), "ris")
        abstract = f"AB  - {ris(row['abstract'])}\n" if row["abstract"] else ""
        parts.append(text.replace("ER  -", f"{abstract}ER  -", 1))
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _text(findings: Findings, table: pd.DataFrame) -> list[str]:
    since = f"taken up since {findings.since}" if findings.since else "of any day"
    lines = [f"Search of {findings.until}, records {since}:"]
    for row in findings.numbers.to_dict("records"):
        parts = ", ".join(f"{row[name]} {TITLES[name]}" for name in BECAME)
        lines.append(f"  {row['search']}: {row['found']} found ({parts})")
    for name, phrases in findings.unknown.items():
        lines.append(f"  {name}: the service does not know {', '.join(map(repr, phrases))}")
    if findings.numbers.empty:
        lines.append("  none ran to completion")
    if table.empty:
        if findings.complete:
            return [*lines, "", "No candidate that is not in the tables already."]
        return lines
    lines += ["", f"{len(table)} candidates, most like the studies in the table first:"]
    for row in table.head(SHOWN).to_dict("records"):
        number, about = _number(row), _about(row)
        lines.append(
            f"  {row['rank']}. {row['title'] or 'no title'} ({row['year'] or 'no year'},"
            f" {row['question']}; like {row['nearest']}). {number}"
        )
        if about:
            lines.append(f"     {about}")
    if len(table) > SHOWN:
        return [*lines, f"  ... and {len(table) - SHOWN} more"]
    return lines


def _number(row: dict) -> str:
    """Where a candidate is."""
    if row["doi"]:
        return doi_address(row["doi"])
    if row["pmid"]:
        return f"PubMed {row['pmid']}"
    return "no number"


def _about(row: dict) -> str:
    """What a reader must know of a candidate before reading it."""
    said = []
    if row["perhaps"]:
        said = [f"perhaps {row['perhaps']}, which is known but was not read"]
    if row["notice"] not in ("", "none"):
        said.append(f"notice: {row['notice'].replace('_', ' ')}")
    return SEPARATOR.join(said)
