"""Change one thing at a time in a copy of the repository, and see whether the tests notice.

    python tools/falsify [--room data|notebook|chart|synthesis] [--jobs 2] [--seed 1] [--most N]
    [--json FILE]

Exit code 1 when more mutations of a room survive than stated below.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

# How many may survive in each room. Data and notebooks: what a reader sees is compared cell by
# cell, so none. Code: some changes are equal in all
# that can be seen (`<` for `<=` where no number lies on the edge, a second guard behind a first),
# so about one in ten is left; each is named.
LISTEN = 0.2  # seconds
ALLOWED = {"data": 0, "notebook": 0, "chart": 4, "synthesis": 6}


def main() -> int:
    parser = argparse.ArgumentParser(prog="falsify", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--room",
        choices=list(ALLOWED),
        action="append",
        help="only this room; may be given several times",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="how many at a time (default: one for each processor)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="which cells and lines are drawn (default 1)"
    )
    parser.add_argument("--most", type=int, help="at most so many mutations a room")
    parser.add_argument(
        "--json", type=Path, help="write every mutation and what noticed it to this file"
    )
    options = parser.parse_args()

    import code_room
    import data_room
    import notebook_room
    from bench import Bench
    from tqdm import tqdm

    made = {
        "data": data_room.mutations,
        "notebook": notebook_room.mutations,
        "chart": code_room.chart_mutations,
        "synthesis": code_room.synthesis_mutations,
    }
    rooms = options.room or list(ALLOWED)
    begin = time.monotonic()
    chosen = {
        room: _at_most(made[room](options.seed), options.most, options.seed) for room in rooms
    }
    work = [mutation for found in chosen.values() for mutation in found]
    with (
        tempfile.TemporaryDirectory(prefix="falsify-") as folder,
        ThreadPoolExecutor(options.jobs) as pool,
    ):
        bench = Bench(Path(folder))
        if said := bench.unchanged():
            print(f"Without any mutation something is noticed already: {said}", file=sys.stderr)
            return 2
        with tqdm(total=len(work), desc="falsify", unit="mutation", disable=None) as bar:
            tried = [pool.submit(bench.tried, mutation) for mutation in work]
            try:
                # Without a timeout a Ctrl-C that comes while another thread starts a process would
                # not be seen before that one ends.
                while (state := wait(tried, timeout=LISTEN)).not_done:
                    bar.update(len([one.result() for one in state.done]) - bar.n)
                outcomes = [one.result() for one in tried]
            except BaseException:
                bench.stop()
                pool.shutdown(
                    wait=False, cancel_futures=True
                )  # else all the others would still be tried
                raise
            bar.update(len(work) - bar.n)
    by_room = {
        room: outcomes[start : start + len(chosen[room])]
        for room, start in zip(rooms, _starts([len(chosen[room]) for room in rooms]))
    }
    return _report(by_room, time.monotonic() - begin, options)


def _at_most(found: list, most: int | None, seed: int) -> list:
    if most is None or len(found) <= most:
        return found
    chosen = set(random.Random(seed).sample(range(len(found)), most))
    return [mutation for number, mutation in enumerate(found) if number in chosen]


def _starts(lengths: list[int]) -> list[int]:
    return [sum(lengths[:number]) for number in range(len(lengths))]


def _report(by_room: dict[str, list], seconds: float, options: argparse.Namespace) -> int:
    ways = ("notebooks", "checks", "tests")
    lines, failed = [], []
    for room, outcomes in by_room.items():
        counts = [sum(outcome.by == way for outcome in outcomes) for way in ways]
        survived = len(outcomes) - sum(counts)
        lines.append([room, len(outcomes), sum(counts), *counts, survived, ALLOWED[room]])
        if survived > ALLOWED[room]:
            failed.append(room)
    lines.append(["all", *(sum(line[i] for line in lines) for i in range(1, 8))])
    head = [
        "Room",
        "Mutations",
        "Noticed",
        "by notebooks",
        "by checks",
        "by tests",
        "Survived",
        "May survive",
    ]
    widths = [max(len(str(line[i])) for line in [head, *lines]) for i in range(len(head))]
    for line in [head, *lines]:
        print(
            "  ".join(
                str(cell).ljust(widths[i]) if i == 0 else str(cell).rjust(widths[i])
                for i, cell in enumerate(line)
            )
        )
    print(f"{seconds:.0f} s with {options.jobs} at a time, seed {options.seed}")
    survivors = [outcome for outcomes in by_room.values() for outcome in outcomes if not outcome.by]
    if survivors:
        print("\nSurvivors:")
        for outcome in survivors:
            print(f"  {outcome.mutation.room}: {outcome.mutation.name}")
    if options.json:
        rows = [
            {"room": o.mutation.room, "name": o.mutation.name, "by": o.by, "sign": o.sign}
            for found in by_room.values()
            for o in found
        ]
        options.json.write_text(
            json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    for room in failed:
        print(
            f"\n{room}: more survive than may: close them with a test or a notebook cell",
            file=sys.stderr,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("falsify: stopped", file=sys.stderr)
        sys.exit(130)
