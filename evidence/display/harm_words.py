"""Words for the numbers of harm: who left, what happened to those who took part."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evidence.frames import frame_rows
from evidence.model.dictionary import lower_first
from evidence.model.evidence import Evidence
from evidence.nouns import number_form, studies_text
from evidence.synthesis.harms import STARTED, Harms, harms

ASKED = "safety, how people coped or why they left"  # what ``shown`` stands for
FINISHED, BECAUSE = "finished", "withdrew"  # columns, the second by the beginning of its name


def who_left(found: Harms) -> list[str]:
    """How many did not finish, and of how many of them it is told whether it was because of it;
    nothing where no study prints how many finished.
    """
    rows = found.kinds(FINISHED)
    if not rows or pd.isna(rows[0][STARTED]):
        return []
    left, began = int(rows[0][STARTED] - rows[0]["total"]), int(rows[0][STARTED])
    said = f"of {began:,} people in {studies_text(int(rows[0]['shown']))}, {left} did not finish"
    if not left:
        return [said]
    lost = _left(found.frame).loc[lambda gone: gone > 0]
    because = [found.frame.loc[lost.index, name] for name in _because(found)]
    told = because[0].dropna() if because else lost[:0]
    known = int(lost[told.index].sum())
    if known:
        return [f"{said}; of {known} it is told, {int(told.sum())} because of it"]
    if len(lost) == 1:
        return [f"{said}; the one that people left does not say how many because of it"]
    return [f"{said}; none of the {len(lost)} that people left says how many because of it"]


def _left(frame: pd.DataFrame) -> pd.Series:
    """How many did not finish, of the studies that print both numbers."""
    return (frame[STARTED] - frame[FINISHED]).dropna()


def _because(found: Harms) -> list[str]:
    """The column of those who left because of it."""
    return [name for name in map(str, found.frame) if name.startswith(BECAUSE)][:1]


def events(ev: Evidence, found: Harms) -> list[str]:
    """Adverse events of the kind that most studies print, and serious ones."""
    several, serious = found.kinds("adverse_events"), found.kinds("serious_adverse_events")
    parts = [_in_those(ev, max(several, key=lambda row: row["shown"]))] if several else []
    if serious:
        return [*parts, _in_those(ev, serious[0])]
    which = "those that are serious" if parts else "serious events by themselves"
    return [*parts, f"none was read to count {which}"]


def _in_those(ev: Evidence, row: Any) -> str:
    """One number of harm, for the middle of a sentence."""
    field = ev.dictionary.tables["harms"].by_name.get(f"{row['column']}_counted")
    words = {one.value: one.extra.get("plain") for one in field.categories} if field else {}
    what = words.get(row["counted"]) or lower_first(row["title"])
    among = f" among {row[STARTED]:,} people" if pd.notna(row[STARTED]) else ""
    return f"{row['total']:,} {what}{among} in {studies_text(int(row['shown']))}"


def each_number(ev: Evidence, found: Harms) -> list[str]:
    """Every number that is printed, in a line; a number of those who left because of it says where
    nobody left at all.
    """
    arms = ev.dictionary.tables["harms"].by_name["arm"].labels
    whole = {
        name: bool((_left(found.frame).reindex(told.index) == 0).all())
        for name in _because(found)
        for told in [found.frame[name].dropna()]
    }
    exposed = found.totals["arm"].iloc[0]
    return [
        f"{arms[row['arm']]}: {lower_first(found.said(row))}"
        f"{', in which nobody left' * (row['arm'] == exposed and whole.get(row['column'], False))}."
        for row in frame_rows(found.shown)
    ]


def aside_numbers(ev: Evidence) -> list[str]:
    """How many finished in the studies that are set aside, which no sum holds."""
    studies = ev.studies.assign(counted=~ev.studies["counted"].fillna(False))
    found = harms(ev.with_tables({**ev.tables, "studies": studies}))
    reasons = studies.loc[studies["study_id"].isin(found.frame["study_id"]), "not_counted_because"]
    label = ev.dictionary.label
    why = [lower_first(label("not_counted_because", one)) for one in reasons.dropna().unique()]
    because = f" ({', '.join(why)})" if why else ""
    n = int((~ev.studies["counted"].fillna(False)).sum())
    have = number_form(found.studies, "has", "have")
    return [
        f"Of {studies_text(n)} that {number_form(n, 'is', 'are')} set aside, {found.studies} {have}"
        f" rows on harm{because}, which are in none of these sums; {lower_first(found.said(row))}."
        for row in found.kinds(FINISHED)
    ]
