"""The words around the chart, as HTML for a browser and as text for tests and for readers without
one.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from evidence.charts.chart import Chart
from evidence.charts.words import counted
from evidence.display.html_table import table_of
from evidence.display.readable import readable
from evidence.explorer.contents import Contents

# Columns of the list of studies, where the data set has them.
LISTED = ("year", "design", "exposure", "sample_size")


def in_words(chart: Chart) -> str:
    """The alt text, to be opened."""
    return f"<details><summary>The chart in words</summary><p>{escape(chart.alt)}</p></details>"


def summary(contents: Contents) -> str:
    """How many studies are shown, and of what, in a sentence."""
    whole = int(contents.ev.studies["counted"].fillna(False).astype(bool).sum())
    said = contents.view.said(contents.ev.dictionary)
    return f"{len(contents.part)} of {counted(whole, 'counted study', 'counted studies')}" + (
        f": {'; '.join(said)}." if said else "."
    )


def lens_html(contents: Contents) -> str:
    """The three lenses: a paragraph for each part of the evidence."""
    paragraphs = []
    for name, lines in contents.lens_lines:
        said = " ".join(
            f"<em>{title}:</em> {escape(verdict)}{_stop(verdict)}" for title, verdict in lines
        )
        paragraphs.append(f"<p><strong>{escape(name)}.</strong> {said}</p>")
    return "".join(paragraphs)


def lens_text(contents: Contents) -> str:
    """The three lenses, one line for each part of the evidence."""
    return "\n".join(
        f"{name}. " + " ".join(f"{title}: {verdict}{_stop(verdict)}" for title, verdict in lines)
        for name, lines in contents.lens_lines
    )


def _stop(sentence: str) -> str:
    return "" if sentence.endswith(".") else "."


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
    table = contents.members
    studies = contents.part.studies.set_index("study_id", drop=False).loc[table["study_id"]]
    frame = pd.DataFrame(
        {
            "study": (
                contents.ev.names.reindex(table["study_id"]).fillna(
                    pd.Series(table["study_id"].to_numpy(), table["study_id"])
                )
            )
        }
    )
    frame = frame.assign(
        **{column: studies[column].to_numpy() for column in LISTED if column in studies}
    )
    frame = readable(contents.ev, _typed(frame, studies)).frame.fillna("not stated")
    frame.insert(1, "Vote", [contents.word(word) for word in table["vote"]])
    if len(contents.counts) > 1:
        frame.insert(1, "Row", [contents.row_names[row] for row in table["row"]])
    if contents.view.overlap:
        frame["Cohort"] = (
            studies["cohort"].astype("str").map(_cohort_names(contents)).fillna("").to_numpy()
        )
    return Listing(
        f"All {counted(int(table['study_id'].nunique()), 'study', 'studies')} of this view",
        frame.reset_index(drop=True),
        contents.ev.links.reindex(table["study_id"]).fillna("").to_list(),
    )


def _cohort_names(contents: Contents) -> dict[str, str]:
    tables = contents.ev.tables
    if "cohorts" not in tables:
        return {name: name for name in contents.ev.studies["cohort"].dropna().astype(str)}
    return dict(
        zip(
            tables["cohorts"]["cohort_id"].astype(str),
            tables["cohorts"]["label"].astype(str),
            strict=True,
        )
    )


def _typed(frame: pd.DataFrame, studies: pd.DataFrame) -> pd.DataFrame:
    """Columns with the types that they have in the table, which decide how a number is shown."""
    return frame.astype({column: studies[column].dtype for column in LISTED if column in studies})


def counts_table(contents: Contents) -> pd.DataFrame:
    """The numbers of the chart with readable names, not placed included."""
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
    return (
        "<details><summary>What was left out, condition by"
        f" condition</summary>{table_of(table, 'Studies kept and left out').for_notebook()}"
        "</details>"
    )


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
    from evidence.explorer.code import code

    studies = listing(contents)
    counts = table_of(counts_table(contents), "The numbers of the chart").for_notebook()
    shown = f"{in_words(contents.chart())}{counts}" if len(contents.counts) else NOTHING
    parts = [
        f"<p>{escape(summary(contents))}</p>",
        shown,
        lens_html(contents),
        (
            f"<details><summary>{escape(studies.caption)}</summary>{studies.html}</details>"
            if len(studies.frame)
            else ""
        ),
        left_out(contents),
        (
            "<details><summary>The code that gives this"
            f" view</summary><pre>{escape(code(contents))}</pre></details>"
        ),
        f"<p>{HINT.replace('`make lab`', '<code>make lab</code>')}</p>",
    ]
    return f'{STYLE}<div class="evidence-static">{"".join(parts)}</div>'


def static_text(contents: Contents) -> str:
    """The same as text."""
    from evidence.explorer.code import code

    found = len(contents.counts)
    counts = (
        counts_table(contents).to_string(index=False, justify="left")
        if found
        else "No study meets all these conditions."
    )
    studies = listing(contents).text if found else ""
    return "\n\n".join(
        filter(
            None, [summary(contents), counts, lens_text(contents), studies, code(contents), HINT]
        )
    )
