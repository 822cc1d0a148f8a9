"""The second example: the same trials, three messages."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import evidence

sys.path.insert(0, str(Path(__file__).parents[1]))
from sets import EXAMPLE


@pytest.fixture(scope="module")
def example() -> evidence.Evidence:
    return evidence.load(EXAMPLE)


def test_it_is_whole_and_clean(example):
    assert evidence.check(EXAMPLE) == []
    assert len(example.studies) == len(example.findings) == 22
    assert example.studies["phase"].value_counts(sort=False).to_dict() == {
        "acute": 7,
        "healing": 8,
        "healed": 7,
    }
    assert int(example.studies["sample_size"].sum()) == 1163
    both = example.studies["n_exposed"] + example.studies["n_control"]
    assert both.to_list() == example.studies["sample_size"].to_list()


def test_by_significance(example):
    line = evidence.balance(example, None, "concluded").iloc[0]
    assert (line["benefit"], line["harm"], line["no_clear_difference"], line["mixed"]) == (
        6,
        0,
        16,
        0,
    )


def test_by_direction(example):
    line = evidence.balance(example, None, "direction").iloc[0]
    test = evidence.sign_test(line["benefit"], line["harm"])
    assert (line["benefit"], test.n) == (16, 22)
    assert (round(100 * test.ci_low, 2), round(100 * test.ci_high, 2)) == (51.85, 86.85)


def test_by_size(example):
    found = evidence.size_pool(example, "all_trials")
    low, high = found.poolable.included["ci_low"], found.poolable.included["ci_high"]
    np.testing.assert_allclose(found.poolable.included["se"], (high - low) / 3.92, rtol=2e-5)
    result = found.result
    assert found.k == 22 and (
        round(result.estimate, 3),
        round(result.hk_ci_low, 3),
        round(result.hk_ci_high, 3),
    ) == (0.287, 0.080, 0.494)


def test_words_follow_from_the_numbers(example):
    findings = example.findings
    assert (findings["significant"] == ((findings["ci_low"] > 0) | (findings["ci_high"] < 0))).all()
    assert (
        findings["observed_direction"].astype("str")
        == np.where(findings["estimate"] > 0, "benefit", "harm")
    ).all()


def test_studies_are_called_as_the_source_calls_them(example):
    assert (
        example.names["giallauria13"] == "Giallauria13"
        and example.names["zhang2016"] == "Zhang et al. 2016"
    )
    assert len(example.bibliography) == 2 and example.bibliography["doi"].isna().all()
