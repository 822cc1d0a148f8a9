"""Agreement of two readings: kappa against published values, and the tables against pairs made by
hand.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plain
import pytest

import evidence
from evidence.synthesis.agreement import (
    OVERALL,
    agreement,
    confusion,
    disagreements,
    overruled,
)
from evidence.synthesis.kappa import kappa
from evidence.synthesis.reading_cells import NOT_SHOWN


def with_readings(ev, rows: list[tuple]) -> evidence.Evidence:
    """The data set with other readings: (study, finding, field, first, second)."""
    table = pd.DataFrame(
        rows, columns=["study_id", "finding_id", "field", "first_reading", "second_reading"]
    )
    table = table.astype({name: "str" for name in table if name != "field"}).assign(
        reading_id=[f"r{i}" for i in range(len(rows))]
    )
    table["field"] = table["field"].astype(ev.readings["field"].dtype)
    return ev.with_tables(dict(ev.tables) | {"readings": table})


@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    [
        # statpsych 1.x for R, reference page of ci.kappa(.05, 31, 12, 4, 58), after Fleiss and Paik
        # (2003): 0.6756757, 0.5317210 to 0.8196303
        ([[31, 12], [4, 58]], 0.6756757, 0.5317210, 0.8196303),
        # by hand: (0.7 - 0.5) / (1 - 0.5)
        ([[20, 5], [10, 15]], 0.4, None, None),
        # by hand: (0.85 - 0.65) / (1 - 0.65)
        ([[15, 5], [10, 70]], 0.2 / 0.35, None, None),
        # no better than chance
        ([[25, 25], [25, 25]], 0.0, None, None),
    ],
)
def test_kappa(counts, value, low, high):
    found = kappa(counts)
    assert found.kappa == pytest.approx(value, abs=5e-8)
    if low is not None:
        assert (found.ci_low, found.ci_high) == (
            pytest.approx(low, abs=5e-8),
            pytest.approx(high, abs=5e-8),
        )
    assert -1 <= found.ci_low <= found.kappa <= found.ci_high <= 1


def test_kappa_does_not_depend_on_the_order_of_the_values_or_of_the_readings():
    counts = np.array([[9, 1, 2], [0, 7, 3], [1, 1, 5]])
    turned = counts[::-1, ::-1]
    for other in (turned, counts.T):
        assert kappa(other).kappa == pytest.approx(kappa(counts).kappa)


def test_where_kappa_or_its_interval_does_not_exist():
    alone = kappa([[12, 0], [0, 0]])
    assert (alone.n, alone.share) == (12, 1.0) and np.isnan(alone.kappa)
    perfect = kappa([[7, 0], [0, 3]])
    assert perfect.kappa == 1 and np.isnan(perfect.ci_low) and np.isnan(perfect.ci_high)


@pytest.mark.parametrize(
    "counts", [[[1, 2]], [[0, 0], [0, 0]], [[1, -1], [0, 1]], [[0.5, 0], [0, 1]], []]
)
def test_no_table_of_counts(counts):
    with pytest.raises(evidence.UsageError, match="allowed"):
        kappa(counts)


def test_by_hand(ev):
    """Six studies: harm twice alike, one apart, one read once, one that nobody read; of the sizes
    10 = 10.0, one missed, one that neither reading found; p-values read once only.
    """
    ids = ev.studies["study_id"].to_list()
    said = [
        ("harm", "harm"),
        ("harm", "harm"),
        ("benefit", "harm"),
        ("benefit", None),
        (None, None),
        ("benefit", "benefit"),
    ]
    sizes = [("10", "10.0"), ("10", "11"), ("12", None), (None, None), (None, None), ("7", "7")]
    rows = [(i, None, "direction", *pair) for i, pair in zip(ids, said, strict=False)]
    rows += [(i, None, "sample_size", *pair) for i, pair in zip(ids, sizes, strict=False)]
    rows += [(ids[0], f"{ids[0]}-1", "p_value", None, "0.01")]
    table = agreement(with_readings(ev, rows))
    assert table["field"].to_list() == ["sample_size", "direction", OVERALL] and table.left_out == (
        "p_value",
    )
    lines = table.set_index("field")
    size, direction = lines.loc["sample_size"], lines.loc["direction"]
    assert (
        size["n"],
        size["agree"],
        size["first_empty"],
        size["second_empty"],
        size["both_empty"],
    ) == (5, 3, 1, 2, 1), "of the fifth study nothing was read"
    assert (size["filled"], size["agree_filled"], size["share_of_filled"]) == (4, 2, 0.5)
    assert np.isnan(size["kappa"])
    assert (direction["n"], direction["agree"], direction["kind"]) == (5, 3, "category")
    # expected: harm 2/5 * 3/5, benefit 3/5 * 1/5, empty 0/5 * 1/5
    chance = (2 * 3 + 3 * 1) / 25
    assert direction["kappa"] == pytest.approx((3 / 5 - chance) / (1 - chance))
    assert lines.loc[OVERALL, "kappa"] == pytest.approx(direction["kappa"])  # one category alone


def test_all_categories_are_weighted_by_their_pairs(ev):
    table = agreement(ev)
    own = table[(table["kind"] == "category") & (table["field"] != OVERALL)]
    whole = table.set_index("field").loc[OVERALL]
    assert whole["n"] == own["n"].sum() and whole["agree"] == own["agree"].sum()
    assert whole["kappa"] == pytest.approx(np.average(own["kappa"], weights=own["n"]))
    assert whole["kappa_low"] < whole["kappa"] < whole["kappa_high"]


def test_the_real_readings(ev):
    table = agreement(ev)
    once = {"p_value", "comparator", "outcome_domain", "primary_finding", "primary_basis"}
    assert not once & set(table["field"]) and set(table.left_out) == once
    lines = table.set_index("field")
    assert lines.loc["population", "kappa"] == 1 and np.isnan(lines.loc["population", "kappa_low"])
    readings = ev.readings[ev.readings["field"] == "direction"].fillna("empty")
    assert (
        lines.loc["direction", "agree"]
        == (readings["first_reading"] == readings["second_reading"]).sum()
    )
    apart = disagreements(ev)
    each = table[table["field"] != OVERALL].set_index("field")
    counts = apart["field"].value_counts().reindex(each.index, fill_value=0)
    assert (counts == each["n"] - each["agree"]).all()


def test_confusion_adds_up(ev):
    lines = agreement(ev).set_index("field")
    for field in ("direction", "significant", "conclusion"):
        square = confusion(ev, field)
        assert square.index.to_list() == square.columns.to_list() and square.index[-1] == NOT_SHOWN
        assert (
            square.to_numpy().sum() == lines.loc[field, "n"]
            and np.trace(square.frame) == lines.loc[field, "agree"]
        )
    assert confusion(ev, "direction").index[:3].to_list() == [
        "benefit",
        "no_clear_difference",
        "harm",
    ]


def test_how_it_was_settled(ev):
    table = disagreements(ev).set_index(["study_id", "field"]).sort_index()
    studies = plain.table("studies").set_index("study_id")["direction"]
    readings = plain.table("readings")
    readings = readings[readings["field"] == "direction"].set_index("study_id")
    apart = table.xs("direction", level="field")
    assert len(apart) == (readings["first_reading"] != readings["second_reading"]).sum() > 10
    for study, row in apart.iterrows():
        said = readings.loc[study, ["first_reading", "second_reading"]].to_list()
        now = studies[study]
        as_ = {said[1]: "second", said[0]: "first"}.get(now, "neither")
        assert (row["settled"], row["settled_as"]) == (now, as_)
    reasons = plain.table("reconciliations").set_index("reading_id")
    why = table[table["reason"].notna()].reset_index()
    assert len(why) > 10
    for row in why.to_dict("records"):
        about = row["study_id"] if pd.isna(row["finding_id"]) else row["finding_id"]
        told = reasons.loc[f"{about}:{row['field']}"]
        assert (row["reason"], "" if pd.isna(row["address"]) else row["address"]) == (
            told["reason"],
            told["address"],
        )


def test_a_changed_direction_changes_that_row_alone(ev):
    before = disagreements(ev)
    studies = ev.studies
    one = before[(before["field"] == "direction") & (before["settled_as"] == "second")].iloc[0]
    studies.loc[studies["study_id"] == one["study_id"], "direction"] = one["first_reading"]
    after = disagreements(ev.with_tables(dict(ev.tables) | {"studies": studies}))
    moved = (before.fillna("") != after.fillna("")).any(axis=1)
    assert before.loc[moved, "study_id"].to_list() == [one["study_id"]]
    assert after.loc[moved, "settled_as"].to_list() == ["first"]


def test_row_order_does_not_matter(ev):
    tables = dict(ev.tables)
    for name in ("readings", "studies", "findings"):
        tables[name] = tables[name].sample(frac=1, random_state=1).reset_index(drop=True)
    other = ev.with_tables(tables)
    pd.testing.assert_frame_equal(agreement(ev).frame, agreement(other).frame)
    key = ["study_id", "finding_id", "field"]
    one, two = (disagreements(each).sort_values(key, ignore_index=True) for each in (ev, other))
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(
        confusion(ev, "conclusion").frame, confusion(other, "conclusion").frame
    )


def test_a_selection_without_readings(ev):
    none = ev.select(question="mechanism", counted=True)
    assert agreement(none).empty and disagreements(none).empty


def test_wrong_use(ev):
    bare = ev.with_tables({name: table for name, table in ev.tables.items() if name != "readings"})
    for function in (agreement, disagreements, lambda one: confusion(one, "direction")):
        with pytest.raises(evidence.UsageError, match=r"no second reading \(readings.csv\)"):
            function(bare)
    for field in ("p_value", "sample_size", "colour"):
        with pytest.raises(
            evidence.UsageError, match="allowed, as categories that were read twice: population"
        ):
            confusion(ev, field)


def test_what_neither_reading_says_is_shown(ev):
    table = overruled(ev)
    assert (
        set(table["settled_as"]) == {"neither"}
        and (table["first_reading"].fillna("") == table["second_reading"].fillna("")).all()
    )
    assert len(table) and len(table) + len(disagreements(ev)) < len(ev.readings)
    studies = ev.studies
    alike = agreeing(ev).iloc[0]
    studies.loc[studies["study_id"] == alike, "direction"] = "mixed"
    now = overruled(ev.with_tables(dict(ev.tables) | {"studies": studies}))
    assert set(now["study_id"]) - set(table["study_id"]) == {alike}


def agreeing(ev) -> pd.Series:
    """Studies of whose direction both readings say what the table says, and of which no other
    agreed reading was overruled.
    """
    readings = plain.table("readings")
    mine = readings[readings["field"] == "direction"].set_index("study_id")
    now = plain.table("studies").set_index("study_id")["direction"].reindex(mine.index)
    both = (mine["first_reading"] == now) & (mine["second_reading"] == now) & (now != "mixed")
    ids = pd.Series(mine.index[both])
    return ids[~ids.isin(overruled(ev)["study_id"])]


def test_the_sides_of_a_confusion_are_named(ev):
    from evidence.synthesis.agreement import READINGS

    frame = evidence.confusion(ev, "conclusion").frame
    assert (frame.index.name, frame.columns.name) == READINGS


def test_two_readers_with_one_word_each():
    from evidence.synthesis.kappa import kappa

    found = kappa([[0, 3], [0, 0]])
    assert (found.agree, found.n, found.kappa) == (0, 3, 0)


def test_the_overruled_are_counted_from_zero(ev):
    table = evidence.overruled(ev)
    assert "index" not in table and list(table.index) == list(range(len(table)))
