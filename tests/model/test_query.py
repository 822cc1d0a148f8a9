"""One query: the same filters through Python, the command line and the address of the page."""

from __future__ import annotations

import contextlib
import io
import json
import shlex

import pytest

import evidence
from evidence.cli import main
from evidence.commands.common import filters, query_of
from evidence.model.columns import asked_column, contrast_of_studies
from evidence.model.contrasts import contrasts
from evidence.model.query import Query

# Keywords, options of a command, and the address of the page, for the same counted studies.
SAME = {
    "one column": (
        {"question": "risk"},
        "--question risk",
        "question=risk",
    ),
    "two designs of people": (
        {"population": "human", "design": ["rct", "cohort"]},
        "--population human --where design=rct,cohort",
        "population=human&design=rct,cohort",
    ),
    "an item of a list": (
        {"sport": "soccer"},
        "--where sport=soccer",
        "sport=soccer",
    ),
    "years and size": (
        {"years": (2000, 2015), "min_sample_size": 30},
        "--from-year 2000 --to-year 2015 --min-sample-size 30",
        "from=2000&to=2015&n=30",
    ),
    "a column of findings": (
        {"outcome_domain": ["survival", "function"], "population": "animal"},
        "--where outcome_domain=survival --where outcome_domain=function --population animal",
        "outcome_domain=survival,function&population=animal",
    ),
    "one report per cohort": (
        {"question": "risk", "one_per_cohort": True, "overlap": "certain"},
        "--question risk --one-per-cohort --overlap certain",
        "question=risk&cohorts=certain",
    ),
    "free text with a comma": (
        {"animal_model": "SOD1-G93A mouse, individually housed from day 60"},
        "--where 'animal_model=SOD1-G93A mouse, individually housed from day 60'",
        "animal_model=SOD1-G93A+mouse%2C+individually+housed+from+day+60",
    ),
    "sex and country": (
        {"animal_sex": ["male", "both"], "country": ["Italy", "United States"]},
        "--where animal_sex=male,both --where 'country=Italy,United States'",
        "animal_sex=male,both&country=Italy,United+States",
    ),
    "what follows from a column": (
        {"contrast": "more_against_less", "data_collection": "prospective"},
        "--where contrast=more_against_less --where data_collection=prospective",
        "contrast=more_against_less&data_collection=prospective",
    ),
    "sources of the article, not retracted": (
        {"cited_by_article": True, "retracted": False, "intensity": "*"},
        "--cited-by-article --leave-out-retracted --where 'intensity=*'",
        "cited=1&retracted=0&intensity=*",
    ),
    "all but one value": (
        {"comparator": "not:sham", "genotype": "*"},
        "--where comparator=not:sham --where 'genotype=*'",
        "comparator=not:sham&genotype=*",
    ),
    "no value": (
        {"sport": "not:*", "population": "human"},
        "--where 'sport=not:*' --population human",
        "sport=not:*&population=human",
    ),
    "one value or none": (
        {"sport": ["soccer", "not:*"], "animal_sex": "not:*"},
        "--where 'sport=soccer,not:*' --where 'animal_sex=not:*'",
        "sport=soccer,not:*&animal_sex=not:*",
    ),
}


def ids(ev) -> list[str]:
    return ev.studies["study_id"].to_list()


def through_command(ev, text: str) -> Query:
    from evidence.commands.common import Parser

    parser = Parser()
    filters(parser)
    return query_of(ev, parser.parse_args([*shlex.split(text), "--counted"]))


@pytest.mark.parametrize(("keywords", "options", "address"), SAME.values(), ids=SAME)
def test_three_ways_give_the_same_studies(ev, keywords, options, address):
    chosen = ev.select(**keywords, counted=True)
    assert 0 < len(chosen) < len(ev.select(counted=True))
    assert ids(through_command(ev, options).part(ev)) == ids(chosen)
    assert ids(Query.from_address(ev, f"https://x.org/explore.html#{address}").part(ev)) == ids(
        chosen
    )


@pytest.mark.parametrize(("keywords", "options", "address"), SAME.values(), ids=SAME)
def test_what_a_query_writes_it_reads(ev, keywords, options, address):
    query = Query.of(ev, **keywords, counted=True)
    assert Query.from_address(ev, query.address) == query
    assert through_command(ev, query.options.replace("--counted", "")) == query
    assert ids(eval(query.code, {"ev": ev})) == ids(query.part(ev))
    said = [step.what for step in query.part(ev).steps]
    assert said[: len(query.columns)] == query.said(ev.dictionary)[: len(query.columns)]


@pytest.mark.parametrize("retracted", [True, False, None])
def test_retracted_studies_are_asked_for_in_each_way(ev, retracted):
    """There need not be one in the data."""
    query = Query.of(ev, retracted=retracted, counted=True)
    assert through_command(ev, query.options.replace("--counted", "")) == query
    assert Query.from_address(ev, query.address) == query
    assert ids(eval(query.code, {"ev": ev})) == ids(query.part(ev))


def test_a_command_counts_what_python_counts(ev):
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        code = main(
            ["balance", "--format", "json", *shlex.split("--where sport=soccer --from-year 2010")]
        )
    found = json.loads(stream.getvalue())
    table = evidence.balance(ev.select(sport="soccer", years=(2010, None)))
    assert code == 0 and found["chosen"] == "sport: soccer; from 2010"
    assert [row["harm"] for row in found["rows"]] == table["harm"].to_list()


def test_a_picture_says_what_was_chosen(ev):
    part = ev.select(question="risk", sport="soccer", counted=True)
    assert part.chosen == "getting ALS; sport: soccer" and ev.chosen == ""
    assert "Selection: getting ALS; sport: soccer" in " ".join(part.balance().chart().notes)
    assert "Selection" not in " ".join(ev.balance().chart().notes)


@pytest.mark.parametrize("way", ["code", "options", "address"])
def test_no_condition_is_the_whole(ev, way):
    assert Query().part(ev) is ev and Query().name == "all"
    assert getattr(Query(), way) == ("ev" if way == "code" else "")


def test_how_the_page_shows_is_not_part_of_the_query(ev):
    address = "design=rct&lens=direction&by=design&search=als&order=1asc&picked=a~harm"
    assert Query.from_address(ev, address) == Query.of(ev, design="rct", counted=True)


def test_a_query_in_words(ev):
    query = Query.of(
        ev,
        question="treatment",
        design=["rct", "cohort"],
        comparator="not:sham",
        country="*",
        years=(None, 2010),
        min_sample_size=1000,
        one_per_cohort=True,
        counted=False,
        retracted=False,
    )
    assert query.said(ev.dictionary) == [
        "exercising with ALS",
        "design: randomised trial or cohort study",
        "comparator: other than sham",
        "country: stated",
        "set aside",
        "not retracted",
        "to 2010",
        "at least 1,000 took part",
        "one report per cohort, possible overlaps too",
    ]


def test_names_of_files_are_safe_and_distinct(ev):
    queries = [
        Query.of(ev, country="Italy"),
        Query.of(ev, animal_model="SOD1-G93A mouse, individually housed from day 60"),
        Query.of(ev, design=list(ev.labels("design"))[:8]),
        Query.of(ev, design=list(ev.labels("design"))[:9]),
        Query.of(ev, question="risk", counted=False),
        Query.of(ev, question="*"),
    ]
    names = [query.name for query in queries]
    assert len(set(names)) == len(names) and max(map(len, names)) < 80
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"desing": "rct"}, "did you mean 'design'?"),
        ({"min_sample": 3}, "did you mean 'min_sample_size'?"),
        ({"design": "RCT"}, r"design is never 'RCT' \(did you mean 'rct'\?\); allowed: rct, "),
        ({"design": "Randomised trial"}, r"did you mean 'rct'\?"),
        ({"country": "italy"}, r"country is never 'italy' \(did you mean 'Italy'\?\)"),
        ({"sport": "socer"}, "did you mean 'soccer'"),
        ({"sport": "soccer;golf"}, "sport is never"),
        ({"contrast": "none_at_all"}, "contrast is never 'none_at_all'"),
        ({"comparator": "not:nothing"}, "comparator is never 'nothing'"),
        ({"years": 2000}, "first and last year"),
        ({"one_per_cohort": True, "overlap": "sure"}, "allowed: possible, certain"),
        ({"design": 3}, "allowed: a text"),
        ({"design": []}, "design is given no value"),
        ({"counted": []}, "counted is given no value"),
        ({"counted": "no"}, "counted is 'no'; allowed: true or false"),
        ({"retracted": "no"}, "retracted is 'no'; allowed: true or false"),
        ({"retracted": []}, r"retracted is \[\]; allowed: true or false"),
        ({"one_per_cohort": "no"}, "one_per_cohort is 'no'; allowed: true or false"),
        ({"cited_by_article": 0}, "cited_by_article is 0; allowed: true or false"),
        ({"years": (2000, 1990)}, r"first year \(2000\) is after the last \(1990\)"),
        ({"year": "20I8"}, "allowed: a whole number"),
    ],
)
def test_wrong_keywords(ev, keywords, words):
    with pytest.raises(evidence.UsageError, match=words):
        ev.select(**keywords)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("desing=rct", "did you mean 'design'"),
        ("from=20I8", "whole number"),
        ("cohorts=sure", "allowed: possible, certain"),
        ("design=,", "design is given no value"),
        ("counted=false", "the page shows counted studies"),
        ("counted=true", "the page shows counted studies"),
        ("from=2000&from=2010", "from is in the address more than once, as '2000' and '2010'"),
        ("from=&from=2010", "from is in the address more than once"),
        ("cohorts=possible&cohorts=certain", "cohorts is in the address more than once"),
        ("from=0x7d0", "from is '0x7d0'"),
        ("to=1e3", "to is '1e3'"),
        ("n=20.7", "n is '20.7'"),
        ("n=٢٠", "whole number"),
    ],
)
def test_wrong_addresses(ev, address, words):
    with pytest.raises(evidence.UsageError, match=words):
        Query.from_address(ev, address)


def test_what_an_address_says_twice_alike_or_not_at_all_is_fine(ev):
    query = Query.of(ev, design="rct", years=(2000, None), counted=True)
    assert Query.from_address(ev, "from=2000&to=&design=rct&from=2000&sport=&cohorts=") == query


def test_a_part_may_lack_a_value_that_the_whole_has(ev):
    animals = ev.select(population="animal")
    assert len(animals.select(sport="soccer")) == 0 == len(animals.select(country="Portugal"))


def test_values_typed_as_text(ev):
    query = Query.parse(ev, ["year=2018,2019", "counted=true", "population=human"])
    part = query.part(ev)
    assert set(part.studies["year"]) == {2018, 2019} and part.studies["counted"].all()
    assert query == Query.of(ev, year=[2018, 2019.0], counted=True, population="human")


def test_a_list_meets_a_condition_by_any_item(ev):
    cells = ev.studies["sport"].dropna()
    several = cells[cells.str.contains(";")]
    assert len(several)
    for cell in several:
        for item in cell.split(";"):
            assert set(several[several == cell].index) <= set(
                ev.studies.index[ev.studies["study_id"].isin(ids(ev.select(sport=item)))]
            )
    without = ev.select(sport="not:soccer").studies["sport"].dropna()
    assert not without.str.split(";").explode().eq("soccer").any()


def test_what_is_ruled_out(ev):
    both = ev.select(comparator=["not:sham", "not:no_exercise"])
    kept = ~ev.studies["comparator"].isin(["sham", "no_exercise"])
    assert ids(both) == ev.studies.loc[kept, "study_id"].to_list()
    assert both.chosen == "comparator: other than sham or no exercise"
    stated = ev.select(comparator=["*", "not:sham"])
    assert stated.studies["comparator"].notna().all() and len(stated) < len(both) + 50
    assert "sham" not in set(stated.studies["comparator"])


@pytest.mark.parametrize("column", ["sport", "sample_size", "article_reference"])
def test_cells_without_a_value(ev, column):
    """In a column of texts and of numbers; all others have any value."""
    empty = ev.studies[column].isna()
    none, any_value = ev.select(**{column: "not:*"}), ev.select(**{column: "*"})
    assert ids(none) == ev.studies.loc[empty, "study_id"].to_list()
    assert ids(any_value) == ev.studies.loc[~empty, "study_id"].to_list()
    assert none.chosen.endswith(": not stated") and any_value.chosen.endswith(": stated")
    assert len(ev.select(**{column: ["*", "not:*"]})) == len(ev)
    names = {Query.of(ev, **{column: value}).name for value in ("*", "not:*")}
    assert len(names) == 2


def test_findings_without_a_value(ev):
    found = ev.select(p_operator="not:*")
    assert 0 < len(found) < len(ev) and found.findings["p_operator"].isna().all()
    both = ev.select(sport=["soccer", "not:*"])
    assert both.chosen == "sport: soccer or not stated"
    assert len(both) == len(ev.select(sport="soccer")) + len(ev.select(sport="not:*"))


def test_the_contrast_is_that_of_the_main_finding(ev):
    contrast = contrast_of_studies(ev).set_axis(ev.studies["study_id"])
    table = evidence.results(ev)
    main = table[table["is_primary"]].set_index("study_id")
    marks = {
        column: {
            c.value: c.extra.get("contrast")
            for c in ev.dictionary.field(column, "studies").categories
        }
        for column in ("comparator", "exposure")
    }
    for study, row in main.iterrows():
        wanted = marks["exposure"].get(row["exposure"]) or marks["comparator"].get(
            row["comparator"]
        )
        found = contrast[study]
        assert (found if isinstance(found, str) else None) == wanted, study


def test_values_that_can_be_asked_for(ev):
    values = {
        name: asked_column(ev.dictionary, name).values(ev)
        for name in ("sport", "contrast", "country", "species", "genotype", "reading")
    }
    assert values["sport"]["soccer"] == "Soccer" and not any(";" in one for one in values["sport"])
    assert next(iter(values["contrast"])) == "against_none"
    assert "Italy" in values["country"] and all(values.values())


def test_findings_of_another_contrast_leave_with_a_condition_on_it(ev):
    """In whatever order conditions stand; the outcome is then one of what compares so."""
    part = ev.select(contrast="against_none", design="rct", counted=True)
    assert set(contrasts(part)) == {"against_none"}
    assert set(part.studies["study_id"]) == set(part.findings["study_id"])
    rest = ev.select(contrast="not:against_none", counted=True)
    assert "against_none" not in set(contrasts(rest)) and contrasts(rest).isna().any()
    both = {"contrast": "against_none", "outcome_domain": "function"}
    one, other = ev.select(**both), ev.select(**dict(reversed(both.items())))
    assert one.findings.equals(other.findings) and set(contrasts(one)) == {"against_none"}
    assert set(one.studies["study_id"]) == set(one.findings["study_id"])


def test_no_contrast_without_the_setting(ev, root):
    example = evidence.load(root / "examples" / "exercise_after_infarction")
    with pytest.raises(evidence.UsageError, match="no column 'contrast'"):
        example.select(contrast="none")
