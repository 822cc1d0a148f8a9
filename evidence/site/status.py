"""Whether a paper stands: notices of correction, concern or retraction; and when new studies
were last searched for.
"""

from __future__ import annotations

from dataclasses import dataclass

from evidence.model.evidence import Evidence
from evidence.model.source_notices import TABLE


@dataclass(frozen=True)
class Searched:
    """When new studies were last searched for; empty: never, or nobody wrote it down.

    Attributes
    ----------
    last : str
        Day of the last search.
    waiting : int or None
        Papers that it found and that nobody has read yet; None when there was no search.
    """

    last: str = ""
    waiting: int | None = None


def searched(ev: Evidence) -> Searched:
    """Read it from the table of searches."""
    if "searches" not in ev.tables or ev.tables["searches"].empty:
        return Searched()
    rows = ev.tables["searches"]
    day = str(rows["date"].max())
    new = None
    if "new" in rows:
        new = rows.loc[rows["date"].astype("str") == day, "new"]
    return Searched(day[:10], None if new is None else int(new.fillna(0).sum()))


def statuses(ev: Evidence) -> dict[str, str]:
    """What is known of corrections, concerns and retractions, in a sentence for each paper that has
    one, by its id.

    A paper that is not there has no notice that a service told, or nobody was asked about it.
    """
    if TABLE not in ev.tables:
        return {}
    rows = ev.tables[TABLE]
    told = rows[rows["notice"].notna() & rows["notice"].ne("none")].sort_values(
        "notice", ascending=False, kind="stable"
    )
    found: dict[str, str] = {}
    for row in told.drop_duplicates("id").to_dict("records"):
        label = ev.dictionary.field("notice", TABLE)
        kind = (
            label.labels.get(str(row["notice"]), str(row["notice"]))
            if label
            else str(row["notice"])
        )
        parts = [
            f"{kind}, says {ev.dictionary.label('service', row['service'])} ({row['checked']}).",
            row["detail"],
            row["link"],
        ]
        found[row["id"]] = " ".join(str(part) for part in parts if isinstance(part, str) and part)
    return found
