"""The pools of a data set for R's metafor: one row per study and pool, and a script that pools them
as they are pooled here.
"""

from __future__ import annotations

import pandas as pd

from evidence.exporting.about import Outgoing
from evidence.model.core_tables import needed
from evidence.quoting import comment, r
from evidence.synthesis.effect_sizes import FEWEST, size_pools
from evidence.tables.formulas import safe_csv

COLUMNS = [
    "pool_id",
    "pool",
    "study_id",
    "study",
    "finding_id",
    "outcome",
    "measure",
    "log",
    "yi",
    "vi",
    "contrast",
]
# Columns of the studies that a meta-regression may ask for.
MODERATORS = ["question", "population", "design", "exposure", "year", "sample_size"]

SCRIPT = r"""# Pools the results of a table as the evidence explorer does: random effects, REML.
# Interval: Hartung-Knapp with a scaling factor of at least 1. Prediction interval: Hartung-Knapp,
# t with k - 1 degrees of freedom.
{citation}
#
{usage}
#
# Needs R and the package metafor: install.packages("metafor")
suppressPackageStartupMessages(library(metafor))
given <- commandArgs(trailingOnly = TRUE)
data <- read.csv(if (length(given)) given[1] else {file}, encoding = "UTF-8")
# Text that a spreadsheet program would take for a formula begins with an apostrophe.
data$study <- sub("^'(?='*[=+@\\t\\r-])", "", data$study, perl = TRUE)

pooled <- function(rows) {{
  back <- if (rows$log[1] == "true") exp else identity       # ratios are pooled as logarithms
  fit <- rma(yi, vi, data = rows, method = "REML", test = "knha", slab = study)
  guarded <- rma(yi, vi, data = rows, method = "REML", test = "adhoc")
  ahead <- predict(fit)
  data.frame(pool_id = rows$pool_id[1], measure = rows$measure[1], k = fit$k,
             estimate = back(fit$beta[1]),
             ci_low = back(guarded$ci.lb), ci_high = back(guarded$ci.ub),
             prediction_low = back(ahead$pi.lb), prediction_high = back(ahead$pi.ub),
             tau2 = fit$tau2, i2 = fit$I2, q = fit$QE)
}}

# Fewer studies are not pooled.
enough <- Filter(function(rows) nrow(rows) >= {fewest}, split(data, data$pool_id))
write.csv(do.call(rbind, lapply(enough, pooled)), row.names = FALSE)
# A forest plot of one pool:
#   forest(rma(yi, vi, data = subset(data, pool_id == "..."), slab = study))
"""


def metafor_rows(out: Outgoing) -> pd.DataFrame:
    """One row for each pool and study in it.

    ``pool_id, pool, study_id, study, finding_id, outcome, measure``; ``log`` ("true" where ``yi``
    is the logarithm of a ratio); ``yi, vi``, estimate and variance on the scale of pooling;
    ``contrast``, what it was compared with; moderators; ``source``, how to cite the data.
    """
    ev = out.ev
    needed(ev, "pools", "there is nothing to hand over to metafor")
    parts = []
    for one in size_pools(ev):
        found = one.poolable.included
        names = {
            "pool_id": one.pool_id,
            "pool": one.title,
            "measure": one.poolable.measure,
            "log": str(one.poolable.log).lower(),
        }
        parts.append(
            found.assign(
                **names,
                yi=found["estimate"],
                vi=found["se"] ** 2,
                contrast=found["comparator"].astype("str"),
            )
        )
    if parts:
        table = pd.concat(parts, ignore_index=True)
    else:
        table = pd.DataFrame(columns=[*COLUMNS, *MODERATORS])
    studies = ev.studies.drop_duplicates("study_id").set_index("study_id")
    for name in MODERATORS:
        table[name] = table["study_id"].map(studies[name].astype("str"))
    table["study"] = table["study_id"].map(ev.names)
    return table.assign(source=out.about.citation)[[*COLUMNS, *MODERATORS, "source"]]


def to_metafor(out: Outgoing, name: str = "pools") -> dict[str, bytes]:
    """The table as CSV, and the script that pools it; ``name`` is the name of both files without
    ending.
    """
    table = metafor_rows(out)
    usage = comment(f"  Rscript {r(name + '.R')} [{r(name + '.csv')}]")
    script = SCRIPT.format(
        file=r(f"{name}.csv"), usage=usage, fewest=FEWEST, citation=comment(out.about.citation)
    )
    return {".csv": safe_csv(table).encode("utf-8"), ".R": script.encode("utf-8")}
