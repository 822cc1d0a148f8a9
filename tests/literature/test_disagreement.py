"""Two services that disagree do not agree, and a notice is as serious however it is written."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from evidence.literature.confirm import settled
from evidence.literature.crossref import record as crossref_record
from evidence.literature.europepmc import record as europepmc_record
from evidence.literature.record import NOTICES, Author, Notice, Record
from evidence.model.source_notices import worst

ENTRY = {
    "table": "studies",
    "id": "abel2007",
    "title": "Football increases the risk for a rare disease",
    "year": "2007",
    "author": "Abel, E. L.",
    "container": "Perceptual and Motor Skills",
    "volume": "104",
    "number": "",
    "pages": "1251",
    "doi": "",
    "pmid": "",
    "pmcid": "",
}


def record(service: str, **stated: str) -> Record:
    """What a service knows: surely the same paper, with fields of its own."""
    return Record(
        service,
        titles=(ENTRY["title"],),
        years=(("issue", 2007),),
        authors=(Author("Abel", "E. L."),),
        journals=(ENTRY["container"],),
        **stated,
    )


def asked(ev, field: str, *records: Record):
    """What comes of one marked field."""
    columns = ev.tables["unverified_fields"].columns
    mark = {"unverified_id": "1", "table": "studies", "id": "abel2007", "field": field}
    marks = pd.DataFrame([mark]).reindex(columns=columns)
    marked = ev.with_tables(dict(ev.tables) | {"unverified_fields": marks})
    known = {("abel2007", one.service): one for one in records}
    return settled(marked, pd.DataFrame([ENTRY]), known)


def test_services_that_agree_with_the_entry_confirm_it(ev):
    (one,), said = asked(ev, "volume", *(record(s, volume="104") for s in ("crossref", "pubmed")))
    assert one.confirmed and one.services == ("crossref", "pubmed") and said == []


@pytest.mark.parametrize("volumes", [("104", "105"), ("105", "104"), ("105", "106")])
def test_services_that_disagree_settle_nothing(ev, volumes):
    """Not even when one of them says what stands here."""
    records = [record(s, volume=v) for s, v in zip(("crossref", "pubmed"), volumes, strict=True)]
    found, (said,) = asked(ev, "volume", *records)
    assert found == []
    assert said == f"abel2007: volume: 104 here; crossref: {volumes[0]}; pubmed: {volumes[1]}"


def test_services_that_agree_on_another_value_would_correct_it(ev):
    (one,), said = asked(ev, "volume", *(record(s, volume="105") for s in ("crossref", "pubmed")))
    assert not one.confirmed and one.theirs == "105" and said == []


def test_what_lies_between_two_titles_is_not_agreement(ev):
    """One leaves out the subtitle that the entry has, the other has another subtitle."""
    head = "Football increases the risk for a rare disease"
    entry = ENTRY | {"title": f"{head}: a cohort study"}
    columns = ev.tables["unverified_fields"].columns
    mark = {"unverified_id": "1", "table": "studies", "id": "abel2007", "field": "title"}
    marks = pd.DataFrame([mark]).reindex(columns=columns)
    marked = ev.with_tables(dict(ev.tables) | {"unverified_fields": marks})
    known = {
        ("abel2007", service): replace(record(service), titles=(title,))
        for service, title in (("crossref", head), ("pubmed", f"{head}: a reply to the editor"))
    }
    found, said = settled(marked, pd.DataFrame([entry]), known)
    assert found == [] and len(said) == 1


def test_a_service_that_states_nothing_is_not_asked(ev):
    (one,), said = asked(ev, "volume", record("crossref", volume="104"), record("pubmed"))
    assert one.services == ("crossref",) and said == []


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("retraction", "retraction"),
        ("Retraction", "retraction"),
        ("expression_of_concern", "expression_of_concern"),
        ("expression-of-concern", "expression_of_concern"),
        ("partial-retraction", "partial_retraction"),
        ("partial retraction", "partial_retraction"),
        ("new-version", "none"),
        ("erratum", "correction"),
    ],
)
def test_kinds_of_crossref(written, kind):
    update = {"type": written, "DOI": "10.1/b"}
    said = {"DOI": "10.1/a", "title": ["One"], "updated-by": [update]}
    assert crossref_record(json.dumps(said)).most_serious.kind == kind


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Retraction in", "retraction"),
        ("Expression of concern in", "expression_of_concern"),
        ("Expression-of-concern in", "expression_of_concern"),
        ("Partial-retraction in", "partial_retraction"),
        ("Erratum in", "correction"),
        ("Comment on", "none"),
    ],
)
def test_kinds_of_europe_pmc(written, kind):
    note = {"type": written, "source": "MED", "id": "1"}
    said = {"id": "1", "source": "MED", "title": "One.", "doi": "10.1/a"}
    said["commentCorrectionList"] = {"commentCorrection": [note]}
    assert europepmc_record(json.dumps(said)).most_serious.kind == kind


@pytest.mark.parametrize("written", ["Retracted Publication", "retracted-publication"])
def test_types_of_europe_pmc(written):
    said = {"id": "1", "source": "MED", "title": "One.", "doi": "10.1/a"}
    said["pubTypeList"] = {"pubType": [written, "Journal Article"]}
    assert europepmc_record(json.dumps(said)).most_serious.kind == "retraction"


def test_the_most_serious_of_several_notices_counts(ev):
    notices = tuple(Notice(kind, kind) for kind in ("correction", "retraction", "none"))
    assert Record("crossref", notices=notices).most_serious.kind == "retraction"
    rows = [
        {"id": "abel2007", "service": service, "notice": kind, "result": result, "checked": day}
        for service, kind, result, day in (
            ("crossref", "correction", "differs", "2026-01-05"),
            ("pubmed", "retraction", "matches", "2026-01-04"),
        )
    ]
    table = ev.dictionary.tables["source_status"]
    status = pd.DataFrame(rows).reindex(columns=[field.name for field in table.fields])
    found = worst(ev.dictionary, {"source_status": status}).loc["abel2007"]
    assert (found["notice"], found["result"]) == ("retraction", "differs")
    assert found["checked"] == "2026-01-05" and found["services"] == "crossref; pubmed"
    assert NOTICES[-1] == "retraction"
