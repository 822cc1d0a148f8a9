"""Harms and programmes: an unknown is never zero; a total says how many studies print it."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence


def made(ev, rows: list[dict]):
    """Three counted studies and one set aside, with these rows of harms."""
    ids = ["a", "b", "c", "d"]
    studies = pd.DataFrame({"study_id": ids, "question": "treatment", "population": "human"})
    studies = studies.assign(counted=[True, True, True, False])
    whole = ["started", "finished", "adverse_events", "serious_adverse_events", "deaths"]
    whole += ["observed", "withdrew_because_of_exercise"]
    frame = pd.DataFrame(rows)
    for column in [*whole, "adverse_events_counted", "shown"]:
        if column not in frame:
            frame[column] = None
    frame = frame.astype(dict.fromkeys(whole, "Int64") | {"shown": "boolean"})
    return ev.with_tables(
        {**ev.tables, "studies": studies.astype({"study_id": "str"}), "harms": frame}
    )


ROWS = [
    {
        "study_id": "a",
        "arm": "exercise",
        "started": 10,
        "finished": 8,
        "adverse_events": 0,
        "adverse_events_counted": "any",
        "shown": True,
    },
    {"study_id": "a", "arm": "control", "started": 11, "finished": 11, "shown": False},
    {
        "study_id": "b",
        "arm": "exercise",
        "started": 20,
        "adverse_events": 3,
        "adverse_events_counted": "related",
        "shown": True,
    },
    {"study_id": "c", "arm": "exercise", "finished": 5, "shown": False},
    {
        "study_id": "d",
        "arm": "exercise",
        "started": 1000,
        "finished": 1,
        "deaths": 7,
        "shown": True,
    },
]


def test_totals_by_hand(ev):
    found = evidence.harms(made(ev, ROWS))
    assert (found.studies, found.safety_shown, list(found.frame["study_id"])) == (
        3,
        2,
        ["a", "b", "c"],
    )
    started, finished = found.total("started"), found.total("finished")
    assert (started["total"], started["shown"]) == (30, 2)
    assert (finished["total"], finished["shown"]) == (13, 2)
    assert pd.isna(finished["started"]), "one of the two does not say how many began"
    assert found.total("finished", arm="control")["total"] == 11
    assert (
        found.sentence("finished", arm="control")
        == "Finished: 11 among 11 in the 1 of 3 studies that tells"
    )


def test_an_unknown_is_never_zero(ev):
    found = evidence.harms(made(ev, ROWS))
    deaths = found.total("deaths")
    assert pd.isna(deaths["total"]) and deaths["shown"] == 0
    assert found.sentence("deaths") == "Deaths: not shown in any of 3 studies"
    assert found.sentence("adverse_events", counted="any").startswith(
        "Adverse events (any): 0 among 10 in the 1 of 3"
    )


def test_events_are_told_of_those_who_were_observed(ev):
    """Not of all who began, where the source tells them of others; all else is of those."""
    rows = [ROWS[0] | {"observed": 8}, *ROWS[1:]]
    found = evidence.harms(made(ev, rows))
    assert found.total("adverse_events", counted="any")["started"] == 8
    assert found.total("finished", arm="control")["started"] == 11
    assert "observed" not in set(found.totals["column"]), "it counts no harm"
    assert evidence.harms(ev).total("adverse_events", counted="any")["started"] == 19


def test_two_ways_to_count_are_never_added_up(ev):
    found = evidence.harms(made(ev, ROWS))
    totals = found.totals[
        (found.totals["arm"] == "exercise") & (found.totals["column"] == "adverse_events")
    ]
    assert dict(zip(totals["counted"], totals["total"], strict=True)) == {"any": 0, "related": 3}


def test_without_the_table_one_sentence(ev):
    tables = {
        name: table for name, table in ev.tables.items() if name not in ("harms", "programmes")
    }
    for function, words in (
        (evidence.harms, "record of harms"),
        (evidence.programmes, "record of what was done"),
    ):
        with pytest.raises(evidence.UsageError, match=words):
            function(ev.with_tables(tables))


# --- the curated tables ---


def counted(ev, question, population):
    studies = ev.studies
    here = (
        studies["counted"]
        & (studies["question"] == question)
        & (studies["population"] == population)
    )
    return set(studies.loc[here, "study_id"])


def test_every_counted_treatment_study_in_people_has_its_rows(ev):
    wanted = counted(ev, "treatment", "human")
    rows = ev.tables["harms"]
    assert wanted <= set(rows.loc[rows["arm"] == "exercise", "study_id"])
    assert evidence.harms(ev).studies == len(wanted)
    programmes = ev.tables["programmes"]
    assert wanted <= set(programmes.loc[programmes["arm"] == "exercise", "study_id"])


def test_every_counted_risk_study_has_an_exposure_measure(ev):
    assert counted(ev, "risk", "human") <= set(ev.tables["exposure_measures"]["study_id"])


def test_numbers_fit_the_studies(ev):
    rows = ev.tables["harms"]
    for column in ("finished", "observed"):
        assert (rows[column] <= rows["started"]).fillna(True).all(), column
    assert rows.loc[rows["observed"].notna(), "adverse_events"].notna().all()
    named = rows["adverse_events_counted"].notna()
    assert (rows["adverse_events"].notna() == named).all(), "a number says what it counts"
    told = (
        rows[["adverse_events", "withdrew_because_of_exercise", "serious_adverse_events", "deaths"]]
        .notna()
        .any(axis=1)
    )
    assert rows.loc[told, "shown"].all(), "who prints such a number shows something of safety"
    sizes = (
        ev.studies.set_index("study_id")["sample_size"]
        .reindex(rows["study_id"])
        .set_axis(rows.index)
    )
    assert (rows["started"] <= sizes).fillna(True).all()
    both = (
        rows[rows["arm"] != "all"]
        .groupby("study_id")["started"]
        .agg(lambda cells: cells.sum(skipna=False))
    )
    assert (
        (both <= ev.studies.set_index("study_id")["sample_size"].reindex(both.index))
        .fillna(True)
        .all()
    )


def test_every_row_has_an_address(ev):
    for name in ("harms", "programmes", "participants", "exposure_measures"):
        assert ev.tables[name]["address"].str.match("https?://").all(), name


def test_programmes_fit_the_studies(ev):
    found = evidence.programmes(ev.select(population="human"))
    shown = found.shown.set_index("column")
    assert (shown["shown"] <= shown["studies"]).all() and shown.loc[
        "what", "shown"
    ] == found.studies
    assert shown.loc["frequency_per_week", ["low", "high"]].between(0, 30).all()
    weeks = ev.studies.set_index("study_id")["duration_weeks"].reindex(found.frame["study_id"])
    same = weeks.to_numpy() == found.frame["duration_weeks"].to_numpy()
    known = (weeks.notna().to_numpy()) & found.frame["duration_weeks"].notna().to_numpy()
    odd = found.frame.loc[known & ~same, "study_id"].to_list()
    assert odd == [], "the length of a programme is that of its study"


def test_the_table_of_harms_holds_no_old_places(ev):
    found = evidence.harms(ev)
    assert "index" not in found.frame
    assert found.totals.index.to_list() == list(range(len(found.totals)))
