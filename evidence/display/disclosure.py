"""Who read the sources and how, with the measured agreement and accuracy, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import fields

import pandas as pd

from evidence.errors import NoTable, UsageError
from evidence.frames import frame_rows
from evidence.model.evidence import Evidence
from evidence.synthesis.accuracy import accuracy
from evidence.synthesis.agreement import OVERALL, agreement
from evidence.synthesis.number_texts import percent
from evidence.tables.protocol import OPEN, Item, Pass, read_protocol

WIDTH = 100
NONE = "None yet."
PARTS = {
    "reader": "Reader",
    "version": "Version",
    "dates": "Dates",
    "instructions": "Instructions",
    "saw": "Saw",
    "did_not_see": "Did not see",
    "covered": "Covered",
    "output": "Kept in",
    "checked_by_people": "Checked by people",
}


def disclosure(ev: Evidence) -> str:
    """Who read, how, and how well: every item filled, or marked as open.

    Parameters
    ----------
    ev : Evidence
        Its setting ``reading_protocol`` names the file with the answers.

    Returns
    -------
    str
        The passes, the items of the checklists, and the numbers that are worked out from
        ``readings``, ``audit`` and ``adjudications``.

    Raises
    ------
    UsageError
        When the data set has no reading protocol.
    DataError
        When the protocol has a fault, such as a part that is empty.

    Examples
    --------
    >>> import evidence
    >>> text = evidence.disclosure(evidence.load())
    >>> "Agreement of the readings" in text
    True
    """
    protocol = read_protocol(ev.dictionary)
    blocks = [f"{ev.dictionary.title}: who read the sources, and how"]
    blocks += [_pass(one) for one in protocol.passes]
    blocks += ["Agreement of the readings\n" + agreement_text(ev)]
    blocks += ["Accuracy in the audit\n" + accuracy_text(ev, "audit")]
    blocks += ["Decisions of people\n" + accuracy_text(ev, "adjudications")]
    for checklist, address in protocol.checklists.items():
        items = [item for item in protocol.items if item.checklist == checklist]
        head = f"{checklist} ({address}): {_filled(items)}"
        blocks.append("\n".join([head, *(_item(ev, item) for item in items)]))
    return "\n\n".join(blocks)


def agreement_text(ev: Evidence) -> str:
    """How often the readings agree, field by field; one sentence where there is nothing."""
    try:
        table = agreement(ev)
    except UsageError as error:
        return str(error)
    return "\n".join(_agreement_line(ev, row) for row in frame_rows(table.frame)) or NONE


def accuracy_text(ev: Evidence, source: str) -> str:
    """Share of right values with its interval, field by field; one sentence where none is known."""
    try:
        table = accuracy(ev, source)
    except NoTable as error:
        return str(error)
    if table.empty:
        return NONE
    labels = ev.dictionary.tables[source].by_name["verdict"].labels
    return "\n".join(_accuracy_line(row, labels) for row in table.to_dict("records"))


def _pass(one: Pass) -> str:
    lines = [one.title]
    for part in fields(one):
        if part.name in PARTS:
            lines.append(_wrapped(f"{PARTS[part.name]}: {getattr(one, part.name)}"))
    return "\n".join(lines)


def _item(ev: Evidence, item: Item) -> str:
    short: dict[str, Callable[[], str]] = {
        "agreement": lambda: _short_agreement(ev),
        "accuracy": lambda: _short_accuracy(ev, "audit"),
        "adjudications": lambda: _short_accuracy(ev, "adjudications"),
    }
    answer = item.answer if item.answer != OPEN else "OPEN"
    lines = [_wrapped(f"{item.id}. {item.asks}"), textwrap.indent(_wrapped(answer), "  ")]
    if item.measured and (number := short[item.measured]()):
        lines.append(textwrap.indent(_wrapped(f"Measured: {number}"), "  "))
    return "\n".join(lines)


def _filled(items: list[Item]) -> str:
    waiting = [item.id for item in items if item.answer == OPEN]
    text = f"{len(items) - len(waiting)} of {len(items)} items filled"
    return f"{text}; open: {', '.join(waiting)}" if waiting else text


def _agreement_line(ev: Evidence, row: dict) -> str:
    if row["field"] == OVERALL:
        whole = "All categories"
    else:
        whole = ev.dictionary.label("field", row["field"])
    text = f"{whole}: {row['agree']} of {row['n']} ({percent(row['share'])})"
    if pd.isna(row["kappa"]):
        return _wrapped(text)
    low, high = row["kappa_low"], row["kappa_high"]
    interval = "" if pd.isna(low) else f" ({low:.2f} to {high:.2f})"
    return _wrapped(f"{text}, kappa {row['kappa']:.2f}{interval}")


def _accuracy_line(row: dict, labels: dict[str, str]) -> str:
    others = [(labels.get(word, word).lower(), row[word]) for word in row if _is_count(word)]
    rest = ", ".join(f"{number} {label}" for label, number in others if number)
    return _wrapped(f"{row['title']}: {_right(row)}" + (f"; {rest}" if rest else ""))


def _is_count(column: str) -> bool:
    known = ("field", "title", "checked", "right", "share", "share_low", "share_high")
    return column not in known


def _right(row: dict) -> str:
    if not row["checked"]:
        return "none could be judged"
    interval = f"95 % interval {percent(row['share_low'])} to {percent(row['share_high'])}"
    return f"{row['right']} of {row['checked']} right ({percent(row['share'])}, {interval})"


def _short_agreement(ev: Evidence) -> str:
    """The line over all categories."""
    lines = agreement_text(ev).splitlines()
    said = next((line for line in lines if line.startswith("  All")), lines[-1]).strip()
    return "none yet" if said == NONE else said


def _short_accuracy(ev: Evidence, source: str) -> str:
    """The row over all fields."""
    if source not in ev.tables:
        return accuracy_text(ev, source)
    table = accuracy(ev, source)
    if len(table):
        return f"all fields: {_right(table.iloc[-1].to_dict())}"
    return "none yet"


def _wrapped(text: str) -> str:
    """Lines of a readable length, the first one less far in than the others."""
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
