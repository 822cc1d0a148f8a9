"""What is printed, and whether main findings conclude something else: counted from the files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plain
import pytest
from scipy.stats import fisher_exact

import evidence

WORDS = ["benefit", "no_clear_difference", "mixed", "harm"]


@pytest.mark.parametrize("main_only", [True, False])
def test_what_is_printed_by_what_is_concluded(ev, main_only):
    table = evidence.readability(ev, main_only).set_index(plain.GROUP)
    found = plain.main_findings() if main_only else plain.findings()
    found = found[found["contrast"].isin(plain.answering())]
    assert len(table) == found.groupby(plain.GROUP).ngroups
    for group, rows in found.groupby(plain.GROUP):
        unclear = rows[rows["conclusion"] == "no_clear_difference"]
        others = rows[rows["conclusion"].isin(["benefit", "harm", "mixed"])]
        line = table.loc[group]
        printed = [
            (part["observed_direction"] != "not_reported").sum() for part in (unclear, others)
        ]
        assert line[["unclear", "others"]].to_list() == [len(unclear), len(others)]
        assert line[["unclear_printed", "others_printed"]].to_list() == printed
        assert line["not_concluded"] == len(rows) - len(unclear) - len(others)
        assert line["share_unclear"] == pytest.approx(printed[0] / len(unclear))


def test_the_sentence_that_stands_beside_a_sign_test(ev):
    found = evidence.readability(ev)
    counts = found.frame.set_index(plain.GROUP)[["unclear", "others", "others_printed"]]
    row = counts.loc[("treatment", "animal")]
    said = found.sentence(question="treatment", population="animal")
    assert said.startswith(f"Of {row['unclear']} main findings concluded")
    assert f"of {row['others']} others, {row['others_printed']}" in said
    assert found.sentence(question="nothing") == ""


def test_skew_of_main_findings(ev):
    table = evidence.main_result_skew(ev).set_index([*plain.GROUP, "when"])
    found = plain.findings()
    found = found[found["contrast"].isin(plain.answering()) & found["conclusion"].isin(WORDS)]
    moved = plain.table("reconciliations")
    moved = moved[moved["reading_id"].str.endswith(":primary_finding")]
    moved = moved[moved["settled"] == "changed"]
    former = dict(zip(moved["value_after"], moved["value_before"], strict=True))
    now = set(found.loc[found["is_primary"] == "true", "finding_id"])
    main = plain.findings()
    main = set(main.loc[main["is_primary"] == "true", "finding_id"])
    chosen = {"by the rule": now, "before the rule": {former.get(one, one) for one in main}}
    for (*group, when), line in table.iterrows():
        part = found[(found[plain.GROUP] == group).all(axis=1)]
        ours, theirs = (
            part.loc[part["finding_id"].isin(chosen[when]) == side, "conclusion"]
            for side in (True, False)
        )
        for name, words in (("main", ours), ("others", theirs)):
            counts = [(words == word).sum() for word in WORDS]
            assert line[[f"{name}_{word}" for word in WORDS]].to_list() == counts
        for word in ("benefit", "harm"):
            yes = [(words == word).sum() for words in (ours, theirs)]
            no = [len(ours) - yes[0], len(theirs) - yes[1]]
            assert line[f"p_{word}"] == pytest.approx(fisher_exact([yes, no]).pvalue)


def test_the_rule_took_the_skew_away(ev):
    """In people treated, main findings concluded benefit more often than the others; by the rule
    they do not.
    """
    table = evidence.main_result_skew(ev).set_index([*plain.GROUP, "when"])
    before, after = (
        table.loc[("treatment", "human", when)] for when in ("before the rule", "by the rule")
    )
    assert before["p_benefit"] < 0.05 < after["p_benefit"]
    assert before["share_main_benefit"] > after["share_main_benefit"]


def test_without_readings_there_is_no_before(ev):
    bare = ev.with_tables({name: ev.tables[name] for name in ("studies", "findings")})
    assert set(evidence.main_result_skew(bare)["when"]) == {"by the rule"}
    empty = ev.select(question="mechanism", counted=True)
    assert evidence.main_result_skew(empty).empty and evidence.readability(empty).empty


def test_row_order_does_not_matter(ev):
    tables = dict(ev.tables)
    for name in ("studies", "findings", "readings", "reconciliations"):
        tables[name] = tables[name].sample(frac=1, random_state=1).reset_index(drop=True)
    other = ev.with_tables(tables)
    for function in (evidence.main_result_skew, evidence.readability):
        pd.testing.assert_frame_equal(function(ev).frame, function(other).frame)


def test_a_side_without_results_is_not_tested():
    from evidence.synthesis.main_result import _fisher

    assert np.isnan(_fisher([1, 0], [3, 0])) and np.isnan(_fisher([0, 1], [0, 3]))
    assert _fisher([3, 0], [3, 3]) == pytest.approx(0.1)
