"""One vote per unit: the 70 % rule, main findings, cohorts, and the balance, on cases worked by
hand and against a second count of the files.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd
import plain
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence
from evidence.synthesis.lens import CONCLUDED, DIRECTION, LENSES, one_word
from evidence.synthesis.votes import votes, with_results


@pytest.mark.parametrize(
    ("words", "vote", "results", "silent"),
    [
        (["benefit"] * 7 + ["harm"] * 3, "benefit", 10, 0),  # 70 % exactly
        (["benefit"] * 69 + ["harm"] * 31, "mixed", 100, 0),
        (["benefit"] * 2 + ["harm"], "mixed", 3, 0),  # 67 %
        (["harm"] * 3 + ["benefit"], "harm", 4, 0),  # 75 %
        (["harm"] * 3 + ["mixed"], "harm", 4, 0),
        (["harm", "mixed"], "mixed", 2, 0),
        (["mixed"], "mixed", 1, 0),
        # what was not printed stays in the denominator
        (["harm"] * 7 + ["not_reported"] * 3, "harm", 7, 3),
        (["harm"] * 6 + ["not_reported"] * 3, None, 6, 3),  # 67 %, though all that was printed
        (["harm", "not_reported", "not_reported"], None, 1, 2),
        (["harm", "benefit", "not_reported"], "mixed", 2, 1),  # mixed whatever the third is
    ],
)
def test_directions_of_several_results(words, vote, results, silent):
    row = one_word(pd.Series(["a"] * len(words)), pd.Series(words), DIRECTION).loc["a"]
    assert (row["vote"] if pd.notna(row["vote"]) else None) == vote
    assert (row["results"], row["silent"]) == (results, silent)


@pytest.mark.parametrize(
    ("words", "vote"),
    [
        (["benefit", "benefit"], "benefit"),
        (["benefit"] * 9 + ["no_clear_difference"], "mixed"),  # no 70 % rule for conclusions
        (["harm", "not_applicable"], "harm"),  # what is not a conclusion says nothing
        (["not_applicable"], None),
    ],
)
def test_conclusions_of_several_results(words, vote):
    row = one_word(pd.Series(["a"] * len(words)), pd.Series(words), CONCLUDED).loc["a"]
    assert (row["vote"] if pd.notna(row["vote"]) else None) == vote


def test_nothing_votes():
    groups, words = pd.Series(["a", "a"]), pd.Series(["not_reported", "null"])
    row = one_word(groups, words, DIRECTION).loc["a"]
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
def test_one_word_by_counting(results):
    groups, words = zip(*results, strict=True)
    table = one_word(pd.Series(groups), pd.Series(words), DIRECTION)
    for group in set(groups):
        own = [word for name, word in results if name == group]
        vote = table.loc[group, "vote"]
        assert ("" if pd.isna(vote) else vote) == plain.by_direction(own)
        assert table.loc[group, "silent"] == Counter(own)["not_reported"]


def test_a_study_votes_with_its_main_finding_alone(ev):
    """braga2018: no clear difference in the outcome that it declares primary, though other findings
    are concluded to be of benefit.
    """
    concluded, direction = (votes(ev, lens).set_index("study_id") for lens in LENSES)
    findings = plain.findings().set_index("finding_id")
    main = findings.loc["braga2018-2"]
    assert (main["is_primary"], main["primary_basis"]) == ("true", "declared")
    assert concluded.loc["braga2018", "vote"] == main["conclusion"] == "no_clear_difference"
    assert direction.loc["braga2018", "vote"] == main["observed_direction"]
    # carreras2010 finds benefit and harm in the domain of its main finding
    assert direction.loc["carreras2010", "vote"] == "benefit"
    wide = votes(ev, "direction", main="outcome").set_index("study_id")
    assert (wide.loc["carreras2010", "vote"], wide.loc["carreras2010", "results"]) == ("mixed", 2)
    # fang2016 has five findings on risk: four to harm, one to benefit: 80 %
    assert (wide.loc["fang2016", "vote"], wide.loc["fang2016", "results"]) == ("harm", 5)


def test_declared_main_findings_alone(ev):
    main = plain.main_findings()
    declared = set(main.loc[main["primary_basis"] == "declared", "study_id"])
    table = votes(ev, "concluded", main="declared")
    assert set(table["study_id"]) == declared and len(declared) > 5


def test_the_study_as_a_whole(ev):
    table = votes(ev, "concluded", main="whole").set_index("study_id")["vote"].astype("str")
    studies = plain.table("studies").set_index("study_id")["direction"]
    words = ("benefit", "no_clear_difference", "mixed", "harm")
    whole = studies[table.index]
    assert table.fillna("").to_list() == whole.where(whole.isin(words), "").to_list()


def test_a_counted_study_without_a_main_finding_is_not_placed(ev):
    findings = ev.findings
    findings["is_primary"] = findings["is_primary"] & (findings["study_id"] != "braga2018")
    cut = ev.with_tables(dict(ev.tables) | {"findings": findings})
    for lens in LENSES:
        before, after = (evidence.balance(e, None, lens).frame for e in (ev, cut))
        assert before["units"].to_list() == after["units"].to_list()
        assert (after["not_placed"] - before["not_placed"]).sum() == 1


def test_a_contrast_that_does_not_answer_does_not_vote(ev):
    findings = ev.findings
    mine = findings["is_primary"] & (findings["study_id"] == "braga2018")
    findings["comparator"] = findings["comparator"].mask(mine, "other_exercise")
    cut = ev.with_tables(dict(ev.tables) | {"findings": findings})
    assert pd.isna(votes(cut, "concluded").set_index("study_id").loc["braga2018", "vote"])


def test_cohorts_vote_once(ev):
    table = votes(ev, "concluded", "cohort").set_index("study_id")
    studies, main = plain.table("studies"), plain.main_findings().set_index("study_id")
    soccer = studies[(studies["cohort"] == "italian_soccer") & (studies["counted"] == "true")]
    lead = soccer.set_index("study_id")["cohort_representative"].eq("true").idxmax()
    assert len(soccer) > 2 and set(soccer["study_id"]) & set(table.index) == {lead}
    assert table.loc[lead, "vote"] == main.loc[lead, "conclusion"]
    # without a representative: what the reports agree on, under the largest
    genes = studies[(studies["cohort"] == "als_gwas") & (studies["counted"] == "true")]
    said = plain.as_concluded(main.loc[genes["study_id"], "conclusion"].to_list())
    assert table.loc["zhang2021", "vote"] == said == "mixed"
    assert len(votes(ev, "concluded", "cohort", overlap="certain")) > len(table)


def test_the_balance_is_that_of_the_files(ev):
    main = plain.main_findings()
    counted = plain.table("studies")
    counted = counted[counted["counted"] == "true"].groupby(plain.GROUP).size()
    for lens, column in (("concluded", "conclusion"), ("direction", "observed_direction")):
        table = evidence.balance(ev, None, lens).set_index(plain.GROUP)
        assert len(table) == len(counted)
        for group, studies in counted.items():
            here = main.set_index(plain.GROUP).loc[[group]]
            words = Counter(here[column])
            placed = LENSES[lens].placed
            assert table.loc[group, list(placed)].to_list() == [words[word] for word in placed]
            missing = studies - sum(words[word] for word in placed)
            assert table.loc[group, ["units", "not_placed"]].to_list() == [studies, missing]


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("unit", ["study", "cohort", "finding"])
@pytest.mark.parametrize("by", [None, "population", "outcome_domain", "intensity", "year"])
def test_placed_and_not_placed_are_all(ev, lens, unit, by):
    table = evidence.balance(ev, by, lens, unit)
    assert (table[list(LENSES[lens].placed)].sum(axis=1) == table["placed"]).all()
    assert (table["placed"] + table["not_placed"] == table["units"]).all()
    assert table["units"].sum() == len(votes(ev, lens, unit, by))


def test_the_lenses_differ(ev):
    """Counting conclusions hides what leans: of the treatment studies in people that conclude no
    clear difference, some lean to benefit, and none is known to lean to harm.
    """
    keys = ev.dictionary.kept_apart
    concluded, direction = (evidence.balance(ev, None, lens).set_index(keys) for lens in LENSES)
    treated = ("treatment", "human")
    assert concluded.loc[treated, "no_clear_difference"] >= 8
    assert direction.loc[treated, "benefit"] > concluded.loc[treated, "benefit"]
    assert direction.loc[treated, "harm"] == concluded.loc[treated, "harm"]


def test_nothing_is_added_up_that_is_kept_apart(ev):
    table = evidence.balance(ev, by="design")
    assert {"question", "population", "design"} <= set(table.columns)
    assert not table.duplicated(["question", "population", "design"]).any()


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
        ({"by": "zzzz"}, "columns: study_id"),
    ],
)
def test_wrong_options(ev, options, words):
    with pytest.raises(evidence.UsageError, match=words):
        evidence.balance(ev, **options)


def test_set_aside_gives_every_reason(ev):
    studies = plain.table("studies")
    aside = studies[studies["counted"] != "true"]["not_counted_because"]
    assert evidence.set_aside(ev).to_dict() == aside.value_counts().to_dict()


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


@pytest.mark.parametrize("lens", ["concluded", "direction"])
def test_a_finding_is_placed_or_silent(ev, lens):
    """Each finding is one result, which has a word or none."""
    table = evidence.votes(ev, lens, unit="finding").frame
    assert set(table["results"]) == {0, 1} and (table["results"] + table["silent"] == 1).all()
    assert table["vote"].notna().eq(table["results"] == 1).all()


def test_a_whole_study_is_placed_or_silent(ev):
    table = evidence.votes(ev, "concluded", main="whole").frame
    assert (table["results"] + table["silent"] == 1).all() and table["results"].sum() > 80


def test_what_votes_rest_on(ev):
    """A cohort rests on every report of it, also where one alone has its vote."""
    counted = set(ev.studies.loc[ev.studies["counted"].fillna(False).astype(bool), "study_id"])
    cohorts = evidence.votes(ev, unit="cohort")
    assert set(cohorts.underlying) == counted and len(cohorts) < len(counted)
    part = evidence.votes(ev, unit="finding")
    assert set(part.underlying) == set(part.frame["study_id"])


@pytest.mark.parametrize(
    ("sizes", "stands"), [([10, 10, 5], "a"), ([1, float("nan"), 5], "b"), ([10, 11, 5], "a")]
)
def test_of_equal_reports_the_first_by_name_stands(sizes, stands):
    """Where no report is the representative: the largest, of one size the first by name; a report
    of unknown size comes after one of a single person.
    """
    from evidence.synthesis.lens import CONCLUDED
    from evidence.synthesis.votes import cohort_votes, words_of

    reports = pd.DataFrame(
        {
            "study_id": ["b", "a", "c"],
            "cohort_unit": ["one", "one", "two"],
            "cohort_representative": [False, False, True],
            "sample_size": sizes,
            "vote": words_of(pd.Series(["harm", "harm", "benefit"]), CONCLUDED),
        }
    )
    found = cohort_votes(reports, [], CONCLUDED)
    assert found["study_id"].to_list() == [stands, "c"]
    assert found["vote"].astype("str").to_list() == ["harm", "benefit"]


def test_a_study_without_a_result_that_votes_has_none(ev):
    """It stays, without a vote, and nothing is made up for it."""
    study = "braga2018"
    findings = ev.findings[ev.findings["study_id"] != study].reset_index(drop=True)
    part = ev.with_tables(dict(ev.tables) | {"findings": findings})
    (row,) = votes(part).frame.query("study_id == @study").to_dict("records")
    assert (row["results"], row["silent"]) == (0, 0) and pd.isna(row["vote"])


FUNCTION = {"question": "treatment", "population": "human", "outcome_domain": "function"}


@pytest.mark.parametrize("lens", ["concluded", "direction"])
def test_a_selection_by_one_outcome_votes_with_its_results_there(ev, lens):
    """As each row of the balance by outcomes: the main finding may be on another outcome."""
    part = ev.select(**FUNCTION)
    table = evidence.votes(part, lens).frame.set_index("study_id")
    rows = evidence.votes(ev, lens, by="outcome_domain").frame
    rows = rows[rows["outcome_domain"] == "function"].set_index("study_id")
    there = table.index.isin(rows.index)
    assert there.sum() > 15 and table["vote"][there].astype("object").fillna("").to_dict() == (
        rows["vote"].reindex(table.index[there]).astype("object").fillna("").to_dict()
    )
    assert table["results"][~there].sum() + table["silent"][~there].sum() == 0


def test_no_study_with_a_conclusion_there_is_without_one(ev):
    """Nine of twenty were: their main finding is on another outcome."""
    (line,) = evidence.balance(ev.select(**FUNCTION), None).frame.to_dict("records")
    counts = [line[word] for word in ("benefit", "no_clear_difference", "mixed", "harm")]
    assert (counts, line["not_placed"], line["units"]) == ([7, 7, 4, 0], 2, 20)
    assert line["no_result"] == 2  # both compare one programme with another


@pytest.mark.parametrize("lens", ["concluded", "direction"])
def test_a_selection_by_several_outcomes_says_whose_main_result_is_elsewhere(ev, lens):
    part = ev.select(**FUNCTION | {"outcome_domain": ["function", "fatigue"]})
    table = evidence.balance(part, None, lens)
    main = part.findings.loc[part.findings["is_primary"], "study_id"]
    counted = part.studies[part.studies["counted"]]
    (line,) = table.frame.to_dict("records")
    assert line["no_result"] == int((~counted["study_id"].isin(main)).sum()) > 0
    said = " ".join(table.unplaced_said)
    assert f"{line['not_placed']} of {line['units']}" in said
    assert f"main result is on something else: {line['no_result']} of {line['not_placed']}" in said
    chart = table.chart()
    assert all(one in " ".join(chart.notes) for one in table.unplaced_said)
    assert "or no result to count" in chart.alt


@pytest.mark.parametrize("outcome", ["survival", ["function", "fatigue"]])
def test_a_study_without_a_result_in_a_selection_can_be_left_out(ev, outcome):
    """By outcome it is in no row, as it has none; by study it stays unless it is taken away."""
    part = ev.select(outcome_domain=outcome)
    less = with_results(part)
    table = evidence.votes(part).frame
    silent = set(table.loc[table["results"] + table["silent"] == 0, "study_id"])
    assert silent and set(part.studies["study_id"]) - set(less.studies["study_id"]) == silent
    assert less.steps == part.steps
    rows = evidence.votes(part, by="outcome_domain").frame
    assert rows["outcome_domain"].notna().all() and (rows["results"] + rows["silent"] > 0).all()
    assert with_results(ev) is ev


@pytest.mark.parametrize("chosen", [{}, {"design": "rct"}, {"sport": "soccer"}])
def test_other_selections_vote_with_main_findings(ev, chosen):
    table = evidence.balance(ev.select(**chosen), None)
    assert "no_result" not in table.frame and table.unplaced == "No conclusion"


def test_votes_are_drawn(ev):
    """As a harvest plot; by outcome domain, as an effect-direction plot."""
    part = ev.select(question="treatment", population="human")
    assert evidence.votes(part).chart().name == "harvest"
    by_domain = evidence.votes(part, by="outcome_domain")
    assert by_domain.chart(title="Mine").name == "effect_direction"
