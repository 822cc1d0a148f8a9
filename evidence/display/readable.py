"""Tables for readers: labels instead of codes, names of studies as links, every row, no index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from evidence.display.html_table import table_of
from evidence.errors import DataError
from evidence.model.evidence import Evidence

if TYPE_CHECKING:
    from evidence.synthesis.result import Result

# Titles of columns that results have and the dictionary does not.
TITLES = {
    "study": "Study",
    "source": "Source",
    "placed": "Placed",
    "not_placed": "Not placed",
    "units": "In all",
    "studies": "Studies",
    "participants": "Took part",
    "size_unknown": "Size unknown",
    "median_size": "Median size",
    "smallest": "Smallest",
    "largest": "Largest",
    "first_year": "From",
    "last_year": "To",
    "directional": "Directional",
    "share": "Share of benefit",
    "share_low": "95 % from",
    "share_high": "95 % to",
    "p_value": "p-value",
    "what": "What",
    "pool": "Pool",
    "k": "Studies pooled",
    "verdict": "Result",
    "reason": "Why not",
    "field": "Field",
    "choice": "Choice",
    "spread": "Spread of means",
    "explained": "Explained",
    "tested": "Tested it",
    "n": "Read twice",
    "agree": "Agreed",
    "kappa": "Kappa",
    "kappa_low": "Kappa from",
    "kappa_high": "Kappa to",
    "first_reading": "First reading",
    "second_reading": "Second reading",
    "settled": "In the table",
    "settled_as": "Settled as",
    "left_out": "Left out",
    "share_all": "Share with all",
    "p_all": "p-value with all",
    "change": "Change of share",
    "verdict_changes": "Verdict changes",
    "units_certain": "Units, certain overlap once",
    "units_possible": "Units, possible overlap once",
    "repeated_certain": "The same again, certain",
    "repeated_possible": "The same again, possible",
    "reports": "Reports",
    "direction_vote": "Vote by direction",
    "concluded_vote": "Vote as concluded",
    "stands_for_it": "Stands for it",
    "lens": "Lens",
    "review": "Review",
    "prediction_low": "Predicted from",
    "prediction_high": "Predicted to",
    "kept": "Kept",
    "removed": "Left out",
    "unknown": "Left out because not known",
    "third_reading": "Third reading",
    "before": "In the table before",
    "address": "Settled at",
    "share_before": "Agreed before",
    "share_before_low": "95 % from (before)",
    "share_before_high": "95 % to (before)",
    "kappa_before": "Kappa before",
    "share_after": "Agrees now",
    "kappa_after": "Kappa now",
    "changed": "Changed",
    "wording": "Same in other words",
    "unclear": "No clear difference",
    "unclear_printed": "of these with a printed direction",
    "share_unclear": "Share printed",
    "others_printed": "of these with a printed direction",
    "share_others": "Share printed, others",
    "not_concluded": "No conclusion",
    "when": "Main finding chosen",
    "main": "Main findings",
    "others": "Other findings",
    "share_main_benefit": "Benefit, main",
    "share_others_benefit": "Benefit, others",
    "p_benefit": "p-value, benefit",
    "share_main_harm": "Harm, main",
    "share_others_harm": "Harm, others",
    "p_harm": "p-value, harm",
}
NO_ROWS = "no rows"
PERCENT = (
    "share",
    "share_low",
    "share_high",
    "share_all",
    "change",
    "repeated_certain",
    "repeated_possible",
    "spread",
    "explained",
    "share_before",
    "share_before_low",
    "share_before_high",
    "share_after",
    "share_unclear",
    "share_others",
    "share_main_benefit",
    "share_others_benefit",
    "share_main_harm",
    "share_others_harm",
)
# Columns that name a study or review, by key or as in charts.
NAMING = ("study", "study_id", "review", "review_id", "source", "left_out", "rated")


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
    """

    frame: pd.DataFrame
    caption: str = ""
    height: str = ""
    links: Mapping[str, list[str]] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        if self.frame.empty:
            return f"<p>{escape(self.caption)}{': ' if self.caption else ''}{NO_ROWS}</p>"
        html = table_of(self.frame, self.caption, self.links).for_notebook()
        if not self.height:
            return html
        return f"<div tabindex='0' style='max-height:{self.height};overflow:auto'>{html}</div>"

    def __repr__(self) -> str:
        if self.frame.empty:
            return " ".join(filter(None, [self.caption + ":" if self.caption else "", NO_ROWS]))
        return "\n".join(
            filter(
                None,
                [
                    self.caption,
                    self.frame.to_string(index=False, na_rep="", justify="left", max_colwidth=70),
                ],
            )
        )


def readable(
    ev: Evidence, table: pd.DataFrame | Result, caption: str = "", height: str = ""
) -> ReadableTable:
    """A table with titles and labels of the dictionary, every row shown; in HTML, names of studies
    and reviews link to their DOI.

    Parameters
    ----------
    ev : Evidence
        Whose dictionary is used.
    table : DataFrame or Result
        Any table or result.
    caption : str, optional
        What it shows.
    height : str, optional
        Height in CSS units beyond which it scrolls, such as ``"24em"``.

    Returns
    -------
    ReadableTable
        HTML in a notebook, aligned text elsewhere; an empty table says that it has no rows.

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
    shown, links = {}, {}
    for name in table.columns:
        column = str(name)
        cells = _cells(ev, column, table[name])
        if column == getattr(table, "by", None):
            shown[_title(ev, column)] = cells.fillna("not stated")
        else:
            shown[_title(ev, column)] = cells
        if column in NAMING and any(addresses := _addresses(ev, table[name])):
            links[_title(ev, column)] = addresses
    return ReadableTable(pd.DataFrame(shown, index=table.index), caption, height, links)


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


def _title(ev: Evidence, column: str) -> str:
    if column in TITLES:
        return TITLES[column]
    word = ev.dictionary.field("conclusion")
    if word and column in word.labels:
        return word.labels[column]
    field = ev.dictionary.field(column, "studies", "findings") or ev.dictionary.field(column)
    return field.title if field else column.replace("_", " ").capitalize()


def _cells(ev: Evidence, column: str, values: pd.Series) -> pd.Series:
    if column in PERCENT:
        return values.map(lambda share: f"{share:.0%}", na_action="ignore").astype("str")
    if column in ("p_value", "p_all"):
        return values.map(lambda p: f"{p:.2g}", na_action="ignore").astype("str")
    if isinstance(values.dtype, pd.BooleanDtype) or values.dtype == bool:
        return values.map({True: "yes", False: "no"}).astype("str")
    if pd.api.types.is_numeric_dtype(values):
        whole = values.dropna()
        plain = "{:.0f}" if column in ("year", "first_year", "last_year") else "{:,.0f}"
        exact = (whole == whole.round()).all()
        return values.map(
            lambda number: (plain if exact or number >= 100 else "{:,.3g}").format(number),
            na_action="ignore",
        ).astype("str")
    return (
        values.astype("str")
        .map(lambda value: ev.dictionary.label(column, value), na_action="ignore")
        .astype("str")
    )
