"""How long the comparison of all notebooks takes, beside bare kernels and nbmake. Prints; tests
nothing.

Run ``python -m benchmarks.notebooks``. Bare kernels only import pandas and Matplotlib: one a
notebook, as many at a time as there are processors. nbmake executes notebooks and compares nothing;
it is measured where it is installed (``pip install nbmake``).
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
JOBS = os.cpu_count() or 1
GOAL = 1.25
SHARED = [f"--numprocesses={JOBS}", "--dist=loadscope", "--import-mode=importlib", "-q"]
IMPORTS = "import pandas\nimport matplotlib.pyplot"


def bare_kernels(number: int, jobs: int) -> None:
    """Start, import, shut down: what a notebook costs before its first line."""
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda _: asyncio.run(_bare_kernel()), range(number)))


async def _bare_kernel() -> None:
    from jupyter_client.manager import AsyncKernelManager

    with tempfile.TemporaryDirectory(prefix="evidence-") as sockets:
        manager = AsyncKernelManager(
            kernel_name="python3", transport="ipc", ip=os.path.join(sockets, "kernel")
        )
        await manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=60)
            await client.execute_interactive(IMPORTS, timeout=60)
        finally:
            client.stop_channels()
            await manager.shutdown_kernel()


def together() -> None:
    """As in ``make test``: one run, compared by the plugin and by nbval."""
    _pytest([f"--numprocesses={JOBS}", "--dist=loadscope", "notebooks"])


def plugin() -> None:
    """The plugin without nbval."""
    _pytest(["-o", "addopts=", "--true-notebooks", *SHARED, "-p", "no:nbval", "notebooks"])


def nbval() -> None:
    """nbval alone, with kernels of its own."""
    options = ["--nbval", "--nbval-current-env"]
    _pytest(["-o", "addopts=", *options, *SHARED, "notebooks"])


def nbmake() -> None:
    """The same files with nbmake, in parallel too."""
    options = ["--nbmake", "--nbmake-kernel=python3", "-p", "no:nbval"]
    _pytest(["-o", "addopts=", "--noconftest", *options, *SHARED, "notebooks"])


def _pytest(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])


def best(run: Callable[[], None], repeats: int) -> tuple[float, float]:
    """Seconds by the clock, and of processor time with all child processes, each the least of
    several runs.
    """
    times = []
    for _ in range(repeats):
        start, before = time.perf_counter(), sum(os.times()[:4])
        run()
        times.append((time.perf_counter() - start, sum(os.times()[:4]) - before))
    clock, processor = zip(*times, strict=True)
    return min(clock), min(processor)


def ways() -> dict[str, Callable[[], None]]:
    """The ways to run all notebooks, by name; nbmake where it is installed."""
    number = len(list(FOLDER.glob("*.ipynb")))
    found: dict[str, Callable[[], None]] = {
        "bare kernels, one after the other": lambda: bare_kernels(number, 1),
        "bare kernels": lambda: bare_kernels(number, JOBS),
        "true-notebooks and nbval": together,
        "true-notebooks": plugin,
        "nbval": nbval,
    }
    return found | ({"nbmake": nbmake} if importlib.util.find_spec("nbmake") else {})


def measure(repeats: int = 3) -> list[dict[str, object]]:
    """One row for each way, with its ratio to bare kernels."""
    number = len(list(FOLDER.glob("*.ipynb")))
    taken = {name: best(run, repeats) for name, run in ways().items()}
    floor, least = taken["bare kernels"]
    return [
        {
            "what": name,
            "notebooks": number,
            "seconds": clock,
            "ratio": clock / floor,
            "processor": processor,
            "processor_ratio": processor / least,
        }
        for name, (clock, processor) in taken.items()
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--repeats",
        type=int,
        default=3,
        help="the fastest of so many runs counts (default: %(default)s)",
    )
    rows = measure(parser.parse_args().repeats)
    for row in rows:
        print(
            f"{row['what']:34} {row['notebooks']:>3} notebooks {row['seconds']:7.2f} s "
            f" {row['ratio']:5.2f} times bare kernels; processor {row['processor']:7.2f} s "
            f" {row['processor_ratio']:5.2f}"
        )
    print(f"Goal: the plugin and nbval at most {GOAL} times bare kernels, and faster than nbmake.")
    if len(rows) < 6:
        print("nbmake is not installed: pip install nbmake")


if __name__ == "__main__":
    main()
