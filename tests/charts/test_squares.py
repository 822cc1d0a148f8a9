"""Squares, one per study: a bar where there is no room, hollow where nothing is known."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from evidence.charts.rows import Column, _cell_heads
from evidence.charts.squares import Grid, square_line
from evidence.charts.style import EDGES, SIZES


@pytest.fixture
def axes() -> Axes:
    return Figure().add_subplot()


def test_where_no_square_fits_a_bar_is_as_long(axes):
    size = SIZES["web"]
    assert square_line(axes, 2.0, 40, size.look("benefit"), "many", Grid(0, 0.1), size) == 40
    (bar,) = axes.patches
    assert (bar.get_x(), bar.get_width(), bar.get_y(), bar.get_label()) == (0, 40, 1.6, "many")


def test_only_what_is_not_known_has_the_edge_of_what_is_hollow(axes):
    size = SIZES["web"]
    for word in ("not_placed", "benefit"):
        square_line(axes, 1.0, 3, size.look(word), word, Grid(1, 0.5), size)
    hollow, full = axes.collections
    assert to_hex(hollow.get_edgecolors()[0]) == EDGES["not_placed"]
    assert to_hex(full.get_edgecolors()[0]) != EDGES["not_placed"]
    assert hollow.get_linewidths()[0] > full.get_linewidths()[0]


def test_no_word_of_a_name_above_cells_is_broken():
    """Names that stand upright have two lines where two fit, and words stay whole."""
    column = Column("", cells=["Neuromuscularjunctionology x y", "Pain"] * 3)
    names, upright, _ = _cell_heads(column, 14, SIZES["web"])
    assert upright and names[0] == "Neuromuscularjunctionology\nx y"
