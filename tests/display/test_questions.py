"""The answers say what the tables say, in words that change with them."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import evidence
from evidence.display.question_rules import conclude, leaning, whole_sentence
from evidence.display.questions import question_answers

WORDS = {"worse": "more", "better": "less"}
# Words that would be advice, or more than rows can bear.
FORBIDDEN = re.compile(r"\b(should|must|recommend\w*|safe|proves?|causes?|effective|avoid)\b", re.I)


@pytest.fixture(scope="module")
def answers(ev):
    return {one.question_id: one for one in question_answers(ev)}


def changed(ev: evidence.Evidence, **tables: pd.DataFrame) -> evidence.Evidence:
    return ev.with_tables(dict(ev.tables) | tables)


def test_six_questions_of_at_most_two_sentences(answers):
    assert list(answers) == ["risk", "slow", "harm", "which", "animals", "sure"]
    for one in answers.values():
        assert 1 <= len(one.sentences) <= 2 and one.not_known and one.based_on
        assert all(text.endswith(".") and text[:1] == text[:1].upper() for text in one.sentences)


def test_no_answer_advises_or_claims_a_cause(answers):
    for one in answers.values():
        said = " ".join([*one.sentences, *one.details])
        found = FORBIDDEN.findall(said.replace("not a cause", ""))
        assert not found, (one.question_id, found)


def test_numbers_are_those_of_the_votes(ev, answers):
    part = ev.select(question="risk", population="human", counted=True)
    votes = evidence.votes(part, "concluded")["vote"].value_counts()
    first = answers["risk"].sentences[0]
    assert f"Of {len(part)} studies" in first
    assert f"{votes['harm']} conclude more ALS" in first
    assert f"{votes['no_clear_difference']} see no clear difference" in first


def test_all_risk_studies_to_benefit_and_the_words_reverse(ev):
    findings, studies = ev.findings.copy(), ev.studies
    risk = studies.loc[(studies["question"] == "risk").to_numpy(dtype=bool), "study_id"]
    rows = findings["study_id"].isin(risk)
    findings.loc[rows, ["conclusion", "observed_direction"]] = "benefit"
    said = evidence.answer(changed(ev, findings=findings), "risk").sentences
    counted = int((studies["study_id"].isin(risk) & studies["counted"]).sum())
    assert said[0] == f"Of {counted} studies of active people, {counted} conclude less ALS."
    assert "point to less ALS, which is unlikely to be chance alone" in said[1]
    assert "not a cause" in said[1]


def test_without_trials_no_trial_is_spoken_of(ev):
    studies = ev.studies.copy()
    studies.loc[(studies["design"] == "rct").to_numpy(dtype=bool), "design"] = "single_arm"
    one = evidence.answer(changed(ev, studies=studies), "slow")
    assert one.sentences[0].startswith("No randomised trial against none")
    assert "none of them randomised" in one.based_on


def test_unknown_harm_is_not_zero(ev):
    harms = ev.tables["harms"].copy()
    for column in ("withdrew_because_of_exercise", "serious_adverse_events", "adverse_events"):
        harms[column] = pd.array([pd.NA] * len(harms), dtype="Int64")
    said = " ".join(evidence.answer(changed(ev, harms=harms), "harm").sentences)
    assert "stopped" not in said and "whether there were serious events" in said
    assert not re.search(r"\b0\b", said)
    harms["shown"] = pd.array([False] * len(harms), dtype="boolean")
    said = evidence.answer(changed(ev, harms=harms), "harm").sentences
    assert re.fullmatch(r"None of \d+ studies says anything about safety\.", said[0])


def test_nothing_counted_is_said(ev):
    studies = ev.studies.copy()
    studies["counted"] = pd.array([False] * len(studies), dtype="boolean")
    for one in question_answers(changed(ev, studies=studies)):
        assert one.sentences == ("No study in the table bears on this question.",)


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ({"benefit": 23, "harm": 1, "unreadable": 9}, "whatever the other 9 would say"),
        ({"benefit": 21, "harm": 1, "unreadable": 9}, "9 more do not say, and they could undo it"),
        ({"benefit": 10, "harm": 0, "unreadable": 4}, "4 more do not say, and 3 of them could"),
        ({"benefit": 10, "harm": 1}, "10 point to less, which is unlikely to be chance alone"),
        ({"harm": 10, "benefit": 1}, "10 point to more, which is unlikely to be chance alone"),
        ({"benefit": 6, "harm": 5, "unreadable": 2}, "do not lean clearly one way; 2 more do not"),
        ({"benefit": 3, "harm": 0}, "too few to tell"),
        ({"unreadable": 3}, "None of the 3 results says which way it leans"),
    ],
)
def test_what_is_said_of_a_lean(direction, words):
    assert words in leaning(direction, WORDS)


def test_conclusions_in_words():
    counts = {"harm": 1, "benefit": 3, "no_clear_difference": 1, "mixed": 2}
    assert conclude(counts, WORDS) == (
        "3 conclude less, 2 report mixed results, 1 concludes more and 1 sees no clear difference"
    )


def test_an_unknown_question_is_refused(ev):
    with pytest.raises(evidence.UsageError, match="no question 'none'; questions: animals"):
        evidence.answer(ev, "none")


def test_trials_of_other_contrasts_are_named_where_the_first_has_none(ev):
    """Two trials of one programme against another ask about length of life."""
    said = evidence.answer(ev, "slow").sentences[1]
    rows = evidence.outcomes(ev, "treatment", "human", contrast="exercise_against_exercise").frame
    trials = rows[rows["randomised"] & (rows["outcome_domain"] == "survival")]
    assert trials["studies"].sum() == 2
    assert "asks about length of life; 2 against other exercise see no clear difference" in said


def test_what_cannot_be_told_is_not_denied(ev):
    """No design of an animal study says whether chance formed the groups."""
    assert "randomised" not in evidence.answer(ev, "animals").based_on
    assert "none of them randomised" in evidence.answer(ev, "risk").based_on


def test_the_study_as_a_whole_is_told_where_it_concludes_something_else(ev):
    counted = ev.studies[ev.studies["counted"]]
    main = ev.findings[ev.findings["is_primary"].fillna(False)].set_index("study_id")["conclusion"]
    silent = {"not_applicable": None, "not_stated": None}
    both = zip(counted["study_id"].map(main), counted["direction"], strict=True)
    differ = sum(silent.get(one, one) != silent.get(other, other) for one, other in both)
    assert f"In {differ} of {len(counted)} studies" in whole_sentence(ev)
