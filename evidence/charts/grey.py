"""Prints hold no colour: what is left of any becomes the grey that is as light."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

# The colours that a kind of artist has.
PARTS = {
    Text: ["color"],
    Line2D: ["color", "markerfacecolor", "markeredgecolor"],
    Patch: ["facecolor", "edgecolor"],
    Collection: ["facecolor", "edgecolor"],
}
LIGHT = np.array([0.2126, 0.7152, 0.0722])  # luminance of linear red, green, blue (IEC 61966-2-1)


def make_grey(figure: Figure) -> None:
    """Give every artist of a figure the grey of its colours; transparency stays."""
    for kind, parts in PARTS.items():
        for artist in figure.findobj(kind):
            for part in parts:
                color = getattr(artist, f"get_{part}")()
                grey = greys(color)
                if len(grey):
                    # one colour is given as one: a list of one would be refused
                    one = len(grey) == 1 and kind is not Collection
                    getattr(artist, f"set_{part}")(grey[0] if one else grey)


def greys(colors: Any) -> np.ndarray:
    """The grey of each of some colours, as light as it is.

    >>> greys("#ff0000").round(2).tolist()
    [[0.5, 0.5, 0.5, 1.0]]
    """
    rgba = to_rgba_array(colors)
    encoded = rgba[:, :3]
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    light = (linear @ LIGHT)[:, None]
    grey = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    colored = encoded.max(axis=1, initial=0) > encoded.min(axis=1, initial=1)
    return np.column_stack([np.where(colored[:, None], grey, encoded), rgba[:, 3]])
