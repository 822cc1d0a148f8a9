"""Read back what is really on the axes.

A picture is invisible to tests that compare notebook outputs. So a chart also shows itself as text,
and that text is taken from the artists that Matplotlib will draw, not from the data that went in: a
bar that is missing, too long or in the wrong colour changes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import FixedLocator

NUMBER = re.compile(r"[−-]?[\d.,]+[kM]?( %)?")  # a tick that is not a name
COLUMNS = ["panel", "mark", "label", "row", "x", "x_to", "y", "y_to", "size", "look"]


def read_marks(figure: Figure) -> pd.DataFrame:
    """Marks of all axes of a figure, in drawing order.

    Returns
    -------
    DataFrame
        ``panel`` (title or number of the axes), ``mark`` (bar, area, point, line, text), ``label``
        (of the legend, or the text), ``row`` (the tick label at its place, on axes with named
        ticks), ``x, x_to, y, y_to`` in data units, ``size`` (area of a point in square points),
        ``look`` (fill colour, hatch or marker).
    """
    rows = []
    for number, axes in enumerate(figure.axes, start=1):
        if not axes.get_visible():
            continue
        panel = axes.get_title(loc="left") or axes.get_title() or axes.get_label() or str(number)
        for mark in _marks(axes):
            rows.append({"panel": panel} | mark)
    return pd.DataFrame(rows, columns=COLUMNS)


def read_axes(figure: Figure) -> list[str]:
    """What each axis says: label, scale and limits; one line per axes."""
    lines = []
    for number, axes in enumerate(figure.axes, start=1):
        if not axes.axison or not axes.get_visible():
            continue
        panel = axes.get_title(loc="left") or axes.get_title() or axes.get_label() or str(number)
        parts = []
        for name, axis, limits in (
            ("x", axes.xaxis, axes.get_xlim()),
            ("y", axes.yaxis, axes.get_ylim()),
        ):
            label = axis.get_label_text().replace("\n", " ")
            named = _named_ticks(axis)
            if named and axis.get_tick_params().get("labelleft", True):
                parts.append(f"{name}: " + " | ".join(named.values()))
            elif axis.get_visible():
                parts.append(
                    f"{name}: {label or 'no label'}, {axis.get_scale()}, {rounded(limits[0])} to"
                    f" {rounded(limits[1])}"
                )
        lines.append(f"[{panel}] " + "; ".join(parts))
    return lines


def _marks(axes: Axes) -> Iterator[dict]:
    named: dict = {"x": _named_ticks(axes.xaxis), "y": _named_ticks(axes.yaxis)}
    if lanes := _lanes(axes.yaxis):
        named["lanes"] = lanes
    bars = {
        id(patch): container.get_label()
        for container in axes.containers
        for patch in getattr(container, "patches", [])
    }
    for artist in axes.get_children():
        if artist is axes.patch or not artist.get_visible() or artist.get_gid() == "furniture":
            continue
        if isinstance(artist, Rectangle):
            yield from _bar(artist, bars.get(id(artist), _label(artist)), named)
        elif isinstance(artist, Polygon):
            yield from _area(artist, named)
        elif isinstance(artist, PathCollection):
            yield from _points(artist, named)
        elif isinstance(artist, PolyCollection):
            yield from _polygons(artist, named)
        elif isinstance(artist, LineCollection):
            for segment in artist.get_segments():
                yield from _line(
                    np.asarray(segment), _label(artist), to_hex(artist.get_color()[0]), named
                )
        elif isinstance(artist, Line2D):
            yield from _line2d(artist, named, axes)
    for text in axes.texts:
        if text.get_visible() and text.get_text() and text.get_gid() != "furniture":
            x, y = text.xy if hasattr(text, "xy") else text.get_position()
            yield {
                "mark": "text",
                "label": " ".join(text.get_text().split()),
                "row": _row(named, x, y),
                "x": _number(x),
                "y": _number(y),
            }


def _bar(patch: Rectangle, label: str, named: dict) -> Iterator[dict]:
    x, y, width, height = patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height()
    if width == 0 or height == 0:
        return
    row = _row(named, x + width / 2, y + height / 2)
    look = " ".join(filter(None, [to_hex(patch.get_facecolor()), patch.get_hatch()]))
    yield {
        "mark": "bar",
        "label": label,
        "row": row,
        "x": x,
        "x_to": x + width,
        "y": y,
        "y_to": y + height,
        "look": look,
    }


def _area(patch: Polygon, named: dict) -> Iterator[dict]:
    corners = patch.get_xy()
    (x, y), (x_to, y_to) = corners.min(axis=0), corners.max(axis=0)
    look = " ".join(filter(None, [to_hex(patch.get_facecolor()), patch.get_hatch()]))
    row = _row(named, (x + x_to) / 2, (y + y_to) / 2)
    yield {
        "mark": "area",
        "label": _label(patch),
        "row": row,
        "x": x,
        "x_to": x_to,
        "y": y,
        "y_to": y_to,
        "look": look,
    }


def _polygons(collection: PolyCollection, named: dict) -> Iterator[dict]:
    colors = collection.get_facecolors()
    for i, path in enumerate(collection.get_paths()):
        (x, y), (x_to, y_to) = path.vertices.min(axis=0), path.vertices.max(axis=0)
        yield {
            "mark": "bar" if len(path.vertices) <= 5 else "area",
            "label": _label(collection),
            "row": _row(named, (x + x_to) / 2, (y + y_to) / 2),
            "x": x,
            "x_to": x_to,
            "y": y,
            "y_to": y_to,
            "look": to_hex(colors[i % len(colors)]),
        }


def _points(collection: PathCollection, named: dict) -> Iterator[dict]:
    offsets = np.ma.getdata(collection.get_offsets())
    sizes, colors, paths = (
        collection.get_sizes(),
        collection.get_facecolors(),
        collection.get_paths(),
    )
    edges = collection.get_edgecolors()
    for i, (x, y) in enumerate(offsets):
        fill = "none, edge none"
        if len(colors):
            fill = to_hex(colors[i % len(colors)])
        elif len(edges):
            fill = f"none, edge {to_hex(edges[i % len(edges)])}"
        shape = ""
        if paths:
            shape = f"{len(paths[i % len(paths)].vertices)}-point path"
        yield {
            "mark": "point",
            "label": _label(collection),
            "row": _row(named, x, y),
            "x": x,
            "y": y,
            "size": sizes[i % len(sizes)],
            "look": f"{fill} {shape}".strip(),
        }


def _line2d(line: Line2D, named: dict, axes: Axes) -> Iterator[dict]:
    data = np.column_stack(
        [
            np.asarray(line.get_xdata(orig=True), dtype=float),
            np.asarray(line.get_ydata(orig=True), dtype=float),
        ]
    )
    color = to_hex(line.get_color())
    if line.get_linestyle() not in ("None", "none", "", " ") and len(data) > 1:
        yield from _line(data, _label(line), color, named)
        if line.get_marker() in (None, "None", "none", "", " "):
            return
    if line.get_marker() not in (None, "None", "none", "", " "):
        for x, y in data:
            yield {
                "mark": "point",
                "label": _label(line),
                "row": _row(named, x, y),
                "x": x,
                "y": y,
                "size": line.get_markersize() ** 2,
                "look": f"{color} {line.get_marker()}",
            }


def _line(points: np.ndarray, label: str, color: str, named: dict) -> Iterator[dict]:
    if len(points) < 2:
        return
    (x, y), (x_to, y_to) = points[0], points[-1]
    yield {
        "mark": "line",
        "label": label,
        "row": _row(named, (x + x_to) / 2, (y + y_to) / 2),
        "x": x,
        "x_to": x_to,
        "y": y,
        "y_to": y_to,
        "size": len(points) if len(points) > 2 else np.nan,
        "look": color,
    }


def _named_ticks(axis) -> dict[float, str]:
    """Places and labels of ticks that carry names instead of numbers."""
    formatter, locator = axis.get_major_formatter(), axis.get_major_locator()
    if not isinstance(locator, FixedLocator):
        return {}
    names = {
        float(place): " ".join(str(formatter(place, i)).split())
        for i, place in enumerate(locator.locs)
    }
    number = axis.axis_name == "x"
    return {
        place: name
        for place, name in names.items()
        if name and not (number and NUMBER.fullmatch(name))
    }


def _lanes(axis) -> list[float]:
    """Edges of lanes of different height: the minor ticks, where a chart has set them."""
    locator = axis.get_minor_locator()
    if isinstance(locator, FixedLocator):
        return sorted(float(edge) for edge in locator.locs)
    return []


def _same_lane(ticks: dict[float, str], edges: list[float], value: float) -> dict[float, str]:
    """The tick between the same two edges as the value."""
    lane = np.searchsorted(edges, value)
    return {place: name for place, name in ticks.items() if np.searchsorted(edges, place) == lane}


def _row(named: dict, x: float, y: float) -> str:
    """Names of the nearest ticks, where the axis has names and one is within half a step."""
    names: list[str] = []
    for ticks, value in ((named["y"], y), (named["x"], x)):
        if ticks and isinstance(value, (int, float, np.number)):
            if "lanes" in named and ticks is named["y"]:
                ticks = _same_lane(ticks, named["lanes"], float(value))
                names.extend(ticks.values())
                continue
            place = min(ticks, key=lambda tick: abs(tick - value))
            if abs(place - value) <= 0.5:
                names.append(ticks[place])
    return ", ".join(names)


def _label(artist) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else label


def _number(value) -> float:
    return float(value) if isinstance(value, (int, float, np.number)) else np.nan


def rounded(value: float) -> str:
    """A place on an axis in four digits.

    Rounded in two steps: the last digits differ between machines and versions of NumPy, and 7.7075
    must not be 7.707 on one and 7.708 on the other.

    >>> rounded(0.1 + 0.2), rounded(7.7075 - 1e-14) == rounded(7.7075 + 1e-14)
    ('0.3', True)
    """
    return f"{float(f'{value:.9g}'):.4g}"
