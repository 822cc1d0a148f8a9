"""Agreement of two readings: kappa against published values, and the tables against pairs made by
hand.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence
from evidence.synthesis.agreement import (
    NOT_SHOWN,
    OVERALL,
    agreement,
    confusion,
    disagreements,
    overruled,
)
from evidence.synthesis.kappa import kappa


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
    """Six studies: harm twice alike, one apart, one read once, one empty in both; sizes 10 = 10.0,
    one missed; p-values read once only.
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
    ) == (6, 4, 2, 3, 2)
    assert (size["filled"], size["agree_filled"], size["share_of_filled"]) == (4, 2, 0.5)
    assert np.isnan(size["kappa"])
    assert (direction["n"], direction["agree"], direction["kind"]) == (6, 4, "category")
    # expected: harm 2/6 * 3/6, benefit 3/6 * 1/6, empty 1/6 * 2/6
    chance = (2 * 3 + 3 * 1 + 1 * 2) / 36
    assert direction["kappa"] == pytest.approx((4 / 6 - chance) / (1 - chance))
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
    assert "p_value" not in set(table["field"]) and table.left_out == ("p_value",)
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
    table = disagreements(ev).set_index(["study_id", "field"])
    assert table.loc[("merico2018", "direction"), ["settled", "settled_as"]].to_list() == [
        "benefit",
        "second",
    ]
    size = table.loc[("nct05003167", "sample_size")]
    assert (size["settled"], size["settled_as"]) == ("13", "first")
    empty = table.loc[("vanacore2018", "sample_size")]
    assert pd.isna(empty["settled"]) and empty["settled_as"] == "neither"
    missed = table.loc[("mackay2019", "estimate")].iloc[0]
    assert pd.isna(missed["second_reading"]) and missed["settled_as"] == "first"


def test_a_changed_direction_changes_that_row_alone(ev):
    before = disagreements(ev)
    studies = ev.studies
    studies.loc[studies["study_id"] == "merico2018", "direction"] = "no_clear_difference"
    after = disagreements(ev.with_tables(dict(ev.tables) | {"studies": studies}))
    moved = (before.fillna("") != after.fillna("")).any(axis=1)
    assert before.loc[moved, "study_id"].to_list() == ["merico2018"]
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
        and (table["first_reading"] == table["second_reading"]).all()
    )
    assert "janssen2017" in set(table["study_id"]) and len(table) + len(disagreements(ev)) < len(
        ev.readings
    )
    studies = ev.studies
    studies.loc[studies["study_id"] == "chio2005", "direction"] = "benefit"
    now = overruled(ev.with_tables(dict(ev.tables) | {"studies": studies}))
    assert set(now["study_id"]) - set(table["study_id"]) == {"chio2005"}
