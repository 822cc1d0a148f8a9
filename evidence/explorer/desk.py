"""The controls of ``adjudicate``: one cell at a time, one key for each verdict.

JupyterLab takes letters for its own commands unless a text field has the focus. So the keys are
typed into a small field, which is empty again after each.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import ipywidgets as widgets

from evidence.errors import EvidenceError
from evidence.explorer.adjudicate import cell_html
from evidence.explorer.cells import Cell
from evidence.model.evidence import Evidence
from evidence.synthesis.accuracy import RIGHT
from evidence.tables.decisions import TABLE, append_decision

KEYS = {"r": "right", "w": "wrong", "c": "cannot_tell"}
SKIP, BACK = "s", "b"
AS_WIDE = {"width": "auto"}  # as the content asks for
LINE = {"flex_flow": "row wrap", "align_items": "center"}  # or as many lines as the window needs


class Desk:
    """One cell after the other.

    Parameters
    ----------
    ev : Evidence
    cells : sequence of Cell
    who : str, optional
        The person.

    Attributes
    ----------
    root : ipywidgets.VBox
        What is shown.
    place : int
        Number of the cell that is shown, from 0; the number of cells when all were seen.
    decided : dict of int to str
        Verdicts given here, by the place of their cell.
    """

    def __init__(self, ev: Evidence, cells: Sequence[Cell], who: str = ""):
        self.ev, self.cells, self.place = ev, list(cells), 0
        self.decided: dict[int, str] = {}
        self._earlier = ev.tables[TABLE]
        self.who = widgets.Text(value=who, description="Your name", layout=AS_WIDE)
        self.value = widgets.Text(description="Source says", placeholder="if the table is wrong")
        self.why = widgets.Text(description="Why", placeholder="where in the source; optional")
        self.key = widgets.Text(
            description="Key", placeholder="r, w, c, s or b", continuous_update=True, layout=AS_WIDE
        )
        self.shown, self.told = widgets.HTML(), widgets.HTML()
        self.buttons = {
            letter: self._button(letter, title) for letter, title in self._titles().items()
        }
        self.key.observe(lambda change: self._typed(change["new"]), "value")
        fields = widgets.Box([self.who, self.value, self.why], layout=LINE)
        keys = widgets.Box([self.key, *self.buttons.values()], layout=LINE)
        self.root = widgets.VBox([fields, self.shown, keys, self.told])
        self.root.add_class("evidence-adjudicate")
        while self._known(self.place):
            self.place += 1
        self._show()

    def press(self, letter: str) -> None:
        """What a key, or the button of the same name, does."""
        self.told.value = ""
        if letter == BACK:
            self.place = max(0, self.place - 1)
        elif self.place < len(self.cells) and letter == SKIP:
            self.place += 1
        elif self.place < len(self.cells) and letter in KEYS and not self._decide(KEYS[letter]):
            return
        self._show()

    def _titles(self) -> dict[str, str]:
        labels = self.ev.dictionary.tables[TABLE].by_name["verdict"].labels
        verdicts = {letter: f"{labels.get(word, word)} ({letter})" for letter, word in KEYS.items()}
        return verdicts | {SKIP: f"Skip ({SKIP})", BACK: f"Back ({BACK})"}

    def _button(self, letter: str, title: str) -> widgets.Button:
        button = widgets.Button(description=title, layout=AS_WIDE)
        button.on_click(lambda _: self.press(letter))
        return button

    def _typed(self, text: str) -> None:
        if text:
            self.key.value = ""
            self.press(text[-1].lower())

    def _decide(self, verdict: str) -> bool:
        """Write the decision down; False when it could not be, which is then said."""
        cell = self.cells[self.place]
        said = cell.value if verdict == RIGHT else self.value.value
        decision = {name: getattr(cell, name) for name in ("reading_id", "table", "id", "field")}
        decision |= {"verdict": verdict, "value": said}
        decision |= {"who": self.who.value.strip(), "why": self.why.value}
        try:
            append_decision(self.ev.dictionary, decision)
        except EvidenceError as error:
            text = "Type your name first." if not decision["who"] else str(error)
            self.told.value = f"<b>Not kept.</b> {escape(text)}"
            return False
        self.decided[self.place] = verdict
        self.value.value = self.why.value = ""
        self.place += 1
        return True

    def _known(self, place: int) -> bool:
        """Whether this person has decided on the cell before."""
        if place >= len(self.cells) or not self.who.value:
            return False
        cell, rows = self.cells[place], self._earlier
        same = (rows["id"] == cell.id) & (rows["field"] == cell.field)
        same &= rows["table"].astype("str") == cell.table
        return bool((same & (rows["who"] == self.who.value)).any())

    def _show(self) -> None:
        done = f"{len(self.decided)} decided here."
        if self.place >= len(self.cells):
            self.shown.value = f"<p>All {len(self.cells)} cells were seen. {done}</p>"
            return
        cell = self.cells[self.place]
        field = self.ev.dictionary.tables[cell.table].by_name[cell.field]
        before = self.decided.get(self.place)
        place = f"Cell {self.place + 1} of {len(self.cells)}. {done}"
        if before:
            place += f" Decided: {before.replace('_', ' ')}; a new decision is added to it."
        self.shown.value = cell_html(cell, field.labels, place)
