"""Stored outputs of a cell against those of a new run, in all forms in which they are shown."""

from __future__ import annotations

import base64
import difflib
import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from evidence.notebooks_true.numbers import same_text, same_values
from evidence.notebooks_true.pixels import MOST, points_that_differ
from evidence.notebooks_true.settings import Settings

PICTURES = ("image/png", "image/jpeg")
WIDGET = "application/vnd.jupyter.widget-view+json"
MOST_LINES = 40
# Numbered again by every run, and no result: addresses, and names that styles and clips are given.
FLEETING = [
    (re.compile(r"\b0x[0-9a-fA-F]{6,16}\b"), "0x…"),
    (re.compile(r"\bT_[0-9a-f]{5}(?=[_ \"'{#])"), "T_…"),
    (re.compile(r"(?<=[\"'#])(?:[a-z]|DejaVuSans-|image)+[0-9a-f]{8,10}(?=[\"')])"), "id…"),
    (re.compile(r"<dc:date>[^<]*</dc:date>"), "<dc:date/>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "uuid…"),
]


def differences(stored: Sequence[Any], drawn: Sequence[Any], settings: Settings) -> list[str]:
    """What differs between two lists of outputs, in words and as a diff; empty when nothing does.

    Parameters
    ----------
    stored, drawn : sequence of mapping
        Outputs as a notebook holds them.
    settings : Settings
        Tolerance, and what is not compared.
    """
    old, new = (gathered(outputs, settings) for outputs in (stored, drawn))
    if len(old) != len(new):
        if not old:
            return [f"holds no output, but shows {_kinds(new)}", *diff("", _joined(new))]
        return [
            f"holds {len(old)} outputs ({_kinds(old)}), but shows {len(new)} ({_kinds(new)})",
            *diff(_joined(old), _joined(new)),
        ]
    return [said for a, b in zip(old, new) for said in difference(a, b, settings)]


def gathered(outputs: Sequence[Any], settings: Settings) -> list[Any]:
    """Outputs with what one stream wrote in pieces put together; all streams come first."""
    streams: dict[str, str] = {}
    others = []
    for output in outputs:
        if output["output_type"] == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + joined(output["text"])
        else:
            others.append(output)
    if "stderr" in settings.allow:
        streams.pop("stderr", None)
    made = [{"output_type": "stream", "name": k, "text": v} for k, v in sorted(streams.items())]
    return [*made, *others]


def difference(stored: Any, drawn: Any, settings: Settings) -> list[str]:
    """What differs between two outputs."""
    kind, now = stored["output_type"], drawn["output_type"]
    if kind != now or stored.get("name") != drawn.get("name"):
        return [
            f"holds {_kind(stored)}, but shows {_kind(drawn)}",
            *diff(_text(stored), _text(drawn)),
        ]
    if kind == "stream":
        return text_difference(stored["name"], stored["text"], drawn["text"], settings)
    if kind == "error":
        was, is_now = (f"{one['ename']}: {one['evalue']}" for one in (stored, drawn))
        return text_difference("error", was, is_now, settings)
    said: list[str] = []
    old, new = stored["data"], drawn["data"]
    for form in sorted(old.keys() ^ new.keys()):
        said.append(
            f"{form} is stored, but not shown"
            if form in old
            else f"shows {form}, which is not stored"
        )
    for form in sorted(old.keys() & new.keys()):
        said += form_difference(form, old[form], new[form], settings)
    return said + alt_difference(stored, drawn)


def form_difference(form: str, stored: Any, drawn: Any, settings: Settings) -> list[str]:
    """What differs in one form of a value."""
    if form in PICTURES:
        return picture_difference(joined(stored), joined(drawn), settings)
    if form == WIDGET:
        return []
    if isinstance(stored, (dict, list)) and isinstance(drawn, dict):
        same = same_values(stored, drawn, settings.tolerance)
        if same:
            return []
        return [f"{form} differs", *diff(_pretty(stored), _pretty(drawn))]
    return text_difference(form, joined(stored), joined(drawn), settings)


def text_difference(form: str, stored: Any, drawn: Any, settings: Settings) -> list[str]:
    old, new = (cleaned(joined(text), settings) for text in (stored, drawn))
    if same_text(old, new, settings.tolerance):
        return []
    return [f"{form} differs", *diff(old, new)]


def alt_difference(stored: Any, drawn: Any) -> list[str]:
    """Words that stand for a picture where it is not seen."""
    said = []
    for form in PICTURES:
        old, new = (one.get("metadata", {}).get(form, {}).get("alt") for one in (stored, drawn))
        if old != new:
            said += ["alt text of the picture differs", *diff(old or "", new or "")]
    return said


def picture_difference(stored: str, drawn: str, settings: Settings) -> list[str]:
    """What differs between two pictures in base64: of their marks where both have them, and of
    their points."""
    if stored == drawn:
        return []
    try:
        old, new = (base64.b64decode(picture) for picture in (stored, drawn))
        before, after = marks().read(old), marks().read(new)
        differ, of = points_that_differ(stored, drawn)
    except Exception as error:
        return [f"holds a picture that cannot be read ({type(error).__name__})"]
    both = before is not None and after is not None
    if both and not same_values(before, after, settings.tolerance):
        said = diff(*(cleaned(_pretty(one), settings) for one in (before, after)))
        return ["the marks of the picture differ", *said]
    if differ > MOST:
        said_first = "the stored picture is not the one that the cell draws now"
        return [f"{said_first} ({differ} of {of} points differ)"]
    return []


def pictures_complaint(stored: Sequence[Any], drawn: Sequence[Any]) -> str:
    """What is wrong with the stored pictures of a cell; empty when they are those that it draws.

    Parameters
    ----------
    stored, drawn : sequence of mapping
        Outputs of the cell as a notebook holds them: stored, and of a new run.

    Examples
    --------
    >>> pictures_complaint([], [{"data": {"image/png": ""}}])
    'the cell draws 1 pictures and 0 are stored'
    """
    old, new = (_pictures(outputs) for outputs in (stored, drawn))
    if len(old) != len(new):
        return f"the cell draws {len(new)} pictures and {len(old)} are stored"
    said = [picture_difference(a, b, Settings())[:1] for a, b in zip(old, new)]
    return next((one[0] for one in said if one), "")


def _pictures(outputs: Sequence[Any]) -> list[str]:
    forms = [output.get("data", {}) for output in outputs]
    return [joined(data["image/png"]) for data in forms if "image/png" in data]


def marks() -> ModuleType:
    from evidence.notebooks_true import marks as found

    return found


def cleaned(text: str, settings: Settings) -> str:
    """Text without what every run numbers again, and what the settings leave out."""
    text = text.replace("\r\n", "\n")
    for pattern, word in FLEETING:
        text = pattern.sub(word, text)
    for ignored in settings.ignore:
        text = re.sub(ignored, "…", text)
    return text


def joined(text: Any) -> str:
    if isinstance(text, list):
        return "".join(text)
    return str(text)


def diff(stored: str, drawn: str) -> list[str]:
    """Lines of a diff, indented; at most forty."""
    lines = list(
        difflib.unified_diff(
            stored.splitlines(), drawn.splitlines(), "stored", "now", lineterm="", n=1
        )
    )
    more = []
    if len(lines) > MOST_LINES:
        more = [f"... and {len(lines) - MOST_LINES} more lines"]
    return ["    " + line[:200] for line in [*lines[:MOST_LINES], *more]]


def _kind(output: Any) -> str:
    if output["output_type"] == "stream":
        return str(output["name"])
    if output["output_type"] == "error":
        return f"the error {output['ename']}"
    return "+".join(sorted(output["data"])) or "nothing"


def _kinds(outputs: Sequence[Any]) -> str:
    return ", ".join(map(_kind, outputs)) or "nothing"


def _text(output: Any) -> str:
    """An output in words, for a diff."""
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    data = output.get("data", {})
    return joined(output.get("text") or data.get("text/plain") or data.get("text/html") or "")


def _joined(outputs: Sequence[Any]) -> str:
    return "\n".join(map(_text, outputs))


def _pretty(value: Any) -> str:
    import json

    return json.dumps(value, indent=1, ensure_ascii=False)
