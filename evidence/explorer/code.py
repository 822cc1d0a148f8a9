"""The lines of code that give what a view shows, so that clicking teaches."""

from __future__ import annotations

import pandas as pd

from evidence.explorer.contents import NOT_PLACED, Contents
from evidence.quoting import python
from evidence.tables.loading import OWN_FOLDER


def code(contents: Contents, picked: tuple[int, str] | None = None) -> str:
    """Code that gives chart, lenses and studies of a view.

    Parameters
    ----------
    contents : Contents
    picked : (int, str), optional
        Row of the chart and vote whose studies are listed.

    Returns
    -------
    str
        Python that runs as it stands. A data set that is a selection already is taken as the
        variable ``ev``.

    Examples
    --------
    >>> import evidence
    >>> from evidence.explorer.view import view_of
    >>> ev = evidence.load()
    >>> print(code(Contents(ev, view_of(ev, lens="direction", by="design"))))
    import evidence
    <BLANKLINE>
    ev = evidence.load()
    part = ev.select(counted=True)
    counts = evidence.balance(part, by="design", lens="direction")
    chart = counts.chart()
    lenses = evidence.lenses(part)
    studies = evidence.study_table(part)
    chart
    """
    ev, view = contents.ev, contents.view
    by = view.rows(ev)
    title = f"title={python(contents.title)}" if contents.title else ""
    outcome = f", by={python(view.outcome(ev))}" if view.outcome(ev) else ""
    lines = [
        "import evidence",
        "",
        *([] if ev.steps else [f"ev = evidence.load({_folder(contents)})"]),
        f"part = {view.code}",
        f"counts = evidence.balance(part, by={python(by)}, lens={python(view.lens)})",
        f"chart = counts.chart({title})",
        f"lenses = evidence.lenses(part{outcome})",
        "studies = evidence.study_table(part)",
        *([] if picked is None else _picking(contents, picked)),
        "chart",
    ]
    return "\n".join(lines)


def _picking(contents: Contents, picked: tuple[int, str]) -> list[str]:
    row, word = picked
    view, place = contents.view, contents.counts.iloc[row]
    by = view.rows(contents.ev)
    tests = [
        (
            f"votes[{python(key)}].isna()"
            if pd.isna(place[key])
            else f"votes[{python(key)}].eq({python(str(place[key]))})"
        )
        for key in [key for key in contents.keys if contents.counts[key].nunique(dropna=False) > 1]
    ]
    tests.append(
        'votes["vote"].isna()' if word == NOT_PLACED else f'votes["vote"].eq({python(word)})'
    )
    return [
        f"votes = evidence.votes(part, lens={python(view.lens)}, by={python(by)})",
        f"picked = votes[{' & '.join(tests)}]",
    ]


def _folder(contents: Contents) -> str:
    folder = contents.ev.dictionary.folder.resolve()
    return "" if folder == OWN_FOLDER else python(str(folder))
