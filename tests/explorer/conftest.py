"""What the tests of the explorer share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(
    0, str(Path(__file__).parent)
)  # for `from views import VIEWS`, whatever the import mode

from portion import portion
from views import VIEWS


@pytest.fixture(scope="session", params=portion(VIEWS.values(), 5), ids=portion(VIEWS, 5))
def contents(ev, request):
    """What each of the views holds; worked out once for all tests."""
    from evidence.explorer.contents import Contents
    from evidence.explorer.view import view_of

    return Contents(ev, view_of(ev, **request.param))


@pytest.fixture(autouse=True)
def forget(monkeypatch):
    """No test sees where another went."""
    from evidence.explorer import explore

    monkeypatch.setattr(explore, "_STATES", {})
