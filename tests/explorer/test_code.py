"""The printed code gives what is shown."""

from __future__ import annotations

import pandas as pd

from evidence.explorer.code import code
from evidence.explorer.contents import Contents
from evidence.explorer.view import view_of


def run(text: str, **names) -> dict:
    space = dict(names)
    exec(text, space)
    return space


def test_the_code_gives_the_same_numbers(contents):
    text = code(contents)
    if not len(contents.counts):
        text = text[: text.index("chart = ")]  # there is nothing to draw
    space = run(text)
    pd.testing.assert_frame_equal(space["counts"].frame, contents.counts.frame)
    if len(contents.counts):
        shown = contents.chart()
        assert (space["chart"].title, space["chart"].alt, space["chart"].text) == (
            shown.title,
            shown.alt,
            shown.text,
        )
        assert space["lenses"]["verdict"].to_list() == [
            verdict for _, said in contents.lens_lines for _, verdict in said
        ]
        assert len(space["studies"]) == len(contents.part)


def test_a_data_set_elsewhere_is_named(data):
    import evidence

    ev = evidence.load(data.folder)
    text = code(Contents(ev, view_of(ev, question="risk")))
    assert f'evidence.load("{data.folder.resolve()}")' in text
    assert len(run(text)["part"]) == len(ev.select(question="risk", counted=True))


def test_a_selection_is_taken_as_it_is(ev):
    part = ev.select(population="human")
    text = code(Contents(part, view_of(part, question="risk")))
    assert "evidence.load" not in text
    assert len(run(text, ev=part)["part"]) == len(part.select(question="risk", counted=True))
