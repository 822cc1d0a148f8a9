"""Charts: thin functions over finished results, each returning a :class:`~evidence.charts.chart.Chart`."""

from evidence.charts.balance import balance
from evidence.charts.chart import Chart
from evidence.charts.forest import forest
from evidence.charts.sample_sizes import sample_sizes
from evidence.charts.three_lenses import three_lenses
from evidence.charts.words import Words, words

__all__ = ["Chart", "Words", "balance", "forest", "sample_sizes", "three_lenses", "words"]
