"""Random changes of notebooks of other kinds: is each one noticed, or equal in what is shown?

Run ``python -m benchmarks.true_notebooks.mutations`` (``--number 300 --seed 1``). A change that is
not noticed must be equal: a float that moved by less than the tolerance, or code that gives the
stored outputs to the letter. Exit code 1 when one is neither.
"""

from __future__ import annotations

import argparse
import base64
import copy
import io
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.true_notebooks.lessons import as_others_store, write_lessons
from evidence.notebooks_true.kernel import Server
from evidence.notebooks_true.plugin import PRELOAD
from evidence.notebooks_true.prose import MARKER
from evidence.notebooks_true.running import Run, run_sheet
from evidence.notebooks_true.settings import Settings, settings_for
from evidence.notebooks_true.sheet import notebook
from evidence.notebooks_true.verdict import faults

Notebook = dict[str, Any]
TOLERANCE = 1e-9


class Unfit(Exception):
    """A notebook has nothing that this change could change."""


@dataclass
class Outcome:
    """What became of a change: ``noticed``, why it is ``equal``, or neither."""

    notebook: str
    kind: str
    what: str
    noticed: str = ""
    equal: str = ""


def code(nb: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code"]


def texts(nb: Notebook, chance: random.Random) -> tuple[dict[str, Any], str, str]:
    """One text of an output: where it is kept, its key, and what it says."""
    found = []
    for cell in code(nb):
        for output in cell["outputs"]:
            data = output.get("data", output)
            found += [(data, key) for key in data if key == "text" or key.startswith("text/")]
    if not found:
        raise Unfit
    holder, key = chance.choice(found)
    return holder, key, "".join(holder[key])


def pictures(nb: Notebook) -> list[dict[str, Any]]:
    found = [
        o["data"] for cell in code(nb) for o in cell["outputs"] if "image/png" in o.get("data", {})
    ]
    if not found:
        raise Unfit
    return found


def digit(nb: Notebook, chance: random.Random) -> str:
    holder, key, text = texts(nb, chance)
    places = [found.start() for found in re.finditer(r"\d", text)]
    if not places:
        raise Unfit
    place = chance.choice(places)
    new = chance.choice([d for d in "0123456789" if d != text[place]])
    holder[key] = changed = text[:place] + new + text[place + 1 :]
    return (
        f"{text[max(0, place - 20) : place + 20]!r} -> {changed[max(0, place - 20) : place + 20]!r}"
    )


def letter(nb: Notebook, chance: random.Random) -> str:
    holder, key, text = texts(nb, chance)
    places = [found.start() for found in re.finditer(r"[A-Za-z]", text)]
    if not places:
        raise Unfit
    place = chance.choice(places)
    new = chance.choice([one for one in "abcdexyz" if one != text[place]])
    holder[key] = text[:place] + new + text[place + 1 :]
    return f"{key}: letter {place}: {text[place]} -> {new}"


def line(nb: Notebook, chance: random.Random) -> str:
    holder, key, text = texts(nb, chance)
    lines = text.split("\n")
    full = [number for number, one in enumerate(lines) if one.strip()]
    if len(lines) < 2:
        raise Unfit
    number = chance.choice(full)
    gone = lines.pop(number)
    holder[key] = "\n".join(lines)
    return f"{key}: line {gone.strip()[:30]!r} gone"


def sign(nb: Notebook, chance: random.Random) -> str:
    holder, key, text = texts(nb, chance)
    places = [found.start() for found in re.finditer(r"(?<![\w.-])\d+\.\d", text)]
    if not places:
        raise Unfit
    place = chance.choice(places)
    holder[key] = text[:place] + "-" + text[place:]
    return f"{key}: minus before {text[place : place + 8]!r}"


def form_gone(nb: Notebook, chance: random.Random) -> str:
    holder, key, _ = texts(nb, chance)
    if key == "text":
        raise Unfit
    del holder[key]
    return f"{key} gone"


def painted(nb: Notebook, chance: random.Random) -> str:
    """A small block of another colour, on one that differs from it."""
    import numpy as np
    from PIL import Image

    data = chance.choice(pictures(nb))
    with Image.open(io.BytesIO(base64.b64decode("".join(data["image/png"])))) as image:
        pixels = np.array(image.convert("RGB"))
    side = chance.randint(3, 12)
    top, left = (chance.randrange(size - side) for size in pixels.shape[:2])
    block = pixels[top : top + side, left : left + side]
    dark = block.mean() > 127
    block[...] = (200, 30, 30) if dark else (240, 240, 60)
    data["image/png"] = encoded(pixels)
    return f"{side} x {side} points at {left}, {top}"


def moved(nb: Notebook, chance: random.Random) -> str:
    import numpy as np
    from PIL import Image

    data = chance.choice(pictures(nb))
    with Image.open(io.BytesIO(base64.b64decode("".join(data["image/png"])))) as image:
        pixels = np.array(image.convert("RGB"))
    by, axis = chance.randint(3, 40), chance.randrange(2)
    data["image/png"] = encoded(np.roll(pixels, by, axis))
    return f"moved by {by} points along axis {axis}"


def encoded(pixels: Any) -> str:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "png")
    return base64.b64encode(stream.getvalue()).decode("ascii")


def other_picture(nb: Notebook, chance: random.Random) -> str:
    found = pictures(nb)
    if len(found) < 2:
        raise Unfit
    first, second = chance.sample(found, 2)
    first["image/png"] = second["image/png"]
    return "picture of another cell"


def blank(nb: Notebook, chance: random.Random) -> str:
    import numpy as np
    from PIL import Image

    data = chance.choice(pictures(nb))
    with Image.open(io.BytesIO(base64.b64decode("".join(data["image/png"])))) as image:
        data["image/png"] = encoded(np.full((image.height, image.width, 3), 255, "uint8"))
    return "blank picture"


def shown(nb: Notebook, chance: random.Random) -> dict[str, Any]:
    return chance.choice([cell for cell in code(nb) if cell["outputs"]])


def cleared(nb: Notebook, chance: random.Random) -> str:
    cell = shown(nb, chance)
    cell["outputs"].pop(chance.randrange(len(cell["outputs"])))
    return "output gone"


def twice(nb: Notebook, chance: random.Random) -> str:
    cell = shown(nb, chance)
    cell["outputs"].append(copy.deepcopy(chance.choice(cell["outputs"])))
    return "output twice"


def of_another_cell(nb: Notebook, chance: random.Random) -> str:
    first, second = chance.sample([cell for cell in code(nb) if cell["outputs"]], 2)
    first["outputs"], second["outputs"] = second["outputs"], first["outputs"]
    return "outputs of two cells exchanged"


def count(nb: Notebook, chance: random.Random) -> str:
    cell = chance.choice(code(nb))
    cell["execution_count"] = chance.choice([None, cell["execution_count"] + chance.randint(1, 9)])
    return f"count {cell['execution_count']}"


def places(nb: Notebook, chance: random.Random) -> str:
    numbers = [number for number, cell in enumerate(nb["cells"]) if cell["cell_type"] == "code"]
    first, second = chance.sample(numbers, 2)
    nb["cells"][first], nb["cells"][second] = nb["cells"][second], nb["cells"][first]
    return f"cells {first + 1} and {second + 1} exchanged"


def cell_gone(nb: Notebook, chance: random.Random) -> str:
    gone = chance.choice(code(nb)[:-1])
    nb["cells"].remove(gone)
    return f"cell {gone['id']} gone"


def cell_more(nb: Notebook, chance: random.Random) -> str:
    new = {"cell_type": "code", "execution_count": None, "id": "new", "metadata": {}}
    nb["cells"].insert(
        chance.randint(1, len(nb["cells"])), new | {"outputs": [], "source": "1 + 1"}
    )
    return "a cell that was never run"


def hidden(nb: Notebook, chance: random.Random) -> str:
    how: list[dict[str, Any]] = [{"jupyter": {"source_hidden": True}}, {"tags": ["hide-input"]}]
    how += [{"jupyter": {"outputs_hidden": True}}, {"tags": ["remove-cell"]}, {"collapsed": True}]
    meta = chance.choice(how)
    chance.choice(code(nb))["metadata"] = meta
    return str(meta)


def marker(nb: Notebook, chance: random.Random) -> str:
    wrong = chance.choice(
        ["NBVAL_IGNORE_OUTPUTS", "NBVAL_SKIPP", "NVBAL_SKIP", "nbval_ignore_output"]
    )
    cell = chance.choice(code(nb))
    cell["source"] = f"# {wrong}\n" + "".join(cell["source"])
    return wrong


def literal(nb: Notebook, chance: random.Random) -> str:
    """A number in the code."""
    found = []
    for cell in code(nb):
        source = "".join(cell["source"])
        found += [(cell, place) for place in re.finditer(r"(?<![\w.\"])\d+(?:\.\d+)?", source)]
    if not found:
        raise Unfit
    cell, place = chance.choice(found)
    source, old = "".join(cell["source"]), place[0]
    new = str(round(float(old) + chance.choice([1, 2, 3]), 2)) if "." in old else str(int(old) + 1)
    cell["source"] = source[: place.start()] + new + source[place.end() :]
    return f"code {old} -> {new}"


def prose(nb: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in nb["cells"] if cell["cell_type"] == "markdown"]


def bound(nb: Notebook, chance: random.Random) -> str:
    """A digit in front of a marker."""
    cell = chance.choice([cell for cell in prose(nb) if MARKER.search("".join(cell["source"]))])
    text = "".join(cell["source"])
    place = chance.choice([found.start() - 1 for found in MARKER.finditer(text)])
    new = chance.choice([d for d in "123456789" if d != text[place]])
    cell["source"] = text[:place] + new + text[place + 1 :]
    return f"prose {text[place]} -> {new}"


def made_up(nb: Notebook, chance: random.Random) -> str:
    cell, number = chance.choice(prose(nb)), chance.randint(2, 94)
    words = chance.choice(["And {} more.", "({} in all)", "**{}** of them", "| {} |", "{} %"])
    cell["source"] = "".join(cell["source"]) + "\n\n" + words.format(number)
    return f"prose + {words.format(number)}"


KINDS: list[Callable[[Notebook, random.Random], str]] = [
    digit, digit, letter, line, sign, form_gone, painted, painted, moved, other_picture, blank,
    cleared, twice, of_another_cell, count, places, cell_gone, cell_more, hidden, marker,
    literal, literal, bound, made_up,
]  # fmt: skip


def equal(kind: str, what: str, nb: Notebook, run: Run) -> str:
    """Why a change that nobody notices is not a falsification; empty when it is one."""
    if kind == "digit":
        floats = [
            re.findall(r"-?\d+\.\d+(?:e-?\d+)?", part) for part in re.split("['\"] -> ['\"]", what)
        ]
        moved = [(a, b) for a, b in zip(*floats) if a != b]
        if moved and all(close(float(a), float(b)) for a, b in moved):
            return "a float within the tolerance"
    if kind == "literal":
        now = [json.dumps(as_text(one.outputs)) for one in run.cells]
        stored = [json.dumps(as_text(cell.get("outputs", []))) for cell in nb["cells"]]
        if now == stored:
            return "the code gives the stored outputs to the letter"
    return ""


def close(old: float, new: float) -> bool:
    return abs(old - new) <= TOLERANCE * max(abs(old), abs(new))


def as_text(outputs: list[Any]) -> list[Any]:
    """Outputs as they are shown; pictures as their points."""
    from benchmarks.true_notebooks.lessons import without_marks

    shown: list[Any] = []
    for output in outputs:
        data = output.get("data", {"text": output.get("text", "")})
        forms = {key: "".join(value) for key, value in data.items()}
        if picture := forms.get("image/png"):
            plain = without_marks(base64.b64decode(picture))
            forms["image/png"] = base64.b64encode(plain).decode("ascii")
        shown.append(sorted(forms.items()))
    return shown


def tried(paths: list[Path], number: int, seed: int, address: str) -> list[Outcome]:
    """Change after change, spread evenly over notebooks and kinds."""
    chance = random.Random(seed)
    runs: dict[str, Run] = {}
    outcomes: list[Outcome] = []
    for path in paths:
        nb, settings = json.loads(path.read_text(encoding="utf-8")), settings_for(path, path.parent)
        plain = judged(path, "unchanged", "", nb, settings, runs, address)
        if plain.noticed:
            raise SystemExit(f"{path.name} is noticed without any change: {plain.noticed}")
    while len(outcomes) < number:
        path = paths[len(outcomes) % len(paths)]
        change = KINDS[chance.randrange(len(KINDS))]
        nb = json.loads(path.read_text(encoding="utf-8"))
        try:
            what = change(nb, chance)
        except (Unfit, IndexError, ValueError):
            continue
        settings = settings_for(path, path.parent)
        outcomes.append(judged(path, change.__name__, what, nb, settings, runs, address))
    return outcomes


def judged(
    path: Path,
    kind: str,
    what: str,
    nb: Notebook,
    settings: Settings,
    runs: dict[str, Run],
    address: str,
) -> Outcome:
    """What the plugin says; notebooks with the same cells are run once."""
    sheet = notebook(path, json.dumps(nb))
    cells = json.dumps([[cell.cell_type, cell.source] for cell in sheet.cells])
    if cells not in runs:
        runs[cells] = run_sheet(sheet, settings, address)
    found = faults(sheet, runs[cells], settings)
    outcome = Outcome(path.stem, kind, what, str(found[0]).splitlines()[0] if found else "")
    if not found:
        outcome.equal = equal(kind, what, nb, runs[cells])
    return outcome


def main() -> int:
    """Try the changes and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--marks", action="store_true", help="pictures with marks, as --accept writes"
    )
    options = parser.parse_args()
    server = Server([*PRELOAD, "scipy.stats"])
    try:
        with tempfile.TemporaryDirectory(prefix="mutations-") as place:
            paths = write_lessons(Path(place), server.address)
            for path in [] if options.marks else paths:
                as_others_store(path)
            outcomes = tried(paths, options.number, options.seed, server.address)
    finally:
        server.stop()
    return report(outcomes)


def report(outcomes: list[Outcome]) -> int:
    kinds = Counter(outcome.kind for outcome in outcomes)
    for kind in sorted(kinds):
        of = [outcome for outcome in outcomes if outcome.kind == kind]
        seen, same = sum(bool(o.noticed) for o in of), sum(bool(o.equal) for o in of)
        print(f"{kind:16} {len(of):4} tried {seen:4} noticed {same:4} equal")
    for outcome in outcomes:
        if outcome.equal:
            print(f"equal: {outcome.notebook}: {outcome.kind}: {outcome.what}: {outcome.equal}")
    left = [outcome for outcome in outcomes if not outcome.noticed and not outcome.equal]
    for outcome in left:
        print(f"SURVIVED: {outcome.notebook}: {outcome.kind}: {outcome.what}")
    print(f"{len(outcomes)} changes, {len(left)} survived")
    if left:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
