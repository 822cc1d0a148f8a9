"""The study flow."""

from __future__ import annotations

import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps, drawn_texts

import evidence
from evidence.charts.study_flow import study_flow
from evidence.errors import UsageError


def table(
    n: int, names: list[str] | None = None, reasons: tuple[str, str] = ("too small", "too old")
) -> pd.DataFrame:
    left, rows = 1000, []
    for i in range(n):
        left -= i % 3 + 1 if i else 0
        rows.append(
            {
                "what": names[i] if names else f"Step {i}",
                "n": left,
                "left_out": [(reasons[0], i % 3), (reasons[1], 1)] if i else None,
            }
        )
    return pd.DataFrame(rows)


def real(ev) -> pd.DataFrame:
    aside = evidence.set_aside(ev)
    counted = len(ev.studies) - int(aside.sum())
    mute = int(evidence.balance(ev, lens="direction")["not_placed"].sum())
    return pd.DataFrame(
        [
            {"what": "Known", "n": len(ev.studies) + len(ev.not_read)},
            {
                "what": "Read",
                "n": len(ev.studies),
                "left_out": {"Could not be read": len(ev.not_read)},
            },
            {"what": "Counted", "n": counted, "left_out": list(aside.items())},
            {"what": "As concluded", "n": counted, "of": "Counted"},
            {
                "what": "Direction of effect",
                "n": counted - mute,
                "left_out": [("Not readable", mute)],
                "of": "Counted",
            },
        ]
    )


def boxes(chart) -> pd.DataFrame:
    return chart.marks[chart.marks["mark"] == "bar"]


def test_every_box_and_number_is_drawn_from_top_to_bottom(words):
    data = table(5)
    drawn = boxes(study_flow(data, words))
    main = drawn[~drawn["label"].str.startswith("left out")]
    assert main.sort_values("y", ascending=False)["label"].tolist() == [
        f"{line.what}: {line.n}" for line in data.itertuples()
    ]
    aside = drawn[drawn["label"].str.startswith("left out")].sort_values("y", ascending=False)
    assert aside["label"].tolist() == [
        f"left out before Step {i}: {i % 3 + 1}" for i in range(1, 5)
    ]
    assert (aside["x"] > main["x_to"].max()).all()


def test_the_words_in_the_boxes_hold_the_numbers(words):
    marks = study_flow(table(3), words).marks
    texts = marks.loc[marks["mark"] == "text", "label"].tolist()
    for i, n in enumerate(table(3)["n"]):
        assert texts[texts.index(f"Step {i}") - 1] == f"{n:,} studies"
    assert "Left out: 2" in texts and "too small: 1 too old: 1" in texts
    assert "1 study" in study_flow(pd.DataFrame({"what": ["only"], "n": [1]}), words).text


def test_arrows_join_the_boxes(words):
    marks = study_flow(table(3), words).marks
    arrows = set(marks.loc[marks["mark"] == "line", "label"])
    assert arrows == {
        "Step 0 → Step 1",
        "Step 1 → Step 2",
        "Step 0 → left out",
        "Step 1 → left out",
    }
    drawn = boxes(study_flow(table(3), words)).set_index("label")
    down = marks[marks["label"] == "Step 0 → Step 1"].iloc[0]
    assert down["y"] == pytest.approx(drawn.loc["Step 0: 1000", "y"]) and down[
        "y_to"
    ] == pytest.approx(drawn.loc["Step 1: 998", "y_to"])


def test_parts_of_the_last_step_stand_side_by_side(ev, words):
    data = real(ev)
    chart = study_flow(data, words)
    drawn = boxes(chart).set_index("label")
    parts = [f"{line.what}: {line.n}" for line in data.iloc[3:].itertuples()]
    assert (
        drawn.loc[parts, "y_to"].nunique() == 1
        and drawn.loc[parts[0], "x_to"] < drawn.loc[parts[1], "x"]
    )
    assert "are not added up" in chart.text


def test_reasons_are_listed_with_their_label_and_number(ev, words):
    chart = study_flow(real(ev), words)
    text = " ".join(chart.marks.loc[chart.marks["mark"] == "text", "label"])
    for reason, n in evidence.set_aside(ev).items():
        assert f"{words.label('not_counted_because', reason)}: {n}" in text


@pytest.mark.parametrize("change", [-1, 1])
def test_refuses_numbers_that_do_not_add_up(words, change):
    data = table(3)
    data.loc[1, "n"] += change
    said = (
        rf"'Step 0' has 1000, but 'Step 1' has {998 + change} and 2 left out \(too small 1, too old"
        rf" 1\), which makes {1000 + change}"
    )
    with pytest.raises(UsageError, match=f"the numbers do not add up: {said}"):
        study_flow(data, words)


def test_refuses_a_part_that_does_not_add_up(ev, words):
    data = real(ev)
    data.loc[4, "n"] += 1
    with pytest.raises(UsageError, match=r"'Counted' has .* but 'Direction of effect' has"):
        study_flow(data, words)


def test_left_out_in_any_shape(words):
    pairs = [("too small", 1), ("too old", 1)]
    shapes = [
        pairs,
        dict(pairs),
        pd.Series(dict(pairs)),
        pd.DataFrame(pairs, columns=["reason", "n"]),
        tuple(pairs),
    ]
    texts = set()
    for shape in shapes:
        data = pd.DataFrame({"what": ["a", "b"], "n": [5, 3]})
        data["left_out"] = pd.Series([None, shape], dtype=object)
        texts.add(study_flow(data, words).text)
    assert len(texts) == 1


def test_alt_text_has_the_numbers(ev, words):
    data = real(ev)
    alt = study_flow(data, words).alt
    assert all(f"{line.what}: {line.n}" in alt for line in data.itertuples())


def test_a_changed_number_changes_the_text(words):
    data = table(3)
    assert study_flow(data, words).text != study_flow(data.assign(n=data["n"] + 1), words).text


def test_layout_on_the_real_table(ev, words, size):
    assert_nothing_overlaps(study_flow(real(ev), words, size=size))


@pytest.mark.parametrize("n", [1, 3, 30, 150])
def test_any_number_of_steps(words, n):
    assert_nothing_overlaps(study_flow(table(n), words))


def test_words_stay_inside_their_boxes(words, size):
    chart = study_flow(table(8, ODD_NAMES, (ODD_NAMES[3], ODD_NAMES[4])), words, size=size)
    assert_nothing_overlaps(chart)
    texts = dict(drawn_texts(chart.figure))
    axes = chart.figure.axes[0]
    frames = [patch.get_window_extent().extents for patch in axes.patches]
    for text in axes.texts:
        if text.get_text():
            x0, y0, x1, y1 = texts[text.get_text()]
            assert any(
                f[0] <= x0 and f[1] <= y0 + 1 and x1 <= f[2] and y1 <= f[3] + 1 for f in frames
            ), text.get_text()


def test_wrong_use_has_one_message(words):
    def refused(rows, message):
        with pytest.raises(UsageError, match=message):
            study_flow(pd.DataFrame(rows), words)

    refused([], "nothing to draw: no step")
    refused([{"n": 1}], "no column 'what'")
    refused([{"what": "a", "n": None}], "the number of 'a' is .*; allowed: a whole number")
    refused([{"what": "a", "n": -1}], "the number of 'a' is -1")
    refused([{"what": "a", "n": 1, "left_out": [("b", 2)]}], "'a' is the first step")
    refused([{"what": "a", "n": 1}, {"what": "a", "n": 1}], "two steps are named 'a'")
    refused(
        [{"what": "a", "n": 1}, {"what": "b", "n": 1, "of": "c"}], "no step above has that name"
    )
    refused([{"what": "a", "n": 1}, {"what": "b", "n": 1, "left_out": 3}], "left_out of 'b' is 3")
    parts = [{"what": name, "n": 1, "of": "a"} for name in "bc"]
    refused(
        [{"what": "a", "n": 1}, *parts, {"what": "d", "n": 1, "of": "c"}],
        "only the last step can part",
    )
    refused(
        [{"what": "a", "n": 1}, *({"what": name, "n": 1, "of": "a"} for name in "bcdef")],
        "parts into 5; allowed: up to 4",
    )


def test_on_given_axes(words):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(6, 4)).add_subplot()
    assert study_flow(table(3), words, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: study_flow(table(4), words))


SEARCHES = [
    {
        "search_id": "2026-01-01:a",
        "date": "2026-01-01",
        "search": "a",
        "service": "pubmed",
        "found": 9,
        "duplicates": 9,
    },
    {
        "search_id": "2026-02-01:a",
        "date": "2026-02-01",
        "search": "a",
        "service": "pubmed",
        "found": 30,
        "in_table": 12,
        "not_read": 1,
        "new": 17,
    },
    {
        "search_id": "2026-02-01:b",
        "date": "2026-02-01",
        "search": "b",
        "service": "europepmc",
        "found": 20,
        "duplicates": 11,
        "new": 9,
    },
]


@pytest.fixture(scope="module")
def searched(ev):
    table = pd.DataFrame(SEARCHES, columns=ev.searches.columns).fillna(
        dict.fromkeys(["duplicates", "in_table", "not_read", "new"], 0)
    )
    return evidence.study_flow(
        ev.with_tables(
            dict(ev.tables) | {"searches": table.astype({"found": "Int64", "service": "category"})}
        )
    )


def test_the_last_search_stands_above_the_table(ev, words, searched):
    plain = evidence.study_flow(ev)
    assert list(plain.columns) == ["what", "n", "left_out", "of"]
    assert searched["what"].to_list()[2:] == plain["what"].to_list() and searched[
        "n"
    ].to_list() == [50, 26, *plain["n"]]
    assert searched["left_out"].iloc[1] == [
        ("found more than once", 11),
        ("already in the table", 12),
        ("known before, but not read", 1),
    ]
    chart = study_flow(searched, words)
    texts = chart.marks.loc[chart.marks["mark"] == "text", "label"].to_list()
    assert "50 records" in texts and "26 records" in texts and "160 studies" in texts
    assert "Found by the search of 2026-02-01 (Europe PMC 20, PubMed 30)" in " ".join(texts)
    lines = set(chart.marks.loc[chart.marks["mark"] == "line", "label"])
    assert not any("New: to be read →" in line for line in lines) and any(
        "→ New: to be read" in line for line in lines
    )
    drawn = boxes(chart).set_index("label")["y"]
    assert drawn["New: to be read: 26"] > drawn["Studies in the table: 160"]
    assert (
        "none leads into the next" in " ".join(chart.notes)
        and "Found by the search of 2026-02-01" in chart.alt
    )


def test_the_flow_with_a_search_fits(words, searched, size):
    assert_nothing_overlaps(study_flow(searched, words, size=size))


def test_records_that_do_not_add_up_are_refused(words, searched):
    searched = searched.assign(n=[51, *searched["n"].iloc[1:]])
    with pytest.raises(UsageError, match="do not add up"):
        study_flow(searched, words)


def test_only_the_last_flow_parts(words):
    steps = pd.DataFrame({"what": list("abcd"), "n": 1, "of": [None, "a", "a", ""]})
    with pytest.raises(UsageError, match="only the last flow"):
        study_flow(steps, words)
