"""Falsified notebooks, noticed or not, by each tool in one run of it over the same files.

Run ``python -m benchmarks.true_notebooks``; tools that are not installed are left out
(``pip install nbval pytest-notebook nbmake``).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as tree
from importlib.metadata import version
from pathlib import Path

from benchmarks.true_notebooks.falsifications import FALSE, HARMLESS, write_all
from benchmarks.true_notebooks.lessons import as_others_store

# Name, module, distribution, options.
TOOLS = [
    ("true-notebooks", "evidence.notebooks_true", "evidence-explorer", ["--true-notebooks"]),
    ("nbval", "nbval", "nbval", ["--nbval", "--nbval-current-env"]),
    ("pytest-notebook", "pytest_notebook", "pytest_notebook", ["--nb-test-files"]),
    ("nbmake", "nbmake", "nbmake", ["--nbmake"]),
]


def noticed(folder: Path, options: list[str]) -> tuple[set[str], float]:
    """Folders in which something failed, and the seconds that all of them took."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    begin = time.perf_counter()
    done = subprocess.run(
        [*command, f"--rootdir={folder}", f"--junitxml={report}", str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - begin
    if not report.exists():
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    # The file was written by pytest just now.
    cases = tree.parse(report).getroot().iter("testcase")
    failed = [
        one for one in cases if one.find("failure") is not None or one.find("error") is not None
    ]
    report.unlink()
    return {one.get("classname", "").split(".")[0] for one in failed}, seconds


def measure(repeats: int) -> list[dict[str, object]]:
    """One row for each tool that is installed; the tools take turns, and the fastest counts."""
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="falsified-") as place:
        folder = Path(place)
        made = falsified(folder)
        for _ in range(repeats):
            for name, module, distribution, options in TOOLS:
                if importlib.util.find_spec(module) is None:
                    continue
                found, seconds = noticed(folder, options)
                seen = [what for what in FALSE if made[what].name in found]
                alarms = [w for w in ["unchanged", *HARMLESS] if made[w].name in found]
                row = {"tool": name, "version": version(distribution), "noticed": seen}
                rows.append(row | {"false": alarms, "seconds": seconds, "notebooks": len(made)})
    best = {
        str(row["tool"]): row for row in sorted(rows, key=lambda row: -float(str(row["seconds"])))
    }
    return [best[name] for name, *_ in TOOLS if name in best]


def falsified(folder: Path) -> dict[str, Path]:
    """All changes, stored as any program stores notebooks: pictures carry no marks."""
    from evidence.notebooks_true.kernel import Server
    from evidence.notebooks_true.plugin import PRELOAD

    server = Server(PRELOAD)
    try:
        made = write_all(folder, server.address)
    finally:
        server.stop()
    for place in made.values():
        as_others_store(place / "drinks.ipynb")
    return made


def table(rows: list[dict[str, object]]) -> str:
    """The rows as a table of Markdown, and what each tool noticed."""
    lines = [
        f"| | Noticed, of {len(FALSE)} | False alarms, of {len(HARMLESS) + 1} | Seconds |",
        "|---|---|---|---|",
    ]
    for row in rows:
        seen, alarms = row["noticed"], row["false"]
        assert isinstance(seen, list) and isinstance(alarms, list)
        count = f"{len(seen)} | {len(alarms)} | {float(str(row['seconds'])):.1f}"
        lines.append(f"| {row['tool']} {row['version']} | {count} |")
    head = " | ".join(str(row["tool"]) for row in rows)
    lines += ["", f"| Change | {head} |", "|---|" + "---|" * len(rows)]
    for what in [*FALSE, "unchanged", *HARMLESS]:
        key = "false"
        if what in FALSE:
            key = "noticed"
        cells = [("yes" if what in list(row[key]) else "") for row in rows]  # type: ignore[call-overload]
        harmless = " (harmless)"
        if what in FALSE:
            harmless = ""
        lines.append(f"| {what}{harmless} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.true_notebooks", description=__doc__
    )
    parser.add_argument("--repeats", type=int, default=1, help="the fastest of so many runs counts")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    options = parser.parse_args()
    rows = measure(options.repeats)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
