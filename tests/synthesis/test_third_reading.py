"""The third reading against the table, counted once more from the files."""

from __future__ import annotations

import pandas as pd
import plain
import pytest

import evidence


def now_in_the_table() -> dict[str, str]:
    """What the table holds, by the id of a reading."""
    studies = plain.table("studies").set_index("study_id")
    findings = plain.table("findings").set_index("finding_id")
    main = findings[findings["is_primary"] == "true"].reset_index().set_index("study_id")
    held = {}
    for row in plain.table("readings").to_dict("records"):
        study, finding, field = row["study_id"], row["finding_id"], row["field"]
        if field == "primary_finding":
            cell = main.loc[study, "finding_id"]
        elif field == "primary_basis":
            cell = main.loc[study, "primary_basis"]
        elif finding:
            cell = findings.loc[finding, field]
            if field == "comparator":
                cell = cell or studies.loc[study, "comparator"]
        else:
            cell = studies.loc[study, field]
        held[row["reading_id"]] = cell
    return held


def alike(one: str, other: str, field: str) -> bool:
    if field not in ("sample_size", "estimate", "ci_low", "ci_high", "p_value"):
        return one == other
    one, other = (text.lstrip("<>=") for text in (one, other))
    return bool(one) and bool(other) and float(one) == float(other)


def from_the_files() -> pd.DataFrame:
    held, rows = now_in_the_table(), []
    before = plain.table("reconciliations").set_index("reading_id")["value_before"]
    for row in plain.table("readings").to_dict("records"):
        third, key, field = row["third_reading"], row["reading_id"], row["field"]
        if third:
            agree = alike(third, before.get(key, held[key]), field)
            rows.append((field, agree, alike(third, held[key], field)))
    return pd.DataFrame(rows, columns=["field", "before", "after"])


def test_every_share_is_that_of_the_files(ev):
    table = evidence.third_reading(ev).set_index("field")
    theirs = from_the_files().groupby("field").agg(["size", "sum"])
    assert set(table.index) == {*theirs.index, "all fields"}
    for field, row in theirs.iterrows():
        line = table.loc[field]
        assert line["n"] == row[("before", "size")]
        for when in ("before", "after"):
            assert line[f"agree_{when}"] == row[(when, "sum")], field
            assert line[f"share_{when}"] == pytest.approx(row[(when, "sum")] / line["n"])
    whole = table.loc["all fields"]
    assert whole["n"] == table["n"].sum() / 2


def test_the_interval_and_kappa_are_those_of_the_counts(ev):
    table = evidence.third_reading(ev).set_index("field")
    line = table.loc["comparator"]
    assert (line["share_before_low"], line["share_before_high"]) == pytest.approx(
        plain.wilson(line["agree_before"], line["n"])
    )
    held = now_in_the_table()
    readings = plain.table("readings")
    mine = readings[(readings["field"] == "comparator") & (readings["third_reading"] != "")]
    pairs = [(row["third_reading"], held[row["reading_id"]]) for row in mine.to_dict("records")]
    assert line["kappa_after"] == pytest.approx(plain.kappa(pairs))


def test_the_directions_and_comparators_that_started_it(ev):
    """Comparators agreed in about 62 %, directions in about 89 %, before anything was settled."""
    table = evidence.third_reading(ev).set_index("field")["share_before"]
    assert table["comparator"] == pytest.approx(0.62, abs=0.02)
    assert table["observed_direction"] == pytest.approx(0.89, abs=0.02)


def test_differences_from_the_table_say_how_they_were_settled(ev):
    table = evidence.disagreements(ev, "table")
    counts = evidence.third_reading(ev).set_index("field").loc["all fields"]
    assert len(table) == counts["n"] - counts["agree_before"]
    told = table[table["settled_as"].notna()]
    assert told["reason"].str.len().gt(5).all()
    reasons = plain.table("reconciliations").set_index("reading_id")
    for row in told.sample(40, random_state=1).to_dict("records"):
        about = row["study_id"] if pd.isna(row["finding_id"]) else row["finding_id"]
        theirs = reasons.loc[f"{about}:{row['field']}"]
        assert (row["reason"], row["settled_as"]) == (theirs["reason"], theirs["settled"])
    assert told["settled_as"].isin(["kept", "changed", "wording"]).all()


def test_a_changed_cell_changes_its_field_alone(ev):
    studies = ev.studies
    studies.loc[studies["study_id"] == "braga2018", "population"] = "animal"
    before, after = (
        evidence.third_reading(e).set_index("field")["agree_after"]
        for e in (ev, ev.with_tables(dict(ev.tables) | {"studies": studies}))
    )
    assert (before - after)[before != after].to_dict() == {"population": 1, "all fields": 1}


def test_without_reconciliations_nothing_is_settled(ev):
    bare = {name: table for name, table in ev.tables.items() if name != "reconciliations"}
    table = evidence.third_reading(ev.with_tables(bare))
    assert (table["agree_before"] == table["agree_after"]).all()
    assert (table[["kept", "changed", "wording"]] == 0).all(axis=None)
    with pytest.raises(evidence.UsageError, match=r"no second reading \(readings.csv\)"):
        evidence.third_reading(ev.with_tables({n: bare[n] for n in ("studies", "findings")}))


def test_a_set_whose_readings_are_two(ev):
    tables = dict(ev.tables) | {"readings": ev.readings.drop(columns="third_reading")}
    assert evidence.third_reading(ev.with_tables(tables)).empty
    assert evidence.disagreements(ev.with_tables(tables))["third_reading"].isna().all()


def test_wrong_use(ev):
    with pytest.raises(evidence.UsageError, match="allowed: readings, table"):
        evidence.disagreements(ev, "nobody")


def test_fields_that_a_selection_does_not_have_are_left_out(ev):
    from evidence.synthesis.third_reading import compared

    part = ev.select(study_id="chio2005")
    fields = set(compared(part)["field"].astype("str"))
    shown = set(evidence.third_reading(part).frame["field"].astype("str"))
    every = set(evidence.third_reading(ev).frame["field"].astype("str"))
    assert 0 < len(fields) < len(every) - 1 and shown - fields == every - (
        every & set(compared(ev)["field"].astype("str"))
    )


def test_what_is_not_settled_are_the_differences_without_a_word_on_them(ev):
    """With no differences settled, all that differ are left; with all of them, none."""
    whole = evidence.third_reading(ev).frame.iloc[-1]
    assert whole["unsettled"] == 0 and whole["n"] > whole["agree_before"]
    tables = {name: table for name, table in ev.tables.items() if name != "reconciliations"}
    bare = evidence.third_reading(ev.with_tables(tables)).frame.iloc[-1]
    assert bare["unsettled"] == bare["n"] - bare["agree_before"] > 0
