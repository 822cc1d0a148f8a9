"""The claims board."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

from evidence.charts.claims_board import COUNTS, VERDICTS, claims_board
from evidence.charts.style import LOOKS
from evidence.errors import UsageError

GIVEN = ["supported", "contradicted", "mixed", "too little to say", "not_addressed"]


def judged(claims: pd.DataFrame) -> pd.DataFrame:
    i = np.arange(len(claims))
    none = i % 5 == 4
    numbers = {
        "benefit": i * 3 % 11,
        "no_clear_difference": i * 5 % 8,
        "harm": i * 7 % 9,
        "studies": i * 3 % 11 + 5,
        "participants": i * i * 977,
    }
    claims = claims.assign(
        verdict=[GIVEN[k % 5] for k in i],
        **{name: np.where(none, 0, values) for name, values in numbers.items()},
    )
    return claims.assign(mixed=np.where(none, 0, i % 3), size_unknown=np.where(none, 0, i % 4))


def table(n: int, claims: list[str] | None = None) -> pd.DataFrame:
    texts = claims or [f"Claim {i} says something" + " and more of it" * (i % 6) for i in range(n)]
    return judged(pd.DataFrame({"claim": texts, "topic": "benefit"}))


def real(ev) -> pd.DataFrame:
    return judged(ev.claims[["claim", "topic"]].reset_index(drop=True))


def row(words, line) -> str:
    return f"{words.label('topic', line.topic)}: {line.claim}"


def test_bars_are_the_counts(ev, words):
    data = real(ev)
    marks = claims_board(data, words).marks
    bars = marks[marks["mark"] == "bar"]
    drawn = {
        (r, label): x_to - x
        for r, label, x, x_to in bars[["row", "label", "x", "x_to"]].itertuples(index=False)
    }
    expected = {
        (row(words, line), words.word(name)): getattr(line, name)
        for line in data.itertuples()
        for name in COUNTS
        if getattr(line, name)
    }
    assert drawn == expected
    assert (bars["panel"] == "Votes").all()
    ends = bars.sort_values("x").groupby("row")
    assert all(
        part["x"].iloc[0] == 0
        and (part["x"].iloc[1:].to_numpy() == part["x_to"].iloc[:-1].to_numpy()).all()
        for _, part in ends
    )


def test_verdicts_have_a_marker_and_a_word(ev, words):
    data = real(ev)
    marks = claims_board(data, words).marks
    part = marks[marks["panel"] == "Verdict"]
    expected = {
        row(words, line): VERDICTS[GIVEN[line.Index % 5].replace(" to say", "").replace(" ", "_")]
        for line in data.itertuples()
    }
    for kind in ("point", "text"):
        assert (
            dict(part.loc[part["mark"] == kind, ["row", "label"]].itertuples(index=False))
            == expected
        )
    points = part[part["mark"] == "point"].groupby("label")["look"].unique()
    assert all(len(look) == 1 for look in points) and len({look[0] for look in points}) == len(
        VERDICTS
    )


def test_studies_and_participants(words):
    data = table(3).assign(studies=[4, 2, 0], participants=[1234, 0, 0], size_unknown=[1, 2, 0])
    marks = claims_board(data, words).marks
    assert marks.loc[marks["panel"] == "Studies", "label"].tolist() == ["4", "2", "0"]
    assert marks.loc[marks["panel"] == "Took part", "label"].tolist() == [
        "1,234 (1 unknown)",
        "not known",
        "–",
    ]


def test_order_is_kept(words):
    data = table(4)
    assert [
        line.split(": ", 1)[1]
        for line in claims_board(data.iloc[::-1], words).marks.query("panel == 'Studies'")["row"]
    ] == data["claim"][::-1].tolist()


def test_a_changed_count_or_verdict_changes_the_text(words):
    before = table(4)
    text = claims_board(before, words).text
    assert claims_board(before.assign(harm=before["harm"] + 1), words).text != text
    assert claims_board(before.assign(verdict="mixed"), words).text != text


def test_alt_text_has_the_numbers(ev, words):
    data = real(ev)
    alt = claims_board(data, words).alt
    line = data.iloc[1]
    assert (
        f"{line['claim']}: contradicted, {line['studies']} studies (benefit {line['benefit']}"
        in alt
    )
    assert f"{len(data)} claims (supported " in alt


def test_layout_on_the_real_table(ev, words, size):
    assert_nothing_overlaps(claims_board(real(ev), words, size=size))


@pytest.mark.parametrize("n", [1, 3, 30, 150])
def test_any_number_of_rows(words, n):
    assert_nothing_overlaps(claims_board(table(n), words))


def test_odd_names(words, size):
    assert_nothing_overlaps(claims_board(table(8, ODD_NAMES), words, size=size))


def test_missing_columns_and_values(words):
    chart = claims_board(table(3)[["claim", "verdict"]].assign(verdict=None), words)
    labels = chart.marks.loc[chart.marks["mark"] == "text", "label"].tolist()
    assert (
        labels.count("no counts") == 3
        and labels.count("Not addressed") == 3
        and labels.count("?") == 3
    )
    assert_nothing_overlaps(chart)
    assert "(no text)" in claims_board(table(1).assign(claim=None), words).text


def test_wrong_use_has_one_message(words):
    with pytest.raises(UsageError, match="nothing to draw: no claim"):
        claims_board(table(0), words)
    with pytest.raises(
        UsageError,
        match=(
            "verdict is 'true'; allowed: supported, contradicted, mixed, too_little, not_addressed"
        ),
    ):
        claims_board(table(1).assign(verdict="true"), words)
    with pytest.raises(UsageError, match="no column 'verdict'"):
        claims_board(table(1).drop(columns="verdict"), words)


def test_on_given_axes(words):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(9, 4)).add_subplot()
    assert claims_board(table(3), words, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: claims_board(table(4), words))


def test_looks_tell_the_direction_by_hatch_too(words):
    marks = claims_board(table(9), words).marks
    bars = marks[marks["mark"] == "bar"].groupby("label")["look"].unique()
    expected = {
        words.word(name): f"{LOOKS[name].color} {LOOKS[name].hatch}".strip()
        for name in ("benefit", "no_clear_difference", "mixed", "harm")
    }
    assert {label: look.tolist() for label, look in bars.items() if label in expected} == {
        label: [look] for label, look in expected.items()
    }
