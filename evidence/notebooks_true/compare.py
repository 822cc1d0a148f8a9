"""Stored outputs of a cell against those of a new run, in all forms in which they are shown."""

from __future__ import annotations

import base64
import difflib
import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from evidence.notebooks_true.numbers import same_text, same_values
from evidence.notebooks_true.pixels import MOST, any_point_differs, points_that_differ
from evidence.notebooks_true.settings import Settings

PICTURES = ("image/png", "image/jpeg")
WIDGET = "application/vnd.jupyter.widget-view+json"
MOST_LINES = 40
SHOWN = {"alt": "alt text", "width": "width", "height": "height"}
# Other in every run, and no result: addresses, what %%time, %timeit and tqdm measure, and in markup
# the names that styles and clips are given, which no reader sees.
SOURCE = re.compile(r"\S*[/\\]ipykernel_\d+[/\\]\d+\.py")  # what a warning calls its cell
FLEETING = [
    (re.compile(r"(?<=\bat )0x[0-9a-fA-F]{6,16}\b|\b0x[5-7][0-9a-f]{11}\b"), "0x…"),
    (SOURCE, "cell.py"),
    (re.compile(r"^(?:CPU times|Wall time): .*|^\S+ \S+ ± \S+ \S+ per loop \(.*\)", re.M), "time…"),
    (re.compile(r"\[[\d:]+<[\d:?]+, *\S+/\w+\]"), "time…"),  # of tqdm
]
MARKUP = ("text/html", "image/svg+xml", "application/javascript")
NAMES = [
    (re.compile(r"(?<=[\"'#])T_[0-9a-f]{5,32}(?=[_ \"'{])"), "T_…"),
    (re.compile(r"(?<=[\"'#])(?:[a-z]|DejaVuSans-|image)+[0-9a-f]{8,10}(?=[\"')])"), "id…"),
    (re.compile(r"<dc:date>[^<]*</dc:date>"), "<dc:date/>"),
    (
        re.compile(
            r"(?:(?<=[=(][\"'])|(?<=[{:,]\")|(?<=#))[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        ),
        "uuid…",
    ),
]
ANSI = re.compile(r"\x1b\[[\d;]*m")


def differences(
    stored: Sequence[Any], drawn: Sequence[Any], settings: Settings, loose: bool = False
) -> list[str]:
    """What differs between two lists of outputs, in words and as a diff; empty when nothing does.

    Parameters
    ----------
    stored, drawn : sequence of mapping
        Outputs as a notebook holds them.
    settings : Settings
        Tolerance, and what is not compared.
    loose : bool
        Whether streams may come before or after any value.
    """
    old, new = (gathered(outputs, settings, loose) for outputs in (stored, drawn))
    if len(old) != len(new):
        if not old:
            return [f"holds no output, but shows {_kinds(new)}", *diff("", _joined(new))]
        return [
            f"holds {len(old)} outputs ({_kinds(old)}), but shows {len(new)} ({_kinds(new)})",
            *diff(_joined(old), _joined(new)),
        ]
    return [said for a, b in zip(old, new) for said in difference(a, b, settings)]


def gathered(outputs: Sequence[Any], settings: Settings, loose: bool = False) -> list[Any]:
    """Outputs with what a stream wrote in pieces, with no value between them, put together."""
    if loose:
        outputs = sorted(outputs, key=lambda output: output["output_type"] != "stream")
    made: list[Any] = []
    streams: dict[str, Any] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            made, streams = [*made, *in_order(streams), output], {}
        elif (text := joined(output["text"])) and not skipped(output, settings):
            plain = {"output_type": "stream", "name": output["name"], "text": ""}
            streams.setdefault(output["name"], plain)["text"] += text
    return [*made, *in_order(streams)]


def skipped(output: Any, settings: Settings) -> bool:
    return output["name"] == "stderr" and "stderr" in settings.allow


def in_order(streams: dict[str, Any]) -> list[Any]:
    """By name, as two streams reach a notebook in any order."""
    return [streams[name] for name in sorted(streams)]


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
        return text_difference("error", _text(stored), _text(drawn), settings)
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
    if form.endswith("json"):
        old, new = (tidied(value, settings) for value in (stored, drawn))
        if same_values(old, new, settings.tolerance):
            return []
        return [f"{form} differs", *diff(_pretty(stored), _pretty(drawn))]
    return text_difference(form, joined(stored), joined(drawn), settings)


def text_difference(form: str, stored: Any, drawn: Any, settings: Settings) -> list[str]:
    old, new = (cleaned(joined(text), settings, form) for text in (stored, drawn))
    if same_text(old, new, settings.tolerance):
        return []
    return [f"{form} differs", *diff(old, new)]


def alt_difference(stored: Any, drawn: Any) -> list[str]:
    """Size of a picture, and words that stand for it where it is not seen."""
    said = []
    for form in sorted(drawn["data"]):
        old, new = (one.get("metadata", {}).get(form, {}) for one in (stored, drawn))
        for key, name in SHOWN.items():
            if not alike(old.get(key), new.get(key)):
                lines = diff(str(old.get(key, "")), str(new.get(key, "")))
                said += [f"{name} of the picture differs", *lines]
    return said


def alike(stored: Any, drawn: Any) -> bool:
    """The same, or two numbers of points that differ by one, as fonts of machines do."""
    if isinstance(stored, (int, float)) and isinstance(drawn, (int, float)):
        return abs(stored - drawn) <= 1
    return bool(stored == drawn)


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
    if before is not None and after is not None:
        before, after = marks().of_one_age(before, after)
    else:
        before = after = None
    if not same_values(before, after, settings.tolerance):
        said = diff(*(cleaned(_pretty(one), settings) for one in (before, after)))
        return ["the marks of the picture differ", *said]
    if differ > MOST:
        said_first = "the stored picture is not the one that the cell draws now"
        return [f"{said_first} ({differ} of {of} points differ)"]
    return []


def unmarked(stored: Sequence[Any], drawn: Sequence[Any]) -> bool:
    """Whether a stored picture lacks the marks of the one that is drawn, and is another one."""
    return any(
        not marked([old]) and marked([new]) and any_point_differs(*_pictures([old, new]))
        for old, new in zip(stored, drawn)
        if len(_pictures([old, new])) == 2
    )


def marked(outputs: Sequence[Any]) -> bool:
    """Whether there are marks in any picture of outputs."""
    return any(marks().read(base64.b64decode(one)) is not None for one in _pictures(outputs))


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


def cleaned(text: str, settings: Settings, form: str = "") -> str:
    """Text without what every run numbers again, and what the settings leave out."""
    text = overwritten(text)
    for pattern, word in [*FLEETING, *(NAMES if form in MARKUP else [])]:
        text = pattern.sub(word, text)
    for ignored in settings.ignore:
        text = re.sub(ignored, "…", text)
    return text


def overwritten(text: str) -> str:
    """Text as it is seen after its carriage returns: JupyterLab stores no more of it.

    >>> overwritten("50%\\r100%\\r\\nabc\\rX\\n")
    '100%\\nXbc\\n'
    """
    if "\r" not in text:
        return text
    lines = []
    for line in text.split("\n"):
        seen = ""
        for part in line.split("\r"):
            seen = part + seen[len(part) :]
        lines.append(seen)
    return "\n".join(lines)


def tidied(value: Any, settings: Settings) -> Any:
    """A value of JSON with its texts cleaned."""
    if isinstance(value, dict):
        return {key: tidied(its, settings) for key, its in value.items()}
    if isinstance(value, list):
        return [tidied(its, settings) for its in value]
    if isinstance(value, str):
        return cleaned(value, settings)
    return value


def joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


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
    """An output in words, for a diff; an error without frames of files, which others have not."""
    if output["output_type"] == "error":
        parts = [ANSI.sub("", part) for part in output.get("traceback", [])]
        frames = [part for part in parts if not part.startswith("File ")]
        return "\n".join([f"{output['ename']}: {output['evalue']}", *frames])
    data = output.get("data", {})
    return joined(output.get("text") or data.get("text/plain") or data.get("text/html") or "")


def _joined(outputs: Sequence[Any]) -> str:
    return "\n".join(map(_text, outputs))


def _pretty(value: Any) -> str:
    import json

    return json.dumps(value, indent=1, ensure_ascii=False)
