"""Large, valid data sets made from the real one: the same columns and vocabularies, new ids,
titles, authors and numbers.

Run ``python -m benchmarks.generate FOLDER --findings 100000``; ``evidence check FOLDER`` then finds
no fault.

Every study and review is there many times over, each time with an id of its own (``abel2007``,
``abel2007x1`` ...), and with it all rows that hang on it: findings, arms, readings, conclusions,
known contradictions, the entry of the bibliography. Titles are drawn from the words of the real
titles, and a first author has about ten papers however large the set is. What is about the whole
(claims, pools) stays as it is.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OWNER = re.compile(r"[a-z][a-z0-9]*")
SYLLABLES = [first + vowel for first in "bdfghklmnprstvwz" for vowel in "aeiou"]
PAPERS_AN_AUTHOR = 10
# Tables that grow, with the columns that begin with the id of a study, review or cohort, and those
# whose text is made different in each copy.
GROWING = {
    "studies": (("study_id",), ("note",)),
    "findings": (("finding_id", "study_id"), ("statement",)),
    "arms": (("arm_id", "finding_id"), ()),
    "harms": (("harms_id", "study_id"), ()),
    "programmes": (("programme_id", "study_id"), ()),
    "participants": (("participants_id", "study_id"), ()),
    "exposure_measures": (("measure_id", "study_id"), ()),
    "readings": (("reading_id", "study_id", "finding_id"), ()),
    "cohorts": (("cohort_id",), ("label", "description")),
    "reviews": (("review_id",), ("note",)),
    "review_conclusions": (("conclusion_id", "review_id"), ("statement",)),
    "review_inclusions": (("inclusion_id", "review_id", "study_id"), ("cited_as",)),
    "pooled_estimates": (("pooled_id", "review_id"), ()),
    "unverified_fields": (("unverified_id", "id"), ()),
    "known_issues": (("issue_id", "id"), ("source_says",)),
}
PAPERS = ("studies", "reviews")
TWO = ("studies", "findings", "known_issues")
NUMBERS = ("pmid", "pmcid")


def generate(folder: str | Path, findings: int, source: str | Path = ROOT) -> Path:
    """Write a data set of at least so many findings, and its bibliography.

    Parameters
    ----------
    folder : path
        Folder to write; gets ``data/`` and ``references.bib``.
    findings : int
        How many findings at least; the real number or fewer gives the real tables.
    source : path
        Folder of the real ``data/`` and ``references.bib``.

    Returns
    -------
    Path
        The data folder.
    """
    source, out = Path(source), Path(folder) / "data"
    out.mkdir(parents=True, exist_ok=True)
    tables = {path.stem: _read(path) for path in sorted((source / "data").glob("*.csv"))}
    copies = -(-findings // (len(tables["findings"]) - 1))
    papers = _papers(tables, copies)
    for name, (header, *rows) in tables.items():
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            if name in GROWING:  # in the order that a check asks for, by the letters of the id
                rows = sorted(_copied(name, header, rows, copies, papers), key=_letters)
            writer.writerows(rows)
    for name in ("datapackage.json", "search.toml", "reading_protocol.toml"):
        (out / name).write_bytes((source / "data" / name).read_bytes())
    _write_bibliography(
        Path(folder) / "references.bib",
        tables,
        copies,
        papers,
        (source / "references.bib").read_text(encoding="utf-8"),
    )
    return out


def two_tables(data: str | Path, folder: str | Path) -> Path:
    """Write a part of a data set: its studies and findings alone, with one entry of the
    bibliography that stands for all of them.

    That is the least that a data set may be (as the one in ``examples/``), beside the known
    contradictions, without which it would have faults.

    Parameters
    ----------
    data, folder : path
        Data folder to take from; folder to write.

    Returns
    -------
    Path
        The new data folder.
    """
    data, out = Path(data), Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] in TWO
    ]
    for resource in package["resources"]:
        keys = resource["schema"].get("foreignKeys", [])
        resource["schema"]["foreignKeys"] = [
            key for key in keys if key["reference"]["resource"] in TWO
        ]
        (out / resource["path"]).write_bytes((data / resource["path"]).read_bytes())
    ids = {row[0] for name in TWO[:2] for row in _read(out / f"{name}.csv")}
    header, *rows = _read(out / "known_issues.csv")
    with (out / "known_issues.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [header, *(row for row in rows if row[header.index("id")] in ids)]
        )
    del package["evidence"]["search"], package["evidence"]["reading_protocol"]
    package["evidence"] |= {
        "bibliography": "references.bib",
        "bibliography_tables": ["studies"],
        "entries_for_all": ["all"],
    }
    (out / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (out / "references.bib").write_text(
        "@misc{all,\n  author = {Other, An},\n  title = {All},\n  year = {2026},\n}\n",
        encoding="utf-8",
    )
    return out


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _papers(
    tables: dict[str, list[list[str]]], copies: int
) -> Callable[[str, int], dict[str, str]]:
    """What sets the copies of a paper apart: title, numbers and first author."""
    titles = [row[tables[name][0].index("title")] for name in PAPERS for row in tables[name][1:]]
    words = sorted({word for title in titles for word in title.split() if word.isalpha()})
    names = [row[0] for name in PAPERS for row in tables[name][1:]]
    place = {name: number for number, name in enumerate(names)}

    def paper(name: str, copy: int) -> dict[str, str]:
        number = place[name] * copies + copy
        chance = random.Random(number)
        author = number // PAPERS_AN_AUTHOR
        letters = "".join(
            SYLLABLES[author // len(SYLLABLES) ** power % len(SYLLABLES)] for power in range(4)
        )
        return {
            "title": " ".join(chance.choices(words, k=14)),
            "author": letters.capitalize(),
            "pmid": str(100_000_000 + number),
            "pmcid": f"PMC{100_000_000 + number}",
        }

    return paper


def _letters(row: list[str]) -> str:
    found = re.match("[a-z_]*", row[0])
    return found[0] if found else ""


def _suffix(copy: int) -> str:
    if copy:
        return f"x{copy}"
    return ""


def _copied(
    name: str,
    header: list[str],
    rows: list[list[str]],
    copies: int,
    papers: Callable[[str, int], dict[str, str]],
) -> Iterator[list[str]]:
    """Each row, then its copies, so that rows stay in the order of their ids."""
    owners, texts = ([header.index(column) for column in columns] for columns in GROWING[name])
    cohort = None
    if "cohort" in header:
        cohort = header.index("cohort")
    labels = name == "cohorts"
    numbered = []
    if name in PAPERS:
        numbered = [
            (header.index(column), column) for column in ("title", *NUMBERS) if column in header
        ]
    doi = None
    if name in PAPERS:
        doi = header.index("doi")
    for row in rows:
        yield row
        for copy in range(1, copies):
            new, suffix = list(row), _suffix(copy)
            for place in owners:
                new[place] = (
                    row[place] + f"_{copy}"
                    if labels
                    else OWNER.sub(lambda found: found[0] + suffix, row[place], count=1)
                )
            for place in texts:
                new[place] = f"{row[place]} ({copy})"
            if cohort is not None and row[cohort]:
                new[cohort] = f"{row[cohort]}_{copy}"
            if doi is not None:
                made = papers(row[0], copy)
                new[doi] = row[doi] and f"{row[doi]}.{copy}"
                for place, column in numbered:
                    new[place] = row[place] and made[column]
            yield new


def _write_bibliography(
    path: Path,
    tables: dict[str, list[list[str]]],
    copies: int,
    papers: Callable[[str, int], dict[str, str]],
    real: str,
) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(real)
        for name in PAPERS:
            header, *rows = tables[name]
            place = {
                column: header.index(column) for column in ("title", "year", "doi", "pmid", "pmcid")
            }
            for row in rows:
                for copy in range(1, copies):
                    made = papers(row[0], copy)
                    given = {column: row[at] for column, at in place.items()}
                    fields = {
                        "author": f"{made['author']}, Jo and Other, An",
                        "title": made["title"],
                        "journal": "Journal",
                        "year": given["year"],
                    }
                    fields |= {"doi": given["doi"] and f"{given['doi']}.{copy}"} | {
                        column: given[column] and made[column] for column in NUMBERS
                    }
                    body = "".join(
                        f"  {field:9} = {{{value}}},\n" for field, value in fields.items() if value
                    )
                    file.write(f"\n@article{{{row[0]}{_suffix(copy)},\n{body}}}\n")


def main() -> None:
    """Write a data set and say what it has."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", help="folder to write")
    parser.add_argument(
        "--findings",
        type=int,
        default=100_000,
        help="how many findings at least (default: %(default)s)",
    )
    options = parser.parse_args()
    out = generate(options.folder, options.findings)
    print(
        json.dumps(
            {
                path.name: sum(1 for _ in path.open(encoding="utf-8")) - 1
                for path in sorted(out.glob("*.csv"))
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
