"""What a command says on its streams: a closed one, and one that cannot show every character, end
no command with a traceback.
"""

from __future__ import annotations

import codecs
import json
import os
import sys
from typing import Any, TextIO

SPELLED = "evidence.spelled_out"
REFUSES = ("strict", "surrogateescape")  # what a stream does by default with what it cannot show


def fit_streams() -> None:
    """Have three streams, and none that refuses a character.

    What is asked on a closed input has no answer, what is said on a closed stderr is lost; whoever
    writes to a closed output is told so. Each closed one gets its place again: the next file that
    is opened would take it, and get what was meant for the stream.
    """
    codecs.register_error(SPELLED, _spelled_out)
    if sys.stdin is None:
        sys.stdin = _nowhere("r", os.O_RDONLY)
    if sys.stdout is None:
        sys.stdout = _nowhere("w", os.O_RDONLY)
    if sys.stderr is None:
        sys.stderr = _nowhere("w", os.O_WRONLY)
    if getattr(sys.stdout, "errors", "") in REFUSES and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors=SPELLED)


def _nowhere(mode: str, flags: int) -> TextIO:
    """A stream that leads nowhere; its place must stay open to the end of the process."""
    handle = os.open(os.devnull, flags)
    stream: Any = open(  # noqa: SIM115
        handle, mode, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    return stream


def _spelled_out(error: UnicodeError) -> tuple[str, int]:
    """Characters that a stream cannot show, as JSON writes them: JSON stays JSON.

    >>> codecs.register_error(SPELLED, _spelled_out)
    >>> "Åse ↑".encode("ascii", SPELLED)
    b'\\\\u00c5se \\\\u2191'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
