"""Cases small enough to work out on paper: each holds one rule that a slip would reverse.

Every number in here was worked out by hand, from the rows above it. `tools/falsify` breaks each of
the rules in turn (kind "computation"), and one of these tests must notice.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import evidence
from evidence.synthesis.claim_rules import (
    CANNOT_SHOW,
    CONTRADICTED,
    NONE_FOR,
    NOT_ADDRESSED,
    SUPPORTED,
    TOO_LITTLE,
    UNDECIDED,
    VERDICTS,
    Tally,
    combined,
    difference,
    weakest,
)
from evidence.synthesis.claims import article_support, judge_claims
from evidence.synthesis.leave_out import leave_one_out
from evidence.synthesis.poolable import Poolable, poolable
from evidence.synthesis.results import matching

STUDY = {
    "question": "treatment",
    "population": "human",
    "design": "rct",
    "counted": True,
    "exposure": "training",
    "comparator": "no_exercise",
    "sample_size": 20,
}
FINDING = {
    "outcome_domain": "function",
    "is_primary": True,
    "conclusion": "benefit",
    "observed_direction": "benefit",
    "measure": "MD",
}


def rows(ev, table: str, key: str, given: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows with the columns and types of a table of the data set; what is not given is empty."""
    frame = pd.DataFrame(given).reindex(columns=ev.tables[table].columns)
    assert frame[key].is_unique
    return frame.astype(ev.tables[table].dtypes.to_dict())


def made(ev, studies: list[dict[str, Any]], findings: list[dict[str, Any]]) -> evidence.Evidence:
    """A data set of these studies and findings alone."""
    tables = {name: table.iloc[:0] for name, table in ev.tables.items()}
    tables["studies"] = rows(ev, "studies", "study_id", [STUDY | one for one in studies])
    tables["findings"] = rows(ev, "findings", "finding_id", [FINDING | one for one in findings])
    return ev.with_tables(tables)


# --- votes ---


def test_the_first_of_two_main_findings_votes(ev):
    two = [
        {"finding_id": "a-1", "study_id": "a"},
        {"finding_id": "a-2", "study_id": "a", "conclusion": "harm", "observed_direction": "harm"},
    ]
    small = made(ev, [{"study_id": "a"}], two)
    for lens in ("concluded", "direction"):
        assert evidence.votes(small, lens)["vote"].to_list() == ["benefit"]
    turned = made(ev, [{"study_id": "a"}], two[::-1])
    assert evidence.votes(turned, "concluded")["vote"].to_list() == ["harm"]


# --- claims ---


def tally(concluded: tuple[int, int], printed: tuple[int, int]) -> Tally:
    """For and against, of as many studies as the first pair has; the rest is not printed."""
    total = sum(concluded)
    words = {"for": concluded[0], "no_clear_difference": 0, "mixed": 0, "against": concluded[1]}
    unread = total - sum(printed)
    directions = {"for": printed[0], "mixed": 0, "against": printed[1], "unreadable": unread}
    return Tally(words | {"not_placed": 0}, directions, total)


def test_verdicts_stand_from_strong_to_nothing():
    order = (SUPPORTED, CONTRADICTED, UNDECIDED, NONE_FOR, CANNOT_SHOW, TOO_LITTLE, NOT_ADDRESSED)
    assert order == VERDICTS


@pytest.mark.parametrize(
    ("strands", "verdict"),
    [
        ([SUPPORTED, UNDECIDED, TOO_LITTLE, CONTRADICTED], CONTRADICTED),
        ([SUPPORTED, UNDECIDED, TOO_LITTLE], TOO_LITTLE),
        ([SUPPORTED, UNDECIDED], UNDECIDED),
    ],
)
def test_the_weakest_class_decides(strands, verdict):
    assert weakest(strands) == weakest(strands[::-1]) == verdict


def test_more_benefit_must_show_in_both_lenses():
    """Concluded 8 of 10 against 5 of 10: 0.3. Printed 6 of 10 against 5 of 10: 0.1."""
    one, other = tally((8, 2), (6, 4)), tally((5, 5), (5, 5))
    assert difference(one, other, 0.25) == UNDECIDED
    assert difference(other, one, 0.25) == UNDECIDED
    assert difference(one, other, 0.1) == SUPPORTED
    assert difference(other, one, 0.1) == CONTRADICTED
    assert combined("more_benefit")([one, other], 0.25) == UNDECIDED


def board(ev, conclusions: list[str], threshold: float | None) -> pd.Series:
    """The one claim "benefit" on as many studies as there are conclusions."""
    ids = [f"s{number}" for number in range(len(conclusions))]
    findings = [
        {"finding_id": f"{i}-1", "study_id": i, "conclusion": word, "observed_direction": word}
        for i, word in zip(ids, conclusions, strict=True)
    ]
    small = made(ev, [{"study_id": i} for i in ids], findings)
    claim = {"claim_id": "c", "claim": "It helps", "rule": "benefit", "threshold": threshold}
    asked = {"criterion_id": "c-1", "claim_id": "c", "alternative": 1}
    asked |= {"column": "question", "value": "treatment"}
    tables = dict(small.tables)
    tables["claims"] = rows(ev, "claims", "claim_id", [claim])
    tables["claim_criteria"] = rows(ev, "claim_criteria", "criterion_id", [asked])
    return judge_claims(small.with_tables(tables)).frame.iloc[0]


@pytest.mark.parametrize(
    ("good", "of", "verdict"), [(7, 10, SUPPORTED), (13, 19, UNDECIDED), (2, 3, UNDECIDED)]
)
def test_without_a_threshold_it_is_70_percent(ev, good, of, verdict):
    """13 of 19 are 68 %."""
    words = ["benefit"] * good + ["harm"] * (of - good)
    assert board(ev, words, None)["verdict"] == verdict
    assert board(ev, words, 0.7)["verdict"] == verdict
    assert board(ev, words, 0.6)["verdict"] == SUPPORTED


def test_two_studies_are_too_few_and_three_are_not(ev):
    assert board(ev, ["benefit"] * 2, 0.7)["verdict"] == TOO_LITTLE
    assert board(ev, ["benefit"] * 3, 0.7)["verdict"] == SUPPORTED


def test_sources_that_tested_nothing(ev):
    """Of five sources two tested it and are counted; one of them leaves what it compared open."""
    (other_exposure, *_) = ev.dictionary.marked("exposure", "contrast", "other")
    (other_comparator, *_) = ev.dictionary.marked("comparator", "contrast", "other")
    sources = [
        {"study_id": "a"},
        {"study_id": "b", "comparator": None},
        {"study_id": "c", "exposure": None},
        {"study_id": "d", "comparator": other_comparator},
        {"study_id": "e", "exposure": other_exposure, "counted": False},
        {"study_id": "f", "counted": False},
    ]
    numbered = [one | {"article_reference": n} for n, one in enumerate(sources, 1)]
    small = made(ev, numbered, [{"finding_id": "a-1", "study_id": "a"}])
    tested = article_support(small).set_index("id")["tested"].to_dict()
    assert tested == {"a": True, "b": True, "c": False, "d": False, "e": False, "f": True}
    claim = {"claim_id": "c", "claim": "As sources say", "rule": "sources", "threshold": 0.7}
    tables = dict(small.tables)
    tables["claims"] = rows(ev, "claims", "claim_id", [claim])
    found = judge_claims(small.with_tables(tables)).frame.iloc[0]
    assert found["reason"].startswith("2 of 6 sources are counted studies")
    assert found["verdict"] == UNDECIDED  # four of six did not: 67 %


# --- pools ---

FIT = {"estimate": 1.0, "ci_low": 0.2, "ci_high": 1.8, "ci_level": 95}


def pooled(ev, studies: list[dict], findings: list[dict], measure: str = "MD") -> Poolable:
    asked = [["question", "treatment"], ["outcome_domain", "function"]]
    conditions = pd.DataFrame(asked, columns=["column", "value"])
    return poolable(made(ev, studies, findings), measure, conditions, one_per_cohort=True)


def reports(years: tuple[int, int], sizes: tuple[int, int], lead: str = "") -> list[dict]:
    """Two reports of one cohort."""
    return [
        {
            "study_id": name,
            "year": year,
            "sample_size": size,
            "cohort": "x",
            "cohort_overlap": "certain",
            "cohort_representative": name == lead,
        }
        for name, year, size in zip("ab", years, sizes, strict=True)
    ]


@pytest.mark.parametrize(
    ("years", "sizes", "lead", "stands"),
    [
        ((2001, 2010), (20, 20), "", "b"),  # as large: the later report
        ((2010, 2001), (20, 20), "", "a"),
        ((2001, 2010), (30, 20), "", "a"),  # the larger one goes before the later one
        ((2001, 2010), (20, 30), "a", "a"),  # the representative goes before both
        ((2001, 2001), (20, 20), "", "a"),  # in the order of their names
    ],
)
def test_which_report_stands_for_a_cohort(ev, years, sizes, lead, stands):
    findings = [{"finding_id": f"{name}-1", "study_id": name} | FIT for name in "ab"]
    found = pooled(ev, reports(years, sizes, lead), findings)
    assert found.included["study_id"].to_list() == [stands]
    said = f"shares people with {stands}, which stands for them here"
    assert found.excluded["reason"].to_list() == [said]


def test_a_reversed_contrast_is_never_pooled(ev):
    studies = [{"study_id": name} for name in "ab"]
    findings = [{"finding_id": f"{name}-1", "study_id": name} | FIT for name in "ab"]
    findings[1]["reversed_contrast"] = True
    found = pooled(ev, studies, findings)
    assert found.included["study_id"].to_list() == ["a"]
    assert found.excluded["reason"].to_list() == ["the contrast is reversed"]


def test_a_scale_that_runs_down_is_turned_with_its_interval(ev):
    """Less is better: -0.5 (-0.9 to 0.1) for those exposed is a benefit of 0.5 (-0.1 to 0.9)."""
    down = {"estimate": -0.5, "ci_low": -0.9, "ci_high": 0.1, "ci_level": 95, "measure": "SMD"}
    up = down | {"estimate": 0.4, "ci_low": -0.2, "ci_high": 1.0}
    studies = [{"study_id": name} for name in "ab"]
    findings = [{"finding_id": "a-1", "study_id": "a"} | down]
    findings += [{"finding_id": "b-1", "study_id": "b"} | up]
    found = pooled(ev, studies, findings, "SMD").included
    assert found[["estimate", "ci_low", "ci_high"]].to_numpy().tolist() == [
        [0.5, -0.1, 0.9],
        [0.4, -0.2, 1.0],
    ]
    assert found["se"].to_list() == pytest.approx([1.0 / 3.919928, 1.2 / 3.919928], rel=1e-6)


def test_the_reason_is_that_of_the_result_that_came_nearest(ev):
    """Of three results of one study one has no estimate, one no interval, one is reversed."""
    findings = [
        {"finding_id": "a-1", "study_id": "a", "is_primary": False},
        {"finding_id": "a-2", "study_id": "a", "is_primary": False, "estimate": 1.0},
        {"finding_id": "a-3", "study_id": "a", "is_primary": False, "reversed_contrast": True}
        | FIT,
    ]
    excluded = pooled(ev, [{"study_id": "a"}], findings).excluded
    assert excluded["finding_id"].to_list() == ["a-3"]
    assert excluded["reason"].to_list() == ["the contrast is reversed"]
    without = pooled(ev, [{"study_id": "a"}], findings[:2]).excluded
    assert without["reason"].to_list() == ["no interval and no arm values with their spread"]
    only = pooled(ev, [{"study_id": "a"}], findings[:1]).excluded
    assert only["reason"].to_list() == ["no MD shown in what was read"]


# --- leaving out ---


@pytest.mark.parametrize(
    ("benefit", "harm", "p_all", "p_without", "crossed"),
    [
        (6, 0, 0.03125, 0.0625, True),  # 2 / 2**6 and 2 / 2**5
        (7, 0, 0.015625, 0.03125, False),
        (5, 0, 0.0625, 0.125, False),
        (8, 1, 0.0390625, 0.0703125, True),  # 2 * 10 / 2**9; without a benefit 2 * 9 / 2**8
    ],
)
def test_the_level_that_leaving_out_crosses_is_5_percent(
    ev, benefit, harm, p_all, p_without, crossed
):
    words = ["benefit"] * benefit + ["harm"] * harm
    ids = [f"s{number}" for number in range(len(words))]
    findings = [
        {"finding_id": f"{i}-1", "study_id": i, "observed_direction": word}
        for i, word in zip(ids, words, strict=True)
    ]
    small = made(ev, [{"study_id": i} for i in ids], findings)
    row = leave_one_out(small, "direction").set_index("left_out").loc["s0"]
    assert row["p_all"] == pytest.approx(p_all) and row["p_value"] == pytest.approx(p_without)
    assert bool(row["p_changes"]) is crossed and bool(row["verdict_changes"]) is crossed
    assert not row["side_changes"]


# --- conditions ---

KINDS = ["a", "b", "c", None]


@pytest.mark.parametrize(
    ("wanted", "met"),
    [
        (["not:a"], [False, True, True, True]),
        (["not:a", "not:b"], [False, False, True, True]),
        (["a", "b", "not:a"], [False, True, False, False]),
        (["*", "not:a"], [False, True, True, False]),
        (["or_empty:b", "not:a"], [False, True, False, True]),
        (["or_empty:b", "not:b"], [False, False, False, True]),
    ],
)
def test_what_is_ruled_out_stays_out(wanted, met):
    table = pd.DataFrame({"kind": pd.array(KINDS, dtype="str")})
    conditions = pd.DataFrame({"column": "kind", "value": wanted})
    assert matching(table, conditions)["kind"].to_list() == met
