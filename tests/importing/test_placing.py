"""Rows of a file become studies and findings; nothing is lost without a word."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import evidence
from evidence.errors import UsageError
from evidence.importing.columns import propose
from evidence.importing.from_spreadsheet import pairs, words_of
from evidence.importing.placed import mapping_text, not_placed_rows
from evidence.importing.placing import place
from evidence.importing.sheet import Sheet
from evidence.importing.words import says_nothing


def sheet(text: str) -> Sheet:
    header, *rows = csv.reader(io.StringIO(text), delimiter=";")
    return Sheet(
        "file.csv",
        header,
        [(row + [""] * len(header))[: len(header)] for row in rows],
        list(range(2, len(rows) + 2)),
    )


def column(table, name: str) -> list[str]:
    return table[name].to_list()


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Study", "study"),
        ("First author", "author"),
        ("Publication Year", "year"),
        ("Sampel size", "sample_size"),
        ("N (total)", "sample_size"),
        ("OR (95% CI)", "estimate_ci:OR"),
        ("HR", "estimate:HR"),
        ("Lower 95% CI", "ci_low"),
        ("95% CI upper limit", "ci_high"),
        ("p-value", "p"),
        ("Study design", "design"),
        ("Funding", "own"),
        ("Digital Object Identifier", "doi"),
    ],
)
def test_columns_are_known_by_their_names(header, target):
    value = {
        "year": "2010",
        "p": "0.04",
        "doi": "10.1000/a",
        "design": "RCT",
        "study": "A 2010",
        "author": "A",
        "own": "x",
    }.get(target, "1.5")
    value = {"sample_size": "12", "estimate_ci:OR": "1.5 (1.2 to 1.9)"}.get(target, value)
    assert propose(sheet(f"{header}\n{value}"))[0].target == target


def test_columns_are_known_by_their_values():
    rows = "\n".join(f"A {2000 + i};10.1000/x{i};5{i} (40-70);beneficial;RCT" for i in range(5))
    proposals = propose(sheet(f"Study;X;Age;Y;Z\n{rows}"))
    assert [p.target for p in proposals] == [
        "study",
        "doi",
        "own",
        "conclusion",
        "design",
    ], "an age with its range is not an estimate"


def test_a_name_whose_values_do_not_fit_is_not_a_match():
    assert propose(sheet("Study;N\nA 2010;yes\nB 2011;no"))[1].target == "own"


def test_what_the_user_says_comes_first():
    proposals = propose(sheet("Study;N;Size\nA 2010;1;2"), {"Size": "sample_size", "N": "-"})
    assert [p.target for p in proposals] == ["study", "-", "sample_size"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"Siz": "sample_size"}, "no column 'Siz'; did you mean 'Size'"),
        ({"Size": "sampel_size"}, "did you mean 'sample_size'"),
        (
            {"Size": "sample_size", "N": "sample_size"},
            "given to several columns: N, Size|given to several columns: Size, N",
        ),
    ],
)
def test_a_wrong_mapping_is_refused(given, words):
    with pytest.raises(evidence.UsageError, match=words):
        propose(sheet("Study;N;Size\nA 2010;1;2"), given)


def test_rows_of_one_study_are_its_findings():
    made = place(
        sheet(
            "Study;Outcome;Result;N\nA 2010;sleep;beneficial;10\nB 2011;sleep;harmful;20\nA"
            " 2010;pain;n.s.;10"
        )
    )
    assert column(made.studies, "study_id") == ["a2010", "b2011"]
    assert column(made.findings, "finding_id") == ["a2010-1", "a2010-2", "b2011-1"]
    assert column(made.findings, "outcome_domain") == ["sleep", "pain", "sleep"]
    assert column(made.studies, "direction") == [
        "",
        "harm",
    ], "results of a study that differ are not a direction of the study"
    assert column(made.findings, "is_primary") == ["true", "false", "true"]


def test_a_study_has_one_value_and_the_others_are_listed():
    made = place(sheet("Study;N\nA 2010;10\nA 2010;12\nA 2010;"))
    assert column(made.studies, "sample_size") == ["10"]
    assert [(fault.line, fault.column, fault.record) for fault in made.faults] == [
        (3, "sample_size", "12")
    ]


def test_columns_of_the_file_stay():
    made = place(sheet("Study;Country;Dose\nA 2010;Peru;1\nA 2010;Peru;2\nB 2011;;3"))
    assert column(made.studies, "country") == ["Peru", ""] and column(made.findings, "dose") == [
        "1",
        "2",
        "3",
    ]
    assert [field["title"] for field in made.columns["studies"]] == ["Study", "Country"]


def test_the_vocabulary_of_the_file_becomes_that_of_the_dictionary():
    made = place(
        sheet(
            "Study;Design;Population\nA 2010;RCT;Older people\nB 2011;N-of-1 trial;older people\nC"
            " 2012;rct;Children"
        )
    )
    labels = {
        name: {word["value"]: word["label"] for word in made.vocabularies[name]}
        for name in ("design", "population")
    }
    assert (
        labels["design"]["rct"] == "Randomised trial"
        and labels["design"]["n_of_1_trial"] == "N-of-1 trial"
    )
    assert labels["population"] == {"older_people": "Older people", "children": "Children"}


def test_words_that_look_alike_are_pointed_out():
    made = place(sheet("Study;Population\nA 2010;Adolescents\nB 2011;Adolescent"))
    assert any("look alike" in note and "--word" in note for note in made.notes)
    made = place(
        sheet("Study;Population\nA 2010;Adolescents\nB 2011;Adolescent"),
        words={"population": {"Adolescent": "adolescents"}},
    )
    assert [word["value"] for word in made.vocabularies["population"]] == ["adolescents"]


def test_a_word_that_the_user_explains():
    text = "Study;Result\nA 2010;positive\nB 2011;negative"
    assert [fault.record for fault in place(sheet(text)).faults] == ["positive", "negative"]
    assert all("--word 'Result:" in fault.allowed for fault in place(sheet(text)).faults)
    made = place(sheet(text), words={"Result": {"positive": "benefit", "negative": "harm"}})
    assert column(made.studies, "direction") == ["benefit", "harm"] and not made.faults


def test_words_of_a_column_that_is_not_there_are_refused():
    text = "Study;Result;Colour\nA 2010;positive;red"
    explained = {"positive": "benefit"}
    with pytest.raises(UsageError, match="no column 'Resul'; did you mean 'Result'"):
        place(sheet(text), words={"Resul": explained})
    with pytest.raises(UsageError, match="no column 'nosuch'; columns: Study, Result, Colour"):
        place(sheet(text), words={"nosuch": explained})
    for unread in ("Colour", "population"):
        made = place(sheet(text), words={unread: explained})
        assert any(f"words were given for '{unread}'" in note for note in made.notes)
    made = place(sheet(text), words={"conclusion": explained, "Result": explained})
    assert not any("words were given" in note for note in made.notes)


def test_a_column_that_is_to_become_nothing_is_refused():
    with pytest.raises(
        UsageError, match="'' is nothing that a column can become; allowed: study_id"
    ):
        place(sheet("Study;Result\nA 2010;positive"), {"Result": " "})


@pytest.mark.parametrize("level", ["0", "49", "100", "95.5", "ninety", 100])
def test_a_level_that_is_none_is_refused(level):
    text = "Study;OR;CI low;CI high\nA 2010;0.5;0.2;0.9"
    with pytest.raises(UsageError, match=r"ci_level is .*; allowed: a whole number from 50 to 99"):
        place(sheet(text), ci_level=level)
    assert column(place(sheet(text), ci_level="99").findings, "ci_level") == ["99"]


def test_observed_directions_only_where_the_side_of_benefit_is_said():
    text = (
        "Study;OR;CI low;CI high\nA 2010;0,5;0,2;0,9\nB 2011;1,5;1,1;1,9\nC 2012;1,0;0,5;2,0\nD"
        " 2013;;;"
    )
    assert set(place(sheet(text)).findings["observed_direction"]) == {"not_reported"}
    made = place(sheet(text), benefit="below", ci_level="95")
    assert column(made.findings, "observed_direction") == [
        "benefit",
        "harm",
        "null",
        "not_reported",
    ]
    assert column(made.findings, "ci_level") == ["95", "95", "95", ""]


def test_who_a_study_is():
    made = place(
        sheet(
            "Author;Year;Title\nSmith J, Doe A;2010;On tea\nSmith J;2010;On coffee\n;2011;Untitled"
            " work of nobody"
        )
    )
    assert column(made.studies, "study_id") == [
        "smith2010a",
        "smith2010b",
        "untitledworkofnobody2011",
    ]
    assert column(made.entries, "author")[:2] == ["Smith, J and Doe, A", "Smith, J"]


def test_rows_without_a_study_are_listed():
    made = place(sheet("Study;N;Design\n;12;RCT\nTotal;;\nA 2010;3;RCT"))
    assert len(made.studies) == 1
    assert [(fault.line, fault.rule) for fault in made.faults] == [
        (2, "row"),
        (3, "row"),
    ] and made.faults[0].record == "12 | RCT"


def test_the_list_of_what_found_no_place_is_safe_and_whole():
    made = place(sheet("Study;N\nA 2010;=cmd\nB 2011;@x"), {"N": "sample_size"})
    rows = not_placed_rows(made.faults)
    assert [row[3] for row in rows[1:]] == ["'=cmd", "'@x"] and rows[0][0] == "file"


def test_mapping_text_reads_back(tmp_path):
    from evidence.importing.from_spreadsheet import read_mapping

    made = place(sheet('Study;N "total"\nA 2010;12'), {'N "total"': "sample_size"})
    path = tmp_path / "mapping.toml"
    path.write_text(
        mapping_text(made.proposals, {"Result": {'a "b"': "benefit"}}), encoding="utf-8"
    )
    assert read_mapping(path) == (
        {"Study": "study", 'N "total"': "sample_size"},
        {"Result": {'a "b"': "benefit"}},
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [(lambda: pairs(["abc"]), "THEIRS=OURS"), (lambda: words_of(["a=b"]), "COLUMN:THEIRS=OURS")],
)
def test_wrong_forms(call, words):
    with pytest.raises(evidence.UsageError, match=words):
        call()


CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=10
).map(lambda text: " ".join(text.split()))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(
            CELLS, CELLS, CELLS, st.sampled_from(["12", "n/a", "1,5", "many", "harmful", ""])
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_cell_is_somewhere(rows):
    """Whatever stands in a file is in a table, in the list of what found no place, or says that
    nothing is known.
    """
    made = place(
        Sheet(
            "file.csv",
            ["Study", "Thing", "Outcome", "N"],
            [list(row) for row in rows],
            list(range(2, len(rows) + 2)),
        )
    )
    listed = [(fault.line, fault.record) for fault in made.faults]
    whole = {fault.line for fault in made.faults if fault.rule == "row"}
    tables = {
        text
        for table in (made.studies, made.findings, made.entries)
        for name in table
        for text in table[name]
    }
    read = {cell for words in made.words.values() for cell, code in words.items() if code in tables}
    for line, row in enumerate(rows, start=2):
        for cell in filter(None, row):
            kept = unicodedata.normalize("NFC", cell) in tables or cell in tables or cell in read
            assert kept or says_nothing(cell) or line in whole or (line, cell) in listed, (
                line,
                cell,
            )
    assert len(made.findings) + len(whole) >= sum(any(row) for row in rows)
