"""The words around the chart, as HTML for a browser and as text for tests and for readers without
one.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from evidence.charts.words import counted
from evidence.display.html_table import table_of
from evidence.display.readable import readable
from evidence.explorer.code import code
from evidence.explorer.contents import Contents
from evidence.model.evidence import Evidence
from evidence.synthesis.result import counted_ids

# Columns of the list of studies, where the data set has them.
LISTED = ("year", "design", "exposure", "sample_size")


def summary(contents: Contents) -> str:
    """How many studies are shown, and of what, in a sentence."""
    whole = counted(len(counted_ids(contents.ev)), "counted study", "counted studies")
    said = "; ".join(contents.view.said(contents.ev.dictionary))
    return f"{len(contents.part)} of {whole}" + (f": {said}." if said else ".")


def lens_html(contents: Contents) -> str:
    """The three lenses: a paragraph for each part of the evidence."""
    return "".join(
        f"<p><strong>{escape(name)}.</strong> "
        + " ".join(f"<em>{title}:</em> {escape(said)}." for title, said in lines)
        + "</p>"
        for name, lines in contents.lens_lines
    )


def lens_text(contents: Contents) -> str:
    """The three lenses, one line for each part of the evidence."""
    return "\n".join(
        f"{name}. " + " ".join(f"{title}: {said}." for title, said in lines)
        for name, lines in contents.lens_lines
    )


@dataclass(frozen=True)
class Listing:
    """A list of studies, each with the address of its paper.

    Attributes
    ----------
    caption : str
    frame : DataFrame
        Readable cells, one row per study; the first column is the name.
    addresses : list of str
        Where the paper is to be found; empty when no address of it is known.
    """

    caption: str
    frame: pd.DataFrame
    addresses: list[str]

    @property
    def html(self) -> str:
        """The list as a table with links."""
        first = self.frame.columns[0]
        names = [
            name if address else f"{name} (no DOI)"
            for name, address in zip(self.frame[first], self.addresses, strict=True)
        ]
        shown = self.frame.assign(**{first: names})
        return table_of(shown, self.caption, {first: self.addresses}).for_notebook(new_tab=True)

    @property
    def text(self) -> str:
        """The same, aligned."""
        shown = self.frame.assign(Link=self.addresses) if len(self.frame) else self.frame
        return f"{self.caption}\n{shown.to_string(index=False, justify='left', max_colwidth=70)}"


def listing(contents: Contents) -> Listing:
    """The studies of a view."""
    ev, table = contents.ev, contents.members
    ids = table["study_id"]
    studies = contents.part.studies.set_index("study_id", drop=False).loc[ids]
    frame = studies[[column for column in LISTED if column in studies]]
    frame.insert(0, "study", ev.names.reindex(ids).fillna(pd.Series(ids.to_numpy(), ids)))
    frame = readable(ev, frame.reset_index(drop=True)).frame.fillna("not stated")
    frame.insert(1, "Vote", [contents.word(word) for word in table["vote"]])
    if len(contents.counts) > 1:
        frame.insert(1, "Row", [contents.row_names[row] for row in table["row"]])
    if contents.view.overlap:
        frame["Cohort"] = _cohorts(ev, studies["cohort"].astype("str")).to_numpy()
    return Listing(
        f"All {counted(int(ids.nunique()), 'study', 'studies')} of this view",
        frame,
        ev.links.reindex(ids).fillna("").to_list(),
    )


def _cohorts(ev: Evidence, cohorts: pd.Series) -> pd.Series:
    """Names of cohorts; their ids where no table names them."""
    if "cohorts" in ev.tables:
        named = ev.tables["cohorts"].drop_duplicates("cohort_id").set_index("cohort_id")["label"]
        cohorts = cohorts.map(named.astype("str"))
    return cohorts.fillna("")


def counts_table(contents: Contents) -> pd.DataFrame:
    """The numbers of the chart with readable names, and those without a word."""
    return pd.DataFrame(
        {"Row": contents.row_names}
        | {contents.word(word): contents.counts[word].to_list() for word in contents.words}
    )


def left_out(contents: Contents) -> str:
    """What each condition left out, as a table in HTML; empty when nothing was."""
    steps = contents.part.selection
    if not steps["removed"].any():
        return ""
    table = readable(contents.ev, steps.rename(columns={"what": "condition"})).frame
    shown = table_of(table, "Studies kept and left out").for_notebook()
    return _opened("What was left out, condition by condition", shown)


# A notebook that was saved with controls and is opened without its kernel has a line about missing
# widgets in their place: not shown.
STYLE = (
    "<style>.jp-OutputArea-child:has(> .jp-OutputArea-output.jupyter-widgets):has(+"
    " .jp-OutputArea-child + .jp-OutputArea-child .evidence-static) { display: none; }</style>"
)
NOTHING = "<p><strong>No study meets all these conditions.</strong></p>"
HINT = "Run this cell in JupyterLab (`make lab`) to change the view by clicking."


def static_html(contents: Contents) -> str:
    """Numbers, lenses, studies and code, for where there are no controls."""
    shown, studies = NOTHING, ""
    if len(contents.counts):
        counts = table_of(counts_table(contents), "The numbers of the chart").for_notebook()
        shown = _opened("The chart in words", f"<p>{escape(contents.chart().alt)}</p>") + counts
        found = listing(contents)
        studies = _opened(found.caption, found.html)
    parts = [
        f"<p>{escape(summary(contents))}</p>",
        shown,
        lens_html(contents),
        studies,
        left_out(contents),
        _opened("The code that gives this view", f"<pre>{escape(code(contents))}</pre>"),
        f"<p>{HINT.replace('`make lab`', '<code>make lab</code>')}</p>",
    ]
    return f'{STYLE}<div class="evidence-static">{"".join(parts)}</div>'


def _opened(summary: str, content: str) -> str:
    """Content to be opened."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def static_text(contents: Contents) -> str:
    """The same as text."""
    counts, studies = "No study meets all these conditions.", ""
    if len(contents.counts):
        counts = counts_table(contents).to_string(index=False, justify="left")
        studies = listing(contents).text
    parts = [summary(contents), counts, lens_text(contents), studies, code(contents), HINT]
    return "\n\n".join(filter(None, parts))
