"""Parts of the panel: groups of boxes to tick, and the grid of counts to press.

JupyterLab takes arrow keys and letters for its own commands unless a text field has the focus: in a
list an arrow would leave the cell, and an "x" would cut it. So everything here is a box, a button
or a text field, which space and typing work on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from evidence.explorer.contents import Contents
from evidence.explorer.controls import Choice
from evidence.explorer.one_at_a_time import Turn

Told = Callable[[], None]


def row(*children: widgets.Widget, name: str = "row") -> widgets.Box:
    """Widgets beside each other, in as many lines as the window needs."""
    box = widgets.Box(children, layout=widgets.Layout(flex_flow="row wrap", align_items="center"))
    box.add_class(f"evidence-{name}")
    return box


def heading(text: str) -> widgets.HTML:
    """A short name before a group."""
    return widgets.HTML(bold(text)).add_class("evidence-heading")


def bold(text: str) -> str:
    """Text in bold, as HTML."""
    return f"<b>{escape(text)}</b>"


def plain(**options: Any) -> widgets.Layout:
    """As wide as the content asks for."""
    return widgets.Layout(width="auto", **options)


class Ticks:
    """A column as boxes to tick; nothing ticked means no condition.

    Parameters
    ----------
    choice : Choice
    told : callable
        Called without arguments when a box is ticked or cleared.
    """

    def __init__(self, choice: Choice, told: Told):
        self.choice = choice
        self.boxes = {
            value: widgets.Checkbox(
                description=label, indent=False, layout=plain(), tooltip=f"{choice.title}: {label}"
            )
            for value, label in choice.options
        }
        for box in self.boxes.values():
            box.observe(lambda _: told(), "value")
        self.opener: widgets.ToggleButton | None = None
        if choice.kept_apart:
            self.box = row(heading(choice.title), *self.boxes.values())
        else:
            self.opener = widgets.ToggleButton(
                description=choice.title, tooltip=choice.help, layout=plain()
            )
            self.box = row(heading(choice.title), *self.boxes.values(), name="options")
            self.box.layout.display = "none"

    @property
    def values(self) -> tuple[str, ...]:
        """Ticked values, in the order of the dictionary."""
        return tuple(value for value, box in self.boxes.items() if box.value)

    @values.setter
    def values(self, wanted: Sequence[str]) -> None:
        for value, box in self.boxes.items():
            box.value = value in wanted

    def name(self) -> None:
        """Say on the opener how many values are ticked."""
        if self.opener is not None:
            ticked = len(self.values)
            self.opener.description = (
                f"{self.choice.title} ({ticked})" if ticked else self.choice.title
            )

    def open(self, shown: bool) -> None:
        """Show or hide the boxes."""
        if self.opener is not None:
            self.opener.value = shown
            self.box.layout.display = "flex" if shown else "none"


class Counts:
    """The numbers of the chart as buttons, one for each row and direction; pressing one lists its
    studies.

    A picture cannot be pressed, and the keyboard reaches no bar: these stand for the bars.

    Parameters
    ----------
    told : callable
        Called with (number of the row, vote), or None when a button is let go.
    turn : Turn
        That of the panel.
    """

    def __init__(self, told: Callable[[tuple[int, str] | None], None], turn: Turn):
        self.told, self.turn = told, turn
        self.box = widgets.VBox().add_class("evidence-counts")
        self._lines: list[tuple[widgets.HTML, dict[str, widgets.ToggleButton], widgets.Box]] = []

    def show(self, contents: Contents) -> None:
        """Take over the counts of a view; nothing is pressed then. Buttons are kept, because making
        them takes time.
        """
        while len(self._lines) < len(contents.counts):
            self._lines.append((heading(""), {}, row(name="count-row")))
        used = self._lines[: len(contents.counts)]
        for number, ((name, buttons, box), (_, line)) in enumerate(
            zip(used, contents.counts.iterrows(), strict=True)
        ):
            name.value = bold(contents.row_names[number])
            for word in contents.words:
                if line[word] and word not in buttons:
                    buttons[word] = self._button(number, word)
            shown = [word for word in contents.words if line[word]]
            for word in shown:
                buttons[word].value = False
                buttons[word].description = f"{contents.word(word)} {line[word]}"
                buttons[word].tooltip = (
                    f"{contents.row_names[number]}: {contents.word(word).lower()}, list"
                    f" {line[word]}"
                )
            box.children = (name, *(buttons[word] for word in shown))
        self.box.children = tuple(box for _, _, box in used)

    def press(self, picked: tuple[int, str] | None) -> None:
        """Show one button as pressed, or none."""
        for number, (_, buttons, _) in enumerate(self._lines):
            for word, button in buttons.items():
                button.value = (number, word) == picked

    def button(self, number: int, word: str) -> widgets.ToggleButton:
        """The button of a row and vote."""
        return self._lines[number][1][word]

    def _button(self, number: int, word: str) -> widgets.ToggleButton:
        button = widgets.ToggleButton(layout=plain()).add_class(
            f"evidence-{word.replace('_', '-')}"
        )
        button.observe(lambda change: self._pressed(number, word, change["new"]), "value")
        return button

    def _pressed(self, number: int, word: str, down: bool) -> None:
        with self.turn as first:
            if first:
                self.told((number, word) if down else None)
