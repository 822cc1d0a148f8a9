from itertools import pairwise

import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps
from matplotlib.figure import Figure

import evidence
from evidence.charts.harvest import harvest
from evidence.charts.style import LOOKS
from evidence.errors import UsageError

WORDS = ["benefit", "no_clear_difference", "mixed", "harm"]


def votes_of(number: int, labels: list[str] | None = None, question: str = "risk") -> pd.DataFrame:
    """Hand-made votes of one panel."""
    return pd.DataFrame(
        {
            "study_id": [f"s{i:03}" for i in range(number)],
            "label": labels or [f"Study {i:03}" for i in range(number)],
            "question": question,
            "population": "human",
            "vote": pd.Categorical(
                [WORDS[(i * i) % 4] if i % 9 else "harm" for i in range(number)], categories=WORDS
            ),
            "tier": [1 + i % 3 for i in range(number)],
            "sample_size": pd.array(
                [None if i % 5 == 2 else 3 + i**4 for i in range(number)], dtype="Int64"
            ),
        }
    )


def check_bars(table, chart, words):
    """Every study has a bar: found by the label under it, as high as its tier, in the look and the
    column of its direction.
    """
    marks = chart.marks
    bars, texts = marks[marks["mark"] == "bar"], marks[marks["mark"] == "text"]
    assert len(bars) == table["vote"].notna().sum()
    columns = {}
    for study in table[table["vote"].notna()].itertuples():
        label = texts[texts["label"] == study.label].iloc[0]
        bar = bars[
            (bars["panel"] == label["panel"])
            & ((bars["x"] + 0.4 - label["x"]).abs() < 1e-6)
            & ((bars["y"] - label["y"]).abs() < 1e-6)
        ]
        assert len(bar) == 1
        bar = bar.iloc[0]
        assert bar["y_to"] - bar["y"] == pytest.approx(study.tier)
        assert bar["label"] == words.word(study.vote)
        look = LOOKS[study.vote]
        assert bar["look"].split() == [look.color, *([look.hatch] if look.hatch else [])]
        columns.setdefault(
            "middle" if study.vote in ("mixed", "no_clear_difference") else study.vote, []
        ).append(label["x"])
    order = [columns[name] for name in ("harm", "middle", "benefit") if name in columns]
    assert all(max(left) < min(right) for left, right in pairwise(order))


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_every_study_is_a_bar(words, number):
    table = votes_of(number)
    check_bars(table, harvest(table, words), words)


def test_every_study_of_the_real_table_is_a_bar(ev, words):
    studies = ev.studies[["study_id"]].assign(
        label=ev.studies["study_id"], tier=1 + ev.studies["design"].cat.codes % 3
    )
    for lens in ("concluded", "direction"):
        table = evidence.votes(ev, lens=lens).merge(studies, on="study_id")
        chart = harvest(table, words)
        check_bars(table, chart, words)
        counts = evidence.balance(ev, lens=lens)
        for line, panel in zip(counts.itertuples(), chart.marks["panel"].unique(), strict=True):
            here = set(chart.marks.loc[chart.marks["panel"] == panel, "label"])
            assert {f"Harm: {line.harm}", f"Benefit: {line.benefit}"} <= here
        assert f"Not placed: {table['vote'].isna().sum()} of {len(table)}" in chart.notes[1]


def test_sizes_stand_above_the_bars(words):
    table = votes_of(6).assign(
        sample_size=pd.array([48, 9999, None, 25064, 2407161, 7], dtype="Int64")
    )
    texts = harvest(table, words).marks.query("mark == 'text'")
    for study, size in zip(table["label"], ["48", "9,999", "?", "25k", "2.4M", "7"], strict=True):
        under = texts[texts["label"] == study].iloc[0]
        assert size in set(
            texts.loc[(texts["x"] == under["x"]) & (texts["y"] > under["y"]), "label"]
        )


def test_alt_text_and_lens(words):
    table = votes_of(9)
    chart = harvest(table, words, tiers=("low", "middle", "high"))
    harm = table[table["vote"] == "harm"]
    by_tier = ", ".join(
        f"{(harm['tier'] == tier).sum()} {name}"
        for tier, name in ((3, "high"), (2, "middle"), (1, "low"))
    )
    assert f"harm {len(harm)} ({by_tier})" in chart.alt
    assert "Lens: as concluded." in chart.notes[1]
    leaning = table.assign(
        vote=pd.Categorical(["harm"] * 9, categories=["benefit", "mixed", "harm"])
    )
    assert "Lens: direction of effect." in harvest(leaning, words).notes[1]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("vote", "mixed"),
        ("tier", 3),
        ("sample_size", 8),
        ("label", "Other"),
        ("question", "treatment"),
    ],
)
def test_a_changed_cell_changes_the_text(words, column, value):
    table = votes_of(3)
    other = table.copy()
    other.loc[0, column] = value
    assert harvest(table, words).text != harvest(other, words).text


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_nothing_overlaps(words, number, size):
    assert_nothing_overlaps(
        harvest(
            votes_of(number),
            words,
            size=size,
            tiers=("Weaker design", "Comparison", "Trial or cohort"),
        )
    )


def test_nothing_overlaps_on_the_real_table(ev, words, size):
    studies = ev.studies[["study_id"]].assign(label=ev.studies["study_id"], tier=2)
    for lens in ("concluded", "direction"):
        assert_nothing_overlaps(
            harvest(evidence.votes(ev, lens=lens).merge(studies, on="study_id"), words, size=size)
        )


def test_odd_names(words, size):
    chart = harvest(votes_of(len(ODD_NAMES), ODD_NAMES), words, size=size, title="$5 < $6_or_so")
    assert_nothing_overlaps(chart)
    assert "snake_case_name_2" in chart.text
    assert list(chart.data["label"].sort_values()) == sorted(ODD_NAMES)


def test_empty_missing_and_misused(words):
    table = votes_of(4)
    with pytest.raises(UsageError, match="nothing to draw"):
        harvest(table.head(0), words)
    with pytest.raises(UsageError, match="no column tier"):
        harvest(table.drop(columns="tier"), words)
    with pytest.raises(UsageError, match="tier of s001 is 7"):
        harvest(table.assign(tier=[1, 7, 2, 3]), words)
    with pytest.raises(UsageError, match="2 names of tiers"):
        harvest(table, words, tiers=("a", "b"))
    with pytest.raises(UsageError, match="2 panels"):
        harvest(
            pd.concat([table, votes_of(2, question="treatment")]), words, ax=Figure().add_subplot()
        )
    silent = harvest(
        table.assign(vote=None, sample_size=pd.array([None] * 4, dtype="Int64")), words
    )
    assert_nothing_overlaps(silent)
    assert "Not placed: 4 of 4 (" in silent.notes[1] and "Study 003" in silent.notes[1]
    assert (silent.marks["mark"] == "bar").sum() == 0


def test_axes_of_a_caller(words):
    ax = Figure().add_subplot()
    assert harvest(votes_of(3), words, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: harvest(votes_of(5), words))
