"""The command line, as a user meets it: output, exit codes, messages."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
from statistics import NormalDist

import pytest
from portion import portion

import evidence
from evidence.cli import main, parser


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_check_is_clean(capsys):
    code, out, err = run(capsys, "check")
    assert (code, out) == (0, "") and "no faults" in err


def test_check_names_the_place(capsys, data):
    line = data.change("studies", "braga2018", year="20I8")
    code, out, err = run(capsys, "check", str(data.folder))
    assert (
        code == 1
        and f"studies.csv:{line}: year: '20I8' is not of type integer; allowed: a whole number"
        in out
    )
    assert "fault" in err
    code, out, _ = run(capsys, "check", str(data.folder), "--format", "json")
    faults = json.loads(out)["faults"]
    assert code == 1 and {"file", "line", "column", "message", "allowed", "rule", "record"} == set(
        faults[0]
    )


def test_balance_says_what_a_reader_must_know(capsys, ev):
    counted = ev.studies[ev.studies["counted"]]
    known = counted.loc[counted["question"].eq("risk"), "sample_size"]
    took_part = f"{known.sum():,}" + (
        f" + {known.isna().sum()} unknown" if known.isna().any() else ""
    )
    code, out, _ = run(capsys, "balance")
    assert code == 0
    for words in (
        f"{len(counted)} of {len(ev)} studies counted",
        "Getting ALS",
        "Exercising with ALS",
        "People",
        "Animals",
        "No conclusion",
        took_part,
        f"Set aside as context: {len(ev) - len(counted)}",
        "Not medical advice",
        "language model",
    ):
        assert words in out


def test_balance_by_direction_gives_shares(capsys):
    code, out, _ = run(capsys, "balance", "--lens", "direction", "--by", "exposure")
    assert code == 0 and "too few" in out and "Sign test p" in out


def test_the_same_numbers_in_every_format(capsys, ev):
    table = evidence.balance(ev, "design", "direction", "cohort")
    options = ("balance", "--by", "design", "--lens", "direction", "--unit", "cohort", "--format")
    _, text, _ = run(capsys, *options, "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    _, text, _ = run(capsys, *options, "json")
    found = json.loads(text)
    assert (
        [int(row["harm"]) for row in rows]
        == [row["harm"] for row in found["rows"]]
        == table["harm"].to_list()
    )
    assert (
        found["lens"] == "direction"
        and sum(found["set_aside"].values()) == (~ev.studies["counted"]).sum()
        and found["caution"]
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["balance", "--by", "desing"], 2, "did you mean 'design'?"),
        (["balance", "--lens", "size"], 2, "invalid choice: 'size'"),
        (["balance", "--data", "/nowhere"], 1, "No datapackage.json in /nowhere"),
        (["check", "/nowhere"], 1, "No datapackage.json"),
        (["run", "--jobs", "none"], 2, "not a whole number from 1 up"),
        (["run", "--notebooks", "/nowhere"], 1, "No notebooks"),
        (["site", "--data", "/nowhere"], 1, "No datapackage.json"),
        (["site", "--notebooks", "/nowhere"], 1, "No notebooks"),
        (["site", "--out", "data"], 2, "holds other files"),
        (["blance"], 2, "did you mean 'balance'?"),
        (["balance", "--lens", "directon"], 2, "did you mean 'direction'?"),
        (["balance", "--leave-out-retractd"], 2, "did you mean '--leave-out-retracted'?"),
        (["balance", "--where", "design"], 2, "does not have the form COLUMN=VALUE"),
        (["balance", "--where", "design=rtc"], 2, "did you mean 'rct'?"),
        (["balance", "--question", "risks"], 2, "did you mean 'risk'?"),
        (["balance", "--counted", "--set-aside"], 2, "not allowed with"),
        (["charts", "balnce"], 2, "did you mean 'balance'?"),
        (["pool", "or_activty"], 2, "did you mean 'or_activity'?"),
        (["pool", "--measure", "OR", "--ci-level", "-5"], 2, "a whole number from 50 to 99"),
        (["pool", "or_activity", "--ci-level", "0"], 2, "a whole number from 50 to 99"),
        (["new", "x", "--from", "s.csv", "--ci-level", "100"], 2, "a whole number from 50 to 99"),
        (["balance", "--where", "years=2000"], 2, "is the option --from-year or --to-year"),
        (["balance", "--where", "retracted=true"], 2, "--retracted or --leave-out-retracted"),
        (["balance", "--where", "min_sample_size=3"], 2, "is the option --min-sample-size"),
        (["balance", "--by", "contrast"], 2, "no column 'contrast' in studies or findings"),
        (["balance", "--by", "title"], 2, "by is 'title', which is different for every study"),
        (["balance", "--where", "design=,"], 2, "design is given no value"),
        (["balance", "--from-year", "2000", "--to-year", "1990"], 2, "the first year (2000) is"),
        (["new", "x", "--map", "a=b", "--yes"], 2, "--map, --yes: allowed with --from FILE alone"),
        (["new", "x", "--ci-level", "95"], 2, "--ci-level: allowed with --from FILE alone"),
        (["nonsense"], 2, "invalid choice"),
        (["balance", "--question", ""], 2, "'question=' does not have the form"),
        (["balance", "--population", ""], 2, "'population=' does not have the form"),
        (["balance", "--from-year", "9" * 23], 2, f"--from-year: '{'9' * 23}' is not a whole"),
        (["balance", "--min-sample-size", "٣"], 2, "from 1 up to 1,000,000,000"),
    ],
)
def test_wrong_use_is_one_message(capsys, arguments, code, words):
    found, _, err = run(capsys, *arguments)
    assert found == code and words in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("names", "code", "files"), [(["forest"], 1, "1 file"), (["forest", "balance"], 0, "4 files")]
)
def test_charts_that_are_not_drawn_are_named(capsys, tmp_path, names, code, files):
    chosen = ["--population", "animal", "--out", str(tmp_path)]
    found, _, err = run(capsys, "charts", *names, *chosen)
    first, last = err.splitlines()
    assert found == code and first.startswith("forest: not drawn: nothing to draw: ")
    assert last.startswith(f"{files} in {tmp_path}; open ")


@pytest.mark.parametrize(
    ("arguments", "said", "file"),
    [
        (["charts", "balance"], "4 files in .; open index.html\n", "balance.png"),
        (["select", "design=rct", "--no-notebooks"], "Next: `evidence check .`\n", "studies.csv"),
    ],
)
def test_an_empty_name_of_a_folder_is_refused(capsys, tmp_path, monkeypatch, arguments, said, file):
    """A shell makes it of a variable that is not set."""
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *arguments, "--out", "")
    assert code == 2 and "argument --out: is empty" in err and list(tmp_path.iterdir()) == []
    code, _, err = run(capsys, *arguments, "--out", ".")
    assert code == 0 and err.endswith(said) and (tmp_path / file).is_file()


def test_what_is_restored_into_the_working_folder_is_what_is_checked(
    capsys, tmp_path, monkeypatch, data
):
    data.change("studies", "braga2018", year="3018")
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    file = str(tmp_path / "set.json")
    assert main(["export", "--data", str(data.folder), "--format", "json", "--out", file]) == 0
    code, _, err = run(capsys, "new", "", "--from", file, "--no-notebooks")
    assert code == 1 and " files in ., 2 faults to fix" in err


def test_without_a_command_the_help_is_printed(capsys):
    code, out, err = run(capsys)
    assert code == 2 and err == "" and out.startswith("usage: evidence") and "balance" in out


def test_every_command_that_shows_studies_takes_the_same_filters():
    commands = next(action for action in parser()._actions if action.choices).choices
    of_command = {
        name: {option for action in command._actions for option in action.option_strings}
        for name, command in commands.items()
    }
    wanted = {
        "--question",
        "--population",
        "--where",
        "--from-year",
        "--to-year",
        "--min-sample-size",
        "--one-per-cohort",
        "--overlap",
        "--cited-by-article",
        "--counted",
        "--set-aside",
        "--leave-out-retracted",
    }
    having = {name for name, options in of_command.items() if wanted <= options}
    assert having == {
        "answers",
        "balance",
        "charts",
        "deck",
        "export",
        "find",
        "outcomes",
        "pool",
        "select",
        "sheet",
        "site",
    }
    assert not any("--where" in of_command[name] for name in set(of_command) - having)


def test_site_says_what_to_open(capsys, root, tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.display.gallery.GALLERY", [])
    example = str(root / "examples" / "exercise_after_infarction")
    code, out, err = run(
        capsys, "site", "--data", example, "--out", str(tmp_path / "page"), "--no-notebooks"
    )
    assert code == 0 and out == "" and f"open {tmp_path}/page/index.html" in err
    assert (tmp_path / "page" / "explore.html").is_file() and not (
        tmp_path / "page" / "notebooks"
    ).exists()


def test_site_without_its_packages(capsys, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    code, _, err = run(capsys, "site", "--out", str(tmp_path / "page"))
    assert (
        code == 1
        and "`make site` brings them" in err
        and "Traceback" not in err
        and not list(tmp_path.iterdir())
    )


def test_help_explains_every_command(capsys):
    commands = next(action for action in parser()._actions if action.choices).choices
    for name, command in commands.items():
        code, out, _ = run(capsys, name, "--help")
        assert code == 0 and command.description.split()[0] in out
        assert all(action.help for action in command._actions), name


def test_data_setting(data, monkeypatch, capsys, ev):
    data.change("findings", "braga2018-2", conclusion="harm")
    monkeypatch.setenv("EVIDENCE_DATA", str(data.folder))
    _, out, _ = run(capsys, "balance", "--format", "json")
    treated = next(
        row
        for row in json.loads(out)["rows"]
        if (row["question"], row["population"]) == ("treatment", "human")
    )
    before = evidence.balance(ev.select(question="treatment", population="human"))
    assert treated["harm"] == before["harm"].item() + 1
    assert treated["no_clear_difference"] == before["no_clear_difference"].item() - 1


def test_codebook_is_written_where_the_data_are(data, capsys):
    (data.folder / "CODEBOOK.md").unlink()
    assert run(capsys, "codebook", "--data", str(data.folder), "--write")[0] == 0
    assert (data.folder / "CODEBOOK.md").is_file()
    assert run(capsys, "codebook")[1].startswith("# Codebook")


def test_importing_the_package_is_light():
    """Neither drawing nor network nor Jupyter nor SciPy come in with `import evidence`, nor with
    the default balance.
    """
    heavy = (
        "('matplotlib', 'requests', 'scipy', 'IPython', 'ipywidgets', 'nbformat', 'bibtexparser')"
    )
    command = "evidence.cli.main(['balance', '--format', 'csv'])"
    code = (
        f"import sys, evidence.cli; {command}; print(*[m for m in {heavy} if m in sys.modules],"
        " file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "" and done.stdout.startswith("question,population,benefit")
    done = subprocess.run(
        [sys.executable, "-c", "import sys, evidence; print('pandas' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_pool_names_what_stayed_out(capsys):
    code, out, _ = run(capsys, "pool", "or_activity")
    assert (
        code == 0
        and "Hartung-Knapp" in out
        and "Not included" in out
        and "another contrast: Per unit" in out
    )
    _, text, _ = run(capsys, "pool", "--format", "json")
    pools = {pool["pool_id"]: pool for pool in json.loads(text)["pools"]}
    assert (
        pools["or_activity"]["k"] == len(pools["or_activity"]["included"]) >= 3
        and pools["or_activity"]["excluded"]
    )
    assert pools["smr_sport"]["estimate"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--question", "risk", "--measure", "OR", "--measure", "SMR"],
            "different measures cannot be pooled (OR: ",
        ),
        (["--question", "risk"], "legal selections: one of"),
        (
            [
                "--question",
                "risk",
                "--measure",
                "SMR",
                "--where",
                "comparator=general_population",
                "--where",
                "outcome_domain=als_risk",
            ],
            "share people",
        ),
        (
            [
                "--question",
                "risk",
                "--measure",
                "OR",
                "--where",
                "exposure=occupational_activity",
                "--ci-level",
                "95",
            ],
            "vanacore2010-1 (99 %)",
        ),
        (["--measure", "OR", "--where", "exposure=running"], "exposure is never 'running'"),
        (["--measure", "OR", "--where", "exposure"], "COLUMN=VALUE"),
        (["or_activity", "--measure", "OR"], "not both"),
        (["nosuch"], "no pool 'nosuch'"),
        (["or_activity", "--ci-level", "95"], "vanacore2010-1 (99 %)"),
        (["--ci-level", "95"], "vanacore2010-1 (99 %)"),
    ],
)
def test_pool_refuses(capsys, arguments, words):
    code, out, err = run(capsys, "pool", *arguments)
    assert code == 2 and words in err and out == ""


def test_the_example_in_the_help_of_pool_is_legal(capsys):
    _, out, _ = run(capsys, "pool", "--help")
    example = next(line for line in out.splitlines() if "evidence pool --measure" in line)
    code, out, _ = run(capsys, *example.split()[1:])
    assert code == 0 and "(Hartung-Knapp)" in out


def test_a_pool_of_ones_own_says_what_was_chosen(capsys):
    options = ["--measure", "OR", "--question", "risk", "--where", "comparator=lower_exposure"]
    code, out, _ = run(capsys, "pool", *options, "--one-per-cohort", "--format", "json")
    found = json.loads(out)
    assert code == 0 and found["chosen"] == found["pools"][0]["pool"]
    assert found["chosen"].startswith("getting ALS; comparator: lower exposure; one report")


def test_retracted_studies_are_named_and_can_be_left_out(capsys, data, tmp_path, ev):
    counted, studies = int(ev.studies["counted"].sum()), len(ev)
    data.fill("source_status")
    data.change("source_status", 1, notice="retraction")
    options = ("balance", "--data", str(data.folder))
    code, out, _ = run(capsys, *options)
    assert (
        code == 0
        and f"{counted} of {studies} studies counted" in out
        and "Retracted studies among those counted: Abel 2007 (retracted)." in out
    )
    code, out, _ = run(capsys, *options, "--leave-out-retracted")
    assert (
        code == 0
        and f"{counted - 1} of {studies - 1} studies counted" in out
        and "Retracted" not in out
        and "Selection: not retracted." in out
    )
    code, out, _ = run(capsys, *options, "--format", "json")
    assert json.loads(out)["retracted"] == ["abel2007"]
    code, _, _ = run(
        capsys,
        "charts",
        "balance",
        "--data",
        str(data.folder),
        "--out",
        str(tmp_path / "charts"),
        "--leave-out-retracted",
    )
    assert code == 0 and "etracted paper" not in (tmp_path / "charts" / "balance.txt").read_text(
        encoding="utf-8"
    )


def test_results_of_a_pool_are_on_one_scale(capsys, ev):
    """As printed, with the logarithms of ratios beside them."""
    code, text, _ = run(capsys, "pool", "or_activity", "--format", "json")
    rows = {row["finding_id"]: row for row in json.loads(text)["pools"][0]["included"]}
    printed = ev.findings.set_index("finding_id")
    assert code == 0 and len(rows) >= 3
    for name, row in rows.items():
        for column in ("estimate", "ci_low", "ci_high"):
            assert row[column] == pytest.approx(printed.loc[name, column], rel=1e-9)
        assert row["ci_low"] <= row["estimate"] <= row["ci_high"] and "se" not in row
        assert row["log_estimate"] == pytest.approx(math.log(row["estimate"]), abs=1e-9)
        z = NormalDist().inv_cdf(0.5 + row["ci_level"] / 200)
        width = math.log(row["ci_high"]) - math.log(row["ci_low"])
        assert row["log_se"] == pytest.approx(width / 2 / z, rel=1e-6)
    first = next(row for row in rows.values() if row["study_id"] == "alves2025")
    assert [first[name] for name in ("estimate", "ci_low", "ci_high")] == [2.91, 1.7, 5.01]


def test_results_of_a_pool_of_differences_keep_their_scale(ev):
    from evidence.display.pools_text import print_pools

    pools = [one for one in evidence.size_pools(ev) if not one.poolable.log and one.k]
    for one in json.loads(print_pools(ev, pools, "json"))["pools"]:
        for row in one["included"]:
            assert row["se"] > 0 and "log_estimate" not in row
    assert pools


def test_a_balance_of_one_outcome_counts_the_results_there(capsys, ev):
    """Text, JSON and chart say the same."""
    asked = ("--question", "treatment", "--population", "human")
    asked += ("--where", "outcome_domain=function")
    _, text, _ = run(capsys, "balance", *asked)
    assert "Each study votes with all its results on this outcome." in text
    assert "No result to count, because what they compare there does not answer" in text
    _, found, _ = run(capsys, "balance", *asked, "--format", "json")
    (row,) = json.loads(found)["rows"]
    part = ev.select(question="treatment", population="human", outcome_domain="function")
    chart = evidence.balance(part).chart()
    for word in ("benefit", "no_clear_difference", "mixed", "harm", "not_placed"):
        assert (chart.data[word] == row[word]).all()
    counts = [row[word] for word in ("benefit", "no_clear_difference", "mixed", "harm")]
    line = next(line for line in text.splitlines() if line.startswith("Exercising with ALS"))
    assert line.split()[4:9] == [*map(str, counts), str(row["not_placed"])]


@pytest.mark.parametrize(
    ("asked", "chosen"), [(["--from-year", "2030"], "from 2030"), (["--set-aside"], "set aside")]
)
def test_an_empty_selection_is_not_the_whole_table(capsys, ev, asked, chosen):
    """Studies in the table do bear on the question: none of the selection does."""
    code, text, _ = run(capsys, "answers", "slow", "harm", *asked)
    assert code == 0 and text.startswith(f"Selection: {chosen}.\n")
    assert text.count("No study of this selection counts for this question.") == 2
    assert "in the table" not in text
    _, found, _ = run(capsys, "answers", "slow", *asked, "--format", "json")
    found = json.loads(found)
    assert found["chosen"] == chosen
    assert found["answers"]["slow"]["answer"] == [
        "No study of this selection counts for this question."
    ]


@pytest.mark.parametrize(
    ("command", "key"),
    portion(
        [(["outcomes"], "rows"), (["answers"], "answers"), (["pool", "or_activity"], "pools")], 3
    ),
)
def test_every_format_says_the_selection_and_the_caution(capsys, ev, command, key):
    caution = ev.dictionary.settings["caution"]
    _, text, _ = run(capsys, *command, "--question", "risk")
    assert text.startswith("Selection: getting ALS.\n") and (key == "pools" or caution in text)
    _, found, _ = run(capsys, *command, "--question", "risk", "--format", "json")
    found = json.loads(found)
    assert found["chosen"] == "getting ALS" and found["caution"] == caution and found[key]
    _, text, _ = run(capsys, *command)
    assert "Selection:" not in text


def test_a_balance_in_json_says_what_its_text_says(capsys, ev):
    """The sign test of each row, what the lens and the sides mean, and how the table was made."""
    options = ("balance", "--lens", "direction", "--format", "json")
    found = json.loads(run(capsys, *options)[1])
    settings = ev.dictionary.settings
    assert [found["frame"], found["how_made"]] == [settings["frame"], settings["how_made"]]
    assert found["lens_meaning"].startswith("Which way") and "votes" not in found
    for row in found["rows"]:
        test = evidence.sign_test(row["benefit"], row["harm"], row["not_placed"])
        names = ("share", "share_low", "share_high", "p_value", "too_few")
        expected = (test.share, test.ci_low, test.ci_high, test.p_value, test.too_few)
        assert [row[name] for name in names] == pytest.approx(expected, abs=1e-9)
    found = json.loads(run(capsys, *options[:1], *options[3:])[1])
    assert "share" not in found["rows"][0] and found["lens_meaning"].startswith("What the authors")
