"""The importer writes only what the reader takes: whatever comes in, every command opens it."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from portion import portion

import evidence
from evidence.cli import main
from evidence.exporting.formats import FORMATS
from evidence.importing.from_spreadsheet import new_set_from
from evidence.importing.new_dictionary import short_label
from evidence.tables.dictionary_file import LONGEST_LABEL

CASES = Path(__file__).with_name("cases")
WHOLE = "Adults aged 18 to 65 years with mild to moderate knee pain recruited in primary care"


def test_the_case_of_long_words(tmp_path):
    made = new_set_from(tmp_path / "set", CASES / "long_words" / "table.csv", notebooks=False)
    assert made.faults == [] and len(made.placed.studies) == 2
    words = evidence.load(tmp_path / "set").dictionary.tables["studies"].by_name["population"]
    (long,) = [word for word in words.categories if word.label.endswith("…")]
    assert long.label == "Adults aged 18 to 65 years with mild to moderate knee…"
    assert WHOLE in long.description
    assert "population: 1 labels were shortened" in made.report


LONG = (
    "Population",
    "Design",
    "Intervention",
    "Comparator",
    "Outcome",
    "Outcome domain",
    "Measure",
    "Reason for exclusion",
    "Question",
    "Sample unit",
    "Reading",
    "Confidence",
)


@pytest.mark.parametrize("column", LONG)
def test_long_words_of_every_vocabulary(tmp_path, column):
    path = tmp_path / "table.csv"
    rows = [["Study", "N", "Result", column]]
    rows += [["A 2010", "5", "beneficial", WHOLE], ["B 2011", "6", "harmful", WHOLE + " too"]]
    rows += [["C 2012", "7", "harmful", "x" * 300]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    made = new_set_from(tmp_path / "set", path, notebooks=False)
    ev = evidence.load(tmp_path / "set")
    assert len(ev) == 3 and evidence.balance(ev) is not None
    files = ("datapackage.json", "studies.csv", "findings.csv")
    texts = "".join((tmp_path / "set" / name).read_text(encoding="utf-8") for name in files)
    assert WHOLE in texts and made is not None


def test_labels_stay_apart():
    taken: list[str] = []
    for i in range(12):
        taken.append(short_label("word " * 20 + str(i), taken))
    assert len(set(taken)) == 12 and max(map(len, taken)) <= LONGEST_LABEL
    assert short_label("y" * 200).endswith("…")


def test_a_long_question(tmp_path):
    from evidence.importing.new_folder import new_set

    new_set(tmp_path / "set", question="Does tea " + "really " * 20 + "help?", notebooks=False)
    assert evidence.check(tmp_path / "set") == []


NAMES = [
    *LONG,
    "Study",
    "Author",
    "Year",
    "Title",
    "DOI",
    "PMID",
    "N",
    "n control",
    "Notes",
    "Result",
]
NAMES += ["OR", "SMD", "SE", "lower", "upper", "p", "yi", "vi", "ai", "n1i", "ci", "n2i", "id"]
NAMES += [
    "Direction",
    "counted",
    "significant",
    "m1i",
    "sd1i",
    "m2i",
    "sd2i",
    "ri",
    "logOR",
    "x" * 90,
]
WORDS = [
    "",
    "NA",
    "A 2010",
    "B & C 2011",
    "van Essen 1992",
    "0",
    "1",
    "-1",
    "45",
    "1,5",
    "0.5",
    "1e9",
]
WORDS += [
    "0.5 (0.2 to 0.9)",
    "p<0.05",
    "beneficial",
    "harmful",
    "positive",
    "RCT",
    "yes",
    "no",
    WHOLE,
]
WORDS += [
    "10.1000/a",
    "12345678",
    "2010",
    "2099",
    "#REF!",
    "Иванов 2001",
    "=1+1",
    "1e-300",
    "1e300",
]
CELL = st.one_of(st.sampled_from(WORDS), st.text(max_size=6), st.integers(-5, 3000).map(str))
TABLES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=9, unique=True).flatmap(
    lambda names: st.tuples(
        st.just(names),
        st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), min_size=1, max_size=7),
    )
)
RARE = [HealthCheck.too_slow, HealthCheck.data_too_large]


PHASES = [Phase.explicit, Phase.generate]  # what fails is small already


@settings(
    max_examples=25, phases=PHASES, deadline=None, derandomize=True, suppress_health_check=RARE
)
@given(TABLES)
@example((["Study", "ai", "n1i", "ci", "n2i"], [["A 2010", "1e300", "1e300", "0", "1e300"]] * 2))
@example((["Design", "x\x1by"], [["0\x1b", "\x1b"], ["", ""]]))
@example((["Study", "logOR", "SE"], [["A 2010", "600", "700"], ["B 2011", "1", "1e300"]]))
def test_whatever_comes_in_is_opened(table):
    """Cells that no rule allows are faults of the check, never a data set that nobody can open."""
    names, rows = table
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([names, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path, made = Path(folder, "table.csv"), Path(folder, "set")
        path.write_text(stream.getvalue(), encoding="utf-8", errors="surrogatepass")
        try:
            new_set_from(made, path, notebooks=False, benefit="above", ci_level="95")
        except evidence.EvidenceError as error:
            assert str(error) and not made.exists()
            return
        assert isinstance(evidence.check(made), list)
        ev = evidence.load(made)
        evidence.balance(ev)
        for name, form in FORMATS.items():
            if name in ("json", "bibtex", "ris"):
                evidence.export(ev, name, Path(folder, f"out{form.ending}"))


@pytest.mark.parametrize(
    "case", portion(sorted(p for p in CASES.rglob("*.*") if p.suffix in (".csv", ".xlsx")), 3)
)
def test_every_command_opens_every_case(case, tmp_path, capsys):
    folder, out = str(tmp_path / "set"), str(tmp_path / "out")
    assert main(["new", folder, "--from", str(case), "--yes", "--no-notebooks"]) in (0, 1)
    charts = [["charts", "balance", "--out", out]] if case.parent.name == "long_words" else []
    for command in (["balance"], ["check"], *charts):
        where = [folder] if command == ["check"] else ["--data", folder]
        assert main([*command, *where]) in (0, 1), command
    assert main(["export", "--data", folder, "--format", "json", "--out", out + ".json"]) == 0
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err and "cannot be" not in said.err
