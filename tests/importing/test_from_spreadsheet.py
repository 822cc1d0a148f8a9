"""From a messy spreadsheet to a checked data set that runs its notebooks: the whole way, as a user
goes it.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import nbformat
import pytest
from guards import complaints

import evidence
from evidence.bibliography.formats import read_references
from evidence.cli import main
from evidence.exporting.formats import FORMATS
from evidence.importing.from_spreadsheet import new_set_from

MESSY = """\
Tea and sleep, extraction sheet;;;;;;;;;;
;;;;;;;;;;
Study;Publication Year;Type of study;N (total);Result;OR (95% CI);p-value;Outcome;Country;Notes;DOI
Müller et al., 2010;2010;RCT;45;beneficial;0,51 (0,30–0,87);0,014;Sleep quality;Germany;;https://doi.org/10.1000/ABC.1
Smith & Jones 2012;2012;randomized controlled trial;1.234;no significant difference;0,95 (0,80–1,13);n.s.;Sleep quality;UK;check;10.1000/abc.2
Smith & Jones 2012;2012;randomized controlled trial;1.234;positive;1,21 (1,05-1,40);<0,05;Falling asleep;UK;;
Doe 1999;1999;Kohortenstudie;NR;harmful;;;Sleep quality;France;"a ""quoted"" one; yes";
Doe 1999a;1999;case-control;ca. 80;benfit;2,0 (3,0–1,5);0,2;Falling asleep;;=1+1;
;;;;;;;;;;
;2001;RCT;12;mixed;;;Sleep quality;;;
Source: own extraction;;;;;;;;;;
"""


@pytest.fixture
def messy(tmp_path) -> Path:
    path = tmp_path / "extraction.csv"
    path.write_bytes(MESSY.replace("\n", "\r\n").encode("cp1252"))
    return path


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def change(path: Path, row: str, **values: str) -> None:
    rows = cells(path)
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(one | values if next(iter(one.values())) == row else one for one in rows)
    path.write_text(stream.getvalue(), encoding="utf-8")


def test_the_whole_way(messy, tmp_path, capsys):
    folder = tmp_path / "tea"
    assert main(["new", str(folder), "--from", str(messy), "--question", "Does tea help?"]) == 1
    out, err = capsys.readouterr()
    assert (
        "OR (95% CI) -> estimate_ci:OR" in err
        and "Country -> a column of its own" in err
        and "read as Windows-1252" in err
    )
    assert [line.split(": ")[1].split(" ")[0] for line in out.splitlines()] == [
        "is",
        "Result",
        "N",
        "no",
        "only",
    ]
    listed = cells(folder / "not_placed.csv")
    assert [(row["line"], row["column"], row["cell"]) for row in listed][1:3] == [
        ("6", "Result", "positive"),
        ("8", "N (total)", "ca. 80"),
    ]

    again = tmp_path / "again"
    mapping = str(folder / "mapping.toml")
    assert (
        main(
            [
                "new",
                str(again),
                "--from",
                str(messy),
                "--mapping",
                mapping,
                "--word",
                "Result:positive=harm",
                "--benefit",
                "below",
            ]
        )
        == 1
    )
    capsys.readouterr()
    assert main(["check", str(again)]) == 1
    faults = capsys.readouterr().out
    assert "ci_low: the interval runs backwards" in faults and "direction: is empty" in faults
    # The study as a whole, and the interval that was typed the wrong way round: read again in the
    # papers.
    change(again / "studies.csv", "smith2012", direction="no_clear_difference")
    change(
        again / "findings.csv",
        "doe1999a-1",
        estimate="2.12",
        ci_low="1.5",
        ci_high="3.0",
        p_value="",
        p_operator="",
        conclusion="harm",
    )
    change(again / "studies.csv", "doe1999a", direction="harm")
    assert main(["check", str(again)]) == 0, capsys.readouterr().out

    ev = evidence.load(again)
    assert (
        ev.studies["sample_size"].dropna().to_list() == [45, 1234]
        and ev.names["smith2012"] == "Smith et al. 2012"
    )
    assert ev.studies.set_index("study_id").loc["doe1999a", "note"] == "=1+1", (
        "no formula is run or lost"
    )
    assert evidence.balance(ev, lens="direction")["benefit"].to_list() == [2]
    for name, form in FORMATS.items():
        if name == "metafor":
            paths = evidence.export(ev, name, tmp_path / "pools.csv")
            assert paths[0].read_text(encoding="utf-8").count("\n") == 4, "three odds ratios"
            continue
        (path,) = evidence.export(ev, name, tmp_path / f"{name}{form.ending}")
        if form.whole:
            evidence.restored_set(tmp_path / name, path, notebooks=False)
            assert evidence.check(tmp_path / name) == []
            for table in ev.tables:
                assert (tmp_path / name / f"{table}.csv").read_bytes() == (
                    again / f"{table}.csv"
                ).read_bytes(), (name, table)
        elif name != "jsonld":
            assert set(read_references(path).entries["key"]) == {
                *ev.studies["study_id"],
                ev.dictionary.package["name"],
            }
    assert main(["run", "--data", str(again), "--out", str(tmp_path / "build")]) == 0
    done = sorted((tmp_path / "build" / "notebooks").glob("*.ipynb"))
    assert len(done) == 3
    for path in done:
        assert complaints(nbformat.read(path, as_version=4), again / "notebooks" / path.name) == []


def test_a_mapping_gives_the_same_again(messy, tmp_path):
    first = new_set_from(tmp_path / "one", messy, "Tea", created="2026-01-31")
    from evidence.importing.from_spreadsheet import read_mapping

    columns, words = read_mapping(tmp_path / "one" / "mapping.toml")
    new_set_from(tmp_path / "two", messy, "Tea", created="2026-01-31", mapping=columns, words=words)
    for path in first.files:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert other.read_bytes() == path.read_bytes(), path.name


def test_it_asks_only_where_somebody_can_answer(messy, tmp_path, monkeypatch, capsys):
    asked = []

    def answer(prompt):
        asked.append(prompt)
        return ["Country=-", "Nonsense=study", ""][len(asked) - 1]

    monkeypatch.setattr("builtins.input", answer)
    main(["new", str(tmp_path / "a"), "--from", str(messy), "--no-notebooks"])
    assert not asked
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(getattr(sys, stream), "isatty", lambda: True, raising=False)
    main(["new", str(tmp_path / "b"), "--from", str(messy), "--no-notebooks"])
    assert len(asked) == 3 and "country" not in evidence.load(tmp_path / "b").studies
    assert "the file has no column 'Nonsense'" in capsys.readouterr().err
    main(["new", str(tmp_path / "c"), "--from", str(messy), "--no-notebooks", "--yes"])
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--from", "none.csv"], 1, "cannot be read: No such file"),
        (
            ["--from", "{messy}", "--map", "Studie=study"],
            2,
            "no column 'Studie'; did you mean 'Study'",
        ),
        (
            ["--from", "{messy}", "--map", "Country=land"],
            2,
            "'land' is nothing that a column can become",
        ),
        (["--from", "{messy}", "--map", "Country"], 2, "does not have the form THEIRS=OURS"),
        (["--from", "{messy}", "--word", "x=y"], 2, "does not have the form COLUMN:THEIRS=OURS"),
        (["--from", "{messy}", "--mapping", "{messy}"], 1, "extraction.csv:4: is not UTF-8"),
        (["--from", "{messy}", "--delimiter", "::"], 2, "allowed: one character"),
    ],
)
def test_wrong_use_leaves_nothing_behind(messy, tmp_path, capsys, options, code, words):
    folder = tmp_path / "new"
    assert (
        main(["new", str(folder), *(option.replace("{messy}", str(messy)) for option in options)])
        == code
    )
    assert words in capsys.readouterr().err and not folder.exists()


RIS = """\
TY  - JOUR
AU  - Müller, Anna
AU  - Weiß, Bernd
PY  - 2010
TI  - Tea before bed: a randomised trial
JO  - Journal of Sleep
DO  - 10.1000/abc.1
ER  -

TY  - JOUR
AU  - Smith, John
AU  - Jones, Kim
PY  - 2012
TI  - Black tea in the evening
ER  -

TY  - JOUR
AU  - Nobody, N.
PY  - 2015
TI  - Coffee
ER  -
"""


def test_references_of_other_programs(messy, tmp_path, capsys):
    path = tmp_path / "refs.ris"
    path.write_text(RIS, encoding="utf-16")
    folder = tmp_path / "tea"
    assert (
        main(
            [
                "new",
                str(folder),
                "--from",
                str(messy),
                "--references",
                str(path),
                "--no-notebooks",
                "--word",
                "Result:positive=harm",
            ]
        )
        == 1
    )
    out, err = capsys.readouterr()
    assert (
        "refs.ris:17: reference 'nobody2015' fits no study ('Coffee')" in out
        and "was read as UTF-16" in err
    )
    ev = evidence.load(folder)
    entries = ev.bibliography.set_index("key")
    assert entries.loc["muller2010", ["author", "container", "doi"]].to_list() == [
        "Müller, Anna and Weiß, Bernd",
        "Journal of Sleep",
        "10.1000/abc.1",
    ]
    assert (
        ev.studies.set_index("study_id").loc["muller2010", "title"]
        == "Tea before bed: a randomised trial"
    )
    assert entries.loc["smith2012", ["title", "doi"]].to_list() == [
        "Black tea in the evening",
        "10.1000/abc.2",
    ], "by author and year"
    assert entries.loc["doe1999", "author"] == "Doe", (
        "without a reference, what the spreadsheet says"
    )
    assert "nobody2015" in (folder / "unused_references.bib").read_text(encoding="utf-8")
    assert not [
        fault for fault in evidence.check(folder) if fault.rule in ("bibliography", "duplicate")
    ]


@pytest.mark.parametrize(("mark", "size"), [(".", "45"), (",", "45000"), ("", "45000")])
def test_sample_sizes_follow_the_decimal_mark(tmp_path, mark, size):
    path = tmp_path / "sizes.csv"
    path.write_text("Study,N,Result\nSmith 2010,45.000,positive\nJones 2012,60.000,positive\n")
    made = new_set_from(tmp_path / "made", path, notebooks=False, decimal=mark)
    assert cells(tmp_path / "made" / "studies.csv")[1]["sample_size"] == size
    told = "'45.000' (N) was read as 45000; --decimal says which mark parts the decimals"
    assert (told in made.report) == (not mark)
