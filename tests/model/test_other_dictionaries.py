"""Dictionaries that say other things than that of this repository, and are valid all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from portion import portion

import evidence
from evidence.model.contrasts import contrasts


def change_columns(data, table: str, change) -> None:
    """Change the list of the columns of a table in the dictionary."""
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    (schema,) = (one["schema"] for one in package["resources"] if one["name"] == table)
    schema["fields"] = change(schema["fields"])
    path.write_text(json.dumps(package), encoding="utf-8")


@pytest.fixture
def one_word_more(data) -> evidence.Evidence:
    """A comparator that only findings have, and one finding has."""

    def change(columns):
        (column,) = (one for one in columns if one["name"] == "comparator")
        column["categories"].append(
            {"value": "music", "label": "Music", "contrast": "more_against_less"}
        )
        column["constraints"]["enum"].append("music")
        return columns

    change_columns(data, "findings", change)
    data.change("findings", "abel2007-1", comparator="music")
    assert data.faults() == []
    return evidence.load(data.folder)


def test_findings_may_have_a_word_that_studies_have_not(one_word_more, ev):
    ours, before = (evidence.results(one).set_index("finding_id") for one in (one_word_more, ev))
    assert ours.loc["abel2007-1", "comparator"] == "music"
    assert list(ours["comparator"].cat.categories) == [
        *before["comparator"].cat.categories,
        "music",
    ]
    others = [one["comparator"].astype("str").drop("abel2007-1") for one in (ours, before)]
    assert others[0].equals(others[1])


def test_its_contrast_is_the_one_of_the_word(one_word_more):
    at = one_word_more.findings["finding_id"] == "abel2007-1"
    assert contrasts(one_word_more)[at].to_list() == ["more_against_less"]


def test_votes_by_it_keep_it(one_word_more, ev):
    def by(one):
        votes = evidence.votes(one, unit="finding", by="comparator").set_index("unit")
        return votes["comparator"].astype("str")

    assert by(one_word_more)["abel2007-1"] == "music"
    assert by(one_word_more).drop("abel2007-1").equals(by(ev).drop("abel2007-1"))


@pytest.mark.parametrize(
    "what", portion(["outcomes", "lenses", "judge_claims", "question_answers"], 2)
)
def test_whatever_counts_works_on_it(one_word_more, what):
    assert len(getattr(evidence, what)(one_word_more))


def test_readings_need_no_list_of_fields(data, ev):
    def change(columns):
        (column,) = (one for one in columns if one["name"] == "field")
        del column["categories"], column["constraints"]["enum"]
        return columns

    change_columns(data, "readings", change)
    assert data.faults() == []
    ours, theirs = evidence.third_reading(evidence.load(data.folder)), evidence.third_reading(ev)
    ours, theirs = (one.frame.set_index("field") for one in (ours, theirs))
    assert sorted(ours.index) == sorted(theirs.index)
    assert (ours["agree_after"] == theirs["agree_after"].reindex(ours.index)).all()


def test_every_file_that_the_dictionary_names_is_an_input(data, ev):
    named = {path.name for path in data.folder.iterdir()} | {data.bibliography.name}
    told = {Path(str(value)).name for value in ev.dictionary.settings.values()} & named
    assert {"reading_protocol.toml", "search.toml"} <= told
    assert told <= {path.name for path in ev.dictionary.inputs}
