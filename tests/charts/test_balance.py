"""Charts that count: what is drawn is what was counted, and captions say what it is."""

from __future__ import annotations

import pandas as pd
import pytest
from layout import coloured, layout_faults
from results import balance_of, claims_of, lenses_of, outcomes_of, votes_of

import evidence
from evidence import charts
from evidence.charts.claims_board import VERDICTS
from evidence.charts.squares import Grid, grid_for
from evidence.charts.style import RULE
from evidence.charts.three_lenses import bounds
from evidence.errors import UsageError
from evidence.synthesis.balance import Balance
from evidence.synthesis.lenses import Lenses
from evidence.synthesis.number_texts import p_text
from evidence.synthesis.sign_test import sign_test


def lengths(chart, label):
    """Length of each bar of a label, by row."""
    marks = chart.marks
    bars = marks[(marks["mark"] == "bar") & (marks["label"] == label)]
    return {row: x_to - x for row, x, x_to in bars[["row", "x", "x_to"]].itertuples(index=False)}


@pytest.mark.parametrize("lens", ["concluded", "direction"])
@pytest.mark.parametrize("size", ["web", "slide"])
def test_bars_are_the_counts(ev, words, lens, size):
    result = evidence.balance(ev, None, lens)
    chart = charts.balance(result, size=size)
    names = words.rows(result.frame, words.kept_apart)
    for word in ("harm", "benefit", "mixed", "no_clear_difference", "not_placed"):
        if word not in result:
            continue
        sign = -1 if word == "harm" else 1
        wanted = {name: sign * n for name, n in zip(names, result[word], strict=True) if n}
        assert lengths(chart, words.through(lens).word(word)) == pytest.approx(wanted)


def test_harm_is_left_benefit_right_and_the_rest_beside(ev, words):
    marks = charts.balance(balance_of(ev, 6)).marks
    bars = marks[marks["mark"] == "bar"]
    assert (bars.loc[bars["label"] == "Harm", "x_to"] < 0).all()
    assert (bars.loc[bars["label"] == "Benefit", "x_to"] > 0).all()
    beside = bars[bars["label"].isin(["Mixed", "No clear difference", "No conclusion"])]
    assert set(beside["panel"]) == {"Neither way"}
    assert not set(bars.loc[bars["label"].isin(["Harm", "Benefit"]), "panel"]) & {"Neither way"}


def test_both_panels_have_one_scale(ev):
    figure = charts.balance(balance_of(ev, 6)).figure
    scales = []
    for axes in figure.axes:
        if axes.get_label() == "Neither way" or "←" in axes.get_label():
            low, high = axes.get_xlim()
            scales.append((high - low) / axes.get_position().width)
    assert scales[0] == pytest.approx(scales[1], rel=1e-3)


@pytest.mark.parametrize("size", ["web", "slide"])
def test_the_sides_share_the_width_by_what_they_hold(ev, size):
    """A side without bars takes no half of the picture, and zero stays in one place."""
    frame = balance_of(ev, 6).frame.assign(harm=0, benefit=[40, 3, 2, 1, 5, 6], not_placed=0)
    frame["units"] = frame[["harm", "benefit", "mixed", "no_clear_difference"]].sum(axis=1)
    chart = charts.balance(Balance(ev, frame, by="outcome_domain"), size=size)
    places = set()
    for page in chart.pages:
        (axes,) = [axes for axes in page.axes if "←" in axes.get_label()]
        low, high = axes.get_xlim()
        places.add((low, high))
        assert -low < 0.15 * high and high > 40
        assert layout_faults(page) == []
    assert len(places) == 1


def test_numbers_of_neither_way_stand_in_the_order_of_the_key(ev):
    result = evidence.balance(ev, None)
    chart = charts.balance(result)
    said = "Neither way: mixed + no clear difference + no conclusion."
    assert chart.notes[1].startswith(said)
    texts = chart.marks.loc[chart.marks["panel"] == "Neither way", "label"].tolist()
    for line in result.frame.to_dict("records"):
        numbers = (line["mixed"], line["no_clear_difference"], line["not_placed"])
        assert " + ".join(map(str, numbers)) in texts


def test_bars_carry_the_words_of_their_question(ev):
    marks = charts.balance(evidence.balance(ev, None)).marks
    texts = set(marks.loc[marks["mark"] == "text", "label"])
    counts = evidence.balance(ev, None).frame.set_index(["question", "population"])
    assert f"{counts.loc[('risk', 'human'), 'harm']} more ALS" in texts
    assert f"{counts.loc[('treatment', 'human'), 'benefit']} better" in texts


def test_the_title_is_the_fuller_side_of_each_row(ev):
    frame = pd.DataFrame(
        {
            "question": ["risk"], "population": ["human"], "harm": [2], "benefit": [5],
            "mixed": [1], "no_clear_difference": [0], "not_placed": [2], "units": [10],
            "placed": [8], "studies": [10], "participants": [20], "size_unknown": [0],
        }
    )  # fmt: skip
    assert (
        charts.balance(Balance(ev, frame)).title
        == "5 of 10 studies conclude less ALS, 2 more ALS, 1 is mixed"
    )
    even = frame.assign(harm=5, benefit=5)
    assert (
        charts.balance(Balance(ev, even)).title
        == "5 of 10 studies conclude more ALS, as many less ALS, 1 is mixed"
    )
    none = frame.assign(harm=0, benefit=0)
    assert charts.balance(Balance(ev, none)).title.startswith("None of 10 studies concludes")
    one = frame.assign(harm=1, benefit=0)
    assert charts.balance(Balance(ev, one, lens="direction")).title.startswith(
        "1 of 10 studies points to more ALS"
    )


def test_a_title_over_many_rows_counts_the_rows(ev):
    result = balance_of(ev, 10)
    most = (2 * result["benefit"] > result["units"]).sum()
    worse = (2 * result["harm"] > result["units"]).sum()
    first, second = max(most, worse), min(most, worse)
    title = charts.balance(result).title
    assert title.startswith(f"In {first} of 10 rows") and f"in {second} " in title


def test_a_row_of_one_study_has_no_most(ev):
    sides = {"harm": [0] * 6, "benefit": [3, 3, 1, 1, 1, 0], "mixed": [0, 0, 0, 0, 0, 4]}
    frame = balance_of(ev, 6).frame.assign(no_clear_difference=0, not_placed=0, **sides)
    frame["units"] = frame[["harm", "benefit", "mixed"]].sum(axis=1)
    result = Balance(ev, frame, lens="direction", by="outcome_domain")
    title = "In 2 of 3 rows with several studies most point to better, in none to worse"
    assert charts.balance(result).title == title
    alone = pd.concat([frame[frame["units"] == 1]] * 2, ignore_index=True)
    assert charts.balance(result.with_frame(alone)).title == (
        "No row holds several studies: there are 6 rows of one"
    )


def test_captions_name_what_is_counted(ev):
    """Fourteen trials are not "49 studies" because they have several outcomes."""
    part = ev.select(design="rct", question="treatment")
    result = evidence.balance(part, "outcome_domain", "direction")
    said = " ".join(charts.balance(result).notes)
    distinct = len(set(result.underlying))
    assert result["studies"].sum() > distinct
    assert f"{distinct} studies counted over all rows; one may be in several" in said
    assert "Each study counts once in each row" in said and "votes" in said
    cohorts = evidence.balance(ev, None, "direction", "cohort")
    assert "Each group of people or animals counts once" in " ".join(charts.balance(cohorts).notes)
    assert "cohorts point to" in charts.balance(cohorts).title
    findings = evidence.balance(ev, None, "direction", "finding")
    assert "findings point to" in charts.balance(findings).title


def test_alt_text_has_every_number(ev, words):
    result = evidence.balance(ev, None)
    alt = charts.balance(result).alt
    line = result.frame.iloc[0]
    assert f"Getting ALS, people: more ALS {line['harm']}, less ALS {line['benefit']}" in alt


def test_wrong_use_has_one_message(ev):
    with pytest.raises(evidence.UsageError, match="nothing to draw"):
        charts.balance(balance_of(ev, 0))


def test_headline_has_one_square_per_study_in_both_lenses(ev, words):
    chart = charts.headline(ev)
    marks = chart.marks
    points = marks[marks["mark"] == "point"]
    for lens in ("concluded", "direction"):
        counts = evidence.balance(ev, None, lens)
        said, names = words.through(lens), words.rows(counts.frame, words.kept_apart)
        title = {"concluded": "as concluded", "direction": "direction of effect"}[lens]
        for name, line in zip(names, counts.frame.to_dict("records"), strict=True):
            here = points[points["panel"] == f"{name}: {title}"]
            assert len(here) == line["units"]
            for word in ("harm", "benefit", "mixed", "no_clear_difference", "not_placed"):
                drawn = (here["label"] == said.side(word, line)).sum()
                assert drawn == line.get(word, 0)
                if word in line:
                    assert f"{said.side(word, line)} {line[word]}" in chart.alt or not line[word]
            numbers = marks[(marks["panel"] == f"{name}: {title}") & (marks["mark"] == "text")]
            by_row = dict(zip(numbers["row"], numbers["label"], strict=True))
            assert by_row[words.side("harm", line)] == str(line["harm"])
    assert len(chart.data) == 2 * len(evidence.votes(ev).frame)
    assert chart.data.index.is_unique


@pytest.mark.parametrize(("size", "beside"), [("web", True), ("slide", False)])
def test_headline_cautions_stand_where_there_is_room(ev, size, beside):
    """Beside the squares on a wide page, below them on a narrow one."""
    figure = charts.headline(ev.select(question="risk"), size=size).figure
    figure.canvas.draw()
    squares = next(axes for axes in figure.axes if "concluded" in axes.get_label())
    lowest = squares.get_window_extent().y0
    texts = [text for axes in figure.axes for text in axes.texts if "randomised" in text.get_text()]
    (box,) = [text.get_window_extent() for text in texts]
    assert (box.y0 > lowest) == beside and (box.y1 < lowest) != beside


def test_squares_of_all_questions_are_equal_and_lead_to_the_study(ev):
    chart = charts.headline(ev)
    points = chart.marks[chart.marks["mark"] == "point"]
    assert points["size"].nunique() == 1
    doi = ev.studies.set_index("study_id")["doi"].dropna()
    counted = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    some = doi[doi.index.isin(counted["study_id"])].iloc[0]
    assert f"https://doi.org/{some}".encode() in chart.svg


def test_squares_stand_on_each_other_only_where_one_line_is_too_small():
    assert grid_for(10, 2.5, 0.25) == Grid(1, 0.25)
    assert grid_for(10, 2.4, 0.25) == Grid(2, 0.48)
    assert grid_for(100, 2.5, 0.25) == Grid(0, 0.025)


def test_headline_is_careful_with_what_the_table_says(ev):
    table = pd.DataFrame(
        {
            "question": ["risk", None, "treatment"],
            "population": ["human", None, "human"],
            "outcome_domain": None,
            "caution": ["Of risk.", "Of all.", "Of treatment."],
        }
    )
    part = ev.with_tables(dict(ev.tables) | {"cautions": table})
    said = [
        text.split(" Do")[0].strip() for text in charts.headline(part).alt.split("careful: ")[1:]
    ]
    assert said == ["Of risk. Of all.", "Of all. Of treatment.", "Of all."]


@pytest.mark.parametrize(
    "chosen",
    [{"question": "treatment", "population": "human", "design": "rct"}, {"sport": "rugby"},
     {"study_id": "drory2001"}],
)  # fmt: skip
def test_headline_is_careful_with_what_touches_the_drawn_studies(ev, chosen):
    part = ev.select(**chosen)
    (line,) = evidence.balance(part, None).frame.to_dict("records")
    found = evidence.cautions(part, line["question"], line["population"])
    holds = found[found["touched"].isna() | (found["touched"] > 0)]
    chart = charts.headline(part, size="slide")
    said = ". ".join(holds["caution"].head(3))
    assert len(holds) < len(found) and chart.alt.endswith(f"Why be careful: {said}.")


def test_headline_without_a_caution_has_no_heading_of_cautions(ev):
    table = pd.DataFrame(
        {"question": ["risk"], "population": ["human"], "caution": ["Small."],
         "criteria": ["sample_size<1"]}
    )  # fmt: skip
    part = ev.with_tables(dict(ev.tables) | {"cautions": table})
    for size in ("web", "slide"):
        assert "Why be careful" not in charts.headline(part, size=size).text


def test_headline_leaves_out_what_a_selection_leaves_no_result(ev):
    """One study of patients sets them against other patients there: no row of its own."""
    part = ev.select(outcome_domain="survival")
    chart = charts.headline(part)
    assert "rosenbohm2021" in part.studies["study_id"].tolist()
    assert len(chart.data) == 2 * 8 and "rosenbohm2021" not in chart.data["study_id"].tolist()
    assert chart.title == "4 of 8 studies conclude better, 1 worse, 1 is mixed"
    note = "Not drawn, because what they compare there does not answer the question: 1 study."
    for size in ("web", "slide"):
        assert note in " ".join(charts.headline(part, size=size).notes)
    assert "Not drawn" not in charts.headline(ev).text
    with pytest.raises(UsageError, match="no study has a result to count"):
        charts.headline(part.select(question="risk"))


def test_a_title_on_one_study_is_in_the_singular(ev):
    chart = charts.headline(ev.select(study_id="drory2001"))
    assert chart.title == "None of 1 study concludes worse or better"


def test_headline_titles_are_the_counts(ev):
    counts = evidence.balance(ev, None).frame.set_index(["question", "population"])
    risk, people = counts.loc[("risk", "human")], counts.loc[("treatment", "human")]
    title = charts.headline(ev).title
    more = f"{risk['harm']} of {risk['units']} studies conclude more ALS"
    better = f"{people['benefit']} of {people['units']} conclude better"
    assert f"Getting ALS, people: {more}" in title
    assert f"Exercising with ALS, people: {better}" in title
    slide = charts.headline(ev.select(question="risk"), size="slide")
    more, less, all_of = (risk[name] for name in ("harm", "benefit", "units"))
    assert slide.title == f"{more} of {all_of} studies conclude more ALS, {less} less ALS"


def test_three_lenses_draw_counts_shares_and_sizes(ev):
    result = lenses_of(ev, 6)
    marks = charts.three_lenses(result).marks
    first = marks[(marks["panel"].str.startswith("1.")) & (marks["mark"] == "bar")]
    table = result.frame[result["lens"] == "concluded"].set_index("question")
    ends = first.groupby("row")["x_to"].max()
    for question, line in table.iterrows():
        total = sum(line[w] for w in ("harm", "mixed", "no_clear_difference", "benefit"))
        assert ends[question] == total
    direction = result.frame[result["lens"] == "direction"].set_index("question")
    second = marks[(marks["panel"].str.startswith("2."))]
    points = second[second["mark"] == "point"].set_index("row")
    for question, line in direction.iterrows():
        share = line["benefit"] / (line["benefit"] + line["harm"])
        assert points.loc[question, "x"] == pytest.approx(share)
        band = second[(second["row"] == question) & (second["mark"] == "bar")]
        low, high = bounds(line["benefit"], line["harm"], line["not_placed"])
        if high > low:
            assert band["x"].iloc[0] == pytest.approx(low)
            assert band["x_to"].iloc[0] == pytest.approx(high)
    sizes = marks[(marks["panel"].str.startswith("3.")) & (marks["mark"] == "point")]
    wanted = result.frame[(result["lens"] == "size") & result["estimate"].notna()]
    assert sorted(sizes["x"]) == pytest.approx(sorted(wanted["estimate"]))


def test_a_sign_test_never_stands_without_its_worst_case(ev):
    """What was not reported could undo it."""
    chart = charts.three_lenses(evidence.lenses(ev))
    texts = chart.marks.loc[chart.marks["mark"] == "text", "label"]
    said = texts[texts.str.contains(r"\bp [=<]")]
    assert len(said) == said.str.contains(r"\(worst case p [=<]").sum() > 0
    for line in chart.data[chart.data["lens"] == "direction"].to_dict("records"):
        worst = sign_test(line["benefit"], line["harm"], line["not_placed"]).p_worst
        assert f"(worst case {p_text(worst)})" in chart.alt


SAME = "conclusions and numbers lean to the same side"
ALIKE = "conclusions and numbers lean alike"
EVEN, BETTER, WORSE, NONE, UNCLEAR = (
    {"benefit": 5, "no_clear_difference": 5},
    {"benefit": 3, "no_clear_difference": 2, "harm": 1},
    {"harm": 1},
    {},
    {"no_clear_difference": 1},
)


@pytest.mark.parametrize(
    ("concluded", "direction", "said"),
    [
        ([BETTER], [BETTER], "Conclusions and numbers lean to the same side; a pooled"),
        ([BETTER], [WORSE], "Conclusions and numbers lean to opposite sides; a pooled"),
        ([UNCLEAR], [BETTER], "Conclusions, numbers or both lean to neither side; a pooled"),
        ([EVEN], [BETTER], "Conclusions, numbers or both lean to neither side; a pooled"),
        ([BETTER] * 3, [BETTER, WORSE, BETTER], f"In 2 of 3 groups {ALIKE}; 3 sizes are"),
        ([BETTER, NONE], [BETTER, NONE], f"In the one group that can be compared, {SAME}; 2"),
        ([BETTER] * 3, [BETTER, WORSE, NONE], f"In 1 of 2 groups that can be compared, {ALIKE}; 3"),
        ([NONE, UNCLEAR], [NONE, BETTER], "Conclusions, numbers or both lean to neither side; 2"),
    ],
)
def test_lenses_are_compared_where_both_lean(ev, concluded, direction, said):
    table = lenses_of(ev, len(concluded)).frame.assign(estimate=1.2)
    for lens, given in (("concluded", concluded), ("direction", direction)):
        for word in ("benefit", "no_clear_difference", "mixed", "harm"):
            table.loc[table["lens"] == lens, word] = [counts.get(word, 0) for counts in given]
    chart = charts.three_lenses(Lenses(ev, table))
    assert chart.title.startswith(said)
    some = 1 <= said.count("can be compared") < len(concluded)
    assert ("A group can be compared where" in " ".join(chart.notes)) == some
    unsized = charts.three_lenses(Lenses(ev, table.assign(estimate=float("nan"))))
    known = "no pooled size is known" if len(concluded) == 1 else "no size is known"
    assert unsized.title.endswith(known)


def test_a_seeming_contradiction_is_explained(ev):
    said = " ".join(charts.three_lenses(evidence.lenses(ev)).notes)
    table = evidence.lenses(ev).frame
    risk = table[(table["question"] == "risk")].set_index("lens")
    assert risk.loc["direction", "p_value"] < 0.05
    assert risk.loc["size", "ci_low"] < 1 < risk.loc["size", "ci_high"]
    assert "Getting ALS, people: no contradiction." in said
    calm = table.assign(p_value=0.5)
    assert "contradiction" not in " ".join(charts.three_lenses(Lenses(ev, calm)).notes)


def test_outcomes_have_a_square_for_each_study(ev):
    result = outcomes_of(ev, 8)
    chart = charts.outcomes(result)
    points = chart.marks[chart.marks["mark"] == "point"]
    table = result.frame
    assert list(chart.data) == list(table)
    for head, columns in (
        ("What the authors conclude", "concluded_"),
        ("Which way the numbers lean", "direction_"),
    ):
        here = points[points["panel"] == head]
        drawn = here.groupby("label").size()
        assert drawn["better"] == table[f"{columns}benefit"].sum()
        assert drawn["worse"] == table[f"{columns}harm"].sum()
    assert (points["label"] == "no conclusion").sum() == table["concluded_not_placed"].sum()
    unread = points[points["label"] == "direction not reported"]
    assert len(unread) == table["direction_unreadable"].sum() > 0
    shared = table[table["studies"] > 1]
    lean = (2 * shared["direction_benefit"] > shared["studies"]).sum()
    assert f"better in {lean} of {len(shared)} rows" in chart.title


def test_claims_count_for_and_against(ev):
    result = evidence.judge_claims(ev)
    chart = charts.claims_board(result)
    table = chart.data
    sides = table[table["for_claim"].notna()]
    assert len(sides) > 12 and sides["against_claim"].notna().all()
    assert (sides["for_claim"] + sides["against_claim"] <= sides["studies"]).all()
    whole = table[table["strand"] == ""].set_index("claim_id")
    counts = result.frame.set_index("claim_id")
    counts = counts["for"].astype("Int64").rename("for_claim")
    assert whole["for_claim"].equals(counts.reindex(whole.index))
    verdicts = [str(verdict) for verdict in whole["verdict"]]
    assert verdicts == sorted(verdicts, key=list(VERDICTS).index)  # those of no study last
    assert set(whole.index) == set(result.frame["claim_id"])
    drawn = chart.marks[(chart.marks["mark"] == "bar") & (chart.marks["label"] == "for the claim")]
    assert drawn["x_to"].sum() == table["for_claim"].sum()
    against = chart.marks[chart.marks["label"] == "against the claim"]
    assert -against["x_to"].sum() == table["against_claim"].sum()
    assert coloured(chart) and not coloured(charts.claims_board(result, size="print"))
    lines = [line for axes in chart.figure.axes for line in axes.lines]
    rules = {line.get_ydata()[0] for line in lines if line.get_color() == RULE}
    assert len(rules) >= len(table)  # one below each row


def test_claims_refuse_other_verdicts(ev):
    result = claims_of(ev, 2)
    wrong = result.with_frame(result.frame.assign(verdict="perhaps"))
    with pytest.raises(evidence.UsageError, match="verdict is 'perhaps'; allowed: supported"):
        charts.claims_board(wrong)


def test_harvest_bars_are_as_high_as_their_tier(ev, words):
    votes = evidence.votes(ev)
    chart = charts.harvest(votes)
    bars = chart.marks[chart.marks["mark"] == "bar"]
    placed = votes.frame[votes.frame["vote"].notna()]
    assert len(bars) == len(placed) < len(votes)
    step = (bars["y_to"] - bars["y"]).round(6)
    tiers = (step / step.min()).round().astype(int)
    lowest = votes.named["tier"].min()
    assert sorted(tiers * lowest) == sorted(votes.named.loc[placed.index, "tier"])
    assert bars.groupby("label").size().to_dict() == {
        words.word(word): n for word, n in placed["vote"].astype("str").value_counts().items()
    }


def test_harvest_says_its_counts_above_the_bars_and_in_its_alt_text(ev, words):
    chart = charts.harvest(evidence.votes(ev))
    heads = chart.marks.loc[chart.marks["mark"] == "text", "label"].tolist()
    counts = evidence.balance(ev, None).frame
    for name, line in zip(words.rows(counts, words.kept_apart), counts.to_dict("records")):
        said = chart.alt.split(f"{name}: ")[1]
        for word in ("harm", "benefit"):
            assert f"{words.side(word, line)} {line[word]} (" in said
            assert f"{line[word]} {words.side(word, line)}" in heads
        between = [line[word] for word in ("mixed", "no_clear_difference") if word in line]
        assert f"{sum(between)} neither way" in heads


def test_a_slide_of_a_harvest_says_what_its_heights_are(ev):
    for page in charts.harvest(evidence.votes(ev), size="slide").pages:
        said = " ".join(text.get_text().replace("\n", " ") for text in page.texts)
        assert "The height of a bar is not the size of an effect." in said
        assert layout_faults(page) == []


def test_ten_thousand_findings_are_few_objects(ev):
    """Drawn as collections, up to a limit that is told."""
    from results import votes_by_domain

    many = votes_by_domain(ev, 3400)
    assert len(many.frame) > 10_000
    chart = charts.effect_direction(many)
    assert sum(len(axes.collections) for axes in chart.figure.axes) < 20
    assert "Drawn are the 200 largest of 3400 studies" in " ".join(chart.notes)
    frame = many.named.drop_duplicates("study_id")
    frame = pd.concat([frame] * 3, ignore_index=True).assign(
        study_id=[f"s{i}" for i in range(3 * len(frame))]
    )
    chart = charts.harvest(votes_of(ev, frame))
    assert len(chart.figure.findobj()) < 500
    assert "Left out, of the smaller studies:" in " ".join(chart.notes)


def test_cohorts_are_not_called_studies(ev):
    """The caption says both: how many studies, and in how many cohorts."""
    counts = evidence.balance(ev, None, "direction", "cohort")
    said = charts.balance(counts).notes
    studies = evidence.balance(ev, None, "direction").frame
    for whole, line in zip(studies.itertuples(), counts.frame.itertuples(), strict=True):
        assert any(f"{whole.studies} studies in {line.units} cohorts" in note for note in said)


def test_several_questions_share_a_key_in_their_own_words(ev):
    texts = [text.get_text() for axes in charts.balance(evidence.balance(ev, None)).figure.axes
             for text in axes.texts]  # fmt: skip
    assert "more ALS or worse" in texts and "less ALS or better" in texts
    assert not {"harm", "benefit"} & set(texts)
    assert "benefit" not in charts.three_lenses(evidence.lenses(ev)).figure.axes[-1].get_xlabel()
