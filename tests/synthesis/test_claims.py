"""The claims board: rules on claims made by hand, and the real claims."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import evidence
from evidence.synthesis.claim_rules import (
    CANNOT_SHOW,
    NOT_ADDRESSED,
    OTHER_SIDE,
    TOO_LITTLE,
    VERDICTS,
    Tally,
    combined,
    difference,
    direction_verdict,
    finished_verdict,
    together,
    weakest,
)
from evidence.synthesis.claims import article_support, claim_rows, judge_claims

MIRRORED = {"supported": "contradicted", "contradicted": "supported"}


def votes(good=0, unclear=0, mixed=0, bad=0, printed=None, silent=0, nothing=0) -> Tally:
    """Directions as concluded unless told; those with no clear difference not printed."""
    d = dict(zip(("for", "mixed", "against"), printed or (good, mixed, bad), strict=True))
    c = {"for": good, "no_clear_difference": unclear, "mixed": mixed, "against": bad}
    studies = good + unclear + mixed + bad + nothing
    unreadable = silent or studies - sum(d.values())
    return Tally(c | {"not_placed": nothing}, d | {"unreadable": unreadable}, studies)


CASES = [
    (votes(good=7, bad=3), "supported"),  # 70 % exactly
    (votes(good=3, bad=7), "contradicted"),
    (votes(good=69, bad=31), "undecided"),
    (votes(good=2), "too little to say"),  # two studies
    (votes(good=3), "supported"),
    (votes(good=3, printed=(2, 0, 0)), "undecided"),  # one direction of three is not printed
    (votes(good=10, printed=(7, 0, 0)), "supported"),  # 70 % with those not printed
    (votes(good=10, printed=(6, 0, 0)), "undecided"),
    (votes(good=5, unclear=5, printed=(10, 0, 0)), "undecided"),  # one lens alone does not do
    (votes(unclear=7, good=3), "too little to say"),  # that no difference is clear says nothing
    (votes(unclear=20, printed=(2, 1, 2)), "too little to say"),
    (votes(good=2, nothing=8), "too little to say"),  # those that conclude nothing do not count
]


@pytest.mark.parametrize(("given", "verdict"), CASES)
def test_direction_by_hand(given, verdict):
    assert direction_verdict(given, 0.7) == verdict


@pytest.mark.parametrize(("given", "verdict"), CASES)
def test_the_other_side_mirrors(given, verdict):
    swap = {"for": "against", "against": "for"}
    turned = Tally(
        {swap.get(word, word): n for word, n in given.concluded.items()},
        {swap.get(word, word): n for word, n in given.direction.items()},
        given.studies,
    )
    expected = MIRRORED.get(verdict, verdict)
    if verdict == "undecided" and not given.concluded["against"]:
        expected = "no study for it"
    assert direction_verdict(turned, 0.7) == expected


@pytest.mark.parametrize("unclear", range(0, 40, 3))
@pytest.mark.parametrize("printed", [(0, 0, 0), (1, 1, 1), (3, 0, 0), (0, 0, 3)])
def test_no_clear_difference_alone_supports_nothing(unclear, printed):
    verdict = direction_verdict(votes(unclear=unclear, printed=printed), 0.7)
    assert verdict in ("too little to say", "undecided", "no study for it")


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (votes(bad=4, unclear=2, mixed=2), "cannot be shown by these studies"),
        (votes(unclear=8, bad=2), "cannot be shown by these studies"),
        (votes(bad=8, unclear=2, printed=(0, 0, 8)), "contradicted"),
        (votes(good=8, unclear=2, printed=(8, 0, 0)), "supported"),
        (votes(good=2, bad=3), "undecided"),
        (votes(unclear=2), "too little to say"),
    ],
)
def test_a_denial_is_not_said_to_have_no_study_for_it(given, verdict):
    """No study can conclude for it by finding nothing: that none does says nothing."""
    assert direction_verdict(replace(given, denies=True), 0.7) == verdict


def test_a_denial_names_those_without_a_clear_difference():
    counts = "4 of 8 conclude against it, 2 see no clear difference, 2 mixed"
    assert str(replace(votes(bad=4, unclear=2, mixed=2), denies=True)).startswith(counts)
    one = "1 of 2 concludes for it, 0 against, 1 sees no clear difference"
    assert str(votes(good=1, unclear=1)).startswith(one)


def test_strands_are_joined_not_added_up():
    assert together(["contradicted", CANNOT_SHOW]) == together([CANNOT_SHOW]) == CANNOT_SHOW
    assert together(["supported", CANNOT_SHOW]) == "undecided"
    assert together(["supported", "too little to say"]) == "supported"
    assert together(["supported", "undecided"]) == "undecided"
    assert together(["too little to say", "too little to say"]) == "too little to say"
    assert weakest(["supported", "undecided"]) == "undecided"
    assert weakest(["supported", "contradicted", "undecided"]) == "contradicted"
    assert weakest(["supported", "supported"]) == "supported"


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (votes(good=8, bad=2), votes(good=5, bad=5), "supported"),
        (votes(good=5, bad=5), votes(good=8, bad=2), "contradicted"),
        (votes(good=6, bad=4), votes(good=5, bad=5), "undecided"),
        (votes(good=2), votes(good=5, bad=5), "too little to say"),
    ],
)
def test_a_difference_of_classes(one, other, verdict):
    assert difference(one, other, 0.25) == verdict


# --- claims on hand-made rows ---


def made(ev, findings, rule, expects=None, threshold=0.7, criteria=None):
    """A data set with one claim, and findings (study, outcome, conclusion, direction, design)."""
    rows, studies, base = [], [], ev.findings.iloc[0].to_dict()
    model = ev.studies[(ev.studies["question"] == "treatment").to_numpy(dtype=bool)]
    one = model[(model["population"] == "human").to_numpy(dtype=bool)].iloc[0].to_dict()
    for n, (study, domain, conclusion, direction, design) in enumerate(findings):
        rows.append(
            base
            | {
                "finding_id": f"{study}-{n}",
                "study_id": study,
                "outcome_domain": domain,
                "conclusion": conclusion,
                "observed_direction": direction,
                "comparator": "no_exercise",
                "exposure": "training",
            }
        )
        changed = {"study_id": study, "design": design, "counted": True, "sample_size": 10}
        studies.append(one | changed | {"comparator": "no_exercise", "cohort": None})
    asked = criteria or [(1, "question", "treatment")]
    tables = {
        "studies": pd.DataFrame(studies).drop_duplicates("study_id"),
        "findings": pd.DataFrame(rows),
        "claims": pd.DataFrame(
            [
                ev.claims.iloc[0].to_dict()
                | {"claim_id": "c", "rule": rule, "expects": expects, "threshold": threshold}
            ]
        ),
        "claim_criteria": pd.DataFrame(
            [
                {"criterion_id": str(n), "claim_id": "c", "alternative": a, "column": c, "value": v}
                for n, (a, c, v) in enumerate(asked)
            ]
        ),
    }
    shaped = {
        name: frame.reindex(columns=ev.tables[name].columns) for name, frame in tables.items()
    }
    typed = {
        name: frame.astype(ev.tables[name].dtypes.to_dict()).reset_index(drop=True)
        for name, frame in shaped.items()
    }
    return ev.with_tables(dict(ev.tables) | typed)


FUNCTION = [(f"f{n}", "function", "benefit", "benefit", "rct") for n in range(4)]
MOBILITY = [(f"m{n}", "mobility", "harm", "harm", "single_arm") for n in range(4)]


def test_outcomes_of_a_claim_are_judged_apart(ev):
    criteria = [(1, "outcome_domain", "function"), (2, "outcome_domain", "mobility")]
    board = judge_claims(made(ev, FUNCTION + MOBILITY, "benefit", criteria=criteria))
    assert board.strands["strand"].to_list() == ["Function", "Mobility"]
    assert board.strands["verdict"].to_list() == ["supported", "contradicted"]
    line = board.iloc[0]
    assert line["verdict"] == "undecided" and pd.isna(line["for"]) and line["studies"] == 8


def test_counts_are_seen_from_the_claim(ev):
    good = judge_claims(made(ev, FUNCTION, "benefit")).iloc[0]
    denied = judge_claims(made(ev, FUNCTION, "no_benefit")).iloc[0]
    assert (good["for"], good["against"], good["verdict"]) == (4, 0, "supported")
    assert (denied["for"], denied["against"], denied["verdict"]) == (0, 4, "contradicted")
    assert (good["trials"], good["trials_for"], denied["trials_for"]) == (4, 4, 0)


def test_a_denial_of_several_outcomes_is_judged(ev):
    criteria = [(1, "outcome_domain", "function"), (2, "outcome_domain", "mobility")]
    rows = [(s, d, "no_clear_difference", "null", g) for s, d, _, _, g in FUNCTION + MOBILITY]
    line = judge_claims(made(ev, rows, "no_benefit", criteria=criteria)).iloc[0]
    assert line["verdict"] == CANNOT_SHOW
    assert (
        f"Function: {CANNOT_SHOW} (0 for, 0 against, 4 no clear difference, of 4)"
        in (line["reason"])
    )
    assert "does not show that there is none" in line["reason"]


def test_what_is_judged_instead_of_the_words_stands_beside_the_verdict(ev):
    plain = made(ev, FUNCTION, "benefit")
    said = "The article speaks of some studies."
    told = plain.claims.assign(judged_instead=said)
    told = plain.with_tables(dict(plain.tables) | {"claims": told})
    assert said not in judge_claims(plain).iloc[0]["reason"]
    assert judge_claims(told).iloc[0]["reason"].endswith(f"4 for, 0 against. {said}")


def test_what_the_article_says_of_some_studies_is_not_judged_in_silence(ev, board):
    some = ev.claims["claim"].str.startswith("Some ")
    assert some.sum() == 2
    assert (ev.claims["judged_instead"].notna() == some).all()
    said = "what is judged is whether most point that way."
    assert board.loc[some.to_numpy(), "reason"].str.endswith(said).all()


def test_results_that_were_not_printed_stay_in_the_count(ev):
    silent = [(f"s{n}", "function", "benefit", "not_reported", "rct") for n in range(2)]
    line = judge_claims(made(ev, FUNCTION + silent, "benefit")).iloc[0]
    assert line["direction_unreadable"] == 2 and line["verdict"] == "undecided"


def test_a_study_votes_once_and_differing_conclusions_are_mixed(ev):
    twice = [
        ("a", "function", "benefit", "benefit", "rct"),
        ("a", "function", "harm", "harm", "rct"),
    ]
    line = judge_claims(made(ev, FUNCTION + twice, "benefit")).iloc[0]
    assert (line["for"], line["mixed"], line["studies"]) == (4, 1, 5)


@pytest.mark.parametrize("rule", ["benefit", "harm", "no_benefit", "no_harm"])
def test_swapping_benefit_and_harm_mirrors_the_board(ev, rule):
    swap = lambda rows: [(s, d, OTHER_SIDE[c], OTHER_SIDE[o], g) for s, d, c, o, g in rows]
    rows = FUNCTION + MOBILITY[:1]
    one = judge_claims(made(ev, rows, rule)).iloc[0]
    other = judge_claims(made(ev, swap(rows), rule)).iloc[0]
    assert other["verdict"] == MIRRORED.get(one["verdict"], one["verdict"])
    assert (one["for"], one["against"]) == (other["against"], other["for"])
    assert one["direction_for"] == other["direction_against"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["function"], {"f"}),
        (["function", "mobility"], {"f", "m"}),
        (["not:function"], {"m"}),
        (["not:function", "not:mobility"], set()),
        (["*"], {"f", "m"}),
        (["or_empty:mobility"], {"m"}),
    ],
)
def test_what_conditions_mean(ev, values, found):
    criteria = [(1, "outcome_domain", value) for value in values]
    rows = claim_rows(made(ev, FUNCTION + MOBILITY, "benefit", criteria=criteria))
    assert {study[0] for study in rows["study_id"]} == found


def test_an_empty_cell_can_be_asked_for(ev):
    part = made(ev, FUNCTION, "benefit", criteria=[(1, "intensity", "or_empty:high")])
    studies = part.studies.copy()
    studies["intensity"] = pd.Categorical(
        ["high", None, "low", None], categories=studies["intensity"].cat.categories
    )
    rows = claim_rows(part.with_tables(dict(part.tables) | {"studies": studies}))
    assert set(rows["study_id"]) == {"f0", "f1", "f3"}


def test_wrong_claims_are_refused(ev):
    claims = ev.claims.assign(rule="none at all")
    with pytest.raises(evidence.UsageError, match="has rule 'none at all'; allowed: benefit"):
        judge_claims(ev.with_tables(dict(ev.tables) | {"claims": claims}))
    with pytest.raises(evidence.UsageError, match="COLUMN=VALUE"):
        judge_claims(made(ev, FUNCTION, "benefit_each", "design"))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("exercise_type=stretching", "'stretching' is not a value of exercise_type"),
        ("nothing=1", "'nothing' is not a column"),
        ("design", "'design' is not a term"),
        ("subgroup=no such", "'no such' is not a value of subgroup"),
        ("sample_size<abc", "'sample_size<abc' compares no numbers"),
        ("year<19O0", "'year<19O0' compares no numbers"),
        ("design<3", "'design<3' compares no numbers"),
    ],
)
def test_what_a_claim_expects_is_checked(data, value, words):
    line = data.change("claims", "exercise_types", expects=value)
    found = [fault for fault in data.faults() if fault.column == "expects"]
    assert [fault.line for fault in found] == [line] and words in found[0].message


def test_a_finding_that_is_not_there_is_no_criterion(data):
    line = data.change("claim_criteria", "muscle_damage:2:2", value="nobody1999-1")
    assert ("claim_criteria.csv", line, "value") in data.places()


# --- the real claims ---


@pytest.fixture(scope="module")
def board(ev):
    return judge_claims(ev)


def test_every_claim_has_a_verdict_with_its_rows(ev, board):
    assert board["claim_id"].to_list() == ev.claims["claim_id"].to_list()
    assert set(board["verdict"]) <= set(VERDICTS) and board["verdict"].notna().all()
    assert all(len(reason.split()) <= 40 for reason in board["reason"])
    empty = board["rows"] == ""
    unread = board["claim_id"].map(ev.claims.set_index("claim_id")["rule"]).isin(["sources"])
    assert (board.loc[empty & ~unread, "verdict"] == NOT_ADDRESSED).all()


def test_a_lean_is_never_called_more_than_it_is(board):
    """Certainty says that a lean holds only where the worst case does."""
    for line in board.to_dict("records"):
        if pd.isna(line["direction_for"]):
            continue
        counts = [line[f"direction_{word}"] for word in ("for", "against", "unreadable")]
        test = evidence.sign_test(*counts)
        if line["cohorts"] == line["studies"]:
            assert ("the lean holds" in line["certainty"]) == test.holds
        else:
            assert f"shared groups counted once ({line['cohorts']})" in line["certainty"]


def test_reports_of_the_same_people_have_to_bear_a_lean_once(ev, board):
    """18 studies lean one way whatever is not printed; their 12 groups of people do not."""
    line = board.frame.set_index("claim_id").loc["alone_no_cause_sport"]
    studies = [line[f"direction_{word}"] for word in ("for", "against", "unreadable")]
    assert evidence.sign_test(*studies).holds
    assert "the lean depends on 2 results that were not printed" in line["certainty"]


def test_a_claim_without_a_rule_says_why(ev, board):
    """What is written beside it, and not that nothing meets a rule that is not there."""
    line = board.frame.set_index("claim_id").loc["stretching_falls"]
    assert line["verdict"] == NOT_ADDRESSED
    assert line["reason"].startswith("The table has no class for stretching")


def test_a_set_without_a_record_of_who_finished_has_too_little_to_say(ev):
    tables = {name: table for name, table in ev.tables.items() if name != "harms"}
    line = judge_claims(ev.with_tables(tables)).frame.set_index("claim_id").loc["possible"]
    assert line["verdict"] == TOO_LITTLE and "no record of who finished" in line["reason"]


def test_who_finished_is_asked_of_all_who_trained(ev, board):
    line = board.frame.set_index("claim_id").loc["possible"]
    found = evidence.harms(ev).total("finished")
    assert f"{found['total']} of {found['started']} people who began" in line["reason"]
    assert f"as {found['shown']} of {found['studies']} studies tell" in line["reason"]


RISK_CLAIMS = ["alone_no_cause_activity", "alone_no_cause_sport", "genetic_risk"]


@pytest.mark.parametrize("claim", RISK_CLAIMS)
def test_claims_on_risk_see_risk_alone(ev, claim):
    rows = claim_rows(ev)
    rows = rows[rows["claim_id"] == claim]
    assert set(rows["outcome_domain"]) <= {"als_risk"}
    assert not set(rows["comparator"].dropna()) & {"not_exercise", "other_patients"}


@pytest.mark.parametrize("claim", ["cramps_pain", "fatigue", "daily_tasks"])
def test_claims_on_symptoms_see_rows_with_a_comparison(ev, claim):
    rows = claim_rows(ev)
    rows = rows[rows["claim_id"] == claim]
    assert len(rows) and "none" not in set(rows["comparator"]) and rows["comparator"].notna().all()


def test_genes_are_about_carriers(ev, board):
    rows = claim_rows(ev)
    rows = rows[rows["claim_id"] == "genetic_risk"]
    assert not rows["subgroup"].fillna("").str.contains("negative|without").any()
    assert board.set_index("claim_id").loc["genetic_risk", "verdict"] == NOT_ADDRESSED


def test_sources_of_the_article(ev):
    table = article_support(ev)
    assert table["article_reference"].to_list() == [1, 2, 3, 4, 5]
    assert table["tested"].notna().equals(table["what"] == "study")


def test_the_article_is_named(board):
    assert {"title", "publisher", "date_read"} <= set(board.article)


def test_row_order_does_not_matter(ev):
    shuffled = {
        name: frame.sample(frac=1, random_state=7) if name in ("studies", "findings") else frame
        for name, frame in ev.tables.items()
    }
    one, other = judge_claims(ev), judge_claims(ev.with_tables(shuffled))
    pd.testing.assert_frame_equal(one.frame, other.frame)
    pd.testing.assert_frame_equal(one.strands, other.strands)


def test_rows_of_claims_begin_with_the_claim(ev):
    assert list(evidence.claim_rows(ev).columns[:2]) == ["claim_id", "alternative"]


def test_a_term_that_begins_like_another_is_worded_as_a_whole(ev):
    from evidence.synthesis.claims import _worded

    said = _worded(ev, "design=rct; design=rct_pilot", "design=rct_pilot, not design=rct")
    assert said == "“Design: rct_pilot”, not “Design: Randomised trial”"


def test_studies_whose_cell_is_empty_are_counted_as_unknown():
    from evidence.synthesis.claim_rules import most_studies

    rows = pd.DataFrame(
        {"study_id": list("abcd"), "design": ["rct", "rct", None, "single_arm"]}, dtype="str"
    )
    assert "1 of 1 study (100 %) has" in most_studies(rows.head(1), "design=rct", 0.6)[1]
    said = most_studies(rows, "design=rct", 0.6)
    assert "2 of 4 studies (50 %) have design=rct, of 1 it is not known" in said[1]


def test_an_empty_number_meets_nothing():
    from evidence.synthesis.claim_rules import meets

    rows = pd.DataFrame({"sample_size": pd.array([10, None, 50], dtype="Int64")})
    met, known = meets(rows, "sample_size<30")
    assert (met.tolist(), known.tolist()) == ([True, False, False], [True, False, True])


@pytest.mark.parametrize(
    ("finished", "silent", "verdict"),
    [
        (80, 0, "supported"),
        (80, 14, "supported"),  # 80 of 114 are 70 %
        (80, 15, "too little to say"),
        (80, float("inf"), "too little to say"),
        (50, 10, "contradicted"),
        (50, 70, "too little to say"),
    ],
)
def test_those_of_whom_nobody_says_whether_they_finished_count(finished, silent, verdict):
    assert finished_verdict(finished, 100, 4, 9, 0.7, silent)[0] == verdict


def test_completion_is_not_judged_from_half_of_the_studies(ev):
    """Who finished is told by six of thirteen; what no study tells is not taken for granted."""
    board = judge_claims(ev).set_index("claim_id")
    assert board.loc["possible", "verdict"] == "too little to say"
    assert "could turn the answer" in board.loc["possible", "reason"]


def test_no_study_for_it_is_said_where_none_is_for_it_in_any_strand(ev):
    for rule in ("benefit", "benefit_each"):
        combine = combined(rule)
        assert combine([votes(bad=3, printed=(0, 1, 1)), votes(good=2)], 0.7) != "no study for it"
        assert combine([votes(good=9), votes(bad=2, unclear=2)], 0.7) != "no study for it"
    found = evidence.judge_claims(ev).frame
    none = found[found["verdict"] == "no study for it"]
    assert len(none) and (none["for"].dropna() == 0).all()


def test_nobody_is_not_said_of_unknown_sizes():
    from evidence.synthesis.claims import _took_part

    sizes = {"studies": 3, "participants": 0, "size_unknown": 3}
    assert _took_part(sizes) == "how many took part is not known"
    assert _took_part(sizes | {"participants": 12, "size_unknown": 1}) == (
        "12 took part and more in 1"
    )
