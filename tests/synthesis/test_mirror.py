"""Exchanging benefit and harm in the whole table mirrors every number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence
from evidence.synthesis.lens import LENSES

SWAP = {"benefit": "harm", "harm": "benefit"}
PARTS = [("risk", "human"), ("treatment", "human"), ("treatment", "animal")]


@pytest.fixture(scope="module")
def turned(ev):
    studies, findings = ev.studies, ev.findings
    exchanged = lambda column: column.astype("str").replace(SWAP).astype(column.dtype)
    studies["direction"] = exchanged(studies["direction"])
    for column in ("conclusion", "observed_direction"):
        findings[column] = exchanged(findings[column])
    return ev.with_tables(dict(ev.tables) | {"studies": studies, "findings": findings})


def exchanged(names) -> list[str]:
    """Names of columns, with benefit in the place of harm."""
    return [
        name.replace("benefit", "-").replace("harm", "benefit").replace("-", "harm")
        for name in names
    ]


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("unit", ["study", "cohort", "finding"])
@pytest.mark.parametrize("main", ["rule", "declared", "outcome", "whole"])
def test_votes(ev, turned, lens, unit, main):
    if lens == "direction" and main == "whole":
        pytest.skip("a study as a whole has a conclusion, no direction")
    one, other = (evidence.votes(e, lens, unit, main=main).frame for e in (ev, turned))
    pd.testing.assert_series_equal(one["unit"], other["unit"])
    assert one["vote"].astype("str").replace(SWAP).equals(other["vote"].astype("str"))
    assert one["silent"].equals(other["silent"])


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("unit", ["study", "cohort", "finding"])
@pytest.mark.parametrize("by", [None, "design", "outcome_domain"])
def test_balance_and_sign_tests(ev, turned, lens, unit, by):
    one, other = (evidence.balance(e, by, lens, unit).frame for e in (ev, turned))
    pd.testing.assert_frame_equal(one, other[exchanged(one.columns)].set_axis(one.columns, axis=1))
    tests = [
        evidence.sign_tests(table.rename(columns={"not_placed": "unreadable"}))
        for table in (one, other)
    ]
    mirrored(*tests)


def mirrored(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Sign tests of which one is the other's mirror image."""
    close = lambda a, b: np.testing.assert_allclose(
        a.astype(float), b.astype(float), rtol=1e-9, atol=1e-12
    )
    for name in ("p_value", "p_worst", "p_best"):
        close(one[name], other[name])
    for name in ("share", "share_worst", "share_best"):
        close(one[name], 1 - other[name])
    close(one["share_low"], 1 - other["share_high"])
    assert one["tipping_point"].equals(other["tipping_point"])


@pytest.mark.parametrize("main_only", [False, True])
def test_outcomes(ev, turned, main_only):
    one, other = (evidence.outcomes(e, main_only=main_only).frame for e in (ev, turned))
    counts = [name for name in one if name.startswith(("concluded_", "direction_"))]
    for name, twin in zip(counts, exchanged(counts), strict=True):
        assert one[name].to_list() == other[twin].to_list()
    mirrored(one, other)


def test_lenses(ev, turned):
    one, other = (evidence.lenses(e).frame for e in (ev, turned))
    assert one["benefit"].equals(other["harm"]) and one["not_placed"].equals(other["not_placed"])
    np.testing.assert_allclose(one["share"], 1 - other["share"])


@pytest.mark.parametrize(("question", "population"), PARTS)
def test_multiverse(ev, turned, question, population):
    """Every row has its twin: the same choices, with no clear difference against the other side."""
    one, other = (evidence.multiverse(e, question, population) for e in (ev, turned))
    assert one.choices == other.choices and one.distinct == other.distinct
    theirs = other.frame
    unclear = theirs["no_clear_difference"].astype("str")
    theirs["no_clear_difference"] = unclear.replace(
        {"against benefit": "against harm", "against harm": "against benefit"}
    )
    choices = list(one.frame.columns[: list(one.frame.columns).index("share")])
    sorted_ = [
        table.astype(dict.fromkeys(choices, "str"))
        .fillna(dict.fromkeys(choices, "-"))
        .sort_values(choices, ignore_index=True)
        for table in (one.frame, theirs)
    ]
    pd.testing.assert_frame_equal(sorted_[0][choices], sorted_[1][choices])
    np.testing.assert_allclose(sorted_[0]["share"], 1 - sorted_[1]["share"], atol=1e-12)
    np.testing.assert_allclose(sorted_[0]["share_low"], 1 - sorted_[1]["share_high"], atol=1e-12)
    np.testing.assert_allclose(sorted_[0]["p_value"], sorted_[1]["p_value"], rtol=1e-9)
    assert sorted_[0]["directional"].equals(sorted_[1]["directional"])
    net = sorted_[0]["net"].astype("str").replace(SWAP)
    assert net.equals(sorted_[1]["net"].astype("str"))
    assert one.sides["benefit"] == other.sides["harm"]
    assert one.below_alpha["benefit"] == other.below_alpha["harm"]


def test_claims(ev, turned):
    """What was for a claim is against it, whichever side the claim is on."""
    one, other = (evidence.judge_claims(e).frame for e in (ev, turned))
    twins = {"for": "against", "direction_for": "direction_against"}
    twins |= {twin: name for name, twin in twins.items()}
    same = ("mixed", "no_clear_difference", "not_placed", "direction_mixed", "direction_unreadable")
    for name, twin in (twins | dict(zip(same, same, strict=True))).items():
        assert one[name].fillna(-1).to_list() == other[twin].fillna(-1).to_list(), name
    assert one["for"].sum() + one["against"].sum() > 10
