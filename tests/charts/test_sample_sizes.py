import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

from evidence.charts import sample_sizes
from evidence.charts.style import LOOKS
from evidence.errors import UsageError


def studies_of(number: int, groups: list[str]) -> pd.DataFrame:
    """Hand-made studies, each seventh of unknown size."""
    sizes = pd.array([None if i % 7 == 3 else 2 + 37 * i for i in range(number)], dtype="Int64")
    directions = ["benefit", "harm", "mixed", "no_clear_difference", "not_applicable"]
    return pd.DataFrame(
        {
            "study_id": [f"s{i:03}" for i in range(number)],
            "sample_size": sizes,
            "direction": [directions[i % 5] for i in range(number)],
            "design": [groups[i % len(groups)] for i in range(number)],
        }
    )


def points(chart):
    return chart.marks[chart.marks["mark"] == "point"]


def test_every_known_size_is_a_point(ev, words):
    studies = ev.studies
    chart = sample_sizes(studies, words)
    known = studies[studies["sample_size"].notna()]
    assert sorted(points(chart)["x"]) == sorted(known["sample_size"].astype(float))
    for word in ("benefit", "harm", "mixed", "no_clear_difference"):
        drawn = points(chart)[points(chart)["label"] == words.word(word)]
        assert sorted(drawn["x"]) == sorted(
            known.loc[known["direction"] == word, "sample_size"].astype(float)
        )
        assert all(look.startswith(LOOKS[word].color) for look in drawn["look"])
    for design, part in known.groupby("design", observed=True):
        here = points(chart)[
            points(chart)["row"].str.startswith(words.label("design", design) + " (")
        ]
        assert sorted(here["x"]) == sorted(part["sample_size"].astype(float))


def test_medians_and_counts(ev, words):
    studies = ev.select(counted=True).studies
    chart = sample_sizes(studies, words)
    lines = chart.marks[chart.marks["label"] == "median"]
    expected = (
        studies.groupby("design", observed=True)["sample_size"].median().dropna().astype(float)
    )
    np.testing.assert_allclose(lines["x"].to_numpy(float), expected.to_numpy(float))
    unknown = int(studies["sample_size"].isna().sum())
    assert f"{unknown} of unknown size" in chart.alt and f"{unknown} do not show" in chart.notes[0]
    assert chart.data["studies"].sum() == len(studies)


def test_a_changed_size_changes_the_text(words):
    studies = studies_of(9, ["a", "b"])
    other = studies.copy()
    other.loc[0, "sample_size"] = 3
    assert sample_sizes(studies, words).text != sample_sizes(other, words).text


@pytest.mark.parametrize(("number", "groups"), [(1, 1), (3, 3), (30, 30), (150, 40)])
def test_nothing_overlaps(words, number, groups, size):
    assert_nothing_overlaps(
        sample_sizes(studies_of(number, [f"Design {i}" for i in range(groups)]), words, size=size)
    )


def test_nothing_overlaps_on_the_real_table(ev, words, size):
    for by in ("design", "exposure", "exercise_type", "species"):
        assert_nothing_overlaps(sample_sizes(ev.studies, words, by=by, size=size))


def test_rows_that_do_not_say_what_they_are(ev, words):
    chart = sample_sizes(ev.studies, words, by="species")
    assert len(points(chart)) == ev.studies["sample_size"].notna().sum()
    assert "Not stated" in chart.text


def test_odd_names(words, size):
    assert_nothing_overlaps(sample_sizes(studies_of(30, ODD_NAMES), words, size=size))


def test_nothing_and_nothing_known(words):
    with pytest.raises(UsageError, match="nothing to draw"):
        sample_sizes(studies_of(0, ["a"]), words)
    unknown = studies_of(4, ["a", "b"]).assign(sample_size=pd.array([None] * 4, dtype="Int64"))
    chart = sample_sizes(unknown, words)
    assert (
        points(chart).empty
        and "No study of known size" in chart.text
        and "4 of unknown size" in chart.alt
    )
    assert_nothing_overlaps(chart)


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: sample_sizes(studies_of(9, ["a", "b"]), words))
