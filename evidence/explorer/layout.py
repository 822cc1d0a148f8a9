"""Parts of the desk: what stands beside each other, and how wide."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets


def row(*children: widgets.Widget, name: str = "row") -> widgets.Box:
    """Widgets beside each other, in as many lines as the window needs."""
    box = widgets.Box(children, layout=widgets.Layout(flex_flow="row wrap", align_items="center"))
    box.add_class(f"evidence-{name}")
    return box


def plain(**options: Any) -> widgets.Layout:
    """As wide as the content asks for."""
    return widgets.Layout(width="auto", **options)
