"""The lines of code that give what a view shows, so that clicking teaches."""

from __future__ import annotations

from evidence.explorer.contents import Contents
from evidence.model.evidence import Evidence
from evidence.quoting import python
from evidence.tables.loading import OWN_FOLDER


def code(contents: Contents) -> str:
    """Code that gives chart, lenses and studies of a view.

    Parameters
    ----------
    contents : Contents

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
        *filter(None, [load_line(ev)]),
        f"part = {view.code}",
        f"counts = evidence.balance(part, by={python(by)}, lens={python(view.lens)})",
        f"chart = counts.chart({title})",
        f"lenses = evidence.lenses(part{outcome})",
        "studies = evidence.study_table(part)",
        "chart",
    ]
    return "\n".join(lines)


def load_line(ev: Evidence) -> str:
    """The line that loads a data set; empty for a selection, which is taken as ``ev``."""
    if ev.steps:
        return ""
    folder = ev.dictionary.folder.resolve()
    return f"ev = evidence.load({'' if folder == OWN_FOLDER else python(str(folder))})"
