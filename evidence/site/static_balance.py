"""The balance for a narrow screen: the chart of the page to explore, drawn while the page is built."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from evidence.charts.words import Words
from evidence.site.browser_data import spec
from evidence.site.direction_styles import looks
from evidence.synthesis.lens import get_lens

WIDTH, LINE = 360, 22


def narrow_balance(counts: pd.DataFrame, words: Words) -> str:
    """The balance as SVG, one line a word, readable at the width of a telephone.

    Parameters
    ----------
    counts : DataFrame
        Result of :func:`evidence.balance` with ``by=None``.
    words : Words

    Returns
    -------
    str
        SVG; title and description are left to the page.

    Examples
    --------
    >>> import evidence
    >>> ev = evidence.load()
    >>> narrow_balance(evidence.balance(ev, None), evidence.charts.words(ev)).startswith("<svg")
    True
    """
    import vl_convert

    placed = get_lens(counts.lens).placed
    shown = [word for word in looks(words) if word in placed or word == "not_placed"]
    styles = looks(words)
    label_width = 24 + 7.4 * max(len(styles[word]["label"]) for word in shown)
    row_height, top = LINE * (len(shown) + 1) + 16, 4
    signals = {
        "paper": "#ffffff",
        "narrow": True,
        "top": top,
        "line": LINE,
        "rowHeight": row_height,
        "labelWidth": label_width,
        "unit": (WIDTH - label_width - 40) / max(1, int(counts[shown].to_numpy().max())),
        "font": "sans-serif",
    }
    chart = spec("balance")
    chart |= {"padding": 8, "width": WIDTH, "height": top + row_height * len(counts) + 6}
    chart["signals"] = [
        signal | ({"value": signals[signal["name"]]} if signal["name"] in signals else {})
        for signal in chart["signals"]
    ]
    tables = _tables(counts, words, shown)
    chart["data"] = [
        table | ({"values": tables[table["name"]]} if table["name"] in tables else {})
        for table in chart["data"]
    ]
    return re.sub(r"(?<=<svg )", 'role="img" ', vl_convert.vega_to_svg(chart), count=1)


def _tables(
    counts: pd.DataFrame, words: Words, shown: list[str]
) -> dict[str, list[dict[str, Any]]]:
    styles = looks(words)
    names = words.rows(counts, words.kept_apart)
    rows = [{"row": i, "label": [name]} for i, name in enumerate(names)]
    cells = [
        {
            "row": row,
            "i": i,
            "n": int(line[word]),
            "name": styles[word]["label"],
            "color": styles[word]["color"],
            "shape": styles[word]["shape"],
            "key": "",
        }
        for row, (_, line) in enumerate(counts.iterrows())
        for i, word in enumerate(shown)
    ]
    return {"rows": rows, "cells": cells}
