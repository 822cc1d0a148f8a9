"""Where the sources stand: numbers, unconfirmed fields, what services said, searches."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence
from evidence.synthesis.sources import NO_NUMBER, UNCHECKED


def told(ev: evidence.Evidence, *rows: tuple[str, str, str]) -> evidence.Evidence:
    """The data set with a status: table, id, result, notice of each row."""
    table = ev.dictionary.tables["source_status"]
    status = pd.DataFrame(
        [
            {"table": t, "id": i, "service": s, "result": r, "notice": n, "checked": day}
            for t, i, s, r, n, day in rows
        ],
        columns=ev.source_status.columns,
    )
    kinds = {
        name: pd.CategoricalDtype(table.by_name[name].values)
        for name in ("service", "result", "notice")
    }
    return ev.with_tables(dict(ev.tables) | {"source_status": status.astype(kinds)})


@pytest.fixture(scope="module")
def asked(ev):
    return told(
        ev,
        ("studies", "abel2007", "crossref", "differs", "correction", "2026-01-05"),
        ("studies", "abel2007", "pubmed", "matches", "retraction", "2026-01-07"),
        ("studies", "aberg2018", "crossref", "matches", "none", "2026-01-06"),
        ("reviews", "angelini2021", "crossref", "not_found", "none", "2026-01-06"),
        ("studies", "anns2025", "crossref", "differs", "expression_of_concern", "2026-01-06"),
    )


def test_before_anyone_was_asked(ev):
    checks = evidence.source_checks(ev)
    numbered = checks["doi"].notna() | checks["pmid"].notna()
    assert set(checks.loc[numbered, "status"]) == {UNCHECKED} and set(
        checks.loc[~numbered, "status"]
    ) == {NO_NUMBER}
    assert checks["checked"].isna().all() and len(checks) == len(ev.studies) + len(ev.reviews)
    overview = evidence.source_overview(ev)
    assert "Notices" not in set(overview["group"]) and overview.entries_of == (
        "studies",
        "reviews",
    )
    assert overview.first == overview.last == "" and overview.retracted == ()
    rows = overview.set_index("what")
    assert rows.loc["with a DOI", "studies"] == ev.studies["doi"].notna().sum() and rows.loc[
        "checked", ["studies", "reviews"]
    ].to_list() == [0, 0]
    assert (
        rows.loc["with fields that no page confirmed"].drop("group").sum()
        == ev.unverified_fields["id"].nunique()
    )


def test_the_most_serious_comes_first(asked):
    checks = evidence.source_checks(asked)
    assert checks["id"].to_list()[:3] == ["abel2007", "anns2025", "angelini2021"]
    assert checks["status"].to_list()[:3] == ["retracted", "expression of concern", "not found"]
    assert (
        checks["source"].iloc[0] == "Abel 2007 (retracted)"
        and checks["checked"].iloc[0] == "2026-01-07"
    )
    assert checks["status"].iloc[-1] == "agrees" and checks["id"].iloc[-1] == "aberg2018"
    waiting = checks[checks["status"] == UNCHECKED]
    assert (
        waiting["unverified_fields"].is_monotonic_decreasing
        and waiting["unverified_fields"].iloc[0] == 7
    )


def test_the_numbers_of_the_overview(asked):
    overview = evidence.source_overview(asked)
    rows = overview.set_index("what")
    assert rows.loc["checked", ["studies", "reviews"]].to_list() == [3, 1]
    assert rows.loc["not yet checked with a service", "studies"] == len(asked.studies) - 3
    assert rows.loc["differs, or not found", ["studies", "reviews"]].to_list() == [2, 1]
    assert rows[rows["group"] == "Notices"].index.to_list() == [
        "expression of concern",
        "retracted",
    ]
    assert (overview.first, overview.last, overview.retracted) == (
        "2026-01-06",
        "2026-01-07",
        ("abel2007",),
    )


def test_fields_that_no_page_confirmed(ev):
    table = evidence.unverified(ev)
    assert (
        table["entries"].sum() == len(ev.unverified_fields)
        and table["entries"].is_monotonic_decreasing
        and table["field"].iloc[0] == ev.unverified_fields["field"].astype("str").mode()[0]
    )
    none = ev.with_tables(
        {name: table for name, table in ev.tables.items() if name != "unverified_fields"}
    )
    assert (
        evidence.unverified(none).empty and evidence.source_checks(none)["unverified"].eq("").all()
    )


def test_the_saved_search(ev):
    table = evidence.saved_searches(ev)
    assert (
        list(table.columns) == ["question", "service", "terms", "last_search", "found", "new"]
        and len(table) == 4
    )
    assert table["last_search"].eq("not run yet").all() and table["found"].isna().all()
    row = {
        "search_id": "2026-02-01:risk_pubmed",
        "date": "2026-02-01",
        "search": "risk_pubmed",
        "service": "pubmed",
        "found": 30,
        "new": 17,
    }
    searches = pd.DataFrame([row], columns=ev.searches.columns).astype(
        {"found": "Int64", "new": "Int64"}
    )
    after = evidence.saved_searches(ev.with_tables(dict(ev.tables) | {"searches": searches}))
    assert after.loc[0, ["found", "new"]].to_list() == [30, 17] and after.loc[1, "found"] is pd.NA


def test_the_answer_says_what_is_not_known(ev, asked):
    plain, after = str(evidence.sources_answer(ev)), str(evidence.sources_answer(asked))
    assert (
        "None was checked with a service yet" in plain
        and "never run" in plain
        and "retracted" in plain
    )
    assert (
        "4 were checked (2026-01-06 to 2026-01-07): 3 differ or were not found; notices: 1"
        " expression of concern, 1 retracted." in after
    )
