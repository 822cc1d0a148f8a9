"""How long ten thousand entries take to read, beside what bibtexparser needs to split them. Prints;
tests nothing.

Run ``python -m benchmarks.bibliography [ENTRIES]``. The entries are made anew from the words and
names of ``references.bib``, so that no two are the same. Processor time, best of several runs that
take turns. pybtex is shown beside it where it is installed.
"""

from __future__ import annotations

import importlib.util
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bibtexparser import parse_string
from bibtexparser.splitter import Splitter

from evidence.bibliography.bibtex.blocks import entries_of, split
from evidence.bibliography.entries import parse_text

REFERENCES = Path(__file__).resolve().parents[1] / "references.bib"
ENTRIES, REPEATS, MOST = 10_000, 7, 1.3


def made(number: int, abstracts: bool) -> str:
    """A bibliography of the given number of entries, each as long as one of the real file."""
    chance = random.Random(7)
    real = [
        {field.key: field.value[1:-1] for field in entry.fields}
        for entry in entries_of(split(REFERENCES.read_text(encoding="utf-8")))
    ]
    people = [
        name for fields in real for name in fields.get("author", "").split(" and ") if "," in name
    ]
    words = [word for fields in real for word in fields["title"].split() if balanced(word)]
    entries = []
    for place in range(number):
        fields = dict(real[place % len(real)])
        fields["title"] = " ".join(chance.choices(words, k=len(fields["title"].split())))
        if "author" in fields:
            fields["author"] = " and ".join(
                chance.choice(people) if "," in name else name
                for name in fields["author"].split(" and ")
            )
        if abstracts:
            fields["abstract"] = ", ".join(" ".join(chance.choices(words, k=12)) for _ in range(15))
        body = "".join(f"  {name:9} = {{{value}}},\n" for name, value in fields.items())
        entries.append(f"@article{{key{place},\n{body}}}\n")
    return "\n".join(entries)


def balanced(text: str) -> bool:
    """Whether each brace has its fellow."""
    return text.count("{") == text.count("}")


def seconds(jobs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Best processor time of each job."""
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(REPEATS):
        for name, job in jobs.items():
            start = time.process_time()
            job()  # to the end: what was split is also given back, as it is after reading
            best[name] = min(best[name], time.process_time() - start)
    return best


def main() -> None:
    """Print the times."""
    number = ENTRIES
    if len(sys.argv) > 1:
        number = int(sys.argv[1])
    for abstracts in (False, True):
        text = made(number, abstracts)
        jobs: dict[str, Callable[[], object]] = {
            "bibtexparser, split alone": lambda text=text: Splitter(text).split(),
            "bibtexparser, its own reading": lambda text=text: parse_string(text),
            "evidence, read and checked": lambda text=text: parse_text(text, "x.bib"),
        }
        if importlib.util.find_spec("pybtex"):
            from pybtex.database import parse_string as pybtex

            jobs["pybtex"] = lambda text=text: pybtex(text, "bibtex")
        taken = seconds(jobs)
        first = taken["bibtexparser, split alone"]
        print(
            f"{number:,} entries, {len(text) / 1e6:.1f} million"
            f" characters{', with abstracts' if abstracts else ''}"
        )
        for name, best in taken.items():
            print(f"  {name:30} {best:6.2f} s  {best / first:5.2f} times")
        ratio = taken["evidence, read and checked"] / first
        print(f"  {'within' if ratio <= MOST else 'NOT within'} {MOST} times")


if __name__ == "__main__":
    main()
