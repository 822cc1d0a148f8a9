"""What a notebook must be before nbval's comparison means anything.

nbval compares the outputs that are stored. It passes a notebook whose outputs were cleared, skips
pictures, and ignores a misspelt marker. Each guard takes a notebook and yields messages that name
the cell and the way to fix it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from nbformat import NotebookNode

MARKERS = {"NBVAL_IGNORE_OUTPUT", "NBVAL_CHECK_OUTPUT", "NBVAL_RAISES_EXCEPTION", "NBVAL_SKIP"}
UNSEEN = {"NBVAL_IGNORE_OUTPUT", "NBVAL_SKIP"}
LARGEST = 3_000_000
Guard = Callable[[NotebookNode, Path], Iterator[str]]


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """Code cells that hold code, with their numbers counted from 1."""
    return [
        (i, cell)
        for i, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def was_run_in_order(notebook: NotebookNode, path: Path) -> Iterator[str]:
    for place, (number, cell) in enumerate(code_cells(notebook), 1):
        if cell.execution_count is None:
            yield f"cell {number} was never run: run `make accept`"
        elif cell.execution_count != place:
            yield (
                f"cell {number} was run as number {cell.execution_count}, not {place}: run `make"
                " accept`"
            )


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


def has_no_error(notebook: NotebookNode, path: Path) -> Iterator[str]:
    for number, cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error":
                yield (
                    f"cell {number} holds the error {output.ename}: fix it, then run `make accept`"
                )
            elif output.output_type == "stream" and output.name == "stderr":
                yield (
                    f"cell {number} writes to stderr ({output.text.strip()[:60]!r}): fix what warns"
                )


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


def holds_no_widgets(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """Controls are numbered anew in every run, and are dead where the notebook is read."""
    if "widgets" in notebook.metadata:
        yield "the metadata hold the state of widgets: run `make accept`"
    for number, cell in code_cells(notebook):
        if any(
            "application/vnd.jupyter.widget-view+json" in output.get("data", {})
            for output in cell.outputs
        ):
            yield f"cell {number} holds widgets: run `make accept`"


KEPT = {"jp-MarkdownHeadingCollapsed", "tags", "alt", "name"}
HIDES = re.compile(r"hide|remove|skip|slide", re.I)


def shows_all_that_it_holds(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """No cell is raw, no text holds HTML or an attached file, no output is another kind of picture,
    and nothing is hidden: all that a reader sees is compared, and all that is compared is seen.
    """
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "raw":
            yield f"cell {number} is raw: make it text or code"
        if cell.get("attachments"):
            yield f"cell {number} holds an attached file: draw the picture in a code cell"
        hidden = sorted(set(cell.metadata) - KEPT) + [
            tag for tag in cell.metadata.get("tags", []) if HIDES.search(tag)
        ]
        if hidden:
            yield f"cell {number} has the metadata {hidden}, which may hide it: delete them"
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```|`[^`]*`", " ", cell.source, flags=re.S)
            if found := re.search(r"<[a-zA-Z!/][^>]*>|data:image", prose):
                yield f"cell {number} holds HTML ({found.group()[:40]}): write Markdown"
        for output in cell.get("outputs", []):
            kinds = {kind for kind in output.get("data", {}) if kind.startswith("image/")}
            if others := sorted(kinds - {"image/png"}):
                yield f"cell {number} holds {', '.join(others)}: run `make accept`"
            if "svg" in str(output.get("data", {}).get("text/html", "")).lower():
                yield f"cell {number} holds a picture inside HTML: show a Chart"


def markers_are_known_and_reasoned(notebook: NotebookNode, path: Path) -> Iterator[str]:
    for number, cell in code_cells(notebook):
        for line in cell.source.splitlines():
            for word in re.findall(r"#.*?\b(NBVAL\w*|PYTEST_VALIDATE\w*)", line, flags=re.I):
                if word not in MARKERS:
                    yield (
                        f"cell {number} has the unknown marker {word}: allowed are"
                        f" {', '.join(sorted(MARKERS))}"
                    )
                elif word in UNSEEN and not re.search(rf"{word}\s*:\s*\w+", line):
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
    for number, cell in enumerate(notebook.cells, 1):
        seen = [
            cell.source,
            *(
                str(output.get("data", output.get("text", "")))
                for output in cell.get("outputs", [])
                if "image/png" not in output.get("data", {})
            ),
        ]
        found = re.search(
            r"(?<![\w/:.<])/(?:home|root|tmp|Users|work|var|mnt|opt)/[\w.]+|\b[A-Z]:\\\\?\w+",
            "\n".join(seen),
        )
        if found:
            yield f"cell {number} holds the absolute path {found.group()!r}: use a relative one"


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


# Numbers that are not results: the 70 % rule, the level of intervals, p = 0.05, dots per inch, gene
# names, k - 1.
NO_RESULT = {"70", "95", "0.05", "300", "1"}


NUMBER = r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)"


def shown_numbers(notebook: NotebookNode) -> set[str]:
    """Numbers that the outputs show, each as a whole; characters of stored pictures are none."""
    texts = []
    for _, cell in code_cells(notebook):
        for output in cell.outputs:
            data = output.get("data", {"text/plain": output.get("text", "")})
            texts += [str(data[form]) for form in data if form.startswith("text/")]
    text = re.sub(r"<style.*?</style>|<[^>]*>", " ", " ".join(texts), flags=re.S)
    return {found.rstrip(",") for found in re.findall(NUMBER, text)}


def numbers_in_prose_are_shown(notebook: NotebookNode, path: Path) -> Iterator[str]:
    """A number in the text is also in an output, where nbval compares it; years after a name, and
    chapters, are references; minutes are a plan.
    """
    shown = shown_numbers(notebook)
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "markdown":
            continue
        prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", " ", cell.source, flags=re.S)
        prose = re.sub(r"\b[A-Z][\w-]+ \(?(?:19|20)\d\d\)?|\bchapter \d+|\b\d+ minutes", " ", prose)
        for found in re.findall(NUMBER, prose):
            if found.rstrip(",") not in NO_RESULT | shown:
                yield (
                    f"cell {number} states the number {found}, which no output shows: compute it,"
                    " or leave it out"
                )


GUARDS: list[Guard] = [
    was_run_in_order,
    keeps_its_outputs,
    has_no_error,
    charts_have_picture_and_text,
    holds_no_widgets,
    shows_all_that_it_holds,
    markers_are_known_and_reasoned,
    is_portable,
    headings_and_links_hold,
    keeps_the_rhythm,
    has_short_cells_without_logic,
    leads_on,
    numbers_in_prose_are_shown,
]


def complaints(notebook: NotebookNode, path: Path) -> list[str]:
    """What all guards have to say."""
    return [f"{path.name}: {message}" for guard in GUARDS for message in guard(notebook, path)]
