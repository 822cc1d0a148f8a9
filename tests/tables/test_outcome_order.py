"""The order of outcomes: a setting that names groups of studies and outcome domains."""

from __future__ import annotations

import json

import pytest

import evidence


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"risk": ["als_risk", "speed"]}, "'speed' is not an outcome domain"),
        ({"risk": ["als_risk", "als_risk"]}, "duplicate"),
        ({"danger": ["als_risk"]}, "'danger' names no group"),
        ({"treatment/plant": ["function"]}, "'treatment/plant' names no group of studies: 'plant'"),
        ({"risk/human/old": ["als_risk"]}, "names no group of studies: 'old'"),
    ],
)
def test_wrong_orders_are_faults(data, order, words):
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["evidence"]["outcome_order"] = order
    path.write_text(json.dumps(package), encoding="utf-8")
    assert any(words in fault.message for fault in data.faults())


@pytest.mark.parametrize("order", ["risk", {"risk": "als_risk"}, {"risk": [1]}])
def test_another_kind_of_value_is_a_fault(data, order):
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["evidence"]["outcome_order"] = order
    path.write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(evidence.DataError, match="outcome_order"):
        evidence.load(data.folder)


def test_the_most_special_order_is_taken(ev):
    order = ev.dictionary.outcome_order
    assert order("risk", "human") == order("risk") == ["als_risk", "age_at_onset"]
    assert order("treatment", "human")[:2] == ["function", "survival"]
    assert order("treatment", "animal")[0] == "survival"
    assert order("treatment") == [] and order() == []


def test_every_main_outcome_of_a_counted_study_has_a_place(ev):
    """Outcomes that no order names could not be compared with those it names."""
    found = evidence.results(ev)
    found = found[found["counted"] & found["is_primary"]]
    for (question, population), rows in found.groupby(["question", "population"], observed=True):
        order = ev.dictionary.outcome_order(question, population)
        assert set(rows["outcome_domain"].astype(str)) <= set(order), (question, population)
