"""Charts: thin functions over finished results, each returning a
:class:`~evidence.charts.chart.Chart`.
"""

from evidence.charts.agreement_matrix import agreement_matrix
from evidence.charts.albatross import albatross
from evidence.charts.balance import balance
from evidence.charts.certainty import certainty
from evidence.charts.chart import Chart
from evidence.charts.citation_matrix import citation_matrix
from evidence.charts.claims_board import claims_board
from evidence.charts.effect_direction import effect_direction
from evidence.charts.forest import forest
from evidence.charts.funnel import funnel
from evidence.charts.gap_map import gap_map
from evidence.charts.harvest import harvest
from evidence.charts.headline import headline
from evidence.charts.icon_array import icon_array
from evidence.charts.outcomes import outcomes
from evidence.charts.rain_cloud import rain_cloud
from evidence.charts.risk_of_bias import risk_of_bias
from evidence.charts.sample_sizes import sample_sizes
from evidence.charts.source_status import source_status
from evidence.charts.specification_curve import specification_curve
from evidence.charts.study_flow import study_flow
from evidence.charts.three_lenses import three_lenses
from evidence.charts.timeline import timeline
from evidence.charts.words import Words, words

__all__ = [
    "Chart",
    "Words",
    "agreement_matrix",
    "albatross",
    "balance",
    "certainty",
    "citation_matrix",
    "claims_board",
    "effect_direction",
    "forest",
    "funnel",
    "gap_map",
    "harvest",
    "headline",
    "icon_array",
    "outcomes",
    "rain_cloud",
    "risk_of_bias",
    "sample_sizes",
    "source_status",
    "specification_curve",
    "study_flow",
    "three_lenses",
    "timeline",
    "words",
]
