"""What is worked out once for a data set is the same for all who ask, and each has their own."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence

ASKED = {
    "outcomes": lambda ev: evidence.outcomes(ev, question="risk"),
    "lenses": lambda ev: evidence.lenses(ev=ev),
    "judge_claims": evidence.judge_claims,
    "size_pool": lambda ev: evidence.size_pool(ev, "or_activity", method="DL"),
}


@pytest.mark.parametrize("name", ASKED)
def test_who_asks_again_gets_the_same_and_cannot_change_it(ev, name):
    first = ASKED[name](ev).frame
    before = first.copy(deep=True)
    for column in first:
        first[column] = None
    again = ASKED[name](ev)
    pd.testing.assert_frame_equal(again.frame, before)
    fresh = ev.with_tables(dict(ev.tables))
    pd.testing.assert_frame_equal(ASKED[name](fresh).frame, before)


def test_other_options_are_other_results(ev):
    one, other = (evidence.size_pool(ev, "or_activity", method=how) for how in ("DL", "REML"))
    assert one.result.method != other.result.method
    whole, part = evidence.outcomes(ev), evidence.outcomes(ev, question="risk")
    assert len(part.frame) < len(whole.frame)


def test_a_selection_is_made_once_and_few_are_kept(ev):
    assert ev.select(question="risk") is ev.select(question="risk")
    risk = ev.select(question="risk")
    for year in range(1950, 2010):
        assert len(ev.select(years=(year, None))) <= len(ev)
    assert len(ev.known["parts"]) < 30
    assert ev.select(question="risk").studies.equals(risk.studies)


def test_wrong_options_are_refused_as_before(ev):
    with pytest.raises(evidence.UsageError):
        evidence.outcomes(ev, question=["nothing"])
    with pytest.raises(evidence.UsageError, match="no pool 'nothing'"):
        evidence.size_pool(ev, "nothing")
