"""Changes of stored notebooks: what a reader sees is no longer what the code gives, or is no longer
compared.
"""

from __future__ import annotations

import base64
import copy
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import painted
from mutation import ROOT, Mutation, short

MADE_UP = range(2, 100)  # numbers that somebody could put into the text

TESTS = ("tests/notebooks",)
FEW = 3  # of a kind
Notebook = dict[str, Any]


def mutations(seed: int) -> list[Mutation]:
    """Changes of each kind in a few notebooks."""
    kinds: dict[str, list[Mutation]] = {}
    for path in sorted(
        [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("examples/*/notebooks/*.ipynb")]
    ):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        chance = random.Random(f"{seed} {path.stem}")
        for number, what, spoiled in [
            *_outputs(notebook, chance),
            *_runs(notebook, chance),
            *_sources(notebook, chance),
            *_words(notebook, chance),
        ]:
            place = f"{path.name} cell {number}: {what}"
            text = json.dumps(spoiled, ensure_ascii=False, indent=1) + "\n"
            kind = re.sub(r"'.*|\d+", "", what)
            file = path.relative_to(ROOT).as_posix()
            unseen = kind.startswith("picture")  # a replay does not look at pictures
            made = Mutation(
                "notebook: picture" if kind.startswith("picture") else "notebook",
                place,
                ((file, text),),
                (file,) if unseen else TESTS,
                (path.stem,),
                "tests" if unseen else "alone",
            )
            kinds.setdefault(kind, []).append(made)
    chance = random.Random(seed)
    found = [
        mutation
        for of_kind in kinds.values()
        for mutation in chance.sample(of_kind, min(FEW, len(of_kind)))
    ]
    return sorted(found, key=lambda mutation: mutation.name)


Spoiled = Iterator[tuple[int, str, Notebook]]


def _code(notebook: Notebook) -> list[int]:
    return [
        i
        for i, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
    ]


def _spoil(notebook: Notebook, i: int, change: Callable[[dict[str, Any]], None]) -> Notebook:
    spoiled = copy.deepcopy(notebook)
    change(spoiled["cells"][i])
    return spoiled


def _other_digit(text: str, chance: random.Random) -> tuple[str, str]:
    """Text with one digit changed, and old -> new."""
    place = chance.choice([found.start() for found in re.finditer(r"\d", text)])
    digit = chance.choice([d for d in "123456789" if d != text[place]])
    changed = text[:place] + digit + text[place + 1 :]
    around = slice(max(0, place - 9), place + 10)
    return changed, f"{short(text[around])} -> {short(changed[around])}"


def _outputs(notebook: Notebook, chance: random.Random) -> Spoiled:
    """One digit of each kind of output; one chart's words given to another; words or alt text of a
    picture gone; the picture itself.
    """
    forms: dict[str, list[tuple[int, int]]] = {}
    for i in _code(notebook):
        for j, output in enumerate(notebook["cells"][i]["outputs"]):
            for form in output.get("data", {"text": output.get("text")}):
                kind = form
                if form == "text/plain" and "image/png" in output.get("data", {}):
                    kind = "chart text"
                content = output["data"][form] if "data" in output else output["text"]
                if not form.startswith("image/") and re.search(r"\d", "".join(content)):
                    forms.setdefault(kind, []).append((i, j))
    for kind, places in forms.items():
        for i, j in chance.sample(
            places, min(2 if kind in ("chart text", "text/html") else 1, len(places))
        ):
            spoiled = copy.deepcopy(notebook)
            output = spoiled["cells"][i]["outputs"][j]
            holder, form = (
                (output["data"], "text/plain" if kind == "chart text" else kind)
                if "data" in output
                else (output, "text")
            )
            holder[form], what = _other_digit("".join(holder[form]), chance)
            yield i + 1, f"{kind} {what}", spoiled
    charts = forms.get("chart text", [])
    if len(charts) > 1:
        (i, j), (k, m) = chance.sample(charts, 2)
        for form, what in (("text/plain", "text"), ("image/png", "picture")):
            spoiled = copy.deepcopy(notebook)
            spoiled["cells"][i]["outputs"][j]["data"][form] = notebook["cells"][k]["outputs"][m][
                "data"
            ][form]
            yield i + 1, f"{what} of its chart -> that of cell {k + 1}", spoiled
        yield (
            i + 1,
            "alt text of its picture -> another",
            _spoil(
                notebook,
                i,
                lambda c: c["outputs"][j]["metadata"].update({"image/png": {"alt": "x"}}),
            ),
        )
        yield (
            i + 1,
            "alt text of its picture -> gone",
            _spoil(notebook, i, lambda c: c["outputs"][j].update(metadata={})),
        )
        paints: dict[str, Callable[[bytes], bytes]] = {
            "a bar painted into it": painted.with_a_bar,
            "blue all over": painted.all_blue,
            "one letter in the place of another": lambda png: painted.with_another_letter(
                png, chance
            ),
            "the ends of its lowest words exchanged": painted.with_exchanged_parts,
        }
        for what, paint in paints.items():
            yield (
                k + 1,
                f"picture of its chart -> {what}",
                _spoil(notebook, k, lambda c, f=paint: _painted(c["outputs"][m]["data"], f)),
            )
        yield (
            k + 1,
            "picture of its chart -> a JPEG beside it",
            _spoil(notebook, k, lambda c: _as_jpeg(c["outputs"][m]["data"])),
        )
        yield (
            k + 1,
            "text of its chart -> gone",
            _spoil(notebook, k, lambda c: c["outputs"][m]["data"].pop("text/plain")),
        )
        yield (
            k + 1,
            "picture of its chart -> gone",
            _spoil(notebook, k, lambda c: c["outputs"][m]["data"].pop("image/png")),
        )


def _painted(data: dict[str, str], change: Callable[[bytes], bytes]) -> None:
    """Another picture in the place of one; what is written inside it stays."""
    data["image/png"] = base64.b64encode(change(base64.b64decode(data["image/png"]))).decode()


def _as_jpeg(data: dict[str, str]) -> None:
    """Beside the picture another form of it, which shows something else."""
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (200, 100), painted.BLUE).save(stream, "jpeg")
    data["image/jpeg"] = base64.b64encode(stream.getvalue()).decode()


def _runs(notebook: Notebook, chance: random.Random) -> Spoiled:
    """Cells that were not run, not in this order, or whose outputs were cleared."""
    code = _code(notebook)
    filled = [i for i in code if notebook["cells"][i]["outputs"]]
    i = chance.choice(filled)
    yield i + 1, "outputs -> cleared", _spoil(notebook, i, lambda cell: cell.update(outputs=[]))
    yield (
        i + 1,
        "outputs and execution count -> cleared",
        _spoil(notebook, i, lambda cell: cell.update(outputs=[], execution_count=None)),
    )
    j = chance.choice(code)
    yield (
        j + 1,
        "execution count -> another",
        _spoil(notebook, j, lambda cell: cell.update(execution_count=cell["execution_count"] + 1)),
    )
    raw = {"cell_type": "raw", "id": "raw", "metadata": {}, "source": ["All trials found a gain."]}
    beside = copy.deepcopy(notebook)
    beside["cells"].insert(j + 1, raw)
    yield j + 2, "no cell -> a raw cell with a claim", beside
    hidden = {"jupyter": {"outputs_hidden": True}}
    yield (
        i + 1,
        "outputs -> hidden by metadata",
        _spoil(notebook, i, lambda cell: cell["metadata"].update(hidden)),
    )
    everything = copy.deepcopy(notebook)
    for k in code:
        everything["cells"][k].update(outputs=[], execution_count=None)
    yield code[0] + 1, "outputs of the whole notebook -> cleared", everything
    new = {
        "cell_type": "code",
        "execution_count": None,
        "id": "added",
        "metadata": {},
        "outputs": [],
        "source": ["print(len(ev))"],
    }
    added = copy.deepcopy(notebook)
    added["cells"].insert(j + 1, new)
    yield j + 2, "no cell -> a cell that was never run", added
    gone = copy.deepcopy(notebook)
    del gone["cells"][filled[0]]
    yield filled[0] + 1, "cell -> gone", gone


def _sources(notebook: Notebook, chance: random.Random) -> Spoiled:
    """Code and markers changed under outputs that stay."""
    cells = notebook["cells"]
    filled = [i for i in _code(notebook) if cells[i]["outputs"]]

    def begin(line: str) -> Callable[[dict[str, Any]], None]:
        return lambda cell: cell.update(source=[line + "\n", *cell["source"]])

    i = chance.choice(filled)
    wrong = chance.choice(["NBVAL_IGNORE_OUTPUTS", "NBVAL_IGNOREOUTPUT", "nbval_skip"])
    yield i + 1, f"no marker -> {wrong}", _spoil(notebook, i, begin(f"# {wrong}"))
    unreasoned = chance.choice(["NBVAL_IGNORE_OUTPUT", "NBVAL_SKIP"])
    yield (
        i + 1,
        f"no marker -> {unreasoned} without a reason",
        _spoil(notebook, i, begin(f"# {unreasoned}")),
    )
    yield (
        i + 1,
        "value -> hidden by a semicolon",
        _spoil(notebook, i, lambda c: c.update(source=["".join(c["source"]) + ";"])),
    )
    for old, new in (
        ('lens="direction"', 'lens="concluded"'),
        ('lens="concluded"', 'lens="direction"'),
        ("counted=True", "counted=False"),
        ('"rct"', '"cohort"'),
    ):
        where = [j for j in _code(notebook) if old in "".join(cells[j]["source"])]
        if where:
            j = chance.choice(where)
            yield (
                j + 1,
                f"{old} -> {new}",
                _spoil(
                    notebook, j, lambda c: c.update(source=["".join(c["source"]).replace(old, new)])
                ),
            )
            break


def _words(notebook: Notebook, chance: random.Random) -> Spoiled:
    """Text cells: a number of the prose, a link."""
    text = [
        (i, "".join(cell["source"]))
        for i, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "markdown"
    ]
    i, source = chance.choice(text)
    number = chance.choice(MADE_UP)
    yield (
        i + 1,
        f"prose -> the made-up number {number} in it",
        _spoil(notebook, i, lambda cell: cell.update(source=[f"{source}\n\nAnd {number} more."])),
    )
    image = '<img src="data:image/png;base64,AAAA" alt="A chart of something else">'
    yield (
        i + 1,
        "text -> an image in HTML in it",
        _spoil(notebook, i, lambda cell: cell.update(source=[f"{source}\n\n{image}"])),
    )
    linked = [(i, source) for i, source in text if re.search(r"\]\((?!https?:|#)[^)]+\)", source)]
    if linked:
        i, source = chance.choice(linked)
        changed = re.sub(r"(\]\()(?!https?:|#)([^)]+\))", r"\g<1>gone_\2", source, count=1)
        yield (
            i + 1,
            "link -> one that leads nowhere",
            _spoil(notebook, i, lambda cell: cell.update(source=[changed])),
        )
