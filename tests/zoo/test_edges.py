"""Edges of the machine: a full disk, a folder that is gone, a name without end, characters that
nobody can see. One message, no traceback.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from portion import portion

import evidence
from evidence.cli import main
from evidence.importing.new_folder import new_set
from evidence.quoting import HIDDEN

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="devices and folders of POSIX")


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHON": sys.executable,
    }
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "command", portion(["balance", "balance --format json", "codebook", "check"], 2)
)
def test_a_full_disk(tmp_path, command):
    done = shell(f'"$PYTHON" -m evidence.cli {command} > /dev/full', tmp_path)
    if command == "check":
        assert done.returncode == 0  # it says what it has to say elsewhere
        return
    assert (
        done.returncode == 1
        and done.stderr.splitlines()[-1]
        == "evidence: the output cannot be written: No space left on device"
    ), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_help_that_cannot_be_written(tmp_path):
    done = shell('"$PYTHON" -m evidence.cli --help > /dev/full', tmp_path)
    assert done.returncode == 1 and done.stderr == (
        "evidence: the output cannot be written: No space left on device\n"
    )


@posix
@pytest.mark.parametrize(
    ("command", "code", "said"),
    portion(
        [
            ("balance >&-", 1, "evidence: the output cannot be written: it is closed\n"),
            ("--help >&-", 1, "evidence: the output cannot be written: it is closed\n"),
            ("check /nope >&-", 1, "evidence: No datapackage.json in /nope or /nope/data."),
            ("balance --lens size >&-", 2, "invalid choice: 'size'"),
            ("balance >&- 2>&-", 1, ""),
        ],
        2,
    ),
)
def test_a_closed_output(tmp_path, command, code, said):
    done = shell(f'"$PYTHON" -m evidence.cli {command}', tmp_path)
    assert done.returncode == code and said in done.stderr and "Traceback" not in done.stderr
    assert bool(said) == bool(done.stderr)


@posix
def test_a_closed_stderr_gets_nothing_into_the_output(tmp_path):
    done = shell('"$PYTHON" -m evidence.cli check /nope 2>&-', tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    done = shell('"$PYTHON" -m evidence.cli balance --format csv 2>&-', tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("question,")
    done = shell(
        '"$PYTHON" -m evidence.cli charts balance --out c 2>&- && cat c/balance.csv', tmp_path
    )
    assert done.returncode == 0 and "files in" not in done.stdout


@posix
def test_a_closed_input_answers_nothing(tmp_path):
    (tmp_path / "s.csv").write_text("Study,N,Result\nSmith 2010,45,beneficial\n")
    line = '"$PYTHON" -m evidence.cli new n1 --from s.csv --no-notebooks <&-'
    done = shell(line, tmp_path)
    assert "Traceback" not in done.stderr and (tmp_path / "n1" / "studies.csv").is_file()
    assert "1 rows in the file: 1 studies" in done.stderr


@posix
@pytest.mark.parametrize(
    ("encoding", "command"),
    portion(
        [
            ("ascii", "outcomes"),
            ("ascii:surrogateescape", "balance --format json"),
            ("latin-1", "codebook"),
        ],
        3,
    ),
)
def test_an_output_that_cannot_show_a_character(tmp_path, encoding, command):
    line = f'PYTHONIOENCODING={encoding} "$PYTHON" -m evidence.cli {command} > out'
    done = shell(line, tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    said = (tmp_path / "out").read_text(encoding=encoding.split(":")[0])
    whole = shell(f'PYTHONIOENCODING=utf-8 "$PYTHON" -m evidence.cli {command}', tmp_path).stdout
    if "json" in command:
        assert json.loads(said) == json.loads(whole)
    for sign in {sign for sign in whole if ord(sign) > 127}:
        assert sign in said or json.dumps(sign)[1:-1] in said


@posix
def test_a_reader_that_goes_away(tmp_path):
    done = shell('"$PYTHON" -m evidence.cli codebook | head -1', tmp_path)
    assert done.returncode == 0 and done.stderr == "" and len(done.stdout.splitlines()) == 1


@posix
@pytest.mark.parametrize(
    "command",
    portion(
        [
            "new tea",
            "site",
            "export --format json",
            "charts",
            "balance",
            "run",
            "select design=rct --out x",
        ],
        3,
    ),
)
def test_a_working_folder_that_is_gone(tmp_path, command):
    (tmp_path / "gone").mkdir()
    done = shell(f'cd gone && rmdir ../gone && "$PYTHON" -m evidence.cli {command}', tmp_path)
    assert "Traceback" not in done.stderr and (done.returncode == 0) == (command == "balance"), (
        done.stderr
    )
    assert command == "balance" or len(done.stderr.splitlines()) >= 1
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("name", ["x" * 300, "x/" * 3000, "a\x1b[2J", "a\nb", "\udcff"])
def test_names_of_folders(tmp_path, capsys, name):
    code = main(["new", str(tmp_path / name), "--no-notebooks"])
    said = capsys.readouterr().err
    assert code in (0, 1, 2) and not HIDDEN.search(said.replace("\n", ""))
    if code == 0:
        assert (
            evidence.check(tmp_path / name) == []
            and evidence.load(tmp_path / name).dictionary.title.isprintable()
        )


@pytest.mark.parametrize("title", ["x" * 3000, "a\x1b[2Jb", "a\u202eb", "\ue000", "a\nb"])
def test_titles(tmp_path, title):
    new_set(tmp_path / "tea", title, title, notebooks=False)
    assert evidence.check(tmp_path / "tea") == []
    ev = evidence.load(tmp_path / "tea")
    assert not HIDDEN.search(ev.dictionary.title) and not HIDDEN.search(
        (tmp_path / "tea" / "search.toml").read_text().replace("\n", "")
    )


@pytest.mark.parametrize(
    "mark", ["\ue000", "\ue0001\ue001x\ue002", "\x9b2J", "\u202e", "\u2066", "\x1b[2J", "\u2028"]
)
def test_letters_that_nobody_sees(cage, capsys, mark):
    """The check names them; every table and text that is shown without a check stays whole."""
    cage.cell("studies", "country", f"Nor{mark}way")
    cage.cell("studies", "title", f"A{mark} title")
    assert any(
        fault.column == "country" and fault.rule == "text" for fault in evidence.check(cage.folder)
    )
    ev = evidence.load(cage.folder)
    shown = evidence.readable(ev, ev.studies.assign(study=ev.studies["country"]))
    assert "<table" in shown._repr_html_() and "Nor" in shown._repr_html_()
    capsys.readouterr()
    assert main(["balance", "--by", "country", "--data", str(cage.folder)]) == 0
    said = capsys.readouterr().out
    assert "Nor" in said and not HIDDEN.search(said.replace("\n", ""))


AS_NOBODY = """
import os, sys
from evidence.cli import main
main(["full" if word == "un" else word for word in sys.argv[1:]])
if os.geteuid() == 0:  # all modules are there, which nobody may not read
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(sys.argv[1:]))
"""


@posix
@pytest.mark.parametrize("mode", [0o000, 0o444])
@pytest.mark.parametrize(
    ("command", "code"),
    portion(
        [
            ("check un", 1),
            ("balance --data un", 1),
            ("run --notebooks un --out o", 1),
            ("site --notebooks un --out o", 1),
            ("new un", 2),
        ],
        3,
    ),
)
def test_a_folder_that_may_not_be_read(tmp_path, command, code, mode):
    """It is not said that nothing is in it."""
    (tmp_path / "full" / "of").mkdir(parents=True)
    (tmp_path / "un").mkdir(mode)
    for folder in tmp_path.parents:
        if folder.owner() == tmp_path.owner() and str(folder).startswith(str(tmp_path.parents[2])):
            folder.chmod(0o755)  # pytest's own folders are closed to others
    tmp_path.chmod(0o755)
    line = [sys.executable, "-c", AS_NOBODY, *command.split()]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True)
    said = "evidence: un cannot be read: Permission denied; allowed: a folder that this user"
    assert done.returncode == code and said in done.stderr and "Traceback" not in done.stderr


@posix
@pytest.mark.parametrize("target", ["loop", "nowhere"])
def test_a_link_that_leads_nowhere(tmp_path, capsys, target):
    (tmp_path / "loop").symlink_to(target)
    for command in (["new"], ["select", "design=rct", "--out"], ["charts", "balance", "--out"]):
        assert main([*command, str(tmp_path / "loop")]) == 1
        said = capsys.readouterr().err
        assert said.endswith("loop is a link that leads to no folder.\n"), said
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]


@posix
def test_a_bibliography_that_is_a_link_to_itself(cage, capsys):
    cage.bibliography.unlink()
    cage.bibliography.symlink_to(cage.bibliography.name)
    assert main(["check", str(cage.folder)]) == 1
    assert "symbolic links" in capsys.readouterr().out
    out = str(cage.folder.parent / "out.bib")
    assert main(["export", "--format", "bibtex", "--data", str(cage.folder), "--out", out]) == 1
    assert "symbolic links" in capsys.readouterr().err


SHARES = pd.DataFrame({"lens": ["a", "b"], "share": [0.2, 0.4]})


@pytest.mark.parametrize(
    "call",
    [
        lambda ev, odd: evidence.leave_one_out(ev, by=odd),
        lambda ev, odd: evidence.leave_one_out_pool(evidence.size_pool(ev, "or_activity"), odd),
        lambda ev, odd: evidence.size_pool(ev, odd),
        lambda ev, odd: evidence.export(ev, odd),
        lambda ev, odd: evidence.by_model(ev, odd),
        lambda ev, odd: evidence.published(ev, odd or 0),
        lambda ev, odd: evidence.cite(ev, odd),
        lambda ev, odd: evidence.cite(ev, "drory2001", odd),
        lambda ev, odd: evidence.references(ev, [odd or 0]),
        lambda ev, odd: evidence.find(ev, odd),
        lambda ev, odd: evidence.readable(ev, odd),
        lambda ev, odd: evidence.poolable(ev, "OR", odd),
        lambda ev, odd: evidence.egger([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], fewest=odd and "x"),
        lambda ev, odd: evidence.sign_tests(pd.DataFrame({"benefit": [odd], "harm": ["a"]})),
        lambda ev, odd: evidence.charts.sample_sizes(ev, by=odd),
        lambda ev, odd: evidence.charts.sample_sizes(ev, by="outcome_domain"),
        lambda ev, odd: evidence.charts.study_flow(evidence.study_flow(ev), unit=odd),
        lambda ev, odd: evidence.influence(SHARES, choices=odd or ["nosuch"]),
        lambda ev, odd: evidence.influence(SHARES, value=odd),
    ],
)
@pytest.mark.parametrize("odd", [None, [], ["x"], ["x", "y"], {}, 3])
def test_odd_arguments_are_one_message(ev, call, odd):
    with pytest.raises(evidence.UsageError):
        call(ev, odd)


@pytest.mark.parametrize("odd", ["", "survival", 3, b""])
def test_a_list_is_asked_for(ev, odd):
    with pytest.raises(evidence.UsageError, match=r"leave_out is .*; allowed: a list"):
        evidence.translation_gap(ev, leave_out=odd)
    with pytest.raises(evidence.UsageError):
        evidence.references(ev, odd or 3)
