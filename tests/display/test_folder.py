"""A folder that is replaced as a whole: whatever ends the process, a page is there, and nothing
else stays.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.errors import UsageError
from evidence.lock import locked
from evidence.site import folder as module
from evidence.site.exchange import exchanged
from evidence.site.folder import replaced_folder

MARK = ".made"


def filled(path: Path, text: str) -> None:
    with replaced_folder(path, MARK) as new:
        (new / "page").write_text(text, encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", ["one", "two"])
def test_killed_again_and_again(tmp_path, how):
    script = Path(__file__).with_name("folder_kills.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path / "site", how],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    missing, left = map(int, done.stdout.split())
    assert left > 0, "the kills hit something"
    assert how == "two" or not missing or not exchanged_here(tmp_path)


def exchanged_here(folder: Path) -> bool:
    for name in ("a", "b"):
        (folder / name).mkdir()
    return exchanged(folder / "a", folder / "b")


def test_two_folders_change_names(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchanged(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this disk has no such step")
    assert (tmp_path / "a" / "b").exists() and (tmp_path / "b" / "a").exists()


@pytest.mark.parametrize("step", [True, False])
def test_replaced(tmp_path, monkeypatch, step):
    if not step:
        monkeypatch.setattr(module, "exchanged", lambda one, other: False)
    for text in ("one", "two", "three"):
        filled(tmp_path / "site", text)
        assert (tmp_path / "site" / "page").read_text(encoding="utf-8") == text and list(
            tmp_path.iterdir()
        ) == [tmp_path / "site"]
    assert os.name != "posix" or (tmp_path / "site").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_stopped_between_two_steps(tmp_path, monkeypatch, error):
    filled(tmp_path / "site", "old")
    monkeypatch.setattr(module, "exchanged", lambda one, other: False)
    plain = os.replace

    def second_fails(one, other):
        if Path(one).name == "new":
            raise error
        plain(one, other)

    monkeypatch.setattr(os, "replace", second_fails)
    with pytest.raises(BaseException):  # noqa: B017
        filled(tmp_path / "site", "new")
    assert (tmp_path / "site" / "page").read_text(encoding="utf-8") == "old" and list(
        tmp_path.iterdir()
    ) == [tmp_path / "site"]


def test_what_a_killed_process_left_is_put_in_order(tmp_path):
    """Killed between the two steps: the old folder stands aside, the new one is whole or not."""
    left = tmp_path / ".site.evidence-abcdefgh"
    (left / "old").mkdir(parents=True)
    (left / "old" / MARK).touch()
    (left / "old" / "page").write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), replaced_folder(tmp_path / "site", MARK):
        raise ZeroDivisionError
    assert (tmp_path / "site" / "page").read_text(encoding="utf-8") == "old" and list(
        tmp_path.iterdir()
    ) == [tmp_path / "site"]


def test_a_living_process_is_left_alone(tmp_path):
    busy, other = tmp_path / ".site.evidence-abcdefgh", tmp_path / ".site.original"
    busy.mkdir()
    other.mkdir()
    with locked(busy):
        filled(tmp_path / "site", "new")
        assert busy.is_dir()
    filled(tmp_path / "site", "new")
    assert not busy.exists() and other.is_dir()


def test_a_folder_of_somebody_else(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine").touch()
    with pytest.raises(UsageError, match="holds other files"):
        filled(tmp_path / "site", "new")
    assert [path.name for path in tmp_path.rglob("*")] == ["site", "mine"]
