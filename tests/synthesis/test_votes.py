"""One vote a unit: the 70 % rule, cohorts, and the balance, on cases worked by hand."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence
from evidence.synthesis.lens import LENSES
from evidence.synthesis.votes import seventy_percent, votes

PLACED = LENSES["direction"].placed


@pytest.mark.parametrize(
    ("words", "vote", "results"),
    [
        (["benefit"] * 7 + ["harm"] * 3, "benefit", 10),  # 70 % exactly
        (["benefit"] * 69 + ["harm"] * 31, "mixed", 100),
        (["benefit"] * 2 + ["harm"], "mixed", 3),  # 67 %
        (["harm"] * 3 + ["benefit"], "harm", 4),  # 75 %
        (["harm"] * 3 + ["mixed"], "harm", 4),
        (["harm", "mixed"], "mixed", 2),
        (["harm", "not_reported", "not_reported"], "harm", 1),  # silent results do not vote
        (["mixed"], "mixed", 1),
    ],
)
def test_seventy_percent(words, vote, results):
    row = seventy_percent(pd.Series(["a"] * len(words)), pd.Series(words), PLACED).loc["a"]
    assert (row["vote"], row["results"]) == (vote, results)


def test_nothing_votes():
    row = seventy_percent(pd.Series(["a", "a"]), pd.Series(["not_reported", "null"]), PLACED).loc[
        "a"
    ]
    assert pd.isna(row["vote"]) and row["results"] == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from(["benefit", "harm", "mixed", "not_reported"])
        ),
        min_size=1,
        max_size=40,
    )
)
def test_seventy_percent_by_counting(results):
    groups, words = zip(*results, strict=True)
    table = seventy_percent(pd.Series(groups), pd.Series(words), PLACED)
    for group in set(groups):
        count = Counter(w for g, w in results if g == group and w != "not_reported")
        if count:
            word, most = count.most_common(1)[0]
            assert table.loc[group, "vote"] == (
                word if most / count.total() >= 0.7 - 1e-12 else "mixed"
            )
        else:
            assert pd.isna(table.loc[group, "vote"])


def test_a_study_votes_in_the_domain_of_its_primary_finding(ev):
    """lehman2012: primary finding on risk points to harm; lower mortality of all causes is another
    domain.
    """
    table = votes(ev, "direction").set_index("study_id")
    assert table.loc["lehman2012", "vote"] == "harm"
    # fang2016 has five findings on risk: four to harm, one to benefit: 80 %
    assert (table.loc["fang2016", "vote"], table.loc["fang2016", "results"]) == ("harm", 5)
    # carreras2010: one to benefit, one to harm in the primary domain
    assert table.loc["carreras2010", "vote"] == "mixed"


def test_cohorts_vote_once(ev):
    table = votes(ev, "concluded", "cohort").set_index("study_id")
    assert table.loc["pupillo2020", "vote"] == "harm"  # the representative of six soccer reports
    assert "chio2009" not in table.index
    # als_gwas has no representative: harm, none, harm, none is mixed; it stands under its largest
    # report
    assert table.loc["zhang2021", "vote"] == "mixed"
    assert len(votes(ev, "concluded", "cohort", overlap="certain")) > len(table)


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("unit", ["study", "cohort", "finding"])
@pytest.mark.parametrize("by", [None, "population", "outcome_domain", "intensity", "year"])
def test_placed_and_not_placed_are_all(ev, lens, unit, by):
    table = evidence.balance(ev, by, lens, unit)
    assert (table[list(LENSES[lens].placed)].sum(axis=1) == table["placed"]).all()
    assert (table["placed"] + table["not_placed"] == table["units"]).all()
    assert table["units"].sum() == len(votes(ev, lens, unit, by))


def test_the_lenses_differ(ev):
    """Counting conclusions hides what leans: of the treatment studies in people, eight conclude no
    clear difference, none leans clearly to harm.
    """
    keys = ev.dictionary.kept_apart
    concluded, direction = (evidence.balance(ev, None, lens).set_index(keys) for lens in LENSES)
    treated = ("treatment", "human")
    assert concluded.loc[
        treated, ["benefit", "no_clear_difference", "mixed", "harm"]
    ].to_list() == [23, 8, 2, 0]
    assert direction.loc[treated, ["benefit", "mixed", "harm", "not_placed"]].to_list() == [
        23,
        0,
        1,
        9,
    ]
    risk = ("risk", "human")
    assert concluded.loc[risk, ["benefit", "no_clear_difference", "mixed", "harm"]].to_list() == [
        3,
        12,
        5,
        28,
    ]
    assert direction.loc[risk, ["benefit", "mixed", "harm", "not_placed"]].to_list() == [
        5,
        1,
        35,
        7,
    ]


def test_nothing_is_added_up_that_is_kept_apart(ev):
    table = evidence.balance(ev, by="design")
    assert {"question", "population", "design"} <= set(table.columns)
    assert not table.duplicated(["question", "population", "design"]).any()


def test_relabelling_turns_the_balance_round(ev):
    swap = {"benefit": "harm", "harm": "benefit"}
    findings = ev.findings
    findings["observed_direction"] = findings["observed_direction"].astype("str").replace(swap)
    turned = ev.with_tables(dict(ev.tables) | {"findings": findings})
    one, other = evidence.balance(ev, lens="direction"), evidence.balance(turned, lens="direction")
    assert one["benefit"].to_list() == other["harm"].to_list()
    assert one["not_placed"].to_list() == other["not_placed"].to_list()


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_row_order_does_not_matter(ev, random):
    tables = dict(ev.tables)
    for name in ("studies", "findings"):
        order = list(range(len(tables[name])))
        random.shuffle(order)
        tables[name] = tables[name].iloc[order].reset_index(drop=True)
    shuffled = ev.with_tables(tables)
    for unit in ("study", "cohort"):
        pd.testing.assert_frame_equal(
            evidence.balance(ev, "design", "direction", unit).frame,
            evidence.balance(shuffled, "design", "direction", unit).frame,
        )


def test_participants_count_each_study_once(ev):
    table = evidence.balance(ev, None, unit="finding").set_index(ev.dictionary.kept_apart)
    studies = ev.studies[
        ev.studies["counted"]
        & ev.studies["question"].eq("treatment")
        & ev.studies["population"].eq("human")
    ]
    row = table.loc[("treatment", "human")]
    assert row["participants"] == studies["sample_size"].sum()
    assert row["size_unknown"] == studies["sample_size"].isna().sum()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lens": "size"}, "allowed: concluded, direction"),
        ({"unit": "person"}, "allowed: study, cohort, finding"),
        ({"by": "colour"}, "columns: study_id"),
    ],
)
def test_wrong_options(ev, options, words):
    with pytest.raises(evidence.UsageError, match=words):
        evidence.balance(ev, **options)


def test_set_aside_gives_every_reason(ev):
    assert evidence.set_aside(ev).sum() == 23


def test_a_finding_has_its_own_value_of_a_column_that_both_tables_have(ev):
    table = (
        votes(ev, "direction", "finding", "exposure").set_index("unit")["exposure"].astype("str")
    )
    findings = ev.findings.set_index("finding_id").loc[table.index]
    own, of_study = (
        findings["exposure"].astype("str"),
        findings["study_id"].map(ev.studies.set_index("study_id")["exposure"].astype("str")),
    )
    assert table.equals(own.where(own.notna(), of_study).rename("exposure"))
    assert (own.notna() & (own != of_study)).any()
