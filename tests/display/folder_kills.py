"""Kill a process that replaces a folder again and again, and look at what is there. Run by
``test_folder.py`` in a process of its own.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from evidence.site import folder as module
from evidence.site.folder import replaced_folder

KILLS = 60
FILES = 5


def replace_for_ever(path: Path, started: int) -> None:
    number = 0
    while True:
        with replaced_folder(path, ".made") as new:
            for name in range(FILES):
                (new / str(name)).write_text(str(number), encoding="utf-8")
        os.write(started, b".")
        number += 1


def is_whole(path: Path) -> bool:
    texts = {(path / str(name)).read_text(encoding="utf-8") for name in range(FILES)}
    return (path / ".made").is_file() and len(texts) == 1


def main(path: Path, in_one_step: bool) -> None:
    chance = random.Random(1)
    if not in_one_step:
        module.exchanged = lambda one, other: False  # type: ignore[assignment]
    missing, left = 0, 0
    for _ in range(KILLS):
        begun, started = os.pipe()
        child = os.fork()
        if not child:
            replace_for_ever(path, started)
        os.read(begun, 1)
        time.sleep(chance.uniform(0, 0.01))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(begun)
        os.close(started)
        left += len(list(path.parent.iterdir())) > 1
        if path.exists():
            assert is_whole(path)
        else:
            missing += 1
    # The next one that comes puts things in order, even when it does not get far itself.
    try:
        with replaced_folder(path, ".made"):
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert is_whole(path) and list(path.parent.iterdir()) == [path]
    print(missing, left)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "one")
