"""Charts that are tables of cells, boxes, lights and lines: their marks are the data."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from results import flow_of, votes_by_domain, votes_of

import evidence
from evidence import charts
from evidence.charts.effect_direction import SIDEWAYS
from evidence.charts.icon_array import icons
from evidence.charts.marks import read_marks
from evidence.charts.timeline import spread
from evidence.errors import UsageError
from evidence.synthesis.specifications import choice_called
from evidence.synthesis.study_flow import StudyFlow


def test_gap_map_cells_are_the_studies(ev, words):
    counts = evidence.balance(ev, by="outcome_domain", lens="direction")
    chart = charts.gap_map(counts)
    marks = chart.marks
    cells = marks[marks["mark"] == "bar"]
    possible = chart.data[chart.data["possible"]]
    assert 0 < len(cells) == len(possible) < len(chart.data)
    wanted = possible.groupby("studies").size().to_dict()
    drawn = cells["label"].str.removesuffix(" studies").astype(int).value_counts().to_dict()
    assert drawn == wanted
    by_cell = {}
    for line in counts.frame.to_dict("records"):
        outcome = words.label("outcome_domain", line["outcome_domain"])
        by_cell[outcome, line["question"], line["population"]] = line["studies"]
    numbers = marks[(marks["mark"] == "text") & marks["label"].str.fullmatch(r"\d+")]
    assert sorted(numbers["label"].astype(int)) == sorted(by_cell.values())
    dashes = marks[marks["label"] == "–"]
    assert len(dashes) == (possible["studies"] == 0).sum() > 0
    assert f"{len(dashes)} of {len(possible)} possible cells hold" in chart.title
    assert "A dash: no counted study" in " ".join(chart.notes)


def test_a_gap_is_an_outcome_that_the_dictionary_lists(ev):
    """Nobody can look for the risk of getting something among those who have it."""
    chart = charts.gap_map(evidence.balance(ev, by="outcome_domain"))
    for line in chart.data.to_dict("records"):
        order = ev.dictionary.outcome_order(str(line["question"]), str(line["population"]))
        listed = str(line["outcome_domain"]) in order
        assert line["possible"] == (listed or line["studies"] > 0)
    by_design = charts.gap_map(evidence.balance(ev, by="design"))
    assert by_design.data["possible"].all() and "possible" not in by_design.title


def test_a_filter_does_not_hide_a_gap(ev):
    """No randomised trial in people counts survival, fatigue, mood or histology."""
    part = ev.select(question="treatment", population="human", design="rct")
    chart = charts.gap_map(evidence.balance(part, "outcome_domain", "direction"))
    empty = chart.data[chart.data["studies"] == 0]["outcome_domain"].tolist()
    assert empty == ["survival", "fatigue", "mood", "biochemistry_histology"]
    assert chart.title.endswith("4 of 13 cells hold none") and chart.data["possible"].all()
    turned = charts.gap_map(
        evidence.balance(part, "outcome_domain"),
        rows=["question", "population"], columns="outcome_domain",
    )  # fmt: skip
    assert len(turned.data) == 13


def test_gap_map_of_an_outcome_has_no_row_of_what_is_not_counted(ev):
    part = ev.select(outcome_domain="survival")
    chart = charts.gap_map(evidence.balance(part, "outcome_domain", "direction"))
    assert chart.data[["outcome_domain", "studies"]].to_numpy().tolist() == [["survival", 8]]
    assert "Not stated" not in chart.text and "does not answer the question: 1 study" in chart.text


def test_gap_map_darker_cells_hold_more(ev):
    from matplotlib.colors import to_rgb

    cells = charts.gap_map(evidence.balance(ev, by="outcome_domain")).marks
    cells = cells[cells["mark"] == "bar"]
    n = cells["label"].str.removesuffix(" studies").astype(int)
    light = cells["look"].str.split().str[0].map(lambda color: sum(to_rgb(color)))
    order = pd.DataFrame({"n": n, "light": light}).sort_values("n")["light"]
    assert order.is_monotonic_decreasing


def test_gap_map_refuses_what_does_not_fit(ev):
    counts = evidence.balance(ev, by="outcome_domain")
    with pytest.raises(UsageError, match="must be different columns"):
        charts.gap_map(counts, rows="question", columns="question")
    with pytest.raises(UsageError, match="no column 'colour'"):
        charts.gap_map(counts, rows="colour")
    plain = charts.gap_map(counts)
    turned = charts.gap_map(counts, rows=["question", "population"], columns="outcome_domain")
    assert len(turned.data) == len(plain.data)
    # how many took part stands in wide cells only
    assert plain.marks["label"].str.startswith("(n").any()
    assert not turned.marks["label"].str.startswith("(n").any()


def test_effect_direction_has_a_sign_for_each_vote(ev):
    result = votes_by_domain(ev, 40)
    chart = charts.effect_direction(result)
    points = chart.marks[chart.marks["mark"] == "point"]
    drawn = points.groupby(["row", "label"]).size().to_dict()
    wanted = {
        (f"{line.label}, {line.outcome_domain}", line.vote): 1 for line in result.named.itertuples()
    }
    assert drawn == wanted
    small = points[points["label"] != "not_placed"].groupby("row")["size"].first()
    size = result.named.set_index(result.named["label"] + ", " + result.named["outcome_domain"])
    large = size["sample_size"].reindex(small.index)
    assert small[large > 50].min() > small[(large < 50) | large.isna()].max()


def test_the_sign_for_both_ways_is_the_same_from_each_side():
    corners = SIDEWAYS.vertices[:-1]
    for mirror in ([-1, 1], [1, -1]):
        assert set(map(tuple, corners * mirror)) == set(map(tuple, corners))
    x, y = corners.T
    area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
    assert area == pytest.approx(0.3 * 0.4 + 2 * 1.2 * 0.65 / 2)  # a shaft and two heads


def test_effect_direction_refuses_two_votes_in_one_cell(ev):
    frame = votes_by_domain(ev, 2).named
    with pytest.raises(UsageError, match="has two votes in"):
        charts.effect_direction(votes_of(ev, pd.concat([frame, frame]), lens="direction"))
    many = pd.concat([frame.assign(outcome_domain=f"d{i}") for i in range(25)])
    many = many.drop_duplicates(["study_id", "outcome_domain"])
    with pytest.raises(UsageError, match="do not fit one chart; allowed: up to 24"):
        charts.effect_direction(votes_of(ev, many, lens="direction"))


def test_study_flow_boxes_are_the_steps(ev):
    steps = evidence.study_flow(ev)
    chart = charts.study_flow(steps)
    boxes = chart.marks[chart.marks["mark"] == "bar"]["label"].tolist()
    for line in steps.frame.to_dict("records"):
        assert f"{line['what']}: {line['n']}" in boxes
        if line["left_out"]:
            left = sum(n for _, n in line["left_out"])
            assert f"set aside before {line['what']}: {left}" in boxes
    texts = " ".join(chart.marks.loc[chart.marks["mark"] == "text", "label"])
    for reason, n in steps.frame["left_out"].iloc[1]:
        assert f"{reason}: {n}" in texts
    first, second = steps["n"].iloc[0], steps["n"].iloc[1]
    assert chart.title == f"Of {first} studies in the table, {second} are counted"


def test_study_flow_is_said_in_plain_words_on_one_slide(ev, size):
    """It claims no more than its boxes hold, and the fork stands below the box that it hangs on."""
    chart = charts.study_flow(evidence.study_flow(ev), size=size)
    assert len(chart.pages) == 1
    said = " ".join([chart.text, *(text.get_text() for text in chart.figure.texts)])
    assert "PRISMA" not in said and "left out" not in said.lower() and "set aside" in said.lower()
    boxes = chart.marks[chart.marks["mark"] == "bar"]
    for one, other in combinations(boxes.to_dict("records"), 2):
        wide = min(one["x_to"], other["x_to"]) - max(one["x"], other["x"])
        high = min(one["y_to"], other["y_to"]) - max(one["y"], other["y"])
        assert wide < 0.01 or high < 0.01, (one["label"], other["label"])


def test_study_flow_must_add_up(ev):
    good = flow_of(ev, 4)
    wrong = good.frame.assign(n=good.frame["n"] + [0, 0, 0, 5])
    with pytest.raises(UsageError, match="the numbers do not add up"):
        charts.study_flow(StudyFlow(ev, wrong))
    with pytest.raises(UsageError, match="allowed: a whole number from 0 up"):
        charts.study_flow(StudyFlow(ev, good.frame.assign(n=[1000, 998.5, 996, 995])))
    with pytest.raises(UsageError, match="two steps are named"):
        charts.study_flow(StudyFlow(ev, pd.concat([good.frame, good.frame])))


def test_timeline_rises_by_one_with_each_study(ev, words):
    chart = charts.timeline(ev)
    data = chart.data[chart.data["year"].notna()]
    lines = chart.marks[chart.marks["mark"] == "line"]
    for (lane, _), rows in data.groupby(["lane", "direction"]):
        ends = lines[lines["panel"] == lane]["y_to"].tolist()
        assert float(len(rows)) in ends
        assert rows["place"].tolist() == list(range(1, len(rows) + 1))
        assert rows["year"].is_monotonic_increasing
    texts = chart.marks[chart.marks["mark"] == "text"]
    counted = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    counts = evidence.balance(ev, None).frame  # the same numbers as every other chart of votes
    for lane, line in zip(words.rows(counts, words.kept_apart), counts.to_dict("records")):
        named = texts.loc[texts["panel"] == lane, "label"].tolist()
        for word in ("harm", "benefit"):
            assert f"{line[word]} {words.side(word, line)}" in named
        assert (f"{line['not_placed']} no conclusion" in named) == (line["not_placed"] > 0)
    years = counted["year"].dropna().astype(int).sort_values().reset_index(drop=True)
    assert chart.title == (
        f"{len(years)} studies since {years.iloc[0]}, half of them since"
        f" {years.iloc[(len(years) - 1) // 2]}"
    )


def test_lines_of_one_height_and_the_words_at_their_ends_are_distinguished(ev, size):
    """No line of a timeline hides another, and a word that had to move is led to."""
    assert spread([1.0, 1.0, 1.0, 9.0], 2.0) == [0.0, 2.0, 4.0, 9.0]
    chart = charts.timeline(ev, size=size)
    panels = [axes for page in chart.pages for axes in page.axes if axes.axison]
    years = np.arange(1900, 2100)
    for axes in panels:
        high = [np.searchsorted(line.get_xdata()[1:-1], years, "right") for line in axes.lines]
        shifts = [line.get_transform().transform((2000, 1))[1] for line in axes.lines]
        drawn = zip(high, shifts, strict=True)
        for (one, a), (other, b) in combinations(drawn, 2):
            assert not ((one == other) & (one > 0) & (years <= 2025)).any() or abs(a - b) > 1
    leaders = [line for page in chart.pages for axes in page.axes for line in axes.lines
               if line.get_gid() == "furniture" and len(line.get_xdata()) == 4]  # fmt: skip
    assert len(leaders) == sum(len(axes.lines) for axes in panels)


def test_the_notes_of_a_timeline_never_add_up_what_is_kept_apart(ev):
    chart = charts.timeline(ev)
    said = " ".join(chart.notes)
    counted = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    for _, part in counted.groupby(ev.dictionary.kept_apart, observed=True):
        assert f"{len(part)} studies, {int(part['sample_size'].sum()):,} took part" in said
    assert f"{int(counted['sample_size'].sum()):,}" not in said
    undated = int(ev.tables["reviews"]["year"].isna().sum())
    assert f"not drawn: {undated} reviews" in said
    drawn = len(ev.tables["reviews"]) - undated
    assert f"reviews {drawn}. Without a year, and not drawn: {undated} reviews." in chart.alt
    texts = chart.marks[chart.marks["mark"] == "text"]["label"]
    assert f"{drawn} reviews" in texts.tolist()
    assert "each panel has its own scale" in said


def test_every_way_of_counting(ev):
    ways = evidence.multiverse(ev, "risk", "human", only={"exposure": ["all"]})
    chart = charts.specification_curve(ways)
    share = ways.frame["share"].dropna()
    net = ways.frame.loc[share.index, "net"].astype("str").value_counts(normalize=True)
    assert chart.title.startswith(f"{net['harm'] * 100:.0f} % of {len(share):,} ways")
    assert f"{net['benefit'] * 100:.0f} % for less ALS" in chart.title
    assert chart.title.endswith(f"{net['neither'] * 100:.0f} % for neither")
    assert "Neither: no side has more than half" in " ".join(chart.notes)
    order = evidence.charts.specification_curve.__wrapped__.__globals__["influence"](ways)
    named = [choice_called(name).capitalize() for name in order["choice"].head(3)]
    assert list(dict.fromkeys(chart.data["choice"])) == named
    points = chart.marks[chart.marks["label"] == "median"]
    assert sorted(points["x"]) == pytest.approx(sorted(chart.data["middle"]))
    line = chart.data.iloc[0]
    column = order["choice"].iloc[0]
    medians = ways.frame.dropna(subset=["share"]).groupby(column)["share"].median()
    assert line["middle"] == pytest.approx(medians.min())
    bars = chart.marks[chart.marks["label"] == "middle half"]
    assert sorted(bars["x"]) == pytest.approx(sorted(chart.data["low"]))


def test_ways_of_counting_are_in_plain_words(ev):
    ways = evidence.multiverse(ev, "risk", "human", only={"exposure": ["all"]})
    said = charts.specification_curve(ways).text
    assert "by how many took part" in said and "counted half for each side" in said
    assert not any(word in said for word in ("square root", "minimum n", "half to each side"))
    marks = charts.effect_direction(evidence.votes(ev, "direction", by="outcome_domain")).text
    assert "Beside a name: how many took part" in marks


def test_sample_sizes_are_points(ev):
    chart = charts.sample_sizes(ev)
    counted = ev.studies[ev.studies["counted"].fillna(False).astype(bool)]
    sizes = counted["sample_size"].dropna().astype(float)
    points = chart.marks[chart.marks["label"] == "study"]
    assert sorted(points["x"]) == sorted(sizes)
    lines = chart.marks[chart.marks["label"] == "median"]
    assert sorted(lines["x"]) == sorted(chart.data["median"].dropna().astype(float))
    animals = counted[counted["population"].eq("animal").fillna(False)]
    known = f"({int(animals['sample_size'].notna().sum())} of {len(animals)} known)"
    assert chart.title.endswith(f"animals {animals['sample_size'].median():.0f} {known}")
    assert "people between 17 and 18 (" in chart.title and ".5" not in chart.title + chart.alt
    part = counted[counted["design"].eq("case_series").fillna(False)]["sample_size"].dropna()
    assert sorted(part) == [2, 2, 3, 13]  # the median is between two of them
    texts = chart.marks[chart.marks["mark"] == "text"]["label"].tolist()
    assert "2–3" in texts and "median between 2 and 3 (2 to 13)" in chart.alt


@pytest.mark.parametrize(
    "chosen",
    [{}, {"population": "animal"}, {"study_id": "drory2001"}, {"design": "rct"},
     {"design": "case_report"}],
)  # fmt: skip
def test_axis_of_sample_sizes_has_two_numbers_on_each_page(ev, chosen, size):
    chart = charts.sample_sizes(ev.select(**chosen) if chosen else ev, size=size)
    axes = next(axes for axes in chart.figure.axes if axes.get_xscale() == "log")
    low, high = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert len(ticks) >= 2 and all(label.get_text() for label in axes.get_xticklabels())
    tens = len(ticks) > 1 and ticks[1] == 10 * ticks[0]
    assert ("each step ten times more" in axes.get_xlabel()) == tens == (not chosen)


def test_agreement_cells_are_the_counts(ev):
    result = evidence.confusion(ev, "direction")
    chart = charts.agreement_matrix(result)
    square = chart.data.to_numpy()
    labels = chart.marks[chart.marks["mark"] == "bar"]["label"].tolist()
    wanted = [
        f"{'agreed' if i == j else 'not agreed'}: {square[i, j]}"
        for i in range(len(square))
        for j in range(len(square))
    ]
    assert labels == wanted
    agreed, total = sum(square.diagonal()), square.sum()
    assert chart.title == f"Two readings agree on conclusion as a whole in {agreed} of {total} rows"
    negative = result.with_frame(result.frame.replace({1: -1}))
    with pytest.raises(UsageError, match="negative or not whole"):
        charts.agreement_matrix(negative)


def test_citation_signs_are_the_cells(ev):
    result = evidence.citation_matrix(ev)
    chart = charts.citation_matrix(result)
    points = chart.marks[chart.marks["mark"] == "point"]
    values = pd.Series(result.frame.to_numpy().ravel()).value_counts()
    names = {
        "included": "Included",
        "not_included": "Not included",
        "unknown": "Not known",
        "impossible": "Review older than study",
    }
    assert points.groupby("label").size().to_dict() == {
        names[word]: n for word, n in values.items()
    }
    several = (result.frame == "included").sum().gt(1).sum()
    assert chart.title.startswith(f"{several} of {result.frame.shape[1]} studies")
    with pytest.raises(UsageError, match="a cell holds 'maybe'"):
        charts.citation_matrix(result.with_frame(result.frame.replace("included", "maybe")))


def test_citations_of_a_selection_are_its_studies(ev):
    """The same cells as of the whole: a study that was not selected has no row, and no other
    loses its year.
    """
    whole = evidence.citation_matrix(ev)
    part = evidence.citation_matrix(ev.select(design="rct"))
    trials = ev.studies[ev.studies["design"].eq("rct").fillna(False)]["study_id"]
    assert part.columns.tolist() == [one for one in whole.columns if one in set(trials)]
    included = (whole.frame[part.columns] == "included").any(axis=1)
    assert part.index.tolist() == whole.index[included].tolist()
    pd.testing.assert_frame_equal(part.frame, whole.frame.loc[part.index, part.columns])
    chart = charts.citation_matrix(part)
    assert chart.title == "3 of 7 studies are known to be in more than one of 6 reviews"
    with pytest.raises(UsageError, match="no review is known to include"):
        charts.citation_matrix(evidence.citation_matrix(ev.select(sport="rugby")))


def test_what_reviews_share_is_the_same_in_a_selection(ev):
    """What our table lacks is not what a selection leaves out."""
    part = ev.select(sport="rugby")
    assert evidence.covered_area(part) == evidence.covered_area(ev)
    columns = ["study_id", "cited_as", "in_table", "reviews"]
    pd.testing.assert_frame_equal(
        evidence.review_union(part)[columns], evidence.review_union(ev)[columns]
    )


def test_a_selection_is_not_said_where_nothing_follows_it(ev):
    part = ev.select(sport="rugby")
    chart = charts.certainty(part)
    assert "Selection" not in chart.text and "Of the whole table: ratings are not of" in chart.text
    pd.testing.assert_frame_equal(chart.data, charts.certainty(ev).data)
    assert "Of the whole table" not in charts.certainty(ev).text
    for drawn in (charts.timeline(part), evidence.source_overview(part).chart()):
        assert "sport: rugby. Reviews: of the whole table" in drawn.text
    assert "of the whole table" not in charts.timeline(ev).text


def test_sources_bars_are_the_entries(ev):
    result = evidence.source_overview(ev)
    chart = charts.source_status(result)
    bars = chart.marks[chart.marks["mark"] == "bar"]
    total = sum(result.frame[name].sum() for name in result.entries_of)
    assert (bars["x_to"] - bars["x"]).sum() == total


def test_lights_are_the_published_judgements(ev):
    chart = charts.risk_of_bias(ev)
    points = chart.marks[chart.marks["mark"] == "point"]
    names = {"low": "low risk", "high": "high risk", "unclear": "unclear"}
    drawn = points["label"].value_counts().to_dict()
    assert drawn == {names[word]: n for word, n in chart.data["judgement"].value_counts().items()}
    for line in chart.data.itertuples():
        row = f"{line.label}, {line.domain[:1].upper()}{line.domain[1:]}"
        assert (points["row"] == row).sum() >= 1
    counted = int(ev.studies["counted"].fillna(False).sum())
    number = chart.data["study_id"].nunique()
    assert chart.title == (
        f"Ratings of bias by domain: read for {number} of {counted} counted studies"
    )
    # that none was read does not mean that there is none
    assert "no rating of single domains read" in chart.text and "not appraised" not in chart.text
    with pytest.raises(UsageError, match="no appraisal by 'dice'"):
        charts.risk_of_bias(ev, tool="dice")


def test_a_remark_of_a_light_and_ratings_of_several_studies_are_told(ev):
    chart = charts.risk_of_bias(ev)
    line = chart.data.query("study_id == 'dalbellohaas2007' and domain == 'blinding'").iloc[0]
    assert (line["judgement"], line["remark"]) == ("low", "assessors only")
    assert "blinding low (assessors only)" in chart.alt
    said = " ".join(chart.notes)
    assert "Dal Bello-Haas et al. 2007, blinding: low (assessors only)." in said
    assert (
        "Rated together, not one by one: Dal Bello-Haas 2007, Pinto 2012, Rabkin 2009,"
        " Zanette 2008, by Gibbons 2018 (Cochrane): none free from risk of bias;"
        " several domains unclear."
    ) in said
    assert "Creemers" not in said  # one study, which the table has not


def test_lights_of_a_print_are_different_greys(ev):
    looks = charts.risk_of_bias(ev, size="print").marks.query("mark == 'point'")["look"]
    greys = set(looks.str.split().str[0])
    assert len(greys) == 3 and all(len(set(to_rgb(grey))) == 1 for grey in greys)


def test_steps_are_the_printed_grades(ev):
    chart = charts.certainty(ev)
    grades = {"very low": 1, "low": 2, "moderate": 3, "high": 4}
    steps = chart.marks[chart.marks["label"] == "step"]
    assert len(steps) == sum(grades[word] for word in chart.data["judgement"])
    printed = ev.appraisals[ev.appraisals["tool"] == "GRADE"]
    assert len(chart.data) == len(printed)
    high = printed["judgement"].isin(["moderate", "high"]).sum()
    assert chart.title == (
        f"{high} of {len(printed)} published GRADE ratings reaches moderate or high certainty"
    )
    # other systems grade too, and abstracts do not tell all
    said = " ".join(chart.notes)
    assert "no GRADE rating was read" in said and "by no review" not in said
    bare = ev.with_tables(dict(ev.tables) | {"appraisals": printed.iloc[:0]})
    with pytest.raises(UsageError, match="no review prints a grade"):
        charts.certainty(bare)


@pytest.mark.parametrize(
    "counts", [{"finished": 810, "stopped": 141, "unknown": 49}, {"a": 69, "b": 11}, {"a": 3}]
)
def test_an_icon_is_one_of_those_counted_or_of_a_hundred(ev, counts):
    chart = charts.icon_array(ev, counts=counts, whole="who began")
    points = chart.marks[chart.marks["mark"] == "point"]
    total = sum(counts.values())
    assert len(points) == min(total, 100)
    drawn = points["label"].value_counts()
    for group, n in zip(counts, icons(counts), strict=True):
        assert drawn.get(group, 0) == n
        assert n == counts[group] or total > 100
        assert n == pytest.approx(min(total, 100) * counts[group] / total, abs=1)
    assert ("one of a hundred" in chart.notes[0]) == (total > 100)
    first = next(iter(counts))
    assert chart.title == f"Of {total:,} who began, {counts[first]} {first}"


def test_icons_refuse_what_is_not_a_count(ev):
    for counts, said in (({}, "nobody"), ({"a": -1, "b": 3}, "negative"), ({"a": 0.5}, "whole")):
        with pytest.raises(UsageError, match=said):
            charts.icon_array(ev, counts=counts, whole="x")
    with pytest.raises(UsageError, match="allowed: up to 3"):
        charts.icon_array(ev, counts=dict.fromkeys("abcd", 1), whole="x")


def test_a_line_belongs_to_the_row_that_it_lies_in():
    from matplotlib.figure import Figure

    for across in (True, False):
        axes = Figure().add_subplot()
        (axes.set_yticks if across else axes.set_xticks)([0, 1, 2], ["a", "b", "c"])
        along, place = [0.0, 0.5], [2.0, 2.0]
        axes.plot(*((along, place) if across else (place, along)), label="interval")
        (line,) = read_marks(axes.figure).query("label == 'interval'").itertuples()
        assert line.row == "c"


def test_a_missing_value_names_its_row(words):
    table = pd.DataFrame({"question": ["risk", "risk"], "population": ["human", None]})
    one, other = words.rows(table, ["question", "population"])
    assert one == "People" and other != one


def test_effect_direction_uses_the_words_of_the_question_and_of_the_outcome(ev):
    votes = evidence.votes(ev.select(question="risk"), "direction", by="outcome_domain")
    chart = charts.effect_direction(votes)
    rows = votes.frame
    risk = rows[rows["outcome_domain"] == "als_risk"]["vote"].astype("str")
    assert f"more ALS {(risk == 'harm').sum()}" in chart.alt
    assert f"direction not reported {(~risk.isin(['benefit', 'harm', 'mixed'])).sum()}" in chart.alt
    assert "an earlier start" in chart.alt and "more ALS" in chart.title
    assert "harm" not in chart.title + chart.alt and "benefit" not in chart.title + chart.alt


@pytest.mark.parametrize("size", ["web", "slide", "paper"])
def test_boxes_of_the_flow_have_all_their_borders(ev, size):
    """They may lie on the border of the drawing; ends of arrows lie below them."""
    drawn = [axes for page in evidence.study_flow(ev).chart(size=size).pages for axes in page.axes]
    boxes = [one for axes in drawn for one in axes.patches if isinstance(one, Rectangle)]
    arrows = [one for axes in drawn for one in axes.texts if getattr(one, "arrow_patch", None)]
    assert len(boxes) > 3 and len(arrows) > 2
    assert not any(box.get_clip_on() for box in boxes)
    assert max(arrow.get_zorder() for arrow in arrows) < min(box.get_zorder() for box in boxes)
