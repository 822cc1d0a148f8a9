"""Everything runs on a data set with other words and without the optional tables and columns; what
cannot be shown says so in one sentence.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest
from portion import portion

import evidence
from evidence.display.gallery import GALLERY
from evidence.model.schema import known_tables
from evidence.tables.dictionary_file import read_dictionary

sys.path.insert(0, str(Path(__file__).parents[1]))
from sets import EXAMPLE, ROOT, copy_example, write_bare

ANSWERS = [name for name in evidence.__all__ if name.endswith("_answer")]
# Functions of the data set alone; the others take numbers or results.
OF_THE_SET = [
    "agreement",
    "article_sources",
    "article_support",
    "balance",
    "beside_reviews",
    "citation_matrix",
    "claim_rows",
    "cohort_table",
    "covered_area",
    "describe",
    "disagreements",
    "judge_claims",
    "leave_one_out",
    "lenses",
    "overruled",
    "published",
    "repeated_share",
    "results",
    "review_union",
    "set_aside",
    "saved_searches",
    "size_pools",
    "source_checks",
    "source_overview",
    "study_flow",
    "study_table",
    "translation_gap",
    "unverified",
    "votes",
]
SAID = {
    "agreement": "no second reading (readings.csv)",
    "article_sources": "no column 'article_reference'",
    "article_support": "no column 'article_reference'",
    "beside_reviews": "no reviews (reviews.csv)",
    "citation_matrix": "no reviews (reviews.csv)",
    "claim_rows": "no rows that bear on a claim (claim_criteria.csv)",
    "cohort_table": "no cohorts (cohorts.csv)",
    "covered_area": "no reviews (reviews.csv)",
    "disagreements": "no second reading (readings.csv)",
    "judge_claims": "no claims (claims.csv)",
    "overruled": "no second reading (readings.csv)",
    "review_union": "no reviews (reviews.csv)",
    "saved_searches": "no saved search",
    "translation_gap": "does not keep populations apart",
}
NOT_DRAWN = {
    "agreement",
    "albatross",
    "certainty",
    "citations",
    "claims",
    "forest",
    "rain_cloud",
    "risk_of_bias",
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> evidence.Evidence:
    folder = write_bare(tmp_path_factory.mktemp("bare") / "set")
    assert evidence.check(folder) == []
    return evidence.load(folder)


@pytest.fixture(scope="module")
def example() -> evidence.Evidence:
    return evidence.load(EXAMPLE)


@pytest.mark.parametrize("name", OF_THE_SET)
def test_public_functions_work_or_say_what_is_not_there(bare, example, name):
    for ev in (bare, example):
        if name in SAID:
            with pytest.raises(evidence.UsageError) as caught:
                getattr(evidence, name)(ev)
            assert str(caught.value).startswith("This data set ") and SAID[name] in str(
                caught.value
            )
        else:
            assert getattr(evidence, name)(ev) is not None


@pytest.mark.parametrize("name", ANSWERS)
def test_short_answers_always_have_something_to_say(bare, example, name):
    for ev in (bare, example):
        text = str(getattr(evidence, name)(ev))
        assert text.endswith(".") and "nan" not in text.lower().split()


@pytest.mark.parametrize("name", portion([entry.name for entry in GALLERY], 3))
def test_charts_are_drawn_or_say_what_is_not_there(bare, name):
    try:
        chart = evidence.chart(bare, name)
    except evidence.UsageError as error:
        assert name in NOT_DRAWN and (
            "This data set has no " in str(error) or "nothing to draw" in str(error)
        )
    else:
        assert name not in NOT_DRAWN
        for word in ("People", "Animals", "Getting ALS", "Exercising with ALS", "mouse"):
            assert word not in chart.text, "a word of another data set"


def test_the_explorer_offers_what_a_set_has(bare, example):
    for ev, columns in ((bare, ["question", "design", "outcome_domain"]), (example, ["phase"])):
        explorer = evidence.explore(ev, widgets=True)
        board = explorer.board()
        data = json.loads(board.widget.data)
        several = [name for name in data["filters"] if len(data["columns"][name]["values"]) > 1]
        assert several == columns
        value = data["columns"][columns[0]]["values"][0]
        board.widget.address = f"{columns[0]}={value}"
        assert 0 < len(board.contents.part) < len(ev) and value in board.widget.markup
        assert "Empty DataFrame" not in repr(explorer)


def test_labels_are_those_of_the_dictionary(bare):
    text = evidence.chart(bare, "balance").text
    assert "Wort für benefit" in text and "Own 0" in text
    assert "wort für no_clear_difference" in str(evidence.lens_answer(bare))


def test_counts_do_not_depend_on_the_words(bare, ev):
    """The same studies under other names give the same numbers."""
    words = ["benefit", "no_clear_difference", "mixed", "harm", "units"]
    ours = evidence.balance(ev, None, "concluded").groupby("question", observed=True)[words].sum()
    theirs = evidence.balance(bare, None, "concluded")[words]
    assert ours.to_numpy().tolist() == theirs.to_numpy().tolist()
    assert len(evidence.multiverse(bare, "q0", only={"lens": ["direction"]})) > 50


def test_a_table_that_is_not_there_is_named(bare):
    with pytest.raises(
        AttributeError,
        match=(
            r"This data set has no second reading \(readings.csv\); its tables: studies, findings"
        ),
    ):
        _ = bare.readings
    assert not hasattr(bare, "readings")


def test_a_column_that_is_not_there_counts_as_empty(bare):
    assert bare.studies["cohort"].isna().all() and bare.findings["estimate"].isna().all()
    with pytest.raises(evidence.UsageError, match="no column 'cohort'"):
        bare.select(cohort="x")
    with pytest.raises(evidence.UsageError, match="no column 'article_reference'"):
        bare.select(cited_by_article=True)


def spoil(package: dict, column: str, change) -> None:
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            if field["name"] == column:
                change(field)


def drop_table(package):
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] != "findings"
    ]


def drop_column(package):
    fields = package["resources"][0]["schema"]["fields"]
    fields[:] = [field for field in fields if field["name"] != "design"]


def drop_vocabulary(package):
    spoil(
        package,
        "outcome_domain",
        lambda field: [field.pop("categories"), field["constraints"].pop("enum")],
    )


def other_direction(package):
    def change(field):
        field["categories"][0]["value"] = field["constraints"]["enum"][0] = "good"

    spoil(package, "observed_direction", change)


def nothing_apart(package):
    package["evidence"]["kept_apart"] = []


def apart_from_nothing(package):
    package["evidence"]["kept_apart"] = ["species"]


def filtered_by_nothing(package):
    package["evidence"]["filters"] = ["species"]


def half_a_measure(package):
    spoil(package, "measure", lambda field: field["categories"][0].pop("null"))


def lost_key(package):
    package["resources"][1]["schema"]["foreignKeys"][0]["reference"]["resource"] = "trials"


def no_level(package):
    fields = package["resources"][1]["schema"]["fields"]
    fields[:] = [field for field in fields if field["name"] != "ci_level"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop_table, "there is no table 'findings'"),
        (drop_column, "design: table studies: this column is missing"),
        (drop_vocabulary, "outcome_domain: table findings: has no categories"),
        (other_direction, "'good' is not a word of the method"),
        (nothing_apart, "kept_apart: is empty"),
        (apart_from_nothing, "species: table studies: is kept apart, but is not a column"),
        (
            filtered_by_nothing,
            "species: table studies: is named by the setting filters, but is not a column",
        ),
        (half_a_measure, "'SMD' has only one of scale and null"),
        (lost_key, "points to study_id of trials, which is not there"),
        (no_level, "ci_level: table findings: this column is missing although there are intervals"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_dictionary_that_lacks_the_core_is_refused(tmp_path, change, words):
    folder = copy_example(tmp_path / "set")
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    change(package)
    path.write_text(json.dumps(package), encoding="utf-8")
    faults = evidence.check(folder)
    assert any(words in str(fault) for fault in faults), faults
    with pytest.raises(evidence.DataError, match="lacks what every data set has"):
        evidence.load(folder)


def test_an_entry_can_stand_for_all_rows_only_when_it_is_there(tmp_path):
    folder = copy_example(tmp_path / "set")
    assert evidence.check(folder) == []
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["evidence"]["entries_for_all"] = ["zhang2016", "nobody1900"]
    path.write_text(json.dumps(package), encoding="utf-8")
    messages = [fault.message for fault in evidence.check(folder)]
    assert any("'nobody1900' has no entry" in message for message in messages) and any(
        "'metap' has no row" in message for message in messages
    )
    del package["evidence"]["entries_for_all"]
    path.write_text(json.dumps(package), encoding="utf-8")
    assert sum("has no entry" in fault.message for fault in evidence.check(folder)) == 22


def test_the_core_is_that_of_the_curated_tables(ev):
    """What the code relies on is what this repository's dictionary has, with the same types."""
    dictionary = read_dictionary(ROOT / "data")
    for name, table in dictionary.tables.items():
        known = known_tables()[name]
        for column in known.columns.values():
            if column.needed or column.read:
                assert table.by_name[column.name].type == column.type, (name, column.name)
            if column.read:
                assert str(ev.tables[name][column.name].dtype) in (column.dtype, "category")


def test_by_names_a_column_that_groups(ev):
    with pytest.raises(evidence.UsageError, match="different for every study"):
        evidence.balance(ev, "study_id")
    for column in ("title", "doi", "note", "statement"):
        with pytest.raises(evidence.UsageError, match="different for every study"):
            evidence.balance(ev, column)
    few = ev.select(study_id=ev.studies["study_id"].head(3).to_list())
    assert len(evidence.balance(few, "country")) and len(evidence.balance(ev, "genotype"))
    with pytest.raises(evidence.UsageError) as said:
        evidence.balance(ev, "zzzz")
    assert "contrast" not in str(said.value).split("columns: ")[1].split(", ")


def test_standardised_differences_are_turned_to_benefit(example):
    """A scale on which less is better: the printed estimate is below zero, and favours."""
    findings = example.findings
    row = findings["finding_id"] == "zheng08-1"
    turned = findings.assign(
        estimate=findings["estimate"].mask(row, -findings["estimate"]),
        ci_low=findings["ci_low"].mask(row, -findings["ci_high"]),
        ci_high=findings["ci_high"].mask(row, -findings["ci_low"]),
    )
    criteria = pd.DataFrame({"column": ["question"], "value": ["training"]})
    before = evidence.poolable(example, "SMD", criteria).included
    after = evidence.poolable(
        example.with_tables(dict(example.tables) | {"findings": turned}), "SMD", criteria
    ).included
    pd.testing.assert_frame_equal(before, after)
