"""Kill a process that writes a file again and again, a hundred times, and look at what is there.
Run by ``test_files.py`` in a process of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from evidence.files import TEMPORARY, write_atomically

KILLS = 100
SIZES = (10, 50_000, 2_000_000)


def content(number: int) -> bytes:
    """A file that says how long it is and what its checksum is."""
    body = bytes([65 + number % 26]) * SIZES[number % len(SIZES)]
    return f"{len(body)} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def is_whole(data: bytes) -> bool:
    head, _, body = data.partition(b"\n")
    return head == f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode()


def write_for_ever(path: Path, number: int, started: int) -> None:
    while True:
        write_atomically(path, content(number))
        os.write(started, b".")
        number += 1


def main(folder: Path) -> None:
    path, chance = folder / "table.csv", random.Random(1)
    write_atomically(path, content(0))
    whole, changed, before = 0, 0, b""
    for number in range(KILLS):
        begun, started = os.pipe()
        child = os.fork()
        if not child:
            write_for_ever(path, number, started)
        os.read(begun, 1)
        time.sleep(chance.uniform(0, 0.015))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(begun)
        os.close(started)
        after = path.read_bytes()
        whole += is_whole(after)
        changed += after != before
        before = after
    others = [name.name for name in folder.iterdir() if name != path]
    strays = [name for name in others if TEMPORARY.fullmatch(name)]
    for name in strays:
        os.utime(folder / name, (0, time.time() - 7200))
    write_atomically(path, content(1))
    left = sorted(name.name for name in folder.iterdir())
    print(
        json.dumps(
            {
                "whole": whole,
                "changed": changed,
                "strays": len(strays),
                "odd": len(others) - len(strays),
                "left": left,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
