"""Changes of the code of charts and synthesis: one expression at a time, found in the syntax tree.

Left alone is what cannot matter to a number or a mark: docstrings, annotations, messages of errors,
space on the page.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path

from mutation import ROOT, Mutation, short

# Module -> (how many, its tests beside the cases worked by hand).
SYNTHESIS = {
    "votes": (5, ("votes",)),
    "lens": (5, ("votes",)),
    "balance": (3, ("votes", "lenses")),
    "outcomes": (4, ("outcomes",)),
    "sign_test": (6, ("sign_test",)),
    "pool": (5, ("pool", "pool_metafor")),
    "pool_multilevel": (3, ("pool_multilevel",)),
    "poolable": (5, ("poolable",)),
    "effects": (4, ("effects",)),
    "effect_sizes": (4, ("poolable",)),
    "lenses": (3, ("lenses",)),
    "results": (2, ("poolable",)),
    "agreement": (3, ("agreement",)),
    "third_reading": (2, ("third_reading",)),
    "reading_cells": (2, ("agreement", "third_reading")),
    "kappa": (3, ("agreement",)),
    "accuracy": (2, ("accuracy",)),
    "cohorts": (2, ("cohorts",)),
    "claims": (4, ("claims",)),
    "claim_rules": (4, ("claims",)),
    "leave_out": (3, ("leave_out",)),
    "multiverse": (3, ("multiverse",)),
    "specifications": (3, ("multiverse",)),
    "vote_sums": (2, ("multiverse",)),
    "overlap": (2, ("overlap",)),
    "reviews_beside": (2, ("reviews_beside",)),
    "inclusions": (2, ("overlap", "reviews_beside")),
    "translation": (2, ("translation",)),
    "small_studies": (1, ("small_studies",)),
    "size_regression": (2, ("size_regression",)),
    "contours": (2, ("contours",)),
    "harms": (3, ("harms",)),
    "main_result": (2, ("main_result",)),
    "sources": (2, ("sources",)),
    "cautions": (2, ("cautions",)),
}
CHARTS = {
    "headline": 3,
    "messages": 4,
    "rows": 3,
    "squares": 2,
    "outcomes": 2,
    "rain_cloud": 3,
    "icon_array": 2,
    "risk_of_bias": 2,
    "certainty": 2,
    "balance": 4,
    "forest": 4,
    "forest_text": 2,
    "harvest": 2,
    "three_lenses": 4,
    "gap_map": 2,
    "timeline": 2,
    "sample_sizes": 3,
    "albatross": 3,
    "study_flow": 3,
    "effect_direction": 3,
    "funnel": 3,
    "claims_board": 3,
    "specification_curve": 3,
    "citation_matrix": 2,
    "agreement_matrix": 2,
    "source_status": 2,
    "style": 4,
    "marks": 3,
    "words": 2,
}
# Modules that put numbers into words or choose rows; their places and sizes are layout.
WORDED = {
    *("messages", "rows", "forest_text", "headline", "outcomes", "icon_array", "harvest"),
    *("squares", "words", "claims_board", "agreement_matrix", "gap_map"),
}
# The file of tests that knows a module of charts best; the others are in test_tables.
CHART_TESTS = {
    **dict.fromkeys(("forest", "forest_text", "rain_cloud", "funnel", "albatross"), "forest"),
    **dict.fromkeys(
        ("balance", "headline", "messages", "squares", "three_lenses", "outcomes"), "balance"
    ),
    **dict.fromkeys(("claims_board", "harvest"), "balance"),
    **dict.fromkeys(("rows", "page"), "rows"),
    "style": "style",
}
FIRST = {
    "balance": ("which_way",),
    "forest": ("the_risk",),
    "forest_text": ("the_risk",),
    "three_lenses": ("animal",),
    "harvest": ("teaching",),
    "gap_map": ("teaching",),
    "timeline": ("teaching",),
    "albatross": ("teaching",),
    "study_flow": ("teaching",),
    "sample_sizes": ("who_was",),
    "style": ("start",),
    "marks": ("start",),
    "words": ("start",),
    "pool": ("the_risk",),
    "poolable": ("the_risk",),
    "effects": ("the_risk",),
    "effect_sizes": ("the_risk",),
    "lens": ("which_way",),
    "outcomes": ("the_risk",),
    "results": ("the_risk",),
    "lenses": ("animal",),
    "sign_test": ("which_way",),
    "votes": ("which_way",),
    "agreement": ("how_sure",),
    "kappa": ("how_sure",),
    "cohorts": ("how_sure",),
    "claims": ("article",),
    "claim_rules": ("article",),
    "leave_out": ("how_sure",),
    "multiverse": ("how_sure",),
    "specifications": ("how_sure",),
    "vote_sums": ("how_sure",),
    "overlap": ("reviews",),
    "translation": ("animal",),
}
# Draw a mark or give it a value; a call of one of them that is left out loses something that a
# reader sees.
DRAWING = {
    "barh",
    "bar",
    "scatter",
    "plot",
    "annotate",
    "add_patch",
    "fill",
    "fill_between",
    "hlines",
    "vlines",
    "text",
    "errorbar",
}
MARKS = DRAWING - {"annotate", "text", "add_patch"}
# Where the arguments of a call only move things on the page.
LAYOUT = {
    "canvas",
    "asked",
    "row_height",
    "letters",
    "wrap",
    "append_axes",
    "tick_params",
    "set_ylim",
    "set_xlim",
    "grid",
    "legend_above",
    "body",
}
COMPARE = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
}
ARITHMETIC = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.Pow: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
SWAPPED = {
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "all": "any",
    "any": "all",
    "exp": "log",
    "log": "exp",
}
Change = tuple  # node, its new text, and the kind of change


class Source:
    """A module with its tree and the text of each node."""

    def __init__(self, path: Path):
        self.path, self.text = path, path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        lines = self.text.encode().splitlines(keepends=True)
        self.starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
        self.parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def span(self, node: ast.AST) -> tuple[int, int]:
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def of(self, node: ast.AST) -> str:
        begin, end = self.span(node)
        return self.text.encode()[begin:end].decode()

    def changed(self, node: ast.AST, new: str) -> str:
        begin, end = self.span(node)
        whole = self.text.encode()
        return (whole[:begin] + new.encode() + whole[end:]).decode()

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def place(self, node: ast.AST) -> str:
        """The function and the line that hold it: they stay when lines move."""
        names = [outer.name for outer in self.above(node) if isinstance(outer, ast.FunctionDef)]
        line = short(self.text.splitlines()[node.lineno - 1], 60)
        return f"{'.'.join(reversed(names)) or 'module'}: {line}"

    def matters(self, node: ast.AST) -> bool:
        """Not part of an annotation, an error, a default of a class, or the layout of a page."""
        inner = node
        for outer in self.above(node):
            if isinstance(outer, (ast.Raise, ast.JoinedStr, ast.FormattedValue)):
                return False
            if isinstance(outer, ast.AnnAssign) and inner in (outer.annotation,):
                return False
            if isinstance(outer, (ast.FunctionDef, ast.arguments)) and inner not in getattr(
                outer, "body", []
            ):
                return False
            if isinstance(outer, ast.ClassDef) and not isinstance(inner, ast.FunctionDef):
                return False
            if (
                isinstance(outer, ast.If)
                and all(isinstance(line, ast.Raise) for line in outer.body)
                and inner is outer.test
            ):
                return False
            if isinstance(outer, ast.Call) and _called(outer) in LAYOUT | {"UsageError"}:
                return False
            inner = outer
        return True


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return getattr(call.func, "id", "")


def synthesis_changes(source: Source) -> Iterator[Change]:
    """Comparison, sign, constant, least and greatest, truth."""
    for node in ast.walk(source.tree):
        if not hasattr(node, "lineno") or not source.matters(node):
            continue
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARE:
            yield (
                node,
                (
                    f"{source.of(node.left)} {COMPARE[type(node.ops[0])]}"
                    f" {source.of(node.comparators[0])}"
                ),
                "comparison",
            )
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and not _words(node):
            left, right = (
                f"({source.of(side)})" if isinstance(side, ast.BinOp) else source.of(side)
                for side in (node.left, node.right)
            )
            yield node, f"({left} {ARITHMETIC[type(node.op)]} {right})", "arithmetic"
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            if not _only_guards(source.parents[node]):
                yield node, str(not node.value), "truth"
        elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            if (
                not isinstance(source.parents[node], ast.keyword)
                or source.parents[node].arg == "ddof"
            ):
                yield (
                    node,
                    (
                        str(node.value + 1)
                        if isinstance(node.value, int)
                        else f"{node.value * 1.5 or 0.5:.6g}"  # zero times anything is zero
                    ),
                    "constant",
                )
        elif (
            isinstance(node, ast.Call)
            and _called(node) in SWAPPED
            and isinstance(node.func, (ast.Attribute, ast.Name))
        ):
            old = _called(node)
            yield node.func, source.of(node.func).removesuffix(old) + SWAPPED[old], "function"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Invert, ast.Not, ast.USub)):
            yield node, source.of(node.operand), "sign"


def _words(node: ast.BinOp) -> bool:
    """Joins text or lists: a minus would only stop."""
    parts = list(ast.walk(node))
    return any(
        isinstance(part, (ast.JoinedStr, ast.List, ast.Dict))
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in parts
    )


def _only_guards(parent: ast.AST) -> bool:
    """Whether a truth is that of ``strict``, which changes nothing where lengths are the same."""
    return isinstance(parent, ast.keyword) and parent.arg == "strict"


def chart_changes(source: Source) -> Iterator[Change]:
    """A mark left out or moved, a colour or side that is another, a note that is gone, a choice
    reversed; of modules that make words also a comparison or a truth.
    """
    if source.path.stem in WORDED:
        kinds = ("comparison", "truth", "sign", "function")
        yield from (change for change in synthesis_changes(source) if change[2] in kinds)
    yield from _marks(source)
    yield from _looks(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef) and node.name == "_notes":
            yield from ((*change, "note") for change in _without_a_part(node))
        if isinstance(node, ast.FunctionDef) and node.name == "_draw":
            yield from ((*change, "choice") for change in _turned(source, node))


def _marks(source: Source) -> Iterator[Change]:
    """A mark left out, or moved."""
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and _called(node.value) in DRAWING
            and not _is_furniture(node.value)
        ):
            yield node, "pass", "drop"
        if (
            isinstance(node, ast.Call)
            and _called(node) in MARKS
            and _bare(node)
            and node.args
            and not _is_furniture(node)
        ):
            first = node.args[0]
            if isinstance(first, ast.List) and len(first.elts) == 2:
                yield first.elts[0], f"{source.of(first.elts[0])} - 0.25", "move"
            elif not isinstance(first, (ast.List, ast.Starred)):
                yield first, f"[value + 0.25 for value in {source.of(first)}]", "move"
            for keyword in node.keywords:
                if keyword.arg == "left" and isinstance(keyword.value, ast.Name):
                    yield keyword.value, f"[value + 0.25 for value in {keyword.value.id}]", "move"


def _looks(source: Source) -> Iterator[Change]:
    """A colour that means something, which is one with a name; the side to which a direction
    points.
    """
    for line in source.tree.body:
        for node in ast.walk(line) if isinstance(line, (ast.Assign, ast.AnnAssign)) else ():
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and len(node.value) == 7
                and node.value.startswith("#")
            ):
                yield node, '"#12ab9f"', "colour"
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
                yield node, source.of(node.operand), "side"


def _is_furniture(call: ast.Call) -> bool:
    return any(keyword.arg == "gid" for keyword in call.keywords)


def _bare(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("ax", "beside", "axes")
    )


def _without_a_part(function: ast.FunctionDef) -> Iterator[Change]:
    """A note that is not there."""
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.List):
            yield from (
                (item, '""')
                for item in node.value.elts
                if isinstance(item, (ast.JoinedStr, ast.BinOp, ast.Attribute))
            )


def _turned(source: Source, function: ast.FunctionDef) -> Iterator[Change]:
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Compare)
            and len(node.ops) == 1
            and type(node.ops[0]) in COMPARE
            and source.matters(node)
        ):
            yield (
                node,
                (
                    f"{source.of(node.left)} {COMPARE[type(node.ops[0])]}"
                    f" {source.of(node.comparators[0])}"
                ),
            )


def _drawn(
    folder: str,
    module: str,
    most: int,
    tests: tuple[str, ...],
    changes: Callable[[Source], Iterator[Change]],
    seed: int,
) -> list[Mutation]:
    path = ROOT / "evidence" / folder / f"{module}.py"
    source = Source(path)
    file = path.relative_to(ROOT).as_posix()
    kinds: dict[str, list[tuple[ast.AST, str]]] = {}
    for node, new, kind in changes(source):
        kinds.setdefault(kind, []).append((node, new))
    chance = random.Random(f"{seed} {file}")
    for of_kind in kinds.values():
        chance.shuffle(of_kind)
    # One kind after the other in turn, so that none crowds out the others.
    turns = [
        change
        for turn in zip_longest(*(kinds[kind] for kind in chance.sample(sorted(kinds), len(kinds))))
        for change in turn
        if change
    ]
    kind, first = {"charts": "chart"}.get(folder, folder), FIRST.get(module, ())
    # In no notebook, as far as is known, or dear to replay: tests are asked first.
    ask = "tests first"
    if first and folder == "synthesis":
        ask = "all"
    return [
        Mutation(
            kind,
            f"{file}:{node.lineno} {short(source.of(node))} -> {short(new)}"
            f" in {source.place(node)}",
            ((file, source.changed(node, new)),),
            tests,
            first,
            ask,
        )
        for node, new in sorted(turns[:most], key=lambda change: source.span(change[0]))
    ]


def chart_mutations(seed: int) -> list[Mutation]:
    """Every change of the room of charts."""
    found = []
    for module, most in CHARTS.items():
        own = f"tests/charts/test_{CHART_TESTS.get(module, 'tables')}.py"
        tests = (own, "tests/charts/test_style.py")
        changes = chart_changes
        if module == "marks":
            changes = synthesis_changes
        found += _drawn("charts", module, most, tuple(dict.fromkeys(tests)), changes, seed)
    return found


def synthesis_mutations(seed: int) -> list[Mutation]:
    """Every change of the room of synthesis."""
    found = []
    for module, (most, names) in SYNTHESIS.items():
        tests = tuple(f"tests/synthesis/test_{name}.py" for name in ("by_hand", *names))
        found += _drawn("synthesis", module, most, tests, synthesis_changes, seed)
    return found
