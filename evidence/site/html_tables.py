"""Tables of the page: titles and labels of the dictionary, links, and which columns are numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from evidence.display.html_table import HtmlTable, table_of
from evidence.display.readable import readable
from evidence.model.evidence import Evidence

NUMBER = re.compile(r"[<>]?\s?[-−]?[\d,. ]*\d\s?%?( unknown)?")


def html_table(
    ev: Evidence,
    table: pd.DataFrame,
    caption: str,
    links: Mapping[str, pd.Series] | None = None,
    titles: Mapping[str, str] | None = None,
) -> HtmlTable:
    """A table with titles and labels of the dictionary. ``links`` says by column where each cell
    leads (missing where nowhere), ``titles`` replaces usual titles of columns.

    >>> import evidence
    >>> ev = evidence.load()
    >>> table = html_table(ev, evidence.balance(ev, None)[["population", "benefit"]], "All")
    >>> table.head, table.numeric, table.rows[0][0].text
    (['Population', 'Benefit'], [False, True], 'People')
    """
    frame = readable(ev, table).frame.astype("object")
    leads = {
        shown: series.fillna("").to_list()
        for name, shown in zip(table.columns, frame.columns, strict=True)
        if (series := (links or {}).get(str(name))) is not None
    }
    made = table_of(frame, caption, leads)
    heads = [
        (titles or {}).get(str(name), usual)
        for name, usual in zip(table.columns, made.head, strict=True)
    ]
    numeric = [_numeric([row[place].text for row in made.rows]) for place in range(len(heads))]
    return replace(made, head=heads, numeric=numeric)


def _numeric(texts: list[str]) -> bool:
    return any(texts) and all(not text or NUMBER.fullmatch(text) for text in texts)
