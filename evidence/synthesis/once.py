"""Results that take long are worked out once for a data set, however often they are asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, Self, TypeVar

from evidence.model.evidence import Evidence


class Copied(Protocol):
    def copied(self) -> Self: ...


Options = ParamSpec("Options")
Made = TypeVar("Made", bound=Copied)


def once(
    make: Callable[Concatenate[Evidence, Options], Made],
) -> Callable[Concatenate[Evidence, Options], Made]:
    """Keep what a function gave for a data set; each who asks again gets a copy of their own."""

    @functools.wraps(make)
    def asked(ev: Evidence, *values: Options.args, **options: Options.kwargs) -> Made:
        key = (make.__name__, *values, *sorted(options.items()))
        if not isinstance(ev, Evidence) or not _can_be_key(key):
            return make(ev, *values, **options)  # its own message about what it takes
        if key not in ev.known:
            ev.known[key] = make(ev, *values, **options)
        known: Made = ev.known[key]
        return known.copied()

    # A data set may also be given by its name, which this type cannot say.
    return asked  # type: ignore[return-value]


def _can_be_key(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
