"""What may be pooled, what is refused, and what is said about the rest."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence
from evidence.synthesis.effect_sizes import sized
from evidence.synthesis.effects import standard_error
from evidence.synthesis.poolable import Poolable, errors_from_p
from evidence.synthesis.results import matching


def conditions(*pairs: str) -> pd.DataFrame:
    return pd.DataFrame([pair.split("=", 1) for pair in pairs], columns=["column", "value"])


RISK = ("question=risk", "outcome_domain=als_risk")


def test_or_with_smr_is_refused(ev):
    with pytest.raises(
        evidence.UsageError,
        match=(
            r"different measures cannot be pooled \(OR: .*SMR: .*legal selections: one of OR, SMR"
        ),
    ):
        evidence.poolable(ev, ["OR", "SMR"], conditions(*RISK))


def test_two_reports_of_one_cohort_are_refused(ev):
    chosen = conditions(*RISK, "comparator=general_population")
    with pytest.raises(
        evidence.UsageError,
        match=(
            r"share people .*italian_soccer: chio2005, chio2009, taioli2007.*legal: one report per"
            r" cohort"
        ),
    ):
        evidence.poolable(ev, "SMR", chosen)
    three = ev.select(study_id=["chio2005", "chio2009", "daneshvar2021"])
    with pytest.raises(evidence.UsageError, match="italian_soccer") as refused:
        evidence.poolable(three, "SMR", chosen)
    assert "daneshvar2021" not in str(refused.value), "it shares its people with nobody here"
    once = evidence.poolable(ev, "SMR", chosen, one_per_cohort=True)
    assert once.included["study_id"].to_list() == ["chio2009", "daneshvar2021"]
    reason = once.excluded.set_index("study_id").loc["chio2005", "reason"]
    assert reason == "shares people with chio2009, which stands for them here"


def test_a_99_percent_interval_read_as_95_percent_is_refused(ev):
    chosen = conditions(
        *RISK,
        "exposure=occupational_activity",
        "comparator=lower_exposure",
        "comparator=no_exercise",
    )
    with pytest.raises(
        evidence.UsageError, match=r"not every interval is a 95 % interval: vanacore2010-1 \(99 %\)"
    ):
        evidence.poolable(ev, "OR", chosen, ci_level=95)
    own = evidence.poolable(
        ev,
        "OR",
        conditions(
            *RISK, "comparator=lower_exposure", "exposure=professional_or_competitive_sport"
        ),
    )
    row = own.included.set_index("finding_id").loc["vanacore2010-3"]
    assert row["se"] == pytest.approx((np.log(4.78) - np.log(0.69)) / (2 * 2.575829), rel=1e-5)


def test_a_pool_of_the_table_refuses_another_level_of_its_own_results_alone(ev):
    """Not one of results that the pool is not about."""
    with pytest.raises(evidence.UsageError, match=r"95 % interval: vanacore2010-3 \(99 %\);"):
        evidence.size_pool(ev, "or_sport", ci_level=95)
    whole, read = (evidence.size_pool(ev, "or_leisure_total", ci_level=n) for n in (None, 95))
    assert set(read.poolable.included["ci_level"]) == {95} and read.verdict == whole.verdict
    with pytest.raises(evidence.UsageError, match="not every interval is a 99 % interval"):
        evidence.size_pools(ev, ci_level=99)


def test_an_interval_without_a_level_is_not_taken_for_a_95_percent_one(data):
    data.change("findings", "alves2025-1", ci_level="")
    ev = evidence.load(data.folder)
    study = ev.studies.set_index("study_id")["exposure"]["alves2025"]
    chosen = conditions(*RISK, "comparator=lower_exposure", f"exposure={study}")
    with pytest.raises(evidence.UsageError, match=r"not every interval .*alves2025-1"):
        evidence.poolable(ev, "OR", chosen, ci_level=95, one_per_cohort=True)


def test_two_contrasts_are_refused_as_several_are(ev):
    two = ev.select(study_id=["alves2025"])
    with pytest.raises(evidence.UsageError, match="comparator would be mixed"):
        evidence.poolable(two, "OR", conditions(*RISK))


def test_different_contrasts_are_refused(ev):
    with pytest.raises(
        evidence.UsageError,
        match=(
            r"different values of comparator would be mixed .*per_unit: .*legal selections:"
            r" comparator=lower_exposure or"
        ),
    ):
        evidence.poolable(ev, "OR", conditions(*RISK))


def test_what_is_kept_apart_is_never_pooled(data):
    """Not even where the conditions name each value."""
    asked = conditions("outcome_domain=als_risk", "comparator=lower_exposure")
    alone = evidence.poolable(evidence.load(data.folder), "OR", asked, one_per_cohort=True)
    for study in alone.included["study_id"][:2]:
        data.change("studies", study, question="treatment", population="animal")
    ev = evidence.load(data.folder)
    both = conditions("question=risk", "question=treatment")
    for criteria in (asked, pd.concat([asked, both])):
        with pytest.raises(evidence.UsageError) as refused:
            evidence.poolable(ev, "OR", criteria, one_per_cohort=True)
        assert "different values of question would be mixed (risk: " in str(refused.value)
        assert "legal selections: question=risk or question=treatment" in str(refused.value)
    people = conditions("population=human")
    rest = evidence.poolable(ev, "OR", pd.concat([asked, people]), one_per_cohort=True)
    assert len(rest.included) == len(alone.included) - 2


def test_outcomes_of_a_pool_of_ones_own_are_named(ev):
    """A pool of the table is what its conditions say."""
    asked = conditions("question=risk", "population=human", "comparator=general_population")
    with pytest.raises(
        evidence.UsageError,
        match=r"outcome_domain would be mixed .*outcome_domain=als_risk or outcome_domain=other",
    ):
        evidence.poolable(ev, "HR", asked, one_per_cohort=True)
    both = pd.concat([asked, conditions("outcome_domain=als_risk", "outcome_domain=other")])
    assert set(evidence.poolable(ev, "HR", both, one_per_cohort=True).included["outcome"])
    pools = pd.DataFrame([["hr", "HR", "HR", False, ""]], columns=ev.pools.columns)
    named = ev.with_tables(
        {**ev.tables, "pools": pools, "pool_criteria": asked.assign(pool_id="hr")}, []
    )
    assert evidence.size_pool(named, "hr").k == 3


def test_a_verdict_names_the_question_only_where_one_is(ev):
    asked = conditions("outcome_domain=als_risk", "comparator=lower_exposure")
    counted = int(ev.studies["counted"].sum())
    found = evidence.poolable(ev, "OR", asked, one_per_cohort=True)
    said = sized(ev, "own", "Own", "", found).verdict
    assert f", {len(found.included)} of the {counted} counted studies, tau²" in said
    assert "studies of the question" not in said


def test_measures_that_are_not_there_are_not_named_as_legal(ev):
    with pytest.raises(evidence.UsageError, match=r"one of OR, HR, SMR, SIR, MD$"):
        evidence.poolable(ev, None, conditions("sport=soccer"))


def test_different_scales_are_refused(ev):
    with pytest.raises(
        evidence.UsageError,
        match=r"different values of outcome_scale .*MEP \(cmH2O\).*MIP \(% of predicted\)",
    ):
        evidence.poolable(
            ev,
            "MD",
            conditions("question=treatment", "outcome_domain=respiratory", "comparator=sham"),
        )


def test_unknown_measure(ev):
    with pytest.raises(evidence.UsageError, match="allowed: OR, RR, HR"):
        evidence.poolable(ev, "XX", conditions(*RISK))


def test_every_study_within_the_scope_is_accounted_for(ev):
    scope = evidence.results(ev.select(counted=True))
    scope = scope[scope["question"].eq("risk") & scope["outcome_domain"].eq("als_risk")]
    for one in evidence.size_pools(ev):
        named = set(one.poolable.included["study_id"]) | set(one.poolable.excluded["study_id"])
        if one.poolable.measure in ("OR", "HR", "SMR", "SIR"):
            assert named == set(scope["study_id"])
        assert not set(one.poolable.included["study_id"]) & set(one.poolable.excluded["study_id"])
        assert not one.poolable.included["study_id"].duplicated().any()
        assert one.poolable.excluded["reason"].str.len().gt(5).all()


@pytest.mark.parametrize(
    ("pool", "study", "words"),
    [
        ("or_sport", "gotkine2014", "another contrast"),
        ("or_sport", "abel2007", "no OR shown"),
        ("or_activity", "vanacore2010", None),
        ("or_activity", "yu2014", None),
        ("or_activity", "goutman2024", "from its exact p-value is not used here"),
        ("or_activity", "harwood2016", "another contrast: Per unit"),
        ("or_activity", "liao2022", "exposure: Genetic liability"),
        ("or_activity", "visser2018", "another contrast: Per unit"),
        ("hr_activity", "anns2025", "exposure: Professional or competitive sport"),
        ("smd_function", "ferri2019", "known contradiction: Their size suggests standard errors"),
        ("md_mip", "cheah2009", "outcome scale: MIP (% of predicted)"),
    ],
)
def test_reasons(ev, pool, study, words):
    one = evidence.size_pool(ev, pool)
    if words is None:
        assert study in set(one.poolable.included["study_id"])
    else:
        assert words in one.poolable.excluded.set_index("study_id").loc[study, "reason"]


def test_known_traps_never_enter(ev):
    """Ratios that a recoded event, an outside estimate or a mixed-up rate made, and final scores of
    unlike arms.
    """
    used = {
        finding
        for one in evidence.size_pools(ev)
        for finding in one.poolable.included["finding_id"]
    }
    assert not used & {
        "russell2022-1",
        "gotkine2014-1",
        "abel2007-1",
        "aberg2018-2",
        "braga2018-1",
        "ferri2019-1",
        "westeneng2021-2",
    }
    assert "braga2018-2" in used


def test_standardised_differences_point_to_benefit(ev):
    """braga2018-2 is a slope of points lost: the exercised arm lost less, which is benefit, so the
    sign is turned.
    """
    row = (
        evidence.size_pool(ev, "smd_function")
        .poolable.included.set_index("finding_id")
        .loc["braga2018-2"]
    )
    assert row["estimate"] == pytest.approx(0.262, abs=1e-3) and row["origin"] == "arm values"


def test_few_studies_are_shown_unpooled(ev):
    for one in evidence.size_pools(ev):
        assert (one.result is None) == (one.k < 3)
        if one.k < 3:
            assert one.summary == {} and (
                "nothing is pooled" in one.verdict or "no study qualifies" in one.verdict
            )


def test_the_pool_of_the_table_against_the_pool_of_its_numbers(ev):
    one = evidence.size_pool(ev, "or_activity")
    again = evidence.pool(one.poolable.included["estimate"], one.poolable.included["se"])
    assert one.summary["estimate"] == pytest.approx(np.exp(again.estimate))
    assert (
        f"OR {np.exp(again.estimate):.2f}" in one.verdict
        and f"{one.k} of 43 studies" in one.verdict
    )


def test_size_table_and_forest_rows(ev):
    pools = evidence.size_pools(ev)
    table = evidence.size_table(pools)
    assert table["pool_id"].to_list() == ev.pools["pool_id"].to_list()
    assert table["estimate"].notna().to_list() == [one.k >= 3 for one in pools]
    rows = evidence.forest_rows(ev, evidence.size_pool(ev, "or_activity"))
    row = rows.set_index("label").loc["Pupillo et al. 2014"]
    assert [row["ci_low"], row["ci_high"]] == [0.48, 0.89] and row["estimate"] == pytest.approx(
        0.65
    )
    assert row["printed"] == ""
    row = rows.set_index("label").loc["Vanacore et al. 2010"]
    assert row["printed"] == "99 % interval 0.86 to 1.04"
    assert row["ci_low"] > 0.69 and row["ci_high"] < 4.78


def test_unknown_pool(ev):
    with pytest.raises(evidence.UsageError, match="no pool 'x'; pools: hr_activity"):
        evidence.size_pool(ev, "x")


def test_matching():
    table = pd.DataFrame({"a": ["x", "y", None], "b": ["1", "2", "3"]})
    met = matching(table, conditions("a=x", "a=y", "b=not:2"))
    assert met["a"].to_list() == [True, True, False] and met["b"].to_list() == [True, False, True]
    assert matching(table, conditions("a=*"))["a"].to_list() == [True, True, False]
    assert matching(table, conditions("a=not:*"))["a"].to_list() == [False, False, True]
    assert matching(table, conditions("a=not:*", "a=y"))["a"].to_list() == [False, True, True]
    with pytest.raises(evidence.UsageError, match="no column 'c'"):
        matching(table, conditions("c=1"))


def test_a_finding_overrides_its_study(ev):
    table = evidence.results(ev).set_index("finding_id")
    assert table.loc["huisman2013-2", "exposure"] == "leisure_activity"
    assert table.loc["huisman2013-3", "exposure"] == "occupational_activity"
    assert table.loc["vanacore2010-4", "comparator"] == "not_exercise"
    assert len(table) == len(ev.findings)


def test_standard_errors_from_p_values_are_asked_for_and_marked(ev):
    plain, more = (evidence.size_pool(ev, "or_activity", from_p_values=on) for on in (False, True))
    added = set(more.poolable.included["study_id"]) - set(plain.poolable.included["study_id"])
    assert added == {"goutman2024"} and plain.k == more.k  # in place of yu2014, of the same cohort
    rows = more.poolable.included.set_index("study_id")
    assert rows["origin"].to_dict() == {
        study: "p_value" if study == "goutman2024" else "interval" for study in rows.index
    }
    # 3.48, p = 0.004: the quantile is 2.8782
    assert rows.loc["goutman2024", "se"] == pytest.approx(np.log(3.48) / 2.878162, rel=1e-6)
    assert "1 of the standard errors from an exact p-value" in more.verdict
    assert "p-value" not in plain.verdict


def test_a_difference_goes_by_t_with_two_degrees_less_than_people():
    """Cochrane Handbook 6.5.2.3: 25 and 22 people, difference 3.8, p = 0.008."""
    table = pd.DataFrame({"p_operator": ["="], "p_value": [0.008], "sample_size": [47]})
    (error,) = errors_from_p(table, np.array([3.8]), log=False)
    assert error == pytest.approx(3.8 / stats.t.isf(0.004, 45), rel=1e-9)
    assert error == pytest.approx(1.37, abs=5e-3)
    (ratio,) = errors_from_p(table, np.array([3.8]), log=True)
    assert ratio == pytest.approx(3.8 / stats.norm.isf(0.004), rel=1e-9)


def test_a_pool_names_the_retracted_studies_in_it(ev):
    found = evidence.size_pool(ev, "or_activity")
    inside = found.poolable.included["study_id"].iloc[0]
    outside = found.poolable.excluded["study_id"].iloc[0]
    status = pd.DataFrame({"id": [inside, outside]}, columns=ev.source_status.columns).assign(
        table="studies", service="pubmed", notice="retraction", result="matches"
    )
    told = ev.with_tables(dict(ev.tables) | {"source_status": status})
    assert set(told.retracted) == {inside, outside}
    assert evidence.size_pool(told, "or_activity").retracted == (inside,)


def test_a_bound_is_not_an_exact_p_value(ev):
    """visser2018 prints p < 0.001 for the second of its ratios per unit, p = 0.01 for the first."""
    chosen = conditions(*RISK, "comparator=per_unit", "study_id=visser2018")
    found = evidence.poolable(ev, "OR", chosen, from_p_values=True)
    assert found.included["finding_id"].to_list() == ["visser2018-1"]
    assert found.choices["finding_id"].to_list() == ["visser2018-1"]


def test_an_interval_goes_before_a_p_value(ev):
    """huisman2013-1 prints an interval and p = 0.008."""
    chosen = conditions(*RISK, "comparator=per_unit", "study_id=huisman2013")
    chosen = pd.concat([chosen, conditions("finding_id=huisman2013-1")])
    rows = evidence.poolable(ev, "OR", chosen, from_p_values=True).included
    assert rows["origin"].to_list() == ["interval"]


# What stood in the first edition of the table: each study with all its results that could stand,
# the one that stands for it first.
FIRST = {
    "alves2025": [(1.82, 3.07, 5.19), (1.70, 2.91, 5.01)],
    "chen2022": [(1.01, 1.81, 3.25), (1.19, 2.35, 4.65)],
    "huisman2013": [(0.96, 1.24, 1.61)],
    "pupillo2014": [(0.48, 0.65, 0.89), (0.36, 0.56, 0.87), (0.32, 0.49, 0.75), (0.21, 0.34, 0.54)],
    "rosenbohm2021": [(1.34, 1.97, 2.89)],
    "vanacore2010": [(0.69, 1.81, 4.78)],
}


def _own_pool(ev, results, studies=48):
    """A pool of log ratios: for each study (low, ratio, high), the first one stands."""
    rows = pd.DataFrame(
        [(study, *result) for study, found in results.items() for result in found],
        columns=["study_id", "low", "ratio", "high"],
    )
    level = rows["study_id"].map({"vanacore2010": 99.0}).fillna(95.0)
    rows["se"] = standard_error(rows["low"], rows["high"], level, log=True)
    rows["estimate"], rows["origin"] = np.log(rows["ratio"]), "interval"
    standing = rows.drop_duplicates("study_id").reset_index(drop=True)
    found = Poolable("OR", True, standing, rows.iloc[:0], rows, studies)
    return sized(ev, "own", "own", "", found)


def test_what_a_verdict_says(ev):
    one = _own_pool(ev, FIRST)
    for words in (
        "OR 1.54, 95 % interval 0.86 to 2.75 (Hartung-Knapp), 6 of 48 studies of the question",
        "95 % prediction interval of the true effect in a new setting 0.38 to 6.27",
        "it depends on one study: without Pupillo et al. 2014: 1.83, 1.15 to 2.90",
        "1.40 to 1.59 over 16 ways to choose a result for each study",
    ):
        assert words in one.verdict
    assert "further study" not in one.verdict
    wide = {
        study: [(low / 9, ratio, high * 9)] for study, ((low, ratio, high), *_) in FIRST.items()
    }
    wide["alves2025"] = [(400.0, 800.0, 1600.0)]
    assert "e+" not in _own_pool(ev, wide).verdict
    turning = [turned for turned in one.one_left_out if turned.turns]
    assert [turned.study_id for turned in turning] == ["pupillo2014"]
    assert turning[0].without.k == 5 and turning[0].without.poolable.studies == 48


def test_a_pool_that_hangs_on_none_says_nothing_of_it(ev):
    alike = {name: [(1.5, 2.0, 2.67)] for name in ("a", "b", "c", "d", "e")}
    one = _own_pool(ev, alike, studies=0)
    assert not one.holds_no_difference and len(one.one_left_out) == 5
    assert "depends on" not in one.verdict and "ways to choose" not in one.verdict
    assert "5 studies, tau²" in one.verdict and one.choice_range is None


def test_several_that_turn_the_interval_are_counted(ev):
    far = {
        name: [(0.95, ratio, ratio**2 / 0.95)] for name, ratio in zip("abcd", (2, 1.6, 1.7, 1.8))
    }
    one = _own_pool(ev, far)
    turning = [turned for turned in one.one_left_out if turned.turns]
    more = len(turning) - 1
    assert one.holds_no_difference is False and more >= 1
    others = "one other turns" if more == 1 else f"{more} others turn"
    assert f"(leaving out {others} the interval too)" in one.verdict


def test_turning_all_ratios_mirrors_the_pool(ev):
    turned = {
        study: [(1 / high, 1 / ratio, 1 / low) for low, ratio, high in found]
        for study, found in FIRST.items()
    }
    one, other = _own_pool(ev, FIRST), _own_pool(ev, turned)
    assert other.summary["estimate"] == pytest.approx(1 / one.summary["estimate"])
    low, high = (f"hk_guarded_ci_{end}" for end in ("low", "high"))
    assert other.summary[low] == pytest.approx(1 / one.summary[high])
    assert other.choice_range.low == pytest.approx(1 / one.choice_range.high)
    assert other.choice_range.high == pytest.approx(1 / one.choice_range.low)
    for mine, theirs in zip(one.one_left_out, other.one_left_out, strict=True):
        assert (mine.study_id, mine.turns) == (theirs.study_id, theirs.turns)


def test_too_many_choices_are_exchanged_one_at_a_time(ev):
    many = {name: [(1.0, ratio, 4.0) for ratio in (2.0, 1.5, 2.5)] for name in "abcdefg"}
    found = _own_pool(ev, many).choice_range
    assert found.choices == 3**7 and found.one_at_a_time
    assert found.low < 2 < found.high
    assert "exchanged one at a time" in _own_pool(ev, many).verdict
    few = _own_pool(ev, {name: many[name] for name in "abc"}).choice_range
    assert few.choices == 27 and not few.one_at_a_time
    assert (few.low, few.high) == pytest.approx((1.5, 2.5))


def test_how_many_studies_the_question_has(ev):
    counted = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    for pool_id in ("or_activity", "smd_function"):
        one = evidence.size_pool(ev, pool_id)
        question = {"or_activity": "risk", "smd_function": "treatment"}[pool_id]
        people = counted["question"].eq(question) & counted["population"].eq("human")
        assert one.poolable.studies == int(people.sum())


def test_results_that_could_stand_hold_those_that_do(ev):
    for one in evidence.size_pools(ev):
        standing, could = one.poolable.included, one.poolable.choices
        assert set(standing["finding_id"]) <= set(could["finding_id"])
        assert set(standing["study_id"]) == set(could["study_id"])
        found = one.choice_range
        if found is not None:
            inside = found.low <= one.summary["estimate"] * (1 + 1e-9)
            assert inside and one.summary["estimate"] <= found.high * (1 + 1e-9)


def test_a_duplicate_pool_is_one_message(ev):
    twice = pd.concat([ev.pools, ev.pools.head(1)])
    with pytest.raises(evidence.UsageError, match="pools: hr_activity is a duplicate"):
        evidence.size_pool(ev.with_tables({**ev.tables, "pools": twice}, []), "or_activity")


def test_the_one_left_out_that_moves_most_comes_first(ev):
    pool = evidence.size_pool(ev, "or_activity")
    moved = [abs(one.without.result.estimate - pool.result.estimate) for one in pool.one_left_out]
    assert len(moved) == pool.k and moved == sorted(moved, reverse=True) and moved[0] > moved[-1]


def test_tables_of_a_pool_count_their_rows_from_zero(ev):
    """With the same columns, and none that holds old places."""
    found = evidence.size_pool(ev, "or_activity").poolable
    for table in (found.included, found.choices):
        assert list(table.columns) == list(found.included.columns) and "index" not in table
        assert list(table.index) == list(range(len(table)))
    assert list(found.excluded.columns) == ["study_id", "finding_id", "reason"]


def test_only_what_meets_all_conditions_is_named_as_mixed(ev):
    """The message lists results that could have been pooled, and no others."""
    asked = conditions(*RISK, "comparator=general_population")
    with pytest.raises(evidence.UsageError) as said:
        evidence.poolable(ev, None, asked)
    table = evidence.results(ev).frame.set_index("finding_id")
    named = [key for key in table.index if f"{key}," in str(said.value).replace(";", ",")]
    assert named and (table.loc[named, "comparator"] == "general_population").all()


def test_the_reason_is_the_first_condition_that_is_not_met(ev):
    """In the order in which the conditions are named."""
    first = conditions(*RISK, "design=cohort", "confidence=high")
    other = conditions(*RISK, "confidence=high", "design=cohort")
    reasons = [
        evidence.poolable(ev, "OR", asked, one_per_cohort=True).excluded["reason"]
        for asked in (first, other)
    ]
    begins = [set(said.str.extract(r"^(design|confidence):")[0].dropna()) for said in reasons]
    assert "design" in begins[0] and "confidence" in begins[1]
    assert not reasons[0].equals(reasons[1])


def test_a_pool_that_is_asked_for_again_is_its_own(ev):
    """It is worked out once; who changes what they were given changes nothing for the next."""
    one = evidence.size_pool(ev, "or_activity").poolable
    one.included["estimate"] = 0.0
    one.excluded["reason"] = ""
    again = evidence.size_pool(ev, "or_activity").poolable
    assert (again.included["estimate"] != 0).all() and (again.excluded["reason"] != "").all()


def common_by_hand(rows: pd.DataFrame) -> list[float]:
    """Inverse variance: estimate and estimate ± z standard errors, as ratios."""
    weights = [1 / se**2 for se in rows["se"]]
    total = sum(weights)
    estimate = sum(w * y for w, y in zip(weights, rows["estimate"], strict=True)) / total
    half = NormalDist().inv_cdf(0.975) / math.sqrt(total)
    return [math.exp(estimate + way * half) for way in (0, -1, 1)]


def test_a_common_effect_has_its_ordinary_interval_alone(ev):
    pool = evidence.size_pool(ev, "or_activity", "common")
    rows = pool.poolable.included
    whole, alone = (
        common_by_hand(part) for part in (rows, rows[~rows["study_id"].isin(pool.not_main)])
    )
    (line,) = evidence.size_table([pool]).to_dict("records")
    assert [line[name] for name in ("estimate", "ci_low", "ci_high")] == pytest.approx(whole)
    assert pd.isna([line["prediction_low"], line["prediction_high"]]).all()
    said = "OR {:.2f}, 95 % interval {:.2f} to {:.2f} (common effect, normal quantile)"
    assert pool.verdict.startswith(said.format(*whole))
    assert "main results alone: {:.2f}, {:.2f} to {:.2f}, ".format(*alone) in pool.verdict
    for word in ("nan", "Hartung", "prediction", "tau²"):
        assert word not in pool.verdict
    assert pool.holds_no_difference == (whole[1] <= 1 <= whole[2])
    turned = [one for one in pool.one_left_out if one.turns]
    for one in turned:
        low, high = common_by_hand(rows[rows["study_id"] != one.study_id])[1:]
        assert (low <= 1 <= high) != pool.holds_no_difference
    assert turned


def test_a_forest_plot_of_a_common_effect_says_nothing_that_it_has_not(ev):
    pool = evidence.size_pool(ev, "or_activity", "common")
    chart = pool.chart()
    said = " ".join([chart.title, chart.alt, *chart.notes])
    assert "nan" not in said and "Hartung" not in said and "rediction" not in said
    assert "common effect, normal quantile" in said and "tau²" not in said
    (pooled,) = pool.pooled_rows.to_dict("records")
    values = [pooled[name] for name in ("estimate", "ci_low", "ci_high")]
    assert values == pytest.approx(common_by_hand(pool.poolable.included))


def test_no_other_outcome_is_named_where_every_study_has_a_reason():
    """Counts of none are not listed."""
    out = pd.DataFrame({"reason": ["no interval", "no interval"]})
    whole = Poolable("OR", True, pd.DataFrame({"study_id": ["a"]}), out, studies=3)
    assert whole.why_not() == {"no interval": 2}
    assert replace(whole, studies=5).why_not() == {"no interval": 2, "another outcome": 2}
