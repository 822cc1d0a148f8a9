"""Changes of one cell of the tables, each where a notebook shows the cell or what is counted or
computed from it.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator

import pandas as pd
from mutation import ROOT, Mutation, short

TESTS = ("tests/display/test_contents.py", "tests/checks/test_statements.py")
TABLE_OF_STUDIES = ("who_was",)
COLUMNS = 40
CONSISTENT = (
    *(
        ("findings", column, 2)
        for column in ("estimate", "ci_low", "ci_high", "statement", "outcome")
    ),
    *(("studies", column, 2) for column in ("country", "duration_weeks", "note", "sample_size")),
)
EXAMPLE, EXAMPLE_TESTS, EXAMPLE_NOTEBOOK = (
    "examples/exercise_after_infarction",
    ("tests/tables/test_example.py",),
    ("three_messages",),
)


class Tables:
    """The tables of a folder as text, and their vocabularies."""

    def __init__(self, folder: str = "data", tests: tuple[str, ...] = TESTS) -> None:
        self.folder, self.tests = folder, tests
        package = json.loads((ROOT / folder / "datapackage.json").read_text(encoding="utf-8"))
        self.rows: dict[str, list[dict[str, str]]] = {}
        self.words: dict[tuple[str, str], list[str]] = {}
        for resource in package["resources"]:
            name = resource["name"]
            with (ROOT / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                self.rows[name] = list(csv.DictReader(file))
            for field in resource["schema"]["fields"]:
                self.words[name, field["name"]] = list(field.get("constraints", {}).get("enum", []))

    def key(self, table: str) -> str:
        return next(iter(self.rows[table][0]))

    def text(self, table: str, changed: int, cells: dict[str, str] | None) -> str:
        """The table with one row changed, or without it."""
        rows = list(self.rows[table])
        rows[changed : changed + 1] = [] if cells is None else [rows[changed] | cells]
        return csv_text(rows)


def csv_text(rows: list[dict[str, str]]) -> str:
    """Rows as the file of a table."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def another(old: str, words: list[str], chance: random.Random) -> str:
    """A value of the same kind that is not the old one: another word, the other truth, a tenth
    more, a changed word of the text.
    """
    if words:
        return chance.choice([word for word in words if word != old])
    if old in ("true", "false"):
        if old == "true":
            return "false"
        return "true"
    try:
        number = float(old)
    except ValueError:
        if old:
            return old + " indeed"
        return "indeed"
    if number.is_integer() and "." not in old:
        return str(int(number) + max(1, round(abs(number) * 0.1)))
    if number:
        return f"{number * 1.1:.6g}"
    return "0.5"


def mutations(seed: int) -> list[Mutation]:
    """Every change of this room."""
    import evidence

    tables, ev = Tables(), evidence.load(ROOT / "data")
    example = Tables(EXAMPLE, EXAMPLE_TESTS)
    found = [
        found
        for of, made in ((tables, groups(tables, ev)), (example, _of_example()))
        for group in made
        for found in _drawn(of, random.Random(f"{seed} {group[:3]}"), *group)
    ]
    return [*found, *_columns(tables, seed), *_consistent(tables, seed)]


def _columns(tables: Tables, seed: int) -> Iterator[Mutation]:
    """One cell of some columns, whether anybody shows them or not: half the columns a seed."""
    chance = random.Random(f"{seed} columns")
    places = [
        (table, column)
        for table, rows in tables.rows.items()
        if rows
        for column in rows[0]
        if any(row[column] for row in rows)
    ]
    for table, column in sorted(chance.sample(places, min(COLUMNS, len(places)))):
        filled = [n for n, row in enumerate(tables.rows[table]) if row[column]]
        number = chance.choice(filled)
        row = tables.rows[table][number]
        new = another(row[column], tables.words[table, column], chance)
        name = f"{table} {row[tables.key(table)]} {column}: {short(row[column])} -> {short(new)}"
        text = tables.text(table, number, {column: new})
        files = ((f"data/{table}.csv", text),)
        yield Mutation("column", name, files, TESTS, ask="tests first")


def _consistent(tables: Tables, seed: int) -> Iterator[Mutation]:
    """A cell together with all that readers wrote of it, so that nothing contradicts it but the
    sentence beside it, or a page that shows it.
    """
    chance = random.Random(f"{seed} consistent")
    readings = tables.rows["readings"]
    for table, column, most in CONSISTENT:
        rows = [n for n, row in enumerate(tables.rows[table]) if row[column]]
        for number in sorted(chance.sample(rows, min(most, len(rows)))):
            row = tables.rows[table][number]
            old = row[column]
            new = another(old, tables.words[table, column], chance)
            kept = {"study_id": row["study_id"], "finding_id": row.get("finding_id", "")}
            told = [
                {
                    cell: new if cell.endswith("_reading") and value == old else value
                    for cell, value in one.items()
                }
                if one["field"] == column and all(one[name] == kept[name] for name in kept)
                else one
                for one in readings
            ]
            files = (
                (f"data/{table}.csv", tables.text(table, number, {column: new})),
                ("data/readings.csv", csv_text(told)),
            )
            place = f"{table} {row[tables.key(table)]} {column}"
            name = f"{place} and its readings: {short(old)} -> {short(new)}"
            yield Mutation("cell and readings", name, files, TESTS, ask="tests first")


Group = tuple[str, str, int, Callable[[dict[str, str]], bool], tuple[str, ...]]


def _drawn(
    tables: Tables,
    chance: random.Random,
    table: str,
    column: str,
    most: int,
    chosen: Callable[[dict[str, str]], bool],
    first: tuple[str, ...],
) -> Iterator[Mutation]:
    candidates = [number for number, row in enumerate(tables.rows[table]) if chosen(row)]
    for number in sorted(chance.sample(candidates, min(most, len(candidates)))):
        row = tables.rows[table][number]
        place = (
            f"{'' if tables.folder == 'data' else tables.folder + ': '}{table}"
            f" {row[tables.key(table)]}"
        )
        if column == "(row)":
            files = ((f"{tables.folder}/{table}.csv", tables.text(table, number, None)),)
            yield Mutation("row", f"{place}: row -> gone", files, tables.tests, first)
            continue
        old = row[column]
        words = tables.words[table, column]
        new = _new(column, old, words, chance)
        cells = {column: new} | (
            {"cohort_overlap": "", "cohort_representative": ""} if column == "cohort" else {}
        )
        name = f"{place} {column}: {short(old)} -> {short(new)}"
        files = ((f"{tables.folder}/{table}.csv", tables.text(table, number, cells)),)
        yield Mutation("cell", name, files, tables.tests, first)


def _new(column: str, old: str, words: list[str], chance: random.Random) -> str:
    """A year moves by one, a direction is reversed, a cohort is left; else any other value."""
    if column == "cohort":
        return ""
    if column == "year":
        return str(int(old) - 1)
    if column == "observed_direction":
        if old == "harm":
            return "benefit"
        return "harm"
    return another(old, words, chance)


def groups(tables: Tables, ev) -> Iterator[Group]:
    """Table, column, how many, which rows, and the notebooks that show them."""
    studies = {row["study_id"]: row for row in tables.rows["studies"]}
    counted = {study for study, row in studies.items() if row["counted"] == "true"}

    def part(question: str, population: str) -> set[str]:
        return {
            study
            for study in counted
            if (studies[study]["question"], studies[study]["population"]) == (question, population)
        }

    risk, treated, animals = (
        part("risk", "human"),
        part("treatment", "human"),
        part("treatment", "animal"),
    )

    def of(ids: set[str], *filled: str) -> Callable[[dict[str, str]], bool]:
        return lambda row: row["study_id"] in ids and all(row[column] for column in filled)

    # The table of all studies shows these.
    for column, most in (
        ("year", 5),
        ("sample_size", 6),
        ("design", 4),
        ("question", 2),
        ("population", 3),
        ("counted", 4),
    ):
        yield "studies", column, most, lambda row, c=column: bool(row[c]), TABLE_OF_STUDIES
    yield (
        "studies",
        "direction",
        3,
        lambda row: row["study_id"] not in counted and bool(row["direction"]),
        TABLE_OF_STUDIES,
    )
    # Counts of counted studies.
    yield (
        "studies",
        "not_counted_because",
        3,
        lambda row: bool(row["not_counted_because"]),
        TABLE_OF_STUDIES,
    )
    yield "studies", "data_collection", 3, of(counted, "data_collection"), TABLE_OF_STUDIES
    yield "studies", "exposure", 3, of(risk, "exposure"), ("which_way", "the_risk")
    yield "studies", "intensity", 3, of(counted, "intensity"), ("which_way",)
    yield (
        "studies",
        "exercise_type",
        3,
        of(treated | animals, "exercise_type"),
        ("animal", "help_people", "teaching"),
    )
    yield "studies", "animal_sex", 2, of(animals, "animal_sex"), ("animal",)
    yield "studies", "species", 2, of(animals, "species"), ("animal",)
    shared = pd.Series(
        [studies[study]["cohort"] for study in sorted(counted) if studies[study]["cohort"]]
    ).value_counts()
    several = set(shared[shared > 1].index)
    yield (
        "studies",
        "cohort",
        4,
        lambda row: row["study_id"] in counted and row["cohort"] in several,
        ("which_way", "animal"),
    )
    yield (
        "studies",
        "article_reference",
        2,
        lambda row: bool(row["article_reference"]),
        TABLE_OF_STUDIES,
    )
    yield "studies", "title", 1, lambda row: bool(row["article_reference"]), TABLE_OF_STUDIES
    yield "reviews", "year", 2, lambda row: bool(row["year"]), ("teaching",)
    yield from _findings(tables, ev, counted, treated, animals)
    yield from _pools(tables, ev, treated)


def _findings(
    tables: Tables, ev, counted: set[str], treated: set[str], animals: set[str]
) -> Iterator[Group]:
    findings = tables.rows["findings"]
    domains = pd.Series(
        [f"{row['study_id']} {row['outcome_domain']}" for row in findings]
    ).value_counts()
    alone = set(domains[domains == 1].index)

    def decides(row: dict[str, str]) -> bool:
        """Alone in its outcome domain, so that the vote of its study there is its own."""
        return f"{row['study_id']} {row['outcome_domain']}" in alone and row[
            "observed_direction"
        ] in ("benefit", "harm")

    primary = {
        row["study_id"] for row in findings if row["is_primary"] == "true" and decides(row)
    } & counted
    yield (
        "findings",
        "observed_direction",
        5,
        lambda row: row["study_id"] in primary and row["is_primary"] == "true" and decides(row),
        ("which_way", "the_risk", "help_people"),
    )
    yield (
        "findings",
        "observed_direction",
        3,
        lambda row: row["study_id"] in animals and row["is_primary"] == "false" and decides(row),
        ("animal",),
    )
    lone = {
        row["finding_id"]
        for row in findings
        if row["study_id"] in treated | animals
        and f"{row['study_id']} {row['outcome_domain']}" in alone
    }
    yield (
        "findings",
        "outcome_domain",
        3,
        lambda row: row["finding_id"] in lone,
        ("animal", "teaching", "help_people"),
    )
    yield (
        "findings",
        "p_value",
        3,
        lambda row: row["study_id"] in treated and bool(row["p_value"]),
        ("teaching",),
    )


def _pools(tables: Tables, ev, treated: set[str]) -> Iterator[Group]:
    """Results that entered a pool that a notebook shows; tables of pools; what reviews printed;
    known contradictions.
    """
    from evidence.synthesis.effect_sizes import size_pools

    pools = [
        pool
        for pool in size_pools(ev)
        if pool.result is not None or pool.pool_id in ("sir_sport", "md_mip")
    ]
    included = pd.concat(
        [pool.poolable.included.assign(pool=pool.pool_id) for pool in pools if pool.k]
    )
    printed = set(included.loc[included["origin"] == "interval", "finding_id"])
    first = ("the_risk", "help_people")
    for column, most in (("estimate", 4), ("ci_low", 3), ("ci_high", 3), ("measure", 2)):
        yield "findings", column, most, lambda row: row["finding_id"] in printed, first
    several = pd.Series(
        [row["study_id"] for row in tables.rows["findings"] if row["finding_id"] in printed]
    ).value_counts()
    yield (
        "findings",
        "is_primary",
        2,
        lambda row: (
            row["finding_id"] in printed
            and row["study_id"] in several
            and row["is_primary"] == "true"
        ),
        ("which_way", *first),
    )
    yield (
        "findings",
        "comparator",
        2,
        lambda row: row["finding_id"] in printed and bool(row["comparator"]),
        first,
    )
    arms = set(included.loc[included["origin"] == "arm values", "finding_id"])
    for column, most in (("mean", 2), ("sd", 2), ("n", 1)):
        yield (
            "arms",
            column,
            most,
            lambda row, c=column: row["finding_id"] in arms and bool(row[c]),
            ("help_people",),
        )
    questions = {row["review_id"]: row["question"] for row in tables.rows["reviews"]}

    def shown(row: dict[str, str]) -> bool:
        return bool(row["estimate"]) and questions.get(row["review_id"]) in ("risk", "treatment")

    for column, most in (
        ("estimate", 2),
        ("ci_low", 2),
        ("ci_high", 2),
        ("measure", 1),
        ("outcome", 1),
        ("note", 1),
        ("(row)", 1),
    ):
        yield (
            "pooled_estimates",
            column,
            most,
            lambda row, c=column: shown(row) and (c == "(row)" or bool(row[c])),
            first,
        )
    for column, most in (("source_says", 1), ("contradicts", 1), ("(row)", 1)):
        yield (
            "known_issues",
            column,
            most,
            lambda row: row["id"].split("-")[0] in treated,
            ("help_people",),
        )
    about = {
        row["pool_id"]
        for row in tables.rows["pool_criteria"]
        if row["column"] == "question" and row["value"] in ("risk", "treatment")
    }
    risk_pools = {pool.pool_id for pool in pools if pool.pool_id in about}
    for column, most in (("title", 2), ("measure", 1), ("(row)", 1)):
        yield "pools", column, most, lambda row: row["pool_id"] in risk_pools, first
    yield "pools", "headline", 2, lambda row: row["headline"] == "true", first
    # What is not a headline is seen in no notebook, and a condition only where it keeps something
    # out or lets something in.
    kinds = set(included.loc[included["pool"] == "or_activity", "finding_id"])
    studied = {row["study_id"]: row["exposure"] for row in tables.rows["studies"]}
    met = {
        row["exposure"] or studied[row["study_id"]]
        for row in tables.rows["findings"]
        if row["finding_id"] in kinds
    }
    yield (
        "pool_criteria",
        "(row)",
        2,
        lambda row: (
            (row["pool_id"], row["column"]) == ("or_activity", "exposure") and row["value"] in met
        ),
        first,
    )


def _of_example() -> Iterator[Group]:
    """The second data set, which its notebook shows whole."""
    for table, column, most in (
        ("studies", "sample_size", 2),
        ("studies", "phase", 2),
        ("studies", "direction", 2),
        ("findings", "observed_direction", 2),
        ("findings", "estimate", 2),
        ("findings", "ci_low", 2),
        ("findings", "ci_high", 2),
    ):
        yield table, column, most, lambda row, c=column: bool(row[c]), EXAMPLE_NOTEBOOK
