"""The multiverse on a table worked by hand, against the balance it repeats, and facts that hold for
any table.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

import evidence
from evidence.synthesis.multiverse import influence, multiverse
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
    "reading": "all",
    "minimum_n": 0,
}
PLAIN = EQUAL | {"mixed": "left out", "no_clear_difference": "left out", "weighting": "equal"}


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
        ({"lens": "direction", "no_clear_difference": None}, 1 / 2, 2, 2, 2),
    ],
)
def test_by_hand(ev, choices, share, number, directional, left_out):
    asked = {name: value for name, value in (PLAIN | choices).items() if value is not None}
    row = one(multiverse(small(ev), "treatment", minimum_sizes=()), **asked)
    assert row["share"] == pytest.approx(share)
    assert (row["directional"], row["left_out"]) == (directional, left_out)
    low, high = proportion_confint(share * number, number, method="wilson")
    assert (row["share_low"], row["share_high"]) == (pytest.approx(low), pytest.approx(high))
    whole = row["weighting"] == "equal" and row["mixed"] == "left out"
    assert pd.notna(row["p_value"]) == whole


def test_sizes_by_hand(ev):
    table = multiverse(small(ev), "treatment", minimum_sizes=(9,))
    sized = PLAIN | {"minimum_n": 9}
    assert one(table, **sized, unknown_size="leaves")[
        ["share", "directional", "left_out"]
    ].to_list() == [1, 1, 1]
    assert one(table, **sized, unknown_size="stays")[
        ["share", "directional", "left_out"]
    ].to_list() == [1, 1, 2]


def test_net_says_harm_only_where_harm_leads(ev):
    table = multiverse(
        small(
            ev,
            direction=["benefit", "no_clear_difference", "no_clear_difference", "mixed", "benefit"],
        ),
        "treatment",
        minimum_sizes=(),
    )
    row = one(table, **PLAIN | {"no_clear_difference": "against benefit"})
    assert (round(row["share"], 3), row["net"]) == (0.333, "neither")
    assert one(table, **PLAIN)["net"] == "benefit"
    silent = multiverse(small(ev, direction="no_clear_difference"), "treatment", minimum_sizes=())
    assert silent.loc[0, ["share", "net"]].isna().all() and silent.loc[0, "directional"] == 0


def test_columns_and_rows(ev):
    """2 lenses x 4 units; designs 2 x reading 2 x context 2; concluded 12 and direction 6
    treatments: 4 x 8 x 18.
    """
    table = multiverse(
        small(ev, cohort=["x", "x", *[None] * (len(STUDIES) - 2)], cohort_overlap="certain"),
        "treatment",
        minimum_sizes=(),
    )
    assert len(table) == 4 * 8 * 18
    without = multiverse(small(ev), "treatment", minimum_sizes=())
    assert len(without) == 4 * 4 * 18, "without cohorts, studies and findings alone have votes"
    assert "overlap" not in without.choices and set(without["unit"]) == {
        "study",
        "finding",
    }
    assert not table.duplicated(list(CHOICES)).any()
    assert table["overlap"].notna().eq(table["unit"] == "cohort").all()
    assert table["no_clear_difference"].notna().eq(table["lens"] == "concluded").all()
    assert list(table.choices) == [
        "lens",
        "unit",
        "overlap",
        "context",
        "design",
        "reading",
        "mixed",
        "no_clear_difference",
        "weighting",
    ]
    # Sets of studies: abcd, abcde, abd, abc, abce, ab: the tier of designs, read in the abstract,
    # holds a and b with and without context.
    assert table.distinct == 6 * 4 * 18


# --- the real tables ---

SIDES = [("risk", "human"), ("treatment", "human"), ("treatment", "animal")]


def let_in(ev, row) -> pd.Series:
    """Studies of one specification, read from its cells, one by one."""
    studies = ev.studies
    labels = {label: value for value, label in ev.labels("exposure").items()}
    lower = {label[:1].lower() + label[1:]: value for label, value in labels.items()}
    categories = ev.dictionary.tables["studies"].by_name["design"].categories
    tier = (
        studies["design"]
        .astype("str")
        .map({category.value: category.extra["tier"] for category in categories})
    )
    inside = (
        tier
        >= {"all": 0, "Comparison group or better": 2, "Randomised, or followed over time only": 3}[
            row["design"]
        ]
    )
    if row["exposure"] != "all":
        if row["exposure"].startswith("without "):
            inside &= studies["exposure"] != lower[row["exposure"].removeprefix("without ")]
        else:
            inside &= studies["exposure"] == labels[row["exposure"].removesuffix(" only")]
    if row["reading"] != "all":
        inside &= studies["reading"] == "abstract"
    if row["confidence"] != "all":
        inside &= studies["confidence"] == "high"
    if row["minimum_n"]:
        inside &= (studies["sample_size"] >= row["minimum_n"]).fillna(
            row["unknown_size"] == "stays"
        )
    return inside


@pytest.mark.parametrize(("question", "population"), SIDES)
def test_each_row_is_a_balance_of_a_selection(ev, question, population):
    part = ev.select(question=question, population=population)
    arguable = part.studies["not_counted_because"].isin(
        ["not_als_model", "outcome_not_separable", "proxy_exposure"]
    )
    equal = multiverse(ev, question, population).query(
        "weighting == 'equal' and mixed == 'left out' and no_clear_difference != 'against benefit'"
    )
    for row in equal.sample(40, random_state=3).to_dict("records"):
        enters = part.studies["counted"] | (arguable & (row["context"] == "with context"))
        chosen = part.studies.assign(counted=enters)[let_in(part, row)]
        cut = part.with_tables(dict(part.tables) | {"studies": chosen})
        over = row["overlap"] if isinstance(row["overlap"], str) else "possible"
        found = evidence.balance(cut, None, row["lens"], row["unit"], over)
        if found.empty:
            assert (row["directional"], row["left_out"]) == (0, 0)
            continue
        assert row["directional"] == found.loc[0, "benefit"] + found.loc[0, "harm"]
        assert row["left_out"] == found.loc[0, "units"] - row["directional"]
        test = evidence.sign_tests(found).iloc[0]
        for name in ("share", "share_low", "share_high", "p_value"):
            assert row[name] == pytest.approx(test[name], nan_ok=True)


@pytest.mark.parametrize(("question", "population"), SIDES)
def test_the_first_row_is_the_default(ev, question, population):
    table = multiverse(ev, question, population)
    line = (
        evidence.balance(ev, None)
        .set_index(["question", "population"])
        .loc[[(question, population)]]
    )
    test = evidence.sign_tests(line).iloc[0]
    for name in ("share", "share_low", "share_high", "p_value", "directional"):
        assert table.loc[0, name] == pytest.approx(test[name])
    assert table.loc[0, ["lens", "unit", "context", "weighting"]].to_list() == [
        "concluded",
        "study",
        "counted only",
        "equal",
    ]


def pairs(table: pd.DataFrame, choice: str, one_value, other) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Specifications that differ in one choice alone."""
    keys = [name for name in CHOICES if name != choice]
    both = [
        table[table[choice] == value].set_index(keys).sort_index() for value in (one_value, other)
    ]
    return both[0].loc[both[1].index], both[1]


def test_facts_that_hold_everywhere(ev):
    filled = {"overlap": "-", "no_clear_difference": "-", "unknown_size": "-"}
    table = (
        multiverse(ev, "treatment", "human").astype(dict.fromkeys(CHOICES, "object")).fillna(filled)
    )
    out, against = pairs(
        table[table["lens"] == "concluded"], "no_clear_difference", "left out", "against benefit"
    )
    assert (against["share"] <= out["share"] + 1e-12).all() and (
        against["directional"] >= out["directional"]
    ).all()
    out, half = pairs(table, "mixed", "left out", "half to each side")
    assert ((half["share"] - 0.5).abs() <= (out["share"] - 0.5).abs() + 1e-12).all()
    few, many = pairs(table[table["minimum_n"] > 0], "minimum_n", 50, 20)
    assert (few["directional"] + few["left_out"] <= many["directional"] + many["left_out"]).all()
    known = table[table["share"].notna()]
    assert (known["share"].between(known["share_low"] - 1e-12, known["share_high"] + 1e-12)).all()
    assert table["directional"].max() <= len(ev.findings)


def test_turning_every_direction_round_turns_every_share(ev):
    swap = {"benefit": "harm", "harm": "benefit"}
    findings = ev.findings
    findings["observed_direction"] = findings["observed_direction"].astype("str").replace(swap)
    only = {"lens": ["direction"]}
    one_way, other = (
        multiverse(e, "risk", only=only)
        for e in (ev, ev.with_tables(dict(ev.tables) | {"findings": findings}))
    )
    np.testing.assert_allclose(one_way["share"], 1 - other["share"])
    np.testing.assert_allclose(one_way["p_value"], other["p_value"])


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
    pd.testing.assert_frame_equal(whole, multiverse(ev, "treatment", "animal").frame)


def test_only_and_tiers(ev):
    tiers = {"two kinds": ["cohort", "case_control"]}
    table = multiverse(
        ev,
        "risk",
        tiers=tiers,
        minimum_sizes=(100,),
        only={"unit": ["study"], "weighting": ["n", "equal"], "minimum_n": [100]},
    )
    assert (
        set(table["design"]) == {"all", "two kinds"}
        and set(table["unit"]) == {"study"}
        and set(table["minimum_n"]) == {100}
    )
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
            "no combination of lens, unit, overlap is left",
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
