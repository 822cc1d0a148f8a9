"""TOML whose faults can be named, with their line."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from evidence.errors import Fault


def parse_toml(text: str, shown: str) -> tuple[dict[str, Any], list[Fault]]:
    """What a text holds, and what is wrong with it as TOML; ``shown`` is its path in messages.

    >>> parse_toml("a = 1", "a.toml"), parse_toml("a = " + "[" * 9000, "a.toml")[1][0].message
    (({'a': 1}, []), 'is nested too deeply')
    """
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 0
        what, allowed = f"is not readable as TOML: {error}", "https://toml.io"
    except RecursionError:
        line, what, allowed = 0, "is nested too deeply", "TOML with few brackets in each other"
    except ValueError:
        line, what, allowed = 0, "holds a number with too many digits", "https://toml.io"
    return {}, [Fault(shown, line, "", what, allowed)]
