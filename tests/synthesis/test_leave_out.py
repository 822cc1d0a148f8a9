"""Leaving out, against counting and pooling again from scratch, and against metafor."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from portion import portion

import evidence
from evidence.synthesis.effect_sizes import size_pool, sized
from evidence.synthesis.leave_out import NOT_SHOWN, leave_one_out, leave_one_out_pool
from evidence.synthesis.poolable import Poolable

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "metafor.json"
COUNTS = ["benefit", "mixed", "harm", "placed", "not_placed", "units"]


def without(ev, studies) -> evidence.Evidence:
    """The data set without some studies."""
    tables = dict(ev.tables)
    for name in ("studies", "findings"):
        tables[name] = tables[name][~tables[name]["study_id"].isin(studies)]
    return ev.with_tables(tables)


def by_hand(ev, rows: list[tuple[str, str, str | None, bool | None]]) -> evidence.Evidence:
    """Studies of one question and population: (id, direction, cohort, representative)."""
    studies = (
        ev.studies[ev.studies["counted"].fillna(False) & (ev.studies["question"] == "risk")]
        .head(len(rows))
        .reset_index(drop=True)
    )
    ids, words, cohorts, lead = zip(*rows, strict=True)
    findings = ev.findings[
        ev.findings["study_id"].isin(studies["study_id"]) & ev.findings["is_primary"]
    ].set_index("study_id")
    findings = (
        findings.loc[studies["study_id"]]
        .reset_index()
        .assign(study_id=list(ids), finding_id=[f"{i}-1" for i in ids])
    )
    findings["observed_direction"] = pd.Categorical(
        words, categories=ev.findings["observed_direction"].cat.categories
    )
    studies = studies.assign(
        study_id=list(ids),
        cohort=pd.array(cohorts, dtype="str"),
        cohort_representative=pd.array(lead, dtype="boolean"),
    )
    overlap = np.where(studies["cohort"].notna(), "certain", None)
    studies["cohort_overlap"] = pd.Categorical(
        overlap, categories=ev.studies["cohort_overlap"].cat.categories
    )
    return ev.with_tables(dict(ev.tables) | {"studies": studies, "findings": findings})


FIVE = [
    ("a", "benefit", "x", True),
    ("b", "harm", "x", False),
    ("c", "harm", "x", False),
    ("d", "benefit", None, None),
    ("e", "harm", None, None),
]


def test_by_hand_with_studies(ev):
    table = leave_one_out(by_hand(ev, FIVE)).set_index("left_out")
    # 2 of 5; without a benefit 1 of 4, without a harm 2 of 4
    assert table["share_all"].to_list() == [0.4] * 5
    assert table.loc["a", "share"] == table.loc["d", "share"] == 0.25
    assert table.loc[["b", "c", "e"], "share"].to_list() == [0.5] * 3
    assert table.index.to_list() == ["a", "d", "b", "c", "e"]  # changes of -0.15 and 0.10
    assert table["side_changes"].to_list() == [False, False, True, True, True]
    assert table["too_few"].all() and not table["p_changes"].any()


def test_by_hand_with_cohorts(ev):
    """The cohort votes with its representative, a: benefit. Without a, its two others say harm."""
    table = leave_one_out(by_hand(ev, FIVE), unit="cohort").set_index("left_out")
    assert table.loc["a", ["benefit", "harm", "units"]].to_list() == [1, 2, 3]
    assert table.loc["b", ["benefit", "harm", "units"]].to_list() == [2, 1, 3]  # nothing changes
    assert table.loc["b", "change"] == 0 and not table.loc["b", "verdict_changes"]
    assert table.loc["d", ["benefit", "harm", "units"]].to_list() == [1, 1, 2]
    whole = leave_one_out(by_hand(ev, FIVE), unit="cohort", by="cohort").set_index("left_out")
    assert whole.loc["x", ["studies", "benefit", "harm", "units"]].to_list() == [3, 1, 1, 2]


@pytest.mark.parametrize("unit", portion(["study", "cohort", "finding"], 3))
@pytest.mark.parametrize("lens", ["direction", "concluded"])
def test_each_study_against_counting_again(ev, lens, unit):
    apart = ev.dictionary.kept_apart
    table = leave_one_out(ev, lens, unit)
    assert len(table) == ev.studies["counted"].sum()
    sample = [
        *table["left_out"].iloc[::9],
        "pupillo2020",
        "visser2018",
        "cieminski2021",
        "zhang2021",
        "ferri2019",
    ]
    for study in dict.fromkeys(sample):
        row = table[table["left_out"] == study].iloc[0]
        again = (
            evidence.balance(without(ev, [study]), None, lens, unit)
            .set_index(apart)
            .loc[tuple(row[apart])]
        )
        for column in COUNTS:
            assert row[column] == again[column], (study, column)


@pytest.mark.parametrize(
    ("by", "overlap"),
    portion(
        [
            ("design", "possible"),
            ("exposure", "certain"),
            ("decade", "possible"),
            ("cohort", "certain"),
        ],
        3,
    ),
)
@pytest.mark.parametrize("unit", ["study", "cohort"])
def test_groups_against_counting_again(ev, by, overlap, unit):
    apart = ev.dictionary.kept_apart
    table = leave_one_out(ev, "direction", unit, by, overlap)
    studies = ev.studies[ev.studies["counted"]].drop(columns="cohort")
    studies["decade"] = (studies["year"] // 10 * 10).astype("str") + "s"
    certain = ev.studies.set_index("study_id")
    studies["cohort"] = (
        studies["study_id"]
        .map(certain["cohort"].where(certain["cohort_overlap"] == "certain"))
        .fillna(studies["study_id"])
    )
    for row in table.head(14).to_dict("records"):
        here = (studies[apart] == [row[column] for column in apart]).all(axis=1) & (
            studies[by].astype("str") == row["left_out"]
        )
        gone = studies.loc[here, "study_id"]
        assert row["studies"] == len(gone) > 0
        again = evidence.balance(without(ev, gone), None, "direction", unit, overlap).set_index(
            apart
        )
        key = tuple(row[column] for column in apart)
        for column in COUNTS:
            assert row[column] == (again.loc[key, column] if key in again.index else 0), (
                row["left_out"],
                column,
            )


def test_share_and_test_are_those_of_the_sign_test(ev):
    for row in leave_one_out(ev).head(20).to_dict("records"):
        test = evidence.sign_test(row["benefit"], row["harm"])
        assert (row["share"], row["p_value"], row["share_low"]) == pytest.approx(
            (test.share, test.p_value, test.ci_low)
        )
        assert row["change"] == pytest.approx(row["share"] - row["share_all"])
        assert row["p_changes"] == ((row["p_value"] < 0.05) != (row["p_all"] < 0.05))


def test_sorted_by_influence_within_what_is_kept_apart(ev):
    table = leave_one_out(ev, by="decade")
    for _, rows in table.groupby(ev.dictionary.kept_apart, observed=True):
        assert rows["change"].abs().is_monotonic_decreasing
    assert not table.duplicated([*ev.dictionary.kept_apart, "left_out"]).any()


def test_when_nothing_is_left_everything_hangs_on_it(ev):
    table = leave_one_out(ev, by="population")
    assert (
        table["share"].isna().all()
        and (table["units"] == 0).all()
        and table["verdict_changes"].all()
    )


def test_an_empty_cell_is_a_group_of_its_own(ev):
    assert NOT_SHOWN in set(leave_one_out(ev, by="intensity")["left_out"])


def test_conclusions_are_not_tested_again(ev):
    table = leave_one_out(ev, "concluded")
    assert (
        table["p_value"].isna().all()
        and not table["p_changes"].any()
        and table["share"].notna().any()
    )


def test_a_changed_direction_moves_its_own_group_alone(ev):
    findings = ev.findings
    findings.loc[findings["study_id"] == "jensen2017", "observed_direction"] = "benefit"
    before, after = (
        leave_one_out(ev),
        leave_one_out(ev.with_tables(dict(ev.tables) | {"findings": findings})),
    )
    key = [*ev.dictionary.kept_apart, "left_out"]
    one = before.set_index(key)[COUNTS]
    two = after.set_index(key)[COUNTS].reindex(one.index)
    moved = one.index[(one != two).any(axis=1)]
    assert set(moved.droplevel("left_out")) == {("treatment", "human")}
    # the one study itself gone, the rest is as it was
    assert ("treatment", "human", "jensen2017") not in moved


def test_row_order_does_not_matter(ev):
    tables = dict(ev.tables)
    for name in ("studies", "findings"):
        tables[name] = tables[name].sample(frac=1, random_state=5).reset_index(drop=True)
    other = ev.with_tables(tables)
    for unit in ("study", "cohort"):
        pd.testing.assert_frame_equal(
            leave_one_out(ev, unit=unit).frame, leave_one_out(other, unit=unit).frame
        )


def test_nothing_counted_gives_an_empty_table(ev):
    for unit in ("study", "cohort"):
        assert leave_one_out(ev.select(counted=False), unit=unit).empty


def test_wrong_use(ev):
    with pytest.raises(evidence.UsageError, match="allowed: study, cohort, decade, study_id"):
        leave_one_out(ev, by="outcome_domain")
    with pytest.raises(evidence.UsageError, match="allowed: concluded, direction"):
        leave_one_out(ev, lens="size")
    with pytest.raises(evidence.UsageError, match="columns: study_id"):
        leave_one_out_pool(size_pool(ev, "or_activity"), by="colour")


def test_the_pool_against_metafor(ev):
    """leave1out() of metafor 3.8-1 on dat.bcg, REML: tests/reference/README.md."""
    data = json.loads(REFERENCE.read_text(encoding="utf-8"))["datasets"]["bcg"]
    k = data["k"]
    rows = pd.DataFrame(
        {
            "study_id": [f"s{i:02}" for i in range(k)],
            "estimate": data["yi"],
            "se": np.sqrt(data["vi"]),
        }
    )
    for log in (True, False):
        one = sized(ev, "bcg", "BCG", "", Poolable("RR" if log else "MD", log, rows, rows.iloc[:0]))
        table = leave_one_out_pool(one).set_index("left_out").sort_index()
        estimate = np.log(table["estimate"]) if log else table["estimate"]
        assert estimate.to_list() == pytest.approx(data["leave1out_REML"]["est"], rel=1e-6)
        assert table["tau2"].to_list() == pytest.approx(data["leave1out_REML"]["tau2"], rel=1e-6)
        assert (table["k"] == k - 1).all() and not table["side_changes"].any()


def test_the_real_pool(ev):
    one = size_pool(ev, "or_activity")
    table = leave_one_out_pool(one)
    assert len(table) == one.k and (table["k"] == one.k - 1).all()
    assert np.log(table["change"]).abs().is_monotonic_decreasing
    crossing = table[table["interval_changes"]]
    assert (crossing["ci_low"] > 1).all() and table["ci_low_all"].iloc[0] < 1 < table[
        "ci_high_all"
    ].iloc[0]
    grouped = leave_one_out_pool(one, by="design")
    assert grouped["studies"].sum() == one.k and (grouped["studies"] + grouped["k"] == one.k).all()


def test_too_few_left_to_pool(ev):
    rows = pd.DataFrame(
        {"study_id": list("abc"), "estimate": [0.1, 0.2, 0.3], "se": [0.1, 0.1, 0.1]}
    )
    three = leave_one_out_pool(sized(ev, "x", "x", "", Poolable("MD", False, rows, rows.iloc[:0])))
    assert three["estimate"].isna().all() and not three["verdict_changes"].any()
    two = leave_one_out_pool(
        sized(ev, "x", "x", "", Poolable("MD", False, rows.head(2), rows.iloc[:0]))
    )
    assert two.empty and list(two) == list(three)


def test_differences_turn_at_zero(root):
    """A pool of standardised differences: an interval that begins to hold 0 is one that turns."""
    other = evidence.load(root / "examples" / "exercise_after_infarction")
    pool = max(evidence.size_pools(other), key=lambda one: one.k)
    assert not pool.poolable.log and pool.k > 10
    table = evidence.leave_one_out_pool(pool)
    whole = pool.summary
    holds = whole["hk_guarded_ci_low"] <= 0 <= whole["hk_guarded_ci_high"]
    now = (table["ci_low"] <= 0) & (table["ci_high"] >= 0)
    assert table["interval_changes"].tolist() == (now != holds).tolist()
    sides = (table["estimate"] > 0) != (whole["estimate"] > 0)
    assert table["side_changes"].tolist() == sides.tolist()
    # and the middle of the interval is where a wrong null would show
    assert (table["ci_low"] < 0.5).any() and (table["ci_high"] > 0.5).any()


def test_what_is_not_a_main_result_is_counted_beside_what_is(ev):
    pool = evidence.size_pool(ev, "or_activity")
    main = set(ev.findings.loc[ev.findings["is_primary"].fillna(False), "finding_id"])
    rows = pool.poolable.included
    others = rows.loc[~rows["finding_id"].isin(main), "study_id"].to_list()
    assert pool.not_main == others and 0 < len(others) < pool.k
    alone = pool.without(set(others)).summary
    sizes = ev.findings[ev.findings["finding_id"].isin(main)].set_index("study_id")["estimate"]
    silent = sizes[others].isna().sum()
    assert (rows.loc[rows["study_id"].isin(others), "estimate"] > 0).all() and 1 < silent < 4
    beside = f"{len(others)} above no difference, {silent} of their main results print no size"
    said = (
        f"{len(others)} of {pool.k} are not the main result of the study ({beside}); main results"
    )
    said += " alone: "
    assert said + f"{alone['estimate']:.2f}, {alone['hk_guarded_ci_low']:.2f} to" in pool.verdict


def test_a_prediction_from_few_studies_says_so(ev):
    few, more = (evidence.size_pool(ev, name) for name in ("hr_activity", "or_activity"))
    warning = "studies it can be far too wide or too narrow"
    assert few.k < 5 <= more.k and warning in few.verdict and warning not in more.verdict


def test_studies_without_a_cohort_leave_a_pool_one_by_one(ev):
    """As they do where votes are counted."""
    one = max(evidence.size_pools(ev), key=lambda pool: pool.k)
    assert one.poolable.included["cohort"].isna().sum() > 1
    table = leave_one_out_pool(one, by="cohort")
    part = ev.select(study_id=one.poolable.included["study_id"].to_list())
    assert set(table["left_out"]) == set(leave_one_out(part, by="cohort")["left_out"])
    assert (table["studies"] == 1).all() and len(table) == one.k
