"""Nothing is lost: files are read at one moment and written whole, whatever happens in between."""

from __future__ import annotations

import ast
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import evidence
from evidence import files
from evidence.files import UnreadableFile, inside, read_bytes, write_atomically

HERE = Path(__file__).parent
posix = pytest.mark.skipif(os.name != "posix", reason="signals, links and permissions of POSIX")


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120
    )


# --- writing ---


@posix
def test_a_hundred_kills_lose_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, HERE / "files_kills.py", tmp_path],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["whole"] == 100, "each time the old file or the new one, whole"
    assert found["changed"] > 50, "the process did write in between"
    assert found["odd"] == 0 and found["left"] == ["table.csv"], (
        "what was left behind is known by its name, and removed by a later write"
    )


WRITER = """
import sys
from evidence.files import write_atomically
for number in range(150):
    write_atomically(sys.argv[1], f"{sys.argv[2]}\\n" * 20_000)
"""


def test_two_processes_at_once(tmp_path):
    path = tmp_path / "a.txt"
    write_atomically(path, "0\n")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name], stderr=subprocess.PIPE, text=True
        )
        for name in "12"
    ]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        lines = path.read_text().splitlines()
        assert len(set(lines)) == 1 and len(lines) in (1, 20_000)
        seen.add(lines[0])
    assert [writer.communicate()[1] for writer in writers] == ["", ""] and len(seen) > 1
    assert os.listdir(tmp_path) == ["a.txt"]


LIMITED = """
import resource, sys
import evidence
from evidence.files import write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_atomically(sys.argv[1], b"x" * 1_000_000)
except evidence.EvidenceError as error:
    print(error)
"""


@posix
def test_no_room_is_one_message_and_the_old_file_stays(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    done = run(LIMITED, str(path))
    assert done.stdout.strip() == f"Cannot write {path}: File too large." and done.stderr == ""
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the device that is always full")
def test_a_full_disk_and_other_devices():
    with pytest.raises(
        evidence.EvidenceError, match="Cannot write /dev/full: No space left on device"
    ):
        write_atomically("/dev/full", "text")
    assert not stat.S_ISREG(os.stat("/dev/full").st_mode), "a device is written to, not replaced"
    write_atomically("/dev/null", "text")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


NOBODY = """
import os, sys
import evidence
from evidence.files import read_bytes, write_atomically
if os.geteuid() == 0:
    os.setuid(65534)
folder = sys.argv[1]
wanted = (
    lambda: write_atomically(folder + "/a.txt", "x"),
    lambda: read_bytes(folder + "/secret"),
)
for action in wanted:
    try:
        action()
    except evidence.EvidenceError as error:
        print(error)
"""


@posix
def test_no_permission(tmp_path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0)
    tmp_path.chmod(0o555)
    for folder in tmp_path.parents:
        if folder.owner() == tmp_path.owner() and str(folder).startswith(str(tmp_path.parents[2])):
            folder.chmod(0o755)  # pytest's own folders are closed to others
    done = run(NOBODY, str(tmp_path))
    tmp_path.chmod(0o755)
    assert done.stderr == "" and done.stdout.splitlines() == [
        f"Cannot write {tmp_path}/a.txt: Permission denied.",
        "cannot be read: Permission denied; allowed: a plain file that this user may read",
    ]


@posix
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_that_the_umask_leaves(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        path = write_atomically(tmp_path / "a.txt", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
def test_an_old_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_atomically(path, "new")
    assert path.read_text() == "new" and stat.S_IMODE(path.stat().st_mode) == 0o640


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_replaced_and_what_it_names_stays(tmp_path, there):
    elsewhere, link = tmp_path / "elsewhere.txt", tmp_path / "out" / "a.txt"
    link.parent.mkdir()
    if there:
        elsewhere.write_text("mine")
    link.symlink_to(elsewhere)
    write_atomically(link, "new")
    assert not link.is_symlink() and link.read_text() == "new"
    assert elsewhere.exists() == there and (not there or elsewhere.read_text() == "mine")


@posix
def test_a_linked_folder_is_followed(tmp_path):
    (tmp_path / "large_disk").mkdir()
    (tmp_path / "build").symlink_to(tmp_path / "large_disk")
    write_atomically(tmp_path / "build" / "a.txt", "x")
    assert (tmp_path / "large_disk" / "a.txt").read_text() == "x"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("file/a.txt", "file is a file, not a folder"),
        ("file/b/a.txt", "file is a file, not a folder"),
        ("folder", "it is a folder"),
        ("a\0b", "null"),
        ("x" * 300, "too long"),
        ("", "it is a folder"),
    ],
)
def test_what_stands_in_the_way_is_named(tmp_path, path, words):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(evidence.EvidenceError, match=f"^Cannot write .*{words}"):
        write_atomically(f"{tmp_path}/{path}", "new")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


def test_text_that_is_not_unicode(tmp_path):
    with pytest.raises(evidence.EvidenceError, match="surrogates not allowed"):
        write_atomically(tmp_path / "a.txt", "\ud800")
    assert not os.listdir(tmp_path)


def test_an_interrupted_write_leaves_nothing(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def stop(*_):
        raise KeyboardInterrupt

    for moment in ("fsync", "replace"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(os, moment, stop)
            write_atomically(path, "new")
        assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


@posix
def test_file_and_folder_reach_the_disk(tmp_path, monkeypatch):
    kinds = []
    plain = os.fsync

    def fsync(handle):
        kinds.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        plain(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_atomically(tmp_path / "a.txt", "x")
    assert kinds == ["file", "folder"]


def test_only_stale_temporary_files_are_removed(tmp_path):
    names = {
        ".evidence-0123456789abcdef.tmp": 7200,
        ".evidence-fedcba9876543210.tmp": 60,
        ".evidence-mine.tmp": 7200,
        "old.tmp": 7200,
    }
    for name, age in names.items():
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    write_atomically(tmp_path / "a.txt", "x")
    assert sorted(os.listdir(tmp_path)) == [
        ".evidence-fedcba9876543210.tmp",
        ".evidence-mine.tmp",
        "a.txt",
        "old.tmp",
    ]


# --- reading ---


def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    """Read anew while it changes; given up when it does so again and again."""
    path = tmp_path / "a.txt"
    path.write_text("1")
    plain, seen = os.fstat, []

    def fstat(handle):
        found = plain(handle)
        if len(seen) < changes:
            seen.append(handle)
            os.utime(path, ns=(0, len(seen)))
        return found

    monkeypatch.setattr(os, "fstat", fstat)
    changes = 1
    assert read_bytes(path) == b"1"
    changes = 100
    with pytest.raises(
        UnreadableFile,
        match="changes while it is read; allowed: a file that nothing writes to at the moment",
    ):
        read_bytes(path)


def test_a_table_that_is_rewritten_all_the_time(data):
    """Another process writes while the checker reads: a file is seen as it was at one moment, or
    the message says that it changes.
    """
    path = data.folder / "findings.csv"
    content = path.read_bytes()
    code = (
        "import sys\nwhile True:\n    with open(sys.argv[1], 'wb') as f:\n       "
        " f.write(open(sys.argv[2], 'rb').read())\n        f.flush()"
    )
    copy = data.folder / "copy"
    copy.write_bytes(content)
    writer = subprocess.Popen([sys.executable, "-W", "ignore", "-c", code, str(path), str(copy)])
    try:
        for _ in range(6):
            try:
                evidence.load(data.folder)
            except evidence.DataError as error:
                assert "findings.csv" in str(error)
    finally:
        writer.kill()
        writer.wait()


@pytest.mark.parametrize(
    "name",
    ["../a", "/etc/passwd", "a/../b", "", ".", "a//b", "C:\\a", "a\\b", "a\0b", "a\nb", "./a"],
)
def test_names_that_lead_out(name):
    with pytest.raises(evidence.UsageError, match="not the name of a file inside a folder"):
        inside("out", name)


# --- one place for both ---

WRITING = {
    "write_text",
    "write_bytes",
    "to_csv",
    "to_json",
    "to_excel",
    "savefig",
    "dump",
    "mkstemp",
    "NamedTemporaryFile",
}
# What these calls write to is not a file that anybody reads yet: a stream in memory, a new folder
# that takes its place when it is whole.
ALLOWED = {
    ("charts/chart.py", "savefig"),
    ("site/folder.py", "write_bytes"),
    ("notebooks_true/plugin.py", "write_bytes"),  # a rejected picture, beside pytest's own
    ("notebooks_true/server.py", "savefig"),  # into memory
}


def test_every_write_goes_through_one_place():
    """No other file of the package opens, writes or renames one by itself."""
    found = []
    for path in sorted(Path(evidence.__file__).parent.rglob("*.py")):
        name = path.relative_to(Path(evidence.__file__).parent).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if name == "files.py" or not isinstance(node, ast.Call):
                continue
            method = isinstance(node.func, ast.Attribute)
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            modes = [
                value.value
                for value in [*node.args, *(word.value for word in node.keywords)]
                if isinstance(value, ast.Constant)
            ]
            writes = (method and called in WRITING) or (
                called == "open"
                and any(str(mode)[:1] in ("w", "a", "x") and len(str(mode)) < 4 for mode in modes)
            )
            returns_text = called in ("to_csv", "to_json") and not node.args
            if writes and not returns_text and (name, called) not in ALLOWED:
                found.append(f"{name}:{node.lineno}: {called}")
    assert not found


def test_temporary_names_are_ignored_by_git():
    assert (
        ".evidence-*.tmp" in (HERE.parent / ".gitignore").read_text(encoding="utf-8").splitlines()
    )
    assert files.TEMPORARY.fullmatch(".evidence-0123456789abcdef.tmp")
