"""A column that a dictionary does not have is said to be missing, or done without: no function and
no page ends in an error of Python.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from portion import ALL, portion

import evidence
from evidence.charts.words import words
from evidence.display.codebook import codebook
from evidence.model.core_rules import core_faults
from evidence.model.core_tables import completed
from evidence.model.evidence import Evidence
from evidence.model.schema import known_tables
from evidence.site.glossary import glossary
from evidence.site.pages import Site, pages
from evidence.site.render import environment, page

FUNCTIONS = (
    *("question_answers", "judge_claims", "outcomes", "harms", "programmes", "agreement"),
    *("accuracy", "disclosure", "third_reading", "article_sources", "beside_reviews", "unverified"),
    *("review_union", "covered_area", "cohort_table", "source_checks", "study_flow"),
)
PAGES = (
    *("Answers", "Studies", "Topics", "Claims", "Method and limits"),
    *["Other ways of counting"] * ALL,  # the slowest
)
ROWS = 3  # pages of one kind that are made

# Those that the package knows and does not ask for, and those of this data set alone.
OPTIONAL = [
    (table.name, column.name)
    for table in evidence.load().dictionary.tables.values()
    for column in table.fields
    if column.name not in (table.key, *known_tables()[table.name].needed)
]


@pytest.fixture(scope="module")
def few(ev) -> Evidence:
    """Some studies of each question, some of them with ratings of their quality."""
    studies = ev.counted_studies
    each = studies.groupby(["question", "population"], observed=True).head(3)["study_id"]
    rated = ev.appraisals["study_id"].dropna().drop_duplicates().head(2)
    return ev.select(study_id=sorted({*each, *rated}))


def without(ev: Evidence, table: str, column: str) -> Evidence:
    """The data set as it is loaded where the dictionary does not have the column."""
    old = ev.dictionary
    kept = replace(
        old.tables[table],
        fields=tuple(one for one in old.tables[table].fields if one.name != column),
        foreign_keys=tuple(one for one in old.tables[table].foreign_keys if one.column != column),
    )
    settings = dict(old.settings)
    settings["filters"] = [name for name in old.filters if name != column]
    dictionary = replace(old, tables={**old.tables, table: kept}, settings=settings)
    if faults := core_faults(dictionary, "datapackage.json"):
        raise evidence.DataError("The dictionary lacks what every data set has:", faults)
    tables = {**ev.tables, table: ev.tables[table].drop(columns=column)}
    return Evidence(dictionary, completed(tables), ev.steps)


def show_pages(ev: Evidence, titles=PAGES) -> None:
    site = Site(ev, words(ev))
    made, shown = environment(glossary(ev)), pages(site)
    for one in shown:
        if one.title in titles:
            for rendered in one.render(site)[:ROWS]:
                page(made, site, shown, one, rendered)


@pytest.mark.parametrize(("table", "column"), portion(OPTIONAL, 240))
def test_without_a_column_there_is_an_answer_or_one_message(few, table, column):
    try:
        ev = without(few, table, column)
    except evidence.EvidenceError as error:
        assert column in str(error)
        return
    codebook(ev.dictionary)
    for call in (*(getattr(evidence, name) for name in FUNCTIONS), show_pages):
        try:
            call(ev)
        except evidence.EvidenceError as error:
            assert str(error)


@pytest.mark.parametrize("column", portion(["who", "question", "population"], 3))
def test_what_is_not_told_of_a_question_is_left_out(few, column):
    for one in evidence.question_answers(without(few, "questions", column)):
        said = " ".join([one.title, *one.sentences, *one.details, one.based_on, *one.not_known])
        assert " nan" not in said and said.count("  ") == 0
    show_pages(without(few, "questions", column), ["Answers"])
