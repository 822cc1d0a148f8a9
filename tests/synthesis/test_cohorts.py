"""Reports that share individuals: counts that a table by hand gives too."""

from __future__ import annotations

import pandas as pd
import plain
import pytest

import evidence
from evidence.synthesis.cohorts import cohort_table, repeated_share
from evidence.synthesis.votes import votes


def test_one_row_per_cohort(ev):
    table = cohort_table(ev).set_index("cohort")
    assert set(table.index) == set(ev.cohorts["cohort_id"]) and table.index.is_unique
    members = ev.studies[ev.studies["cohort"].notna()]
    assert (table["reports"] == members.groupby("cohort").size().reindex(table.index)).all()
    assert table["counted"].sum() == members["counted"].sum()
    for lens, words in (
        ("concluded", ("benefit", "no_clear_difference", "mixed", "harm")),
        ("direction", ("benefit", "mixed", "harm")),
    ):
        placed = (
            table[[f"{lens}_{word}" for word in words]].sum(axis=1) + table[f"{lens}_not_placed"]
        )
        assert (placed == table["counted"]).all()


def test_rows_worked_by_hand(ev):
    table = cohort_table(ev).set_index("cohort")
    studies = plain.table("studies")
    main = plain.main_findings().set_index("study_id")
    for cohort in ("italian_soccer", "als_gwas", "eurals"):
        row, members = table.loc[cohort], studies[studies["cohort"] == cohort]
        counted = members[members["counted"] == "true"].set_index("study_id")
        assert row[["reports", "counted"]].to_list() == [len(members), len(counted)]
        here = main.loc[counted.index]
        for lens, column in (("concluded", "conclusion"), ("direction", "observed_direction")):
            words = ("benefit", "mixed", "harm")
            counts = [(here[column] == word).sum() for word in words]
            assert row[[f"{lens}_{word}" for word in words]].to_list() == counts
            lead = counted.index[counted["cohort_representative"] == "true"]
            together = (plain.as_concluded, plain.by_direction)[lens == "direction"]
            vote = here.loc[lead[0], column] if len(lead) else together(here[column].to_list())
            assert ("" if pd.isna(row[f"{lens}_vote"]) else row[f"{lens}_vote"]) == vote
        assert row["has_representative"] == bool(len(lead))
    # the representative points the other way than the pilot; the largest known size of the soccer
    # players is the representative's
    two = table.loc["eurals"]
    assert two["direction_vote"] == "benefit" and two["direction_harm"] == 1
    sizes = ev.studies.set_index("study_id")["sample_size"]
    assert two["participants_once"] == sizes["pupillo2014"]
    assert two["participants"] == sizes["pupillo2014"] + sizes["beghi2010"]
    assert table.loc["italian_soccer", ["stands_for_it", "overlap"]].to_list() == [
        "pupillo2020",
        "certain",
    ]


def test_certain_overlaps_alone(ev):
    table = cohort_table(ev, "certain")
    assert set(table["overlap"]) == {"certain"} and "als_gwas" not in set(table["cohort"])


def test_a_cohort_without_a_counted_report_keeps_its_row(ev):
    studies = ev.studies
    studies.loc[studies["cohort"] == "monza", "counted"] = False
    table = cohort_table(ev.with_tables(dict(ev.tables) | {"studies": studies})).set_index("cohort")
    assert table.loc["monza", ["reports", "counted"]].to_list() == [2, 0] and pd.isna(
        table.loc["monza", "direction_vote"]
    )


def test_repeated_share(ev):
    table = repeated_share(ev)
    keys = ev.dictionary.kept_apart
    for overlap in ("certain", "possible"):
        units = votes(ev, "direction", "cohort", None, overlap).groupby(keys, observed=True).size()
        assert table[f"units_{overlap}"].to_list() == units.to_list()
        assert table[f"repeated_{overlap}"].to_list() == pytest.approx(
            (1 - units / table.set_index(keys)["studies"]).to_list()
        )
        assert (table[f"participants_{overlap}"] <= table["participants"]).all()
    studies = plain.table("studies")
    studies = studies[(studies["counted"] == "true") & (studies["question"] == "risk")]
    alone, members = studies[studies["cohort"] == ""], studies[studies["cohort"] != ""]
    certain = members[members["cohort_overlap"] == "certain"]
    units = [
        len(alone) + len(members) - len(certain) + certain["cohort"].nunique(),
        len(alone) + members["cohort"].nunique(),
    ]
    risk = table.set_index(keys).loc[("risk", "human")]
    assert risk[["studies", "units_certain", "units_possible"]].to_list() == [len(studies), *units]
    shared = members["cohort"].duplicated(keep=False).sum()
    assert risk["in_cohorts"] in (len(members), shared)


def test_leaving_a_report_out_changes_its_group_alone(ev):
    tables = dict(ev.tables)
    for name in ("studies", "findings"):
        tables[name] = tables[name][tables[name]["study_id"] != "chio2009"]
    before, after = repeated_share(ev), repeated_share(ev.with_tables(tables))
    assert (before["studies"] - after["studies"]).to_list() == [1, 0, 0]
    assert before[["units_certain", "units_possible"]].equals(
        after[["units_certain", "units_possible"]]
    )
    one, two = (cohort_table(each).set_index("cohort") for each in (ev, ev.with_tables(tables)))
    moved = (one["counted"] != two["counted"].reindex(one.index)).to_numpy()
    assert one.index[moved].to_list() == ["italian_soccer"]


def test_a_changed_direction_changes_its_cohort_alone(ev):
    findings = ev.findings
    findings.loc[findings["study_id"] == "pupillo2014", "observed_direction"] = "harm"
    one, two = (
        cohort_table(ev),
        cohort_table(ev.with_tables(dict(ev.tables) | {"findings": findings})),
    )
    moved = (one.astype("str").fillna("") != two.astype("str").fillna("")).any(axis=1)
    assert one.loc[moved, "cohort"].to_list() == ["eurals"] and two.loc[
        moved, "direction_vote"
    ].to_list() == ["harm"]


def test_row_order_does_not_matter(ev):
    tables = dict(ev.tables)
    for name in ("studies", "findings", "cohorts"):
        tables[name] = tables[name].sample(frac=1, random_state=2).reset_index(drop=True)
    other = ev.with_tables(tables)
    pd.testing.assert_frame_equal(cohort_table(ev), cohort_table(other))
    pd.testing.assert_frame_equal(repeated_share(ev), repeated_share(other))


def test_wrong_use(ev):
    bare = ev.with_tables({name: table for name, table in ev.tables.items() if name != "cohorts"})
    with pytest.raises(evidence.UsageError, match="no cohorts"):
        cohort_table(bare)
    with pytest.raises(evidence.UsageError, match="allowed: possible, certain"):
        cohort_table(ev, "perhaps")
