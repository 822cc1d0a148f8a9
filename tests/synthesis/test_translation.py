"""Two populations side by side, on a table worked by hand and on the real one."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence
from evidence.synthesis.translation import by_model, translation_gap

COUNTS = [
    "benefit",
    "mixed",
    "harm",
    "placed",
    "not_placed",
    "studies",
    "participants",
    "size_unknown",
]
MODELS = ["species", "animal_model", "animal_sex", "intensity"]


def small(ev):
    """Survival in both (people 1 of 2 to benefit, animals 3 of 3 and one silent), mobility in
    people alone, other in both.
    """
    rows = [
        ("p1", "human", "survival", "benefit", 10, None),
        ("p2", "human", "survival", "harm", 20, None),
        ("p2", "human", "mobility", "benefit", 20, None),
        ("a1", "animal", "survival", "benefit", 6, "mouse"),
        ("a1", "animal", "survival", "benefit", 6, "mouse"),
        ("a2", "animal", "survival", "benefit", None, "mouse"),
        ("a3", "animal", "survival", "benefit", 8, "rat"),
        ("a4", "animal", "survival", "not_reported", None, None),
        ("p1", "human", "other", "harm", 10, None),
        ("a1", "animal", "other", "benefit", 6, "mouse"),
    ]
    table = pd.DataFrame(
        rows,
        columns=[
            "study_id",
            "population",
            "outcome_domain",
            "observed_direction",
            "sample_size",
            "species",
        ],
    )
    table = table.assign(
        finding_id=[f"f-{i}" for i in range(len(table))],
        question="treatment",
        counted=True,
        direction="mixed",
        conclusion="mixed",
    )
    table["is_primary"] = ~table.duplicated("study_id")
    frames = {"studies": table.drop_duplicates("study_id"), "findings": table}
    return ev.with_tables(
        {
            name: frame.reindex(columns=ev.tables[name].columns).astype(ev.tables[name].dtypes)
            for name, frame in frames.items()
        }
    )


def test_gap_by_hand(ev):
    table = translation_gap(small(ev))
    assert table[["outcome_domain", "population"]].astype("str").to_numpy().tolist() == [
        ["survival", "human"],
        ["survival", "animal"],
    ]
    assert table[COUNTS].to_numpy().tolist() == [
        [1, 0, 1, 2, 0, 2, 30, 0],
        [3, 0, 0, 3, 1, 4, 14, 2],
    ]
    assert table["share"].to_list() == [0.5, 1.0]
    assert pd.isna(table.loc[0, "gap"]) and table.loc[1, "gap"] == 0.5
    assert table.one_only == {"human": ["mobility"]}
    assert set(translation_gap(small(ev), leave_out=())["outcome_domain"]) == {"survival", "other"}


def test_models_by_hand(ev):
    """Animals only: no species is stated for people. A study votes in the domain of its primary
    finding.
    """
    table = by_model(small(ev), "species")
    assert table["species"].astype("object").where(table["species"].notna(), "-").to_list() == [
        "mouse",
        "rat",
        "-",
    ]
    assert table[COUNTS].to_numpy().tolist() == [
        [2, 0, 0, 2, 0, 2, 6, 1],
        [1, 0, 0, 1, 0, 1, 8, 0],
        [0, 0, 0, 0, 1, 1, 0, 1],
    ]
    assert table["smallest"].fillna(0).to_list() == [6, 8, 0]
    assert set(table["population"]) == {"animal"}


def test_smallest_and_largest_study_of_a_model(ev):
    mice = by_model(ev, "species").set_index("species").loc["mouse"]
    animals = ev.select(
        question="treatment", population="animal", species="mouse", counted=True
    ).studies["sample_size"]
    assert (mice["smallest"], mice["largest"]) == (animals.min(), animals.max()) and mice[
        "smallest"
    ] < mice["largest"]


@pytest.mark.parametrize("lens", ["direction", "concluded"])
@pytest.mark.parametrize("column", MODELS)
def test_models_add_up_to_the_balance(ev, lens, column):
    table = by_model(ev, column, lens=lens)
    whole = evidence.balance(ev.select(question="treatment"), None, lens).set_index("population")
    names = [
        *evidence.synthesis.votes.get_lens(lens).placed,
        "placed",
        "not_placed",
        "studies",
        "participants",
        "size_unknown",
    ]
    for population, part in table.groupby("population", observed=True):
        assert part[names].sum().to_list() == whole.loc[population, names].to_list()


@pytest.mark.parametrize("lens", ["direction", "concluded"])
def test_domains_are_those_of_the_balance(ev, lens):
    table = translation_gap(ev, lens=lens)
    whole = evidence.balance(ev.select(question="treatment"), "outcome_domain", lens).set_index(
        ["outcome_domain", "population"]
    )
    for row in table.to_dict("records"):
        line = whole.loc[(row["outcome_domain"], row["population"])]
        assert all(
            row[name] == line[name]
            for name in ("benefit", "harm", "placed", "not_placed", "studies", "size_unknown")
        )
    assert table.groupby("outcome_domain", observed=True).size().eq(2).all()
    alone = {domain for domains in table.one_only.values() for domain in domains}
    assert alone.isdisjoint(table["outcome_domain"].astype("str"))


def test_a_changed_direction_changes_its_row_only(ev):
    findings = ev.findings
    studies = ev.studies.set_index("study_id")
    domain = "biochemistry_histology"  # one that both populations have
    animal = findings["study_id"].map(studies["population"].astype("str")).eq("animal") & findings[
        "outcome_domain"
    ].eq(domain)
    findings.loc[animal, "observed_direction"] = "harm"
    before, after = (
        translation_gap(ev),
        translation_gap(ev.with_tables(dict(ev.tables) | {"findings": findings})),
    )
    changed = before["outcome_domain"].eq(domain) & before["population"].eq("animal")
    pd.testing.assert_frame_equal(before[~changed], after[~changed])
    assert after.loc[changed, "share"].to_list() == [0.0]


def test_row_order_does_not_matter(ev):
    tables = dict(ev.tables) | {
        name: ev.tables[name].sample(frac=1, random_state=4).reset_index(drop=True)
        for name in ("studies", "findings")
    }
    pd.testing.assert_frame_equal(
        translation_gap(ev).frame, translation_gap(ev.with_tables(tables)).frame
    )
    pd.testing.assert_frame_equal(
        by_model(ev, "animal_sex").frame, by_model(ev.with_tables(tables), "animal_sex").frame
    )


def test_nothing_in_common(ev):
    assert translation_gap(ev, "risk").empty


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda ev: translation_gap(ev, "mechanism"),
            "no counted study has question 'mechanism'; questions: risk, treatment",
        ),
        (lambda ev: by_model(ev, "colour"), "no column 'colour' in studies"),
        (lambda ev: by_model(ev, "population"), "such as species, animal_sex"),
        (lambda ev: by_model(ev, "species", lens="size"), "allowed: concluded, direction"),
    ],
)
def test_wrong_options(ev, call, words):
    with pytest.raises(evidence.UsageError, match=words):
        call(ev)
