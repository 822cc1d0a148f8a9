"""The explorer as widgets: conditions above, chart and counts, three lenses, studies, export and
code below.
"""

from __future__ import annotations

import base64
import tempfile
from dataclasses import replace
from html import escape
from pathlib import Path

import ipywidgets as widgets

from evidence.errors import EvidenceError, UsageError
from evidence.explorer.code import code
from evidence.explorer.contents import Contents
from evidence.explorer.controls import controls_of
from evidence.explorer.export import default_folder, name_of, packed, write_export
from evidence.explorer.layout import Counts, Ticks, heading, plain, row
from evidence.explorer.one_at_a_time import Turn
from evidence.explorer.pages import NOTHING, left_out, lens_html, listing, picture, summary
from evidence.explorer.state import State
from evidence.explorer.view import View
from evidence.files import shown_path, write_atomically
from evidence.model.evidence import Evidence
from evidence.model.selection import OVERLAPS
from evidence.synthesis.lens import LENSES

STYLE = (Path(__file__).with_name("explorer.css")).read_text(encoding="utf-8")
MOST_KEPT = 64


class Panel:
    """Controls, chart, lenses and studies, which follow each other.

    Parameters
    ----------
    ev : Evidence
    start : View
        Where *Reset* leads to.
    state : State
        Where the reader is; changed as the reader goes on.
    folder : Path, optional
        Where *Export* writes.

    Attributes
    ----------
    root : ipywidgets.VBox
        What is shown.
    contents : Contents
        What the present view holds.
    """

    def __init__(self, ev: Evidence, start: View, state: State, folder: Path | None = None):
        self.ev, self.start, self.state, self.folder = ev, start, state, folder
        self.controls = controls_of(ev, start)
        self._kept: dict[View, tuple[Contents, str]] = {}
        self._verdicts: dict[View, str] = {}
        self._turn = Turn()
        with self._turn:
            self._make_controls()
            self._make_results()
            self.root = widgets.VBox(
                [widgets.HTML(f"<style>{STYLE}</style>"), *self._conditions(), *self._results()]
            )
            self.root.add_class("evidence-explorer")
            self._set(state.view)
            self._open(state.opened)
            self._show()

    # --- controls ---

    def _make_controls(self) -> None:
        self.ticks = {
            choice.column: Ticks(choice, self._changed) for choice in self.controls.choices
        }
        for column, ticks in self.ticks.items():
            if ticks.opener is not None:
                ticks.opener.observe(
                    lambda change, column=column: self._opened(column, change["new"]), "value"
                )
        self.lens = widgets.ToggleButtons(
            options=[(_first_capital(lens.title), name) for name, lens in LENSES.items()],
            tooltips=[lens.meaning for lens in LENSES.values()],
        )
        apart = (
            " and ".join(
                choice.title.lower() for choice in self.controls.choices if choice.kept_apart
            )
            or "whole"
        )
        others = [
            (choice.title, choice.column)
            for choice in self.controls.choices
            if not choice.kept_apart
        ]
        self.rows = widgets.ToggleButtons(options=[(_first_capital(apart), ""), *others])
        self.overlap = widgets.ToggleButtons(
            options=[
                ("each votes", ""),
                *((f"one votes, {said}", value) for value, said in OVERLAPS.items()),
            ]
        )
        for buttons in (self.lens, self.rows, self.overlap):
            buttons.style.button_width = "auto"
            buttons.layout = plain()
        first, last = self.controls.years or (0, 0)
        self.first, self.last = (
            self._number("Years from", first, first, last),
            self._number("to", last, first, last),
        )
        self.least = self._number("Took part, at least", 0, 0, self.controls.largest or 0)
        self.article = widgets.Checkbox(
            description="Sources of the article only", indent=False, layout=plain()
        )
        self.reset = widgets.Button(
            description="Reset", tooltip="Back to the view that the cell asks for", layout=plain()
        )
        for widget in (
            self.lens,
            self.rows,
            self.first,
            self.last,
            self.least,
            self.overlap,
            self.article,
        ):
            widget.observe(lambda _: self._changed(), "value")
        self.reset.on_click(lambda _: self._reset())

    @staticmethod
    def _number(description: str, value: int, least: int, most: int) -> widgets.BoundedIntText:
        return widgets.BoundedIntText(
            value=value,
            min=least,
            max=most,
            description=description,
            style={"description_width": "auto"},
            layout=plain(),
            continuous_update=False,
        ).add_class("evidence-number")

    def _conditions(self) -> list[widgets.Widget]:
        ticks = list(self.ticks.values())
        openers = [one.opener for one in ticks if one.opener is not None]
        has = self.controls
        years = [self.first, self.last] if has.years else []
        numbers = [*years, *([self.least] if has.largest else [])]
        flags = [self.article] if has.article else []
        return [
            row(*(one.box for one in ticks if one.opener is None)),
            row(*numbers, *flags, self.reset),
            *([row(heading("More conditions"), *openers)] if openers else []),
            *(one.box for one in ticks if one.opener is not None),
            row(heading("Lens"), self.lens),
            *(
                [row(heading("Reports on the same individuals"), self.overlap)]
                if has.cohorts
                else []
            ),
            (
                row(heading("One row for each"), self.rows, self.rows_note)
                if len(self.rows.options) > 1
                else self.rows_note
            ),
        ]

    def _make_results(self) -> None:
        self.rows_note = widgets.HTML()
        self.summary, self.picture, self.verdicts, self.studies = (
            widgets.HTML().add_class("evidence-text") for _ in range(4)
        )
        self.counts = Counts(self._picked, self._turn)
        self.size = widgets.ToggleButtons(
            options=[("Slide", "slide"), ("Paper", "paper"), ("Web page", "web")]
        )
        self.size.style.button_width, self.size.layout = "auto", plain()
        self.export = widgets.Button(
            description="Export",
            tooltip="Chart, data, words and code as files",
            icon="download",
            layout=plain(),
        )
        self.exported = widgets.HTML().add_class("evidence-text")
        self.show_code = widgets.ToggleButton(
            description="Show code",
            tooltip="The lines that give this view",
            icon="code",
            layout=plain(),
        )
        self.code = widgets.HTML().add_class("evidence-text")
        self.export.on_click(lambda _: self._export())
        self.show_code.observe(lambda _: self._shown(), "value")

    def _results(self) -> list[widgets.Widget]:
        hint = widgets.HTML(
            "<p>Press a number to list its studies; press it again to see all.</p>"
        ).add_class("evidence-text")
        tools = row(heading("Take it along, for a"), self.size, self.export, self.show_code)
        return [
            self.summary,
            self.picture,
            hint,
            self.counts.box,
            self.studies,
            self.verdicts,
            tools,
            self.exported,
            self.code,
        ]

    # --- what the reader does ---

    @property
    def view(self) -> View:
        """The present view."""
        return self.state.view

    @property
    def contents(self) -> Contents:
        """What the present view holds."""
        return self._work_out(self.view)[0]

    def _changed(self) -> None:
        with self._turn as first:
            if first:
                self.state.view, self.state.picked = self._read(), None
                self._show()

    def _reset(self) -> None:
        with self._turn:
            self._set(self.start)
            self._open("")
            self.state.picked = None
            self._show()

    def _opened(self, column: str, shown: bool) -> None:
        with self._turn as first:
            if first:
                self._open(column if shown else "")

    def _open(self, column: str) -> None:
        self.state.opened = column
        for name, ticks in self.ticks.items():
            ticks.open(name == column)

    def _picked(self, picked: tuple[int, str] | None) -> None:
        self.state.picked = picked
        self._list()
        self._show_code()

    def _read(self) -> View:
        """The view that the controls say; conditions that have no control stay as the cell gave
        them.
        """
        fixed = [
            (column, values) for column, values in self.start.columns if column not in self.ticks
        ]
        ticked = [(column, ticks.values) for column, ticks in self.ticks.items() if ticks.values]
        first, last = self.controls.years or (0, 0)
        return View(
            columns=(*ticked, *fixed),
            years=(
                self.first.value if self.first.value > first else None,
                self.last.value if self.last.value < last else None,
            ),
            min_sample_size=self.least.value or None,
            overlap=self.overlap.value,
            cited_by_article=self.article.value,
            lens=self.lens.value,
            by=self.rows.value or self._fixed_rows(),
        )

    def _stands(self, picked: tuple[int, str] | None) -> bool:
        """Whether there are studies behind what was picked: the view, or the tables, may have
        changed since.
        """
        members = self.contents.members
        return picked is None or bool(
            ((members["row"] == picked[0]) & (members["vote"] == picked[1])).any()
        )

    def _fixed_rows(self) -> str | None:
        offered = {value for _, value in self.rows.options}
        return self.start.by if self.start.by not in offered else None

    def _set(self, view: View) -> None:
        """Bring the controls to a view."""
        first, last = self.controls.years or (0, 0)
        for column, ticks in self.ticks.items():
            ticks.values = view.wanted(column)
        self.first.value, self.last.value = view.years[0] or first, view.years[1] or last
        self.least.value = view.min_sample_size or 0
        self.overlap.value, self.article.value = view.overlap, view.cited_by_article
        self.lens.value = view.lens
        self.rows.value = view.by if view.by in {value for _, value in self.rows.options} else ""
        self.state.view = self._read()

    # --- what is shown ---

    def _work_out(self, view: View) -> tuple[Contents, str]:
        """Contents and picture of a view; the last ones are kept, so that going back is instant."""
        if view not in self._kept:
            contents = Contents(self.ev, view)
            try:
                drawn = picture(contents.chart())
            except UsageError:
                drawn = NOTHING
            self._kept[view] = (contents, drawn)
            _forget(self._kept)
        return self._kept[view]

    def _lenses(self, contents: Contents) -> str:
        """The three lenses are the same whatever the chart shows of the same studies."""
        same = replace(contents.view, lens="concluded", by=None)
        if same not in self._verdicts:
            self._verdicts[same] = lens_html(contents)
            _forget(self._verdicts)
        return self._verdicts[same]

    def _show(self) -> None:
        """Bring chart, counts, studies and lenses to the present view; the chart first, because
        eyes are on it.
        """
        contents, self.picture.value = self._work_out(self.view)
        self.summary.value = f"<p>{escape(summary(contents))}</p>{left_out(contents)}"
        self.counts.show(contents)
        self._list()
        self.verdicts.value = self._lenses(contents)
        outcome = self.view.outcome(self.ev)
        self.rows.disabled = outcome is not None
        self.rows_note.value = (
            "With outcomes chosen, each study votes on each of them, and the rows are the outcomes."
            if outcome
            else ""
        )
        for ticks in self.ticks.values():
            ticks.name()
        self.exported.value = ""
        self._show_code()

    def _list(self) -> None:
        """Bring the buttons and the list of studies to what was picked."""
        if not self._stands(self.state.picked):
            self.state.picked = None
        self.counts.press(self.state.picked)
        table = listing(self.contents, self.state.picked)
        name = escape(table.caption, quote=True)
        self.studies.value = (
            '<div class="evidence-list" role="region" tabindex="0"'
            f' aria-label="{name}">{table.html}</div>'
            if len(table.frame)
            else ""
        )

    def _shown(self) -> None:
        with self._turn:
            self._show_code()

    def _show_code(self) -> None:
        if not self.show_code.value:
            self.code.value = ""
            return
        text = code(self.contents, self.state.picked)
        lines = text.count("\n") + 2
        self.code.value = (
            f'<textarea class="evidence-code" readonly rows="{lines}" aria-label="Code of this'
            f' view">{escape(text, quote=False)}</textarea>'
        )

    def _export(self) -> None:
        with self._turn:
            self.exported.value = "<p>Drawing …</p>"
            try:
                self.exported.value = self._written()
            except EvidenceError as error:
                self.exported.value = f"<p><strong>Not exported.</strong> {escape(str(error))}</p>"

    def _written(self) -> str:
        """Write the files, and offer them as one file too: who works on another machine cannot
        reach the folder.
        """
        contents = self.contents
        name = name_of(contents, self.size.value)
        folder = (self.folder or default_folder(contents)) / name
        with tempfile.TemporaryDirectory(prefix="evidence-") as place:
            files = write_export(contents, Path(place), self.size.value)
            archive = base64.b64encode(packed(files, name)).decode()
            try:
                for path in files:
                    write_atomically(folder / path.name, path.read_bytes())
                where = (
                    f"{len(files)} files in <code>{escape(shown_path(folder))}</code>:"
                    f" {', '.join(path.name for path in files)}."
                )
            except EvidenceError as error:
                where = f"{escape(str(error))}"
        link = (
            f'<a download="{name}.zip" href="data:application/zip;base64,{archive}">Download'
            f" {name}.zip</a>"
        )
        chart = contents.chart(self.size.value)
        return (
            f"<p>{link}. {where}</p><p><strong>Alt text, to put beside the picture:</strong>"
            f" {escape(chart.alt)}</p><p><strong>Source line:</strong> {escape(chart.source)}</p>"
        )


def _forget(kept: dict) -> None:
    """Drop the oldest of many."""
    if len(kept) > MOST_KEPT:
        del kept[next(iter(kept))]


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]
