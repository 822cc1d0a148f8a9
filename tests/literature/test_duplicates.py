"""The same paper again, studies that may be known, and what is most like those in the table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evidence
from evidence.literature.duplicates import COLUMNS, of_entries, of_records, same_papers
from evidence.literature.likeness import likeness, weights
from evidence.literature.not_read import perhaps
from evidence.literature.record import Author, Record

TITLE = "Resistance training in people with motor neurone disease: a trial"


def paper(
    doi: str = "",
    pmid: str = "",
    title: str = TITLE,
    year: int | None = 2020,
    family: str = "Abe",
    pmcid: str = "",
    **more,
) -> Record:
    return Record(
        "pubmed",
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        titles=(title,) if title else (),
        years=(("issue", year),) if year else (),
        authors=(Author(family),) if family else (),
        **more,
    )


def first(*records: Record) -> list[int]:
    return same_papers(of_records(list(records))).tolist()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            paper("10.1/a", title="Quite"),
            paper("10.1/a", title="Different", year=1990, family="Bo"),
            True,
        ),
        (paper(pmid="7", title="Quite"), paper(pmid="7", title="Different", family="Bo"), True),
        (
            paper(pmcid="PMC7", title="Quite"),
            paper(pmcid="PMC7", title="Different", family="Bo"),
            True,
        ),
        (paper("10.1/a"), paper(pmid="7"), True),
        (paper("10.1/a"), paper(pmid="7", year=2021), True),
        (paper("10.1/a"), paper(pmid="7", year=2022), False),
        (paper("10.1/a"), paper(pmid="7", year=None), True),
        (paper("10.1/a"), paper(pmid="7", family="Bo"), False),
        (paper("10.1/a", family="van den Berg"), paper(pmid="7", family="Berg"), True),
        (paper("10.1/a", family="Ångström"), paper(pmid="7", family="Angstrom"), True),
        (paper("10.1/a"), paper(pmid="7", title=TITLE.upper().replace(":", ".")), True),
        (
            paper("10.1/a"),
            paper(
                pmid="7", title="Resistance training of people with motor neurone disease: a trial"
            ),
            True,
        ),
        (
            paper("10.1/a"),
            paper(pmid="7", title="Breathing exercises in people with motor neurone disease"),
            False,
        ),
        (paper("10.1/a"), paper("10.1/b"), True),  # a preprint and its paper
        (
            paper("10.1/a", title=TITLE + ", part I"),
            paper("10.1/b", title=TITLE + ", part II"),
            False,
        ),
        (
            paper("10.1/a", title=TITLE + ", part I"),
            paper(pmid="7", title=TITLE + ", part I"),
            True,
        ),
        (paper("10.1/a"), paper(pmid="7", family=""), True),
        (paper("10.1/a", title="Reply"), paper(pmid="7", title="Reply", family=""), False),
        (paper("10.1/a", title=""), paper(pmid="7", title=""), False),
    ],
)
def test_two_records(one, other, same):
    assert first(one, other) == ([0, 0] if same else [0, 1]) and first(other, one) == (
        [0, 0] if same else [0, 1]
    )


def test_a_chain_of_records_is_one_paper():
    chain = [
        paper("10.1/a", title="x"),
        paper("10.1/a", "7", title="y"),
        paper(pmid="7", title="z"),
        paper("10.1/b", title="w", family="Bo"),
    ]
    assert first(*chain) == [0, 0, 0, 3] and first() == []


def test_every_entry_of_the_tables_is_a_paper_of_its_own(ev):
    entries = of_entries(ev)
    assert (
        same_papers(entries).tolist() == list(range(len(entries)))
        and list(entries.columns) == COLUMNS
    )


def test_many_records_take_no_long_time(ev):
    """Records of one family name are compared with each other only."""
    papers = pd.DataFrame({name: [""] * 4_000 for name in COLUMNS}).assign(
        words=[f"title of paper number {i} about something" for i in range(4_000)],
        family=[f"name{i % 400}" for i in range(4_000)],
        year=2020.0,
        doi=[f"10.1/{i}" for i in range(4_000)],
    )
    assert same_papers(papers).tolist() == list(range(4_000))


@pytest.mark.parametrize(
    ("record", "known"),
    [
        (paper(title="Exercise (NCT01650818)", family="Nobody"), "nct01650818"),
        (
            paper(abstract="Registered as ACTRN12608000238370.", family="Nobody"),
            "actrn12608000238370",
        ),
        (paper(family="D'Ovidio", year=2018), "dovidio2018"),
        (paper(family="D'Ovidio", year=2019), ""),
        (paper(family="Piantella", year=2023), "piantella"),  # its year is not known
        (paper(family="Abe"), ""),
        (paper(family=""), ""),
    ],
)
def test_what_is_known_but_was_not_read(ev, record, known):
    assert perhaps(ev, [record]) == [known]


def test_what_is_known_by_its_doi(data):
    data.change("not_read", "batty2021", reference="Batty et al., https://doi.org/10.1136/x-056323")
    ev = evidence.load(data.folder)
    assert perhaps(ev, [paper("10.1136/x-056323", family="Nobody")]) == ["batty2021"]


def test_a_data_set_without_such_studies(ev):
    plain = ev.with_tables({name: table for name, table in ev.tables.items() if name != "not_read"})
    assert perhaps(plain, [paper()]) == [""]


def test_the_weights_are_those_of_scikit_learn(root: Path):
    reference = json.loads(
        (root / "tests" / "reference" / "tfidf.json").read_text(encoding="utf-8")
    )
    vectors = weights(reference["texts"])
    np.testing.assert_allclose((vectors @ vectors.T).toarray(), reference["cosines"], atol=1e-9)


def test_what_is_more_like_comes_first(ev):
    models = (ev.studies["title"] + " " + ev.studies["note"].fillna("")).to_list()
    scores, nearest = likeness(
        ["Treadmill running of SOD1-G93A mice and survival", "Deep learning for bridges", ""],
        models,
    )
    assert scores[0] > 3 * scores[1] > scores[2] == 0 and nearest[2] == -1
    assert "mice" in models[nearest[0]].lower() or "treadmill" in models[nearest[0]].lower()
    assert [part.tolist() for part in likeness([], models)] == [[], []] and likeness(["a b"], [])[
        1
    ].tolist() == [-1]
