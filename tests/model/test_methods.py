"""The daily path: what a data set does is what the functions of the package do."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

import evidence
from evidence.model.evidence import Evidence
from evidence.model.methods import Method

METHODS = {
    name: method.function for name, method in vars(Evidence).items() if isinstance(method, Method)
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_a_function_that_takes_the_data_set(ev, name):
    function = getattr(evidence, METHODS[name])
    assert next(iter(inspect.signature(function).parameters)) == "ev"
    assert getattr(ev, name).__func__ is function and name in dir(ev)
    assert getattr(ev, name).__doc__ == function.__doc__


def test_the_daily_path(ev):
    counts = ev.balance(by="design", lens="direction")
    pd.testing.assert_frame_equal(
        counts.frame, evidence.balance(ev, by="design", lens="direction").frame
    )
    assert counts.chart().title
    part = ev.select(question="risk")
    assert part.balance().frame["studies"].sum() == part.studies["counted"].sum()
    assert ev.pool("or_activity").k == evidence.size_pool(ev, "or_activity").k
    assert len(ev.find("soccer")) == len(evidence.find(ev, "soccer"))


def test_a_misspelt_method_is_named(ev):
    with pytest.raises(AttributeError, match="did you mean 'balance'"):
        ev.balnce()


def test_no_table_hides_a_method(data):
    """A table of such a name would not be reached."""
    import json

    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"][-1]["name"] = "balance"
    path.write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(evidence.DataError, match="cannot be the name of a table"):
        evidence.load(data.folder)
