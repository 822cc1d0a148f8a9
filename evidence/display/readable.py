"""Tables for readers: labels instead of codes, names of studies as links, every row, no index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from evidence.display.html_table import scrolling, table_of
from evidence.errors import DataError, UsageError
from evidence.frames import text_or_empty
from evidence.model.contrasts import UNSTATED
from evidence.model.dictionary import lower_first, upper_first
from evidence.model.evidence import Evidence
from evidence.nouns import either
from evidence.synthesis.lens import CONCLUDED, DIRECTION, LENSES
from evidence.synthesis.number_texts import p_cell, percent, took_part_cell
from evidence.synthesis.result import Result
from evidence.synthesis.specifications import value_called

# Titles of columns that mean the same in every table. What a column means in one table alone stands
# in the ``headings`` of its result, or is given to :func:`readable`.
TITLES = {
    "study": "Study",
    "study_id": "Study",
    "review_id": "Review",
    "source": "Source",
    "units": "In all",
    "studies": "Studies",
    "participants": "Took part",
    "size_unknown": "Size unknown",
    "median_size": "Median size",
    "smallest": "Smallest",
    "largest": "Largest",
    "first_year": "From",
    "last_year": "To",
    "directional": "With a side",
    "share": "Share",
    "share_low": "95 % from",
    "share_high": "95 % to",
    "ci_low": "Interval from",
    "ci_high": "Interval to",
    "p_value": "p-value",
    "what": "What",
    "pool": "Pool",
    "k": "Studies pooled",
    "verdict": "Result",
    "reason": "Reason",
    "field": "Field",
    "choice": "Choice",
    "n": "Rows",
    "kappa": "Kappa",
    "kappa_low": "Kappa from",
    "kappa_high": "Kappa to",
    "first_reading": "First reading",
    "second_reading": "Second reading",
    "third_reading": "Third reading",
    "settled": "In the table",
    "settled_as": "Settled as",
    "left_out": "Left out",
    "units_certain": "Groups of people, certain overlap counted once",
    "units_possible": "Groups of people, possible overlap counted once",
    "repeated_certain": "Counted again, certain",
    "repeated_possible": "Counted again, possible",
    "participants_certain": "Took part, certain overlap once",
    "participants_possible": "Took part, possible overlap once",
    "in_cohorts": "Share people",
    "reports": "Reports",
    "direction_vote": "Which way the numbers lean",
    "concluded_vote": "What the authors conclude",
    "stands_for_it": "Stands for it",
    "lens": "Lens",
    "review": "Review",
    "cited_as": "Cited as",
    "tested": "Tested it",
    "prediction_low": "Predicted from",
    "prediction_high": "Predicted to",
    "kept": "Kept",
    "removed": "Left out",
    "unknown": "Left out because not known",
    "address": "Settled at",
    "touched": "Studies it touches",
    "unreadable": "Direction not reported",
    "no_result": "No result to count",
}
SIDES = ("benefit", "harm")
OUTCOME = "outcome_domain"  # an outcome can have sides of its own
SIDED = (
    "direction",
    "conclusion",
    "observed_direction",
    "vote",
    "direction_vote",
    "concluded_vote",
)
# Columns of results whose cells are those of a column of the tables, or the name of a lens.
VALUES_OF = {
    **dict.fromkeys(("vote", "direction_vote", "concluded_vote"), "conclusion"),
    "first_reading": "conclusion",  # where no column says of which field it is
}
UNCLEAR = "no_clear_difference"
OF_SIDES = (UNCLEAR, "lowest", "highest")  # their cells can hold a choice that names a side
PLACED = {"concluded": "With a conclusion", "direction": "With a direction"}
NO_ROWS = "no rows"
# Columns of results that hold shares of one, beside those that are named so.
SHARES = (
    "share",
    "lowest_mean",
    "highest_mean",
    "repeated_certain",
    "repeated_possible",
    "spread",
    "explained",
)
# Columns that name a study or review, by key or as in charts.
NAMING = ("study", "study_id", "review", "review_id", "source", "left_out", "rated")
OF_COLUMNS = ("field", "choice")  # their cells name columns
READINGS = ("first_reading", "second_reading", "third_reading", "before", "settled")
# Differences of shares, and the column beside which they are that.
POINTS = {"change": "share_all"}
P_VALUES = ("p_value", "p_all", "p_benefit", "p_harm", "p_worst", "p_best")
TOOK_PART = ("participants", "size_unknown")  # columns that one cell can hold
WIDEST = 70  # characters of a cell in text


@dataclass(frozen=True)
class ReadableTable:
    """A table as it is shown: HTML in a notebook, aligned text elsewhere.

    Attributes
    ----------
    frame : DataFrame
        Titles as columns, cells as text.
    caption : str
        What it shows.
    height : str
        Height in CSS units beyond which it scrolls; empty for none.
    links : mapping of str to list of str
        By column, the address of each cell, empty where it has none.
    numbers : frozenset of str
        Columns that hold numbers; they stand to the right, text to the left.
    """

    frame: pd.DataFrame
    caption: str = ""
    height: str = ""
    links: Mapping[str, list[str]] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()

    def _repr_html_(self) -> str:
        if self.frame.empty:
            return f"<p>{escape(self.caption)}{': ' if self.caption else ''}{NO_ROWS}</p>"
        html = table_of(self.frame, self.caption, self.links, self.numbers).for_notebook()
        return scrolling(html, self.height)

    def __repr__(self) -> str:
        if self.frame.empty:
            return " ".join(filter(None, [self.caption + ":" if self.caption else "", NO_ROWS]))
        columns = [self._text_cells(str(name)) for name in self.frame]
        lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
        return "\n".join(filter(None, [self.caption, *lines]))

    def _text_cells(self, name: str) -> list[str]:
        """A column as text, heading first, each cell as wide as the widest."""
        texts = [name, *(_shortened(text) for text in _texts(self.frame[name]))]
        width = max(map(len, texts))
        return [text.rjust(width) if name in self.numbers else text.ljust(width) for text in texts]


def _texts(values: pd.Series) -> list[str]:
    return [text_or_empty(value) for value in values]


def _shortened(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."


def readable(
    ev: Evidence,
    table: Any,
    caption: str = "",
    height: str = "",
    headings: Mapping[str, str] | None = None,
) -> ReadableTable:
    """A table with titles and labels of the dictionary, every row shown.

    In HTML, names of studies and reviews link to their DOI.

    Parameters
    ----------
    ev : Evidence
        Whose dictionary is used.
    table : DataFrame, Result, or another result with a ``frame``
        Any table or result.
    caption : str, optional
        What it shows.
    height : str, optional
        Height in CSS units beyond which it scrolls, such as ``"24em"``.
    headings : mapping of str to str, optional
        Headings of columns in this table, in place of those that its result or the dictionary
        gives. ``{benefit}`` and ``{harm}`` stand for what the sides of the question are called.

    Returns
    -------
    ReadableTable
        HTML in a notebook, aligned text elsewhere; an empty table says that it has no rows.

    Raises
    ------
    UsageError
        For what holds no table.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> print(
    ...     evidence.readable(
    ...         ev,
    ...         evidence.set_aside(ev).rename_axis("not_counted_because").reset_index().head(1),
    ...     )
    ... )  # doctest: +ELLIPSIS
    Not counted because Studies...
    """
    result = table if isinstance(table, Result) else None
    frame = table if isinstance(table, pd.DataFrame) else getattr(table, "frame", None)
    if not isinstance(frame, pd.DataFrame):
        raise UsageError(f"table is a {type(table).__name__}; allowed: a DataFrame or a result")
    given = {**(result.headings if result else {}), **(headings or {})}
    if "estimate" in frame:  # beside a size of effect, n is how many people or animals there were
        given = {"n": TITLES[TOOK_PART[0]]} | given
    words = _sides(ev, frame) | _lens_words(frame, result)
    unknown_inside = bool(result and result.with_unknown) and set(frame) >= {*TOOK_PART, "studies"}
    shown: dict[str, pd.Series] = {}
    links: dict[str, list[str]] = {}
    numbers = set()
    for name in frame.columns:
        column = str(name)
        if unknown_inside and column == TOOK_PART[1]:
            continue
        title = given.get(column, "").format(**words) or _title(ev, column, words)
        if title in shown:
            title = f"{title} ({column.replace('_', ' ')})"
        cells = _cells(ev, column, frame[name])
        if column in READINGS and "field" in frame:
            cells = _labels_of_fields(ev, frame["field"], frame[name])
        if POINTS.get(column) in frame:
            cells = frame[name].map(_points, na_action="ignore").astype("str")
        if column in OF_SIDES:
            cells = cells.map(lambda said: value_called(said, words)).astype("str")
        if unknown_inside and column == TOOK_PART[0]:
            cells = _took_part(frame)
        for side in SIDES:
            if column == side or f"{{{side}}}" in given.get(column, ""):
                cells = _with_own_sides(ev, frame, side, words[side], cells)
        if column in SIDED:
            cells = _side_of_rows(ev, frame, frame[name].astype("str"), cells)
        if column == "contrast" or column == getattr(result, "by", None):
            cells = cells.fillna(UNSTATED if column == "contrast" else "not stated")
        shown[title] = cells
        if column in NAMING and any(addresses := _addresses(ev, frame[name])):
            links[title] = addresses
        if _holds_numbers(frame[name]):
            numbers.add(title)
    made = pd.DataFrame(shown, index=frame.index)
    return ReadableTable(made, caption, height, links, frozenset(numbers))


def _took_part(frame: pd.DataFrame) -> pd.Series:
    """How many took part in each row, with those of unknown size."""
    cells = map(took_part_cell, *(frame[name] for name in (*TOOK_PART, "studies")))
    return pd.Series(list(cells), index=frame.index, dtype="str")


def _holds_numbers(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _sides(ev: Evidence, table: pd.DataFrame) -> dict[str, str]:
    """What harm and benefit are called, by the setting ``sides``, in the questions of the rows, or
    in their one outcome that has sides of its own; their labels where a question has no words.
    """
    given = ev.dictionary.settings.get("sides", {})
    for column in ev.dictionary.kept_apart:
        source = ev.studies if column not in table else table
        values = list(source[column].dropna().astype(str).unique())
        if len(values) == 1 and values[0] in given:
            return ev.dictionary.sides({column: values[0], OUTCOME: _one_value(table, OUTCOME)})
        if values and set(values) <= set(given):
            harm, benefit = (either(given[value][place] for value in values) for place in (0, 1))
            return {"harm": harm, "benefit": benefit}
    return {side: lower_first(ev.dictionary.label("conclusion", side)) for side in SIDES}


def _one_value(table: pd.DataFrame, column: str) -> str | None:
    """The value that all rows of a column have; none where they have several."""
    values = table[column].unique().tolist() if column in table else []
    return str(values[0]) if len(values) == 1 and pd.notna(values[0]) else None


def _with_own_sides(
    ev: Evidence, frame: pd.DataFrame, side: str, called: str, cells: pd.Series
) -> pd.Series:
    """Numbers below a heading that names a side as ``called``, each with the word of its own row
    where the outcome of the row has sides of its own.
    """
    apart = ev.dictionary.kept_apart
    if OUTCOME not in frame or not set(apart) <= set(frame):
        return cells
    there = frame[[*apart, OUTCOME]].astype("str").to_dict("records")
    words = [ev.dictionary.sides(row)[side] for row in there]
    plain = [ev.dictionary.sides({**row, OUTCOME: None})[side] for row in there]
    return pd.Series(
        [
            cell if word in (usual, called) or pd.isna(cell) or cell == "0" else f"{cell} ({word})"
            for cell, word, usual in zip(cells, words, plain, strict=True)
        ],
        index=cells.index,
        dtype="str",
    )


def _side_of_rows(
    ev: Evidence, table: pd.DataFrame, values: pd.Series, labels: pd.Series
) -> pd.Series:
    """Labels of directions, in which harm and benefit are called as in the question of the row."""
    given = ev.dictionary.settings.get("sides", {})
    for column in ev.dictionary.kept_apart:
        asked = table[column].astype("str") if column in table else None
        if asked is None or not asked.isin(list(given)).any():
            continue
        outcome = table["outcome_domain"].astype("str") if "outcome_domain" in table else ""
        for place, side in enumerate(("harm", "benefit")):
            said = {value: sides[place] for value, sides in given.items()}
            words = (asked + "/" + outcome).map(said).fillna(asked.map(said))
            capital = words.str[:1].str.upper() + words.str[1:]
            labels = labels.mask((values == side) & words.notna(), capital)
        return labels
    return labels


def _lens_words(table: pd.DataFrame, result: Result | None) -> dict[str, str]:
    """What is counted as placed, and what is not, through the lens of the table."""
    said = getattr(result, "lens", "")  # where a result has none, it may be a column of its table
    concluded = (isinstance(said, str) and said == CONCLUDED.name) or UNCLEAR in table
    lens = CONCLUDED if concluded else DIRECTION
    unplaced = getattr(result, "unplaced", lens.unplaced)
    return {"placed": PLACED[lens.name], "not_placed": unplaced}


def _addresses(ev: Evidence, names: pd.Series) -> list[str]:
    """Address of what each cell names, by key or by a name that only one entry has; empty where
    there is none.
    """
    try:
        by_name = ev.links.set_axis(ev.names.reindex(ev.links.index))
    except DataError:  # a table can be shown without a bibliography
        return []
    known = pd.concat([ev.links, by_name[~by_name.index.duplicated(keep=False)]])
    return names.astype("str").map(known[~known.index.duplicated()]).fillna("").to_list()


def _title(ev: Evidence, column: str, words: Mapping[str, str] | None = None) -> str:
    word = ev.dictionary.field("conclusion")
    if words and column in words:
        return upper_first(words[column])
    if column in TITLES:
        return TITLES[column]
    if word and column in word.labels:
        return word.labels[column]
    field = ev.dictionary.known_field(column)
    return field.title if field else column.replace("_", " ").capitalize()


def _are_shares(ev: Evidence, column: str, values: pd.Series) -> bool:
    """Whether numbers are shares of one; those of a table say what they are in its dictionary."""
    named = column in SHARES or column.startswith("share_")
    return named and pd.api.types.is_float_dtype(values) and ev.dictionary.field(column) is None


def _cells(ev: Evidence, column: str, values: pd.Series) -> pd.Series:
    if _are_shares(ev, column, values):
        return values.map(percent, na_action="ignore").astype("str")
    if column in P_VALUES:
        return values.map(p_cell, na_action="ignore").astype("str")
    if isinstance(values.dtype, pd.BooleanDtype) or values.dtype == bool:
        return values.map({True: "yes", False: "no"}).astype("str")
    if pd.api.types.is_numeric_dtype(values):
        whole = values.dropna()
        plain = "{:,.0f}"
        if column in ("year", "first_year", "last_year"):
            plain = "{:.0f}"
        exact = (whole == whole.round()).all()
        return values.map(
            lambda number: (plain if exact or number >= 100 else "{:,.3g}").format(number),
            na_action="ignore",
        ).astype("str")
    texts = values.astype("str")
    if column in NAMING:
        names = _names(ev)
        return texts.map(lambda key: names.get(key, key), na_action="ignore").astype("str")
    if column in OF_COLUMNS:
        return texts.map(lambda name: _title(ev, name), na_action="ignore").astype("str")
    if column == "lens":
        titles = {name: lens.title for name, lens in LENSES.items()}
        return texts.map(lambda name: titles.get(name, name), na_action="ignore").astype("str")
    different = texts.dropna().unique().tolist()
    of = VALUES_OF.get(column, column)
    labels = {value: ev.dictionary.label(of, value, different) for value in different}
    # Words of the package that say what is not there, which no vocabulary has.
    labels |= {word: _spaced(word) for word in different if word == labels[word]}
    return texts.map(labels, na_action="ignore").astype("str")


def _spaced(word: str) -> str:
    """A word such as ``not_included`` as it is said."""
    return word.replace("_", " ") if word.startswith("not_") else word


def _labels_of_fields(ev: Evidence, fields: pd.Series, values: pd.Series) -> pd.Series:
    """Cells that hold a value of the field that their row names; a finding is called by its
    outcome.
    """
    findings = ev.findings.set_index("finding_id")["outcome"].to_dict()
    pairs = zip(fields.astype("str"), values.astype("str"), strict=True)
    texts = [
        value if pd.isna(value) else findings.get(value) or ev.dictionary.label(name, value)
        for name, value in pairs
    ]
    return pd.Series(texts, index=values.index, dtype="str")


def _points(change: float) -> str:
    """A difference of shares in percentage points, with its sign.

    >>> _points(-0.031), _points(0.0), _points(0.05)
    ('−3 points', '0 points', '+5 points')
    """
    number = f"{100 * change:+.0f}".replace("-", "−")
    return f"{number if number[1:] != '0' else '0'} points"


def _names(ev: Evidence) -> dict[str, str]:
    """Names of studies and reviews by key; none without a bibliography."""
    try:
        return {str(key): str(name) for key, name in ev.names.items()}
    except DataError:
        return {}
