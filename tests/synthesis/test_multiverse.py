"""The multiverse on a table worked by hand, against the balance it repeats, and facts that hold for
any table.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from portion import number as how_many
from statsmodels.stats.proportion import proportion_confint

import evidence
from evidence.model.contrasts import contrasts
from evidence.synthesis.multiverse import influence, multiverse, one_side
from evidence.synthesis.specifications import CHOICES

STUDIES = pd.DataFrame(
    {
        "study_id": ["a", "b", "c", "d", "e"],
        "question": "treatment",
        "population": "human",
        "design": ["rct", "rct", "single_arm", "rct", "single_arm"],
        "exposure": "training",
        "direction": ["benefit", "harm", "no_clear_difference", "mixed", "benefit"],
        "counted": [True, True, True, True, False],
        "not_counted_because": [None, None, None, None, "proxy_exposure"],
        "sample_size": [16, 4, 9, None, 25],
        "reading": ["abstract", "abstract", "abstract", "registry", "abstract"],
        "confidence": "high",
    }
)
EQUAL = {
    "lens": "concluded",
    "unit": "study",
    "context": "counted only",
    "design": "all",
    "minimum_n": 0,
}
PLAIN = EQUAL | {"mixed": "left out", "no_clear_difference": "left out", "weighting": "equal"}
DIRECTION = {"lens": "direction", "no_clear_difference": None, "unreadable": "left out"}
SMALLER, LARGER = "all to the smaller side", "all to the larger side"


def small(ev, **changed):
    studies = (
        STUDIES.assign(**changed).reindex(columns=ev.studies.columns).astype(ev.studies.dtypes)
    )
    findings = pd.DataFrame(
        {
            "finding_id": studies["study_id"] + "-1",
            "study_id": studies["study_id"],
            "is_primary": True,
            "outcome_domain": "function",
        }
    )
    says = studies["direction"].astype("str")
    findings = findings.assign(
        conclusion=says, observed_direction=says.replace("no_clear_difference", "not_reported")
    )
    return ev.with_tables(
        {
            "studies": studies,
            "findings": findings.reindex(columns=ev.findings.columns).astype(ev.findings.dtypes),
        }
    )


def one(table: pd.DataFrame, **choices) -> pd.Series:
    found = table[
        np.logical_and.reduce(
            [(table[name] == value).to_numpy(dtype=bool) for name, value in choices.items()]
        )
    ]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(
    ("choices", "share", "number", "directional", "left_out"),
    [
        ({}, 1 / 2, 2, 2, 2),
        ({"mixed": "half to each side"}, 1.5 / 3, 3, 3, 1),
        ({"no_clear_difference": "against benefit"}, 1 / 3, 3, 3, 1),
        ({"context": "with context"}, 2 / 3, 3, 3, 2),
        ({"design": "Comparison group or better"}, 1 / 2, 2, 2, 1),
        # weights 4 and 2; Kish: 6² / (4² + 2²)
        ({"weighting": "square root of n"}, 4 / 6, 36 / 20, 2, 2),
        ({"weighting": "n"}, 16 / 20, 400 / (256 + 16), 2, 2),
        # d, of unknown size, weighs as the median of 4, 9 and 16
        (
            {"weighting": "n", "mixed": "half to each side"},
            20.5 / 29,
            29**2 / (256 + 16 + 81),
            3,
            1,
        ),
        (
            {"weighting": "n", "no_clear_difference": "against benefit"},
            16 / 29,
            29**2 / (256 + 16 + 81),
            3,
            1,
        ),
        (
            {
                "weighting": "square root of n",
                "mixed": "half to each side",
                "no_clear_difference": "against benefit",
            },
            5.5 / 12,
            144 / 38,
            4,
            0,
        ),
        ({"no_clear_difference": "against harm"}, 2 / 3, 3, 3, 1),
        ({"no_clear_difference": "half to each side"}, 1.5 / 3, 3, 3, 1),
        (DIRECTION, 1 / 2, 2, 2, 2),
        # both sides are equal: half of c to each
        (DIRECTION | {"unreadable": SMALLER}, 1.5 / 3, 3, 3, 1),
        (DIRECTION | {"unreadable": LARGER}, 1.5 / 3, 3, 3, 1),
        # by weight, a leads with 16 to 4; c weighs 9
        (DIRECTION | {"unreadable": SMALLER, "weighting": "n"}, 16 / 29, 29**2 / 353, 3, 1),
        (DIRECTION | {"unreadable": LARGER, "weighting": "n"}, 25 / 29, 29**2 / 353, 3, 1),
    ],
)
def test_by_hand(ev, choices, share, number, directional, left_out):
    asked = {name: value for name, value in (PLAIN | choices).items() if value is not None}
    row = one(multiverse(small(ev), "treatment", minimum_sizes=(), fewest=1), **asked)
    assert row["share"] == pytest.approx(share)
    assert (row["directional"], row["left_out"]) == (directional, left_out)
    low, high = proportion_confint(share * number, number, method="wilson")
    assert (row["share_low"], row["share_high"]) == (pytest.approx(low), pytest.approx(high))
    tested = row[["lens", "weighting", "mixed"]].to_list() == ["direction", "equal", "left out"]
    assert pd.notna(row["p_value"]) == tested


def test_a_study_of_unknown_size_is_not_small(ev):
    table = multiverse(small(ev), "treatment", minimum_sizes=(9,), fewest=1)
    found = one(table, **PLAIN | {"minimum_n": 9})  # a, c and d are in
    assert found[["share", "directional", "left_out"]].to_list() == [1, 1, 2]


def test_net_names_a_side_only_where_that_side_leads(ev):
    says = ["benefit", "no_clear_difference", "no_clear_difference", "mixed", "benefit"]
    for turned, sides in ((False, ("benefit", "harm")), (True, ("harm", "benefit"))):
        words = [sides[0] if word == "benefit" else word for word in says]
        table = multiverse(small(ev, direction=words), "treatment", minimum_sizes=(), fewest=1)
        row = one(table, **PLAIN | {"no_clear_difference": f"against {sides[0]}"})
        assert (round(row["share"], 3), row["net"]) == (0.667 if turned else 0.333, "neither")
        row = one(table, **PLAIN | {"no_clear_difference": f"against {sides[1]}"})
        assert (row["share"], row["net"]) == (0.0 if turned else 1.0, sides[0])
        assert one(table, **PLAIN)["net"] == sides[0]
    silent = multiverse(small(ev, direction="no_clear_difference"), "treatment", minimum_sizes=())
    assert silent.loc[0, ["share", "net"]].isna().all() and silent.loc[0, "directional"] == 0


def test_where_nothing_points_anywhere_the_unreadable_have_no_side(ev):
    words = ["benefit", *["no_clear_difference"] * 4]
    designs = ["single_arm", *["rct"] * 4]
    table = multiverse(small(ev, direction=words, design=designs), "treatment", fewest=1)
    hidden = table[table["unreadable"].isin([SMALLER, LARGER]) & (table["design"] != "all")]
    assert len(hidden) and hidden["share"].isna().all() and (hidden["directional"] == 0).all()


def test_columns_and_rows(ev):
    """2 lenses x 2 units; designs 2 x context 2; concluded 24 and direction 18 treatments."""
    without = multiverse(small(ev), "treatment", minimum_sizes=(), fewest=1)
    assert len(without) == 2 * 4 * (24 + 18), "without cohorts, only studies and findings vote"
    assert "overlap" not in without.choices and set(without["unit"]) == {"study", "finding"}
    both = {"cohort": ["x", "x", None, None, None], "cohort_overlap": "certain"}
    table = multiverse(small(ev, **both), "treatment", minimum_sizes=(), fewest=1)
    assert len(table) == 3 * 4 * (24 + 18), "no overlap is only possible: the same cohorts"
    assert not table.duplicated(list(CHOICES)).any()
    assert table["overlap"].notna().eq(table["unit"] == "cohort").all()
    assert table["no_clear_difference"].notna().eq(table["lens"] == "concluded").all()
    assert table["unreadable"].notna().eq(table["lens"] == "direction").all()
    named = ["lens", "unit", "context", "design", "mixed", "no_clear_difference", "unreadable"]
    assert list(table.choices) == [*named, "weighting"]
    # Sets of studies: abcd, abcde, abd: the tier of designs holds a, b and d with and without e.
    assert table.distinct == 3 * 3 * (24 + 18)


def test_a_choice_that_moves_too_few_studies_is_not_offered(ev):
    table = multiverse(small(ev), "treatment", minimum_sizes=(9,))
    assert set(table.choices) == {"lens", "unit", "weighting"}
    assert len(table) == 2 * 2 * 3
    assert table[["mixed", "no_clear_difference", "unreadable"]].isna().all(axis=None)


def many(ev, words, **changed):
    """Studies with two findings each, of one outcome each."""
    ids = [f"s{place}" for place in range(len(words))]
    studies = pd.DataFrame(
        {"study_id": ids, "question": "treatment", "population": "human", "design": "rct"}
        | {"exposure": "training", "direction": "mixed", "counted": True, "sample_size": 10}
        | {"reading": "abstract", "confidence": "high", "comparator": "no_exercise"}
        | changed
    )
    lines = [
        (f"{key}-{number}", key, number == 1, domain, word, word)
        for key, pair in zip(ids, words, strict=True)
        for number, (domain, word) in enumerate(pair, start=1)
    ]
    names = ["finding_id", "study_id", "is_primary", "outcome_domain", "conclusion"]
    findings = pd.DataFrame(lines, columns=[*names, "observed_direction"])
    made = {"studies": studies, "findings": findings}
    return ev.with_tables(
        {
            name: table.reindex(columns=ev.tables[name].columns).astype(ev.tables[name].dtypes)
            for name, table in made.items()
        }
    )


PAIRS = [[("function", "benefit"), ("mood", "harm")]] * 4
PAIRS = [*PAIRS, [("function", "benefit"), ("function", "harm")], [("mood", "harm")]]


def test_main_and_outcome_by_hand(ev):
    """Six studies: five with function as their main outcome, all benefit, one of which also finds
    harm there; five of six find harm in mood.
    """
    table = multiverse(many(ev, PAIRS), "treatment", fewest=1)
    plain = {"unit": "study", "weighting": "equal", "lens": "concluded", "contrast": "all"}
    rule = table[(table["main"] == "rule") & (table["outcome"] == "all")]
    assert one(rule, **plain)["share"] == pytest.approx(5 / 6)
    own = table[(table["main"] == "outcome") & (table["mixed"] == "left out")]
    assert one(own, **plain)[["directional", "left_out"]].to_list() == [5, 1]
    mood = ev.labels("outcome_domain")["mood"]
    found = one(table[table["outcome"] == f"{mood} only"], **plain)
    assert found[["share", "directional", "left_out"]].to_list() == [0, 5, 0]
    assert pd.isna(found["main"])
    function = ev.labels("outcome_domain")["function"]
    half = table[(table["outcome"] == f"{function} only") & (table["mixed"] == "half to each side")]
    found = one(half, **plain)
    assert found[["share", "directional", "left_out"]].to_list() == [pytest.approx(4.5 / 5), 5, 0]
    # "mixed" as a whole: no study points anywhere
    assert (table.loc[table["main"] == "whole", "mixed"].dropna() != "").all()


def test_contrast_by_hand(ev):
    compared = ["no_exercise", "no_exercise", "lower_exposure", "before_after", "before_after"]
    table = multiverse(many(ev, PAIRS, comparator=[*compared, "before_after"]), "treatment")
    plain = {"unit": "study", "weighting": "equal", "lens": "direction", "main": "rule"}
    groups = one(table, **plain, contrast="with a comparison group")
    assert groups[["share", "directional", "left_out"]].to_list() == [1, 3, 0]
    label = "Before against after only"
    assert one(table, **plain, contrast=label)["share"] == pytest.approx(2 / 3)
    assert set(table["contrast"]) == {"all", "with a comparison group", label}, "two are too few"


def test_declared_main_findings_are_a_choice_where_there_are_five(ev):
    for number in (4, 5):
        one_set = many(ev, PAIRS)
        findings = one_set.findings
        first = findings["finding_id"].isin([f"s{place}-1" for place in range(number)])
        findings["primary_basis"] = findings["primary_basis"].mask(first, "declared")
        cut = one_set.with_tables(dict(one_set.tables) | {"findings": findings})
        table = multiverse(cut, "treatment", fewest=1)
        assert ("declared" in set(table["main"])) == (number == 5)
    plain = {"unit": "study", "weighting": "equal", "lens": "concluded"}
    assert one(table, **plain, main="declared")[["directional", "left_out"]].to_list() == [5, 0]


# --- the real tables ---

SIDES = [("risk", "human"), ("treatment", "human"), ("treatment", "animal")]


def let_in(ev, row) -> pd.Series:
    """Studies of one specification, read from its cells, one by one."""
    studies = ev.studies
    labels = {label: value for value, label in ev.labels("exposure").items()}
    lower = {label[:1].lower() + label[1:]: value for label, value in labels.items()}
    categories = ev.dictionary.tables["studies"].by_name["design"].categories
    tiers = {category.value: category.extra["tier"] for category in categories}
    names = {"all": 0, "Comparison group or better": 2, "Randomised, or followed over time only": 3}
    inside = studies["design"].astype("str").map(tiers) >= names[row["design"]]
    if row["exposure"] != "all":
        if row["exposure"].startswith("without "):
            inside &= studies["exposure"] != lower[row["exposure"].removeprefix("without ")]
        else:
            inside &= studies["exposure"] == labels[row["exposure"].removesuffix(" only")]
    if row["confidence"] != "all":
        inside &= studies["confidence"] == "high"
    if row["minimum_n"]:
        inside &= (studies["sample_size"] >= row["minimum_n"]).fillna(True)
    return inside


def voted(part, row) -> pd.DataFrame:
    """The votes of one specification, from its cells, by :func:`evidence.votes`."""
    names = {
        item["label"] + " only": item["value"] for item in part.dictionary.settings["contrasts"]
    }
    groups = ["against_none", "more_against_less"]
    everyone = ["against_none", "more_against_less", "before_after", "none"]
    wanted = {"all": everyone, "with a comparison group": groups}.get(row["contrast"])
    wanted = wanted or [names[row["contrast"]]]
    findings, studies = part.findings.assign(contrast=contrasts(part)), part.studies
    kept = findings["contrast"].isin(wanted) | (
        findings["contrast"].isna() & (row["contrast"] == "all")
    )
    primary = findings[findings["is_primary"].fillna(False)].set_index("study_id")
    together = row["outcome"] != "all" or row["main"] == "outcome"
    if row["outcome"] != "all":
        labels = {label + " only": key for key, label in part.labels("outcome_domain").items()}
        kept &= findings["outcome_domain"] == labels[row["outcome"]]
    elif row["main"] == "outcome":
        answering = primary[primary["contrast"].isin(everyone) | primary["contrast"].isna()]
        domain = findings["study_id"].map(answering["outcome_domain"].astype("str"))
        kept &= findings["outcome_domain"].astype("str") == domain
    elif row["main"] in ("rule", "declared", "whole"):
        kept &= findings["is_primary"].fillna(False)
    findings = findings[kept].drop(columns="contrast")
    if together:  # all that is kept stands in one outcome, and votes together
        findings["is_primary"] = ~findings["study_id"].duplicated()
    if row["contrast"] != "all" or row["outcome"] != "all":
        studies = studies[studies["study_id"].isin(findings["study_id"])]
    cut = part.with_tables(dict(part.tables) | {"studies": studies, "findings": findings})
    over = row["overlap"] if isinstance(row["overlap"], str) else "possible"
    main = row["main"] if isinstance(row["main"], str) else "rule"
    main = "outcome" if together else main
    return evidence.votes(cut, row["lens"], row["unit"], None, over, main).frame


def worked_out(votes: pd.DataFrame, row, typical: float) -> tuple[float, int, int]:
    """Share, votes counted in it and votes left out, one vote after another."""
    power = {"equal": 0, "square root of n": 0.5, "n": 1}[row["weighting"]]
    weigh = lambda words: float((size[words] ** power).sum())
    size = votes["sample_size"].astype("Float64").fillna(typical).to_numpy(dtype=float)
    vote = votes["vote"].astype("str")
    good, bad = weigh((vote == "benefit").to_numpy()), weigh((vote == "harm").to_numpy())
    underlying = vote.isin(["benefit", "harm"])
    if row["mixed"] == "half to each side":
        good, bad = (side + weigh((vote == "mixed").to_numpy()) / 2 for side in (good, bad))
        underlying |= vote == "mixed"
    unclear = weigh((vote == "no_clear_difference").to_numpy())
    if isinstance(row["no_clear_difference"], str) and row["no_clear_difference"] != "left out":
        part = {"against benefit": 0.0, "against harm": 1.0, "half to each side": 0.5}
        good += unclear * part[row["no_clear_difference"]]
        bad += unclear * (1 - part[row["no_clear_difference"]])
        underlying |= vote == "no_clear_difference"
    if row["unreadable"] in (SMALLER, LARGER) and good + bad > 0:
        hidden = weigh(vote.isna().to_numpy())
        to_good = 0.5 if good == bad else float((good > bad) == (row["unreadable"] == LARGER))
        good, bad = good + hidden * to_good, bad + hidden * (1 - to_good)
        underlying |= vote.isna()
    share = good / (good + bad) if good + bad else np.nan
    return share, int(underlying.sum()), int((~underlying).sum())


@pytest.mark.parametrize(("question", "population"), SIDES)
def test_each_row_is_a_count_of_a_selection(ev, question, population):
    part = ev.select(question=question, population=population)
    counted = part.studies["counted"].fillna(False)
    typical = float(part.studies.loc[counted, "sample_size"].median())
    reasons = ["not_als_model", "outcome_not_separable", "proxy_exposure"]
    points = part.studies["direction"].isin(["benefit", "no_clear_difference", "mixed", "harm"])
    main = part.findings[part.findings["is_primary"].fillna(False) & answering(part)]
    arguable = part.studies["not_counted_because"].isin(reasons) & points
    arguable &= part.studies["study_id"].isin(main["study_id"])
    table = multiverse(ev, question, population).frame
    for row in table.sample(how_many(35, 12), random_state=3).to_dict("records"):
        enters = counted | (arguable & (row["context"] == "with context"))
        chosen = part.studies.assign(counted=enters)[let_in(part, row)]
        cut = part.with_tables(dict(part.tables) | {"studies": chosen[chosen["counted"]]})
        share, directional, left_out = worked_out(voted(cut, row), row, typical)
        assert row["share"] == pytest.approx(share, nan_ok=True), row
        assert (row["directional"], row["left_out"]) == (directional, left_out), row


def answering(ev) -> pd.Series:
    found = contrasts(ev)
    return found.isna() | ~found.isin(["exercise_against_exercise", "other"])


@pytest.mark.parametrize(("question", "population"), SIDES)
def test_p_values_are_those_of_the_sign_test(ev, question, population):
    table = multiverse(ev, question, population)
    tested = table[table["p_value"].notna()]
    assert set(tested["lens"]) == {"direction"} and set(tested["weighting"]) == {"equal"}
    could = (table["lens"] == "direction") & (table["weighting"] == "equal")
    could &= (table["mixed"] != "half to each side") & table["share"].notna()
    assert len(tested) == could.sum() == table.tested
    for row in tested.sample(50, random_state=4).to_dict("records"):
        bad = round(row["directional"] * (1 - row["share"]), 6)
        smaller = int(min(bad, row["directional"] - bad))
        found = evidence.sign_test(row["directional"] - smaller, smaller)
        assert row["p_value"] == pytest.approx(found.p_value)


@pytest.mark.parametrize(("question", "population"), SIDES)
def test_the_default_by_direction_has_the_worst_case_beside_it(ev, question, population):
    """Where the unreadable cannot turn the majority, it is the worst case of the sign test."""
    table = multiverse(ev, question, population, only={"lens": ["direction"], "unit": ["study"]})
    rows = table[(table[["contrast", "outcome", "design", "exposure"]] == "all").all(axis=1)]
    rows = rows[(rows["main"] == "rule") & (rows["context"] == "counted only")]
    rows = rows[(rows["confidence"] == "all") & (rows["weighting"] == "equal")]
    rows = rows[rows["minimum_n"] == 0].set_index("unreadable")
    balance = evidence.balance(ev, None, "direction").set_index(["question", "population"])
    counts = balance.loc[(question, population), ["benefit", "harm", "not_placed"]]
    test = evidence.sign_test(*map(int, counts))
    assert rows.loc["left out", "p_value"] == pytest.approx(test.p_value)
    assert rows.loc[SMALLER, "share"] == pytest.approx(test.share_worst)
    assert rows.loc[SMALLER, "p_value"] == pytest.approx(test.p_worst)
    assert rows.loc[LARGER, "p_value"] == pytest.approx(test.p_best)


@pytest.mark.parametrize(("question", "population"), SIDES)
def test_the_first_row_is_the_default(ev, question, population):
    table = multiverse(ev, question, population)
    line = (
        evidence.balance(ev, None)
        .set_index(["question", "population"])
        .loc[[(question, population)]]
    )
    test = evidence.sign_tests(line).iloc[0]
    for name in ("share", "share_low", "share_high", "directional"):
        assert table.loc[0, name] == pytest.approx(test[name])
    named = ["lens", "unit", "main", "contrast", "outcome", "context", "weighting"]
    default = ["concluded", "study", "rule", "all", "all", "counted only", "equal"]
    assert table.loc[0, named].to_list() == default and pd.isna(table.loc[0, "p_value"])


@pytest.mark.parametrize(("question", "population"), SIDES)
def test_there_are_not_too_many_ways(ev, question, population):
    assert 500 < len(multiverse(ev, question, population)) <= 100_000


def pairs(table: pd.DataFrame, choice: str, one_value, other) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Specifications that differ in one choice alone."""
    keys = [name for name in CHOICES if name != choice]
    both = [
        table[table[choice] == value].set_index(keys).sort_index() for value in (one_value, other)
    ]
    return both[0].loc[both[1].index], both[1]


def test_facts_that_hold_everywhere(ev):
    table = multiverse(ev, "treatment", "human").astype(dict.fromkeys(CHOICES, "object"))
    table = table.fillna(dict.fromkeys(CHOICES, "-"))
    unclear = table[table["no_clear_difference"] != "-"]
    out, against = pairs(unclear, "no_clear_difference", "left out", "against benefit")
    assert (against["directional"] >= out["directional"]).all()
    known = out["share"].notna()
    assert (against["share"] <= out["share"] + 1e-12)[known].all()
    _, other = pairs(unclear, "no_clear_difference", "left out", "against harm")
    assert (other["share"] >= out["share"] - 1e-12)[known].all()
    hidden = table[table["unreadable"] != "-"]
    out, worst = pairs(hidden, "unreadable", "left out", SMALLER)
    _, best = pairs(hidden, "unreadable", "left out", LARGER)
    lean = np.sign(out["share"] - 0.5)
    known = out["share"].notna()
    assert (lean * (worst["share"] - out["share"]) <= 1e-12)[known].all()
    assert (lean * (best["share"] - out["share"]) >= -1e-12)[known].all()
    assert (worst["directional"] == best["directional"]).all()
    out, half = pairs(table[table["mixed"] != "-"], "mixed", "left out", "half to each side")
    same = half["share"].notna() & out["share"].notna() & (half.index.get_level_values(12) == "-")
    nearer = (half["share"] - 0.5).abs() <= (out["share"] - 0.5).abs() + 1e-12
    assert nearer[same].all()
    small, large = pairs(table, "minimum_n", 20, 50)
    assert (
        large["directional"] + large["left_out"] <= small["directional"] + small["left_out"]
    ).all()
    known = table[table["share"].notna()]
    assert (known["share"].between(known["share_low"] - 1e-12, known["share_high"] + 1e-12)).all()
    assert table["directional"].max() <= len(ev.findings)


def test_the_sides_add_up(ev):
    table = multiverse(ev, "risk")
    assert table.sides.sum() == len(table)
    assert table.sides["no value"] == table["share"].isna().sum()
    assert table.side_shares.sum() == pytest.approx(1)
    share, net = table["share"], table["net"].astype("str")
    assert ((share > 0.5) + (share == 0.5) + (share < 0.5) + share.isna() == 1).all()
    sides = ["benefit", "neither", "harm"]
    assert [(net == side).sum() for side in sides] == table.sides[sides].tolist()
    assert table.below_alpha.sum() == (table["p_value"] < 0.05).sum() <= table.tested
    assert f"A p-value exists in {table.tested:,} of them" in table.summary


def test_one_changed_direction_moves_only_rows_that_let_it_in(ev):
    studies = ev.studies
    row = studies.loc[studies["study_id"] == "pupillo2020"].iloc[0]
    studies.loc[studies["study_id"] == "pupillo2020", "direction"] = "benefit"
    only = {"lens": ["concluded"], "unit": ["study"]}
    before, after = (
        multiverse(e, "risk", only=only)
        for e in (ev, ev.with_tables(dict(ev.tables) | {"studies": studies}))
    )
    label = ev.labels("exposure")[row["exposure"]]
    moved = ~(before["share"].eq(after["share"]) | (before["share"].isna() & after["share"].isna()))
    assert moved[
        before["exposure"].isin(["all", f"{label} only"])
        & (before["design"] == "all")
        & (before["confidence"] == "all")
    ].any()
    apart = before["exposure"].str.endswith(" only") & (before["exposure"] != f"{label} only")
    assert not moved[
        apart | (before["exposure"] == f"without {label[:1].lower() + label[1:]}")
    ].any()


def test_row_order_does_not_matter(ev):
    tables = dict(ev.tables) | {
        name: ev.tables[name].sample(frac=1, random_state=5).reset_index(drop=True)
        for name in ("studies", "findings")
    }
    pd.testing.assert_frame_equal(
        multiverse(ev, "treatment", "animal").frame,
        multiverse(ev.with_tables(tables), "treatment", "animal").frame,
    )


def test_chunks_do_not_matter(ev, monkeypatch):
    whole = multiverse(ev, "treatment", "animal")
    monkeypatch.setattr("evidence.synthesis.multiverse.CHUNK", 7)
    pd.testing.assert_frame_equal(whole.frame, multiverse(ev, "treatment", "animal").frame)


def test_only_and_tiers(ev):
    tiers = {"two kinds": ["cohort", "case_control"]}
    table = multiverse(
        ev,
        "risk",
        tiers=tiers,
        minimum_sizes=(200,),
        only={"unit": ["study"], "weighting": ["n", "equal"], "minimum_n": [200]},
    )
    assert set(table["design"]) == {"all", "two kinds"}
    assert set(table["unit"]) == {"study"} and set(table["minimum_n"]) == {200}
    assert set(table["weighting"]) == {"n", "equal"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"question": "treatment"},
            "several populations, which are never added up; population: human, animal",
        ),
        ({"question": "mechanism"}, "no counted study has question 'mechanism'"),
        ({"question": "risk", "population": "animal"}, "no counted study has population 'animal'"),
        ({"question": "risk", "only": {"colour": []}}, "no choice 'colour'; choices: lens, unit"),
        (
            {"question": "risk", "only": {"unit": ["person"]}},
            "unit is never 'person' here; values: study, cohort, finding",
        ),
        (
            {"question": "risk", "only": {"unit": []}},
            "no combination of lens, unit, overlap, main, contrast, outcome is left",
        ),
        ({"question": "risk", "tiers": {"x": ["guess"]}}, "design is never 'guess'"),
    ],
)
def test_wrong_options(ev, options, words):
    with pytest.raises(evidence.UsageError, match=words):
        multiverse(ev, **options)


# --- influence ---


def test_influence_by_hand():
    """Means of x: 0.2 and 0.7, of y: 0.4 and 0.5. Total 0.04+0.09+0.09+0.16 ... about the mean
    0.45.
    """
    table = pd.DataFrame(
        {"x": ["a", "a", "b", "b"], "y": ["c", "d", "c", "d"], "share": [0.1, 0.3, 0.7, 0.7]}
    )
    found = influence(table, choices=["y", "x"]).set_index("choice")
    total = 0.35**2 + 0.15**2 + 0.25**2 + 0.25**2
    assert found.index.to_list() == ["x", "y"]
    assert found["spread"].to_list() == pytest.approx([0.5, 0.1])
    assert found["explained"].to_list() == pytest.approx([4 * 0.25**2 / total, 4 * 0.05**2 / total])
    assert found.loc["x", ["lowest", "highest", "values", "specifications"]].to_list() == [
        "a",
        "b",
        2,
        4,
    ]
    assert found.loc["x", ["lowest_mean", "highest_mean"]].to_list() == pytest.approx([0.2, 0.7])


def test_influence_judges_a_choice_where_it_applies(ev):
    table = multiverse(ev, "risk")
    found = influence(table).set_index("choice")
    assert set(found.index) == set(table.choices)
    assert found["explained"].between(0, 1).all() and (found["spread"] >= 0).all()
    assert (
        found.loc["overlap", "specifications"]
        == ((table["unit"] == "cohort") & table["share"].notna()).sum()
    )
    with pytest.raises(evidence.UsageError, match="no column 'size'"):
        influence(table, "size")


def test_one_side_has_the_columns_of_the_tables(ev):
    part = one_side(ev, "treatment", "human")
    assert list(part.studies) == list(ev.studies) and part.studies.index[0] == 0
    assert list(part.findings) == list(ev.findings)


def test_the_summary_and_the_choices_use_the_words_of_the_question(ev):
    only = {
        "lens": ["concluded"],
        "unit": ["study"],
        "exposure": ["all"],
        "context": ["counted only"],
    }
    table = evidence.multiverse(ev, "risk", only=only)
    assert table.together == ("exposure",)
    assert "to less ALS" in table.summary and "benefit" not in table.summary
    chart = table.chart()
    assert "against less ALS" in set(chart.data["value"])
    assert "benefit" not in chart.text and "all kinds of exposure together" in chart.text
    shown = str(evidence.readable(ev.select(question="risk"), evidence.influence(table)))
    assert "against more ALS" in shown and "against harm" not in shown
    whole = evidence.multiverse(ev, "risk", only={"lens": ["concluded"], "unit": ["study"]})
    assert "together" not in whole.chart().text


def test_the_rule_for_neither_side_stands_on_a_slide(ev):
    only = {"lens": ["direction"], "unit": ["study"], "exposure": ["all"]}
    chart = evidence.multiverse(ev, "treatment", "human", only=only).chart(size="slide")
    said = [text.get_text() for page in chart.pages for text in page.texts]
    assert any("Neither: no side has more than half" in text for text in said)


def test_the_plain_way_of_one_outcome_is_its_balance(ev):
    """Where a selection is of one outcome, all its results there vote."""
    part = ev.select(question="treatment", population="human", outcome_domain="function")
    (line,) = evidence.balance(part, None).frame.to_dict("records")
    table = evidence.multiverse(part, "treatment", "human").frame
    every = dict.fromkeys(("contrast", "outcome", "exposure", "confidence"), "all")
    found = one(table, **PLAIN | every | {"main": "rule"})
    sides = line["benefit"] + line["harm"]
    assert found["share"] == line["benefit"] / sides and found["directional"] == sides
    assert found["left_out"] == line["units"] - sides
