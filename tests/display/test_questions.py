"""The answers say what the tables say, in words that change with them."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

import evidence
from evidence.display.count_words import conclude, counts_of, leaning
from evidence.display.question_rules import whole_sentence
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
    assert f"Of the main results of {len(part)} studies" in first
    assert f"{votes['harm']} conclude more ALS" in first
    assert f"{votes['no_clear_difference']} see no clear difference" in first


def test_all_risk_studies_to_benefit_and_the_words_reverse(ev):
    findings, studies = ev.findings.copy(), ev.studies
    risk = studies.loc[(studies["question"] == "risk").to_numpy(dtype=bool), "study_id"]
    rows = findings["study_id"].isin(risk)
    findings.loc[rows, ["conclusion", "observed_direction"]] = "benefit"
    said = evidence.answer(changed(ev, findings=findings), "risk").sentences
    counted = int((studies["study_id"].isin(risk) & studies["counted"]).sum())
    who = f"{counted} studies of active people"
    assert said[0] == f"Of the main results of {who}, {counted} conclude less ALS."
    assert re.search(r"point to less ALS; .* do, which is unlikely to be chance alone", said[1])
    assert "not a cause" in said[1]


def test_without_trials_no_trial_is_spoken_of(ev):
    studies = ev.studies.copy()
    studies.loc[(studies["design"] == "rct").to_numpy(dtype=bool), "design"] = "single_arm"
    one = evidence.answer(changed(ev, studies=studies), "slow")
    assert one.sentences[0].startswith("No randomised trial of exercise against none")
    assert "none of them randomised" in one.based_on


def test_unknown_harm_is_not_zero(ev):
    harms = ev.tables["harms"].copy()
    for column in ("withdrew_because_of_exercise", "serious_adverse_events", "adverse_events"):
        harms[column] = pd.array([pd.NA] * len(harms), dtype="Int64")
    said = " ".join(evidence.answer(changed(ev, harms=harms), "harm").sentences)
    assert (
        "none of the 5 that people left says how many because of it" in said
        and "count serious events by themselves" in said
    )
    assert not re.search(r"\b0\b", said)
    harms["shown"] = pd.array([False] * len(harms), dtype="boolean")
    said = evidence.answer(changed(ev, harms=harms), "harm").sentences
    assert re.fullmatch(r"None of \d+ studies was read to say a word on safety, .*\.", said[0])


def test_whether_it_was_because_of_it_is_told_where_a_study_tells(ev):
    harms = ev.tables["harms"].copy()
    row = (harms["study_id"] == "dalbellohaas2007") & (harms["arm"] == "exercise")
    harms.loc[row, "withdrew_because_of_exercise"] = 2  # 5 of 13 did not finish
    said = evidence.answer(changed(ev, harms=harms), "harm").sentences[0]
    assert said.endswith("11 did not finish; of 5 it is told, 2 because of it.")


def test_that_nobody_left_does_not_tell_why_people_left(ev):
    """Two studies print that 0 left because of it: in those, nobody left at all."""
    rows = evidence.harms(ev).frame.dropna(subset=["started", "finished"])
    lost = rows[rows["finished"] < rows["started"]]
    assert len(lost) == 5 and lost["withdrew_because_of_exercise"].isna().all()
    one = evidence.answer(ev, "harm")
    assert "none of the 5 that people left says how many because of it" in one.sentences[0]
    (line,) = [line for line in one.details if "left because of" in line]
    assert line.endswith("0 among 16 in the 2 of 33 studies that tell, in which nobody left.")
    harms = ev.tables["harms"].copy()
    row = (harms["study_id"] == "jensen2017") & (harms["arm"] == "exercise")
    harms.loc[row, "finished"] = 4
    (line,) = [
        line
        for line in evidence.answer(changed(ev, harms=harms), "harm").details
        if "left because of" in line
    ]
    assert "nobody left" not in line


def test_who_finished_is_told_of_studies_that_no_sum_holds(ev):
    """They are set aside as both groups exercised, but people left them too."""
    rows = ev.tables["harms"].merge(ev.studies[["study_id", "counted"]], on="study_id")
    aside = rows[(rows["arm"] == "exercise") & ~rows["counted"]]
    both = aside.dropna(subset=["started", "finished"])
    line = evidence.answer(ev, "harm").details[-1]
    n = int((~ev.studies["counted"]).sum())
    of = len(ev.select(question="treatment", population="human")) - len(
        ev.select(question="treatment", population="human", counted=True)
    )
    assert line.startswith(f"Of {of} studies that are set aside, {len(aside)} have rows on harm (")
    assert of < n
    assert line.endswith(
        f"finished: {both['finished'].sum()} among {both['started'].sum()} in the {len(both)} of"
        f" {len(aside)} studies that {'tells' if len(both) == 1 else 'tell'}."
    )


def test_what_is_counted_of_harm_is_named_whole(ev):
    """``shown`` is about safety, or how it was tolerated, or why people left."""
    one = evidence.answer(ev, "harm")
    assert "say a word on safety, how people coped or why they left" in one.sentences[0]
    assert one.cautions[0].startswith(
        "Nothing on safety, how people coped or why they left (18 of 33"
    )


def test_nothing_counted_is_said(ev):
    studies = ev.studies.copy()
    studies["counted"] = pd.array([False] * len(studies), dtype="boolean")
    for one in question_answers(changed(ev, studies=studies)):
        assert one.sentences == ("No study in the table bears on this question.",)


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ({"benefit": 23, "harm": 1, "unreadable": 9}, "whatever the other 9 would say"),
        (
            {"benefit": 21, "harm": 1, "unreadable": 9},
            "; 9 do not say: if they lean the other way, it may be chance",
        ),
        ({"benefit": 10, "harm": 0, "unreadable": 4}, "; 4 do not say: if 3 lean"),
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
        "3 conclude less, 2 have results that differ, 1 concludes more and 1 sees no clear"
        " difference"
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
    assert said == (
        "No comparison of length of life in such trials was read; 2 against other exercise see no"
        " clear difference."
    )
    details = evidence.answer(ev, "slow").details
    assert any("was read; 5 tell of it otherwise (no comparison)" in line for line in details)


@pytest.mark.parametrize(
    ("once", "words"),
    [
        ({"harm": 9}, "with shared groups counted once, 9 of 9 do, which is unlikely to be"),
        ({"harm": 5, "benefit": 3}, "with shared groups counted once, 5 of 8 do, which could be"),
        ({"harm": 2}, "with shared groups counted once, 2 of 2 do, which could be chance"),
        ({"harm": 10, "benefit": 1}, "10 point to more, which is unlikely to be chance alone"),
    ],
)
def test_a_lean_has_to_bear_that_shared_groups_count_once(once, words):
    assert words in leaning({"harm": 10, "benefit": 1}, WORDS, once)


def test_shared_groups_are_counted_once_beside_the_lean(ev):
    once = ev.select(question="risk", counted=True)
    vote = evidence.votes(once, "direction", "cohort")["vote"].value_counts()
    apart = f"{vote['harm']} of {vote['harm'] + vote['benefit']} do"
    assert f"shared groups counted once, {apart}" in evidence.answer(ev, "risk").sentences[1]
    votes = evidence.votes(once, "concluded", "cohort")["vote"]
    told = [line for line in evidence.answer(ev, "risk").details if "counted once" in line]
    concluded = votes.value_counts()
    assert f"there are {len(votes)}: {concluded['harm']} conclude more ALS" in told[0]
    assert "are, or may be, further reports" in told[0]


def test_what_prints_no_direction_is_split_by_what_it_concludes(ev):
    part = ev.select(question="risk", counted=True)
    concluded, direction = (
        evidence.votes(part, lens).set_index("study_id")["vote"]
        for lens in ("concluded", "direction")
    )
    silent = concluded[direction.isna()].value_counts()
    unclear = direction[concluded == "no_clear_difference"].value_counts()
    details = evidence.answer(ev, "risk").details
    assert details[0].startswith(f"Of the {direction.isna().sum()} that print no direction, ")
    assert f"{silent['no_clear_difference']} see no clear difference" in details[0]
    assert f"{unclear['harm']} lean to more ALS and {unclear['benefit']} lean to less" in details[1]


def test_main_results_of_trials_stand_beside_all_of_them(ev):
    rows = evidence.outcomes(ev, "treatment", "human", main_only=True).frame
    trials = rows[rows["randomised"] & (rows["contrast"] == "against_none")]
    here = trials[trials["outcome_domain"] == "function"].iloc[0]
    line = evidence.answer(ev, "slow").details[0]
    assert line.startswith(f"Of the {here['studies']} of these ")
    assert f"{here['concluded_benefit']} conclude a gain" in line


def test_related_events_are_told_where_more_studies_print_them(ev):
    found = evidence.harms(ev).total("adverse_events", counted="related")
    said = evidence.answer(ev, "harm").sentences[1]
    among = f"{found['total']} adverse events put down to the exercise among {found['started']}"
    assert f"{among} people in {found['shown']} studies" in said


def test_the_worst_outcome_of_animals_is_named(ev):
    rows = evidence.outcomes(ev, "treatment", "animal").frame
    sums = rows.groupby("outcome_domain", observed=True)[["concluded_harm", "concluded_benefit"]]
    table = sums.sum().loc["disease_onset"].astype(int)
    said = evidence.answer(ev, "animals").sentences[1]
    assert f"{table['concluded_benefit']} and {table['concluded_harm']}." in said


def test_published_ratings_come_first_where_there_are_some(ev):
    said = (
        "Published ratings (GRADE) say how sure a result is, not how good: low for daily function"
    )
    assert evidence.answer(ev, "sure").sentences[0].startswith(said)
    without = ev.with_tables({k: v for k, v in ev.tables.items() if k != "appraisals"})
    assert "ratings" not in evidence.answer(without, "sure").sentences[0]


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


@pytest.mark.parametrize("study", ["gregoire1991", "kassa2017", "valenti2005"])
def test_a_study_that_was_read_once_is_answered(ev, study):
    one = evidence.answer(ev.select(study_id=study), "sure")
    assert not any("Two readings" in text for text in one.sentences)
    empty = {name: ev.tables[name].iloc[:0] for name in ("readings", "audit")}
    assert "Two readings" not in evidence.answer(changed(ev, **empty), "sure").text


def test_what_chance_could_explain_is_counted_with_shared_groups_once(ev):
    part = ev.select(question="risk", counted=True)
    vote = evidence.votes(part, "direction", "cohort")["vote"]
    counts = vote.value_counts()
    test = evidence.sign_test(counts["benefit"], counts["harm"], int(vote.isna().sum()))
    point = test.tipping_point
    lean = "leans" if point == 1 else "lean"
    said = f", {vote.isna().sum()} do not say: if {point} {lean} the other way, it may be chance"
    assert said in evidence.answer(ev, "risk").sentences[1]


@pytest.mark.parametrize(
    ("direction", "once", "words"),
    [
        ({"harm": 30, "unreadable": 3}, {"harm": 8, "unreadable": 3}, ", 3 do not say: if 2"),
        ({"benefit": 20, "harm": 5}, {"benefit": 1, "harm": 9}, "1 of 10 does, which could be"),
        ({"harm": 1}, None, "Only 1 result says which way it leans"),
        ({"unreadable": 1}, None, "The one result does not say which way it leans"),
    ],
)
def test_a_lean_says_no_more_than_its_groups(direction, once, words):
    assert words in leaning(direction, WORDS, once)


def test_a_set_without_contrasts_is_answered(ev):
    """Neither is one programme set against another, nor does a trial have a first contrast."""
    settings = {k: v for k, v in ev.dictionary.settings.items() if k != "contrasts"}
    other = replace(ev, dictionary=replace(ev.dictionary, settings=settings))
    which, slow = (evidence.answer(other, name).sentences for name in ("which", "slow"))
    assert which[0].startswith("No study in the table sets one kind")
    assert re.match(r"Of \d+ randomised trials of daily function", slow[0])


def test_ratings_that_differ_are_all_told(ev):
    """One that is worse is not left out, and each stands with what it rates."""
    one = evidence.answer(ev, "sure")
    table = ev.tables["appraisals"]
    rated = table[(table["tool"] == "GRADE") & table["domain"].notna()]
    assert set(rated.loc[rated["domain"] == "fatigue", "judgement"]) == {"low", "very low"}
    assert "low or very low for fatigue" in one.sentences[0]
    told = [line for line in one.details if "(Cochrane)" in line or "(Cochrane" in line]
    assert len(told) == len(rated)


def test_all_results_of_programmes_are_shown(ev):
    """The sentence counts main results, the table of the page shows every outcome of them."""
    domains = set(evidence.answer(ev, "which").rows.frame["outcome_domain"])
    assert {"function", "respiratory", "survival"} <= domains


def test_unknown_sizes_of_trials_are_not_said_to_be_nobody(ev):
    """All unknown, and one of them."""
    said = lambda studies: evidence.answer(changed(ev, studies=studies), "slow").sentences[0]
    part = ev.studies.copy()
    rows = evidence.outcomes(ev, "treatment", "human")
    trials = part["study_id"].isin(rows.underlying) & part["design"].isin(ev.dictionary.designs())
    part.loc[trials, "sample_size"] = pd.NA
    assert "(how many people is not known)" in said(part) and "(0 people)" not in said(part)
    part = ev.studies.copy()
    part.loc[trials & (part["study_id"] == "drory2001"), "sample_size"] = pd.NA
    assert re.search(r"\(\d+ people and 1 trial of unknown size\)", said(part))


def test_a_single_trial_or_study_is_told_as_one(ev):
    """No sentence counts 1 of 1."""
    details = evidence.answer(ev, "slow").details
    wanted = "The one randomised trial of stiffness, pain and cramps (25 people) concludes a gain."
    assert wanted in details
    one = evidence.answer(ev.select(study_id="abel2007"), "risk").sentences[0]
    assert one == "In its main result, the one study of active people concludes more ALS."
    for study in ("abel2007", "drory2001", "gregoire1991", "lunetta2016"):
        part = ev.select(study_id=study)
        for question in evidence.question_answers(part):
            said = " ".join([*question.sentences, *question.details])
            assert not re.search(r"\b[Oo]f (the )?1 |\bof 1 main|\bNone of 1 ", said), said


def test_what_reviews_pool_is_not_said_to_be_unknown(ev):
    """No trial could be read to report tiredness; two reviews print a pooled number of it."""
    details = evidence.answer(ev, "slow").details
    (place,) = [
        i for i, line in enumerate(details) if line.startswith("No comparison of tiredness")
    ]
    assert details[place].endswith("; published reviews do pool it.")
    rows = ev.pooled_estimates.set_index("pooled_id").loc["dalbellohaas2013-3"]
    numbers = (rows["estimate"], rows["ci_low"], rows["ci_high"], rows["n_participants"])
    assert numbers == (-6.25, -13.82, 1.31, 43)
    said = "MD −6.25 (−13.82 to 1.31), 2 studies, 43 individuals (a lower score is better)"
    assert said in details[place + 1] and "1 study (rests on a single trial)" in details[place + 1]
    assert "Ren et al. 2025, fatigue: p > 0.05, no estimate shown" in details[place + 1]
    without = ev.with_tables({k: v for k, v in ev.tables.items() if k != "pooled_estimates"})
    assert "reviews" not in " ".join(evidence.answer(without, "slow").details)


def test_readings_and_checks_name_what_they_count(ev):
    """Cells, of which version; and for what is counted, in how many findings or studies."""
    one = evidence.answer(ev, "sure")
    overall = evidence.agreement(ev).set_index("field").loc["all categories"]
    cells, right = (int(overall[name]) for name in ("n", "agree"))
    checked = evidence.accuracy(ev).set_index("field")
    said = f"agree in {100 * right / cells:.0f} % of {cells:,} cells; of"
    assert (
        f"{said} {checked.loc['all fields', 'checked']} cells of version 0.1.0" in one.sentences[1]
    )
    lines = [line for line in one.details if "two readings agree in" in line]
    assert [line.split(" that were read")[0].rpartition("agree in ")[2] for line in lines] == [
        "367 of the 411 findings (of 441)",
        "139 of the 160 studies (of 165)",
        "52 of the 72 findings (of 441)",
    ]
    assert checked.loc["conclusion", ["right", "checked"]].to_list() == [33, 40]
    assert lines[0].endswith("89 %; 33 of 40 cells of version 0.1.0 that were checked were right.")


def test_the_length_of_programmes_is_not_that_of_reports_on_one_or_two(ev):
    rows = evidence.programmes(ev.select(question="treatment", population="human")).frame
    weeks = rows["duration_weeks"].dropna().astype(float)
    assert (weeks.min(), weeks.max()) == (2, 104)
    low, middle, high = weeks.quantile([0.25, 0.5, 0.75])
    said = f"Of {len(rows)} programmes, {len(weeks)} say how long they ran: the middle half"
    said += f" {low:g} to {high:g} (median {middle:g}) weeks;"
    assert said in evidence.answer(ev, "which").sentences[1]


def test_results_on_one_outcome_are_not_called_main_results(ev):
    part = ev.select(outcome_domain="als_risk")
    (line,) = evidence.balance(part.select(question="risk"), None).frame.to_dict("records")
    first = evidence.answer(part, "risk").sentences[0]
    assert first.startswith(f"Of the results on getting ALS of {line['units']} studies")
    assert f"{line['harm']} conclude more ALS" in first


def test_a_result_that_a_selection_left_out_is_not_a_study_without_a_conclusion(ev):
    part = ev.select(question="risk", outcome_domain=["age_at_onset", "other"])
    (line,) = evidence.balance(part, None).frame.to_dict("records")
    first = evidence.answer(part, "risk").sentences[0]
    assert f"{line['no_result']} have no result to count here" in first
    assert line["no_result"] and "no conclusion either way" not in first


def test_a_study_without_a_result_on_an_outcome_is_not_silent_on_it(ev):
    """It could turn no lean: it has nothing there."""
    part = ev.select(question="treatment", population="human", outcome_domain="function")
    (row,) = evidence.balance(part, None, "direction").frame.to_dict("records")
    assert row["no_result"]
    assert counts_of(part).direction["unreadable"] == row["not_placed"] - row["no_result"]
