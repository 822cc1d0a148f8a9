"""What a stored notebook must be, before anything is run: it was run from top to bottom, hides
nothing, and holds nothing that only one machine has.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from evidence.notebooks_true.compare import SOURCE, WIDGET, joined
from evidence.notebooks_true.settings import Settings
from evidence.notebooks_true.sheet import Sheet

IGNORE, CHECK, RAISES, SKIP = (
    "NBVAL_IGNORE_OUTPUT",
    "NBVAL_CHECK_OUTPUT",
    "NBVAL_RAISES_EXCEPTION",
    "NBVAL_SKIP",
)
TOLERANCE = "TRUE_TOLERANCE"
MARKERS = {IGNORE, CHECK, RAISES, SKIP, "PYTEST_VALIDATE_IGNORE_OUTPUT"}
TAGS = {name.lower().replace("_", "-"): name for name in MARKERS} | {"raises-exception": RAISES}
HIDING = re.compile(r"(?:hide|hidden|remove)(?:[-_](?:cell|input|output|code|source)s?)?", re.I)
# Of Jupyter, its extensions and other programs that show notebooks; of Quarto in comments.
FOLDS = ["collapsed", "hidden", "hide_input", "hide_output", "hideCode", "hideOutput"]
FOLDED = {("cellView", "form"), ("nbsphinx", "hidden")}
OPTION = re.compile(r"^#\|\s*((?:echo|include|output|eval)\s*:\s*false)\s*$", re.M | re.I)
LIKE = re.compile(r"#.*?\b((?:NBVAL|PYTEST_VALIDATE|TRUE_TOL)\w*)", re.I)
ABSOLUTE = re.compile(
    r"(?<![\w/:.<])/(?:home|root|tmp|Users|work|var|mnt|opt|private)/[\w.]+"
    r"|(?<![\w])[A-Z]:\\\\?\w+"
)
ACCEPT = "run pytest with --accept"
Said = tuple[int, str]  # number of the cell from 1, or 0 for the file; what is wrong
Guard = Callable[[Sheet, Settings], Iterator[Said]]


@dataclass(frozen=True)
class Marks:
    """What the markers of a cell say, those of nbval and one of its own."""

    ignore: bool = False
    raises: bool = False
    skip: bool = False
    tolerance: float | None = None


def marks_of(cell: Any) -> Marks:
    """Markers of a cell: in comments of their own, with or without a reason, or in its tags."""
    found = {TAGS[tag] for tag in cell.metadata.get("tags", []) if tag in TAGS}
    tolerance = None
    for line in cell.source.splitlines():
        if match := re.fullmatch(r"\s*#+\s*(\w+)\s*(?::\s*(\S.*))?", line):
            name, says = match.groups()
            if name in MARKERS:
                found.add(name)
            elif name == TOLERANCE and says and (number := _number(says.split()[0])) is not None:
                tolerance = number
    ignore = bool(found & {IGNORE, "PYTEST_VALIDATE_IGNORE_OUTPUT"})
    return Marks(ignore and CHECK not in found, RAISES in found, SKIP in found, tolerance)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def code_cells(sheet: Sheet) -> list[tuple[int, Any]]:
    """Code cells that hold code, with their numbers counted from 1."""
    numbered = enumerate(sheet.cells, 1)
    return [(n, cell) for n, cell in numbered if cell.cell_type == "code" and cell.source.strip()]


def unrun(sheet: Sheet, settings: Settings) -> Iterator[Said]:
    for number, cell in code_cells(sheet):
        if cell.execution_count is None and not marks_of(cell).skip:
            yield number, f"was never run: {ACCEPT}"


def order(sheet: Sheet, settings: Settings) -> Iterator[Said]:
    counts = [
        (number, c.execution_count) for number, c in code_cells(sheet) if not marks_of(c).skip
    ]
    for place, (number, count) in enumerate(counts, 1):
        if count is not None and count != place:
            yield number, f"was run as number {count}, not {place}: {ACCEPT}"
    for number, cell in code_cells(sheet):
        for output in cell.outputs:
            its = output.get("execution_count")
            if its not in (None, cell.execution_count) and not marks_of(cell).skip:
                yield number, f"holds a value of run number {its}: {ACCEPT}"


def errors(sheet: Sheet, settings: Settings) -> Iterator[Said]:
    for number, cell in code_cells(sheet):
        for output in cell.outputs:
            if output.output_type == "error" and not marks_of(cell).raises:
                yield number, f"holds the error {output.ename}: fix it, then {ACCEPT}"


def stderr(sheet: Sheet, settings: Settings) -> Iterator[Said]:
    for number, cell in code_cells(sheet):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                if not (said := joined(output.text).strip()[:60]):
                    continue
                yield number, f"writes to stderr ({said!r}): fix what warns"


def hidden(sheet: Sheet, settings: Settings) -> Iterator[Said]:
    for number, cell in enumerate(sheet.cells, 1):
        jupyter = cell.metadata.get("jupyter", {})
        folded = [key for key in ("source_hidden", "outputs_hidden") if jupyter.get(key)]
        folded += [key for key in FOLDS if cell.metadata.get(key) is True]
        folded += [f"{key}: {its}" for key, its in FOLDED if cell.metadata.get(key) == its]
        folded += OPTION.findall(cell.source) if cell.cell_type == "code" else []
        folded += [tag for tag in cell.metadata.get("tags", []) if HIDING.fullmatch(tag)]
        if cell.cell_type != "code" and ("outputs" in cell or "execution_count" in cell):
            yield (
                number,
                f"is {cell.cell_type} with the outputs of code: make it code, or delete it",
            )
        if folded:
            yield number, f"is hidden ({', '.join(folded)}): show it, or delete it"


def markers(sheet: Sheet, settings: Settings) -> Iterator[Said]:
    allowed = ", ".join(sorted(MARKERS | {TOLERANCE}))
    for number, cell in code_cells(sheet):
        for line in cell.source.splitlines():
            for word in marker_words(line):
                own = re.fullmatch(r"\s*#+\s*\w+\s*(?::\s*\S.*)?", line)
                if word not in MARKERS | {TOLERANCE}:
                    yield number, f"has the unknown marker {word}: known are {allowed}"
                elif not own:
                    yield number, f"has {word} among other words: give it a line `# {word}: why`"
                elif word == TOLERANCE and marks_of(cell).tolerance is None:
                    yield number, f"has {word} without a number: write `# {word}: 1e-6`"
        for tag in cell.metadata.get("tags", []):
            if tag not in TAGS and (re.match(r"nbval|raises?[-_]", tag, re.I) or nearly(tag)):
                yield number, f"has the unknown tag {tag}: known are {', '.join(sorted(TAGS))}"


def nearly(tag: str) -> bool:
    """Whether a tag is a misspelt one.

    >>> nearly("nvbal-skip"), nearly("rasies-exception"), nearly("exercise")
    (True, True, False)
    """
    return bool(difflib.get_close_matches(tag.lower().replace("_", "-"), TAGS, 1, 0.8))


def marker_words(line: str) -> list[str]:
    """Words of a comment that are markers, or nearly.

    >>> (
    ...     marker_words("# NBVAL_IGNORE_OUTPUTS"),
    ...     marker_words("# NVBAL_SKIP"),
    ...     marker_words("# WHY"),
    ... )
    (['NBVAL_IGNORE_OUTPUTS'], ['NVBAL_SKIP'], [])
    """
    comment = line.partition("#")[2]
    nearly = [
        word
        for word in re.findall(r"\b[A-Z][A-Z_]{6,}\b", comment)
        if difflib.get_close_matches(word, [*MARKERS, TOLERANCE], 1, 0.8)
    ]
    return list(dict.fromkeys([*LIKE.findall(line), *nearly]))


def paths(sheet: Sheet, settings: Settings) -> Iterator[Said]:
    for number, cell in enumerate(sheet.cells, 1):
        texts = [cell.source]
        for output in cell.get("outputs", []):
            texts.append(joined(output.get("text", "")))
            data = output.get("data", {})
            texts += [str(data[form]) for form in data if not form.startswith("image/")]
        if found := ABSOLUTE.search(SOURCE.sub("", "\n".join(texts))):
            yield number, f"holds the absolute path {found.group()!r}: use a relative one"


def widgets(sheet: Sheet, settings: Settings) -> Iterator[Said]:
    if "widgets" in sheet.notebook.metadata:
        yield 0, f"its metadata hold the state of widgets: {ACCEPT}"
    for number, cell in code_cells(sheet):
        if any(WIDGET in output.get("data", {}) for output in cell.outputs):
            yield number, "holds widgets, which are dead where the notebook is read: show values"


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (unrun, order, errors, stderr, hidden, markers, paths, widgets)
}


def complaints(sheet: Sheet, settings: Settings) -> list[Said]:
    """What all guards have to say; of a page, only those that look at its words."""
    wanted = {"paths", "markers"} if sheet.is_page else set(GUARDS)
    return [
        said
        for name, guard in GUARDS.items()
        if name in wanted - settings.allow
        for said in guard(sheet, settings)
    ]
