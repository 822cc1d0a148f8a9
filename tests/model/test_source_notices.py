"""Status of the sources, the searches, and the saved search: checked like every other table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from portion import portion

import evidence
from evidence.errors import DataError
from evidence.model.source_notices import worst
from evidence.tables.dictionary_file import read_dictionary
from evidence.tables.saved_search import read_search, with_last

ROW = {
    "table": "studies",
    "id": "abel2007",
    "service": "pubmed",
    "identifier": "17879657",
    "checked": "2026-01-31",
    "result": "matches",
}


def status(data, *rows: dict[str, str]) -> evidence.Evidence:
    """The copy with rows in its table of the status."""
    header = data.read("source_status")[0]
    filled = [ROW | {"notice": "none"} | row for row in rows]
    data.write(
        "source_status",
        [
            header,
            *[
                [f"{r['id']}:{r['service']}", *(r.get(name, "") for name in header[1:])]
                for r in filled
            ],
        ],
    )
    return evidence.load(data.folder)


def test_true_rows_are_not_a_fault(data):
    data.fill("source_status")
    data.fill("searches")
    assert data.faults() == []


def test_nothing_was_checked_yet(ev):
    """The services cannot be reached where the tables were made: what is not known is not there."""
    assert ev.source_status.empty and ev.searches.empty and ev.retracted == []
    assert not ev.names.str.contains("retracted").any()


def test_a_retracted_study_says_so_wherever_its_name_stands(data):
    ev = status(
        data, {"notice": "retraction"}, {"id": "aberg2018", "notice": "expression_of_concern"}
    )
    assert ev.retracted == ["abel2007"]
    assert (
        ev.names["abel2007"] == "Abel 2007 (retracted)"
        and ev.names["aberg2018"] == "Åberg et al. 2018"
    )
    assert evidence.study_table(ev)["study"].iloc[0] == "Abel 2007 (retracted)"


def test_retracted_studies_can_be_left_out(data):
    ev = status(data, {"notice": "retraction"})
    without = ev.select(retracted=False)
    assert (
        len(without) == len(ev) - 1
        and "abel2007" not in set(without.findings["study_id"])
        and without.retracted == []
    )
    assert without.selection.to_dict("records") == [
        {"what": "not retracted", "kept": len(ev) - 1, "removed": 1, "unknown": 0}
    ]
    assert ev.select(retracted=True).studies["study_id"].to_list() == ["abel2007"]
    assert len(ev.select(retracted=None)) == len(ev)


def test_a_retracted_review_leaves_with_what_it_says(data):
    ev = evidence.load()
    review = ev.pooled_estimates["review_id"].iloc[0]
    number = ev.reviews.set_index("review_id").loc[review, "doi"]
    ev = status(
        data,
        {
            "table": "reviews",
            "id": review,
            "service": "crossref",
            "identifier": number,
            "notice": "retraction",
        },
    )
    assert ev.retracted == [review]
    without = ev.select(retracted=False)
    assert len(without) == len(ev) and len(without.reviews) == len(ev.reviews) - 1
    assert review not in set(without.pooled_estimates["review_id"]) | set(
        without.review_conclusions["review_id"]
    )


def test_the_most_serious_of_what_several_services_say_counts(data):
    ev = status(
        data,
        {"notice": "correction", "checked": "2026-02-01"},
        {
            "service": "by_hand",
            "identifier": "",
            "notice": "expression_of_concern",
            "result": "differs",
            "checked": "2026-01-01",
        },
    )
    assert data.faults() == []
    row = worst(ev.dictionary, ev.tables).loc["abel2007"]
    assert row.to_dict() == {
        "result": "differs",
        "notice": "expression_of_concern",
        "checked": "2026-02-01",
        "services": "pubmed; by_hand",
    }


def test_an_id_of_another_table_is_not_a_retraction(data):
    assert status(data, {"table": "reviews", "notice": "retraction"}).retracted == []
    assert any("not a row of reviews" in fault.message for fault in data.faults())


SEARCH = '[[search]]\nname = "a"\nquestion = "risk"\nservice = "pubmed"\nterms = "x"\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    portion(
        [
            ("last_search = 2026-02-30\n" + SEARCH, 1, "TOML"),
            ('last_search = "yesterday"\n' + SEARCH, 1, "not a date"),
            ('last_search = ""\ncontact = "nobody"\n' + SEARCH, 2, "not an email address"),
            (SEARCH.replace("risk", "cure"), 3, "not a question of this data set"),
            (SEARCH.replace("pubmed", "scholar"), 4, "cannot be searched"),
            (SEARCH + SEARCH, 2, "not a name of its own"),
            (SEARCH.replace('"x"', '" "'), 5, "has no terms"),
            ("", 0, "there is no search here"),
            ("[[search]\n", 1, "TOML"),
            ("a = " + "[" * 3000, 0, "nested too deeply"),
            ("a = " + "9" * 5000, 0, "too many digits"),
            ("search = 3\n", 1, "there is no search here"),
            ('search = ["a"]\n', 1, "there is no search here"),
        ],
        3,
    ),
)
def test_a_wrong_search_is_found(data, text, line, words):
    (data.folder / "search.toml").write_text(text, encoding="utf-8")
    found = [fault for fault in data.faults() if Path(fault.file).name == "search.toml"]
    assert (
        len(found) == 1 and found[0].line == line and words in found[0].message and found[0].allowed
    )
    with pytest.raises(DataError, match="saved search"):
        read_search(read_dictionary(data.folder))


def test_the_last_search_may_have_a_time_of_day(data):
    (data.folder / "search.toml").write_text("last_search = 2026-03-01T10:00:00Z\n" + SEARCH)
    assert read_search(read_dictionary(data.folder)).last == date(2026, 3, 1)


def test_a_missing_search_is_named(data):
    (data.folder / "search.toml").unlink()
    assert [fault.message.split(":")[0] for fault in data.faults()] == ["cannot be read"]


def test_the_saved_search_is_whole(ev):
    saved = read_search(ev.dictionary)
    assert {(search.question, search.service) for search in saved.searches} == {
        (q, s) for q in ("risk", "treatment") for s in ("pubmed", "europepmc")
    }
    assert saved.last is None and saved.contact == ""
    for search in saved.searches:
        assert (
            search.terms.count("(") == search.terms.count(")")
            and search.terms.count('"') % 2 == 0
            and "\n" not in search.terms
        )


def test_only_the_day_of_the_search_is_written(data):
    path = data.folder / "search.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(with_last(before, date(2026, 3, 1)), encoding="utf-8")
    saved = read_search(read_dictionary(data.folder))
    assert saved.last == date(2026, 3, 1) and data.faults() == []
    changed = [
        (a, b)
        for a, b in zip(
            before.splitlines(), path.read_text(encoding="utf-8").splitlines(), strict=True
        )
        if a != b
    ]
    assert changed == [('last_search = ""', 'last_search = "2026-03-01"')]
    assert (
        with_last(path.read_text(encoding="utf-8"), date(2026, 4, 1)).count(
            'last_search = "2026-04-01"'
        )
        == 1
    )


@pytest.mark.parametrize(
    "text", ["", "[settings]\nlast_search = ''\n", 'a = """\nlast_search = ""\n"""\n']
)
def test_a_day_is_never_written_to_the_wrong_place(text):
    with pytest.raises(DataError, match="last_search"):
        with_last(text, date(2026, 3, 1))


def test_no_status_at_all(ev):
    """A data set without such a table has no retraction."""
    plain = ev.with_tables(
        {name: table for name, table in ev.tables.items() if name != "source_status"}
    )
    assert plain.retracted == [] and isinstance(worst(plain.dictionary, plain.tables), pd.DataFrame)
    assert len(plain.select(retracted=False)) == len(ev)
