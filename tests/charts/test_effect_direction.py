import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps
from matplotlib.figure import Figure

from evidence.charts.effect_direction import CLASSES, SIDEWAYS, effect_direction
from evidence.charts.style import LOOKS
from evidence.errors import UsageError
from evidence.synthesis.votes import votes

DOMAINS = ["survival", "function", "mood", "fatigue"]


def votes_of(number: int, labels: list[str] | None = None) -> pd.DataFrame:
    """Hand-made votes: study ``i`` has a vote in one to three domains."""
    rows = []
    for i in range(number):
        for k in range(1 + i % 3):
            rows.append(
                {
                    "study_id": f"s{i:03}",
                    "label": labels[i] if labels else f"Study {i:03}",
                    "outcome_domain": DOMAINS[(i + k) % 4],
                    "vote": ["benefit", "harm", "mixed", None][(i + 2 * k) % 4],
                    "results": (i + k) % 4,
                    "sample_size": [20, 49, 50, 300, 301, None][i % 6],
                    "design": ["rct", "cohort"][i % 2],
                }
            )
    table = pd.DataFrame(rows)
    return table.assign(
        vote=pd.Categorical(table["vote"], categories=["benefit", "mixed", "harm"]),
        sample_size=table["sample_size"].astype("Int64"),
        outcome_domain=pd.Categorical(table["outcome_domain"], categories=DOMAINS),
    )


def real(ev):
    studies = ev.studies[["study_id", "design"]].assign(label=ev.studies["study_id"])
    return votes(ev, lens="direction", by="outcome_domain").merge(studies, on="study_id")


def check_arrows(table, chart, words):
    points = chart.marks[chart.marks["mark"] == "point"].set_index("row")
    assert len(points) == len(table)
    for line in table.itertuples():
        found = points.loc[f"{line.label}, {words.label('outcome_domain', line.outcome_domain)}"]
        word = "not_placed" if pd.isna(line.vote) else line.vote
        assert found["label"] == word
        known = pd.notna(line.sample_size)
        colour = LOOKS[word].color if known else "#ffffff"
        assert found["look"].startswith(colour)
        if word == "mixed":
            assert found["look"].endswith(f"{len(SIDEWAYS.vertices)}-point path")
        if word != "not_placed":
            name = (
                "medium"
                if not known
                else (
                    "small"
                    if line.sample_size < 50
                    else "medium"
                    if line.sample_size <= 300
                    else "large"
                )
            )
            assert found["size"] == CLASSES[name][1]


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_every_vote_is_an_arrow(words, number):
    table = votes_of(number)
    check_arrows(table, effect_direction(table, words), words)


def test_every_vote_of_the_real_table_is_an_arrow(ev, words):
    table = real(ev)
    for keys, part in table.groupby(["question", "population"], observed=True):
        chart = effect_direction(part, words)
        check_arrows(part, chart, words)
        readable = part["vote"].notna().sum()
        assert (
            f"Direction not readable: {len(part) - readable} of {len(part)} cells" in chart.notes[1]
        ), keys
        assert f"{part['study_id'].nunique()} studies" in chart.alt


def test_rows_are_grouped_by_design_and_up_is_benefit(words):
    chart = effect_direction(votes_of(4), words)
    names = [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]
    assert names == [
        "Cohort study",
        "Study 001",
        "Study 003",
        "Randomised trial",
        "Study 000",
        "Study 002",
    ]
    handles = {text.get_text(): handle for text, handle in legend(chart)}
    assert (
        handles[words.word("benefit")].get_marker() == "^"
        and handles[words.word("harm")].get_marker() == "v"
    )
    by_word = {
        artist.get_label(): artist.get_paths()[0].vertices
        for artist in chart.figure.axes[0].collections
    }
    assert by_word["benefit"][0][1] > 0 > by_word["harm"][0][1]


def legend(chart):
    found = next(legend for part in chart.figure.subfigs for legend in part.legends)
    return zip(found.get_texts(), found.legend_handles, strict=True)


def test_small_numbers_and_sizes_are_written(words):
    table = votes_of(6)
    texts = effect_direction(table, words).marks.query("mark == 'text'")
    several = table[table["results"] > 1]
    cells = texts[~texts["row"].str.endswith(", n")]
    assert sorted(cells["label"]) == sorted(several["results"].astype(str))
    sizes = texts[texts["row"].str.endswith(", n")].set_index("row")["label"]
    assert sizes["Study 003, n"] == "300" and sizes["Study 005, n"] == "–"


def test_the_alt_text_counts_the_votes(words):
    chart = effect_direction(votes_of(4), words)
    assert (
        "Effect-direction plot, 4 studies by 4 outcome domains. Survival: benefit 1, harm 0, mixed"
        " 1, not readable 0;" in chart.alt
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("vote", "mixed"),
        ("results", 9),
        ("sample_size", 4000),
        ("design", "case_report"),
        ("label", "X"),
        ("outcome_domain", "mood"),
    ],
)
def test_a_changed_cell_changes_the_text(words, column, value):
    table = votes_of(3)
    other = table.copy()
    other.loc[0, column] = value
    assert effect_direction(table, words).text != effect_direction(other, words).text


@pytest.mark.parametrize("number", [1, 3, 30, 150])
def test_nothing_overlaps(words, number, size):
    assert_nothing_overlaps(effect_direction(votes_of(number), words, size=size))


def test_nothing_overlaps_on_the_real_table(ev, words, size):
    table = real(ev)
    assert_nothing_overlaps(effect_direction(table, words, size=size))
    for _, part in table.groupby(["question", "population"], observed=True):
        assert_nothing_overlaps(effect_direction(part, words, size=size))


def test_odd_names(words, size):
    table = votes_of(len(ODD_NAMES), ODD_NAMES)
    names = dict(zip(DOMAINS, ODD_NAMES, strict=False))
    assert_nothing_overlaps(effect_direction(table, words, size=size))
    assert_nothing_overlaps(
        effect_direction(
            table.assign(outcome_domain=table["outcome_domain"].astype("str").map(names)),
            words,
            size=size,
        )
    )


def test_empty_missing_and_misused(words):
    table = votes_of(3)
    with pytest.raises(UsageError, match="nothing to draw"):
        effect_direction(table.head(0), words)
    with pytest.raises(UsageError, match="no column label, design"):
        effect_direction(table.drop(columns=["label", "design"]), words)
    with pytest.raises(UsageError, match="two votes"):
        effect_direction(pd.concat([table, table]), words)
    many = pd.concat([table.head(1).assign(outcome_domain=f"domain {i}") for i in range(30)])
    with pytest.raises(UsageError, match="30 outcome domains"):
        effect_direction(many, words)
    silent = effect_direction(
        table.assign(
            vote=None, sample_size=pd.NA, design=None, outcome_domain=None
        ).drop_duplicates("study_id"),
        words,
    )
    assert_nothing_overlaps(silent)
    assert "Direction not readable: 3 of 3 cells" in silent.notes[1]


def test_axes_of_a_caller(words):
    ax = Figure().add_subplot()
    assert effect_direction(votes_of(3), words, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: effect_direction(votes_of(4), words))


def test_arrows_stand_in_the_middle_of_their_cells(words):
    points = effect_direction(votes_of(6), words).marks.query("mark == 'point'")
    assert len(points) and (points["x"] % 1 == 0).all()
