"""A data set made from somebody's spreadsheet, with the list of what found no place in it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evidence.bibliography.bibtex.table import COLUMNS
from evidence.bibliography.formats.write import write_entries
from evidence.bibliography.written import written_bibliography
from evidence.decoding import text_of
from evidence.errors import DataError, Fault, UsageError
from evidence.files import shown_path
from evidence.importing.arms_in_rows import beside_control
from evidence.importing.columns import LEFT_OUT, OWN, Proposal
from evidence.importing.first_pools import TABLES, first_pools
from evidence.importing.made import check_made, csv_of, made_tables
from evidence.importing.match_references import with_references
from evidence.importing.new_dictionary import chosen_tables, new_package
from evidence.importing.new_folder import BIBLIOGRAPHY, empty_folder, titled, write_set
from evidence.importing.odd import odd_things
from evidence.importing.placed import Placed, mapping_text, not_placed_rows
from evidence.importing.placing import place
from evidence.importing.results_beside import one_below_the_other
from evidence.importing.sheet import Sheet, read_sheet
from evidence.importing.sides import told_sides
from evidence.importing.two_in_a_cell import two_columns_each
from evidence.progress import paused, steps
from evidence.quoting import comma_separated, one_line

Ask = Callable[[Sheet, Sequence[Proposal]], Mapping[str, str]]
EACH = 3  # faults of one kind that are told one by one


@dataclass(frozen=True)
class Incoming:
    """What became of a spreadsheet.

    Attributes
    ----------
    files : list of Path
        What was written.
    sheet : Sheet
        The file as it was read.
    placed : Placed
        The tables, what became of each column, and what found no place.
    faults : list of Fault
        What ``evidence check`` finds in the new data set.
    """

    files: list[Path]
    sheet: Sheet
    placed: Placed
    faults: list[Fault]

    @property
    def report(self) -> str:
        """What was read and made, for a terminal; cells that found no place are not in it."""
        placed = self.placed
        ours = [p for p in placed.proposals if p.ours not in (OWN, LEFT_OUT)]
        lines = [
            f"{self.sheet.path}: {', '.join(self.sheet.remarks)}; {placed.rows} rows"
            + (f", {self.sheet.blank} empty" * bool(self.sheet.blank))
            + ".",
            *(f"  {p.theirs} -> {p.target} ({p.why})" for p in ours),
            *(
                f"  {p.theirs} -> a column of its own"
                + f" ({p.why})" * (p.why not in ("given", "none of ours"))
                for p in placed.proposals
                if p.ours == OWN
            ),
            *(
                f"  {p.theirs} -> left out, as you said"
                for p in placed.proposals
                if p.ours == LEFT_OUT
            ),
        ]
        for column, words in placed.words.items():
            changed = [f"{theirs!r} as {code}" for theirs, code in words.items() if theirs != code]
            if changed:
                lines.append(
                    f"  {column}: read {', '.join(changed[:12])}"
                    + (f" and {len(changed) - 12} more" if len(changed) > 12 else "")
                )
        lines += [f"Note: {note}." for note in placed.notes]
        lines += [f"Look at this: {what}." for what in odd_things(placed)]
        lines.append(
            f"{placed.rows} rows in the file: {len(placed.studies)} studies, "
            f"{len(placed.findings)} findings; {len(placed.faults)} cells or rows found no place."
        )
        return "\n".join(lines)


def new_set_from(
    folder: str | os.PathLike[str],
    file: str | os.PathLike[str],
    title: str = "",
    question: str = "",
    tables: Sequence[str] = (),
    *,
    sheet: str = "",
    encoding: str = "",
    delimiter: str = "",
    decimal: str = "",
    benefit: str = "",
    ci_level: str = "",
    mapping: Mapping[str, str] | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
    notebooks: bool = True,
    created: str = "",
    references: Sequence[str | os.PathLike[str]] = (),
    ask: Ask | None = None,
) -> Incoming:
    """Make a data set from a spreadsheet.

    Parameters
    ----------
    folder, title, question, tables, notebooks, created
        As for :func:`evidence.importing.new_folder.new_set`.
    file : path
        CSV (any delimiter; UTF-8, UTF-16 or Windows-1252) or XLSX. Rows that name one study are its
        findings.
    sheet, encoding, delimiter : str, optional
        As for :func:`evidence.importing.sheet.read_sheet`.
    decimal, benefit, ci_level : str, optional
        As for :func:`evidence.importing.placing.place`.
    mapping : mapping of str to str, optional
        Column of the file to column of ours, where the proposal is not to be used; ``"own"`` keeps
        it as one of its own, ``"-"`` leaves it out.
    words : mapping, optional
        For a column, words of the file and the codes that they stand for.
    references : sequence of path, optional
        References of the studies: anything that
        :func:`evidence.bibliography.formats.read_references` reads. They fill what the studies lack
        of title, year and numbers; those that fit no study are listed, and stand in
        ``unused_references.bib``.
    ask : callable, optional
        Called with the sheet and the proposals; gives further entries of ``mapping``.

    Returns
    -------
    Incoming
        ``mapping.toml`` in the folder says how the file was read, ``not_placed.csv`` what found no
        place; both can be used to do it again.

    Raises
    ------
    UsageError
        When the folder holds something, or for an unknown column, target or option.
    DataError
        When the file cannot be read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as place:
    ...     source = pathlib.Path(place, "table.csv")
    ...     _ = source.write_text(
    ...         "Study;Design;N;Result\\nSmith 2010;RCT;45;beneficial\\n"
    ...         "Jones 2012;cohort;80;no difference\\n"
    ...     )
    ...     made = new_set_from(place + "/set", source, notebooks=False)
    >>> made.placed.studies["direction"].to_list(), made.faults
    (['no_clear_difference', 'benefit'], [])
    """
    place_ = empty_folder(folder)
    given = dict(mapping or {})
    with paused(), steps("reading", "placing") as done:
        source = read_sheet(file, sheet, encoding, delimiter)
        # A mapping with other names than the file's is of the table that it became.
        named = given if set(given) <= set(source.header) else {}
        for change in (two_columns_each, told_sides, beside_control, one_below_the_other):
            source = change(source, named)
        done()
        placed = place(source, given, words, decimal, benefit, ci_level)
    if ask is not None:
        more = ask(source, placed.proposals)
        if more:
            placed = place(source, given | dict(more), words, decimal, benefit, ci_level)
    title, question = titled(place_, title), one_line(question)
    pools = {} if set(TABLES) & set(tables) else first_pools(placed)
    wanted = chosen_tables([*tables, *pools])
    if "arms" in wanted:  # brings the column itself, with words of its own
        placed.columns["findings"][:] = [
            field for field in placed.columns["findings"] if field["name"] != "estimate_origin"
        ]
    columns = placed.columns
    package = new_package(title, question, wanted, placed.vocabularies, columns, created)
    package["evidence"]["how_made"] = one_line(f"from the spreadsheet {Path(file).name}")
    if "label" in placed.studies:
        package["evidence"]["study_names"] = "label"
    entries, unused = placed.entries, pd.DataFrame(columns=COLUMNS)
    with paused(), steps("references", "writing", "checking") as done:
        if references:
            entries, unused, found = with_references(placed, references)
            placed.faults.extend(found)
        done()
        beside = {"mapping.toml": mapping_text(placed.proposals, placed.words)}
        if len(unused):
            beside["unused_references.bib"] = write_entries(unused, "bibtex")
        if placed.faults:
            beside["not_placed.csv"] = comma_separated(not_placed_rows(placed.faults))
        shown = shown_path(place_ / package["evidence"]["bibliography"])
        bibliography, read = written_bibliography(entries, BIBLIOGRAPHY + "\n", shown)
        made = made_tables(package, placed, pools)
        texts = {name: csv_of(columns) for name, columns in made.items()}
        files = write_set(place_, package, texts, bibliography, question, notebooks, beside)
        done()
        return Incoming(files, source, placed, check_made(place_, made, texts, read))


def told_once(faults: Sequence[Fault]) -> list[str]:
    """Faults as lines; those of one kind, when there are many, as the first one with a count.

    Examples
    --------
    >>> faults = [
    ...     Fault("a.csv", line, "N", f"'{line}x' is not a whole number") for line in range(5)
    ... ]
    >>> told_once(faults)[-1]
    'a.csv:0: N: and 4 more of this kind, on lines 1, 2, 3, 4'
    """
    kinds: dict[tuple[str, ...], list[Fault]] = {}
    for fault in faults:
        what = re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "", fault.message)
        kinds.setdefault((fault.file, fault.column, fault.rule, what), []).append(fault)
    lines = []
    for found in kinds.values():
        if len(found) <= EACH:
            lines += [(fault, str(fault)) for fault in found]
            continue
        first, more = found[0], found[1:]
        where = ", ".join(str(fault.line) for fault in more[:10]) + ", …" * (len(more) > 10)
        place = f"{first.file}:{first.line}: " + f"{first.column}: " * bool(first.column)
        lines += [(first, str(first))]
        lines += [(first, f"{place}and {len(more)} more of this kind, on lines {where}")]
    return [line for _, line in sorted(lines, key=lambda one: one[0])]


def read_mapping(path: str | os.PathLike[str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Columns and words of a mapping file, as ``evidence new --from`` writes it.

    Raises
    ------
    DataError
        When the file cannot be read.
    """
    try:
        found = tomllib.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not a mapping in TOML: {error}.") from None
    columns, words = found.get("columns", {}), found.get("words", {})
    if not (
        _is_mapping(columns) and isinstance(words, dict) and all(map(_is_mapping, words.values()))
    ):
        raise DataError(
            f"{path} is not a mapping: it holds [columns] with THEIRS = 'OURS', and [words.COLUMN]"
            " likewise."
        )
    return columns, words


def _is_mapping(found: object) -> bool:
    return isinstance(found, dict) and all(isinstance(value, str) for value in found.values())


def pairs(texts: Sequence[str], form: str = "THEIRS=OURS") -> dict[str, str]:
    """Pairs in the form ``theirs=ours``.

    >>> pairs(["N (total)=sample_size"])
    {'N (total)': 'sample_size'}
    """
    found = {}
    for text in texts:
        theirs, mark, ours = text.rpartition("=")
        if not (mark and theirs.strip()):
            raise UsageError(f"{text!r} does not have the form {form}")
        found[theirs.strip()] = ours.strip()
    return found


def words_of(texts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Words in the form ``column:theirs=ours``.

    >>> words_of(["Result:positive=benefit"])
    {'Result': {'positive': 'benefit'}}
    """
    found: dict[str, dict[str, str]] = {}
    for key, ours in pairs(texts, "COLUMN:THEIRS=OURS").items():
        column, mark, theirs = key.partition(":")
        if not (mark and column.strip() and theirs.strip()):
            raise UsageError(f"'{key}={ours}' does not have the form COLUMN:THEIRS=OURS")
        found.setdefault(column.strip(), {})[theirs.strip()] = ours
    return found
