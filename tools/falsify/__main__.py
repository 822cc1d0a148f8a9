"""Change one thing at a time in a copy of the repository, and see whether the tests notice.

    python tools/falsify [--room ROOM] [--jobs 2] [--seed 1] [--most N] [--fresh] [--json FILE]

Exit code 1 when a mutation survives that is not named in equal.toml with the reason why.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench import Outcome
    from mutation import Mutation

LISTEN = 0.2  # seconds
EQUAL = Path(__file__).with_name("equal.toml")
ROOMS = ("data", "notebook", "chart", "synthesis", "named", "picture")
WAYS = ("notebooks", "checks", "tests")
HEAD = ["Kind", "Tried", "Noticed", *(f"by {way}" for way in WAYS), "Named equal", "Survived"]


def main() -> int:
    options = _options()
    equal = tomllib.loads(EQUAL.read_text(encoding="utf-8"))["equal"]
    begin = time.monotonic()
    work = [
        mutation
        for room in options.room or ROOMS
        for mutation in _at_most(_made(room)(options.seed), options.most, options.seed)
    ]
    if options.fresh:
        work = [mutation for mutation in work if not mutation.kind.startswith("notebook")]
    outcomes = _tried(work, options)
    _print_table(outcomes, equal)
    print(f"{time.monotonic() - begin:.0f} s with {options.jobs} at a time, seed {options.seed}")
    if options.json:
        _write(options.json, outcomes)
    return _verdict(outcomes, equal)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="falsify", description=__doc__.split("\n")[0])
    add = parser.add_argument
    several = "only this room; may be given several times"
    add("--room", choices=ROOMS, action="append", help=several)
    add("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    add("--seed", type=int, default=1, help="which cells and lines are drawn (default 1)")
    add("--most", type=int, help="at most so many mutations a room")
    fresh = "compare notebooks with what the unchanged code gives, not with what is stored"
    add("--fresh", action="store_true", help=f"{fresh}; leaves out changes of notebooks")
    add(
        "--json",
        type=Path,
        help="write every mutation and what noticed it to this file, as it goes on",
    )
    return parser.parse_args()


def _made(room: str) -> Callable[[int], list[Mutation]]:
    """What makes the mutations of a room."""
    import code_room
    import data_room
    import named_room
    import notebook_room
    import picture_room

    return {
        "data": data_room.mutations,
        "notebook": notebook_room.mutations,
        "chart": code_room.chart_mutations,
        "synthesis": code_room.synthesis_mutations,
        "named": named_room.mutations,
        "picture": picture_room.mutations,
    }[room]


def _at_most(found: list[Mutation], most: int | None, seed: int) -> list[Mutation]:
    if most is None or len(found) <= most:
        return found
    chosen = set(random.Random(seed).sample(range(len(found)), most))
    return [mutation for number, mutation in enumerate(found) if number in chosen]


def _tried(work: list[Mutation], options: argparse.Namespace) -> list[Outcome]:
    """What noticed each of them."""
    from bench import Bench
    from tqdm import tqdm

    with (
        tempfile.TemporaryDirectory(prefix="falsify-") as folder,
        ThreadPoolExecutor(options.jobs) as pool,
    ):
        bench = Bench(Path(folder), options.fresh)
        if options.fresh and any(mutation.ask != "tests" for mutation in work):
            bench.renew()
        with tqdm(total=len(work), desc="falsify", unit="mutation", disable=None) as bar:
            tried = [pool.submit(bench.tried, mutation) for mutation in work]
            try:
                # Without a timeout a Ctrl-C that comes while another thread starts a process would
                # not be seen before that one ends.
                while (state := wait(tried, timeout=LISTEN)).not_done:
                    # a result that is an error ends all of it at once
                    outcomes = [one.result() for one in tried if one in state.done]
                    if options.json and len(outcomes) > bar.n:
                        _write(options.json, outcomes)  # what is known when it is stopped
                    bar.update(len(outcomes) - bar.n)
                outcomes = [one.result() for one in tried]
            except BaseException:
                bench.stop()
                # else all the others would still be tried
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            bar.update(len(work) - bar.n)
    return outcomes


def _print_table(outcomes: list[Outcome], equal: dict[str, str]) -> None:
    """A row for each kind, and one for all."""
    lines = []
    for kind in dict.fromkeys(outcome.mutation.kind for outcome in outcomes):
        of = [outcome for outcome in outcomes if outcome.mutation.kind == kind]
        counts = [sum(outcome.by == way for outcome in of) for way in WAYS]
        left = [outcome.mutation.without_lines for outcome in of if not outcome.by]
        named = sum(name in equal for name in left)
        lines.append([kind, len(of), sum(counts), *counts, named, len(left) - named])
    lines.append(["all", *(sum(line[i] for line in lines) for i in range(1, len(HEAD)))])
    for line in [HEAD, ["---", *["--:"] * (len(HEAD) - 1)], *lines]:
        print(f"| {' | '.join(map(str, line))} |")


def _verdict(outcomes: list[Outcome], equal: dict[str, str]) -> int:
    """The exit code, with the names of what survived."""
    left = [outcome.mutation for outcome in outcomes if not outcome.by]
    survivors = [mutation for mutation in left if mutation.without_lines not in equal]
    for outcome in outcomes:
        if outcome.by and outcome.mutation.without_lines in equal:
            print(f"\nNoticed, though named equal: {outcome.mutation.name} ({outcome.sign})")
    if not survivors:
        return 0
    print("\nSurvivors:")
    for mutation in survivors:
        print(f"  {mutation.kind}: {mutation.without_lines}")
    print(
        "Close them with a test, or name them in tools/falsify/equal.toml with the reason why no"
        " test can distinguish them.",
        file=sys.stderr,
    )
    return 1


def _write(path: Path, outcomes: list[Outcome]) -> None:
    rows = [
        {"kind": o.mutation.kind, "name": o.mutation.name, "by": o.by, "sign": o.sign}
        for o in outcomes
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("falsify: stopped", file=sys.stderr)
        sys.exit(130)
