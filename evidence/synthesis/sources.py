"""Where the sources stand: which can be checked, which were, what no page confirmed, and the
searches.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evidence.model.evidence import Evidence
from evidence.model.source_notices import RETRACTION, paper_keys, worst
from evidence.synthesis.result import Result

MARKS = "unverified_fields"
UNCHECKED = "not yet checked"
NO_NUMBER = "cannot be asked"
NOT_RUN = "not run yet"
RESULTS = {"matches": "agrees", "differs": "differs", "not_found": "not found"}
NOTICES = {
    "correction": "correction",
    "expression_of_concern": "expression of concern",
    "partial_retraction": "partly retracted",
    RETRACTION: "retracted",
}


def source_checks(ev: Evidence) -> pd.DataFrame:
    """Each study and review with what is known of it as a source.

    Parameters
    ----------
    ev : Evidence

    Returns
    -------
    DataFrame
        One row per entry, those first that someone has to look at: ``table, id, source`` (its
        name), ``year, doi, pmid, status`` ("retracted", another notice, "not found", "differs",
        "not yet checked", "cannot be asked" without DOI and PubMed number, "agrees"), ``checked``
        (the latest day; missing when nobody was asked), ``unverified`` (fields that no page
        confirmed, separated by a comma) and ``unverified_fields`` (how many).

    Examples
    --------
    >>> import evidence
    >>> table = source_checks(evidence.load())
    >>> len(table) == len(evidence.load().studies) + len(evidence.load().reviews)
    True
    """
    parts = []
    entries = ev.bibliography.drop_duplicates("key").set_index("key")
    for name, key in paper_keys(ev.dictionary).items():
        table = ev.tables[name]
        part = table.reindex(columns=["year", "doi", "pmid"]).assign(
            table=name, id=table[key].astype("str").to_numpy()
        )
        for column in ("doi", "pmid"):
            if column not in ev.dictionary.tables[name]:
                part[column] = entries[column].reindex(part["id"]).to_numpy()
        parts.append(part.astype({"doi": "str", "pmid": "str"}))
    table = pd.concat(parts, ignore_index=True)
    known = worst(ev.dictionary, ev.tables)
    table["checked"] = table["id"].map(known["checked"]).astype("str")
    table["status"] = _status(table, known)
    table["unverified"] = table["id"].map(_marked(ev)).astype("str").fillna("")
    table["unverified_fields"] = (
        table["unverified"]
        .str.split(", ")
        .map(lambda fields: len([field for field in fields if field]))
    )
    table["source"] = ev.names.reindex(table["id"]).fillna(table["id"]).to_numpy()
    order = [
        *reversed(NOTICES.values()),
        RESULTS["not_found"],
        RESULTS["differs"],
        UNCHECKED,
        NO_NUMBER,
        RESULTS["matches"],
    ]
    rank = table["status"].map({status: number for number, status in enumerate(order)})
    table = table.assign(rank=rank).sort_values(
        ["rank", "unverified_fields", "id"],
        ascending=[True, False, True],
        kind="stable",
        ignore_index=True,
    )
    return table[
        [
            "table",
            "id",
            "source",
            "year",
            "doi",
            "pmid",
            "status",
            "checked",
            "unverified",
            "unverified_fields",
        ]
    ]


def _status(table: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """The most serious that is known of each entry, in a word."""
    asked = table["doi"].notna() | table["pmid"].notna()
    status = pd.Series(NO_NUMBER, index=table.index).where(~asked, UNCHECKED)
    result = None
    if len(known):
        result = table["id"].map(known["result"].astype("str").map(RESULTS))
    notice = None
    if len(known):
        notice = table["id"].map(known["notice"].astype("str").map(NOTICES))
    for found in (result, notice):
        if found is not None:
            status = found.where(found.notna(), status)
    return status.astype("str")


def _marked(ev: Evidence) -> pd.Series:
    """Fields of each entry that no page confirmed."""
    if MARKS not in ev.tables:
        return pd.Series(dtype="str")
    return ev.tables[MARKS].groupby("id", sort=False)["field"].agg(lambda fields: ", ".join(fields))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SourceOverview(Result):
    """Result of :func:`source_overview`.

    Attributes
    ----------
    entries_of : tuple of str
        Tables with entries, which are columns of the frame.
    first, last : str
        Days of the first and last check; empty when there was none.
    """

    drawn_by = "source_status"
    entries_of: tuple[str, ...] = ()
    first: str = ""
    last: str = ""


def source_overview(ev: Evidence) -> SourceOverview:
    """How many entries have what, for each table of papers.

    Parameters
    ----------
    ev : Evidence

    Returns
    -------
    SourceOverview
        ``group`` ("Numbers", "Fields", "Checked", "Notices"), ``what``, then a column for each
        table with its number of entries. Notices that no entry has are left out, and what came of
        checking when nobody was asked.

    Examples
    --------
    >>> import evidence
    >>> table = source_overview(evidence.load()).set_index("what")
    >>> int(table.loc["entries", "studies"]) == len(evidence.load().studies)
    True
    """
    checks = source_checks(ev)
    doi, pmid, status = checks["doi"].notna(), checks["pmid"].notna(), checks["status"]
    result = checks["id"].map(worst(ev.dictionary, ev.tables)["result"].astype("str"))
    rows = [
        ("Numbers", "entries", doi | True),
        ("Numbers", "with a DOI", doi),
        ("Numbers", "with a PubMed number", pmid),
        ("Numbers", "with neither: nobody can be asked", ~doi & ~pmid),
        ("Fields", "with fields that no page confirmed", checks["unverified_fields"] > 0),
        ("Checked", "not yet checked with a service", checks["checked"].isna()),
        ("Checked", "checked", checks["checked"].notna()),
    ]
    if checks["checked"].notna().any():
        rows.append(("Checked", "differs, or not found", result.isin(["differs", "not_found"])))
    rows += [
        ("Notices", name, status == name) for name in NOTICES.values() if (status == name).any()
    ]
    tables = list(paper_keys(ev.dictionary))
    table = pd.DataFrame(
        [
            {"group": g, "what": w}
            | {name: int((met & (checks["table"] == name)).sum()) for name in tables}
            for g, w, met in rows
        ]
    )
    days = checks["checked"].dropna()
    first, last = (days.min(), days.max()) if len(days) else ("", "")
    return SourceOverview(
        ev, table, underlying=tuple(checks["id"]), entries_of=tuple(tables), first=first, last=last
    )


def unverified(ev: Evidence) -> pd.DataFrame:
    """How many entries have a field that no page confirmed, for each field; most frequent first.

    Parameters
    ----------
    ev : Evidence

    Returns
    -------
    DataFrame
        ``field, entries``; empty when the data set marks none.

    Examples
    --------
    >>> import evidence
    >>> evidence.unverified(evidence.load()).columns.to_list()
    ['field', 'entries']
    """
    if MARKS not in ev.tables or ev.tables[MARKS].empty:
        return pd.DataFrame({"field": pd.Series(dtype="str"), "entries": pd.Series(dtype="int64")})
    counts = (
        ev.tables[MARKS]["field"]
        .value_counts()
        .rename("entries")
        .rename_axis("field")
        .reset_index()
    )
    return counts.sort_values(["entries", "field"], ascending=[False, True], ignore_index=True)


def saved_searches(ev: Evidence) -> pd.DataFrame:
    """The saved search, and what came of it when it last ran.

    Parameters
    ----------
    ev : Evidence

    Returns
    -------
    DataFrame
        One row per search: ``question, service, terms, last_search`` ("not run yet" before the
        first), ``found, new`` of the last run (missing before the first).

    Raises
    ------
    UsageError
        When the data set has no saved search.

    Examples
    --------
    >>> import evidence
    >>> sorted(set(evidence.saved_searches(evidence.load())["service"]))
    ['europepmc', 'pubmed']
    """
    from evidence.synthesis.study_flow import last_search
    from evidence.tables.saved_search import read_search

    saved = read_search(ev.dictionary)
    table = pd.DataFrame(
        [
            {"name": s.name, "question": s.question, "service": s.service, "terms": s.terms}
            for s in saved.searches
        ],
        dtype="str",
    )
    last = last_search(ev)
    runs = (
        last.set_index("search")
        if len(last)
        else pd.DataFrame(columns=["found", "new"], dtype="Int64")
    )
    table["last_search"] = pd.Series(
        [saved.last.isoformat() if saved.last else NOT_RUN] * len(table), dtype="str"
    )
    for column in ("found", "new"):
        table[column] = table["name"].map(runs[column]).astype("Int64")
    return table.drop(columns="name")
