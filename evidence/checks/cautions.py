"""Reasons to be careful: their conditions can be read, and name columns and values that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.errors import Fault, UsageError
from evidence.tables.conditions import ALLOWED, Condition, field_of, parse_criteria

if TYPE_CHECKING:
    from evidence.checks.run import Checked


def check_cautions(checked: Checked) -> list[Fault]:
    """Faults of the column ``criteria`` of the table ``cautions``."""
    text = checked.texts.get("cautions")
    if text is None or "criteria" in text.missing:
        return []
    faults = []
    for row, cell in enumerate(text.columns["criteria"].tolist()):
        try:
            conditions = parse_criteria(cell) if cell else []
        except UsageError as error:
            faults.append(
                text.fault(row, "criteria", str(error).split("; allowed")[0], ALLOWED, "criteria")
            )
            continue
        for one in conditions:
            wrong = _wrong(checked, one)
            if wrong:
                faults.append(text.fault(row, "criteria", *wrong, "criteria"))
    return faults


def _wrong(checked: Checked, condition: Condition) -> tuple[str, str] | None:
    """What is wrong with a condition, and what is allowed."""
    field = field_of(checked.dictionary, condition)
    if field is None:
        return f"{condition}: there is no such column of studies", _columns(checked, condition)
    if condition.sign in "<>" and field.type not in ("integer", "number"):
        return f"{condition}: {field.name} holds no numbers", "=, != or ~ for a column of texts"
    if condition.sign in ("=", "!=") and field.values:
        strange = [word for word in condition.alternatives if word and word not in field.values]
        if strange:
            return f"{condition}: {strange[0]!r} is not a value of {field.name}", ", ".join(
                field.values
            )
    return None


def _columns(checked: Checked, condition: Condition) -> str:
    tables = checked.dictionary.tables
    if condition.table in tables and "study_id" in tables[condition.table]:
        return ", ".join(tables[condition.table].by_name)
    if condition.table:
        return ", ".join(name for name, table in tables.items() if "study_id" in table)
    return "a column of studies or findings, or TABLE.COLUMN"
