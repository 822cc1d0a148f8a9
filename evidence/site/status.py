"""Whether a paper stands: notices of correction, concern or retraction; and when new studies
were last searched for.
"""

from __future__ import annotations

from dataclasses import dataclass

from evidence.model.evidence import Evidence
from evidence.model.source_notices import TABLE
from evidence.synthesis.study_flow import last_search


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
    last = last_search(ev)
    if last.empty:
        return Searched()
    return Searched(str(last["date"].iloc[0]), int(last["new"].fillna(0).sum()))


def checked_ids(ev: Evidence) -> set[str]:
    """The papers about which a service was asked."""
    return set(ev.tables[TABLE]["id"]) if TABLE in ev.tables else set()


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
    label = ev.dictionary.label
    for row in told.drop_duplicates("id").to_dict("records"):
        parts = [
            f"{label('notice', row['notice'])}, says {label('service', row['service'])}"
            f" ({row['checked']}).",
            row["detail"],
            row["link"],
        ]
        found[row["id"]] = " ".join(str(part) for part in parts if isinstance(part, str) and part)
    return found
