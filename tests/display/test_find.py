"""Looking for words: everything is searched, word forms and synonyms count, nothing is silent."""

from __future__ import annotations

import csv
import io
import json

import pytest

import evidence
from evidence.cli import main
from evidence.display.find import find
from evidence.display.search_text import search_text, stems


def ids(found) -> set[str]:
    return set(found["id"])


# What readers ask for, and a study that speaks of it.
ASKED = {
    "soccer": "pupillo2020",
    "football": "lehman2012",
    "C9orf72": "westeneng2021",
    "c9": "westeneng2021",
    "SOD1": "golini2023",
    "fatigue": "silva2024",
    "mice": "kaspar2005",
    "Italian": "chio2005",
    "falls": "clawson2018",
    "Portugal": "alves2025",
    "Aberg": "aberg2018",
    "ÅBERG": "aberg2018",
    "randomized trial": "clawson2018",
    "2021 soccer": "gamez2021",
    "swimmers": "deforges2009",
    "Lou Gehrig": "abel2007",
    "female mice": "mahoney2004",
}


@pytest.mark.parametrize(("words", "study"), ASKED.items(), ids=ASKED)
def test_readers_find_what_they_ask_for(ev, words, study):
    found = find(ev, words)
    assert study in ids(found), list(found["id"])
    assert found["score"].is_monotonic_decreasing and found["found_in"].ne("").all()


def test_every_study_of_a_sport_is_found(ev):
    assert set(ev.select(sport="soccer").studies["study_id"]) <= ids(find(ev, "soccer"))
    both = set(ev.select(sport=["soccer", "american_football"]).studies["study_id"])
    assert both <= ids(find(ev, "football"))
    assert set(ev.select(species="mouse").studies["study_id"]) <= ids(find(ev, "mice"))


def test_every_title_author_year_and_outcome_can_be_found(ev):
    """Each study by its own words, first or among those that share them."""
    firsts = ev.studies.assign(author=ev.studies["study_id"].str.extract(r"^([a-z]+)")[0])
    for study in firsts.head(8).to_dict("records"):
        assert find(ev, study["title"])["id"].iloc[0] == study["study_id"]
        assert study["study_id"] in ids(find(ev, f"{study['year']} {study['study_id']}"))
    outcome = ev.findings.drop_duplicates("outcome_domain")
    for row in outcome.to_dict("records"):
        label = ev.dictionary.label("outcome_domain", row["outcome_domain"])
        assert row["study_id"] in ids(find(ev, label)), label


def test_the_finding_that_speaks_of_it_is_shown(ev):
    found = find(ev, "falls").frame.set_index("id")
    assert "falls" in found.loc["clawson2018", "finding"] and found.loc["clawson2018", "note"]


def test_the_word_itself_counts_more_than_a_synonym(ev):
    found = find(ev, "Lou Gehrig")
    assert found["id"].iloc[0] == "abel2007" and len(found) > 50


def test_all_words_must_be_spoken_of(ev):
    both = ids(find(ev, "swimming females"))
    assert both and both < ids(find(ev, "swimming")) and both < ids(find(ev, "females"))
    some = find(ev, "golf rat")
    assert ids(some) == ids(find(ev, "golf")) | ids(find(ev, "rat"))
    assert "nothing speaks of all of it" in some.said and not some.missed


def test_a_word_that_nothing_speaks_of_is_named(ev):
    found = find(ev, "soccer zebra")
    assert found.missed == ("zebra",) and '"zebra"' in found.said
    assert ids(found) == ids(find(ev, "soccer"))


def test_nothing_found_says_what_was_searched(ev):
    found = find(ev, "socer")
    assert len(found) == 0 and found.near[0] == "soccer"
    for words in ("title", "authors", "Nearest words: soccer", f"{len(ev)} studies"):
        assert words in found.said
    assert {"note", "statement", "outcome", "sport", "genotype", "country"} <= set(found.searched)
    assert found.said in repr(found) and "soccer" in found._repr_html_()


def test_a_selection_finds_its_studies_alone(ev):
    part = ev.select(design="cohort")
    found = find(part, "football")
    assert set(found["table"]) == {"studies"} and ids(found) <= set(part.studies["study_id"])


def test_without_a_word(ev):
    with pytest.raises(evidence.UsageError, match="at least one word"):
        find(ev, " the … ")


def test_word_forms():
    assert stems("Swimming swimmers swims swim") == ["swim"] * 4
    assert stems("study studies") == ["stud"] * 2
    assert stems("exercise exercised exercising") == ["exercis"] * 3
    assert stems("rate") != stems("rat") and stems("SOD1-G93A") == ["sod1", "g93a"]


def test_what_is_not_there_is_not_searched(ev):
    text = search_text(ev)
    assert text["text"].notna().all() and not text["column"].isin(["confidence", "doi_x"]).any()
    known = {"studies": ev.studies["study_id"], "reviews": ev.reviews["review_id"]}
    for table, part in text.groupby("table"):
        assert set(part["id"]) == set(known[table])


@pytest.mark.parametrize("name", ["exercise_after_infarction"])
def test_another_data_set(root, name):
    other = evidence.load(root / "examples" / name)
    title = other.studies["study_id"].iloc[0]
    assert title in ids(find(other, title))


def test_an_empty_data_set(tmp_path):
    evidence.new_set(tmp_path / "tea", notebooks=False)
    found = find(evidence.load(tmp_path / "tea"), "tea")
    assert len(found) == 0 and "0 studies" in found.said


def test_the_command(capsys, ev):
    assert main(["find", "falls"]) == 0
    text = capsys.readouterr().out
    assert f"of {len(ev)} studies" in text.splitlines()[0] and "[clawson2018]" in text
    assert main(["find", "soccer", "--format", "csv", "--question", "risk"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    part = find(ev.select(question="risk"), "soccer")
    assert [row["id"] for row in rows] == part["id"].to_list()
    assert main(["find", "socer", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == [] and found["nearest"][0] == "soccer" and found["searched"]


def test_synonyms_are_read_from_the_dictionary(data):
    import json as reader

    path = data.folder / "datapackage.json"
    package = reader.loads(path.read_text(encoding="utf-8"))
    package["evidence"]["synonyms"] = {"zebra": ["soccer"]}
    path.write_text(reader.dumps(package), encoding="utf-8")
    ev = evidence.load(data.folder)
    assert ids(find(ev, "zebra")) == ids(find(ev, "soccer")) and not ids(find(ev, "c9"))
    package["evidence"]["synonyms"] = {"zebra": "soccer"}
    path.write_text(reader.dumps(package), encoding="utf-8")
    with pytest.raises(
        evidence.DataError, match=r"evidence\.synonyms\.zebra: 'soccer' is not a list"
    ):
        evidence.load(data.folder)


def test_studies_are_of_the_studies_and_reviews_of_the_reviews(ev):
    found = find(ev, "soccer")
    n, others = ((found["table"] == table).sum() for table in ("studies", "reviews"))
    assert n and others
    said = f"{n} of {len(ev)} studies and {others} of {len(ev.reviews)} reviews for"
    assert found.said.startswith(said)
    part = ev.select(design="cohort")
    found = find(part, "soccer")
    assert found.said.startswith(f"{len(found)} of {len(part)} studies for")
    none = f"Searched in {len(ev)} studies and {len(ev.reviews)} reviews: "
    assert none in find(ev, "zebra").said
    assert f"Searched in {len(part)} studies: " in find(part, "zebra").said
