"""The command line.

Exit codes: 0 fine, 1 the data has faults, 2 the command was used wrongly, 3 the network is not
there, 130 and 143 it was stopped. Without a command the help is printed, and the code is 2.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence

from evidence import __version__
from evidence.commands import (
    answers,
    exchange,
    find,
    literature,
    notebooks,
    numbers,
    pictures,
    site,
    tables,
    teaching,
)
from evidence.commands.common import Parser
from evidence.commands.streams import fit_streams
from evidence.errors import EvidenceError, Terminated, UsageError
from evidence.quoting import terminal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    fit_streams()
    try:
        with _stopped_like_ctrl_c():
            code = _run(arguments)
            sys.stdout.flush()
            return code
    except EvidenceError as error:
        return _ended(str(error), error.exit_code)
    except Terminated:
        return _ended("stopped", 143)
    except KeyboardInterrupt:
        return _ended("stopped", 130)
    except BrokenPipeError:
        _give_up_output()
        return 0
    except OSError as error:
        _give_up_output()
        return _ended(_reason(error), 1)


def _run(arguments: Sequence[str] | None) -> int:
    root = parser()
    try:
        options, unknown = root.parse_known_args(arguments)
        if unknown:
            getattr(options, "parser", root).error(f"unrecognized arguments: {' '.join(unknown)}")
    except SystemExit:  # help was printed, or what is wrong
        sys.stdout.flush()
        raise
    if "command" not in options:
        root.print_help()
        return UsageError.exit_code
    return int(options.command(options))


def _ended(said: str, code: int) -> int:
    with contextlib.suppress(OSError):  # nobody can be told
        print(terminal(f"evidence: {said}"), file=sys.stderr)
    return code


def _reason(error: OSError) -> str:
    """What stands in the way, in words."""
    try:
        os.getcwd()
    except OSError:
        return "the working folder no longer exists; change to another one"
    if error.errno == errno.EBADF:
        return "the output cannot be written: it is closed"
    if error.filename is None:
        return f"the output cannot be written: {error.strerror or error}"
    return f"{error.filename}: {error.strerror}"


def _give_up_output() -> None:
    """What is not written yet goes nowhere: else Python tries once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _stopped_like_ctrl_c() -> Iterator[None]:
    """SIGTERM, which process managers send, ends a command as Ctrl-C does: nothing half-written, no
    process left behind.
    """

    def stop(*_: object) -> None:
        raise Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    root = Parser(
        prog="evidence",
        description="Load, check, count and draw the studies of a disputed question.",
    )
    root.add_argument("--version", action="version", version=f"evidence {__version__}")
    commands = root.add_subparsers(title="commands", metavar="COMMAND")
    groups = (tables, answers, find, numbers, pictures, teaching, notebooks, literature, site)
    for group in (*groups, exchange):
        group.add(commands)
    return root


if __name__ == "__main__":
    sys.exit(main())
