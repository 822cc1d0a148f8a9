"""Tables as a template draws them: heads, cells with links, and which columns are numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from evidence.display.readable import readable
from evidence.model.evidence import Evidence

NUMBER = re.compile(r"[<>]?\s?[-−]?[\d,. ]*\d\s?%?( unknown)?")


@dataclass(frozen=True)
class Cell:
    """Text, and where it leads."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class HtmlTable:
    """A table for a template.

    Attributes
    ----------
    caption : str
    head : list of str
    rows : list of list of Cell
    numeric : list of bool
        For each column, whether it holds numbers.
    """

    caption: str
    head: list[str]
    rows: list[list[Cell]]
    numeric: list[bool] = field(default_factory=list)


def html_table(
    ev: Evidence,
    table: pd.DataFrame,
    caption: str,
    links: Mapping[str, pd.Series] | None = None,
    titles: Mapping[str, str] | None = None,
) -> HtmlTable:
    """A table with titles and labels of the dictionary.

    Parameters
    ----------
    ev : Evidence
        Whose dictionary is used.
    table : DataFrame
    caption : str
    links : mapping of str to Series, optional
        For columns of the table, where each cell leads; missing where nowhere.
    titles : mapping of str to str, optional
        Titles of columns in place of the usual ones.

    Returns
    -------
    HtmlTable

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> table = html_table(ev, evidence.balance(ev, None)[["question", "benefit"]], "By question")
    >>> table.head, table.numeric, table.rows[0][0].text
    (['Question', 'Benefit'], [False, True], 'Risk')
    """
    frame = readable(ev, table).frame.astype("object")
    texts = [[_text(value) for value in frame.iloc[:, i]] for i in range(frame.shape[1])]
    numeric = [
        any(texts_of) and all(not text or NUMBER.fullmatch(text) for text in texts_of)
        for texts_of in texts
    ]
    leads = [
        list((links or {}).get(str(name), pd.Series("", index=table.index)).fillna(""))
        for name in table.columns
    ]
    columns = [
        [Cell(text, href) for text, href in zip(*pair, strict=True)]
        for pair in zip(texts, leads, strict=True)
    ]
    heads = [
        (titles or {}).get(str(name), str(usual))
        for name, usual in zip(table.columns, frame.columns, strict=True)
    ]
    return HtmlTable(caption, heads, [list(row) for row in zip(*columns, strict=True)], numeric)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
