"""Write docs/reference.md: every public name with its docstring, from the code.

python tools/reference.py            writes the page
python tools/reference.py --check    says whether it is stale (exit code 1)
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference.md"
# Names by what they are for; a name that stands in no group ends up in the last one.
GROUPS = {
    "A data set": [
        "load",
        "check",
        "Evidence",
        "Query",
        "find",
        "new_set",
        "new_set_from",
        "select_set",
        "export",
        "restored_set",
        "dataset_jsonld",
    ],
    "Counting": [
        "balance",
        "votes",
        "sign_test",
        "sign_tests",
        "lenses",
        "set_aside",
        "study_flow",
    ],
    "Size of effect": [
        "pool",
        "pool_multilevel",
        "size_regression",
        "poolable",
        "size_pools",
        "size_pool",
        "size_table",
        "forest_rows",
        "egger",
        "published",
        "results",
    ],
    "How sure": [
        "multiverse",
        "influence",
        "readability",
        "main_result_skew",
        "leave_one_out",
        "leave_one_out_pool",
        "cohort_table",
        "repeated_share",
    ],
    "Populations side by side": ["translation_gap", "by_model"],
    "Readings": [
        "agreement",
        "third_reading",
        "confusion",
        "disagreements",
        "overruled",
        "accuracy",
        "adjudicate",
        "disclosure",
    ],
    "Harms and cautions": ["harms", "programmes", "cautions"],
    "Reviews and claims": [
        "covered_area",
        "citation_matrix",
        "review_union",
        "beside_reviews",
        "judge_claims",
        "claim_rows",
        "article_support",
    ],
    "Bibliography": ["references", "cite", "read_references", "write_references"],
    "Tables and answers": [
        "readable",
        "study_table",
        "describe",
        "article_sources",
        "chart",
        "chart_or_note",
    ],
    "Errors": ["EvidenceError", "DataError", "UsageError", "Fault"],
}
OTHER = "More"


def page() -> str:
    """The reference page."""
    import evidence

    names = [name for name in evidence.__all__ if name != "charts"]
    placed = {name for group in GROUPS.values() for name in group}
    groups = {title: [name for name in group if name in names] for title, group in GROUPS.items()}
    answers = [name for name in names if name.endswith("_answer")]
    groups["Tables and answers"] += answers
    groups[OTHER] = [name for name in names if name not in placed and name not in answers]
    groups["Charts"] = [f"charts.{name}" for name in evidence.charts.__all__]
    lines = [
        "# Reference",
        "",
        (
            "Every public name: what it takes, what it gives back, what can go wrong, and an"
            " example. This page is made from the code by"
        ),
        (
            "`make reference`; a test holds it to the code. Columns and words of the tables: [the"
            " codebook](../data/CODEBOOK.md)."
        ),
        "Commands: `evidence --help`.",
        "",
    ]
    lines += [
        f"- **{title}**: {', '.join(f'[{name}](#{_anchor(name)})' for name in group)}"
        for title, group in groups.items()
        if group
    ]
    for title, group in groups.items():
        if group:
            lines += ["", f"## {title}"]
        for name in group:
            found = (
                getattr(evidence.charts, name.removeprefix("charts."))
                if name.startswith("charts.")
                else getattr(evidence, name)
            )
            lines += ["", f"### {name}", "", *_entry(name, found)]
    return "\n".join(lines).rstrip() + "\n"


def _anchor(name: str) -> str:
    return name.replace(".", "").lower()


def _entry(name: str, found: Any) -> list[str]:
    room = "evidence"
    if name.startswith("charts."):
        room = "charts"
    lines = [
        "```python",
        f"{room}.{name.removeprefix('charts.')}{_signature(found)}",
        "```",
        "",
    ]
    lines += markdown(inspect.getdoc(found) or "")
    if inspect.isclass(found):
        for member, value in vars(found).items():
            if (
                not member.startswith("_")
                and (inspect.isfunction(value) or isinstance(value, property))
                and inspect.getdoc(value)
            ):
                shown = ""
                if not isinstance(value, property):
                    shown = _signature(value)
                lines += [
                    "",
                    "```python",
                    f".{member}{shown}",
                    "```",
                    "",
                    *markdown(inspect.getdoc(value) or ""),
                ]
    return lines


def _signature(found: Any) -> str:
    """Parameters and what comes back, a line each where one line would be too long."""
    if inspect.isclass(found) and issubclass(found, Exception):
        return "(message)"
    signature = inspect.signature(found)
    parts, marked = [], False
    for parameter in signature.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not marked:
            parts.append("*")
            marked = True
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        kind = ""
        if parameter.annotation is not parameter.empty:
            kind = f": {_kind(parameter.annotation)}"
        default = ""
        if parameter.default is not parameter.empty:
            default = f" = {_default(parameter.default)}"
        parts.append(f"{star}{parameter.name}{kind}{default}")
    kind = (
        ""
        if inspect.isclass(found) or signature.return_annotation is signature.empty
        else f" -> {_kind(signature.return_annotation)}"
    )
    line = f"({', '.join(parts)}){kind}"
    if len(line) < 100:
        return line
    return "(\n" + "".join(f"    {part},\n" for part in parts) + f"){kind}"


def _kind(annotation: Any) -> str:
    text = getattr(annotation, "__forward_arg__", annotation)  # of a named tuple
    if not isinstance(text, str):
        text = getattr(text, "__name__", str(text))
    return re.sub(r"\b(?:pd|np)\.", "", text)


def _default(value: Any) -> str:
    """A default as code; one that has no short form as dots."""
    text = repr(value)
    if isinstance(value, (str, int, float, tuple, list, dict, type(None))):
        return text.replace("'", '"')
    return "..."


def markdown(doc: str) -> list[str]:
    """A NumPy docstring as Markdown: sections in bold, parameters as lists, examples as code."""
    lines: list[str] = []
    section = ""
    rows = doc.splitlines()
    i = 0
    while i < len(rows):
        row = plain(rows[i])
        if i + 1 < len(rows) and re.fullmatch(r"-{3,}", rows[i + 1].strip()) and row.strip():
            section = row.strip()
            lines += ["", f"**{section}**", ""]
            i += 2
            continue
        if row.startswith(">>>"):
            block = []
            while i < len(rows) and rows[i].strip():
                block.append(rows[i])
                i += 1
            lines += ["```python", *block, "```"]
            continue
        if (
            section in ("Parameters", "Attributes", "Returns", "Raises")
            and row
            and not row.startswith(" ")
        ):
            nested = i + 1 < len(rows) and rows[i + 1].startswith("    ")
            lines.append(f"- `{row.strip()}`" + (":" if nested else ""))
        else:
            lines.append(
                f"  {row.strip()}"
                if row.startswith("    ")
                and section in ("Parameters", "Attributes", "Returns", "Raises")
                else row
            )
        i += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip().splitlines()


def plain(row: str) -> str:
    """A line of text with the marks of reStructuredText as those of Markdown."""
    row = re.sub(
        r":(?:func|class|mod|meth|data):`~?([^`]+)`",
        lambda found: f"`{found[1].rsplit('.', 1)[-1]}`",
        row,
    )
    return re.sub(r"``([^`]+)``", r"`\1`", row)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is stale."""
    made = page()
    if "--check" in arguments:
        stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != made
        print(
            "docs/reference.md is stale: run `make reference`"
            if stale
            else "docs/reference.md is up to date"
        )
        return int(stale)
    PAGE.write_text(made, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {made.count(chr(10) + '### ')} names")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
