"""What a Matplotlib figure shows, as words and numbers, kept inside each picture of a kernel.

Pixels tell whether two pictures look the same; marks tell which bar is longer, and by how much. The
file is loaded into kernels by its path, and imports nothing but the standard library.
"""

from __future__ import annotations

import base64
import functools
import json
import struct
import sys
import zlib
from typing import Any

KEY = b"True-Notebooks-Marks"
END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
# How an artist is drawn, beside its data and colours.
STYLE = ["alpha", "linewidth", "linestyle", "marker", "markersize", "markeredgecolor", "hatch"]
STYLE += ["sizes", "fontsize", "rotation", "interpolation", "extent"]
MOST = 60  # numbers of a mark that are kept one by one; of more, what they add up to


def install() -> None:
    """From now on, every figure that IPython turns into a PNG carries its marks."""
    try:
        from IPython.core import pylabtools
    except ImportError:
        return
    plain = pylabtools.print_figure
    if hasattr(plain, "__wrapped__"):
        return

    @functools.wraps(plain)
    def print_figure(fig: Any, fmt: str = "png", *args: Any, **options: Any) -> Any:
        picture = plain(fig, fmt, *args, **options)
        return picture if fmt not in ("png", "retina", "png2x") else marked(picture, fig)

    pylabtools.print_figure = print_figure


def marked(picture: Any, fig: Any) -> Any:
    """The PNG, as bytes or in base64, with the marks of the figure inside."""
    try:
        text = json.dumps(figure_marks(fig), ensure_ascii=False, separators=(",", ":"))
    except Exception:  # an artist of somebody's own: its pixels are compared all the same
        return picture
    if isinstance(picture, str):
        return base64.b64encode(with_text(base64.b64decode(picture), text)).decode("ascii")
    if isinstance(picture, bytes):
        return with_text(picture, text)
    return picture


def with_text(picture: bytes, text: str) -> bytes:
    """A PNG with one chunk of compressed text more."""
    if not picture.endswith(END):
        return picture
    content = KEY + b"\x00\x00" + zlib.compress(text.encode("utf-8"), 9)
    chunk = b"zTXt" + content
    sized = struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return picture[: -len(END)] + sized + END


def read(picture: bytes) -> Any:
    """Marks that a PNG carries; None when it carries none."""
    place = 8
    while place + 12 <= len(picture):
        (size,) = struct.unpack(">I", picture[place : place + 4])
        content = picture[place + 8 : place + 8 + size]
        if picture[place + 4 : place + 8] == b"zTXt" and content.startswith(KEY + b"\x00\x00"):
            return json.loads(zlib.decompress(content[len(KEY) + 2 :]))
        place += size + 12
    return None


def png(value: Any) -> str:
    """A picture in base64, of a figure, of bytes, or of anything that shows itself as one."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if hasattr(value, "_repr_png_"):
        made = value._repr_png_()
        return png(made[0] if isinstance(made, tuple) else made)
    figure = value if hasattr(value, "savefig") else value.get_figure()
    from IPython.core import pylabtools

    made = pylabtools.print_figure(figure, "png", base64=True)
    if "matplotlib.pyplot" in sys.modules:  # it is shown where it is bound, not after the cell too
        sys.modules["matplotlib.pyplot"].close(figure)
    return str(made)


def figure_marks(fig: Any) -> list[Any]:
    """Words and numbers of all axes of a figure, in the order in which they were drawn."""
    found: list[Any] = [["text", text.get_text()] for text in fig.texts if shown(text)]
    found += [legend_marks(legend) for legend in fig.legends]
    axes = [ax for ax in fig.axes if ax.get_visible()]
    styles = [*map(axes_style, axes), [colour(fig.patch)]]
    return [*found, *map(axes_marks, axes), {"styles": styles}]


def of_one_age(before: Any, after: Any) -> tuple[Any, Any]:
    """Marks of two pictures, without styles where one is of a time when marks had none."""
    plain = [[mark for mark in one or [] if "styles" not in mark] for one in (before, after)]
    if before == plain[0] or after == plain[1]:
        return plain[0], plain[1]
    return before, after


def axes_style(ax: Any) -> list[Any]:
    """How the artists of axes are drawn: first the ground and the grid, then what lies on them."""
    axes = [axis for a in "xyz" if (axis := getattr(ax, f"{a}axis", None)) and ax.axison]
    ticks = [tick for axis in axes for tick in axis.get_major_ticks()[:1]]
    lines = [tick.gridline for tick in ticks if tick.gridline.get_visible()]
    ground = [style(artist) | {"colour": colour(artist)} for artist in (ax.patch, *lines)]
    drawn = [child for child in ax.get_children() if child not in axes and shown(child)]
    return [*ground, *map(style, drawn), *map(axes_marks, ax.child_axes)]


def style(artist: Any) -> dict[str, Any]:
    """The kind of an artist, and how it is drawn."""
    found: dict[str, Any] = {"kind": type(artist).__name__}
    for name in STYLE:
        get = getattr(artist, f"get_{name}", None)
        if get and (value := get()) is not None:
            found[name] = value if isinstance(value, str) else numbers(value)
    if arrow := getattr(artist, "arrow_patch", None):
        found["arrow"] = [style(arrow), colour(arrow), [as_number(one) for one in artist.xy]]
    if hasattr(artist, "get_celld"):
        cells = artist.get_celld().values()
        found["table"] = [[cell.get_text().get_text(), colour(cell)] for cell in cells]
    return found


def numbers(value: Any) -> Any:
    """One number or several; what is neither, as text."""
    try:
        return plain(value) if isinstance(value, (int, float)) else short(value)
    except (TypeError, ValueError):
        return str(value)


def axes_marks(ax: Any) -> dict[str, Any]:
    words: dict[str, Any] = {"title": [ax.get_title(loc) for loc in ("left", "center", "right")]}
    for name, axis in [(a, getattr(ax, f"{a}axis")) for a in "xyz" if hasattr(ax, f"{a}axis")]:
        labels = [label.get_text() for label in axis.get_ticklabels() if label.get_text()]
        limits = short([float(end) for end in axis.get_view_interval()])
        words[name] = [axis.get_label_text(), labels, limits]
    if legend := ax.get_legend():
        words["legend"] = legend_marks(legend)
    plain = {id(ax.title), id(ax._left_title), id(ax._right_title), id(ax.patch), id(legend)}
    drawn = [child for child in ax.get_children() if id(child) not in plain and shown(child)]
    words["marks"] = [mark for child in drawn if (mark := mark_of(child))]
    return words


def shown(artist: Any) -> bool:
    return bool(artist.get_visible()) and artist.get_alpha() != 0


def legend_marks(legend: Any) -> list[Any]:
    """Each word of a legend with the colour it stands for."""
    handles = getattr(legend, "legend_handles", [])
    words = [text.get_text() for text in legend.get_texts()]
    return [
        "legend",
        legend.get_title().get_text(),
        [[w, colour(h)] for w, h in zip(words, handles)],
    ]


def mark_of(artist: Any) -> list[Any] | None:
    """One artist; None for what carries no data."""
    import matplotlib.collections as collections
    import matplotlib.image as image
    import matplotlib.lines as lines
    import matplotlib.patches as patches
    import matplotlib.text as text

    if isinstance(artist, text.Text):
        place = short([float(value) for value in map(as_number, artist.get_position())])
        if artist.get_text():
            return ["text", artist.get_text(), place, colour(artist)]
        return None
    if isinstance(artist, lines.Line2D):
        style = [artist.get_linestyle(), str(artist.get_marker()), colour(artist)]
        return ["line", *style, short(artist.get_xydata())]
    if isinstance(artist, patches.Rectangle):
        return ["bar", colour(artist), short([artist.get_bbox().bounds])]
    if isinstance(artist, patches.Patch):
        return [type(artist).__name__, colour(artist), short(artist.get_path().vertices)]
    if isinstance(artist, collections.Collection):
        points = short(artist.get_offsets())
        paths = [path.vertices for path in artist.get_paths()]
        outlines = [short(path) for path in paths[:MOST]] + [len(paths)]
        values = artist.get_array()
        return [type(artist).__name__, colour(artist), points, outlines, short(values)]
    if isinstance(artist, image.AxesImage):
        return [
            "image",
            artist.get_cmap().name,
            short(artist.get_clim()),
            short(artist.get_array()),
        ]
    return None


def as_number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def colour(artist: Any) -> Any:
    """Colours of an artist, as RRGGBBAA; at most a few."""
    from matplotlib.colors import to_hex, to_rgba_array

    found: list[str] = []
    for name in ("get_facecolor", "get_color", "get_edgecolor", "get_markerfacecolor"):
        if get := getattr(artist, name, None):
            value = get()
            if value is not None and not (isinstance(value, str) and value == "auto"):
                found += [to_hex(one, keep_alpha=True) for one in to_rgba_array(value)[:MOST]]
    return found


def short(values: Any) -> Any:
    """Numbers in order; of many, how many there are, both ends, the extremes and two sums."""
    import numpy as np

    if values is None:
        return None
    flat: np.ndarray = np.ma.filled(np.ma.asarray(values, dtype=float), np.nan).ravel()
    if flat.size <= MOST:
        return [plain(value) for value in flat]
    known = flat[np.isfinite(flat)]
    if not known.size:
        return {"n": int(flat.size)}
    turns = np.cos(np.arange(known.size))  # a weight of its own for each place
    summed = [known[0], known[-1], known.min(), known.max(), known.sum(), known @ turns]
    return {"n": int(flat.size), "known": int(known.size), "sums": [plain(v) for v in summed]}


def plain(value: Any) -> Any:
    """A float that JSON can hold."""
    number = float(value)
    if number == number and abs(number) != float("inf"):
        return number
    return str(number)
