"""The balance as text, CSV or JSON."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from evidence.frames import frame_rows
from evidence.model.dictionary import upper_first
from evidence.model.evidence import Evidence
from evidence.model.selection import cohort_key
from evidence.nouns import counted, either, share_of
from evidence.synthesis.balance import Balance, balance, set_aside, unreported
from evidence.synthesis.lens import get_lens
from evidence.synthesis.number_texts import p_cell, percent, took_part_cell
from evidence.synthesis.votes import one_outcome, sides_of
from evidence.tables.formulas import in_form

TESTED = ("share", "share_low", "share_high", "p_value", "p_worst", "too_few")
TWICE = "people who were studied twice count twice"
VOTES_THERE = "Each study votes with all its results on this outcome."


def print_balance(
    ev: Evidence,
    by: str = "population",
    lens: str = "concluded",
    unit: str = "study",
    overlap: str = "possible",
    form: str = "text",
) -> str:
    """The balance for a terminal or for another program.

    Text carries what a reader must know beside the numbers; JSON has the same under names, by
    direction with the sign test of each row; CSV is the table alone.
    """
    table = balance(ev, by, lens, unit, overlap)
    aside = set_aside(ev)
    parts = lambda: [_head(ev, lens, unit, overlap), "", _table(ev, table), ""]
    return in_form(
        form,
        table.frame,
        lambda: _as_json(ev, table, aside),
        lambda: "\n".join([*parts(), *_foot(ev, table, aside)]),
    )


def _as_json(ev: Evidence, table: Balance, aside: pd.Series) -> dict[str, Any]:
    """What the text says, under names."""
    settings, meaning = ev.dictionary.settings, get_lens(table.lens).meaning
    frame = table.frame
    if table.lens == "direction":
        frame = frame.join(_sign_tests(table)[list(TESTED)])
    there = {"votes": VOTES_THERE} if table.unit != "finding" and one_outcome(ev) else {}
    return table.meaning | {
        "lens_meaning": meaning,
        **there,
        "not_placed_is": table.unplaced,
        "rows": json.loads(frame.to_json(orient="records")),
        "chosen": ev.chosen,
        "set_aside": aside.to_dict(),
        **{name: settings.get(name, "") for name in ("frame", "how_made", "caution", "source")},
    }


def _sign_tests(table: Balance) -> pd.DataFrame:
    from evidence.synthesis.sign_test import sign_tests

    return sign_tests(table.assign(unreadable=unreported(table.frame)))


def _head(ev: Evidence, lens: str, unit: str, overlap: str) -> str:
    chosen = get_lens(lens)
    n = int(ev.studies["counted"].sum())
    one = f"one vote per {unit}"
    if unit == "cohort":
        one += f" ({overlap} overlap)"
    said = (
        f"{ev.dictionary.title}\n{share_of(n, len(ev), 'study', 'studies')} counted, {one},"
        f" {chosen.title}.\n{chosen.meaning}"
    )
    if unit != "finding" and one_outcome(ev):
        said += f"\n{VOTES_THERE}"
    if frame := ev.dictionary.settings.get("frame", ""):
        said += f"\nSeen {frame}."
    if ev.chosen:
        said += f"\nSelection: {ev.chosen}."
    return said


def _table(ev: Evidence, table: Balance) -> str:
    keys = list(dict.fromkeys([*ev.dictionary.kept_apart, *([table.by] if table.by else [])]))
    shown = pd.DataFrame(
        {
            column: (
                table[column]
                .map(
                    lambda value, column=column: ev.dictionary.stated(column, value),
                    na_action=None,
                )
                .astype("str")
            )
            for column in keys
        }
    )
    sides = [sides_of(ev, row) for row in frame_rows(table[keys])]
    heads = {
        way: upper_first(either(one[way] for one in sides)) for way in ("harm", "benefit") if sides
    }
    for word in get_lens(table.lens).placed:
        shown[heads.get(word) or ev.dictionary.label("conclusion", word)] = table[word]
    shown[table.unplaced] = table["not_placed"]
    if table.lens == "direction":
        tests = _sign_tests(table)
        shares = zip(tests["share"], tests["share_low"], tests["share_high"], strict=True)
        shown[f"{heads.get('benefit', 'Benefit')}, of those with one"] = [
            f"{percent(s)} ({percent(a)} to {percent(b)})" if s == s else "none"
            for s, a, b in shares
        ]
        for head, column in (("Sign test p", "p_value"), ("Worst case", "p_worst")):
            shown[head] = tests[column].map(p_cell).mask(tests["too_few"], "too few")
    shown["Cohorts" if table.unit == "cohort" else "Studies"] = table["studies"]
    shown["Took part"] = [
        took_part_cell(n, unknown, studies)
        for n, unknown, studies in zip(
            table["participants"], table["size_unknown"], table["studies"], strict=True
        )
    ]
    named = shown.rename(columns={column: ev.dictionary.title_of(column) for column in keys})
    return _aligned(named.astype("str"), text_columns=len(keys))


def _aligned(table: pd.DataFrame, text_columns: int) -> str:
    """Columns under their heads: words to the left, numbers to the right."""
    lines = [list(table.columns), *table.to_numpy().tolist()]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    aligned = [
        "  ".join(
            cell.ljust(w) if i < text_columns else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([aligned[0], "-" * max(map(len, aligned)), *aligned[1:]])


def _none_counted(ev: Evidence) -> str:
    if ev.steps:
        return "No counted study meets all conditions."
    if ev.studies.empty:
        return "No study is counted yet: add rows to studies.csv."
    return "No study is counted yet: all are set aside."


def _sizes(ev: Evidence, table: Balance) -> str:
    """Of how many units the size is not known, each once, and whether people are added up twice."""
    if table.unit == "cohort":
        unknown = counted(int(table["size_unknown"].sum()), "cohort", "cohorts")
        return f"Sample size not known: {unknown}. The others are added up."
    unknown = counted(int(ev.counted_studies["sample_size"].isna().sum()), "study", "studies")
    twice = f"; {TWICE}" if studied_twice(ev) else ""
    return f"Sample size not known: {unknown}. The others are added up{twice}."


def studied_twice(ev: Evidence) -> bool:
    """Whether counted studies share, or may share, who was studied."""
    return bool(cohort_key(ev.counted_studies, "possible").duplicated().any())


def _foot(ev: Evidence, table: Balance, aside: pd.Series) -> list[str]:
    lines = [] if len(table) else [_none_counted(ev)]
    if aside.sum():
        label = ev.dictionary.label
        reasons = ", ".join(
            f"{label('not_counted_because', reason).lower()} {n}" for reason, n in aside.items()
        )
        lines.append(f"Set aside as context: {int(aside.sum())} studies ({reasons}).")
    lines += [f"{said}." for said in table.unplaced_said]
    lines.append(_sizes(ev, table))
    retracted = table.retracted
    if retracted:
        lines.append(
            f"Retracted studies among those counted: {'; '.join(ev.names.reindex(retracted))}."
        )
    lines += [
        ev.dictionary.settings[name] for name in ("caution",) if name in ev.dictionary.settings
    ]
    how = ev.dictionary.settings.get("how_made")
    if how:
        return [*lines, f"How the table was made: {how}."]
    return lines
