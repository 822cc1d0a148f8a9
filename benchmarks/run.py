"""Each measurement in a process of its own, so that its memory is its own, and one that fails or
never ends harms no other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNIT = 1 if sys.platform == "darwin" else 1024  # of what the system tells of memory, in bytes


@dataclass(frozen=True)
class Taken:
    """What a measurement took.

    Attributes
    ----------
    clock, processor : float
        Seconds, each the least of several runs; nan when there is no result.
    peak : float
        Largest memory of the process, its preparation included, in MB.
    note : str
        Why there is no result.
    """

    clock: float = float("nan")
    processor: float = float("nan")
    peak: float = float("nan")
    note: str = ""


def run_job(name: str, arguments: Sequence[str], repeats: int, limit: float) -> Taken:
    """A job of :mod:`benchmarks.jobs`."""
    command = [sys.executable, "-m", "benchmarks.jobs", name, *arguments, "--repeats", str(repeats)]
    # Threads of BLAS would wait in a circle beside what is measured, and count as time of the
    # processor.
    code, said, wrong, _, _, peak = _process(
        command, limit, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"
    )
    if code is None:
        return Taken(note=f"stopped after {limit:.0f} s")
    if code:
        last = (wrong.strip().splitlines() or [f"exit code {code}"])[-1]
        return Taken(note=f"failed: {last[:150]}")
    found = json.loads(said.splitlines()[-1])
    if "missing" in found:
        return Taken(note=f"{found['missing']} is not installed")
    return Taken(found["clock"], found["processor"], peak)


def run_command(command: Sequence[str], repeats: int, limit: float) -> Taken:
    """A whole command, from its start to its end."""
    runs = []
    for _ in range(repeats):
        code, _, wrong, clock, processor, peak = _process(command, limit)
        if code is None or code:
            return Taken(
                note=(
                    f"stopped after {limit:.0f} s"
                    if code is None
                    else f"failed: {(wrong.strip().splitlines() or [str(code)])[-1][:150]}"
                )
            )
        runs.append((clock, processor, peak))
    clocks, processors, peaks = zip(*runs, strict=True)
    return Taken(min(clocks), min(processors), max(peaks))


def best(one: Taken, other: Taken) -> Taken:
    """The faster of two measurements of the same thing, with the larger memory."""
    if one.note or other.note:
        if one.note:
            return one
        return other
    return Taken(
        min(one.clock, other.clock), min(one.processor, other.processor), max(one.peak, other.peak)
    )


def _process(
    command: Sequence[str], limit: float, **more: str
) -> tuple[int | None, str, str, float, float, float]:
    """Exit code (None when it was stopped), output, errors, seconds by the clock and of the
    processor, and memory in MB.
    """
    settings = (
        os.environ | {"PYTHONDONTWRITEBYTECODE": "", "MPLBACKEND": "agg"} | more
    )  # compiled modules are used, as on most machines
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=errors, env=settings)
        code, usage = _waited(process, start + limit)
        clock = time.perf_counter() - start
        said, wrong = (_text(stream) for stream in (out, errors))
    return code, said, wrong, clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * UNIT / 1e6


def _waited(process: subprocess.Popen, end: float):
    """Exit code and what was used; a process that is not over by then is ended."""
    while True:
        over, status, usage = os.wait4(process.pid, os.WNOHANG)
        if over:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        if time.perf_counter() > end:
            process.kill()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            return None, usage
        time.sleep(0.002)


def _text(stream) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")
