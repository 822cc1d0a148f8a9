"""Accuracy by hand, and on the audit."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence


def audited(ev, rows):
    table = ev.dictionary.tables["audit"]
    frame = pd.DataFrame(rows, columns=["study_id", "field", "verdict"]).assign(
        finding_id=None, audit_id=range(len(rows))
    )
    for column in ("field", "verdict"):
        frame[column] = pd.Categorical(frame[column], categories=table.by_name[column].values)
    return ev.with_tables({**ev.tables, "audit": frame})


def decided(ev, rows):
    frame = pd.DataFrame(rows, columns=["id", "field", "who", "verdict"]).assign(table="studies")
    frame["verdict"] = pd.Categorical(
        frame["verdict"], categories=["right", "wrong", "cannot_tell"]
    )
    return ev.with_tables({**ev.tables, "adjudications": frame})


def test_by_hand(ev):
    verdicts = ["right"] * 8 + ["wrong", "arguable"] + ["both_empty"] * 5 + ["not_checkable"] * 3
    rows = [("abel2007", "design", verdict) for verdict in verdicts]
    table = evidence.accuracy(audited(ev, rows)).set_index("field")
    row = table.loc["design"]
    assert (row["checked"], row["right"], row["both_empty"], row["not_checkable"]) == (10, 8, 5, 3)
    assert row["share"] == pytest.approx(0.8)
    # Wilson (1927) for 8 of 10: 0.490 to 0.943
    assert (round(row["share_low"], 3), round(row["share_high"], 3)) == (0.490, 0.943)
    assert (
        list(table.index) == ["design", "all fields"] and table.loc["all fields", "checked"] == 10
    )


def test_a_missed_value_counts_against(ev):
    table = evidence.accuracy(
        audited(ev, [("abel2007", "p_value", "missed"), ("abel2007", "p_value", "right")])
    )
    assert table.loc[0, ["checked", "right", "missed"]].to_list() == [2, 1, 1]


def test_what_cannot_be_judged_has_no_share(ev):
    table = evidence.accuracy(audited(ev, [("abel2007", "interval", "both_empty")]))
    assert table.loc[0, "checked"] == 0 and pd.isna(table.loc[0, "share"])


def test_people_last_word_counts_and_dispute_is_not_right(ev):
    rows = [
        ("a", "design", "one", "wrong"),
        ("a", "design", "one", "right"),  # changed her mind
        ("b", "design", "one", "right"),
        ("b", "design", "two", "wrong"),  # they differ
        ("c", "design", "one", "cannot_tell"),
    ]
    table = evidence.accuracy(decided(ev, rows), "adjudications").set_index("field")
    row = table.loc["design"]
    assert (row["checked"], row["right"], row["disputed"], row["cannot_tell"]) == (2, 1, 1, 1)


def test_nothing_decided_gives_no_row(ev):
    empty = ev.with_tables({**ev.tables, "adjudications": ev.tables["adjudications"].iloc[:0]})
    table = evidence.accuracy(empty, "adjudications")
    assert table.empty and "share_low" in table


def test_wrong_use(ev):
    with pytest.raises(evidence.UsageError, match="source"):
        evidence.accuracy(ev, "luck")
    without = {name: table for name, table in ev.tables.items() if name != "audit"}
    with pytest.raises(evidence.UsageError, match="no audit"):
        evidence.accuracy(ev.with_tables(without))


def test_the_audit(ev):
    rows = ev.tables["audit"]
    assert (
        len(rows) == 676 and rows["study_id"].nunique() == 36 and rows["finding_id"].nunique() == 44
    )
    table = evidence.accuracy(ev).set_index("field")
    assert table.loc["all fields", ["checked", "right"]].to_list() == [530, 474]
    assert table.loc["sample_size", "share"] == 1 and table.loc["exposure", "share"] < 0.7
    counts = table.drop(columns=["title", "share", "share_low", "share_high", "right"])
    assert counts.loc["all fields"].drop("checked").sum() + 474 == 676
