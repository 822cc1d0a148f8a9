"""What a notebook of this suite must be, beyond what `--true-notebooks` asks of any.

Each guard takes a notebook and yields messages that name the cell and how to fix it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from evidence.notebooks_true.guards import complaints as general_complaints
from evidence.notebooks_true.prose import unbound
from evidence.notebooks_true.settings import settings_for
from evidence.notebooks_true.sheet import Sheet

LARGEST = 3_000_000
Guard = Callable[[NotebookNode, Path], Iterator[str]]


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """Code cells that hold code, with their numbers counted from 1."""
    return [
        (i, cell)
        for i, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def keeps_its_outputs(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """A cell that ends in an expression shows something, and a trailing semicolon hides nothing."""
    import ast

    for number, cell in code_cells(notebook):
        source = cell.source.rstrip()
        if source.endswith(";"):
            yield f"cell {number} ends in a semicolon, which hides its value: delete the semicolon"
        body = ast.parse(re.sub(r"^[%!].*$", "pass", source, flags=re.M)).body
        shows = (
            body
            and isinstance(body[-1], ast.Expr)
            and not (isinstance(body[-1].value, ast.Constant) and body[-1].value.value is None)
        )
        if shows and not cell.outputs:
            yield f"cell {number} ends in an expression but has no output: run `make accept`"


def charts_have_picture_and_text(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """A chart is stored as picture and text, and the picture is the one that the text describes: it
    carries title and description inside.
    """
    for number, cell in code_cells(notebook):
        last = cell.source.strip().splitlines()[-1]
        pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        texts = [str(output.get("data", {}).get("text/plain", "")) for output in cell.outputs]
        draws = re.match(
            r"(charts\.\w+|evidence\.chart|evidence\.explore)\(", last
        ) and not last.startswith("charts.words(")
        if (draws or any("\nAlt text: " in text for text in texts)) and not pictures:
            yield f"cell {number} draws a chart but holds no picture: run `make accept`"
        for output in pictures:
            text = output.data.get("text/plain", "")
            if "Alt text: " not in text or "Source: " not in text or "panel" not in text:
                yield (
                    f"cell {number} holds a picture without its text: show a Chart of"
                    " evidence.charts, not a bare figure"
                )
                continue
            title, alt = text.splitlines()[0], text.split("Alt text: ", 1)[1].splitlines()[0]
            if output.metadata.get("image/png", {}).get("alt") != alt:
                yield (
                    f"cell {number} holds a picture without alt text, or with another: run `make"
                    " accept`"
                )
            inside = described(output.data["image/png"])
            if inside.get("Title") != title or not inside.get("Description", "").startswith(alt):
                yield (
                    f"cell {number} holds another picture than the one its text describes: run"
                    " `make accept`"
                )


def described(picture: str) -> dict[str, str]:
    """Title and description that a stored picture carries."""
    import base64
    import io

    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        return {key: str(value) for key, value in image.info.items()}


HTML = re.compile(r"<(?!!-- *(?:=|\[=|constant))[a-zA-Z!/][^>]*>|data:image")
KEPT = {"jp-MarkdownHeadingCollapsed", "tags", "alt", "name"}


def shows_all_that_it_holds(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """No cell is raw, no text holds HTML or an attached file, no output is another kind of picture,
    and nothing is hidden: all that a reader sees is compared, and all that is compared is seen.
    """
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "raw":
            yield f"cell {number} is raw: make it text or code"
        if cell.get("attachments"):
            yield f"cell {number} holds an attached file: draw the picture in a code cell"
        if others := sorted(set(cell.metadata) - KEPT):
            yield f"cell {number} has the metadata {others}, which may hide it: delete them"
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```|`[^`]*`", " ", cell.source, flags=re.S)
            if found := HTML.search(prose):
                yield f"cell {number} holds HTML ({found.group()[:40]}): write Markdown"
        for output in cell.get("outputs", []):
            kinds = {kind for kind in output.get("data", {}) if kind.startswith("image/")}
            if others := sorted(kinds - {"image/png"}):
                yield f"cell {number} holds {', '.join(others)}: run `make accept`"
            if "svg" in str(output.get("data", {}).get("text/html", "")).lower():
                yield f"cell {number} holds a picture inside HTML: show a Chart"


def markers_have_reasons(notebook: NotebookNode, path: Path) -> Iterator[str]:
    for number, cell in code_cells(notebook):
        for word in re.findall(r"#.*?\b(NBVAL_(?:IGNORE_OUTPUT|SKIP))\b(?!\s*:\s*\w)", cell.source):
            yield f"cell {number} has {word} without a reason: write `# {word}: why`"
        for tag in cell.metadata.get("tags", []):
            if tag.lower().startswith("nbval") or tag == "raises-exception":
                yield (
                    f"cell {number} hides the marker {tag} in its tags: write it as a comment,"
                    " where readers see it"
                )


def is_portable(notebook: NotebookNode, path: Path) -> Iterator[str]:
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        yield f"the kernel is {kernel!r}: it must be 'python3'"
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        yield f"the format is {notebook.nbformat}.{notebook.nbformat_minor}: it must be 4.5"
    if notebook.metadata.get("language_info", {}) != {"name": "python"}:
        yield "the metadata name a version of Python: run `make accept`"
    if path.is_file() and path.stat().st_size > LARGEST:
        yield f"the file is larger than {LARGEST:,} bytes: show less, or smaller"


def headings_and_links_hold(notebook: NotebookNode, path: Path) -> Iterator[str]:
    level = 0
    text_cells = [
        (i, cell) for i, cell in enumerate(notebook.cells, 1) if cell.cell_type == "markdown"
    ]
    for number, cell in text_cells:
        source = re.sub(r"```.*?```", "", cell.source, flags=re.S)
        for marks in re.findall(r"^(#+) ", source, flags=re.M):
            if len(marks) > level + 1:
                yield (
                    f"cell {number} has a heading of level {len(marks)} below one of level {level}:"
                    " do not skip levels"
                )
            level = len(marks)
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", source):
            if not (path.parent / target).exists():
                yield f"cell {number} links to {target}, which is not there"
        for alt in re.findall(r"!\[([^\]]*)\]\(", source):
            if not alt.strip():
                yield f"cell {number} shows a picture without alt text"
    if not text_cells or not text_cells[0][1].source.startswith("# "):
        yield "the first text cell has no title: begin with `# Title`"


RHYTHM = (
    "What we look at",
    "The picture",
    "What it does and does not say",
    "Short answer",
    "What to try next",
)


def keeps_the_rhythm(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """Question, what we look at, picture, what it says and does not, short answer, what to try
    next: in this order.
    """
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    if not any("**Question.**" in source for source in sources[:1]):
        yield "the first text cell asks no question: write `**Question.** ...` below the title"
    headings = [
        heading for source in sources for heading in re.findall(r"^## (.*)", source, flags=re.M)
    ]
    places = [
        next((i for i, heading in enumerate(headings) if heading.startswith(part)), -1)
        for part in RHYTHM
    ]
    for part, place in zip(RHYTHM, places, strict=True):
        if place < 0:
            yield f"the heading `## {part}` is missing"
    if -1 not in places and places != sorted(places):
        yield f"the headings are not in the order {', '.join(RHYTHM)}"


LONGEST_CELL = 12
LOGIC = {
    "FunctionDef": "a function",
    "ClassDef": "a class",
    "For": "a loop",
    "While": "a loop",
    "If": "a condition",
    "Try": "an exception",
}


def has_short_cells_without_logic(notebook: NotebookNode, path: Path) -> Iterator[str]:
    import ast

    for number, cell in code_cells(notebook):
        lines = len(cell.source.splitlines())
        if lines > LONGEST_CELL:
            yield (
                f"cell {number} has {lines} lines, {LONGEST_CELL} are allowed: split it, or move"
                " what it does into the package"
            )
        for node in ast.walk(ast.parse(re.sub(r"^[%!].*$", "pass", cell.source, flags=re.M))):
            if what := LOGIC.get(type(node).__name__):
                yield f"cell {number} holds {what}: move it into the package, where tests see it"


def leads_on(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """The course: each notebook links to the one before and the one after, where there are such."""
    course = sorted(other.name for other in path.parent.glob("[0-9][0-9]_*.ipynb"))
    if path.name not in course:
        return
    place = course.index(path.name)
    text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for other in [*course[max(0, place - 1) : place], *course[place + 1 : place + 2]]:
        if f"]({other})" not in text:
            yield f"no text cell links to {other}, its neighbour in the course"


def numbers_in_prose_are_bound(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """Every number of the text, in words too, is bound to a value or declared."""
    settings = settings_for(path, Path(path.anchor))
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            for found in unbound(cell.source, settings):
                yield f"cell {number} states the number {found}: bind it, or leave it out"


GUARDS: list[Guard] = [
    keeps_its_outputs,
    charts_have_picture_and_text,
    shows_all_that_it_holds,
    markers_have_reasons,
    is_portable,
    headings_and_links_hold,
    keeps_the_rhythm,
    has_short_cells_without_logic,
    leads_on,
    numbers_in_prose_are_bound,
]


def complaints(notebook: NotebookNode, path: Path) -> list[str]:
    """What all guards have to say: those of any notebook, and the ones above."""
    settings = settings_for(path, Path(path.anchor))
    general = general_complaints(Sheet(path, notebook, False), settings)
    said = [f"cell {number} {message}" if number else message for number, message in general]
    return [
        f"{path.name}: {message}"
        for message in [*said, *(own for guard in GUARDS for own in guard(notebook, path))]
    ]
