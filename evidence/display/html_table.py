"""The one writer of tables in HTML: for notebooks, for the explorer and for the web page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from evidence.frames import text_or_empty


@dataclass(frozen=True)
class Cell:
    """Text, and where it leads."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class HtmlTable:
    """A table of texts.

    Attributes
    ----------
    caption : str
    head : list of str
    rows : list of list of Cell
    numeric : list of bool
        For each column, whether it holds numbers; empty where that is of no account.
    """

    caption: str
    head: list[str]
    rows: list[list[Cell]]
    numeric: list[bool] = field(default_factory=list)

    def for_notebook(self, new_tab: bool = False) -> str:
        """The table for a page without a stylesheet; its links open beside the page if wanted."""
        link = ' target="_blank" rel="noopener"' if new_tab else ""
        left = ' style="text-align: left;"'
        sides = [_side(numeric) for numeric in self.numeric or [False] * len(self.head)]
        rows = [
            [
                _tagged(f"td{side}", _linked(cell, link))
                for cell, side in zip(row, sides, strict=True)
            ]
            for row in self.rows
        ]
        return self._html(rows, ' border="0" class="dataframe"', left, sides)

    def for_page(self, root: str = "") -> str:
        """The table for a page with a stylesheet: classes, and headings for rows."""
        numbers = [_class(numeric) for numeric in self.numeric or [False] * len(self.head)]
        rows = []
        for row in self.rows:
            cells = []
            for place, (cell, number) in enumerate(zip(row, numbers, strict=True)):
                names_row = place == 0 and cell.text
                tag = 'th scope="row"' if names_row else "td"
                cells.append(_tagged(tag + number, _linked(cell, root=root)))
            rows.append(cells)
        return self._html(rows, columns=numbers)

    def _html(
        self, rows: list[list[str]], table: str = "", line: str = "", columns: Iterable[str] = ()
    ) -> str:
        """The parts put together; ``columns`` are attributes of the heads."""
        given = list(columns) or [""] * len(self.head)
        heads = [
            _tagged(f'th scope="col"{more}', escape(name, quote=False))
            for name, more in zip(self.head, given, strict=True)
        ]
        caption = escape(self.caption, quote=False)
        parts = [
            f"<table{table}>",
            _tagged(f"caption{line}", caption) if caption else "",
            f"<thead>\n<tr{line}>{''.join(heads)}</tr>\n</thead>",
            "<tbody>",
            *(_tagged("tr", "".join(cells)) for cells in rows),
            "</tbody>",
            "</table>",
        ]
        return "\n".join(part for part in parts if part)


def table_of(
    frame: pd.DataFrame,
    caption: str = "",
    links: Mapping[Any, Sequence[str]] | None = None,
    numbers: Collection[str] = (),
) -> HtmlTable:
    """The rows of a frame as a table; columns with numbers stand to the right.

    >>> frame = pd.DataFrame({"Study": ["A < B"], "Year": [2001]})
    >>> table_of(frame, links={"Study": ["https://example.org/"]}).rows[0]
    [Cell(text='A < B', href='https://example.org/'), Cell(text='2001', href='')]
    """
    columns = []
    for place, name in enumerate(frame.columns):
        texts = [text_or_empty(value) for value in frame.iloc[:, place]]
        leads = (links or {}).get(name, [""] * len(frame))
        columns.append([Cell(*pair) for pair in zip(texts, leads, strict=True)])
    rows = [list(row) for row in zip(*columns, strict=True)]
    head = [str(name) for name in frame.columns]
    return HtmlTable(caption, head, rows, [name in numbers for name in head] if numbers else [])


def scrolling(html: str, height: str) -> str:
    """HTML in a box of a height with a bar to scroll, by keyboard too; as it is without one."""
    if not height:
        return html
    return f"<div tabindex='0' style='max-height:{height};overflow:auto'>{html}</div>"


def _linked(cell: Cell, attributes: str = "", root: str = "") -> str:
    text = escape(cell.text, quote=False)
    if not cell.href:
        return text
    return f'<a href="{escape(root + cell.href)}"{attributes}>{text}</a>'


def _tagged(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag.split(' ')[0]}>"


def _side(numeric: bool) -> str:
    return f' style="text-align: {"right" if numeric else "left"};"'


def _class(numeric: bool) -> str:
    return ' class="number"' if numeric else ""
