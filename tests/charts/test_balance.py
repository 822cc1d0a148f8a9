import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

import evidence
from evidence.charts import balance
from evidence.charts.style import LOOKS
from evidence.errors import UsageError


def counts_of(rows: int, names: list[str] | None = None) -> pd.DataFrame:
    """A hand-made balance: no two counts of a row are equal."""
    table = pd.DataFrame(
        {
            "question": "risk",
            "population": "human",
            "exposure": names or [f"Kind {i}" for i in range(rows)],
        }
    )
    for step, word in enumerate(("benefit", "no_clear_difference", "mixed", "harm")):
        table[word] = [(3 * i + 5 * step) % 17 for i in range(rows)]
    table["placed"] = table[["benefit", "no_clear_difference", "mixed", "harm"]].sum(axis=1)
    table["not_placed"] = [i % 3 for i in range(rows)]
    table["units"] = table["placed"] + table["not_placed"]
    table["studies"], table["participants"], table["size_unknown"] = (
        table["units"],
        100 * table["units"],
        1,
    )
    table.attrs = {
        "lens": "concluded",
        "lens_title": "as concluded",
        "unit": "study",
        "by": "exposure",
        "overlap": "possible",
    }
    return table


@pytest.mark.parametrize("lens", ["concluded", "direction"])
def test_the_bars_are_the_counts(ev, words, lens):
    table = evidence.balance(ev, by="exposure", lens=lens)
    chart = balance(table, words)
    bars = chart.marks[chart.marks["mark"] == "bar"]
    for place, (_, line) in zip(range(len(table) - 1, -1, -1), table.iterrows(), strict=True):
        here = bars[((bars["y"] + bars["y_to"]) / 2 - place).abs() < 1e-9]
        for word, sign in {"harm": -1, "benefit": 1, "no_clear_difference": 1, "mixed": 1}.items():
            if word not in table:
                continue
            drawn = here[here["label"] == words.word(word)]
            assert (drawn["x_to"] - drawn["x"]).sum() == sign * line[word]
            assert len(drawn) == (line[word] > 0)
            assert all(
                look.startswith(LOOKS[word].color) and LOOKS[word].hatch in look
                for look in drawn["look"]
            )
        if "no_clear_difference" in table and line["mixed"] and line["no_clear_difference"]:
            mixed = here[here["label"] == words.word("mixed")].iloc[0]
            assert mixed["x"] == line["no_clear_difference"]


def test_rows_and_numbers_are_written(ev, words):
    table = evidence.balance(ev, by="population")
    chart = balance(table, words)
    texts = chart.marks[chart.marks["mark"] == "text"]
    for _, line in table.iterrows():
        row = ", ".join(
            [
                words.label("question", line["question"]),
                words.label("population", line["population"]).lower(),
            ]
        )
        written = set(texts.loc[texts["row"] == row, "label"])
        assert {str(line[word]) for word in ("harm", "benefit") if line[word]} <= written
        assert f"{line['no_clear_difference']} + {line['mixed']}" in written
        assert (
            f"harm {line['harm']}, benefit {line['benefit']}, no clear difference"
            f" {line['no_clear_difference']}, mixed {line['mixed']}" in chart.alt
        )
        assert f"{line['studies']} studies" in chart.notes[0]
    assert words.caution in chart.notes and words.source in chart.notes[-1]
    assert chart.data is table


def test_a_changed_count_changes_the_text(words):
    table = counts_of(3)
    other = table.copy()
    other.attrs = table.attrs
    other.loc[1, "harm"] += 1
    assert balance(table, words).text != balance(other, words).text


@pytest.mark.parametrize("rows", [1, 3, 30, 150])
def test_nothing_overlaps(words, rows, size):
    assert_nothing_overlaps(balance(counts_of(rows), words, size=size))


def test_nothing_overlaps_on_the_real_table(ev, words, size):
    for by, lens in (
        ("population", "concluded"),
        ("exposure", "direction"),
        ("design", "concluded"),
    ):
        assert_nothing_overlaps(balance(evidence.balance(ev, by=by, lens=lens), words, size=size))


def test_odd_names(words, size):
    chart = balance(
        counts_of(len(ODD_NAMES), ODD_NAMES), words, size=size, title="Costs $5 < $6_or_so"
    )
    assert_nothing_overlaps(chart)
    assert "snake_case_name_2" in chart.text


def test_nothing_and_nowhere(ev, words):
    with pytest.raises(UsageError, match="nothing to draw"):
        balance(evidence.balance(ev).head(0), words)
    nowhere = counts_of(2)
    nowhere[["benefit", "harm", "mixed", "no_clear_difference", "placed"]] = 0
    nowhere["not_placed"] = nowhere["units"]
    chart = balance(nowhere, words)
    bars = chart.marks[chart.marks["mark"] == "bar"]
    assert set(bars["label"]) == {"Not placed"} and sorted(bars["x_to"]) == sorted(
        nowhere["units"][nowhere["units"] > 0]
    )
    assert (
        f"Not placed: {nowhere['units'].sum()} of {nowhere['units'].sum()} studies." in chart.notes
    )


def test_axes_of_a_caller(words):
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    chart = balance(counts_of(3), words, ax=ax)
    assert chart.figure is ax.figure and not chart.figure.texts


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: balance(counts_of(3), words))
