"""The claims board: rules on claims made by hand, and the real claims."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence
from evidence.synthesis.claim_rules import NOT_ADDRESSED, VERDICTS, Tally, direction_verdict
from evidence.synthesis.claims import article_support, claim_rows, judge_claims


def votes(benefit=0, unclear=0, mixed=0, harm=0, by_direction=None) -> Tally:
    """By direction as concluded, unless told; those with no clear difference not readable."""
    direction = dict(
        zip(("benefit", "mixed", "harm"), by_direction or (benefit, mixed, harm), strict=True)
    )
    concluded = {"benefit": benefit, "no_clear_difference": unclear, "mixed": mixed, "harm": harm}
    return Tally(concluded, direction, max(sum(concluded.values()), sum(direction.values())))


@pytest.mark.parametrize(
    ("given", "claimed", "verdict"),
    [
        (votes(benefit=7, harm=3), "benefit", "supported"),  # 70 % exactly
        (votes(benefit=7, harm=3), "harm", "contradicted"),
        (votes(benefit=69, harm=31), "benefit", "mixed"),
        (votes(benefit=2), "benefit", "too little to say"),  # two studies
        (votes(benefit=3), "benefit", "supported"),
        (
            votes(benefit=3, by_direction=(2, 0, 0)),
            "benefit",
            "too little to say",
        ),  # three by one lens only
        (
            votes(benefit=5, unclear=5, by_direction=(10, 0, 0)),
            "benefit",
            "mixed",
        ),  # one lens alone does not do
        (votes(benefit=10, by_direction=(5, 5, 0)), "benefit", "mixed"),
        (votes(unclear=20, by_direction=(2, 1, 2)), "harm", "too little to say"),
        (votes(unclear=7, benefit=3, by_direction=(10, 0, 0)), "benefit", "too little to say"),
    ],
)
def test_direction_by_hand(given, claimed, verdict):
    assert direction_verdict(given, claimed, 0.7)[0] == verdict


@pytest.mark.parametrize("unclear", range(0, 40, 3))
@pytest.mark.parametrize("directions", [(0, 0, 0), (1, 1, 1), (3, 0, 0), (0, 0, 3)])
def test_no_clear_difference_alone_supports_no_denial(unclear, directions):
    """``no_benefit`` asks for harm: adding studies without a clear difference never leads to
    supported.
    """
    assert direction_verdict(votes(unclear=unclear, by_direction=directions), "harm", 0.7)[0] in (
        "too little to say",
        "mixed",
    )


# --- claims made by hand ---


def made(ev, findings: list[tuple], claims: list[tuple], criteria: list[tuple]):
    """Studies in one question and population, with findings (study, conclusion and direction,
    intensity, size) that bear on claims.
    """
    table = pd.DataFrame(findings, columns=["study_id", "conclusion", "intensity", "sample_size"])
    studies = table.drop_duplicates("study_id").assign(
        question="treatment", population="human", counted=True, direction="mixed"
    )
    names = [f"{study}-{number}" for number, study in enumerate(table["study_id"])]
    found = table.assign(
        finding_id=names,
        outcome_domain="function",
        observed_direction=table["conclusion"].replace("not_applicable", "not_reported"),
    )
    board = pd.DataFrame(claims, columns=["claim_id", "rule", "expects", "threshold"]).assign(
        topic="benefit", kind="empirical", claim="It is so"
    )
    rows = pd.DataFrame(criteria, columns=["claim_id", "alternative", "column", "value"]).assign(
        criterion_id=range(len(criteria))
    )
    frames = {
        "studies": studies,
        "findings": found.drop(columns=["intensity", "sample_size"]),
        "claims": board,
        "claim_criteria": rows,
    }
    return ev.with_tables({name: shaped(frame, ev.tables[name]) for name, frame in frames.items()})


def shaped(frame: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    return frame.reindex(columns=like.columns).astype(
        {column: dtype for column, dtype in like.dtypes.items() if column != "criterion_id"}
    )


def judge(ev, findings, rule, expects=None, threshold=0.7) -> pd.Series:
    return judge_claims(
        made(
            ev,
            findings,
            [("c", rule, expects, threshold)],
            [("c", 1, "outcome_domain", "function")],
        )
    ).iloc[0]


LEANING = [
    ("a", "benefit", "high", 10),
    ("b", "benefit", "high", 60),
    ("c", "benefit", "low", 20),
    ("c", "benefit", "low", 20),
    ("d", "harm", "low", None),
]


@pytest.mark.parametrize(
    ("rule", "expects", "threshold", "verdict"),
    [
        ("benefit", None, 0.7, "supported"),  # 3 of 4
        ("benefit", None, 0.8, "mixed"),
        ("harm", None, 0.7, "contradicted"),
        ("no_benefit", None, 0.7, "contradicted"),
        ("no_harm", None, 0.7, "supported"),
        (
            "benefit_each",
            "intensity=high; intensity=low",
            0.7,
            "too little to say",
        ),  # two studies each
        ("more_harm", "intensity=low / intensity=high", 0.25, "too little to say"),
        ("most_studies", "sample_size<50", 0.5, "too little to say"),  # a and c of four; d decides
        ("most_studies", "sample_size<50", 0.4, "supported"),
        ("most_studies", "sample_size<5", 0.5, "contradicted"),
        ("most_studies", "intensity=high", 0.5, "contradicted"),  # half is not more than half
        ("most_studies", "intensity=high / sample_size<15", 0.5, "mixed"),
        ("none", None, None, "too little to say"),
    ],
)
def test_rules_by_hand(ev, rule, expects, threshold, verdict):
    row = judge(ev, LEANING, rule, expects, threshold)
    assert row["verdict"] == verdict
    assert row["rows"] == "a-0; b-1; c-2; c-3; d-4"
    assert row[["studies", "participants", "size_unknown"]].to_list() == [4, 90, 1]


def test_counts_are_votes_of_studies(ev):
    """c has two findings and one vote; e has one of each side and is mixed; f says nothing that can
    be placed.
    """
    findings = [
        *LEANING,
        ("e", "benefit", None, 5),
        ("e", "harm", None, 5),
        ("f", "not_applicable", None, 5),
    ]
    row = judge(ev, findings, "benefit")
    assert row[["benefit", "no_clear_difference", "mixed", "harm", "not_placed"]].to_list() == [
        3,
        0,
        1,
        1,
        1,
    ]
    assert row[
        ["direction_benefit", "direction_mixed", "direction_harm", "direction_not_placed"]
    ].to_list() == [3, 1, 1, 1]
    assert "3 benefit, 1 harm" in row["reason"]


def classes(high: str, low: str) -> list[tuple]:
    words = {"b": "benefit", "h": "harm"}
    return [
        (f"{name}{i}", words[w], name, 10)
        for name, said in (("high", high), ("low", low))
        for i, w in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("high", "low", "rule", "verdict"),
    [
        ("hhhb", "bbbb", "more_harm", "supported"),  # 75 against 0 %
        ("bbbb", "hhhb", "more_harm", "contradicted"),
        ("hhbb", "hbbb", "more_harm", "supported"),  # 25 points exactly
        ("hhbbb", "hbbbb", "more_harm", "mixed"),
        ("hhb", "bb", "more_harm", "too little to say"),
        ("bbb", "bbbb", "benefit_each", "supported"),
        ("hhh", "bbbb", "benefit_each", "contradicted"),
        ("bbh", "bbbb", "benefit_each", "mixed"),
    ],
)
def test_classes_by_hand(ev, high, low, rule, verdict):
    each = rule.endswith("each")
    assert (
        judge(
            ev,
            classes(high, low),
            rule,
            f"intensity=high{'; ' if each else ' / '}intensity=low",
            0.7 if each else 0.25,
        )["verdict"]
        == verdict
    )


def test_what_is_kept_apart_is_judged_apart(ev):
    """Three of each side in people and in animals: never six of one mixture."""
    both = made(
        ev,
        classes("bbb", "bbb"),
        [("c", "benefit", None, 0.7)],
        [("c", 1, "outcome_domain", "function")],
    )
    studies = both.studies
    studies["population"] = pd.Categorical(
        ["human"] * 3 + ["animal"] * 3, categories=ev.studies["population"].cat.categories
    )
    apart = both.with_tables(dict(both.tables) | {"studies": studies})
    row = judge_claims(apart).iloc[0]
    assert (
        row["verdict"] == "supported"
        and "People: supported" in row["reason"]
        and "Animals: supported" in row["reason"]
    )
    assert (
        row[["benefit", "harm", "direction_benefit", "participants"]].isna().all()
        and row["studies"] == 6
    )
    findings = apart.findings
    animals = findings["study_id"].str.startswith("low")
    findings.loc[animals, ["conclusion", "observed_direction"]] = "harm"
    assert (
        judge_claims(apart.with_tables(dict(apart.tables) | {"findings": findings})).iloc[0][
            "verdict"
        ]
        == "mixed"
    )
    fewer = findings[~findings["study_id"].isin(["low0"])]
    assert (
        judge_claims(apart.with_tables(dict(apart.tables) | {"findings": fewer})).iloc[0]["verdict"]
        == "supported"
    )  # two say too little


def test_alternatives_add_and_columns_narrow(ev):
    criteria = [
        ("c", 1, "intensity", "high"),
        ("c", 1, "conclusion", "benefit"),
        ("c", 2, "conclusion", "harm"),
    ]
    found = claim_rows(made(ev, LEANING, [("c", "benefit", None, 0.7)], criteria))
    assert found["finding_id"].to_list() == ["a-0", "b-1", "d-4"]


@pytest.mark.parametrize(
    ("rule", "expects", "words"),
    [
        ("most_studies", "sample_size~50", "allowed: COLUMN=VALUE or COLUMN<NUMBER"),
        ("most_studies", "colour=red", "with a column of studies or findings"),
    ],
)
def test_wrong_claims(ev, rule, expects, words):
    with pytest.raises(evidence.UsageError, match=words):
        judge(ev, LEANING, rule, expects)


def test_wrong_tables(ev):
    claims = ev.claims
    claims["rule"] = claims["rule"].astype("str").replace("harm", "guess")
    with pytest.raises(evidence.UsageError, match="has rule 'guess'; allowed: benefit, harm"):
        judge_claims(ev.with_tables(dict(ev.tables) | {"claims": claims}))
    with pytest.raises(evidence.UsageError, match="no column 'rule'"):
        judge_claims(ev.with_tables(dict(ev.tables) | {"claims": claims.drop(columns="rule")}))
    with pytest.raises(
        evidence.UsageError, match=r"no claims \(claims.csv\): there is nothing to judge"
    ):
        judge_claims(
            ev.with_tables({name: table for name, table in ev.tables.items() if name != "claims"})
        )


# --- the real claims ---


def test_every_claim_has_a_verdict_with_its_rows(ev):
    board = judge_claims(ev)
    assert board["claim_id"].to_list() == ev.claims["claim_id"].to_list()
    assert board["verdict"].isin(VERDICTS).all() and board["reason"].str.len().gt(20).all()
    rows = claim_rows(ev)
    for line in board.itertuples():
        own = rows[rows["claim_id"] == line.claim_id]
        assert set(filter(None, line.rows.split("; "))) == set(own["finding_id"])
        assert line.studies == own["study_id"].nunique() and line.cohorts <= line.studies
        assert (line.verdict == NOT_ADDRESSED) == own.empty
        if pd.notna(line.benefit):
            assert (
                line.benefit + line.no_clear_difference + line.mixed + line.harm + line.not_placed
                == line.studies
            )
            assert (
                line.direction_benefit
                + line.direction_mixed
                + line.direction_harm
                + line.direction_not_placed
                == line.studies
            )
    asked = set(
        ev.claim_criteria.loc[ev.claim_criteria["column"] == "article_reference", "claim_id"]
    )
    assert rows.loc[~rows["claim_id"].isin(asked), "counted"].all()


def test_advice_that_no_study_timed_is_not_addressed(ev):
    assert (
        judge_claims(ev).set_index("claim_id").loc["thirty_minutes", "verdict"]
        == "not addressed by any study in the table"
    )


@pytest.mark.parametrize(
    ("claim", "word", "verdict"),
    [("quality_of_life", "harm", "contradicted"), ("progression", "benefit", "contradicted")],
)
def test_a_changed_direction_changes_its_claim_and_only_those_that_share_rows(
    ev, claim, word, verdict
):
    rows = claim_rows(ev)
    own = set(rows.loc[rows["claim_id"] == claim, "finding_id"])
    findings = ev.findings
    findings.loc[findings["finding_id"].isin(own), ["conclusion", "observed_direction"]] = word
    before, after = (
        judge_claims(e).set_index("claim_id")
        for e in (ev, ev.with_tables(dict(ev.tables) | {"findings": findings}))
    )
    assert before.loc[claim, "verdict"] == "mixed" and after.loc[claim, "verdict"] == verdict
    sharing = set(rows.loc[rows["finding_id"].isin(own), "claim_id"])
    apart = ~before.index.isin(sharing)
    pd.testing.assert_frame_equal(before[apart], after[apart])
    assert not before.loc[claim].equals(after.loc[claim])


def test_row_order_does_not_matter(ev):
    tables = dict(ev.tables)
    for name in ("studies", "findings", "claim_criteria"):
        tables[name] = tables[name].sample(frac=1, random_state=2).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        judge_claims(ev).frame, judge_claims(ev.with_tables(tables)).frame
    )


def test_sources_of_the_article(ev):
    """Of five sources one is a trial, one a study of genes that go with activity; one tested
    something else, one is a review, one a page.
    """
    sources = article_support(ev)
    assert sources["article_reference"].to_list() == [1, 2, 3, 4, 5]
    assert sources["what"].to_list() == ["study", "study", "study", "review", "review"]
    assert sources["tested"].to_list() == [True, True, False, pd.NA, pd.NA]
    assert sources["counted"].to_list() == [True, True, False, pd.NA, pd.NA]
    assert sources.loc[2, "not_counted_because"] == "no_exercise_contrast"
    assert sources["kind"].dropna().to_list() == ["narrative_review", "web_page"]
    bare = {"studies": ev.studies.drop(columns="article_reference")}
    with pytest.raises(evidence.UsageError, match="no column 'article_reference'"):
        article_support(ev.with_tables(bare))


def test_sources_follow_the_table(ev):
    """With a third source counted and tested, three of five are 60 %: still mixed; a threshold of
    0.6 makes it supported.
    """
    studies, claims = ev.studies, ev.claims
    at = studies["study_id"] == "yi2021"
    studies.loc[at, ["exposure", "comparator", "counted"]] = ["training", "no_exercise", True]
    claims.loc[claims["claim_id"] == "sources_support", "threshold"] = 0.6
    board = judge_claims(
        ev.with_tables(dict(ev.tables) | {"studies": studies, "claims": claims})
    ).set_index("claim_id")
    assert board.loc["sources_support", "verdict"] == "supported"


def test_rows_begin_with_their_claim(ev):
    assert claim_rows(ev).columns[0] == "claim_id"


def test_no_criteria_no_rows(ev):
    found = claim_rows(made(ev, LEANING, [("c", "benefit", None, 0.7)], []))
    assert len(found) == 0 and "claim_id" in found
