"""``explore``: the explorer in a notebook; with controls where someone can use them, as picture and
table everywhere else.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.errors import EvidenceError, UsageError
from evidence.explorer.code import code
from evidence.explorer.contents import Contents
from evidence.explorer.pages import static_html, static_text
from evidence.explorer.view import State, View, view_of
from evidence.model.evidence import Evidence
from evidence.tables.loading import load

if TYPE_CHECKING:
    from evidence.explorer.board import Board

SETTING = "EVIDENCE_WIDGETS"
WIDGET = "application/vnd.jupyter.widget-view+json"
# Where readers are, by data folder and starting view, for as long as the kernel lives.
_STATES: dict[tuple[str, View], State] = {}


def explore(
    ev: Evidence | None = None,
    *,
    widgets: bool | None = None,
    out: str | os.PathLike[str] | None = None,
    **conditions: Any,
) -> Explorer:
    """Explore a data set by clicking: conditions, charts, three lenses and studies in one place.

    In a notebook that somebody has open, the result is the explorer of the web page. Where nobody
    can click (a stored notebook, a web page, a test) a picture and a table stand in its place.
    Running the cell again keeps the view; *Reset* goes back to the conditions of the call.

    Parameters
    ----------
    ev : Evidence, optional
        By default ``evidence.load()``.
    widgets : bool, optional
        Whether to show the explorer. By default what the setting ``EVIDENCE_WIDGETS`` (``on`` or
        ``off``) says, else whether a Jupyter server started this kernel for a notebook.
    out : path, optional
        Where *Export* writes; by default ``build/explorer`` beside the data folder.
    **conditions
        Where to start: conditions as :meth:`evidence.Evidence.select` takes them (``counted``
        aside: only counted studies are shown), ``lens`` as :func:`evidence.balance` takes it, and
        ``by`` for the column that makes the rows of the chart. Conditions that the page has no
        control for hold throughout; rows that it cannot make stand as a picture alone.

    Returns
    -------
    Explorer

    Raises
    ------
    UsageError
        For an unknown column, value, lens or setting.

    Examples
    --------
    >>> import evidence
    >>> explorer = evidence.explore(
    ...     question="treatment", population="human", design="rct", widgets=False
    ... )
    >>> print(explorer.code.splitlines()[3])
    part = ev.select(question="treatment", population="human", design="rct", counted=True)
    """
    data = load() if ev is None else ev
    return Explorer(
        data, view_of(data, **conditions), _wanted(widgets), Path(out) if out is not None else None
    )


@dataclass(frozen=True)
class Explorer:
    """An explorer that shows itself in a notebook.

    Attributes
    ----------
    ev : Evidence
    start : View
        The view that the call asked for.
    widgets : bool
        Whether it shows controls.
    out : Path or None
        Where *Export* writes.
    """

    ev: Evidence
    start: View
    widgets: bool = False
    out: Path | None = None

    @property
    def state(self) -> State:
        """Where the reader is."""
        key = (str(self.ev.dictionary.folder.resolve()), self.start)
        return _STATES.setdefault(key, State())

    @property
    def contents(self) -> Contents:
        """What the starting view holds."""
        return Contents(self.ev, self.start)

    @property
    def code(self) -> str:
        """The code that gives the starting view."""
        return code(self.contents)

    def board(self) -> Board:
        """The explorer of the page, a new one at each call; they share where the reader is."""
        from evidence.explorer.board import Board

        return Board(self.ev, self.start, self.state, self.out)

    def __repr__(self) -> str:
        return static_text(self.contents)

    def _ipython_display_(self) -> None:
        """Controls first, then what stands in their place; where the controls are there, their
        style sheet hides the rest.

        The controls go out alone, as a form that nbval does not compare and that GitHub and
        nbviewer leave out: picture, table and their texts are the same with and without them.
        """
        from IPython.display import display

        if self.widgets:
            # Without the packages of the page, or with rows that it cannot make, the rest stands
            # alone.
            with suppress(EvidenceError):
                display_widget(self.board().widget)
        contents = self.contents
        if len(contents.counts):
            display(contents.chart())
        display(Page(contents))


def display_widget(widget: Any, **other: str) -> None:
    """Show a widget, and other forms of it by their type."""
    from IPython.display import display

    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    display({WIDGET: view} | other, raw=True)


@dataclass(frozen=True)
class Page:
    """What stands below the picture where there are no controls: numbers, studies and code."""

    contents: Contents

    def _repr_html_(self) -> str:
        return static_html(self.contents)

    def __repr__(self) -> str:
        return static_text(self.contents)


def _wanted(widgets: bool | None) -> bool:
    """Whether controls are wanted.

    A Jupyter server names the notebook in ``JPY_SESSION_NAME`` when it starts a kernel. Programs
    that only execute notebooks (nbclient, nbconvert, nbval, papermill) start kernels without a
    server: there nobody can click.
    """
    if widgets is not None:
        return widgets
    setting = os.environ.get(SETTING, "")
    if setting not in ("", "on", "off"):
        raise UsageError(f"the setting {SETTING} is {setting!r}; allowed: on, off")
    return setting == "on" if setting else "JPY_SESSION_NAME" in os.environ
