"""The explorer of the page in a notebook: the same scripts and style, with the data from Python."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from evidence.errors import EvidenceError
from evidence.explorer.code import load_line
from evidence.explorer.contents import Contents
from evidence.explorer.export import default_folder, name_of, write_export
from evidence.explorer.view import State, View
from evidence.files import shown_path
from evidence.model.evidence import Evidence
from evidence.site.browser_data import browser_data

HOST = ".evidence-board"


@dataclass(frozen=True)
class Start:
    """Where an explorer starts.

    Attributes
    ----------
    address : str
        The view as the address of the page says it.
    fixed : View
        Conditions that the page cannot ask for: on findings, or on columns that are not filters.
        They hold throughout.
    """

    address: str
    fixed: View


def start_of(view: View, data: dict[str, Any]) -> Start | None:
    """How the page says a view; None where it cannot make such rows.

    Parameters
    ----------
    view : View
    data : dict
        As :func:`evidence.site.browser_data.browser_data` gives it.
    """
    if view.by and view.by not in data["rows"]:
        return None
    known = [pair for pair in view.columns if pair[0] in data["asked"]]
    others = tuple(pair for pair in view.columns if pair[0] not in data["asked"])
    shown = [("lens", view.lens), *([("by", view.by)] if view.by else [])]
    address = replace(view, columns=tuple(known)).address
    return Start("&".join(filter(None, [address, urlencode(shown)])), View(columns=others))


def view_at(ev: Evidence, address: str, fixed: View) -> View:
    """The view of an address, with the conditions that hold throughout."""
    given = dict(parse_qsl(address))
    view = View.from_address(ev, address)
    return replace(
        view,
        columns=(*view.columns, *fixed.columns),
        lens=given.get("lens", "concluded"),
        by=given.get("by") or None,
    )


class Board:
    """One explorer in a notebook.

    Parameters
    ----------
    ev : Evidence
    view : View
        Where *Reset* leads to.
    state : State
        Where the reader is; changed as the reader goes on.
    folder : Path, optional
        Where *Export* writes.

    Attributes
    ----------
    widget : anywidget.AnyWidget
        What is shown.

    Raises
    ------
    EvidenceError
        When a package that the page needs is not installed.
    """

    def __init__(self, ev: Evidence, view: View, state: State, folder: Path | None = None):
        from evidence.site.hosted import markup

        self.ev, self.state, self.folder = ev, state, folder
        data = browser_data(ev)
        start = start_of(view, data)
        if start is None:
            raise EvidenceError(f"the explorer makes no rows of {view.by!r}")
        self.start = start
        part = ev
        if start.fixed.columns:
            part = start.fixed.part(ev)
            data = browser_data(part)
        data["code"] = {"load": load_line(ev), "part": start.fixed.code}
        self.widget = widget_class()(
            markup=markup(part, data),
            data=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
            start=start.address,
            address=start.address if state.address is None else state.address,
        )
        self.widget.observe(self._moved, "address")
        self.widget.on_msg(lambda _, content, __: self.answer(content))
        self._one = threading.Lock()

    @property
    def contents(self) -> Contents:
        """What the present view holds."""
        return Contents(self.ev, view_at(self.ev, self.widget.address, self.start.fixed))

    def _moved(self, change: dict[str, Any]) -> None:
        self.state.address = change["new"]

    def answer(self, content: dict[str, Any]) -> None:
        """Send what the explorer asks for."""
        asked = content.get("ask")
        if asked == "export":
            self.widget.send({"exported": self.export()})
        elif asked in ("rows", "search"):
            self.widget.send({"ask": asked, "content": self._content(asked)})

    def _content(self, asked: str) -> dict[str, Any]:
        from evidence.site.build import rows_content
        from evidence.site.search import search_data

        return rows_content(self.ev) if asked == "rows" else search_data(self.ev)

    def export(self) -> str:
        """Write the present view into the folder; what was written, or why it was not."""
        with self._one:
            try:
                contents = self.contents
                name = name_of(contents, "slide")
                folder = (self.folder or default_folder(contents)) / name
                files = write_export(contents, folder)
            except EvidenceError as error:
                return f"Not exported. {error}"
            return f"{len(files)} files in {shown_path(folder)}."


@cache
def widget_class() -> Any:
    """The class of the widget, made when the first is shown: it needs the packages of the page."""
    import anywidget
    from traitlets import Unicode

    from evidence.site.hosted import module, style

    own = Path(__file__).parent

    class BoardWidget(anywidget.AnyWidget):
        _esm = module((own / "board.js").read_text(encoding="utf-8"))
        _css = style(HOST) + (own / "board.css").read_text(encoding="utf-8")
        markup = Unicode().tag(sync=True)
        data = Unicode().tag(sync=True)
        start = Unicode().tag(sync=True)
        address = Unicode().tag(sync=True)

    return BoardWidget
