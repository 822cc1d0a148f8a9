"""Functions of the package as methods of a data set, for what is asked every day."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import MethodType
from typing import Any


class Method:
    """A public function that takes a data set first, as a method of it: ``ev.balance(by="design")``
    is ``evidence.balance(ev, by="design")``.

    The function is looked up when it is used: a data set knows nothing of what is built upon it.

    Parameters
    ----------
    function : str
        Its name in ``evidence``.
    """

    def __init__(self, function: str):
        self.function = function

    def __get__(self, ev: Any, owner: type | None = None) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(importlib.import_module("evidence"), self.function)
        return function if ev is None else MethodType(function, ev)
